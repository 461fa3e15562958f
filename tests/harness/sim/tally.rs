//! What is counted in a run, and what went wrong in it.

use std::collections::BTreeMap;

use serde::Serialize;
use windbreak_protocol::id::StateId;

/// A rule that did not hold.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Failure {
    /// Which rule.
    pub rule: &'static str,
    /// What was seen.
    pub detail: String,
    /// After how many steps of the plan.
    pub step: usize,
}

/// What is counted in one run.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Steps of the plan that were done.
    pub steps: u64,
    /// Whether there ever was a rival state.
    pub forked: bool,
    /// How often an honest head left the branch it was on.
    pub head_changes: u64,
    /// The most states one such change left behind.
    pub deepest_fork: u64,
    /// Items said by people.
    pub items: u64,
    /// Items the devices themselves wrote, small or in chunks.
    pub written: u64,
    /// Seals that carry an item; beyond those written it was sealed again, or carried by others.
    pub resealed: u64,
    /// Removals wanted by people.
    pub removals: u64,
    /// What people did to what was said, and to hold the circle.
    pub lived: u64,
    /// Words that devices erased since the circle keeps none for so long.
    pub erased: u64,
    /// Members who came to hold the circle since nobody who did answered.
    pub successions: u64,
    /// Advice nobody had asked for that its readers came to see.
    pub let_through: u64,
    /// How often members put another agreement in the place of the one that held.
    pub adopted: u64,
    /// Files of others that were whole at the end, counted by device.
    pub files: u64,
    /// What newcomers were owed of what was said before they came, and have.
    pub handed: u64,
    /// Reports that came to all they were for at the end, were answered, and asked about again.
    pub reports: u64,
    /// What an attacker did without the right to it.
    pub meddled: u64,
    /// Envelopes that an attacker put on relays or handed to somebody.
    pub attacks: u64,
    /// Proposals made by people.
    pub proposals: u64,
    /// Further devices of members that came in.
    pub devices_added: u64,
    /// Devices that another one of their member wanted out.
    pub devices_removed: u64,
    /// Devices put back to what they kept before.
    pub restored: u64,
    /// Devices copied.
    pub copies: u64,
    /// Keys used twice by a copy that could not know of the other.
    pub reused: u64,
    /// Devices that came back by asking to be taken in again.
    pub returns: u64,
    /// How often a device died.
    pub crashes: u64,
    /// How often an honest head moved onto a branch of the attacker.
    pub moved: u64,
    /// Hangs on every envelope that was published, and on their order.
    pub trace: u64,
    /// The newest head of each device that was looked at.
    pub(crate) watch: BTreeMap<usize, Option<StateId>>,
}
