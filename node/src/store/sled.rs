//! Records on disk, in sled: the only file that knows it.
//!
//! One tree, no value over [`PART_LEN`]: larger ones stand in parts under `name | part (u16)`
//! within one batch, since sled moves nodes over about 131 kB to `blobs/`, which it never syncs.
//! The first part begins with the count of parts. A commit is `apply_batch`, `flush`, and then
//! `sync_data` on the file `db`: sled's own flush does not survive the loss of power.
//! Clauses: specs/07-store S-2, S-3, S-4.

use std::fs::{self, File, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::thread;
use std::time::Duration;

use sled::IVec;
use windbreak_protocol::record::{Batch, Key, RecordKind, Value};

use super::seal::{KIND_TAG_LEN, NAME_LEN, Seal, SealedName, StoreKey, WITNESS_LEN};
use super::{MAX_KEY_NAME, MAX_VALUE, Store, StoreError, check_sizes, schema};
use crate::private::{self, Lock};

/// Memory for sled's pages where nothing else is configured, in bytes.
pub const DEFAULT_CACHE_BYTES: u64 = 64 * 1024 * 1024;
/// Below this sled does nothing but evict, in bytes.
const MIN_CACHE_BYTES: u64 = 1024 * 1024;
/// How often and how long to wait for a closed sled to let go of its file: two seconds at most.
const UNLOCK_TRIES: u32 = 200;
const UNLOCK_WAIT: Duration = Duration::from_millis(10);
/// The longest value that sled is given, in bytes (S-4).
const PART_LEN: usize = 3 * 1024;
/// The count of parts at the start of the first part, in bytes.
const COUNT_LEN: usize = 2;
/// More parts than any record has: sealing adds less than one part to name and value.
const MAX_PARTS: usize = (MAX_VALUE + MAX_KEY_NAME) / PART_LEN + 2;

/// A sealed store in a folder of its own.
pub struct SledStore {
    seal: Seal,
    /// `None` after a failed write: what sled then holds in memory may differ from the disk.
    open: Option<Open>,
    /// Commits this store has seen; the check record of each commit holds its number.
    commits: u64,
    _lock: Lock,
}

struct Open {
    db: sled::Db,
    file: File,
    /// Repeats the number of the last commit outside sled, which cuts its log at the first
    /// damaged byte and says nothing.
    witness: File,
}

impl SledStore {
    /// Opens the store in `folder`, or makes one there. `cache_bytes` bounds sled's page cache.
    ///
    /// # Errors
    /// [`StoreError::AlreadyOpen`], [`StoreError::WrongKey`], [`StoreError::NewerSchema`],
    /// [`StoreError::Damaged`], and what the system says.
    pub fn open(folder: &Path, key: &StoreKey, cache_bytes: u64) -> Result<Self, StoreError> {
        private::create_folder(folder)?;
        let lock = Lock::acquire(&folder.join("lock"))?;
        let known = schema::read(&folder.join("schema"))?;
        let seal = Seal::new(key);
        let open = guarded(|| open_sled(folder, cache_bytes))?;
        let mut store = Self { seal, open: Some(open), commits: 0, _lock: lock };
        guarded(|| store.check(known.is_some()))?;
        if known.is_none() {
            schema::write(&folder.join("schema"))?;
        }
        make_private(folder)?;
        private::sync_folder(folder)?;
        Ok(store)
    }

    /// Checks the key and that no commit is lost, or writes what later openings check.
    fn check(&mut self, is_complete: bool) -> Result<(), StoreError> {
        let open = self.working()?;
        match open.db.get(self.seal.check_name()).map_err(from_sled)? {
            Some(sealed) => {
                self.commits = self.seal.open_check(&sealed)?;
                self.compare_witness()
            }
            None if !open.db.is_empty() => Err(StoreError::WrongKey),
            // A store that was complete once cannot have lost everything by itself.
            None if is_complete => Err(StoreError::Damaged),
            None => self.commit(sled::Batch::default()),
        }
    }

    /// The witness may be behind, as nobody waits for it to be durable, but never ahead.
    fn compare_witness(&self) -> Result<(), StoreError> {
        let open = self.working()?;
        let mut sealed = Vec::with_capacity(WITNESS_LEN);
        (&open.witness).take(WITNESS_LEN as u64).read_to_end(&mut sealed)?;
        if sealed.is_empty() {
            // The first start ended before it was written.
            return open.bear_witness(&self.seal.seal_witness(self.commits)?);
        }
        if self.seal.open_witness(&sealed)? > self.commits {
            return Err(StoreError::Damaged);
        }
        Ok(())
    }

    fn commit(&mut self, mut writes: sled::Batch) -> Result<(), StoreError> {
        let commits = self.commits.saturating_add(1);
        let check = self.seal.seal_check(commits)?;
        writes.insert(self.seal.check_name().as_slice(), check);
        let open = self.working()?;
        open.db.apply_batch(writes).map_err(from_sled)?;
        open.db.flush().map_err(from_sled)?;
        open.file.sync_data()?;
        open.bear_witness(&self.seal.seal_witness(commits)?)?;
        self.commits = commits;
        Ok(())
    }

    fn working(&self) -> Result<&Open, StoreError> {
        self.open.as_ref().ok_or(StoreError::Stopped)
    }

    /// What `batch` means to sled.
    fn writes(&self, batch: &Batch) -> Result<sled::Batch, StoreError> {
        let open = self.working()?;
        let mut writes = sled::Batch::default();
        for (key, value) in batch.iter() {
            let name = self.seal.name(key);
            let before = open.parts(&name)?;
            let mut now = 0;
            if let Some(value) = value {
                let sealed = self.seal.seal(&name, key, value)?;
                for part in split(&sealed)? {
                    writes.insert(part_name(&name, now)?.as_slice(), part);
                    now += 1;
                }
            }
            for left_over in now..before {
                writes.remove(part_name(&name, left_over)?.as_slice());
            }
        }
        Ok(writes)
    }
}

impl Store for SledStore {
    fn visit(
        &self,
        kind: RecordKind,
        visitor: &mut dyn FnMut(Key, Value),
    ) -> Result<(), StoreError> {
        let open = self.working()?;
        let mut parts = guarded(|| Ok(open.db.scan_prefix(self.seal.kind_tag(kind))))?;
        while let Some((name, sealed)) = guarded(|| next_record(&mut parts))? {
            let (key, value) = self.seal.open(&name, &sealed)?;
            visitor(key, value);
        }
        Ok(())
    }

    fn get(&self, key: &Key) -> Result<Option<Value>, StoreError> {
        let open = self.working()?;
        let name = self.seal.name(key);
        let found = guarded(|| next_record(&mut open.db.scan_prefix(name)))?;
        match found {
            Some((_, sealed)) => Ok(Some(self.seal.open(&name, &sealed)?.1)),
            None => Ok(None),
        }
    }

    fn apply(&mut self, batch: Batch) -> Result<(), StoreError> {
        check_sizes(&batch)?;
        if batch.is_empty() {
            return self.working().map(|_| ());
        }
        let result = guarded(|| {
            let writes = self.writes(&batch)?;
            self.commit(writes)
        });
        if result.is_err() {
            close(self.open.take());
        }
        result
    }
}

impl Drop for SledStore {
    fn drop(&mut self) {
        close(self.open.take());
    }
}

impl std::fmt::Debug for SledStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SledStore(…)")
    }
}

