//! Who uses a host: how many streams each peer has open, how much memory its messages may take,
//! and when it last asked for anything.
//!
//! Memory is divided by peer, not taken from one pool: whoever lets its share fill up waits for
//! itself and for nobody else. A host's connections times the share bound all of it.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use libp2p::PeerId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::swarm::limits::{MAX_COMPARING, MIN_PEER_BUFFER};
use crate::swarm::stream::{StreamError, StreamLimits};

/// Bytes that messages may take in memory.
#[derive(Clone)]
pub(crate) struct Budget {
    left: Arc<Semaphore>,
    bytes: usize,
}

/// A part of a [`Budget`], given back when dropped.
pub(crate) struct Share(OwnedSemaphorePermit);

/// How much a peer may put, and where it comes from.
pub(crate) trait PutQuota: Send + Sync {
    /// The address that counts as its source, where one can be seen.
    fn address(&self, peer: &PeerId) -> Option<IpAddr>;

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
    comparing: Arc<Semaphore>,
    quota: Option<Arc<dyn PutQuota>>,
    /// Streams that peers of one source may have open together.
    streams_per_source: u64,
    streams: Arc<AtomicU64>,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    peers: BTreeMap<PeerId, Guest>,
    /// Streams of each source.
    sources: BTreeMap<IpAddr, u64>,
}

struct Guest {
    streams: u64,
    requests: Budget,
    answers: Budget,
    comparing: Arc<Semaphore>,
    last_request: Instant,
}

/// A place among the open streams, given back when dropped.
pub(crate) struct Place {
    guests: Arc<Guests>,
    peer: PeerId,
    source: Option<IpAddr>,
    pub(crate) requests: Budget,
    /// Apart from the requests: a stream that waits to answer may have a request half read.
    pub(crate) answers: Budget,
    comparing: Arc<Semaphore>,
}

/// A peer's turn to have days worked through.
pub(crate) struct Turn {
    _of_peer: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
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
        Self {
            limits,
            busy: Arc::default(),
            comparing: Arc::new(Semaphore::new(MAX_COMPARING)),
            quota: None,
            streams_per_source: u64::MAX,
            streams,
            book: Mutex::default(),
        }
    }

    /// Shows to whoever holds `busy` how many requests are being answered.
    pub(crate) fn counting(self, busy: Arc<AtomicU64>) -> Self {
        Self { busy, ..self }
    }

    /// Bounds what peers put, and how many streams those of one source have.
    pub(crate) fn with_quota(self, quota: Arc<dyn PutQuota>, streams_per_source: u64) -> Self {
        Self { quota: Some(quota), streams_per_source, ..self }
    }

    /// A place for a stream of `peer`, if there is one.
    pub(crate) fn take(self: &Arc<Self>, peer: PeerId) -> Option<Place> {
        if self.streams.load(Ordering::Relaxed) >= self.limits.streams {
            return None;
        }
        let source = self.quota.as_ref().and_then(|quota| quota.address(&peer));
        let mut book = self.book();
        let of_source = source.map(|source| book.sources.get(&source).copied().unwrap_or(0));
        if of_source.is_some_and(|streams| streams >= self.streams_per_source) {
            return None;
        }
        let guest = book.peers.entry(peer).or_insert_with(|| Guest {
            streams: 0,
            requests: Budget::new(self.limits.bytes_per_peer / 2),
            answers: Budget::new(self.limits.bytes_per_peer / 2),
            comparing: Arc::new(Semaphore::new(1)),
            last_request: Instant::now(),
        });
        if guest.streams >= self.limits.streams_per_peer {
            return None;
        }
        guest.streams += 1;
        let (requests, answers) = (guest.requests.clone(), guest.answers.clone());
        let comparing = guest.comparing.clone();
        if let Some(source) = source {
            *book.sources.entry(source).or_default() += 1;
        }
        self.streams.fetch_add(1, Ordering::Relaxed);
        Some(Place { guests: self.clone(), peer, source, requests, answers, comparing })
    }

    /// When a peer with open streams last asked for anything.
    pub(crate) fn last_request(&self, peer: &PeerId) -> Option<Instant> {
        self.book().peers.get(peer).map(|guest| guest.last_request)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// Waits until days may be worked through for this peer: whoever asks on many streams waits for itself.
    pub(crate) async fn turn(&self) -> Result<Turn, StreamError> {
        let of_peer = self.comparing.clone().acquire_owned().await;
        let of_all = self.guests.comparing.clone().acquire_owned().await;
        match (of_peer, of_all) {
            (Ok(of_peer), Ok(of_all)) => Ok(Turn { _of_peer: of_peer, _of_all: of_all }),
            _ => Err(StreamError::Stopping),
        }
    }

    /// Counts a request as being answered until what is given here is dropped.
    pub(crate) fn answering(&self) -> Answering {
        self.guests.busy.fetch_add(1, Ordering::Relaxed);
        Answering(self.guests.busy.clone())
    }

    /// The peer has asked for something.
    pub(crate) fn note_request(&self) {
        if let Some(guest) = self.guests.book().peers.get_mut(&self.peer) {
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
        let mut book = self.guests.book();
        if let Some(guest) = book.peers.get_mut(&self.peer) {
            guest.streams -= 1;
            if guest.streams == 0 {
                book.peers.remove(&self.peer);
            }
        }
        if let Some(source) = self.source
            && let Some(streams) = book.sources.get_mut(&source)
        {
            *streams -= 1;
            if *streams == 0 {
                book.sources.remove(&source);
            }
        }
        self.guests.streams.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All but one live in one house.
    struct House(PeerId);

    impl PutQuota for House {
        fn address(&self, peer: &PeerId) -> Option<IpAddr> {
            Some(if *peer == self.0 { [192, 0, 2, 2].into() } else { [192, 0, 2, 1].into() })
        }

        fn takes(&self, _: &PeerId, _: usize) -> bool {
            true
        }

        fn may_begin(&self, _: &PeerId) -> bool {
            true
        }

        fn begun_in_vain(&self, _: &PeerId) {}
    }

    #[test]
    fn one_source_leaves_streams_to_others() {
        let other = PeerId::random();
        let limits = StreamLimits { streams: 8, streams_per_peer: 2, bytes_per_peer: 1024 };
        let guests = Guests::new(limits, Arc::default()).with_quota(Arc::new(House(other)), 4);
        let guests = Arc::new(guests);
        let peers = [(); 3].map(|()| PeerId::random());
        let mut places: Vec<_> = peers[..2]
            .iter()
            .flat_map(|peer| [guests.take(*peer).unwrap(), guests.take(*peer).unwrap()])
            .collect();
        assert!(guests.take(peers[2]).is_none(), "under whichever id it comes");
        let elsewhere = guests.take(other).unwrap();
        places.pop();
        let last = guests.take(peers[2]).unwrap();
        assert!(guests.take(peers[1]).is_none());
        drop((places, elsewhere, last));
        let book = guests.book();
        assert!(book.peers.is_empty() && book.sources.is_empty());
    }
}
