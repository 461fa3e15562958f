//! What lies on a branch that lost is carried over to the head: by its author, or by whoever holds
//! it when the author is gone or silent. Same inner record, same id, same signature: whoever has it
//! already sees nothing new. Clauses: specs/04-order O-100 to O-105.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::time::Duration;

use crate::circle::places::Places;
use crate::circle::seal::Message;
use crate::circle::send::{Carries, MAX_SAID_AGAIN};
use crate::circle::{Circle, Standing, Step};
use crate::content::{Item, Scope};
use crate::id::{DeviceId, ItemId, MemberId, StateId};
use crate::identity::{Credential, Verified};
use crate::ledger::Ledger;
use crate::limits::{HEAD_AGE, MAX_CARRIED, MAX_OUTBOX, MAX_PLACES};
use crate::mls::{Group, Leaf, Provider};
use crate::record::{Key, RecordKind};
use crate::secret::Secret;
use crate::shelf::Kept;
use crate::state::{Held, Hold, SealPurpose, Short, State};
use crate::time::{Hour, Timestamp};
use crate::verdict::{Redundant, Verdict};

/// Whose it is to carry an item over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Carrier {
    /// This device wrote it.
    Author,
    /// Its author is in the head and may do it.
    Others,
    /// Its author is not in the head.
    Anybody,
}

impl Circle {
    /// An item was sealed under a state, by whomever.
    pub(super) fn note_place(&mut self, step: &mut Step<'_>, id: ItemId, state: StateId) {
        let known = self.places_of.get(&id);
        let mut under = known.map(|places| places.under.clone()).unwrap_or_default();
        if under.contains(&state) {
            return;
        }
        if known.is_some_and(|places| places.late) {
            // Where it was late nobody may ever open it, however firmly it lies there.
            under.clear();
        }
        if under.len() >= MAX_PLACES {
            let off = under.iter().position(|other| !self.is_on_path(other));
            under.remove(off.unwrap_or(0));
        }
        under.push(state);
        let due = self.places_of.get(&id).and_then(|places| places.due);
        // Wherever it was sealed now, others had a chance to open it.
        self.places_of.set(id, Places { under, due, late: false });
        self.write_places(step, &id);
        self.plan_carrying(step, &id);
    }

    /// This device sealed an item under the head. If it has heard nothing for long, others may have left
    /// that head long ago, and let go of its keys.
    pub(super) fn note_own_place(&mut self, step: &mut Step<'_>, id: &ItemId) {
        self.note_place(step, *id, self.head);
        if step.now.since(self.heard) >= HEAD_AGE && !self.is_alone() {
            self.doubt_place(step, id);
        }
    }

    /// An item of this device left it at last, sealed in `hour`.
    pub(super) fn left_late(&mut self, step: &mut Step<'_>, id: &ItemId, hour: Hour) {
        let waited = step.now.hour().get().saturating_sub(hour.get());
        if u64::from(waited) * 3600 < HEAD_AGE.as_secs() {
            return;
        }
        self.doubt_place(step, id);
        self.plan_carrying(step, id);
    }

    /// Where an item lies others may have let go of the keys: it is sealed once more as soon as there
    /// is another head.
    pub(super) fn doubt_place(&mut self, step: &mut Step<'_>, id: &ItemId) {
        // What lay firmly where this device stood was looked after no longer.
        if !self.places_of.contains(id)
            && let Some(first) = self.items.get(id).map(|item| item.body.first_state)
        {
            self.note_place(step, *id, first);
        }
        if let Some(places) = self.places_of.get(id).cloned() {
            self.places_of.set(*id, Places { late: true, ..places });
            self.write_places(step, id);
        }
    }

    pub(super) fn write_places(&self, step: &mut Step<'_>, id: &ItemId) {
        if let Some(places) = self.places_of.get(id) {
            step.put(self.places_key(id), places.to_bytes());
        }
    }

    /// Whether a state is the head or below it.
    pub(super) fn is_on_path(&self, id: &StateId) -> bool {
        let Some(epoch) = self.states.get(id).map(|state| state.epoch) else {
            return false;
        };
        let mut at = self.head;
        while let Some(state) = self.states.get(&at).filter(|state| state.epoch > epoch) {
            let Some(parent) = state.parent else {
                return false;
            };
            at = parent;
        }
        at == *id
    }

