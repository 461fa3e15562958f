//! Who comes when all places are taken, of the relay or of one source: some keep their connection for a moment,
//! in which each topic they open is refused with the reason, and the others are cut off at once. None counts among
//! those that have a place. Clause: specs/06-sync Y-117.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use libp2p::PeerId;
use libp2p::swarm::ConnectionId;
use tokio::time::{Instant, sleep_until};

use crate::swarm::limits::MAX_TURNED_AWAY;
use crate::swarm::stream::Guests;

/// Those without a place, the first to go at the front.
pub(crate) struct Crowd {
    guests: Arc<Guests>,
    /// How long each may stay.
    stay: Duration,
    standing: VecDeque<(Instant, PeerId, ConnectionId)>,
    /// Those that are being closed without a word.
    cut_off: BTreeSet<ConnectionId>,
}

impl Crowd {
    /// Nobody yet.
    pub(crate) fn new(guests: Arc<Guests>, stay: Duration) -> Self {
        Self { guests, stay, standing: VecDeque::new(), cut_off: BTreeSet::new() }
    }

    /// A peer without a place has come, and there is none for it; says whether it may stand here. If not, its
    /// connection is to be closed.
    pub(crate) fn turn_away(&mut self, peer: PeerId, connection: ConnectionId) -> bool {
        let is_here = self.standing.iter().any(|(_, standing, _)| *standing == peer);
        if is_here || self.standing.len() >= MAX_TURNED_AWAY as usize {
            self.cut_off.insert(connection);
            return false;
        }
        self.guests.turn_away(peer);
        self.standing.push_back((Instant::now() + self.stay, peer, connection));
        true
    }

    /// A connection has ended; says whether it was one without a place.
    pub(crate) fn closed(&mut self, connection: ConnectionId) -> bool {
        let at = self.standing.iter().position(|(.., standing)| *standing == connection);
        let Some((_, peer, _)) = at.and_then(|at| self.standing.remove(at)) else {
            return self.cut_off.remove(&connection);
        };
        self.guests.has_gone(&peer);
        true
    }

    /// Waits for the next to go. It stands here until its connection has ended.
    pub(crate) async fn next_to_go(&mut self) -> ConnectionId {
        let Some((end, _, connection)) = self.standing.front_mut() else {
            return std::future::pending().await;
        };
        sleep_until(*end).await;
        // Asked again if it is still there by then.
        *end = Instant::now() + self.stay;
        let connection = *connection;
        self.standing.rotate_left(1);
        connection
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use super::*;
    use crate::swarm::stream::StreamLimits;

    #[test]
    fn no_more_stand_in_the_crowd_than_there_is_room_for_and_nobody_stays() {
        let limits = StreamLimits { streams: 10, streams_per_peer: 10, bytes_per_peer: 1024 };
        let guests = Arc::new(Guests::new(limits, Arc::new(AtomicU64::new(0))));
        let mut crowd = Crowd::new(guests.clone(), Duration::from_secs(5));
        let id = ConnectionId::new_unchecked;
        let most = MAX_TURNED_AWAY as usize;
        let first = PeerId::random();
        assert!(crowd.turn_away(first, id(0)) && guests.take(first).is_none());
        // One of a peer.
        assert!(!crowd.turn_away(first, id(1000)));
        assert!((1..most).all(|number| crowd.turn_away(PeerId::random(), id(number))));
        assert!(!crowd.turn_away(PeerId::random(), id(1001)));
        // Each was without a place, and is so once.
        let gone = (0..most).chain([1000, 1001]);
        assert!(gone.clone().all(|number| crowd.closed(id(number))));
        assert!(!gone.into_iter().any(|number| crowd.closed(id(number))));
        assert!(guests.take(first).is_some());
        assert!(crowd.standing.is_empty() && crowd.cut_off.is_empty());
    }
}
