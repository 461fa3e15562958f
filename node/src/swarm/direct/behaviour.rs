//! What a direct swarm speaks: circuits and hole punching to be brought together, and the streams
//! of topics. No gossip, no `identify`: nothing is said to whoever is not expected.

use libp2p::allow_block_list::{self, AllowedPeers};
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::swarm::{FromSwarm, NetworkBehaviour, NewExternalAddrCandidate};
use libp2p::{Multiaddr, PeerId, dcutr, relay};

use crate::swarm::doorway::Doorway;
use crate::swarm::limits::{MAX_DIRECT, MAX_DIRECT_CONNECTIONS_PER_PEER, WHEREABOUTS_RELAYS};
use crate::swarm::raw;

#[derive(NetworkBehaviour)]
pub(crate) struct Behaviour {
    doorway: Doorway,
    limits: connection_limits::Behaviour,
    /// Relays, and whoever said to the circle that they can be met. It stands before all that
    /// speaks: nobody else's connection is kept, whatever comes over it.
    pub(crate) expected: allow_block_list::Behaviour<AllowedPeers>,
    circuits: relay::client::Behaviour,
    punching: dcutr::Behaviour,
    streams: raw::Behaviour,
}

impl Behaviour {
    /// The behaviour of the node `peer`, and the control of its streams.
    pub(crate) fn new(peer: PeerId, circuits: relay::client::Behaviour) -> (Self, raw::Control) {
        let connections = MAX_DIRECT as u32 * MAX_DIRECT_CONNECTIONS_PER_PEER;
        let limits = ConnectionLimits::default()
            .with_max_established(Some(connections + WHEREABOUTS_RELAYS as u32))
            .with_max_established_per_peer(Some(MAX_DIRECT_CONNECTIONS_PER_PEER));
        let streams = raw::Behaviour::new();
        let control = streams.new_control();
        let behaviour = Self {
            doorway: Doorway::of_member(),
            limits: connection_limits::Behaviour::new(limits),
            expected: allow_block_list::Behaviour::default(),
            circuits,
            punching: dcutr::Behaviour::new(peer),
            streams,
        };
        (behaviour, control)
    }

    /// A relay sees this node at an address: others are told it when the way to each other is opened.
    pub(crate) fn is_seen_at(&mut self, address: &Multiaddr) {
        let seen = NewExternalAddrCandidate { addr: address };
        self.punching.on_swarm_event(FromSwarm::NewExternalAddrCandidate(seen));
    }
}
