//! Gaps: what is named and not there. A true loss shows; nothing is passed over in silence.

use std::collections::{BTreeMap, BTreeSet};

use crate::content::Gist;
use crate::id::{DeviceId, ItemId, MemberId};
use crate::shelf::Items;
use crate::view::ViewContext;
use crate::view::graph::Graph;

/// Something an item names and nobody here holds.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Gap {
    /// The item that names it; `None` if a removal names it.
    pub before: Option<ItemId>,
    /// Whose items are missing, if that is known.
    pub author: Option<MemberId>,
    /// How many are missing, as far as the numbers of the device tell; at least one.
    pub missing: u64,
    /// The short id of the missing item that is named.
    pub named: [u8; 16],
    /// What kind of gap it is.
    pub kind: GapKind,
}

/// What a gap means.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum GapKind {
    /// Before the first item held of a device whose member was there before: what one cannot have who
    /// joined later.
    Earlier,
    /// Between items that are held, or seen by somebody since: it is missing here.
    Lost,
}

impl Graph<'_> {
    /// The gaps the shown items and the removals' departures leave, each named once.
    /// What was taken back before it came here is none: nobody can hand it on any more.
    pub(super) fn gaps(&self, items: &Items, shown: &[bool], context: &ViewContext) -> Vec<Gap> {
        let mut withdrawn: BTreeMap<[u8; 16], BTreeSet<MemberId>> = BTreeMap::new();
        for (id, by) in items.withdrawals().filter(|(id, _)| items.get(id).is_none()) {
            withdrawn.entry(id.short()).or_default().extend(by);
        }
        let held = self.held_numbers(|_| true);
        let spared = self.spared();
        // What was handed over from before the reader came leaves holes between it.
        let heard = self.held_numbers(|id| !context.handed.contains_key(id));
        let mut named = BTreeSet::new();
        let mut gaps = Vec::new();
        for place in self.marked(shown) {
            let item = self.items[place];
            let Some(previous) = item.body.previous.filter(|id| self.place(id).is_none()) else {
                continue;
            };
            if named.insert(previous.short()) {
                let by_author = withdrawn.get(&previous.short());
                let taken_back =
                    u64::from(by_author.is_some_and(|by| by.contains(&item.body.member)));
                let below = held[&item.body.device].range(..item.body.seq).next_back();
                let heard =
                    heard.get(&item.body.device).and_then(|h| h.range(..item.body.seq).next());
                let before_reader = context.handed.contains_key(&item.id);
                let spared = spared.get(&(item.body.device, previous)).copied().unwrap_or(0);
                let between = missing_between(below.copied(), item.body.seq);
                let missing = between.saturating_sub(spared.max(taken_back));
                if missing == 0 {
                    continue;
                }
                gaps.push(Gap {
                    before: Some(item.id),
                    author: Some(item.body.member),
                    missing,
                    named: previous.short(),
                    kind: if !before_reader && heard.is_some()
                        || context.came_later.contains(&item.body.member)
                    {
                        GapKind::Lost
                    } else {
                        GapKind::Earlier
                    },
                });
            }
        }
        for place in self.marked(shown) {
            let item = self.items[place];
            let first = heard.get(&item.body.device).and_then(BTreeSet::first);
            let first_held = first == Some(&item.body.seq);
            let kind = if first_held || context.handed.contains_key(&item.id) {
                GapKind::Earlier
            } else {
                GapKind::Lost
            };
            for short in item.body.seen() {
                if self.places(&short).is_empty()
                    && !withdrawn.contains_key(&short)
                    && named.insert(short)
                {
                    let before = Some(item.id);
                    gaps.push(Gap { before, author: None, missing: 1, named: short, kind });
                }
            }
        }
        for short in context.departures.iter().flatten() {
            let known = !self.places(short).is_empty() || withdrawn.contains_key(short);
            if !known && named.insert(*short) {
                let kind = GapKind::Lost;
                gaps.push(Gap { before: None, author: None, missing: 1, named: *short, kind });
            }
        }
        gaps.sort_unstable();
        gaps
    }

    /// What devices say never left them, by the last of it: how many items (I-76).
    fn spared(&self) -> BTreeMap<(DeviceId, ItemId), u64> {
        let said = self.items.iter().filter_map(|item| match &item.body.gist {
            Gist::Spared(spared) => {
                Some(((item.body.device, spared.last), u64::from(spared.count)))
            }
            _ => None,
        });
        said.collect()
    }

    fn held_numbers(&self, counts: impl Fn(&ItemId) -> bool) -> BTreeMap<DeviceId, BTreeSet<u64>> {
        let mut held: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for item in self.items.iter().filter(|item| counts(&item.id)) {
            held.entry(item.body.device).or_default().insert(item.body.seq);
        }
        held
    }
}

/// How many numbers lie between the highest held below and `seq`; an equivocation leaves none, and
/// one is missing all the same.
fn missing_between(below: Option<u64>, seq: u64) -> u64 {
    let between = match below {
        Some(below) => seq - below - 1,
        None => seq,
    };
    between.max(1)
}
