//! Sealed messages of a batch: sorted by the counters of their seals, decrypted one after the
//! other, taken in by what they are for.
//!
//! A message that turns out wrong, or is not taken in, leaves no trace: decryption goes on from what
//! the last good one left, so that a forged message never burns the key of a true one, and what comes
//! again is found to be what it was. Clause: specs/03-circle C-12.

use std::sync::Arc;

use crate::circle::intent::IntentKind;
use crate::circle::receive::Verdicts;
use crate::circle::send::Carries;
use crate::circle::{Circle, Step};
use crate::content::{Content, Item, Scope, SignedItem};
use crate::id::{CircleId, DeviceId, EnvelopeId, ItemId, MemberId, StateId};
use crate::identity::{Credential, KnownKeys, Verified};
use crate::ledger::Ledger;
use crate::mls::{Group, Namespace, OpenError, Opened, Provider, unopened};
use crate::order::Seal;
use crate::output::Event;
use crate::record::RecordKind;
use crate::secret::Secret;
use crate::shelf::Kept;
use crate::state::{
    MAX_SEAL_LINKS, Naming, SealLinks, SealPurpose, are_siblings, author_of, seal_digest,
};
use crate::verdict::{Redundant, Verdict, Violation};
use crate::wire::{self, Frame};

/// A message still under MLS, with what sorts it.
pub(super) struct Closed {
    envelope: EnvelopeId,
    /// What it was put together from.
    chunks: Vec<EnvelopeId>,
    counter: u64,
    message: zeroize::Zeroizing<Vec<u8>>,
}

impl Closed {
    /// Reads beside a still encrypted message what sorts it.
    pub(super) fn read(
        (envelope, chunks): (EnvelopeId, &[EnvelopeId]),
        state: StateId,
        frame: Frame,
    ) -> Result<Self, Violation> {
        let outer = unopened(&frame.record).map_err(|_| Violation::Malformed)?;
        let links: SealLinks =
            wire::decode(&outer.aad, MAX_SEAL_LINKS).map_err(|_| Violation::Malformed)?;
        if !links.is_known_version() || links.state != state {
            return Err(Violation::Misplaced);
        }
        let (counter, message) = (links.counter, frame.record);
        Ok(Self { envelope, chunks: chunks.to_vec(), counter, message })
    }
}

/// What a batch brought that the choice of the head rests on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Came {
    /// Seals.
    pub(super) votes: bool,
    /// Namings: commits that waited for one may be processed now.
    pub(super) namings: bool,
}

/// What a sealed message said, once it was opened and its form checked.
enum Said {
    /// The sealer's own item; of what is open to those who come later also their member's word for
    /// the device.
    Item(Box<Verified<Item>>, Option<Box<Credential>>),
    /// Nothing: it votes by where it is sealed.
    Vote,
    /// Somebody else's item; the sealer only carries it.
    Forward(Box<Verified<Item>>),
    /// Which of two twin commits the sealer had sealed under.
    Naming(Naming),
}

impl Said {
    /// Whether it is about something to decide together.
    fn decides(&self) -> bool {
        match self {
            Self::Item(item, _) | Self::Forward(item) => decides(&item.body.content),
            Self::Vote | Self::Naming(_) => false,
        }
    }
}

/// Whether something is about what is decided together.
pub(super) fn decides(content: &Content) -> bool {
    matches!(
        content,
        Content::Proposal(_)
            | Content::Consent(_)
            | Content::AgreementProposal(_)
            | Content::AgreementConsent(_)
    )
}

/// A state whose messages are being decrypted.
struct Decrypting {
    circle: CircleId,
    state: StateId,
    provider: Provider,
    group: Box<Group>,
    ledger: Arc<Ledger>,
}

impl Decrypting {
    /// With the group that `namespace` holds, if it is at hand.
    fn start(
        circle: CircleId,
        state: StateId,
        ledger: &Arc<Ledger>,
        (namespace, warm): (&Namespace, Option<Box<Group>>),
        injected: Secret<32>,
    ) -> Option<Self> {
        let provider = Provider::new(injected, namespace);
        let group = match warm {
            Some(group) => group,
            None => Box::new(Group::load(&provider, &circle).ok()?),
        };
        Some(Self { circle, state, provider, group, ledger: ledger.clone() })
    }

