//! Over which connections each peer has come. Whoever came to another address is connected twice for a
//! while: nobody told this end that the first connection is dead. It must not be kept out by those it left
//! behind. Clause: specs/06-sync Y-110.

use std::collections::{BTreeMap, VecDeque};

use libp2p::PeerId;
use libp2p::swarm::ConnectionId;

/// The connections of all peers.
pub(crate) struct Connections {
    /// How many of one peer stay.
    most: usize,
    /// The oldest first. Those that are being closed are not among them.
    of: BTreeMap<PeerId, VecDeque<ConnectionId>>,
}

impl Connections {
    /// None yet; so many of one peer are to stay.
    pub(crate) fn new(most: u32) -> Self {
        Self { most: usize::try_from(most).unwrap_or(usize::MAX), of: BTreeMap::new() }
    }

    /// A peer has come over one connection more; gives the one that makes room for it.
    pub(crate) fn connected(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
    ) -> Option<ConnectionId> {
        let connections = self.of.entry(peer).or_default();
        connections.push_back(connection);
        if connections.len() > self.most { connections.pop_front() } else { None }
    }

    /// A connection has ended.
    pub(crate) fn closed(&mut self, peer: &PeerId, connection: ConnectionId) {
        let Some(connections) = self.of.get_mut(peer) else { return };
        connections.retain(|other| *other != connection);
        if connections.is_empty() {
            self.of.remove(peer);
        }
    }

    /// The oldest connection of a peer.
    pub(crate) fn oldest(&self, peer: &PeerId) -> Option<ConnectionId> {
        self.of.get(peer)?.front().copied()
    }

    /// The oldest connection of a peer that has come over more than one.
    pub(crate) fn oldest_of_several(&self, peer: &PeerId) -> Option<ConnectionId> {
        let connections = self.of.get(peer).filter(|connections| connections.len() > 1)?;
        connections.front().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_of_a_peers_connections_makes_room_for_the_newest() {
        let mut connections = Connections::new(2);
        let [one, other] = [(); 2].map(|()| PeerId::random());
        let id = ConnectionId::new_unchecked;
        assert_eq!(connections.connected(one, id(1)), None);
        assert_eq!(connections.oldest_of_several(&one), None);
        assert_eq!(connections.connected(one, id(2)), None);
        assert_eq!(connections.oldest_of_several(&one), Some(id(1)));
        assert_eq!(connections.connected(other, id(3)), None);
        assert_eq!(connections.connected(one, id(4)), Some(id(1)));
        // What is being closed is named once.
        assert_eq!(connections.oldest_of_several(&one), Some(id(2)));
        assert_eq!(connections.connected(one, id(5)), Some(id(2)));
        connections.closed(&one, id(1));
        connections.closed(&one, id(4));
        assert_eq!(connections.connected(one, id(6)), None);
        connections.closed(&one, id(6));
        connections.closed(&one, id(5));
        assert_eq!(connections.connected(one, id(7)), None);
        assert_eq!(connections.oldest_of_several(&one), None);
    }
}
