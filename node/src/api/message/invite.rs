//! Invites, as those see them who hand them out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::InviteId;

use super::answer::UnixSeconds;

/// The invites of a circle.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Invites {
    /// The invites, newest expiry first.
    pub invites: Vec<Invite>,
}

/// An invite.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Invite {
    /// Its id.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: InviteId,
    /// When it ends.
    pub expires: UnixSeconds,
    /// How many may join by it.
    pub uses: u16,
    /// How many have.
    pub used: u16,
    /// Whether a facilitator admits each who knocks.
    pub review: bool,
    /// Whether who comes in by it only listens, until a facilitator says otherwise.
    #[serde(default)]
    pub listener: bool,
    /// Whether it still works.
    pub state: InviteState,
    /// How many knock by it now.
    pub knocks: usize,
    /// Whether this device made it and can show it.
    pub mine: bool,
    /// The line to paste, `windbreak:…`; only where one invite was asked for, and if `mine`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The same as a link; as `code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// What a QR code of it should hold; as `code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qr: Option<String>,
}

/// Whether an invite still works.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InviteState {
    /// Nobody else's device knows of it yet.
    Pending,
    /// It works.
    Open,
    /// Used as often as it allows.
    Used,
    /// Past its end.
    Expired,
    /// Taken back.
    Revoked,
    /// Closed by the removal of a member.
    Closed,
}

/// Opens an invite.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteTerms {
    /// How long it works, at most 90 days; a week if left out.
    #[serde(default = "a_week")]
    pub expires_in_seconds: u64,
    /// How many may join by it, at most 1000; one if left out.
    #[serde(default = "one")]
    pub uses: u16,
    /// Whether a facilitator admits each who knocks; not if left out.
    #[serde(default)]
    pub review: bool,
    /// Whether who comes in by it only listens, until a facilitator says otherwise; not if left out.
    #[serde(default)]
    pub listener: bool,
}

fn a_week() -> u64 {
    7 * 24 * 3600
}

fn one() -> u16 {
    1
}

impl Default for InviteTerms {
    fn default() -> Self {
        Self { expires_in_seconds: a_week(), uses: one(), review: false, listener: false }
    }
}
