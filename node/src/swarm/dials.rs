//! How many doors are knocked at in a while. Whose addresses they are others say, who may lie.
//! Clauses: specs/06-sync Y-46, Y-84.

use std::collections::VecDeque;

use tokio::time::Instant;

use crate::swarm::limits::{DIAL_WINDOW, MAX_DIALS};

/// The latest dials of one swarm.
#[derive(Debug, Default)]
pub(crate) struct Dials(VecDeque<Instant>);

impl Dials {
    /// Counts one more, if there is room for it.
    pub(crate) fn take(&mut self, now: Instant) -> bool {
        while self.0.front().is_some_and(|at| now.duration_since(*at) > DIAL_WINDOW) {
            self.0.pop_front();
        }
        let has_room = self.0.len() < MAX_DIALS;
        if has_room {
            self.0.push_back(now);
        }
        has_room
    }
}
