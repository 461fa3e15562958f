//! What days cost a host, whoever asks for them and on however many streams.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use libp2p::PeerId;
use tokio_util::compat::TokioAsyncReadCompatExt;
use tokio_util::task::AbortOnDropHandle;
use windbreak_protocol::id::Topic;
use windbreak_protocol::wire::sync::Refusal;

use super::super::limits::MAX_COMPARING;
use super::super::mailbox::{Follower, Followers, Mailbox, StreamNumber};
use super::super::stream::{Guests, Host, StreamLimits, TopicStream};
use super::*;

/// A host that takes its time, and notes for which topics it does so at once.
#[derive(Default)]
struct Slow {
    now: Mutex<BTreeMap<Topic, usize>>,
    /// The most at once, of all topics and of one.
    most: Mutex<(usize, usize)>,
    followers: Followers,
}

impl Slow {
    fn works_on(&self, topic: &Topic) {
        {
            let mut now = self.now.lock().unwrap();
            *now.entry(*topic).or_default() += 1;
            let (all, of_one) = (now.values().sum(), now[topic]);
            let mut most = self.most.lock().unwrap();
            *most = (most.0.max(all), most.1.max(of_one));
        }
        std::thread::sleep(Duration::from_millis(10));
        *self.now.lock().unwrap().get_mut(topic).unwrap() -= 1;
    }
}

impl Mailbox for Slow {
    fn serves(&self, _: &Topic) -> bool {
        true
    }

    fn days(&self, topic: &Topic) -> Vec<DayFingerprint> {
        self.works_on(topic);
        Vec::new()
    }

    fn day(&self, topic: &Topic, _: u32) -> Vec<(Hour, EnvelopeId)> {
        self.works_on(topic);
        Vec::new()
    }

    fn envelope(&self, _: &Topic, _: &EnvelopeId) -> Option<Vec<u8>> {
        None
    }

    fn put(
        &self,
        _: Verified<Envelope>,
        _: StreamNumber,
    ) -> BoxFuture<'static, Result<(), Refusal>> {
        Box::pin(std::future::ready(Err(Refusal::Unwanted)))
    }

    fn follow(&self, topic: &Topic, stream: StreamNumber) -> Follower {
        self.followers.follow(topic, stream)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_for_days_on_many_streams_waits_for_itself() {
    const PEERS: u8 = 8;
    const STREAMS: usize = 8;
    let (slow, timings) = (Arc::new(Slow::default()), Timings::fast());
    let host = Host::new(slow.clone(), b"host", timings);
    let limits = StreamLimits { streams: 999, streams_per_peer: 99, bytes_per_peer: 1 << 20 };
    let guests = Arc::new(Guests::new(limits, Arc::default()));
    let (mut streams, mut running) = (Vec::new(), Vec::new());
    for number in 0..PEERS {
        // Each peer has a topic of its own, by which the host's work can be told apart.
        let (key, peer) = (topic_key(number), PeerId::random());
        for _ in 0..STREAMS {
            let (near, far) = tokio::io::duplex(1 << 16);
            let (host, place) = (host.clone(), guests.take(peer).unwrap());
            let serving = tokio::spawn(async move { drop(host.serve(far.compat(), &place).await) });
            let opened = TopicStream::open(near.compat(), &key, b"host", &timings, ()).await;
            let (stream, _, driver) = opened.unwrap();
            let driving = tokio::spawn(async {
                driver.await;
            });
            running.extend([serving, driving].map(AbortOnDropHandle::new));
            streams.push(stream);
        }
    }
    let asked = join_all(streams.iter().map(TopicStream::days));
    assert!(soon(asked).await.iter().all(Result::is_ok));
    let (all, of_one) = *slow.most.lock().unwrap();
    assert!(all <= MAX_COMPARING && of_one == 1, "{all} at once, {of_one} of one peer");
}
