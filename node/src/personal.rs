//! What a person has for themselves: it stands in the store, sealed as everything there, is read from
//! it whenever it is asked for, and is in no circle. The engine never sees it, so nothing of it can be
//! in an envelope. Clauses: specs/08-content I-55, I-56, I-57.

mod check_ins;
mod drafts;
mod plan;

use std::collections::BTreeMap;

use windbreak_protocol::id::CircleId;
use windbreak_protocol::record::{Batch, Key, RecordKind, Value};

use crate::reopen::{self, Shared};
use crate::store::{Store, StoreError};

/// The records of a person's own, and what of them is not written yet.
pub(crate) struct Personal {
    store: Shared,
    unwritten: BTreeMap<Key, Option<Value>>,
}

impl Personal {
    pub(crate) fn new(store: Shared) -> Self {
        Self { store, unwritten: BTreeMap::new() }
    }

    /// What is to be written with the next batch.
    pub(crate) fn take_changes(&mut self) -> Batch {
        let mut batch = Batch::new();
        for (key, value) in std::mem::take(&mut self.unwritten) {
            match value {
                Some(value) => batch.put(key, value.to_vec()),
                None => batch.delete(key),
            }
        }
        batch
    }

    /// Its owner has left a circle: what they had for it alone goes.
    pub(crate) fn forget(&mut self, circle: &CircleId) -> Result<(), StoreError> {
        let drafts = self.drafts_for(circle)?;
        self.delete_all(drafts);
        Ok(())
    }

    /// Deletes records for good.
    pub(crate) fn delete_all(&mut self, keys: Vec<Key>) {
        self.unwritten.extend(keys.into_iter().map(|key| (key, None)));
    }

    /// All records of a kind.
    fn all(&self, kind: RecordKind) -> Result<BTreeMap<Key, Value>, StoreError> {
        let kept = reopen::lock(&self.store).load(kind)?;
        let mut all: BTreeMap<Key, Value> = kept.into_iter().collect();
        for (key, value) in self.unwritten.iter().filter(|(key, _)| key.kind() == kind) {
            match value {
                Some(value) => all.insert(key.clone(), value.clone()),
                None => all.remove(key),
            };
        }
        Ok(all)
    }
}

impl std::fmt::Debug for Personal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Personal({} unwritten)", self.unwritten.len())
    }
}
