//! What a circle agrees on, what its facilitators declare, and how long it keeps what is said.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::{ItemId, MemberId};

use super::answer::UnixSeconds;
use super::proposal::ProposalStage;

/// The agreement of a circle. Written by people: made harmless before it is shown.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Agreement {
    /// Which of the circle's agreements it is; the one it was made with is 1.
    pub version: u32,
    /// Its text.
    pub text: String,
    /// Names exactly this text.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub hash: String,
    /// Whether it was accepted on this device: before, nothing of the circle is read or said here.
    pub accepted: bool,
    /// The text that was accepted here last, if it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_before: Option<String>,
    /// What is different from that, line by line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differences: Option<Vec<AgreementLine>>,
    /// What facilitators propose in its place, the oldest first.
    pub proposals: Vec<AgreementProposal>,
}

/// One line of two agreements that are compared.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct AgreementLine {
    /// Whether it stands in both.
    pub change: LineChange,
    /// The line.
    pub text: String,
}

/// Where a line of two agreements stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineChange {
    /// In both.
    Same,
    /// In the one before alone.
    Gone,
    /// In the later one alone.
    New,
}

/// A new agreement that is proposed.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct AgreementProposal {
    /// Its id.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: ItemId,
    /// Which of the circle's agreements it would be.
    pub version: u32,
    /// Its text.
    pub text: String,
    /// What is different in it from the one that holds, line by line.
    #[serde(default)]
    pub differences: Vec<AgreementLine>,
    /// Who proposed it.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub by: MemberId,
    /// When, by their clock.
    pub written: UnixSeconds,
    /// Who agrees.
    #[schema(value_type = Vec<String>)]
    pub agreeing: Vec<MemberId>,
    /// How many more members must agree.
    pub missing: usize,
    /// Whether your word is asked for.
    pub asks_me: bool,
    /// How far it has come.
    pub stage: ProposalStage,
}

/// A language that Windbreak speaks.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
    /// Spanish.
    Es,
}

impl Language {
    /// Its tag, as it is asked for.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Es => "es",
        }
    }
}

/// What a new circle agrees on if its maker brings no text of their own. It is sent as the `agreement`
/// of a new circle, changed or as it is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct UsualAgreement {
    /// The language it is in.
    pub language: Language,
    /// Its text.
    pub text: String,
}

/// Accepts an agreement.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptAgreement {
    /// The `hash` of the agreement that was shown: nobody accepts what was not.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub hash: String,
}

/// Proposes a new agreement.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAgreement {
    /// All of its text, at most 16 KiB.
    pub text: String,
    /// Send it even if it seems to say who somebody is.
    #[serde(default)]
    pub send_anyway: bool,
}

/// What was proposed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct ProposedAgreement {
    /// The proposal.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub proposal: ItemId,
}

/// Declares anew, as a facilitator.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeclaration {
    /// What you would have to report to others, or that there is nothing; at most 500 characters.
    pub declaration: String,
    /// Send it even if it seems to say who somebody is.
    #[serde(default)]
    pub send_anyway: bool,
}

/// How long a circle keeps what is said.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Days, 1 to 3650; null: as long as its authors leave it.
    pub days: Option<u16>,
    /// Why, at most 300 characters: needed where the time becomes shorter, and read by all members.
    #[serde(default)]
    pub reason: String,
    /// Send it even if it seems to say who somebody is.
    #[serde(default)]
    pub send_anyway: bool,
}
