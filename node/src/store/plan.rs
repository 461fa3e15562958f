//! What a batch means on disk: which records are written, which move to another bucket because
//! something beside them goes, and which keys go afterwards. Clause: specs/07-store S-12.

use std::collections::{BTreeMap, BTreeSet};

use windbreak_protocol::record::{Batch, Key, RecordKind};

use super::key_file::BucketId;
use super::scope::{Scope, ScopeKind};
use super::seal::{CELL, Head, SealedName};
use super::sealed::SledStore;
use super::table::Change;
use super::{StoreError, Writes};

/// One commit, and what follows from it.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) writes: Writes,
    /// Which records come and go by it.
    pub(super) changes: Vec<Change>,
    /// Buckets that seal nothing after it.
    pub(super) doomed: BTreeSet<BucketId>,
    /// Buckets with something gone from them.
    pub(super) untidy: BTreeSet<BucketId>,
}

/// What stands on disk of what a batch touches.
type Before = BTreeMap<SealedName, Head>;

impl SledStore {
    /// Plans a batch.
    pub(super) fn plan(&mut self, batch: &Batch) -> Result<Plan, StoreError> {
        let mut plan = Plan::default();
        let mut before = Before::new();
        // What goes from each bucket: deleted, or written anew.
        let mut leaving: BTreeMap<BucketId, BTreeSet<SealedName>> = BTreeMap::new();
        for (key, value) in batch.iter() {
            let name = self.seal.name(key);
            // Most of what is written is new, and to look for it takes a page of the store.
            if !self.table.may_have(&name) {
                continue;
            }
            let Some(standing) = self.standing(&name)? else { continue };
            before.insert(name, standing);
            let kind = self.keys.get(&standing.bucket).map(|bucket| bucket.kind);
            let goes = match kind {
                // Written anew is written anew under the same key, until that goes with the state.
                Some(ScopeKind::State | ScopeKind::Page | ScopeKind::Aging) => value.is_none(),
                _ => true,
            };
            if goes {
                leaving.entry(standing.bucket).or_default().insert(name);
            }
        }
        let states_written = self.states_written(batch);
        // All that is doomed first: nothing may move into a bucket whose turn comes after.
        let mut left = Vec::new();
        for (bucket, gone) in leaving {
            left.extend(self.plan_leaving(&mut plan, bucket, &gone, &states_written)?);
        }
        self.move_all(&mut plan, &left, &before)?;
        for (key, value) in batch.iter() {
            let name = self.seal.name(key);
            let was = before.get(&name).copied();
            let Some(value) = value else {
                if let Some(was) = was {
                    self.remove(&mut plan, &name, was);
                }
                continue;
            };
            let kept = was
                .map(|was| was.bucket)
                .filter(|bucket| !plan.doomed.contains(bucket) && self.keys.get(bucket).is_some());
            let bucket = match kept {
                Some(bucket) => bucket,
                None => self.bucket_for(&Scope::of(key), &plan.doomed)?,
            };
            self.put(&mut plan, &name, (key, value), bucket, was)?;
        }
        Ok(plan)
    }

    /// The buckets of states whose MLS records a batch writes: they live on.
    fn states_written(&self, batch: &Batch) -> BTreeSet<BucketId> {
        let written = batch
            .iter()
            .filter(|(key, value)| key.kind() == RecordKind::Namespace && value.is_some());
        written
            .filter_map(|(key, _)| self.keys.newest(&self.scope_tag(Scope::of(key).name())))
            .collect()
    }

    /// What becomes of a bucket from which something goes; gives what is to move out of it.
    fn plan_leaving(
        &mut self,
        plan: &mut Plan,
        bucket: BucketId,
        gone: &BTreeSet<SealedName>,
        states_written: &BTreeSet<BucketId>,
    ) -> Result<Vec<SealedName>, StoreError> {
        let kind = self.keys.get(&bucket).map_or(ScopeKind::Passing, |bucket| bucket.kind);
        match kind {
            ScopeKind::Passing => {
                plan.untidy.insert(bucket);
                return Ok(Vec::new());
            }
            // Its key goes with the last of it, not before.
            ScopeKind::Aging => return Ok(Vec::new()),
            ScopeKind::State if states_written.contains(&bucket) => return Ok(Vec::new()),
            ScopeKind::State | ScopeKind::Page | ScopeKind::Single => {}
        }
        let mut left = self.members(&bucket);
        left.retain(|name, _| !gone.contains(name));
        if kind == ScopeKind::State && left.values().any(|kind| *kind == RecordKind::Namespace) {
            return Ok(Vec::new());
        }
        plan.doomed.insert(bucket);
        Ok(left.into_keys().collect())
    }

