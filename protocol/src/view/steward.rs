//! What facilitators' acts make of what was said: hidden, said by somebody muted, said too soon in
//! slow mode. A pure function of the shown items in the order of the timeline, of which acts had
//! the right to be done, and of the reader's clock, which only ever lets more be seen.
//! Clauses: specs/08-content I-30 to I-36.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::content::Gist;
use crate::id::{ItemId, MemberId};
use crate::limits::{MAX_MUTE, MAX_SLOW_MINUTES};
use crate::time::Timestamp;
use crate::view::ViewContext;
use crate::view::timeline::Entry;

/// What holds now.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Stewardship {
    /// Minutes between two shares of one member, if the circle is slowed down, and the act.
    pub slow: Option<(u16, ItemId)>,
    /// Who is muted, until when, and by which act.
    pub muted: BTreeMap<MemberId, (Timestamp, ItemId)>,
}

/// What facilitators' acts make of single items.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Held {
    /// What is hidden, and by which act.
    pub(super) hidden: BTreeMap<ItemId, ItemId>,
    /// What somebody said whom an act had muted.
    pub(super) muted: BTreeMap<ItemId, ItemId>,
    /// Of whom a mute can be taken back: it runs, or holds something back. Those who hold the circle are
    /// among them, for when they step down.
    pub(super) of_mutes: BTreeSet<MemberId>,
    /// When a share that was said too soon is shown.
    pub(super) due: BTreeMap<ItemId, Timestamp>,
    /// When the latest share of a member had its turn, in slow mode or not.
    turns: BTreeMap<MemberId, Timestamp>,
    /// What holds at the end.
    pub(super) now: Stewardship,
}

/// Mutes of one member: those that run on one another, and those that had ended before.
#[derive(Default)]
struct Muted {
    until: Timestamp,
    acts: Vec<ItemId>,
    ended: Vec<ItemId>,
}

impl Muted {
    /// Another one: it goes on from one that runs.
    fn take(&mut self, act: ItemId, written: Timestamp, until: Timestamp) {
        if self.until <= written {
            self.ended.append(&mut self.acts);
        }
        self.until = until;
        self.acts.push(act);
    }

    /// It is taken back: those that run, or where none does, all that ended.
    fn undo(&mut self, written: Timestamp) -> Vec<ItemId> {
        let mut undone = std::mem::take(&mut self.acts);
        if self.until <= written {
            undone.append(&mut self.ended);
        }
        self.until = Timestamp::default();
        undone
    }
}

impl Held {
    /// Works it out from the shown items, in the order of the timeline.
    pub(super) fn of(entries: &[Entry<'_>], context: &ViewContext) -> Self {
        let mut held = Self::default();
        if context.in_right.is_empty() {
            return held;
        }
        let mut muted: BTreeMap<MemberId, Muted> = BTreeMap::new();
        let mut undone: BTreeSet<ItemId> = BTreeSet::new();
        let mut in_mutes: BTreeMap<ItemId, (MemberId, ItemId)> = BTreeMap::new();
        let firsts = said_first(entries, context);
        for entry in entries {
            let (by, written) = (entry.author(), entry.written());
            match entry.gist() {
                gist if gist.is_steward() && !context.in_right.contains(&entry.id()) => {}
                // For whoever has what it repeats it says nothing: that may have been undone since.
                Gist::Mute(..) | Gist::SlowMode(..) if repeats(entry, &firsts) => {}
                Gist::Hide(to, true) => {
                    held.hidden.insert(*to, entry.id());
                }
                Gist::Hide(to, false) => {
                    held.hidden.remove(to);
                }
                Gist::Mute(member, Some(until), _) => {
                    let until = (*until).min(written.after(MAX_MUTE));
                    muted.entry(*member).or_default().take(entry.id(), written, until);
                }
                Gist::Mute(member, None, _) => {
                    undone.extend(muted.entry(*member).or_default().undo(written));
                }
                Gist::SlowMode(0, _) => held.now.slow = None,
                Gist::SlowMode(minutes, _) => {
                    held.now.slow = Some(((*minutes).min(MAX_SLOW_MINUTES), entry.id()));
                }
                gist => {
                    let mute = muted.get(&by).filter(|mute| {
                        // What is dated ahead of the reader's clock could be dated so to come
                        // after the end of the mute.
                        written < mute.until || written > context.now
                    });
                    let act = mute.and_then(|mute| mute.acts.last()).filter(|_| {
                        gist.is_words() || matches!(gist, Gist::Edit(_) | Gist::File(..))
                    });
                    if let Some(act) = act {
                        in_mutes.insert(entry.id(), (by, *act));
                    }
                    let is_held = act.is_some() && !context.facilitators.contains(&by);
                    if matches!(gist, Gist::Share(_)) && !is_held {
                        held.take_turn(entry.id(), by, written);
                    }
                }
            }
        }
        in_mutes.retain(|_, (_, act)| !undone.contains(act));
        held.of_mutes.extend(in_mutes.values().map(|(by, _)| *by));
        in_mutes.retain(|_, (by, _)| !context.facilitators.contains(by));
        held.muted = in_mutes.into_iter().map(|(id, (_, act))| (id, act)).collect();
        for (member, mute) in muted {
            let Some(act) = mute.acts.last().filter(|_| mute.until > context.now) else {
                continue;
            };
            held.of_mutes.insert(member);
            if !context.facilitators.contains(&member) {
                held.now.muted.insert(member, (mute.until, *act));
            }
        }
        if held.now.slow.is_none() {
            held.due.clear();
        }
        held.due.retain(|_, due| *due > context.now);
        held
    }

    /// A share has its turn: the time it says, or in slow mode later if the one before was too near.
    fn take_turn(&mut self, id: ItemId, by: MemberId, written: Timestamp) {
        let due = self.next_turn(&by).map_or(written, |next| written.max(next));
        self.turns.insert(by, due);
        if self.now.slow.is_some() {
            self.due.insert(id, due);
        }
    }

    /// From when on a further share of a member is shown at once; `None` without slow mode.
    pub(super) fn next_turn(&self, member: &MemberId) -> Option<Timestamp> {
        let (minutes, _) = self.now.slow?;
        let wait = Duration::from_secs(60 * u64::from(minutes));
        Some(self.turns.get(member)?.after(wait))
    }
}

/// By which a repeated act is known as such: who said it, whom it mutes, until when, how slow.
pub(super) type Said = (MemberId, Option<MemberId>, Option<Timestamp>, u16);

/// What an entry says, if it is a mute or a slow mode, and whether it repeats that.
pub(super) fn said(entry: &Entry<'_>) -> Option<(Said, bool)> {
    match entry.gist() {
        Gist::Mute(member, until, again) => {
            Some(((entry.author(), Some(*member), *until, 0), *again))
        }
        Gist::SlowMode(minutes, again) => Some(((entry.author(), None, None, *minutes), *again)),
        _ => None,
    }
}

/// All that was said so for the first time, and had the right to be.
fn said_first(entries: &[Entry<'_>], context: &ViewContext) -> BTreeSet<Said> {
    let in_right = entries.iter().filter(|entry| context.in_right.contains(&entry.id()));
    in_right.filter_map(said).filter(|(_, again)| !again).map(|(said, _)| said).collect()
}

/// Whether an entry repeats something that is here.
fn repeats(entry: &Entry<'_>, firsts: &BTreeSet<Said>) -> bool {
    said(entry).is_some_and(|(said, again)| again && firsts.contains(&said))
}
