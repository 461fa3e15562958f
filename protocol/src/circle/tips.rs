//! The tips: shown items that no other shown item names, and so what the next item of this device
//! names. What somebody who is gone said last is among them, until an item of those who stay names
//! it. They are worked out when somebody asks for them: while a device catches up its head moves
//! many times, and nobody asks in between. Clauses: specs/08-content I-5.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::circle::Circle;
use crate::id::{DeviceId, ItemId};
use crate::state::Short;
use crate::time::Timestamp;
use crate::view::shown;

/// The tips, unless something changed that was not looked at yet.
#[derive(Debug, Default)]
pub(crate) struct Tips(OnceLock<Known>);

#[derive(Debug)]
struct Known {
    /// Items of the head's devices that no other such item names.
    free: BTreeSet<ItemId>,
    /// What such items name.
    named: BTreeSet<Short>,
    /// For whom they were worked out.
    seen_from: SeenFrom,
}

/// What decides beside the items which of them are shown.
#[derive(Debug, Eq, PartialEq)]
struct SeenFrom {
    devices: BTreeSet<DeviceId>,
    departures: Vec<Vec<Short>>,
    /// How many items were handed over.
    handed: usize,
}

impl Circle {
    /// The tips.
    pub(super) fn tips(&self) -> &BTreeSet<ItemId> {
        &self.known_tips().free
    }

    /// Whether a shown item names this one.
    pub(super) fn is_named(&self, id: &ItemId) -> bool {
        self.known_tips().named.contains(&id.short())
    }

    /// What is shown has changed: the tips have to be worked out anew.
    pub(super) fn forget_tips(&mut self) {
        self.tips.0.take();
    }

    /// The head moved. Most changes leave in who was in, and so all tips as they are; to work them out anew takes
    /// a look at all that was ever said.
    pub(super) fn review_tips(&mut self) {
        if self.tips.0.get().is_some_and(|known| known.seen_from != self.seen_from()) {
            self.forget_tips();
        }
    }

    fn seen_from(&self) -> SeenFrom {
        let devices = self.ledger().into_iter().flat_map(|ledger| ledger.devices().copied());
        SeenFrom {
            devices: devices.collect(),
            departures: self.departures(),
            handed: self.history.handed.len(),
        }
    }

    /// Takes one item into account.
    pub(super) fn note_tip(&mut self, id: ItemId) {
        let Some(item) = self.items.get(&id) else {
            return;
        };
        let speaks =
            self.ledger().is_some_and(|ledger| ledger.member_of(&item.body.device).is_some());
        if !speaks || self.history.handed.contains_key(&id) {
            return;
        }
        // Nobody has asked yet: whoever asks takes all of them into account.
        let Some(known) = self.tips.0.get_mut() else {
            return;
        };
        let named: Vec<Short> = item.body.names().collect();
        let is_known = |short: &Short| {
            known.named.contains(short) || known.free.iter().any(|tip| tip.short() == *short)
        };
        if !named.iter().all(is_known) {
            // What somebody said who is gone may be shown by this, and what they named is named then.
            self.forget_tips();
            return;
        }
        known.free.retain(|tip| !named.contains(&tip.short()));
        known.named.extend(named);
        if !known.named.contains(&id.short()) {
            known.free.insert(id);
        }
    }

    fn known_tips(&self) -> &Known {
        self.tips.0.get_or_init(|| {
            let context = self.view_context(Timestamp::default());
            let shown = shown(&self.items, &context);
            let named: BTreeSet<Short> = shown.iter().flat_map(|item| item.body.names()).collect();
            // What is from before this device's member came is the others' to name.
            let free = shown.into_iter().map(|item| item.id);
            let free = free.filter(|id| !self.history.handed.contains_key(id));
            let free = free.filter(|id| !named.contains(&id.short())).collect();
            Known { free, named, seen_from: self.seen_from() }
        })
    }
}
