//! Records sealed on disk. Each stands in parts under its name, and in the index of its bucket:
//!
//! ```text
//! name on disk (32) | part (2)    →  a part; the first begins with the count of parts
//! bucket tag (8) | name (32)      →  nothing: that this record's key is that bucket's
//! ```
//! A commit is three steps, each durable before the next: new keys into the key file, the records,
//! and away with the keys of what is gone. Clauses: specs/07-store S-1 to S-4, S-12.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use windbreak_protocol::record::{Batch, Key, RecordKind, Value};

use super::key_file::{BucketId, KeyFile, ScopeTag};
use super::plan::Plan;
use super::seal::{NAME_LEN, Seal, SealedName, StoreKey, WITNESS_LEN};
use super::{
    Bytes, MAX_KEY_NAME, MAX_PART, MAX_VALUE, Scan, Store, StoreError, Tree, Writes, chaff,
    check_sizes, migrate, schema,
};
use crate::private::{self, Lock};

/// Memory for the pages of a store where nothing else is configured, in bytes.
pub const DEFAULT_CACHE_BYTES: u64 = 64 * 1024 * 1024;
/// What stands beside the stores while it is tried whether there is room, and how much that is: a
/// segment of sled and a snapshot.
const ROOM: &str = ".room";
const ROOM_BYTES: usize = 1024 * 1024;
/// The count of parts at the start of the first part, in bytes.
const COUNT_LEN: usize = 2;
/// More parts than any record has: sealing adds less than one part to name and value.
const MAX_PARTS: usize = (MAX_VALUE + MAX_KEY_NAME) / MAX_PART + 2;

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
        let version = migrate::bring_up_to_date(folder, key, &seal, cache_bytes)?;
        let tree = Tree::open(folder, cache_bytes)?;
        let is_new = version.is_none();
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
            counts: BTreeMap::new(),
            untidy: BTreeSet::new(),
            observer: None,
            _lock: lock,
        };
        if is_new {
            store.commit(Writes::default())?;
            schema::write(&folder.join("schema"))?;
        } else {
            store.compare_witness()?;
        }
        store.drop_empty_buckets()?;
        private::sync_folder(folder)?;
        Ok(store)
    }

    /// Whether the tree is ours, and what it was.
    fn check_tree(tree: &Tree, seal: &Seal, is_new: bool) -> Result<(), StoreError> {
        if tree.get(&seal.check_name())?.is_some() {
            return Ok(());
        }
        match (tree.is_empty()?, is_new) {
            (true, true) => Ok(()),
            // A store that was complete once cannot have lost everything by itself.
            (true, false) => Err(StoreError::Damaged),
            (false, _) => Err(StoreError::WrongKey),
        }
    }

    /// The witness may be behind, as nobody waits for it to be durable, but never ahead.
    fn compare_witness(&mut self) -> Result<(), StoreError> {
        let check = self.tree()?.get(&self.seal.check_name())?.ok_or(StoreError::Damaged)?;
        self.commits = self.seal.open_check(&check)?;
        let mut sealed = Vec::with_capacity(WITNESS_LEN);
        (&self.witness).take(WITNESS_LEN as u64).read_to_end(&mut sealed)?;
        if sealed.is_empty() {
            // The first start ended before it was written.
            return self.bear_witness();
        }
        if self.seal.open_witness(&sealed)? > self.commits {
            return Err(StoreError::Damaged);
        }
        Ok(())
    }

    /// In place: the few bytes lie in one sector, which a disk writes as a whole.
    fn bear_witness(&self) -> Result<(), StoreError> {
        let sealed = self.seal.seal_witness(self.commits)?;
        Ok(self.witness.write_all_at(&sealed, 0)?)
    }

    /// Makes `writes` durable, with the number of the commit.
    fn commit(&mut self, mut writes: Writes) -> Result<(), StoreError> {
        let commits = self.commits.saturating_add(1);
        writes.put(&self.seal.check_name(), &self.seal.seal_check(commits)?);
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
            if self.tree()?.scan(&self.seal.bucket_tag(id))?.next()?.is_none() {
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

    /// The names of the records a bucket seals.
    pub(super) fn members(&self, bucket: &BucketId) -> Result<BTreeSet<SealedName>, StoreError> {
        let tag = self.seal.bucket_tag(bucket);
        let mut scan = self.tree()?.scan(&tag)?;
        let mut members = BTreeSet::new();
        while let Some((at, _)) = scan.next()? {
            let name = at.get(tag.len()..).and_then(|name| name.try_into().ok());
            members.insert(name.ok_or(StoreError::Damaged)?);
        }
        Ok(members)
    }

    /// The sealed record at `name`, if there is one.
    pub(super) fn sealed(&self, name: &SealedName) -> Result<Option<Vec<u8>>, StoreError> {
        sealed_in(self.tree()?, name)
    }

    fn read(&self, tree: &Tree, key: &Key) -> Result<Option<Value>, StoreError> {
        let name = self.seal.name(key);
        match sealed_in(tree, &name)? {
            Some(sealed) => Ok(Some(self.unseal(&name, &sealed)?.1)),
            None => Ok(None),
        }
    }

    /// How many parts the record at `name` has, and its bucket; `None` if there is none.
    pub(super) fn standing(
        &self,
        name: &SealedName,
    ) -> Result<Option<(usize, BucketId)>, StoreError> {
        let Some(part) = self.tree()?.get(&part_name(name, 0)?)? else { return Ok(None) };
        let (count, sealed) = read_count(&part)?;
        Ok(Some((count, self.seal.bucket(name, sealed)?)))
    }

    /// The key and value of a sealed record.
    pub(super) fn unseal(
        &self,
        name: &SealedName,
        sealed: &[u8],
    ) -> Result<(Key, Value), StoreError> {
        let bucket = self.seal.bucket(name, sealed)?;
        let bucket = self.keys.get(&bucket).ok_or(StoreError::Damaged)?;
        self.seal.open(name, &bucket.key, sealed)
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

    fn guard<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.tree()?;
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
        let mut scan = self.tree()?.scan(&self.seal.kind_tag(kind))?;
        while let Some((name, sealed)) = next_record(&mut scan)? {
            let (key, value) = self.unseal(&name, &sealed)?;
            visitor(key, value);
        }
        Ok(())
    }

    fn get(&self, key: &Key) -> Result<Option<Value>, StoreError> {
        self.read(self.tree()?, key)
    }

    fn glimpse(&self, key: &Key) -> Result<Option<Value>, StoreError> {
        self.read(self.ended.as_ref().map_or_else(|| self.tree(), Ok)?, key)
    }

    fn could_reopen(&self) -> Result<(), StoreError> {
        // As large as the file of the records would become, with nothing before its end.
        let length = fs::metadata(self.folder.join("db"))?.len();
        let path = private::parent_of(&self.folder).join(ROOM);
        let written = private::open_file(&path).and_then(|file| {
            file.write_all_at(&vec![0; ROOM_BYTES], length)?;
            Ok(file.sync_data()?)
        });
        private::remove_if_there(&path)?;
        Ok(written?)
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

/// The sealed record at `name` in a tree, if there is one.
fn sealed_in(tree: &Tree, name: &SealedName) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(next_record(&mut tree.scan(name)?)?.map(|(_, sealed)| sealed))
}

/// The next record of a scan over parts, put together from them.
pub(super) fn next_record(parts: &mut Scan) -> Result<Option<(SealedName, Vec<u8>)>, StoreError> {
    let Some((at, part)) = parts.next()? else { return Ok(None) };
    let name = expect_part(&at, None, 0)?;
    let (count, chunk) = read_count(&part)?;
    let mut sealed = chunk.to_vec();
    for number in 1..count {
        let (at, part) = parts.next()?.ok_or(StoreError::Damaged)?;
        expect_part(&at, Some(&name), number)?;
        sealed.extend_from_slice(&part);
    }
    Ok(Some((name, sealed)))
}

/// The name in a key of the tree, which must be part `number` of the record at `name`.
fn expect_part(
    at: &Bytes,
    name: Option<&SealedName>,
    number: usize,
) -> Result<SealedName, StoreError> {
    let (found, rest) = at.split_first_chunk::<NAME_LEN>().ok_or(StoreError::Damaged)?;
    let is_expected = name.is_none_or(|name| name == found)
        && <[u8; 2]>::try_from(rest)
            .is_ok_and(|part| usize::from(u16::from_be_bytes(part)) == number);
    if is_expected { Ok(*found) } else { Err(StoreError::Damaged) }
}

/// Where part `number` of the record at `name` stands.
pub(super) fn part_name(
    name: &SealedName,
    number: usize,
) -> Result<[u8; NAME_LEN + 2], StoreError> {
    let number = u16::try_from(number).map_err(|_| StoreError::TooLarge)?;
    let mut at = [0; NAME_LEN + 2];
    at[..NAME_LEN].copy_from_slice(name);
    at[NAME_LEN..].copy_from_slice(&number.to_be_bytes());
    Ok(at)
}

/// The parts of a sealed record, the first with their count in front.
pub(super) fn split(sealed: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let count = (COUNT_LEN + sealed.len()).div_ceil(MAX_PART);
    let number = u16::try_from(count).map_err(|_| StoreError::TooLarge)?;
    let (head, rest) = sealed.split_at(sealed.len().min(MAX_PART - COUNT_LEN));
    let mut parts = Vec::with_capacity(count);
    parts.push([number.to_be_bytes().as_slice(), head].concat());
    parts.extend(rest.chunks(MAX_PART).map(<[u8]>::to_vec));
    Ok(parts)
}

/// The count of parts and the rest of a first part.
fn read_count(part: &[u8]) -> Result<(usize, &[u8]), StoreError> {
    let (count, chunk) = part.split_first_chunk::<COUNT_LEN>().ok_or(StoreError::Damaged)?;
    let count = usize::from(u16::from_be_bytes(*count));
    if count == 0 || count > MAX_PARTS { Err(StoreError::Damaged) } else { Ok((count, chunk)) }
}

const _: () = assert!(MAX_PARTS <= u16::MAX as usize);
