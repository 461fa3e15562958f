//! The world: devices, time, and a relay between them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use windbreak_protocol::content::{Ask, Scope};
use windbreak_protocol::id::{CircleId, EnvelopeId, InviteId, ItemId, KnockId, MemberId, Topic};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::invite::{Door, InviteText};
use windbreak_protocol::ledger::{InviteTerms, MotionKind};
use windbreak_protocol::limits::RELAY_KEEP;
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::{
    FollowedTopic, Input, NewCircle, NewKnock, NewShare, Suite, Venue, Verdict,
};

use crate::Host;
use crate::host::Snapshot;

/// The number a run is made from.
#[derive(Clone, Copy, Debug)]
pub struct Seed(pub u8);

/// Devices 0, 1, 2 … and a relay.
#[derive(Debug)]
pub struct World {
    /// The devices.
    pub hosts: Vec<Host>,
    /// The time.
    pub now: Timestamp,
    /// What became of envelopes, in order.
    pub verdicts: Vec<Verdict>,
    relay: BTreeMap<Topic, BTreeMap<EnvelopeId, Verified<Envelope>>>,
    /// What the relay holds and shows to nobody for now: the other side of a split.
    hidden: BTreeMap<Topic, BTreeMap<EnvelopeId, Verified<Envelope>>>,
    /// Those who reach another relay, and what that one holds, while the network is split.
    beyond: BTreeSet<usize>,
    other_relay: BTreeMap<Topic, BTreeMap<EnvelopeId, Verified<Envelope>>>,
    delivered: Vec<BTreeSet<EnvelopeId>>,
    random: Random,
    suite: Suite,
}

/// How often a device compares what it has with the relay.
const SYNC_EVERY: Duration = Duration::from_secs(3600);

/// What went wrong while the world was being prepared.
pub type Fault = Box<dyn std::error::Error>;

impl World {
    /// `count` devices with X25519, which keeps debug runs quick.
    #[must_use]
    pub fn new(count: u8, seed: Seed) -> Self {
        Self::with_suite(count, seed, Suite::X25519)
    }

    /// `count` devices whose circles have `suite`.
    #[must_use]
    pub fn with_suite(count: u8, seed: Seed, suite: Suite) -> Self {
        // Half past some hour, so that a test of a minute does not cross into the next.
        let now = Timestamp::from_seconds(1_800_001_800);
        Self {
            hosts: (0..count).map(|number| Host::new(number + seed.0, now)).collect(),
            now,
            verdicts: Vec::new(),
            relay: BTreeMap::new(),
            hidden: BTreeMap::new(),
            beyond: BTreeSet::new(),
            other_relay: BTreeMap::new(),
            delivered: vec![BTreeSet::new(); usize::from(count)],
            random: Random::from_seed(&Secret::from_bytes([seed.0; 32])),
            suite,
        }
    }

    /// Device `host` makes a circle.
    ///
    /// # Errors
    /// Whatever the engine says.
    pub fn create_circle(&mut self, host: usize) -> Result<CircleId, Fault> {
        let new = NewCircle {
            title: "Evening circle".into(),
            name: format!("member {host}"),
            suite: self.suite,
            relays: vec!["/ip4/127.0.0.1/tcp/1".into()],
            welcome: "Come in.".into(),
            agreement: "We listen, and what is said here stays here.".into(),
            declaration: Some("I have nothing to report.".into()),
        };
        let circle = self.hosts[host].engine.create_circle(self.now, new)?;
        self.hosts[host].obey_all();
        Ok(circle)
    }

    /// Device `host` opens an invite of one use.
    ///
    /// # Errors
    /// Whatever the engine says.
    pub fn invite(
        &mut self,
        host: usize,
        circle: &CircleId,
        uses: u16,
        review: bool,
    ) -> Result<(InviteId, InviteText), Fault> {
        self.invite_by(host, circle, uses, Door { review, listens: false })
    }

    /// Device `host` opens an invite that lets people in this way.
    ///
    /// # Errors
    /// Whatever the engine says.
    pub fn invite_by(
        &mut self,
        host: usize,
        circle: &CircleId,
        uses: u16,
        door: Door,
    ) -> Result<(InviteId, InviteText), Fault> {
        let expires = self.now.after(Duration::from_secs(24 * 3600));
        let terms = InviteTerms { expires, uses, door };
        let invite = self.hosts[host].engine.open_invite(self.now, circle, terms)?;
        self.hosts[host].obey_all();
        let text = self.hosts[host].engine.invite_text(circle, &invite)?;
        Ok((invite, text))
    }

