//! Envelopes on their way out: kept here until somebody else holds them. The queue is in memory;
//! the engine's outbox publishes again after a restart.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use libp2p::PeerId;
use tokio::sync::watch;
use windbreak_protocol::id::{EnvelopeId, Topic};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::wire::Envelope;

use crate::swarm::limits::MAX_OUTGOING;

/// Who can carry an envelope to others.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Carrier {
    Relay(PeerId),
    /// Whoever is linked directly: one of them is enough.
    Links,
    /// Whoever was met directly, or on a local network: one of them is enough.
    Direct,
}

/// The queue.
pub(crate) struct Outgoing {
    entries: Mutex<Entries>,
    changed: watch::Sender<()>,
}

#[derive(Default)]
struct Entries {
    carriers: BTreeSet<Carrier>,
    entries: BTreeMap<EnvelopeId, Entry>,
    /// Them in the order of their arrival, so that what was first said goes first.
    order: BTreeMap<u64, EnvelopeId>,
    next: u64,
}

impl Entries {
    fn insert(&mut self, id: EnvelopeId, entry: Entry) {
        self.order.insert(entry.order, id);
        self.entries.insert(id, entry);
    }

    fn remove(&mut self, id: &EnvelopeId) {
        if let Some(entry) = self.entries.remove(id) {
            self.order.remove(&entry.order);
        }
    }

    fn retain(&mut self, mut keeps: impl FnMut(&EnvelopeId, &mut Entry) -> bool) {
        let order = &mut self.order;
        self.entries.retain(|id, entry| {
            let stays = keeps(id, entry);
            if !stays {
                order.remove(&entry.order);
            }
            stays
        });
    }

    /// Oldest first.
    fn in_order(&self) -> impl Iterator<Item = (EnvelopeId, &Entry)> {
        self.order.values().filter_map(|id| Some((*id, self.entries.get(id)?)))
    }
}

struct Entry {
    order: u64,
    envelope: Arc<Verified<Envelope>>,
    waiting: BTreeSet<Carrier>,
    /// Whether only relays are to carry it.
    is_for_relays: bool,
    is_held: bool,
    is_gossiped: bool,
}

impl Entry {
    fn wait_for(&mut self, carriers: &BTreeSet<Carrier>) {
        let may_carry =
            |carrier: &&Carrier| !self.is_for_relays || matches!(carrier, Carrier::Relay(_));
        self.waiting = carriers.iter().filter(may_carry).copied().collect();
    }
}

impl Outgoing {
    pub(crate) fn new() -> Self {
        Self { entries: Mutex::default(), changed: watch::Sender::new(()) }
    }

    /// Queues an envelope for all carriers; `false` if there is no room. One that still waits is
    /// left as it is; one that was refused or forgotten begins anew.
    pub(crate) fn push(&self, envelope: Verified<Envelope>) -> bool {
        self.queue(envelope, false)
    }

    /// Queues an envelope for relays alone, in the place of what was said earlier; `false` if there
    /// is no room.
    pub(crate) fn push_instead(
        &self,
        envelope: Verified<Envelope>,
        is_earlier: impl Fn(&EnvelopeId) -> bool,
    ) -> bool {
        let id = envelope.id();
        self.entries().retain(|other, _| *other == id || !is_earlier(other));
        self.queue(envelope, true)
    }

    fn queue(&self, envelope: Verified<Envelope>, is_for_relays: bool) -> bool {
        {
            let mut entries = self.entries();
            let carriers = entries.carriers.clone();
            if let Some(entry) = entries.entries.get_mut(&envelope.id()) {
                if entry.is_held {
                    // Its author has not heard that it is held, so it is asked for once more.
                    entry.is_held = false;
                    entry.wait_for(&carriers);
                    drop(entries);
                    self.changed.send_replace(());
                }
                return true;
            }
            if entries.entries.len() >= MAX_OUTGOING {
                return false;
            }
            let order = entries.next;
            entries.next += 1;
            let mut entry = Entry {
                order,
                waiting: BTreeSet::new(),
                is_for_relays,
                is_held: false,
                is_gossiped: false,
                envelope: Arc::new(envelope),
            };
            entry.wait_for(&carriers);
            entries.insert(entry.envelope.id(), entry);
        }
        self.changed.send_replace(());
        true
    }

