//! What members decide together: who holds the circle, and who no longer does.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::{ItemId, MemberId};

use super::answer::UnixSeconds;

/// What was proposed in a circle.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Proposals {
    /// The proposals, the oldest first.
    pub proposals: Vec<Proposal>,
}

/// Something to be decided together.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Proposal {
    /// Its id.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: ItemId,
    /// What shall happen.
    pub kind: ProposalKind,
    /// To whom.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub member: MemberId,
    /// Why, for a removal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who proposed it.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub by: MemberId,
    /// When, by their clock.
    pub written: UnixSeconds,
    /// Who agrees.
    #[schema(value_type = Vec<String>)]
    pub agreeing: Vec<MemberId>,
    /// How many more facilitators must agree.
    pub facilitators_missing: usize,
    /// How many more members must agree.
    pub members_missing: usize,
    /// Whether your word is asked for.
    pub asks_me: bool,
    /// How far it has come.
    pub stage: ProposalStage,
}

/// What a proposal asks for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProposalKind {
    /// That a member becomes a facilitator, as a facilitator wishes.
    Promote,
    /// That a facilitator is one no longer.
    Demote,
    /// That a facilitator is a member no longer.
    Remove,
    /// That a member becomes a facilitator, as most members wish, because none answers.
    Succeed,
}

/// How far a proposal has come.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProposalStage {
    /// Others have yet to agree.
    Open,
    /// Enough agree; it is being carried out.
    Enough,
    /// Enough agree; carried out unless a facilitator answers within 72 hours.
    Silence,
    /// What it asks for is so, or can no longer be.
    Over,
    /// Too old to be carried out.
    Lapsed,
}

/// Proposes something.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProposal {
    /// What shall happen.
    pub kind: ProposalKind,
    /// To whom.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub member: MemberId,
    /// Why, for a removal; at most 500 characters.
    #[serde(default)]
    pub reason: String,
    /// If you would become a facilitator: what you would have to report to others, or that there
    /// is nothing; at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration: Option<String>,
    /// Send it even if it seems to say who somebody is.
    #[serde(default)]
    pub send_anyway: bool,
}

/// Agrees to a proposal.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConsent {
    /// If you would become a facilitator: what you would have to report to others, or that there
    /// is nothing; at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration: Option<String>,
    /// Send it even if it seems to say who somebody is.
    #[serde(default)]
    pub send_anyway: bool,
}

/// What was proposed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Proposed {
    /// The proposal; none if it needs nobody else and is being done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    pub proposal: Option<ItemId>,
}
