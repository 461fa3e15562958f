//! Who uses a host: how many streams each peer has open, how much memory its messages may take,
//! and when it last asked for anything.
//!
//! Memory is divided by peer, not taken from one pool: whoever lets its share fill up waits for
//! itself and for nobody else. A host's connections times the share bound all of it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use libp2p::PeerId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::swarm::limits::MIN_PEER_BUFFER;
use crate::swarm::stream::{StreamError, StreamLimits};

/// Bytes that messages may take in memory.
#[derive(Clone)]
pub(crate) struct Budget {
    left: Arc<Semaphore>,
    bytes: usize,
}

/// A part of a [`Budget`], given back when dropped.
pub(crate) struct Share(OwnedSemaphorePermit);

/// How much a peer may put.
pub(crate) trait PutQuota: Send + Sync {
    /// Whether so many bytes more are taken from a peer; if so, they are counted.
    fn takes(&self, peer: &PeerId, bytes: usize) -> bool;

    /// Whether a peer may put on a topic of which nothing is held; if so, that is counted.
    fn may_begin(&self, peer: &PeerId) -> bool;

    /// A peer began no topic after all.
    fn begun_in_vain(&self, peer: &PeerId);
}

/// All peers that have streams open.
pub(crate) struct Guests {
    limits: StreamLimits,
    /// Requests that are being answered.
    busy: Arc<AtomicU64>,
    quota: Option<Arc<dyn PutQuota>>,
    streams: Arc<AtomicU64>,
    peers: Mutex<BTreeMap<PeerId, Guest>>,
}

struct Guest {
    streams: u64,
    requests: Budget,
    answers: Budget,
    last_request: Instant,
}

/// A place among the open streams, given back when dropped.
pub(crate) struct Place {
    guests: Arc<Guests>,
    peer: PeerId,
    pub(crate) requests: Budget,
    /// Apart from the requests: a stream that waits to answer may have a request half read.
    pub(crate) answers: Budget,
}

impl Budget {
    fn new(bytes: usize) -> Self {
        let bytes = bytes.clamp(MIN_PEER_BUFFER / 2, Semaphore::MAX_PERMITS);
        Self { left: Arc::new(Semaphore::new(bytes)), bytes }
    }

    /// For a client, which asks for whatever it is sent.
    pub(crate) fn unlimited() -> Self {
        Self::new(Semaphore::MAX_PERMITS)
    }

    /// Waits for so many bytes. Who holds a share must not wait for another of the same budget.
    pub(crate) async fn take(&self, bytes: usize) -> Result<Share, StreamError> {
        let bytes = u32::try_from(bytes.min(self.bytes)).unwrap_or(u32::MAX);
        let taken = self.left.clone().acquire_many_owned(bytes).await;
        taken.map(Share).map_err(|_| StreamError::Stopping)
    }
}

impl Share {
    /// Gives back what is beyond `bytes`.
    pub(crate) fn shrink(&mut self, bytes: usize) {
        let beyond = self.0.num_permits().saturating_sub(bytes);
        drop(self.0.split(beyond));
    }
}

impl Guests {
    /// Nobody yet. `streams` says how many streams are open.
    pub(crate) fn new(limits: StreamLimits, streams: Arc<AtomicU64>) -> Self {
        Self { limits, busy: Arc::default(), quota: None, streams, peers: Mutex::default() }
    }

    /// Shows to whoever holds `busy` how many requests are being answered.
    pub(crate) fn counting(self, busy: Arc<AtomicU64>) -> Self {
        Self { busy, ..self }
    }

    /// Bounds what peers put.
    pub(crate) fn with_quota(self, quota: Arc<dyn PutQuota>) -> Self {
        Self { quota: Some(quota), ..self }
    }

    /// A place for a stream of `peer`, if there is one.
    pub(crate) fn take(self: &Arc<Self>, peer: PeerId) -> Option<Place> {
        if self.streams.load(Ordering::Relaxed) >= self.limits.streams {
            return None;
        }
        let mut peers = self.peers();
        let guest = peers.entry(peer).or_insert_with(|| Guest {
            streams: 0,
            requests: Budget::new(self.limits.bytes_per_peer / 2),
            answers: Budget::new(self.limits.bytes_per_peer / 2),
            last_request: Instant::now(),
        });
        if guest.streams >= self.limits.streams_per_peer {
            return None;
        }
        guest.streams += 1;
        self.streams.fetch_add(1, Ordering::Relaxed);
        let (requests, answers) = (guest.requests.clone(), guest.answers.clone());
        Some(Place { guests: self.clone(), peer, requests, answers })
    }

    /// When a peer with open streams last asked for anything.
    pub(crate) fn last_request(&self, peer: &PeerId) -> Option<Instant> {
        self.peers().get(peer).map(|guest| guest.last_request)
    }

    fn peers(&self) -> MutexGuard<'_, BTreeMap<PeerId, Guest>> {
        self.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Whether so many bytes more are taken from the peer.
    pub(crate) fn may_put(&self, bytes: usize) -> bool {
        self.guests.quota.as_ref().is_none_or(|quota| quota.takes(&self.peer, bytes))
    }

    /// Whether the peer may put on a topic of which nothing is held.
    pub(crate) fn may_begin(&self) -> bool {
        self.guests.quota.as_ref().is_none_or(|quota| quota.may_begin(&self.peer))
    }

    /// The peer began no topic after all.
    pub(crate) fn begun_in_vain(&self) {
        if let Some(quota) = &self.guests.quota {
            quota.begun_in_vain(&self.peer);
        }
    }

    /// Counts a request as being answered until what is given here is dropped.
    pub(crate) fn answering(&self) -> Answering {
        self.guests.busy.fetch_add(1, Ordering::Relaxed);
        Answering(self.guests.busy.clone())
    }

    /// The peer has asked for something.
    pub(crate) fn note_request(&self) {
        if let Some(guest) = self.guests.peers().get_mut(&self.peer) {
            guest.last_request = Instant::now();
        }
    }
}

/// A request that is being answered.
pub(crate) struct Answering(Arc<AtomicU64>);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut peers = self.guests.peers();
        if let Some(guest) = peers.get_mut(&self.peer) {
            guest.streams -= 1;
            if guest.streams == 0 {
                peers.remove(&self.peer);
            }
        }
        self.guests.streams.fetch_sub(1, Ordering::Relaxed);
    }
}
