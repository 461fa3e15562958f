//! Envelopes that somebody else shall have, until somebody has them. With thousands of them neither
//! one that comes nor one that goes costs a walk over all. Clauses: specs/07-store S-7.

use std::collections::{BTreeMap, BTreeSet};

use crate::circle::send::Carries;
use crate::id::EnvelopeId;
use crate::identity::Verified;
use crate::wire::Envelope;

/// An envelope somebody else shall have.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) envelope: Verified<Envelope>,
    /// Its place among what was sealed: published again in this order.
    pub(crate) order: u64,
    pub(crate) carries: Carries,
    /// Whether somebody has it, though not yet all that belongs to it.
    pub(crate) held: bool,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    envelopes: BTreeMap<EnvelopeId, Outgoing>,
    /// What carries the same: a record that travels in chunks goes when all of them are held.
    together: BTreeMap<Carries, BTreeSet<EnvelopeId>>,
    /// The place of the next one.
    next: u64,
}

impl Outbox {
    /// Takes one in.
    pub(crate) fn insert(&mut self, id: EnvelopeId, outgoing: Outgoing) {
        self.remove(&id);
        self.next = self.next.max(outgoing.order.saturating_add(1));
        self.together.entry(outgoing.carries).or_default().insert(id);
        self.envelopes.insert(id, outgoing);
    }

    /// Lets one go.
    pub(crate) fn remove(&mut self, id: &EnvelopeId) -> Option<Outgoing> {
        let outgoing = self.envelopes.remove(id)?;
        if let Some(together) = self.together.get_mut(&outgoing.carries) {
            together.remove(id);
            if together.is_empty() {
                self.together.remove(&outgoing.carries);
            }
        }
        Some(outgoing)
    }

    /// Lets all go.
    pub(crate) fn take(&mut self) -> BTreeMap<EnvelopeId, Outgoing> {
        self.together.clear();
        std::mem::take(&mut self.envelopes)
    }

    /// Somebody has it.
    pub(crate) fn hold(&mut self, id: &EnvelopeId) -> Acknowledged<'_> {
        match self.envelopes.get_mut(id) {
            None => Acknowledged::Foreign,
            Some(outgoing) if outgoing.held => Acknowledged::Again,
            Some(outgoing) => {
                outgoing.held = true;
                Acknowledged::First(outgoing)
            }
        }
    }

    /// What carries this.
    pub(crate) fn of(&self, carries: Carries) -> Vec<EnvelopeId> {
        self.together.get(&carries).into_iter().flatten().copied().collect()
    }

    /// Whether anything carries this.
    pub(crate) fn has(&self, carries: Carries) -> bool {
        self.together.contains_key(&carries)
    }

    /// Whether somebody has all of what carries this.
    pub(crate) fn is_held(&self, carries: Carries) -> bool {
        let mut together = self.together.get(&carries).into_iter().flatten();
        together.all(|id| self.envelopes.get(id).is_none_or(|outgoing| outgoing.held))
    }

    /// The place of the next one.
    pub(crate) const fn next_order(&self) -> u64 {
        self.next
    }

    /// In the order of their ids.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Outgoing> {
        self.envelopes.values()
    }

    /// In order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &EnvelopeId> {
        self.envelopes.keys()
    }

    pub(crate) fn len(&self) -> usize {
        self.envelopes.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.envelopes.is_empty()
    }
}

/// What it means that somebody has an envelope.
pub(crate) enum Acknowledged<'a> {
    /// It is none of the outbox.
    Foreign,
    /// That was known.
    Again,
    /// They are the first.
    First(&'a Outgoing),
}