    /// Seals records anew, in another bucket of their scope. What the batch itself writes or
    /// deletes is not among them.
    fn move_all(
        &mut self,
        plan: &mut Plan,
        names: &[SealedName],
        before: &Before,
    ) -> Result<(), StoreError> {
        for name in names.iter().filter(|name| !before.contains_key(*name)) {
            let was = self.standing(name)?.ok_or(StoreError::Damaged)?;
            let (key, value) = self.record(name)?.ok_or(StoreError::Damaged)?;
            let bucket = self.bucket_for(&Scope::of(&key), &plan.doomed)?;
            self.put(plan, name, (&key, &value), bucket, Some(was))?;
        }
        Ok(())
    }

    /// What is left in untidy buckets goes to others, and their keys go: of so many buckets that
    /// `records` are sealed anew, or of all.
    pub(super) fn plan_tidying(&mut self, records: usize) -> Result<Plan, StoreError> {
        let mut plan = Plan::default();
        let mut left = Vec::new();
        for bucket in &self.untidy {
            if left.len() >= records {
                break;
            }
            left.extend(self.members(bucket).into_keys());
            plan.doomed.insert(*bucket);
        }
        self.move_all(&mut plan, &left, &Before::new())?;
        Ok(plan)
    }

    /// The bucket that a new record of `scope` goes to.
    fn bucket_for(
        &mut self,
        scope: &Scope,
        doomed: &BTreeSet<BucketId>,
    ) -> Result<BucketId, StoreError> {
        let tag = self.scope_tag(scope.name());
        if let Some(newest) = self.keys.newest(&tag)
            && !doomed.contains(&newest)
            && self.count(&newest)? < scope.kind().capacity()
        {
            return Ok(newest);
        }
        let bucket = self.keys.add(tag, scope.kind())?;
        self.counts.insert(bucket, 0);
        Ok(bucket)
    }

    /// How many records a bucket seals, or sealed: deletions are not taken off.
    fn count(&mut self, bucket: &BucketId) -> Result<usize, StoreError> {
        if let Some(count) = self.counts.get(bucket) {
            return Ok(*count);
        }
        let unbounded = self.keys.get(bucket).is_some_and(|b| b.kind.capacity() == usize::MAX);
        let count = if unbounded { 0 } else { self.members(bucket).len() };
        self.counts.insert(*bucket, count);
        Ok(count)
    }

    /// Seals a record, and writes it over what stood at its name.
    fn put(
        &mut self,
        plan: &mut Plan,
        name: &SealedName,
        (key, value): (&Key, &[u8]),
        bucket: BucketId,
        was: Option<Head>,
    ) -> Result<(), StoreError> {
        let secret = &self.keys.get(&bucket).ok_or(StoreError::Damaged)?.key;
        let sealed = self.seal.seal(name, key, value, &bucket, secret)?;
        let cells = sealed.chunks(CELL);
        for left_over in cells.len()..was.map_or(0, |was| was.cells) {
            plan.writes.remove(&self.seal.cell_name(name, left_over));
        }
        for (number, cell) in cells.enumerate() {
            plan.writes.put(&self.seal.cell_name(name, number), cell);
        }
        let from = was.map(|was| was.bucket);
        if from != Some(bucket) {
            plan.changes.push(Change { name: *name, kind: key.kind(), from, to: Some(bucket) });
            *self.counts.entry(bucket).or_default() += 1;
        }
        Ok(())
    }

    fn remove(&self, plan: &mut Plan, name: &SealedName, was: Head) {
        for number in 0..was.cells {
            plan.writes.remove(&self.seal.cell_name(name, number));
        }
        let (kind, from) = (was.kind, Some(was.bucket));
        plan.changes.push(Change { name: *name, kind, from, to: None });
    }
}
