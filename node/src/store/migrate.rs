//! From an earlier version of the store's layout to today's. The new store is built beside the old
//! one and then takes its place; whenever that is interrupted, the next opening finds one of them
//! whole. Clause: specs/07-store S-6, S-13.

use std::fs;
use std::path::{Path, PathBuf};

use windbreak_protocol::record::{Batch, Key, RecordKind, Value};

use super::former::Former;
use super::key_file::{self, is_key_file};
use super::schema::SchemaVersion;
use super::seal::{CELL, StoreKey};
use super::{SledStore, Store, StoreError, doubt, forget_snapshots, long, schema};
use crate::private;

/// Bytes of records carried over by one commit that is no long one, each with what it fills up.
const MAX_PART: usize = 64 * 1024;
/// What the files of a store are called; the lock stays where it is.
const FILES: [&str; 6] = ["db", "conf", "blobs", "keys", "witness", "schema"];
/// Where a store lies that is whole, and has not taken the place of the one beside it yet.
const READY: &str = "ready";

/// Ends or undoes what an interruption left in the folder of a store. What a newer program left is
/// refused before anything of it is touched: it may mean something else by the same names.
pub(super) fn settle(folder: &Path) -> Result<(), StoreError> {
    for place in [folder.to_owned(), folder.join(READY)] {
        schema::read(&place.join("schema"))?;
    }
    doubt::settle(folder)?;
    finish_exchange(folder)?;
    // What was being built when the process ended: keys that are destroyed since may be in it.
    remove(&folder.join("next"))?;
    key_file::settle(folder)?;
    long::settle(folder)
}

/// What a step to the next version makes of a record; `None` where that does not know it any more.
type Step = fn(Key, Value) -> Option<(Key, Value)>;

/// The steps, by the version they begin at: a record goes through all from its own on.
const STEPS: [Step; SchemaVersion::CURRENT.get() as usize - 1] =
    [from_first_to_second, from_second_to_third];

/// Device codes have one field more, and are over after an hour anyway.
fn from_first_to_second(key: Key, value: Value) -> Option<(Key, Value)> {
    (key.kind() != RecordKind::DeviceCode).then_some((key, value))
}

/// Only how records lie on the disk differs.
#[expect(clippy::unnecessary_wraps, reason = "a step like the others")]
fn from_second_to_third(key: Key, value: Value) -> Option<(Key, Value)> {
    Some((key, value))
}

/// From any earlier version to today's: every record is written anew, under a new key.
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
    let steps = &STEPS[usize::from(old.version().get() - 1)..];
    let mut store = SledStore::make(fresh, key, cache_bytes)?;
    let (mut batch, mut bytes) = (Batch::new(), 0);
    for kind in RecordKind::ALL {
        old.visit(kind, &mut |key, value| {
            let record = steps.iter().try_fold((key, value), |(key, value), step| step(key, value));
            let Some((key, value)) = record else { return Ok(()) };
            bytes += value.len() + CELL;
            batch.put(key, value.to_vec());
            if bytes >= MAX_PART {
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
    let ready = folder.join(READY);
    remove(&ready)?;
    // With this the new store counts; everything after it can be repeated.
    fs::rename(folder.join("next"), &ready)?;
    private::sync_folder(folder)?;
    finish_exchange(folder)
}

/// Ends an exchange that was begun, if one was.
fn finish_exchange(folder: &Path) -> Result<(), StoreError> {
    let ready = folder.join(READY);
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
