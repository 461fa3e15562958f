//! What leaves this device: items, and envelopes kept until somebody else has them.
//! Clauses: specs/03-circle C-11, C-12, specs/07-store S-7.

use std::collections::BTreeSet;

use crate::circle::outbox::{Acknowledged, Outgoing};
use crate::circle::seal::Message;
use crate::circle::taking_back::TakenBack;
use crate::circle::{Circle, Step};
use crate::content::{Ask, Content, Item, ItemBody, ItemText, Reply, Scope, Share};
use crate::id::{EnvelopeId, InviteId, ItemId, KnockId, StateId};
use crate::identity::Verified;
use crate::input::Venue;
use crate::limits::{HEAD_AGE, MAX_OUTBOX, MAX_SEEN, MAX_TEXT};
use crate::mls::HpkePublic;
use crate::output::{Event, Output};
use crate::shelf::Kept;
use crate::state::{SealPurpose, Short};
use crate::time::Timestamp;
use crate::wire::chunk::seal_record;
use crate::wire::text::Text;
use crate::wire::{Envelope, FrameKind, SealKey, TopicKey};

/// Items of one device said anew at most after a removal.
pub(super) const MAX_SAID_AGAIN: usize = 64;

/// A share, before it has a place in the circle.
#[derive(Clone, Debug)]
pub struct NewShare {
    /// What its author asks for.
    pub ask: Ask,
    /// A note that says beforehand what it is about.
    pub content_note: Option<String>,
    /// A title; a share with one is a story.
    pub title: Option<String>,
    /// What it says.
    pub text: String,
    /// Who may ever read it.
    pub scope: Scope,
}

/// Why nothing was said.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ShareError {
    /// No such circle on this device.
    #[error("no such circle")]
    UnknownCircle,
    /// This device's member is no longer in the circle.
    #[error("you are no longer in this circle")]
    Closed,
    /// There is nothing in it.
    #[error("there is no text")]
    Empty,
    /// The text is too long.
    #[error("the text is longer than {limit} bytes")]
    TooLong {
        /// Bytes allowed.
        limit: usize,
    },
    /// The title or the content note is too long.
    #[error("the title or the content note is longer than {limit} characters")]
    NoteTooLong {
        /// Characters allowed.
        limit: usize,
    },
    /// The item to reply to is not here.
    #[error("no such share or reply")]
    UnknownItem,
    /// The answer was to be for those who join later, and what it answers is not.
    #[error("what this answers is not open to those who join later")]
    NotOpen,
    /// The circle has an agreement that was not accepted on this device.
    #[error("the circle's agreement is not accepted on this device")]
    Unaccepted,
    /// This device's member only listens here.
    #[error("you only listen in this circle")]
    Listener,
    /// This device may be a copy, or is one, and has to come in anew first.
    #[error("this device has to come into the circle anew first")]
    ComingBack,
    /// A facilitator has muted this device's member for a while.
    #[error("a facilitator has muted you for a while")]
    Muted {
        /// Until when.
        until: Timestamp,
    },
    /// Too much waits to be sent.
    #[error("too much waits to be sent already")]
    OutboxFull,
    /// The circle on this device cannot be written to; it is a defect, and other circles go on.
    #[error("this circle is damaged on this device")]
    Damaged,
}

/// Where this device stands in its own chain.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Chain {
    /// The counter of its latest seal.
    pub(crate) counter: u64,
    /// The number of its next item.
    pub(crate) seq: u64,
    /// Its latest item.
    pub(crate) previous: Option<ItemId>,
}

/// What an outgoing envelope is for.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Carries {
    /// An item of this device.
    Item(ItemId),
    /// An item of somebody else.
    Forward(ItemId),
    /// A commit of this device.
    Commit(StateId),
    /// A seal of this device that carries no item: a vote or a naming, by its counter.
    Seal(u64),
    /// A card or an answer.
    Post,
}

/// An own commit nobody else is known to have yet.
#[derive(Debug)]
pub(crate) struct Pending {
    /// The state it makes.
    pub(crate) state: StateId,
    /// The MLS commit, to be sealed again if it waits for long.
    pub(crate) commit: Vec<u8>,
    /// The Welcome to send once it is with somebody.
    pub(crate) welcome: Option<Vec<u8>>,
    /// Whom the Welcome is for.
    pub(crate) admitted: Vec<Admitted>,
}

