//! What a relay holds, in memory: the index of its envelopes, when they arrived, how much room
//! they take. The bytes are in the store.

use std::collections::{BTreeMap, BTreeSet};

use windbreak_protocol::id::{EnvelopeId, Topic};
use windbreak_protocol::record::{Key, RecordKind};
use windbreak_protocol::time::Hour;

use crate::swarm::mailbox::Index;

/// One held envelope without its bytes.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Entry {
    /// The hour it arrived: first, so that entries sort by it.
    pub(crate) receipt: Hour,
    pub(crate) topic: Topic,
    pub(crate) id: EnvelopeId,
    pub(crate) hour: Hour,
    /// Bytes.
    pub(crate) len: u32,
}

const NAME: &[u8] = b"relay";

impl Entry {
    /// The record that says that the envelope is held; the envelope itself is under
    /// [`Key::envelope`]. Two records, so that a start need not read every envelope.
    pub(crate) fn to_record(self) -> (Key, Vec<u8>) {
        let hour = self.hour.get().to_be_bytes();
        let parts = [NAME, self.topic.as_bytes(), &hour, self.id.as_bytes()];
        let value = [self.receipt.get().to_be_bytes(), self.len.to_be_bytes()].concat();
        (Key::new(RecordKind::Node, &parts), value)
    }

    /// Reads what [`Self::to_record`] wrote.
    pub(crate) fn from_record(key: &Key, value: &[u8]) -> Option<Self> {
        let name = key.name().strip_prefix(NAME)?;
        let (topic, rest) = name.split_first_chunk::<32>()?;
        let (hour, id) = rest.split_first_chunk::<4>()?;
        let (receipt, len) = value.split_first_chunk::<4>()?;
        Some(Self {
            receipt: Hour::new(u32::from_be_bytes(*receipt)),
            topic: Topic::from_bytes(*topic),
            id: EnvelopeId::from_bytes(id.try_into().ok()?),
            hour: Hour::new(u32::from_be_bytes(*hour)),
            len: u32::from_be_bytes(len.try_into().ok()?),
        })
    }
}

/// Everything held.
#[derive(Default)]
pub(crate) struct Shelf {
    pub(crate) index: Index,
    by_receipt: BTreeSet<Entry>,
    topic_bytes: BTreeMap<Topic, u64>,
    bytes: u64,
}

impl Shelf {
    pub(crate) fn insert(&mut self, entry: Entry) {
        if self.index.insert(entry.topic, entry.hour, entry.id) {
            self.by_receipt.insert(entry);
            *self.topic_bytes.entry(entry.topic).or_default() += u64::from(entry.len);
            self.bytes += u64::from(entry.len);
        }
    }

    pub(crate) fn remove(&mut self, entry: &Entry) {
        if self.by_receipt.remove(entry) {
            self.index.remove(&entry.topic, &entry.id);
            self.bytes -= u64::from(entry.len);
            if let Some(bytes) = self.topic_bytes.get_mut(&entry.topic) {
                *bytes -= u64::from(entry.len);
                if *bytes == 0 {
                    self.topic_bytes.remove(&entry.topic);
                }
            }
        }
    }

    /// At most `limit` entries that arrived before `hour`, oldest first.
    pub(crate) fn received_before(&self, hour: Hour, limit: usize) -> Vec<Entry> {
        self.by_receipt
            .iter()
            .take_while(|entry| entry.receipt < hour)
            .take(limit)
            .copied()
            .collect()
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Bytes held of `topic`.
    pub(crate) fn bytes_of(&self, topic: &Topic) -> u64 {
        self.topic_bytes.get(topic).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes of memory this process has.
    fn resident() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
    }

    /// `cargo test --release -p windbreak-node --lib million_envelopes -- --ignored --nocapture`
    #[test]
    #[ignore = "takes hundreds of megabytes"]
    fn a_million_envelopes_take_little_memory_each() {
        const MANY: u32 = 1_000_000;
        let before = resident();
        let mut shelf = Shelf::default();
        for number in 0..MANY {
            let (mut topic, mut id) = ([0; 32], [0; 32]);
            topic[..4].copy_from_slice(&(number % 1000).to_be_bytes());
            // Ids come in no order.
            id[..4].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
            let hour = Hour::new(500_000 + number / 10_000);
            let (topic, id) = (Topic::from_bytes(topic), EnvelopeId::from_bytes(id));
            shelf.insert(Entry { receipt: hour, topic, id, hour, len: 2048 });
        }
        assert_eq!(shelf.index.len(), MANY as usize);
        let each = (resident() - before) / u64::from(MANY);
        println!("{MANY} envelopes: {each} bytes each");
        // 246 in a release build; with 2,000,000, as many as a relay takes, half a gigabyte.
        assert!(each < 280, "{each} bytes each");
    }
}
