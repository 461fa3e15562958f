//! A profile that was taken back from a backup holds keys that others may have seen move on. It must
//! not speak with them: it returns to its circles as a new device. Clauses: specs/07-store S-17,
//! specs/04-order O-79.

use windbreak_protocol::record::{Batch, Key, RecordKind};
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::{Engine, Output};

use crate::store::{Store, StoreError};

/// The name of the record that says so.
const NAME: &[u8] = b"must return";

/// Marks the profile of a store: it must return before it says anything.
///
/// # Errors
/// [`StoreError`].
pub(crate) fn mark(store: &mut dyn Store) -> Result<(), StoreError> {
    let mut batch = Batch::new();
    batch.put(key(), vec![1]);
    store.apply(batch)
}

/// Whether the profile of a store must return.
///
/// # Errors
/// [`StoreError`].
pub(crate) fn is_marked(store: &dyn Store) -> Result<bool, StoreError> {
    Ok(store.get(&key())?.is_some())
}

/// Begins to return to every circle: the batch to be written, which takes the mark off. The engine is
/// to be loaded anew afterwards: what loading asked for would have spoken with the old keys, and is
/// dropped here.
pub(crate) fn begin(engine: &mut Engine, now: Timestamp) -> Batch {
    engine.return_everywhere(now);
    let mut all = Batch::new();
    while let Some(output) = engine.poll_output() {
        if let Output::Persist(batch) = output {
            all.extend(batch);
        }
    }
    all.delete(key());
    all
}

fn key() -> Key {
    Key::new(RecordKind::Node, &[NAME])
}
