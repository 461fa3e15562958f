//! What those hear whom a commit took out: nobody beyond it. So members tell them where they stand
//! by naming that commit, where there is a rival on which they might stay. Clause: specs/04-order
//! O-40.

use std::collections::BTreeSet;

use crate::circle::{Circle, Standing, Step};
use crate::id::StateId;
use crate::limits::{MAX_NAMINGS, MAX_OUTBOX};
use crate::order;
use crate::state::{Hold, Naming, State};

/// A commit of the path that took somebody out.
struct ToName {
    /// The epoch of the state it was made on, and that state.
    epoch: u64,
    parent: StateId,
    naming: Naming,
}

impl Circle {
    /// Names the commits on the head's path that took somebody out and have a rival, or lie beyond
    /// one: after a batch, as with twins.
    pub(super) fn name_removals(&mut self, step: &mut Step<'_>) {
        if self.standing != Standing::Active {
            return;
        }
        let mut removals = self.removals_to_name();
        let oldest = if removals.is_empty() { None } else { self.oldest_fork() };
        let Some(oldest) = oldest else {
            return;
        };
        removals.retain(|removal| removal.epoch >= oldest && !self.stands_named(removal));
        for ToName { parent, naming, .. } in removals {
            if self.outbox.len() < MAX_OUTBOX {
                self.seal_naming(step, parent, naming);
            }
        }
    }

    /// The commits of the path that took somebody out, as far as the keys of what they were made on are here.
    fn removals_to_name(&self) -> Vec<ToName> {
        let removal = |(id, state): (&StateId, &State)| {
            state.departures()?;
            let (parent, commit) = (state.parent?, state.commit?);
            let below = self.states.get(&parent).filter(|below| below.held().is_some())?;
            Some(ToName { epoch: below.epoch, parent, naming: Naming { state: *id, commit } })
        };
        self.down_the_path().filter_map(removal).collect()
    }

    /// Whether this device has named it, and was nowhere else since; or has no place left for one more naming
    /// there.
    fn stands_named(&self, removal: &ToName) -> bool {
        let own = self.key.id();
        let ToName { parent, naming: Naming { state, commit }, .. } = removal;
        let named = self.namings.get(parent).into_iter().flatten();
        let named: Vec<_> = named.filter(|n| n.device == own).collect();
        let newest = named.iter().filter(|n| n.commit == *commit).max_by_key(|n| n.counter);
        named.len() >= MAX_NAMINGS || newest.is_some_and(|n| !self.was_elsewhere_since(n, state))
    }

    /// Whether this device said since a naming that it stands elsewhere than at `state` or what comes from
    /// it, or took in a word of another device of its member that does: to whoever was taken out that would
    /// be newer than the naming.
    fn was_elsewhere_since(&self, naming: &order::Naming, state: &StateId) -> bool {
        let here = BTreeSet::from([*state]);
        let is_elsewhere = |at: StateId| self.above(at, &here).is_none();
        let own = self.key.id();
        let said = self.ballots.seals_after(&own, naming.counter).filter_map(|seal| seal.vote);
        if said.collect::<BTreeSet<_>>().into_iter().any(is_elsewhere) {
            return true;
        }
        let Some(naming) = self.ballots.seal_of(&own, naming.counter) else {
            return false;
        };
        // Of devices that are in the head no more a naming says nothing.
        self.siblings().iter().any(|sibling| {
            let known = naming.siblings.iter().find(|known| known.device == sibling.device);
            let vote = self.ballots.vote_of(&sibling.device);
            let vote = vote.filter(|vote| vote.vote.is_some_and(is_elsewhere));
            vote.is_some_and(|vote| known.is_none_or(|known| known.counter < vote.counter))
        })
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