    /// Device `host` looks at an invite's card and knocks.
    ///
    /// # Errors
    /// Whatever the engine says, among it that there is no card.
    pub fn knock(&mut self, host: usize, text: InviteText) -> Result<InviteId, Fault> {
        let invite = self.hosts[host].engine.start_join(self.now, text)?;
        self.hosts[host].obey_all();
        self.settle();
        let join = self.hosts[host].engine.join(&invite).ok_or("no attempt")?;
        let knock = NewKnock {
            name: format!("member {host}"),
            note: "I read about you.".into(),
            agreement: join.agreement.ok_or("no card")?,
            patience: Duration::from_secs(24 * 3600),
        };
        self.hosts[host].engine.knock(self.now, &invite, knock)?;
        self.hosts[host].obey_all();
        Ok(invite)
    }

    /// Device `host` accepts the agreement that its circle has now.
    ///
    /// # Errors
    /// Whatever the engine says.
    pub fn accept_agreement(&mut self, host: usize, circle: &CircleId) -> Result<(), Fault> {
        let engine = &mut self.hosts[host].engine;
        let shown = engine.agreement(self.now, circle).ok_or("no circle")?.hash;
        engine.accept_agreement(self.now, circle, &shown)?;
        self.hosts[host].obey_all();
        Ok(())
    }

    /// Devices 1 … `count` join the circle of device 0 by one-use invites.
    ///
    /// # Errors
    /// Whatever an engine says.
    pub fn circle_of(&mut self, count: usize) -> Result<CircleId, Fault> {
        let circle = self.create_circle(0)?;
        for host in 1..count {
            let (_, text) = self.invite(0, &circle, 1, false)?;
            self.settle();
            self.knock(host, text)?;
            self.run_for(Duration::from_secs(60));
        }
        Ok(circle)
    }

    /// Device `by` proposes that the member of device `about` becomes a facilitator, and they agree.
    ///
    /// # Errors
    /// Whatever the engine says.
    pub fn promote(&mut self, by: usize, circle: &CircleId, about: usize) -> Result<(), Fault> {
        let member = self.member(about, circle).ok_or("no such member")?;
        let engine = &mut self.hosts[by].engine;
        let proposal = engine.propose(self.now, circle, MotionKind::Promote, &member, None)?;
        self.hosts[by].obey_all();
        self.settle();
        let declared = Some("I have no duty to report.".to_owned());
        self.hosts[about].engine.consent(self.now, circle, &proposal, declared)?;
        self.hosts[about].obey_all();
        self.run_for(Duration::from_secs(10));
        Ok(())
    }

    /// Device `host` shares a text.
    ///
    /// # Errors
    /// Whatever the engine says.
    pub fn share(&mut self, host: usize, circle: &CircleId, text: &str) -> Result<ItemId, Fault> {
        self.share_for(host, circle, text, Scope::HereNow)
    }

    /// Device `host` shares a text for those here now, or also for those who come later.
    ///
    /// # Errors
    /// Whatever the engine says.
    pub fn share_for(
        &mut self,
        host: usize,
        circle: &CircleId,
        text: &str,
        scope: Scope,
    ) -> Result<ItemId, Fault> {
        let share = NewShare {
            ask: Ask::JustListening,
            content_note: None,
            title: None,
            text: text.into(),
            scope,
        };
        let item = self.hosts[host].engine.share(self.now, circle, share)?;
        self.hosts[host].obey_all();
        Ok(item)
    }

    /// The member device `host` is in a circle.
    #[must_use]
    pub fn member(&self, host: usize, circle: &CircleId) -> Option<MemberId> {
        Some(self.hosts[host].engine.circle(self.now, circle)?.me)
    }

    /// The first knock in the lobby of device `host`.
    #[must_use]
    pub fn first_knock(&self, host: usize, circle: &CircleId) -> Option<KnockId> {
        self.hosts[host].engine.lobby(circle)?.first().map(|knock| knock.id)
    }

    /// Carries envelopes until nobody has anything new, without time going by.
    pub fn settle(&mut self) {
        for _ in 0..64 {
            if !self.carry() {
                return;
            }
        }
    }

