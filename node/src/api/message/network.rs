//! How a circle is reached from this device: its network mode.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::profile::NetworkMode as Chosen;

/// Who may learn this device's address. Those that tell it to more come later, but `lan`, which tells
/// it to others; a mode never falls back to another.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Nobody: everything goes through Tor, to onion services alone.
    Tor,
    /// The relays alone; the node never listens.
    RelayOnly,
    /// The relays and the members of the circle.
    Direct,
    /// Nobody on the internet. On a local network everybody sees that this device runs Windbreak, and
    /// members which device it is.
    Lan,
}

impl From<Chosen> for Mode {
    fn from(mode: Chosen) -> Self {
        match mode {
            Chosen::Tor => Self::Tor,
            Chosen::RelayOnly => Self::RelayOnly,
            Chosen::Direct => Self::Direct,
            Chosen::Lan => Self::Lan,
        }
    }
}

impl From<Mode> for Chosen {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Tor => Self::Tor,
            Mode::RelayOnly => Self::RelayOnly,
            Mode::Direct => Self::Direct,
            Mode::Lan => Self::Lan,
        }
    }
}

/// How a circle is reached from this device.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct CircleNetwork {
    /// Its mode.
    pub mode: Mode,
    /// Where the proxy of Tor is looked for, if the mode needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tor_proxy: Option<String>,
    /// The relays it names.
    pub relays: Vec<RelayReach>,
    /// How many of these relays are connected now.
    pub relays_connected: usize,
    /// How members are met directly, if that was chosen for this circle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direct: Option<DirectReach>,
    /// How members are found on local networks, in the mode `lan`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lan: Option<LanReach>,
    /// Direct links that were chosen and that this mode leaves unused.
    pub unused_links: Vec<String>,
    /// What keeps the circle from being reached, if anything is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<NetworkTrouble>,
}

/// How members are met directly: counts, and nothing of who or where.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct DirectReach {
    /// Whether a relay brings members together with this device.
    pub met_by_relay: bool,
    /// Devices of members that are linked with this one, with no relay between.
    pub linked: usize,
    /// Devices that were met at a relay and to which neither side's network lets the other through:
    /// with them everything goes over relays.
    pub apart: usize,
}

/// How members are found on local networks: counts, and nothing of who or where.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct LanReach {
    /// Devices of members that are linked with this one there.
    pub linked: usize,
}

/// One address of a relay.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct RelayReach {
    /// The address.
    pub address: String,
    /// Whether it can be dialled in this mode.
    pub usable: bool,
}

/// What keeps a circle from being reached.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NetworkTrouble {
    /// The mode is tor, and no proxy of Tor answers.
    TorAbsent,
    /// The mode is tor, and no relay has an onion address.
    NoOnionRelay,
    /// The mode is not tor, and the relays have onion addresses alone.
    OnionRelaysOnly,
    /// A relay has no more room for this circle, or for what this device sent within the hour; what
    /// was written waits and is offered again.
    RelayQuota,
    /// None of the relays answers.
    RelaysSilent,
    /// The mode is lan, and this device is in no local network.
    NoLocalNetwork,
    /// The mode is lan, and another program of this device has the port for itself by which others are
    /// found.
    LocalNetworkDeaf,
    /// A relay that was named serves another circle of this person, who has not yet said whether it
    /// may serve this one; the other relays are used meanwhile.
    RelayAsks,
    /// A relay is full or cannot write; what was written waits and is offered again.
    RelayFull,
    /// All places of a relay are taken; what was written waits, and it is tried again.
    RelayCrowded,
    /// A relay takes only what is paid for by a grant of its host, and there is none; what was
    /// written waits and is offered again.
    RelayGrant,
    /// There is a grant, and tokens are about to be drawn; what was written waits for them.
    RelayGrantDrawing,
    /// The tokens that there are have to rest; what was written waits for them.
    RelayGrantResting,
    /// This device has used what it may put on a relay in this week; what was written waits for the
    /// next, or for another relay.
    RelayGrantUsedUp,
    /// The grant is over, or was revoked; what was written waits for another.
    RelayGrantEnded,
    /// By a relay's clock it is another week than by this device's, so no tokens are given.
    RelayGrantClock,
    /// A relay showed other keys than its grant names: it may try to tell members apart. Nothing of
    /// what it gave is used.
    RelayUntrusted,
}

/// Gives a circle another mode.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModeChange {
    /// Which.
    pub mode: Mode,
    /// Whether one relay may serve two circles without Tor: it could link them.
    #[serde(default)]
    pub same_relay: bool,
}
