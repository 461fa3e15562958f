//! What the owner of a copy wrote and nobody is known to have waits until somebody who was there has
//! told what came of it: it may have left and been taken back since. Clause: specs/04-order O-79.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::circle::{Circle, Step};
use crate::content::{Gist, Item, Scope, Spared};
use crate::id::{DeviceId, ItemId};
use crate::identity::Verified;
use crate::ledger::KeepDays;
use crate::limits::HEAD_AGE;
use crate::shelf::Kept;
use crate::state::Short;
use crate::time::Timestamp;
use crate::wire;

/// How long a copy that is in again waits for what others hand over, before it asks for it, and again
/// after somebody answered: it may come a little later than the answer. So may what left just before the copy
/// found out, under a state whose keys whoever answered has not.
pub(super) const TOLD_LATEST: Duration = Duration::from_secs(60);

/// How long a copy that is in again waits for those it wrote for: it may stand on a branch that has not let them in.
const MET_LATEST: Duration = Duration::from_secs(600);

impl Circle {
    /// The other devices in the head.
    pub(super) fn others_there(&self) -> Option<BTreeSet<DeviceId>> {
        let entries = self.ledger()?.members().values();
        let devices = entries.flat_map(|entry| entry.devices.iter().copied());
        Some(devices.filter(|device| *device != self.key.id()).collect())
    }

