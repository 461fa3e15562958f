//! Topics on one relay: what it takes to begin each, and what the relay is like with many. A client
//! that speaks the relay's protocol and nothing more puts one envelope on each, for no node has as
//! many circles.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use libp2p::futures::{AsyncReadExt, AsyncWriteExt, StreamExt};
use libp2p::swarm::SwarmEvent;
use libp2p::{Multiaddr, PeerId, Stream, StreamProtocol, SwarmBuilder, noise, tcp, yamux};
use serde::Serialize;
use tokio::runtime::Runtime;
use tokio::sync::Mutex;
use tokio::time::timeout;
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::wire::sync::{PROTOCOL, Reply, Request, RequestNumber};
use windbreak_protocol::wire::{FrameKind, SealKey, TopicKey};
use windbreak_tests::measure::{Fault, Spread};

use crate::stage::{Relay, Stage};

/// No limit of the relay stands in the way of one source that is all circles.
const LIMITS: &str = "topics = 10000000\ntotal_mib = 1000000\nstreams_per_connection = 10000\nsource_topics_per_hour = 10000000\n\
                      source_mib_per_hour = 1000000";
/// Topics that are begun at once.
const AT_ONCE: usize = 24;
/// Topics that are opened one after the other to see how long that takes.
const LOOKS: u64 = 300;
/// For an answer of the relay.
const PATIENCE: Duration = Duration::from_secs(60);
/// What a relay reads after its start is there by then.
const REST: Duration = Duration::from_secs(3);

/// A relay with so many topics, one envelope of 2 KiB on each.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Held {
    pub(crate) topics: u64,
    /// To open a topic and have its first envelope kept, many at once.
    pub(crate) begin_us: f64,
    /// Of a core of the relay for that.
    pub(crate) begin_cpu_us: f64,
    /// Bytes it had written for that.
    pub(crate) begin_written: u64,
    /// To open one of them and be told what is on it, one after the other.
    pub(crate) open: Spread,
    /// To start again with all of them.
    pub(crate) start_ms: f64,
    /// Of a core for that.
    pub(crate) start_cpu_ms: f64,
    /// Memory of the relay after it.
    pub(crate) memory_mib: f64,
}

/// Puts more and more topics on one relay.
pub(crate) fn fill(counts: &[u64]) -> Result<Vec<Held>, Fault> {
    let stage = Stage::new()?;
    let mut relay = stage.relay(LIMITS)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (mut topics, mut rows) = (0, Vec::new());
    for count in counts {
        let count = (*count).max(topics + 1);
        rows.push(grow(&stage, &mut relay, &runtime, topics, count)?);
        topics = count;
    }
    Ok(rows)
}

/// From so many topics to so many.
fn grow(
    stage: &Stage,
    relay: &mut Relay,
    runtime: &Runtime,
    from: u64,
    to: u64,
) -> Result<Held, Fault> {
    let (before, began) = (relay.process.usage(), Instant::now());
    let client = runtime.block_on(Client::connect(&relay.direct))?;
    runtime.block_on(begin(&client, from, to))?;
    let (used, took) = (relay.process.usage().since(before), began.elapsed());
    drop(client);
    let start = stage.restart(relay)?;
    std::thread::sleep(REST);
    let started = relay.process.usage();
    let client = runtime.block_on(Client::connect(&relay.direct))?;
    let open = runtime.block_on(look(&client, to))?;
    let begun = (to - from) as f64;
    Ok(Held {
        topics: to,
        begin_us: took.as_secs_f64() * 1e6 / begun,
        begin_cpu_us: used.cpu_seconds * 1e6 / begun,
        begin_written: used.written_bytes / (to - from),
        open: Spread::of(&open),
        start_ms: start.as_secs_f64() * 1e3,
        start_cpu_ms: started.cpu_seconds * 1e3,
        memory_mib: started.memory_kib as f64 / 1024.0,
    })
}

/// Begins the topics with these numbers.
async fn begin(client: &Client, from: u64, to: u64) -> Result<(), Fault> {
    let next = Arc::new(AtomicU64::new(from));
    let mut workers = Vec::new();
    for _ in 0..AT_ONCE {
        let (client, next) = (client.clone(), next.clone());
        workers.push(tokio::spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= to {
                    return Ok(());
                }
                client.put(number).await.map_err(|fault| fault.to_string())?;
            }
        }));
    }
    for worker in workers {
        worker.await?.map_err(|fault: String| fault)?;
    }
    Ok(())
}

