//! How somebody says they are, for themselves: no part of it leaves the device.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::CheckInId;

use super::answer::UnixSeconds;

/// Check-ins, the earliest first.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct CheckIns {
    /// The check-ins.
    pub check_ins: Vec<CheckIn>,
}

/// A check-in.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct CheckIn {
    /// Its id.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: CheckInId,
    /// When.
    pub when: UnixSeconds,
    /// How it was, 0 to 10, as its owner means it.
    pub value: u8,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// Says how it is.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCheckIn {
    /// 0 to 10.
    pub value: u8,
    /// In words, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}
