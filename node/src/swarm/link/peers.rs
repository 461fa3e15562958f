//! Who is linked: dials the addresses a member was given, again and again, and uses all topics
//! at every linked peer, whoever dialled. Who comes from another place than before is let in, and what it
//! left behind goes; who answers at several addresses is linked with at one. Clause: specs/06-sync Y-110.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use libp2p::swarm::dial_opts::DialOpts;
use libp2p::swarm::{ConnectionId, SwarmEvent};
use libp2p::{Multiaddr, PeerId};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::swarm::connections::Connections;
use crate::swarm::limits::{Backoff, MAX_LINKS_PER_PEER, jittered};
use crate::swarm::link::LinkSwarm;
use crate::swarm::outgoing::Carrier;
use crate::swarm::raw;
use crate::swarm::relays::use_topics;
use crate::swarm::session::Remote;
use crate::swarm::shared::Shared;

pub(crate) struct Peers {
    shared: Arc<Shared>,
    control: raw::Control,
    silent: mpsc::Sender<PeerId>,
    dialled: Vec<Dialled>,
    linked: BTreeMap<PeerId, watch::Sender<bool>>,
    connections: Connections,
    /// When all were asked last whether they are still there.
    asked: Option<Instant>,
    workers: JoinSet<PeerId>,
}

/// An address that is kept connected. Peer ids are new at every start, so the address alone says
/// who is meant.
struct Dialled {
    address: Multiaddr,
    connection: Option<ConnectionId>,
    /// Since when it is connected.
    since: Option<Instant>,
    /// Who answered there last.
    peer: Option<PeerId>,
    backoff: Backoff,
    /// When to dial; none while connected or dialling.
    due: Option<Instant>,
    /// Before which it is not dialled, since who answered there is refused.
    refused: Option<Instant>,
}

impl Peers {
    pub(crate) fn new(
        shared: Arc<Shared>,
        control: raw::Control,
        silent: mpsc::Sender<PeerId>,
        addresses: &[Multiaddr],
    ) -> Self {
        let dialled = addresses
            .iter()
            .map(|address| Dialled {
                address: address.clone(),
                connection: None,
                since: None,
                peer: None,
                refused: None,
                backoff: Backoff::new(&shared.timings),
                due: Some(Instant::now() + jittered(shared.timings.retry) - shared.timings.retry),
            })
            .collect();
        let (linked, workers) = (BTreeMap::new(), JoinSet::new());
        let connections = Connections::new(MAX_LINKS_PER_PEER);
        Self { shared, control, silent, dialled, linked, connections, asked: None, workers }
    }

    /// The network has changed: what failed before is no reason to wait.
    pub(crate) fn hurry(&mut self) {
        for dialled in &mut self.dialled {
            dialled.backoff.reset();
            let soon = Instant::now() + dialled.backoff.wait();
            let soon = dialled.refused.map_or(soon, |refused| soon.max(refused));
            dialled.due = dialled.due.map(|due| due.min(soon));
        }
    }

    /// A peer is refused: the address at which it answered is not dialled before `until`.
    pub(crate) fn refuse(&mut self, peer: &PeerId, until: Instant) {
        for dialled in self.dialled.iter_mut().filter(|dialled| dialled.peer == Some(*peer)) {
            dialled.refused = Some(until);
        }
    }