    /// Those of the other devices in the head that were there when this one found out that it is a copy, or
    /// stand in the place of one that was: whoever came since may not have what it wrote before. `None` if
    /// nothing waits for them.
    pub(super) fn witnesses(&self) -> Option<BTreeSet<DeviceId>> {
        let own = self.returning.as_ref().filter(|own| !own.unsaid.is_empty())?;
        let there = own.there.as_ref()?;
        let mut witnesses = self.others_there()?;
        if witnesses.is_subset(there) {
            return Some(witnesses);
        }
        let heirs = self.heirs_of(there);
        witnesses.retain(|device| there.contains(device) || heirs.contains(device));
        Some(witnesses)
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

    /// The items of this device after the last one that somebody else names, in their order.
    pub(super) fn unheard_items(&self) -> Vec<ItemId> {
        let own = self.key.id();
        let others = self.items.values().filter(|item| item.body.device != own);
        let heard: BTreeSet<Short> = others.flat_map(|item| item.body.seen()).collect();
        let chain = self.places.range((own, 0)..=(own, u64::MAX)).rev().map(|(_, id)| *id);
        let mut unheard: Vec<ItemId> =
            chain.take_while(|id| !heard.contains(&id.short())).collect();
        unheard.reverse();
        unheard
    }

    /// The head stands on another side now. What this device said long ago and nobody names lies, at
    /// best, where the others let go of the keys meanwhile.
    pub(super) fn doubt_old_places(&mut self, step: &mut Step<'_>) {
        let old = |id: &ItemId| {
            let written = self.items.get(id).map(|item| item.body.written);
            written.is_some_and(|written| step.now.since(written) >= HEAD_AGE)
        };
        let unheard: Vec<ItemId> = self.unheard_items().into_iter().filter(old).collect();
        for id in unheard {
            self.doubt_place(step, &id);
            self.plan_carrying(step, &id);
        }
    }

    /// The number of the first item of this device that nobody else names.
    pub(super) fn first_unheard(&self) -> u64 {
        let first = self.unheard_items().first().and_then(|id| self.items.get(id));
        first.map_or(self.chain.seq, |item| item.body.seq)
    }

    /// Somebody else has an item that this device wrote under the key it gave up: it did leave.
    pub(super) fn is_said(&mut self, id: &ItemId) {
        if let Some(returning) = &mut self.returning {
            returning.unsaid.retain(|unsaid| unsaid != id);
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
        self.leave_what_was_said_before(step, items);
        if self.is_returning() {
            // Before it is in it says nothing.
            self.write_returning(step);
            return;
        }
        // Who handed this over is not known: whoever it was, they were there.
        let by_witness = || self.witnesses() == self.others_there();
        let answered = with_welcome && (!self.longs_for_others() || by_witness());
        let parted = self.where_it_parted(items);
        if let Some(returning) = &mut self.returning {
            returning.answered |= answered;
            for (device, at) in parted {
                let before = returning.parted.entry(device).or_insert(at);
                *before = at.min(*before);
            }
        }
        if self.came_in_before(step.now, TOLD_LATEST) {
            self.say_what_parted(step);
        } else {
            self.write_returning(step);
        }
    }

    fn came_in_before(&self, now: Timestamp, ago: Duration) -> bool {
        let done = self.returning.as_ref().and_then(|returning| returning.done);
        done.is_some_and(|done| now.since(done) >= ago)
    }

    /// Says anew what comes after the place where the copy and what it is a copy of went two ways.
    fn say_what_parted(&mut self, step: &mut Step<'_>) {
        let parted = self.returning.as_ref().map(|returning| returning.parted.clone());
        let parted = parted.unwrap_or_default();
        let never_left =
            |item: &Kept| parted.get(&item.body.device).is_some_and(|at| item.body.seq >= *at);
        self.say_unsaid(step, never_left);
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
        let answered = self.returning.as_ref().is_some_and(|returning| returning.answered);
        if answered || !self.longs_for_others() {
            self.leave_what_was_said_before(step, &[]);
            self.say_unsaid(step, |_| true);
            return;
        }
        self.say_what_parted(step);
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

    /// What its author took back since others had: they hand over no words of it, and neither it nor what
    /// belongs to it is said anew.
    pub(super) fn is_taken_back(&mut self, came: &[Verified<Item>]) {
        let taken: BTreeSet<ItemId> = came
            .iter()
            .filter(|item| item.body.circle == self.id && self.is_own(&item.body.member))
            .filter(|item| self.was_its_members_device(item))
            .filter_map(|item| match Gist::of(&item.body.content) {
                Gist::Withdraw(to) | Gist::Spared(Spared { of: to, .. }) => Some(to),
                _ => None,
            })
            .collect();
        let Some(returning) = self.returning.as_mut().filter(|_| !taken.is_empty()) else {
            return;
        };
        let items = &self.items;
        let gist = |id: &ItemId| items.get(id).map(|item| &item.body.gist);
        returning.unsaid.retain(|id| {
            let words = match gist(id) {
                Some(Gist::Edit(to) | Gist::File(to, _)) => Some(to),
                Some(Gist::Piece(file, _)) => match gist(file) {
                    Some(Gist::File(to, _)) => Some(to),
                    _ => None,
                },
                _ => Some(id),
            };
            words.is_none_or(|words| !taken.contains(words))
        });
    }

    /// Whether something is to be said anew and was not yet.
    pub(super) fn waits_to_say_anew(&self) -> bool {
        self.returning.as_ref().is_some_and(|returning| !returning.unsaid.is_empty())
    }

    /// Whether an item is to be said anew under the new key, and so not as it was.
    pub(super) fn is_unsaid(&self, id: &ItemId) -> bool {
        self.returning.as_ref().is_some_and(|returning| returning.unsaid.contains(id))
    }

    /// Leaves out what this device said anew before under a key that it had since, in a folder that is lost:
    /// the same words for the same people are there, or just `came`, and what they were said anew for goes.
    fn leave_what_was_said_before(&mut self, step: &mut Step<'_>, came: &[Verified<Item>]) {
        let own = self.returning.as_ref().filter(|own| !own.unsaid.is_empty());
        let Some(unsaid) = own.map(|own| own.unsaid.clone()) else {
            return;
        };
        let before = self.said_before(&unsaid, came);
        if let Some(returning) = &mut self.returning {
            returning.unsaid.retain(|id| !before.contains(id));
        }
        for id in &before {
            self.forget_item(step, id);
        }
    }

    fn said_before(&self, unsaid: &[ItemId], came: &[Verified<Item>]) -> BTreeSet<ItemId> {
        let words = |item: &Item| (wire::encode(&item.body.content).to_vec(), item.body.scope);
        let nth = |item: &Item| self.former.iter().position(|key| *key == item.body.device);
        let whole = |id: &ItemId| self.items.whole(id).map(Cow::into_owned);
        let own: Vec<&Kept> = unsaid.iter().filter_map(|id| self.items.get(id)).collect();
        let first =
            self.former.iter().position(|key| own.iter().any(|own| own.body.device == *key));
        // Words are read only where they may be the same: of most devices nothing.
        let may_be_again = |id: &ItemId| {
            let alike = |item: &Kept, own: &Kept| {
                (item.body.scope, &item.body.gist) == (own.body.scope, &own.body.gist)
            };
            let item = self.items.get(id).filter(|_| !unsaid.contains(id));
            item.is_some_and(|item| own.iter().any(|own| alike(item, own)))
        };
        let since = self.former.iter().skip(first.map_or(usize::MAX, |first| first + 1));
        let held = since.flat_map(|key| self.said_by(key)).filter(may_be_again);
        let held = held.filter_map(|id| whole(&id));
        // Each of the same words was said anew by itself: under a key that this device had since, or,
        // where two went on with the one it had then, by the other.
        let mut since: BTreeMap<_, BTreeSet<(usize, ItemId)>> = BTreeMap::new();
        for item in held {
            if let Some(nth) = nth(&item) {
                since.entry(words(&item)).or_default().insert((nth, item.id));
            }
        }
        let own = came.iter().filter(|item| self.is_own(&item.body.member));
        let comes = |item: &Item| !self.items.contains_key(&item.id) && self.takes_forwarded(item);
        for item in own.filter(|item| comes(item)) {
            if let Some(nth) = nth(item) {
                since.entry(words(item)).or_default().insert((nth + 1, item.id));
            }
        }
        let mut before = BTreeSet::new();
        if since.is_empty() {
            return before;
        }
        for item in unsaid.iter().filter_map(whole) {
            let (Some(nth), Some(again)) = (nth(&item), since.get_mut(&words(&item))) else {
                continue;
            };
            if let Some(at) = again.iter().find(|(later, _)| *later > nth).copied() {
                again.remove(&at);
                before.insert(item.id);
            }
        }
        before
    }

    /// What a device said, in its order.
    fn said_by(&self, device: &DeviceId) -> impl Iterator<Item = ItemId> {
        self.places.range((*device, 0)..=(*device, u64::MAX)).map(|(_, id)| *id)
    }

    /// Whether somebody for whom an item was written is not in the head: if another branch wins, they are, and
    /// said anew before, it would not be theirs.
    fn misses_somebody(&self, item: &Kept) -> bool {
        let now = self.ledger().map(|ledger| ledger.members());
        let then = self.members_at(&item.body.first_state);
        item.body.scope == Scope::HereNow
            && now
                .zip(then)
                .is_some_and(|(now, then)| then.iter().any(|member| !now.contains_key(member)))
    }

    /// Says anew what was written under the old key and never left, as far as it is `ripe`. The old items
    /// go first: another device may have used their numbers, and what is named as seen is shown wherever it
    /// turns up.
    pub(super) fn say_unsaid(&mut self, step: &mut Step<'_>, ripe: impl Fn(&Kept) -> bool) {
        let came_lately = !self.came_in_before(step.now, MET_LATEST);
        let Some(returning) = self.returning.as_mut() else {
            return;
        };
        let waiting = std::mem::take(&mut returning.unsaid);
        let is_ripe = |id: &ItemId| self.items.get(id).is_none_or(&ripe);
        let (unsaid, later): (Vec<_>, Vec<_>) = waiting.iter().copied().partition(is_ripe);
        // What the commit that took this device in names has left, and everybody shows it.
        let shown: BTreeSet<ItemId> = self
            .with_timeline(|timeline| timeline.entries().iter().map(|entry| entry.id()).collect());
        // Nor is what others let go of since it is older than the circle keeps words.
        let keep = self.ledger().and_then(|ledger| ledger.rules().keep).map(KeepDays::duration);
        let age = |item: &Kept| step.now.since(item.body.written);
        let is_kept = |item: &Kept| keep.is_none_or(|keep| age(item) <= keep);
        let is_to_be = |id: &ItemId| !shown.contains(id) && self.items.get(id).is_some_and(is_kept);
        let unsaid = unsaid.into_iter().filter(is_to_be).collect();
        let (anew, as_it_was) = self.part_unsaid(unsaid);
        let misses =
            |id: &ItemId| self.items.get(id).is_some_and(|item| self.misses_somebody(item));
        let waits = came_lately && anew.iter().any(misses);
        if let Some(returning) = &mut self.returning {
            // All of it together: what is said anew depends on what comes after it.
            returning.unsaid = if waits { waiting } else { later };
            if waits {
                returning.next = returning.next.max(step.now.after(TOLD_LATEST));
            }
        }
        if waits {
            self.write_returning(step);
            return;
        }
        let whole = |id: ItemId| self.items.whole(&id).map(Cow::into_owned);
        let anew: Vec<_> = anew.into_iter().filter_map(whole).collect();
        for item in &anew {
            self.forget_item(step, &item.id);
        }
        for id in as_it_was {
            if self.has_room() {
                self.carry(step, &id);
            } else {
                self.wait_for_room(step, &id);
            }
        }
        for item in anew {
            let (content, scope) = (item.body.content.clone(), item.body.scope);
            if self.say(step, content, scope).is_err() {
                self.keep_item(step, item);
            }
        }
        self.want_room(step);
        self.write_returning(step);
    }
}
