//! One device: an engine while it is on, and a store that survives whatever happens to the engine.

use std::collections::{BTreeMap, BTreeSet};

use windbreak_protocol::id::{CircleId, DeviceId, EnvelopeId, MemberId, Topic};
use windbreak_protocol::record::{Batch, Key, RecordKind, Value};
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::{Engine, Timings, Venue};

use crate::sim::sea::Carried;

/// What a device keeps to serve: by topic, the hour and the id.
pub(crate) type Kept = BTreeMap<Topic, BTreeMap<EnvelopeId, u32>>;

/// The connection to one relay.
#[derive(Clone, Debug, Default)]
pub(crate) struct Link {
    /// Whether it stands.
    pub(crate) up: bool,
    /// Grows each time it breaks: what was on its way over an older one is lost.
    pub(crate) session: u64,
    /// Whether a comparison has been arranged.
    pub(crate) comparing: bool,
    /// How often the relay and this device had taken something in at the last comparison.
    pub(crate) compared: Option<(u64, u64)>,
}

/// Where a venue is reached.
#[derive(Clone, Debug, Default)]
pub(crate) struct Followed {
    /// Which relays.
    pub(crate) relays: Vec<usize>,
    /// Which topics, in the order in which the engine named them.
    pub(crate) topics: Vec<(u32, Topic)>,
}

/// What a device kept at some time.
#[derive(Clone, Debug)]
pub(crate) struct Backup {
    store: BTreeMap<Key, Vec<u8>>,
    kept: Kept,
    /// The keys it had had in the circle by then.
    pub(crate) ids: BTreeSet<DeviceId>,
    told: bool,
    /// When.
    pub(crate) at: u64,
}

/// A device goes on with keys that others may have used, and nobody told it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unaware {
    /// Since when others may have.
    pub(crate) since: u64,
    /// Since when it goes on.
    pub(crate) from: u64,
}

/// One device.
#[derive(Debug)]
pub struct Device {
    /// Its number.
    pub number: usize,
    /// Its engine, while it is on.
    pub engine: Option<Engine>,
    /// Whether it has a network.
    pub online: bool,
    /// How far its clock is ahead, in milliseconds.
    pub drift: i64,
    /// How many outputs it still obeys before it dies.
    pub fuse: Option<u32>,
    /// Its member, once it has been in the circle.
    pub member: Option<MemberId>,
    /// Everybody its heads have shown.
    pub met: BTreeSet<MemberId>,
    /// The keys it has had in the circle, its own first one and those it came back with.
    pub ids: BTreeSet<DeviceId>,
    /// What was put aside of it.
    pub(crate) backup: Option<Backup>,
    /// Whether it goes on with old keys, until it comes in anew.
    pub(crate) unaware: Option<Unaware>,
    /// Since when it ever did.
    pub(crate) old_since: Option<u64>,
    /// Whether it ever was put back to what it kept before.
    was_put_back: bool,
    /// Whether its owner said so, to it or to what it is a copy of.
    pub(crate) told: bool,
    /// What it was handed while it did.
    pub(crate) handed: BTreeSet<EnvelopeId>,
    pub(crate) links: Vec<Link>,
    pub(crate) venues: BTreeMap<Venue, Followed>,
    /// What it keeps to serve.
    pub(crate) kept: Kept,
    /// How often that changed.
    pub(crate) changes: u64,
    /// What it was handed since it started and did not keep.
    pub(crate) given: BTreeSet<EnvelopeId>,
    /// What it was asked to publish and nobody has said to hold.
    pub(crate) unheld: BTreeMap<EnvelopeId, (Venue, Carried)>,
    /// When it wants to be woken, by the world's clock.
    pub(crate) wake: Option<u64>,
    store: BTreeMap<Key, Vec<u8>>,
    starts: u64,
    seed: u64,
}

impl Device {
    pub(crate) fn new(number: usize, relays: usize, seed: u64) -> Self {
        Self {
            number,
            engine: None,
            online: true,
            drift: 0,
            fuse: None,
            member: None,
            met: BTreeSet::new(),
            ids: BTreeSet::new(),
            backup: None,
            unaware: None,
            old_since: None,
            was_put_back: false,
            told: false,
            handed: BTreeSet::new(),
            links: vec![Link::default(); relays],
            venues: BTreeMap::new(),
            kept: Kept::new(),
            changes: 0,
            given: BTreeSet::new(),
            unheld: BTreeMap::new(),
            wake: None,
            store: BTreeMap::new(),
            starts: 0,
            seed,
        }
    }

    /// What its clock says at `now`.
    #[must_use]
    pub fn clock(&self, now: u64) -> Timestamp {
        Timestamp::from_millis(now.saturating_add_signed(self.drift))
    }

