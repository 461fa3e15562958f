//! Takes the streams that peers open and serves each in a task of its own, within limits.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::swarm::limits::MAX_REFUSING;
use crate::swarm::raw::Incoming;
use crate::swarm::stream::{Guests, Host};

/// How many streams are served at once, and what they may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StreamLimits {
    pub(crate) streams: u64,
    pub(crate) streams_per_peer: u64,
    /// Bytes of all messages of one peer in memory at once.
    pub(crate) bytes_per_peer: usize,
}

/// Serves incoming streams until there are no more.
pub(crate) async fn accept(mut incoming: Incoming, host: Host, guests: Arc<Guests>) {
    let mut tasks = JoinSet::new();
    let refusing = Arc::new(Semaphore::new(MAX_REFUSING));
    loop {
        tokio::select! {
            next = incoming.next() => {
                let Some((peer, stream)) = next else { return };
                let host = host.clone();
                let Some(place) = guests.take(peer) else {
                    // Beyond that there is no word, and the stream ends.
                    if let Ok(turn) = refusing.clone().try_acquire_owned() {
                        tasks.spawn(async move {
                            let _ = host.refuse(stream).await;
                            drop(turn);
                        });
                    }
                    continue;
                };
                tasks.spawn(async move {
                    if let Err(error) = host.serve(stream, &place).await {
                        tracing::debug!(%error, "a stream ended");
                    }
                });
            }
            Some(_) = tasks.join_next(), if !tasks.is_empty() => {}
        }
    }
}
