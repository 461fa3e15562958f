//! Records sealed on disk, each in one cell or several (`seal.rs`). Nothing on disk says which cells
//! belong together or which records share a bucket: the table of that is made when a store is opened,
//! by looking at all it has, and is kept in memory.
//!
//! A commit is three steps, each durable before the next: new keys into the key file, the records,
//! and away with the keys of what is gone. Clauses: specs/07-store S-1 to S-4, S-12, S-22.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use windbreak_protocol::record::{Batch, Key, RecordKind, Value};

use super::former::Former;
use super::key_file::{BucketId, KeyFile, ScopeTag};
use super::plan::Plan;
use super::scope::ScopeKind;
use super::seal::{Check, MAX_NAMED, Seal, SealedName, StoreKey, WITNESS_LEN};
use super::table::Table;
use super::{Store, StoreError, Tree, Visitor, Wanted, Wants, Writes};
use super::{chaff, check_sizes, doubt, long, migrate, schema};
use crate::private::{self, Lock, PrivateError};

/// Memory for the pages of a store where nothing else is configured, in bytes.
pub const DEFAULT_CACHE_BYTES: u64 = 64 * 1024 * 1024;
/// What stands beside the stores while it is tried whether there is room, and how much that is: a
/// segment of sled and a snapshot.
const ROOM: &str = ".room";
const ROOM_BYTES: usize = 1024 * 1024;
/// How much it is where nothing is to be written but what sled notes when it opens, in bytes.
const ROOM_TO_READ: usize = 256 * 1024;

/// Records sealed anew by one step of tidying, and a bucket more.
const TIDIED: usize = 1024;

/// The number of the commit that makes a store.
const FIRST_COMMIT: u64 = 1;

/// Called with the folder of a store when a commit is written and not yet synced, and again when it
/// is: a test of power loss keeps what was synced.
pub(crate) type Witnessed = Box<dyn FnMut(&Path, Moment) + Send>;

/// When a [`Witnessed`] is called.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Moment {
    /// Written, and not yet on the disk for certain.
    Written,
    /// On the disk.
    Synced,
}

/// A sealed store in a folder of its own.
pub struct SledStore {
    folder: PathBuf,
    pub(super) seal: Seal,
    pub(super) keys: KeyFile,
    /// `None` after a failed write: what sled then holds in memory may differ from the disk.
    tree: Option<Tree>,
    /// The tree after a failed write, for a glimpse.
    ended: Option<Tree>,
    /// Repeats the number of the last commit outside sled, which cuts its log at the first
    /// damaged byte and says nothing.
    witness: File,
    /// Commits this store has seen; the check record of each commit holds its number.
    commits: u64,
    /// What the last commit before the opening said.
    pub(super) found: Check,
    /// Whether all cells were looked at: until then the table is empty.
    pub(super) is_known: bool,
    /// Which records there are.
    pub(super) table: Table,
    /// Cells in the tree, whoever's, when they were looked at.
    pub(super) cells: usize,
    /// Records that the last commit counted and that are not there.
    pub(super) missing: u64,
    /// How many records each bucket seals, as far as that was counted.
    pub(super) counts: BTreeMap<BucketId, usize>,
    /// Buckets with something gone from them whose key lives on until the next tidying.
    pub(super) untidy: BTreeSet<BucketId>,
    observer: Option<Witnessed>,
    _lock: Lock,
}

impl SledStore {
    /// Makes a store in `folder`, or goes on with making one that was interrupted, and opens it.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] or [`StoreError::WrongKey`] where one is that holds anything, or some of one
    /// is, and as [`Self::open`].
    pub fn make(folder: &Path, key: &StoreKey, cache_bytes: u64) -> Result<Self, StoreError> {
        private::create_folder(folder)?;
        let lock = Lock::acquire(&folder.join("lock"))?;
        doubt::noting(folder, Self::open_locked(folder, key, cache_bytes, lock, true))
    }

    /// Opens the store in `folder`, which was made; an older one is brought up to date. `cache_bytes`
    /// bounds the page cache.
    ///
    /// # Errors
    /// [`StoreError::AlreadyOpen`], [`StoreError::WrongKey`], [`StoreError::NewerSchema`],
    /// [`StoreError::Damaged`], and what the system says.
    pub fn open(folder: &Path, key: &StoreKey, cache_bytes: u64) -> Result<Self, StoreError> {
        let mut store = Self::open_unread(folder, key, cache_bytes)?;
        store.know()?;
        Ok(store)
    }

