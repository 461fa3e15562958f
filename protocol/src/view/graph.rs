//! Items as a graph: what each names, what it lies after, and one order that respects both.
//!
//! Everything here is iterative: a hostile author can make a chain as long as the store.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::ops::Range;

use crate::id::ItemId;
use crate::shelf::{Items, Kept};

/// The items by place: an item's place is its rank by id.
pub(super) struct Graph<'a> {
    pub(super) items: Vec<&'a Kept>,
    /// Their ids once more: nearly all the time goes into looking for them.
    ids: Ids,
    /// For each item the places of its predecessor and of what it had seen, as far as held.
    past: Edges,
}

/// Ids in ascending order, side by side.
struct Ids {
    ids: Vec<ItemId>,
    /// Where those begin whose first bits are as many as the place here; one more for where the last ones
    /// end. About as many as there are ids, which are hashes: one lies where its first bits say, or nearly.
    starts: Vec<u32>,
    /// By how many bits the first 32 are too long for that.
    rest: u32,
}

impl Ids {
    fn new(ids: Vec<ItemId>) -> Self {
        let bits = ids.len().max(1).ilog2();
        let rest = u32::BITS.saturating_sub(bits);
        let mut starts = vec![0; (1 << bits) + 1];
        for id in &ids {
            starts[first_bits(id.as_bytes(), rest) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self { ids, starts, rest }
    }

    /// Where the ids lie that begin like these bytes. Somebody may choose ids that begin alike: there it is
    /// no quicker than among all.
    fn near(&self, begins: &[u8]) -> Range<usize> {
        let at = first_bits(begins, self.rest);
        self.starts[at] as usize..self.starts[at + 1] as usize
    }

    fn place(&self, id: &ItemId) -> Option<usize> {
        let near = self.near(id.as_bytes());
        let at = self.ids[near.clone()].binary_search(id).ok()?;
        Some(near.start + at)
    }

    fn places(&self, short: &[u8; 16]) -> Range<usize> {
        let near = self.near(short);
        let ids = &self.ids[near.clone()];
        let start = ids.partition_point(|id| id.short() < *short);
        let same = ids[start..].iter().take_while(|id| id.short() == *short).count();
        near.start + start..near.start + start + same
    }
}

/// The first bits of an id, without the last `rest` of 32.
fn first_bits(id: &[u8], rest: u32) -> usize {
    let first = id.first_chunk().map_or(0, |first| u32::from_be_bytes(*first));
    first.checked_shr(rest).unwrap_or(0) as usize
}

/// From each place to others, all in one piece: a circle of years has a hundred thousand places.
struct Edges {
    /// Where the ends of each place begin; one more for where the last ones end.
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl Edges {
    /// From pairs of where an edge begins and ends.
    fn new(places: usize, pairs: &[(u32, u32)]) -> Self {
        let mut starts = vec![0; places + 1];
        for (from, _) in pairs {
            starts[*from as usize + 1] += 1;
        }
        for place in 0..places {
            starts[place + 1] += starts[place];
        }
        let (mut next, mut ends) = (starts.clone(), vec![0; pairs.len()]);
        for (from, to) in pairs {
            let at = &mut next[*from as usize];
            ends[*at as usize] = *to;
            *at += 1;
        }
        Self { starts, ends }
    }

    fn of(&self, place: usize) -> impl Iterator<Item = usize> + '_ {
        let range = self.starts[place] as usize..self.starts[place + 1] as usize;
        self.ends[range].iter().map(|end| *end as usize)
    }
}

/// A place in the form in which edges hold it.
fn short(place: usize) -> u32 {
    // No store holds as many items as would not fit.
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl<'a> Graph<'a> {
    pub(super) fn new(items: &'a Items) -> Self {
        let items: Vec<_> = items.values().collect();
        let ids = Ids::new(items.iter().map(|item| item.id).collect());
        let mut graph = Self { past: Edges::new(items.len(), &[]), items, ids };
        let mut pairs = Vec::with_capacity(2 * graph.items.len());
        for (place, item) in graph.items.iter().enumerate() {
            pairs.extend(graph.past_of(item).map(|before| (short(place), short(before))));
        }
        graph.past = Edges::new(graph.items.len(), &pairs);
        graph
    }

    /// The places of an item's predecessor and of what it had seen, as far as held.
    pub(super) fn past(&self, place: usize) -> impl Iterator<Item = usize> + '_ {
        self.past.of(place)
    }

    /// The place of an item, if it is held.
    pub(super) fn place(&self, id: &ItemId) -> Option<usize> {
        self.ids.place(id)
    }

    /// The places of all held items with this short id: one, unless somebody spent 2^64 hashes.
    pub(super) fn places(&self, short: &[u8; 16]) -> Range<usize> {
        self.ids.places(short)
    }

    /// Marks everything in the causal past of `roots`, themselves included.
    pub(super) fn reachable(&self, mut roots: Vec<usize>) -> Vec<bool> {
        let mut reached = vec![false; self.items.len()];
        while let Some(place) = roots.pop() {
            if !std::mem::replace(&mut reached[place], true) {
                roots.extend(self.past(place));
            }
        }
        reached
    }

    /// The marked items, causes before effects and what is answered before the answer; what is
    /// concurrent by time, then by id.
    pub(super) fn ordered(&self, marked: &[bool]) -> Vec<usize> {
        let mut waits_for = vec![0_u32; self.items.len()];
        let mut pairs = Vec::with_capacity(2 * self.items.len());
        for place in self.marked(marked) {
            for before in self.past(place).chain(self.answered(place)) {
                if marked[before] {
                    waits_for[place] += 1;
                    pairs.push((short(before), short(place)));
                }
            }
        }
        let followers = Edges::new(self.items.len(), &pairs);
        let key = |place: usize| Reverse((self.items[place].body.written, place));
        let mut ready: BinaryHeap<_> =
            self.marked(marked).filter(|place| waits_for[*place] == 0).map(key).collect();
        let mut order = Vec::new();
        while let Some(Reverse((_, place))) = ready.pop() {
            order.push(place);
            for after in followers.of(place) {
                waits_for[after] -= 1;
                if waits_for[after] == 0 {
                    ready.push(key(after));
                }
            }
        }
        // A circle of items that name each other would need a broken hash. Even then nothing is
        // lost: its items follow at the end.
        let mut rest: Vec<_> =
            self.marked(marked).filter(|place| waits_for[*place] > 0).map(key).collect();
        rest.sort_unstable_by(|one, other| other.cmp(one));
        order.extend(rest.into_iter().map(|Reverse((_, place))| place));
        order
    }

    /// The place of what an item answers, if it answers something held.
    pub(super) fn answered(&self, place: usize) -> Option<usize> {
        self.items[place].body.gist.answers().and_then(|to| self.place(to))
    }

    pub(super) fn marked<'m>(&self, marked: &'m [bool]) -> impl Iterator<Item = usize> + 'm {
        (0..marked.len()).filter(|place| marked[*place])
    }

