//! What a host of topics keeps, behind one trait: a relay keeps what anybody puts on any topic, a
//! member what its own circles hold. The same stream server serves both.

mod follow;
mod index;
mod member;

use futures::future::BoxFuture;
use negentropy::{Id, NegentropyStorageVector};
use windbreak_protocol::admission::ShownToken;
use windbreak_protocol::id::{EnvelopeId, Topic};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::time::Hour;
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::wire::sync::{DayFingerprint, Refusal};

pub(crate) use follow::{Follower, Followers, Heard, Live, StreamNumber};
pub(crate) use index::Index;
pub(crate) use member::{EnvelopeChanges, HeldEnvelopes};
pub use member::{MemberMailbox, SharedStore};

/// The envelopes a host serves.
pub(crate) trait Mailbox: Send + Sync + 'static {
    /// Whether this host serves the topic at all.
    fn serves(&self, topic: &Topic) -> bool;

    /// The fingerprints of all days, oldest first.
    fn days(&self, topic: &Topic) -> Vec<DayFingerprint>;

    /// What is held of one day, in the order of (hour, id).
    fn day(&self, topic: &Topic, day: u32) -> Vec<(Hour, EnvelopeId)>;

    /// The bytes of an envelope that is held. Reads the store, so it may block.
    fn envelope(&self, topic: &Topic, id: &EnvelopeId) -> Option<Vec<u8>>;

    /// The bytes of an envelope that is just being made durable.
    fn passing(&self, _id: &EnvelopeId) -> Option<Vec<u8>> {
        None
    }

    /// What of a topic is just being made durable: followers were told of it, and no day lists it yet.
    fn passing_on(&self, _topic: &Topic) -> Vec<EnvelopeId> {
        Vec::new()
    }

    /// Whether an envelope is held, durably.
    fn holds(&self, _topic: &Topic, _id: &EnvelopeId) -> bool {
        false
    }

    /// Whether anything of a topic is held.
    fn holds_any(&self, _topic: &Topic) -> bool {
        true
    }

    /// Keeps an envelope; done when it is durable.
    fn put(
        &self,
        envelope: Verified<Envelope>,
        from: StreamNumber,
    ) -> BoxFuture<'static, Result<(), Refusal>>;

    /// Everything that others than this stream put on `topic` from now on.
    fn follow(&self, topic: &Topic, stream: StreamNumber) -> Follower;

    /// Whether a stream has to pay for what is put on it.
    fn wants_tokens(&self) -> bool {
        false
    }

    /// Takes a token that pays on a stream of `topic`; done when that it is spent is durable.
    fn spend(&self, _topic: Topic, _token: ShownToken) -> BoxFuture<'static, Result<(), Refusal>> {
        Box::pin(std::future::ready(Err(Refusal::Unwanted)))
    }

    /// Counts what the host refused to keep.
    fn note_refused(&self, _reason: Refusal) {}
}

/// A day as reconciliation wants it.
pub(crate) fn reconcilable(
    day: &[(Hour, EnvelopeId)],
) -> Result<NegentropyStorageVector, negentropy::Error> {
    let mut items = NegentropyStorageVector::with_capacity(day.len());
    for (hour, id) in day {
        items.insert(u64::from(hour.get()), Id::from_byte_array(*id.as_bytes()))?;
    }
    items.seal()?;
    Ok(items)
}
