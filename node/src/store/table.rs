//! Which records a store has, by the bucket that seals them: what is on disk does not say it to
//! anybody without the key, and to who has it only record by record. Clause: specs/07-store S-22.

use std::collections::{BTreeMap, HashSet};

use windbreak_protocol::record::RecordKind;

use super::key_file::BucketId;
use super::seal::SealedName;

/// The records of a store.
#[derive(Default)]
pub(super) struct Table {
    buckets: BTreeMap<BucketId, BTreeMap<SealedName, RecordKind>>,
    records: usize,
    /// How the names of all records begin, and of some that have gone.
    beginnings: HashSet<[u8; BEGINNING]>,
}

/// Names are MACs, so that many bytes of one tell it from the others but for one in billions.
const BEGINNING: usize = 8;
/// Beginnings of what has gone that are kept at the least, before all are gathered anew.
const FEW_GONE: usize = 1024;

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
        let beginnings = records.iter().map(|(_, name, _)| beginning(name)).collect();
        let mut table = Self { buckets: BTreeMap::new(), records: records.len(), beginnings };
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

    /// Whether there may be a record of this name; if not, there is none.
    pub(super) fn may_have(&self, name: &SealedName) -> bool {
        self.beginnings.contains(&beginning(name))
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
        self.beginnings.insert(beginning(&name));
        // What has gone is not taken out one by one: another name may begin alike.
        if self.beginnings.len() > self.records * 2 + FEW_GONE {
            self.beginnings = self.names().map(beginning).collect();
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

fn beginning(name: &SealedName) -> [u8; BEGINNING] {
    std::array::from_fn(|at| name[at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::seal::NAME_LEN;

    fn name(number: u64) -> SealedName {
        let mut name = [7; NAME_LEN];
        name[..BEGINNING].copy_from_slice(&number.to_be_bytes());
        name
    }

    #[test]
    fn what_is_there_may_be_there_however_much_came_and_went() {
        let kind = RecordKind::Item;
        let bucket = BucketId::default();
        let change = |number, from, to| Change { name: name(number), kind, from, to };
        let mut table = Table::new(vec![(bucket, name(0), kind)]);
        for number in 1..5 * FEW_GONE as u64 {
            assert!(!table.may_have(&name(number)));
            table.change(change(number, None, Some(bucket)));
            assert!(table.may_have(&name(number)));
            // Written anew, as most are before they go.
            table.change(change(number, Some(bucket), Some(bucket)));
            if number % 8 != 0 {
                table.change(change(number, Some(bucket), None));
            }
        }
        for kept in (0..5 * FEW_GONE as u64).step_by(8) {
            assert!(table.may_have(&name(kept)));
        }
        assert!(table.beginnings.len() <= table.len() * 2 + FEW_GONE);
    }
}