    /// When to dial next.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.dialled.iter().filter_map(|dialled| dialled.due).min()
    }

    pub(crate) fn dial(&mut self, swarm: &mut LinkSwarm) {
        let now = Instant::now();
        let is_linked = |dialled: &&Dialled| dialled.since.is_some();
        let linked: BTreeSet<PeerId> =
            self.dialled.iter().filter(is_linked).filter_map(|dialled| dialled.peer).collect();
        for dialled in &mut self.dialled {
            if dialled.due.is_none_or(|due| due > now) {
                continue;
            }
            // Who answered there is linked at another address, and one is enough.
            if dialled.peer.is_some_and(|peer| linked.contains(&peer)) {
                dialled.due = Some(now + jittered(self.shared.timings.retry_at_most));
                continue;
            }
            let options = DialOpts::from(dialled.address.clone());
            dialled.connection = Some(options.connection_id());
            dialled.due = match swarm.dial(options) {
                Ok(()) => None,
                Err(_) => Some(now + dialled.backoff.wait()),
            };
        }
    }

    pub(crate) fn handle<T>(&mut self, swarm: &mut LinkSwarm, event: SwarmEvent<T>) {
        match event {
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, .. } => {
                if let Some(dialled) = self.dialled(connection_id) {
                    (dialled.since, dialled.peer) = (Some(Instant::now()), Some(peer_id));
                    self.leave_others(swarm, peer_id, connection_id);
                }
                if let Some(oldest) = self.connections.connected(peer_id, connection_id) {
                    swarm.close_connection(oldest);
                }
                if self.linked.contains_key(&peer_id) {
                    self.ask_all();
                }
                self.link(peer_id);
            }
            SwarmEvent::ConnectionClosed { peer_id, connection_id, num_established, .. } => {
                self.connections.closed(&peer_id, connection_id);
                self.dial_again(connection_id);
                if num_established == 0
                    && let Some(connected) = self.linked.remove(&peer_id)
                {
                    connected.send_replace(false);
                }
            }
            SwarmEvent::OutgoingConnectionError { connection_id, .. } => {
                self.dial_again(connection_id);
            }
            _ => return,
        }
        let peers = self.linked.len();
        if peers == 0 {
            self.shared.outgoing.unreachable(Carrier::Links);
        }
        self.shared.change_status(|status| status.peers = peers);
    }

    /// A peer does not answer. If it came over several connections, it may be there over the newest.
    pub(crate) fn silent(&self, swarm: &mut LinkSwarm, peer: PeerId) {
        match self.connections.oldest_of_several(&peer) {
            Some(oldest) => _ = swarm.close_connection(oldest),
            // One that is not connected any more is none the worse for it.
            None => _ = swarm.disconnect_peer_id(peer),
        }
    }

    /// Resolves when the use of a linked peer's topics has failed.
    pub(crate) async fn failed(&mut self) {
        loop {
            match self.workers.join_next().await {
                // The peer has gone, and with it its worker.
                Some(Ok(peer)) if !self.linked.contains_key(&peer) => {}
                Some(_) => return,
                None => std::future::pending().await,
            }
        }
    }

    fn link(&mut self, peer: PeerId) {
        if self.linked.contains_key(&peer) {
            return;
        }
        let connected = watch::Sender::new(true);
        let (shared, receiver) = (self.shared.clone(), connected.subscribe());
        let (carrier, control) = (Carrier::Links, self.control.clone());
        let silent = Some(self.silent.clone());
        let remote = Remote { peer, carrier, control, silent, gate: Arc::default() };
        self.workers.spawn(async move {
            use_topics(shared, remote, receiver).await;
            peer
        });
        self.linked.insert(peer, connected);
    }

    /// A peer answered at an address: it is left at all others that lead to it. Were each kept, the host,
    /// which lets the oldest go, and this node, which dials anew what ended, would never come to rest.
    fn leave_others(&self, swarm: &mut LinkSwarm, peer: PeerId, newest: ConnectionId) {
        let others = self.dialled.iter().filter(|other| other.peer == Some(peer));
        let others = others.filter(|other| other.since.is_some());
        for connection in others.filter_map(|other| other.connection) {
            if connection != newest {
                swarm.close_connection(connection);
            }
        }
    }

    /// A peer has come once more, perhaps from elsewhere: what it left behind is to be found out, though
    /// not all the time.
    fn ask_all(&mut self) {
        let rest = self.shared.timings.probe;
        if self.asked.is_none_or(|asked| asked.elapsed() >= rest) {
            self.asked = Some(Instant::now());
            self.shared.ask_all();
        }
    }

    fn dialled(&mut self, connection: ConnectionId) -> Option<&mut Dialled> {
        self.dialled.iter_mut().find(|dialled| dialled.connection == Some(connection))
    }

    fn dial_again(&mut self, connection: ConnectionId) {
        let settled = self.shared.timings.connect;
        let Some(dialled) = self.dialled(connection) else { return };
        // Where connections are taken and dropped, there are no quick retries.
        let since = dialled.since.take();
        if since.is_some_and(|since| since.elapsed() > settled) {
            dialled.backoff.reset();
        }
        dialled.connection = None;
        let linked = dialled.peer.filter(|_| since.is_some());
        let now = Instant::now();
        for dialled in self.dialled.iter_mut().filter(|other| other.connection.is_none()) {
            let due = match dialled.due {
                None => now + dialled.backoff.wait(),
                // Where the peer that was linked answered before, it may do so now; nothing failed there.
                Some(due) if linked.is_some() && dialled.peer == linked => {
                    due.min(now + jittered(self.shared.timings.retry))
                }
                Some(_) => continue,
            };
            dialled.due = Some(due.max(dialled.refused.unwrap_or(due)));
        }
    }
}
