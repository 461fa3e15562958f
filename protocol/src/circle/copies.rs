//! Whether this device is a copy: of a folder that goes on elsewhere, or of what it was before.
//! What carries its number and is not from it gives it away. Clause: specs/04-order O-79.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::intent::IntentKind;
use crate::circle::request::Cause;
use crate::circle::send::Carries;
use crate::circle::{Circle, Standing, Step};
use crate::content::Item;
use crate::id::StateId;
use crate::label::Label;
use crate::limits::RECORD_OVERHEAD;
use crate::porch::Newest;
use crate::record::{Key, RecordKind, Value};
use crate::time::Timestamp;
use crate::wire::{self, DecodeError};

/// How long a device that may be a copy seals nothing while nobody answers.
const DOUBT: Duration = Duration::from_secs(3600);
/// How long after one doubt the next begins at the earliest: any member can raise one.
const DOUBT_REST: Duration = Duration::from_secs(24 * 3600);

/// How far a device that steps out of a doubt counts on beyond its own seals.
const COUNTS_ON: u64 = 1024;

/// Ways out of one doubt that are remembered, the newest: each needs a rival that won since.
const MAX_WAYS_OUT: usize = 64;

/// A doubt whether this device is a copy.
#[derive(Clone, Copy, Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(super) struct Doubt {
    since: Timestamp,
    #[tls_codec(with = "crate::wire::flag")]
    open: bool,
}

/// How this device steps out of its latest doubt. Kept apart from the doubt, whose place in the
/// circle's record is older.
#[derive(Debug, Default, TlsDeserialize, TlsSerialize, TlsSize)]
pub(super) struct WaysOut {
    /// The highest counter of what raised the doubt and came while it lasted.
    counter: u64,
    /// The states that this device made since: under them, and under what comes from them, nobody
    /// else has the keys of its leaf.
    states: Vec<StateId>,
    /// Counters that this device went past on its ways out, from and to: it sealed none of them.
    skipped: Vec<(u64, u64)>,
}

impl WaysOut {
    /// Reads what was written of them.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(super) fn read(value: &[u8]) -> Result<Self, DecodeError> {
        wire::decode(value, RECORD_OVERHEAD)
    }
}

impl Circle {
    pub(super) fn has_open_doubt(&self) -> bool {
        self.doubt.is_some_and(|doubt| doubt.open)
    }

    /// Whether this device doubts that it is the only one with the keys it would seal with under the
    /// head.
    pub(super) fn is_doubting(&self) -> bool {
        self.has_open_doubt() && !self.ways_out.states.iter().any(|id| self.is_on_path(id))
    }

    /// Whether nobody else can have the keys with which this device seals under a state.
    pub(super) fn seals_alone_under(&self, id: &StateId) -> bool {
        let ways_out = || self.ways_out.states.iter().copied().collect();
        !self.has_open_doubt() || self.above(*id, &ways_out()).is_some()
    }

    /// Whether this device has doubted for so long that it may step out: by a commit of its own, which
    /// whoever else has its keys cannot follow.
    pub(super) fn may_step_out(&self, now: Timestamp) -> bool {
        let long = self.doubt.is_some_and(|doubt| now.since(doubt.since) >= DOUBT);
        let own = self.key.id();
        long && self.is_doubting()
            && !self.is_returning()
            && self.ledger().is_some_and(|ledger| ledger.member_of(&own).is_some())
    }

    /// Before the commit that steps out: what another device sealed has its counters.
    pub(super) fn count_on(&mut self, step: &mut Step<'_>) {
        let (from, to) = (self.chain.counter.saturating_add(1), self.ways_out.counter);
        if self.is_doubting() && to >= from {
            self.chain.counter = to;
            let skipped = &mut self.ways_out.skipped;
            skipped.push((from, to));
            skipped.drain(..skipped.len().saturating_sub(MAX_WAYS_OUT));
            self.write_ways_out(step);
            self.write(step);
        }
    }

    /// This device made a state.
    pub(super) fn note_way_out(&mut self, step: &mut Step<'_>, id: StateId) {
        if self.is_doubting() {
            let states = &mut self.ways_out.states;
            states.push(id);
            states.drain(..states.len().saturating_sub(MAX_WAYS_OUT));
            self.write_ways_out(step);
        }
    }

    fn write_ways_out(&self, step: &mut Step<'_>) {
        step.put(self.key_of(RecordKind::WaysOut, &[]), wire::encode(&self.ways_out).to_vec());
    }

    pub(super) fn delete_ways_out(&self, step: &mut Step<'_>) {
        step.delete(self.key_of(RecordKind::WaysOut, &[]));
    }

    /// Whether this device never made the seal that a member says it heard of it.
    fn is_foreign(&self, newest: Newest) -> bool {
        let own = self.ballots.seal_of(&self.key.id(), newest.counter);
        self.never_sealed(newest.counter) || own.is_some_and(|own| own.digest != newest.digest)
    }

