//! How much each source may put, how many topics it may begin, and how many connections it may have. A source is an address, where
//! one can be seen; behind an onion service all come from loopback, and each connection is one.
//! Kept in memory for an hour, written nowhere, told to nobody.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use libp2p::{Multiaddr, PeerId};
use tokio::time::Instant;

use crate::relay::config::RelayLimits;
use crate::swarm::doorway::address_of;
use crate::swarm::stream::PutQuota;

/// The time over which bytes and topics are counted.
const HOUR: Duration = Duration::from_secs(3600);
/// Sources that are remembered after they have gone.
const MAX_REMEMBERED: usize = 65_536;

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Source {
    Address(IpAddr),
    Connection(PeerId),
}

struct Used {
    since: Instant,
    bytes: u64,
    topics: u64,
    connections: u32,
}

/// All sources that are connected, or were within the hour.
pub(crate) struct Sources {
    bytes_per_hour: u64,
    topics_per_hour: u64,
    connections: u32,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    peers: BTreeMap<PeerId, (Source, u32)>,
    used: BTreeMap<Source, Used>,
}

impl Sources {
    pub(crate) fn new(limits: &RelayLimits) -> Self {
        Self {
            bytes_per_hour: limits.source_bytes_per_hour,
            topics_per_hour: limits.source_topics_per_hour,
            connections: limits.source_connections,
            state: Mutex::default(),
        }
    }

    /// Nobody is connected any more: the network starts again.
    pub(crate) fn forget_connections(&self) {
        let mut state = self.state();
        state.peers.clear();
        state.used.values_mut().for_each(|used| used.connections = 0);
    }

    /// A peer has connected; `false` if its source has too many connections already.
    pub(crate) fn connected(&self, peer: PeerId, address: &Multiaddr) -> bool {
        let mut state = self.state();
        let (source, count) =
            state.peers.get(&peer).copied().unwrap_or_else(|| (source(peer, address), 0));
        state.peers.insert(peer, (source, count + 1));
        if state.used.len() >= MAX_REMEMBERED {
            state.used.retain(|_, used| used.connections > 0 || used.since.elapsed() < HOUR);
        }
        if state.used.len() >= MAX_REMEMBERED {
            // So many within an hour are no people: those that have gone are forgotten at once.
            state.used.retain(|_, used| used.connections > 0);
        }
        let fresh = Used { since: Instant::now(), bytes: 0, topics: 0, connections: 0 };
        let used = state.used.entry(source).or_insert(fresh);
        used.connections += 1;
        used.connections <= self.connections
    }

    /// One connection of a peer has ended.
    pub(crate) fn closed(&self, peer: &PeerId) {
        let mut state = self.state();
        let Some((source, count)) = state.peers.get(peer).copied() else { return };
        if count <= 1 {
            state.peers.remove(peer);
        } else {
            state.peers.insert(*peer, (source, count - 1));
        }
        if let Some(used) = state.used.get_mut(&source) {
            used.connections = used.connections.saturating_sub(1);
            // A connection that was a source by itself never comes again.
            let is_over = used.bytes == 0 || matches!(source, Source::Connection(_));
            if used.connections == 0 && is_over {
                state.used.remove(&source);
            }
        }
    }

    fn takes_at(&self, now: Instant, peer: &PeerId, bytes: usize) -> bool {
        let mut state = self.state();
        let Some(used) = state.used_within(now, peer) else { return true };
        let bytes = used.bytes.saturating_add(bytes as u64);
        let fits = bytes <= self.bytes_per_hour;
        if fits {
            used.bytes = bytes;
        }
        fits
    }

