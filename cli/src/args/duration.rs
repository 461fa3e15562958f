//! Spans of time as people type them: `45s`, `30m`, `12h`, `7d`.

use std::time::Duration;

/// Why a span of time was not understood.
#[derive(Debug, thiserror::Error, Eq, PartialEq)]
#[error("write a number and s, m, h or d: 45s, 30m, 12h, 7d")]
pub(crate) struct DurationError;

/// Reads a span of time; a bare number counts seconds.
pub(crate) fn parse(text: &str) -> Result<Duration, DurationError> {
    let (digits, unit) = match text.char_indices().next_back() {
        Some((at, unit)) if unit.is_ascii_alphabetic() => (&text[..at], Some(unit)),
        _ => (text, None),
    };
    let seconds_each = match unit {
        None | Some('s') => 1,
        Some('m') => 60,
        Some('h') => 3600,
        Some('d') => 24 * 3600,
        Some(_) => return Err(DurationError),
    };
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(DurationError);
    }
    let count: u64 = digits.parse().map_err(|_| DurationError)?;
    let seconds = count.checked_mul(seconds_each).ok_or(DurationError)?;
    Ok(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_as_people_write_them() {
        for (text, seconds) in
            [("45", 45), ("45s", 45), ("30m", 1800), ("12h", 43_200), ("7d", 604_800)]
        {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "d",
            "-1d",
            "+1d",
            "1.5h",
            "7 d",
            "7w",
            "7дня",
            "99999999999999999999",
            "999999999999999999d",
        ] {
            assert_eq!(parse(text), Err(DurationError), "{text}");
        }
    }
}
