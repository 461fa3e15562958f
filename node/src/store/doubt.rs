//! Stores of which a write failed in this process. When the system could not write a page it has told
//! so once; from then on it may take the page for written, give it out as long as it has it in memory,
//! and sync without writing it. What such a store's files say is written over itself before anything
//! is built on it, so that it is what lies on the disk. Clause: specs/07-store S-3.

use std::collections::BTreeSet;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::StoreError;
use crate::private;

/// The files that commits write in place.
const FILES: [&str; 4] = ["db", "conf", "keys", "witness"];
/// Bytes that are written at once.
const STEP: usize = 256 * 1024;

/// It is the system's memory that is in doubt, which all of this process share, whoever opens a store.
static DOUBTED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn doubted() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    DOUBTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Says that a write to the store in `folder` failed.
pub(super) fn note(folder: &Path) {
    doubted().insert(folder.to_owned());
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
    doubted().contains(folder)
}

/// Writes the files of the closed store in `folder` over themselves, if they are in doubt.
pub(super) fn settle(folder: &Path) -> Result<(), StoreError> {
    if !doubted().contains(folder) {
        return Ok(());
    }
    for name in FILES {
        write_anew(&folder.join(name))?;
    }
    doubted().remove(folder);
    Ok(())
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
