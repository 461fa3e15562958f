//! How far catching up has come: what hosts listed that this node lacked, and how much of it has come
//! since. It decides nothing; its counts are shown (specs/06-sync, Y-91).

use std::collections::{BTreeMap, BTreeSet};

use libp2p::PeerId;
use windbreak_protocol::id::{EnvelopeId, Topic};

use crate::swarm::limits::{MAX_AWAITED, MAX_WANTED};

/// Counts of envelopes: what hosts are known to hold that this node lacked, and how much of it came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CatchingUp {
    /// Envelopes that came since anything was lacking.
    pub here: usize,
    /// Envelopes that are known to be lacking still.
    pub lacking: usize,
}

/// What is lacking by the word of each host.
#[derive(Default)]
pub(crate) struct Progress {
    here: usize,
    awaited: usize,
    lists: BTreeMap<(PeerId, Topic), BTreeMap<u32, Day>>,
}

/// What a host lists of a day that differs.
enum Day {
    /// So many, as it counts; which of them are lacking is not known yet.
    Counted(usize),
    /// These are lacking.
    Named(BTreeSet<EnvelopeId>),
}

/// What all hosts together list of a day.
#[derive(Default)]
struct Union<'a> {
    counted: usize,
    named: Option<BTreeSet<&'a EnvelopeId>>,
}

impl Progress {
    /// A comparison begins with days that differ, and how many envelopes the host counts in each.
    pub(crate) fn begin(&mut self, host: PeerId, topic: Topic, days: BTreeMap<u32, usize>) {
        self.take_out(host, topic);
        let counted =
            days.into_iter().map(|(day, count)| (day, Day::Counted(count.min(MAX_WANTED))));
        let days: BTreeMap<_, _> = counted.collect();
        if !days.is_empty() {
            self.lists.insert((host, topic), days);
        }
        self.rest();
    }

    /// It turned out what is lacking of a day.
    pub(crate) fn name(&mut self, host: PeerId, topic: Topic, day: u32, lacking: &[EnvelopeId]) {
        let Some(days) = self.lists.get_mut(&(host, topic)) else { return };
        // Beyond the bound less is shown than is known, never more.
        let room = MAX_AWAITED.saturating_sub(self.awaited);
        let lacking: BTreeSet<_> = lacking.iter().take(room).copied().collect();
        self.awaited += lacking.len();
        if let Some(Day::Named(former)) = days.insert(day, Day::Named(lacking)) {
            self.awaited -= former.len();
        }
    }

    /// These came, whichever way.
    pub(crate) fn arrived(&mut self, topic: &Topic, ids: impl Iterator<Item = EnvelopeId>) {
        if self.lists.is_empty() {
            return;
        }
        for id in ids {
            let mut was_lacking = false;
            let lists = self.lists.iter_mut().filter(|((_, listed), _)| listed == topic);
            for day in lists.flat_map(|(_, days)| days.values_mut()) {
                if let Day::Named(lacking) = day
                    && lacking.remove(&id)
                {
                    was_lacking = true;
                    self.awaited -= 1;
                }
            }
            self.here += usize::from(was_lacking);
        }
    }

    /// Nothing more is known to be lacking at a host.
    pub(crate) fn end(&mut self, host: PeerId, topic: Topic) {
        self.take_out(host, topic);
        self.rest();
    }

    /// Forgets what is no longer followed, or was listed by whoever is no host any more.
    pub(crate) fn retain(&mut self, is_of_use: impl Fn(&PeerId, &Topic) -> bool) {
        let lists = self.lists.keys().filter(|(host, topic)| !is_of_use(host, topic));
        let gone: Vec<_> = lists.copied().collect();
        for (host, topic) in gone {
            self.take_out(host, topic);
        }
        self.rest();
    }