    /// The same for whoever reads what is in it next, by [`Store::begin`]: before that, or before the
    /// first write, nobody has looked whether all is there.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_unread(
        folder: &Path,
        key: &StoreKey,
        cache_bytes: u64,
    ) -> Result<Self, StoreError> {
        match private::narrow_folder(folder) {
            // A store is made with what it belongs to: that it is gone is no reason to begin anew.
            Err(PrivateError::Missing) => return Err(StoreError::Damaged),
            narrowed => narrowed?,
        }
        let lock = Lock::acquire(&folder.join("lock"))?;
        doubt::noting(folder, Self::open_locked(folder, key, cache_bytes, lock, false))
    }

    fn open_locked(
        folder: &Path,
        key: &StoreKey,
        cache_bytes: u64,
        lock: Lock,
        is_new: bool,
    ) -> Result<Self, StoreError> {
        let seal = Seal::new(key);
        migrate::settle(folder)?;
        if schema::read(&folder.join("schema"))?.is_none() && !is_new {
            return Err(StoreError::Damaged);
        }
        let mut tree = Tree::open(folder, cache_bytes)?;
        if !is_new && Former::is(&tree, key)? {
            tree.close();
            migrate::from_former(folder, key, cache_bytes)?;
            tree = Tree::open(folder, cache_bytes)?;
        }
        Self::check_tree(&tree, &seal, is_new)?;
        // A death while it was tried whether there is room.
        private::remove_if_there(&private::parent_of(folder).join(ROOM))?;
        let witness = private::open_file(&folder.join("witness"))?;
        let path = folder.join("keys");
        let keys = if is_new { KeyFile::make(&path, key) } else { KeyFile::open(&path, key) }?;
        let mut store = Self {
            folder: folder.to_owned(),
            seal,
            keys,
            tree: Some(tree),
            ended: None,
            witness,
            commits: 0,
            found: Check::default(),
            is_known: is_new,
            table: Table::default(),
            cells: 0,
            missing: 0,
            counts: BTreeMap::new(),
            untidy: BTreeSet::new(),
            observer: None,
            _lock: lock,
        };
        if is_new {
            store.commit(Writes::default())?;
            schema::write(&folder.join("schema"))?;
        } else {
            store.found = store.compare_witness()?;
        }
        private::sync_folder(folder)?;
        Ok(store)
    }

    /// Finds which records there are, if nobody has yet.
    fn know(&mut self) -> Result<(), StoreError> {
        if self.is_known { Ok(()) } else { self.look_through(&|_| Wanted::Nothing, &mut |_, _| {}) }
    }

    /// Whether the tree is ours, and what it was.
    fn check_tree(tree: &Tree, seal: &Seal, is_new: bool) -> Result<(), StoreError> {
        if let Some(check) = tree.get(&seal.check_name())? {
            // A making that was interrupted leaves one commit, of nothing. With more, it is somebody's
            // store, and new keys would take all records with them.
            let check = seal.open_check(&check)?;
            let is_begun = !is_new || (check.commits, check.records) == (FIRST_COMMIT, 0);
            return if is_begun { Ok(()) } else { Err(StoreError::Damaged) };
        }
        match (tree.is_empty()?, is_new) {
            (true, true) => Ok(()),
            // A store that was complete once cannot have lost everything by itself.
            (true, false) => Err(StoreError::Damaged),
            (false, _) => Err(StoreError::WrongKey),
        }
    }

    /// The witness may be behind, as nobody waits for it to be durable, but never ahead. Gives what
    /// the last commit says.
    fn compare_witness(&mut self) -> Result<Check, StoreError> {
        let check = self.tree()?.get(&self.seal.check_name())?.ok_or(StoreError::Damaged)?;
        let check = self.seal.open_check(&check)?;
        self.commits = check.commits;
        let mut sealed = Vec::with_capacity(WITNESS_LEN);
        (&self.witness).take(WITNESS_LEN as u64).read_to_end(&mut sealed)?;
        if sealed.is_empty() {
            // The first start ended before it was written.
            self.bear_witness()?;
        } else if self.seal.open_witness(&sealed)? > self.commits {
            return Err(StoreError::Damaged);
        }
        Ok(check)
    }

    /// In place: the few bytes lie in one sector, which a disk writes as a whole.
    fn bear_witness(&self) -> Result<(), StoreError> {
        let sealed = self.seal.seal_witness(self.commits)?;
        Ok(self.witness.write_all_at(&sealed, 0)?)
    }

    /// Makes `writes` durable, with the number of the commit.
    fn commit(&mut self, mut writes: Writes) -> Result<(), StoreError> {
        let commits = self.commits.saturating_add(1);
        let records = self.table.len() as u64;
        let untidy = (self.untidy.len() <= MAX_NAMED).then(|| self.untidy.clone());
        let check = self.seal.seal_check(&Check { commits, records, untidy })?;
        writes.put(&self.seal.check_name(), &check);
        let tree = self.tree.as_ref().ok_or(StoreError::Stopped)?;
        let (observer, folder) = (&mut self.observer, &self.folder);
        tree.commit(writes, || {
            if let Some(observer) = observer {
                observer(folder, Moment::Written);
            }
        })?;
        if let Some(observer) = observer {
            observer(folder, Moment::Synced);
        }
        self.commits = commits;
        self.bear_witness()
    }

    /// Carries out a plan: keys, records, and away with keys.
    pub(super) fn carry_out(&mut self, plan: Plan) -> Result<(), StoreError> {
        let done = self.take_steps(plan);
        self.ending(done)
    }

    fn take_steps(&mut self, plan: Plan) -> Result<(), StoreError> {
        self.keys.save()?;
        // Before the commit, which counts them: one that fails ends the use of all this, too.
        for change in plan.changes {
            self.table.change(change);
        }
        self.untidy.retain(|bucket| !plan.doomed.contains(bucket));
        self.untidy.extend(plan.untidy);
        self.commit(plan.writes)?;
        for bucket in &plan.doomed {
            self.keys.destroy(bucket);
            self.counts.remove(bucket);
        }
        self.keys.save()
    }

    /// Destroys the keys of buckets that seal nothing: they went by age, or an interrupted step left
    /// them.
    pub(super) fn drop_empty_buckets(&mut self) -> Result<(), StoreError> {
        let all = self.keys.iter().map(|(id, _)| *id);
        let empty: Vec<_> = all.filter(|id| self.table.members(id).is_none()).collect();
        for id in empty {
            self.keys.destroy(&id);
            self.untidy.remove(&id);
        }
        self.keys.save()
    }

    /// Takes no more writes if one failed: what is in memory may differ from what lies on the disk.
    pub(super) fn ending<T>(&mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        if outcome.is_err() {
            doubt::note(&self.folder);
            self.ended = self.tree.take().or(self.ended.take());
        }
        outcome
    }

    /// What was not tidied before the last end: what the last commit named, or whatever may be.
    pub(super) fn find_untidy(&mut self, named: Option<BTreeSet<BucketId>>) {
        let passing = self.keys.iter().filter(|(_, bucket)| bucket.kind == ScopeKind::Passing);
        let mut untidy: BTreeSet<_> = passing.map(|(id, _)| *id).collect();
        if let Some(named) = named {
            untidy.retain(|id| named.contains(id));
        }
        self.untidy = untidy;
    }

    pub(super) fn tree(&self) -> Result<&Tree, StoreError> {
        self.tree.as_ref().ok_or(StoreError::Stopped)
    }

    /// The records a bucket seals.
    pub(super) fn members(&self, bucket: &BucketId) -> BTreeMap<SealedName, RecordKind> {
        self.table.members(bucket).cloned().unwrap_or_default()
    }

    /// The tag of a scope.
    pub(super) fn scope_tag(&self, name: &[u8]) -> ScopeTag {
        self.seal.scope_tag(name)
    }

    /// Calls `observer` at each commit from now on.
    #[cfg(test)]
    pub(crate) fn observe(&mut self, observer: Witnessed) {
        self.observer = Some(observer);
    }

    /// Whether the files may be written, and one beside the stores has room for `bytes` at `at`.
    fn try_room(&self, at: u64, bytes: usize) -> Result<(), StoreError> {
        for name in ["db", "conf", "keys", "witness"] {
            private::open_file(&self.folder.join(name))?;
        }
        let path = private::parent_of(&self.folder).join(ROOM);
        let written = private::open_file(&path).and_then(|file| {
            file.write_all_at(&vec![0; bytes], at)?;
            Ok(file.sync_data()?)
        });
        private::remove_if_there(&path)?;
        Ok(written?)
    }

    /// Does what writes, unless something is missing: the next commit would count what is left, and
    /// nothing would tell of the loss any more.
    fn guard<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.tree()?;
        self.know()?;
        if self.missing > 0 {
            return Err(StoreError::Damaged);
        }
        match work(self) {
            // It is refused before anything is written.
            Err(StoreError::TooLarge) => Err(StoreError::TooLarge),
            result => self.ending(result),
        }
    }
}