    /// Whose leaf sent a message.
    fn author(&self, sender: u32) -> Option<(MemberId, DeviceId)> {
        author_of(&self.ledger, &self.group.leaf(sender)?.credential)
    }

    /// The word of a leaf's member that the device is theirs.
    fn word_of(&self, sender: u32) -> Option<Credential> {
        let credential = Credential::from_bytes(&self.group.leaf(sender)?.credential).ok()?;
        let device = credential.claimed().device;
        Some(credential.verify(&self.circle, device.as_bytes()).ok()?.into_inner())
    }

    fn decrypt(&mut self, closed: &Closed, known: &mut KnownKeys) -> Result<(Seal, Said), Verdict> {
        let opened =
            self.group.decrypt(&self.provider, &closed.message).map_err(|error| match error {
                // What this device wrote itself comes back from relays after a restart.
                OpenError::Own => Verdict::Ignore(Redundant::Duplicate),
                _ => Verdict::Reject(Violation::Mls),
            })?;
        self.read(closed, &opened, known).map_err(Verdict::Reject)
    }

    fn read(
        &self,
        closed: &Closed,
        opened: &Opened,
        known: &mut KnownKeys,
    ) -> Result<(Seal, Said), Violation> {
        // Sorting went by bytes nothing vouched for yet; now they are authentic, or this fails.
        let links: SealLinks =
            wire::decode(&opened.aad, MAX_SEAL_LINKS).map_err(|_| Violation::Malformed)?;
        let (member, device) = self.author(opened.sender).ok_or(Violation::Author)?;
        if (links.state, links.counter) != (self.state, closed.counter) {
            return Err(Violation::Author);
        }
        if !are_siblings(&links.siblings, &device) {
            return Err(Violation::Malformed);
        }
        let said = match links.purpose {
            SealPurpose::Item => {
                let item = self.signed(&opened.plaintext, known)?;
                let own = (item.body.member, item.body.device) == (member, device);
                if !own {
                    return Err(Violation::Author);
                }
                if item.body.content.needs_acceptance() && self.ledger.is_listener(&member) {
                    return Err(Violation::Right);
                }
                if !self.ledger.files().allowed.lets(&item.body.content) {
                    return Err(Violation::Right);
                }
                let open = item.body.scope == Scope::LaterToo;
                let word = open.then(|| self.word_of(opened.sender)).flatten();
                Said::Item(Box::new(item), word.map(Box::new))
            }
            SealPurpose::Vote if opened.plaintext.is_empty() => Said::Vote,
            SealPurpose::Vote => return Err(Violation::Malformed),
            SealPurpose::Forward => Said::Forward(Box::new(self.signed(&opened.plaintext, known)?)),
            SealPurpose::Naming => {
                let naming = wire::decode(&opened.plaintext, MAX_SEAL_LINKS);
                Said::Naming(naming.map_err(|_| Violation::Malformed)?)
            }
        };
        let SealLinks { counter, siblings, purpose, .. } = links;
        let vote = purpose.votes().then_some(self.state);
        let digest = seal_digest(&opened.aad, &opened.plaintext);
        Ok((Seal { member, device, counter, digest, vote, siblings }, said))
    }

    /// The item inside a message: of this circle, and signed by the device it names.
    fn signed(&self, plaintext: &[u8], known: &mut KnownKeys) -> Result<Verified<Item>, Violation> {
        let signed = SignedItem::from_bytes(plaintext).map_err(|_| Violation::Malformed)?;
        let item = signed.verify_by(known).map_err(|_| Violation::Signature)?;
        if item.body.circle == self.circle { Ok(item) } else { Err(Violation::Author) }
    }
}

