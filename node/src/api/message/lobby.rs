//! The lobby: those who knocked and wait for somebody to open.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::{InviteId, KnockId};

use super::answer::UnixSeconds;

/// The lobby of a circle.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Lobby {
    /// The knocks, oldest first.
    pub knocks: Vec<LobbyKnock>,
}

/// Somebody who knocked.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct LobbyKnock {
    /// The knock.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: KnockId,
    /// The invite they hold.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub invite: InviteId,
    /// The name they chose. Written by a stranger: made harmless before it is shown.
    pub name: String,
    /// What they wrote to those who open. As `name`.
    pub note: String,
    /// When it arrived here.
    pub arrived: UnixSeconds,
    /// When they stop waiting.
    pub expires: UnixSeconds,
    /// Whether a facilitator must look at it; else it waits only for its turn.
    pub review: bool,
    /// Whether they would only listen.
    #[serde(default)]
    pub listener: bool,
    /// What became of it.
    pub stage: KnockStage,
}

/// What became of a knock.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KnockStage {
    /// Waits for a person.
    Waiting,
    /// Is being admitted.
    Admitting,
}
