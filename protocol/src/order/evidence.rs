//! What a choice rests on. Clauses: specs/04-order O-10, O-12, O-32, O-33.

use std::collections::{BTreeMap, BTreeSet};

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{CircleId, DeviceId, EnvelopeId, MemberId, StateId};
use crate::label::Label;
use crate::order::{Ballots, Namings};

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
    /// Whose leaf that is; not known of a state learnt on joining.
    pub member: Option<MemberId>,
    /// What kind of commit made it.
    pub class: Class,
    /// An envelope its commit travelled in.
    pub commit: Option<EnvelopeId>,
    /// Whether this device may make it its head: it holds its keys, or was removed by it, and if
    /// it made the commit itself somebody else is known to have it.
    pub eligible: bool,
    /// Whether this device has nothing of the state but the word of a Welcome.
    pub told: bool,
}

/// All that a choice rests on.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Whose device it is that chooses.
    pub me: MemberId,
    /// The states.
    pub states: &'a BTreeMap<StateId, Evidence>,
    /// Who votes at a state, as far as its ledger is known.
    pub electorates: &'a BTreeMap<StateId, BTreeSet<MemberId>>,
    /// The epoch of the first state in which a member stood, as far as a known ledger says.
    pub since: &'a BTreeMap<MemberId, u64>,
    /// Who stands where.
    pub ballots: &'a Ballots,
    /// Which of several commits of one leaf on one state others have sealed under.
    pub namings: &'a Namings,
    /// The devices that their members gave up for others, by the state whose commit says so.
    pub given_up: &'a BTreeMap<StateId, BTreeSet<DeviceId>>,
    /// The devices that their members took out, by the state whose commit did so.
    pub taken_out: &'a BTreeMap<StateId, BTreeSet<DeviceId>>,
    /// Choices made for good: state and child. A fork whose rivals were pruned stands here.
    pub frozen: &'a BTreeMap<StateId, StateId>,
}

/// The rank of a commit among its siblings: SHA-256 over circle, epoch and leaf. No byte of it is
/// chosen by the committer, so there is nothing to grind.
#[must_use]
pub fn rank(circle: &CircleId, epoch: u64, leaf: u32) -> [u8; 32] {
    Label::RANK.hash(&[circle.as_bytes(), &epoch.to_be_bytes(), &leaf.to_be_bytes()])
}
