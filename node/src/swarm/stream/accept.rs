//! Takes the streams that peers open and serves each in a task of its own, within limits; or says of each that
//! there is no place for it (Y-117).

use std::sync::Arc;
use std::time::Duration;

use futures::AsyncWriteExt;
use libp2p::Stream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;
use windbreak_protocol::wire::sync::{Refusal, Reply, RequestNumber};

use crate::swarm::limits::MAX_REFUSING;
use crate::swarm::raw::Incoming;
use crate::swarm::stream::{Guests, Host, MessageWriter};

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
    let refusals = Refusals::new(no_place(), host.timings.message);
    loop {
        tokio::select! {
            next = incoming.next() => {
                let Some((peer, stream)) = next else { return };
                let Some(place) = guests.take(peer) else {
                    refusals.say(&mut tasks, stream);
                    continue;
                };
                let host = host.clone();
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

/// Says the same word on each stream until there are no more, and serves none.
pub(crate) async fn refuse(mut incoming: Incoming, word: Vec<u8>, limit: Duration) {
    let (mut tasks, refusals) = (JoinSet::new(), Refusals::new(word, limit));
    loop {
        tokio::select! {
            next = incoming.next() => {
                let Some((_, stream)) = next else { return };
                refusals.say(&mut tasks, stream);
            }
            Some(_) = tasks.join_next(), if !tasks.is_empty() => {}
        }
    }
}

/// The word on the stream of a topic, in the place of a nonce.
pub(crate) fn no_place() -> Vec<u8> {
    Reply::Refused { number: RequestNumber::new(0), reason: Refusal::Crowded }.to_bytes()
}

/// What is said instead of serving, to so many at once.
struct Refusals {
    word: Arc<[u8]>,
    limit: Duration,
    turns: Arc<Semaphore>,
}

impl Refusals {
    fn new(word: Vec<u8>, limit: Duration) -> Self {
        Self { word: word.into(), limit, turns: Arc::new(Semaphore::new(MAX_REFUSING)) }
    }

    fn say(&self, tasks: &mut JoinSet<()>, mut stream: Stream) {
        // Beyond that there is no word, and the stream ends.
        let Ok(turn) = self.turns.clone().try_acquire_owned() else { return };
        let (word, limit) = (self.word.clone(), self.limit);
        tasks.spawn(async move {
            // Who does not listen to it loses nothing.
            let said = MessageWriter::new(&mut stream, limit).send(&word).await;
            if said.is_ok() {
                let _ = timeout(limit, stream.close()).await;
            }
            drop(turn);
        });
    }
}
