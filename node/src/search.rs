//! Looks for words in a text: whatever their case and their accents, each where a word begins, all of
//! them. A text is read, looked through and forgotten; what is held of it in memory is a sketch.
//! Clause: specs/08-content I-50.

mod sketch;
mod sketches;
mod sketching;

use std::borrow::Cow;
use std::ops::Range;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
use unicode_normalization::UnicodeNormalization;
use windbreak_protocol::limits::MAX_SEARCH_CHARS;

pub(crate) use self::sketches::Sketches;
pub(crate) use self::sketching::Sketching;

/// Marked places in one text; more would only be in the way.
const MAX_PLACES: usize = 32;
/// Characters shown before the first place.
const BEFORE: usize = 60;
/// Characters shown in all.
const SHOWN: usize = 240;

const SEGMENTER: WordSegmenterBorrowed<'static> =
    WordSegmenter::new_for_non_complex_scripts(WordBreakInvariantOptions::default());

/// What is looked for.
#[derive(Clone, Debug)]
pub(crate) struct Query(Vec<Sought>);

/// One of several things that must all be there.
#[derive(Clone, Debug)]
enum Sought {
    /// Words in a row; of the last one how it begins is enough.
    Words(Vec<String>),
    /// Signs that make no word, as they stand.
    Signs(String),
}

/// Why nothing can be looked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum QueryError {
    /// There is nothing in it.
    #[error("there is nothing to look for")]
    Empty,
    /// More characters than anybody searches for.
    #[error("what is looked for has more than {MAX_SEARCH_CHARS} characters")]
    TooLong,
}

/// Part of a text around what was found in it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Excerpt {
    /// Its pieces, and which of them were looked for.
    pub(crate) pieces: Vec<(String, bool)>,
    /// Whether the text begins before it.
    pub(crate) is_cut_before: bool,
    /// Whether the text goes on after it.
    pub(crate) is_cut_after: bool,
}

impl Query {
    /// Reads what somebody typed: whatever stands between spaces must all be there.
    ///
    /// # Errors
    /// [`QueryError`].
    pub(crate) fn new(typed: &str) -> Result<Self, QueryError> {
        if typed.chars().nth(MAX_SEARCH_CHARS).is_some() {
            return Err(QueryError::TooLong);
        }
        let sought = typed.split_whitespace().map(|piece| {
            let words: Vec<String> = words(piece).map(|at| fold(&piece[at]).into_owned()).collect();
            if words.is_empty() { Sought::Signs(piece.to_owned()) } else { Sought::Words(words) }
        });
        let sought: Vec<_> = sought.collect();
        if sought.is_empty() { Err(QueryError::Empty) } else { Ok(Self(sought)) }
    }

    /// Where in a text all of it is found, as far as that is worth marking; `None` if not all is.
    pub(crate) fn places(&self, text: &str) -> Option<Vec<Range<usize>>> {
        // Most texts are put aside here: finding where words begin costs far more.
        let folded = fold(text);
        let may_be_there = |sought: &Sought| match sought {
            Sought::Words(words) => words.iter().all(|word| folded.contains(word.as_str())),
            Sought::Signs(signs) => text.contains(signs.as_str()),
        };
        if !self.0.iter().all(may_be_there) {
            return None;
        }
        let words: Vec<(Range<usize>, Cow<'_, str>)> =
            words(text).map(|at| (at.clone(), fold(&text[at]))).collect();
        let mut places = Vec::new();
        for sought in &self.0 {
            let before = places.len();
            match sought {
                Sought::Words(row) => {
                    let found = words.windows(row.len()).filter(|window| is_row(window, row));
                    places.extend(found.take(MAX_PLACES).flatten().map(|(at, _)| at.clone()));
                }
                Sought::Signs(signs) => {
                    let found = text.match_indices(signs.as_str()).take(MAX_PLACES);
                    places.extend(found.map(|(at, signs)| at..at + signs.len()));
                }
            }
            if places.len() == before {
                return None;
            }
        }
        places.sort_by_key(|place| (place.start, place.end));
        places.truncate(MAX_PLACES);
        Some(places)
    }
}

impl Excerpt {
    /// What stands around the first of `places`, which are in order.
    pub(crate) fn of(text: &str, places: &[Range<usize>]) -> Self {
        let first = places.first().map_or(0, |place| place.start);
        let head = text.get(..first).unwrap_or_default();
        let start = head.char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
        let rest = text.get(start..).unwrap_or_default();
        let end = rest.char_indices().nth(SHOWN).map_or(text.len(), |(at, _)| start + at);
        let mut excerpt =
            Self { pieces: Vec::new(), is_cut_before: start > 0, is_cut_after: end < text.len() };
        let mut at = start;
        for place in places {
            let (from, to) = (place.start.max(at), place.end.min(end));
            if from < to {
                excerpt.add(&text[at..from], false);
                excerpt.add(&text[from..to], true);
                at = to;
            }
        }
        excerpt.add(&text[at..end], false);
        excerpt
    }

