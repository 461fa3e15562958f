//! What members decide together.

use axum::Json;
use axum::extract::State;
use windbreak_protocol::RemoveError;
use windbreak_protocol::ledger::MotionKind;
use windbreak_protocol::limits::MAX_NOTE_CHARS;
use windbreak_protocol::wire::text::Text;

use super::super::describe;
use super::super::extract::{At, InCircle, ItemOf, Nothing, Sent};
use super::super::message::{
    Answer, Done, Failure, NewConsent, NewProposal, ProposalKind, Proposals, Proposed,
};
use super::super::refusal::Refusal;
use super::item::check_hints;
use crate::handle::Handle;

/// What was proposed in a circle, the oldest first.
#[utoipa::path(
    get, path = "/v1/circles/{circle}/proposals", tag = "member", params(InCircle),
    responses(
        (status = 200, body = Answer<Proposals>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn list(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    _: Nothing,
) -> Result<Json<Answer<Proposals>>, Refusal> {
    let motions = handle
        .read(move |desk| desk.engine.motions(desk.now, &at.circle).ok_or_else(Refusal::no_circle))
        .await?;
    let proposals = motions.into_iter().map(describe::proposal).collect();
    Ok(Json(Answer::new(Proposals { proposals })))
}

/// Proposes who becomes a facilitator, or is one no longer, and agrees to it where that counts.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/proposals", tag = "member", params(InCircle),
    request_body = NewProposal,
    responses(
        (status = 200, body = Answer<Proposed>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn propose(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    Sent(new): Sent<NewProposal>,
) -> Result<Json<Answer<Proposed>>, Refusal> {
    check_hints(&[Some(new.reason.as_str()), new.declaration.as_deref()], new.send_anyway)?;
    let reason = Text::<MAX_NOTE_CHARS>::new(new.reason)
        .map_err(|error| RemoveError::ReasonTooLong { limit: error.limit })?;
    let kind = match new.kind {
        ProposalKind::Promote => MotionKind::Promote,
        ProposalKind::Demote => MotionKind::Demote,
        ProposalKind::Remove => MotionKind::Remove { reason },
        ProposalKind::Succeed => MotionKind::Succeed,
    };
    let (member, declaration) = (new.member, new.declaration);
    let proposal = handle
        .change(move |desk| {
            Ok(desk.engine.propose(desk.now, &at.circle, kind, &member, declaration)?)
        })
        .await?;
    Ok(Json(Answer::new(Proposed { proposal: Some(proposal) })))
}

/// Agrees to a proposal.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/proposals/{item}/consent", tag = "member", params(ItemOf),
    request_body = NewConsent,
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn consent(
    State(handle): State<Handle>,
    At(at): At<ItemOf>,
    Sent(new): Sent<NewConsent>,
) -> Result<Json<Answer<Done>>, Refusal> {
    check_hints(&[new.declaration.as_deref()], new.send_anyway)?;
    handle
        .change(move |desk| {
            Ok(desk.engine.consent(desk.now, &at.circle, &at.item, new.declaration)?)
        })
        .await?;
    Ok(Json(Answer::new(Done {})))
}

/// Gives up your role as a facilitator.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/step-down", tag = "member", params(InCircle),
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn step_down(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    _: Nothing,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle.change(move |desk| Ok(desk.engine.step_down(desk.now, &at.circle)?)).await?;
    Ok(Json(Answer::new(Done {})))
}
