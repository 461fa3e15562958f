//! What a node keeps on disk, behind one small trait.
//!
//! A [`Batch`] is written as a whole or not at all, and is durable when `apply` returns: only then
//! may what it justifies be published. After a failed write a store refuses all further work, as
//! memory and disk may differ; the node stops in order and says why. Clauses: specs/07-store.

pub(crate) mod chaff;
mod doubt;
mod former;
mod inspect;
mod key_file;
mod long;
mod memory;
mod migrate;
mod plan;
mod reading;
mod schema;
mod scope;
mod seal;
mod sealed;
mod sled;
mod table;
#[cfg(any(test, feature = "testing"))]
mod testing;

#[cfg(test)]
mod tests;

use std::io;

use windbreak_protocol::record::{Batch, Key, RecordKind, Value};

use crate::private::PrivateError;

pub(crate) use doubt::forget as forget_doubt;
pub use inspect::Inspection;
pub(crate) use inspect::compact;
pub(crate) use key_file::is_key_file;
pub use memory::MemoryStore;
pub(crate) use migrate::remove;
pub use schema::SchemaVersion;
pub use seal::StoreKey;
pub(crate) use seal::{bytes_on_disk, random};
pub use sealed::{DEFAULT_CACHE_BYTES, SledStore};
use sled::{Bytes, MAX_WRITES, Scan, Tree, Write, Writes, forget_snapshots};

/// The largest value of a record, in bytes.
pub const MAX_VALUE: usize = 16 * 1024 * 1024;
/// The longest name of a record, in bytes.
pub const MAX_KEY_NAME: usize = 1024;

/// Parts in which [`Store::visit_part`] goes over a store.
pub const PARTS: u8 = 64;

/// What whoever looks through a store wants of the records of a kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wanted {
    /// Nothing.
    Nothing,
    /// Which there are.
    Key,
    /// All of them.
    Whole,
}

/// Says what is wanted of each kind.
pub type Wants<'a> = &'a (dyn Fn(RecordKind) -> Wanted + Sync);

/// Called with what was wanted, one record at a time.
pub type Visitor<'a> = &'a mut dyn FnMut(Key, Option<Value>);

/// Keeps records.
pub trait Store: Send {
    /// Hands every record of `kind` to `visitor`, one at a time and in no promised order. Use it
    /// where all values together may be too much for memory.
    ///
    /// # Errors
    /// [`StoreError`]; the visitor may have seen some records by then.
    fn visit(
        &self,
        kind: RecordKind,
        visitor: &mut dyn FnMut(Key, Value),
    ) -> Result<(), StoreError>;

    /// The same for all kinds of which something is wanted, in one go where that is quicker. The
    /// visitor gets values only of kinds that are wanted whole.
    ///
    /// # Errors
    /// As [`Store::visit`].
    fn visit_all(&self, wants: Wants<'_>, visitor: Visitor<'_>) -> Result<(), StoreError> {
        RecordKind::ALL.into_iter().try_for_each(|kind| match wants(kind) {
            Wanted::Nothing => Ok(()),
            Wanted::Key => self.visit(kind, &mut |key, _| visitor(key, None)),
            Wanted::Whole => self.visit(kind, &mut |key, value| visitor(key, Some(value))),
        })
    }

    /// The same for whoever has just opened the store: what opening leaves for later because it takes
    /// a look at everything is done in the same go.
    ///
    /// # Errors
    /// As [`Store::visit`].
    fn begin(&mut self, wants: Wants<'_>, visitor: Visitor<'_>) -> Result<(), StoreError> {
        self.visit_all(wants, visitor)
    }

    /// The records of `kind` in one of [`PARTS`] parts of the store. Whoever visits one after the other
    /// sees all records, and lets others at the store in between; what is written meanwhile may be missed.
    ///
    /// # Errors
    /// As [`Store::visit`].
    fn visit_part(
        &self,
        part: u8,
        kind: RecordKind,
        visitor: &mut dyn FnMut(Key, Value),
    ) -> Result<(), StoreError> {
        if part == 0 { self.visit(kind, visitor) } else { Ok(()) }
    }

    /// Whether all parts are visited sooner than so many records are read one by one.
    fn is_visited_sooner(&self, records: usize) -> bool {
        let _ = records;
        true
    }

    /// The value under `key`, if there is one.
    ///
    /// # Errors
    /// [`StoreError`].
    fn get(&self, key: &Key) -> Result<Option<Value>, StoreError>;

    /// The same, also after a failed write, as far as it can still be read. What it gives then may
    /// be ahead of the disk: use it only to show what does not change once it was written.
    ///
    /// # Errors
    /// [`StoreError`].
    fn glimpse(&self, key: &Key) -> Result<Option<Value>, StoreError> {
        self.get(key)
    }

    /// Whether a write failed, after which the store refuses all work.
    fn has_ended(&self) -> bool {
        false
    }

