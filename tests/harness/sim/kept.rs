//! For how long a device was told that words are kept, and whether what it erased was too old: worked
//! out from what its heads said and when, without what the device itself notes about it.

use std::collections::BTreeMap;

/// An hour in milliseconds.
const HOUR: u64 = 3_600_000;
/// A day in milliseconds.
const DAY: u64 = 24 * HOUR;
/// How far the clocks of two devices, or one clock before and after it was set, lie apart, and as much
/// again.
pub(crate) const SLACK: u64 = 2 * HOUR;
/// For how long everybody must have known of a shorter time.
const NOTICE: u64 = 7 * DAY;

/// By when, for how many days the head of a device said that words are kept; none is for ever.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeepLog(BTreeMap<u64, Option<u16>>);

impl KeepLog {
    /// A head says it.
    pub(crate) fn note(&mut self, now: u64, days: Option<u16>) {
        if self.0.last_key_value().is_none_or(|(_, last)| *last != days) {
            self.0.insert(now, days);
        }
    }

    /// Whether something that was written then may be erased: at some time it was older than the
    /// longest that any head had said in the week before.
    pub(crate) fn may_have_erased(&self, written: u64, now: u64) -> bool {
        let week = NOTICE - SLACK;
        let changes = self.0.keys().flat_map(|at| [at.saturating_sub(1), at + week]);
        changes.chain([now]).filter(|at| *at <= now).any(|at| {
            let longest = self.longest(at.saturating_sub(week), at);
            longest.is_some_and(|longest| at.saturating_sub(written) + SLACK > longest)
        })
    }

    /// Whether what it says now has stood for so long that every device follows it.
    pub(crate) fn has_stood(&self, now: u64) -> bool {
        self.0.last_key_value().is_some_and(|(since, _)| since + NOTICE + SLACK < now)
    }

    /// The longest that was said from one time to another, in milliseconds; none if that is for ever.
    fn longest(&self, from: u64, until: u64) -> Option<u64> {
        let ends = self.0.keys().skip(1).map(|next| Some(*next)).chain([None]);
        let said = self.0.iter().zip(ends);
        let said = said
            .filter(|((begins, _), ends)| **begins <= until && ends.is_none_or(|ends| ends > from));
        let days: Option<Vec<u64>> = said.map(|((_, days), _)| days.map(u64::from)).collect();
        days?.into_iter().max().map(|days| days * DAY)
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, KeepLog};

    /// Tells on which of these days something from day 0 may be gone.
    fn days_gone(said: &[(u64, Option<u16>)], days: &[u64]) -> Vec<u64> {
        let mut log = KeepLog::default();
        for (day, keep) in said {
            log.note(100 * DAY + day * DAY, *keep);
        }
        let is_gone = |day: &&u64| log.may_have_erased(100 * DAY, 100 * DAY + **day * DAY);
        days.iter().filter(is_gone).copied().collect()
    }

    #[test]
    fn what_is_shorter_erases_nothing_for_a_week() {
        let said = [(0, None), (3, Some(2))];
        assert_eq!(days_gone(&said, &[1, 3, 4, 9, 11, 20]), [11, 20]);
        assert!(days_gone(&[(0, None)], &[1, 900]).is_empty());
    }

    #[test]
    fn what_is_longer_holds_at_once_and_what_is_gone_stays_gone() {
        let said = [(0, None), (3, Some(2)), (8, None)];
        assert!(days_gone(&said, &[7, 11, 40]).is_empty());
        let said = [(0, None), (3, Some(2)), (12, None)];
        assert_eq!(days_gone(&said, &[9, 13, 40]), [13, 40]);
    }

    #[test]
    fn whoever_comes_follows_what_they_find() {
        assert_eq!(days_gone(&[(1, Some(2))], &[1, 3]), [3]);
    }

    #[test]
    fn one_that_is_shorter_still_begins_its_own_week() {
        let said = [(0, None), (1, Some(9)), (6, Some(2))];
        assert_eq!(days_gone(&said, &[7, 8, 14]), [14]);
    }
}
