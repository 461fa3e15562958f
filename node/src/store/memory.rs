//! A store in memory with the contract of the real one, for tests and simulations: it can be told
//! to fail at a certain write, and gives a copy of what would be on disk after a crash.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use windbreak_protocol::record::{Batch, Key, RecordKind, Value};

use super::{Store, StoreError, check_sizes};

/// Records in memory. Clones share them, so that a test can look into a store it gave away.
#[derive(Clone, Default)]
pub struct MemoryStore(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    records: BTreeMap<Key, Value>,
    writes: u64,
    failure: Option<(u64, StoreError)>,
    is_stopped: bool,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets the write with this number fail with `error`, counting from zero over the life of
    /// the store; nothing of it is kept, and all work after it is refused.
    pub fn fail_at(&self, write: u64, error: StoreError) {
        self.inner().failure = Some((write, error));
    }

    /// How many writes were applied.
    #[must_use]
    pub fn writes(&self) -> u64 {
        self.inner().writes
    }

    /// A working store of its own with what was durable: what a restart finds after a crash.
    #[must_use]
    pub fn durable(&self) -> Self {
        let records = self.inner().records.clone();
        Self(Arc::new(Mutex::new(Inner { records, ..Inner::default() })))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // Records change only as a whole batch, so a panic elsewhere leaves them sound.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn working(&self) -> Result<MutexGuard<'_, Inner>, StoreError> {
        let inner = self.inner();
        if inner.is_stopped { Err(StoreError::Stopped) } else { Ok(inner) }
    }
}

impl Store for MemoryStore {
    fn visit(
        &self,
        kind: RecordKind,
        visitor: &mut dyn FnMut(Key, Value),
    ) -> Result<(), StoreError> {
        // Copied first: the visitor may use the store itself.
        let records: Vec<_> = self
            .working()?
            .records
            .range(Key::new(kind, &[])..)
            .take_while(|(key, _)| key.kind() == kind)
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        for (key, value) in records {
            visitor(key, value);
        }
        Ok(())
    }

    fn get(&self, key: &Key) -> Result<Option<Value>, StoreError> {
        Ok(self.working()?.records.get(key).cloned())
    }

    fn glimpse(&self, key: &Key) -> Result<Option<Value>, StoreError> {
        Ok(self.inner().records.get(key).cloned())
    }

    fn has_ended(&self) -> bool {
        self.inner().is_stopped
    }

    fn apply(&mut self, batch: Batch) -> Result<(), StoreError> {
        check_sizes(&batch)?;
        let mut inner = self.working()?;
        if batch.is_empty() {
            return Ok(());
        }
        if let Some((write, error)) = inner.failure
            && write <= inner.writes
        {
            inner.is_stopped = true;
            return Err(error);
        }
        for (key, value) in batch.iter() {
            match value {
                Some(value) => {
                    inner.records.insert(key.clone(), Value::new(value.to_vec()));
                }
                None => {
                    inner.records.remove(key);
                }
            }
        }
        inner.writes += 1;
        Ok(())
    }
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MemoryStore({} records)", self.inner().records.len())
    }
}
