//! Which envelopes a mailbox holds, by topic, hour and id: in memory, without their bytes.

use std::collections::{BTreeMap, BTreeSet};

use windbreak_protocol::id::{EnvelopeId, Topic};
use windbreak_protocol::time::Hour;
use windbreak_protocol::wire::sync::{DayFingerprint, MAX_DAYS};

/// What is held of all topics.
#[derive(Default)]
pub(crate) struct Index {
    topics: BTreeMap<Topic, Held>,
    len: usize,
}

/// What is held of one topic.
#[derive(Default)]
struct Held {
    hours: BTreeMap<EnvelopeId, Hour>,
    ordered: BTreeSet<(Hour, EnvelopeId)>,
    /// Fingerprints of days that did not change since they were asked for.
    days: BTreeMap<u32, DayFingerprint>,
}

impl Index {
    /// Adds an envelope; `false` if it was there.
    pub(crate) fn insert(&mut self, topic: Topic, hour: Hour, id: EnvelopeId) -> bool {
        let held = self.topics.entry(topic).or_default();
        if held.hours.insert(id, hour).is_some() {
            return false;
        }
        held.ordered.insert((hour, id));
        held.days.remove(&hour.day());
        self.len += 1;
        true
    }

    /// Takes an envelope out; `false` if it was not there.
    pub(crate) fn remove(&mut self, topic: &Topic, id: &EnvelopeId) -> bool {
        let Some(held) = self.topics.get_mut(topic) else {
            return false;
        };
        let Some(hour) = held.hours.remove(id) else {
            return false;
        };
        held.ordered.remove(&(hour, *id));
        held.days.remove(&hour.day());
        if held.hours.is_empty() {
            self.topics.remove(topic);
        }
        self.len -= 1;
        true
    }

    /// Takes out all of `topic`.
    pub(crate) fn forget(&mut self, topic: &Topic) {
        if let Some(held) = self.topics.remove(topic) {
            self.len -= held.hours.len();
        }
    }

    /// The hour of an envelope that is held.
    pub(crate) fn hour(&self, topic: &Topic, id: &EnvelopeId) -> Option<Hour> {
        self.topics.get(topic)?.hours.get(id).copied()
    }

    /// Everything that carries an hour before `hour`, topic by topic.
    pub(crate) fn before(
        &self,
        hour: Hour,
    ) -> impl Iterator<Item = (Topic, Hour, EnvelopeId)> + '_ {
        self.topics.iter().flat_map(move |(topic, held)| {
            let old = held.ordered.iter().take_while(move |(of, _)| *of < hour);
            old.map(move |(of, id)| (*topic, *of, *id))
        })
    }

    /// How many envelopes are held.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// How many topics anything is held of.
    pub(crate) fn topics(&self) -> usize {
        self.topics.len()
    }

    /// How many envelopes of `topic` are held.
    pub(crate) fn len_of(&self, topic: &Topic) -> usize {
        self.topics.get(topic).map_or(0, |held| held.hours.len())
    }

    /// The fingerprints of all days, oldest first; beyond the limit the oldest are left out.
    pub(crate) fn days(&mut self, topic: &Topic) -> Vec<DayFingerprint> {
        let Some(held) = self.topics.get_mut(topic) else {
            return Vec::new();
        };
        let numbers: Vec<u32> = held.day_numbers().collect();
        let skipped = numbers.len().saturating_sub(MAX_DAYS);
        numbers.into_iter().skip(skipped).map(|day| held.fingerprint(day)).collect()
    }

    /// What is held of `day`, in order.
    pub(crate) fn day(&self, topic: &Topic, day: u32) -> Vec<(Hour, EnvelopeId)> {
        let Some(held) = self.topics.get(topic) else {
            return Vec::new();
        };
        held.day(day).copied().collect()
    }
}

impl Held {
    fn day(&self, day: u32) -> impl Iterator<Item = &(Hour, EnvelopeId)> {
        let first = Hour::new(day.saturating_mul(24));
        self.ordered
            .range((first, EnvelopeId::from_bytes([0; 32]))..)
            .take_while(move |(hour, _)| hour.day() == day)
    }

    fn day_numbers(&self) -> impl Iterator<Item = u32> {
        // Steps from day to day instead of walking over every envelope.
        let mut next = self.ordered.first().map(|(hour, _)| hour.day());
        std::iter::from_fn(move || {
            let day = next?;
            next = day.checked_add(1).and_then(|after| {
                let first = (Hour::new(after.checked_mul(24)?), EnvelopeId::from_bytes([0; 32]));
                self.ordered.range(first..).next().map(|(hour, _)| hour.day())
            });
            Some(day)
        })
    }

    fn fingerprint(&mut self, day: u32) -> DayFingerprint {
        if let Some(known) = self.days.get(&day) {
            return *known;
        }
        let fingerprint = DayFingerprint::of(day, self.day(day).copied());
        self.days.insert(day, fingerprint);
        fingerprint
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOPIC: Topic = Topic::from_bytes([1; 32]);

    fn id(number: u8) -> EnvelopeId {
        EnvelopeId::from_bytes([number; 32])
    }

    #[test]
    fn what_is_older_than_an_hour_is_found_of_all_topics() {
        let mut index = Index::default();
        let other = Topic::from_bytes([2; 32]);
        for (topic, hour, number) in [(TOPIC, 5, 1), (TOPIC, 7, 2), (other, 6, 3), (other, 9, 4)] {
            index.insert(topic, Hour::new(hour), id(number));
        }
        let before = |hour| index.before(Hour::new(hour)).map(|(.., id)| id).collect::<Vec<_>>();
        assert_eq!(before(5), []);
        assert_eq!(before(7), [id(1), id(3)]);
        assert_eq!(before(u32::MAX).len(), 4);
    }

    #[test]
    fn days_are_listed_in_order_and_follow_every_change() {
        let mut index = Index::default();
        for (hour, number) in [(100, 1), (24, 2), (47, 3), (u32::MAX, 4)] {
            assert!(index.insert(TOPIC, Hour::new(hour), id(number)));
        }
        assert!(!index.insert(TOPIC, Hour::new(100), id(1)), "twice");
        let before = index.days(&TOPIC);
        let days: Vec<_> = before.iter().map(|day| (day.day, day.count)).collect();
        assert_eq!(days, [(1, 2), (4, 1), (u32::MAX / 24, 1)]);

        assert!(index.insert(TOPIC, Hour::new(30), id(5)));
        assert_ne!(index.days(&TOPIC)[0], before[0]);
        assert!(index.remove(&TOPIC, &id(5)));
        assert_eq!(index.days(&TOPIC), before);
        assert_eq!(index.len(), 4);
    }

    #[test]
    fn an_empty_topic_is_forgotten() {
        let mut index = Index::default();
        index.insert(TOPIC, Hour::new(5), id(1));
        assert!(index.remove(&TOPIC, &id(1)));
        assert!(!index.remove(&TOPIC, &id(1)));
        assert_eq!((index.topics(), index.len(), index.days(&TOPIC).len()), (0, 0, 0));
    }

    #[test]
    fn a_day_is_what_lies_in_it() {
        let mut index = Index::default();
        for (hour, number) in [(23, 1), (24, 9), (24, 2), (47, 3), (48, 4)] {
            index.insert(TOPIC, Hour::new(hour), id(number));
        }
        let day = index.day(&TOPIC, 1);
        assert_eq!(day, [(Hour::new(24), id(2)), (Hour::new(24), id(9)), (Hour::new(47), id(3))]);
    }
}
