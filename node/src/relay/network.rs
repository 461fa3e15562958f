//! The swarm of a relay: it listens and serves streams; it dials nobody. If its host wants it to bring
//! members together, it keeps places and carries circuits besides, and tells who asks their own
//! address; it speaks nothing else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::StreamExt;
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::identity::Keypair;
use libp2p::multiaddr::Protocol;
use libp2p::swarm::behaviour::toggle::Toggle;
use libp2p::swarm::{NetworkBehaviour, SwarmEvent};
use libp2p::{Multiaddr, StreamProtocol, relay};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use windbreak_protocol::admission::{AdmissionReply, PROTOCOL as GRANT};
use windbreak_protocol::wire::sync::{PROTOCOL, Refusal};

use crate::relay::admission;
use crate::relay::config::{Circuits, RelayLimits};
use crate::relay::mailbox::RelayMailbox;
use crate::relay::places::{Book, Places};
use crate::relay::sources::Sources;
use crate::swarm::doorway::Doorway;
use crate::swarm::limits::{
    MAX_CIRCUIT, MAX_CIRCUIT_BYTES, MAX_CONNECTIONS_PER_PEER, MAX_TURNED_AWAY, Timings,
};
use crate::swarm::observed::{self, OBSERVED, Seen, quic_beside, udp_address};
use crate::swarm::raw;
use crate::swarm::stream::{Guests, Host, StreamLimits, accept, no_place, refuse};
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
    /// The last: who comes as far as this is there.
    places: Places<Served>,
}

/// What is spoken with those who have a place.
#[derive(NetworkBehaviour)]
struct Served {
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
    let (streams, refused) = (raw::Behaviour::new(), raw::Behaviour::new());
    let controls = [&streams, &refused].map(raw::Behaviour::new_control);
    let counts = network.circuits.counts();
    let peer = network.identity.public().to_peer_id();
    let circuits = Toggle::from(counts.map(|counts| relay::Behaviour::new(peer, circuits(counts))));
    let (guests, seen) = (Arc::new(network.guests()), Arc::new(Seen::default()));
    let book = Book::new(&network, guests.clone(), seen.clone());
    let behaviour = Behaviour {
        doorway: Doorway::of_relay(),
        limits: connection_limits::Behaviour::new(limits),
        places: Places::new(Served { streams, circuits }, refused, book),
    };
    let base = if counts.is_some() { Base::ClearAndQuic } else { Base::Clear };
    let Ok(mut swarm) =
        transport::swarm(&network.identity, None, base, behaviour, &network.timings)
    else {
        started.set(false);
        return;
    };
    let Some(_served) = network.serve(controls, guests, seen) else { return };

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
    loop {
        match swarm.select_next_some().await {
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
    fn guests(&self) -> Guests {
        let limits = StreamLimits {
            streams: self.limits.streams,
            streams_per_peer: self.limits.streams_per_connection
                * u64::from(MAX_CONNECTIONS_PER_PEER),
            bytes_per_peer: self.limits.bytes_per_connection(),
        };
        let counters = self.mailbox.counters();
        Guests::new(limits, counters.streams.clone())
            .counting(counters.busy.clone())
            .with_quota(self.sources.clone(), self.limits.streams_per_source())
    }

    /// Serves the streams of those who have a place, and says on those of the others that there is none, until what
    /// this gives is dropped; none if somebody else does already.
    fn serve(
        &self,
        [placed, refused]: [raw::Control; 2],
        guests: Arc<Guests>,
        seen: Arc<Seen>,
    ) -> Option<JoinSet<()>> {
        let streams = |control: &raw::Control, protocol: &'static str| {
            control.accept(StreamProtocol::new(protocol)).ok()
        };
        let (peer, timings) = (self.identity.public().to_peer_id().to_bytes(), self.timings);
        let mut served = JoinSet::new();
        let host = Host::new(self.mailbox.clone(), &peer, timings);
        served.spawn(accept(streams(&placed, PROTOCOL)?, host, guests));
        served.spawn(refuse(streams(&refused, PROTOCOL)?, no_place(), timings.message));
        if self.mailbox.admission().is_some() {
            let drawn = streams(&placed, GRANT)?;
            served.spawn(admission::serve(drawn, self.mailbox.clone(), peer, timings));
            let word = AdmissionReply::Refused { reason: Refusal::Crowded }.to_bytes();
            served.spawn(refuse(streams(&refused, GRANT)?, word, timings.message));
        }
        if self.circuits.counts().is_some() {
            served.spawn(observed::serve(streams(&placed, OBSERVED)?, seen, timings.message));
        }
        Some(served)
    }

    fn listening(&self) -> std::sync::MutexGuard<'_, Vec<Multiaddr>> {
        self.listening.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
