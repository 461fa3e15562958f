//! The MLS records of one state, as a value that is cheap to copy.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::record::Value;

/// A record that an operation wrote, or deleted (`None`), under its key in the namespace.
pub(crate) type Change = (Vec<u8>, Option<Vec<u8>>);

/// Everything openmls keeps of one state. A copy shares the values, which are wiped when the last
/// state that holds them is gone.
#[derive(Clone, Default)]
pub(crate) struct Namespace {
    records: BTreeMap<Arc<[u8]>, Arc<Value>>,
}

impl Namespace {
    /// An empty namespace: before a circle is made or joined.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The namespace that holds these records, as read from a store.
    pub(crate) fn from_records(records: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>) -> Self {
        let mut namespace = Self::new();
        for (key, value) in records {
            namespace.put(&key, Value::new(value));
        }
        namespace
    }

    /// All records in the order of their keys, to write the namespace of a new state.
    pub(crate) fn records(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.records.iter().map(|(key, value)| (&**key, value.as_slice()))
    }

    pub(super) fn get(&self, key: &[u8]) -> Option<Arc<Value>> {
        self.records.get(key).cloned()
    }

    pub(super) fn put(&mut self, key: &[u8], value: Value) {
        self.records.insert(key.into(), Arc::new(value));
    }

    pub(super) fn delete(&mut self, key: &[u8]) {
        self.records.remove(key);
    }

    pub(super) fn delete_all(&mut self, prefix: &[u8]) {
        self.records.retain(|key, _| !key.starts_with(prefix));
    }

    /// The keys that begin with `prefix`, without it.
    pub(super) fn names_under(&self, prefix: &[u8]) -> impl Iterator<Item = &[u8]> {
        self.records.keys().filter_map(move |key| key.strip_prefix(prefix))
    }

    /// What must be written and deleted to turn `base` into this namespace.
    pub(crate) fn changes_since(&self, base: &Self) -> Vec<Change> {
        let written = self
            .records
            .iter()
            .filter(|(key, value)| base.records.get(*key) != Some(*value))
            .map(|(key, value)| (key.to_vec(), Some(value.to_vec())));
        let deleted = base
            .records
            .keys()
            .filter(|key| !self.records.contains_key(*key))
            .map(|key| (key.to_vec(), None));
        written.chain(deleted).collect()
    }
}

impl std::fmt::Debug for Namespace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Namespace({} records)", self.records.len())
    }
}
