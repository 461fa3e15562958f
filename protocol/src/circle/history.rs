//! What was said before this device's member came, as far as its authors opened it to those who
//! join later: the device asks on the porch, page by page, and takes in what proves itself. What
//! others hand over of it stands in [`crate::circle::opened`]. Clauses: specs/08-content I-60,
//! I-61, I-63, I-64.

use std::collections::{BTreeMap, VecDeque};

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::{Circle, Step};
use crate::content::{Content, Gist, Item, Scope};
use crate::id::{DeviceId, ItemId, MemberId};
use crate::identity::{Credential, Verified};
use crate::label::Label;
use crate::limits::{
    MAX_AUTHORS, MAX_HISTORY, MAX_HISTORY_PAGES, MAX_HISTORY_TRIES, MAX_HOURS_AHEAD,
    RECORD_OVERHEAD,
};
use crate::mls::{HpkeSecret, generate};
use crate::output::Event;
use crate::porch::{
    AskBody, AskId, AuthorProof, HistoryAsk, HistoryPage, HistoryPost, SealedReply,
};
use crate::record::{RecordKind, Value};
use crate::state::State;
use crate::time::{Hour, Timestamp};
use crate::verdict::{Redundant, Verdict, Violation};
use crate::view::Handed;
use crate::wire::{self, DecodeError, FrameKind};

const VERSION: u8 = 1;
/// Own questions whose answers may still come.
const MAX_ASKED: usize = 4;

/// How far this device has come with what was said before.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum HistoryStage {
    /// It asks the others for it.
    Asking = 1,
    /// All that was open was handed over.
    Here = 2,
    /// Nobody has answered for so long that it does not ask any more.
    Unanswered = 3,
}

/// What was said before this device's member came, to its owner.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct HistoryOverview {
    /// How far it has come.
    pub stage: HistoryStage,
    /// Whether there was talk that its authors did not open to those who join later.
    pub withheld: bool,
}

/// The same as it is kept.
#[derive(Clone, Copy, Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct Quest {
    version: u8,
    /// The hour in which the member came.
    came: Hour,
    stage: HistoryStage,
    after: Option<HistoryPost>,
    pages: u32,
    tries: u8,
    next: Timestamp,
    #[tls_codec(with = "crate::wire::flag")]
    withheld: bool,
}

#[derive(TlsDeserialize, TlsSerialize, TlsSize)]
struct HandedRecord {
    version: u8,
    handed: Handed,
}

#[derive(TlsDeserialize, TlsSerialize, TlsSize)]
struct AuthorRecord {
    version: u8,
    proof: AuthorProof,
}

/// All that is kept of it.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// None for who was there from the beginning, and for a further device of a member.
    quest: Option<Quest>,
    /// Own questions, the latest at the end; not kept over a restart.
    asked: VecDeque<(AskId, HpkeSecret)>,
    /// The items from before.
    pub(super) handed: BTreeMap<ItemId, Handed>,
    /// Whose devices wrote what is open, by the word of their members.
    pub(super) authors: BTreeMap<DeviceId, AuthorProof>,
    /// To whom this device handed how many pages today; not kept over a restart.
    pub(super) given: BTreeMap<MemberId, (u64, u32)>,
}

impl History {
    /// Puts it together from its records.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(super) fn read(
        quest: Vec<(Vec<u8>, Value)>,
        handed: Vec<(Vec<u8>, Value)>,
        authors: Vec<(Vec<u8>, Value)>,
    ) -> Result<Self, DecodeError> {
        let id = |name: Vec<u8>| <[u8; 32]>::try_from(name).map_err(|_| DecodeError::Malformed);
        let known =
            |version| if version == VERSION { Ok(()) } else { Err(DecodeError::UnknownVersion) };
        let mut history = Self::default();
        for (_, value) in quest {
            let quest: Quest = wire::decode(&value, RECORD_OVERHEAD)?;
            known(quest.version)?;
            history.quest = Some(quest);
        }
        for (name, value) in handed {
            let HandedRecord { version, handed } = wire::decode(&value, RECORD_OVERHEAD)?;
            known(version)?;
            history.handed.insert(ItemId::from_bytes(id(name)?), handed);
        }
        for (name, value) in authors {
            let AuthorRecord { version, proof } = wire::decode(&value, RECORD_OVERHEAD)?;
            known(version)?;
            history.authors.insert(DeviceId::from_bytes(id(name)?), proof);
        }
        Ok(history)
    }
}

