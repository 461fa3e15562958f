//! Stores of which a write failed. When the system could not write a page it has told so once; from then on
//! it may take the page for written, give it out as long as it has it in memory, and sync without writing
//! it. What such a store's files say is written over itself before anything is built on it, so that it is
//! what lies on the disk.
//!
//! The system's memory outlives the process, so a mark is left for the next one where it goes with that
//! memory: in the runtime directory. It names none of the stores of a profile, for which were in use must
//! not show. Clauses: specs/07-store S-3, S-15.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use windbreak_protocol::label::Label;

use super::StoreError;
use crate::private::{self, PrivateError};

/// The files that commits write in place.
const FILES: [&str; 4] = ["db", "conf", "keys", "witness"];
/// Bytes that are written at once.
const STEP: usize = 256 * 1024;

/// It is the system's memory that is in doubt, which all of this process share, whoever opens a store.
static DOUBTS: Mutex<Doubts> =
    Mutex::new(Doubts { stores: BTreeSet::new(), asked: BTreeSet::new() });

struct Doubts {
    /// The folders of stores that are to be written over themselves.
    stores: BTreeSet<PathBuf>,
    /// The folders above stores for which a mark was looked for: what comes later is of this process.
    asked: BTreeSet<PathBuf>,
}

fn doubts() -> MutexGuard<'static, Doubts> {
    DOUBTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Says that a write to the store in `folder` failed.
pub(super) fn note(folder: &Path) {
    doubts().stores.insert(folder.to_owned());
    // What was being built is begun anew by whoever comes after. Where a mark cannot be left either, they
    // do not know.
    if !folder.ends_with("next")
        && let Err(why) = leave_mark(private::parent_of(folder))
    {
        tracing::debug!(%why, "what is in doubt could not be marked");
    }
}

/// Notes what fails with a reason of the system's.
pub(super) fn noting<T>(folder: &Path, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
    if let Err(StoreError::DiskFull | StoreError::Denied | StoreError::Io(_)) = outcome {
        note(folder);
    }
    outcome
}

/// Whether a write to the store in `folder` failed, and nobody has made up for it.
#[cfg(test)]
pub(super) fn is_noted(folder: &Path) -> bool {
    doubts().stores.contains(folder)
}

/// Writes the files of the closed store in `folder` over themselves, if they are in doubt.
pub(super) fn settle(folder: &Path) -> Result<(), StoreError> {
    let above = private::parent_of(folder);
    recall(above);
    if !doubts().stores.contains(folder) {
        return Ok(());
    }
    for name in FILES {
        write_anew(&folder.join(name))?;
    }
    let mut doubts = doubts();
    doubts.stores.remove(folder);
    if !doubts.stores.iter().any(|other| private::parent_of(other) == above) {
        // One that stays has the next process do the same again.
        let _ = fs::remove_file(mark(above));
    }
    Ok(())
}

/// Takes over what a process of before left in doubt: any of the stores may be.
fn recall(above: &Path) {
    let mut doubts = doubts();
    let mark = mark(above);
    // Under `/tmp` anybody may have made a folder of that name.
    let is_marked = || {
        private::narrow_folder(private::parent_of(&mark)).is_ok() && mark.symlink_metadata().is_ok()
    };
    if !doubts.asked.insert(above.to_owned()) || !is_marked() {
        return;
    }
    let Ok(entries) = fs::read_dir(above) else { return };
    let stores = entries.flatten().map(|entry| entry.path());
    doubts.stores.extend(stores.filter(|store| store.join("db").symlink_metadata().is_ok()));
}

/// Takes away what says of the stores in `above` that a write to them failed.
pub(crate) fn forget(above: &Path) -> Result<(), PrivateError> {
    private::remove_if_there(&mark(above))
}

fn leave_mark(above: &Path) -> Result<(), PrivateError> {
    let mark = mark(above);
    private::create_folder(private::parent_of(&mark))?;
    private::open_file(&mark).map(drop)
}

/// Where the mark of the stores in `above` is.
fn mark(above: &Path) -> PathBuf {
    let above = fs::canonicalize(above).unwrap_or_else(|_| above.to_owned());
    let hash = Label::STORE_DOUBT.hash(&[above.as_os_str().as_bytes()]);
    let runtime = private::runtime_folder(env::var_os("XDG_RUNTIME_DIR").as_deref());
    let folder = runtime.unwrap_or_else(private::temporary_folder);
    folder.join(format!("{}.doubt", data_encoding::HEXLOWER.encode(&hash[..16])))
}

fn write_anew(path: &Path) -> Result<(), StoreError> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let file = private::open_file(path)?;
    let (mut bytes, mut at) = (vec![0; STEP], 0);
    loop {
        let read = file.read_at(&mut bytes, at)?;
        if read == 0 {
            return Ok(file.sync_all()?);
        }
        file.write_all_at(&bytes[..read], at)?;
        at += read as u64;
    }
}

#[cfg(test)]
mod tests {
    use windbreak_protocol::secret::Secret;

    use super::*;
    use crate::store::{SledStore, StoreKey};

    const CACHE: u64 = 1024 * 1024;

    #[test]
    fn what_a_process_that_ended_had_in_doubt_is_in_doubt_for_the_next() {
        let root = tempfile::tempdir().unwrap();
        let above = root.path().join("stores");
        let key = StoreKey::from_secret(Secret::from_bytes([7; 32]));
        let stores = ["0", "1"].map(|number| above.join(number));
        for store in &stores {
            drop(SledStore::make(store, &key, CACHE).unwrap());
        }
        note(&stores[0]);
        // With the process goes what it remembers.
        doubts().stores.retain(|store| !store.starts_with(&above));
        doubts().asked.remove(&above);
        assert!(!is_noted(&stores[0]) && mark(&above).exists());
        // Which of the two it was does not show, so both are settled before the mark goes.
        drop(SledStore::open(&stores[1], &key, CACHE).unwrap());
        assert!(is_noted(&stores[0]) && !is_noted(&stores[1]) && mark(&above).exists());
        drop(SledStore::open(&stores[0], &key, CACHE).unwrap());
        assert!(!is_noted(&stores[0]) && !mark(&above).exists());
        note(&stores[0]);
        forget(&above).unwrap();
        assert!(!mark(&above).exists());
        doubts().stores.remove(&stores[0]);
    }
}
