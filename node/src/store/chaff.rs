//! Keeps the stores of a profile alike from outside. Whoever has the key of one knows nothing of
//! the others, so all are treated alike and without a key: cells of random bytes make each as large
//! as the largest, and the same files are touched. A store passes over cells that no key of it made.
//! Clauses: specs/07-store S-15, S-22.

use std::fs::{self, File, FileTimes};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use super::seal::{CELL, SealedName, random};
use super::{MAX_WRITES, StoreError, Tree, Writes, doubt, key_file, migrate, schema};
use crate::clock;
use crate::private::{self, Lock, PrivateError};

/// Cells of one commit.
const STEP: usize = MAX_WRITES;
/// Memory for the pages of a store that is only padded, in bytes.
const CACHE_BYTES: u64 = 2 * 1024 * 1024;

/// How large the files of a store are, in bytes.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Size {
    /// Of the records.
    pub(crate) records: u64,
    /// Of the keys.
    keys: u64,
}

impl Size {
    /// Of the store in `folder`; nothing if there is none.
    pub(crate) fn of(folder: &Path) -> Self {
        let length = |name| fs::metadata(folder.join(name)).map_or(0, |metadata| metadata.len());
        Self { records: length("db"), keys: length("keys") }
    }

    /// Both together.
    pub(crate) fn all(self) -> u64 {
        self.records + self.keys
    }

    /// The same with so many bytes of records less.
    pub(crate) fn less(self, records: u64) -> Self {
        Self { records: self.records.saturating_sub(records), keys: self.keys }
    }

    /// The larger of both, file by file.
    pub(crate) fn max(self, other: Self) -> Self {
        Self { records: self.records.max(other.records), keys: self.keys.max(other.keys) }
    }
}

/// Whether to go on with what may be left for later.
pub(crate) type GoOn<'a> = &'a dyn Fn() -> bool;

/// Makes the closed store in `folder` at least as large as `size`, whoever's it is, for as long as
/// `go_on` says so. One that need not grow is not opened, which would take time and memory.
///
/// # Errors
/// [`StoreError`]; the store is then as it was, or larger.
pub(crate) fn pad_closed(folder: &Path, size: Size, go_on: GoOn<'_>) -> Result<(), StoreError> {
    let _lock = Lock::acquire(&folder.join("lock"))?;
    migrate::settle(folder)?;
    if Size::of(folder).records < size.records && go_on() {
        let tree = Tree::open(folder, CACHE_BYTES)?;
        let padded = pad_while(&tree, size.records, go_on);
        tree.close();
        return doubt::noting(folder, padded);
    }
    Ok(())
}

/// Writes the small files of the closed store in `folder` over themselves, and makes the one of its keys
/// as long as in `size`.
///
/// # Errors
/// [`StoreError`].
pub(crate) fn touch_closed(folder: &Path, size: Size) -> Result<(), StoreError> {
    let _lock = Lock::acquire(&folder.join("lock"))?;
    migrate::settle(folder)?;
    schema::raise(&folder.join("schema"))?;
    touch(&folder.join("keys"), size.keys)?;
    touch(&folder.join("witness"), 0)
}

fn pad_while(tree: &Tree, size: u64, go_on: GoOn<'_>) -> Result<(), StoreError> {
    while go_on() && !pad(tree, size)? {}
    Ok(())
}

/// Gives the closed stores in `folders`, all that lies in them, and what is `beside` them, as far as it
/// is there, one time of the last change.
///
/// # Errors
/// [`StoreError`]: the first; all others have it then.
pub(crate) fn same_times(folders: &[PathBuf], beside: &[PathBuf]) -> Result<(), StoreError> {
    let now = UNIX_EPOCH + Duration::from_millis(clock::now().as_millis());
    let times = FileTimes::new().set_accessed(now).set_modified(now);
    let mut outcome = Ok(());
    for folder in folders {
        match fs::read_dir(folder) {
            Ok(entries) => entries.flatten().for_each(|entry| {
                outcome = outcome.and(set_times(&entry.path(), times));
            }),
            Err(error) => outcome = outcome.and(Err(error.into())),
        }
        // The folder's own tell when a file was last made or removed in it.
        outcome = outcome.and(set_times(folder, times));
    }
    beside.iter().for_each(|path| outcome = outcome.and(set_times(path, times)));
    outcome
}

/// Sets the times of a file or a folder, if it is there. A folder can only be opened to be read, and whose
/// it is may set its times so.
fn set_times(path: &Path, times: FileTimes) -> Result<(), StoreError> {
    match path.symlink_metadata() {
        Ok(metadata) if metadata.is_file() || metadata.is_dir() => {
            Ok(File::open(path)?.set_times(times)?)
        }
        _ => Ok(()),
    }
}

/// Makes a tree larger by some cells, unless it has `size` bytes: gives whether it has.
pub(super) fn pad(tree: &Tree, size: u64) -> Result<bool, StoreError> {
    let missing = size.saturating_sub(tree.size()?);
    if missing == 0 {
        return Ok(true);
    }
    let missing = usize::try_from(missing).unwrap_or(usize::MAX);
    let mut writes = Writes::default();
    let mut names = Vec::with_capacity(STEP);
    for _ in 0..STEP.min(missing / CELL + 1) {
        let name: SealedName = random()?;
        writes.put(&name, &random::<CELL>()?);
        names.push(name);
    }
    tree.commit(writes, || {})?;
    // Whoever only writes has all of it in memory: asking lets go of what is not needed.
    for at in names {
        tree.get(&at)?;
    }
    Ok(tree.size()? >= size)
}

/// Names and values of all cells of the closed store in `folder`, as who has no key reads them.
#[cfg(test)]
pub(crate) fn seen_without_a_key(folder: &Path) -> Vec<(Vec<u8>, Vec<u8>)> {
    let tree = Tree::open(folder, CACHE_BYTES).unwrap();
    let mut scan = tree.scan_all().unwrap();
    let mut seen = Vec::new();
    while let Some((at, cell)) = scan.next().unwrap() {
        seen.push((at.to_vec(), cell.to_vec()));
    }
    drop(scan);
    tree.close();
    seen
}

/// Writes what stands in a file over itself, and random bytes behind it up to `length`.
fn touch(path: &Path, length: u64) -> Result<(), StoreError> {
    let mut bytes = match private::read_file(path, key_file::MAX_FILE) {
        Ok(bytes) => bytes,
        Err(PrivateError::Missing) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    while (bytes.len() as u64) < length {
        let filler: [u8; 4096] = random()?;
        let missing = usize::try_from(length - bytes.len() as u64).unwrap_or(usize::MAX);
        bytes.extend_from_slice(&filler[..missing.min(filler.len())]);
    }
    let file = private::open_file(path)?;
    file.write_all_at(&bytes, 0)?;
    Ok(file.sync_data()?)
}
