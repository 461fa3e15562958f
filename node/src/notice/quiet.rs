//! Quiet hours: when no notice is shown. They are hours of the wall, in the time zone of this machine
//! or another one by its name, so they move with summer time, and may run across midnight.
//! Clause: specs/08-content I-82.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use windbreak_protocol::time::Timestamp;

use crate::api::message::QuietHours;
use crate::api::refusal::Refusal;

/// Minutes of an hour.
const HOUR: u16 = 60;
/// Minutes of a day.
const DAY: u16 = 24 * HOUR;

/// Quiet hours, as they are kept.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Quiet {
    /// The first quiet minute of a day.
    from: u16,
    /// The first minute that is not quiet any more.
    to: u16,
    /// The name of the time zone; that of the machine, if there is none.
    zone: Option<String>,
}

impl Quiet {
    /// Reads what was asked for.
    ///
    /// # Errors
    /// [`Refusal`]: no such time or time zone, or no hours at all.
    pub(super) fn read(asked: QuietHours) -> Result<Self, Refusal> {
        let times = [minute(&asked.from), minute(&asked.to)];
        let [Some(from), Some(to)] = times else {
            return Err(Refusal::not_allowed_value(
                "bad_time",
                "quiet hours are two times of a day, from 00:00 to 23:59",
                "write them like this: 22:00-07:30",
            ));
        };
        if from == to {
            return Err(Refusal::not_allowed_value(
                "bad_time",
                "these quiet hours begin and end at one time",
                "choose two times, or turn notices off",
            ));
        }
        if let Some(name) = &asked.zone
            && named(name).is_none()
        {
            return Err(Refusal::not_allowed_value(
                "unknown_zone",
                "this machine knows no such time zone",
                "name one like Europe/Berlin, or leave it out: then it is that of this machine",
            ));
        }
        Ok(Self { from, to, zone: asked.zone })
    }

    /// In the words of the local API.
    pub(super) fn told(&self) -> QuietHours {
        let text = |minute: u16| format!("{:02}:{:02}", minute / HOUR, minute % HOUR);
        QuietHours { from: text(self.from), to: text(self.to), zone: self.zone.clone() }
    }

    /// Whether it is quiet at `now`.
    pub(super) fn holds(&self, now: Timestamp) -> bool {
        // A zone that this machine does not know any more: the machine's own is nearer than none.
        let zone = self.zone.as_deref().and_then(named).unwrap_or_else(TimeZone::system);
        self.holds_in(&zone, now)
    }

    fn holds_in(&self, zone: &TimeZone, now: Timestamp) -> bool {
        let second = i64::try_from(now.as_seconds()).unwrap_or(i64::MAX);
        // A clock beyond all calendars shows no hour that could be quiet.
        let Ok(moment) = jiff::Timestamp::from_second(second) else {
            return false;
        };
        let wall = zone.to_datetime(moment).time();
        let minute = minute_of(wall);
        if self.from < self.to {
            (self.from..self.to).contains(&minute)
        } else {
            minute >= self.from || minute < self.to
        }
    }
}

fn named(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

fn minute_of(time: Time) -> u16 {
    // Hours and minutes of a day are never negative.
    u16::from(time.hour().unsigned_abs()) * HOUR + u16::from(time.minute().unsigned_abs())
}

/// The minute of a day, from `HH:MM`.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |digits: &str, most: u16| {
        let is_number = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u16>().ok().filter(|number| is_number && *number < most)
    };
    Some(number(hours, DAY / HOUR)? * HOUR + number(minutes, HOUR)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet(from: &str, to: &str) -> Quiet {
        let asked = QuietHours { from: from.into(), to: to.into(), zone: None };
        Quiet::read(asked).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        let moment: jiff::Timestamp = text.parse().unwrap();
        Timestamp::from_seconds(moment.as_second().unsigned_abs())
    }

    /// Central Europe, without the files of a system.
    fn zone() -> TimeZone {
        TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
    }

    #[test]
    fn quiet_hours_run_across_midnight_and_end_on_the_minute() {
        let night = quiet("22:00", "07:30");
        // In winter the wall is an hour ahead of UTC.
        for (moment, holds) in [
            ("2026-11-28T20:59:59Z", false),
            ("2026-11-28T21:00:00Z", true),
            ("2026-11-28T23:00:00Z", true),
            ("2026-11-29T06:29:59Z", true),
            ("2026-11-29T06:30:00Z", false),
            ("2026-11-29T12:00:00Z", false),
        ] {
            assert_eq!(night.holds_in(&zone(), at(moment)), holds, "{moment}");
        }
        let noon = quiet("12:00", "13:00");
        assert!(noon.holds_in(&zone(), at("2026-11-28T11:30:00Z")));
        assert!(!noon.holds_in(&zone(), at("2026-11-28T12:00:00Z")));
        assert_eq!(noon.told().to, "13:00");
    }

    #[test]
    fn quiet_hours_are_hours_of_the_wall_when_clocks_change() {
        // In summer the same hours are another time of the world.
        let night = quiet("22:00", "07:30");
        assert!(night.holds_in(&zone(), at("2026-07-01T20:00:00Z")));
        assert!(!night.holds_in(&zone(), at("2026-07-01T05:30:00Z")));
        // In spring 02:00 to 03:00 is no hour of that day: what would begin or end in it does so at 03:00.
        let early = quiet("01:30", "02:30");
        assert!(early.holds_in(&zone(), at("2026-03-29T00:59:59Z")));
        assert!(!early.holds_in(&zone(), at("2026-03-29T01:00:00Z")));
        let late = quiet("02:30", "04:00");
        assert!(!late.holds_in(&zone(), at("2026-03-29T00:59:59Z")));
        assert!(late.holds_in(&zone(), at("2026-03-29T01:00:00Z")));
        // In autumn that hour is there twice, and quiet both times.
        let hour = quiet("02:00", "03:00");
        assert!(hour.holds_in(&zone(), at("2026-10-25T00:30:00Z")));
        assert!(hour.holds_in(&zone(), at("2026-10-25T01:30:00Z")));
        assert!(!hour.holds_in(&zone(), at("2026-10-25T02:00:00Z")));
    }

    #[test]
    fn what_is_no_time_and_no_zone_is_refused() {
        for (from, to) in
            [("22", "07:00"), ("24:00", "07:00"), ("22:60", "07:00"), ("1:00", "2:00")]
        {
            let asked = QuietHours { from: from.into(), to: to.into(), zone: None };
            assert_eq!(Quiet::read(asked).unwrap_err().why().code, "bad_time");
        }
        let never = QuietHours { from: "22:00".into(), to: "22:00".into(), zone: None };
        assert_eq!(Quiet::read(never).unwrap_err().why().code, "bad_time");
        let zone = Some("Middle/Earth".into());
        let nowhere = QuietHours { from: "22:00".into(), to: "07:00".into(), zone };
        assert_eq!(Quiet::read(nowhere).unwrap_err().why().code, "unknown_zone");
    }
}
