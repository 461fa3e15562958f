//! What a circle agrees on, what its facilitators declare, and how long it keeps what is said.

use axum::Json;
use axum::extract::State;
use windbreak_protocol::ledger::KeepDays;

use super::super::describe;
use super::super::extract::{Asked, At, InCircle, ItemOf, Nothing, Sent, Spoken};
use super::super::message::{
    AcceptAgreement, Agreement, Answer, Done, Failure, NewAgreement, NewDeclaration,
    ProposedAgreement, Retention, UsualAgreement,
};
use super::super::refusal::Refusal;
use super::item::check_hints;
use super::join::agreement_hash;
use crate::agreement;
use crate::handle::Handle;

/// What a new circle agrees on if its maker brings no text of their own: to be shown to its maker, who
/// may change it, and to be sent with the circle.
#[utoipa::path(
    get, path = "/v1/agreement", tag = "agreement", params(Spoken),
    responses(
        (status = 200, body = Answer<UsualAgreement>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn usual(
    Asked(Spoken { language }): Asked<Spoken>,
    _: Nothing,
) -> Json<Answer<UsualAgreement>> {
    let text = agreement::usual(language).to_owned();
    Json(Answer::new(UsualAgreement { language, text }))
}

/// The agreement of a circle, what was accepted of it on this device, and what is proposed.
#[utoipa::path(
    get, path = "/v1/circles/{circle}/agreement", tag = "agreement", params(InCircle),
    responses(
        (status = 200, body = Answer<Agreement>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn show(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    _: Nothing,
) -> Result<Json<Answer<Agreement>>, Refusal> {
    let agreement = handle
        .read(move |desk| {
            let agreement = desk.engine.agreement(desk.now, &at.circle);
            describe::agreement(agreement.ok_or_else(Refusal::no_circle)?)
        })
        .await?;
    let compared = tokio::task::spawn_blocking(|| describe::compared(agreement)).await;
    let compared = compared.map_err(|_| Refusal::fault("the agreement could not be compared"))?;
    Ok(Json(Answer::new(compared)))
}

/// Accepts the agreement that was shown. Nobody else learns of it.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/agreement/accept", tag = "agreement", params(InCircle),
    request_body = AcceptAgreement,
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn accept(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    Sent(sent): Sent<AcceptAgreement>,
) -> Result<Json<Answer<Done>>, Refusal> {
    let hash = agreement_hash(&sent.hash)?;
    handle
        .change(move |desk| Ok(desk.engine.accept_agreement(desk.now, &at.circle, &hash)?))
        .await?;
    Ok(Json(Answer::new(Done {})))
}

/// Proposes a new agreement, as a facilitator, and agrees to it.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/agreement/proposals", tag = "agreement", params(InCircle),
    request_body = NewAgreement,
    responses(
        (status = 200, body = Answer<ProposedAgreement>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn propose(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    Sent(sent): Sent<NewAgreement>,
) -> Result<Json<Answer<ProposedAgreement>>, Refusal> {
    let proposal = handle
        .change(move |desk| {
            desk.check_room(&at.circle)?;
            check_hints(&[Some(sent.text.as_str())], sent.send_anyway)?;
            Ok(desk.engine.propose_agreement(desk.now, &at.circle, &sent.text)?)
        })
        .await?;
    Ok(Json(Answer::new(ProposedAgreement { proposal })))
}

/// Agrees to a new agreement. It holds when more than half of all members agree, a facilitator
/// among them; whoever agreed has accepted it.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/agreement/proposals/{item}/consent", tag = "agreement",
    params(ItemOf),
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn consent(
    State(handle): State<Handle>,
    At(at): At<ItemOf>,
    _: Nothing,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle
        .change(move |desk| Ok(desk.engine.consent_to_agreement(desk.now, &at.circle, &at.item)?))
        .await?;
    Ok(Json(Answer::new(Done {})))
}

/// Declares anew, as a facilitator, whether and to whom you must report.
#[utoipa::path(
    put, path = "/v1/circles/{circle}/declaration", tag = "agreement", params(InCircle),
    request_body = NewDeclaration,
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn declare(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    Sent(sent): Sent<NewDeclaration>,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle
        .change(move |desk| {
            check_hints(&[Some(sent.declaration.as_str())], sent.send_anyway)?;
            Ok(desk.engine.declare(desk.now, &at.circle, &sent.declaration)?)
        })
        .await?;
    Ok(Json(Answer::new(Done {})))
}

/// Says, as a facilitator, how long the circle keeps what is said. A shorter time needs a reason,
/// stands in the steward log, and erases nothing before every device has known of it for a week.
#[utoipa::path(
    put, path = "/v1/circles/{circle}/retention", tag = "agreement", params(InCircle),
    request_body = Retention,
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn keep(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    Sent(sent): Sent<Retention>,
) -> Result<Json<Answer<Done>>, Refusal> {
    let keep = match sent.days {
        None => None,
        Some(days) => Some(KeepDays::new(days).ok_or_else(Refusal::bad_days)?),
    };
    handle
        .change(move |desk| {
            check_hints(&[Some(sent.reason.as_str())], sent.send_anyway)?;
            Ok(desk.engine.set_keep(desk.now, &at.circle, keep, &sent.reason)?)
        })
        .await?;
    Ok(Json(Answer::new(Done {})))
}
