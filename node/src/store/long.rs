//! Commits that are longer than a segment of the database's log. The header of each segment says up to where
//! the log is stable, of what was written and not of what was synced. Where the power failed in the middle of
//! such a commit, and a header is on the disk and the segment that it speaks of is not, the database takes all
//! since its last snapshot for torn, and overwrites what was synced long ago. So a long commit is first written
//! to a file of its own, and then in parts that each come within a segment; whenever that is interrupted, the
//! next opening does what is left of it. It takes no key: whoever makes the stores of a folder alike does the
//! same for each. Clause: specs/07-store S-3.

use std::path::Path;

use super::seal::{CELL, NAME_LEN};
use super::{StoreError, Tree, Write, Writes, doubt};
use crate::private::{self, PrivateError};

/// The file, in the folder of a store. For each key: its length (2) | it | whether something is to stand there
/// (1) | if so, the length of that (2) | it.
const FILE: &str = "long";
/// The longest it gets, and what is read of it at the very most, in bytes.
const MAX: usize = 1024 * 1024 * 1024;
/// What a write takes in it beside its key and its value, in bytes.
const AROUND: usize = 2 + 1 + 2;
/// What a commit adds to what was planned: its number, in a cell.
const NUMBER: usize = AROUND + NAME_LEN + CELL;
/// What a write comes to in this file and in the database together, in bytes.
const OF_WRITE: u64 = 3584;
/// Writes for which there has to be room besides: a segment of the log is begun as a whole.
const SPARE: u64 = 300;
/// Memory for the pages of a store in which a commit is ended, in bytes.
const CACHE_BYTES: u64 = 2 * 1024 * 1024;

/// Whether a commit of this can be begun.
pub(super) fn fits(writes: &Writes) -> bool {
    length(writes).saturating_add(NUMBER) <= MAX
}

/// Makes durable what is about to be written. Nothing of it is, if this fails, as where there is no room for
/// it in the database, too: one that was begun has to be ended.
pub(super) fn begin(folder: &Path, writes: &Writes) -> Result<(), StoreError> {
    begin_within(folder, writes, MAX)
}

fn begin_within(folder: &Path, writes: &Writes, max: usize) -> Result<(), StoreError> {
    // What is not read again must not be begun: the store would be refused from then on.
    if length(writes) > max {
        return Err(StoreError::TooLarge);
    }
    let takes = (writes.0.len() as u64 + SPARE).saturating_mul(OF_WRITE);
    if private::free_bytes(folder).is_some_and(|free| free < takes) {
        return Err(StoreError::DiskFull);
    }
    let bytes = to_bytes(writes).ok_or(StoreError::Damaged)?;
    Ok(private::replace_file(&folder.join(FILE), &bytes)?)
}

/// All of it is written. From here on it must not be written once more.
pub(super) fn end(folder: &Path) -> Result<(), StoreError> {
    private::remove_if_there(&folder.join(FILE))?;
    Ok(private::sync_folder(folder)?)
}

/// Ends a commit that was begun in the closed store in `folder`, if one was.
pub(super) fn settle(folder: &Path) -> Result<(), StoreError> {
    let path = folder.join(FILE);
    // What never got its name was never begun.
    private::remove_if_there(&private::beside(&path)?)?;
    let bytes = match private::read_file(&path, MAX) {
        Ok(bytes) => bytes,
        Err(PrivateError::Missing) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let writes = from_bytes(&bytes).filter(Writes::are_short).ok_or(StoreError::Damaged)?;
    let tree = Tree::open(folder, CACHE_BYTES)?;
    let written = tree.write_parts(&writes, || {});
    tree.close();
    doubt::noting(folder, written)?;
    end(folder)
}

/// How long the file of some writes is, in bytes.
fn length(writes: &Writes) -> usize {
    let of = |(at, value): &Write| match value {
        Some(value) => AROUND + at.len() + value.len(),
        None => AROUND - 2 + at.len(),
    };
    writes.0.iter().map(of).fold(0, usize::saturating_add)
}

fn to_bytes(writes: &Writes) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(length(writes));
    for (at, value) in &writes.0 {
        put(&mut bytes, at)?;
        bytes.push(u8::from(value.is_some()));
        if let Some(value) = value {
            put(&mut bytes, value)?;
        }
    }
    Some(bytes)
}

fn put(bytes: &mut Vec<u8>, some: &[u8]) -> Option<()> {
    bytes.extend(u16::try_from(some.len()).ok()?.to_be_bytes());
    bytes.extend(some);
    Some(())
}

