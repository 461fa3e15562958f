//! A profile that was taken back from a backup holds keys that others may have seen move on. It must
//! not speak with them: it returns to its circles as a new device. Until it has, its node reads and
//! opens no network. Clauses: specs/07-store S-17, specs/02-identity D-2.

use windbreak_protocol::Engine;
use windbreak_protocol::record::{Batch, Key, RecordKind};
use windbreak_protocol::time::Timestamp;

use crate::store::{Store, StoreError};

/// The name of the record that says so.
const NAME: &[u8] = b"must return";

/// How returning has begun.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Begun {
    /// The engine knows no way back yet: the node stays as it is, and says so.
    NotYet,
}

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

/// **The seam for returns.** Called once after loading a profile that must return, before any output
/// of the engine is obeyed: here the engine is told to return to every circle under a new device
/// key. When it has begun, its first batch must also delete the mark ([`unmark`]).
pub(crate) fn begin(engine: &mut Engine, now: Timestamp) -> Begun {
    let _ = now;
    // What loading asked for would speak with the old keys: it is not obeyed.
    while engine.poll_output().is_some() {}
    Begun::NotYet
}

/// Takes the mark off, in the batch that makes the return durable.
#[cfg(test)]
pub(crate) fn unmark(batch: &mut Batch) {
    batch.delete(key());
}

fn key() -> Key {
    Key::new(RecordKind::Node, &[NAME])
}
