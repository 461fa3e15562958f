//! Envelopes that cannot be opened yet, and those taken in before.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::id::{EnvelopeId, Topic};
use crate::identity::Verified;
use crate::limits::MAX_WAITING;
use crate::time::Hour;
use crate::wire::Envelope;

/// How many taken-in envelopes are remembered by id. Forgetting one costs work, not correctness.
const MAX_SEEN_IDS: usize = 65_536;

/// Envelopes waiting for a key or for chunks (specs/06-sync Y-14).
#[derive(Debug, Default)]
pub(crate) struct WaitingRoom {
    places: BTreeMap<EnvelopeId, Waiting>,
    /// How many of them the store holds, by topic.
    written: BTreeMap<Topic, usize>,
}

#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) envelope: Verified<Envelope>,
    /// Whether the store has it; what arrived in this step it has not yet.
    pub(crate) written: bool,
    lacks: Lacks,
}

/// What an envelope that waits was found to lack.
#[derive(Debug, Eq, PartialEq)]
enum Lacks {
    /// Nobody has looked since it came, or since the store was read.
    Unknown,
    /// The key that opens it, which comes with a state.
    Key,
    /// It is a manifest, and this chunk, the first of those it lacks, is not there.
    Chunk(EnvelopeId),
}

impl WaitingRoom {
    pub(crate) fn insert(&mut self, id: EnvelopeId, envelope: Verified<Envelope>, written: bool) {
        if written {
            *self.written.entry(envelope.topic()).or_default() += 1;
        }
        self.places.insert(id, Waiting { envelope, written, lacks: Lacks::Unknown });
    }

    pub(crate) fn remove(&mut self, id: &EnvelopeId) -> Option<Waiting> {
        let waiting = self.places.remove(id)?;
        if waiting.written
            && let Some(count) = self.written.get_mut(&waiting.envelope.topic())
        {
            *count = count.saturating_sub(1);
        }
        Some(waiting)
    }

    pub(crate) fn get(&self, id: &EnvelopeId) -> Option<&Verified<Envelope>> {
        self.places.get(id).map(|waiting| &waiting.envelope)
    }

    /// It was looked at and cannot be opened: for want of `chunk`, or of a key.
    pub(crate) fn note_lack(&mut self, id: &EnvelopeId, chunk: Option<EnvelopeId>) {
        if let Some(waiting) = self.places.get_mut(id) {
            waiting.lacks = chunk.map_or(Lacks::Key, Lacks::Chunk);
        }
    }

    /// What may be opened now that `fresh` came, without any new key.
    pub(crate) fn helped_by(&self, fresh: &BTreeSet<EnvelopeId>) -> Vec<EnvelopeId> {
        let helped = |waiting: &Waiting| match &waiting.lacks {
            Lacks::Unknown => true,
            Lacks::Key => false,
            Lacks::Chunk(chunk) => fresh.contains(chunk),
        };
        self.places.iter().filter(|(_, place)| helped(place)).map(|(id, _)| *id).collect()
    }

    /// The store holds it from now on.
    pub(crate) fn mark_written(&mut self, id: &EnvelopeId) {
        if let Some(waiting) = self.places.get_mut(id).filter(|waiting| !waiting.written) {
            waiting.written = true;
            *self.written.entry(waiting.envelope.topic()).or_default() += 1;
        }
    }

    pub(crate) fn ids(&self) -> Vec<EnvelopeId> {
        self.places.keys().copied().collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// Those the store holds, of one topic or of all.
    pub(crate) fn written(&self, topic: Option<&Topic>) -> Vec<EnvelopeId> {
        self.places
            .iter()
            .filter(|(_, place)| place.written)
            .filter(|(_, place)| topic.is_none_or(|topic| place.envelope.topic() == *topic))
            .map(|(id, _)| *id)
            .collect()
    }

    /// All that waits.
    pub(crate) fn envelopes(&self) -> impl Iterator<Item = &Verified<Envelope>> {
        self.places.values().map(|place| &place.envelope)
    }

    /// Whether the store may hold one more of a topic, which has `limit` places.
    pub(crate) fn has_room(&self, topic: &Topic, limit: usize) -> bool {
        self.written.get(topic).copied().unwrap_or(0) < limit
    }

    /// Whether the store may hold one more at all.
    pub(crate) fn is_full(&self) -> bool {
        self.written.values().sum::<usize>() >= MAX_WAITING
    }

    /// Those sealed before `hour`.
    pub(crate) fn older_than(&self, hour: Hour) -> Vec<EnvelopeId> {
        let old = self.places.iter().filter(|(_, place)| place.envelope.hour() < hour);
        old.map(|(id, _)| *id).collect()
    }
}

/// Ids of envelopes taken in lately.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    ids: BTreeSet<EnvelopeId>,
    order: VecDeque<EnvelopeId>,
}

impl Seen {
    pub(crate) fn insert(&mut self, id: EnvelopeId) {
        if !self.ids.insert(id) {
            return;
        }
        self.order.push_back(id);
        if self.order.len() > MAX_SEEN_IDS
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
    }

    pub(crate) fn contains(&self, id: &EnvelopeId) -> bool {
        self.ids.contains(id)
    }
}
