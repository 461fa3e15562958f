//! What the host of a running relay does with grants, over the private socket of the relay: issue,
//! list as counts, revoke. Clause: specs/06-sync Y-69.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use windbreak_protocol::admission::GrantId;
use windbreak_protocol::limits::{DRAW_TOKENS, TOKEN_BYTES, TOKEN_EPOCH_HOURS};

use super::admission::{Admission, IssueError, Terms, Use};
use super::report::Desk;
use crate::api::message::{Answer, UnixSeconds};
use crate::api::refusal::Refusal;

/// What one draw pays for, in MiB.
const DRAW_MIB: u64 = DRAW_TOKENS as u64 * TOKEN_BYTES / (1024 * 1024);

/// What a grant is to be.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GrantOrder {
    /// For how many members; each of their devices needs one.
    pub members: u16,
    /// What each may put in a week, in MiB; a multiple of 4.
    pub member_mib_per_week: u64,
    /// For how many weeks, this one included.
    pub weeks: u8,
}

/// A grant that was issued.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
pub struct IssuedGrant {
    /// By what it is listed and revoked.
    pub id: String,
    /// What is passed on; it is shown this once.
    pub grant: String,
    /// When it ends.
    pub until: UnixSeconds,
}

impl std::fmt::Debug for IssuedGrant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Its text is the secret of the grant.
        f.debug_struct("IssuedGrant").field("until", &self.until).finish_non_exhaustive()
    }
}

/// A grant, as counts.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct GrantSummary {
    /// By what it is revoked.
    pub id: String,
    /// For how many members it is.
    pub members: u16,
    /// How many of those were revoked by who holds the grant.
    pub members_revoked: u16,
    /// What each may put in a week, in MiB.
    pub member_mib_per_week: u64,
    /// What all of them have drawn tokens for in this week, in MiB.
    pub mib_drawn: u64,
    /// When it ends.
    pub until: UnixSeconds,
}

/// All grants of a relay that hold.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct GrantList {
    /// In the order of their ids.
    pub grants: Vec<GrantSummary>,
}

pub(super) async fn issue(
    State(desk): State<Desk>,
    Json(order): Json<GrantOrder>,
) -> Result<Json<Answer<IssuedGrant>>, Refusal> {
    let draws = order.member_mib_per_week / DRAW_MIB;
    let draws = u16::try_from(draws)
        .ok()
        .filter(|_| order.member_mib_per_week.is_multiple_of(DRAW_MIB))
        .ok_or_else(bounds)?;
    let terms = Terms { members: order.members, draws, epochs: order.weeks };
    let admission = admission(&desk)?;
    let issued = to_its_end(async move { admission.issue(&desk.mailbox, terms).await });
    let grant = issued.await?.map_err(|error| match error {
        IssueError::Bounds => bounds(),
        IssueError::NoRoom => Refusal::conflict(
            "too_many_grants",
            "the grants that hold allow as much as this relay can keep account of",
            "grant less, or revoke one: windbreak relay grant list",
        ),
        IssueError::NotWritten => not_written(),
        IssueError::System => Refusal::fault("the operating system gave no random bytes"),
    })?;
    Ok(Json(Answer::new(IssuedGrant {
        id: id_text(grant.id()),
        grant: grant.to_text().to_string(),
        until: start_of(grant.epochs().end),
    })))
}

pub(super) async fn list(State(desk): State<Desk>) -> Result<Json<Answer<GrantList>>, Refusal> {
    let grants = admission(&desk)?.list().await.into_iter().map(summary).collect();
    Ok(Json(Answer::new(GrantList { grants })))
}

pub(super) async fn revoke(
    State(desk): State<Desk>,
    Path(id): Path<String>,
) -> Result<Json<Answer<GrantList>>, Refusal> {
    let admission = admission(&desk)?;
    let unknown = || {
        Refusal::new(
            StatusCode::NOT_FOUND,
            "no_grant",
            "there is no such grant",
            "see those there are with: windbreak relay grant list",
        )
    };
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(id.as_bytes()).ok();
    let id = bytes.and_then(|bytes| bytes.try_into().ok()).map(GrantId::from_bytes);
    let (id, at) = (id.ok_or_else(unknown)?, admission.clone());
    let revoked = to_its_end(async move { at.revoke(&desk.mailbox, id).await });
    match revoked.await? {
        None => Err(unknown()),
        Some(false) => Err(not_written()),
        Some(true) => {
            let grants = admission.list().await.into_iter().map(summary).collect();
            Ok(Json(Answer::new(GrantList { grants })))
        }
    }
}

/// Goes on when whoever asked is gone: what is written and what is known must not part.
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Refusal> {
    tokio::spawn(work).await.map_err(|_| Refusal::fault("the relay failed at a grant"))
}

fn admission(desk: &Desk) -> Result<Arc<Admission>, Refusal> {
    desk.mailbox.admission().cloned().ok_or_else(|| {
        Refusal::conflict(
            "relay_open",
            "this relay is open to everybody, so it has no grants",
            "set admission = \"grant\" in relay.toml and restart it",
        )
    })
}

fn bounds() -> Refusal {
    Refusal::not_allowed_value(
        "grant_bounds",
        "a grant is for 1 to 512 members, 4 MiB a week or a multiple of it each, and 1 to 27 weeks",
        "choose numbers within these bounds",
    )
}

fn not_written() -> Refusal {
    Refusal::conflict(
        "relay_full",
        "the relay cannot write: there is no room, or the disk fails",
        "make room, then try again",
    )
}

fn summary(used: Use) -> GrantSummary {
    GrantSummary {
        id: id_text(used.id),
        members: used.members,
        members_revoked: used.revoked,
        member_mib_per_week: u64::from(used.draws) * DRAW_MIB,
        mib_drawn: u64::from(used.drawn) * DRAW_MIB,
        until: start_of(used.epochs.end),
    }
}

fn id_text(id: GrantId) -> String {
    data_encoding::HEXLOWER.encode(id.as_bytes())
}

fn start_of(epoch: u32) -> UnixSeconds {
    UnixSeconds(u64::from(epoch) * u64::from(TOKEN_EPOCH_HOURS) * 3600)
}