/// Somebody a commit admits.
#[derive(Clone, Debug, tls_codec::TlsDeserialize, tls_codec::TlsSerialize, tls_codec::TlsSize)]
#[repr(u8)]
pub(crate) enum Admitted {
    /// Who knocked.
    #[tls_codec(discriminant = 1)]
    Knocked(Knocked),
    /// Who comes back.
    #[tls_codec(discriminant = 2)]
    TakenBack(TakenBack),
}

/// A newcomer: where the Welcome goes.
#[derive(Clone, Debug, tls_codec::TlsDeserialize, tls_codec::TlsSerialize, tls_codec::TlsSize)]
pub(crate) struct Knocked {
    pub(crate) invite: InviteId,
    pub(crate) knock: KnockId,
    pub(crate) reply: HpkePublic,
}

impl Circle {
    /// Shares something.
    ///
    /// # Errors
    /// [`ShareError`]; nothing was said.
    pub(crate) fn share(
        &mut self,
        step: &mut Step<'_>,
        share: NewShare,
    ) -> Result<ItemId, ShareError> {
        self.check_muted(step.now)?;
        let content_note = line_text(share.content_note)?;
        let title = line_text(share.title)?;
        let content = Share { ask: share.ask, content_note, title, text: item_text(share.text)? };
        self.say(step, Content::Share(content), share.scope)
    }

    /// Replies to a share or a reply.
    ///
    /// # Errors
    /// [`ShareError`]; nothing was said.
    pub(crate) fn reply(
        &mut self,
        step: &mut Step<'_>,
        to: ItemId,
        text: String,
        scope: Scope,
    ) -> Result<ItemId, ShareError> {
        self.say_to(step, to, text, scope, Content::Reply)
    }

    /// Answers in one of the kinds there are.
    pub(super) fn say_to(
        &mut self,
        step: &mut Step<'_>,
        to: ItemId,
        text: String,
        scope: Scope,
        kind: impl FnOnce(Reply) -> Content,
    ) -> Result<ItemId, ShareError> {
        self.check_muted(step.now)?;
        // Whoever comes later could not tell what it answers.
        let answered = self.items.get(&to).ok_or(ShareError::UnknownItem)?.body.scope;
        if scope == Scope::LaterToo && answered != Scope::LaterToo {
            return Err(ShareError::NotOpen);
        }
        let content = Reply { to, text: item_text(text)? };
        self.say(step, kind(content), scope)
    }

    /// Signs, encrypts, seals and keeps an item of this device.
    pub(super) fn say(
        &mut self,
        step: &mut Step<'_>,
        content: Content,
        scope: Scope,
    ) -> Result<ItemId, ShareError> {
        if !self.may_talk() {
            return Err(ShareError::Closed);
        }
        if self.is_muted() {
            return Err(ShareError::ComingBack);
        }
        if content.needs_acceptance() && !self.has_accepted() {
            return Err(ShareError::Unaccepted);
        }
        if content.needs_acceptance() && self.is_listener() {
            return Err(ShareError::Listener);
        }
        if self.unsent() >= MAX_OUTBOX {
            return Err(ShareError::OutboxFull);
        }
        if scope == Scope::LaterToo && !self.knows_author(&self.key.id()) {
            let own = self.own_credential();
            self.note_author(step, own);
        }
        let head = self.head;
        let body = ItemBody {
            circle: self.id,
            member: self.me,
            device: self.key.id(),
            first_state: head,
            seq: self.chain.seq,
            previous: self.chain.previous,
            seen: self.tips_to_name(),
            written: step.now,
            scope,
            content,
        };
        let signed = body.sign(&self.key);
        let item = signed.read_own().map_err(|_| ShareError::TooLong { limit: MAX_TEXT })?;
        let (id, written, is_news) = (item.id, item.body.written, item.body.content.is_news());
        let waits = !self.has_room() || self.places_of.unsealed() > 0;
        let renew = if waits { false } else { self.seal_item(step, &item)? };
        self.chain.seq += 1;
        self.chain.previous = Some(id);
        if waits {
            self.wait_for_room(step, &id);
        }
        self.keep_item(step, item);
        if waits {
            self.want_room(step);
        } else {
            self.note_own_place(step, &id);
        }
        if renew {
            self.want_renewal(step);
        }
        self.write(step);
        if is_news {
            step.tell(Event::ItemArrived { circle: self.id, item: id, written, own: true });
        }
        Ok(id)
    }