    /// Says who there is to carry. What nobody holds yet waits for all of them.
    pub(crate) fn set_carriers(&self, carriers: BTreeSet<Carrier>) {
        {
            let mut entries = self.entries();
            entries.retain(|_, entry| {
                if entry.is_held {
                    entry.waiting.retain(|carrier| carriers.contains(carrier));
                } else {
                    entry.wait_for(&carriers);
                    entry.is_gossiped = false;
                }
                !entry.is_held || !entry.waiting.is_empty()
            });
            entries.carriers = carriers;
        }
        self.changed.send_replace(());
    }

    /// At most `limit` envelopes of `topic` that wait for `carrier`, oldest first, without those
    /// in `skip`.
    pub(crate) fn next(
        &self,
        carrier: Carrier,
        topic: &Topic,
        skip: &BTreeSet<EnvelopeId>,
        limit: usize,
    ) -> Vec<(EnvelopeId, Arc<Verified<Envelope>>)> {
        let entries = self.entries();
        let waits = |(id, entry): &(EnvelopeId, &Entry)| {
            entry.waiting.contains(&carrier)
                && entry.envelope.topic() == *topic
                && !skip.contains(id)
        };
        let next = entries.in_order().filter(waits).take(limit);
        next.map(|(id, entry)| (id, entry.envelope.clone())).collect()
    }

    /// All of one topic that somebody waits for.
    pub(crate) fn on_topic(&self, topic: &Topic) -> Vec<Arc<Verified<Envelope>>> {
        let entries = self.entries();
        let all = entries.entries.values().map(|entry| &entry.envelope);
        all.filter(|envelope| envelope.topic() == *topic).cloned().collect()
    }

    /// One of them.
    pub(crate) fn envelope(
        &self,
        topic: &Topic,
        id: &EnvelopeId,
    ) -> Option<Arc<Verified<Envelope>>> {
        let entries = self.entries();
        let envelope = &entries.entries.get(id)?.envelope;
        (envelope.topic() == *topic).then(|| envelope.clone())
    }

    /// Envelopes that were not yet given to gossip, oldest first.
    pub(crate) fn not_gossiped(&self) -> Vec<(EnvelopeId, Arc<Verified<Envelope>>)> {
        let entries = self.entries();
        let waits = |(_, entry): &(EnvelopeId, &Entry)| {
            !entry.is_gossiped && entry.waiting.contains(&Carrier::Links)
        };
        let next = entries.in_order().filter(waits);
        next.map(|(id, entry)| (id, entry.envelope.clone())).collect()
    }

    /// Gossip has taken an envelope.
    pub(crate) fn gossiped(&self, id: &EnvelopeId) {
        let mut entries = self.entries();
        if let Some(entry) = entries.entries.get_mut(id) {
            entry.is_gossiped = true;
            // Held elsewhere already: gossip was all that was missing.
            if entry.is_held {
                entry.waiting.remove(&Carrier::Links);
                if entry.waiting.is_empty() {
                    entries.remove(id);
                }
            }
        }
    }

    /// Whether an envelope is still to be offered to somebody.
    pub(crate) fn has(&self, id: &EnvelopeId) -> bool {
        self.entries().entries.contains_key(id)
    }

    /// Nobody is to be offered the envelope any more.
    pub(crate) fn take_back(&self, id: &EnvelopeId) {
        self.entries().remove(id);
    }

    /// `carrier` holds the envelope. Says whether it is the first, as far as is known: of one that was
    /// taken back meanwhile nothing is.
    pub(crate) fn held(&self, carrier: Carrier, id: &EnvelopeId) -> bool {
        let mut entries = self.entries();
        let Some(entry) = entries.entries.get_mut(id) else {
            return true;
        };
        entry.waiting.remove(&carrier);
        let is_first = !entry.is_held;
        entry.is_held = true;
        if entry.is_gossiped {
            entry.waiting.remove(&Carrier::Links);
        }
        if entry.waiting.is_empty() {
            entries.remove(id);
        }
        is_first
    }