    fn add(&mut self, text: &str, is_found: bool) {
        if !text.is_empty() {
            // One line: where the text had others is no matter here.
            let line = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
            self.pieces.push((line, is_found));
        }
    }
}

/// Whether words follow on each other as they are looked for.
fn is_row(words: &[(Range<usize>, Cow<'_, str>)], row: &[String]) -> bool {
    let Some((last, before)) = row.split_last() else { return false };
    let Some(((_, end), rest)) = words.split_last() else { return false };
    rest.iter().zip(before).all(|((_, word), sought)| word == sought)
        && if last.starts_with(is_written_without_spaces) {
            end.contains(last.as_str())
        } else {
            end.starts_with(last.as_str())
        }
}

/// The words of a text: where each stands.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    SEGMENTER.segment_str(text).iter_with_word_type().filter_map(move |(to, kind)| {
        let word = from..to;
        from = to;
        (kind.is_word_like() && !word.is_empty()).then_some(word)
    })
}

/// A text in small letters without accents, so that what people take for one word is one.
fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            text.to_ascii_lowercase().into()
        } else {
            text.into()
        };
    }
    folded(text.nfkd()).collect()
}

/// The same letter by letter, once they are decomposed.
fn folded(decomposed: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    // By way of capitals: `ß` and `ς` are small letters already, and have others beside them.
    let plain = decomposed.filter(|c| !is_accent(*c)).map(straight);
    plain.flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

/// An apostrophe as keyboards have it, whichever a program has put in its place.
const fn straight(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{02bc}' => '\'',
        c => c,
    }
}

/// Signs on letters that people leave out where they search: accents of Latin, Greek and Cyrillic,
/// points of Hebrew, vowel signs of Arabic.
const fn is_accent(c: char) -> bool {
    matches!(c as u32,
        0x0300..=0x036f | 0x0591..=0x05bd | 0x05bf | 0x05c1..=0x05c2 | 0x05c4..=0x05c5 | 0x05c7
        | 0x0610..=0x061a | 0x0640 | 0x064b..=0x065f | 0x0670)
}

/// Scripts in which nothing shows where a word begins: Thai and its neighbours, Chinese, Japanese.
const fn is_written_without_spaces(c: char) -> bool {
    matches!(c as u32,
        0x0e00..=0x0eff | 0x0f00..=0x0fff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3040..=0x30ff
        | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(typed: &str, text: &'a str) -> Vec<&'a str> {
        let places = Query::new(typed).unwrap().places(text).unwrap_or_default();
        places.into_iter().map(|at| &text[at]).collect()
    }

    #[test]
    fn case_and_accents_do_not_matter_and_words_are_found_where_they_begin() {
        let text = "Gestern war ich im CAFÉ, die Straße lang. Don't ask.";
        assert_eq!(found("cafe", text), ["CAFÉ"]);
        assert_eq!(found("STRASSE", text), ["Straße"]);
        assert_eq!(found("strasse café", text), ["CAFÉ", "Straße"]);
        assert_eq!(found("gest don't", text), ["Gestern", "Don't"]);
        assert_eq!(found("tern", text), [""; 0]);
        assert_eq!(found("cafe garden", text), [""; 0]);
        assert_eq!(found("don't", "We don’t know."), ["don’t"]);
        assert_eq!(found("don’t", "We don't know."), ["don't"]);
        assert_eq!(found("ΟΔΟΣ", "η οδός"), ["οδός"]);
        assert_eq!(found("сегодня", "Сего́дня тихо"), ["Сего́дня"]);
    }

    #[test]
    fn every_script_and_sign_is_found() {
        assert_eq!(found("天气", "今天天气很好").concat(), "今天天气很好");
        assert_eq!(found("สวัสดี", "คำว่าสวัสดีครับ").len(), 1);
        assert_eq!(found("سلام", "السَّلام سَلام"), ["سَلام"]);
        assert_eq!(found("한국", "한국어"), ["한국어"]);
        assert_eq!(found("🌳", "a tree 🌳 stands"), ["🌳"]);
        assert_eq!(found("self-care", "Self care and self-care.").len(), 4);
        assert_eq!(found("2026", "in 2026"), ["2026"]);
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert_eq!(Query::new(" \n").unwrap_err(), QueryError::Empty);
        assert_eq!(Query::new(&"a".repeat(201)).unwrap_err(), QueryError::TooLong);
        assert!(Query::new(&"é".repeat(200)).is_ok());
    }

    #[test]
    fn an_excerpt_shows_what_stands_around_and_never_cuts_a_character() {
        let text = format!("{}ein Weg\nnach Haus. {}", "é".repeat(100), "ü".repeat(500));
        let places = Query::new("weg haus").unwrap().places(&text).unwrap();
        let excerpt = Excerpt::of(&text, &places);
        assert!(excerpt.is_cut_before && excerpt.is_cut_after);
        let marked: Vec<_> =
            excerpt.pieces.iter().filter(|(_, is_found)| *is_found).map(|(text, _)| text).collect();
        assert_eq!(marked, ["Weg", "Haus"]);
        let whole: String = excerpt.pieces.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(whole.chars().count(), SHOWN);
        assert!(whole.contains("ein Weg nach Haus."));
        assert_eq!(Excerpt::of("", &[]), Excerpt::default());
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_typed_and_said_is_looked_through(typed in ".{0,20}", text in ".{0,200}") {
            if let Ok(query) = Query::new(&typed)
                && let Some(places) = query.places(&text)
            {
                let _ = Excerpt::of(&text, &places);
            }
            if let Some(word) = text.split_whitespace().next() {
                // What stands there is found by itself.
                let word: String = word.chars().take(MAX_SEARCH_CHARS).collect();
                proptest::prop_assert!(Query::new(&word).unwrap().places(&word).is_some());
            }
        }
    }
}
