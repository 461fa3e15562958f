//! Connections, and what goes over them: what is published, what relays hand on, and what a
//! comparison finds.

use std::collections::BTreeSet;

use windbreak_protocol::id::EnvelopeId;
use windbreak_protocol::testing;
use windbreak_protocol::{Input, Redundant, Venue, Verdict};

use crate::sim::Sim;
use crate::sim::backups::Sent;
use crate::sim::sea::{Carried, Happening};

/// How often a device compares with its relays.
const COMPARE: u64 = 5 * 60_000;

impl Sim {
    pub(super) fn is_linked(&self, device: usize, relay: usize, session: u64) -> bool {
        let link = &self.devices[device].links[relay];
        link.up && link.session == session
    }

    /// Whether a device can reach a relay: while the network is split, the first relay is on one
    /// side and the others on the other.
    pub(crate) fn can_reach(&self, device: usize, relay: usize) -> bool {
        let here = &self.devices[device];
        let wanted = here.venues.values().any(|followed| followed.relays.contains(&relay));
        let side = self.sides >> (device % 32) & 1 == 1;
        let together = !self.split || side == (relay > 0);
        here.engine.is_some() && here.online && wanted && together
    }

    /// Brings a device's connections to what they can be now.
    pub(crate) fn relink(&mut self, device: usize) {
        for relay in 0..self.relays.len() {
            let can = self.can_reach(device, relay);
            let link = &mut self.devices[device].links[relay];
            if link.up && !can {
                link.up = false;
                link.session += 1;
                link.comparing = false;
            } else if !link.up && can {
                let pause = self.weather.between(50, 3_000);
                self.queue.add(self.now + pause, Happening::Connect { device, relay });
            }
        }
    }

    pub(super) fn connect(&mut self, device: usize, relay: usize) {
        if self.devices[device].links[relay].up || !self.can_reach(device, relay) {
            return;
        }
        let link = &mut self.devices[device].links[relay];
        link.up = true;
        link.session += 1;
        link.comparing = false;
        link.compared = None;
        self.arrange_comparison(device, relay, 100);
    }

    /// Breaks a connection; it comes back.
    pub(crate) fn reset(&mut self, device: usize, relay: usize) {
        let link = &mut self.devices[device].links[relay];
        link.up = false;
        link.session += 1;
        link.comparing = false;
        let pause = self.weather.between(500, 60_000);
        self.queue.add(self.now + pause, Happening::Connect { device, relay });
    }

    pub(super) fn arrange_comparison(&mut self, device: usize, relay: usize, after: u64) {
        let link = &mut self.devices[device].links[relay];
        if link.up && (!link.comparing || after < COMPARE) {
            link.comparing = true;
            let session = link.session;
            self.queue.add(self.now + after, Happening::Compare { device, session, relay });
        }
    }

    /// How long a message takes now; `None` if its connection breaks.
    fn travel(&mut self, device: usize, relay: usize) -> Option<u64> {
        if self.weather.chance(self.plan.loss) {
            self.reset(device, relay);
            return None;
        }
        Some(10 + self.weather.below(self.plan.latency))
    }

    pub(crate) fn publish(&mut self, device: usize, venue: Venue, envelope: Carried) {
        let id = envelope.id();
        self.note_generation(device, &venue, id, &envelope);
        if !self.pool.contains_key(&id) {
            self.tell_published(device, &envelope);
        }
        self.pool.insert(id, envelope.clone());
        self.sent.entry(id).or_insert(Sent { by: device, at: self.now });
        let (first, _) = id.as_bytes().split_first_chunk().unwrap_or((&[0; 8], &[]));
        self.tally.trace = self.tally.trace.rotate_left(5) ^ u64::from_be_bytes(*first);
        self.devices[device].unheld.insert(id, (venue, envelope.clone()));
        let relays = self.devices[device].venues.get(&venue);
        for relay in relays.map(|followed| followed.relays.clone()).unwrap_or_default() {
            self.send(device, relay, venue, &envelope);
        }
    }

    fn send(&mut self, device: usize, relay: usize, venue: Venue, envelope: &Carried) {
        if !self.devices[device].links[relay].up {
            return;
        }
        if let Some(time) = self.travel(device, relay) {
            let session = self.devices[device].links[relay].session;
            let envelope = envelope.clone();
            let put = Happening::Put { device, session, relay, venue, envelope };
            self.queue.add(self.now + time, put);
        }
    }

    /// Nothing is ever encrypted twice with one key: looked at by the sender itself.
    fn note_generation(
        &mut self,
        device: usize,
        venue: &Venue,
        id: EnvelopeId,
        envelope: &Carried,
    ) {
        let (Venue::Circle(circle), Some(engine)) = (venue, &self.devices[device].engine) else {
            return;
        };
        if self.pool.contains_key(&id) {
            return;
        }
        let Some(generation) = testing::generation(engine, circle, envelope) else {
            return;
        };
        // An item, or somebody else's.
        let purpose = testing::purpose(engine, circle, envelope);
        self.tally.resealed += u64::from(matches!(purpose, Some(1 | 3)));
        let first = *self.generations.entry(generation).or_insert(id);
        if first == id || self.insider == Some(device) {
            return;
        }
        if self.could_know(device, &first) {
            self.fail("no key is used twice", format!("device {device}: {generation:?}"));
        }
        self.tally.reused += 1;
    }

