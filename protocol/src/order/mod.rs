//! Which of several rival states is the head: a pure function of what is known, never of the order
//! in which it became known. Clauses: specs/04-order O-10 to O-14.
//!
//! ```text
//!            ┌── B ── C        At every fork the child with the lowest rank wins, and its
//!  A (root) ─┤                 descendants with it; rivals are kept and stay readable.
//!            └── D
//! ```

mod retention;

pub use retention::Heard;

use std::collections::BTreeMap;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{CircleId, StateId};
use crate::label::Label;

/// What kind of commit made a state. Among rivals with as many votes the lower class wins.
#[derive(
    Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, TlsDeserialize, TlsSerialize, TlsSize,
)]
#[repr(u8)]
pub enum Class {
    /// Facilitators' removals and changes of roles.
    Removal = 0,
    /// Every other commit of a facilitator.
    Facilitator = 1,
    /// Everything else.
    Ordinary = 2,
}

/// What the choice knows of one state.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Evidence {
    /// The state it was made from; none, or one that is not known, for where this device came in.
    pub parent: Option<StateId>,
    /// Its epoch.
    pub epoch: u64,
    /// The MLS leaf whose commit made it.
    pub leaf: u32,
    /// Whether this device may make it its head: it holds its keys, or was removed by it, and if
    /// it made the commit itself somebody else is known to have it.
    pub eligible: bool,
}

/// The rank of a commit among its siblings: SHA-256 over circle, epoch and leaf. No byte of it is
/// chosen by the committer, so there is nothing to grind.
#[must_use]
pub fn rank(circle: &CircleId, epoch: u64, leaf: u32) -> [u8; 32] {
    Label::RANK.hash(&[circle.as_bytes(), &epoch.to_be_bytes(), &leaf.to_be_bytes()])
}

/// The head: from the root downwards always the child that wins, as far as an eligible state can
/// be reached that way. States whose parent is not known count as children of one unknown state.
///
/// `None` only if no state is eligible.
#[must_use]
pub fn choose(circle: &CircleId, states: &BTreeMap<StateId, Evidence>) -> Option<StateId> {
    let mut children: BTreeMap<Option<StateId>, Vec<StateId>> = BTreeMap::new();
    for (id, evidence) in states {
        let parent = evidence.parent.filter(|parent| states.contains_key(parent));
        children.entry(parent).or_default().push(*id);
    }
    let leads = leads_to_eligible(states);
    let mut head = None;
    let mut at = None;
    while let Some(winner) = children.get(&at).and_then(|rivals| {
        rivals
            .iter()
            .filter(|id| leads.get(*id).copied().unwrap_or(false))
            .min_by_key(|id| (states.get(*id).map(|e| rank(circle, e.epoch, e.leaf)), **id))
            .copied()
    }) {
        if states.get(&winner).is_some_and(|evidence| evidence.eligible) {
            head = Some(winner);
        }
        at = Some(winner);
    }
    head
}

/// For every state whether it or a descendant of it is eligible.
fn leads_to_eligible(states: &BTreeMap<StateId, Evidence>) -> BTreeMap<StateId, bool> {
    let mut leads: BTreeMap<StateId, bool> = BTreeMap::new();
    for (id, evidence) in states {
        if !evidence.eligible {
            continue;
        }
        let mut at = Some(*id);
        while let Some(state) = at {
            // Marked before: so are all its ancestors.
            if leads.insert(state, true) == Some(true) {
                break;
            }
            at = states.get(&state).and_then(|e| e.parent).filter(|p| states.contains_key(p));
        }
    }
    leads
}

#[cfg(test)]
mod tests;
