//! What facilitators do to hold a circle: hide something, mute somebody for a while, slow the circle
//! down. Everybody reads who did it and why. Clauses: specs/08-content I-30 to I-36.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{ItemId, MemberId, ReportId};
use crate::limits::{MAX_REPORT_ANSWER, MAX_STEWARD_REASON_CHARS};
use crate::time::Timestamp;
use crate::wire::text::{Opaque, Text};

/// Why a facilitator did something.
pub type StewardReason = Text<MAX_STEWARD_REASON_CHARS>;

/// A facilitator hides a share or an answer, or shows it again.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Hide {
    /// The share or the answer.
    pub to: ItemId,
    /// Whether it is hidden from now on.
    #[tls_codec(with = "crate::wire::flag")]
    pub on: bool,
    /// Why.
    pub reason: StewardReason,
}

/// A facilitator mutes a member for a while, or takes that back.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Mute {
    /// Who.
    pub member: MemberId,
    /// Until when; without, the mute is taken back.
    pub until: Option<Timestamp>,
    /// Whether it only repeats what its author said before, for those who came since.
    #[tls_codec(with = "crate::wire::flag")]
    pub again: bool,
    /// Why.
    pub reason: StewardReason,
}

/// A facilitator slows a circle down, or lets it go at its own pace again.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct SlowMode {
    /// Minutes between two shares of one member; 0 ends it.
    pub minutes: u16,
    /// As in [`Mute::again`].
    #[tls_codec(with = "crate::wire::flag")]
    pub again: bool,
    /// Why.
    pub reason: StewardReason,
}

/// An answer to a report, for who reported and for those the report is for: nobody else can open it,
/// nor tell which report it is.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct ReportAnswer {
    /// The report.
    pub report: ReportId,
    /// What it says, sealed by HPKE.
    pub sealed: Opaque<MAX_REPORT_ANSWER>,
}