impl Circle {
    /// This device's member has just come: what was said before is asked for soon.
    pub(super) fn begin_history(&mut self, step: &mut Step<'_>, came: Hour) {
        let own = self.ledger().and_then(|ledger| ledger.members().get(&self.me));
        if own.is_none_or(|own| own.devices.len() > 1) {
            return;
        }
        let jitter = step
            .random
            .below(u64::try_from(step.timings.newcomer_renewal.as_millis()).unwrap_or(u64::MAX));
        let next = step.now.after(std::time::Duration::from_millis(jitter));
        let stage = HistoryStage::Asking;
        let (after, pages, tries, withheld) = (None, 0, 0, false);
        let version = VERSION;
        self.set_quest(step, Quest { version, came, stage, after, pages, tries, next, withheld });
    }

    fn set_quest(&mut self, step: &mut Step<'_>, quest: Quest) {
        step.put(self.key_of(RecordKind::History, &[]), wire::encode(&quest).to_vec());
        self.history.quest = Some(quest);
    }

    /// How far that has come; none for who was there from the beginning.
    pub(crate) fn history(&self) -> Option<HistoryOverview> {
        let Quest { stage, withheld, .. } = self.history.quest?;
        Some(HistoryOverview { stage, withheld })
    }

    /// Whether this device still asks for it.
    pub(super) fn asks_for_history(&self) -> bool {
        self.history.quest.is_some_and(|quest| quest.stage == HistoryStage::Asking)
    }

    /// Asks for the next page, ever more rarely while nobody answers.
    pub(super) fn tend_history(&mut self, step: &mut Step<'_>) {
        let Some(quest) = self.due_quest().filter(|quest| quest.next <= step.now) else {
            return;
        };
        if quest.tries >= MAX_HISTORY_TRIES {
            self.set_quest(step, Quest { stage: HistoryStage::Unanswered, ..quest });
            return;
        }
        let wait = step.timings.ask_again.saturating_mul(1 << u32::from(quest.tries.min(8)));
        let next = step.now.after(wait.min(step.timings.ask_again_most));
        let tries = quest.tries + 1;
        self.set_quest(step, Quest { next, tries, ..quest });
        let Ok((secret, reply)) = generate(self.suite, step.random) else {
            return;
        };
        let (Some(credential), Some(era)) =
            (self.own_credential(), self.head_held().map(|held| held.era))
        else {
            return;
        };
        let mut body = AskBody::new(self.id, credential, self.head, step.now, reply);
        body.attempt = quest.tries;
        body.history = Some(HistoryAsk { after: quest.after });
        let Some(ask) = body.sign(&self.key) else {
            return;
        };
        self.history.asked.push_back((ask.id(), secret));
        if self.history.asked.len() > MAX_ASKED {
            self.history.asked.pop_front();
        }
        self.post(step, &era, FrameKind::Ask, &ask.to_bytes());
    }

    /// When it is to ask next.
    pub(super) fn next_history(&self) -> Option<Timestamp> {
        self.due_quest().map(|quest| quest.next)
    }

    fn due_quest(&self) -> Option<Quest> {
        let asking = |quest: &Quest| quest.stage == HistoryStage::Asking;
        self.history.quest.filter(asking).filter(|_| self.may_ask())
    }

    /// The key that a page for this question is sealed to, if it is one of this device's.
    fn history_reply(&self, ask: &AskId) -> Option<&HpkeSecret> {
        self.history.asked.iter().find(|(id, _)| id == ask).map(|(_, secret)| secret)
    }