impl Circle {
    /// Decrypts messages of one state, in the order of their seals. Says what came that the
    /// choice of the head rests on.
    pub(super) fn take_items(
        &mut self,
        step: &mut Step<'_>,
        id: StateId,
        mut closed: Vec<Closed>,
        verdicts: &mut Verdicts,
    ) -> Came {
        closed.sort_by_key(|item| item.counter);
        let Some(held) = self.states.get_mut(&id).and_then(|state| state.held_mut()) else {
            return Came::default();
        };
        let left = held.left || held.ledger.member_of(&self.key.id()).is_none();
        let base = held.namespace().clone();
        let mut warm = held.take_warm();
        let ledger = held.ledger.clone();
        let mut namespace = base.clone();
        let mut open: Option<Decrypting> = None;
        let mut arrived = Vec::new();
        for item in closed {
            let started = match open.take() {
                Some(started) => Some(started),
                None => {
                    let at_hand = (&namespace, warm.take());
                    Decrypting::start(self.id, id, &ledger, at_hand, step.injected())
                }
            };
            let Some(mut started) = started else {
                return Came::default();
            };
            match started.decrypt(&item, &mut self.known_keys) {
                Ok((seal, said)) if self.has_taken_in(&seal, &said) => {
                    // What its sender signed once, encrypted under another key, uses up no key.
                    let verdict = Verdict::Ignore(Redundant::Duplicate);
                    self.resolved_whole(step, item.envelope, &item.chunks, verdict, verdicts);
                }
                Ok((seal, said)) => {
                    // What is not taken in may come again, after a start or once there is room: the
                    // key stays for it.
                    if self.is_to_take(&said) {
                        namespace = started.provider.snapshot();
                        open = Some(started);
                    }
                    arrived.push((item.envelope, item.chunks, seal, said));
                }
                Err(verdict) => {
                    if verdict == Verdict::Ignore(Redundant::Duplicate) && !left {
                        // It is from this device, or from a copy of it.
                        self.doubt(step, item.counter, &item.message);
                    }
                    self.resolved_whole(step, item.envelope, &item.chunks, verdict, verdicts);
                }
            }
        }
        let changes = namespace.changes_since(&base);
        if let Some(held) = self.states.get_mut(&id).and_then(|state| state.held_mut()) {
            // What is still open was last used for a good message, and stands where the records do.
            held.keep(namespace, open.map(|open| open.group).or(warm));
        }
        self.keep_warm(&id, step.now);
        self.write_namespace(step, &id, changes);
        let mut came = Came::default();
        let mut decides = false;
        for (envelope, chunks, seal, said) in arrived {
            came.votes |= self.take_seal(step, &seal);
            decides |= said.decides();
            let verdict = match said {
                Said::Item(item, word) => {
                    self.note_author(step, word.map(|word| *word));
                    self.state_used(step, &id);
                    let (item_id, was_here) = (item.id, self.items.contains_key(&item.id));
                    let verdict = self.take_item(step, *item);
                    self.lies_under(step, (item_id, was_here), id, verdict)
                }
                Said::Vote => Verdict::Accept,
                Said::Forward(item) => {
                    let (item_id, was_here) = (item.id, self.items.contains_key(&item.id));
                    let verdict = self.take_forwarded(step, *item);
                    self.lies_under(step, (item_id, was_here), id, verdict)
                }
                Said::Naming(naming) => {
                    self.take_naming(step, id, &seal, naming);
                    came.namings = true;
                    Verdict::Accept
                }
            };
            self.resolved_whole(step, envelope, &chunks, verdict, verdicts);
        }
        if decides {
            self.review_motions(step);
        }
        came
    }

    /// Whether what a message says is taken in here.
    fn is_to_take(&self, said: &Said) -> bool {
        let has_room =
            |item: &Item| self.items.contains_key(&item.id) || !self.items.is_stray_too_many(item);
        match said {
            Said::Item(item, _) => has_room(item),
            Said::Forward(item) => has_room(item) && self.takes_forwarded(item),
            Said::Vote | Said::Naming(_) => true,
        }
    }

    /// Whether what a message says was taken in, and its seal.
    fn has_taken_in(&self, seal: &Seal, said: &Said) -> bool {
        let said = match said {
            Said::Item(item, _) | Said::Forward(item) => self.items.contains_key(&item.id),
            Said::Vote | Said::Naming(_) => true,
        };
        let known = self.ballots.seal_of(&seal.device, seal.counter);
        said && known.is_some_and(|known| known.is(seal))
    }

