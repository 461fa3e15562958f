//! The node itself.

use axum::Json;
use axum::extract::State;

use super::super::extract::Nothing;
use super::super::message::{
    Answer, CircleUsage, Condition, Done, Failure, NetworkStatus, NoticeStatus, Status, StoreStatus,
};
use super::super::refusal::Refusal;
use super::network;
use crate::desk::{About, Desk};
use crate::handle::Handle;
use crate::profile;
use windbreak_protocol::{JoinStage, Venue};

/// How the node is.
#[utoipa::path(
    get, path = "/v1/status", tag = "node",
    responses(
        (status = 200, body = Answer<Status>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn status(
    State(handle): State<Handle>,
    _: Nothing,
) -> Result<Json<Answer<Status>>, Refusal> {
    let status = handle.glance(|desk| Ok(describe(desk))).await?;
    Ok(Json(Answer::new(status)))
}

fn describe(desk: &Desk<'_>) -> Status {
    let is_over = |stage: &JoinStage| {
        matches!(stage, JoinStage::Joined(_) | JoinStage::Declined(_) | JoinStage::Refused(_))
    };
    let circles = desk.circles();
    let networks = desk.venues.statuses().map(|(venue, status)| {
        let mode = desk.links.mode(&venue, &desk.about.reach);
        NetworkStatus {
            mode: mode.into(),
            trouble: network::trouble(desk, &venue, &status),
            circle: match venue {
                Venue::Circle(circle) => Some(circle),
                Venue::Invite(_) => None,
            },
            relays: status.relays,
            relays_connected: status.relays_connected,
            linked: status.peers + status.direct + status.near,
            catching_up: status.catching_up.map(Into::into),
        }
    });
    Status {
        condition: match desk.trouble {
            None => Condition::Working,
            Some(_) => Condition::ReadOnly,
        },
        trouble: desk.trouble.clone(),
        circles: circles.len(),
        joins: desk.engine.joins().iter().filter(|join| !is_over(&join.stage)).count(),
        outbox: circles.iter().map(|circle| circle.outbox).sum(),
        networks: networks.collect(),
        notices: desk.notices.status(),
        store: StoreStatus {
            cache: desk.about.bounds.cache,
            disk: profile::disk_taken(&desk.about.profile),
            circle_quota: desk.about.bounds.circle_quota,
            circles: circles
                .iter()
                .map(|circle| CircleUsage { circle: circle.id, bytes: desk.usage.of(&circle.id) })
                .collect(),
        },
        ..blank(desk.about)
    }
}

fn blank(about: &About) -> Status {
    Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: std::process::id(),
        started: about.started.into(),
        profile: about.profile.to_string_lossy().into_owned(),
        condition: Condition::Working,
        trouble: None,
        circles: 0,
        joins: 0,
        outbox: 0,
        networks: Vec::new(),
        store: StoreStatus::default(),
        notices: NoticeStatus::default(),
    }
}

/// Stops the node: answered first, then it stops in order.
#[utoipa::path(
    post, path = "/v1/shutdown", tag = "node",
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn shutdown(State(handle): State<Handle>, _: Nothing) -> Json<Answer<Done>> {
    handle.stop();
    Json(Answer::new(Done {}))
}

/// This description.
#[utoipa::path(
    get, path = "/v1/openapi.json", tag = "node",
    responses((status = 200, description = "this description, not framed", body = Object))
)]
pub(super) async fn openapi(_: Nothing) -> Json<serde_json::Value> {
    Json(super::description())
}