    /// A page was found on a porch, if that is what it is. From a stranger nothing is taken: whoever
    /// was taken out still reads the porches of their eras.
    pub(super) fn take_history(
        &mut self,
        step: &mut Step<'_>,
        sealed: &SealedReply,
    ) -> Option<Verdict> {
        let reply = self.history_reply(&sealed.ask)?;
        let opened = sealed.open(Label::HISTORY_HPKE, self.suite, reply);
        let read = opened.and_then(|bytes| HistoryPage::read(&bytes, &sealed.ask).ok());
        let Some((device, page)) = read else {
            return Some(Verdict::Reject(Violation::Signature));
        };
        let by = self.ledger().and_then(|ledger| ledger.member_of(&device)).copied();
        let (Some(by), Some(quest)) = (by, self.history.quest) else {
            return Some(Verdict::Ignore(Redundant::NotForUs));
        };
        let proofs: BTreeMap<DeviceId, &AuthorProof> = page
            .authors
            .iter()
            .filter(|proof| proof.verify(&self.id).is_some())
            .map(|proof| (proof.credential.device, proof))
            .collect();
        for item in page.items() {
            if self.history.handed.len() >= MAX_HISTORY {
                break;
            }
            let proof = proofs.get(&item.body.device).copied();
            self.take_open(step, item, (by, quest.came), proof);
        }
        let latest = self.history.asked.back().is_some_and(|(id, _)| *id == sealed.ask);
        if latest && quest.stage == HistoryStage::Asking {
            self.history.asked.pop_back();
            let pages = quest.pages + 1;
            let further = match (&page.until, &quest.after) {
                (Some(until), Some(after)) => until.is_beyond(after),
                (until, _) => until.is_some(),
            };
            let room = pages < MAX_HISTORY_PAGES && self.history.handed.len() < MAX_HISTORY;
            let more = page.more && further && room;
            let stage = if more { HistoryStage::Asking } else { HistoryStage::Here };
            let after = if further { page.until } else { quest.after };
            let withheld = quest.withheld || page.withheld;
            let (next, tries) = (step.now, 0);
            self.set_quest(step, Quest { stage, after, pages, tries, next, withheld, ..quest });
        }
        Some(Verdict::Accept)
    }

    /// Takes in an item from before, if it is open to those who join later and its author shows: by
    /// the head, or by their own word for the device. Nobody can put words into the mouth of a
    /// member; and whoever was taken out, or only listens, says nothing new by way of somebody else.
    fn take_open(
        &mut self,
        step: &mut Step<'_>,
        item: Verified<Item>,
        (by, came): (MemberId, Hour),
        proof: Option<&AuthorProof>,
    ) {
        let body = &item.body;
        let place = (body.device, body.seq);
        let known = self.items.contains_key(&item.id)
            || self.places.contains_key(&place)
            || self.items.is_stray_too_many(&item);
        let is_open = body.scope == Scope::LaterToo && is_handed_over(&Gist::of(&body.content));
        let is_own = body.device == self.key.id() || self.meet_own_item(step, &item);
        if known || !is_open || is_own || body.circle != self.id {
            return;
        }
        let ledgers = || self.states.values().filter_map(State::held).map(|held| &held.ledger);
        let is_here = ledgers().any(|ledger| ledger.member_of(&body.device) == Some(&body.member));
        let first = self.states.get(&body.first_state).and_then(State::held);
        let is_known = first.is_some();
        let speaks = first.map(|held| &*held.ledger).or_else(|| self.ledger());
        let may_speak = self.had_voice(&item)
            && speaks.is_some_and(|l| l.member_of(&body.device) == Some(&body.member));
        if !may_speak && (is_known || is_after(&item, came)) {
            return;
        }
        if !is_known && !self.may_have_been_sent(&item.body.content) {
            return;
        }
        let proof = proof.or_else(|| self.history.authors.get(&body.device));
        let proof = proof.filter(|proof| proof.credential.member == body.member).cloned();
        if !is_here && proof.is_none() {
            return;
        }
        let was_here = ledgers().any(|ledger| ledger.members().contains_key(&body.member))
            || self.watch.names.contains_key(&body.member);
        if let Some(proof) = proof.filter(|_| !is_here) {
            self.keep_author(step, proof, MAX_AUTHORS / 2);
        }
        let (id, written) = (item.id, body.written);
        if !is_known {
            self.note_handed(step, id, Handed { by: Some(by), vouched: !was_here });
        }
        let is_news = item.body.content.is_news();
        self.keep_item(step, item);
        if is_news {
            step.tell(Event::ItemArrived { circle: self.id, item: id, written, own: false });
        }
    }

    /// Notes that an item is from before this device's member came.
    fn note_handed(&mut self, step: &mut Step<'_>, id: ItemId, handed: Handed) {
        let record = HandedRecord { version: VERSION, handed };
        let key = self.key_of(RecordKind::Handed, id.as_bytes());
        step.put(key, wire::encode(&record).to_vec());
        self.history.handed.insert(id, handed);
    }

