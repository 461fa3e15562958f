//! The relays of a circle: what it names, and what this device does with them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::UnixSeconds;

/// The relays of a circle.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct CircleRelays {
    /// Every relay this device knows of, those that the circle names first.
    pub relays: Vec<CircleRelay>,
    /// Whether this device's member may name others: a facilitator.
    pub may_change: bool,
    /// Whether a change of this device waits to be with somebody else.
    pub changing: bool,
}

/// One relay.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct CircleRelay {
    /// Its address.
    pub address: String,
    /// Why it is here.
    pub standing: RelayStanding,
    /// What this device does with it.
    pub usage: RelayUsage,
    /// Whether it is connected now.
    pub connected: bool,
    /// Since when the circle names it no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_since: Option<UnixSeconds>,
    /// Devices that may not have heard yet that it is named no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<usize>,
}

/// Why a relay is used or could be.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RelayStanding {
    /// The circle names it.
    Named,
    /// This device wants it named; nobody else is known to have heard so.
    Wanted,
    /// The circle named it before; somebody who was away may know no other.
    Former,
    /// A rival branch of the circle names it.
    Rival,
    /// It was added on this device alone.
    Own,
}

/// What this device does with a relay.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RelayUsage {
    /// It is dialled.
    Used,
    /// The mode cannot dial its address.
    Unusable,
    /// It serves another circle of this person, who has not yet said whether it may serve this one.
    Asks,
    /// Its person does not want it.
    Avoided,
}

/// Names a circle's relays anew.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelayChange {
    /// All of them, at most 3.
    pub relays: Vec<String>,
    /// Whether one relay may serve two circles without Tor: it could link them.
    #[serde(default)]
    pub same_relay: bool,
}

/// Says whether this device uses a relay, whatever the circle names.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelayChoice {
    /// Its address.
    pub address: String,
    /// Whether it is never dialled.
    #[serde(default)]
    pub avoid: bool,
    /// Whether one relay may serve two circles without Tor: it could link them.
    #[serde(default)]
    pub same_relay: bool,
}
