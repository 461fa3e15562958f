//! This device comes back under a fresh leaf: because nobody can give it a way to the others'
//! head, because it cannot follow a commit that the others followed, or because it found out that
//! it is a copy. It asks on the porch, and whoever commits it sends the Welcome there.
//! Clauses: specs/04-order O-74 to O-79.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::circle::request::{Cause, Offer, Returning};
use crate::circle::send::{Carries, Chain};
use crate::circle::unsaid::TOLD_LATEST;
use crate::circle::{Circle, Standing, Step};
use crate::id::{DeviceId, ItemId, StateId};
use crate::identity::{Credential, DeviceKey};
use crate::invite::Admission;
use crate::label::Label;
use crate::ledger::{Return, ReturnAs};
use crate::limits::{
    HEADER_KEEP, MAX_KEY_PACKAGE, MAX_KEY_PACKAGES, MAX_OFFERS, MAX_WELCOME, RETURN_LIFE,
    RETURN_LINGERS, RETURN_REST,
};
use crate::mls::{
    DeviceSigner, Group, HpkePublic, HpkeSecret, Namespace, Provider, generate, key_package,
};
use crate::output::Event;
use crate::porch::{ReturnId, ReturnPost, SealedReply};
use crate::secret::Secret;
use crate::state::{Entered, Entrance, Hold, State, enter};
use crate::time::Timestamp;
use crate::verdict::{Redundant, Verdict, Violation};
use crate::wire::text::Opaque;
use crate::wire::{self, FrameKind};

/// How often a device that is lost asks before it takes in others who are, or may leave without a word.
const OTHERS_FIRST: u8 = 6;

/// One request to be taken in anew.
struct Request<'a> {
    cause: Cause,
    /// The key it comes back with.
    key: &'a DeviceKey,
    credential: Credential,
    attempt: u8,
    /// Until when it had heard everything when it first asked.
    heard: Timestamp,
}

impl Circle {
    /// Whether this device waits to be taken in anew.
    pub(crate) fn is_returning(&self) -> bool {
        self.returning.as_ref().is_some_and(Returning::is_open)
    }

    /// Whether this device is lost itself, so that whoever it took in would be no less so. If nobody
    /// takes it in for ten hours, there may be nobody but those who are lost.
    pub(super) fn waits_to_be_taken_in(&self) -> bool {
        self.returning.as_ref().is_some_and(|own| own.is_open() && own.attempt < OTHERS_FIRST)
    }

    /// Whether this device has asked for ten hours to be taken in, and nobody did.
    pub(super) fn asks_in_vain(&self) -> bool {
        self.is_returning() && !self.waits_to_be_taken_in()
    }

    /// The device as which this one comes in anew, while it waits for that.
    pub(super) fn coming_as(&self) -> Option<DeviceId> {
        let open = self.returning.as_ref().filter(|returning| returning.is_open())?;
        Some(open.credential.device)
    }

    /// Whether this device found out that it is a copy: it seals nothing until it has a leaf of its
    /// own. That is so too where its head is on a branch that took it in only under another key.
    pub(super) fn is_muted(&self) -> bool {
        let waits = |returning: &Returning| returning.is_open() || returning.used;
        let copy = |returning: &Returning| waits(returning) && returning.cause == Cause::Copy;
        let own = self.key.id();
        self.returning.as_ref().is_some_and(copy)
            || self.is_doubting()
            || self.ledger().is_some_and(|ledger| ledger.member_of(&own).is_none())
    }

    /// Asks to be taken in anew, unless this device does so already.
    pub(super) fn come_back(&mut self, step: &mut Step<'_>, cause: Cause) {
        self.come_back_since(step, cause, self.lacks_since());
    }

