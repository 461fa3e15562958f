//! Eras, periods and the topics they give. A removal begins an era; every period of seven days has
//! a topic of its own, and secrets of past periods are forgotten. Clauses: specs/03-circle C-20 to
//! C-25.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::circle::{Circle, Standing, Step};
use crate::id::{InviteId, StateId, Topic};
use crate::input::Venue;
use crate::label::Label;
use crate::limits::{
    CLOSED_INVITE, MAX_DOORS, MAX_ERAS, MAX_OPEN_INVITES, MAX_PERIODS_BACK, OLD_ERA, PERIOD_HOURS,
    RELAY_KEEP,
};
use crate::output::{Door, FollowedTopic, LinkKey, Reach};
use crate::secret::Secret;
use crate::state::EraStart;
use crate::time::{Period, Timestamp};
use crate::wire::TopicKey;

/// Steps of the ratchet taken at most for one topic: two hundred years of periods.
const MAX_RATCHET: u32 = 10_000;

/// One era: the state that began it, and a secret that gives the topics from a period on.
#[derive(Debug)]
pub(crate) struct Era {
    pub(crate) id: StateId,
    /// The first period whose topic this device can still derive.
    pub(crate) base: Period,
    pub(crate) secret: Secret<32>,
    /// What admits to direct links; one for the whole era, so that members whose clocks are a
    /// period apart still meet.
    pub(crate) link: Secret<32>,
    /// Since when it is no longer the head's era.
    pub(crate) ended: Option<Timestamp>,
    /// The oldest period still followed: everything before it has been fetched.
    pub(crate) oldest: Period,
    /// Later periods that are over and fetched.
    pub(crate) done: BTreeSet<Period>,
}

impl Era {
    pub(crate) fn new(id: StateId, start: EraStart, now: Timestamp) -> Self {
        let EraStart { period, secret, link, .. } = start;
        // An era learnt while catching up is followed from its beginning.
        let oldest = period.previous().min(now.hour().period().previous());
        Self { id, base: period, secret, link, ended: None, oldest, done: BTreeSet::new() }
    }

    /// The secret of `period`; a period before the base has the secret of the base, so that clocks
    /// that disagree about when the era began still meet.
    pub(crate) fn secret_at(&self, period: Period) -> Secret<32> {
        let steps = period.get().saturating_sub(self.base.get()).min(MAX_RATCHET);
        (0..steps).fold(self.secret.duplicate(), |secret, _| Label::ERA_NEXT.derive(&secret, &[]))
    }

    /// The topic key of `period`.
    pub(crate) fn topic_key(&self, period: Period) -> TopicKey {
        let secret = self.secret_at(period);
        TopicKey::from_secret(&Label::ERA_TOPIC.derive(&secret, &[&period.get().to_be_bytes()]))
    }

    /// The periods to follow at `now`: previous, present and next, and those missed in an absence.
    fn periods(&self, now: Period) -> impl Iterator<Item = Period> {
        let from = self.oldest.min(now.previous()).max(farthest_back(now));
        (from.get()..=now.next().get()).map(Period::new)
    }

    /// `period` has been fetched at `now`. Moves on over all periods that are fetched and so old
    /// that no relay can bring anything of them any more, and forgets their secrets; returns
    /// whether it did. What one relay had is not all there is: another may come back after weeks
    /// with what the other side of a split said.
    fn fetched(&mut self, period: Period, now: Period) -> bool {
        if period >= now.previous() {
            return false;
        }
        self.done.insert(period);
        let before = self.oldest;
        self.oldest = self.oldest.max(farthest_back(now));
        let mut fetched_up_to = self.base;
        while self.oldest < nothing_kept_before(now) && self.done.remove(&self.oldest) {
            self.oldest = self.oldest.next();
            fetched_up_to = self.oldest;
        }
        // A secret goes only for what was fetched: a clock that runs ahead for a while must not
        // take topics away for good.
        if fetched_up_to > self.base {
            self.secret = self.secret_at(fetched_up_to);
            self.base = fetched_up_to;
        }
        self.oldest != before
    }

    fn is_over(&self, now: Timestamp) -> bool {
        self.ended.is_some_and(|ended| now.since(ended) > OLD_ERA)
    }
}

