//! What this device hands over to somebody who has joined: what authors opened to those who come
//! later and what stands now, page by page, the newest first. Nothing that was taken back, hidden,
//! held back or too old goes along, and of what was said in other words the latest.
//! Clauses: specs/08-content I-60, I-62, I-66.

use std::collections::{BTreeMap, BTreeSet};

use crate::circle::Circle;
use crate::circle::Step;
use crate::circle::run::Asked;
use crate::content::{Gist, Scope, SignedItem};
use crate::id::{DeviceId, ItemId, MemberId};
use crate::label::Label;
use crate::limits::{MAX_HISTORY_ITEMS, MAX_HISTORY_PAGE, MAX_HISTORY_PAGES};
use crate::porch::{AskId, AuthorProof, HistoryAsk, HistoryPage, HistoryPost};
use crate::time::Timestamp;
use crate::view::{Entry, Timeline};
use crate::wire::FrameKind;
use crate::wire::text::Text;

/// Milliseconds of a day.
const DAY: u64 = 24 * 3600 * 1000;

/// Words that are open, and what belongs to them.
struct Opened {
    post: HistoryPost,
    items: Vec<ItemId>,
}

/// Which acts stand one in the place of the other: the latest holds.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
enum Act {
    Withdraw(MemberId),
    Pin,
    Allow(MemberId),
    Reaction(MemberId),
}

impl HistoryPost {
    /// Whether it comes after another, the newest first.
    pub(super) fn is_beyond(&self, other: &Self) -> bool {
        (std::cmp::Reverse(self.written), self.item)
            > (std::cmp::Reverse(other.written), other.item)
    }
}

impl Circle {
    /// Hands the next page to a member who asks, unless they had many today. Whoever still asks for it
    /// leaves that to those who have it: who has once been answered asks nobody else.
    pub(super) fn answer_history(
        &mut self,
        step: &mut Step<'_>,
        id: &AskId,
        asked: &Asked,
        ask: HistoryAsk,
    ) {
        let member = self.ledger().and_then(|ledger| ledger.member_of(&asked.body.device()));
        let Some(member) = member.copied().filter(|_| !self.asks_for_history()) else {
            return;
        };
        let today = step.now.as_millis() / DAY;
        self.history.given.retain(|_, (day, _)| *day == today);
        let given = &mut self.history.given.entry(member).or_insert((today, 0)).1;
        if *given >= MAX_HISTORY_PAGES {
            return;
        }
        *given += 1;
        let page = self.history_page(step.now, ask.after);
        if let Some(page) = page.and_then(|page| page.sign(id, &self.key)) {
            self.tell_asker(step, id, asked, Label::HISTORY_HPKE, FrameKind::Handover, &page);
        }
    }

    fn history_page(&self, now: Timestamp, after: Option<HistoryPost>) -> Option<HistoryPage> {
        let (opened, withheld) = self.with_timeline_at(now, |timeline| self.opened(timeline));
        let mut rest = opened
            .into_iter()
            .filter(|opened| after.is_none_or(|after| opened.post.is_beyond(&after)))
            .peekable();
        let (mut signed, mut length, mut until) = (Vec::new(), 0, None);
        while let Some(next) = rest.peek() {
            let full = signed.len() + next.items.len() > MAX_HISTORY_ITEMS;
            if !signed.is_empty() && (full || length >= MAX_HISTORY_PAGE) {
                break;
            }
            let room = MAX_HISTORY_ITEMS - signed.len();
            let items: Vec<SignedItem> =
                next.items.iter().take(room).filter_map(|id| self.items.signed(id)).collect();
            length += items.iter().map(|item| item.to_bytes().len()).sum::<usize>();
            signed.extend(items);
            until = Some(next.post);
            rest.next();
        }
        let mut page = HistoryPage::of(&signed)?;
        let devices = signed.iter().filter_map(|item| Some(item.verify().ok()?.body.device));
        page.authors = self.proofs(&devices.collect());
        page.until = until;
        page.more = rest.peek().is_some();
        page.withheld = withheld;
        Some(page)
    }

    /// For those of these devices that are in the head no more, their members' word.
    fn proofs(&self, devices: &BTreeSet<DeviceId>) -> Vec<AuthorProof> {
        let names = self.names();
        let gone = devices.iter().filter(|device| !self.is_device_here(device));
        let named = gone.filter_map(|device| {
            let AuthorProof { credential, name } = self.history.authors.get(device)?.clone();
            let called =
                names.get(&credential.member).and_then(|name| Text::new(name.clone()).ok());
            Some(AuthorProof { credential, name: called.or(name) })
        });
        named.collect()
    }

    fn is_device_here(&self, device: &DeviceId) -> bool {
        self.ledger().is_some_and(|ledger| ledger.member_of(device).is_some())
    }