    fn come_back_since(&mut self, step: &mut Step<'_>, cause: Cause, heard: Timestamp) {
        let open = self.returning.as_ref().filter(|returning| returning.is_open());
        let done = self.returning.as_ref().and_then(|returning| returning.done);
        let rests = done.is_some_and(|done| step.now.since(done) < RETURN_REST);
        let goes_on = rests && cause != Cause::Copy
            || open.is_some_and(|open| open.cause == cause || open.cause == Cause::Copy);
        // What a copy knows of the circle is old: others may be there all the same.
        let nobody = self.is_alone() && cause != Cause::Copy;
        if goes_on || self.standing != Standing::Active || nobody {
            return;
        }
        let Some(credential) = self.own_credential() else {
            return;
        };
        let (key, credential) = if cause == Cause::Copy {
            let fresh = DeviceKey::generate(step.random);
            let Some(vouched) = credential.vouch(&self.id, &self.key, &fresh.id()) else {
                // Only the member key could speak for one more key, and with this one another seals.
                self.standing = Standing::Replaced;
                self.write(step);
                return;
            };
            (fresh, vouched)
        } else {
            (DeviceKey::from_secret(&self.key.to_secret()), credential)
        };
        let unsaid = if cause == Cause::Copy { self.give_up_outbox(step) } else { Vec::new() };
        let there = self.others_there().filter(|_| cause == Cause::Copy);
        let request = Request { cause, key: &key, credential, attempt: 0, heard };
        self.post_return(step, request);
        if let Some(returning) = &mut self.returning {
            // What was to be said anew after the return before is so still.
            returning.unsaid.extend(unsaid);
            returning.there = returning.there.take().or(there);
        }
        self.write_returning(step);
    }

    /// Asks the same after all that was heard for long was of one side.
    pub(super) fn change_sides(&mut self, step: &mut Step<'_>, cause: Cause) {
        let keep = u64::try_from(HEADER_KEEP.as_millis()).unwrap_or(u64::MAX);
        let long_ago = step.now.as_millis().saturating_sub(keep);
        self.come_back_since(step, cause, Timestamp::from_millis(long_ago));
    }

    /// What the leaf of this device says of it.
    pub(super) fn own_credential(&self) -> Option<Credential> {
        let own = self.key.id();
        if let Some(member) = &self.member_key
            && self.states.values().all(|state| state.held().is_none_or(|held| !held.left))
        {
            return Some(member.certify(&self.id, &own));
        }
        let held = self.states.values().filter_map(|state| state.held());
        held.filter(|held| held.ledger.member_of(&own) == Some(&self.me)).find_map(|held| {
            let provider = Provider::new(Secret::from_bytes([0; 32]), held.namespace());
            let leaves = Group::load(&provider, &self.id).ok()?.leaves().ok()?;
            let leaf = leaves.into_iter().find(|leaf| leaf.device == own)?;
            let credential = Credential::from_bytes(&leaf.credential).ok()?;
            Some(credential.verify(&self.id, own.as_bytes()).ok()?.into_inner())
        })
    }

    /// Puts the request on every porch on which the others may look.
    fn post_return(&mut self, step: &mut Step<'_>, request: Request<'_>) {
        let provider = Provider::new(step.injected(), &Namespace::default());
        let made = self.offer(step, &provider, &request);
        let Request { cause, key, credential, attempt, heard } = request;
        let Some((post, reply)) = made else {
            return;
        };
        // The device that speaks is the one that goes, if another takes its place.
        let record = if cause == Cause::Copy { post.sign(&self.key) } else { post.sign(key) };
        let Some(record) = record else {
            return;
        };
        let wait = step.timings.ask_again.saturating_mul(1 << u32::from(attempt.min(10)));
        let next = step.now.after(wait.min(step.timings.ask_again_most));
        let before = self.returning.as_mut();
        // Asked once more, it is with the keys it was asked with before.
        let again = before.as_ref().filter(|_| attempt > 0);
        let (used, told) = again.map_or((false, false), |own| (own.used, own.told));
        let listens = again.and_then(|own| own.listens).or(Some(step.now));
        let left = before.map(|own| std::mem::take(&mut own.left)).unwrap_or_default();
        // Once all is said, who was there is looked at anew.
        let waits = self.returning.as_ref().filter(|own| attempt > 0 || !own.unsaid.is_empty());
        let there = waits.and_then(|own| own.there.clone());
        let (earlier, unsaid) = self.put_aside(step, key);
        let keys = provider.into_changes().0;
        self.returning = Some(Returning {
            cause,
            key: key.to_secret(),
            credential,
            offer: Offer { id: post.id(), reply, keys, written: post.change.written },
            earlier,
            attempt,
            next,
            heard,
            done: None,
            unsaid,
            left,
            there,
            used,
            told,
            answered: false,
            parted: BTreeMap::new(),
            listens,
        });
        self.write_returning(step);
        for era in self.porches_to_ask() {
            self.post(step, &era, FrameKind::Return, &record);
        }
    }

