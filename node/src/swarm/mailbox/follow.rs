//! Hands what is put on a topic to those who follow it, through bounded queues. Each follower has one of
//! its own, so that nobody is woken for what it put itself.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::Notify;
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

/// Who follows which topic. A stream that has ended is forgotten when its topic is followed or told of the
/// next time, or swept.
#[derive(Default)]
pub(crate) struct Followers(Mutex<BTreeMap<Topic, Vec<Weak<Queue>>>>);

impl Followers {
    /// Follows `topic` for a stream.
    pub(crate) fn follow(&self, topic: &Topic, stream: StreamNumber) -> Follower {
        let waiting = Mutex::default();
        let queue = Arc::new(Queue { stream, waiting, came: Notify::new() });
        let mut topics = self.topics();
        let followers = topics.entry(*topic).or_default();
        // Who comes and goes without end leaves one of them behind, at most.
        followers.retain(|follower| follower.strong_count() > 0);
        followers.push(Arc::downgrade(&queue));
        Follower(queue)
    }

    /// Tells all who follow a topic, but whoever put it. A topic nobody follows any more is forgotten.
    pub(crate) fn tell(&self, topic: &Topic, live: Live) {
        let mut topics = self.topics();
        let Some(followers) = topics.get_mut(topic) else { return };
        followers.retain(|follower| {
            let Some(queue) = follower.upgrade() else { return false };
            if live.from != Some(queue.stream) {
                queue.push(live.envelope);
            }
            true
        });
        if followers.is_empty() {
            topics.remove(topic);
        }
    }

    /// Forgets topics nobody follows any more.
    pub(crate) fn sweep(&self) {
        self.topics().retain(|_, followers| {
            followers.retain(|follower| follower.strong_count() > 0);
            !followers.is_empty()
        });
    }

    fn topics(&self) -> MutexGuard<'_, BTreeMap<Topic, Vec<Weak<Queue>>>> {
        // Each change leaves it whole, so a panic elsewhere does not spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one stream follows.
pub(crate) struct Follower(Arc<Queue>);

/// What a follower hears next.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Heard {
    /// An envelope that others put.
    Live(EnvelopeId),
    /// It read so slowly that some were left out, the oldest.
    Missed,
}

impl Follower {
    /// The next; whoever stops waiting for it loses nothing.
    pub(crate) async fn next(&self) -> Heard {
        loop {
            if let Some(heard) = self.0.pop() {
                return heard;
            }
            // What comes between the two is not lost: it leaves word for who waits next.
            self.0.came.notified().await;
        }
    }
}

struct Queue {
    stream: StreamNumber,
    waiting: Mutex<Waiting>,
    came: Notify,
}

#[derive(Default)]
struct Waiting {
    envelopes: VecDeque<EnvelopeId>,
    missed: bool,
}

impl Queue {
    fn push(&self, envelope: EnvelopeId) {
        {
            let mut waiting = self.waiting();
            if waiting.envelopes.len() >= LIVE_QUEUE {
                waiting.envelopes.pop_front();
                waiting.missed = true;
            }
            waiting.envelopes.push_back(envelope);
        }
        self.came.notify_one();
    }

    fn pop(&self) -> Option<Heard> {
        let mut waiting = self.waiting();
        if std::mem::take(&mut waiting.missed) {
            return Some(Heard::Missed);
        }
        let envelope = waiting.envelopes.pop_front()?;
        if waiting.envelopes.is_empty() {
            // Who rests needs no room for it.
            waiting.envelopes = VecDeque::new();
        }
        Some(Heard::Live(envelope))
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    const TOPIC: Topic = Topic::from_bytes([1; 32]);

    fn id(number: usize) -> EnvelopeId {
        EnvelopeId::from_bytes([u8::try_from(number).unwrap(); 32])
    }

    fn tell(followers: &Followers, number: usize, from: Option<StreamNumber>) {
        followers.tell(&TOPIC, Live { envelope: id(number), from });
    }

    fn hears(follower: &Follower) -> Option<Heard> {
        follower.next().now_or_never()
    }

    #[test]
    fn all_but_whoever_put_it_hear_of_it() {
        let followers = Followers::default();
        let (one, other) = (StreamNumber::fresh(), StreamNumber::fresh());
        let (ada, ben) = (followers.follow(&TOPIC, one), followers.follow(&TOPIC, other));
        tell(&followers, 1, Some(one));
        tell(&followers, 2, None);
        assert_eq!(hears(&ada), Some(Heard::Live(id(2))));
        assert_eq!(hears(&ada), None);
        assert_eq!(hears(&ben), Some(Heard::Live(id(1))));
        assert_eq!(hears(&ben), Some(Heard::Live(id(2))));
        assert_eq!(hears(&ben), None);
    }

    #[test]
    fn whoever_is_slow_is_told_once_that_the_oldest_were_left_out() {
        let followers = Followers::default();
        let follower = followers.follow(&TOPIC, StreamNumber::fresh());
        for number in 0..LIVE_QUEUE + 3 {
            tell(&followers, number, None);
        }
        assert_eq!(hears(&follower), Some(Heard::Missed));
        for number in 3..LIVE_QUEUE + 3 {
            assert_eq!(hears(&follower), Some(Heard::Live(id(number))));
        }
        assert_eq!(hears(&follower), None);
    }

    #[test]
    fn what_nobody_follows_any_more_is_forgotten() {
        let followers = Followers::default();
        let follow = || followers.follow(&TOPIC, StreamNumber::fresh());
        for _ in 0..9 {
            drop(follow());
            assert_eq!(followers.topics()[&TOPIC].len(), 1);
        }
        tell(&followers, 1, None);
        assert!(followers.topics().is_empty());
        let stays = follow();
        drop(follow());
        followers.sweep();
        assert_eq!(followers.topics()[&TOPIC].len(), 1);
        drop(stays);
        followers.sweep();
        assert!(followers.topics().is_empty());
    }

    #[tokio::test]
    async fn whoever_waits_is_woken() {
        let followers = Arc::new(Followers::default());
        let follower = followers.follow(&TOPIC, StreamNumber::fresh());
        let waits = tokio::spawn(async move { follower.next().await });
        tokio::task::yield_now().await;
        tell(&followers, 1, None);
        assert_eq!(waits.await.unwrap(), Heard::Live(id(1)));
    }
}
