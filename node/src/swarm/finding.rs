//! Whom a circle's members may expect directly: what they said of where they can be met, opened
//! with the key of the era's direct links. It outlives the swarm that meets them, and without the
//! key there is nothing here, and no topic. Clause: specs/06-sync Y-42.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use libp2p::PeerId;
use tokio::sync::watch;
use windbreak_protocol::id::{EnvelopeId, Topic};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::limits::WHEREABOUTS_LIFE;
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::whereabouts::{Whereabouts, WhereaboutsKey};
use windbreak_protocol::wire::Envelope;

use crate::swarm::LinkKey;
use crate::swarm::limits::MAX_FOUND;
use crate::swarm::venue::FollowedTopic;

/// How many of its own words a device remembers until somebody holds them.
const MAX_SAID: usize = 8;

/// What is known of where members are.
pub(crate) struct Finding {
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

#[derive(Default)]
struct State {
    key: Option<LinkKey>,
    today: u32,
    days: BTreeMap<Topic, WhereaboutsKey>,
    found: BTreeMap<PeerId, Found>,
    /// What this device said last.
    said: VecDeque<EnvelopeId>,
}

/// Where somebody can be met.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// The relays that bring others to them.
    pub(crate) relays: Vec<PeerId>,
    written: Timestamp,
}

impl Finding {
    pub(crate) fn new() -> Self {
        Self { state: Mutex::default(), changed: watch::Sender::new(()) }
    }

    /// Finds members with this key from now on, or nobody. Whoever was found with another is
    /// forgotten.
    pub(crate) fn set_key(&self, key: Option<&LinkKey>, now: Timestamp) {
        {
            let mut state = self.state();
            if state.key.as_ref() == key {
                return;
            }
            // What is on its way is this device's own word, whatever the key.
            let said = std::mem::take(&mut state.said);
            *state = State { key: key.map(LinkKey::duplicate), said, ..State::default() };
        }
        self.turn(now);
    }

    /// Goes on to the keys of another day; says whether it is one.
    pub(crate) fn turn(&self, now: Timestamp) -> bool {
        let mut state = self.state();
        let today = now.hour().day();
        if state.today == today && !state.days.is_empty() {
            return false;
        }
        let Some(key) = state.key.as_ref().map(LinkKey::duplicate) else { return false };
        state.today = today;
        // What was said shortly before midnight holds, and clocks differ.
        let days = today.saturating_sub(1)..=today.saturating_add(1);
        let keys = days.map(|day| WhereaboutsKey::of(&key, day));
        state.days = keys.map(|key| (key.topic_key().topic(), key)).collect();
        true
    }

    /// The topics on which members say where they are.
    pub(crate) fn topics(&self) -> Vec<FollowedTopic> {
        let followed = |key: &WhereaboutsKey| FollowedTopic {
            key: key.topic_key().clone(),
            publish: true,
            begins: None,
        };
        self.state().days.values().map(followed).collect()
    }

    /// Whether this is such a topic.
    pub(crate) fn is_about(&self, topic: &Topic) -> bool {
        self.state().days.contains_key(topic)
    }

    /// Hears what members said.
    pub(crate) fn hear(&self, envelopes: &[Verified<Envelope>], now: Timestamp) {
        let mut is_news = false;
        {
            let mut state = self.state();
            for envelope in envelopes {
                let said = state.days.get(&envelope.topic()).and_then(|key| key.open(envelope));
                let Some(said) = said.filter(|said| said.holds(now)) else { continue };
                let Ok(peer) = PeerId::from_bytes(said.peer()) else { continue };
                let relays: Vec<_> =
                    said.relays().filter_map(|relay| PeerId::from_bytes(relay).ok()).collect();
                is_news |= state.note(peer, Found { relays, written: said.written() }, now);
            }
        }
        if is_news {
            self.changed.send_replace(());
        }
    }

    /// Who can be met now.
    pub(crate) fn found(&self, now: Timestamp) -> BTreeMap<PeerId, Found> {
        let mut state = self.state();
        state.found.retain(|_, found| now.since(found.written) <= WHEREABOUTS_LIFE);
        state.found.clone()
    }

