//! Two commits by one leaf on one state: candidates only through others. Clause: specs/04-order
//! O-37.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{DeviceId, EnvelopeId, MemberId, StateId};
use crate::order::Evidence;

/// A member says which of several commits of one leaf it had sealed under before it knew of the
/// others.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Naming {
    /// Whose device says so.
    pub member: MemberId,
    /// The device.
    pub device: DeviceId,
    /// The counter of the seal that says so.
    pub counter: u64,
    /// The state the named commit makes.
    pub state: StateId,
    /// An envelope that carries the commit.
    pub commit: EnvelopeId,
}

impl Naming {
    fn names(&self, state: &StateId, evidence: &Evidence) -> bool {
        // Whoever was removed by a commit knows its envelope, and not the state that it makes.
        self.state == *state || evidence.commit == Some(self.commit)
    }
}

/// Namings, by the state they were sealed under: the parent of the twins.
pub type Namings = BTreeMap<StateId, BTreeSet<Naming>>;

/// Keeps those of the children of `parent` that may win there: of several by one leaf only those
/// that a member other than their author named. Every device names one of them: if it names more,
/// the first it named counts. A state that somebody only told of is no twin: a word would make others
/// lose.
pub(super) fn retain_candidates(
    parent: &StateId,
    children: &mut Vec<StateId>,
    states: &BTreeMap<StateId, Evidence>,
    namings: &Namings,
) {
    let mut by_leaf: BTreeMap<u32, Vec<(&StateId, &Evidence)>> = BTreeMap::new();
    let seen = |evidence: &Evidence| evidence.commit.is_some() || evidence.eligible;
    let known = children.iter().filter_map(|id| states.get_key_value(id));
    for (id, evidence) in known.filter(|(_, evidence)| seen(evidence)) {
        by_leaf.entry(evidence.leaf).or_default().push((id, evidence));
    }
    let mut losers = BTreeSet::new();
    for twins in by_leaf.into_values().filter(|twins| twins.len() > 1) {
        let mut firsts: BTreeMap<DeviceId, (u64, StateId)> = BTreeMap::new();
        for naming in namings.get(parent).into_iter().flatten() {
            let named = twins.iter().find(|(id, evidence)| naming.names(id, evidence));
            let others = named.filter(|(_, evidence)| evidence.member != Some(naming.member));
            if let Some((named, _)) = others {
                let first = firsts.entry(naming.device).or_insert((naming.counter, **named));
                *first = (naming.counter, **named).min(*first);
            }
        }
        let named: BTreeSet<StateId> = firsts.into_values().map(|(_, state)| state).collect();
        losers.extend(twins.iter().map(|(id, _)| **id).filter(|id| !named.contains(id)));
    }
    children.retain(|id| !losers.contains(id));
}
