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
use crate::profile::NetworkMode;
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
            allow(desk, &at.circle, &sent)?;
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

/// Refuses what would show the address of a device that hides it; whoever adds a link in the mode
/// `relay-only` chooses the mode `direct`.
fn allow(desk: &mut Desk<'_>, circle: &CircleId, sent: &LinkChange) -> Result<(), Refusal> {
    let mode = desk.links.mode(&Venue::Circle(*circle), &desk.about.reach);
    let (listens, dials) = match mode {
        NetworkMode::Tor => (
            sent.listen.iter().all(|address| swarm::is_loopback_address(address)),
            sent.dial.iter().all(|address| swarm::is_onion_address(address)),
        ),
        NetworkMode::Lan => {
            return Err(Refusal::not_allowed_value(
                "finds_by_itself",
                "this circle stays on the local network, where members find each other without links",
                "choose a mode with links first: windbreak network set CIRCLE direct",
            ));
        }
        NetworkMode::RelayOnly | NetworkMode::Direct => (
            !sent.listen.iter().any(|address| swarm::is_onion_address(address)),
            !sent.dial.iter().any(|address| swarm::is_onion_address(address)),
        ),
    };
    match (mode, listens, dials) {
        (NetworkMode::Tor, true, true) | (NetworkMode::Direct, true, true) => Ok(()),
        (NetworkMode::RelayOnly, true, true) => {
            desk.links.set_mode(circle, NetworkMode::Direct);
            Ok(())
        }
        (NetworkMode::Tor, false, _) => Err(Refusal::not_allowed_value(
            "link_shows_address",
            "this circle goes through tor, and listening there would show this device's address",
            "listen at /ip4/127.0.0.1/tcp/… for an onion service of your tor",
        )),
        (NetworkMode::Tor, true, false) => Err(Refusal::not_allowed_value(
            "link_shows_address",
            "this circle goes through tor, and this link would show this device's address",
            "use the member's /onion3/ address, or change the mode with: windbreak network set",
        )),
        (NetworkMode::RelayOnly | NetworkMode::Direct | NetworkMode::Lan, ..) => {
            Err(Refusal::not_allowed_value(
                "needs_tor",
                "an onion address is reached through tor alone, and this circle does not use it",
                "change the mode with: windbreak network set CIRCLE tor",
            ))
        }
    }
}

fn describe(desk: &Desk<'_>, circle: &CircleId) -> Result<Links, Refusal> {
    desk.circle(circle)?;
    let mut links = desk.links.of(circle);
    if links.mode == Some(NetworkMode::Direct) {
        links.listen.extend(desk.about.reach.listen.iter().cloned());
    }
    let status = desk.venues.status(&Venue::Circle(*circle)).unwrap_or_default();
    Ok(Links {
        listen: links.listen.into_iter().collect(),
        dial: links.dial.into_iter().collect(),
        listening: status.listening,
        connected: status.peers,
    })
}
