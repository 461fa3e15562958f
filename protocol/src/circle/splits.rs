//! How often a circle was changed in two places at once, for people who want to know that this is
//! no trouble. Nothing is decided by it. Clause: specs/04-order O-120.

use crate::circle::Circle;
use crate::id::StateId;
use crate::limits::{MAX_SPLITS, SPLIT_MEMORY};
use crate::time::Timestamp;

impl Circle {
    /// A state has come in: if it is the first rival of another, the circle had been changed in two
    /// places at once.
    pub(super) fn note_split(&mut self, now: Timestamp, id: &StateId) {
        let Some(state) = self.states.get(id).filter(|state| state.held().is_some()) else {
            return;
        };
        let (parent, epoch) = (state.parent, state.epoch);
        let siblings = self.states.values().filter(|other| {
            other.parent == parent && other.epoch == epoch && other.held().is_some()
        });
        if parent.is_some() && siblings.count() == 2 {
            self.splits.retain(|at| now.since(*at) <= SPLIT_MEMORY);
            if self.splits.len() < MAX_SPLITS {
                self.splits.push(now);
            }
        }
    }

    /// How often that happened lately.
    pub(super) fn splits_lately(&self, now: Timestamp) -> usize {
        self.splits.iter().filter(|at| now.since(**at) <= SPLIT_MEMORY).count()
    }
}