impl Store for SledStore {
    fn visit(
        &self,
        kind: RecordKind,
        visitor: &mut dyn FnMut(Key, Value),
    ) -> Result<(), StoreError> {
        self.visit_kind(kind, visitor)
    }

    fn visit_all(&self, wants: Wants<'_>, visitor: Visitor<'_>) -> Result<(), StoreError> {
        self.visit_wanted(wants, visitor)
    }

    fn visit_part(
        &self,
        part: u8,
        kind: RecordKind,
        visitor: &mut dyn FnMut(Key, Value),
    ) -> Result<(), StoreError> {
        self.visit_kind_in(part, kind, visitor)
    }

    fn is_visited_sooner(&self, records: usize) -> bool {
        !self.is_rare(records)
    }

    fn begin(&mut self, wants: Wants<'_>, visitor: Visitor<'_>) -> Result<(), StoreError> {
        if self.is_known {
            return self.visit_wanted(wants, visitor);
        }
        self.look_through(wants, visitor)
    }

    fn get(&self, key: &Key) -> Result<Option<Value>, StoreError> {
        Ok(self.record(&self.seal.name(key))?.map(|(_, value)| value))
    }

    fn glimpse(&self, key: &Key) -> Result<Option<Value>, StoreError> {
        let tree = self.ended.as_ref().map_or_else(|| self.tree(), Ok)?;
        Ok(self.read(tree, &self.seal.name(key))?.map(|(_, value)| value))
    }

