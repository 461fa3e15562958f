//! Room that a relay sets aside on its disk. Its store writes a little when it is opened, so that on a
//! disk without a byte free nobody could read what is held; what lies here is given up for that, and set
//! aside anew once there is room. Clause: specs/06-sync Y-112.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::private::{self, PrivateError};

/// The file, in the relay's folder.
const FILE: &str = "reserve";
/// What opening a store takes, and a few times as much, in bytes.
const RESERVE: u64 = 4 * 1024 * 1024;
/// Written at once, in bytes.
const STEP: usize = 64 * 1024;

/// What is set aside.
pub(crate) struct Reserve {
    path: PathBuf,
    /// Whether all of it is there, as far as that was looked at.
    is_kept: bool,
    /// Whether it was given up, so that what is left of it is set aside again, however little.
    was_given_up: bool,
}

impl Reserve {
    /// That of a relay's folder.
    pub(crate) fn of(folder: &Path) -> Self {
        Self { path: folder.join(FILE), is_kept: false, was_given_up: false }
    }

    /// Sets aside what is not there yet; says whether all of it is.
    pub(crate) fn keep(&mut self) -> bool {
        if !self.is_kept {
            // What could be set aside until then stays.
            self.is_kept = self.set_aside().unwrap_or_else(|error| {
                tracing::debug!(%error, "no room could be set aside on the disk");
                false
            });
        }
        self.is_kept
    }

    /// Whether all of it was there at the last look.
    pub(crate) fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// Gives it up, so that a store can be opened; says whether there was any.
    pub(crate) fn give_up(&mut self) -> bool {
        self.is_kept = false;
        self.was_given_up |= fs::remove_file(&self.path).is_ok();
        self.was_given_up
    }

    fn set_aside(&self) -> Result<bool, PrivateError> {
        let there = fs::symlink_metadata(&self.path).map_or(0, |file| file.len());
        let free = private::free_bytes(private::parent_of(&self.path)).unwrap_or(RESERVE);
        let length = match there.saturating_add(free) {
            _ if there >= RESERVE => return Ok(true),
            room if room >= RESERVE => RESERVE,
            // What was given up is taken again as it comes back.
            room if there > 0 || self.was_given_up => room - room % STEP as u64,
            _ => return Ok(false),
        };
        let mut file = private::append_file(&self.path)?;
        let mut left = usize::try_from(length.saturating_sub(there)).unwrap_or_default();
        let mut bytes = [0; STEP];
        while left > 0 {
            let bytes = &mut bytes[..left.min(STEP)];
            // Zeros would take no room on a disk that packs what lies there.
            getrandom::fill(bytes).map_err(|_| PrivateError::Denied)?;
            file.write_all(bytes)?;
            left -= bytes.len();
        }
        file.sync_all()?;
        Ok(length == RESERVE)
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn what_was_set_aside_is_found_again_and_half_of_it_is_not_enough() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join(FILE);
        let mut reserve = Reserve::of(folder.path());
        assert!(!reserve.give_up(), "nothing was set aside");
        assert!(reserve.keep() && Reserve::of(folder.path()).keep());
        assert_eq!(fs::metadata(&path).unwrap().len(), RESERVE);
        assert!(reserve.give_up() && !path.exists());
        // As a death leaves it.
        fs::write(&path, b"the beginning").unwrap();
        assert!(Reserve::of(folder.path()).keep());
        assert_eq!(fs::metadata(&path).unwrap().len(), RESERVE);
    }
}
