//! The lobby.

use axum::Json;
use axum::extract::State;

use super::super::describe;
use super::super::extract::{At, InCircle, KnockAt, Nothing, Sent};
use super::super::message::{Answer, Done, Failure, Lobby, Reason};
use super::super::refusal::Refusal;
use super::item::check_hints;
use crate::handle::Handle;

/// Those who knocked and wait.
#[utoipa::path(
    get, path = "/v1/circles/{circle}/lobby", tag = "lobby", params(InCircle),
    responses(
        (status = 200, body = Answer<Lobby>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn list(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    _: Nothing,
) -> Result<Json<Answer<Lobby>>, Refusal> {
    let lobby = handle
        .read(move |desk| desk.engine.lobby(&at.circle).ok_or_else(Refusal::no_circle))
        .await?;
    let mut knocks: Vec<_> = lobby.into_iter().map(describe::knock).collect();
    knocks.sort_by_key(|knock| (knock.arrived, knock.id));
    Ok(Json(Answer::new(Lobby { knocks })))
}

/// Admits somebody who knocked.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/lobby/{knock}/admit", tag = "lobby", params(KnockAt),
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn admit(
    State(handle): State<Handle>,
    At(at): At<KnockAt>,
    _: Nothing,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle.change(move |desk| Ok(desk.engine.admit(desk.now, &at.circle, &at.knock)?)).await?;
    Ok(Json(Answer::new(Done {})))
}

/// Declines somebody who knocked, and tells them why.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/lobby/{knock}/decline", tag = "lobby", params(KnockAt),
    request_body = Reason,
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn decline(
    State(handle): State<Handle>,
    At(at): At<KnockAt>,
    Sent(sent): Sent<Reason>,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle
        .change(move |desk| {
            check_hints(&[Some(sent.reason.as_str())], sent.send_anyway)?;
            Ok(desk.engine.decline(desk.now, &at.circle, &at.knock, sent.reason)?)
        })
        .await?;
    Ok(Json(Answer::new(Done {})))
}