impl Open {
    /// In place: the few bytes lie in one sector, which a disk writes as a whole.
    fn bear_witness(&self, sealed: &[u8]) -> Result<(), StoreError> {
        Ok(self.witness.write_all_at(sealed, 0)?)
    }

    /// How many parts the record at `name` has; zero if there is none.
    fn parts(&self, name: &SealedName) -> Result<usize, StoreError> {
        match self.db.get(part_name(name, 0)?).map_err(from_sled)? {
            Some(part) => Ok(read_count(&part)?.0),
            None => Ok(0),
        }
    }
}

fn open_sled(folder: &Path, cache_bytes: u64) -> Result<Open, StoreError> {
    // Made before sled makes them, so that they are private from the start.
    private::create_folder(&folder.join("blobs"))?;
    private::open_file(&folder.join("conf"))?;
    let file = private::open_file(&folder.join("db"))?;
    let config = sled::Config::default()
        .path(folder)
        .cache_capacity(cache_bytes.max(MIN_CACHE_BYTES))
        // Nothing is durable behind our back: we say when.
        .flush_every_ms(None);
    let mut tries = UNLOCK_TRIES;
    let db = loop {
        match config.open() {
            Ok(db) => break db,
            // sled's own lock, which has no kind of its own. We hold ours, so this is a thread
            // of a store that was just closed in this process and lets go within milliseconds.
            Err(sled::Error::Io(error)) if error.kind() == io::ErrorKind::Other => {
                tries -= 1;
                if tries == 0 {
                    return Err(StoreError::AlreadyOpen);
                }
                thread::sleep(UNLOCK_WAIT);
            }
            Err(error) => return Err(from_sled(error)),
        }
    };
    let witness = private::open_file(&folder.join("witness"))?;
    Ok(Open { db, file, witness })
}