/// Opens some of so many topics; gives how long each took.
async fn look(client: &Client, topics: u64) -> Result<Vec<Duration>, Fault> {
    let mut times = Vec::new();
    for round in 0..LOOKS {
        let began = Instant::now();
        // A step that divides no round number, so that they lie everywhere.
        let mut opened = client.open(round * 7919 % topics).await?;
        let reply = opened.ask(&Request::Days { number: RequestNumber::new(0) }).await?;
        let Reply::Days { days, .. } = reply else { return Err("no days".into()) };
        if days.is_empty() {
            return Err("a topic is empty".into());
        }
        times.push(began.elapsed());
        opened.0.close().await?;
    }
    Ok(times)
}

/// Somebody with a connection to the relay, which ends with the process.
#[derive(Clone)]
struct Client {
    control: libp2p_stream::Control,
    relay: PeerId,
    /// Streams are opened one after the other: a host drops what comes while it takes another.
    opening: Arc<Mutex<()>>,
}

/// An open topic.
struct Opened(Stream);

impl Client {
    async fn connect(address: &str) -> Result<Self, Fault> {
        let address: Multiaddr = address.parse()?;
        let relay = address.iter().find_map(|part| match part {
            libp2p::multiaddr::Protocol::P2p(peer) => Some(peer),
            _ => None,
        });
        let relay = relay.ok_or("an address without a peer")?;
        let mut swarm = SwarmBuilder::with_new_identity()
            .with_tokio()
            .with_tcp(
                tcp::Config::default().nodelay(true),
                noise::Config::new,
                yamux::Config::default,
            )?
            .with_behaviour(|_| libp2p_stream::Behaviour::new())?
            .with_swarm_config(|config| config.with_idle_connection_timeout(PATIENCE))
            .build();
        let control = swarm.behaviour().new_control();
        swarm.dial(address)?;
        let connects = async {
            while !matches!(
                swarm.select_next_some().await,
                SwarmEvent::ConnectionEstablished { .. }
            ) {}
        };
        timeout(PATIENCE, connects).await.map_err(|_| "the relay is not reached")?;
        tokio::spawn(async move {
            loop {
                swarm.select_next_some().await;
            }
        });
        Ok(Self { control, relay, opening: Arc::default() })
    }

    async fn open(&self, number: u64) -> Result<Opened, Fault> {
        let alone = self.opening.lock().await;
        let mut control = self.control.clone();
        let stream = control.open_stream(self.relay, StreamProtocol::new(PROTOCOL));
        let mut opened = Opened(timeout(PATIENCE, stream).await??);
        let Reply::Nonce { nonce } = opened.hear().await? else { return Err("no nonce".into()) };
        drop(alone);
        let key = key(number);
        let proof = key.prove(&nonce, &self.relay.to_bytes());
        match opened.ask(&Request::Open { topic: key.topic(), proof }).await? {
            Reply::Opened => Ok(opened),
            _ => Err("a topic was not opened".into()),
        }
    }

    /// Begins a topic with one envelope.
    async fn put(&self, number: u64) -> Result<(), Fault> {
        let mut opened = self.open(number).await?;
        let mut random = Random::from_seed(&secret(number, 2));
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
        let hour = Timestamp::from_seconds(now.as_secs()).hour();
        let seal = SealKey::from_secret(&secret(number, 3));
        let envelope =
            seal.seal(&key(number), hour, FrameKind::Item, b"one of very many", &mut random)?;
        let envelope = envelope.as_bytes().to_vec().into();
        let reply = opened.ask(&Request::Put { number: RequestNumber::new(0), envelope }).await?;
        opened.0.close().await?;
        match reply {
            Reply::Held { .. } => Ok(()),
            Reply::Refused { reason, .. } => Err(format!("the relay refused: {reason:?}").into()),
            _ => Err("the relay did not say that it keeps an envelope".into()),
        }
    }
}

impl Opened {
    async fn ask(&mut self, request: &Request) -> Result<Reply, Fault> {
        let message = request.to_bytes();
        let length = u32::try_from(message.len())?.to_be_bytes();
        self.0.write_all(&[length.as_slice(), &message].concat()).await?;
        self.0.flush().await?;
        self.hear().await
    }

    async fn hear(&mut self) -> Result<Reply, Fault> {
        let mut length = [0; 4];
        timeout(PATIENCE, self.0.read_exact(&mut length)).await??;
        let mut message = vec![0; usize::try_from(u32::from_be_bytes(length))?];
        timeout(PATIENCE, self.0.read_exact(&mut message)).await??;
        Ok(Reply::from_bytes(&message)?)
    }
}

fn key(number: u64) -> TopicKey {
    TopicKey::from_secret(&secret(number, 1))
}

/// Nobody's secret.
fn secret(number: u64, what: u8) -> Secret<32> {
    let mut bytes = [what; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Secret::from_bytes(bytes)
}
