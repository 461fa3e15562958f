//! The members this node expects and meets: brought together by a relay, linked directly if both
//! sides' networks let them, and left to the relays otherwise, to be tried again after a while.
//! Nothing is said over a circuit but what it takes to leave it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use libp2p::PeerId;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{ConnectionId, SwarmEvent};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::swarm::direct::DirectSwarm;
use crate::swarm::direct::reservations::Reservations;
use crate::swarm::finding::Found;
use crate::swarm::limits::{Backoff, MAX_DIRECT, jittered};
use crate::swarm::outgoing::Carrier;
use crate::swarm::raw;
use crate::swarm::relays::use_topics;
use crate::swarm::session::Remote;
use crate::swarm::shared::Shared;

/// A circuit that ends within this part of the time for punching was not taken: the other side has
/// not heard yet whom to expect. It is tried again soon.
const SHORT_CIRCUIT: u32 = 15;

pub(crate) struct Others {
    shared: Arc<Shared>,
    me: PeerId,
    control: raw::Control,
    others: BTreeMap<PeerId, Other>,
    /// Each ends with whether its member was linked still.
    workers: JoinSet<bool>,
}

/// One member's device.
struct Other {
    relays: Vec<PeerId>,
    /// Connections without anybody between: more than one if both sides came through at once.
    direct: BTreeSet<ConnectionId>,
    /// The circuit over which the punching is agreed on, and since when it stands.
    circuit: Option<(ConnectionId, Instant)>,
    /// A circuit that is being made.
    dialling: Option<ConnectionId>,
    /// Whether it was met at a relay and could not be linked with.
    is_apart: bool,
    failures: u32,
    backoff: Backoff,
    due: Instant,
    connected: Option<watch::Sender<bool>>,
}

impl Others {
    pub(crate) fn new(shared: Arc<Shared>, me: PeerId, control: raw::Control) -> Self {
        let (others, workers) = (BTreeMap::new(), JoinSet::new());
        Self { shared, me, control, others, workers }
    }

    /// Expects whoever said that they can be met, and nobody else.
    pub(crate) fn learn(
        &mut self,
        swarm: &mut DirectSwarm,
        places: &Reservations,
        found: BTreeMap<PeerId, Found>,
    ) {
        let expected = &mut swarm.behaviour_mut().expected;
        self.others.retain(|peer, other| {
            let stays = found.contains_key(peer) || !other.direct.is_empty();
            if !stays {
                expected.disallow_peer(*peer);
            }
            stays
        });
        for (peer, found) in found {
            if peer == self.me || places.is_relay(&peer) {
                continue;
            }
            expected.allow_peer(peer);
            let relays = found.relays;
            let other = self.others.entry(peer).or_insert_with(|| Other {
                relays: Vec::new(),
                direct: BTreeSet::new(),
                circuit: None,
                dialling: None,
                is_apart: false,
                failures: 0,
                backoff: Backoff::new(&self.shared.timings),
                due: Instant::now(),
                connected: None,
            });
            other.relays = relays;
        }
    }

    /// Meets whom it is time to meet, and gives up circuits that led nowhere.
    pub(crate) fn meet(&mut self, swarm: &mut DirectSwarm, places: &Reservations) {
        let now = Instant::now();
        let patience = self.shared.timings.punch;
        let mut taken = self.others.values().filter(|other| other.is_met()).count();
        for (peer, other) in &mut self.others {
            if let Some((circuit, since)) = other.circuit
                && now.duration_since(since) > patience
            {
                swarm.close_connection(circuit);
            }
            // One of the two goes to the other; if both did, each would find the other's circuit.
            let is_idle = !other.is_met() && other.dialling.is_none() && other.due <= now;
            if !is_idle || self.me > *peer || taken >= MAX_DIRECT {
                continue;
            }
            let Some(way) = places.way_to(*peer, &other.relays) else { continue };
            let options = DialOpts::peer_id(*peer)
                .condition(PeerCondition::Always)
                .addresses(vec![way])
                .build();
            let connection = options.connection_id();
            match swarm.dial(options) {
                Ok(()) => {
                    other.dialling = Some(connection);
                    taken += 1;
                }
                Err(_) => other.due = now + other.backoff.wait(),
            }
        }
    }

    /// The network has changed: whoever could not be met may be met now.
    pub(crate) fn hurry(&mut self) {
        for other in self.others.values_mut() {
            other.backoff.reset();
            other.failures = 0;
            other.due = other.due.min(Instant::now() + other.backoff.wait());
        }
    }

