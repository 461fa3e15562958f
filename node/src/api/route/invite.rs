//! Invites.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use windbreak_protocol::id::{CircleId, InviteId};
use windbreak_protocol::invite::Door;
use windbreak_protocol::ledger;

use super::super::describe;
use super::super::extract::{At, InCircle, InviteOf, Nothing, Sent};
use super::super::message::{Answer, Done, Failure, Invite, InviteTerms, Invites};
use super::super::refusal::Refusal;
use crate::desk::Desk;
use crate::handle::Handle;

/// The invites of a circle, without their texts.
#[utoipa::path(
    get, path = "/v1/circles/{circle}/invites", tag = "invite", params(InCircle),
    responses(
        (status = 200, body = Answer<Invites>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn list(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    _: Nothing,
) -> Result<Json<Answer<Invites>>, Refusal> {
    let circle = handle.read(move |desk| desk.circle(&at.circle)).await?;
    let mut invites: Vec<_> = circle.invites.into_iter().map(describe::invite).collect();
    invites.sort_by_key(|invite| (std::cmp::Reverse(invite.expires), invite.id));
    Ok(Json(Answer::new(Invites { invites })))
}

/// Opens an invite. The answer holds its text: whoever has it can knock.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/invites", tag = "invite", params(InCircle),
    request_body = InviteTerms,
    responses(
        (status = 200, body = Answer<Invite>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn open(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    Sent(sent): Sent<InviteTerms>,
) -> Result<Json<Answer<Invite>>, Refusal> {
    let invite = handle
        .change(move |desk| {
            let terms = ledger::InviteTerms {
                expires: desk.now.after(Duration::from_secs(sent.expires_in_seconds)),
                uses: sent.uses,
                door: Door { review: sent.review, listens: sent.listener },
            };
            let id = desk.engine.open_invite(desk.now, &at.circle, terms)?;
            find(desk, &at.circle, &id)
        })
        .await?;
    Ok(Json(Answer::new(invite)))
}

/// One invite, with its text if this device made it.
#[utoipa::path(
    get, path = "/v1/circles/{circle}/invites/{invite}", tag = "invite", params(InviteOf),
    responses(
        (status = 200, body = Answer<Invite>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn show(
    State(handle): State<Handle>,
    At(at): At<InviteOf>,
    _: Nothing,
) -> Result<Json<Answer<Invite>>, Refusal> {
    let invite = handle.read(move |desk| find(desk, &at.circle, &at.invite)).await?;
    Ok(Json(Answer::new(invite)))
}

/// Takes an invite back: whoever knocks with it from then on is refused.
#[utoipa::path(
    delete, path = "/v1/circles/{circle}/invites/{invite}", tag = "invite", params(InviteOf),
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn revoke(
    State(handle): State<Handle>,
    At(at): At<InviteOf>,
    _: Nothing,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle
        .change(move |desk| Ok(desk.engine.revoke_invite(desk.now, &at.circle, &at.invite)?))
        .await?;
    Ok(Json(Answer::new(Done {})))
}

/// An invite with what of its text this device holds.
fn find(desk: &Desk<'_>, circle: &CircleId, invite: &InviteId) -> Result<Invite, Refusal> {
    let overview = desk.circle(circle)?;
    let found = overview.invites.into_iter().find(|other| other.id == *invite);
    let mut found = found.map(describe::invite).ok_or_else(Refusal::no_invite)?;
    if found.mine {
        let text = desk.engine.invite_text(circle, invite)?;
        found.code = Some(text.to_code().to_string());
        found.link = Some(text.to_link().to_string());
        found.qr = Some(text.to_qr_text().to_string());
    }
    Ok(found)
}
