//! Bytes on disk, in sled: the only file that knows it. What they mean is `sealed.rs`'s.
//!
//! One tree, no long value: sled moves nodes over about 131 kB to `blobs/`, which it never syncs. A
//! commit is `apply_batch`, `flush`, and then `sync_data` on the file `db`: sled's own flush does not
//! survive the loss of power. A commit that is longer than one of its segments takes several, and a file
//! beside it (`long.rs`). What a death left of its notes is taken away before it opens (decision 0100).
//! Clauses: specs/07-store S-2, S-3, S-4.

use std::fs::{self, File, Permissions};
use std::io;
use std::ops::Bound;
use std::os::unix::fs::PermissionsExt;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::fs::FlockOperation;
use rustix::io::Errno;
use sled::IVec;

use super::{StoreError, long};
use crate::private;

/// The longest value that sled may be given, in bytes (S-4).
const MAX_PART: usize = 3 * 1024;
/// The most that sled is given at once, so that no commit reaches beyond the segment after the one in which
/// it begins (S-3): what they write comes to some 2.3 kB each.
pub(super) const MAX_WRITES: usize = 128;
/// Below this sled does nothing but evict, in bytes.
const MIN_CACHE_BYTES: u64 = 1024 * 1024;
/// How often a page is asked for once more, and after how many entries of a walk.
///
/// sled has 256 parts in its cache, and adds up what one holds only after 64 accesses to it: whoever
/// asks for many pages once, as a walk does, would have 16,384 of them in memory, which is 100 MB,
/// whatever is configured.
const LOOKS_AGAIN: usize = 3;
const WALKED: usize = 4;
/// How often and how long to wait for a closed sled to let go of its file: two seconds at most.
const UNLOCK_TRIES: u32 = 200;
const UNLOCK_WAIT: Duration = Duration::from_millis(10);

/// Bytes as sled hands them out.
pub(super) type Bytes = IVec;

/// Keys and values in the order of the keys.
pub(super) struct Tree {
    folder: PathBuf,
    db: sled::Db,
    file: File,
}

/// What one commit writes, as a whole or not at all.
#[derive(Default)]
pub(super) struct Writes(pub(super) Vec<Write>);

/// What is to stand at a key; nothing, if it is to be deleted.
pub(super) type Write = (Vec<u8>, Option<Vec<u8>>);

impl Writes {
    /// Writes `value` at `at`.
    pub(super) fn put(&mut self, at: &[u8], value: &[u8]) {
        self.0.push((at.to_vec(), Some(value.to_vec())));
    }

    /// Deletes what stands at `at`.
    pub(super) fn remove(&mut self, at: &[u8]) {
        self.0.push((at.to_vec(), None));
    }

    /// Whether no value is longer than sled may be given.
    pub(super) fn are_short(&self) -> bool {
        self.0.iter().flat_map(|(_, value)| value).all(|value| value.len() <= MAX_PART)
    }
}

/// A walk over some of a tree.
pub(super) struct Scan {
    db: sled::Db,
    entries: sled::Iter,
    /// How many it gave out.
    walked: usize,
}

impl Scan {
    /// The next key and value.
    pub(super) fn next(&mut self) -> Result<Option<(Bytes, Bytes)>, StoreError> {
        guarded(|| {
            let next = self.entries.next().transpose().map_err(from_sled)?;
            if let Some((at, _)) = &next {
                self.walked += 1;
                if self.walked.is_multiple_of(WALKED) {
                    look_again(&self.db, at)?;
                }
            }
            Ok(next)
        })
    }
}

impl Tree {
    /// Opens the tree in `folder`, or makes one there. `cache_bytes` bounds sled's page cache.
    pub(super) fn open(folder: &Path, cache_bytes: u64) -> Result<Self, StoreError> {
        let tree = guarded(|| open_sled(folder, cache_bytes))?;
        make_private(folder)?;
        private::sync_folder(folder)?;
        Ok(tree)
    }

    /// What stands at `at`.
    pub(super) fn get(&self, at: &[u8]) -> Result<Option<Bytes>, StoreError> {
        guarded(|| {
            let found = self.db.get(at).map_err(from_sled)?;
            look_again(&self.db, at)?;
            Ok(found)
        })
    }

    /// Everything whose key begins with `prefix`.
    pub(super) fn scan(&self, prefix: &[u8]) -> Result<Scan, StoreError> {
        guarded(|| Ok(self.scan_of(self.db.scan_prefix(prefix))))
    }

    /// Everything.
    pub(super) fn scan_all(&self) -> Result<Scan, StoreError> {
        guarded(|| Ok(self.scan_of(self.db.iter())))
    }

