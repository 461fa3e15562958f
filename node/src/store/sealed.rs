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
use super::seal::{CELL, Head, Seal, SealedName, StoreKey, WITNESS_LEN};
use super::table::Table;
use super::{Store, StoreError, Tree, Writes, chaff, check_sizes, migrate, schema};
use crate::private::{self, Lock};

/// Memory for the pages of a store where nothing else is configured, in bytes.
pub const DEFAULT_CACHE_BYTES: u64 = 64 * 1024 * 1024;
/// What stands beside the stores while it is tried whether there is room, and how much that is: a
/// segment of sled and a snapshot.
const ROOM: &str = ".room";
const ROOM_BYTES: usize = 1024 * 1024;
/// How much it is where nothing is to be written but what sled notes when it opens, in bytes.
const ROOM_TO_READ: usize = 256 * 1024;
/// A kind of which the store has one cell in so many is read in the order of the cells, page by page;
/// what is rarer by its names.
const RARE: usize = 8;

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
    /// Which records there are.
    pub(super) table: Table,
    /// Cells in the tree, whoever's, when it was opened.
    cells: usize,
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
    /// Opens the store in `folder`, or makes one there; an older one is brought up to date.
    /// `cache_bytes` bounds the page cache.
    ///
    /// # Errors
    /// [`StoreError::AlreadyOpen`], [`StoreError::WrongKey`], [`StoreError::NewerSchema`],
    /// [`StoreError::Damaged`], and what the system says.
    pub fn open(folder: &Path, key: &StoreKey, cache_bytes: u64) -> Result<Self, StoreError> {
        private::create_folder(folder)?;
        let lock = Lock::acquire(&folder.join("lock"))?;
        let seal = Seal::new(key);
        migrate::settle(folder)?;
        let version = schema::read(&folder.join("schema"))?;
        let mut tree = Tree::open(folder, cache_bytes)?;
        let is_new = version.is_none();
        if !is_new && Former::is(&tree, key)? {
            tree.close();
            migrate::from_former(folder, key, cache_bytes)?;
            tree = Tree::open(folder, cache_bytes)?;
        }
        Self::check_tree(&tree, &seal, is_new)?;
        // A death while it was tried whether there is room.
        private::remove_if_there(&private::parent_of(folder).join(ROOM))?;
        let witness = private::open_file(&folder.join("witness"))?;
        let keys = KeyFile::open(&folder.join("keys"), key, is_new)?;
        let mut store = Self {
            folder: folder.to_owned(),
            seal,
            keys,
            tree: Some(tree),
            ended: None,
            witness,
            commits: 0,
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
            store.look_through()?;
            let records = store.compare_witness()?;
            store.missing = records.saturating_sub(store.table.len() as u64);
        }
        // A record whose head does not read has a bucket, too: its key is kept for whoever mends it.
        if store.missing == 0 {
            store.drop_empty_buckets()?;
        }
        private::sync_folder(folder)?;
        Ok(store)
    }

    /// Whether the tree is ours, and what it was.
    fn check_tree(tree: &Tree, seal: &Seal, is_new: bool) -> Result<(), StoreError> {
        if let Some(check) = tree.get(&seal.check_name())? {
            // A first start that was interrupted leaves one commit, of nothing. With more, only the
            // file that says the version is gone, and new keys would take all records with them.
            let is_begun = !is_new || seal.open_check(&check)? == (FIRST_COMMIT, 0);
            return if is_begun { Ok(()) } else { Err(StoreError::Damaged) };
        }
        match (tree.is_empty()?, is_new) {
            (true, true) => Ok(()),
            // A store that was complete once cannot have lost everything by itself.
            (true, false) => Err(StoreError::Damaged),
            (false, _) => Err(StoreError::WrongKey),
        }
    }

    /// Finds which records there are. What no key of this store made is passed over.
    fn look_through(&mut self) -> Result<(), StoreError> {
        let (mut table, mut cells) = (Table::default(), 0);
        let mut scan = self.tree()?.scan_all()?;
        while let Some((at, cell)) = scan.next()? {
            cells += 1;
            if let Some((name, head)) = self.own_head(&at, &cell) {
                table.put(head.bucket, name, head.kind);
            }
        }
        (self.table, self.cells) = (table, cells);
        Ok(())
    }

    /// What a cell says, if it is the first of a record of this store.
    fn own_head(&self, at: &[u8], cell: &[u8]) -> Option<(SealedName, Head)> {
        let name = at.try_into().ok().filter(|_| cell.len() == CELL)?;
        let head = self.seal.head(&name, cell)?;
        self.keys.get(&head.bucket).is_some().then_some((name, head))
    }

    /// The witness may be behind, as nobody waits for it to be durable, but never ahead. Gives how
    /// many records there were after the last commit.
    fn compare_witness(&mut self) -> Result<u64, StoreError> {
        let check = self.tree()?.get(&self.seal.check_name())?.ok_or(StoreError::Damaged)?;
        let (commits, records) = self.seal.open_check(&check)?;
        self.commits = commits;
        let mut sealed = Vec::with_capacity(WITNESS_LEN);
        (&self.witness).take(WITNESS_LEN as u64).read_to_end(&mut sealed)?;
        if sealed.is_empty() {
            // The first start ended before it was written.
            self.bear_witness()?;
        } else if self.seal.open_witness(&sealed)? > self.commits {
            return Err(StoreError::Damaged);
        }
        Ok(records)
    }

    /// In place: the few bytes lie in one sector, which a disk writes as a whole.
    fn bear_witness(&self) -> Result<(), StoreError> {
        let sealed = self.seal.seal_witness(self.commits)?;
        Ok(self.witness.write_all_at(&sealed, 0)?)
    }

    /// Makes `writes` durable, with the number of the commit.
    fn commit(&mut self, mut writes: Writes) -> Result<(), StoreError> {
        let commits = self.commits.saturating_add(1);
        let check = self.seal.seal_check(commits, self.table.len() as u64)?;
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
        self.keys.save()?;
        // Before the commit, which counts them: one that fails ends the use of the table, too.
        for change in plan.changes {
            self.table.change(change);
        }
        self.commit(plan.writes)?;
        for bucket in &plan.doomed {
            self.keys.destroy(bucket);
            self.counts.remove(bucket);
            self.untidy.remove(bucket);
        }
        self.untidy.extend(plan.untidy);
        self.keys.save()
    }

    /// Destroys the keys of buckets that seal nothing: an interrupted step left them.
    fn drop_empty_buckets(&mut self) -> Result<(), StoreError> {
        let mut empty = Vec::new();
        for (id, bucket) in self.keys.iter() {
            if self.table.members(id).is_none() {
                empty.push(*id);
            } else if bucket.kind == super::scope::ScopeKind::Passing {
                // What was not tidied before the last end is tidied in this run.
                self.untidy.insert(*id);
            }
        }
        for id in empty {
            self.keys.destroy(&id);
        }
        self.keys.save()
    }

    pub(super) fn tree(&self) -> Result<&Tree, StoreError> {
        self.tree.as_ref().ok_or(StoreError::Stopped)
    }

    /// The records a bucket seals.
    pub(super) fn members(&self, bucket: &BucketId) -> BTreeMap<SealedName, RecordKind> {
        self.table.members(bucket).cloned().unwrap_or_default()
    }

    /// What the first cell at `name` says, if there is one.
    pub(super) fn standing(&self, name: &SealedName) -> Result<Option<Head>, StoreError> {
        let Some(cell) = self.tree()?.get(name)? else { return Ok(None) };
        self.seal.head(name, &cell).map(Some).ok_or(StoreError::Damaged)
    }

    /// The record at `name`, if there is one.
    pub(super) fn record(&self, name: &SealedName) -> Result<Option<(Key, Value)>, StoreError> {
        self.read(self.tree()?, name)
    }

    fn read(&self, tree: &Tree, name: &SealedName) -> Result<Option<(Key, Value)>, StoreError> {
        let Some(cell) = tree.get(name)? else { return Ok(None) };
        let head = self.seal.head(name, &cell).ok_or(StoreError::Damaged)?;
        self.unseal(tree, name, head, &cell).map(Some)
    }

    /// The key and value of the record whose first cell this is.
    fn unseal(
        &self,
        tree: &Tree,
        name: &SealedName,
        head: Head,
        first: &[u8],
    ) -> Result<(Key, Value), StoreError> {
        let bucket = self.keys.get(&head.bucket).ok_or(StoreError::Damaged)?;
        let mut sealed = Vec::with_capacity(head.cells * CELL);
        sealed.extend_from_slice(first);
        for number in 1..head.cells {
            let cell = tree.get(&self.seal.cell_name(name, number))?;
            sealed.extend_from_slice(&cell.ok_or(StoreError::Damaged)?);
        }
        let (key, value) = self.seal.open(name, &head.bucket, &bucket.key, &sealed)?;
        if key.kind() == head.kind { Ok((key, value)) } else { Err(StoreError::Damaged) }
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
        if self.missing > 0 {
            return Err(StoreError::Damaged);
        }
        let result = work(self);
        if !matches!(result, Ok(_) | Err(StoreError::TooLarge)) {
            self.ended = self.tree.take();
        }
        result
    }
}

