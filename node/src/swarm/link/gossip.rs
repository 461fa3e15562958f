//! From gossip to the node loop and back: what is well signed is judged by the engine, and only
//! what it accepts is passed on. `Reject` falls on the forwarder, so only what any forwarder
//! could have seen maps to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use libp2p::PeerId;
use libp2p::gossipsub::{
    Event, IdentTopic, Message, MessageAcceptance, MessageId, PublishError, TopicHash,
};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;
use windbreak_protocol::id::Topic;
use windbreak_protocol::wire::{DecodeError, Envelope};

use crate::swarm::limits::{MAX_GOSSIP_IN_FLIGHT, MAX_REJECTED, SUBSCRIBED_REST};
use crate::swarm::link::LinkSwarm;
use crate::swarm::link::filter::Filter;
use crate::swarm::shared::{Shared, Topics};
use crate::swarm::venue::Acceptance;

/// What becomes of one gossip message.
pub(crate) struct Judged {
    id: MessageId,
    source: PeerId,
    acceptance: MessageAcceptance,
}

pub(crate) struct Gossip {
    shared: Arc<Shared>,
    filter: Filter,
    verdicts: mpsc::Sender<Judged>,
    places: Arc<Semaphore>,
    judging: JoinSet<()>,
    followed: BTreeSet<Topic>,
    /// How many messages of each linked peer were nothing to pass on.
    rejected: BTreeMap<PeerId, u32>,
    /// When somebody last subscribed and what waits was offered because of it.
    subscribed: Option<Instant>,
}

impl Gossip {
    pub(crate) fn new(shared: Arc<Shared>, filter: Filter, verdicts: mpsc::Sender<Judged>) -> Self {
        let places = Arc::new(Semaphore::new(MAX_GOSSIP_IN_FLIGHT));
        let (judging, followed) = (JoinSet::new(), BTreeSet::new());
        let (rejected, subscribed) = (BTreeMap::new(), None);
        Self { shared, filter, verdicts, places, judging, followed, rejected, subscribed }
    }

    pub(crate) fn handle(&mut self, swarm: &mut LinkSwarm, event: Event) {
        match event {
            Event::Message { propagation_source, message_id, message } => {
                self.judge(swarm, message_id, propagation_source, message);
            }
            Event::Subscribed { .. } => self.publish_to_new(swarm),
            _ => {}
        }
    }

    /// Has a message judged beside the swarm; its verdict comes back by the channel.
    fn judge(&mut self, swarm: &mut LinkSwarm, id: MessageId, source: PeerId, message: Message) {
        while self.judging.try_join_next().is_some() {}
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            // Too many wait already; this one comes by comparing.
            let acceptance = MessageAcceptance::Ignore;
            self.report(swarm, Judged { id, source, acceptance });
            return;
        };
        let (shared, verdicts) = (self.shared.clone(), self.verdicts.clone());
        self.judging.spawn(async move {
            let acceptance = judge(&shared, message).await;
            // A swarm that has gone needs no verdict.
            let _ = verdicts.send(Judged { id, source, acceptance }).await;
            drop(place);
        });
    }

    /// Tells gossip what becomes of a message; and whom to refuse, if its forwarder has sent too much
    /// that any carrier would have dropped.
    #[must_use]
    pub(crate) fn settle(&mut self, swarm: &mut LinkSwarm, judged: Judged) -> Option<PeerId> {
        let source = judged.source;
        let is_rejected = matches!(judged.acceptance, MessageAcceptance::Reject);
        self.report(swarm, judged);
        // Who has gone is not counted any more.
        if !is_rejected || !swarm.is_connected(&source) {
            return None;
        }
        let rejected = self.rejected.entry(source).or_default();
        *rejected += 1;
        (*rejected == MAX_REJECTED + 1).then_some(source)
    }

    /// A peer has gone: whoever stays refused is remembered elsewhere.
    pub(crate) fn forget(&mut self, peer: &PeerId) {
        self.rejected.remove(peer);
    }

    fn report(&self, swarm: &mut LinkSwarm, judged: Judged) {
        swarm.behaviour_mut().gossip.report_message_validation_result(
            &judged.id,
            &judged.source,
            judged.acceptance,
        );
    }

    /// Offers what waits to whoever has subscribed. A peer can do so as often as it likes: what it
    /// would miss is offered again anyway.
    fn publish_to_new(&mut self, swarm: &mut LinkSwarm) {
        if self.subscribed.is_none_or(|last| last.elapsed() > SUBSCRIBED_REST) {
            self.subscribed = Some(Instant::now());
            self.publish(swarm);
        }
    }

    /// Subscribes to what is followed, and to nothing else.
    pub(crate) fn follow(&mut self, swarm: &mut LinkSwarm, topics: &Topics) {
        self.filter.set(topics.keys().map(hash).collect());
        let gossip = &mut swarm.behaviour_mut().gossip;
        let followed: BTreeSet<_> = topics.keys().copied().collect();
        for topic in self.followed.difference(&followed) {
            gossip.unsubscribe(&name(topic));
        }
        for topic in followed.difference(&self.followed) {
            if gossip.subscribe(&name(topic)).is_err() {
                tracing::debug!("a topic could not be subscribed to");
            }
        }
        self.followed = followed;
    }

    /// Offers what waits; what nobody is there for stays.
    pub(crate) fn publish(&self, swarm: &mut LinkSwarm) {
        for (id, envelope) in self.shared.outgoing.not_gossiped() {
            let topic = hash(&envelope.topic());
            match swarm.behaviour_mut().gossip.publish(topic, envelope.as_bytes()) {
                Ok(_) | Err(PublishError::Duplicate | PublishError::MessageTooLarge) => {
                    self.shared.outgoing.gossiped(&id);
                }
                Err(_) => {}
            }
        }
    }
}

