//! Who is heard in the local networks and linked with: recognised by the circle's key, dialled within
//! bounds, and dialled anew when they are heard again. Clauses: specs/06-sync Y-84, Y-85.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use libp2p::core::ConnectedPoint;
use libp2p::multiaddr::Protocol;
use libp2p::swarm::dial_opts::DialOpts;
use libp2p::swarm::{ConnectionId, SwarmEvent};
use libp2p::{Multiaddr, PeerId};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::swarm::lan::message::Announcement;
use crate::swarm::lan::ring::Ring;
use crate::swarm::lan::{LanSwarm, Role};
use crate::swarm::limits::{Backoff, MAX_DIRECT, MAX_NEAR, MAX_PLACES, jittered, part_of};
use crate::swarm::outgoing::Carrier;
use crate::swarm::raw;
use crate::swarm::relays::use_topics;
use crate::swarm::session::Remote;
use crate::swarm::shared::Shared;

/// Announcements in a row that may be missed before a device is forgotten.
const MISSED: u32 = 4;

pub(crate) struct Others {
    shared: Arc<Shared>,
    role: Role,
    name: String,
    control: raw::Control,
    silent: mpsc::Sender<PeerId>,
    known: BTreeMap<String, Known>,
    linked: BTreeMap<PeerId, Linked>,
    /// Each ends with whether its device was linked still.
    workers: JoinSet<bool>,
    /// When all were asked last.
    asked: Option<Instant>,
}

/// Where somebody says they are: in each network they are in, they say another address, and not each
/// leads there from here. What was said last and did not fail is tried first.
struct Places(Vec<Multiaddr>);

impl Places {
    fn hear(&mut self, address: Multiaddr) {
        if !self.0.contains(&address) {
            self.0.insert(0, address);
            self.0.truncate(MAX_PLACES);
        }
    }

    /// Nobody was there.
    fn failed(&mut self, address: &Multiaddr) {
        if let Some(at) = self.0.iter().position(|place| place == address) {
            let last = self.0.remove(at);
            self.0.push(last);
        }
    }

    fn first(&self) -> Option<&Multiaddr> {
        self.0.first()
    }
}

/// Somebody who was heard.
struct Known {
    places: Places,
    heard: Instant,
    dialling: Option<ConnectionId>,
    /// Where it was dialled last.
    dialled: Option<Multiaddr>,
    /// Whether nobody was there when it was dialled last.
    failed: bool,
    backoff: Backoff,
    due: Instant,
}

impl Known {
    /// Where it was dialled nobody answered: another place is tried, or the same one later.
    fn is_not_there(&mut self, now: Instant) {
        self.dialling = None;
        if let Some(address) = self.dialled.take() {
            self.places.failed(&address);
        }
        self.due = now + self.backoff.wait();
    }
}

/// Somebody with whom there is a connection.
struct Linked {
    name: String,
    /// Where each connection comes from or goes to, and since when it stands.
    connections: BTreeMap<ConnectionId, (Option<IpAddr>, Instant)>,
    connected: watch::Sender<bool>,
}

impl Linked {
    fn since(&self) -> Option<Instant> {
        self.connections.values().map(|(_, since)| *since).min()
    }
}

impl Others {
    pub(crate) fn new(
        shared: Arc<Shared>,
        role: Role,
        name: String,
        control: raw::Control,
        silent: mpsc::Sender<PeerId>,
    ) -> Self {
        let (known, linked, workers) = (BTreeMap::new(), BTreeMap::new(), JoinSet::new());
        Self { shared, role, name, control, silent, known, linked, workers, asked: None }
    }

    /// Takes note of an announcement that is of this circle.
    pub(crate) fn learn(&mut self, said: &Announcement) {
        let now = Instant::now();
        let ip = match said.address {
            IpAddr::V4(ip) => Protocol::Ip4(ip),
            IpAddr::V6(ip) => Protocol::Ip6(ip),
        };
        let address = Multiaddr::from(ip).with(Protocol::Tcp(said.port));
        let timings = &self.shared.timings;
        // One of two goes first; the other, if nothing comes of that.
        let is_first = self.role == Role::Visitor || self.name < said.name;
        let wait = if is_first { part_of(timings.retry) } else { jittered(timings.retry * 4) };
        if let Some(known) = self.known.get_mut(&said.name) {
            known.heard = now;
            // It is there: what failed before is no reason to wait for long.
            known.due = known.due.min(now + jittered(timings.retry * 5));
            known.places.hear(address);
            return;
        }
        if self.known.len() >= MAX_NEAR {
            // Whoever holds the key says that many are there who are not. Who goes is drawn by lot.
            let lot = getrandom::u32().unwrap_or(0) as usize % self.known.len();
            if let Some(gone) = self.known.keys().nth(lot).cloned() {
                self.known.remove(&gone);
            }
        }
        let backoff = Backoff::new(timings);
        let (dialling, dialled, failed, due) = (None, None, false, now + wait);
        let places = Places(vec![address]);
        let known = Known { places, heard: now, dialling, dialled, failed, backoff, due };
        self.known.insert(said.name.clone(), known);
    }