/// The first period worth following at `now`: relays keep nothing older.
fn farthest_back(now: Period) -> Period {
    Period::new(now.get().saturating_sub(MAX_PERIODS_BACK))
}

/// The first period of which a relay may still hold something at `now`: its last hour came to the
/// relay less than [`RELAY_KEEP`] ago.
fn nothing_kept_before(now: Period) -> Period {
    let hours = u32::try_from(RELAY_KEEP.as_secs() / 3600).unwrap_or(u32::MAX);
    Period::new(now.get().saturating_sub(hours.div_ceil(PERIOD_HOURS)))
}

/// What a followed topic is for.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum TopicUse {
    /// Items and commits of an era in a period.
    Era(StateId, Period),
    /// Cards, knocks and answers of an invite.
    Invite(InviteId),
    /// The porch of an era: where those who lost the way ask and are answered.
    Porch(StateId),
}

impl Circle {
    /// How the circle is reached now.
    pub(crate) fn reach(&self) -> Option<Reach> {
        let relays = self.relays_to_use();
        let relays = relays.iter().map(|relay| relay.as_str().to_owned()).collect();
        let topics =
            self.topics.iter().filter_map(|(topic, used)| self.followed(topic, *used)).collect();
        let era = self.eras.get(&self.head_held()?.era)?;
        let link_key = Some(LinkKey(*era.link.expose()));
        let (parts, ended_parts) = (self.parts(), self.ended_parts());
        Some(Reach { relays, topics, link_key, doors: self.doors(), parts, ended_parts })
    }

    /// Where invites are answered on a local network: whoever still admits somebody first, and the
    /// others as well, so that who comes too late is told.
    fn doors(&self) -> Vec<Door> {
        let mut doors = Vec::new();
        for (topic, used) in &self.topics {
            let TopicUse::Invite(invite) = used else { continue };
            let entry = self.ledger().and_then(|ledger| ledger.invites().get(invite));
            let secret = entry.map(|entry| entry.door_secret());
            let Some(secret) = secret.or_else(|| self.code_door(invite)) else { continue };
            let rank = entry.map(|entry| (!entry.admits(), Reverse(entry.terms.expires)));
            doors.push((rank, Door { topic: *topic, key: LinkKey(*secret.expose()) }));
        }
        doors.sort_by_key(|(rank, _)| *rank);
        doors.into_iter().take(MAX_DOORS).map(|(_, door)| door).collect()
    }

    fn followed(&self, topic: &Topic, used: TopicUse) -> Option<FollowedTopic> {
        let (key, period) = match used {
            TopicUse::Era(era, period) => (self.eras.get(&era)?.topic_key(period), Some(period)),
            TopicUse::Invite(invite) => (self.invite_topic_key(&invite)?, None),
            TopicUse::Porch(era) => (self.porches.get(&era)?.topic_key(), None),
        };
        Some(FollowedTopic { topic: *topic, key, period })
    }

    /// What a topic is for, if this circle follows it.
    pub(super) fn topic_use(&self, topic: &Topic) -> Option<TopicUse> {
        self.topics.get(topic).copied()
    }

    /// The topic key items and commits of `era` are published with now.
    pub(super) fn publish_key(&self, era: &StateId, now: Timestamp) -> Option<TopicKey> {
        Some(self.eras.get(era)?.topic_key(now.hour().period()))
    }

    /// The same for what this device says, which is mostly under one era: the key is a secret that
    /// is costly to work out, and is kept as long as the era's own secrets are.
    pub(super) fn own_publish_key(&mut self, era: &StateId, now: Timestamp) -> Option<TopicKey> {
        let wanted = (*era, now.hour().period());
        if let Some((at, key)) = &self.publishing
            && *at == wanted
            && self.eras.contains_key(era)
        {
            return Some(key.clone());
        }
        let key = self.publish_key(era, now)?;
        self.publishing = Some((wanted, key.clone()));
        Some(key)
    }

    /// A key of an era that is over, or of a period that is, goes with the secrets it came from.
    fn age_publish_key(&mut self, now: Timestamp) {
        let period = now.hour().period();
        let kept = self.publishing.take();
        self.publishing =
            kept.filter(|((era, of), _)| *of == period && self.eras.contains_key(era));
    }

