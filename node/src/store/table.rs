//! Which records a store has, by the bucket that seals them: what is on disk does not say it to
//! anybody without the key, and to who has it only record by record. Clause: specs/07-store S-22.

use std::collections::BTreeMap;

use windbreak_protocol::record::RecordKind;

use super::key_file::BucketId;
use super::seal::SealedName;

/// The records of a store.
#[derive(Default)]
pub(super) struct Table {
    buckets: BTreeMap<BucketId, BTreeMap<SealedName, RecordKind>>,
    records: usize,
}

/// That a record came to a bucket, or went from one, or both.
pub(super) struct Change {
    pub(super) name: SealedName,
    pub(super) kind: RecordKind,
    pub(super) from: Option<BucketId>,
    pub(super) to: Option<BucketId>,
}

impl Table {
    /// The table of these records, of which no two have one name.
    pub(super) fn new(mut records: Vec<(BucketId, SealedName, RecordKind)>) -> Self {
        // What is built of what is in order has no gaps, and is built quickly.
        records.sort_unstable();
        let mut table = Self { buckets: BTreeMap::new(), records: records.len() };
        for of_bucket in records.chunk_by(|one, next| one.0 == next.0) {
            let members = of_bucket.iter().map(|(_, name, kind)| (*name, *kind)).collect();
            table.buckets.insert(of_bucket[0].0, members);
        }
        table
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.records
    }

    /// The records a bucket seals; `None` if there are none.
    pub(super) fn members(&self, bucket: &BucketId) -> Option<&BTreeMap<SealedName, RecordKind>> {
        self.buckets.get(bucket)
    }

    /// Every record's name.
    pub(super) fn names(&self) -> impl Iterator<Item = &SealedName> {
        self.buckets.values().flat_map(BTreeMap::keys)
    }

    /// The names of all records of a kind.
    pub(super) fn of_kind(&self, kind: RecordKind) -> Vec<SealedName> {
        let members = self.buckets.values().flatten();
        members.filter(|(_, of)| **of == kind).map(|(name, _)| *name).collect()
    }

    /// That a record is of a bucket.
    fn put(&mut self, bucket: BucketId, name: SealedName, kind: RecordKind) {
        if self.buckets.entry(bucket).or_default().insert(name, kind).is_none() {
            self.records += 1;
        }
    }

    /// Takes note of a change.
    pub(super) fn change(&mut self, change: Change) {
        if let Some(bucket) = change.from
            && let Some(members) = self.buckets.get_mut(&bucket)
        {
            if members.remove(&change.name).is_some() {
                self.records -= 1;
            }
            if members.is_empty() {
                self.buckets.remove(&bucket);
            }
        }
        if let Some(bucket) = change.to {
            self.put(bucket, change.name, change.kind);
        }
    }
}
