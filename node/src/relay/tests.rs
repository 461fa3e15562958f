mod admission;
mod hostile;
mod hosting;
mod members;
mod places;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::{AsyncReadExt, AsyncWriteExt};
use tempfile::TempDir;
use tokio_util::compat::TokioAsyncReadCompatExt;
use windbreak_protocol::id::EnvelopeId;
use windbreak_protocol::record::{Batch, Key, RecordKind, Value};
use windbreak_protocol::wire::sync::{MAX_MESSAGE, Refusal, Reply, Request};
use windbreak_protocol::wire::{Envelope, TopicKey};

use super::*;
use crate::store::{MemoryStore, Store};
use crate::swarm::Timings;
use crate::swarm::mailbox::{Mailbox, StreamNumber};
use crate::swarm::stream::{Guests, Host, StreamError, StreamLimits, TopicStream};
use crate::swarm::testkit::{Client, NOW, StillClock, envelopes, soon, spoilt, topic_key};

/// A relay in a folder of its own.
struct Relay {
    handle: RelayHandle,
    folder: TempDir,
    clock: StillClock,
    limits: RelayLimits,
}

impl Relay {
    async fn start(limits: RelayLimits) -> Self {
        Self::start_in(TempDir::new().unwrap(), StillClock::new(), limits).await
    }

    async fn start_in(folder: TempDir, clock: StillClock, limits: RelayLimits) -> Self {
        let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned()];
        let mut config = RelayConfig::new(folder.path().join("relay"), listen, clock.clock());
        config.timings = Timings { sweep: Duration::from_millis(50), ..Timings::fast() };
        config.limits = limits.clone();
        let handle = run_relay(config).await.unwrap();
        Self { handle, folder, clock, limits }
    }

    async fn restart(self) -> Self {
        self.handle.shutdown().await;
        Self::start_in(self.folder, self.clock, self.limits).await
    }

    async fn client(&self) -> Client {
        Client::connect(&self.handle.addresses()[0]).await
    }
}

