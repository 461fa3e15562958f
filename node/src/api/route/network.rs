//! How a circle is reached from this device.

use axum::Json;
use axum::extract::State;
use windbreak_protocol::Venue;
use windbreak_protocol::id::CircleId;
use windbreak_protocol::wire::sync::Refusal as Refused;

use super::super::extract::{At, InCircle, Nothing, Sent};
use super::super::message::{
    Answer, CircleNetwork, DirectReach, Failure, LanReach, Mode, ModeChange, NetworkTrouble,
    RelayReach,
};
use super::super::refusal::Refusal;
use super::{grant, relay};
use crate::desk::Desk;
use crate::handle::Handle;
use crate::own_relays::clear_peer;
use crate::profile::NetworkMode;
use crate::swarm::{self, VenueStatus};

/// The network mode of a circle on this device, and what comes of it.
#[utoipa::path(
    get, path = "/v1/circles/{circle}/network", tag = "network", params(InCircle),
    responses(
        (status = 200, body = Answer<CircleNetwork>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn show(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    _: Nothing,
) -> Result<Json<Answer<CircleNetwork>>, Refusal> {
    let network = handle.read(move |desk| describe(desk, &at.circle)).await?;
    Ok(Json(Answer::new(network)))
}

/// Gives a circle another network mode. In `direct`, chosen here for this circle alone, members are
/// met without their addresses being typed in, and learn this device's. In `lan` nothing leaves the
/// local networks, where members are found and everybody sees that this device runs Windbreak. What
/// was connected in the old mode is closed first; what cannot be reached in the new one is not reached.
#[utoipa::path(
    put, path = "/v1/circles/{circle}/network", tag = "network", params(InCircle),
    request_body = ModeChange,
    responses(
        (status = 200, body = Answer<CircleNetwork>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn change(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    Sent(sent): Sent<ModeChange>,
) -> Result<Json<Answer<CircleNetwork>>, Refusal> {
    let network = handle
        .change(move |desk| {
            desk.circle(&at.circle)?;
            let mut relays = relay::used(desk, &at.circle);
            if sent.mode == Mode::Lan {
                // The others are not dialled in it, and nothing is agreed about them.
                relays.retain(|relay| swarm::is_near_address(relay));
            }
            check_apart(desk, Some(&at.circle), sent.mode, &relays, sent.same_relay)?;
            desk.links.choose(&at.circle, sent.mode.into());
            if sent.mode != Mode::Tor {
                desk.links.agree(&at.circle, &relays);
            }
            describe(desk, &at.circle)
        })
        .await?;
    Ok(Json(Answer::new(network)))
}

fn describe(desk: &Desk<'_>, circle: &CircleId) -> Result<CircleNetwork, Refusal> {
    let relays = desk.circle(circle)?.relays;
    let (venue, config) = (Venue::Circle(*circle), &desk.about.reach);
    let mode = desk.links.mode(&venue, config);
    let status = desk.venues.status(&venue).unwrap_or_default();
    let (all, used) = (desk.links.of(circle), desk.links.used(&venue, config));
    let listen = all.listen.difference(&used.listen);
    let unused = listen.chain(all.dial.difference(&used.dial)).cloned();
    let relays: Vec<_> = relays
        .into_iter()
        .map(|address| RelayReach { usable: is_usable(mode, &address), address })
        .collect();
    Ok(CircleNetwork {
        mode: mode.into(),
        tor_proxy: (mode == NetworkMode::Tor).then(|| config.tor_proxy.to_string()),
        relays_connected: status.relays_connected,
        direct: used.finds.then_some(DirectReach {
            met_by_relay: status.is_met_by_relay,
            linked: status.direct,
            apart: status.apart,
        }),
        lan: (mode == NetworkMode::Lan).then_some(LanReach { linked: status.near }),
        unused_links: unused.collect(),
        trouble: trouble(desk, &venue, &status),
        relays,
    })
}

/// Whether a relay's address can be dialled in a mode.
pub(super) fn is_usable(mode: NetworkMode, address: &str) -> bool {
    match mode {
        NetworkMode::Tor => swarm::is_onion_address(address),
        NetworkMode::RelayOnly | NetworkMode::Direct => !swarm::is_onion_address(address),
        NetworkMode::Lan => swarm::is_near_address(address),
    }
}

/// What keeps a circle from being reached.
pub(super) fn trouble(
    desk: &Desk<'_>,
    venue: &Venue,
    status: &VenueStatus,
) -> Option<NetworkTrouble> {
    let mode = desk.links.mode(venue, &desk.about.reach);
    let is_tor = mode == NetworkMode::Tor;
    if is_tor && status.is_proxy_absent {
        Some(NetworkTrouble::TorAbsent)
    } else if mode == NetworkMode::Lan && status.is_nowhere {
        Some(NetworkTrouble::NoLocalNetwork)
    } else if mode == NetworkMode::Lan && status.is_deaf {
        Some(NetworkTrouble::LocalNetworkDeaf)
    } else if grant::is_untrusted(status) {
        Some(NetworkTrouble::RelayUntrusted)
    } else if relay::asks(desk, venue) {
        Some(NetworkTrouble::RelayAsks)
    } else if status.relays_silent && mode != NetworkMode::Lan {
        Some(NetworkTrouble::RelaysSilent)
    } else if status.relays == 0 || status.relays > status.relays_unusable {
        match status.refusal {
            Some(Refused::Quota) => Some(NetworkTrouble::RelayQuota),
            Some(Refused::Crowded) => Some(NetworkTrouble::RelayCrowded),
            Some(Refused::Full) => Some(NetworkTrouble::RelayFull),
            Some(Refused::TokenWanted) => Some(grant::waits_for(status)),
            _ => None,
        }
    } else if is_tor {
        Some(NetworkTrouble::NoOnionRelay)
    } else {
        Some(NetworkTrouble::OnionRelaysOnly)
    }
}

/// Refuses a mode in which none of the relays could be reached.
pub(super) fn check(mode: Mode, relays: &[String]) -> Result<(), Refusal> {
    let mode = NetworkMode::from(mode);
    let needs_none = relays.is_empty() || mode == NetworkMode::Lan;
    if needs_none || relays.iter().any(|relay| is_usable(mode, relay)) {
        return Ok(());
    }
    Err(if mode == NetworkMode::Tor {
        Refusal::not_allowed_value(
            "no_onion_relay",
            "this goes through tor, and none of the relays has an onion address",
            "ask the relay's host for its /onion3/ address, or choose another mode with --network",
        )
    } else {
        Refusal::not_allowed_value(
            "onion_relays_only",
            "the relays have onion addresses alone, which only tor reaches",
            "choose it with --network tor, or name a relay with another address",
        )
    })
}

/// Refuses a relay that serves another circle of this person without Tor already, unless they know:
/// whoever runs it can tell by address and time that both are of one device.
pub(super) fn check_apart(
    desk: &Desk<'_>,
    circle: Option<&CircleId>,
    mode: Mode,
    relays: &[String],
    is_known: bool,
) -> Result<(), Refusal> {
    if is_known || mode == Mode::Tor {
        return Ok(());
    }
    let of_use = |relay: &&String| mode != Mode::Lan || swarm::is_near_address(relay);
    let serves = |peer| desk.links.serves_another(circle, peer, &desk.about.reach);
    let is_shared = relays.iter().filter(of_use).filter_map(|relay| clear_peer(relay)).any(serves);
    if is_shared {
        return Err(Refusal::not_allowed_value(
            "relay_shared",
            "a relay of this circle serves another of your circles: without tor whoever runs it \
             could tell by address and time that both are yours",
            "use another relay or the mode tor; or repeat it with `same_relay`, if that is no harm",
        ));
    }
    Ok(())
}
