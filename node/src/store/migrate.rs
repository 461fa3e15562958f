//! From an earlier version of the store's layout to today's. The new store is built beside the old
//! one and then takes its place; whenever that is interrupted, the next opening finds one of them
//! whole. Clause: specs/07-store S-6, S-13.

use std::fs;
use std::path::{Path, PathBuf};

use windbreak_protocol::record::{Batch, RecordKind};

use super::former::Former;
use super::key_file::{self, is_key_file};
use super::seal::StoreKey;
use super::{SledStore, Store, StoreError, doubt, forget_snapshots};
use crate::private;

/// Bytes of records carried over by one commit.
const MAX_STEP: usize = 1024 * 1024;
/// What the files of a store are called; the lock stays where it is.
const FILES: [&str; 6] = ["db", "conf", "blobs", "keys", "witness", "schema"];

/// Ends or undoes what an interruption left in the folder of a store.
pub(super) fn settle(folder: &Path) -> Result<(), StoreError> {
    doubt::settle(folder)?;
    finish_exchange(folder)?;
    // What was being built when the process ended: keys that are destroyed since may be in it.
    remove(&folder.join("next"))?;
    key_file::settle(folder)
}

/// From 1 or 2 to 3: every record is written anew, under a new key.
pub(super) fn from_former(
    folder: &Path,
    key: &StoreKey,
    cache_bytes: u64,
) -> Result<(), StoreError> {
    let old = Former::open(folder, key, cache_bytes)?;
    let fresh = fresh_folder(folder)?;
    let copied = copy_former(&old, &fresh, key, cache_bytes);
    old.close();
    copied?;
    exchange(folder)
}

fn copy_former(
    old: &Former,
    fresh: &Path,
    key: &StoreKey,
    cache_bytes: u64,
) -> Result<(), StoreError> {
    let mut store = SledStore::open(fresh, key, cache_bytes)?;
    let (mut batch, mut bytes) = (Batch::new(), 0);
    for kind in RecordKind::ALL {
        // Those of 1 have one field less than now, and are over after an hour anyway.
        if kind == RecordKind::DeviceCode && old.is_first() {
            continue;
        }
        old.visit(kind, &mut |key, value| {
            bytes += value.len();
            batch.put(key, value.to_vec());
            if bytes >= MAX_STEP {
                store.apply(std::mem::take(&mut batch))?;
                bytes = 0;
            }
            Ok(())
        })?;
    }
    store.apply(batch)
}

/// Where the store that takes the place of `folder`'s is built; what an interrupted attempt left
/// there is removed.
pub(super) fn fresh_folder(folder: &Path) -> Result<PathBuf, StoreError> {
    let fresh = folder.join("next");
    remove(&fresh)?;
    private::create_folder(&fresh)?;
    Ok(fresh)
}

/// Puts the finished store in `next` in the place of the one beside it.
pub(super) fn exchange(folder: &Path) -> Result<(), StoreError> {
    let ready = folder.join("ready");
    remove(&ready)?;
    // With this the new store counts; everything after it can be repeated.
    fs::rename(folder.join("next"), &ready)?;
    private::sync_folder(folder)?;
    finish_exchange(folder)
}

/// Ends an exchange that was begun, if one was.
fn finish_exchange(folder: &Path) -> Result<(), StoreError> {
    let ready = folder.join("ready");
    if ready.symlink_metadata().is_err() {
        return Ok(());
    }
    for name in FILES {
        let (from, to) = (ready.join(name), folder.join(name));
        // What was moved before an interruption is not there any more.
        if from.symlink_metadata().is_err() {
            continue;
        }
        remove(&to)?;
        fs::rename(&from, &to)?;
    }
    // They speak of the old file: they go before the new one is opened.
    forget_snapshots(folder)?;
    private::sync_folder(folder)?;
    remove(&ready)
}

/// Removes a file, or a folder with all in it; the keys of a store are overwritten first.
pub(crate) fn remove(path: &Path) -> Result<(), StoreError> {
    let Ok(metadata) = path.symlink_metadata() else { return Ok(()) };
    if metadata.is_dir() {
        for entry in fs::read_dir(path)? {
            remove(&entry?.path())?;
        }
        fs::remove_dir(path)?;
    } else {
        if metadata.is_file() && is_key_file(path) {
            private::overwrite(&private::open_file(path)?, metadata.len())?;
        }
        fs::remove_file(path)?;
    }
    Ok(())
}
