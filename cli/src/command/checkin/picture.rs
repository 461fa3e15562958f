//! Check-ins as a picture: a column for each day or for some days, a row for each number, and the same
//! in one sentence, for whoever hears it read out.

use std::collections::BTreeSet;

use jiff::civil::Date;
use unicode_width::UnicodeWidthStr;
use windbreak_node::api::message::CheckIn;

use crate::when;
use crate::words::say;

/// Columns in front of the picture.
const MARGIN: usize = 5;
/// The most columns that one day has.
const WIDEST: usize = 8;
/// The highest number.
const HIGHEST: u8 = 10;

/// What the picture shows, in words.
pub(super) fn in_words(check_ins: &[CheckIn], days: u16) -> String {
    let values = || check_ins.iter().map(|check_in| check_in.value);
    let (Some(low), Some(high), Some(last)) = (values().min(), values().max(), check_ins.last())
    else {
        return say!("checkin-picture-nothing-noted", period = period(days));
    };
    let times = say!("checkin-picture-times", times = check_ins.len());
    let range = if low == high {
        say!("checkin-picture-10", low)
    } else {
        say!("checkin-picture-between-10", low, high)
    };
    say!(
        "checkin-picture-noted-how-latest",
        times,
        period = period(days),
        range,
        when = when::moment(last.when),
        value = last.value
    )
}

fn period(days: u16) -> String {
    say!("checkin-picture-last-days", days)
}

/// The picture, in lines of at most `width` columns.
pub(super) fn lines(check_ins: &[CheckIn], days: u16, width: usize) -> Vec<String> {
    let points = check_ins.iter().map(|check_in| (when::day(check_in.when), check_in.value));
    draw(&points.collect::<Vec<_>>(), when::days_ago(days.saturating_sub(1)), days, width)
}

fn draw(points: &[(Date, u8)], first: Date, days: u16, width: usize) -> Vec<String> {
    let room = width.saturating_sub(MARGIN + 1).max(10);
    let days = usize::from(days);
    let days_each = days.div_ceil(room).max(1);
    let columns = days.div_ceil(days_each);
    // Some air between the days is easier on the eye, where there is room.
    let wide = (room / columns).clamp(1, WIDEST);
    let mut dots: BTreeSet<(u8, usize)> = BTreeSet::new();
    for (day, value) in points {
        let since = first.until(*day).map_or(0, |span| span.get_days());
        if let Ok(since) = usize::try_from(since) {
            dots.insert((*value, (since / days_each).min(columns - 1)));
        }
    }
    let mut lines = Vec::new();
    for value in (0..=HIGHEST).rev() {
        let name = if value % 5 == 0 { format!("{value:>3}") } else { "   ".to_owned() };
        let mut line = format!("{name} |");
        for column in 0..columns {
            line.push(if dots.contains(&(value, column)) { '*' } else { ' ' });
            line.extend(std::iter::repeat_n(' ', wide - 1));
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.push(format!("    +{}", "-".repeat(columns * wide)));
    let from = if days == 1 { String::new() } else { when::date(first) };
    let to = say!("checkin-picture-today");
    let gap = (columns * wide).saturating_sub(from.width() + to.width());
    let gap = if from.is_empty() { 0 } else { gap.max(1) };
    lines.push(format!("     {from}{}{to}", " ".repeat(gap)));
    lines
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_picture_shows_each_day_and_fits_80_columns() {
        let first = date(2026, 11, 1);
        let points =
            [(first, 0), (date(2026, 11, 2), 7), (date(2026, 11, 2), 3), (date(2026, 11, 30), 10)];
        let drawn = draw(&points, first, 30, 80);
        assert_eq!(drawn.len(), 13);
        assert_eq!(drawn[0], format!(" 10 |{}*", " ".repeat(58)));
        assert_eq!((drawn[3].as_str(), drawn[7].as_str()), ("    |  *", "    |  *"));
        assert_eq!(drawn[10], "  0 |*");
        assert!(drawn[12].starts_with("     1 Nov") && drawn[12].ends_with("today"));
        for days in [1, 7, 30, 75, 365, 3650] {
            let drawn = draw(&points, first, days, 80);
            assert!(drawn.iter().all(|line| line.chars().count() <= 80), "{days}");
        }
        let short = draw(&points[..1], first, 1, 80);
        assert_eq!((short[10].as_str(), short[12].as_str()), ("  0 |*", "     today"));
        let narrow = draw(&points, first, 30, 20);
        assert!(narrow.iter().all(|line| line.chars().count() <= 20), "{narrow:?}");
    }
}