    /// How far it has come, if anything is lacking. `known` counts what this node has of a day.
    pub(crate) fn counts(&self, known: impl Fn(&Topic, u32) -> usize) -> Option<CatchingUp> {
        let mut days: BTreeMap<(&Topic, u32), Union<'_>> = BTreeMap::new();
        for ((_, topic), listed) in &self.lists {
            for (day, held) in listed {
                let union = days.entry((topic, *day)).or_default();
                match held {
                    Day::Counted(count) => union.counted = union.counted.max(*count),
                    Day::Named(ids) => union.named.get_or_insert_default().extend(ids),
                }
            }
        }
        let mut lacking = 0;
        for ((topic, day), union) in days {
            // Names are surer than counts: what another host counts of the day may be the same.
            lacking += match union.named {
                Some(ids) => ids.len(),
                None => union.counted.saturating_sub(known(topic, day)),
            };
        }
        (lacking > 0).then_some(CatchingUp { here: self.here, lacking })
    }

    fn take_out(&mut self, host: PeerId, topic: Topic) {
        let days = self.lists.remove(&(host, topic)).unwrap_or_default();
        for day in days.into_values() {
            if let Day::Named(lacking) = day {
                self.awaited -= lacking.len();
            }
        }
    }

    /// Once nothing is lacking, the next time is counted anew.
    fn rest(&mut self) {
        if self.lists.is_empty() {
            self.here = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOPIC: Topic = Topic::from_bytes([1; 32]);

    fn ids(numbers: std::ops::Range<u8>) -> Vec<EnvelopeId> {
        numbers.map(|number| EnvelopeId::from_bytes([number; 32])).collect()
    }

    fn counts(here: usize, lacking: usize) -> Option<CatchingUp> {
        Some(CatchingUp { here, lacking })
    }

    #[test]
    fn what_two_hosts_list_is_lacking_once() {
        let (one, other) = (PeerId::random(), PeerId::random());
        let mut progress = Progress::default();
        let known = |_: &Topic, day| if day == 8 { 4 } else { 0 };
        assert_eq!(progress.counts(known), None);
        for host in [one, other] {
            progress.begin(host, TOPIC, [(8, 10), (9, 20)].into());
        }
        assert_eq!(progress.counts(known), counts(0, 26));
        progress.name(one, TOPIC, 9, &ids(0..20));
        assert_eq!(progress.counts(known), counts(0, 26), "what the other counts is the same");
        progress.name(other, TOPIC, 9, &ids(5..25));
        assert_eq!(progress.counts(known), counts(0, 31));
        progress.arrived(&TOPIC, ids(0..10).into_iter());
        progress.arrived(&TOPIC, ids(0..10).into_iter());
        progress.arrived(&Topic::from_bytes([2; 32]), ids(10..12).into_iter());
        assert_eq!(progress.counts(known), counts(10, 21));
        progress.end(one, TOPIC);
        assert_eq!(progress.counts(known), counts(10, 21));
        progress.end(other, TOPIC);
        assert_eq!(progress.counts(known), None);
        progress.begin(one, TOPIC, [(8, 6)].into());
        assert_eq!(progress.counts(known), counts(0, 2), "the next time is counted anew");
        progress.retain(|host, _| *host != one);
        assert_eq!((progress.counts(known), progress.awaited), (None, 0));
    }

    #[test]
    fn whatever_a_host_claims_costs_a_bounded_amount() {
        let host = PeerId::random();
        let mut progress = Progress::default();
        progress.begin(host, TOPIC, [(8, usize::MAX), (9, 1)].into());
        assert_eq!(progress.counts(|_, _| 0), counts(0, MAX_WANTED + 1));
        let many: Vec<_> = (0..=MAX_AWAITED as u64)
            .map(|number| {
                let mut id = [0; 32];
                id[..8].copy_from_slice(&number.to_be_bytes());
                EnvelopeId::from_bytes(id)
            })
            .collect();
        progress.name(host, TOPIC, 8, &many);
        progress.name(host, TOPIC, 9, &many);
        assert_eq!(
            (progress.awaited, progress.counts(|_, _| 0)),
            (MAX_AWAITED, counts(0, MAX_AWAITED))
        );
        progress.name(host, TOPIC, 8, &[]);
        progress.end(host, TOPIC);
        assert_eq!(progress.awaited, 0);
    }
}
