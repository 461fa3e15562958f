//! What the networks of one venue share, and what survives each of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use libp2p::PeerId;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;
use windbreak_protocol::Venue;
use windbreak_protocol::admission::GrantId;
use windbreak_protocol::id::{EnvelopeId, Topic};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::wire::sync::Refusal;

use crate::swarm::finding::Finding;
use crate::swarm::limits::{TURN_MARGIN, Timings, part_of};
use crate::swarm::outgoing::{Carrier, Outgoing};
use crate::swarm::progress::{CatchingUp, Progress};
use crate::swarm::stream::StreamError;
use crate::swarm::venue::{Acceptance, FollowedTopic, Holder, Ticket, VenueEvent, VenueStatus};
use crate::swarm::{Clock, LinkKey, MemberMailbox, Purse};

/// The topics a venue follows.
pub(crate) type Topics = Arc<BTreeMap<Topic, FollowedTopic>>;

pub(crate) struct Shared {
    topics: watch::Sender<Topics>,
    /// What the node loop follows; with the topics of [`Finding`], it is all of them.
    followed: Mutex<BTreeMap<Topic, FollowedTopic>>,
    /// Those of them whose time has not come: when this venue begins with each.
    postponed: Mutex<BTreeMap<Topic, Instant>>,
    /// Whom to expect directly.
    pub(crate) finding: Finding,
    pub(crate) outgoing: Outgoing,
    pub(crate) mailbox: Arc<MemberMailbox>,
    events: mpsc::Sender<VenueEvent>,
    status: watch::Sender<VenueStatus>,
    /// One comparison per topic at a time, so that two relays do not both send what is missing.
    comparing: Mutex<BTreeMap<Topic, Arc<tokio::sync::Mutex<()>>>>,
    hosts: Mutex<Hosts>,
    progress: Mutex<Progress>,
    /// Before relays are dialled for the first time.
    pub(crate) first_wait: Mutex<Duration>,
    /// Whether Tor's proxy did not answer when it was last tried.
    pub(crate) is_proxy_absent: Arc<AtomicBool>,
    /// Counts changes of the network around this device.
    shaken: watch::Sender<u64>,
    /// Counts when hosts are to be asked whether they are still there.
    asked: watch::Sender<u64>,
    /// What is paid with where a relay takes by grant, and for which venue.
    pub(crate) tokens: Option<(Arc<Purse>, Venue)>,
    /// Whether every way leads through Tor.
    pub(crate) is_hidden: AtomicBool,
    pub(crate) timings: Timings,
    pub(crate) clock: Clock,
}

/// What became of envelopes that were handed over.
#[derive(Clone, Copy, Default)]
pub(crate) struct Delivered {
    /// Whether anything was opened.
    pub(crate) is_of_use: bool,
    /// Whether there was no room for some, which is to be asked for again.
    pub(crate) comes_again: bool,
}

/// Which relays have to be heard before a topic counts as compared, and which were.
#[derive(Default)]
struct Hosts {
    /// Relays that are connected, or not known to be out of reach.
    relays: BTreeSet<PeerId>,
    compared: BTreeMap<Topic, BTreeSet<PeerId>>,
    /// Relays that did not hand over what they listed, until they do: nobody waits for their word.
    doubted: BTreeMap<Topic, BTreeSet<PeerId>>,
}

impl Hosts {
    /// Whether every relay that is to be heard of `topic` was.
    fn are_heard(&self, topic: &Topic) -> bool {
        let is_in = |relays: &BTreeMap<Topic, BTreeSet<PeerId>>, relay: &PeerId| {
            relays.get(topic).is_some_and(|relays| relays.contains(relay))
        };
        let is_heard = |relay: &PeerId| is_in(&self.compared, relay) || is_in(&self.doubted, relay);
        self.relays.iter().all(is_heard)
    }
}

impl Shared {
    pub(crate) fn new(
        mailbox: Arc<MemberMailbox>,
        events: mpsc::Sender<VenueEvent>,
        timings: Timings,
        clock: Clock,
    ) -> Self {
        Self {
            topics: watch::Sender::new(Arc::default()),
            followed: Mutex::default(),
            postponed: Mutex::default(),
            finding: Finding::new(),
            outgoing: Outgoing::new(),
            mailbox,
            events,
            status: watch::Sender::new(VenueStatus::default()),
            comparing: Mutex::default(),
            hosts: Mutex::default(),
            progress: Mutex::default(),
            first_wait: Mutex::default(),
            is_proxy_absent: Arc::default(),
            shaken: watch::Sender::new(0),
            asked: watch::Sender::new(0),
            tokens: None,
            is_hidden: AtomicBool::new(false),
            timings,
            clock,
        }
    }

