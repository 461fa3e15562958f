//! What acts make of what was said: taken back, said in other words, answered by warm words,
//! pinned, held back. An act counts only if its author had the right to it, whoever sent it on.
//! Where several acts of one kind compete, the last of the timeline holds, so that everybody who has
//! the same items sees the same. Clauses: specs/08-content I-14 to I-19.

use std::collections::{BTreeMap, BTreeSet};

use crate::content::{Ask, Gist, WarmWord};
use crate::id::{ItemId, MemberId};
use crate::shelf::Items;
use crate::time::Timestamp;
use crate::view::ViewContext;
use crate::view::steward::Held;
use crate::view::timeline::Entry;

/// What became of one thing that was said.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Marks {
    /// Whether its author took it back.
    pub withdrawn: bool,
    /// Whether its words were erased here because the circle keeps none for so long.
    pub expired: bool,
    /// What says it in other words, in order; the last holds.
    pub edits: Vec<ItemId>,
    /// The file that goes along with it.
    pub file: Option<ItemId>,
    /// When it was said in other words last, by its author's clock.
    pub edited: Option<Timestamp>,
    /// The warm words of members.
    pub reactions: BTreeMap<MemberId, WarmWord>,
    /// Whether a facilitator pinned it.
    pub pinned: bool,
    /// Whether its author lets all advice in its thread be shown, though they asked for none.
    pub advice_allowed: bool,
    /// Whether it is advice that the author of the share did not ask for.
    pub held_back: bool,
    /// The act of a facilitator that hides it.
    pub hidden: Option<ItemId>,
    /// The act that had muted its author when it was said.
    pub muted: Option<ItemId>,
    /// When it is shown, if it was said too soon in slow mode.
    pub shown_from: Option<Timestamp>,
}

/// The marks of all that has some.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct AllMarks(BTreeMap<ItemId, Marks>);

impl AllMarks {
    /// Works them out from the shown items, in the order of the timeline.
    pub(super) fn of(
        items: &Items,
        entries: &[Entry<'_>],
        held: &Held,
        context: &ViewContext,
    ) -> Self {
        let mut marks: BTreeMap<ItemId, Marks> = BTreeMap::new();
        let mut allowed: BTreeMap<ItemId, bool> = BTreeMap::new();
        let at: BTreeMap<ItemId, &Entry<'_>> = entries
            .iter()
            .filter(|entry| !entry.gist().is_act())
            .map(|entry| (entry.id(), entry))
            .collect();
        for entry in entries {
            let by = entry.author();
            let about = entry.gist().answers().and_then(|to| at.get(to));
            let Some(about) = about.filter(|about| about.gist().is_words()) else {
                continue;
            };
            let own = about.author() == by;
            match entry.gist() {
                Gist::Edit(to) if own && !held.muted.contains_key(&entry.id()) => {
                    let mark = marks.entry(*to).or_default();
                    mark.edits.push(entry.id());
                    mark.edited = Some(entry.written());
                }
                // Where the words are for few alone, so is their file.
                Gist::File(to, _)
                    if own
                        && (held.muted.contains_key(to)
                            || !held.muted.contains_key(&entry.id())) =>
                {
                    let stands = items.get(&entry.id()).and_then(|file| items.standing_file(file));
                    let mark = marks.entry(*to).or_default();
                    mark.file = mark.file.or(stands.map(|_| entry.id()));
                }
                Gist::Reaction(to, Some(word)) => {
                    marks.entry(*to).or_default().reactions.insert(by, *word);
                }
                Gist::Reaction(to, None) => {
                    marks.entry(*to).or_default().reactions.remove(&by);
                }
                Gist::Pin(to, on) if context.facilitators.contains(&by) => {
                    marks.entry(*to).or_default().pinned = *on;
                }
                Gist::Allow(to, on) => {
                    // Whoever asked decides, for the thread or for one answer in it.
                    let asked = at.get(&about.place().root);
                    if asked.is_some_and(|share| share.author() == by) {
                        allowed.insert(*to, *on);
                    }
                }
                _ => {}
            }
        }
        for (id, act) in &held.hidden {
            if at.get(id).is_some_and(|entry| entry.gist().is_words()) {
                marks.entry(*id).or_default().hidden = Some(*act);
            }
        }
        for (id, act) in &held.muted {
            marks.entry(*id).or_default().muted = Some(*act);
        }
        for (id, due) in &held.due {
            marks.entry(*id).or_default().shown_from = Some(*due);
        }
        for (id, _) in allowed.iter().filter(|(_, on)| **on) {
            if at.get(id).is_some_and(|entry| matches!(entry.gist(), Gist::Share(_))) {
                marks.entry(*id).or_default().advice_allowed = true;
            }
        }
        let erased = entries.iter().filter(|entry| entry.is_erased() && entry.gist().is_words());
        let erased: BTreeSet<ItemId> = erased.map(Entry::id).collect();
        let mut withdrawn = BTreeSet::new();
        for (id, by) in items.withdrawals() {
            if at.get(id).is_some_and(|entry| by.contains(&entry.author())) {
                withdrawn.insert(*id);
            }
        }
        let gone = erased.union(&withdrawn).filter(|id| at[*id].gist().is_words());
        for id in gone {
            // Nothing of what it was stays in sight; what others did to it goes with it.
            let withdrawn = withdrawn.contains(id);
            marks.insert(*id, Marks { withdrawn, expired: !withdrawn, ..Marks::default() });
        }
        for entry in entries.iter().filter(|entry| matches!(entry.gist(), Gist::Advice(_))) {
            let root = entry.place().root;
            let asks = at.get(&root).map(|share| share.gist());
            let unasked = matches!(asks, None | Some(Gist::Share(Ask::JustListening)));
            let of_asker = at.get(&root).is_some_and(|share| share.author() == entry.author());
            let one = allowed.get(&entry.id()).or_else(|| allowed.get(&root));
            if unasked && !of_asker && !one.copied().unwrap_or(false) {
                marks.entry(entry.id()).or_default().held_back = true;
            }
        }
        marks.retain(|_, mark| *mark != Marks::default());
        Self(marks)
    }

    pub(super) fn get(&self, id: &ItemId) -> Option<&Marks> {
        self.0.get(id)
    }

    /// What is pinned.
    pub(super) fn pinned(&self) -> BTreeSet<ItemId> {
        self.0.iter().filter(|(_, mark)| mark.pinned).map(|(id, _)| *id).collect()
    }
}