    pub(crate) fn handle<T>(&mut self, swarm: &mut DirectSwarm, event: &SwarmEvent<T>) {
        match event {
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, .. } => {
                let met = self.others.values().filter(|other| other.is_met()).count();
                let Some(other) = self.others.get_mut(peer_id) else { return };
                if other.dialling == Some(*connection_id) {
                    other.dialling = None;
                }
                if met >= MAX_DIRECT && !other.is_met() {
                    // Everybody else is reached over the relays, or over those who are linked.
                    swarm.close_connection(*connection_id);
                    return;
                }
                if endpoint.is_relayed() {
                    // One is enough to agree on how to leave it.
                    let is_needed = other.direct.is_empty() && other.circuit.is_none();
                    if is_needed {
                        other.circuit = Some((*connection_id, Instant::now()));
                    } else {
                        swarm.close_connection(*connection_id);
                    }
                    return;
                }
                other.direct.insert(*connection_id);
                (other.is_apart, other.failures) = (false, 0);
                other.backoff.reset();
                match other.circuit {
                    // Once it is gone, streams are opened: none must be lost with it.
                    Some((circuit, _)) => _ = swarm.close_connection(circuit),
                    None => self.link(*peer_id),
                }
            }
            SwarmEvent::ConnectionClosed { peer_id, connection_id, .. } => {
                let timings = self.shared.timings;
                let Some(other) = self.others.get_mut(peer_id) else { return };
                let circuit = other.circuit.filter(|(circuit, _)| circuit == connection_id);
                if let Some((_, since)) = circuit {
                    other.circuit = None;
                    if !other.direct.is_empty() {
                        self.link(*peer_id);
                    } else if since.elapsed() < timings.punch / SHORT_CIRCUIT {
                        other.due = Instant::now() + other.backoff.wait();
                    } else {
                        other.is_apart = true;
                        other.due = Instant::now() + other.rest(timings.punch_again);
                    }
                } else if other.direct.remove(connection_id) && other.direct.is_empty() {
                    other.due = Instant::now() + other.backoff.wait();
                    if let Some(connected) = other.connected.take() {
                        connected.send_replace(false);
                    }
                }
            }
            SwarmEvent::OutgoingConnectionError { connection_id, .. } => {
                let dialled = |other: &&mut Other| other.dialling == Some(*connection_id);
                let Some(other) = self.others.values_mut().find(dialled) else { return };
                // Whoever has no place at the relay any more is gone, and not apart.
                (other.dialling, other.is_apart) = (None, false);
                other.due = Instant::now() + other.backoff.wait();
            }
            _ => return,
        }
        self.tell();
    }

    /// Punching with a member has come to nothing, so the circuit is of no use.
    pub(crate) fn failed_with(&mut self, swarm: &mut DirectSwarm, peer: &PeerId) {
        let Some(other) = self.others.get(peer) else { return };
        if let (true, Some((circuit, _))) = (other.direct.is_empty(), other.circuit) {
            swarm.close_connection(circuit);
        }
    }

    /// Tells how many are linked. What others hold need not wait for members who are not there.
    pub(crate) fn tell(&self) {
        let linked = self.others.values().filter(|other| !other.direct.is_empty()).count();
        let apart = |other: &&Other| other.is_apart && other.direct.is_empty();
        let apart = self.others.values().filter(apart).count();
        if linked == 0 {
            self.shared.outgoing.unreachable(Carrier::Direct);
        }
        self.shared.change_status(|status| (status.direct, status.apart) = (linked, apart));
    }

    /// Resolves when the use of a linked member's topics has failed.
    pub(crate) async fn failed(&mut self) {
        loop {
            match self.workers.join_next().await {
                Some(Ok(false)) => {}
                Some(_) => return,
                None => std::future::pending().await,
            }
        }
    }

    fn link(&mut self, peer: PeerId) {
        let Some(other) = self.others.get_mut(&peer).filter(|other| other.connected.is_none())
        else {
            return;
        };
        let connected = watch::Sender::new(true);
        let (shared, receiver) = (self.shared.clone(), connected.subscribe());
        let (carrier, control) = (Carrier::Direct, self.control.clone());
        // QUIC finds out by itself who has vanished.
        let remote = Remote { peer, carrier, control, silent: None, gate: Arc::default() };
        other.connected = Some(connected);
        self.workers.spawn(async move {
            use_topics(shared, remote, receiver.clone()).await;
            *receiver.borrow()
        });
    }
}

impl Other {
    /// Whether anything connects it with this node.
    fn is_met(&self) -> bool {
        !self.direct.is_empty() || self.circuit.is_some()
    }

    /// How long to leave a pair of networks alone that would not be punched through: they hardly
    /// change.
    fn rest(&mut self, first: Duration) -> Duration {
        const MOST_DOUBLINGS: u32 = 3;
        let rest = first * 2_u32.pow(self.failures.min(MOST_DOUBLINGS));
        self.failures = self.failures.saturating_add(1);
        jittered(rest)
    }
}