    /// The request before goes aside if it was made with the same key: those who heard only that one
    /// may answer it still. Returns what is kept of requests, and what its owner wrote and nobody has.
    fn put_aside(&mut self, step: &mut Step<'_>, key: &DeviceKey) -> (Vec<Offer>, Vec<ItemId>) {
        let Some(Returning { key: before, offer, mut earlier, unsaid, .. }) = self.returning.take()
        else {
            return (Vec::new(), Vec::new());
        };
        let kept = if DeviceKey::from_secret(&before).id() == key.id() {
            step.put(self.offer_key(&offer.id), offer.to_record());
            earlier.push(offer);
            MAX_OFFERS
        } else {
            0
        };
        for old in earlier.drain(..earlier.len().saturating_sub(kept)) {
            step.delete(self.offer_key(&old.id));
        }
        (earlier, unsaid)
    }

    fn offer(
        &self,
        step: &mut Step<'_>,
        provider: &Provider,
        request: &Request<'_>,
    ) -> Option<(ReturnPost, HpkeSecret)> {
        let Request { cause, key, ref credential, heard, .. } = *request;
        let ledger = self.ledger()?;
        let signer = DeviceSigner::of(key);
        let mut key_packages = Vec::new();
        for index in 1..=MAX_KEY_PACKAGES {
            let last = index == MAX_KEY_PACKAGES;
            let bytes = credential.to_bytes();
            let package = key_package(provider, &signer, self.suite, &bytes, last).ok()?;
            key_packages.push(Opaque::<MAX_KEY_PACKAGE>::new(package).ok()?);
        }
        let (gives_up, comes) = if cause == Cause::Stranger {
            let name = ledger.members().get(&self.me)?.name.clone();
            let listens = self.is_listener();
            let comes = if listens { ReturnAs::Listener(name) } else { ReturnAs::Stranger(name) };
            (Vec::new(), comes)
        } else {
            (vec![self.key.id()], ReturnAs::Member)
        };
        let change = Return::sign(
            &self.id,
            if cause == Cause::Copy { &self.key } else { key },
            credential.clone(),
            gives_up,
            comes,
            self.asks_at(step.now),
            key_packages.iter().map(Opaque::as_bytes),
        );
        let (secret, reply): (HpkeSecret, HpkePublic) = generate(self.suite, step.random).ok()?;
        let mut post = ReturnPost::new(self.id, change, key_packages, self.head, reply);
        post.seq = self.first_unheard();
        post.heard = heard;
        Some((post, secret))
    }

    /// When this device asks: whatever its clock says, later than it ever did.
    pub(super) fn asks_at(&self, now: Timestamp) -> Timestamp {
        let entry = self.ledger().and_then(|ledger| ledger.members().get(&self.me));
        let returned = entry.map(|entry| entry.returned);
        let asked = self.returning.as_ref().map(|returning| returning.offer.written);
        let latest = returned
            .max(asked)
            .map(|latest| Timestamp::from_millis(latest.as_millis().saturating_add(1)));
        now.max(latest.unwrap_or_default())
    }

    /// Porches on which somebody may hear this device: the others may have left its era.
    pub(super) fn porches_to_ask(&self) -> Vec<StateId> {
        self.porches.keys().copied().collect()
    }

    /// The key that answers to a return are sealed to, and whether this device is in again.
    pub(super) fn returning_reply(&self, id: &ReturnId) -> Option<(&HpkeSecret, bool)> {
        let returning = self.returning.as_ref()?;
        Some((&returning.offer(id)?.reply, !returning.is_open()))
    }

    /// Asks again while nobody has answered, and forgets a return that is long over.
    pub(super) fn tend_returning(&mut self, step: &mut Step<'_>) {
        if let Some(own) = &mut self.returning {
            own.listens.get_or_insert(step.now);
        }
        if self.takes_own_place_at().is_some_and(|at| at <= step.now) && self.take_own_place(step) {
            return;
        }
        let Some(returning) = &self.returning else {
            return;
        };
        match returning.done {
            Some(_) if returning.used => self.leave_used_keys(step),
            Some(_) if !returning.unsaid.is_empty() => self.tend_unsaid(step),
            Some(done) if step.now.since(done) > self.lingers() => {
                self.forget_returning(step);
            }
            None if returning.next <= step.now => {
                let request = Request {
                    cause: returning.cause,
                    key: &DeviceKey::from_secret(&returning.key),
                    credential: returning.credential.clone(),
                    attempt: returning.attempt.saturating_add(1),
                    heard: returning.heard,
                };
                self.post_return(step, request);
            }
            _ => {}
        }
    }

