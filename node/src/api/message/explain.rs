//! Who can see what, from the live settings: the privacy receipt.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::CircleId;

use super::circle::{Standing, Suite};

/// Who can see what, now.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Explanation {
    /// For each circle.
    pub circles: Vec<CircleFacts>,
    /// Relays by which more than one circle is reached: whoever runs them can link the circles by address
    /// and time.
    pub shared_relays: Vec<SharedRelay>,
    /// What holds for the device, whatever the circle.
    pub device: Vec<Sight>,
    /// What is not promised, said plainly.
    pub limits: Vec<String>,
}

/// Who can see what of one circle.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct CircleFacts {
    /// The circle.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub circle: CircleId,
    /// Its title.
    pub title: String,
    /// How this device stands to it.
    pub standing: Standing,
    /// What it is sealed with.
    pub suite: Suite,
    /// How its envelopes travel.
    pub network: NetworkMode,
    /// The relays by which this device reaches it now.
    pub relays: Vec<String>,
    /// How many read it.
    pub members: usize,
    /// How many of them hold the circle.
    pub facilitators: usize,
    /// What they would have to report to others, as they declare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration: Option<String>,
    /// Who sees what.
    pub sights: Vec<Sight>,
    /// How long what is kept where.
    pub retention: Vec<String>,
}

/// How the envelopes of a circle travel.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NetworkMode {
    /// Through Tor to onion services: nobody learns this device's address.
    Tor,
    /// Over relays alone: members never learn each other's addresses.
    RelayOnly,
    /// Over relays and direct links: whoever has a link to this device sees its address.
    Direct,
    /// Within local networks alone: whoever is there sees that this device runs Windbreak, and members
    /// which device it is.
    Lan,
    /// Nowhere: no relay and no link is set that this device may use.
    Offline,
}

/// What one party can see.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Sight {
    /// Who.
    pub who: String,
    /// What they see.
    pub sees: Vec<String>,
    /// What they do not.
    pub does_not_see: Vec<String>,
}

/// A relay that several circles name.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct SharedRelay {
    /// Its address.
    pub address: String,
    /// The circles.
    #[schema(value_type = Vec<String>)]
    pub circles: Vec<CircleId>,
}