impl Store for SledStore {
    fn visit(
        &self,
        kind: RecordKind,
        visitor: &mut dyn FnMut(Key, Value),
    ) -> Result<(), StoreError> {
        if self.missing > 0 {
            return Err(StoreError::Damaged);
        }
        let tree = self.tree()?;
        let names = self.table.of_kind(kind);
        if names.len() * RARE < self.cells {
            for name in names {
                let (key, value) = self.read(tree, &name)?.ok_or(StoreError::Damaged)?;
                visitor(key, value);
            }
            return Ok(());
        }
        drop(names);
        self.visit_all(&|of| of == kind, visitor)
    }

    fn visit_all(
        &self,
        is_wanted: &dyn Fn(RecordKind) -> bool,
        visitor: &mut dyn FnMut(Key, Value),
    ) -> Result<(), StoreError> {
        if self.missing > 0 {
            return Err(StoreError::Damaged);
        }
        let tree = self.tree()?;
        let mut scan = tree.scan_all()?;
        while let Some((at, cell)) = scan.next()? {
            let own = self.own_head(&at, &cell);
            if let Some((name, head)) = own.filter(|(_, head)| is_wanted(head.kind)) {
                let (key, value) = self.unseal(tree, &name, head, &cell)?;
                visitor(key, value);
            }
        }
        Ok(())
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
            store.carry_out(plan)
        })
    }

    fn tidy(&mut self) -> Result<(), StoreError> {
        self.guard(|store| {
            store.drop_empty_buckets_of_age()?;
            while let Some(bucket) = store.untidy.pop_first() {
                let plan = store.plan_tidying(&bucket)?;
                store.carry_out(plan)?;
            }
            Ok(())
        })
    }

    fn pad(&mut self, size: u64) -> Result<bool, StoreError> {
        self.guard(|store| chaff::pad(store.tree()?, size))
    }

    fn size(&self) -> Result<u64, StoreError> {
        self.tree()?.size()
    }
}

impl SledStore {
    /// Destroys the keys of what has gone by age.
    fn drop_empty_buckets_of_age(&mut self) -> Result<(), StoreError> {
        let untidy = std::mem::take(&mut self.untidy);
        self.drop_empty_buckets()?;
        self.untidy = untidy;
        self.untidy.retain(|id| self.keys.get(id).is_some());
        Ok(())
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
