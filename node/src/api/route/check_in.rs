//! How somebody says they are, for themselves.

use axum::Json;
use axum::extract::State;

use super::super::extract::{At, CheckInAt, Nothing, Sent};
use super::super::message::{Answer, CheckIn, CheckIns, Done, Failure, NewCheckIn};
use super::super::refusal::Refusal;
use crate::handle::Handle;

/// All check-ins of this device, the earliest first.
#[utoipa::path(
    get, path = "/v1/check-ins", tag = "personal",
    responses(
        (status = 200, body = Answer<CheckIns>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn list(
    State(handle): State<Handle>,
    _: Nothing,
) -> Result<Json<Answer<CheckIns>>, Refusal> {
    let check_ins = handle.read(|desk| desk.personal.check_ins()).await?;
    Ok(Json(Answer::new(CheckIns { check_ins })))
}

/// Keeps one more. It never leaves this device; to tell a circle, share it.
#[utoipa::path(
    post, path = "/v1/check-ins", tag = "personal", request_body = NewCheckIn,
    responses(
        (status = 200, body = Answer<CheckIn>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn make(
    State(handle): State<Handle>,
    Sent(sent): Sent<NewCheckIn>,
) -> Result<Json<Answer<CheckIn>>, Refusal> {
    let made = handle.change(move |desk| desk.personal.check_in(desk.now, sent)).await?;
    Ok(Json(Answer::new(made)))
}

/// Deletes one for good.
#[utoipa::path(
    delete, path = "/v1/check-ins/{check_in}", tag = "personal", params(CheckInAt),
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn delete(
    State(handle): State<Handle>,
    At(at): At<CheckInAt>,
    _: Nothing,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle.change(move |desk| desk.personal.delete_check_in(&at.check_in)).await?;
    Ok(Json(Answer::new(Done {})))
}

/// Deletes all of them for good.
#[utoipa::path(
    delete, path = "/v1/check-ins", tag = "personal",
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn delete_all(
    State(handle): State<Handle>,
    _: Nothing,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle.change(|desk| desk.personal.delete_check_ins()).await?;
    Ok(Json(Answer::new(Done {})))
}
