//! Direct links between members' devices: chosen by hand, because both ends learn addresses.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The direct links of a circle on this device.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Links {
    /// Addresses this device was told to listen on.
    pub listen: Vec<String>,
    /// Addresses of other members' devices it was told to dial.
    pub dial: Vec<String>,
    /// Addresses it listens on right now, as others can dial them.
    pub listening: Vec<String>,
    /// How many direct links are up.
    pub connected: usize,
}

/// Addresses to add, or to take away.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkChange {
    /// Addresses to listen on, such as `/ip4/192.168.1.7/tcp/0`.
    #[serde(default)]
    pub listen: Vec<String>,
    /// Addresses to dial.
    #[serde(default)]
    pub dial: Vec<String>,
}