    /// What this device says: that `peer` can be met over `relays`. Nothing without a key, or
    /// without randomness.
    pub(crate) fn say(
        &self,
        peer: PeerId,
        relays: &[PeerId],
        now: Timestamp,
    ) -> Option<Verified<Envelope>> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).ok()?;
        let mut random = Random::from_seed(&Secret::from_bytes(seed));
        let relays: Vec<_> = relays.iter().map(|relay| relay.to_bytes()).collect();
        let said = Whereabouts::new(&peer.to_bytes(), &relays, now)?;
        let mut state = self.state();
        let key = state.key.as_ref()?;
        let sealed = WhereaboutsKey::of(key, now.hour().day()).seal(&said, &mut random)?;
        if state.said.len() >= MAX_SAID {
            state.said.pop_front();
        }
        state.said.push_back(sealed.id());
        Some(sealed)
    }

    /// Whether this device said this lately; the node loop does not know of it.
    pub(crate) fn has_said(&self, envelope: &EnvelopeId) -> bool {
        self.state().said.contains(envelope)
    }

    /// Tells of news.
    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change leaves the state whole, so a panic elsewhere does not spoil it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes note of somebody; says whether that is news.
    fn note(&mut self, peer: PeerId, found: Found, now: Timestamp) -> bool {
        if let Some(known) = self.found.get_mut(&peer) {
            let is_newer = found.written > known.written;
            if is_newer {
                *known = found;
            }
            return is_newer;
        }
        if self.found.len() >= MAX_FOUND {
            self.found.retain(|_, found| now.since(found.written) <= WHEREABOUTS_LIFE);
        }
        if self.found.len() >= MAX_FOUND {
            // A member says that many are there who are not. Whoever goes is drawn by lot, so that
            // it cannot choose whom it keeps out; who is linked already stays linked.
            let lot = getrandom::u32().unwrap_or(0) as usize % self.found.len();
            if let Some(gone) = self.found.keys().nth(lot).copied() {
                self.found.remove(&gone);
            }
        }
        self.found.insert(peer, found);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn finding(key: u8) -> Finding {
        let finding = Finding::new();
        finding.set_key(Some(&LinkKey::from_bytes([key; 32])), NOW);
        finding
    }

    #[test]
    fn who_lacks_the_key_of_the_era_is_never_expected() {
        let (alder, rowan, stranger) = (finding(1), finding(1), finding(2));
        let (peer, relay) = (PeerId::random(), PeerId::random());
        let said = alder.say(peer, &[relay], NOW).unwrap();
        rowan.hear(std::slice::from_ref(&said), NOW);
        let found = rowan.found(NOW);
        assert_eq!(found.get(&peer).map(|found| found.relays.clone()), Some(vec![relay]));
        stranger.hear(&[said], NOW);
        assert!(stranger.found(NOW).is_empty());
        assert!(Finding::new().say(peer, &[relay], NOW).is_none());
        assert!(Finding::new().topics().is_empty());

        let forged = stranger.say(PeerId::random(), &[relay], NOW).unwrap();
        rowan.hear(&[forged], NOW);
        assert_eq!(rowan.found(NOW).len(), 1);
        rowan.set_key(Some(&LinkKey::from_bytes([3; 32])), NOW);
        assert!(rowan.found(NOW).is_empty(), "another era, and other people");
    }

    #[test]
    fn who_claims_that_many_are_there_fills_a_bounded_room() {
        let (alder, rowan) = (finding(1), finding(1));
        for _ in 0..MAX_FOUND + 20 {
            let said = alder.say(PeerId::random(), &[], NOW).unwrap();
            rowan.hear(&[said], NOW);
        }
        assert_eq!(rowan.found(NOW).len(), MAX_FOUND);
        assert!(rowan.found(NOW.after(WHEREABOUTS_LIFE * 2)).is_empty());
    }

    #[test]
    fn the_topics_change_with_the_day_and_hold_over_midnight() {
        let (alder, rowan) = (finding(1), finding(1));
        let tomorrow = NOW.after(std::time::Duration::from_secs(24 * 3600));
        let before: Vec<_> = alder.topics().iter().map(|topic| topic.key.topic()).collect();
        assert!(alder.turn(tomorrow));
        assert!(!alder.turn(tomorrow));
        assert!(alder.topics().iter().any(|topic| !before.contains(&topic.key.topic())));
        let peer = PeerId::random();
        let said = alder.say(peer, &[], tomorrow).unwrap();
        assert!(rowan.is_about(&said.topic()), "clocks differ");
    }
}