async fn put_all(
    client: &Client,
    key: &TopicKey,
    envelopes: &[impl std::ops::Deref<Target = Envelope>],
) -> Vec<Result<(), Refusal>> {
    let opened = client.open(key).await;
    let mut outcomes = Vec::new();
    for envelope in envelopes {
        outcomes.push(opened.stream.put(envelope.as_bytes()).await.unwrap());
    }
    outcomes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_keeps_what_it_acknowledged_over_a_restart() {
    let relay = Relay::start(RelayLimits::default()).await;
    let key = topic_key(1);
    let said = envelopes(&key, NOW, 1, 20);
    let outcomes = put_all(&relay.client().await, &key, &said).await;
    assert!(outcomes.iter().all(Result::is_ok));
    let address = relay.handle.addresses()[0].clone();

    let relay = relay.restart().await;
    let same_peer = |address: &str| address.rsplit('/').next().unwrap().to_owned();
    assert_eq!(same_peer(&address), same_peer(&relay.handle.addresses()[0]));
    let opened = relay.client().await.open(&key).await;
    let days = opened.stream.days().await.unwrap();
    assert_eq!((days.len(), days[0].count), (1, 20));
    let mut wanted: Vec<_> = said.iter().map(|envelope| envelope.id()).collect();
    wanted.push(EnvelopeId::from_bytes([0; 32]));
    let found = opened.stream.fetch(wanted).await.unwrap();
    let expected: Vec<_> = said.iter().map(|envelope| envelope.as_bytes().to_vec()).collect();
    assert_eq!(found, expected);
    assert_eq!(relay.handle.status().envelopes, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_whose_store_is_gone_is_not_taken_for_a_new_one_and_an_interrupted_start_is() {
    let relay = Relay::start(RelayLimits::default()).await;
    let folder = relay.folder.path().join("relay");
    relay.handle.shutdown().await;
    let start = async || {
        let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned()];
        run_relay(RelayConfig::new(folder.clone(), listen, StillClock::new().clock())).await
    };
    fs::remove_dir_all(folder.join("store")).unwrap();
    for _ in 0..2 {
        assert!(matches!(start().await, Err(RelayError::Store(StoreError::Damaged))));
    }
    // As it is when the process dies before the store is whole, or before the key has its name.
    fs::rename(folder.join("key"), folder.join(".key.making")).unwrap();
    start().await.unwrap().shutdown().await;
    fs::rename(folder.join("key"), folder.join(".key.making")).unwrap();
    start().await.unwrap().shutdown().await;
    assert!(folder.join("key").exists() && !folder.join(".key.making").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_acknowledges_only_what_is_durable() {
    let store = MemoryStore::new();
    let opened = Mutex::new(Some(store.clone()));
    let later = store.clone();
    let open: OpenStore = Box::new(move || {
        // A second opening finds what was durable.
        let first = opened.lock().unwrap().take();
        Ok(Box::new(first.unwrap_or_else(|| later.durable())) as Box<dyn Store>)
    });
    let clock = StillClock::new().clock();
    let (mailbox, writer) =
        RelayMailbox::open(open, None, RelayLimits::default(), AdmissionMode::Open, clock).unwrap();
    let writer = tokio::task::spawn_blocking(move || writer.run());
    let key = topic_key(1);
    let said = envelopes(&key, NOW, 1, 3);
    let from = StreamNumber::fresh();

    assert_eq!(mailbox.put(said[0].clone(), from).await, Ok(()));
    assert!(store.durable().get(&record(&said[0])).unwrap().is_some());

    store.fail_at(1, crate::store::StoreError::DiskFull);
    assert_eq!(mailbox.put(said[1].clone(), from).await, Err(Refusal::Full));
    assert!(store.durable().get(&record(&said[1])).unwrap().is_none());
    assert_eq!(mailbox.put(said[2].clone(), from).await, Err(Refusal::Full));
    assert!(!mailbox.status().has_room);
    assert!(mailbox.envelope(&key.topic(), &said[0].id()).is_some(), "what it lists it gives out");

    mailbox.look().await;
    assert_eq!(mailbox.put(said[1].clone(), from).await, Ok(()));
    assert_eq!(mailbox.put(said[0].clone(), from).await, Ok(()), "what it had it still has");
    assert!(mailbox.envelope(&key.topic(), &said[0].id()).is_some());
    mailbox.stop().await;
    writer.await.unwrap();
    assert_eq!(mailbox.put(said[2].clone(), from).await, Err(Refusal::ShuttingDown));
}

/// A store whose disk takes as long as it is `busy`.
struct SlowStore {
    store: MemoryStore,
    busy: Arc<AtomicBool>,
}

impl Store for SlowStore {
    fn visit(
        &self,
        kind: RecordKind,
        visitor: &mut dyn FnMut(Key, Value),
    ) -> Result<(), StoreError> {
        self.store.visit(kind, visitor)
    }

    fn get(&self, key: &Key) -> Result<Option<Value>, StoreError> {
        self.store.get(key)
    }

    fn apply(&mut self, batch: Batch) -> Result<(), StoreError> {
        // A test that fails does not say when the disk is free again.
        let began = std::time::Instant::now();
        while self.busy.load(Ordering::Relaxed) && began.elapsed() < Duration::from_secs(30) {
            std::thread::sleep(Duration::from_millis(5));
        }
        self.store.apply(batch)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_follows_need_not_wait_for_the_disk_and_misses_nothing_that_is_on_its_way_to_it() {
    let busy = Arc::new(AtomicBool::new(false));
    let slow = busy.clone();
    let open: OpenStore =
        Box::new(move || Ok(Box::new(SlowStore { store: MemoryStore::new(), busy: slow.clone() })));
    let clock = StillClock::new().clock();
    let (mailbox, writer) =
        RelayMailbox::open(open, None, RelayLimits::default(), AdmissionMode::Open, clock).unwrap();
    let writer = tokio::task::spawn_blocking(move || writer.run());
    let (timings, key) = (Timings::fast(), topic_key(1));
    let limits = StreamLimits { streams: 9, streams_per_peer: 9, bytes_per_peer: 1 << 20 };
    let guests = Arc::new(Guests::new(limits, Arc::default()));
    let host = Host::new(mailbox.clone(), b"host", timings);
    let join = async || {
        let (near, far) = tokio::io::duplex(1 << 20);
        let (host, place) = (host.clone(), guests.take(PeerId::random()).unwrap());
        let serving = tokio::spawn(async move { drop(host.serve(far.compat(), &place).await) });
        let opened = TopicStream::open(near.compat(), &key, b"host", &timings, ()).await;
        let (stream, live, driver) = opened.unwrap();
        let driving = tokio::spawn(async {
            driver.await;
        });
        (stream, live, [serving, driving].map(AbortOnDropHandle::new))
    };

    let (early, mut told, _early) = join().await;
    early.follow().await.unwrap();
    early.days().await.unwrap();
    let said = envelopes(&key, NOW, 1, 1).remove(0);
    busy.store(true, Ordering::Relaxed);
    let put = tokio::spawn(mailbox.put(said.clone(), StreamNumber::fresh()));
    assert_eq!(soon(told.recv()).await.unwrap(), said.as_bytes(), "it waited for the disk");
    // Whoever comes now was not told of it, and no day lists it.
    let (late, mut given, _late) = join().await;
    late.follow().await.unwrap();
    assert!(late.days().await.unwrap().is_empty());
    assert_eq!(soon(given.recv()).await.unwrap(), said.as_bytes(), "it fell in between");
    assert!(!put.is_finished(), "it is not durable yet");
    busy.store(false, Ordering::Relaxed);
    assert_eq!(soon(put).await.unwrap(), Ok(()));
    assert_eq!(late.days().await.unwrap().len(), 1);
    mailbox.stop().await;
    writer.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_put_at_once_shares_a_wait_for_the_disk() {
    const PUTS: usize = 100;
    let (store, busy) = (MemoryStore::new(), Arc::new(AtomicBool::new(true)));
    let (slow, counted) = (busy.clone(), store.clone());
    let open: OpenStore =
        Box::new(move || Ok(Box::new(SlowStore { store: store.clone(), busy: slow.clone() })));
    let clock = StillClock::new().clock();
    let (mailbox, writer) =
        RelayMailbox::open(open, None, RelayLimits::default(), AdmissionMode::Open, clock).unwrap();
    let writer = tokio::task::spawn_blocking(move || writer.run());
    let said = envelopes(&topic_key(1), NOW, 1, PUTS + 1);
    let put = |at: usize| tokio::spawn(mailbox.put(said[at].clone(), StreamNumber::fresh()));
    let first = put(0);
    // The disk is at that, and the others come meanwhile.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let others: Vec<_> = (1..=PUTS).map(put).collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!first.is_finished() && others.iter().all(|put| !put.is_finished()));
    busy.store(false, Ordering::Relaxed);
    for put in others.into_iter().chain([first]) {
        assert_eq!(soon(put).await.unwrap(), Ok(()));
    }
    let written = counted.writes();
    assert!((2..=4).contains(&written), "{written} writes for {PUTS} and one before");
    assert_eq!(mailbox.status().envelopes as usize, PUTS + 1);
    mailbox.stop().await;
    writer.await.unwrap();
}

fn record(envelope: &Envelope) -> windbreak_protocol::record::Key {
    windbreak_protocol::record::Key::envelope(&envelope.topic(), envelope.hour(), &envelope.id())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_gets_what_others_put_and_not_its_own() {
    let relay = Relay::start(RelayLimits::default()).await;
    let key = topic_key(1);
    let said = envelopes(&key, NOW, 1, 2);
    let mut follower = relay.client().await.open(&key).await;
    follower.stream.follow().await.unwrap();
    follower.stream.put(said[0].as_bytes()).await.unwrap().unwrap();
    let other = relay.client().await;
    put_all(&other, &key, &said).await;
    put_all(&other, &topic_key(2), &envelopes(&topic_key(2), NOW, 2, 1)).await;
    let live = soon(follower.live.recv()).await.unwrap();
    assert_eq!(live, said[1].as_bytes());
    assert!(follower.live.try_recv().is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_without_the_topic_key_gets_nothing() {
    let relay = Relay::start(RelayLimits::default()).await;
    let (key, other) = (topic_key(1), topic_key(2));
    let client = relay.client().await;
    put_all(&client, &key, &envelopes(&key, NOW, 1, 1)).await;

    // A proof by another key, a proof for another host, a request without any proof.
    let wrong_key = other.prove(&[0; 32], &client.host());
    for proof in [Some(wrong_key), Some(key.prove(&[0; 32], &client.host())), None] {
        let mut stream = client.stream().await;
        read_reply(&mut stream).await.unwrap();
        let request = match proof {
            Some(proof) => Request::Open { topic: key.topic(), proof },
            None => Request::Follow,
        };
        write_message(&mut stream, &request.to_bytes()).await;
        assert!(read_reply(&mut stream).await.is_none());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_streams_end_alone() {
    let relay = Relay::start(RelayLimits::default()).await;
    let key = topic_key(1);
    let said = envelopes(&key, NOW, 1, 2);
    let good = relay.client().await.open(&key).await;
    let bad = relay.client().await;

    // Noise instead of the first message.
    let mut noise = bad.stream().await;
    noise.write_all(&[0, 0, 0, 5, 9, 9, 9, 9, 9]).await.unwrap();
    noise.flush().await.unwrap();
    read_reply(&mut noise).await.unwrap();
    assert!(read_reply(&mut noise).await.is_none());

    // A length beyond any message.
    let mut long = bad.stream().await;
    read_reply(&mut long).await.unwrap();
    long.write_all(&(MAX_MESSAGE as u32 + 1).to_be_bytes()).await.unwrap();
    long.flush().await.unwrap();
    assert!(read_reply(&mut long).await.is_none());

    // A message that never ends, and a stream that says nothing.
    let mut stalled = bad.stream().await;
    read_reply(&mut stalled).await.unwrap();
    stalled.write_all(&[0, 0]).await.unwrap();
    stalled.flush().await.unwrap();
    let mut silent = bad.stream().await;
    read_reply(&mut silent).await.unwrap();
    assert!(read_reply(&mut stalled).await.is_none());
    assert!(read_reply(&mut silent).await.is_none());

    assert_eq!(good.stream.put(said[0].as_bytes()).await.unwrap(), Ok(()));
    assert!(relay.handle.status().streams <= 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_breaks_a_rule_is_refused_with_the_reason() {
    let relay = Relay::start(RelayLimits::default()).await;
    let (key, other) = (topic_key(1), topic_key(2));
    let opened = relay.client().await.open(&key).await;
    let put = async |bytes: &[u8]| opened.stream.put(bytes).await.unwrap();
    let one = |hour: u32| envelopes(&key, hour, 1, 1)[0].as_bytes().to_vec();

    assert_eq!(put(&one(NOW - 30 * 24 - 1)).await, Err(Refusal::Expired));
    assert_eq!(put(&one(NOW - 30 * 24)).await, Ok(()));
    assert_eq!(put(&one(NOW + 26)).await, Ok(()));
    assert_eq!(put(&one(NOW + 27)).await, Err(Refusal::TooFarAhead));
    let elsewhere = &envelopes(&other, NOW, 1, 1)[0];
    assert_eq!(put(elsewhere.as_bytes()).await, Err(Refusal::WrongTopic));
    let good = &envelopes(&key, NOW, 1, 1)[0];
    assert_eq!(put(&spoilt(good)).await, Err(Refusal::Malformed));
    assert_eq!(put(b"no envelope").await, Err(Refusal::Malformed));
    let mut newer = good.as_bytes().to_vec();
    newer[0] = 2;
    assert_eq!(put(&newer).await, Err(Refusal::Malformed));
    assert_eq!(put(good.as_bytes()).await, Ok(()), "the true one is not hidden by a spoilt copy");
    assert_eq!(put(good.as_bytes()).await, Ok(()), "twice is once");

    let status = relay.handle.status();
    assert_eq!((status.envelopes, status.taken, status.bytes), (3, 3, 3 * 2048));
    let refused = RefusedCounts {
        expired: 1,
        too_far_ahead: 1,
        wrong_topic: 1,
        malformed: 3,
        ..RefusedCounts::default()
    };
    assert_eq!(status.refused, refused);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_relay_refuses_and_stays_up() {
    let limits = RelayLimits {
        topic_envelopes: 3,
        topic_bytes: 1024 * 1024,
        total_bytes: 5 * 2048,
        ..RelayLimits::default()
    };
    let relay = Relay::start(limits).await;
    let client = relay.client().await;
    let (one, two) = (topic_key(1), topic_key(2));
    let said = envelopes(&one, NOW, 1, 4);
    let outcomes = put_all(&client, &one, &said).await;
    assert_eq!(outcomes, [Ok(()), Ok(()), Ok(()), Err(Refusal::Quota)]);
    let outcomes = put_all(&client, &two, &envelopes(&two, NOW, 2, 3)).await;
    assert_eq!(outcomes, [Ok(()), Ok(()), Err(Refusal::Full)]);

    let opened = client.open(&one).await;
    let found = opened.stream.fetch(said.iter().map(|envelope| envelope.id()).collect()).await;
    assert_eq!(found.unwrap().len(), 3);
    assert_eq!(relay.handle.status().refused.quota, 1);
    assert_eq!(relay.handle.status().refused.full, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_drops_what_arrived_thirty_days_ago() {
    let relay = Relay::start(RelayLimits::default()).await;
    let key = topic_key(1);
    let client = relay.client().await;
    // Written long before it arrived: the time counts from its arrival.
    put_all(&client, &key, &envelopes(&key, NOW - 200, 1, 300)).await;
    relay.clock.set(NOW + 30 * 24);
    put_all(&client, &key, &envelopes(&key, NOW + 30 * 24, 2, 1)).await;
    assert_eq!(relay.handle.status().envelopes, 301);

    relay.clock.set(NOW + 30 * 24 + 1);
    soon(async {
        while relay.handle.status().envelopes > 1 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    assert_eq!(relay.handle.status().expired, 300);
    let relay = relay.restart().await;
    assert_eq!(relay.handle.status().bytes, 2048);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_follower_is_told_that_it_lags() {
    let relay = Relay::start(RelayLimits::default()).await;
    let key = topic_key(1);
    let slow = relay.client().await.open(&key).await;
    slow.stream.follow().await.unwrap();
    slow.stream.days().await.unwrap();
    // Nobody reads its live envelopes, so the connection fills up, then the relay's queue.
    let said = envelopes(&key, NOW, 1, 1200);
    let opened = relay.client().await.open(&key).await;
    for some in said.chunks(32) {
        let puts = some.iter().map(|envelope| opened.stream.put(envelope.as_bytes()));
        assert!(futures::future::join_all(puts).await.iter().all(|put| matches!(put, Ok(Ok(())))));
    }
    let mut slow = slow;
    soon(async {
        let lagged = slow.stream.clone();
        tokio::select! {
            () = lagged.lagged() => {}
            () = async { while slow.live.recv().await.is_some() {} } => panic!("dropped"),
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_its_answers_stops_nobody_else() {
    let relay = Relay::start(RelayLimits::default()).await;
    let (greedy, other) = (topic_key(1), topic_key(2));
    let said = envelopes(&greedy, NOW, 1, 200);
    let client = relay.client().await;
    put_all(&client, &greedy, &said).await;
    let ids: Vec<_> = said.iter().map(|envelope| envelope.id()).collect();
    // Far more than the connection's share is asked for, and nothing of it is read.
    let mut unread = Vec::new();
    for _ in 0..6 {
        let mut stream = client.stream().await;
        let Some(Reply::Nonce { nonce }) = read_reply(&mut stream).await else { panic!() };
        let proof = greedy.prove(&nonce, &client.host());
        let open = Request::Open { topic: greedy.topic(), proof };
        write_message(&mut stream, &open.to_bytes()).await;
        for number in 0..8 {
            let number = windbreak_protocol::wire::sync::RequestNumber::new(number);
            let fetch = Request::Fetch { number, envelopes: ids.clone() };
            write_message(&mut stream, &fetch.to_bytes()).await;
        }
        unread.push(stream);
    }
    let outcomes = put_all(&relay.client().await, &other, &envelopes(&other, NOW, 2, 20)).await;
    assert!(outcomes.iter().all(Result::is_ok));
    // And streams that do not read are given up.
    soon(async {
        while relay.handle.status().streams > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_relay_says_so_to_who_comes() {
    let limits = RelayLimits { connections: 1, streams: 2, ..RelayLimits::default() };
    let relay = Relay::start(limits).await;
    let client = relay.client().await;
    let one = client.open(&topic_key(1)).await;
    let _two = client.open(&topic_key(2)).await;
    // Streams of whoever has a place are bounded, too.
    let refused = client.try_open(&topic_key(3)).await;
    assert!(matches!(refused, Err(StreamError::Crowded)), "{:?}", refused.err());
    for number in 0..3 {
        let other = relay.client().await;
        let refused = other.try_open(&topic_key(4)).await;
        assert!(matches!(refused, Err(StreamError::Crowded)), "{number}: {:?}", refused.err());
    }
    let status = relay.handle.status();
    assert_eq!((status.connections, status.streams, status.turned_away), (1, 2, 3));
    // Whoever has a place keeps it.
    let said = envelopes(&topic_key(1), NOW, 1, 1);
    assert_eq!(one.stream.put(said[0].as_bytes()).await.unwrap(), Ok(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_relay_gives_the_place_of_who_asks_nothing_to_another() {
    let folder = TempDir::new().unwrap();
    let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned()];
    let mut config =
        RelayConfig::new(folder.path().join("relay"), listen, StillClock::new().clock());
    config.timings = Timings { unused: Duration::from_millis(300), ..Timings::fast() };
    config.timings.idle = Duration::from_secs(600);
    config.limits.connections = 1;
    let handle = run_relay(config).await.unwrap();
    let address = handle.addresses()[0].clone();
    let idle = Client::connect(&address).await;
    let mut opened = idle.open(&topic_key(1)).await;
    tokio::time::sleep(Duration::from_millis(400)).await;

    // The first attempt is turned away and frees the place.
    let turned_away = Client::connect(&address).await;
    let refused = turned_away.try_open(&topic_key(2)).await;
    assert!(matches!(refused, Err(StreamError::Crowded)), "{:?}", refused.err());
    soon(async { while opened.live.recv().await.is_some() {} }).await;
    let second = Client::connect(&address).await;
    second.open(&topic_key(2)).await;
    assert_eq!(handle.status().connections, 1);
}

#[tokio::test]
async fn a_relay_logs_no_topic() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter("windbreak_node=trace")
        .with_writer({
            let lines = lines.clone();
            move || lines.clone()
        })
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let relay = Relay::start(RelayLimits::default()).await;
    let key = topic_key(1);
    let client = relay.client().await;
    put_all(&client, &key, &envelopes(&key, NOW, 1, 3)).await;
    let mut noise = client.stream().await;
    // Tests on other threads, without a subscriber, may have switched our lines off.
    tracing::callsite::rebuild_interest_cache();
    noise.write_all(&[0, 0, 0, 1, 9]).await.unwrap();
    noise.flush().await.unwrap();
    read_reply(&mut noise).await.unwrap();
    assert!(read_reply(&mut noise).await.is_none());
    let peer = relay.handle.peer.to_string();
    relay.handle.shutdown().await;

    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("a stream ended"), "nothing was logged at all: {text}");
    for secret in [key.topic().to_text(), peer, "127.0.0.1".to_owned(), "/tcp/".to_owned()] {
        assert!(!text.contains(&secret), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_a_configuration_is_said() {
    let folder = TempDir::new().unwrap();
    let start = async |listen: &[&str]| {
        let listen = listen.iter().map(|text| (*text).to_owned()).collect();
        let path = folder.path().join("relay");
        let mut config = RelayConfig::new(path, listen, StillClock::new().clock());
        config.timings = Timings::fast();
        run_relay(config).await
    };
    assert!(matches!(start(&[]).await, Err(RelayError::NoAddress)));
    assert!(matches!(start(&["localhost:9700"]).await, Err(RelayError::Address)));
    let first = start(&["/ip4/127.0.0.1/tcp/0"]).await.unwrap();
    let second = start(&["/ip4/127.0.0.1/tcp/0"]).await;
    assert!(matches!(second, Err(RelayError::Store(StoreError::AlreadyOpen))));
    first.shutdown().await;
    std::fs::write(folder.path().join("relay/identity"), b"short").unwrap();
    assert!(matches!(start(&["/ip4/127.0.0.1/tcp/0"]).await, Err(RelayError::Identity)));
}

/// Collects what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn write_message(stream: &mut libp2p::Stream, message: &[u8]) {
    stream.write_all(&(message.len() as u32).to_be_bytes()).await.unwrap();
    stream.write_all(message).await.unwrap();
    stream.flush().await.unwrap();
}

/// The next reply; none if the stream has ended.
async fn read_reply(stream: &mut libp2p::Stream) -> Option<Reply> {
    Some(Reply::from_bytes(&read_message(stream).await?).unwrap())
}

/// The bytes of the next message; none if the stream has ended.
async fn read_message(stream: &mut libp2p::Stream) -> Option<Vec<u8>> {
    soon(async {
        let mut length = [0; 4];
        stream.read_exact(&mut length).await.ok()?;
        let mut message = vec![0; u32::from_be_bytes(length) as usize];
        stream.read_exact(&mut message).await.ok()?;
        Some(message)
    })
    .await
}
