//! Whom a device is linked with where more are there than it may be linked with: those whose names
//! come next before and after its own, in a ring of all names. However many are there, everybody is
//! reached over some others. Clause: specs/06-sync Y-85.

use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};

use crate::swarm::limits::NEXT_NAMES;

/// The names of those who are there.
#[derive(Debug)]
pub(super) struct Ring<'a>(BTreeSet<&'a str>);

impl<'a> Ring<'a> {
    pub(super) fn of(names: impl Iterator<Item = &'a str>) -> Self {
        Self(names.collect())
    }

    /// Whether at most a few come between two names, on either side.
    pub(super) fn are_near(&self, one: &str, other: &str) -> bool {
        self.between(one, other) < NEXT_NAMES || self.between(other, one) < NEXT_NAMES
    }

    /// How many names come after one, going up and around, before another.
    fn between(&self, one: &str, other: &str) -> usize {
        let up = |from, to| self.0.range::<str, _>((from, to)).count();
        if one < other {
            up(Excluded(one), Excluded(other))
        } else {
            up(Excluded(one), Unbounded) + up(Unbounded, Excluded(other))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::swarm::limits::{MAX_DIRECT, MAX_NEAR};

    proptest! {
        #[test]
        fn in_a_ring_few_are_near_and_everybody_is_reached(
            names in prop::collection::btree_set("[a-z2-7]{16}", 2..MAX_NEAR),
        ) {
            let ring = Ring::of(names.iter().map(String::as_str));
            let mut reached = BTreeSet::new();
            let mut next: Vec<&String> = names.iter().take(1).collect();
            while let Some(name) = next.pop() {
                let near: Vec<_> = names
                    .iter()
                    .filter(|other| *other != name && ring.are_near(name, other))
                    .collect();
                prop_assert!(near.len() <= 2 * NEXT_NAMES && near.len() < MAX_DIRECT);
                prop_assert!(near.iter().all(|other| ring.are_near(other, name)));
                if reached.insert(name) {
                    next.extend(near);
                }
            }
            prop_assert_eq!(reached.len(), names.len());
        }
    }
}
