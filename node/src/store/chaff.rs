//! Keeps the stores of a profile alike from outside. Whoever has the key of one knows nothing of
//! the others, so all are treated alike and without a key: records of random bytes make each as
//! large as the largest, and the same files are touched. A store passes over records that no key
//! of it made. Clause: specs/07-store S-15.

use std::fs;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::seal::{NAME_LEN, random};
use super::{MAX_PART, StoreError, Tree, Writes};
use crate::private::{self, Lock, PrivateError};

/// Records of one commit.
const STEP: usize = 64;
/// Memory for the pages of a store that is only padded, in bytes.
const CACHE_BYTES: u64 = 2 * 1024 * 1024;
/// Bytes of the shortest record that is added.
const MIN_RECORD: usize = 90;
/// The largest file that is read to be written back as it is, in bytes.
const MAX_TOUCHED: usize = 256 * 1024 * 1024;
/// Files that a store in use writes in place.
const TOUCHED: [&str; 2] = ["keys", "witness"];

/// Bytes on disk of the records of the store in `folder`; zero if there is none.
pub(crate) fn size_of(folder: &Path) -> u64 {
    fs::metadata(folder.join("db")).map_or(0, |metadata| metadata.len())
}

/// Makes the closed store in `folder` at least `size` bytes large, whoever's it is.
///
/// # Errors
/// [`StoreError`]; the store is then as it was, or larger.
pub(crate) fn pad_closed(folder: &Path, size: u64) -> Result<(), StoreError> {
    let _lock = Lock::acquire(&folder.join("lock"))?;
    let tree = Tree::open(folder, CACHE_BYTES)?;
    let padded = pad(&tree, size);
    tree.close();
    padded?;
    TOUCHED.into_iter().try_for_each(|name| touch(&folder.join(name)))
}

/// Makes a tree at least `size` bytes large.
pub(super) fn pad(tree: &Tree, size: u64) -> Result<(), StoreError> {
    while tree.size()? < size {
        let mut writes = Writes::default();
        for _ in 0..STEP {
            let drawn: [u8; 2] = random()?;
            let drawn = usize::from(u16::from_be_bytes(drawn));
            let name: [u8; NAME_LEN] = random()?;
            let bytes: [u8; MAX_PART] = random()?;
            let mut record = bytes[..MIN_RECORD + drawn % (MAX_PART - MIN_RECORD)].to_vec();
            // As a record of one part begins.
            record[..2].copy_from_slice(&1_u16.to_be_bytes());
            writes.put(&[name.as_slice(), &[0, 0]].concat(), &record);
            let tag: [u8; 8] = random()?;
            writes.put(&[tag.as_slice(), &name].concat(), &[]);
        }
        tree.commit(writes, || {})?;
    }
    Ok(())
}

/// Writes what stands in a file over itself.
fn touch(path: &Path) -> Result<(), StoreError> {
    let bytes = match private::read_file(path, MAX_TOUCHED) {
        Ok(bytes) => bytes,
        Err(PrivateError::Missing) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let file = private::open_file(path)?;
    file.write_all_at(&bytes, 0)?;
    Ok(file.sync_data()?)
}
