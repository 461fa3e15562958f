//! Who is connected with a relay, since when, and over which connections.

use std::collections::BTreeMap;

use libp2p::PeerId;
use libp2p::swarm::ConnectionId;
use tokio::time::{Duration, Instant};

use crate::swarm::connections::Connections;
use crate::swarm::limits::MAX_CONNECTIONS_PER_PEER;
use crate::swarm::stream::Guests;

/// Everybody who is connected.
pub(crate) struct Peers {
    since: BTreeMap<PeerId, Instant>,
    connections: Connections,
}

impl Peers {
    pub(crate) fn new() -> Self {
        Self { since: BTreeMap::new(), connections: Connections::new(MAX_CONNECTIONS_PER_PEER) }
    }

    /// A peer has come over one connection more; gives the one that makes room for it.
    pub(crate) fn connected(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
    ) -> Option<ConnectionId> {
        self.since.entry(peer).or_insert_with(Instant::now);
        self.connections.connected(peer, connection)
    }

    /// A connection has ended, and whether it was the peer's last.
    pub(crate) fn closed(&mut self, peer: &PeerId, connection: ConnectionId, was_last: bool) {
        self.connections.closed(peer, connection, was_last);
        if was_last {
            self.since.remove(peer);
        }
    }

    /// The peer that has asked for nothing for the longest time, if that is longer than `limit`.
    pub(crate) fn unused(&self, guests: &Guests, limit: Duration) -> Option<PeerId> {
        let asked = |(peer, since): (&PeerId, &Instant)| {
            (guests.last_request(peer).unwrap_or(*since), *peer)
        };
        let (last, peer) = self.since.iter().map(asked).min()?;
        (last.elapsed() > limit).then_some(peer)
    }
}