    /// Dials whom it is time to dial, and forgets who is not heard any more.
    pub(crate) fn meet(&mut self, swarm: &mut LanSwarm) {
        let now = Instant::now();
        let patience = self.shared.timings.announce * MISSED;
        self.known.retain(|_, known| {
            known.dialling.is_some() || now.duration_since(known.heard) < patience
        });
        let linked: BTreeSet<&String> = self.linked.values().map(|linked| &linked.name).collect();
        let is_due = |(name, known): &(&String, &Known)| {
            known.dialling.is_none() && known.due <= now && !linked.contains(name)
        };
        let due: Vec<String> =
            self.known.iter().filter(is_due).map(|(name, _)| name.clone()).collect();
        let dialling = self.known.values().filter(|known| known.dialling.is_some()).count();
        let mut taken = linked.len() + dialling;
        for name in due {
            // Whoever is near has a place; if all are taken, somebody makes room once they are linked.
            if taken >= MAX_DIRECT && !(self.is_near(&name) && self.far(&name).is_some()) {
                continue;
            }
            let Some(known) = self.known.get_mut(&name) else { continue };
            let Some(address) = known.places.first().cloned() else { continue };
            let options = DialOpts::unknown_peer_id().address(address.clone()).build();
            (known.dialling, known.dialled) = (Some(options.connection_id()), Some(address));
            if swarm.dial(options).is_err() {
                known.is_not_there(now);
            } else {
                taken += 1;
            }
        }
    }

