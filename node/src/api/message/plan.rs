//! What somebody has written for themselves for hard times: no part of it leaves the device.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::PlanPartId;

use super::agreement::Language;
use super::answer::UnixSeconds;

/// The whole plan.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Plan {
    /// Its parts, in their order.
    pub parts: Vec<PlanPart>,
}

/// Parts that a plan can begin with.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct SuggestedParts {
    /// The language they are in.
    pub language: Language,
    /// All of them, in the order in which they would stand in a plan.
    pub suggestions: Vec<SuggestedPart>,
}

/// A part that somebody may want in their plan.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct SuggestedPart {
    /// Its title.
    pub title: String,
    /// What could stand in it.
    pub about: String,
}

/// A part of a plan.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct PlanPart {
    /// Its id.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: PlanPartId,
    /// Its place among the parts, 1 for the first.
    pub place: u32,
    /// When its title or words were changed last.
    pub changed: UnixSeconds,
    /// Its title.
    pub title: String,
    /// Its words; empty while there are none yet.
    pub text: String,
}

/// Adds a part behind all others.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlanPart {
    /// Its title, at most 80 characters.
    pub title: String,
    /// Its words, at most 16 KiB; none yet if left out.
    #[serde(default)]
    pub text: String,
}

/// Changes a part; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePlanPart {
    /// Its title from now on, at most 80 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its words from now on, at most 16 KiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Its place from now on, 1 for the first; the others close up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<u32>,
}
