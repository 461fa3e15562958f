//! Takes the streams that peers open and serves each in a task of its own, within limits.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures::StreamExt;
use libp2p::PeerId;
use libp2p_stream::IncomingStreams;
use tokio::task::JoinSet;

use crate::swarm::stream::Host;

/// How many streams are served at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StreamLimits {
    pub(crate) streams: u64,
    pub(crate) streams_per_peer: u64,
}

/// How many streams are open, in all and per peer.
#[derive(Default)]
struct Open {
    peers: Mutex<BTreeMap<PeerId, u64>>,
}

/// Serves incoming streams until there are no more. `counter` says how many are open.
pub(crate) async fn accept(
    mut incoming: IncomingStreams,
    host: Host,
    limits: StreamLimits,
    counter: Arc<AtomicU64>,
) {
    let open = Arc::new(Open::default());
    let mut tasks = JoinSet::new();
    loop {
        tokio::select! {
            next = incoming.next() => {
                let Some((peer, stream)) = next else { return };
                let Some(place) = Place::take(&open, &counter, peer, limits) else { continue };
                let host = host.clone();
                tasks.spawn(async move {
                    if let Err(error) = host.serve(stream).await {
                        tracing::debug!(%error, "a stream ended");
                    }
                    drop(place);
                });
            }
            Some(_) = tasks.join_next(), if !tasks.is_empty() => {}
        }
    }
}

/// A place among the open streams, given back when dropped.
struct Place {
    open: Arc<Open>,
    counter: Arc<AtomicU64>,
    peer: PeerId,
}

impl Place {
    fn take(
        open: &Arc<Open>,
        counter: &Arc<AtomicU64>,
        peer: PeerId,
        limits: StreamLimits,
    ) -> Option<Self> {
        let mut peers = open.peers.lock().unwrap_or_else(PoisonError::into_inner);
        let of_peer = peers.get(&peer).copied().unwrap_or(0);
        if of_peer >= limits.streams_per_peer || counter.load(Ordering::Relaxed) >= limits.streams {
            return None;
        }
        peers.insert(peer, of_peer + 1);
        counter.fetch_add(1, Ordering::Relaxed);
        Some(Self { open: open.clone(), counter: counter.clone(), peer })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut peers = self.open.peers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = peers.get_mut(&self.peer) {
            *count -= 1;
            if *count == 0 {
                peers.remove(&self.peer);
            }
        }
        self.counter.fetch_sub(1, Ordering::Relaxed);
    }
}