    /// Encrypts an item of this device under the head, seals it, and sends it out. Says whether
    /// the leaf should be renewed. The circle is to be written after it.
    fn seal_item(
        &mut self,
        step: &mut Step<'_>,
        item: &Verified<Item>,
    ) -> Result<bool, ShareError> {
        let message = Message {
            state: self.head,
            purpose: SealPurpose::Item,
            plaintext: &item.signed().to_bytes(),
            carries: Carries::Item(item.id),
        };
        self.seal_unwritten(step, &message)
    }

    /// The tips this device's next item names: those its own previous item does not imply.
    pub(super) fn tips_to_name(&self) -> Vec<Short> {
        // What this device said under keys it gave up is its own to name, whoever else heard it.
        let former = self.tips_of_former();
        let mut tips: Vec<_> = self
            .tips()
            .iter()
            .chain(&former)
            .filter(|id| Some(**id) != self.chain.previous)
            .filter_map(|id| self.items.get(id))
            .collect();
        // Nobody else names that.
        let first = |item: &Kept| !former.contains(&item.id);
        tips.sort_by_key(|item| (first(item), std::cmp::Reverse(item.body.written), item.id));
        let mut shorts: Vec<Short> =
            tips.into_iter().take(MAX_SEEN).map(|item| item.id.short()).collect();
        shorts.sort_unstable();
        shorts.dedup();
        shorts
    }

    /// Seals a record into one envelope, or into chunks and their manifest.
    pub(super) fn seal(
        step: &mut Step<'_>,
        seal: &SealKey,
        topic_key: &TopicKey,
        kind: FrameKind,
        record: &[u8],
    ) -> Option<Vec<Verified<Envelope>>> {
        let hour = step.now.hour();
        seal_record(seal, topic_key, hour, kind, record, step.random).ok()
    }

    /// Keeps envelopes until somebody else has them, and asks for them to be published.
    pub(super) fn send_out(
        &mut self,
        step: &mut Step<'_>,
        envelopes: Vec<Verified<Envelope>>,
        carries: Carries,
    ) {
        if self.outbox.is_empty() {
            let again = step.now.after(step.timings.republish);
            // What may not leave yet leaves as soon as it may.
            self.republish = if step.now < self.hold_until { self.hold_until } else { again };
        }
        for envelope in envelopes {
            let id = envelope.id();
            let order = self.outbox.next_order();
            self.seen.insert(id);
            self.write_outgoing(step, &id, &envelope, order, carries);
            if self.may_publish(step, carries) {
                let venue = Venue::Circle(self.id);
                step.ask(Output::Publish { venue, envelope: envelope.clone() });
            }
            self.outbox.insert(id, Outgoing { envelope, order, carries, held: false });
        }
    }

    /// Somebody else has an envelope of this device. What travels in chunks stays until all of it
    /// is held, so that it can be sealed anew as a whole.
    pub(crate) fn acknowledged(&mut self, step: &mut Step<'_>, envelope: &EnvelopeId) {
        self.note_acknowledged(step, envelope);
        self.say_again(step);
    }

