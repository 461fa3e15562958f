//! The places this node has at relays, by which others are brought to it: reserved again whenever
//! they are lost, and of use once the relay has said under which address it sees this node.

use libp2p::core::transport::ListenerId;
use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, PeerId};
use tokio::time::Instant;

use crate::swarm::direct::DirectSwarm;
use crate::swarm::limits::{Backoff, Timings};
use crate::swarm::relays::Relay;

pub(crate) struct Reservations(Vec<Place>);

/// The place at one relay.
struct Place {
    relay: PeerId,
    /// Where it speaks QUIC.
    address: Multiaddr,
    listener: Option<ListenerId>,
    /// Whether the relay brings others to us, and whether it said where it sees us.
    is_kept: bool,
    is_seen: bool,
    backoff: Backoff,
    due: Instant,
}

impl Reservations {
    pub(crate) fn new(relays: &[Relay], timings: &Timings) -> Self {
        let place = |relay: &Relay| {
            Some(Place {
                relay: relay.peer,
                address: relay.addresses.first()?.clone(),
                listener: None,
                is_kept: false,
                is_seen: false,
                backoff: Backoff::new(timings),
                due: Instant::now(),
            })
        };
        Self(relays.iter().filter_map(place).collect())
    }

    /// Asks for the places that are due.
    pub(crate) fn reserve(&mut self, swarm: &mut DirectSwarm) {
        let now = Instant::now();
        for place in self.0.iter_mut().filter(|place| place.listener.is_none() && place.due <= now)
        {
            let address = place.address.clone().with(Protocol::P2p(place.relay));
            match swarm.listen_on(address.with(Protocol::P2pCircuit)) {
                Ok(listener) => place.listener = Some(listener),
                Err(_) => place.due = now + place.backoff.wait(),
            }
        }
    }

    /// The network has changed: what failed before is no reason to wait.
    pub(crate) fn hurry(&mut self) {
        for place in &mut self.0 {
            place.backoff.reset();
            place.due = place.due.min(Instant::now() + place.backoff.wait());
        }
    }

    /// A relay keeps a place for us.
    pub(crate) fn kept(&mut self, relay: &PeerId) {
        if let Some(place) = self.at(relay) {
            place.is_kept = true;
        }
    }

    /// A relay has said where it sees us, or did not when it was asked: then it is begun anew.
    pub(crate) fn seen(&mut self, swarm: &mut DirectSwarm, relay: &PeerId, is_seen: bool) {
        let Some(place) = self.at(relay) else { return };
        place.is_seen |= is_seen;
        if place.is_seen {
            place.backoff.reset();
        } else if let Some(listener) = place.listener {
            swarm.remove_listener(listener);
        }
    }

    /// A listener has ended; says whether it was a place at a relay.
    pub(crate) fn ended(&mut self, listener: ListenerId) -> bool {
        let Some(place) = self.0.iter_mut().find(|place| place.listener == Some(listener)) else {
            return false;
        };
        place.listener = None;
        (place.is_kept, place.is_seen) = (false, false);
        place.due = Instant::now() + place.backoff.wait();
        true
    }

    /// The relays that bring others to us.
    pub(crate) fn ready(&self) -> Vec<PeerId> {
        let is_ready = |place: &&Place| place.is_kept && place.is_seen;
        self.0.iter().filter(is_ready).map(|place| place.relay).collect()
    }

    /// The address at which `other` is met through the first of `relays` where we have a place too.
    pub(crate) fn way_to(&self, other: PeerId, relays: &[PeerId]) -> Option<Multiaddr> {
        let is_common =
            |place: &&Place| place.is_kept && place.is_seen && relays.contains(&place.relay);
        let place = self.0.iter().find(is_common)?;
        let relay = place.address.clone().with(Protocol::P2p(place.relay));
        Some(relay.with(Protocol::P2pCircuit).with(Protocol::P2p(other)))
    }

    /// Whether a peer is one of the relays.
    pub(crate) fn is_relay(&self, peer: &PeerId) -> bool {
        self.0.iter().any(|place| place.relay == *peer)
    }

    fn at(&mut self, relay: &PeerId) -> Option<&mut Place> {
        self.0.iter_mut().find(|place| place.relay == *relay)
    }
}