    /// The network has changed: whoever is connected may not be.
    pub(crate) fn shake(&self) {
        self.shaken.send_modify(|count| *count = count.wrapping_add(1));
        self.ask_all();
    }

    /// Has every host that is connected asked whether it is still there.
    pub(crate) fn ask_all(&self) {
        self.asked.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Tells when hosts are to be asked.
    pub(crate) fn asked(&self) -> watch::Receiver<u64> {
        self.asked.subscribe()
    }

    /// Tells of such changes from now on.
    pub(crate) fn shaken(&self) -> watch::Receiver<u64> {
        self.shaken.subscribe()
    }

    /// Whether a token may be spent without having rested: where the relay sees one address at both
    /// ends anyway, and by whoever knocks, whom nothing else is known of.
    pub(crate) fn spends_at_once(&self) -> bool {
        let knocks = matches!(self.tokens, Some((_, Venue::Invite(_))));
        knocks || !self.is_hidden.load(Ordering::Relaxed)
    }

    /// A relay has revoked parts of a grant.
    pub(crate) async fn tell_revoked(&self, grant: GrantId, members: Vec<u16>) {
        // A node that stops asks again after its start.
        let _ = self.events.send(VenueEvent::Revoked { grant, members }).await;
    }

    /// How long to wait before relays are dialled: something once, nothing after it.
    pub(crate) fn take_first_wait(&self) -> Duration {
        std::mem::take(&mut *self.first_wait.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Says what the node loop follows.
    pub(crate) fn set_topics(&self, topics: BTreeMap<Topic, FollowedTopic>) {
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut postponed = self.postponed.lock().unwrap_or_else(PoisonError::into_inner);
        postponed.retain(|topic, _| topics.contains_key(topic));
        // What a venue opens with it follows at once, like anybody who has just come.
        if !followed.is_empty() {
            for (topic, new) in topics.iter().filter(|(topic, _)| !followed.contains_key(topic)) {
                let wait = self.wait_before(new);
                if !wait.is_zero() {
                    postponed.insert(*topic, Instant::now() + wait);
                }
            }
        }
        *followed = topics;
        drop((followed, postponed));
        self.spread_topics();
    }

    /// How long to wait before a topic is followed: a random time, and none if it begins soon.
    fn wait_before(&self, followed: &FollowedTopic) -> Duration {
        let Some(begins) = followed.begins else { return Duration::ZERO };
        // Others may have a clock that is ahead.
        let room = begins.since((self.clock)()).saturating_sub(TURN_MARGIN);
        part_of(room.min(self.timings.turn))
    }

    /// Follows what was put off and whose time has come.
    pub(crate) fn turn_topics(&self) {
        let mut postponed = self.postponed.lock().unwrap_or_else(PoisonError::into_inner);
        let before = postponed.len();
        postponed.retain(|_, due| *due > Instant::now());
        let has_come = postponed.len() < before;
        drop(postponed);
        if has_come {
            self.spread_topics();
        }
    }

    /// Finds members with this key from now on, or nobody.
    pub(crate) fn set_finding(&self, key: Option<&LinkKey>) {
        self.finding.set_key(key, (self.clock)());
        self.spread_topics();
    }

    /// Goes on to the topics of another day, when it is one.
    pub(crate) fn turn_finding(&self) {
        if self.finding.turn((self.clock)()) {
            self.spread_topics();
        }
    }

    /// Has all networks follow what is to be followed.
    fn spread_topics(&self) {
        let mut topics = self.followed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let postponed = self.postponed.lock().unwrap_or_else(PoisonError::into_inner);
        topics.retain(|topic, _| !postponed.contains_key(topic));
        drop(postponed);
        topics.extend(
            self.finding.topics().into_iter().map(|followed| (followed.key.topic(), followed)),
        );
        let mut comparing = self.comparing.lock().unwrap_or_else(PoisonError::into_inner);
        comparing.retain(|topic, _| topics.contains_key(topic));
        drop(comparing);
        let mut hosts = self.hosts();
        hosts.compared.retain(|topic, _| topics.contains_key(topic));
        hosts.doubted.retain(|topic, _| topics.contains_key(topic));
        drop(hosts);
        self.progress().retain(|_, topic| topics.contains_key(topic));
        self.topics.send_replace(Arc::new(topics));
    }

    pub(crate) fn topics(&self) -> watch::Receiver<Topics> {
        self.topics.subscribe()
    }

    pub(crate) fn follows(&self, topic: &Topic) -> bool {
        self.topics.borrow().contains_key(topic)
    }

    /// The lock of comparing one topic.
    pub(crate) fn comparing(&self, topic: &Topic) -> Arc<tokio::sync::Mutex<()>> {
        let mut comparing = self.comparing.lock().unwrap_or_else(PoisonError::into_inner);
        comparing.entry(*topic).or_default().clone()
    }

    pub(crate) fn status(&self) -> VenueStatus {
        let mut status = self.status.borrow().clone();
        status.catching_up = self.catching_up();
        status
    }

    /// How far catching up has come, if anything is known to be lacking.
    fn catching_up(&self) -> Option<CatchingUp> {
        let known = |topic: &Topic, day| self.mailbox.known_day(topic, day).len();
        self.progress().counts(known)
    }

    pub(crate) fn progress(&self) -> std::sync::MutexGuard<'_, Progress> {
        // What is counted is shown and decides nothing.
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn change_status(&self, change: impl FnOnce(&mut VenueStatus)) {
        self.status.send_if_modified(|status| {
            let before = status.clone();
            change(status);
            *status != before
        });
    }

    /// Tells the node loop of every change of status.
    pub(crate) async fn tell_status(&self) {
        let mut changes = self.status.subscribe();
        loop {
            let status = changes.borrow_and_update().clone();
            if self.events.send(VenueEvent::Status(status)).await.is_err()
                || changes.changed().await.is_err()
            {
                return;
            }
        }
    }

    /// Gives envelopes of one topic to the node loop and waits for its verdicts. Those already
    /// known are accepted without asking.
    pub(crate) async fn deliver(
        &self,
        envelopes: Vec<Verified<Envelope>>,
    ) -> Result<Delivered, StreamError> {
        let mut delivered = Delivered::default();
        let mut new = Vec::with_capacity(envelopes.len());
        for envelope in envelopes {
            let (topic, id) = (envelope.topic(), envelope.id());
            if self.mailbox.knows(&topic, &id) {
                self.progress().arrived(&topic, std::iter::once(id));
            } else {
                new.push((envelope.hour(), id, envelope));
            }
        }
        new.sort_unstable_by_key(|(hour, id, _)| (*hour, *id));
        new.dedup_by_key(|(_, id, _)| *id);
        if new.is_empty() {
            return Ok(delivered);
        }
        if new.iter().any(|(.., envelope)| self.finding.is_about(&envelope.topic())) {
            self.hear(new.into_iter().map(|(.., envelope)| envelope).collect());
            return Ok(delivered);
        }
        let names: Vec<_> =
            new.iter().map(|(hour, id, envelope)| (envelope.topic(), *hour, *id)).collect();
        let envelopes = new.into_iter().map(|(.., envelope)| envelope).collect();
        let (ticket, verdicts) = oneshot::channel();
        let event = VenueEvent::Envelopes { envelopes, ticket: Ticket(ticket) };
        self.events.send(event).await.map_err(|_| StreamError::Stopping)?;
        let Ok(verdicts) = verdicts.await else {
            return Ok(delivered);
        };
        for ((topic, hour, id), verdict) in names.into_iter().zip(verdicts) {
            match verdict {
                Acceptance::Accept => delivered.is_of_use = true,
                Acceptance::AskAgain => delivered.comes_again = true,
                Acceptance::Keep | Acceptance::Ignore => {}
            }
            if verdict != Acceptance::AskAgain {
                self.mailbox.note_delivered(topic, hour, id);
                self.progress().arrived(&topic, std::iter::once(id));
            }
        }
        Ok(delivered)
    }

    /// Gives one envelope to the node loop; `None` if it was not looked at.
    pub(crate) async fn judge(&self, envelope: Verified<Envelope>) -> Option<Acceptance> {
        let (topic, hour, id) = (envelope.topic(), envelope.hour(), envelope.id());
        if self.mailbox.knows(&topic, &id) {
            return Some(Acceptance::Accept);
        }
        if self.finding.is_about(&topic) {
            self.hear(vec![envelope]);
            return Some(Acceptance::Accept);
        }
        let (ticket, verdicts) = oneshot::channel();
        let event = VenueEvent::Envelopes { envelopes: vec![envelope], ticket: Ticket(ticket) };
        self.events.send(event).await.ok()?;
        let verdict = verdicts.await.ok()?.first().copied()?;
        if verdict != Acceptance::AskAgain {
            self.mailbox.note_delivered(topic, hour, id);
            self.progress().arrived(&topic, std::iter::once(id));
        }
        Some(verdict)
    }

    /// Hears where members are. Nothing of it is kept, and the node loop has no use for it.
    fn hear(&self, envelopes: Vec<Verified<Envelope>>) {
        self.finding.hear(&envelopes, (self.clock)());
        for envelope in envelopes {
            self.mailbox.note_delivered(envelope.topic(), envelope.hour(), envelope.id());
        }
    }

    /// Says which relays there are; until one fails, its word is waited for.
    pub(crate) fn set_relays(&self, relays: BTreeSet<PeerId>) {
        *self.hosts() = Hosts { relays, ..Hosts::default() };
        // Whoever is still there lists it again.
        self.progress().retain(|_, _| false);
    }

    /// A relay is connected, or cannot be reached. One that comes back is compared anew; if one that is
    /// gone was the last to be heard of a topic, the node loop is told.
    pub(crate) fn relay_changed(&self, relay: PeerId, is_connected: bool) {
        let mut hosts = self.hosts();
        if is_connected {
            hosts.relays.insert(relay);
            return;
        }
        let was_awaited = hosts.relays.remove(&relay);
        for compared in hosts.compared.values_mut() {
            compared.remove(&relay);
        }
        if !was_awaited {
            return;
        }
        let is_heard = |(topic, compared): &(&Topic, &BTreeSet<PeerId>)| {
            !compared.is_empty() && hosts.are_heard(topic)
        };
        let heard = hosts.compared.iter().filter(is_heard);
        let heard: Vec<_> = heard.map(|(topic, _)| *topic).collect();
        drop(hosts);
        if heard.is_empty() {
            return;
        }
        // Whoever tells of a connection does not wait for the node loop.
        let events = self.events.clone();
        tokio::spawn(async move {
            for topic in heard {
                if events.send(VenueEvent::Synced { topic }).await.is_err() {
                    return;
                }
            }
        });
    }

    /// A topic was compared with `carrier`. Once that is so for every relay within reach, the
    /// node loop is told: one host that claims to have nothing does not speak for the others.
    pub(crate) async fn compared(&self, carrier: Carrier, topic: Topic) -> Result<(), StreamError> {
        {
            let mut hosts = self.hosts();
            if let Carrier::Relay(relay) = carrier {
                hosts.compared.entry(topic).or_default().insert(relay);
                if let Some(doubted) = hosts.doubted.get_mut(&topic) {
                    doubted.remove(&relay);
                }
            }
            if !hosts.are_heard(&topic) {
                return Ok(());
            }
        }
        self.tell_synced(topic).await
    }

    /// `carrier` does not hand over what it lists of `topic`: its word does not count, and is not
    /// waited for. If it was the last that was, the node loop is told.
    pub(crate) async fn doubt(&self, carrier: Carrier, topic: Topic) -> Result<(), StreamError> {
        // Nobody waits for a member's word.
        let Carrier::Relay(relay) = carrier else { return Ok(()) };
        {
            let mut hosts = self.hosts();
            hosts.doubted.entry(topic).or_default().insert(relay);
            let compared = hosts.compared.entry(topic).or_default();
            compared.remove(&relay);
            if compared.is_empty() || !hosts.are_heard(&topic) {
                return Ok(());
            }
        }
        self.tell_synced(topic).await
    }

    async fn tell_synced(&self, topic: Topic) -> Result<(), StreamError> {
        self.events.send(VenueEvent::Synced { topic }).await.map_err(|_| StreamError::Stopping)
    }

    fn hosts(&self) -> std::sync::MutexGuard<'_, Hosts> {
        // Each change leaves the hosts whole, so a panic elsewhere does not spoil them.
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `carrier` holds envelopes; what nobody held before is told to the node loop.
    pub(crate) async fn tell_held(
        &self,
        carrier: Carrier,
        envelopes: &[EnvelopeId],
    ) -> Result<(), StreamError> {
        let is_news =
            |id: &&EnvelopeId| self.outgoing.held(carrier, id) && !self.finding.has_said(id);
        let envelopes: Vec<EnvelopeId> = envelopes.iter().filter(is_news).copied().collect();
        if envelopes.is_empty() {
            return Ok(());
        }
        let by = match carrier {
            Carrier::Relay(_) => Holder::Relay,
            Carrier::Links | Carrier::Direct => Holder::Peer,
        };
        let event = VenueEvent::Held { envelopes, by };
        self.events.send(event).await.map_err(|_| StreamError::Stopping)
    }

    /// `carrier` will never hold an envelope; if nobody is left, the node loop is told.
    pub(crate) async fn tell_refused(
        &self,
        carrier: Carrier,
        envelope: EnvelopeId,
        reason: Refusal,
    ) -> Result<(), StreamError> {
        if !self.outgoing.refused(carrier, &envelope) || self.finding.has_said(&envelope) {
            return Ok(());
        }
        let event = VenueEvent::Refused { envelope, reason };
        self.events.send(event).await.map_err(|_| StreamError::Stopping)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MemoryStore;
    use crate::swarm::testkit::{NOW, StillClock, soon, topic_key};
    use windbreak_protocol::time::Timestamp;

    /// What a venue is told to follow, by number, and when each of it begins.
    fn topics(told: &[(u8, Option<u32>)]) -> BTreeMap<Topic, FollowedTopic> {
        let followed = |(number, begins): &(u8, Option<u32>)| {
            let (key, hour) = (topic_key(*number), begins.map(u64::from));
            let begins = hour.map(|hour| Timestamp::from_seconds(hour * 3600));
            (key.topic(), FollowedTopic { key, publish: true, begins })
        };
        told.iter().map(followed).collect()
    }

    fn venue() -> Shared {
        let mailbox = MemberMailbox::open(Arc::new(Mutex::new(MemoryStore::new()))).unwrap();
        let timings = Timings { turn: Duration::from_millis(400), ..Timings::fast() };
        Shared::new(mailbox, mpsc::channel(4).0, timings, StillClock::new().clock())
    }

    /// How long it takes until a topic is followed.
    async fn until_followed(venue: &Shared, number: u8) -> Duration {
        let began = Instant::now();
        let topic = topic_key(number).topic();
        soon(async {
            while !venue.follows(&topic) {
                tokio::time::sleep(Duration::from_millis(1)).await;
                venue.turn_topics();
            }
        })
        .await;
        began.elapsed()
    }

    #[tokio::test]
    async fn circles_of_one_device_turn_to_the_next_topic_each_at_a_time_of_its_own() {
        let mut waits = Vec::new();
        for _ in 0..6 {
            let venue = venue();
            venue.set_topics(topics(&[(1, Some(NOW - 168)), (2, Some(NOW + 10))]));
            assert!(venue.follows(&topic_key(2).topic()), "whoever comes follows all of it");
            venue.set_topics(topics(&[(1, Some(NOW - 168)), (2, Some(NOW)), (3, Some(NOW + 168))]));
            let others = [1, 2].map(|number| venue.follows(&topic_key(number).topic()));
            assert_eq!(others, [true, true], "nothing else waits");
            waits.push(until_followed(&venue, 3).await);
        }
        let (first, last) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
        assert!(*last < Duration::from_secs(5), "{waits:?}");
        assert!(*last - *first > Duration::from_millis(20), "together: {waits:?}");
    }

    #[tokio::test]
    async fn who_is_gone_is_not_waited_for() {
        let (events, mut told) = mpsc::channel(4);
        let venue = Shared { events, ..venue() };
        let [one, other] = [1, 2].map(|_| PeerId::random());
        let (first, second) = (topic_key(1).topic(), topic_key(2).topic());
        venue.set_topics(topics(&[(1, None), (2, None)]));
        venue.set_relays([one, other].into());
        venue.compared(Carrier::Relay(one), first).await.unwrap();
        assert!(told.try_recv().is_err(), "the other may have more");
        venue.relay_changed(other, false);
        assert!(matches!(
            soon(told.recv()).await,
            Some(VenueEvent::Synced { topic }) if topic == first
        ));
        // Nobody was heard of the second topic, and whoever speaks for the first goes now.
        venue.relay_changed(other, false);
        venue.relay_changed(one, false);
        tokio::task::yield_now().await;
        assert!(told.try_recv().is_err());
        venue.relay_changed(one, true);
        venue.compared(Carrier::Relay(one), second).await.unwrap();
        assert!(matches!(
            soon(told.recv()).await,
            Some(VenueEvent::Synced { topic }) if topic == second
        ));
    }

    #[tokio::test]
    async fn what_is_needed_soon_is_followed_at_once() {
        let venue = venue();
        venue.set_topics(topics(&[(1, None)]));
        venue.set_topics(topics(&[(1, None), (2, None), (3, Some(NOW - 1)), (4, Some(NOW + 48))]));
        for number in 2..=4 {
            assert!(venue.follows(&topic_key(number).topic()), "{number}");
        }
        venue.set_topics(topics(&[(1, None), (5, Some(NOW + 168))]));
        venue.set_topics(topics(&[(1, None)]));
        tokio::time::sleep(Duration::from_millis(450)).await;
        venue.turn_topics();
        assert!(!venue.follows(&topic_key(5).topic()), "it was taken back");
    }
}