    /// Another copy asked with the same key, as it was copied while it waited: this one asks with another. What is
    /// no newer than what this one asked may be its own, however it comes here.
    pub(super) fn ask_with_another_key(&mut self, step: &mut Step<'_>, theirs: Timestamp) {
        let Some(own) = self.returning.as_ref().filter(|own| theirs > own.offer.written) else {
            return;
        };
        let (attempt, heard) = (own.attempt, own.heard);
        let key = DeviceKey::generate(step.random);
        let credential = self.own_credential();
        if let Some(credential) = credential.and_then(|c| c.vouch(&self.id, &self.key, &key.id())) {
            self.post_return(
                step,
                Request { cause: Cause::Copy, key: &key, credential, attempt, heard },
            );
        }
    }

    /// When the return wants to be looked after.
    pub(super) fn next_return(&self) -> Option<Timestamp> {
        let returning = self.returning.as_ref()?;
        Some(match returning.done {
            Some(_) if returning.used || !returning.unsaid.is_empty() => returning.next,
            Some(done) => done.after(self.lingers()),
            None => returning.next.min(self.takes_own_place_at().unwrap_or(returning.next)),
        })
    }

    /// How long a device that is in again looks out for one more Welcome. As long as it holds keys of a
    /// state that it left, those who stand on another side may yet carry out what it asked for, and
    /// without their Welcome it cannot follow them there.
    fn lingers(&self) -> Duration {
        let has_left = self.states.values().filter_map(State::held).any(|held| held.left);
        if has_left { RETURN_LIFE } else { RETURN_LINGERS }
    }

    /// Whether this device, taken out by its own member, may yet be let in by those who stand on another side: it
    /// came in anew lately, and they carry out the same request; or it is a copy, and another one came in
    /// before its own request was carried out.
    pub(super) fn looks_out(&self, now: Timestamp) -> bool {
        let may_come = |returning: &Returning| match returning.done {
            Some(done) => now.since(done) <= self.lingers(),
            None => {
                let copy = returning.cause == Cause::Copy;
                copy && now.since(returning.offer.written) <= RETURN_LIFE
            }
        };
        self.listens(now) && self.returning.as_ref().is_some_and(may_come)
    }

    /// A Welcome for a device that comes back was found on a porch. Says also whether states came
    /// with it.
    pub(super) fn take_back_in(&mut self, step: &mut Step<'_>, record: &[u8]) -> (Verdict, bool) {
        let Ok(sealed) = SealedReply::from_bytes(record) else {
            return (Verdict::Reject(Violation::Malformed), false);
        };
        let own = self.returning.as_ref();
        let Some((returning, offer)) = own.and_then(|own| Some((own, own.offer(&sealed.ask)?)))
        else {
            return (Verdict::Ignore(Redundant::NotForUs), false);
        };
        let opened = sealed.open(Label::RETURN_HPKE, self.suite, &offer.reply);
        let admission: Option<Admission> =
            opened.and_then(|bytes| wire::decode(&bytes, MAX_WELCOME).ok());
        let entered = admission.and_then(|admission| {
            let bytes = admission.entrance.as_bytes();
            let entrance: Entrance = wire::decode(bytes, MAX_WELCOME).ok()?;
            let (key, injected) = (DeviceKey::from_secret(&returning.key), step.injected());
            let welcome = admission.welcome.as_bytes();
            enter(&self.id, self.suite, &key, welcome, entrance, &offer.keys, injected).ok()
        });
        let Some(entered) = entered else {
            return (Verdict::Reject(Violation::Mls), false);
        };
        let known = self.states.get(&entered.id).is_some_and(|state| state.held().is_some())
            || self.is_pruned(&entered.id);
        if known || !self.fits(&entered) {
            return (Verdict::Ignore(Redundant::Settled), false);
        }
        self.enter_again(step, entered);
        (Verdict::Accept, true)
    }