    /// Whether this device never made an MLS message. It cannot open what is its own.
    fn is_foreign_message(&self, counter: u64, message: &[u8]) -> bool {
        let own = self.sealed.get(&counter);
        self.never_sealed(counter) || own.is_some_and(|own| *own != message_hash(message))
    }

    fn never_sealed(&self, counter: u64) -> bool {
        let mut skipped = self.ways_out.skipped.iter();
        counter > self.chain.counter || skipped.any(|(from, to)| (*from..=*to).contains(&counter))
    }

    /// Remembers an MLS message this device made, as long as its seal.
    pub(super) fn note_sealed(&mut self, step: &mut Step<'_>, counter: u64, message: &[u8]) {
        let hash = message_hash(message);
        step.put(self.sealed_key(counter), hash.to_vec());
        self.sealed.insert(counter, hash);
    }

    pub(super) fn forget_sealed(&mut self, step: &mut Step<'_>, counter: u64) {
        if self.sealed.remove(&counter).is_some() {
            step.delete(self.sealed_key(counter));
        }
    }

    fn sealed_key(&self, counter: u64) -> Key {
        self.key_of(RecordKind::OwnMessage, &counter.to_be_bytes())
    }

    /// A message came in whose sender is this device, and that it never made. Any member may
    /// have forged that, so it is no proof: but until somebody says more, nothing is sealed.
    pub(super) fn doubt(&mut self, step: &mut Step<'_>, counter: u64, message: &[u8]) {
        if !self.is_foreign_message(counter, message)
            || self.standing != Standing::Active
            || self.is_returning()
        {
            return;
        }
        let counter = counter.min(self.chain.counter.saturating_add(COUNTS_ON));
        if self.is_doubting() && self.ways_out.states.is_empty() && counter > self.ways_out.counter
        {
            // The other device went on, and so do the counters to go past.
            self.ways_out.counter = counter;
            self.write_ways_out(step);
        }
        if self.doubt.is_some_and(|doubt| step.now.since(doubt.since) < DOUBT_REST) {
            return;
        }
        self.doubt = Some(Doubt { since: step.now, open: true });
        self.ways_out.counter = counter;
        self.ways_out.states.clear();
        self.write_ways_out(step);
        self.take_back_what_waits(step);
        self.write(step);
        self.ask(step);
    }

    /// What was sealed and nobody has may be sealed with keys that another device used: it never
    /// leaves. What it said is sealed anew once this device has keys of its own.
    fn take_back_what_waits(&mut self, step: &mut Step<'_>) {
        let waits = self.outbox.values().filter(|outgoing| !outgoing.held);
        let waits: BTreeSet<Carries> = waits.map(|outgoing| outgoing.carries).collect();
        for carries in waits {
            match carries {
                Carries::Item(id) | Carries::Forward(id) => {
                    self.drop_outgoing(step, carries);
                    self.doubt_place(step, &id);
                    self.plan_carrying(step, &id);
                }
                Carries::Seal(counter) => {
                    self.drop_outgoing(step, carries);
                    self.take_back_naming(step, counter);
                }
                Carries::Commit(_) | Carries::Post => {}
            }
        }
    }

    /// After a start: a doubt is as open as it was.
    pub(super) fn resume_doubt(&mut self, step: &mut Step<'_>) {
        if self.is_doubting() {
            self.ask(step);
        }
    }

    /// An item signed with the key of this device came from others, and it has none with that
    /// number, or another one: nobody but a copy can have made it.
    pub(super) fn meet_own_item(&mut self, step: &mut Step<'_>, item: &Item) -> bool {
        let foreign = item.body.device == self.key.id()
            && item.body.member == self.me
            && !self.items.contains_key(&item.id);
        if foreign {
            self.doubt = None;
            self.come_back(step, Cause::Copy);
        }
        foreign
    }

    /// A member says how far it has heard this device: further than it ever sealed, if it is a copy.
    /// That is one member's word, so it is believed once a day at most.
    /// Whoever names no such seal may just not have heard it yet: a doubt stays.
    pub(super) fn heard_up_to(&mut self, step: &mut Step<'_>, newest: Option<Newest>) {
        if newest.is_some_and(|newest| self.is_foreign(newest)) && self.returning.is_none() {
            self.doubt = None;
            self.come_back(step, Cause::Copy);
        }
    }

