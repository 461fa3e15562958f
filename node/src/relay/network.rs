//! The swarm of a relay: it listens and serves streams; it dials nobody. If its host wants it to bring
//! members together, it keeps places and carries circuits besides, and tells who asks their own
//! address; it speaks nothing else.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::StreamExt;
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::identity::Keypair;
use libp2p::multiaddr::Protocol;
use libp2p::swarm::behaviour::toggle::Toggle;
use libp2p::swarm::{ListenError, NetworkBehaviour, SwarmEvent};
use libp2p::{Multiaddr, StreamProtocol, relay};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;
use windbreak_protocol::admission::PROTOCOL as GRANT;
use windbreak_protocol::wire::sync::PROTOCOL;

use crate::relay::admission;
use crate::relay::config::{Circuits, RelayLimits};
use crate::relay::crowd::Crowd;
use crate::relay::mailbox::RelayMailbox;
use crate::relay::peers::Peers;
use crate::relay::sources::Sources;
use crate::swarm::doorway::Doorway;
use crate::swarm::limits::{
    MAX_CIRCUIT, MAX_CIRCUIT_BYTES, MAX_CONNECTIONS_PER_PEER, MAX_TURNED_AWAY, Timings,
};
use crate::swarm::observed::{self, OBSERVED, Seen, quic_beside, udp_address};
use crate::swarm::raw;
use crate::swarm::stream::{Guests, Host, StreamLimits, accept};
use crate::swarm::transport::{self, Base};

/// What a relay's network needs; outlives every run of it.
pub(crate) struct Network {
    pub(crate) identity: Keypair,
    pub(crate) mailbox: Arc<RelayMailbox>,
    pub(crate) circuits: Circuits,
    pub(crate) limits: RelayLimits,
    pub(crate) sources: Arc<Sources>,
    pub(crate) timings: Timings,
    /// Where to listen; once listening, where it really is, so that a restart takes the same.
    pub(crate) listening: Arc<Mutex<Vec<Multiaddr>>>,
}

/// Whether the relay listens yet.
#[derive(Clone)]
pub(crate) struct Listening(Arc<watch::Sender<Option<bool>>>);

impl Listening {
    pub(crate) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }

    /// Waits until it listens, or cannot.
    pub(crate) async fn wait(&self, limit: Duration) -> Result<(), ()> {
        let mut state = self.0.subscribe();
        let state = timeout(limit, state.wait_for(Option::is_some)).await;
        if matches!(state, Ok(Ok(listens)) if *listens == Some(true)) { Ok(()) } else { Err(()) }
    }

    fn set(&self, listens: bool) {
        self.0.send_if_modified(|state| {
            let first = state.is_none();
            if first {
                *state = Some(listens);
            }
            first
        });
    }
}

#[derive(NetworkBehaviour)]
struct Behaviour {
    doorway: Doorway,
    limits: connection_limits::Behaviour,
    streams: raw::Behaviour,
    circuits: Toggle<relay::Behaviour>,
}

