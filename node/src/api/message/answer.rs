//! The frame around every answer, and the shape of every refusal.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The version of the shapes in this API; it changes when one of them changes its meaning.
pub const API_VERSION: u32 = 1;

/// What every request that went well is answered with.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Answer<T> {
    /// Version of the shape of `data`: 1.
    pub v: u32,
    /// What was asked for.
    pub data: T,
}

impl<T> Answer<T> {
    /// Frames `data`.
    pub fn new(data: T) -> Self {
        Self { v: API_VERSION, data }
    }
}

/// What every refused request is answered with, whatever the reason.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Failure {
    /// Version of the shape of `error`: 1.
    pub v: u32,
    /// Why the request was refused.
    pub error: Why,
}

/// Why a request was refused, for programs and for people.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Why {
    /// A word for programs; it does not change within one version.
    #[schema(example = "invite_used")]
    pub code: String,
    /// What is wrong, in lower case.
    #[schema(example = "the invite has been used as often as it allows")]
    pub message: String,
    /// What to do next, in lower case.
    #[schema(example = "ask whoever sent it for a new one")]
    pub next: String,
}

/// The answer of a request that has nothing to tell but that it was done.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Done {}

/// Seconds since the Unix epoch.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, ToSchema,
)]
#[serde(transparent)]
pub struct UnixSeconds(pub u64);

impl From<windbreak_protocol::time::Timestamp> for UnixSeconds {
    fn from(time: windbreak_protocol::time::Timestamp) -> Self {
        Self(time.as_seconds())
    }
}