fn from_bytes(mut bytes: &[u8]) -> Option<Writes> {
    let mut writes = Vec::new();
    while !bytes.is_empty() {
        let at = take(&mut bytes)?;
        let (is_some, rest) = bytes.split_first()?;
        bytes = rest;
        let value = match is_some {
            0 => None,
            1 => Some(take(&mut bytes)?),
            _ => return None,
        };
        let write: Write = (at, value);
        writes.push(write);
    }
    Some(Writes(writes))
}

fn take(bytes: &mut &[u8]) -> Option<Vec<u8>> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (some, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    *bytes = rest;
    Some(some.to_vec())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::store::MAX_WRITES;

    const LONG: u16 = 1_000;

    fn at(number: u16) -> [u8; 2] {
        number.to_be_bytes()
    }

    /// Every other of the keys gets this value, and the others lose theirs.
    fn writes(value: u8) -> Writes {
        let mut writes = Writes::default();
        for number in 0..LONG {
            match number % 2 {
                0 => writes.put(&at(number), &[value; 2048]),
                _ => writes.remove(&at(number)),
            }
        }
        writes
    }

    fn holds(folder: &Path, value: u8) {
        let tree = Tree::open(folder, CACHE_BYTES).unwrap();
        for number in 0..LONG {
            let found = tree.get(&at(number)).unwrap().map(|found| found.to_vec());
            assert_eq!(found, (number % 2 == 0).then(|| vec![value; 2048]), "{number}");
        }
        tree.close();
    }

    #[test]
    fn a_long_commit_is_ended_wherever_it_was_interrupted() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path();
        let tree = Tree::open(folder, CACHE_BYTES).unwrap();
        for number in 0..LONG {
            let mut one = Writes::default();
            one.put(&at(number), b"before");
            tree.commit(one, || {}).unwrap();
        }
        tree.close();
        for parts in 0..=usize::from(LONG).div_ceil(MAX_WRITES) {
            let (value, tree) = (parts as u8, Tree::open(folder, CACHE_BYTES).unwrap());
            begin(folder, &writes(value)).unwrap();
            let written = writes(value).0.into_iter().take(parts * MAX_WRITES).collect();
            tree.write_parts(&Writes(written), || {}).unwrap();
            tree.close();
            settle(folder).unwrap();
            holds(folder, value);
            assert!(!folder.join(FILE).exists());
        }
    }

    #[test]
    fn a_commit_that_could_not_be_read_again_is_not_begun() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path();
        let bytes = to_bytes(&writes(1)).unwrap();
        assert_eq!(length(&writes(1)), bytes.len());
        assert_eq!(begin_within(folder, &writes(1), bytes.len() - 1), Err(StoreError::TooLarge));
        assert_eq!(fs::read_dir(folder).unwrap().count(), 0);
        begin_within(folder, &writes(1), bytes.len()).unwrap();
        settle(folder).unwrap();
        holds(folder, 1);
        assert!(fits(&writes(1)));
    }

    #[test]
    fn a_long_commit_leaves_nothing_behind_and_is_not_done_twice() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path();
        let tree = Tree::open(folder, CACHE_BYTES).unwrap();
        let (mut synced, mut during) = (0, false);
        tree.commit(writes(1), || {
            synced += 1;
            during = folder.join(FILE).exists();
        })
        .unwrap();
        assert!(synced == 1 && during && !folder.join(FILE).exists());
        tree.commit(writes(2), || {}).unwrap();
        tree.close();
        settle(folder).unwrap();
        holds(folder, 2);
    }

    #[test]
    fn what_was_not_begun_never_happened_and_what_is_no_commit_is_damage() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path();
        let tree = Tree::open(folder, CACHE_BYTES).unwrap();
        tree.commit(writes(1), || {}).unwrap();
        tree.close();
        let path = folder.join(FILE);
        fs::write(private::beside(&path).unwrap(), to_bytes(&writes(2)).unwrap()).unwrap();
        settle(folder).unwrap();
        holds(folder, 1);
        for wrong in [&[0][..], &[0, 1, 7], &[0, 1, 7, 2], &[0, 1, 7, 1, 0, 2, 9]] {
            fs::write(&path, wrong).unwrap();
            assert_eq!(settle(folder), Err(StoreError::Damaged), "{wrong:?}");
        }
    }
}
