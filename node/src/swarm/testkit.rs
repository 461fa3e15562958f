//! What the tests of networks share: keys and envelopes, a clock that can be set, a client without
//! a venue, and a member whose node loop keeps everything it is given.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::StreamExt;
use libp2p::identity::Keypair;
use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, PeerId, StreamProtocol};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;
use windbreak_protocol::id::EnvelopeId;
use windbreak_protocol::identity::Verified;
use windbreak_protocol::random::Random;
use windbreak_protocol::record::{Batch, Key};
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::{Hour, Timestamp};
use windbreak_protocol::wire::sync::PROTOCOL;
use windbreak_protocol::wire::{Envelope, FrameKind, SealKey, TopicKey};

use crate::store::{MemoryStore, Store};
use crate::swarm::stream::{LiveEnvelopes, StreamError, TopicStream};
use crate::swarm::{
    Acceptance, Clock, EnvelopeChanges, FollowedTopic, MemberMailbox, OpenVenue, Timings,
    VenueConfig, VenueEvent, raw, transport,
};

pub(crate) const NOW: u32 = 500_000;

/// A clock that stands still until it is set.
#[derive(Clone)]
pub(crate) struct StillClock(Arc<AtomicU32>);

impl StillClock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicU32::new(NOW)))
    }

    pub(crate) fn set(&self, hour: u32) {
        self.0.store(hour, Ordering::Relaxed);
    }

    pub(crate) fn clock(&self) -> Clock {
        let hour = self.0.clone();
        Arc::new(move || Timestamp::from_seconds(u64::from(hour.load(Ordering::Relaxed)) * 3600))
    }
}

pub(crate) fn topic_key(number: u8) -> TopicKey {
    TopicKey::from_secret(&Secret::from_bytes([number; 32]))
}

/// `count` different envelopes of one hour.
pub(crate) fn envelopes(
    key: &TopicKey,
    hour: u32,
    seed: u8,
    count: usize,
) -> Vec<Verified<Envelope>> {
    let mut random = Random::from_seed(&Secret::from_bytes([seed; 32]));
    let seal = SealKey::from_secret(&Secret::from_bytes([9; 32]));
    let hour = Hour::new(hour);
    (0..count)
        .map(|_| seal.seal(key, hour, FrameKind::Item, b"hello", &mut random).unwrap())
        .collect()
}

/// The same envelope with a spoilt signature.
pub(crate) fn spoilt(envelope: &Envelope) -> Vec<u8> {
    let mut bytes = envelope.as_bytes().to_vec();
    *bytes.last_mut().unwrap() ^= 1;
    bytes
}

/// Waits for something that has to come soon.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(20), what).await.expect("it takes too long")
}

/// A client that uses streams directly.
pub(crate) struct Client {
    control: raw::Control,
    peer: PeerId,
    swarm: Arc<AbortOnDropHandle<()>>,
}

/// A topic opened by a [`Client`].
pub(crate) struct Opened {
    pub(crate) stream: TopicStream,
    pub(crate) live: LiveEnvelopes,
    _driver: AbortOnDropHandle<StreamError>,
    _swarm: Arc<AbortOnDropHandle<()>>,
}

impl Client {
    pub(crate) async fn connect(address: &str) -> Self {
        let mut address: Multiaddr = address.parse().unwrap();
        let Some(Protocol::P2p(peer)) = address.iter().last() else { panic!("no peer id") };
        let streams = raw::Behaviour::new();
        let control = streams.new_control();
        let identity = Keypair::generate_ed25519();
        let is_quic = address.iter().any(|part| part == Protocol::QuicV1);
        let base = if is_quic { transport::Base::ClearAndQuic } else { transport::Base::Clear };
        let mut swarm = transport::swarm(&identity, None, base, streams, &Timings::fast()).unwrap();
        address.pop();
        swarm.dial(address).unwrap();
        let connected = watch::Sender::new(false);
        let mut is_connected = connected.subscribe();
        let run = async move {
            loop {
                if let libp2p::swarm::SwarmEvent::ConnectionEstablished { .. } =
                    swarm.select_next_some().await
                {
                    connected.send_replace(true);
                }
            }
        };
        let swarm = AbortOnDropHandle::new(tokio::spawn(run));
        soon(is_connected.wait_for(|connected| *connected)).await.unwrap();
        Self { control, peer, swarm: Arc::new(swarm) }
    }

    /// A stream of the protocol, nothing said on it yet.
    pub(crate) async fn stream(&self) -> libp2p::Stream {
        self.stream_of(PROTOCOL).await
    }

    /// A stream of another protocol.
    pub(crate) async fn stream_of(&self, protocol: &'static str) -> libp2p::Stream {
        self.try_stream_of(protocol).await.unwrap()
    }

    pub(crate) async fn try_stream_of(
        &self,
        protocol: &'static str,
    ) -> Result<libp2p::Stream, raw::OpenError> {
        soon(self.control.open_stream(self.peer, StreamProtocol::new(protocol))).await
    }

    pub(crate) fn host(&self) -> Vec<u8> {
        self.peer.to_bytes()
    }

