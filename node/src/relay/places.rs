//! Who has a place at a relay. It is settled before a connection carries anything: one with a place is served
//! all that the relay speaks, and one without hears on each stream that there is none, and nothing else is
//! spoken on it. Clauses: specs/06-sync Y-13, Y-110, Y-117.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::swarm::derive_prelude::Either;
use libp2p::swarm::{
    CloseConnection, ConnectionClosed, ConnectionDenied, ConnectionId, FromSwarm, ListenError,
    ListenFailure, NetworkBehaviour, THandler, THandlerInEvent, THandlerOutEvent, ToSwarm,
};
use libp2p::{Multiaddr, PeerId};

use crate::relay::crowd::Crowd;
use crate::relay::mailbox::RelayMailbox;
use crate::relay::network::Network;
use crate::relay::peers::Peers;
use crate::relay::sources::Sources;
use crate::swarm::doorway::Crowded;
use crate::swarm::observed::Seen;
use crate::swarm::raw;
use crate::swarm::stream::Guests;

/// What `served` speaks, for those who have a place.
pub(crate) struct Places<B> {
    served: B,
    /// The streams of those who have none.
    refused: raw::Behaviour,
    book: Book,
}

/// Who is there.
pub(crate) struct Book {
    mailbox: Arc<RelayMailbox>,
    sources: Arc<Sources>,
    guests: Arc<Guests>,
    seen: Arc<Seen>,
    /// Connections that there are places for.
    most: u64,
    /// How long a full relay leaves a place to who asks for nothing.
    unused: Duration,
    peers: Peers,
    crowd: Crowd,
    closing: VecDeque<(PeerId, CloseConnection)>,
}

impl<B> Places<B> {
    /// Everything free. Streams that `refused` takes are those of who has no place.
    pub(crate) fn new(served: B, refused: raw::Behaviour, book: Book) -> Self {
        Self { served, refused, book }
    }
}

impl Book {
    /// Nobody yet.
    pub(crate) fn new(network: &Network, guests: Arc<Guests>, seen: Arc<Seen>) -> Self {
        let (mailbox, sources) = (network.mailbox.clone(), network.sources.clone());
        // A run before this one may have ended with connections still counted.
        mailbox.counters().connections.store(0, Ordering::Relaxed);
        sources.forget_connections();
        Self {
            mailbox,
            sources,
            guests,
            seen,
            most: network.limits.connections.into(),
            unused: network.timings.unused,
            peers: Peers::new(),
            crowd: Crowd::new(network.timings.connect / 6),
            closing: VecDeque::new(),
        }
    }

    /// A connection is there; says whether it has a place, or that it may not even stand in the crowd.
    fn comes(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        address: &Multiaddr,
    ) -> Result<bool, Crowded> {
        let is_full = self.count().load(Ordering::Relaxed) >= self.most;
        let is_of_too_many = !self.sources.connected(peer, address);
        if is_full || is_of_too_many {
            // Whoever has a place comes to it from elsewhere: the newest counts (Y-110).
            let Some(oldest) = self.peers.oldest(&peer) else {
                self.sources.closed(&peer);
                // Who may not is counted once the swarm has turned it away.
                self.crowd.comes(peer, connection)?;
                self.turned_away(is_full);
                return Ok(false);
            };
            self.close(peer, oldest);
        }
        self.seen.connected(peer, address);
        if let Some(oldest) = self.peers.connected(peer, connection) {
            self.close(peer, oldest);
        }
        self.count().fetch_add(1, Ordering::Relaxed);
        Ok(true)
    }

    /// A connection has ended that had a place.
    fn goes(&mut self, peer: &PeerId, connection: ConnectionId) {
        self.sources.closed(peer);
        self.peers.closed(peer, connection);
        if self.peers.oldest(peer).is_none() {
            self.seen.gone(peer);
        }
        self.count().fetch_sub(1, Ordering::Relaxed);
    }

    /// Somebody got no place. They try again, and if one is to be had, they find it free then.
    fn turned_away(&mut self, is_full: bool) {
        self.mailbox.counters().turned_away.fetch_add(1, Ordering::Relaxed);
        if is_full && let Some(peer) = self.peers.unused(&self.guests, self.unused) {
            self.closing.push_back((peer, CloseConnection::All));
        }
    }

    fn close(&mut self, peer: PeerId, connection: ConnectionId) {
        self.closing.push_back((peer, CloseConnection::One(connection)));
    }

    fn count(&self) -> &AtomicU64 {
        &self.mailbox.counters().connections
    }
}

impl<B: NetworkBehaviour> NetworkBehaviour for Places<B> {
    type ConnectionHandler = Either<THandler<B>, THandler<raw::Behaviour>>;
    type ToSwarm = B::ToSwarm;

    fn handle_established_inbound_connection(
        &mut self,
        connection: ConnectionId,
        peer: PeerId,
        local: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        let has_place = self.book.comes(peer, connection, remote).map_err(ConnectionDenied::new)?;
        // Neither of the two denies anybody.
        if has_place {
            let served = &mut self.served;
            let handler =
                served.handle_established_inbound_connection(connection, peer, local, remote)?;
            Ok(Either::Left(handler))
        } else {
            let refused = &mut self.refused;
            let handler =
                refused.handle_established_inbound_connection(connection, peer, local, remote)?;
            Ok(Either::Right(handler))
        }
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        // A relay dials nobody.
        Err(ConnectionDenied::new(Crowded))
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        let connection = match &event {
            FromSwarm::ConnectionEstablished(event) => Some(event.connection_id),
            FromSwarm::ConnectionClosed(event) => Some(event.connection_id),
            FromSwarm::AddressChange(event) => Some(event.connection_id),
            _ => None,
        };
        let is_refused = connection.is_some_and(|connection| self.book.crowd.holds(connection));
        match &event {
            FromSwarm::ConnectionClosed(ConnectionClosed { peer_id, connection_id, .. }) => {
                if is_refused {
                    self.book.crowd.goes(*connection_id);
                } else {
                    self.book.goes(peer_id, *connection_id);
                }
            }
            FromSwarm::ListenFailure(ListenFailure {
                error: ListenError::Denied { .. }, ..
            }) => {
                let is_full = self.book.count().load(Ordering::Relaxed) >= self.book.most;
                self.book.turned_away(is_full);
            }
            _ => {}
        }
        if is_refused {
            self.refused.on_swarm_event(event);
        } else {
            self.served.on_swarm_event(event);
        }
    }

    fn on_connection_handler_event(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        event: THandlerOutEvent<Self>,
    ) {
        match event {
            Either::Left(event) => {
                self.served.on_connection_handler_event(peer, connection, event);
            }
            Either::Right(never) => match never {},
        }
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        if let Some((peer_id, connection)) = self.book.closing.pop_front() {
            return Poll::Ready(ToSwarm::CloseConnection { peer_id, connection });
        }
        if let Poll::Ready((peer_id, connection)) = self.book.crowd.poll_next_to_go(cx) {
            let connection = CloseConnection::One(connection);
            return Poll::Ready(ToSwarm::CloseConnection { peer_id, connection });
        }
        // Those who are refused ask for nothing that the swarm would have to do.
        self.served.poll(cx).map(|event| event.map_in(Either::Left))
    }
}
