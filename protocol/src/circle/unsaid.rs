//! What the owner of a copy wrote and nobody is known to have waits until somebody who was there has
//! told what came of it: it may have left and been taken back since. Clause: specs/04-order O-79.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::circle::{Circle, Step};
use crate::content::Item;
use crate::id::{DeviceId, ItemId, MemberId};
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

    /// A copy sends nothing: what waits to be sent is given up. Returns what its owner wrote and
    /// nobody is known to have.
    pub(super) fn give_up_outbox(&mut self, step: &mut Step<'_>) -> Vec<ItemId> {
        self.drop_all_outgoing(step);
        self.forget_unsealed(step);
        self.unheard_items()
    }

    /// Of what its owner wrote and nobody is known to have, what had left this device before what it keeps was
    /// put back. Where a copy finds out by itself that it is one, the other may have given the same number to
    /// something else meanwhile.
    pub(super) fn unheard_that_left(&self) -> Vec<ItemId> {
        // What lies in doubt may have been taken back before it left.
        let in_doubt = |id: &ItemId| self.places_of.get(id).is_some_and(|places| places.late);
        let mut unheard = self.unheard_items();
        unheard.retain(|id| self.is_held(id) && !in_doubt(id));
        unheard
    }

    /// Of what was written under the old key and nobody is known to have, in its order: what is said anew,
    /// and what is carried as it was. What was for those here then is not said to others, and stays. What
    /// had left stays, too: who took this device in may not have had it, and a rival of their commit
    /// may name it. Naming either names all before it, so that whoever has that under the old key would show
    /// it twice if it were said anew.
    pub(super) fn part_unsaid(&self, unsaid: Vec<ItemId>) -> (Vec<ItemId>, Vec<ItemId>) {
        let unsaid: Vec<&Kept> = unsaid.iter().filter_map(|id| self.items.get(id)).collect();
        let has_left =
            |item: &Kept| self.returning.as_ref().is_some_and(|own| own.left.contains(&item.id));
        let stays = unsaid.iter().rposition(|item| !self.may_carry(item) || has_left(item));
        let place = |kept: &Kept| (kept.body.device, kept.body.seq);
        let mut places: BTreeMap<_, usize> = unsaid.iter().map(|item| (place(item), 0)).collect();
        for kept in self.items.values() {
            if let Some(count) = places.get_mut(&place(kept)) {
                *count += 1;
            }
        }
        let has_rival = |item: &Kept| places.get(&place(item)).is_some_and(|count| *count > 1);
        let carried = unsaid.into_iter().enumerate().filter(|(_, item)| self.may_carry(item));
        let (as_it_was, anew): (Vec<_>, Vec<_>) =
            carried.partition(|(at, item)| Some(*at) <= stays && !has_rival(item));
        let ids = |of: Vec<(usize, &Kept)>| of.into_iter().map(|(_, item)| item.id).collect();
        (ids(anew), ids(as_it_was))
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
