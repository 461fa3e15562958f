//! What somebody has written for themselves for hard times.

use axum::Json;
use axum::extract::State;

use super::super::extract::{Asked, At, Nothing, PlanPartAt, Sent, Spoken};
use super::super::message::{
    Answer, ChangePlanPart, Done, Failure, NewPlanPart, Plan, PlanPart, SuggestedParts,
};
use super::super::refusal::Refusal;
use crate::handle::Handle;
use crate::suggestion;

/// The whole plan of this device's owner, in their order.
#[utoipa::path(
    get, path = "/v1/plan", tag = "personal",
    responses(
        (status = 200, body = Answer<Plan>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn show(
    State(handle): State<Handle>,
    _: Nothing,
) -> Result<Json<Answer<Plan>>, Refusal> {
    let parts = handle.read(|desk| desk.personal.plan()).await?;
    Ok(Json(Answer::new(Plan { parts })))
}

/// Parts that a plan can begin with: to be shown to its owner, who takes those that fit them.
#[utoipa::path(
    get, path = "/v1/plan/suggestions", tag = "personal", params(Spoken),
    responses(
        (status = 200, body = Answer<SuggestedParts>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn suggestions(
    Asked(Spoken { language }): Asked<Spoken>,
    _: Nothing,
) -> Json<Answer<SuggestedParts>> {
    let suggestions = suggestion::parts_of_a_plan(language);
    Json(Answer::new(SuggestedParts { language, suggestions }))
}

/// Adds a part behind all others. It never leaves this device.
#[utoipa::path(
    post, path = "/v1/plan", tag = "personal", request_body = NewPlanPart,
    responses(
        (status = 200, body = Answer<PlanPart>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn add(
    State(handle): State<Handle>,
    Sent(sent): Sent<NewPlanPart>,
) -> Result<Json<Answer<PlanPart>>, Refusal> {
    let part = handle.change(move |desk| desk.personal.add_plan_part(desk.now, sent)).await?;
    Ok(Json(Answer::new(part)))
}

/// Changes the title, the words or the place of a part; what stood there is gone.
#[utoipa::path(
    put, path = "/v1/plan/{part}", tag = "personal", params(PlanPartAt),
    request_body = ChangePlanPart,
    responses(
        (status = 200, body = Answer<PlanPart>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn change(
    State(handle): State<Handle>,
    At(at): At<PlanPartAt>,
    Sent(sent): Sent<ChangePlanPart>,
) -> Result<Json<Answer<PlanPart>>, Refusal> {
    let change =
        handle.change(move |desk| desk.personal.change_plan_part(desk.now, &at.part, sent));
    Ok(Json(Answer::new(change.await?)))
}

/// Deletes a part for good.
#[utoipa::path(
    delete, path = "/v1/plan/{part}", tag = "personal", params(PlanPartAt),
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn delete(
    State(handle): State<Handle>,
    At(at): At<PlanPartAt>,
    _: Nothing,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle.change(move |desk| desk.personal.delete_plan_part(&at.part)).await?;
    Ok(Json(Answer::new(Done {})))
}

/// Deletes the whole plan for good.
#[utoipa::path(
    delete, path = "/v1/plan", tag = "personal",
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn delete_all(
    State(handle): State<Handle>,
    _: Nothing,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle.change(|desk| desk.personal.delete_plan()).await?;
    Ok(Json(Answer::new(Done {})))
}