    /// What came of an item that was found under a state: if it was taken in, it lies there.
    pub(super) fn lies_under(
        &mut self,
        step: &mut Step<'_>,
        (id, was_here): (ItemId, bool),
        state: StateId,
        verdict: Verdict,
    ) -> Verdict {
        // Where something lay firmly it still does, wherever anybody seals it once more: else one member
        // could have the others carry over again all that was ever said.
        let lay = self.places_of.get(&id).map(|places| places.late);
        let lay_firmly = was_here && lay.is_none();
        if verdict == Verdict::Accept && (!lay_firmly || self.is_on_path(&state)) {
            self.note_place(step, id, state);
            let doubtful = !was_here || lay == Some(true);
            if doubtful && self.lies_only_in_the_past(&id, step.now) {
                self.doubt_place(step, &id);
                self.plan_carrying(step, &id);
            }
        }
        verdict
    }

    /// Devices are out that were in. What they said last may lie where only some had the keys, and they
    /// do not seal it anew any more: whatever nobody names lies in doubt for those who stay.
    pub(super) fn doubt_last_words(
        &mut self,
        step: &mut Step<'_>,
        before: &Ledger,
        after: &Ledger,
    ) {
        let gone = before.devices().filter(|device| after.member_of(device).is_none());
        let gone: BTreeSet<DeviceId> = gone.copied().collect();
        if gone.is_empty() {
            return;
        }
        let others = self.items.values().filter(|item| !gone.contains(&item.body.device));
        let named: BTreeSet<Short> = others.flat_map(|item| item.body.names()).collect();
        let last_of = |device: &DeviceId| {
            let chain = self.places.range((*device, 0)..=(*device, u64::MAX)).rev();
            let chain = chain.map(|(_, id)| *id).take(MAX_SAID_AGAIN);
            chain.take_while(|id| !named.contains(&id.short())).collect::<Vec<_>>()
        };
        for id in gone.iter().flat_map(last_of).collect::<Vec<_>>() {
            self.doubt_place(step, &id);
        }
    }

    /// Whether an item lies only under states that were past for so long when it came that others may
    /// have let go of the keys. Its author may be out before it seals it anew.
    fn lies_only_in_the_past(&self, id: &ItemId, now: Timestamp) -> bool {
        let is_long_past = |under: &StateId| {
            let past_since = self.watch.states.get(under).and_then(|watch| watch.past_since);
            past_since.is_some_and(|since| now.since(since) >= HEAD_AGE)
        };
        let places = self.places_of.get(id).filter(|places| !places.late);
        places.is_some_and(|places| places.under.iter().all(is_long_past))
    }

    /// After the head moved: what lies on its path need not be carried, what does not must be. What
    /// lies under states of the path whose keys are here is as it was, and is not looked at.
    pub(super) fn plan_all_carrying(&mut self, step: &mut Step<'_>) {
        let path = self.path();
        let is_calm = |id: &StateId| path.contains(id) && !self.is_past(id);
        for id in self.places_of.concerned(is_calm) {
            if self.lies_firmly(&id, &path) {
                self.forget_places(step, &id);
            } else {
                let is_on_path = self.lies_under_any(&id, |under| path.contains(under));
                self.plan(step, &id, is_on_path);
            }
        }
    }

    /// Whether the keys of a state that is remembered are gone here because everybody had come past it.
    fn is_past(&self, id: &StateId) -> bool {
        self.states.get(id).is_some_and(|state| matches!(state.hold, Hold::Header(_)))
    }

    /// Whether an item lies under a state of the path whose keys are gone here because everybody
    /// had come past it, or only under states nobody remembers.
    fn lies_firmly(&self, id: &ItemId, path: &BTreeSet<StateId>) -> bool {
        let Some(places) = self.places_of.get(id) else {
            return true;
        };
        if self.places_of.is_unsealed(id) {
            return false;
        }
        let firm = |under: &StateId| path.contains(under) && self.is_past(under);
        (!places.late && places.under.iter().any(firm))
            || places.under.iter().all(|under| !self.states.contains_key(under))
    }

    fn lies_under_any(&self, id: &ItemId, among: impl Fn(&StateId) -> bool) -> bool {
        self.places_of.get(id).is_some_and(|places| places.under.iter().any(among))
    }

    /// Whether an item is known to lie nowhere on the head's path, or where others may have let go of
    /// the keys.
    pub(super) fn lies_beside_the_path(&self, id: &ItemId) -> bool {
        self.places_of.get(id).is_some_and(|places| {
            places.late || !places.under.iter().any(|under| self.is_on_path(under))
        })
    }

    pub(super) fn plan_carrying(&mut self, step: &mut Step<'_>, id: &ItemId) {
        let is_on_path = self.lies_under_any(id, |under| self.is_on_path(under));
        self.plan(step, id, is_on_path);
    }