    fn has_ended(&self) -> bool {
        self.ended.is_some()
    }

    fn could_reopen(&self) -> Result<(), StoreError> {
        // As large as the file of the records would become, with nothing before its end.
        let length = fs::metadata(self.folder.join("db"))?.len();
        self.try_room(length, ROOM_BYTES)
    }

    fn could_read_anew(&self) -> Result<(), StoreError> {
        self.try_room(0, ROOM_TO_READ)
    }

    fn apply(&mut self, batch: Batch) -> Result<(), StoreError> {
        check_sizes(&batch)?;
        if batch.is_empty() {
            return self.tree().map(|_| ());
        }
        self.guard(|store| {
            let plan = store.plan(&batch)?;
            if !long::fits(&plan.writes) {
                return Err(StoreError::TooLarge);
            }
            store.carry_out(plan)
        })
    }

    fn tidy(&mut self) -> Result<(), StoreError> {
        while !self.tidy_some()? {}
        Ok(())
    }

    fn tidy_some(&mut self) -> Result<bool, StoreError> {
        self.guard(|store| {
            store.drop_empty_buckets()?;
            let plan = store.plan_tidying(TIDIED)?;
            if !plan.doomed.is_empty() {
                store.carry_out(plan)?;
            }
            Ok(store.untidy.is_empty())
        })
    }

    fn pad(&mut self, size: u64) -> Result<bool, StoreError> {
        self.guard(|store| chaff::pad(store.tree()?, size))
    }

    fn size(&self) -> Result<u64, StoreError> {
        self.tree()?.size()
    }
}

impl Drop for SledStore {
    fn drop(&mut self) {
        for tree in [self.tree.take(), self.ended.take()].into_iter().flatten() {
            tree.close();
        }
    }
}

impl std::fmt::Debug for SledStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SledStore(…)")
    }
}
