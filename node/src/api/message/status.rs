//! How the node is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::CircleId;

use super::answer::{UnixSeconds, Why};
use super::network::{Mode, NetworkTrouble};
use super::notice::NoticeStatus;
use crate::swarm::CatchingUp as Counted;

/// How the node is.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Status {
    /// The version of the program.
    pub version: String,
    /// Its process id.
    pub pid: u32,
    /// When it started.
    pub started: UnixSeconds,
    /// The folder of its profile.
    pub profile: String,
    /// Whether it works.
    pub condition: Condition,
    /// Why it does not, if it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Why>,
    /// How many circles it holds.
    pub circles: usize,
    /// Attempts to join that are not over.
    pub joins: usize,
    /// Envelopes that nobody else holds yet.
    pub outbox: usize,
    /// What the store may take, and what it takes.
    #[serde(default)]
    pub store: StoreStatus,
    /// Whether you are told that something is new, and what keeps that from being shown.
    #[serde(default)]
    pub notices: NoticeStatus,
    /// How each circle and each attempt to join is connected.
    pub networks: Vec<NetworkStatus>,
}

/// What the store may take, and what it takes. What a circle takes is counted as it lies on the disk,
/// sealed and padded. The files are longer: they have what was written before, too, until `store
/// compact`, and all stores of a profile are as large as the largest.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct StoreStatus {
    /// Bytes of memory for its pages.
    pub cache: u64,
    /// Bytes of the files of all stores in the folder, whoever's.
    #[serde(default)]
    pub disk: u64,
    /// Bytes that one circle may take; no limit, if there is no number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub circle_quota: Option<u64>,
    /// What each circle takes.
    pub circles: Vec<CircleUsage>,
}

/// What one circle takes.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct CircleUsage {
    /// The circle.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub circle: CircleId,
    /// Bytes that what was said in it takes on the disk, sealed and padded.
    pub bytes: u64,
}

/// How a circle or an attempt to join is connected: one network each, shared with no other.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct NetworkStatus {
    /// The circle; nothing for an attempt to join.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    pub circle: Option<CircleId>,
    /// Its mode.
    pub mode: Mode,
    /// What keeps it from being reached, if anything is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<NetworkTrouble>,
    /// Relays that are set.
    pub relays: usize,
    /// Relays that answer.
    pub relays_connected: usize,
    /// Direct links that are up, whoever found whom.
    pub linked: usize,
    /// How far it has come with what was missed; left out if nothing is known to be lacking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catching_up: Option<CatchingUp>,
}

/// How far a circle has come with what was missed. Counts are those of envelopes, not of shares: a
/// share is in one or several, and not all hold one.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct CatchingUp {
    /// How many have come.
    pub here: usize,
    /// How many there are with those that are known to be lacking, at the time: more may turn up.
    pub about: usize,
}

impl From<Counted> for CatchingUp {
    fn from(counted: Counted) -> Self {
        Self { here: counted.here, about: counted.here.saturating_add(counted.lacking) }
    }
}

/// Whether the node works.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// All is well.
    Working,
    /// Nothing can be written: it reads, takes no work, and tries again.
    ReadOnly,
}