/// Listens and serves until something fails.
pub(crate) async fn run(network: Arc<Network>, started: Listening) {
    let limits = ConnectionLimits::default()
        .with_max_established_incoming(Some(network.limits.connections + MAX_TURNED_AWAY))
        // One more comes in, and the oldest goes for it: it may be dead.
        .with_max_established_per_peer(Some(MAX_CONNECTIONS_PER_PEER + 1))
        .with_max_established_outgoing(Some(0))
        .with_max_pending_outgoing(Some(0));
    let streams = raw::Behaviour::new();
    let control = streams.new_control();
    let limits = connection_limits::Behaviour::new(limits);
    let counts = network.circuits.counts();
    let peer = network.identity.public().to_peer_id();
    let circuits = Toggle::from(counts.map(|counts| relay::Behaviour::new(peer, circuits(counts))));
    let behaviour = Behaviour { doorway: Doorway::of_relay(), limits, streams, circuits };
    let base = if counts.is_some() { Base::ClearAndQuic } else { Base::Clear };
    let Ok(mut swarm) =
        transport::swarm(&network.identity, None, base, behaviour, &network.timings)
    else {
        started.set(false);
        return;
    };
    let Ok(incoming) = control.accept(StreamProtocol::new(PROTOCOL)) else {
        return;
    };
    let host =
        Host::new(network.mailbox.clone(), &swarm.local_peer_id().to_bytes(), network.timings);
    let limits = StreamLimits {
        streams: network.limits.streams,
        streams_per_peer: network.limits.streams_per_connection
            * u64::from(MAX_CONNECTIONS_PER_PEER),
        bytes_per_peer: network.limits.bytes_per_connection(),
    };
    let counters = network.mailbox.counters();
    network.sources.forget_connections();
    let guests = Guests::new(limits, counters.streams.clone())
        .counting(counters.busy.clone())
        .with_quota(network.sources.clone());
    let guests = Arc::new(guests);
    let _served = AbortOnDropHandle::new(tokio::spawn(accept(incoming, host, guests.clone())));

    let drawing = network.mailbox.admission().map(|_| control.accept(StreamProtocol::new(GRANT)));
    let _drawn = match drawing {
        None => None,
        Some(Ok(drawing)) => {
            let peer = swarm.local_peer_id().to_bytes();
            let served = admission::serve(drawing, network.mailbox.clone(), peer, network.timings);
            Some(AbortOnDropHandle::new(tokio::spawn(served)))
        }
        Some(Err(_)) => return,
    };

    let seen = Arc::new(Seen::default());
    let _told = match counts.map(|_| control.accept(StreamProtocol::new(OBSERVED))) {
        None => None,
        Some(Ok(asking)) => {
            let told = observed::serve(asking, seen.clone(), network.timings.message);
            Some(AbortOnDropHandle::new(tokio::spawn(told)))
        }
        Some(Err(_)) => return,
    };

    let listen = network.listening().clone();
    let mut waiting = listen.len();
    let mut actual = Vec::new();
    let mut beside = HashMap::new();
    for address in listen {
        let Ok(listener) = swarm.listen_on(address.clone()) else {
            started.set(false);
            return;
        };
        if counts.is_some() {
            beside.insert(listener, address);
        }
    }
    // A run before this one may have ended with connections still counted.
    let connections = &network.mailbox.counters().connections;
    connections.store(0, Ordering::Relaxed);
    let most = network.limits.connections;
    let mut peers = Peers::new();
    let mut crowd = Crowd::new(guests.clone(), network.timings.connect / 6);
    loop {
        let event = tokio::select! {
            event = swarm.select_next_some() => event,
            connection = crowd.next_to_go() => {
                swarm.close_connection(connection);
                continue;
            }
        };
        match event {
            SwarmEvent::NewListenAddr { address, .. } if udp_address(&address).is_some() => {
                // Whoever has a place is told an address of it, and knows it anyway: one is enough.
                let is_told = swarm.external_addresses().next().is_some();
                if !is_told {
                    swarm.add_external_address(address);
                }
            }
            SwarmEvent::NewListenAddr { listener_id, address } => {
                let told = beside.remove(&listener_id);
                if let Some(quic) = told.and_then(|told| beside_port(&told, &address))
                    && swarm.listen_on(quic).is_err()
                {
                    tracing::warn!("cannot listen over UDP, so no members are brought together");
                }
                actual.push(address);
                waiting = waiting.saturating_sub(1);
                if waiting == 0 {
                    network.listening().clone_from(&actual);
                    started.set(true);
                }
            }
            SwarmEvent::ExpiredListenAddr { address, .. } => {
                actual.retain(|known| *known != address);
                network.listening().clone_from(&actual);
            }
            SwarmEvent::ListenerClosed { .. } => {
                started.set(false);
                return;
            }
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, .. } => {
                let address = endpoint.get_remote_address();
                let is_full = connections.load(Ordering::Relaxed) >= u64::from(most);
                let is_of_too_many = !network.sources.connected(peer_id, address);
                if is_full || is_of_too_many {
                    // Whoever has a place comes to it from elsewhere: the newest counts (Y-110).
                    if let Some(oldest) = peers.oldest(&peer_id) {
                        swarm.close_connection(oldest);
                    } else {
                        counters.turned_away.fetch_add(1, Ordering::Relaxed);
                        network.sources.closed(&peer_id);
                        if is_full && let Some(peer) = peers.unused(&guests, network.timings.unused)
                        {
                            let _ = swarm.disconnect_peer_id(peer);
                        }
                        if !crowd.turn_away(peer_id, connection_id) {
                            swarm.close_connection(connection_id);
                        }
                        continue;
                    }
                }
                seen.connected(peer_id, address);
                if let Some(oldest) = peers.connected(peer_id, connection_id) {
                    swarm.close_connection(oldest);
                }
                connections.fetch_add(1, Ordering::Relaxed);
            }
            SwarmEvent::ConnectionClosed { peer_id, connection_id, num_established, .. } => {
                if num_established == 0 {
                    seen.gone(&peer_id);
                }
                if !crowd.closed(connection_id) {
                    network.sources.closed(&peer_id);
                    peers.closed(&peer_id, connection_id);
                    connections.fetch_sub(1, Ordering::Relaxed);
                }
            }
            SwarmEvent::IncomingConnectionError { error: ListenError::Denied { .. }, .. } => {
                counters.turned_away.fetch_add(1, Ordering::Relaxed);
                // Whoever was turned away tries again, and then finds the place free.
                let is_full = connections.load(Ordering::Relaxed) >= u64::from(most);
                if is_full && let Some(peer) = peers.unused(&guests, network.timings.unused) {
                    let _ = swarm.disconnect_peer_id(peer);
                }
            }
            _ => {}
        }
    }
}

/// How many places and circuits there are, and how much passes over one: enough to agree on how to
/// meet without it, and too little to talk.
fn circuits((places, circuits): (usize, usize)) -> relay::Config {
    relay::Config {
        max_reservations: places,
        max_reservations_per_peer: 1,
        max_circuits: circuits,
        max_circuit_duration: MAX_CIRCUIT,
        max_circuit_bytes: MAX_CIRCUIT_BYTES,
        ..relay::Config::default()
    }
}

/// Where to speak QUIC beside a listener that was told to listen at `told` and does so at `actual`,
/// whose port may have been left to the system.
fn beside_port(told: &Multiaddr, actual: &Multiaddr) -> Option<Multiaddr> {
    let port = actual.iter().find(|part| matches!(part, Protocol::Tcp(_)))?;
    quic_beside(&Multiaddr::empty().with(told.iter().next()?).with(port))
}

impl Network {
    fn listening(&self) -> std::sync::MutexGuard<'_, Vec<Multiaddr>> {
        self.listening.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
