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
    /// Their ids once more, side by side: nearly all the time goes into looking for them.
    ids: Vec<ItemId>,
    /// For each item the places of its predecessor and of what it had seen, as far as held.
    past: Edges,
}

/// From each place to others, all in one piece: a circle of years has a hundred thousand places.
struct Edges {
    /// Where the ends of each place begin; one more for where the last ones end.
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl Edges {
    /// From pairs of where an edge begins and ends.
    fn new(places: usize, mut pairs: Vec<(u32, u32)>) -> Self {
        pairs.sort_unstable();
        let mut starts = vec![0; places + 1];
        for (from, _) in &pairs {
            starts[*from as usize + 1] += 1;
        }
        for place in 0..places {
            starts[place + 1] += starts[place];
        }
        Self { starts, ends: pairs.into_iter().map(|(_, to)| to).collect() }
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
        let ids = items.iter().map(|item| item.id).collect();
        let mut graph = Self { past: Edges::new(items.len(), Vec::new()), items, ids };
        let mut pairs = Vec::with_capacity(2 * graph.items.len());
        for (place, item) in graph.items.iter().enumerate() {
            pairs.extend(graph.past_of(item).map(|before| (short(place), short(before))));
        }
        graph.past = Edges::new(graph.items.len(), pairs);
        graph
    }

    /// The places of an item's predecessor and of what it had seen, as far as held.
    pub(super) fn past(&self, place: usize) -> impl Iterator<Item = usize> + '_ {
        self.past.of(place)
    }

    /// The place of an item, if it is held.
    pub(super) fn place(&self, id: &ItemId) -> Option<usize> {
        self.ids.binary_search(id).ok()
    }

    /// The places of all held items with this short id: one, unless somebody spent 2^64 hashes.
    pub(super) fn places(&self, short: &[u8; 16]) -> Range<usize> {
        let start = self.ids.partition_point(|id| id.short() < *short);
        let same = self.ids[start..].iter().take_while(|id| id.short() == *short);
        start..start + same.count()
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
        let followers = Edges::new(self.items.len(), pairs);
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
    let followers = Edges::new(graph.items.len(), pairs.collect());
    let mut after = BTreeSet::new();
    let mut places: Vec<usize> = graph.place(item).into_iter().collect();
    while let Some(place) = places.pop() {
        if after.insert(graph.items[place].id) {
            places.extend(followers.of(place));
        }
    }
    after
}