    /// This device is in again, under a fresh leaf.
    fn enter_again(&mut self, step: &mut Step<'_>, entered: Entered) {
        let before = self.side();
        let heard = self.returning.as_ref().map_or(self.heard, |returning| returning.heard);
        let epoch = self.states.get(&self.head).map_or(0, |state| state.epoch);
        let first = self.is_returning();
        let root = entered.id;
        let chosen = entered.choices();
        if let Some(returning) = &mut self.returning {
            if returning.done.is_none() {
                returning.done = Some(step.now);
                returning.next = step.now.after(TOLD_LATEST);
            }
            let key = DeviceKey::from_secret(&returning.key);
            if key.id() != self.key.id() {
                self.former.push(self.key.id());
                self.key = key;
                self.chain = Chain::default();
            }
        }
        self.doubt = None;
        self.write_returning(step);
        if first {
            self.drop_own_commit(step);
        }
        self.take_root(step, entered);
        if first {
            for id in self.unheard_items() {
                self.doubt_place(step, &id);
            }
            self.leave_all_but(step, &root);
            self.follow_root(step, &root, &chosen);
            self.way_back.forget_questions();
            self.long_for(step, heard.min(self.oldest_unsaid(heard)), Some(epoch));
            self.heard = step.now;
            // A folder that was put back may have come in by this request before: what others hold of that is
            // looked at first, as after a start.
            self.hold_until = self.hold_until.max(step.now.after(step.timings.after_start));
            self.republish = self.hold_until;
            if self.mention.take().is_some() {
                self.mention_soon(step);
            }
            self.mention_former(step);
        }
        self.renewed = step.now;
        self.follow_head(step);
        if first && let Some(before) = before {
            self.want_again(step, &before);
        }
        self.want_renewal(step);
        self.write(step);
        if self.returning.as_ref().is_some_and(|own| own.used) {
            self.come_back(step, Cause::Copy);
        } else if first {
            step.tell(Event::CameBack { circle: self.id });
        }
    }

    /// An own commit that nobody is known to have leads nowhere any more.
    pub(super) fn drop_own_commit(&mut self, step: &mut Step<'_>) {
        if let Some(pending) = self.pending.take() {
            self.drop_outgoing(step, Carries::Commit(pending.state));
        }
    }

    /// What this device holds beside the way to `root` it only reads from now on.
    pub(super) fn leave_all_but(&mut self, step: &mut Step<'_>, root: &StateId) {
        let mut way = BTreeSet::new();
        let mut at = Some(*root);
        while let Some((id, state)) = at.and_then(|id| self.states.get_key_value(&id)) {
            if !way.insert(*id) {
                break;
            }
            at = state.parent;
        }
        let own = self.key.id();
        let mut left = Vec::new();
        for (id, state) in &mut self.states {
            let Some(held) = state.held_mut() else {
                continue;
            };
            // Also below the root nothing is sealed with a leaf that another device may hold.
            let foreign = held.ledger.member_of(&own).is_none();
            if id != root && !held.left && (foreign || !way.contains(id)) {
                held.left = true;
                left.push(*id);
            }
        }
        for id in left {
            self.write_state_of(step, &id);
        }
    }

    /// What this device had chosen for good on the way to `root` and otherwise, holds no more: those
    /// who took it in know better. `chosen` is what they chose.
    fn follow_root(
        &mut self,
        step: &mut Step<'_>,
        root: &StateId,
        chosen: &BTreeMap<StateId, StateId>,
    ) {
        let mut at = *root;
        while let Some(parent) = self.states.get(&at).and_then(|state| state.parent) {
            let Some(state) = self.states.get_mut(&parent) else {
                break;
            };
            if let Hold::Header(remains) = &mut state.hold {
                let theirs = chosen.get(&parent).copied();
                if remains.chosen != theirs {
                    remains.chosen = theirs;
                    self.write_state_of(step, &parent);
                }
                self.frozen.remove(&parent);
                self.frozen.extend(theirs.map(|child| (parent, child)));
            }
            at = parent;
        }
    }

    /// How long a request to be taken in anew is carried out.
    pub(super) fn is_stale(post: &ReturnPost, now: Timestamp) -> bool {
        now.since(post.change.written) > RETURN_LIFE
    }
}