/// Narrows what sled made itself: it writes a snapshot at each start. The folder is closed to
/// everybody else from its first moment, so nobody could have looked in between.
fn make_private(folder: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::set_permissions(entry.path(), Permissions::from_mode(private::FILE_MODE))?;
            File::open(entry.path())?.sync_all()?;
        }
    }
    Ok(())
}

/// The next record of a scan, put together from its parts.
fn next_record(parts: &mut sled::Iter) -> Result<Option<(SealedName, Vec<u8>)>, StoreError> {
    let Some(first) = parts.next() else { return Ok(None) };
    let (at, part) = first.map_err(from_sled)?;
    let name = expect_part(&at, None, 0)?;
    let (count, chunk) = read_count(&part)?;
    let mut sealed = chunk.to_vec();
    for number in 1..count {
        let (at, part) = parts.next().ok_or(StoreError::Damaged)?.map_err(from_sled)?;
        expect_part(&at, Some(&name), number)?;
        sealed.extend_from_slice(&part);
    }
    Ok(Some((name, sealed)))
}

/// The name in a key of sled, which must be part `number` of the record at `name`.
fn expect_part(
    at: &IVec,
    name: Option<&SealedName>,
    number: usize,
) -> Result<SealedName, StoreError> {
    let (found, rest) = at.split_first_chunk::<NAME_LEN>().ok_or(StoreError::Damaged)?;
    let is_expected = name.is_none_or(|name| name == found)
        && <[u8; 2]>::try_from(rest)
            .is_ok_and(|part| usize::from(u16::from_be_bytes(part)) == number);
    if is_expected { Ok(*found) } else { Err(StoreError::Damaged) }
}

fn part_name(name: &SealedName, number: usize) -> Result<[u8; NAME_LEN + 2], StoreError> {
    let number = u16::try_from(number).map_err(|_| StoreError::TooLarge)?;
    let mut at = [0; NAME_LEN + 2];
    at[..NAME_LEN].copy_from_slice(name);
    at[NAME_LEN..].copy_from_slice(&number.to_be_bytes());
    Ok(at)
}

/// The parts of a sealed record, the first with their count in front.
fn split(sealed: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let count = (COUNT_LEN + sealed.len()).div_ceil(PART_LEN);
    let number = u16::try_from(count).map_err(|_| StoreError::TooLarge)?;
    let (head, rest) = sealed.split_at(sealed.len().min(PART_LEN - COUNT_LEN));
    let mut parts = Vec::with_capacity(count);
    parts.push([number.to_be_bytes().as_slice(), head].concat());
    parts.extend(rest.chunks(PART_LEN).map(<[u8]>::to_vec));
    Ok(parts)
}

/// The count of parts and the rest of a first part.
fn read_count(part: &[u8]) -> Result<(usize, &[u8]), StoreError> {
    let (count, chunk) = part.split_first_chunk::<COUNT_LEN>().ok_or(StoreError::Damaged)?;
    let count = usize::from(u16::from_be_bytes(*count));
    if count == 0 || count > MAX_PARTS { Err(StoreError::Damaged) } else { Ok((count, chunk)) }
}

/// Closes sled, which flushes once more; nothing that was promised depends on it.
fn close(open: Option<Open>) {
    let _ = guarded(|| {
        drop(open);
        Ok(())
    });
}

/// sled panics on some damaged files. A panic in here is an answer about the files, never the end
/// of the node.
fn guarded<T>(work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(StoreError::Damaged))
}

/// sled's reasons in our words. Its texts hold paths, so none of them is passed on.
fn from_sled(error: sled::Error) -> StoreError {
    match error {
        sled::Error::Io(error) => error.into(),
        sled::Error::CollectionNotFound(_)
        | sled::Error::Unsupported(_)
        | sled::Error::ReportableBug(_)
        | sled::Error::Corruption { .. } => StoreError::Damaged,
    }
}

const _: () = assert!(KIND_TAG_LEN < NAME_LEN && MAX_PARTS <= u16::MAX as usize);
