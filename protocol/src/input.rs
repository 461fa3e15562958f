//! Everything that can happen to the engine, besides the commands of its owner.

use crate::id::{CircleId, EnvelopeId, InviteId, Topic};
use crate::identity::Verified;
use crate::wire::Envelope;

/// Where envelopes travel together: each venue has its own connections, never shared with another.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Venue {
    /// The topics of one circle.
    Circle(CircleId),
    /// The topic of an invite this device wants to join by.
    Invite(InviteId),
}

/// One thing that happened.
#[derive(Debug)]
pub enum Input {
    /// Envelopes arrived, their topic signatures checked. Whoever caught up after an absence hands
    /// over all it fetched at once: a batch is sorted before it is opened.
    Envelopes {
        /// Where they arrived.
        venue: Venue,
        /// The envelopes, in any order.
        envelopes: Vec<Verified<Envelope>>,
    },
    /// A relay holds an envelope of ours durably, or another member's device has it.
    Acknowledged {
        /// Where it was published.
        venue: Venue,
        /// The envelope.
        envelope: EnvelopeId,
    },
    /// Everything one relay or peer had on a topic has been handed over.
    Synced {
        /// Where.
        venue: Venue,
        /// The topic.
        topic: Topic,
    },
}
