//! Whether this device is a copy: of a folder that goes on elsewhere, or of what it was before.
//! What carries its number and is not from it gives it away. Clause: specs/04-order O-79.

use std::collections::BTreeMap;
use std::time::Duration;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::returning::Cause;
use crate::circle::{Circle, Standing, Step};
use crate::content::Item;
use crate::label::Label;
use crate::porch::Newest;
use crate::record::{Key, RecordKind, Value};
use crate::time::Timestamp;
use crate::wire::DecodeError;

/// How long a device that may be a copy seals nothing while nobody answers.
const DOUBT: Duration = Duration::from_secs(3600);
/// How long after one doubt the next begins at the earliest: any member can raise one.
const DOUBT_REST: Duration = Duration::from_secs(24 * 3600);

/// A doubt whether this device is a copy.
#[derive(Clone, Copy, Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(super) struct Doubt {
    since: Timestamp,
    #[tls_codec(with = "crate::wire::flag")]
    open: bool,
}

impl Circle {
    /// Whether this device doubts that it is the only one with its key.
    pub(super) fn is_doubting(&self) -> bool {
        self.doubt.is_some_and(|doubt| doubt.open)
    }

    /// Whether this device never made the seal that a member says it heard of it.
    fn is_foreign(&self, newest: Newest) -> bool {
        let own = self.ballots.seal_of(&self.key.id(), newest.counter);
        newest.counter > self.chain.counter || own.is_some_and(|own| own.digest != newest.digest)
    }

    /// Whether this device never made an MLS message. It cannot open what is its own.
    fn is_foreign_message(&self, counter: u64, message: &[u8]) -> bool {
        let own = self.sealed.get(&counter);
        counter > self.chain.counter || own.is_some_and(|own| *own != message_hash(message))
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
        let rested = self.doubt.is_none_or(|doubt| step.now.since(doubt.since) >= DOUBT_REST);
        if !self.is_foreign_message(counter, message)
            || self.standing != Standing::Active
            || self.is_returning()
            || !rested
        {
            return;
        }
        self.doubt = Some(Doubt { since: step.now, open: true });
        self.write(step);
        self.ask(step);
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
            return;
        }
        self.doubt = None;
        self.come_back(step, Cause::Copy);
        if !self.is_returning() {
            self.standing = Standing::Replaced;
            self.write(step);
        }
    }

    /// Nobody has said more for long enough.
    pub(super) fn tend_doubt(&mut self, step: &mut Step<'_>) {
        let over = |doubt: Doubt| doubt.open && step.now.since(doubt.since) >= DOUBT;
        if self.doubt.is_some_and(over) {
            self.end_doubt(step);
        } else if self.is_doubting() {
            self.ask(step);
        }
    }

    /// When the doubt is to be looked after.
    pub(super) fn next_doubt(&self) -> Option<Timestamp> {
        self.doubt.filter(|doubt| doubt.open).map(|doubt| doubt.since.after(DOUBT))
    }

    /// A commit signed with the key of this device came from others. If it never made it, nobody but
    /// a copy can have.
    pub(super) fn meet_own_commit(&mut self, step: &mut Step<'_>, counter: u64, message: &[u8]) {
        if self.is_foreign_message(counter, message) {
            self.doubt = None;
            self.come_back(step, Cause::Copy);
        }
    }

    fn end_doubt(&mut self, step: &mut Step<'_>) {
        let Some(doubt) = &mut self.doubt else {
            return;
        };
        if std::mem::replace(&mut doubt.open, false) {
            self.way_back.end_question();
            self.write(step);
            self.publish_again(step);
            self.plan_all_carrying(step);
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
