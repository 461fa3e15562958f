//! The relay client of a venue: a swarm that dials the circle's relays, never listens, and has a
//! new identity at every start.

mod worker;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::StreamExt;
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::identity::Keypair;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{NetworkBehaviour, SwarmEvent};
use libp2p::{Multiaddr, PeerId};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::swarm::limits::{Backoff, jittered, part_of};
use crate::swarm::outgoing::Carrier;
use crate::swarm::raw;
use crate::swarm::session::Remote;
use crate::swarm::shared::Shared;
use crate::swarm::tor::Circuits;
use crate::swarm::transport::{self, Base};
use crate::swarm::venue::{VenueStatus, Way};

pub(crate) use worker::use_topics;

/// A relay to dial.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Relay {
    pub(crate) peer: PeerId,
    pub(crate) addresses: Vec<Multiaddr>,
}

/// The relays to dial, and which way.
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Relays {
    pub(crate) way: Way,
    pub(crate) relays: Vec<Relay>,
}

#[derive(NetworkBehaviour)]
struct Behaviour {
    limits: connection_limits::Behaviour,
    streams: raw::Behaviour,
}

/// The state of one relay's connection.
struct Dialled {
    relay: Relay,
    connected: watch::Sender<bool>,
    since: Instant,
    backoff: Backoff,
    /// Whether it was tried in vain since it was connected last.
    in_vain: bool,
    /// When to dial; none while connected or dialling.
    due: Option<Instant>,
}

/// Keeps connections to all relays, until they change.
pub(crate) async fn run(shared: Arc<Shared>, mut relays: watch::Receiver<Arc<Relays>>) {
    loop {
        let current = relays.borrow_and_update().clone();
        tokio::select! {
            () = connect(&shared, current.way, &current.relays) => return,
            changed = relays.changed() => {
                shared.change_status(nobody_connected);
                if changed.is_err() {
                    return;
                }
            }
        }
    }
}

async fn connect(shared: &Arc<Shared>, way: Way, relays: &[Relay]) {
    shared.change_status(|status| {
        nobody_connected(status);
        status.refusal = None;
    });
    shared.set_relays(relays.iter().map(|relay| relay.peer).collect());
    if relays.is_empty() {
        return std::future::pending().await;
    }
    let streams = raw::Behaviour::new();
    let control = streams.new_control();
    let limits = ConnectionLimits::default()
        .with_max_established_incoming(Some(0))
        .with_max_pending_incoming(Some(0))
        .with_max_established_per_peer(Some(1));
    let behaviour = Behaviour { limits: connection_limits::Behaviour::new(limits), streams };
    let identity = Keypair::generate_ed25519();
    let spread = if way == Way::Clear { Duration::ZERO } else { shared.timings.spread };
    let base = match way {
        Way::Clear => Base::Clear,
        Way::Lan => Base::Near,
        Way::Tor(proxy) => match Circuits::fresh(proxy, shared.is_proxy_absent.clone()) {
            Some(circuits) => Base::Tor(circuits),
            None => return,
        },
    };
    let Ok(mut swarm) = transport::swarm(&identity, None, base, behaviour, &shared.timings) else {
        return;
    };

    let first_wait = shared.take_first_wait();
    let (silent, mut silent_relays) = mpsc::channel(relays.len());
    let mut workers = JoinSet::new();
    let mut dialled = BTreeMap::new();
    let mut shaken = shared.shaken();
    for relay in relays {
        let connected = watch::Sender::new(false);
        let remote = Remote {
            peer: relay.peer,
            carrier: Carrier::Relay(relay.peer),
            control: control.clone(),
            silent: Some(silent.clone()),
            gate: Arc::default(),
        };
        workers.spawn(use_topics(shared.clone(), remote, connected.subscribe()));
        // Circles of one person do not dial in step.
        let jitter = jittered(shared.timings.retry) - shared.timings.retry;
        let due = Instant::now() + first_wait + jitter;
        let backoff = Backoff::new(&shared.timings);
        let state = Dialled {
            relay: relay.clone(),
            connected,
            since: due,
            backoff,
            in_vain: false,
            due: Some(due),
        };
        dialled.insert(relay.peer, state);
    }
    loop {
        let next = dialled.values().filter_map(|state| state.due).min();
        tokio::select! {
            event = swarm.select_next_some() => {
                handle(shared, &mut dialled, spread, event);
                shared.change_status(|status| {
                    note_connected(status, &dialled);
                    status.is_proxy_absent = shared.is_proxy_absent.load(Ordering::Relaxed);
                });
            }
            Some(peer) = silent_relays.recv() => {
                // One that is not connected any more is none the worse for it.
                let _ = swarm.disconnect_peer_id(peer);
            }
            Ok(()) = shaken.changed() => {
                // What failed before is no reason to wait in another network.
                for state in dialled.values_mut() {
                    state.backoff.reset();
                    let soon = Instant::now() + state.backoff.wait() + part_of(spread);
                    state.due = state.due.map(|due| due.min(soon));
                }
            }
            () = sleep_until_some(next) => dial(shared, &mut swarm, &mut dialled),
            // Workers end only by a fault; starting again is simpler than to mend.
            Some(_) = workers.join_next() => return,
        }
    }
}

