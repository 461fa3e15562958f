//! Panic: the keys of all profiles of a folder go, within moments, without a passphrase and whether
//! a node runs or not; then the files. Clause: specs/07-store S-16.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::header_path;
use crate::private::{self, PrivateError};
use crate::store::{forget_doubt, is_key_file};

/// How deep files of a profile lie.
const MAX_DEPTH: usize = 4;

/// Destroys every profile in `folder`. First what the keys are wrapped in is overwritten in place
/// and synced, which takes milliseconds; from then on nothing in the folder can be opened by
/// anybody. Then the files are removed. What can be done is done: the first error is told at the
/// end. A node that has the profile open must be ended too: its memory holds keys.
///
/// # Errors
/// [`PrivateError`]: some of it may be left.
pub fn destroy(folder: &Path) -> Result<(), PrivateError> {
    let mut outcome = overwrite(&header_path(folder));
    let mut keys = Vec::new();
    find_keys(folder, 0, &mut keys);
    for path in keys {
        outcome = outcome.and(overwrite(&path));
    }
    // What lies elsewhere, and says that there was something here.
    outcome = outcome.and(forget_doubt(&folder.join("stores")));
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return outcome.and(Err(error.into())),
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let removed = match entry.file_type() {
            // Whoever holds the lock lets it go; a new one in its place could be held beside it.
            _ if entry.file_name() == *"lock" => Ok(()),
            Ok(kind) if kind.is_dir() => fs::remove_dir_all(&path),
            _ => fs::remove_file(&path),
        };
        match removed.map_err(PrivateError::from) {
            // A node that ends removes its socket.
            Ok(()) | Err(PrivateError::Missing) => {}
            Err(error) => outcome = outcome.and(Err(error)),
        }
    }
    outcome
}

/// Overwrites a file with zeros, if there is one.
fn overwrite(path: &Path) -> Result<(), PrivateError> {
    let Ok(metadata) = path.symlink_metadata() else { return Ok(()) };
    if !metadata.is_file() {
        return Ok(());
    }
    let file = File::options().write(true).open(path)?;
    private::overwrite(&file, metadata.len())
}

fn find_keys(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => {
                find_keys(&entry.path(), depth + 1, found);
            }
            Ok(kind) if kind.is_file() && is_key_file(&entry.path()) => found.push(entry.path()),
            _ => {}
        }
    }
}
