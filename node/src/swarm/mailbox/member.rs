//! The mailbox of a member's node: what its circles keep in the store, so that it can be served
//! to other members, compared with a relay, and put back to a relay that lost it.
//!
//! The engine alone writes envelopes; the mailbox reads along ([`MemberMailbox::observe`]).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use windbreak_protocol::id::{EnvelopeId, Topic};
use windbreak_protocol::record::{Batch, Key, RecordKind};
use windbreak_protocol::time::Hour;
use windbreak_protocol::wire::sync::DayFingerprint;

use crate::store::{Store, StoreError, Wanted};
use crate::swarm::limits::MAX_DELIVERED;
use crate::swarm::mailbox::{Followers, Index, Live};

/// The node's store, shared between its loop and its networks. Hold it shortly.
pub type SharedStore = Arc<Mutex<dyn Store>>;

/// What a member's node holds, of all its circles. One per node.
pub struct MemberMailbox {
    store: SharedStore,
    indexes: Mutex<Indexes>,
    pub(crate) followers: Followers,
}

/// Which envelopes a store holds.
#[derive(Default)]
pub(crate) struct HeldEnvelopes(Index);

impl HeldEnvelopes {
    /// Takes note of a record, if it is an envelope.
    pub(crate) fn note(&mut self, key: &Key) {
        if let Some((topic, hour, id)) = names(key) {
            self.0.insert(topic, hour, id);
        }
    }
}

/// Which envelopes a batch writes or deletes, without their bytes: the batch goes to the store.
pub(crate) struct EnvelopeChanges(Vec<(Topic, Hour, EnvelopeId, bool)>);

impl EnvelopeChanges {
    /// Those of a batch that is about to be written.
    pub(crate) fn of(batch: &Batch) -> Self {
        let changed = batch.iter().filter_map(|(key, value)| {
            let (topic, hour, id) = names(key)?;
            Some((topic, hour, id, value.is_some()))
        });
        Self(changed.collect())
    }
}

#[derive(Default)]
struct Indexes {
    /// What is in the store.
    stored: Index,
    /// What the engine was given and did not keep, so that it is not fetched again and again.
    delivered: Index,
}

impl MemberMailbox {
    /// Reads which envelopes `store` holds.
    ///
    /// # Errors
    /// [`StoreError`] of the store.
    pub fn open(store: SharedStore) -> Result<Arc<Self>, StoreError> {
        let mut held = HeldEnvelopes::default();
        let wants = |kind: RecordKind| match kind {
            RecordKind::Envelope => Wanted::Key,
            _ => Wanted::Nothing,
        };
        store
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .visit_all(&wants, &mut |key, _| held.note(&key))?;
        Ok(Self::new(store, held))
    }

    /// A mailbox over a store of which somebody has read already what it holds.
    pub(crate) fn new(store: SharedStore, held: HeldEnvelopes) -> Arc<Self> {
        let indexes = Mutex::new(Indexes { stored: held.0, delivered: Index::default() });
        Arc::new(Self { store, indexes, followers: Followers::default() })
    }

    /// Takes note of the envelopes a batch wrote or deleted. Call it after the batch is durable.
    pub(crate) fn observe(&self, changes: &EnvelopeChanges) {
        let mut indexes = self.indexes();
        for (topic, hour, id, is_written) in changes.0.iter().copied() {
            if !is_written {
                indexes.stored.remove(&topic, &id);
                continue;
            }
            indexes.delivered.remove(&topic, &id);
            if indexes.stored.insert(topic, hour, id) {
                self.followers.tell(&topic, Live { envelope: id, from: None });
            }
        }
    }

    /// The keys of at most `limit` envelopes in the store that carry an hour before `hour`.
    pub(crate) fn before(&self, hour: Hour, limit: usize) -> Vec<Key> {
        let indexes = self.indexes();
        let old = indexes.stored.before(hour).take(limit);
        old.map(|(topic, hour, id)| Key::envelope(&topic, hour, &id)).collect()
    }

    /// How many envelopes are held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.indexes().stored.len()
    }

    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Remembers that the engine was given an envelope; it need not be fetched again while this
    /// node runs.
    pub(crate) fn note_delivered(&self, topic: Topic, hour: Hour, id: EnvelopeId) {
        let mut indexes = self.indexes();
        if indexes.stored.hour(&topic, &id).is_some() {
            return;
        }
        if indexes.delivered.len() >= MAX_DELIVERED {
            // Forgetting costs only traffic; it does not happen to circles of honest members.
            indexes.delivered = Index::default();
        }
        indexes.delivered.insert(topic, hour, id);
    }

    /// Forgets what the engine was given of `topic` and did not keep: who begins anew with it, as
    /// with an invite after a decline, needs all of it again.
    pub(crate) fn forget_delivered(&self, topic: &Topic) {
        self.indexes().delivered.forget(topic);
    }

    /// Whether the envelope is in the store, or was given to the engine before.
    pub(crate) fn knows(&self, topic: &Topic, id: &EnvelopeId) -> bool {
        let indexes = self.indexes();
        indexes.stored.hour(topic, id).is_some() || indexes.delivered.hour(topic, id).is_some()
    }

    /// The hour of an envelope that is in the store.
    pub(crate) fn stored_hour(&self, topic: &Topic, id: &EnvelopeId) -> Option<Hour> {
        self.indexes().stored.hour(topic, id)
    }

    /// The fingerprints of what is in the store.
    pub(crate) fn stored_days(&self, topic: &Topic) -> Vec<DayFingerprint> {
        self.indexes().stored.days(topic)
    }

    /// What is in the store of one day.
    pub(crate) fn stored_day(&self, topic: &Topic, day: u32) -> Vec<(Hour, EnvelopeId)> {
        self.indexes().stored.day(topic, day)
    }

    /// What is known of one day: in the store, or given to the engine before.
    pub(crate) fn known_day(&self, topic: &Topic, day: u32) -> Vec<(Hour, EnvelopeId)> {
        let indexes = self.indexes();
        let mut known = indexes.stored.day(topic, day);
        let delivered = indexes.delivered.day(topic, day);
        if !delivered.is_empty() {
            known.extend(delivered);
            known.sort_unstable();
        }
        known
    }

    /// The bytes of an envelope in the store; none if the store fails, which its owner will see.
    pub(crate) fn bytes(&self, topic: &Topic, id: &EnvelopeId) -> Option<Vec<u8>> {
        let hour = self.stored_hour(topic, id)?;
        let store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let value = store.get(&Key::envelope(topic, hour, id)).ok().flatten()?;
        Some(value.to_vec())
    }

    fn indexes(&self) -> MutexGuard<'_, Indexes> {
        // Each change leaves the indexes whole, so a panic elsewhere does not spoil them.
        self.indexes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for MemberMailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MemberMailbox({} envelopes)", self.len())
    }
}

/// Reads what [`Key::envelope`] wrote.
pub(crate) fn names(key: &Key) -> Option<(Topic, Hour, EnvelopeId)> {
    if key.kind() != RecordKind::Envelope {
        return None;
    }
    let (topic, rest) = key.name().split_first_chunk::<32>()?;
    let (hour, id) = rest.split_first_chunk::<4>()?;
    let id: [u8; 32] = id.try_into().ok()?;
    Some((
        Topic::from_bytes(*topic),
        Hour::new(u32::from_be_bytes(*hour)),
        EnvelopeId::from_bytes(id),
    ))
}