async fn judge(shared: &Shared, message: Message) -> MessageAcceptance {
    let envelope = match Envelope::from_bytes(message.data) {
        Ok(envelope) => envelope,
        // Whoever forwarded it may know more than we do.
        Err(DecodeError::UnknownVersion) => return MessageAcceptance::Ignore,
        Err(_) => return MessageAcceptance::Reject,
    };
    let topic = envelope.topic();
    if hash(&topic) != message.topic {
        return MessageAcceptance::Reject;
    }
    if !shared.follows(&topic) {
        return MessageAcceptance::Ignore;
    }
    let Ok(envelope) = envelope.verify() else {
        return MessageAcceptance::Reject;
    };
    match shared.judge(envelope).await {
        Some(Acceptance::Accept | Acceptance::Keep) => MessageAcceptance::Accept,
        Some(Acceptance::Ignore | Acceptance::AskAgain) | None => MessageAcceptance::Ignore,
    }
}

/// How gossip calls a topic.
fn name(topic: &Topic) -> IdentTopic {
    IdentTopic::new(topic.to_text())
}

fn hash(topic: &Topic) -> TopicHash {
    TopicHash::from_raw(topic.to_text())
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;
    use windbreak_protocol::wire::TopicKey;

    use super::*;
    use crate::store::MemoryStore;
    use crate::swarm::testkit::{NOW, StillClock, envelopes, spoilt, topic_key};
    use crate::swarm::{FollowedTopic, MemberMailbox, Timings, VenueEvent};

    /// What becomes of a message in a venue that follows `key` and whose engine says `verdict`.
    async fn verdict(
        key: &TopicKey,
        gossip_topic: &Topic,
        data: &[u8],
        verdict: Acceptance,
    ) -> MessageAcceptance {
        let store = Arc::new(std::sync::Mutex::new(MemoryStore::new()));
        let (events, mut receiver) = mpsc::channel(1);
        let mailbox = MemberMailbox::open(store).unwrap();
        let clock = StillClock::new().clock();
        let shared = Shared::new(mailbox, events, Timings::fast(), clock);
        let followed = FollowedTopic { key: key.clone(), publish: true, begins: None };
        shared.set_topics([(key.topic(), followed)].into());
        let engine = tokio::spawn(async move {
            if let Some(VenueEvent::Envelopes { ticket, .. }) = receiver.recv().await {
                ticket.answer(vec![verdict]);
            }
        });
        let message = Message {
            source: None,
            data: data.to_vec(),
            sequence_number: None,
            topic: hash(gossip_topic),
        };
        let acceptance = judge(&shared, message).await;
        engine.abort();
        acceptance
    }

    #[tokio::test]
    async fn only_what_a_carrier_could_check_is_held_against_it() {
        let (key, other) = (topic_key(1), topic_key(2));
        let topic = key.topic();
        let good = envelopes(&key, NOW, 1, 1).remove(0);
        let elsewhere = envelopes(&other, NOW, 1, 1).remove(0);
        let mut newer = good.as_bytes().to_vec();
        newer[0] = 2;
        let accept =
            async |topic: &Topic, data: &[u8]| verdict(&key, topic, data, Acceptance::Accept).await;

        use MessageAcceptance::{Accept, Ignore, Reject};
        assert!(matches!(accept(&topic, good.as_bytes()).await, Accept));
        assert!(matches!(accept(&topic, &spoilt(&good)).await, Reject));
        assert!(matches!(accept(&topic, b"noise").await, Reject));
        assert!(matches!(accept(&topic, elsewhere.as_bytes()).await, Reject));
        assert!(matches!(accept(&topic, &newer).await, Ignore));
        assert!(matches!(accept(&other.topic(), elsewhere.as_bytes()).await, Ignore));
        for useless in [Acceptance::Ignore, Acceptance::AskAgain] {
            let verdict = verdict(&key, &topic, good.as_bytes(), useless).await;
            assert!(matches!(verdict, Ignore));
        }
    }
}