    /// Whether who wrote with this device can be shown to somebody who was not there.
    fn is_provable(&self, device: &DeviceId) -> bool {
        self.is_device_here(device) || self.knows_author(device)
    }

    /// What is open, the newest first; and whether anything was said that is not.
    fn opened(&self, timeline: &Timeline<'_>) -> (Vec<Opened>, bool) {
        let (mut acts, mut withheld) = (BTreeMap::new(), false);
        for entry in timeline.entries() {
            if entry.scope() == Scope::HereNow {
                withheld |= entry.gist().is_words();
            } else if self.is_shown_open(entry) && self.is_in_right(entry) {
                note_act(&mut acts, entry);
            }
        }
        let is_open = |entry: &&Entry<'_>| {
            entry.gist().is_words()
                && entry.scope() == Scope::LaterToo
                && self.is_shown_open(entry)
                && self.answers_what_is_open(entry)
        };
        let open = timeline.entries().iter().filter(is_open).filter_map(|entry| {
            let items = self.belonging(timeline, entry, &mut acts)?;
            let post = HistoryPost { written: entry.written(), item: entry.id() };
            Some(Opened { post, items })
        });
        let mut open: Vec<Opened> = open.collect();
        open.sort_by_key(|opened| (std::cmp::Reverse(opened.post.written), opened.post.item));
        (open, withheld)
    }

    /// Whether an act counts for those who see it: anybody can seal one.
    fn is_in_right(&self, entry: &Entry<'_>) -> bool {
        !matches!(entry.gist(), Gist::Pin(..))
            || self.ledger().is_some_and(|ledger| ledger.is_facilitator(&entry.author()))
    }

    /// Whether what it answers, if it answers anything, is open too: without that it says nothing to
    /// those who come later, and tells them of what is not for them.
    fn answers_what_is_open(&self, entry: &Entry<'_>) -> bool {
        let mut answered = entry.gist().answers();
        // No thread is deeper than there are items.
        for _ in 0..=self.items.len() {
            let Some(to) = answered else {
                return true;
            };
            match self.items.get(to) {
                Some(item) if item.body.scope == Scope::LaterToo => {
                    answered = item.body.gist.answers();
                }
                _ => return false,
            }
        }
        false
    }

    fn is_shown_open(&self, entry: &Entry<'_>) -> bool {
        self.items.get(&entry.id()).is_some_and(|item| self.is_provable(&item.body.device))
    }

    /// What goes along with open words: they, the latest other words, and what was done to them; of
    /// what was taken back or hidden nothing but that.
    fn belonging(
        &self,
        timeline: &Timeline<'_>,
        entry: &Entry<'_>,
        acts: &mut BTreeMap<ItemId, BTreeMap<Act, ItemId>>,
    ) -> Option<Vec<ItemId>> {
        let is_open = |id: &ItemId| {
            let item = self.items.get(id);
            item.is_some_and(|item| item.body.scope == Scope::LaterToo && !item.is_erased())
        };
        let marks = timeline.marks(entry).cloned().unwrap_or_default();
        let mut acts = acts.remove(&entry.id()).unwrap_or_default();
        if marks.withdrawn {
            return Some(acts.remove(&Act::Withdraw(entry.author())).into_iter().collect());
        }
        if let Some(hide) = marks.hidden {
            return Some([hide].into_iter().filter(is_open).collect());
        }
        let stands = !marks.expired && marks.muted.is_none() && marks.shown_from.is_none();
        let edit = marks.edits.last();
        if !stands || edit.is_some_and(|edit| !is_open(edit)) {
            return None;
        }
        let file = timeline.file(entry).into_iter().filter(|file| is_open(&file.id) && !file.gone);
        let file =
            file.flat_map(|file| [file.id].into_iter().chain(file.pieces.into_iter().flatten()));
        let words = [entry.id()].into_iter().chain(edit.copied());
        Some(words.chain(file).chain(acts.into_values()).collect())
    }
}

/// Notes what an entry does to words, in the place of what it did before.
fn note_act(acts: &mut BTreeMap<ItemId, BTreeMap<Act, ItemId>>, entry: &Entry<'_>) {
    let by = entry.author();
    let (to, act, on) = match entry.gist() {
        Gist::Withdraw(to) => (to, Act::Withdraw(by), true),
        Gist::Pin(to, on) => (to, Act::Pin, *on),
        Gist::Allow(to, on) => (to, Act::Allow(by), *on),
        Gist::Reaction(to, word) => (to, Act::Reaction(by), word.is_some()),
        _ => return,
    };
    let acts = acts.entry(*to).or_default();
    if on {
        acts.insert(act, entry.id());
    } else {
        acts.remove(&act);
    }
}
