//! Direct links between members' devices.

use axum::Json;
use axum::extract::State;
use windbreak_protocol::Venue;
use windbreak_protocol::id::CircleId;

use super::super::extract::{At, InCircle, Nothing, Sent};
use super::super::message::{Answer, Failure, LinkChange, Links};
use super::super::refusal::Refusal;
use crate::desk::Desk;
use crate::handle::Handle;
use crate::links::MAX_ADDRESSES;
use crate::swarm;

/// The direct links of a circle on this device.
#[utoipa::path(
    get, path = "/v1/circles/{circle}/links", tag = "link", params(InCircle),
    responses(
        (status = 200, body = Answer<Links>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn list(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    _: Nothing,
) -> Result<Json<Answer<Links>>, Refusal> {
    let links = handle.read(move |desk| describe(desk, &at.circle)).await?;
    Ok(Json(Answer::new(links)))
}

/// Listens on or dials more addresses. Whoever is at the other end of a direct link learns this
/// device's address: until the first one is added, only relays do.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/links", tag = "link", params(InCircle),
    request_body = LinkChange,
    responses(
        (status = 200, body = Answer<Links>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn add(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    Sent(sent): Sent<LinkChange>,
) -> Result<Json<Answer<Links>>, Refusal> {
    for address in sent.listen.iter().chain(&sent.dial) {
        if !swarm::is_link_address(address) {
            return Err(Refusal::bad_request(
                "bad_address",
                "an address is not one this node can use for a direct link",
                "write it as /ip4/192.168.1.7/tcp/4710",
            ));
        }
    }
    let links = handle
        .change(move |desk| {
            desk.circle(&at.circle)?;
            desk.links.add(&at.circle, sent.listen, sent.dial).map_err(|_| {
                Refusal::not_allowed_value(
                    "too_many_links",
                    format!("a circle has at most {MAX_ADDRESSES} addresses of each sort"),
                    "take some away first",
                )
            })?;
            describe(desk, &at.circle)
        })
        .await?;
    Ok(Json(Answer::new(links)))
}

/// Takes addresses away; those that are not there are ignored. Without any direct link left the
/// circle is reached over relays alone.
#[utoipa::path(
    delete, path = "/v1/circles/{circle}/links", tag = "link", params(InCircle),
    request_body = LinkChange,
    responses(
        (status = 200, body = Answer<Links>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn remove(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    Sent(sent): Sent<LinkChange>,
) -> Result<Json<Answer<Links>>, Refusal> {
    let links = handle
        .change(move |desk| {
            desk.circle(&at.circle)?;
            desk.links.remove(&at.circle, &sent.listen, &sent.dial);
            describe(desk, &at.circle)
        })
        .await?;
    Ok(Json(Answer::new(links)))
}

fn describe(desk: &Desk<'_>, circle: &CircleId) -> Result<Links, Refusal> {
    desk.circle(circle)?;
    let links = desk.links.of(circle);
    let status = desk.venues.status(&Venue::Circle(*circle)).unwrap_or_default();
    let listen = links.listen.into_iter().chain(desk.about.listen.iter().cloned());
    Ok(Links {
        listen: listen.collect(),
        dial: links.dial.into_iter().collect(),
        listening: status.listening,
        connected: status.peers,
    })
}
