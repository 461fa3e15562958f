//! Reports, for the facilitators, without the name of who made them.

use axum::Json;
use axum::extract::State;

use super::super::describe;
use super::super::extract::{At, InCircle, Nothing, ReportOf, Sent};
use super::super::message::{
    Answer, Delivery, Done, Failure, NewReport, Outcome, Reason, Reported, Reports, Written,
};
use super::super::refusal::Refusal;
use super::item::check_hints;
use crate::handle::Handle;

/// The reports that are for you, and those you made.
#[utoipa::path(
    get, path = "/v1/circles/{circle}/reports", tag = "report", params(InCircle),
    responses(
        (status = 200, body = Answer<Reports>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn list(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    _: Nothing,
) -> Result<Json<Answer<Reports>>, Refusal> {
    let reports = handle
        .read(move |desk| {
            let reports = desk.engine.reports(&at.circle).ok_or_else(Refusal::no_circle)?;
            desk.with_timeline(&at.circle, |timeline| {
                let told = |report| describe::report(report, timeline);
                Ok(Reports { reports: reports.into_iter().map(told).collect() })
            })
        })
        .await?;
    Ok(Json(Answer::new(reports)))
}

/// Reports something that was said to the facilitators, but not to one who said it. Answered once it
/// is durable on this device; it leaves at a moment of chance within a day, without your name.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/reports", tag = "report", params(InCircle),
    request_body = NewReport,
    responses(
        (status = 200, body = Answer<Reported>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn make(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    Sent(sent): Sent<NewReport>,
) -> Result<Json<Answer<Reported>>, Refusal> {
    let report = handle
        .change(move |desk| {
            let NewReport { item, reason, send_anyway } = sent;
            check_hints(&[Some(reason.as_str())], send_anyway)?;
            Ok::<_, Refusal>(desk.engine.report(desk.now, &at.circle, &item, &reason)?)
        })
        .await?;
    Ok(Json(Answer::new(Reported { report })))
}

/// Says to who made a report that it was read.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/reports/{report}/acknowledge", tag = "report",
    params(ReportOf),
    responses(
        (status = 200, body = Answer<Written>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn acknowledge(
    State(handle): State<Handle>,
    At(at): At<ReportOf>,
    _: Nothing,
) -> Result<Json<Answer<Written>>, Refusal> {
    let id = handle
        .change(move |desk| {
            let (engine, now) = (&mut desk.engine, desk.now);
            Ok::<_, Refusal>(engine.acknowledge_report(now, &at.circle, &at.report)?)
        })
        .await?;
    Ok(Json(Answer::new(Written { id, delivery: Delivery::Queued })))
}

/// Closes a report; who made it reads how it ended.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/reports/{report}/close", tag = "report", params(ReportOf),
    request_body = Outcome,
    responses(
        (status = 200, body = Answer<Written>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn close(
    State(handle): State<Handle>,
    At(at): At<ReportOf>,
    Sent(sent): Sent<Outcome>,
) -> Result<Json<Answer<Written>>, Refusal> {
    let id = handle
        .change(move |desk| {
            check_hints(&[Some(sent.outcome.as_str())], sent.send_anyway)?;
            let (engine, now) = (&mut desk.engine, desk.now);
            Ok::<_, Refusal>(engine.close_report(now, &at.circle, &at.report, &sent.outcome)?)
        })
        .await?;
    Ok(Json(Answer::new(Written { id, delivery: Delivery::Queued })))
}

/// Asks to look again at a report of yours that was closed; it travels as the report did.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/reports/{report}/appeal", tag = "report", params(ReportOf),
    request_body = Reason,
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn appeal(
    State(handle): State<Handle>,
    At(at): At<ReportOf>,
    Sent(sent): Sent<Reason>,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle
        .change(move |desk| {
            check_hints(&[Some(sent.reason.as_str())], sent.send_anyway)?;
            let (engine, now) = (&mut desk.engine, desk.now);
            Ok::<_, Refusal>(engine.appeal(now, &at.circle, &at.report, &sent.reason)?)
        })
        .await?;
    Ok(Json(Answer::new(Done {})))
}
