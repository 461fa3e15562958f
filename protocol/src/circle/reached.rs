//! Which devices are known to have an item: those that name it in something they wrote. Nothing is
//! sent for it, and nothing is concluded beyond it: who names what came after an item need not have
//! the item itself. Clause: specs/06-sync Y-31.

use std::collections::{BTreeMap, BTreeSet};

use crate::circle::Circle;
use crate::id::{DeviceId, ItemId};

impl Circle {
    /// How many devices of the head beside the author's are known to have these items.
    pub(crate) fn reached(&self, asked: &BTreeSet<ItemId>) -> BTreeMap<ItemId, usize> {
        let Some(ledger) = self.ledger().filter(|_| !asked.is_empty()) else {
            return BTreeMap::new();
        };
        let here: BTreeSet<DeviceId> = ledger.devices().copied().collect();
        let authors: BTreeMap<ItemId, DeviceId> =
            asked.iter().filter_map(|id| Some((*id, self.items.get(id)?.body.device))).collect();
        let by_short: BTreeMap<[u8; 16], ItemId> =
            authors.keys().map(|id| (id.short(), *id)).collect();
        let mut reached: BTreeMap<ItemId, BTreeSet<DeviceId>> = BTreeMap::new();
        let mut note = |id: &ItemId, device: DeviceId| {
            if authors.get(id).is_some_and(|author| *author != device) && here.contains(&device) {
                reached.entry(*id).or_default().insert(device);
            }
        };
        for item in self.items.values() {
            let body = &item.body;
            for short in &body.seen {
                if let Some(id) = by_short.get(short) {
                    note(id, body.device);
                }
            }
            // Nobody answers what they do not have: their program refuses it.
            for id in body.previous.iter().chain(body.gist.answers()) {
                note(id, body.device);
            }
        }
        for id in authors.keys() {
            note(id, self.key.id());
        }
        reached.into_iter().map(|(id, devices)| (id, devices.len())).collect()
    }
}