    pub(super) fn put(&mut self, device: usize, relay: usize, venue: Venue, envelope: &Carried) {
        let Some(new) = self.relays[relay].put(self.now, envelope) else {
            return;
        };
        if let Some(time) = self.travel(device, relay) {
            let session = self.devices[device].links[relay].session;
            let id = envelope.id();
            let held = Happening::Held { device, session, relay, venue, id };
            self.queue.add(self.now + time, held);
        }
        if new {
            for other in (0..self.devices.len()).filter(|other| *other != device) {
                self.hand_on(other, relay, envelope);
            }
        }
    }

    /// A relay hands an envelope on to a device that follows its topic.
    pub(crate) fn hand_on(&mut self, device: usize, relay: usize, envelope: &Carried) {
        if !self.devices[device].links[relay].up {
            return;
        }
        for venue in self.devices[device].venues_of(relay, &envelope.topic()) {
            let again = self.plan.faults.network() && self.weather.chance(20);
            for _ in 0..1 + usize::from(again) {
                let Some(time) = self.travel(device, relay) else {
                    return;
                };
                let session = self.devices[device].links[relay].session;
                let envelope = envelope.clone();
                let live = Happening::Live { device, session, relay, venue, envelope };
                self.queue.add(self.now + time, live);
            }
        }
    }

    pub(super) fn compare(&mut self, device: usize, relay: usize) {
        let unheld: Vec<_> = self.devices[device].unheld.values().cloned().collect();
        for (venue, envelope) in unheld {
            let followed = self.devices[device].venues.get(&venue);
            if followed.is_some_and(|followed| followed.relays.contains(&relay)) {
                self.send(device, relay, venue, &envelope);
            }
        }
        let changes = Some((self.relays[relay].changes, self.devices[device].changes));
        if self.devices[device].links[relay].compared != changes {
            let venues: Vec<Venue> = self.devices[device].venues.keys().copied().collect();
            for venue in venues {
                self.compare_venue(device, relay, venue);
            }
            self.devices[device].links[relay].compared = changes;
        }
        self.arrange_comparison(device, relay, COMPARE);
    }

    fn compare_venue(&mut self, device: usize, relay: usize, venue: Venue) {
        let Some(followed) = self.devices[device].venues.get(&venue) else {
            return;
        };
        if !followed.relays.contains(&relay) {
            return;
        }
        let mut envelopes = Vec::new();
        let mut missing = Vec::new();
        for (_, topic) in followed.topics.clone() {
            let there = &self.relays[relay];
            let here = &self.devices[device];
            let ours = here.kept.get(&topic).into_iter().flat_map(|kept| kept.keys());
            missing.extend(ours.filter(|id| !there.holds(&topic, id)).copied());
            let lacks = |id: &EnvelopeId| !here.keeps(&topic, id) && !here.given.contains(id);
            envelopes.extend(self.relays[relay].of_topic(self.now, &topic, lacks));
        }
        let missing: Vec<Carried> =
            missing.iter().filter_map(|id| self.pool.get(id)).cloned().collect();
        for envelope in missing {
            self.send(device, relay, venue, &envelope);
        }
        if let Some(time) = self.travel(device, relay) {
            let session = self.devices[device].links[relay].session;
            let fetched = Happening::Fetched { device, session, relay, venue, envelopes };
            self.queue.add(self.now + 2 * time, fetched);
        }
    }

    pub(super) fn fetched(&mut self, device: usize, venue: Venue, mut envelopes: Vec<Carried>) {
        if !envelopes.is_empty() {
            for place in (1..envelopes.len()).rev() {
                let other = self.weather.place(place + 1);
                envelopes.swap(place, other);
            }
            self.deliver(device, venue, envelopes);
        }
        let followed = self.devices[device].venues.get(&venue).cloned().unwrap_or_default();
        let mut topics = followed.topics;
        topics.sort_unstable();
        for (_, topic) in topics.into_iter().rev() {
            self.feed(device, Input::Synced { venue, topic });
        }
    }

    /// Hands envelopes to a device, those it keeps already left out.
    pub(crate) fn deliver(&mut self, device: usize, venue: Venue, mut envelopes: Vec<Carried>) {
        let mut seen = BTreeSet::new();
        let here = &self.devices[device];
        envelopes.retain(|envelope| {
            let (topic, id) = (envelope.topic(), envelope.id());
            !here.keeps(&topic, &id) && !here.given.contains(&id) && seen.insert(id)
        });
        if envelopes.is_empty() || here.engine.is_none() {
            return;
        }
        let ids: Vec<EnvelopeId> = envelopes.iter().map(|envelope| envelope.id()).collect();
        if self.devices[device].unaware.is_some() {
            self.devices[device].handed.extend(&ids);
        }
        let envelopes = envelopes.iter().map(|envelope| (**envelope).clone()).collect();
        let verdicts = self.feed(device, Input::Envelopes { venue, envelopes });
        // Whoever was put back is handed again what it had opened, and keeps no keys for.
        let strict = self.insider.is_none() && !self.devices[device].is_old();
        for (id, verdict) in ids.into_iter().zip(verdicts) {
            self.tell_verdict(device, &id, verdict);
            match verdict {
                Verdict::Ignore(
                    Redundant::NoRoom | Redundant::TooFarAhead | Redundant::ForeignTopic,
                ) => {}
                Verdict::Reject(violation) if strict && !self.is_doubtful(&id) => {
                    let detail = format!("device {device}: {violation}");
                    self.fail("nothing honest is refused", detail);
                }
                _ => {
                    self.devices[device].given.insert(id);
                }
            }
        }
    }
}