    /// The owner of this device knows that what it keeps is old, as after a backup was taken back: it
    /// is a copy, whatever others say, and whether or not it knows of others: they may have come
    /// since. Where it can find no way in, it is closed.
    pub(crate) fn return_as_copy(&mut self, step: &mut Step<'_>) {
        if self.standing != Standing::Active {
            if self.listens(step.now) {
                // Should the branch that closed it lose, it returns before it says anything.
                self.doubt = Some(Doubt { since: step.now, open: true });
                self.write(step);
            }
            return;
        }
        self.doubt = None;
        let left = self.unheard_that_left();
        // What it was put back to waited already: it may have come in by that since.
        let open = self.returning.as_ref().filter(|own| own.is_open());
        let used = open.is_some_and(|own| own.cause == Cause::Copy);
        self.come_back(step, Cause::Copy);
        if let Some(returning) = &mut self.returning {
            returning.left.extend(left);
            returning.used = used;
            returning.told = true;
            self.write_returning(step);
        }
        if !self.is_returning() {
            self.standing = Standing::Replaced;
            self.write(step);
        }
    }

    /// A device that is in by a request from before it was put back seals nothing under the keys of that, and
    /// asks for a leaf of its own once more.
    pub(super) fn leave_used_keys(&mut self, step: &mut Step<'_>) {
        let due = self.returning.as_mut().filter(|own| own.next <= step.now);
        if let Some(returning) = due {
            // In case it cannot be asked for now.
            returning.next = step.now.after(step.timings.ask_again);
            self.come_back(step, Cause::Copy);
        }
    }

    /// Nobody has said more for long enough: this device makes itself keys that nobody else has.
    pub(super) fn tend_doubt(&mut self, step: &mut Step<'_>) {
        if self.may_step_out(step.now) && self.pending.is_none() {
            if self.ledger().is_some_and(|ledger| ledger.may_renew(&self.me)) {
                self.want_renewal(step);
            } else {
                // It has renewed too often lately: others give it a leaf anew.
                self.come_back(step, Cause::Lost);
            }
        }
        if self.is_doubting() {
            self.ask(step);
        } else if self.has_open_doubt() && self.is_past_rivals() {
            self.end_doubt(step);
        }
    }

    /// Somebody has a commit of this device: if it is the way out of a doubt, nothing is asked any
    /// more.
    pub(super) fn end_question_of_doubt(&mut self, made: &StateId) {
        if self.has_open_doubt() && self.ways_out.states.contains(made) {
            self.way_back.end_question();
        }
    }

    /// When the doubt is to be looked after.
    pub(super) fn next_doubt(&self, now: Timestamp) -> Option<Timestamp> {
        let long = self.doubt.filter(|_| self.is_doubting())?.since.after(DOUBT);
        let renews = self.intents.values().any(|intent| matches!(intent.kind, IntentKind::Renew));
        let may_renew = self.ledger().is_some_and(|ledger| ledger.may_renew(&self.me));
        let wants = may_renew && !renews && self.pending.is_none() && self.may_step_out(now);
        // Once it has lasted, there is something to do only where a renewal can be wanted. Otherwise
        // its questions wake it.
        (long > now || wants).then_some(long)
    }

    /// Whether the head stays below a way out, whatever turns up: the keys of the state before are
    /// gone, and those of its rivals with them.
    fn is_past_rivals(&self) -> bool {
        let ways_out = self.ways_out.states.iter();
        let mut past = ways_out.filter(|id| self.is_on_path(id)).map(|id| {
            let parent = self.states.get(id).and_then(|state| state.parent);
            parent.and_then(|parent| self.states.get(&parent))
        });
        past.any(|parent| parent.is_none_or(|parent| parent.held().is_none()))
    }

    /// A commit signed with the key of this device came from others. If it never made it, nobody but
    /// a copy can have.
    pub(super) fn meet_own_commit(&mut self, step: &mut Step<'_>, counter: u64, message: &[u8]) {
        if self.is_foreign_message(counter, message) {
            self.doubt = None;
            self.come_back(step, Cause::Copy);
        }
    }

    /// This device is in again on another branch, and its owner had said that what it keeps is old.
    pub(super) fn return_if_put_back(&mut self, step: &mut Step<'_>) {
        if self.has_open_doubt() {
            self.return_as_copy(step);
        }
    }

    fn end_doubt(&mut self, step: &mut Step<'_>) {
        if let Some(doubt) = &mut self.doubt {
            doubt.open = false;
            self.ways_out.states.clear();
            self.write_ways_out(step);
            self.write(step);
        }
    }
}

/// Reads what [`Circle::note_sealed`] wrote.
pub(super) fn read_sealed(
    records: Vec<(Vec<u8>, Value)>,
) -> Result<BTreeMap<u64, [u8; 32]>, DecodeError> {
    let read = |(name, hash): (Vec<u8>, Value)| {
        let counter = name.try_into().map(u64::from_be_bytes).ok()?;
        Some((counter, hash.as_slice().try_into().ok()?))
    };
    records.into_iter().map(|record| read(record).ok_or(DecodeError::Malformed)).collect()
}

fn message_hash(message: &[u8]) -> [u8; 32] {
    Label::SEALED_MESSAGE.hash(&[message])
}
