//! Where the items lie that do not lie firmly yet: the states they were sealed under, as far as this
//! device knows, and when each is to be carried over. Which of them a move of the head concerns is
//! found by their states: a device that catches up moves its head many times, and nearly all it
//! holds lies well before and after. Clause: specs/04-order O-100.

use std::collections::{BTreeMap, BTreeSet};

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{ItemId, StateId};
use crate::limits::RECORD_OVERHEAD;
use crate::time::Timestamp;
use crate::wire::{self, DecodeError};

/// Where one item lies.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Places {
    /// At most [`MAX_PLACES`](crate::limits::MAX_PLACES) states.
    pub(super) under: Vec<StateId>,
    /// When this device carries it over, if none of them is on the head's path.
    pub(super) due: Option<Timestamp>,
    /// Whether it left this device so long after it was sealed that others may have let go of the
    /// keys meanwhile: then it is sealed once more as soon as there is another head.
    pub(super) late: bool,
}

#[derive(TlsDeserialize, TlsSerialize, TlsSize)]
struct PlacesRecord {
    under: Vec<StateId>,
    #[tls_codec(with = "crate::wire::flag")]
    late: bool,
}

impl Places {
    /// Reads back what was written of one item.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let PlacesRecord { under, late } = wire::decode(bytes, RECORD_OVERHEAD)?;
        Ok(Self { under, due: None, late })
    }

    /// What is written of it.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        wire::encode(&PlacesRecord { under: self.under.clone(), late: self.late }).to_vec()
    }

    /// What was sealed nowhere yet and is to be from `due` on.
    pub(super) const fn nowhere(due: Timestamp) -> Self {
        Self { under: Vec::new(), due: Some(due), late: false }
    }

    /// Whether it waits to be sealed at all (C-50).
    fn is_unsealed(&self) -> bool {
        self.under.is_empty()
    }

    /// Whether every move of the head concerns it, whatever the states it lies under.
    fn is_apart(&self) -> bool {
        self.late || self.is_unsealed()
    }
}

/// The places of all items of a circle that do not lie firmly yet. What else is kept says the same,
/// found by another key, and changes with them.
#[derive(Debug, Default)]
pub(super) struct PlacesOf {
    of: BTreeMap<ItemId, Places>,
    under: BTreeMap<StateId, BTreeSet<ItemId>>,
    due: BTreeSet<(Timestamp, ItemId)>,
    apart: BTreeSet<ItemId>,
    unsealed: BTreeSet<ItemId>,
}

impl PlacesOf {
    pub(super) fn get(&self, id: &ItemId) -> Option<&Places> {
        self.of.get(id)
    }

    pub(super) fn contains(&self, id: &ItemId) -> bool {
        self.of.contains_key(id)
    }

    /// All of those items.
    pub(super) fn ids(&self) -> impl Iterator<Item = &ItemId> {
        self.of.keys()
    }

    /// An item lies there from now on, and nowhere else.
    pub(super) fn set(&mut self, id: ItemId, places: Places) {
        self.remove(&id);
        for state in &places.under {
            self.under.entry(*state).or_default().insert(id);
        }
        if let Some(due) = places.due {
            self.due.insert((due, id));
        }
        if places.is_apart() {
            self.apart.insert(id);
        }
        if places.is_unsealed() {
            self.unsealed.insert(id);
        }
        self.of.insert(id, places);
    }

    /// When an item is to be carried over, if it is.
    pub(super) fn set_due(&mut self, id: &ItemId, due: Option<Timestamp>) {
        let Some(places) = self.of.get_mut(id).filter(|places| places.due != due) else {
            return;
        };
        if let Some(before) = std::mem::replace(&mut places.due, due) {
            self.due.remove(&(before, *id));
        }
        if let Some(due) = due {
            self.due.insert((due, *id));
        }
    }

    /// Forgets where an item lies; `false` if that was not known.
    pub(super) fn remove(&mut self, id: &ItemId) -> bool {
        let Some(places) = self.of.remove(id) else {
            return false;
        };
        for state in &places.under {
            if let Some(there) = self.under.get_mut(state) {
                there.remove(id);
                if there.is_empty() {
                    self.under.remove(state);
                }
            }
        }
        if let Some(due) = places.due {
            self.due.remove(&(due, *id));
        }
        self.apart.remove(id);
        self.unsealed.remove(id);
        true
    }

