//! Who comes when all places are taken, of the relay or of one source: some keep their connection for a moment,
//! in which each stream they open is refused with the reason, and the others are cut off at once. None counts among
//! those that have a place. Clause: specs/06-sync Y-117.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use libp2p::PeerId;
use libp2p::swarm::ConnectionId;
use tokio::time::{Instant, Sleep, sleep};

use crate::swarm::doorway::Crowded;
use crate::swarm::limits::MAX_TURNED_AWAY;

/// Those without a place, the first to go at the front.
pub(crate) struct Crowd {
    /// How long each may stay.
    stay: Duration,
    standing: VecDeque<(Instant, PeerId, ConnectionId)>,
    /// Until the first is to go.
    sleep: Pin<Box<Sleep>>,
}

impl Crowd {
    /// Nobody yet.
    pub(crate) fn new(stay: Duration) -> Self {
        Self { stay, standing: VecDeque::new(), sleep: Box::pin(sleep(stay)) }
    }

    /// A peer without a place has come, and there is none for it.
    ///
    /// # Errors
    /// [`Crowded`] if it may not stand here, either: one of a peer, and so many in all.
    pub(crate) fn comes(&mut self, peer: PeerId, connection: ConnectionId) -> Result<(), Crowded> {
        let is_here = self.standing.iter().any(|(_, standing, _)| *standing == peer);
        if is_here || self.standing.len() >= MAX_TURNED_AWAY as usize {
            return Err(Crowded);
        }
        self.standing.push_back((Instant::now() + self.stay, peer, connection));
        Ok(())
    }

    /// Whether a connection stands here.
    pub(crate) fn holds(&self, connection: ConnectionId) -> bool {
        self.standing.iter().any(|(.., standing)| *standing == connection)
    }

    /// A connection has ended.
    pub(crate) fn goes(&mut self, connection: ConnectionId) {
        self.standing.retain(|(.., standing)| *standing != connection);
    }

    /// The next whose time is over. It stands here until its connection has ended.
    pub(crate) fn poll_next_to_go(&mut self, cx: &mut Context<'_>) -> Poll<(PeerId, ConnectionId)> {
        // Whoever comes then has this asked again.
        let Some((end, peer, connection)) = self.standing.front_mut() else {
            return Poll::Pending;
        };
        self.sleep.as_mut().reset(*end);
        ready!(self.sleep.as_mut().poll(cx));
        // Named again if it is still there by then.
        *end = Instant::now() + self.stay;
        let next = (*peer, *connection);
        self.standing.rotate_left(1);
        Poll::Ready(next)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    #[tokio::test]
    async fn no_more_stand_in_the_crowd_than_there_is_room_for_and_nobody_stays() {
        let mut crowd = Crowd::new(Duration::from_millis(50));
        let id = ConnectionId::new_unchecked;
        let most = MAX_TURNED_AWAY as usize;
        let first = PeerId::random();
        assert_eq!(crowd.comes(first, id(0)), Ok(()));
        // One of a peer.
        assert_eq!(crowd.comes(first, id(1000)), Err(Crowded));
        assert!((1..most).all(|number| crowd.comes(PeerId::random(), id(number)).is_ok()));
        assert_eq!(crowd.comes(PeerId::random(), id(1001)), Err(Crowded));
        assert!(crowd.holds(id(0)) && !crowd.holds(id(1000)) && !crowd.holds(id(1001)));
        // Each is told to go, and again if it does not.
        assert_eq!(poll_fn(|cx| crowd.poll_next_to_go(cx)).await, (first, id(0)));
        for number in (1..most).chain([0]) {
            assert_eq!(poll_fn(|cx| crowd.poll_next_to_go(cx)).await.1, id(number));
        }
        // Who has gone makes room, and once nobody is there nobody is waited for.
        crowd.goes(id(0));
        assert_eq!(crowd.comes(first, id(2000)), Ok(()));
        (1..most).chain([2000]).for_each(|number| crowd.goes(id(number)));
        assert!(crowd.standing.is_empty());
    }
}
