//! The devices of one member, as that member sees them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::{DeviceId, InviteId};
use zeroize::Zeroizing;

use super::answer::UnixSeconds;

/// Your devices in a circle, and the code by which another may come in.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Devices {
    /// The devices, in the order in which they came.
    pub devices: Vec<Device>,
    /// The device code made last on this device, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<DeviceCode>,
}

/// One device.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Device {
    /// Its id.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: DeviceId,
    /// Whether it is the one that answers.
    pub this: bool,
    /// When it last wrote something that is known here, by its own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_written: Option<UnixSeconds>,
}

/// A device code: one line by which a further device of yours comes in.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct DeviceCode {
    /// Names it, like an invite.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: InviteId,
    /// Until when devices can ask by it.
    pub expires: UnixSeconds,
    /// The six digits that each device shows which asks by it.
    pub asking: Vec<String>,
    /// The device that was confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    pub chosen: Option<DeviceId>,
    /// Whether it is in.
    pub done: bool,
    /// The line, `windbreak-device:…`, while devices can ask by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// What a QR code of it should hold; as `line`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qr: Option<String>,
}

/// Says which new device is yours.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceNumber {
    /// The six digits that it shows.
    pub number: String,
    /// Your recovery phrase, which opens your member key for this once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub phrase: Option<Zeroizing<String>>,
}

impl std::fmt::Debug for DeviceNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeviceNumber(…)")
    }
}