    /// Lets time go by second by second, carrying envelopes.
    pub fn run_for(&mut self, duration: Duration) {
        self.settle();
        for _ in 0..duration.as_secs() {
            self.now = self.now.after(Duration::from_secs(1));
            for host in self.hosts.iter_mut().filter(|host| host.online) {
                if host.engine.poll_timeout().is_some_and(|due| due <= self.now) {
                    host.engine.handle_timeout(self.now);
                    host.obey_all();
                }
            }
            self.settle();
        }
    }

    /// Lets `duration` go by at once, as for devices that were all asleep.
    pub fn sleep(&mut self, duration: Duration) {
        self.now = self.now.after(duration);
        for host in self.hosts.iter_mut().filter(|host| host.online) {
            host.engine.handle_timeout(self.now);
            host.obey_all();
        }
        self.settle();
    }

    /// Device `host` dies and starts again.
    pub fn restart(&mut self, host: usize) {
        let now = self.now;
        self.hosts[host].restart(now);
    }

    /// A copy of device `host`, as it stands in its store: two devices with one key. Returns the
    /// number of the copy, which is offline.
    pub fn clone_device(&mut self, host: usize) -> usize {
        let copy = self.hosts[host].copy(self.now);
        self.hosts.push(copy);
        self.delivered.push(BTreeSet::new());
        self.hosts.len() - 1
    }

    /// What the store of device `host` holds now.
    #[must_use]
    pub fn snapshot(&self, host: usize) -> Snapshot {
        self.hosts[host].snapshot()
    }

    /// Device `host` is put back to what its store once held, and starts again.
    pub fn restore(&mut self, host: usize, snapshot: &Snapshot) {
        let now = self.now;
        self.hosts[host].restore(snapshot, now);
        self.delivered[host].clear();
    }

    /// Device `host` is taken back from a backup, and starts again.
    pub fn take_back(&mut self, host: usize, backup: &Snapshot) {
        let now = self.now;
        self.hosts[host].take_back(backup, now);
        self.delivered[host].clear();
    }

    /// Device `host` goes offline, or comes back.
    pub fn set_online(&mut self, host: usize, online: bool) {
        self.hosts[host].synced = None;
        self.hosts[host].online = online;
    }

    /// Hides what the relay holds: whoever is online now does not see it.
    pub fn hide_relay(&mut self) {
        for (topic, held) in std::mem::take(&mut self.relay) {
            self.hidden.entry(topic).or_default().extend(held);
        }
    }

    /// Shows everything again: the split is over.
    pub fn show_relay(&mut self) {
        for (topic, held) in std::mem::take(&mut self.hidden) {
            self.relay.entry(topic).or_default().extend(held);
        }
    }

    /// From now on `hosts` reach another relay than everybody else; it holds what this one holds.
    pub fn split(&mut self, hosts: &[usize]) {
        self.beyond = hosts.iter().copied().collect();
        self.other_relay.clone_from(&self.relay);
    }

    /// Both relays hold what either held, and everybody reaches them.
    pub fn heal(&mut self) {
        self.beyond.clear();
        for (topic, held) in std::mem::take(&mut self.other_relay) {
            self.relay.entry(topic).or_default().extend(held);
        }
        for host in &mut self.hosts {
            host.synced = None;
        }
    }

    /// Hides all but what device `host` has: the other side of a split.
    pub fn hide_from(&mut self, host: usize) {
        self.show_relay();
        let host = &self.hosts[host];
        for (topic, held) in &mut self.relay {
            let unknown = held.iter().filter(|(id, envelope)| !host.keeps(id, envelope));
            for id in unknown.map(|(id, _)| *id).collect::<Vec<_>>() {
                if let Some(envelope) = held.remove(&id) {
                    self.hidden.entry(*topic).or_default().insert(id, envelope);
                }
            }
        }
    }

    /// Everything the relay holds.
    pub fn relay(&self) -> impl Iterator<Item = &Verified<Envelope>> {
        self.relay.values().flat_map(|topic| topic.values())
    }

    /// Of what waits with device `host`, online or not, only `count` envelopes reach the relay.
    pub fn carry_some(&mut self, host: usize, count: usize) {
        let host = &mut self.hosts[host];
        host.obey_all();
        for _ in 0..count {
            let Some((id, (venue, envelope))) = host.outbox.pop_first() else {
                return;
            };
            self.relay.entry(envelope.topic()).or_default().insert(id, envelope);
            host.engine.handle(self.now, Input::Acknowledged { venue, envelope: id });
            host.obey_all();
        }
    }