    /// The same of an item that came in another way, if it is from before.
    pub(super) fn note_if_from_before(&mut self, step: &mut Step<'_>, item: &Item) {
        if self.history.handed.len() < MAX_HISTORY && self.is_from_before(item) {
            self.note_handed(step, item.id, Handed { by: None, vouched: false });
        }
    }

    /// Forgets that an item is from before: it goes.
    pub(super) fn forget_handed(&mut self, step: &mut Step<'_>, id: &ItemId) {
        if self.history.handed.remove(id).is_some() {
            step.delete(self.key_of(RecordKind::Handed, id.as_bytes()));
        }
    }

    /// Whether something whose first state is not known can have been said in this circle: files only
    /// if any were ever let.
    fn may_have_been_sent(&self, content: &Content) -> bool {
        let ledger = self.ledger();
        ledger.is_some_and(|l| l.files().allowed.lets(content) || l.files().since > 0)
    }

    /// Whether an item is surely of a time in which this device's member was not in the circle yet.
    /// Where the state it was first sealed under is not known, its author's clock says so: it is
    /// believed as far as clocks may differ.
    fn is_from_before(&self, item: &Item) -> bool {
        let first = &item.body.first_state;
        if let Some(held) = self.states.get(first).and_then(State::held) {
            return !held.ledger.members().contains_key(&self.me);
        }
        if let Some(members) = self.members_at(first) {
            return !members.contains(&self.me);
        }
        let own = self.ledger().and_then(|ledger| ledger.members().get(&self.me));
        let since = own.map(|own| own.since);
        match (self.states.get(first), since) {
            (Some(state), Some(since)) if self.is_on_path(first) => state.epoch < since,
            _ => self.history.quest.is_some_and(|quest| {
                let written = item.body.written.hour().get();
                written.saturating_add(MAX_HOURS_AHEAD) < quest.came.get()
            }),
        }
    }

    /// Whether somebody else may hand this device an item: not if it was for those who were there
    /// before its member came.
    pub(super) fn is_for_me(&self, item: &Item) -> bool {
        let body = &item.body;
        body.scope == Scope::LaterToo || self.is_own(&body.member) || !self.is_from_before(item)
    }

    /// The device of an author of something open came with its member's word: whoever joins when it
    /// is gone has nothing else to go by.
    pub(super) fn note_author(&mut self, step: &mut Step<'_>, credential: Option<Credential>) {
        if let Some(credential) = credential {
            self.keep_author(step, AuthorProof { credential, name: None }, MAX_AUTHORS);
        }
    }

    /// Whether that word is kept already.
    pub(super) fn knows_author(&self, device: &DeviceId) -> bool {
        self.history.authors.contains_key(device)
    }

    /// Of those whom a page names there is less room: somebody may have made them up.
    fn keep_author(&mut self, step: &mut Step<'_>, proof: AuthorProof, room: usize) {
        let device = proof.credential.device;
        if self.knows_author(&device) || self.history.authors.len() >= room {
            return;
        }
        let record = AuthorRecord { version: VERSION, proof };
        let key = self.key_of(RecordKind::Author, device.as_bytes());
        step.put(key, wire::encode(&record).to_vec());
        self.history.authors.insert(device, record.proof);
    }

    /// Forgets all of this: the circle goes.
    pub(super) fn erase_history(&self, step: &mut Step<'_>) {
        step.delete(self.key_of(RecordKind::History, &[]));
        for id in self.history.handed.keys() {
            step.delete(self.key_of(RecordKind::Handed, id.as_bytes()));
        }
        for device in self.history.authors.keys() {
            step.delete(self.key_of(RecordKind::Author, device.as_bytes()));
        }
    }
}

/// Whether what an item says is handed over to those who join later: words, and what was done to
/// them.
pub(super) fn is_handed_over(gist: &Gist) -> bool {
    gist.is_words()
        || matches!(
            gist,
            Gist::Edit(_)
                | Gist::File(..)
                | Gist::Piece(..)
                | Gist::Withdraw(_)
                | Gist::Reaction(..)
                | Gist::Pin(..)
                | Gist::Allow(..)
                | Gist::Hide(..)
        )
}

/// Whether an item says that it was written after somebody came, as far as clocks may differ.
fn is_after(item: &Item, came: Hour) -> bool {
    item.body.written.hour().get() > came.get().saturating_add(MAX_HOURS_AHEAD)
}
