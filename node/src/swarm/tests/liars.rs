//! Hosts that list what they do not hand over, beside honest ones.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::BoxFuture;
use windbreak_protocol::id::Topic;
use windbreak_protocol::wire::sync::Refusal;

use super::super::limits::MAX_STREAMS_PER_PEER;
use super::super::mailbox::{Follower, Followers, Index, Mailbox, StreamNumber};
use super::super::stream::{Guests, Host, StreamLimits, accept};
use super::super::testkit::spoilt;
use super::*;

/// Pauses grow with each lie, and a busy machine lengthens them.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// What a host lists, and what it hands over for it.
#[derive(Default)]
struct Liar {
    index: Mutex<Index>,
    bytes: BTreeMap<EnvelopeId, Vec<u8>>,
    /// Whether what it does not hand over is not listed any more once it was asked for.
    forgets: bool,
    followers: Followers,
    opened: AtomicUsize,
    asked: AtomicUsize,
}

impl Liar {
    fn lists(listed: &[Verified<Envelope>]) -> Self {
        let liar = Self::default();
        for envelope in listed {
            let (topic, hour, id) = (envelope.topic(), envelope.hour(), envelope.id());
            liar.index.lock().unwrap().insert(topic, hour, id);
        }
        liar
    }

    fn hands_over(mut self, listed: &Envelope, bytes: Vec<u8>) -> Self {
        self.bytes.insert(listed.id(), bytes);
        self
    }

    /// How many streams were opened, and how many envelopes asked for.
    fn counts(&self) -> (usize, usize) {
        (self.opened.load(Ordering::Relaxed), self.asked.load(Ordering::Relaxed))
    }
}

impl Mailbox for Liar {
    fn serves(&self, _: &Topic) -> bool {
        self.opened.fetch_add(1, Ordering::Relaxed);
        true
    }

    fn days(&self, topic: &Topic) -> Vec<DayFingerprint> {
        self.index.lock().unwrap().days(topic)
    }

    fn day(&self, topic: &Topic, day: u32) -> Vec<(Hour, EnvelopeId)> {
        self.index.lock().unwrap().day(topic, day)
    }

    fn envelope(&self, topic: &Topic, id: &EnvelopeId) -> Option<Vec<u8>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let bytes = self.bytes.get(id).cloned();
        if bytes.is_none() && self.forgets {
            self.index.lock().unwrap().remove(topic, id);
        }
        bytes
    }

    fn put(
        &self,
        _: Verified<Envelope>,
        _: StreamNumber,
    ) -> BoxFuture<'static, Result<(), Refusal>> {
        Box::pin(std::future::ready(Err(Refusal::Full)))
    }

    fn follow(&self, topic: &Topic, stream: StreamNumber) -> Follower {
        self.followers.follow(topic, stream)
    }
}

/// Lets a liar be a relay; its address.
async fn serve(liar: &Arc<Liar>) -> String {
    let identity = Keypair::generate_ed25519();
    let streams = raw::Behaviour::new();
    let control = streams.new_control();
    let timings = Timings::fast();
    let mut swarm = transport::swarm(&identity, None, Base::Clear, streams, &timings).unwrap();
    swarm.listen_on(ANYWHERE.parse().unwrap()).unwrap();
    let peer = *swarm.local_peer_id();
    let host = Host::new(liar.clone(), &peer.to_bytes(), timings);
    let protocol = libp2p::StreamProtocol::new(windbreak_protocol::wire::sync::PROTOCOL);
    let limits = StreamLimits {
        streams: 1024,
        streams_per_peer: MAX_STREAMS_PER_PEER as u64,
        bytes_per_peer: 1024 * 1024,
    };
    let guests = Arc::new(Guests::new(limits, Arc::default()));
    tokio::spawn(accept(control.accept(protocol).unwrap(), host, guests));
    let (listens, address) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let mut listens = Some(listens);
        loop {
            if let SwarmEvent::NewListenAddr { address, .. } = swarm.select_next_some().await
                && let Some(listens) = listens.take()
            {
                listens.send(address.with_p2p(peer).unwrap().to_string()).unwrap();
            }
        }
    });
    soon(address).await.unwrap()
}

fn over_all(relays: &[String]) -> VenueConfig {
    VenueConfig { relays: relays.to_vec(), ..VenueConfig::default() }
}

/// Waits until a liar's counts fulfil `condition`.
async fn until(liar: &Liar, condition: impl Fn((usize, usize)) -> bool) {
    let fulfilled = async {
        while !condition(liar.counts()) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, fulfilled).await.unwrap();
}

/// A liar alone is given up and its word does not count; one beside an honest relay that holds
/// `said` keeps nothing from a member, who does not wait for its word either.
async fn is_given_up(liar: Liar, said: &[Verified<Envelope>], listed: usize) {
    let (key, liar) = (topic_key(1), Arc::new(liar));
    let address = serve(&liar).await;
    let alice = Member::start(over_all(std::slice::from_ref(&address)), &[]);
    alice.follow(&key);
    // Its stream is ended after two comparisons at most, and opened again later.
    until(&liar, |(opened, _)| opened > 1).await;
    let (opened, asked) = liar.counts();
    assert!(asked <= 2 * opened * listed, "{asked} in {opened} streams");
    assert_eq!((alice.seen().synced, alice.seen().arrived.len()), (0, 0));
    drop(alice);

    let folder = TempDir::new().unwrap();
    let honest = relay(&folder, ANYWHERE).await;
    let author = Member::start(over(&honest), said);
    author.follow(&key);
    author.sees(|seen| seen.synced > 0).await;
    let bob = Member::start(over_all(&[address, honest.addresses()[0].clone()]), &[]);
    bob.follow(&key);
    bob.sees(|seen| ids(said).is_subset(&seen.arrived.iter().copied().collect())).await;
    // On a busy machine the liar may first be out of reach for a while; then the next comparison tells.
    let synced = async {
        while bob.seen().synced == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, synced).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_withholds_what_it_lists_is_given_up_and_does_not_count() {
    let said = envelopes(&topic_key(1), NOW, 1, 20);
    is_given_up(Liar::lists(&said), &said, 20).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_lists_what_nobody_wrote_is_given_up_and_does_not_count() {
    let said = envelopes(&topic_key(1), NOW, 1, 20);
    let made_up = envelopes(&topic_key(1), NOW, 2, 300);
    let mut liar = Liar::lists(&made_up);
    for listed in &made_up {
        liar = liar.hands_over(listed, spoilt(listed));
    }
    is_given_up(liar, &said, 300).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_lost_a_few_is_kept_and_does_not_count() {
    let said = envelopes(&topic_key(1), NOW, 1, 20);
    let mut liar = Liar::lists(&said);
    for envelope in &said[1..] {
        liar = liar.hands_over(envelope, envelope.as_bytes().to_vec());
    }
    let liar = Arc::new(liar);
    let alice = Member::start(over_all(&[serve(&liar).await]), &[]);
    alice.follow(&topic_key(1));
    // Twenty, and then the one again.
    until(&liar, |(_, asked)| asked > 20).await;
    alice.sees(|seen| seen.arrived.len() == 19).await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!((liar.counts().0, alice.seen().synced), (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_expires_between_listing_and_fetching_is_no_lie() {
    let said = envelopes(&topic_key(1), NOW, 1, 20);
    let liar = Arc::new(Liar { forgets: true, ..Liar::lists(&said) });
    let alice = Member::start(over_all(&[serve(&liar).await]), &[]);
    alice.follow(&topic_key(1));
    alice.sees(|seen| seen.synced > 0).await;
    assert_eq!(liar.counts(), (1, 20));
}
