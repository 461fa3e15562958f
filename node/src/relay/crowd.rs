//! Who comes when all places are taken, of the relay or of one source: they keep their connection for a moment,
//! in which each stream they open is refused with the reason, and nothing else is done for them.
//! Clause: specs/06-sync Y-117.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use libp2p::PeerId;
use libp2p::swarm::ConnectionId;
use tokio::time::{Instant, sleep_until};

use crate::swarm::stream::Guests;

/// Those without a place, the first to go at the front.
pub(crate) struct Crowd {
    guests: Arc<Guests>,
    /// How long each may stay.
    stay: Duration,
    standing: VecDeque<(Instant, PeerId, ConnectionId)>,
}

impl Crowd {
    /// Nobody yet.
    pub(crate) fn new(guests: Arc<Guests>, stay: Duration) -> Self {
        Self { guests, stay, standing: VecDeque::new() }
    }

    /// A peer without any other connection has come, and there is no place for it.
    pub(crate) fn turn_away(&mut self, peer: PeerId, connection: ConnectionId) {
        self.guests.turn_away(peer);
        self.standing.push_back((Instant::now() + self.stay, peer, connection));
    }

    /// A connection has ended; says whether it was one of these.
    pub(crate) fn closed(&mut self, connection: ConnectionId) -> bool {
        let at = self.standing.iter().position(|(.., standing)| *standing == connection);
        let Some((_, peer, _)) = at.and_then(|at| self.standing.remove(at)) else { return false };
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
