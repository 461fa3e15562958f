//! Looks at a whole store: whether every record opens and stands in the index of its bucket, and
//! writes it anew without what it does not need. Clause: specs/07-store S-14.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use windbreak_protocol::record::RecordKind;

use super::chaff::Size;
use super::seal::{NAME_LEN, Seal, StoreKey};
use super::sealed::{SledStore, next_record};
use super::{StoreError, Tree, Writes, key_file, migrate};
use crate::private::{self, Lock};

/// Bytes copied by one commit. What one commit replaces of another is free for the next.
const STEP: usize = 64 * 1024;
/// Memory for the pages of a store that is only copied, in bytes.
const CACHE_BYTES: u64 = 8 * 1024 * 1024;
/// Files beside the records that a copy takes over.
const BESIDE: [&str; 3] = ["keys", "witness", "schema"];

/// What was found in a store.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Inspection {
    /// Records that open.
    pub records: u64,
    /// Records that do not.
    pub damaged: u64,
    /// Records that the index of their bucket does not name.
    pub unlisted: u64,
    /// Buckets, each with a key of its own.
    pub buckets: usize,
    /// Bytes on disk.
    pub bytes: u64,
}

impl Inspection {
    /// Whether all is as it should be.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.damaged == 0 && self.unlisted == 0
    }
}

impl SledStore {
    /// Looks at every record.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read at all; single damaged records are counted.
    pub fn inspect(&self) -> Result<Inspection, StoreError> {
        let mut found = Inspection { bytes: self.tree()?.size()?, ..Inspection::default() };
        let mut listed: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (id, _) in self.keys.iter() {
            listed.insert(*id, self.members(id)?);
            found.buckets += 1;
        }
        for kind in RecordKind::ALL {
            let mut scan = self.tree()?.scan(&self.seal.kind_tag(kind))?;
            loop {
                let (name, sealed) = match next_record(&mut scan) {
                    Ok(Some(record)) => record,
                    Ok(None) => break,
                    // The scan does not get past a page that cannot be read.
                    Err(StoreError::Damaged) => {
                        found.damaged += 1;
                        break;
                    }
                    Err(error) => return Err(error),
                };
                if self.unseal(&name, &sealed).is_err() {
                    found.damaged += 1;
                    continue;
                }
                found.records += 1;
                let bucket = self.seal.bucket(&name, &sealed)?;
                if !listed.get(&bucket).is_some_and(|names| names.contains(&name)) {
                    found.unlisted += 1;
                }
            }
        }
        Ok(found)
    }

    /// What the store's own entries begin with: records by their kind, and the index.
    fn prefixes(&self) -> Vec<[u8; 8]> {
        let kinds = RecordKind::ALL.map(|kind| self.seal.kind_tag(kind));
        let buckets = self.keys.iter().map(|(id, _)| self.seal.bucket_tag(id));
        kinds.into_iter().chain(buckets).collect()
    }
}

/// Writes the closed store in `folder` anew: what it does not need any more is left behind. Without
/// its key, everything that stands in it is taken over. A copy that came out no smaller is dropped.
///
/// # Errors
/// [`StoreError`]; the store is then as it was.
pub(crate) fn compact(folder: &Path, key: Option<&StoreKey>) -> Result<(), StoreError> {
    let own = match key {
        Some(key) => {
            let store = SledStore::open(folder, key, CACHE_BYTES)?;
            Some((store.prefixes(), Seal::new(key).check_name()))
        }
        None => None,
    };
    let _lock = Lock::acquire(&folder.join("lock"))?;
    migrate::finish_exchange(folder)?;
    let fresh = migrate::fresh_folder(folder)?;
    let old = Tree::open(folder, CACHE_BYTES)?;
    let copied = copy(&old, &fresh, own);
    old.close();
    copied?;
    if Size::of(&fresh).records >= Size::of(folder).records {
        return migrate::remove(&fresh);
    }
    for name in BESIDE {
        let bytes = private::read_file(&folder.join(name), key_file::MAX_FILE)?;
        private::replace_file(&fresh.join(name), &bytes)?;
    }
    migrate::exchange(folder)
}

fn copy(
    old: &Tree,
    fresh: &Path,
    own: Option<(Vec<[u8; 8]>, [u8; NAME_LEN])>,
) -> Result<(), StoreError> {
    let fresh = Tree::open(fresh, CACHE_BYTES)?;
    let copied = match own {
        Some((prefixes, check)) => {
            let check_value = old.get(&check)?.ok_or(StoreError::Damaged)?;
            let mut writes = Writes::default();
            writes.put(&check, &check_value);
            fresh.commit(writes, || {})?;
            prefixes.iter().try_for_each(|prefix| copy_some(old.scan(prefix)?, &fresh))
        }
        None => copy_some(old.scan_all_but(&[])?, &fresh),
    };
    fresh.close();
    copied
}

fn copy_some(mut scan: super::Scan, fresh: &Tree) -> Result<(), StoreError> {
    let (mut writes, mut bytes) = (Writes::default(), 0);
    while let Some((at, value)) = scan.next()? {
        writes.put(&at, &value);
        bytes += at.len() + value.len();
        if bytes >= STEP {
            fresh.commit(std::mem::take(&mut writes), || {})?;
            bytes = 0;
        }
    }
    fresh.commit(writes, || {})
}