    /// Works out anew which topics are followed, and says so if they changed.
    pub(super) fn refresh_topics(&mut self, step: &mut Step<'_>) {
        self.age_eras(step);
        self.age_publish_key(step.now);
        self.age_porches(step);
        let now = step.now.hour().period();
        // A topic is a public key, and costly to work out: what is followed already is not worked
        // out anew. What an invite's is the ledger says, so it may be another under another head.
        let same_head = self.topics_at == Some(self.head);
        let stays = |used: &TopicUse| same_head || !matches!(used, TopicUse::Invite(_));
        let followed = self.topics.iter().filter(|(_, used)| stays(used));
        let known: BTreeMap<TopicUse, Topic> =
            followed.map(|(topic, used)| (*used, *topic)).collect();
        self.topics_at = Some(self.head);
        let mut topics = BTreeMap::new();
        if self.listens(step.now) {
            for era in self.eras_to_follow() {
                for period in era.periods(now) {
                    let used = TopicUse::Era(era.id, period);
                    let topic = known.get(&used).copied();
                    topics.insert(topic.unwrap_or_else(|| era.topic_key(period).topic()), used);
                }
            }
        }
        if self.standing == Standing::Active || self.looks_out(step.now) {
            for (era, porch) in &self.porches {
                let used = TopicUse::Porch(*era);
                let topic = known.get(&used).copied();
                topics.insert(topic.unwrap_or_else(|| porch.topic_key().topic()), used);
            }
        }
        if self.standing == Standing::Active {
            let code = self.code_to_follow(step.now);
            for invite in self.invites_to_follow(step.now).into_iter().chain(code) {
                let used = TopicUse::Invite(invite);
                let topic = known.get(&used).copied();
                let topic = topic.or_else(|| Some(self.invite_topic_key(&invite)?.topic()));
                topics.extend(topic.map(|topic| (topic, used)));
            }
        }
        if topics != self.topics {
            self.topics = topics;
            self.watch.keep_topics(&self.topics);
            if self.listens(step.now) {
                step.reach(Venue::Circle(self.id));
            }
        }
        self.refresh_relays(step);
    }

    /// The eras whose topics are followed: those of the head's path before those of rivals, however
    /// many rivals begin one, since more rivals come on the topics of the path.
    fn eras_to_follow(&self) -> Vec<&Era> {
        let mut eras: Vec<&Era> = self.eras.values().collect();
        if eras.len() <= MAX_ERAS {
            return eras;
        }
        let path = self.down_the_path().filter_map(|(_, state)| Some(state.held()?.era));
        let path: BTreeSet<StateId> = path.collect();
        let epoch = |era: &Era| self.states.get(&era.id).map(|state| state.epoch);
        eras.sort_by_key(|era| (!path.contains(&era.id), std::cmp::Reverse(epoch(era))));
        eras.truncate(MAX_ERAS);
        eras
    }

    /// Marks eras that are no longer the head's, and drops those that are over.
    fn age_eras(&mut self, step: &mut Step<'_>) {
        let Some(current) = self.head_held().map(|held| held.era) else {
            return;
        };
        let mut changed = Vec::new();
        for era in self.eras.values_mut() {
            let ended = if era.id == current { None } else { era.ended.or(Some(step.now)) };
            if ended != era.ended {
                era.ended = ended;
                changed.push(era.id);
            }
        }
        // As long as a state of it is kept, somebody may still speak there, and it may win.
        let used: BTreeSet<StateId> =
            self.states.values().filter_map(|state| Some(state.held()?.era)).collect();
        let over =
            self.eras.values().filter(|era| era.is_over(step.now) && !used.contains(&era.id));
        let over: Vec<StateId> = over.map(|era| era.id).collect();
        for id in &over {
            self.eras.remove(id);
            self.delete_era(step, id);
        }
        for id in changed {
            if let Some(era) = self.eras.get(&id) {
                self.write_era(step, era);
            }
        }
    }