fn nobody_connected(status: &mut VenueStatus) {
    status.relays_connected = 0;
    status.connected_to.clear();
    status.relays_silent = false;
}

fn note_connected(status: &mut VenueStatus, dialled: &BTreeMap<PeerId, Dialled>) {
    let is_connected = |state: &Dialled| *state.connected.borrow();
    let connected = dialled.iter().filter(|(_, state)| is_connected(state));
    status.connected_to = connected.map(|(peer, _)| peer.to_string()).collect();
    status.relays_connected = status.connected_to.len();
    status.relays_silent = dialled.values().all(|state| state.in_vain && !is_connected(state));
    if status.relays_silent {
        status.has_a_place();
    }
}

fn handle<T>(
    shared: &Shared,
    dialled: &mut BTreeMap<PeerId, Dialled>,
    spread: Duration,
    event: SwarmEvent<T>,
) {
    match event {
        SwarmEvent::ConnectionEstablished { peer_id, .. } => {
            if let Some(state) = dialled.get_mut(&peer_id) {
                state.due = None;
                state.in_vain = false;
                state.since = Instant::now();
                shared.relay_changed(peer_id, true);
                state.connected.send_replace(true);
            }
        }
        SwarmEvent::ConnectionClosed { peer_id, num_established: 0, .. } => {
            if let Some(state) = dialled.get_mut(&peer_id) {
                // A relay that takes connections and drops them gets no quick retries.
                if state.since.elapsed() > shared.timings.connect {
                    state.backoff.reset();
                }
                shared.relay_changed(peer_id, false);
                state.connected.send_replace(false);
                // What cut this circle off may have cut off others of the same person.
                state.due = Some(Instant::now() + state.backoff.wait() + part_of(spread));
                shared.outgoing.unreachable(Carrier::Relay(peer_id));
            }
        }
        SwarmEvent::OutgoingConnectionError { peer_id: Some(peer), .. } => {
            if let Some(state) = dialled.get_mut(&peer)
                && !*state.connected.borrow()
            {
                state.in_vain = true;
                state.due = Some(Instant::now() + state.backoff.wait());
                shared.relay_changed(peer, false);
                shared.outgoing.unreachable(Carrier::Relay(peer));
            }
        }
        _ => {}
    }
}

fn dial(
    shared: &Shared,
    swarm: &mut libp2p::Swarm<Behaviour>,
    dialled: &mut BTreeMap<PeerId, Dialled>,
) {
    let now = Instant::now();
    for (peer, state) in dialled.iter_mut() {
        if state.due.is_none_or(|due| due > now) {
            continue;
        }
        let options = DialOpts::peer_id(*peer)
            .condition(PeerCondition::DisconnectedAndNotDialing)
            .addresses(state.relay.addresses.clone())
            .build();
        state.due = match swarm.dial(options) {
            Ok(()) => None,
            Err(_) => {
                shared.relay_changed(*peer, false);
                Some(now + state.backoff.wait())
            }
        };
    }
}

/// Sleeps until `instant`; for ever, if there is none.
pub(crate) async fn sleep_until_some(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}
