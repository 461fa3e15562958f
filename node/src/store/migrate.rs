//! From one version of the store's layout to the next, one function per step. A step builds the new
//! store beside the old one and then takes its place; whenever it is interrupted, the next opening
//! finds one of them whole. Clause: specs/07-store S-6, S-13.

use std::fs;
use std::path::{Path, PathBuf};

use windbreak_protocol::record::{Batch, RecordKind};

use super::key_file::is_key_file;
use super::seal::{Seal, StoreKey};
use super::sealed::next_record;
use super::{SchemaVersion, SledStore, Store, StoreError, Tree, schema};
use crate::private;

/// Bytes of records carried over by one commit.
const MAX_STEP: usize = 1024 * 1024;
/// What the files of a store are called; the lock stays where it is.
const FILES: [&str; 6] = ["db", "conf", "blobs", "keys", "witness", "schema"];

/// Brings the store in `folder` to the current version, and gives the version it then has; `None`
/// for one that was never completed.
pub(super) fn bring_up_to_date(
    folder: &Path,
    key: &StoreKey,
    seal: &Seal,
    cache_bytes: u64,
) -> Result<Option<SchemaVersion>, StoreError> {
    finish_exchange(folder)?;
    // What was being built when the process ended: keys that are destroyed since may be in it.
    remove(&folder.join("next"))?;
    remove(&folder.join(".keys.new"))?;
    let path = folder.join("schema");
    loop {
        match schema::read(&path)? {
            Some(version) if version == SchemaVersion::new(1) => {
                from_first(folder, key, seal, cache_bytes)?;
            }
            version => return Ok(version),
        }
    }
}

/// From 1 to 2: every record is sealed under the key of its bucket instead of the store's.
fn from_first(
    folder: &Path,
    key: &StoreKey,
    seal: &Seal,
    cache_bytes: u64,
) -> Result<(), StoreError> {
    let old = Tree::open(folder, cache_bytes)?;
    let fresh = fresh_folder(folder)?;
    let copied = copy_first(&old, &fresh, key, seal, cache_bytes);
    old.close();
    copied?;
    exchange(folder)
}

fn copy_first(
    old: &Tree,
    fresh: &Path,
    key: &StoreKey,
    seal: &Seal,
    cache_bytes: u64,
) -> Result<(), StoreError> {
    let check = old.get(&seal.check_name())?.ok_or(StoreError::WrongKey)?;
    seal.open_check(&check)?;
    let mut store = SledStore::open(fresh, key, cache_bytes)?;
    let mut parts = old.scan_all_but(&seal.check_name())?;
    let (mut batch, mut bytes) = (Batch::new(), 0);
    while let Some((name, sealed)) = next_record(&mut parts)? {
        let (key, value) = seal.open_first(&name, &sealed)?;
        // These have one field less than now, and are over after an hour anyway.
        if key.kind() == RecordKind::DeviceCode {
            continue;
        }
        bytes += value.len();
        batch.put(key, value.to_vec());
        if bytes >= MAX_STEP {
            store.apply(std::mem::take(&mut batch))?;
            bytes = 0;
        }
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
pub(super) fn finish_exchange(folder: &Path) -> Result<(), StoreError> {
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
    // sled's snapshots speak of the old file: they go before the new one is opened.
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(b"snap.") {
            remove(&entry.path())?;
        }
    }
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
