//! What a member serves to whoever holds an invite, on the invite's topic alone: what it keeps of it,
//! and what it has said there and nobody holds yet, since without a relay there may be nobody else.
//! Clause: specs/06-sync Y-86.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::future::BoxFuture;
use windbreak_protocol::id::{EnvelopeId, Topic};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::time::Hour;
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::wire::sync::{DayFingerprint, Refusal};

use crate::swarm::link::LinkMailbox;
use crate::swarm::mailbox::{Follower, Index, Mailbox, StreamNumber};
use crate::swarm::shared::Shared;

/// The mailbox of one invite.
pub(crate) struct DoorMailbox {
    shared: Arc<Shared>,
    members: LinkMailbox,
    topic: Topic,
}

impl DoorMailbox {
    pub(crate) fn new(shared: Arc<Shared>, topic: Topic) -> Self {
        Self { members: LinkMailbox::new(shared.clone()), shared, topic }
    }

    /// What is kept and what is on its way, as one.
    fn all(&self) -> Index {
        let mut all = Index::default();
        for kept in self.members.days(&self.topic) {
            for (hour, id) in self.members.day(&self.topic, kept.day) {
                all.insert(self.topic, hour, id);
            }
        }
        for envelope in self.shared.outgoing.on_topic(&self.topic) {
            all.insert(self.topic, envelope.hour(), envelope.id());
        }
        all
    }
}

impl Mailbox for DoorMailbox {
    fn serves(&self, topic: &Topic) -> bool {
        *topic == self.topic && self.members.serves(topic)
    }

    fn days(&self, topic: &Topic) -> Vec<DayFingerprint> {
        let mut all = self.all();
        all.days(topic)
    }

    fn day(&self, topic: &Topic, day: u32) -> Vec<(Hour, EnvelopeId)> {
        let said = self.shared.outgoing.on_topic(topic).into_iter();
        let said = said.map(|said| (said.hour(), said.id())).filter(|(hour, _)| hour.day() == day);
        let both: BTreeSet<_> = self.members.day(topic, day).into_iter().chain(said).collect();
        both.into_iter().collect()
    }

    fn envelope(&self, topic: &Topic, id: &EnvelopeId) -> Option<Vec<u8>> {
        let said = || Some(self.shared.outgoing.envelope(topic, id)?.as_bytes().to_vec());
        self.members.envelope(topic, id).or_else(said)
    }

    fn put(
        &self,
        envelope: Verified<Envelope>,
        from: StreamNumber,
    ) -> BoxFuture<'static, Result<(), Refusal>> {
        self.members.put(envelope, from)
    }

    fn follow(&self, topic: &Topic, stream: StreamNumber) -> Follower {
        self.members.follow(topic, stream)
    }
}