    /// `carrier` will never hold the envelope. Says whether nobody is left who might.
    pub(crate) fn refused(&self, carrier: Carrier, id: &EnvelopeId) -> bool {
        let mut entries = self.entries();
        let Some(entry) = entries.entries.get_mut(id) else {
            return false;
        };
        entry.waiting.remove(&carrier);
        if !entry.waiting.is_empty() {
            return false;
        }
        let is_lost = !entry.is_held;
        entries.remove(id);
        is_lost
    }

    /// `carrier` is out of reach: what others hold need not wait for it, since comparing with it
    /// later shows what it lacks.
    pub(crate) fn unreachable(&self, carrier: Carrier) {
        let mut entries = self.entries();
        entries.retain(|_, entry| {
            if entry.is_held {
                entry.waiting.remove(&carrier);
            }
            !entry.waiting.is_empty() || !entry.is_held
        });
    }

    /// Tells of every change.
    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// How many are queued that nobody holds.
    pub(crate) fn unheld(&self) -> usize {
        self.entries().entries.values().filter(|entry| !entry.is_held).count()
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        // Each change leaves the entries whole, so a panic elsewhere does not spoil them.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::swarm::testkit::{NOW, envelopes, topic_key};

    #[test]
    fn what_waits_is_queued_once_and_what_was_refused_may_come_again() {
        let outgoing = Outgoing::new();
        let relays = [1, 2].map(|_| Carrier::Relay(PeerId::random()));
        outgoing.set_carriers(relays.into());
        let key = topic_key(1);
        let said = envelopes(&key, NOW, 1, MAX_OUTGOING + 1);
        let id = said[0].id();
        let waiting = |carrier| outgoing.next(carrier, &key.topic(), &BTreeSet::new(), 9).len();

        assert!(outgoing.push(said[0].clone()));
        assert!(outgoing.push(said[0].clone()));
        assert_eq!((waiting(relays[0]), outgoing.unheld()), (1, 1));
        assert!(!outgoing.refused(relays[0], &id));
        assert!(outgoing.push(said[0].clone()));
        assert_eq!(waiting(relays[0]), 0, "what waits for another is not asked for again");
        assert!(outgoing.refused(relays[1], &id));
        assert_eq!(outgoing.unheld(), 0);

        assert!(outgoing.push(said[0].clone()));
        outgoing.take_back(&id);
        assert_eq!((waiting(relays[0]), outgoing.unheld()), (0, 0));
        assert!(outgoing.held(relays[0], &id), "it was on its way there: its author is told");

        assert!(outgoing.push(said[0].clone()));
        assert_eq!((waiting(relays[0]), waiting(relays[1])), (1, 1));
        assert!(outgoing.held(relays[0], &id));
        assert!(outgoing.push(said[0].clone()), "its author has not heard of it");
        assert!(outgoing.held(relays[0], &id), "so it is told again");

        for envelope in &said[1..MAX_OUTGOING] {
            assert!(outgoing.push(envelope.clone()));
        }
        assert!(!outgoing.push(said[MAX_OUTGOING].clone()), "no room");
        assert!(outgoing.push(said[0].clone()), "what is queued needs none");
    }

    #[test]
    fn what_is_for_relays_alone_waits_for_nobody_else_and_takes_the_place_of_the_last() {
        let outgoing = Outgoing::new();
        let relay = Carrier::Relay(PeerId::random());
        let carriers = BTreeSet::from([relay, Carrier::Links, Carrier::Direct]);
        outgoing.set_carriers(carriers.clone());
        let key = topic_key(1);
        let said = envelopes(&key, NOW, 1, 3);
        let waiting = |carrier| outgoing.next(carrier, &key.topic(), &BTreeSet::new(), 9).len();

        assert!(outgoing.push(said[0].clone()));
        assert!(outgoing.push_instead(said[1].clone(), |_| false));
        outgoing.set_carriers(carriers);
        assert_eq!((waiting(relay), waiting(Carrier::Direct), waiting(Carrier::Links)), (2, 1, 1));
        assert_eq!(outgoing.not_gossiped().len(), 1);
        assert!(outgoing.push_instead(said[2].clone(), |id| *id == said[1].id()));
        assert_eq!((waiting(relay), outgoing.unheld()), (2, 2));
        assert!(outgoing.held(relay, &said[2].id()));
        assert_eq!(outgoing.unheld(), 1);
    }
}