    pub(crate) async fn try_open(&self, key: &TopicKey) -> Result<Opened, StreamError> {
        let stream = self.stream().await;
        let (stream, live, driver) =
            soon(TopicStream::open(stream, key, &self.host(), &Timings::fast(), ())).await?;
        let driver = AbortOnDropHandle::new(tokio::spawn(driver));
        Ok(Opened { stream, live, _driver: driver, _swarm: self.swarm.clone() })
    }

    pub(crate) async fn open(&self, key: &TopicKey) -> Opened {
        self.try_open(key).await.unwrap()
    }
}

/// A member's node without an engine: it keeps what it is given.
pub(crate) struct Member {
    pub(crate) venue: OpenVenue,
    pub(crate) mailbox: Arc<MemberMailbox>,
    store: MemoryStore,
    seen: watch::Sender<Seen>,
    _loop: AbortOnDropHandle<()>,
}

/// What a member was told.
#[derive(Clone, Default)]
pub(crate) struct Seen {
    pub(crate) arrived: Vec<EnvelopeId>,
    pub(crate) held: BTreeSet<EnvelopeId>,
    pub(crate) refused: BTreeSet<EnvelopeId>,
    pub(crate) synced: usize,
}

impl Member {
    pub(crate) fn start(config: VenueConfig, known: &[Verified<Envelope>]) -> Self {
        Self::start_at(config, known, &StillClock::new())
    }

    pub(crate) fn start_at(
        config: VenueConfig,
        known: &[Verified<Envelope>],
        clock: &StillClock,
    ) -> Self {
        Self::begin(config, known, clock, usize::MAX)
    }

    /// One that takes so many of what comes together, and no more.
    pub(crate) fn with_room(config: VenueConfig, room: usize) -> Self {
        Self::begin(config, &[], &StillClock::new(), room)
    }

    fn begin(
        config: VenueConfig,
        known: &[Verified<Envelope>],
        clock: &StillClock,
        room: usize,
    ) -> Self {
        let store = MemoryStore::new();
        let mut batch = Batch::new();
        for envelope in known {
            batch.put(record(envelope), envelope.as_bytes().to_vec());
        }
        store.clone().apply(batch).unwrap();
        let mailbox = MemberMailbox::open(Arc::new(Mutex::new(store.clone()))).unwrap();
        let (venue, mut events) =
            OpenVenue::start(config, mailbox.clone(), Timings::fast(), clock.clock()).unwrap();
        let seen = watch::Sender::new(Seen::default());
        let node_loop = {
            let (seen, mailbox, mut store) = (seen.clone(), mailbox.clone(), store.clone());
            async move {
                while let Some(event) = events.recv().await {
                    if let VenueEvent::Envelopes { envelopes, ticket } = event {
                        let mut batch = Batch::new();
                        for envelope in envelopes.iter().take(room) {
                            batch.put(record(envelope), envelope.as_bytes().to_vec());
                        }
                        let changes = EnvelopeChanges::of(&batch);
                        store.apply(batch).unwrap();
                        mailbox.observe(&changes);
                        let mut verdicts = vec![Acceptance::AskAgain; envelopes.len()];
                        verdicts.iter_mut().take(room).for_each(|v| *v = Acceptance::Accept);
                        ticket.answer(verdicts);
                        let ids = envelopes.iter().take(room).map(|envelope| envelope.id());
                        seen.send_modify(|seen| seen.arrived.extend(ids));
                        continue;
                    }
                    seen.send_modify(|seen| match event {
                        VenueEvent::Held { envelopes, .. } => seen.held.extend(envelopes),
                        VenueEvent::Refused { envelope, .. } => {
                            seen.refused.insert(envelope);
                        }
                        VenueEvent::Synced { .. } => seen.synced += 1,
                        VenueEvent::Status(_)
                        | VenueEvent::Revoked { .. }
                        | VenueEvent::Envelopes { .. } => {}
                    });
                }
            }
        };
        let node_loop = AbortOnDropHandle::new(tokio::spawn(node_loop));
        Self { venue, mailbox, store, seen, _loop: node_loop }
    }

    pub(crate) fn follow(&self, key: &TopicKey) {
        self.venue.set_topics(vec![FollowedTopic {
            key: key.clone(),
            publish: true,
            begins: None,
        }]);
    }

    /// Publishes as an engine does: kept first, then sent.
    pub(crate) fn publish(&self, envelope: &Verified<Envelope>) {
        let mut batch = Batch::new();
        batch.put(record(envelope), envelope.as_bytes().to_vec());
        let changes = EnvelopeChanges::of(&batch);
        self.store.clone().apply(batch).unwrap();
        self.mailbox.observe(&changes);
        self.venue.publish(envelope.clone()).unwrap();
    }

    /// Waits until what the member was told fulfils `condition`.
    pub(crate) async fn sees(&self, condition: impl FnMut(&Seen) -> bool) -> Seen {
        let mut seen = self.seen.subscribe();
        soon(seen.wait_for(condition)).await.unwrap().clone()
    }

    pub(crate) fn seen(&self) -> Seen {
        self.seen.borrow().clone()
    }
}

fn record(envelope: &Envelope) -> Key {
    Key::envelope(&envelope.topic(), envelope.hour(), &envelope.id())
}