    pub(super) fn take_item(&mut self, step: &mut Step<'_>, item: Verified<Item>) -> Verdict {
        let id = item.id;
        if self.items.contains_key(&id) {
            return Verdict::Accept;
        }
        if self.items.is_stray_too_many(&item) {
            return Verdict::Ignore(Redundant::NoRoom);
        }
        let place = (item.body.device, item.body.seq);
        if self.places.get(&place).is_some_and(|other| *other != id) {
            // Both are kept and shown: which of them came first is not the same for everybody.
            self.accuse(step, item.body.member);
        }
        let written = item.body.written;
        let own = self.is_own(&item.body.member);
        let leaves = matches!(item.body.content, Content::Leave(_));
        let is_news = item.body.content.is_news();
        self.note_if_from_before(step, &item);
        self.keep_item(step, item);
        self.stir(step);
        if leaves {
            self.want_to_let_go(step, id);
        }
        if is_news {
            step.tell(Event::ItemArrived { circle: self.id, item: id, written, own });
        }
        Verdict::Accept
    }

    /// Somebody says that they leave, by whichever way that came: others let them go.
    pub(super) fn want_to_let_go(&mut self, step: &mut Step<'_>, leave: ItemId) {
        if !self.leavers().contains(&leave) {
            let due = self.turn(step, None);
            self.want(step, IntentKind::LetGo(leave), due);
        }
    }

    /// Forgets an item of this device that never left it.
    pub(super) fn forget_item(&mut self, step: &mut Step<'_>, id: &ItemId) {
        let Some(item) = self.items.remove(id) else {
            return;
        };
        if self.in_right.remove(id) {
            step.delete(self.key_of(RecordKind::Right, id.as_bytes()));
        }
        let place = (item.body.device, item.body.seq);
        if self.places.get(&place) == Some(id) {
            // What a copy said under a key that was given up may bear the same number.
            let bears_it = |item: &&Kept| (item.body.device, item.body.seq) == place;
            let given_up = self.former.contains(&place.0);
            let others = given_up.then(|| self.items.values().filter(bears_it));
            match others.into_iter().flatten().map(|item| item.id).min() {
                Some(other) => self.places.insert(place, other),
                None => self.places.remove(&place),
            };
        }
        self.forget_places(step, id);
        self.forget_handed(step, id);
        self.forget_dated_ahead(step, id);
        step.delete(self.key_of(RecordKind::Item, id.as_bytes()));
        step.delete(self.key_of(RecordKind::Erased, id.as_bytes()));
        self.forget_tips();
    }

    /// Keeps an item, of this device or another.
    pub(super) fn keep_item(&mut self, step: &mut Step<'_>, item: Verified<Item>) {
        let id = item.id;
        self.write_item(step, &item);
        self.note_dated_ahead(step, &id, item.body.written);
        let place = self.places.entry((item.body.device, item.body.seq)).or_insert(id);
        *place = id.min(*place);
        self.items.insert(item);
        self.note_tip(id);
        if self.items.get(&id).is_some_and(|item| self.former.contains(&item.body.device)) {
            self.mention_soon(step);
        }
        self.note_right(step, &id);
        let unsent = self.unsent_of_withdrawn(&id);
        for (id, record) in self.items.take_back(&id) {
            self.write_erased(step, &id, record);
            // Nor do they leave this device, if they have not.
            self.drop_unsent(step, &id);
        }
        self.spare_later(unsent);
        self.sift_files(step, &id);
    }

    /// After an item came or left this device: erases the pieces of files that fit nowhere, and those
    /// there is no room for. What waits to be sent stays: nobody else could fill the gap.
    pub(super) fn sift_files(&mut self, step: &mut Step<'_>, about: &ItemId) {
        let (outbox, places_of) = (&self.outbox, &self.places_of);
        let waits = |id: &ItemId| {
            outbox.has(Carries::Item(*id))
                || outbox.has(Carries::Forward(*id))
                || places_of.is_unsealed(id)
        };
        for (id, record) in self.items.sift_files(about, waits) {
            self.write_erased(step, &id, record);
        }
    }
}
