//! How facilitators hold a circle, and whom the owner of this device does not want to read.

use axum::Json;
use axum::extract::State;

use super::super::describe;
use super::super::extract::{At, InCircle, MemberOf, Nothing, Sent};
use super::super::message::{
    Answer, Delivery, Done, Failure, MutedMember, NewStewardAct, Steward, Written,
};
use super::super::refusal::Refusal;
use super::item::check_hints;
use crate::handle::Handle;

/// Entries of the log in one answer.
const MAX_LOG: usize = 1000;

/// What facilitators did to hold a circle: all members read it.
#[utoipa::path(
    get, path = "/v1/circles/{circle}/steward", tag = "steward", params(InCircle),
    responses(
        (status = 200, body = Answer<Steward>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn show(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    _: Nothing,
) -> Result<Json<Answer<Steward>>, Refusal> {
    let steward = handle
        .read(move |desk| {
            let circle = desk.circle(&at.circle)?;
            let removals = desk.engine.removals(&at.circle);
            let deeds = desk.engine.deeds(&at.circle);
            desk.with_timeline(&at.circle, |timeline| {
                let now = timeline.stewardship();
                let mut log = describe::log(timeline, removals, deeds);
                let older = log.len().saturating_sub(MAX_LOG);
                log.drain(..older);
                Ok(Steward {
                    slow_minutes: now.slow.map(|(minutes, _)| minutes),
                    me_muted_until: now.muted.get(&circle.me).map(|(until, _)| (*until).into()),
                    my_next_share: timeline.next_share(&circle.me).map(Into::into),
                    muted: now
                        .muted
                        .iter()
                        .map(|(member, (until, _))| MutedMember {
                            member: *member,
                            until: (*until).into(),
                        })
                        .collect(),
                    log,
                    older,
                })
            })
        })
        .await?;
    Ok(Json(Answer::new(steward)))
}

/// Hides, mutes or slows down, or takes that back; answered once it is durable on this device.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/steward", tag = "steward", params(InCircle),
    request_body = NewStewardAct,
    responses(
        (status = 200, body = Answer<Written>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn act(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    Sent(sent): Sent<NewStewardAct>,
) -> Result<Json<Answer<Written>>, Refusal> {
    let id = handle
        .change(move |desk| {
            desk.check_room(&at.circle)?;
            let (reason, send_anyway) = sent.reason();
            check_hints(&[Some(reason)], send_anyway)?;
            let (act, reason) = describe::act_of(sent, desk.now);
            Ok::<_, Refusal>(desk.engine.steward(desk.now, &at.circle, act, &reason)?)
        })
        .await?;
    Ok(Json(Answer::new(Written { id, delivery: Delivery::Queued })))
}

/// Folds away what a member says, on this device alone: nobody is told.
#[utoipa::path(
    put, path = "/v1/circles/{circle}/members/{member}/block", tag = "member", params(MemberOf),
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn block(
    State(handle): State<Handle>,
    At(at): At<MemberOf>,
    _: Nothing,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle
        .change(move |desk| {
            Ok::<_, Refusal>(desk.engine.block(desk.now, &at.circle, &at.member, true)?)
        })
        .await?;
    Ok(Json(Answer::new(Done {})))
}

/// Shows it again.
#[utoipa::path(
    delete, path = "/v1/circles/{circle}/members/{member}/block", tag = "member",
    params(MemberOf),
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn unblock(
    State(handle): State<Handle>,
    At(at): At<MemberOf>,
    _: Nothing,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle
        .change(move |desk| {
            Ok::<_, Refusal>(desk.engine.block(desk.now, &at.circle, &at.member, false)?)
        })
        .await?;
    Ok(Json(Answer::new(Done {})))
}
