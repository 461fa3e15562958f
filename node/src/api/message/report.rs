//! Reports: for the facilitators, without the name of who made them.

use crate::api::message::Version;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::{ItemId, MemberId, ReportId};

use super::answer::UnixSeconds;

/// The reports that are for you, and those you made.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Reports {
    /// The oldest first.
    pub reports: Vec<Report>,
}

/// One report. Nobody is told who made it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Report {
    /// Its id.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: ReportId,
    /// Whether you made it, on this device.
    pub own: bool,
    /// Whether it is for you to answer.
    pub to_answer: bool,
    /// What it is about.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub item: ItemId,
    /// Who wrote that.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub author: MemberId,
    /// The name they go by, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_name: Option<String>,
    /// What they wrote, proven by their signature. Nothing if it was too long to go along and is not
    /// here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Version>,
    /// Why it was reported.
    pub reason: String,
    /// When you made it, or when it arrived here.
    pub at: UnixSeconds,
    /// How far it has come.
    pub stage: ReportStage,
    /// What was answered, the oldest first.
    pub answers: Vec<ReportAnswer>,
    /// Why its maker asked to look again.
    pub appeals: Vec<String>,
}

/// How far a report has come.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportStage {
    /// It waits on your device for a moment of chance within the next day.
    Waiting,
    /// It was sent, or arrived here, and nobody has answered.
    Open,
    /// Somebody has read it.
    Acknowledged,
    /// It is closed.
    Closed,
    /// It was closed, and who made it asks to look again.
    Appealed,
}

/// One answer to a report, which who made it and those it is for can read.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct ReportAnswer {
    /// Who answered.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub by: MemberId,
    /// The name they go by, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_name: Option<String>,
    /// When, by their clock.
    pub at: UnixSeconds,
    /// How it ended, if it was closed by this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
}

/// Reports something that was said.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReport {
    /// What.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub item: ItemId,
    /// Why, at most 500 characters.
    pub reason: String,
    /// Send it even if it seems to say who somebody is.
    #[serde(default)]
    pub send_anyway: bool,
}

/// The report that was made.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Reported {
    /// Its id.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub report: ReportId,
}

/// How a report ended.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// In your words, at most 500 characters; who made the report reads them.
    pub outcome: String,
    /// Send it even if it seems to say who somebody is.
    #[serde(default)]
    pub send_anyway: bool,
}

/// Something about a report.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct ReportNews {
    /// The circle.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub circle: windbreak_protocol::id::CircleId,
    /// The report.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub report: ReportId,
}