    fn may_begin_at(&self, now: Instant, peer: &PeerId) -> bool {
        let mut state = self.state();
        let Some(used) = state.used_within(now, peer) else { return true };
        let fits = used.topics < self.topics_per_hour;
        used.topics += u64::from(fits);
        fits
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// What the source of a peer used within this hour; nothing for one that has gone.
    fn used_within(&mut self, now: Instant, peer: &PeerId) -> Option<&mut Used> {
        let (source, _) = self.peers.get(peer)?;
        let used = self.used.get_mut(source)?;
        if now.duration_since(used.since) >= HOUR {
            (used.since, used.bytes, used.topics) = (now, 0, 0);
        }
        Some(used)
    }
}

impl PutQuota for Sources {
    fn address(&self, peer: &PeerId) -> Option<IpAddr> {
        match self.state().peers.get(peer)?.0 {
            Source::Address(address) => Some(address),
            Source::Connection(_) => None,
        }
    }

    fn takes(&self, peer: &PeerId, bytes: usize) -> bool {
        self.takes_at(Instant::now(), peer, bytes)
    }

    fn may_begin(&self, peer: &PeerId) -> bool {
        self.may_begin_at(Instant::now(), peer)
    }

    fn begun_in_vain(&self, peer: &PeerId) {
        if let Some(used) = self.state().used_within(Instant::now(), peer) {
            used.topics = used.topics.saturating_sub(1);
        }
    }
}

/// Where a peer comes from, as far as that says anything.
fn source(peer: PeerId, address: &Multiaddr) -> Source {
    address_of(address).map_or(Source::Connection(peer), Source::Address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(source_bytes_per_hour: u64, source_connections: u32) -> Sources {
        let source_topics_per_hour = 3;
        Sources::new(&RelayLimits {
            source_bytes_per_hour,
            source_topics_per_hour,
            source_connections,
            ..RelayLimits::default()
        })
    }

    fn address(text: &str) -> Multiaddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_is_one_source_and_behind_tor_each_connection_is() {
        let sources = sources(100, 2);
        let [one, two, three, onion, other] = [(); 5].map(|()| PeerId::random());
        let home = address("/ip6/2001:db8::1/tcp/1");
        assert!(sources.connected(one, &home));
        assert!(sources.connected(two, &address("/ip6/2001:db8::ffff/tcp/1")));
        assert!(!sources.connected(three, &home), "a third connection of one network");
        sources.closed(&three);
        assert!(sources.takes(&one, 60) && !sources.takes(&two, 60) && sources.takes(&two, 40));

        let loopback = address("/ip4/127.0.0.1/tcp/1");
        assert!(sources.connected(onion, &loopback) && sources.connected(other, &loopback));
        assert!(
            sources.takes(&onion, 100) && !sources.takes(&onion, 1) && sources.takes(&other, 1)
        );

        // Whoever goes and comes again has not a new hour; what is gone for good is forgotten.
        for peer in [one, two, onion, other] {
            sources.closed(&peer);
        }
        assert_eq!(sources.state().used.len(), 1);
        assert!(sources.connected(one, &home) && !sources.takes(&one, 1));
    }

    #[test]
    fn an_hour_later_there_is_room_again() {
        let sources = sources(100, 2);
        let peer = PeerId::random();
        assert!(sources.connected(peer, &address("/ip4/192.0.2.1/tcp/1")));
        assert!(sources.takes(&peer, 100) && !sources.takes(&peer, 1));
        assert!(sources.takes_at(Instant::now() + HOUR, &peer, 100));
    }

    #[test]
    fn a_source_begins_so_many_topics_an_hour_and_what_came_to_nothing_is_given_back() {
        let sources = sources(100, 2);
        let [one, two, other] = [(); 3].map(|()| PeerId::random());
        let home = address("/ip4/192.0.2.1/tcp/1");
        assert!(sources.connected(one, &home) && sources.connected(two, &home));
        assert!(sources.connected(other, &address("/ip4/192.0.2.2/tcp/1")));
        assert!(sources.may_begin(&one) && sources.may_begin(&two) && sources.may_begin(&one));
        assert!(!sources.may_begin(&one) && !sources.may_begin(&two) && sources.may_begin(&other));
        sources.begun_in_vain(&one);
        assert!(sources.may_begin(&two) && !sources.may_begin(&one));
        assert!(sources.may_begin_at(Instant::now() + HOUR, &one));
    }
}