    /// Everything one source had on a topic has been handed over. A period that was over when that
    /// happened is done with; topics are fetched side by side, so the oldest may be the last.
    pub(crate) fn synced(&mut self, step: &mut Step<'_>, topic: &Topic) {
        self.note_fetched(step);
        let Some(TopicUse::Era(id, period)) = self.topic_use(topic) else {
            return;
        };
        self.watch.topic_synced(topic, step.now);
        let now = step.now.hour().period();
        if period == now && self.head_held().is_some_and(|held| held.era == id) {
            self.end_hold(step);
        }
        let Some(era) = self.eras.get_mut(&id) else {
            return;
        };
        if era.fetched(period, now) {
            if let Some(era) = self.eras.get(&id) {
                self.write_era(step, era);
            }
            self.refresh_topics(step);
        }
    }

    fn invite_topic_key(&self, invite: &InviteId) -> Option<TopicKey> {
        let entry = self.ledger()?.invites().get(invite);
        let keys = || self.code_keys(invite).map(|(topic_key, _)| topic_key);
        entry.map(|entry| entry.topic_key()).or_else(keys)
    }

    /// Invites whose topics are followed: until a while after they expire, so that a late knock
    /// gets an answer.
    fn invites_to_follow(&self, now: Timestamp) -> Vec<InviteId> {
        let Some(ledger) = self.ledger() else {
            return Vec::new();
        };
        let mut invites: Vec<_> = ledger
            .invites()
            .iter()
            .filter(|(_, entry)| now < entry.terms.expires.after(CLOSED_INVITE))
            .collect();
        invites.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.terms.expires));
        invites.into_iter().take(2 * MAX_OPEN_INVITES).map(|(invite, _)| *invite).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn era() -> Era {
        let start = EraStart {
            period: Period::new(100),
            secret: Secret::from_bytes([1; 32]),
            link: Secret::from_bytes([2; 32]),
            porch: Secret::from_bytes([4; 32]),
        };
        Era::new(StateId::from_bytes([3; 32]), start, Timestamp::from_seconds(101 * 7 * 86_400))
    }

    fn followed(era: &Era, now: u32) -> Vec<u32> {
        era.periods(Period::new(now)).map(Period::get).collect()
    }

    fn fetched(era: &mut Era, period: u32, now: u32) -> bool {
        era.fetched(Period::new(period), Period::new(now))
    }

    #[test]
    fn a_period_missed_in_an_absence_is_followed_until_it_is_fetched() {
        let mut era = era();
        assert_eq!(followed(&era, 101), [99, 100, 101, 102]);
        // Four weeks later: the empty topics of today are through first.
        assert_eq!(followed(&era, 105), [99, 100, 101, 102, 103, 104, 105, 106]);
        for period in [106, 105, 104, 103, 102, 101, 100] {
            assert!(!fetched(&mut era, period, 105), "{period}");
        }
        assert_eq!(followed(&era, 105), [99, 100, 101, 102, 103, 104, 105, 106]);
        assert!(fetched(&mut era, 99, 105));
        assert_eq!(followed(&era, 105), [100, 101, 102, 103, 104, 105, 106]);
    }

    #[test]
    fn a_fetched_period_is_followed_as_long_as_another_relay_may_bring_more_of_it() {
        let mut era = era();
        for period in 99..=102 {
            assert!(!fetched(&mut era, period, 104), "{period}");
        }
        assert_eq!(followed(&era, 104), [99, 100, 101, 102, 103, 104, 105]);
        assert!(fetched(&mut era, 103, 107));
        assert_eq!(followed(&era, 107), [102, 103, 104, 105, 106, 107, 108]);
    }

    #[test]
    fn secrets_of_periods_that_are_done_are_forgotten_and_later_topics_stay() {
        let (mut era, fresh) = (era(), era());
        assert!(fetched(&mut era, 99, 105));
        assert_eq!(era.base, Period::new(100));
        assert!(fetched(&mut era, 100, 106));
        assert_eq!(era.base, Period::new(101));
        let topic = |era: &Era, period| era.topic_key(Period::new(period)).topic();
        assert_eq!(topic(&era, 104), topic(&fresh, 104));
        assert_ne!(topic(&era, 100), topic(&fresh, 100));
    }

    #[test]
    fn after_half_a_year_only_what_relays_may_still_hold_is_followed() {
        let mut era = era();
        assert_eq!(followed(&era, 130), [124, 125, 126, 127, 128, 129, 130, 131]);
        assert!(fetched(&mut era, 124, 130));
        assert_eq!(followed(&era, 130), [125, 126, 127, 128, 129, 130, 131]);
    }
}
