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

    /// A connection has ended that had a place.
    pub(crate) fn closed(&mut self, peer: &PeerId, connection: ConnectionId) {
        self.connections.closed(peer, connection);
        if self.oldest(peer).is_none() {
            self.since.remove(peer);
        }
    }

    /// The connection over which a peer came first of those that it has a place for.
    pub(crate) fn oldest(&self, peer: &PeerId) -> Option<ConnectionId> {
        self.connections.oldest(peer)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_kept_of_who_has_gone() {
        let mut peers = Peers::new();
        let (peer, id) = (PeerId::random(), ConnectionId::new_unchecked);
        for number in 0..3 {
            assert_eq!(peers.connected(peer, id(number)), (number == 2).then(|| id(0)));
        }
        for number in [1, 0, 2] {
            assert!(peers.oldest(&peer).is_some());
            peers.closed(&peer, id(number));
        }
        assert!(peers.oldest(&peer).is_none() && peers.since.is_empty());
    }
}
