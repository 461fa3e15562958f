//! Who is refused for a while because it sent what no carrier may pass on. Peer ids cost nothing, so
//! this keeps nobody out for good; it makes whoever floods begin anew again and again.

use std::collections::VecDeque;
use std::time::Duration;

use libp2p::PeerId;
use libp2p::allow_block_list::{Behaviour, BlockedPeers};
use tokio::time::Instant;

use crate::swarm::limits::MAX_REFUSED;

pub(crate) struct Refused {
    time: Duration,
    /// In the order in which they are let in again.
    peers: VecDeque<(Instant, PeerId)>,
}

impl Refused {
    pub(crate) fn new(time: Duration) -> Self {
        Self { time, peers: VecDeque::new() }
    }

    /// Closes the connections of a peer and takes no new one; says until when.
    pub(crate) fn refuse(
        &mut self,
        behaviour: &mut Behaviour<BlockedPeers>,
        peer: PeerId,
    ) -> Instant {
        let until = Instant::now() + self.time;
        if behaviour.block_peer(peer) {
            self.peers.push_back((until, peer));
        }
        if self.peers.len() > MAX_REFUSED
            && let Some((_, first)) = self.peers.pop_front()
        {
            behaviour.unblock_peer(first);
        }
        until
    }

    /// Lets in again whose time is over.
    pub(crate) fn let_in(&mut self, behaviour: &mut Behaviour<BlockedPeers>) {
        let now = Instant::now();
        while let Some((_, peer)) = self.peers.front().filter(|(until, _)| *until <= now) {
            behaviour.unblock_peer(*peer);
            self.peers.pop_front();
        }
    }
}
