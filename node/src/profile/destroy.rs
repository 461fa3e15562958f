//! Panic: the keys of all profiles of a folder go, within moments, without a passphrase and whether
//! a node runs or not; then the files. Clause: specs/07-store S-16.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::header_path;
use crate::private::{self, PrivateError};
use crate::store::{forget_doubt, is_key_file};

/// How deep files of a profile lie.
const MAX_DEPTH: usize = 4;

/// Destroys every profile in `folder`: first their keys, and then the files. What can be done is done: the
/// first error is told at the end. A node that has the profile open must be ended too: its memory holds
/// keys.
///
/// # Errors
/// [`PrivateError`]: some of it may be left.
pub fn destroy(folder: &Path) -> Result<(), PrivateError> {
    let keys = destroy_keys(folder);
    let files = remove_files(folder);
    keys.and(files)
}

/// Overwrites in place what the keys of every profile in `folder` are wrapped in, and waits until that is on
/// the disk, which takes milliseconds. From then on nothing in the folder can be opened by anybody.
///
/// # Errors
/// [`PrivateError`] for the first that could not be overwritten.
pub fn destroy_keys(folder: &Path) -> Result<(), PrivateError> {
    let mut outcome = overwrite(&header_path(folder));
    let mut keys = Vec::new();
    find_keys(folder, 0, &mut keys);
    for path in keys {
        outcome = outcome.and(overwrite(&path));
    }
    // What lies elsewhere, and says that there was something here.
    outcome.and(forget_doubt(&folder.join("stores")))
}

/// Removes the files of every profile in `folder`, whose keys were destroyed.
///
/// # Errors
/// [`PrivateError`] for the first that is left.
pub fn remove_files(folder: &Path) -> Result<(), PrivateError> {
    let entries = match fs::read_dir(folder).map_err(PrivateError::from) {
        Ok(entries) => entries,
        Err(PrivateError::Missing) => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut outcome = Ok(());
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

/// Destroys a profile that was just made, finished or not, and with it its folder if nothing else is in it.
///
/// # Errors
/// [`PrivateError`]: some of it may be left.
pub fn discard(folder: &Path) -> Result<(), PrivateError> {
    destroy(folder)?;
    private::remove_if_there(&folder.join("lock"))?;
    match fs::remove_dir(folder) {
        // Something that is not ours.
        Err(error) if error.kind() == std::io::ErrorKind::DirectoryNotEmpty => Ok(()),
        outcome => Ok(outcome?),
    }
}

/// Overwrites a file with zeros, if there is one.
fn overwrite(path: &Path) -> Result<(), PrivateError> {
    let Ok(metadata) = path.symlink_metadata() else { return Ok(()) };
    if !metadata.is_file() {
        return Ok(());
    }
    match File::options().write(true).open(path).map_err(PrivateError::from) {
        Ok(file) => private::overwrite(&file, metadata.len()),
        // A node that was at work gave it another name, or took it away.
        Err(PrivateError::Missing) => Ok(()),
        Err(error) => Err(error),
    }
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
