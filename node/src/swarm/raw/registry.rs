//! What a swarm's behaviour, the handlers of its connections and its controls know in common: who takes
//! the streams of which protocol, and over which connections a peer is reached.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use libp2p::swarm::ConnectionId;
use libp2p::{PeerId, Stream, StreamProtocol};
use tokio::sync::{mpsc, oneshot};

use crate::swarm::raw::OpenError;

/// A stream that came, and from whom.
pub(super) type Came = (PeerId, Stream);
/// Where a stream that was asked for goes.
pub(super) type Answer = oneshot::Sender<Result<Stream, OpenError>>;

/// A stream that is asked of a connection.
pub(super) struct Ask {
    pub(super) protocol: StreamProtocol,
    pub(super) answer: Answer,
}

#[derive(Clone, Default)]
pub(super) struct Registry(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    takers: Vec<(StreamProtocol, mpsc::Sender<Came>)>,
    /// The newest connection last.
    connections: BTreeMap<PeerId, Vec<(ConnectionId, mpsc::Sender<Ask>)>>,
}

impl Registry {
    /// Notes who takes the streams of a protocol; false if somebody else does.
    pub(super) fn take(&self, protocol: StreamProtocol, taker: mpsc::Sender<Came>) -> bool {
        let mut known = self.known();
        known.takers.retain(|(_, other)| !other.is_closed());
        let is_free = known.takers.iter().all(|(taken, _)| *taken != protocol);
        if is_free {
            known.takers.push((protocol, taker));
        }
        is_free
    }

    /// The protocols of which streams are taken.
    pub(super) fn protocols(&self) -> Vec<StreamProtocol> {
        let known = self.known();
        let taken = known.takers.iter().filter(|(_, taker)| !taker.is_closed());
        taken.map(|(protocol, _)| protocol.clone()).collect()
    }

    pub(super) fn taker(&self, protocol: &StreamProtocol) -> Option<mpsc::Sender<Came>> {
        let known = self.known();
        let taker = known.takers.iter().find(|(taken, _)| taken == protocol);
        taker.map(|(_, taker)| taker.clone())
    }

    pub(super) fn connected(
        &self,
        peer: PeerId,
        connection: ConnectionId,
        asks: mpsc::Sender<Ask>,
    ) {
        self.known().connections.entry(peer).or_default().push((connection, asks));
    }

    pub(super) fn closed(&self, peer: &PeerId, connection: ConnectionId) {
        let mut known = self.known();
        if let Some(connections) = known.connections.get_mut(peer) {
            connections.retain(|(other, _)| *other != connection);
            if connections.is_empty() {
                known.connections.remove(peer);
            }
        }
    }

    /// The newest connection with a peer: those before it may be dead.
    pub(super) fn newest(&self, peer: &PeerId) -> Option<mpsc::Sender<Ask>> {
        let known = self.known();
        let (_, asks) = known.connections.get(peer)?.last()?;
        Some(asks.clone())
    }

    #[cfg(test)]
    pub(super) fn peers(&self) -> usize {
        self.known().connections.len()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Each change leaves it whole, so a panic elsewhere does not spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