    /// Starts its engine from what its store holds.
    ///
    /// # Errors
    /// What the engine says of the store.
    pub(crate) fn start(&mut self, now: u64) -> Result<(), String> {
        self.starts += 1;
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.seed.to_be_bytes());
        seed[8..16].copy_from_slice(&(self.number as u64).to_be_bytes());
        seed[16..24].copy_from_slice(&self.starts.to_be_bytes());
        let records: Vec<(Key, Value)> = self
            .store
            .iter()
            .map(|(key, value)| (key.clone(), Value::new(value.clone())))
            .collect();
        let seed = Secret::from_bytes(seed);
        let engine = Engine::load(self.clock(now), &seed, Timings::default(), records);
        self.engine = Some(engine.map_err(|error| error.to_string())?);
        self.given.clear();
        Ok(())
    }

    /// Its engine is gone, and what it had not written with it.
    pub(crate) fn stop(&mut self) {
        self.engine = None;
        self.fuse = None;
        self.venues.clear();
        self.unheld.clear();
        self.wake = None;
    }

    /// What it keeps now.
    pub(crate) fn back_up(&self, now: u64) -> Backup {
        let (store, kept, ids) = (self.store.clone(), self.kept.clone(), self.ids.clone());
        Backup { store, kept, ids, told: self.told, at: now }
    }

    /// Keeps what is in a backup and nothing else.
    pub(crate) fn put_back(&mut self, backup: &Backup) {
        self.store = backup.store.clone();
        self.kept = backup.kept.clone();
        self.ids.extend(&backup.ids);
        self.changes += 1;
        self.was_put_back = true;
        self.told = backup.told;
    }

    /// Whether its keys ever were another's too: it was put back, or copied.
    pub(crate) fn is_old(&self) -> bool {
        self.was_put_back || self.old_since.is_some()
    }

    /// Writes a batch.
    pub(crate) fn write(&mut self, batch: &Batch) {
        for (key, value) in batch.iter() {
            match (key.kind(), value) {
                (RecordKind::Node, _) => {}
                (RecordKind::Envelope, value) => self.index(key.name(), value.is_some()),
                (_, Some(value)) => {
                    self.store.insert(key.clone(), value.to_vec());
                }
                (_, None) => {
                    self.store.remove(key);
                }
            }
        }
    }

    fn index(&mut self, name: &[u8], kept: bool) {
        let Some((topic, rest)) = name.split_first_chunk::<32>() else {
            return;
        };
        let Some((hour, id)) = rest.split_first_chunk::<4>() else {
            return;
        };
        let Ok(id) = <[u8; 32]>::try_from(id) else {
            return;
        };
        let of_topic = self.kept.entry(Topic::from_bytes(*topic)).or_default();
        let id = EnvelopeId::from_bytes(id);
        self.changes += 1;
        if kept {
            of_topic.insert(id, u32::from_be_bytes(*hour));
        } else {
            of_topic.remove(&id);
        }
    }

    /// Whether it keeps an envelope.
    #[must_use]
    pub fn keeps(&self, topic: &Topic, id: &EnvelopeId) -> bool {
        self.kept.get(topic).is_some_and(|kept| kept.contains_key(id))
    }

    /// Bytes its store holds, envelopes kept to serve left out.
    #[must_use]
    pub fn stored(&self) -> usize {
        self.store.values().map(Vec::len).sum()
    }

    /// Asks the engine anew how a venue is reached.
    pub(crate) fn refresh(&mut self, venue: Venue) {
        let reach = self.engine.as_ref().and_then(|engine| engine.reach(&venue));
        let Some(reach) = reach else {
            self.venues.remove(&venue);
            return;
        };
        let relays = reach.relays.iter().filter_map(|relay| relay_number(relay));
        let known = self.links.len();
        let topics = reach
            .topics
            .iter()
            .map(|topic| (topic.period.map_or(0, |period| period.get()), topic.topic));
        let followed =
            Followed { relays: relays.filter(|n| *n < known).collect(), topics: topics.collect() };
        self.venues.insert(venue, followed);
    }

    /// The venue a topic belongs to at a relay.
    pub(crate) fn venues_of(&self, relay: usize, topic: &Topic) -> Vec<Venue> {
        let follows = |followed: &Followed| {
            followed.relays.contains(&relay) && followed.topics.iter().any(|(_, t)| t == topic)
        };
        let venues = self.venues.iter().filter(|(_, followed)| follows(followed));
        venues.map(|(venue, _)| *venue).collect()
    }

    /// The head's epoch and id, if it is in a circle.
    #[must_use]
    pub fn overview(
        &self,
        now: u64,
        circle: &CircleId,
    ) -> Option<windbreak_protocol::CircleOverview> {
        self.engine.as_ref()?.circle(self.clock(now), circle)
    }
}

/// The address of a relay by its number.
#[must_use]
pub fn relay_address(number: usize) -> String {
    format!("/ip4/127.0.0.1/tcp/{}", number + 1)
}

fn relay_number(address: &str) -> Option<usize> {
    address.rsplit('/').next()?.parse::<usize>().ok()?.checked_sub(1)
}
