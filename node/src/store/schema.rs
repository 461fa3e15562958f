//! The version of what is kept on disk. It stands in the clear, so that a newer one is refused
//! before anything of it is read. How one becomes the next: `migrate.rs`. Clause: specs/07-store
//! S-6, S-13.

use std::path::Path;

use super::StoreError;
use crate::private::{self, PrivateError};

/// Opens the file that says the version.
const MAGIC: &[u8; 16] = b"windbreak/store\n";
/// The magic and the version (u16, big endian).
const LEN: usize = MAGIC.len() + 2;

/// A version of the store's layout, or of a profile's header.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct SchemaVersion(u16);

impl SchemaVersion {
    /// The first there was.
    const FIRST: Self = Self(1);
    /// What this program writes.
    pub const CURRENT: Self = Self(3);

    /// From its number.
    #[must_use]
    pub const fn new(number: u16) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// Whether this program can read it.
    #[must_use]
    pub const fn is_known(self) -> bool {
        Self::FIRST.0 <= self.0 && self.0 <= Self::CURRENT.0
    }
}

/// The version a store's folder says it has; `None` for a store that was never completed.
pub(super) fn read(path: &Path) -> Result<Option<SchemaVersion>, StoreError> {
    let bytes = match private::read_file(path, LEN) {
        Ok(bytes) => bytes,
        Err(PrivateError::Missing) => return Ok(None),
        Err(PrivateError::TooLong) => return Err(StoreError::Damaged),
        Err(error) => return Err(error.into()),
    };
    let Some(&[high, low]) = bytes.strip_prefix(MAGIC) else {
        return Err(StoreError::Damaged);
    };
    let version = SchemaVersion(u16::from_be_bytes([high, low]));
    if version > SchemaVersion::CURRENT {
        return Err(StoreError::NewerSchema { found: version.0, known: SchemaVersion::CURRENT.0 });
    }
    // There was never one before the first.
    if version.is_known() { Ok(Some(version)) } else { Err(StoreError::Damaged) }
}

/// Says of a store of whoever that a program of the current version has had it: which of the stores
/// of a folder were brought up to date must not show. What a store is like inside, who has its key
/// sees. One of the first version is alone in its folder.
pub(super) fn raise(path: &Path) -> Result<(), StoreError> {
    match read(path)? {
        Some(version) if SchemaVersion::FIRST < version && version < SchemaVersion::CURRENT => {
            write(path)
        }
        _ => Ok(()),
    }
}

/// Says that the store in this folder is complete and has the current version.
pub(super) fn write(path: &Path) -> Result<(), StoreError> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&SchemaVersion::CURRENT.0.to_be_bytes());
    Ok(private::replace_file(path, &bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_version_we_know_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("schema");
        assert_eq!(read(&path), Ok(None));
        write(&path).unwrap();
        assert_eq!(read(&path), Ok(Some(SchemaVersion::CURRENT)));
        for (number, error) in
            [(0_u16, StoreError::Damaged), (4, StoreError::NewerSchema { found: 4, known: 3 })]
        {
            let mut bytes = MAGIC.to_vec();
            bytes.extend_from_slice(&number.to_be_bytes());
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(read(&path), Err(error));
        }
        for wrong in [b"".as_slice(), b"windbreak/store\n", b"windbreak/stork\n\0\x01", &[0; 40]] {
            std::fs::write(&path, wrong).unwrap();
            assert_eq!(read(&path), Err(StoreError::Damaged));
        }
    }
}
