//! Envelopes that cannot be opened yet, and those taken in before.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::id::EnvelopeId;
use crate::identity::Verified;
use crate::limits::MAX_WAITING;
use crate::wire::Envelope;

/// How many taken-in envelopes are remembered by id. Forgetting one costs work, not correctness.
const MAX_SEEN_IDS: usize = 65_536;

/// Envelopes waiting for a key or for chunks (specs/06-sync Y-14).
#[derive(Debug, Default)]
pub(crate) struct WaitingRoom {
    places: BTreeMap<EnvelopeId, Waiting>,
    /// How many of them the store holds.
    written: usize,
}

#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) envelope: Verified<Envelope>,
    /// Whether the store has it; what arrived in this step it has not yet.
    pub(crate) written: bool,
}

impl WaitingRoom {
    pub(crate) fn insert(&mut self, id: EnvelopeId, envelope: Verified<Envelope>, written: bool) {
        self.places.insert(id, Waiting { envelope, written });
        self.written += usize::from(written);
    }

    pub(crate) fn remove(&mut self, id: &EnvelopeId) -> Option<Waiting> {
        let waiting = self.places.remove(id)?;
        self.written -= usize::from(waiting.written);
        Some(waiting)
    }

    pub(crate) fn get(&self, id: &EnvelopeId) -> Option<&Verified<Envelope>> {
        self.places.get(id).map(|waiting| &waiting.envelope)
    }

    /// The store holds it from now on.
    pub(crate) fn mark_written(&mut self, id: &EnvelopeId) {
        if let Some(waiting) = self.places.get_mut(id).filter(|waiting| !waiting.written) {
            waiting.written = true;
            self.written += 1;
        }
    }

    pub(crate) fn ids(&self) -> Vec<EnvelopeId> {
        self.places.keys().copied().collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// Those the store holds.
    pub(crate) fn written(&self) -> Vec<EnvelopeId> {
        self.places.iter().filter(|(_, place)| place.written).map(|(id, _)| *id).collect()
    }

    /// Whether the store may hold one more.
    pub(crate) fn has_room(&self) -> bool {
        self.written < MAX_WAITING
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
