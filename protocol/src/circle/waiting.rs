//! Envelopes that cannot be opened yet, and those taken in before.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::id::{EnvelopeId, StateId, Topic};
use crate::identity::Verified;
use crate::limits::MAX_WAITING;
use crate::state::State;
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
    /// The key that opens it, which comes with a state: none of those up to this one on the ring.
    Key(u64),
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

    /// It was looked at and cannot be opened for want of `chunk`.
    pub(crate) fn lacks_chunk(&mut self, id: &EnvelopeId, chunk: EnvelopeId) {
        if let Some(waiting) = self.places.get_mut(id) {
            waiting.lacks = Lacks::Chunk(chunk);
        }
    }

    /// No key opens it of those that came up to `newest`.
    pub(crate) fn lacks_key(&mut self, id: &EnvelopeId, newest: u64) {
        if let Some(waiting) = self.places.get_mut(id) {
            waiting.lacks = Lacks::Key(newest);
        }
    }

    /// The newest of the keys that were tried on it in vain.
    pub(crate) fn tried(&self, id: &EnvelopeId) -> u64 {
        match self.places.get(id).map(|waiting| &waiting.lacks) {
            Some(Lacks::Key(newest)) => *newest,
            _ => 0,
        }
    }

    /// What may be opened now that `fresh` came, without any new key.
    pub(crate) fn helped_by(&self, fresh: &BTreeSet<EnvelopeId>) -> Vec<EnvelopeId> {
        let helped = |waiting: &Waiting| match &waiting.lacks {
            Lacks::Unknown => true,
            Lacks::Key(_) => false,
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

/// The states whose keys open envelopes, in the order in which they came to be at hand, so that what
/// waits is tried with the keys that came since it was tried last, and with no others.
#[derive(Debug, Default)]
pub(crate) struct KeyRing {
    keys: Vec<(u64, StateId)>,
    newest: u64,
}

impl KeyRing {
    /// Takes in those that came, and lets go of those that went.
    pub(crate) fn refresh(&mut self, states: &BTreeMap<StateId, State>) {
        let is_at_hand = |id: &StateId| states.get(id).is_some_and(|state| state.held().is_some());
        self.keys.retain(|(_, id)| is_at_hand(id));
        let known: BTreeSet<StateId> = self.keys.iter().map(|(_, id)| *id).collect();
        let came = states.iter().filter(|(id, _)| is_at_hand(id) && !known.contains(id));
        let mut came: Vec<_> = came.map(|(id, state)| (state.epoch, *id)).collect();
        came.sort_unstable();
        for (_, id) in came {
            self.newest += 1;
            self.keys.push((self.newest, id));
        }
    }

    /// The number of the newest.
    pub(crate) const fn newest(&self) -> u64 {
        self.newest
    }

    /// Those that came after `tried`, the newest first.
    pub(crate) fn since(&self, tried: u64) -> impl Iterator<Item = &StateId> {
        self.keys.iter().rev().take_while(move |(number, _)| *number > tried).map(|(_, id)| id)
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