    /// Whether the store could be opened again if it were closed now, as far as that can be told:
    /// opening writes a little.
    ///
    /// # Errors
    /// [`StoreError`]: why not.
    fn could_reopen(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Whether the store could be opened again to be read, which writes less than to work on.
    ///
    /// # Errors
    /// [`StoreError`]: why not.
    fn could_read_anew(&self) -> Result<(), StoreError> {
        self.could_reopen()
    }

    /// Writes all of `batch` or nothing; it is durable when this returns `Ok`.
    ///
    /// # Errors
    /// [`StoreError`]; all but [`StoreError::TooLarge`] end the use of this store.
    fn apply(&mut self, batch: Batch) -> Result<(), StoreError>;

    /// Every record of `kind`, in the order of their keys.
    ///
    /// # Errors
    /// [`StoreError`].
    fn load(&self, kind: RecordKind) -> Result<Vec<(Key, Value)>, StoreError> {
        let mut records = Vec::new();
        self.visit(kind, &mut |key, value| records.push((key, value)))?;
        records.sort_by(|left, right| left.0.cmp(&right.0));
        Ok(records)
    }

    /// Destroys the keys of what was deleted and has not lost its key yet, by sealing anew what
    /// shares it. Takes longer the more was deleted.
    ///
    /// # Errors
    /// As [`Store::apply`].
    fn tidy(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    /// The same in steps, so that others may use the store in between: gives whether it is done. Call it
    /// until then.
    ///
    /// # Errors
    /// As [`Store::apply`].
    fn tidy_some(&mut self) -> Result<bool, StoreError> {
        self.tidy().map(|()| true)
    }

    /// Makes the store larger on disk by some records that mean nothing, unless it has `size` bytes:
    /// gives whether it has. Call it until then.
    ///
    /// # Errors
    /// As [`Store::apply`].
    fn pad(&mut self, size: u64) -> Result<bool, StoreError> {
        let _ = size;
        Ok(true)
    }

    /// Bytes the store takes on disk.
    ///
    /// # Errors
    /// [`StoreError`].
    fn size(&self) -> Result<u64, StoreError> {
        Ok(0)
    }

    /// Writes several batches, the later over the earlier, as one: what many steps wrote costs
    /// one wait for the disk.
    ///
    /// # Errors
    /// As [`Store::apply`].
    fn apply_all(&mut self, batches: Vec<Batch>) -> Result<(), StoreError> {
        let mut merged = Batch::new();
        for batch in batches {
            merged.extend(batch);
        }
        self.apply(merged)
    }
}

/// Why the store cannot go on, and what to do next.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum StoreError {
    /// No space or quota is left.
    #[error("the disk is full; free some space and start again")]
    DiskFull,
    /// The file system or its permissions forbid it.
    #[error(
        "the store cannot be read or written; check who owns its folder and whether its disk is read-only"
    )]
    Denied,
    /// Another node has it open.
    #[error("the store is already open by another node; stop that one first")]
    AlreadyOpen,
    /// It was sealed with another key.
    #[error(
        "the store was sealed with another key; its key file or profile header belongs to another store"
    )]
    WrongKey,
    /// Bytes are not what was written.
    #[error(
        "the store is damaged; keep a copy of its folder; then take back your last backup: windbreak restore FILE --profile NEW-FOLDER"
    )]
    Damaged,
    /// A newer program wrote it.
    #[error("the store has schema {found} and this program knows {known}; update the program")]
    NewerSchema {
        /// The version found.
        found: u16,
        /// The newest version known.
        known: u16,
    },
    /// A value or name is longer than a record may be, or there is more to be written at once than one
    /// commit takes. Nothing was written, and work can go on.
    #[error("a record is too large to be kept")]
    TooLarge,
    /// An earlier write failed.
    #[error("the store stopped after a failed write; start the node again")]
    Stopped,
    /// The operating system gave no randomness to seal with.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
    /// The operating system gave another reason.
    #[error("reading or writing the store failed: {0}")]
    Io(io::ErrorKind),
}

impl From<PrivateError> for StoreError {
    fn from(error: PrivateError) -> Self {
        match error {
            PrivateError::DiskFull => Self::DiskFull,
            PrivateError::Denied | PrivateError::NotOurs | PrivateError::NotPlain => Self::Denied,
            PrivateError::AlreadyOpen => Self::AlreadyOpen,
            PrivateError::TooLong => Self::Damaged,
            PrivateError::Missing => Self::Io(io::ErrorKind::NotFound),
            PrivateError::Exists => Self::Io(io::ErrorKind::AlreadyExists),
            PrivateError::Io(kind) => Self::Io(kind),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        PrivateError::from(error).into()
    }
}

/// Refuses what no store may hold, before any of it is written.
fn check_sizes(batch: &Batch) -> Result<(), StoreError> {
    let fits = batch.iter().all(|(key, value)| {
        key.name().len() <= MAX_KEY_NAME && value.is_none_or(|value| value.len() <= MAX_VALUE)
    });
    if fits { Ok(()) } else { Err(StoreError::TooLarge) }
}