    fn plan(&mut self, step: &mut Step<'_>, id: &ItemId, is_on_path: bool) {
        let Some(places) = self.places_of.get(id) else {
            return;
        };
        let overtaken = places.late && !places.under.contains(&self.head);
        let due = if !overtaken && is_on_path {
            None
        } else {
            places.due.or_else(|| self.carrying_time(step, id))
        };
        self.places_of.set_due(id, due);
    }

    /// When this device carries an item over if nobody has by then: its author soon, others in the
    /// order of their ranks, and where the author may still come, after a long while.
    fn carrying_time(&self, step: &mut Step<'_>, id: &ItemId) -> Option<Timestamp> {
        let item = self.items.get(id)?;
        let late = self.places_of.get(id).is_some_and(|places| places.late);
        // Its author waits, too.
        let waits = late || step.now.since(item.body.written) >= HEAD_AGE;
        let soon = step.timings.carry_own;
        let millis = u64::try_from(soon.as_millis()).unwrap_or(u64::MAX);
        let jitter = Duration::from_millis(step.random.below(millis.max(1)));
        let wait = match self.carrier(item) {
            // In its order.
            Carrier::Author if self.places_of.is_unsealed(id) => return Some(step.now),
            // This device was away for long, and may still stand where the others left.
            Carrier::Author if waits => {
                return Some(step.now.after(step.timings.carry_silent).after(jitter));
            }
            Carrier::Author => return Some(step.now.after(jitter)),
            Carrier::Others if waits => step.timings.carry_silent.saturating_mul(2),
            Carrier::Others => step.timings.carry_silent,
            // Its member may let the device in here yet, and then nobody need name anything of it.
            Carrier::Anybody if self.is_of_a_lost_side(item) => step.timings.carry_silent,
            Carrier::Anybody => soon,
        };
        Some(self.turn(step, None).after(wait).after(jitter))
    }

    fn carrier(&self, item: &Kept) -> Carrier {
        if item.body.device == self.key.id() {
            return Carrier::Author;
        }
        let here = self.ledger().and_then(|ledger| ledger.member_of(&item.body.device)).is_some();
        if here { Carrier::Others } else { Carrier::Anybody }
    }

    /// When the next item is to be carried over.
    pub(super) fn next_carrying(&self) -> Option<Timestamp> {
        if self.outbox.len() >= MAX_OUTBOX / 2 || self.is_muted() || !self.has_room() {
            return None;
        }
        self.places_of.next_due()
    }

    /// Carries over what is due, a few at a time.
    pub(super) fn carry_over(&mut self, step: &mut Step<'_>) {
        if self.standing != Standing::Active
            || self.is_muted()
            || self.next_carrying().is_none_or(|at| at > step.now)
        {
            return;
        }
        let mut due: Vec<ItemId> = self.places_of.due_by(step.now).copied().collect();
        // What waits first, and all in the order of the chains, so that nobody sees a gap that the next
        // envelope closes.
        due.sort_by_key(|id| {
            let place = self.items.get(id).map(|item| (item.body.device, item.body.seq));
            (!self.places_of.is_unsealed(id), place, *id)
        });
        due.truncate(MAX_CARRIED);
        let mut shown = self.shown_items(&due);
        self.mention_lost_sides(step, &due, &mut shown);
        for id in due {
            if !self.has_room() {
                // What is left is as due as before.
                break;
            }
            self.places_of.set_due(&id, None);
            // What waits here to be sealed at all others show once they have it.
            let is_carried = shown.contains(&id) || self.places_of.is_unsealed(&id);
            if is_carried && !self.is_unsaid(&id) {
                self.carry(step, &id);
            }
        }
        self.want_room(step);
    }

    /// Of these, what may be carried: what the timeline shows. What somebody wrote after they were
    /// taken out is nobody's to carry.
    fn shown_items(&self, among: &[ItemId]) -> BTreeSet<ItemId> {
        let is_gone = |id: &&ItemId| {
            self.items.get(id).is_some_and(|item| self.carrier(item) == Carrier::Anybody)
        };
        let mut shown: BTreeSet<ItemId> = among.iter().filter(|id| !is_gone(id)).copied().collect();
        if shown.len() < among.len() {
            self.with_timeline(|timeline| {
                shown.extend(timeline.entries().iter().map(|entry| entry.id()));
            });
        }
        shown
    }

