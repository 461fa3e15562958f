//! What a member serves to linked members: the topics its venue follows, from its own mailbox.

use std::sync::Arc;

use futures::future::BoxFuture;
use windbreak_protocol::id::{EnvelopeId, Topic};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::limits::MAX_HOURS_AHEAD;
use windbreak_protocol::time::Hour;
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::wire::sync::{DayFingerprint, Refusal};

use crate::swarm::mailbox::{Follower, Mailbox, StreamNumber};
use crate::swarm::shared::Shared;
use crate::swarm::venue::Acceptance;

/// The mailbox of one venue.
pub(crate) struct LinkMailbox {
    shared: Arc<Shared>,
}

impl LinkMailbox {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

impl Mailbox for LinkMailbox {
    fn serves(&self, topic: &Topic) -> bool {
        self.shared.follows(topic)
    }

    fn days(&self, topic: &Topic) -> Vec<DayFingerprint> {
        self.shared.mailbox.stored_days(topic)
    }

    fn day(&self, topic: &Topic, day: u32) -> Vec<(Hour, EnvelopeId)> {
        self.shared.mailbox.stored_day(topic, day)
    }

    fn envelope(&self, topic: &Topic, id: &EnvelopeId) -> Option<Vec<u8>> {
        self.shared.mailbox.bytes(topic, id)
    }

    fn put(
        &self,
        envelope: Verified<Envelope>,
        _: StreamNumber,
    ) -> BoxFuture<'static, Result<(), Refusal>> {
        let shared = self.shared.clone();
        Box::pin(async move {
            let now = (shared.clock)().hour();
            if envelope.hour().get() > now.get().saturating_add(MAX_HOURS_AHEAD) {
                return Err(Refusal::TooFarAhead);
            }
            let (topic, id) = (envelope.topic(), envelope.id());
            let verdict = shared.judge(envelope).await;
            // Held means durable here, which only the store's index says.
            if shared.mailbox.stored_hour(&topic, &id).is_some() {
                return Ok(());
            }
            match verdict {
                Some(Acceptance::Accept | Acceptance::Keep | Acceptance::Ignore) => {
                    Err(Refusal::Unwanted)
                }
                Some(Acceptance::AskAgain) => Err(Refusal::Full),
                None => Err(Refusal::ShuttingDown),
            }
        })
    }

    fn follow(&self, topic: &Topic, stream: StreamNumber) -> Follower {
        self.shared.mailbox.followers.follow(topic, stream)
    }
}
