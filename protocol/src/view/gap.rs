//! Gaps: what is named and not there. A true loss shows; nothing is passed over in silence.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{DeviceId, ItemId, MemberId};
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
    pub(super) fn gaps(&self, shown: &[bool], context: &ViewContext) -> Vec<Gap> {
        let held = self.held_numbers();
        let mut named = BTreeSet::new();
        let mut gaps = Vec::new();
        for place in self.marked(shown) {
            let item = self.items[place];
            let Some(previous) = item.body.previous.filter(|id| self.place(id).is_none()) else {
                continue;
            };
            if named.insert(previous.short()) {
                let below = held[&item.body.device].range(..item.body.seq).next_back();
                gaps.push(Gap {
                    before: Some(item.id),
                    author: Some(item.body.member),
                    missing: missing_between(below.copied(), item.body.seq),
                    named: previous.short(),
                    kind: if below.is_some() || context.came_later.contains(&item.body.member) {
                        GapKind::Lost
                    } else {
                        GapKind::Earlier
                    },
                });
            }
        }
        for place in self.marked(shown) {
            let item = self.items[place];
            let first_held = held[&item.body.device].first() == Some(&item.body.seq);
            let kind = if first_held { GapKind::Earlier } else { GapKind::Lost };
            for short in &item.body.seen {
                if self.places(short).is_empty() && named.insert(*short) {
                    let before = Some(item.id);
                    gaps.push(Gap { before, author: None, missing: 1, named: *short, kind });
                }
            }
        }
        for short in context.departures.iter().flatten() {
            if self.places(short).is_empty() && named.insert(*short) {
                let kind = GapKind::Lost;
                gaps.push(Gap { before: None, author: None, missing: 1, named: *short, kind });
            }
        }
        gaps.sort_unstable();
        gaps
    }

    fn held_numbers(&self) -> BTreeMap<DeviceId, BTreeSet<u64>> {
        let mut held: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for item in &self.items {
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
