//! Times as people read them, in the time zone of this machine.

use std::time::Duration;

use crate::words::say;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};
use windbreak_node::api::message::UnixSeconds;

/// A moment: the hour today, the day before.
pub(crate) fn moment(time: UnixSeconds) -> String {
    spell(time, &Zoned::now())
}

/// How long until a moment, in the largest unit that fits.
pub(crate) fn left(time: UnixSeconds) -> String {
    let now = u64::try_from(Timestamp::now().as_second()).unwrap_or(0);
    match time.0.checked_sub(now) {
        None | Some(0) => say!("when-over").to_owned(),
        Some(seconds) => say!("when-left", span = span(seconds)),
    }
}

/// The time until a moment; none once it is over.
pub(crate) fn until(time: UnixSeconds) -> Duration {
    let now = u64::try_from(Timestamp::now().as_second()).unwrap_or(0);
    Duration::from_secs(time.0.saturating_sub(now))
}

/// The day of a moment here.
pub(crate) fn day(time: UnixSeconds) -> Date {
    let timestamp = i64::try_from(time.0).ok().and_then(|time| Timestamp::from_second(time).ok());
    timestamp.map_or(Date::MAX, |timestamp| timestamp.to_zoned(zone(&Zoned::now())).date())
}

/// The day so many days before today.
pub(crate) fn days_ago(days: u16) -> Date {
    let back = Span::new().days(i32::from(days));
    Zoned::now().date().checked_sub(back).unwrap_or(Date::MIN)
}

/// A span of seconds in its largest unit, rounded.
pub(crate) fn span(seconds: u64) -> String {
    match seconds {
        0..=119 => say!("when-seconds", count = seconds),
        120..=7199 => say!("when-minutes", count = (seconds + 30) / 60),
        7200..=172_799 => say!("when-hours", count = (seconds + 1800) / 3600),
        _ => say!("when-days", count = seconds.saturating_add(43_200) / 86_400),
    }
}

fn spell(time: UnixSeconds, now: &Zoned) -> String {
    let second = i64::try_from(time.0).unwrap_or(i64::MAX);
    let Ok(timestamp) = Timestamp::from_second(second) else {
        return say!("when-unknown-time").to_owned();
    };
    let zoned = timestamp.to_zoned(zone(now));
    let clock = zoned.strftime("%H:%M").to_string();
    if zoned.date() == now.date() {
        return clock;
    }
    let day = date(zoned.date());
    if zoned.year() == now.year() {
        say!("when-day-clock", day, clock)
    } else {
        say!("when-day-year-clock", day, year = zoned.strftime("%Y").to_string(), clock)
    }
}

/// A day of a year that needs no saying: `14 Jan`.
pub(crate) fn date(date: Date) -> String {
    let month = match date.month() {
        1 => say!("when-january"),
        2 => say!("when-february"),
        3 => say!("when-march"),
        4 => say!("when-april"),
        5 => say!("when-may"),
        6 => say!("when-june"),
        7 => say!("when-july"),
        8 => say!("when-august"),
        9 => say!("when-september"),
        10 => say!("when-october"),
        11 => say!("when-november"),
        _ => say!("when-december"),
    };
    say!("when-day", day = date.day().unsigned_abs(), month)
}

fn zone(now: &Zoned) -> TimeZone {
    now.time_zone().clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_says_no_more_than_needed() {
        let now = Timestamp::from_second(1_800_000_000).unwrap().to_zoned(TimeZone::UTC);
        assert_eq!(spell(UnixSeconds(1_800_000_000), &now), "08:00");
        assert_eq!(spell(UnixSeconds(1_799_900_000), &now), "14 Jan 04:13");
        assert_eq!(spell(UnixSeconds(1_700_000_000), &now), "14 Nov 2023 22:13");
        assert_eq!(spell(UnixSeconds(u64::MAX), &now), "at an unknown time");
    }

    #[test]
    fn a_span_has_one_unit() {
        assert_eq!(span(1), "1 second");
        assert_eq!(span(600), "10 minutes");
        assert_eq!(span(7 * 86_400 - 5), "7 days");
    }
}
