//! Looks at a whole store: whether every record opens and none is missing, and writes it anew
//! without what it does not need. Clause: specs/07-store S-14.

use std::collections::BTreeSet;
use std::path::Path;

use super::chaff::Size;
use super::seal::{SealedName, StoreKey};
use super::sealed::SledStore;
use super::{StoreError, Tree, Writes, is_key_file, key_file, migrate};
use crate::private::{self, Lock};

/// Bytes copied by one commit: few, because what one commit replaces of another is free for the next,
/// and large ones would leave a store of some mebibytes no smaller.
const STEP: usize = 16 * 1024;
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
    /// Records that the last commit counted and that are not there.
    pub missing: u64,
    /// Buckets, each with a key of its own.
    pub buckets: usize,
    /// Bytes on disk.
    pub bytes: u64,
}

impl Inspection {
    /// Whether all is as it should be.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.damaged == 0 && self.missing == 0
    }
}

impl SledStore {
    /// Looks at every record.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read at all; single damaged records are counted.
    pub fn inspect(&self) -> Result<Inspection, StoreError> {
        let mut found = Inspection {
            missing: self.missing,
            buckets: self.keys.iter().count(),
            bytes: self.tree()?.size()?,
            ..Inspection::default()
        };
        for name in self.table.names() {
            match self.record(name) {
                Ok(Some(_)) => found.records += 1,
                Ok(None) | Err(StoreError::Damaged) => found.damaged += 1,
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// Where all cells of this store stand.
    fn own_cells(&self) -> Result<BTreeSet<SealedName>, StoreError> {
        // Its cells cannot be told from those of nobody, and would be left behind.
        if self.missing > 0 {
            return Err(StoreError::Damaged);
        }
        let mut cells = BTreeSet::from([self.seal.check_name()]);
        for name in self.table.names() {
            let head = self.standing(name)?.ok_or(StoreError::Damaged)?;
            cells.extend((0..head.cells).map(|number| self.seal.cell_name(name, number)));
        }
        Ok(cells)
    }
}

/// Writes the closed store in `folder` anew: what it does not need any more is left behind. Without
/// its key, everything that stands in it is taken over. A copy that came out no smaller is dropped.
///
/// # Errors
/// [`StoreError`]; the store is then as it was.
pub(crate) fn compact(folder: &Path, key: Option<&StoreKey>) -> Result<(), StoreError> {
    let own = match key {
        Some(key) => Some(SledStore::open(folder, key, CACHE_BYTES)?.own_cells()?),
        None => None,
    };
    let _lock = Lock::acquire(&folder.join("lock"))?;
    migrate::settle(folder)?;
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
        if is_key_file(Path::new(name)) {
            key_file::put_in_place(&fresh, &bytes)?;
        } else {
            private::replace_file(&fresh.join(name), &bytes)?;
        }
    }
    migrate::exchange(folder)
}

/// Copies cells in the order of their names, by which pages fill: all, or `own` alone.
fn copy(old: &Tree, fresh: &Path, own: Option<BTreeSet<SealedName>>) -> Result<(), StoreError> {
    let fresh = Tree::open(fresh, CACHE_BYTES)?;
    let copied = copy_some(old, &fresh, &|at| {
        own.as_ref().is_none_or(|own| at.try_into().is_ok_and(|at: SealedName| own.contains(&at)))
    });
    fresh.close();
    copied
}

fn copy_some(old: &Tree, fresh: &Tree, takes: &dyn Fn(&[u8]) -> bool) -> Result<(), StoreError> {
    let (mut writes, mut bytes) = (Writes::default(), 0);
    let mut scan = old.scan_all()?;
    while let Some((at, value)) = scan.next()? {
        if !takes(&at) {
            continue;
        }
        writes.put(&at, &value);
        bytes += at.len() + value.len();
        if bytes >= STEP {
            fresh.commit(std::mem::take(&mut writes), || {})?;
            bytes = 0;
        }
    }
    fresh.commit(writes, || {})
}
