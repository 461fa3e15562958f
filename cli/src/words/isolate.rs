//! Keeps words that run in the other direction from turning the line they stand in: between two
//! marks that cannot be seen they count as one thing. Where nothing could turn there are no marks.

use std::borrow::Cow;

/// Opens what takes its direction from its own first letter.
pub(crate) const FIRST_STRONG: char = '\u{2068}';
/// Closes it.
pub(crate) const POP: char = '\u{2069}';

/// True for the two marks.
pub(crate) const fn is_isolate(c: char) -> bool {
    matches!(c, FIRST_STRONG | POP)
}

/// A value for a text: kept apart if it holds letters of the other direction.
pub(crate) fn isolated(value: &str, right_to_left: bool) -> Cow<'_, str> {
    let turns = if right_to_left {
        value.chars().any(char::is_alphanumeric)
    } else {
        value.chars().any(runs_left)
    };
    if !turns || is_apart(value) {
        return Cow::Borrowed(value);
    }
    Cow::Owned(format!("{FIRST_STRONG}{value}{POP}"))
}

/// Whether all of it stands between two marks already.
fn is_apart(value: &str) -> bool {
    let inner = value.strip_prefix(FIRST_STRONG).and_then(|rest| rest.strip_suffix(POP));
    inner.is_some_and(|inner| !inner.contains(is_isolate))
}

/// Letters of scripts that run from right to left.
const fn runs_left(c: char) -> bool {
    matches!(c,
        '\u{0590}'..='\u{08ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Whether a language is written from right to left.
pub(super) fn is_right_to_left(language: &str) -> bool {
    matches!(language, "ar" | "ckb" | "dv" | "fa" | "he" | "ps" | "sd" | "ug" | "ur" | "yi")
}

/// The lines of a wrapped text: a terminal forgets at the end of a line what was open, so each line
/// closes and opens again for itself.
pub(crate) fn whole_lines(text: String) -> String {
    if !text.contains(FIRST_STRONG) {
        return text;
    }
    let mut open = 0_usize;
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| {
            let words = line.trim_start_matches(' ');
            let indent = line.get(..line.len() - words.len()).unwrap_or_default();
            let before = open;
            for c in words.chars() {
                match c {
                    FIRST_STRONG => open += 1,
                    POP => open = open.saturating_sub(1),
                    _ => {}
                }
            }
            let opened = FIRST_STRONG.to_string().repeat(before);
            format!("{indent}{opened}{words}{}", POP.to_string().repeat(open))
        })
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_could_turn_is_kept_apart() {
        assert_eq!(isolated("Rowan", false), "Rowan");
        assert_eq!(isolated("柳 🌿", false), "柳 🌿");
        assert_eq!(isolated("ערב טוב", false), "\u{2068}ערב טוב\u{2069}");
        assert_eq!(isolated("\u{2068}ערב\u{2069}", false), "\u{2068}ערב\u{2069}");
        assert_eq!(isolated("Rowan", true), "\u{2068}Rowan\u{2069}");
    }

    #[test]
    fn every_line_is_whole() {
        let text = "a \u{2068}ערב\n  טוב\u{2069} b".to_owned();
        assert_eq!(whole_lines(text), "a \u{2068}ערב\u{2069}\n  \u{2068}טוב\u{2069} b");
    }
}
