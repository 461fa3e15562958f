//! The relays of a circle: naming others, and choosing on this device.

use axum::Json;
use axum::extract::State;
use windbreak_protocol::id::CircleId;
use windbreak_protocol::invite::RelayAddress;
use windbreak_protocol::ledger::Role;
use windbreak_protocol::{GrantError, Venue};

use super::super::extract::{At, InCircle, Nothing, Sent};
use super::super::message::{
    Answer, CircleRelay, CircleRelays, Failure, RelayChange, RelayChoice, RelayStanding, RelayUsage,
};
use super::super::refusal::Refusal;
use super::{grant, network};
use crate::desk::Desk;
use crate::handle::Handle;
use crate::own_relays::{MAX_AVOIDED, MAX_OWN, Use, peer_of};
use crate::profile::NetworkMode;
use crate::swarm;

/// The relays of a circle: those it names, those it named before, and those of this device alone.
#[utoipa::path(
    get, path = "/v1/circles/{circle}/relays", tag = "network", params(InCircle),
    responses(
        (status = 200, body = Answer<CircleRelays>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn list(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    _: Nothing,
) -> Result<Json<Answer<CircleRelays>>, Refusal> {
    let relays = handle.read(move |desk| describe(desk, &at.circle)).await?;
    Ok(Json(Answer::new(relays)))
}

/// Names a circle's relays anew, for everybody in it. Members' devices follow by themselves when
/// they hear of it, and put what they hold on the new ones; those named before are used as long as
/// somebody may know no other.
#[utoipa::path(
    put, path = "/v1/circles/{circle}/relays", tag = "network", params(InCircle),
    request_body = RelayChange,
    responses(
        (status = 200, body = Answer<CircleRelays>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn change(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    Sent(sent): Sent<RelayChange>,
) -> Result<Json<Answer<CircleRelays>>, Refusal> {
    let addresses =
        sent.relays.iter().map(|relay| address_of(relay)).collect::<Result<Vec<_>, _>>()?;
    let grant = match &sent.grant {
        Some(given) => Some((given.address.clone(), grant::read(&given.grant)?)),
        None => None,
    };
    let relays = handle
        .change(move |desk| {
            desk.circle(&at.circle)?;
            let mode = desk.links.mode(&Venue::Circle(at.circle), &desk.about.reach);
            network::check(mode.into(), &sent.relays)?;
            network::check_apart(
                desk,
                Some(&at.circle),
                mode.into(),
                &sent.relays,
                sent.same_relay,
            )?;
            if let Some((address, _)) = &grant
                && !sent.relays.contains(address)
            {
                return Err(GrantError::NotNamed.into());
            }
            if let Some((_, grant)) = &grant {
                desk.engine.check_grant(desk.now, &at.circle, grant)?;
            }
            let known = desk.circle(&at.circle)?;
            // Who gives a grant for a relay that is named changes nothing else.
            if known.relays != sent.relays || known.relays_wanted.is_some() {
                desk.engine.set_relays(desk.now, &at.circle, addresses)?;
            }
            if let Some((address, grant)) = grant {
                desk.engine.give_grant(desk.now, &at.circle, &address_of(&address)?, grant)?;
            }
            if mode != NetworkMode::Tor {
                desk.links.agree(&at.circle, &sent.relays);
            }
            describe(desk, &at.circle)
        })
        .await?;
    Ok(Json(Answer::new(relays)))
}

/// Says whether this device uses a relay, whatever the circle names: the answer where one asks to
/// serve a second circle, or an address that somebody passed on.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/relays/choice", tag = "network", params(InCircle),
    request_body = RelayChoice,
    responses(
        (status = 200, body = Answer<CircleRelays>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn choose(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    Sent(sent): Sent<RelayChoice>,
) -> Result<Json<Answer<CircleRelays>>, Refusal> {
    address_of(&sent.address)?;
    let relays = handle
        .change(move |desk| {
            desk.circle(&at.circle)?;
            if sent.avoid {
                desk.links
                    .change_relays(&at.circle, |own| own.avoid(&sent.address))
                    .map_err(|_| too_many(MAX_AVOIDED))?;
                // It may serve another circle now.
                settle_all(desk);
                return describe(desk, &at.circle);
            }
            let mode = desk.links.mode(&Venue::Circle(at.circle), &desk.about.reach);
            let own = std::slice::from_ref(&sent.address);
            network::check(mode.into(), own)?;
            network::check_apart(desk, Some(&at.circle), mode.into(), own, sent.same_relay)?;
            let is_named = desk
                .engine
                .reach(&Venue::Circle(at.circle))
                .is_some_and(|reach| reach.relays.contains(&sent.address));
            if is_named {
                desk.links.agree(&at.circle, own);
            } else {
                desk.links
                    .change_relays(&at.circle, |own| own.add(&sent.address))
                    .map_err(|_| too_many(MAX_OWN))?;
            }
            describe(desk, &at.circle)
        })
        .await?;
    Ok(Json(Answer::new(relays)))
}

/// All relays by which a circle is or could be reached from here, besides those that are avoided.
pub(super) fn used(desk: &Desk<'_>, circle: &CircleId) -> Vec<String> {
    let own = desk.links.of(circle).relays;
    let named = desk.engine.reach(&Venue::Circle(*circle)).map(|reach| reach.relays);
    let all = named.unwrap_or_default().into_iter().chain(own.added().cloned());
    all.filter(|relay| own.of(relay, true) != Use::Avoided).collect()
}

/// The relays by which a circle is reached now.
pub(super) fn reached(desk: &Desk<'_>, circle: &CircleId) -> Vec<String> {
    let (venue, config) = (Venue::Circle(*circle), &desk.about.reach);
    let Some(reach) = desk.engine.reach(&venue) else { return Vec::new() };
    let mode = desk.links.mode(&venue, config);
    let dialled = desk.links.relays_to_dial(&venue, reach.relays, config);
    dialled.into_iter().filter(|relay| network::is_usable(mode, relay)).collect()
}

/// Whether a relay of a circle waits for the word of this person.
pub(super) fn asks(desk: &Desk<'_>, venue: &Venue) -> bool {
    let Venue::Circle(circle) = venue else { return false };
    let mode = desk.links.mode(venue, &desk.about.reach);
    let own = desk.links.of(circle).relays;
    let of_use = |relay: &&String| network::is_usable(mode, relay);
    let asks = |relay: &String| own.of(relay, mode == NetworkMode::Tor) == Use::Asks;
    used(desk, circle).iter().filter(of_use).any(asks)
}

fn settle_all(desk: &mut Desk<'_>) {
    for circle in desk.circles() {
        if let Some(reach) = desk.engine.reach(&Venue::Circle(circle.id)) {
            desk.links.settle_relays(&circle.id, &reach.relays, &desk.about.reach);
        }
    }
}

fn describe(desk: &Desk<'_>, circle: &CircleId) -> Result<CircleRelays, Refusal> {
    let overview = desk.circle(circle)?;
    let venue = Venue::Circle(*circle);
    let mode = desk.links.mode(&venue, &desk.about.reach);
    let own = desk.links.of(circle).relays;
    let status = desk.venues.status(&venue).unwrap_or_default();
    let reached = desk.engine.reach(&venue).map(|reach| reach.relays).unwrap_or_default();
    let wanted = overview.relays_wanted.as_deref().unwrap_or_default();
    let mut all = overview.relays.clone();
    for relay in wanted.iter().chain(&reached).chain(own.added()) {
        if !all.contains(relay) {
            all.push(relay.clone());
        }
    }
    let relays = all.into_iter().map(|address| {
        let former = overview.relays_former.iter().find(|former| former.address == address);
        let standing = if overview.relays.contains(&address) {
            RelayStanding::Named
        } else if wanted.contains(&address) {
            RelayStanding::Wanted
        } else if former.is_some() {
            RelayStanding::Former
        } else if reached.contains(&address) {
            RelayStanding::Rival
        } else {
            RelayStanding::Own
        };
        let usage = match own.of(&address, mode == NetworkMode::Tor) {
            Use::Avoided => RelayUsage::Avoided,
            _ if !network::is_usable(mode, &address) => RelayUsage::Unusable,
            Use::Asks => RelayUsage::Asks,
            Use::Dialled => RelayUsage::Used,
        };
        let is_connected = |peer: &str| status.connected_to.contains(peer);
        CircleRelay {
            standing,
            usage,
            connected: usage == RelayUsage::Used && peer_of(&address).is_some_and(is_connected),
            former_since: former.map(|former| former.since.into()),
            waits_for: former.map(|former| former.waits_for),
            grant: grant::describe(&overview.grants, &status, &address),
            address,
        }
    });
    Ok(CircleRelays {
        relays: relays.collect(),
        may_change: overview
            .members
            .iter()
            .any(|member| member.me && member.role == Role::Facilitator),
        changing: overview.relays_wanted.is_some(),
    })
}

pub(super) fn address_of(relay: &str) -> Result<RelayAddress, Refusal> {
    let bad = || {
        Refusal::bad_request(
            "bad_relay",
            "a relay's address is malformed",
            "write it as its host gives it: /ip4/192.0.2.1/tcp/4710/p2p/ and its peer id",
        )
    };
    if !swarm::is_relay_address(relay) {
        return Err(bad());
    }
    RelayAddress::new(relay).map_err(|_| bad())
}

fn too_many(limit: usize) -> Refusal {
    Refusal::not_allowed_value(
        "too_many_relays",
        format!("a device keeps at most {limit} of these for one circle"),
        "take another one away first",
    )
}