    /// Seals an item under the head, whoever wrote it: same inner record, same id. An item for
    /// those here at the time goes only where nobody else reads.
    pub(super) fn carry(&mut self, step: &mut Step<'_>, id: &ItemId) {
        let Some(item) = self.items.get(id) else {
            return;
        };
        let is_own = self.carrier(item) == Carrier::Author;
        if !self.may_carry(item) {
            if is_own {
                self.seal_where_it_was_said(step, id);
                self.mention_soon(step);
            } else if self.places_of.is_unsealed(id) {
                self.forget_places(step, id);
            }
            return;
        }
        if !self.has_room() {
            if is_own {
                self.wait_for_room(step, id);
            }
            return;
        }
        // What a listener said before they were one is carried as others would carry it, and so is
        // a file where none may be sent any more.
        let speaks = !self.is_listener() && self.may_still_send(&item.body.gist);
        let own = is_own && speaks;
        let (purpose, carries) = if own {
            (SealPurpose::Item, Carries::Item(*id))
        } else {
            (SealPurpose::Forward, Carries::Forward(*id))
        };
        // The head may be one that the others left meanwhile.
        let waited = self.places_of.is_unsealed(id)
            && step.now.since(item.body.written) >= HEAD_AGE
            && !self.is_alone();
        let Some(signed) = self.items.signed(id) else {
            return;
        };
        let plaintext = &signed.to_bytes();
        let message = Message { state: self.head, purpose, plaintext, carries };
        // If the head cannot seal, the item stays here and nobody is told otherwise.
        if let Ok(renew) = self.seal_message(step, &message) {
            self.note_own_place(step, id);
            if waited {
                self.doubt_place(step, id);
            }
            if renew {
                self.want_renewal(step);
            }
        }
    }

    /// Whether nobody is in the head for whom an item was not meant: somebody who came since, if it
    /// is for those here at the time; or whom its author's side had taken out by then.
    pub(super) fn may_carry(&self, item: &Kept) -> bool {
        let first = &item.body.first_state;
        let now = self.ledger().map(|ledger| ledger.members());
        let then = self.members_at(first);
        match (item.body.scope, now, then) {
            (Scope::LaterToo, Some(now), Some(then)) => {
                now.keys().all(|member| then.contains(member) || !self.was_before(first, member))
            }
            (Scope::LaterToo, ..) => true,
            (Scope::HereNow, Some(now), Some(then)) => {
                now.keys().all(|member| then.contains(member))
            }
            (Scope::HereNow, ..) => false,
        }
    }

    /// Whether a member may read an item, as far as this device can tell.
    pub(super) fn may_read(&self, member: &MemberId, item: &Kept) -> bool {
        if item.body.member == *member || item.body.scope == Scope::LaterToo {
            return true;
        }
        let Some(first) = self.states.get(&item.body.first_state) else {
            return false;
        };
        if let Some(members) = self.members_at(&item.body.first_state) {
            return members.contains(member);
        }
        // Who was in it is forgotten; on the path, who was in before it and still is was in it.
        let entry = self.ledger().and_then(|ledger| ledger.members().get(member));
        self.is_on_path(&item.body.first_state)
            && entry.is_some_and(|entry| entry.since <= first.epoch)
    }

    /// The states in which somebody is none who was a member in one below, as far as is known: for who spoke
    /// there they had been taken out.
    pub(super) fn states_without(&self, member: &MemberId) -> BTreeSet<StateId> {
        let mut by_epoch: Vec<_> = self.states.iter().collect();
        by_epoch.sort_by_key(|(_, state)| state.epoch);
        let (mut known, mut out) = (BTreeSet::new(), BTreeSet::new());
        for (id, state) in by_epoch {
            let was_before = state.parent.is_some_and(|parent| known.contains(&parent));
            let is_in = self.members_at(id).map(|members| members.contains(member));
            if was_before || is_in == Some(true) {
                known.insert(*id);
            }
            if was_before && is_in == Some(false) {
                out.insert(*id);
            }
        }
        out
    }

    /// Whether somebody was a member in a state below this one, as far as is known.
    fn was_before(&self, state: &StateId, member: &MemberId) -> bool {
        let parent = |id: &StateId| self.states.get(id)?.parent;
        let mut below = iter::successors(parent(state), parent);
        below.any(|id| self.members_at(&id).is_some_and(|members| members.contains(member)))
    }

    /// An item that somebody else carried here for its author: it counts if its device was the
    /// member's where it was first sealed, or where that is not known, in any state that is.
    pub(super) fn take_forwarded(&mut self, step: &mut Step<'_>, item: Verified<Item>) -> Verdict {
        if self.items.contains_key(&item.id) {
            return Verdict::Accept;
        }
        if self.meet_own_item(step, &item) {
            return Verdict::Ignore(Redundant::Settled);
        }
        if !self.takes_forwarded(&item) {
            return Verdict::Ignore(Redundant::NotForUs);
        }
        self.take_item(step, item)
    }