    /// Whether an item waits to be sealed at all.
    pub(super) fn is_unsealed(&self, id: &ItemId) -> bool {
        self.unsealed.contains(id)
    }

    /// How many wait to be sealed at all.
    pub(super) fn unsealed(&self) -> usize {
        self.unsealed.len()
    }

    /// When the first of them is to be carried over.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.due.first().map(|(due, _)| *due)
    }

    /// Those that are to be carried over by `now`.
    pub(super) fn due_by(&self, now: Timestamp) -> impl Iterator<Item = &ItemId> {
        self.due.iter().take_while(move |(due, _)| *due <= now).map(|(_, id)| id)
    }

    /// Those that a move of the head may concern: all but what lies under `calm` states alone and
    /// is not to be carried over anyway.
    pub(super) fn concerned(&self, calm: impl Fn(&StateId) -> bool) -> BTreeSet<ItemId> {
        let moved = self.under.iter().filter(|(state, _)| !calm(state));
        let moved = moved.flat_map(|(_, there)| there.iter().copied());
        moved.chain(self.due.iter().map(|(_, id)| *id)).chain(self.apart.iter().copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn places() -> impl Strategy<Value = Places> {
        let under = proptest::collection::btree_set(0_u8..6, 0..4);
        (under, proptest::option::of(0_u64..9), any::<bool>()).prop_map(|(under, due, late)| {
            Places {
                under: under.into_iter().map(|state| StateId::from_bytes([state; 32])).collect(),
                due: due.map(Timestamp::from_seconds),
                late,
            }
        })
    }

    /// What becomes of the places of an item: set, due, or forgotten.
    #[derive(Clone, Debug)]
    enum Step {
        Set(u8, Places),
        Due(u8, Option<u64>),
        Remove(u8),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0_u8..8, places()).prop_map(|(item, places)| Step::Set(item, places)),
            (0_u8..8, proptest::option::of(0_u64..9)).prop_map(|(item, due)| Step::Due(item, due)),
            (0_u8..8).prop_map(Step::Remove),
        ]
    }

    proptest! {
        #[test]
        fn what_is_found_by_another_key_is_what_a_walk_over_all_finds(
            steps in proptest::collection::vec(step(), 0..60),
            calm in proptest::collection::btree_set(0_u8..6, 0..6),
            now in 0_u64..9,
        ) {
            let item = |number: u8| ItemId::from_bytes([number; 32]);
            let mut kept = PlacesOf::default();
            let mut plain = BTreeMap::<ItemId, Places>::new();
            for step in steps {
                match step {
                    Step::Set(number, places) => {
                        kept.set(item(number), places.clone());
                        plain.insert(item(number), places);
                    }
                    Step::Due(number, due) => {
                        let due = due.map(Timestamp::from_seconds);
                        kept.set_due(&item(number), due);
                        if let Some(places) = plain.get_mut(&item(number)) {
                            places.due = due;
                        }
                    }
                    Step::Remove(number) => {
                        let was_known = plain.remove(&item(number)).is_some();
                        prop_assert_eq!(kept.remove(&item(number)), was_known);
                    }
                }
            }
            prop_assert_eq!(&kept.of, &plain);
            prop_assert!(kept.ids().all(|id| kept.contains(id)));
            let is_unsealed = |id: &ItemId| plain.get(id).is_some_and(|p| p.under.is_empty());
            prop_assert_eq!(kept.unsealed(), plain.keys().filter(|id| is_unsealed(id)).count());
            prop_assert!((0..8).map(item).all(|id| kept.is_unsealed(&id) == is_unsealed(&id)));
            prop_assert_eq!(kept.next_due(), plain.values().filter_map(|places| places.due).min());

            let now = Timestamp::from_seconds(now);
            let due = plain.iter().filter(|(_, places)| places.due.is_some_and(|due| due <= now));
            let due: BTreeSet<ItemId> = due.map(|(id, _)| *id).collect();
            prop_assert_eq!(kept.due_by(now).copied().collect::<BTreeSet<_>>(), due);

            let is_calm = |state: &StateId| calm.contains(&state.as_bytes()[0]);
            let concerned = plain.iter().filter(|(_, places)| {
                places.due.is_some() || places.is_apart() || !places.under.iter().all(is_calm)
            });
            let concerned: BTreeSet<ItemId> = concerned.map(|(id, _)| *id).collect();
            prop_assert_eq!(kept.concerned(is_calm), concerned);
        }
    }
}