    fn past_of(&self, item: &'a Kept) -> impl Iterator<Item = usize> + '_ {
        let previous = item.body.previous.and_then(|id| self.place(&id));
        let seen = item.body.seen().flat_map(|short| self.places(&short));
        previous.into_iter().chain(seen)
    }
}

/// The items in whose causal past `item` lies, itself included.
pub(crate) fn after(items: &Items, item: &ItemId) -> BTreeSet<ItemId> {
    let graph = Graph::new(items);
    let all = 0..graph.items.len();
    let pairs = all.flat_map(|at| graph.past(at).map(move |before| (short(before), short(at))));
    let followers = Edges::new(graph.items.len(), &pairs.collect::<Vec<_>>());
    let mut after = BTreeSet::new();
    let mut places: Vec<usize> = graph.place(item).into_iter().collect();
    while let Some(place) = places.pop() {
        if after.insert(graph.items[place].id) {
            places.extend(followers.of(place));
        }
    }
    after
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(first: [u8; 4], last: u8) -> ItemId {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&first);
        bytes[31] = last;
        ItemId::from_bytes(bytes)
    }

    /// Spread as hashes are, and all in one place, as somebody may choose them.
    #[test]
    fn ids_are_found_where_they_lie_however_they_begin() {
        let spread =
            |count: u32| (0..count).map(|n| id(n.wrapping_mul(0x9e37_79b9).to_be_bytes(), 1));
        let alike = |count: u8| (0..count).map(|n| id([7, 7, 7, n / 2], n));
        let edges = || [id([0; 4], 0), id([255; 4], 255)].into_iter();
        for count in [0, 1, 2, 3, 63, 64, 65, 1000] {
            let ids: BTreeSet<ItemId> = spread(count)
                .chain(alike(count.min(200) as u8))
                .chain(edges().take(count as usize))
                .collect();
            let sorted: Vec<ItemId> = ids.iter().copied().collect();
            let found = Ids::new(sorted.clone());
            for (place, id) in sorted.iter().enumerate() {
                assert_eq!(found.place(id), Some(place), "{count}");
                let same = sorted.iter().filter(|other| other.short() == id.short()).count();
                let places = found.places(&id.short());
                assert!(places.contains(&place) && places.len() == same, "{count}: {places:?}");
            }
            for missing in [id([7, 7, 7, 3], 99), id([1; 4], 9), id([254; 4], 0)] {
                assert_eq!(found.place(&missing), None, "{count}");
            }
            assert!(found.places(&[1; 16]).is_empty(), "{count}");
        }
    }
}