    /// What waits with device `host`, online or not, reaches the relay, and the device does not hear that it
    /// did.
    pub fn carry_unheard(&mut self, host: usize) {
        let host = &mut self.hosts[host];
        host.obey_all();
        for (id, (_, envelope)) in std::mem::take(&mut host.outbox) {
            self.relay.entry(envelope.topic()).or_default().insert(id, envelope);
        }
    }

    /// One round: outboxes to the relay, the relay's topics to those who follow them.
    fn carry(&mut self) -> bool {
        let mut moved = false;
        self.expire();
        for (host, delivered) in self.hosts.iter_mut().zip(&mut self.delivered) {
            if std::mem::take(&mut host.died) {
                delivered.clear();
                moved = true;
            }
        }
        for (number, host) in self.hosts.iter_mut().enumerate().filter(|(_, host)| host.online) {
            host.obey_all();
            let beyond = self.beyond.contains(&number);
            let relay = if beyond { &mut self.other_relay } else { &mut self.relay };
            let outbox = std::mem::take(&mut host.outbox);
            for (id, (venue, envelope)) in outbox {
                moved = true;
                relay.entry(envelope.topic()).or_default().insert(id, envelope);
                host.engine.handle(self.now, Input::Acknowledged { venue, envelope: id });
                host.obey_all();
            }
        }
        for number in 0..self.hosts.len() {
            if self.hosts[number].online {
                moved |= self.deliver(number);
            }
        }
        moved
    }

    /// The relay forgets what it has kept for thirty days.
    fn expire(&mut self) {
        let keep = u32::try_from(RELAY_KEEP.as_secs() / 3600).unwrap_or(u32::MAX);
        let oldest = self.now.hour().get().saturating_sub(keep);
        let relays = self.relay.values_mut().chain(self.other_relay.values_mut());
        for held in relays.chain(self.hidden.values_mut()) {
            held.retain(|_, envelope| envelope.hour().get() >= oldest);
        }
    }

    fn deliver(&mut self, number: usize) -> bool {
        let mut moved = false;
        for (venue, reach) in self.hosts[number].venues.clone() {
            let mut batch = Vec::new();
            for followed in &reach.topics {
                let beyond = self.beyond.contains(&number);
                let relay = if beyond { &self.other_relay } else { &self.relay };
                let Some(held) = relay.get(&followed.topic) else {
                    continue;
                };
                for (id, envelope) in held {
                    if !self.delivered[number].contains(id)
                        && !self.hosts[number].keeps(id, envelope)
                    {
                        self.delivered[number].insert(*id);
                        batch.push(envelope.clone());
                    }
                }
            }
            if batch.is_empty() {
                moved |= self.tell_synced(number, venue, &reach.topics);
                continue;
            }
            moved = true;
            shuffle(&mut batch, &mut self.random);
            let host = &mut self.hosts[number];
            let verdicts =
                host.engine.handle(self.now, Input::Envelopes { venue, envelopes: batch });
            self.verdicts.extend(verdicts);
            host.obey_all();
        }
        moved
    }

    /// Says after coming online, and every hour, that everything has been handed over, newest
    /// topics first.
    fn tell_synced(&mut self, number: usize, venue: Venue, topics: &[FollowedTopic]) -> bool {
        let host = &mut self.hosts[number];
        if host.synced.is_some_and(|at| self.now.since(at) < SYNC_EVERY) {
            return false;
        }
        host.synced = Some(self.now);
        let mut topics: Vec<_> = topics.iter().map(|t| (t.period, t.topic)).collect();
        topics.sort_unstable();
        for (_, topic) in topics.into_iter().rev() {
            host.engine.handle(self.now, Input::Synced { venue, topic });
            host.obey_all();
        }
        true
    }

    /// Hands envelopes to one device, as a hostile peer may.
    pub fn inject(
        &mut self,
        host: usize,
        venue: Venue,
        envelopes: Vec<Verified<Envelope>>,
    ) -> Vec<Verdict> {
        let host = &mut self.hosts[host];
        let verdicts = host.engine.handle(self.now, Input::Envelopes { venue, envelopes });
        host.obey_all();
        verdicts
    }
}

fn shuffle<T>(list: &mut [T], random: &mut Random) {
    for index in (1..list.len()).rev() {
        let other = random.below(index as u64 + 1) as usize;
        list.swap(index, other);
    }
}
