//! The direct links a person chose for a circle: kept in the node's own records, because members
//! choose them per device and the circle knows nothing of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use windbreak_protocol::id::CircleId;
use windbreak_protocol::record::{Batch, Key, RecordKind, Value};

/// First part of the name of a record; the circle follows.
const NAME: &[u8] = b"links/";
/// Addresses of each sort per circle.
pub(crate) const MAX_ADDRESSES: usize = 16;

/// The direct links of one circle on this device.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct CircleLinks {
    /// Addresses to listen on.
    pub(crate) listen: BTreeSet<String>,
    /// Addresses to dial.
    pub(crate) dial: BTreeSet<String>,
}

impl CircleLinks {
    pub(crate) fn is_empty(&self) -> bool {
        self.listen.is_empty() && self.dial.is_empty()
    }
}

/// The direct links of all circles, and what of them is not written yet.
#[derive(Debug, Default)]
pub(crate) struct LinkBook {
    circles: BTreeMap<CircleId, CircleLinks>,
    unwritten: BTreeSet<CircleId>,
}

/// More addresses than a circle may have.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct TooMany;

impl LinkBook {
    /// Reads the book out of the node's own records; what is damaged is left out, since a link can
    /// be chosen again.
    pub(crate) fn load(records: &[(Key, Value)]) -> Self {
        let circles = records.iter().filter_map(|(key, value)| {
            let circle: [u8; 32] = key.name().strip_prefix(NAME)?.try_into().ok()?;
            let links = serde_json::from_slice(value).ok()?;
            Some((CircleId::from_bytes(circle), links))
        });
        Self { circles: circles.collect(), unwritten: BTreeSet::new() }
    }

    /// The links of a circle.
    pub(crate) fn of(&self, circle: &CircleId) -> CircleLinks {
        self.circles.get(circle).cloned().unwrap_or_default()
    }

    /// Adds addresses, all of them or none.
    pub(crate) fn add(
        &mut self,
        circle: &CircleId,
        listen: Vec<String>,
        dial: Vec<String>,
    ) -> Result<(), TooMany> {
        let mut links = self.of(circle);
        links.listen.extend(listen);
        links.dial.extend(dial);
        if links.listen.len() > MAX_ADDRESSES || links.dial.len() > MAX_ADDRESSES {
            return Err(TooMany);
        }
        self.set(circle, links);
        Ok(())
    }

    /// Takes addresses away; those that are not there are no error.
    pub(crate) fn remove(&mut self, circle: &CircleId, listen: &[String], dial: &[String]) {
        let mut links = self.of(circle);
        links.listen.retain(|address| !listen.contains(address));
        links.dial.retain(|address| !dial.contains(address));
        self.set(circle, links);
    }

    /// Forgets a circle.
    pub(crate) fn forget(&mut self, circle: &CircleId) {
        self.set(circle, CircleLinks::default());
    }

    /// What changed since this was asked last: the batch to write, and the circles it is about.
    pub(crate) fn take_changes(&mut self) -> (Batch, BTreeSet<CircleId>) {
        let changed = std::mem::take(&mut self.unwritten);
        let mut batch = Batch::new();
        for circle in &changed {
            let key = Key::new(RecordKind::Node, &[NAME, circle.as_bytes()]);
            match self.circles.get(circle).map(serde_json::to_vec) {
                Some(Ok(bytes)) => batch.put(key, bytes),
                // Sets of strings always encode.
                Some(Err(_)) | None => batch.delete(key),
            }
        }
        (batch, changed)
    }

    fn set(&mut self, circle: &CircleId, links: CircleLinks) {
        if self.of(circle) == links {
            return;
        }
        if links.is_empty() {
            self.circles.remove(circle);
        } else {
            self.circles.insert(*circle, links);
        }
        self.unwritten.insert(*circle);
    }
}

#[cfg(test)]
mod tests {
    use windbreak_protocol::secret::SecretBytes;

    use super::*;

    fn records(batch: &Batch) -> Vec<(Key, Value)> {
        let written = batch.iter().filter_map(|(key, value)| Some((key.clone(), value?)));
        written.map(|(key, value)| (key, SecretBytes::new(value.to_vec()))).collect()
    }

    #[test]
    fn what_was_written_is_read_again() {
        let circle = CircleId::from_bytes([7; 32]);
        let mut book = LinkBook::default();
        book.add(&circle, vec!["/ip4/127.0.0.1/tcp/0".into()], vec!["/ip4/1.2.3.4/tcp/5".into()])
            .unwrap();
        let (batch, changed) = book.take_changes();
        assert_eq!(changed, BTreeSet::from([circle]));
        assert_eq!(LinkBook::load(&records(&batch)).of(&circle), book.of(&circle));
        assert!(book.take_changes().0.is_empty());

        book.remove(&circle, &["/ip4/127.0.0.1/tcp/0".into()], &["/ip4/1.2.3.4/tcp/5".into()]);
        let (batch, _) = book.take_changes();
        assert_eq!((batch.len(), records(&batch).len()), (1, 0));
    }

    #[test]
    fn too_many_addresses_change_nothing() {
        let circle = CircleId::from_bytes([7; 32]);
        let mut book = LinkBook::default();
        let many = (0..=MAX_ADDRESSES).map(|port| format!("/ip4/127.0.0.1/tcp/{port}"));
        assert_eq!(book.add(&circle, vec![], many.collect()), Err(TooMany));
        assert_eq!(book.of(&circle), CircleLinks::default());
        assert!(book.take_changes().0.is_empty());
    }
}
