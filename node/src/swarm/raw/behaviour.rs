//! The part of a swarm that has streams.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::task::{Context, Poll};

use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::swarm::behaviour::{
    ConnectionClosed, ConnectionEstablished, DialFailure, ListenFailure,
};
use libp2p::swarm::{
    ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandler, THandlerInEvent,
    THandlerOutEvent, ToSwarm,
};
use libp2p::{Multiaddr, PeerId};
use tokio::sync::mpsc;

use crate::swarm::limits::MAX_OPENING;
use crate::swarm::raw::Control;
use crate::swarm::raw::handler::Handler;
use crate::swarm::raw::registry::{Ask, Registry};

/// Raw streams; it dials nobody.
#[derive(Default)]
pub(crate) struct Behaviour {
    registry: Registry,
    /// Connections that another part of the swarm may still deny.
    coming: BTreeMap<ConnectionId, mpsc::Sender<Ask>>,
}

impl Behaviour {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Through which streams are asked for and taken.
    pub(crate) fn new_control(&self) -> Control {
        Control::new(self.registry.clone())
    }

    #[cfg(test)]
    pub(super) fn connections(&self) -> usize {
        self.coming.len() + self.registry.peers()
    }

    fn handler(&mut self, connection: ConnectionId, peer: PeerId) -> Handler {
        let (asks, asked) = mpsc::channel(MAX_OPENING);
        self.coming.insert(connection, asks);
        Handler::new(peer, self.registry.clone(), asked)
    }
}

impl NetworkBehaviour for Behaviour {
    type ConnectionHandler = Handler;
    type ToSwarm = Infallible;

    fn handle_established_inbound_connection(
        &mut self,
        connection: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(self.handler(connection, peer))
    }

    fn handle_established_outbound_connection(
        &mut self,
        connection: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(self.handler(connection, peer))
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        match event {
            FromSwarm::ConnectionEstablished(ConnectionEstablished {
                peer_id,
                connection_id,
                ..
            }) => {
                if let Some(asks) = self.coming.remove(&connection_id) {
                    self.registry.connected(peer_id, connection_id, asks);
                }
            }
            FromSwarm::ConnectionClosed(ConnectionClosed { peer_id, connection_id, .. }) => {
                self.registry.closed(&peer_id, connection_id);
            }
            FromSwarm::DialFailure(DialFailure { connection_id, .. })
            | FromSwarm::ListenFailure(ListenFailure { connection_id, .. }) => {
                self.coming.remove(&connection_id);
            }
            _ => {}
        }
    }

    fn on_connection_handler_event(
        &mut self,
        _: PeerId,
        _: ConnectionId,
        event: THandlerOutEvent<Self>,
    ) {
        match event {}
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        // All that it does, its handlers do.
        Poll::Pending
    }
}
