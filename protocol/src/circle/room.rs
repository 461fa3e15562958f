//! How much this device says under one state: no more than others can hear in whatever order it comes to
//! them. What is over that waits, signed and in its place, until there is another head. Clause:
//! specs/03-circle C-50.

use std::collections::BTreeMap;

use crate::circle::places::Places;
use crate::circle::seal::Message;
use crate::circle::send::Carries;
use crate::circle::{Circle, Standing, Step};
use crate::id::{DeviceId, ItemId, StateId};
use crate::limits::{MOST_SEALS_PER_STATE, SEALS_PER_STATE};
use crate::state::{SealPurpose, State};

impl Circle {
    /// Whether there is room under the head for more of what this device says.
    pub(super) fn has_room(&self) -> bool {
        self.sealed_under(&self.head) < SEALS_PER_STATE
    }

    /// How much this device has sealed under a state.
    fn sealed_under(&self, id: &StateId) -> u64 {
        self.states.get(id).and_then(State::held).map_or(0, |held| held.sent)
    }

    /// An item of this device waits to be sealed: its place among the others it has, but no keys.
    pub(super) fn wait_for_room(&mut self, step: &mut Step<'_>, id: &ItemId) {
        self.places_of.set(*id, Places::nowhere(step.now));
        self.write_places(step, id);
    }

    /// Where something waits and there is no room, this device makes itself some.
    pub(super) fn want_room(&mut self, step: &mut Step<'_>) {
        if self.places_of.unsealed() > 0 && !self.has_room() {
            self.want_renewal_now(step);
        }
    }

    /// An item that was to wait may not be sealed under this head, since somebody came: it is sealed where
    /// those are whom it is for. If there is no room either, they are handed it when they ask.
    pub(super) fn seal_where_it_was_said(&mut self, step: &mut Step<'_>, id: &ItemId) {
        if !self.places_of.is_unsealed(id) {
            return;
        }
        let Some((state, signed)) = self
            .items
            .get(id)
            .map(|item| item.body.first_state)
            .and_then(|state| Some((state, self.items.signed(id)?)))
        else {
            return;
        };
        let message = Message {
            state,
            purpose: SealPurpose::Item,
            plaintext: &signed.to_bytes(),
            carries: Carries::Item(*id),
        };
        if self.sealed_under(&state) < MOST_SEALS_PER_STATE {
            // Where it fails, it is mentioned all the same, and handed over to who asks.
            let _ = self.seal_message(step, &message);
        }
        self.note_place(step, *id, state);
        // Others have left that state, and may have let go of its keys.
        self.doubt_place(step, id);
        self.plan_carrying(step, id);
    }

    /// What was said, and has not left, is not to: words that were taken back, or are too old.
    pub(super) fn drop_unsent(&mut self, step: &mut Step<'_>, id: &ItemId) {
        self.drop_outgoing(step, Carries::Item(*id));
        self.drop_outgoing(step, Carries::Forward(*id));
        if self.places_of.is_unsealed(id) {
            self.forget_places(step, id);
        }
    }

    /// Nothing waits for room any more: what was to be sealed is said anew, or by others.
    pub(super) fn forget_unsealed(&mut self, step: &mut Step<'_>) {
        let unsealed = self.places_of.ids().filter(|id| self.places_of.is_unsealed(id));
        for id in unsealed.copied().collect::<Vec<_>>() {
            self.forget_places(step, &id);
        }
    }

    /// How much waits to leave this device.
    pub(super) fn unsent(&self) -> usize {
        let unsealed =
            if self.standing == Standing::Active { self.places_of.unsealed() } else { 0 };
        self.outbox.len() + unsealed
    }

    /// Whether this device, or somebody who may not renew a leaf, has sealed as much under a state as there is
    /// room for.
    pub(super) fn is_full_for_somebody(&self, id: &StateId) -> bool {
        let (me, ledger) = (self.key.id(), self.ledger());
        let needs_others = |device: &DeviceId| {
            *device == me
                || ledger.is_some_and(|ledger| {
                    ledger.member_of(device).is_some_and(|member| !ledger.may_renew(member))
                })
        };
        let mut sealed: BTreeMap<DeviceId, u64> = BTreeMap::new();
        for seal in self.ballots.seals().filter(|seal| seal.vote == Some(*id)) {
            *sealed.entry(seal.device).or_default() += 1;
        }
        let full = sealed.iter().filter(|(_, count)| **count >= SEALS_PER_STATE);
        full.map(|(device, _)| device).any(needs_others)
    }
}