    /// The same before what came with it was looked at.
    pub(super) fn note_acknowledged(&mut self, step: &mut Step<'_>, envelope: &EnvelopeId) {
        let outgoing = match self.outbox.hold(envelope) {
            Acknowledged::First(outgoing) => outgoing,
            Acknowledged::Again => return,
            Acknowledged::Foreign => {
                self.own_commit_held(step, envelope);
                return;
            }
        };
        let (carries, hour) = (outgoing.carries, outgoing.envelope.hour());
        // Kept to be served from now on. Before, it leaves only when this device may speak.
        let kept = outgoing.envelope.clone();
        self.write_envelope(step, envelope, &kept);
        if carries == Carries::Post {
            self.outbox.remove(envelope);
            self.delete_outgoing(step, envelope);
            return;
        }
        if !self.outbox.is_held(carries) {
            return;
        }
        self.drop_outgoing(step, carries);
        match carries {
            Carries::Item(item) => {
                step.tell(Event::ItemHeld { circle: self.id, item });
                self.left_late(step, &item, hour);
                self.sift_files(step, &item);
                self.go_if_alone(step);
            }
            Carries::Forward(item) => {
                // What its author may not say any more is carried as others would carry it.
                let me = self.key.id();
                if self.items.get(&item).is_some_and(|kept| kept.body.device == me) {
                    step.tell(Event::ItemHeld { circle: self.id, item });
                }
                self.sift_files(step, &item);
            }
            Carries::Commit(state) => self.note_commit_held(step, state),
            Carries::Seal(_) | Carries::Post => {}
        }
    }

    /// The same of a commit that is not in the outbox any more: it was given up, and had left.
    fn own_commit_held(&mut self, step: &mut Step<'_>, envelope: &EnvelopeId) {
        let own = self.states.iter().find(|(_, state)| {
            state.commit == Some(*envelope) && state.held().is_some_and(|held| !held.acknowledged)
        });
        if let Some(state) = own.map(|(state, _)| *state) {
            self.note_commit_held(step, state);
        }
    }

    pub(super) fn drop_outgoing(&mut self, step: &mut Step<'_>, carries: Carries) {
        for id in self.outbox.of(carries) {
            if let Some(outgoing) = self.outbox.remove(&id) {
                self.take_back(step, &id, &outgoing);
            }
        }
    }

    /// All that waits is given up.
    pub(super) fn drop_all_outgoing(&mut self, step: &mut Step<'_>) {
        for (id, outgoing) in self.outbox.take() {
            self.take_back(step, &id, &outgoing);
        }
    }

    /// What left the outbox and nobody has is not to leave this device any more: a network may have
    /// been waiting for a relay to put it there.
    fn take_back(&self, step: &mut Step<'_>, id: &EnvelopeId, outgoing: &Outgoing) {
        self.delete_outgoing(step, id);
        if !outgoing.held {
            step.ask(Output::TakeBack { venue: Venue::Circle(self.id), envelope: *id });
        }
    }

    /// Whether nothing of an item of this device waits to be sent.
    pub(crate) fn is_held(&self, item: &ItemId) -> bool {
        !self.outbox.has(Carries::Item(*item))
            && !self.outbox.has(Carries::Forward(*item))
            && !self.places_of.is_unsealed(item)
    }

    /// Asks anew for everything nobody is known to have, in the order in which it was sealed.
    pub(crate) fn publish_again(&mut self, step: &mut Step<'_>) {
        self.republish = step.now.after(step.timings.republish);
        let waits = |out: &&Outgoing| !out.held && self.may_publish(step, out.carries);
        let mut outgoing: Vec<_> = self.outbox.values().filter(waits).collect();
        outgoing.sort_by_key(|out| out.order);
        for out in outgoing {
            let envelope = out.envelope.clone();
            step.ask(Output::Publish { venue: Venue::Circle(self.id), envelope });
        }
    }

    /// Whether something may leave now: of a copy nothing does but what it asks and tells on porches,
    /// and right after a start a device listens first. A commit takes no key from a ratchet.
    fn may_publish(&self, step: &Step<'_>, carries: Carries) -> bool {
        let steps_out = matches!(carries, Carries::Commit(_)) && self.may_step_out(step.now);
        carries == Carries::Post || (steps_out || !self.is_muted()) && step.now >= self.hold_until
    }

    /// Everything within reach was handed over after a start: what waits may leave.
    pub(super) fn end_hold(&mut self, step: &mut Step<'_>) {
        if step.now < self.hold_until {
            self.hold_until = step.now;
            self.publish_again(step);
        }
    }