    /// Everything whose key is not before `from` and is before `to`.
    pub(super) fn scan_between(&self, from: &[u8], to: Option<&[u8]>) -> Result<Scan, StoreError> {
        let to = to.map_or(Bound::Unbounded, Bound::Excluded);
        guarded(|| Ok(self.scan_of(self.db.range::<&[u8], _>((Bound::Included(from), to)))))
    }

    fn scan_of(&self, entries: sled::Iter) -> Scan {
        Scan { db: self.db.clone(), entries, walked: 0 }
    }

    /// Whether nothing stands in it.
    pub(super) fn is_empty(&self) -> Result<bool, StoreError> {
        guarded(|| Ok(self.db.is_empty()))
    }

    /// Writes all of `writes` or nothing; durable when this returns. `before_sync` is called when
    /// all is written and not yet synced. A value that sled would not sync is refused.
    pub(super) fn commit(
        &self,
        writes: Writes,
        before_sync: impl FnOnce(),
    ) -> Result<(), StoreError> {
        if !writes.are_short() {
            return Err(StoreError::TooLarge);
        }
        if writes.0.len() <= MAX_WRITES {
            return self.write(&writes.0, before_sync);
        }
        long::begin(&self.folder, &writes)?;
        self.write_parts(&writes, before_sync)?;
        long::end(&self.folder)
    }

    /// Writes one part after the other, each durable before the next: interrupted, some of them are there.
    pub(super) fn write_parts(
        &self,
        writes: &Writes,
        before_sync: impl FnOnce(),
    ) -> Result<(), StoreError> {
        let last = writes.0.len().saturating_sub(1) / MAX_WRITES * MAX_WRITES;
        for part in writes.0[..last].chunks(MAX_WRITES) {
            self.write(part, || {})?;
        }
        self.write(&writes.0[last..], before_sync)
    }

    fn write(&self, writes: &[Write], before_sync: impl FnOnce()) -> Result<(), StoreError> {
        guarded(|| {
            let mut batch = sled::Batch::default();
            for (at, value) in writes {
                match value {
                    Some(value) => batch.insert(at.as_slice(), value.as_slice()),
                    None => batch.remove(at.as_slice()),
                }
            }
            self.db.apply_batch(batch).map_err(from_sled)?;
            self.db.flush().map_err(from_sled)?;
            before_sync();
            Ok(self.file.sync_data()?)
        })
    }

    /// Bytes of the file that holds it all.
    pub(super) fn size(&self) -> Result<u64, StoreError> {
        Ok(self.file.metadata()?.len())
    }

    /// Closes it. sled flushes once more; nothing that was promised depends on it. Then a thread of
    /// its own may still cut the file shorter: whoever looks at its length next is not to be early.
    pub(super) fn close(self) {
        let Self { db, file, .. } = self;
        let _ = guarded(|| {
            drop(db);
            Ok(())
        });
        // That thread holds sled's lock on the file until it is done.
        for _ in 0..UNLOCK_TRIES {
            match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Err(Errno::WOULDBLOCK) => thread::sleep(UNLOCK_WAIT),
                _ => return private::unlock(&file),
            }
        }
    }
}

/// Removes what sled noted of a file that another has taken the place of. Of a file that stays they
/// must stay, too: without them it came back once and again as it was after its first commit
/// (decision 0054).
pub(super) fn forget_snapshots(folder: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(b"snap.") {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Removes a snapshot that a death left half written. sled takes it for one, finds it damaged, and opens
/// its file no more; the one of before is there as long as that has not got its name.
fn forget_unfinished_snapshots(folder: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(folder)? {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        let name = name.as_encoded_bytes();
        if name.starts_with(b"snap.") && name.ends_with(b".generating") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Asks for a page some times more, so that sled lets go of others: see [`LOOKS_AGAIN`].
fn look_again(db: &sled::Db, at: &[u8]) -> Result<(), StoreError> {
    for _ in 0..LOOKS_AGAIN {
        db.contains_key(at).map_err(from_sled)?;
    }
    Ok(())
}

fn open_sled(folder: &Path, cache_bytes: u64) -> Result<Tree, StoreError> {
    // Made before sled makes them, so that they are private from the start.
    private::create_folder(&folder.join("blobs"))?;
    private::open_file(&folder.join("conf"))?;
    let file = private::open_file(&folder.join("db"))?;
    forget_unfinished_snapshots(folder)?;
    // What it finds in its file it takes for certain from its next snapshot on. Whoever was killed may
    // have written that and not synced it.
    file.sync_data()?;
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
    Ok(Tree { folder: folder.to_owned(), db, file })
}

/// Narrows what sled may have made itself. The folder is closed to everybody else from its first
/// moment, so nobody could have looked in between.
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
