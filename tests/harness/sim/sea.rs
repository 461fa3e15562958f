//! What lies between devices: relays, and messages on their way, by a clock that jumps from one
//! thing that happens to the next.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;

use windbreak_protocol::Venue;
use windbreak_protocol::id::{EnvelopeId, InviteId, Topic};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::limits::RELAY_KEEP;
use windbreak_protocol::wire::Envelope;

/// An envelope, shared by all who hold it, with its id: that is a hash of all of it, and asked for at each
/// comparison of each device.
#[derive(Clone, Debug)]
pub(crate) struct Carried {
    id: EnvelopeId,
    envelope: Rc<Verified<Envelope>>,
}

impl Carried {
    pub(crate) fn new(envelope: Verified<Envelope>) -> Self {
        Self { id: envelope.id(), envelope: Rc::new(envelope) }
    }

    /// As [`Envelope::id`].
    pub(crate) fn id(&self) -> EnvelopeId {
        self.id
    }
}

impl Deref for Carried {
    type Target = Verified<Envelope>;

    fn deref(&self) -> &Self::Target {
        &self.envelope
    }
}

/// Something that will happen.
#[derive(Clone, Debug)]
pub(crate) enum Happening {
    /// A device wants to be woken.
    Wake { device: usize },
    /// An envelope reaches a relay.
    Put { device: usize, session: u64, relay: usize, venue: Venue, envelope: Carried },
    /// A relay says that it holds an envelope.
    Held { device: usize, session: u64, relay: usize, venue: Venue, id: EnvelopeId },
    /// A relay hands on what it was put.
    Live { device: usize, session: u64, relay: usize, venue: Venue, envelope: Carried },
    /// A device compares what it keeps with a relay.
    Compare { device: usize, session: u64, relay: usize },
    /// What a comparison found arrives.
    Fetched { device: usize, session: u64, relay: usize, venue: Venue, envelopes: Vec<Carried> },
    /// A broken connection comes back.
    Connect { device: usize, relay: usize },
    /// A device that died starts again.
    Start { device: usize },
    /// Somebody who has been given an invite reads its card.
    Knock { device: usize, invite: InviteId },
    /// Somebody looks at a new device of theirs that asks for their word.
    Confirm { device: usize },
    /// Somebody says what they think of what was proposed.
    Decide { device: usize },
    /// Somebody looks at those who knock.
    Look { device: usize },
}

impl Happening {
    /// Over which connection it comes, if over one: device, relay, session.
    pub(crate) fn over(&self) -> Option<(usize, usize, u64)> {
        match self {
            Self::Put { device, session, relay, .. }
            | Self::Held { device, session, relay, .. }
            | Self::Live { device, session, relay, .. }
            | Self::Compare { device, session, relay }
            | Self::Fetched { device, session, relay, .. } => Some((*device, *relay, *session)),
            _ => None,
        }
    }
}

/// What will happen, in order.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiting: BTreeMap<(u64, u64), Happening>,
    count: u64,
}

impl Queue {
    pub(crate) fn add(&mut self, at: u64, happening: Happening) {
        self.count += 1;
        self.waiting.insert((at, self.count), happening);
    }

    /// When the next thing happens.
    pub(crate) fn next_at(&self) -> Option<u64> {
        self.waiting.keys().next().map(|(at, _)| *at)
    }

    pub(crate) fn pop(&mut self) -> Option<Happening> {
        self.waiting.pop_first().map(|(_, happening)| happening)
    }
}

/// A relay: envelopes by topic, each with the time it was received.
#[derive(Debug, Default)]
pub(crate) struct Relay {
    held: BTreeMap<Topic, BTreeMap<EnvelopeId, (u64, Carried)>>,
    /// Counts what it took in.
    pub(crate) changes: u64,
}

impl Relay {
    /// Takes an envelope in; says whether it is new. What is too old is refused.
    pub(crate) fn put(&mut self, now: u64, envelope: &Carried) -> Option<bool> {
        let keep = u64::try_from(RELAY_KEEP.as_millis()).unwrap_or(u64::MAX);
        if u64::from(envelope.hour().get()) * 3_600_000 + keep < now {
            return None;
        }
        let held = self.held.entry(envelope.topic()).or_default();
        if held.contains_key(&envelope.id()) {
            return Some(false);
        }
        held.insert(envelope.id(), (now, envelope.clone()));
        self.changes += 1;
        Some(true)
    }

    /// What it holds of a topic that `lacks` says is wanted, without what has expired.
    pub(crate) fn of_topic(
        &mut self,
        now: u64,
        topic: &Topic,
        lacks: impl Fn(&EnvelopeId) -> bool,
    ) -> Vec<Carried> {
        let keep = u64::try_from(RELAY_KEEP.as_millis()).unwrap_or(u64::MAX);
        let Some(held) = self.held.get_mut(topic) else {
            return Vec::new();
        };
        held.retain(|_, (received, _)| *received + keep >= now);
        let lacking = held.iter().filter(|(id, _)| lacks(id));
        lacking.map(|(_, (_, envelope))| envelope.clone()).collect()
    }

    /// Whether it holds an envelope of a topic.
    pub(crate) fn holds(&self, topic: &Topic, id: &EnvelopeId) -> bool {
        self.held.get(topic).is_some_and(|held| held.contains_key(id))
    }
}