    /// Says anew what waits under a topic that others no longer follow: items under the head, with
    /// the id they have. A commit that waited so long is given up; what it was to change is still
    /// wanted, and if somebody has it after all it is a rival like any other.
    pub(crate) fn publish_stale_again(&mut self, step: &mut Step<'_>) {
        let oldest = step.now.hour().period().previous();
        let stale: BTreeSet<Carries> = self
            .outbox
            .values()
            .filter(|outgoing| outgoing.envelope.hour().period() < oldest)
            .map(|outgoing| outgoing.carries)
            .filter(|carries| *carries != Carries::Post)
            .collect();
        for carries in stale {
            self.drop_outgoing(step, carries);
            match carries {
                Carries::Item(item) | Carries::Forward(item) => {
                    self.carry(step, &item);
                    // The head of somebody who was away for so long may be nobody's any more.
                    self.doubt_place(step, &item);
                }
                Carries::Commit(state) => {
                    self.send_commit_again(step, state);
                }
                Carries::Seal(counter) => self.name_again(step, counter),
                Carries::Post => {}
            }
        }
    }

    /// Seals the commit that waits to be acknowledged in a fresh envelope. It is the same commit: a
    /// second one on the same state would be its twin.
    fn send_commit_again(&mut self, step: &mut Step<'_>, id: StateId) {
        let Some(pending) = self.pending.as_ref().filter(|pending| pending.state == id) else {
            return;
        };
        let commit = pending.commit.clone();
        let parent = self.states.get(&id).and_then(|state| state.parent);
        let held = parent.and_then(|parent| self.states.get(&parent)?.held());
        let envelopes = held.and_then(|held| {
            let topic_key = self.publish_key(&held.era, step.now)?;
            Self::seal(step, &held.keys.commit_seal, &topic_key, FrameKind::Commit, &commit)
        });
        let Some(envelopes) = envelopes else {
            // The parent is gone. What was to change is still wanted.
            self.pending = None;
            self.write(step);
            return;
        };
        if let Some(state) = self.states.get_mut(&id) {
            state.commit = envelopes.last().map(|envelope| envelope.id());
        }
        self.write_state_of(step, &id);
        self.send_out(step, envelopes, Carries::Commit(id));
    }

    /// After a removal: says anew what this device wrote and nobody is known to have heard. It may
    /// have gone out under the topics of the era before, which the others left.
    pub(super) fn say_unheard_again(&mut self, step: &mut Step<'_>) {
        let me = self.key.id();
        let others = self.items.values().filter(|item| item.body.device != me);
        let mut heard: BTreeSet<Short> = others.flat_map(|item| item.body.seen()).collect();
        heard.extend(self.departures().into_iter().flatten());
        let mut unheard = Vec::new();
        let own = self.places.range((me, 0)..=(me, u64::MAX)).rev();
        // What waits to be sealed at all is in its order anyway.
        let sealed = own.filter(|(_, id)| !self.places_of.is_unsealed(id));
        for (_, id) in sealed.take(MAX_SAID_AGAIN) {
            // One's own chain is a line: whoever heard an item heard all before it.
            if heard.contains(&id.short()) {
                break;
            }
            unheard.push(*id);
        }
        for id in unheard.iter().rev() {
            // What is not meant for everybody who is here now stays on its way under the keys of before:
            // whoever it is meant for still listens there.
            if self.items.get(id).is_some_and(|item| self.may_carry(item)) {
                self.drop_outgoing(step, Carries::Item(*id));
                self.places_of.set_due(id, None);
                self.carry(step, id);
            }
            // Whoever wrote it was away for long, and this head may be one that the others left.
            let written = self.items.get(id).map(|item| item.body.written);
            if written.is_some_and(|written| step.now.since(written) >= HEAD_AGE) {
                self.doubt_place(step, id);
            }
        }
    }
}

pub(super) fn line_text<const N: usize>(
    text: Option<String>,
) -> Result<Option<Text<N>>, ShareError> {
    text.map(Text::new).transpose().map_err(|error| ShareError::NoteTooLong { limit: error.limit })
}

pub(super) fn item_text(text: String) -> Result<ItemText, ShareError> {
    if text.trim().is_empty() {
        return Err(ShareError::Empty);
    }
    ItemText::new(text).map_err(|_| ShareError::TooLong { limit: MAX_TEXT })
}