    /// Whether an item that somebody else carried here is taken in, or is here.
    pub(super) fn takes_forwarded(&self, item: &Item) -> bool {
        let is_own = item.body.device == self.key.id() && self.is_own(&item.body.member);
        let is_to_take =
            || self.was_its_members_device(item) && self.is_for_me(item) && self.had_voice(item);
        self.items.contains_key(&item.id) || !is_own && is_to_take()
    }

    /// Whether the device that signed an item was its member's: in the state it was first sealed
    /// under, or where that is not known any more, in any state whose keys are here, or by the word of the
    /// device that stands in its place in the head. An item that comes from somebody else than its author
    /// says so by nothing but this.
    pub(super) fn was_its_members_device(&self, item: &Item) -> bool {
        let body = &item.body;
        let first = self.states.get(&body.first_state).and_then(State::held);
        let all = self.states.values().filter_map(State::held);
        let known: Vec<&Held> = first.map_or_else(|| all.collect(), |held| vec![held]);
        known.iter().any(|held| held.ledger.member_of(&body.device) == Some(&body.member))
            || first.is_none() && self.gave_up(&body.member).contains(&body.device)
    }

    /// Whether an item that lies in doubt is of a device that only a branch beside the head's path had let
    /// in, for a member of the head: nobody took that device out here.
    pub(super) fn is_of_a_lost_side(&self, item: &Kept) -> bool {
        let (device, member) = (&item.body.device, &item.body.member);
        let first = item.body.first_state;
        let knows = |state: &State| {
            state.held().is_some_and(|held| held.ledger.member_of(device) == Some(member))
        };
        let in_doubt = self.places_of.get(&item.id).is_some_and(|places| places.late);
        let is_here = self.ledger().is_some_and(|ledger| ledger.members().contains_key(member));
        if !in_doubt || !is_here || !self.states.get(&first).is_some_and(knows) {
            return false;
        }
        let path = self.path();
        let mut below = iter::successors(Some(first), |id| self.states.get(id)?.parent);
        let fork = below.find(|id| path.contains(id)).and_then(|id| self.states.get(&id));
        // Whoever was in where the branches part was taken out since, and not left behind.
        fork.and_then(State::held).is_some()
            && !path.iter().filter_map(|id| self.states.get(id)).any(knows)
    }

    /// The devices of a member in whose place others stand in the head.
    fn gave_up(&self, member: &MemberId) -> BTreeSet<DeviceId> {
        // Of strangers nothing is loaded.
        let here = self.head_held().filter(|held| held.ledger.members().contains_key(member));
        let Some(held) = here else {
            return BTreeSet::new();
        };
        let own = self.in_whose_place(held).into_iter();
        let own = own.filter(|(device, _)| held.ledger.member_of(device) == Some(member));
        own.flat_map(|(_, given_up)| given_up).collect()
    }

    /// The devices of the head that stand in the place of one of these.
    pub(super) fn heirs_of(&self, devices: &BTreeSet<DeviceId>) -> BTreeSet<DeviceId> {
        let heirs = self.head_held().map(|held| self.in_whose_place(held)).unwrap_or_default();
        let of_them = heirs.into_iter().filter(|(_, of)| of.iter().any(|id| devices.contains(id)));
        of_them.map(|(device, _)| device).collect()
    }

    /// The devices of a state, each with those in whose place it came.
    fn in_whose_place(&self, held: &Held) -> BTreeMap<DeviceId, Vec<DeviceId>> {
        let provider = Provider::new(Secret::from_bytes([0; 32]), held.namespace());
        let leaves = Group::load(&provider, &self.id).ok().and_then(|group| group.leaves().ok());
        let given_up = |leaf: Leaf| {
            // All of it was checked before the leaf came in.
            let word = Credential::from_bytes(&leaf.credential).ok()?;
            let vouchers = word.claimed().vouchers.iter().map(|voucher| voucher.device);
            Some((leaf.device, vouchers.collect()))
        };
        leaves.into_iter().flatten().filter_map(given_up).collect()
    }

    fn places_key(&self, id: &ItemId) -> Key {
        Key::new(RecordKind::Place, &[self.id.as_bytes(), id.as_bytes()])
    }

    /// Forgets where an item lies.
    pub(super) fn forget_places(&mut self, step: &mut Step<'_>, id: &ItemId) {
        if self.places_of.remove(id) {
            step.delete(self.places_key(id));
        }
    }

    /// Forgets all of this: the circle goes.
    pub(super) fn erase_places(&self, step: &mut Step<'_>) {
        for id in self.places_of.ids() {
            step.delete(self.places_key(id));
        }
    }
}
