//! One device: an engine, and what its store would hold after the last batch.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use windbreak_protocol::id::{CircleId, EnvelopeId};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::record::{Key, Value};
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::{Engine, Event, Loading, Output, Reach, Shelf, Timings, Venue};

/// One device.
#[derive(Debug)]
pub struct Host {
    /// The engine, while the device is on.
    pub engine: Engine,
    /// Whether it can reach the relay.
    pub online: bool,
    /// When it was last told, since it came online, that it has everything.
    pub(crate) synced: Option<Timestamp>,
    /// What its engine has told.
    pub events: Vec<Event>,
    pub(crate) outbox: BTreeMap<EnvelopeId, (Venue, Verified<Envelope>)>,
    /// How its venues are reached, as it last said.
    pub(crate) venues: BTreeMap<Venue, Reach>,
    store: Arc<Kept>,
    /// After how many more outputs it dies, and when that is.
    fuse: Option<(usize, Timestamp)>,
    /// Whether it died so, and what was handed to it has to be handed to it again.
    pub(crate) died: bool,
    starts: u8,
    number: u8,
}

/// What a store holds; the engine reads words from it.
#[derive(Debug, Default)]
struct Kept(Mutex<BTreeMap<Key, Value>>);

impl Kept {
    fn records(&self) -> MutexGuard<'_, BTreeMap<Key, Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(records: impl Iterator<Item = (Key, Vec<u8>)>) -> Arc<Self> {
        let records = records.map(|(key, value)| (key, Value::new(value)));
        Arc::new(Self(Mutex::new(records.collect())))
    }
}

impl Shelf for Kept {
    fn read(&self, key: &Key) -> Option<Value> {
        self.records().get(key).cloned()
    }
}

/// What a store held at some time.
#[derive(Clone, Debug)]
pub struct Snapshot(Vec<(Key, Vec<u8>)>);

impl Host {
    pub(crate) fn new(number: u8, now: Timestamp) -> Self {
        let seed = Secret::from_bytes([number; 32]);
        let store = Arc::default();
        let engine = load(now, &seed, &store);
        Self {
            engine,
            online: true,
            synced: None,
            events: Vec::new(),
            outbox: BTreeMap::new(),
            venues: BTreeMap::new(),
            store,
            fuse: None,
            died: false,
            starts: 0,
            number,
        }
    }

    /// Obeys the engine in all it asks for, as a driver does, unless it dies at one of them.
    pub fn obey_all(&mut self) {
        while let Some(output) = self.engine.poll_output() {
            if let Some((left, now)) = &mut self.fuse {
                if *left == 0 {
                    let now = *now;
                    (self.fuse, self.died) = (None, true);
                    return self.restart(now);
                }
                *left -= 1;
            }
            match output {
                Output::Persist(batch) => {
                    let mut records = self.store.records();
                    for (key, value) in batch.iter() {
                        match value {
                            Some(value) => {
                                records.insert(key.clone(), Value::new(value.to_vec()));
                            }
                            None => {
                                records.remove(key);
                            }
                        }
                    }
                }
                Output::Publish { venue, envelope } => {
                    self.outbox.insert(envelope.id(), (venue, envelope));
                }
                Output::TakeBack { envelope, .. } => {
                    self.outbox.remove(&envelope);
                }
                Output::Reach(venue) => {
                    if let Some(reach) = self.engine.reach(&venue) {
                        self.venues.insert(venue, reach);
                    }
                }
                Output::Close(venue) => {
                    self.venues.remove(&venue);
                }
                Output::Event(event) => self.events.push(event),
            }
        }
        self.engine.shelve();
    }

    /// What its network was handed and nobody has.
    pub fn unsent(&self) -> impl Iterator<Item = EnvelopeId> {
        self.outbox.keys().copied()
    }

    /// From `now` on it dies once, after so many outputs, before it obeys the next one, and starts again.
    pub fn dies_after(&mut self, outputs: usize, now: Timestamp) {
        self.fuse = Some((outputs, now));
    }

    /// Takes that back. Whether it was still to die: it had less to do than that.
    pub fn lives_on(&mut self) -> bool {
        self.fuse.take().is_some()
    }

    /// Dies and starts again from what its store holds.
    pub fn restart(&mut self, now: Timestamp) {
        self.starts += 1;
        let mut seed = [self.number; 32];
        seed[0] = self.starts;
        self.engine = load(now, &Secret::from_bytes(seed), &self.store);
        self.synced = None;
        self.outbox.clear();
        self.venues.clear();
        self.obey_all();
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let records = self.store.records();
        Snapshot(records.iter().map(|(key, value)| (key.clone(), value.to_vec())).collect())
    }

    pub(crate) fn restore(&mut self, snapshot: &Snapshot, now: Timestamp) {
        self.store = Kept::of(snapshot.0.iter().cloned());
        self.restart(now);
    }

    /// Like `restore`, by somebody who knows that it is old.
    pub(crate) fn take_back(&mut self, snapshot: &Snapshot, now: Timestamp) {
        let online = std::mem::replace(&mut self.online, false);
        self.restore(snapshot, now);
        self.engine.return_everywhere(now);
        self.obey_all();
        self.online = online;
        self.restart(now);
    }

    pub(crate) fn copy(&self, now: Timestamp) -> Self {
        let mut copy = Self::new(self.number.wrapping_add(100), now);
        copy.store = Kept::of(self.snapshot().0.into_iter());
        copy.online = false;
        copy.restart(now);
        copy
    }

    /// The texts this device shows of a circle, in order.
    #[must_use]
    pub fn texts(&self, circle: &CircleId) -> Vec<String> {
        self.engine
            .with_timeline(circle, |timeline| {
                let entries = timeline.entries().iter();
                entries.filter_map(|entry| text(&timeline.content(entry)?)).collect()
            })
            .unwrap_or_default()
    }

    /// Whether its store keeps an envelope to serve it. To hash each for its id again would take most of a test.
    #[must_use]
    pub fn keeps(&self, id: &EnvelopeId, envelope: &Envelope) -> bool {
        let key = Key::envelope(&envelope.topic(), envelope.hour(), id);
        self.store.records().contains_key(&key)
    }

    /// Every record its store holds.
    pub fn records(&self) -> impl Iterator<Item = (Key, Vec<u8>)> + use<> {
        self.snapshot().0.into_iter()
    }
}

#[allow(clippy::panic)]
fn load(now: Timestamp, seed: &Secret<32>, store: &Arc<Kept>) -> Engine {
    let mut loading = Loading::from_shelf(store.clone());
    let records = store.records();
    let taken =
        records.iter().try_for_each(|(key, value)| loading.take(key, value.clone()).map(drop));
    // The engine may read from it.
    drop(records);
    match taken.and_then(|()| loading.finish(now, seed, Timings::default())) {
        Ok(engine) => engine,
        // A harness that cannot start a device has nothing to test.
        Err(error) => panic!("{error}"),
    }
}

fn text(content: &windbreak_protocol::content::Content) -> Option<String> {
    use windbreak_protocol::content::Content;
    match content {
        Content::Share(share) => Some(share.text.as_str().to_owned()),
        Content::Reply(reply) | Content::Advice(reply) => Some(reply.text.as_str().to_owned()),
        _ => None,
    }
}