    pub(crate) fn handle<T>(
        &mut self,
        swarm: &mut LanSwarm,
        event: &SwarmEvent<T>,
        name_of: impl Fn(&PeerId) -> String,
    ) {
        match event {
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, .. } => {
                if let Some(known) = self.dialled(*connection_id) {
                    (known.dialling, known.failed) = (None, false);
                    // Should somebody else be there now, the one who was heard is gone.
                    known.due = Instant::now() + jittered(known.backoff.wait() * 10);
                }
                let (from, now) = (remote_ip(endpoint), Instant::now());
                let settled = self.shared.timings.retry * 4;
                if !self.linked.contains_key(peer_id) {
                    let name = name_of(peer_id);
                    if self.linked.len() >= MAX_DIRECT {
                        let Some(gone) = self.makes_room_for(&name) else {
                            // Everybody else is reached over those who are linked.
                            swarm.close_connection(*connection_id);
                            return;
                        };
                        if let Some(gone) = self.linked.remove(&gone) {
                            gone.connected.send_replace(false);
                        }
                        // One that is not connected any more is none the worse for it.
                        let _ = swarm.disconnect_peer_id(gone);
                    }
                    self.link(*peer_id, name);
                    self.ask_the_others(now);
                }
                let Some(linked) = self.linked.get_mut(peer_id) else { return };
                // One that comes from elsewhere has moved, and what it left only looks alive; unless
                // both came to each other at once.
                for (old, (at, since)) in &linked.connections {
                    if *at != from && now.duration_since(*since) > settled {
                        swarm.close_connection(*old);
                    }
                }
                linked.connections.insert(*connection_id, (from, now));
            }
            SwarmEvent::ConnectionClosed { peer_id, connection_id, .. } => {
                let settled = self.shared.timings.retry * 4;
                let Some(linked) = self.linked.get_mut(peer_id) else { return };
                let since = linked.connections.remove(connection_id).map(|(_, since)| since);
                if linked.connections.is_empty()
                    && let Some(gone) = self.linked.remove(peer_id)
                {
                    gone.connected.send_replace(false);
                    if let Some(known) = self.known.get_mut(&gone.name) {
                        // One that ended at once was one too many there.
                        if since.is_some_and(|since| since.elapsed() > settled) {
                            known.backoff.reset();
                        }
                        known.due = Instant::now() + known.backoff.wait();
                    }
                }
            }
            SwarmEvent::OutgoingConnectionError { connection_id, .. } => {
                let Some(known) = self.dialled(*connection_id) else { return };
                known.is_not_there(Instant::now());
                known.failed = true;
            }
            _ => return,
        }
        self.tell();
    }

    fn is_door(&self) -> bool {
        matches!(self.role, Role::Door(_))
    }

    /// Who gives up their place for somebody who came. A knock takes a moment, so at a door that is
    /// whoever stands longest; among members somebody who is not near, for somebody who is.
    fn makes_room_for(&self, name: &str) -> Option<PeerId> {
        if self.is_door() {
            let longest = self.linked.iter().min_by_key(|(_, linked)| linked.since());
            return longest.map(|(peer, _)| *peer);
        }
        self.is_near(name).then(|| self.far(name)).flatten()
    }

    /// Whether a name comes next to that of this device.
    fn is_near(&self, name: &str) -> bool {
        self.ring(name).are_near(&self.name, name)
    }

    /// Who was linked last of those whose names do not, once somebody is there: a member who comes under
    /// ever nearer names puts out those names, and nobody who has stood for long.
    fn far(&self, name: &str) -> Option<PeerId> {
        let ring = self.ring(name);
        let is_far = |linked: &Linked| !ring.are_near(&self.name, &linked.name);
        let far = self.linked.iter().filter(|(_, linked)| is_far(linked));
        far.max_by_key(|(_, linked)| linked.since()).map(|(peer, _)| *peer)
    }

    /// All who seem to be there, and somebody more.
    fn ring<'a>(&'a self, more: &'a str) -> Ring<'a> {
        let linked = self.linked.values().map(|linked| linked.name.as_str());
        let there = self.known.iter().filter(|(_, known)| !known.failed);
        let heard = there.map(|(name, _)| name.as_str());
        Ring::of(linked.chain(heard).chain([self.name.as_str(), more]))
    }

    /// Whether anybody is linked.
    pub(crate) fn is_linked(&self) -> bool {
        !self.linked.is_empty()
    }

    /// Tells how many are linked. What others hold need not wait for those who are not there.
    pub(crate) fn tell(&self) {
        if self.is_door() {
            return;
        }
        if self.linked.is_empty() {
            self.shared.outgoing.unreachable(Carrier::Direct);
        }
        self.shared.change_status(|status| status.near = self.linked.len());
    }

    /// Resolves when the use of somebody's topics has failed.
    pub(crate) async fn failed(&mut self) {
        loop {
            match self.workers.join_next().await {
                Some(Ok(false)) => {}
                Some(_) => return,
                None => std::future::pending().await,
            }
        }
    }

    /// Somebody came, who may have been here under another name: who is linked is asked whether they
    /// are still there, though not all the time.
    fn ask_the_others(&mut self, now: Instant) {
        if self.is_door() {
            return;
        }
        let rests = self.asked.is_some_and(|at| now.duration_since(at) < self.shared.timings.probe);
        if self.linked.len() > 1 && !rests {
            self.asked = Some(now);
            self.shared.ask_all();
        }
    }

    fn link(&mut self, peer: PeerId, name: String) {
        let connected = watch::Sender::new(true);
        if !self.is_door() {
            let (shared, receiver) = (self.shared.clone(), connected.subscribe());
            let (carrier, control) = (Carrier::Direct, self.control.clone());
            let silent = Some(self.silent.clone());
            let remote = Remote { peer, carrier, control, silent, gate: Arc::default() };
            self.workers.spawn(async move {
                use_topics(shared, remote, receiver.clone()).await;
                *receiver.borrow()
            });
        }
        let linked = Linked { name, connections: BTreeMap::new(), connected };
        self.linked.insert(peer, linked);
    }

    fn dialled(&mut self, connection: ConnectionId) -> Option<&mut Known> {
        self.known.values_mut().find(|known| known.dialling == Some(connection))
    }
}

fn remote_ip(endpoint: &ConnectedPoint) -> Option<IpAddr> {
    crate::swarm::nets::tcp_ip(endpoint.get_remote_address())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_says_several_addresses_is_tried_at_each() {
        let at =
            |last: usize| -> Multiaddr { format!("/ip4/10.0.0.{last}/tcp/1").parse().unwrap() };
        let mut places = Places(vec![at(1)]);
        // Said in turn, in each network: the order of what works stays.
        for number in [2, 1, 2, 1, 2] {
            places.hear(at(number));
        }
        assert_eq!(places.first(), Some(&at(2)));
        places.failed(&at(2));
        assert_eq!(places.first(), Some(&at(1)));
        places.hear(at(2));
        assert_eq!(places.first(), Some(&at(1)), "what failed is not tried again first");
        places.failed(&at(1));
        assert_eq!(places.first(), Some(&at(2)), "nor for ever");
        places.hear(at(3));
        assert_eq!(places.first(), Some(&at(3)), "whoever has moved is there");
        for number in 0..100 {
            places.hear(at(number));
        }
        assert_eq!(places.0.len(), MAX_PLACES);
    }
}
