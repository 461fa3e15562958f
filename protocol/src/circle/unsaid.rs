//! What the owner of a copy wrote and nobody is known to have waits until somebody who was there has
//! told what came of it: it may have left and been taken back since. Clause: specs/04-order O-79.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::circle::{Circle, Step};
use crate::content::Item;
use crate::id::{DeviceId, MemberId};
use crate::identity::Verified;
use crate::shelf::Kept;
use crate::time::Timestamp;

/// How long a copy that is in again waits for what others hand over, before it asks for it, and again
/// after somebody answered: it may come a little later than the answer.
pub(super) const TOLD_LATEST: Duration = Duration::from_secs(60);

impl Circle {
    /// A member let this device in, whom it knows from the states it had. What they hand over tells all
    /// if they were there before.
    pub(super) fn note_witness(&mut self, by: Option<MemberId>) {
        let by_witness = by.is_some_and(|by| self.was_there_before(&by));
        if let Some(returning) = &mut self.returning {
            returning.by_witness = by_witness;
        }
    }

    /// How much waits to be said anew.
    pub(super) fn unsaid(&self) -> usize {
        self.returning.as_ref().map_or(0, |returning| returning.unsaid.len())
    }

    /// Since when something may have been taken back that is to be said anew, and no later than `latest`.
    pub(super) fn oldest_unsaid(&self, latest: Timestamp) -> Timestamp {
        let unsaid = self.returning.iter().flat_map(|returning| &returning.unsaid);
        let written = unsaid.filter_map(|id| self.items.get(id).map(|item| item.body.written));
        written.min().map_or(latest, |oldest| oldest.min(latest))
    }

    /// Others handed over items, with the Welcome or in answer to a question: what they have did leave;
    /// the rest makes room for what its copy said meanwhile.
    pub(super) fn told_of_unsaid(
        &mut self,
        step: &mut Step<'_>,
        items: &[Verified<Item>],
        with_welcome: bool,
    ) {
        for item in items {
            self.is_said(&item.id);
        }
        self.is_taken_back(items);
        if self.is_returning() {
            // Before it is in it says nothing.
            self.write_returning(step);
            return;
        }
        let by_witness = self.returning.as_ref().is_some_and(|returning| returning.by_witness);
        if with_welcome && (by_witness || !self.longs_for_others()) {
            self.say_unsaid(step, |_| true);
        } else {
            let parted = self.where_it_parted(items);
            let never_left =
                |item: &Kept| parted.get(&item.body.device).is_some_and(|at| item.body.seq >= *at);
            self.say_unsaid(step, never_left);
        }
    }

    /// Where what was handed over has the number of something that is to be said anew: there the copy and
    /// what it is a copy of went two ways, so that nothing from there on was ever said or taken back.
    fn where_it_parted(&self, handed: &[Verified<Item>]) -> BTreeMap<DeviceId, u64> {
        let mut parted = BTreeMap::new();
        for item in handed {
            let (device, seq) = (item.body.device, item.body.seq);
            let own = self.places.get(&(device, seq));
            if own.is_some_and(|own| *own != item.id && self.is_unsaid(own)) {
                let at = parted.entry(device).or_insert(seq);
                *at = seq.min(*at);
            }
        }
        parted
    }

    /// Looks after what is to be said anew: nobody handed over anything yet. As long as somebody is there
    /// who can, they are asked first.
    pub(super) fn tend_unsaid(&mut self, step: &mut Step<'_>) {
        if self.returning.as_ref().is_none_or(|returning| returning.next > step.now) {
            return;
        }
        if !self.longs_for_others() {
            self.say_unsaid(step, |_| true);
            return;
        }
        self.ask_sooner(step.now);
        if let Some(returning) = &mut self.returning {
            // They may be gone by then.
            returning.next = step.now.after(step.timings.ask_again);
        }
    }

    /// Somebody who was there has answered, or nobody will: what they hand over may be on its way still.
    pub(super) fn expect_handover(&mut self, step: &mut Step<'_>) {
        let own = self.returning.as_mut();
        let waits = own.filter(|own| own.done.is_some() && !own.unsaid.is_empty());
        if let Some(returning) = waits {
            returning.next = step.now.after(TOLD_LATEST);
            self.write_returning(step);
        }
    }
}
