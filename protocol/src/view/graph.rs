//! Items as a graph: what each names, what it lies after, and one order that respects both.
//!
//! Everything here is iterative: a hostile author can make a chain as long as the store.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::ops::Range;

use crate::content::{Content, Item};
use crate::id::ItemId;
use crate::identity::Verified;

/// The items by place: an item's place is its rank by id.
pub(super) struct Graph<'a> {
    pub(super) items: Vec<&'a Verified<Item>>,
    /// For each item the places of its predecessor and of what it had seen, as far as held.
    pub(super) past: Vec<Vec<usize>>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(items: &'a BTreeMap<ItemId, Verified<Item>>) -> Self {
        let items: Vec<_> = items.values().collect();
        let mut graph = Self { items, past: Vec::new() };
        graph.past = graph.items.iter().map(|item| graph.past_of(item)).collect();
        graph
    }

    /// The place of an item, if it is held.
    pub(super) fn place(&self, id: &ItemId) -> Option<usize> {
        self.items.binary_search_by(|item| item.id.cmp(id)).ok()
    }

    /// The places of all held items with this short id: one, unless somebody spent 2^64 hashes.
    pub(super) fn places(&self, short: &[u8; 16]) -> Range<usize> {
        let start = self.items.partition_point(|item| item.id.short() < *short);
        let end = self.items.partition_point(|item| item.id.short() <= *short);
        start..end
    }

    /// Marks everything in the causal past of `roots`, themselves included.
    pub(super) fn reachable(&self, mut roots: Vec<usize>) -> Vec<bool> {
        let mut reached = vec![false; self.items.len()];
        while let Some(place) = roots.pop() {
            if !std::mem::replace(&mut reached[place], true) {
                roots.extend_from_slice(&self.past[place]);
            }
        }
        reached
    }

    /// The marked items, causes before effects and what is answered before the answer; what is
    /// concurrent by time, then by id.
    pub(super) fn ordered(&self, marked: &[bool]) -> Vec<usize> {
        let mut waits_for = vec![0_usize; self.items.len()];
        let mut followers = vec![Vec::new(); self.items.len()];
        for place in self.marked(marked) {
            let answered = self.answered(place);
            for &before in self.past[place].iter().chain(&answered) {
                if marked[before] {
                    waits_for[place] += 1;
                    followers[before].push(place);
                }
            }
        }
        let key = |place: usize| Reverse((self.items[place].body.written, place));
        let mut ready: BinaryHeap<_> =
            self.marked(marked).filter(|place| waits_for[*place] == 0).map(key).collect();
        let mut order = Vec::new();
        while let Some(Reverse((_, place))) = ready.pop() {
            order.push(place);
            for &after in &followers[place] {
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
        match &self.items[place].body.content {
            Content::Reply(reply) => self.place(&reply.to),
            Content::Consent(consent) => self.place(&consent.proposal),
            _ => None,
        }
    }

    pub(super) fn marked<'m>(&self, marked: &'m [bool]) -> impl Iterator<Item = usize> + 'm {
        (0..marked.len()).filter(|place| marked[*place])
    }

    fn past_of(&self, item: &Item) -> Vec<usize> {
        let previous = item.body.previous.and_then(|id| self.place(&id));
        let seen = item.body.seen.iter().flat_map(|short| self.places(short));
        previous.into_iter().chain(seen).collect()
    }
}

/// The items in whose causal past `item` lies, itself included.
pub(crate) fn after(items: &BTreeMap<ItemId, Verified<Item>>, item: &ItemId) -> BTreeSet<ItemId> {
    let graph = Graph::new(items);
    let mut followers = vec![Vec::new(); graph.items.len()];
    for (place, past) in graph.past.iter().enumerate() {
        for &before in past {
            followers[before].push(place);
        }
    }
    let mut after = BTreeSet::new();
    let mut places: Vec<usize> = graph.place(item).into_iter().collect();
    while let Some(place) = places.pop() {
        if after.insert(graph.items[place].id) {
            places.extend_from_slice(&followers[place]);
        }
    }
    after
}
