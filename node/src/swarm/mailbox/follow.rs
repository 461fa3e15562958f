//! Hands what is put on a topic to those who follow it, through bounded queues.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::broadcast;
use windbreak_protocol::id::{EnvelopeId, Topic};

use crate::swarm::limits::LIVE_QUEUE;

/// Tells streams of one process apart, so that nobody gets back what it just put.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct StreamNumber(u64);

impl StreamNumber {
    /// A number no other stream of this process has.
    pub(crate) fn fresh() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// An envelope that has just become durable, or is about to: whoever follows need not wait for this
/// disk. Its bytes stay where they are until somebody reads on: queues of those who do not read would
/// fill the memory.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    pub(crate) envelope: EnvelopeId,
    /// Who put it, if it came by a stream.
    pub(crate) from: Option<StreamNumber>,
}

/// Who follows which topic.
#[derive(Default)]
pub(crate) struct Followers(Mutex<BTreeMap<Topic, broadcast::Sender<Live>>>);

impl Followers {
    /// Follows `topic`.
    pub(crate) fn follow(&self, topic: &Topic) -> broadcast::Receiver<Live> {
        let mut topics = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        topics.entry(*topic).or_insert_with(|| broadcast::channel(LIVE_QUEUE).0).subscribe()
    }

    /// Tells all who follow a topic. A topic nobody follows any more is forgotten.
    pub(crate) fn tell(&self, topic: &Topic, live: Live) {
        let mut topics = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(followers) = topics.get(topic)
            && followers.send(live).is_err()
        {
            topics.remove(topic);
        }
    }

    /// Forgets topics nobody follows any more.
    pub(crate) fn sweep(&self) {
        let mut topics = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        topics.retain(|_, followers| followers.receiver_count() > 0);
    }
}
