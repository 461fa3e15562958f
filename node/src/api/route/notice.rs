//! How somebody is told on this device that something is new.

use axum::Json;
use axum::extract::State;

use super::super::extract::{At, InCircle, Nothing, Sent};
use super::super::message::{Answer, ChangeNotices, CircleNotices, Done, Failure, Notices};
use super::super::refusal::Refusal;
use crate::handle::Handle;
use crate::notice::Untold;

/// How you are told that something is new.
#[utoipa::path(
    get, path = "/v1/notices", tag = "personal",
    responses(
        (status = 200, body = Answer<Notices>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn show(
    State(handle): State<Handle>,
    _: Nothing,
) -> Result<Json<Answer<Notices>>, Refusal> {
    let notices = handle.read(|desk| Ok(desk.notices.told(desk.now))).await?;
    Ok(Json(Answer::new(notices)))
}

/// Changes how you are told. It is kept on this device alone: a backup leaves it out.
#[utoipa::path(
    put, path = "/v1/notices", tag = "personal", request_body = ChangeNotices,
    responses(
        (status = 200, body = Answer<Notices>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn change(
    State(handle): State<Handle>,
    Sent(sent): Sent<ChangeNotices>,
) -> Result<Json<Answer<Notices>>, Refusal> {
    let notices = handle
        .change(move |desk| {
            desk.notices.change(sent)?;
            Ok(desk.notices.told(desk.now))
        })
        .await?;
    Ok(Json(Answer::new(notices)))
}

/// Shows one now, whatever the hour and whether they are on, and waits until it was shown.
#[utoipa::path(
    post, path = "/v1/notices/test", tag = "personal",
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn test(
    State(handle): State<Handle>,
    _: Nothing,
) -> Result<Json<Answer<Done>>, Refusal> {
    let (teller, plan) = handle.read(|desk| Ok(desk.notices.trial())).await?;
    teller.tell(plan).await.map_err(Untold::refusal)?;
    Ok(Json(Answer::new(Done {})))
}

/// Says whether you are told of anything in a circle; you are, unless you said otherwise.
#[utoipa::path(
    put, path = "/v1/circles/{circle}/notices", tag = "personal", params(InCircle),
    request_body = CircleNotices,
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn circle(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    Sent(sent): Sent<CircleNotices>,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle
        .change(move |desk| {
            desk.circle(&at.circle)?;
            desk.notices.set_circle(&at.circle, sent.on);
            Ok(())
        })
        .await?;
    Ok(Json(Answer::new(Done {})))
}
