//! What a direct swarm speaks: circuits and hole punching to be brought together, and the streams
//! of topics. No gossip, no `identify`: nothing is said to whoever is not expected.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::task::{Context, Poll};

use libp2p::allow_block_list::{self, AllowedPeers};
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::swarm::{
    ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandler, THandlerInEvent,
    THandlerOutEvent, ToSwarm, dummy,
};
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
    pub(crate) candidates: Candidates,
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
            candidates: Candidates::default(),
            circuits,
            punching: dcutr::Behaviour::new(peer),
            streams,
        };
        (behaviour, control)
    }
}

/// Tells the swarm under which addresses relays see this node.
#[derive(Default)]
pub(crate) struct Candidates(VecDeque<Multiaddr>);

impl Candidates {
    pub(crate) fn add(&mut self, address: Multiaddr) {
        self.0.push_back(address);
    }
}

impl NetworkBehaviour for Candidates {
    type ConnectionHandler = dummy::ConnectionHandler;
    type ToSwarm = Infallible;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(dummy::ConnectionHandler)
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(dummy::ConnectionHandler)
    }

    fn on_swarm_event(&mut self, _: FromSwarm<'_>) {}

    fn on_connection_handler_event(
        &mut self,
        _: PeerId,
        _: ConnectionId,
        event: THandlerOutEvent<Self>,
    ) {
        match event {}
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        // Whoever adds one polls the swarm again right after it.
        match self.0.pop_front() {
            Some(address) => Poll::Ready(ToSwarm::NewExternalAddrCandidate(address)),
            None => Poll::Pending,
        }
    }
}
