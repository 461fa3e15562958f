//! What those hear whom a commit took out: nobody beyond it. So members tell them where they stand
//! by naming that commit, where there is a rival on which they might stay. Clause: specs/04-order
//! O-40.

use crate::circle::{Circle, Standing, Step};
use crate::id::StateId;
use crate::limits::MAX_OUTBOX;
use crate::state::{Hold, Naming, State};

impl Circle {
    /// Names the commits on the head's path that took somebody out and have a rival, or lie beyond
    /// one, each once: after a batch, as with twins.
    pub(super) fn name_removals(&mut self, step: &mut Step<'_>) {
        if self.standing != Standing::Active {
            return;
        }
        let unnamed = self.unnamed_removals();
        let oldest = if unnamed.is_empty() { None } else { self.oldest_fork() };
        let Some(oldest) = oldest else {
            return;
        };
        for (epoch, parent, naming) in unnamed {
            if epoch >= oldest && self.outbox.len() < MAX_OUTBOX {
                self.seal_naming(step, parent, naming);
            }
        }
    }

    /// The commits of the path by others that took somebody out and that this device has not named,
    /// with the state each was made on and its epoch.
    fn unnamed_removals(&self) -> Vec<(u64, StateId, Naming)> {
        let own = self.key.id();
        let removal = |(id, state): (&StateId, &State)| {
            state.departures().filter(|_| state.member != Some(self.me))?;
            let (parent, commit) = (state.parent?, state.commit?);
            let below = self.states.get(&parent).filter(|below| below.held().is_some())?;
            let mut named = self.namings.get(&parent).into_iter().flatten();
            let is_named = named.any(|n| n.device == own && n.commit == commit);
            (!is_named).then_some((below.epoch, parent, Naming { state: *id, commit }))
        };
        self.down_the_path().filter_map(removal).collect()
    }

    /// The epoch of the oldest state of the path on which a rival is kept.
    fn oldest_fork(&self) -> Option<u64> {
        let path = self.path();
        let rivals = self
            .states
            .iter()
            .filter(|(id, state)| !path.contains(*id) && !matches!(state.hold, Hold::Header(_)));
        let forks = rivals.filter_map(|(_, state)| state.parent.filter(|p| path.contains(p)));
        forks.filter_map(|fork| Some(self.states.get(&fork)?.epoch)).min()
    }

    /// For whoever a commit took out, a naming of it is the vote of somebody who stands beyond it.
    pub(super) fn heed_namings(&mut self, step: &mut Step<'_>, parent: &StateId) {
        let closing = self.states.iter().filter(|(_, state)| {
            state.parent == Some(*parent) && matches!(state.hold, Hold::Closing(_))
        });
        let mut spoke = Vec::new();
        for (id, state) in closing {
            let named = self.namings.get(parent).into_iter().flatten();
            for naming in named.filter(|naming| Some(naming.commit) == state.commit) {
                spoke.extend(self.ballots.speak(&naming.device, naming.counter, *id));
            }
        }
        for seal in spoke {
            self.write_ballot(step, &seal);
        }
    }
}
