//! Who is connected with a relay, and over which connections. A device that came to another address is
//! connected twice for a while: nobody told the relay that the first connection is dead. It must not be
//! kept out by those it left behind. Clause: specs/06-sync Y-110.

use std::collections::{BTreeMap, VecDeque};

use libp2p::PeerId;
use libp2p::swarm::ConnectionId;
use tokio::time::{Duration, Instant};

use crate::swarm::limits::MAX_CONNECTIONS_PER_PEER;
use crate::swarm::stream::Guests;

/// Everybody who is connected.
#[derive(Default)]
pub(crate) struct Peers(BTreeMap<PeerId, Peer>);

struct Peer {
    since: Instant,
    /// The oldest first.
    connections: VecDeque<ConnectionId>,
}

impl Peers {
    /// A peer has come over one connection more; gives the one that makes room for it.
    pub(crate) fn connected(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
    ) -> Option<ConnectionId> {
        let fresh = || Peer { since: Instant::now(), connections: VecDeque::new() };
        let connections = &mut self.0.entry(peer).or_insert_with(fresh).connections;
        connections.push_back(connection);
        let is_over = connections.len() > MAX_CONNECTIONS_PER_PEER as usize;
        if is_over { connections.pop_front() } else { None }
    }

    /// A connection has ended, and whether it was the peer's last.
    pub(crate) fn closed(&mut self, peer: &PeerId, connection: ConnectionId, was_last: bool) {
        if was_last {
            self.0.remove(peer);
        } else if let Some(known) = self.0.get_mut(peer) {
            known.connections.retain(|other| *other != connection);
        }
    }

    /// The peer that has asked for nothing for the longest time, if that is longer than `limit`.
    pub(crate) fn unused(&self, guests: &Guests, limit: Duration) -> Option<PeerId> {
        let asked = |(peer, known): (&PeerId, &Peer)| {
            (guests.last_request(peer).unwrap_or(known.since), *peer)
        };
        let (last, peer) = self.0.iter().map(asked).min()?;
        (last.elapsed() > limit).then_some(peer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_of_a_peers_connections_makes_room_for_the_newest() {
        let mut peers = Peers::default();
        let [one, other] = [(); 2].map(|()| PeerId::random());
        let id = ConnectionId::new_unchecked;
        assert_eq!(peers.connected(one, id(1)), None);
        assert_eq!(peers.connected(one, id(2)), None);
        assert_eq!(peers.connected(other, id(3)), None);
        assert_eq!(peers.connected(one, id(4)), Some(id(1)));
        // What is being closed is named once.
        assert_eq!(peers.connected(one, id(5)), Some(id(2)));
        peers.closed(&one, id(1), false);
        peers.closed(&one, id(4), false);
        assert_eq!(peers.connected(one, id(6)), None);
        peers.closed(&one, id(6), true);
        assert_eq!(peers.connected(one, id(7)), None);
    }
}
