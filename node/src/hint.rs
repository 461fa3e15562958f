//! A hint before something is sent that could tell who somebody is: telephone numbers, addresses,
//! links, places and employers, found by their form alone, on this device. It never sends anything,
//! it knows nothing of meaning, and it misses much: whoever writes decides.
//!
//! Free telephone numbers are passed over, because those of helplines are among them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// Hints in one text; more would say nothing new.
const MAX_HINTS: usize = 32;

/// What a part of a text seems to be.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum HintKind {
    /// A mail address.
    Mail,
    /// A link to a page.
    Link,
    /// A name on a network, like `@alder`.
    Handle,
    /// A telephone number.
    Phone,
    /// A street with a house number.
    Street,
    /// A postcode.
    Postcode,
    /// Where somebody lives.
    Place,
    /// Where somebody works or learns.
    Employer,
}

/// A part of a text that could tell who somebody is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Hint {
    /// What it seems to be.
    pub kind: HintKind,
    /// Where it stands, in bytes.
    pub range: Range<usize>,
}

impl HintKind {
    /// In words, with its article.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Mail => "a mail address",
            Self::Link => "a link",
            Self::Handle => "a name on a network",
            Self::Phone => "a telephone number",
            Self::Street => "a street address",
            Self::Postcode => "a postcode",
            Self::Place => "where somebody lives",
            Self::Employer => "where somebody works or learns",
        }
    }
}

/// Kinds as one phrase: "a link, a postcode and a telephone number".
#[must_use]
pub fn words(kinds: BTreeSet<HintKind>) -> String {
    let words: Vec<&str> = kinds.into_iter().map(HintKind::words).collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// What in a text could tell who somebody is, in order of place.
#[must_use]
pub fn find(text: &str) -> Vec<Hint> {
    let mut hints: Vec<Hint> = Vec::new();
    for (kind, pattern) in PATTERNS.iter() {
        for found in pattern.find_iter(text) {
            let range = found.range();
            let taken = hints
                .iter()
                .any(|hint| range.start < hint.range.end && hint.range.start < range.end);
            let counts = *kind != HintKind::Phone || is_phone(found.as_str());
            if counts && !taken && hints.len() < MAX_HINTS {
                hints.push(Hint { kind: *kind, range });
            }
        }
    }
    hints.sort_by_key(|hint| hint.range.start);
    hints
}

/// Whether what looks like a telephone number has as many digits as one, and is neither a date nor
/// a free number.
fn is_phone(found: &str) -> bool {
    let digits: String = found.chars().filter(char::is_ascii_digit).collect();
    let national = digits.trim_start_matches('0');
    let international = found.starts_with('+') || digits.starts_with("00");
    let free: &[&str] = if found.starts_with('+') {
        &["1800"]
    } else {
        &["0800", "00800", "1800", "800", "888", "877", "866"]
    };
    let is_free = free.iter().any(|start| digits.starts_with(start));
    let least = if international { 8 } else { 9 };
    !is_free && (least..=15).contains(&digits.len()) && national.len() >= 7
}

/// What is looked for, in the order in which one part of a text is taken for one thing.
static PATTERNS: LazyLock<Vec<(HintKind, Regex)>> = LazyLock::new(|| {
    use HintKind::{Employer, Handle, Link, Mail, Phone, Place, Postcode, Street};
    let patterns = [
        (Mail, r"[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+"),
        (Link, r"(?i)\b(?:https?://|www\.)[^\s<>]+"),
        (
            Link,
            r"(?i)\b(?:t\.me|wa\.me|discord\.gg|instagram\.com|facebook\.com|linkedin\.com)/[^\s<>]+",
        ),
        (Handle, r"\B@[\p{L}\d_][\p{L}\d_.]{2,29}\b"),
        // International, national with a leading zero, in brackets, and by groups of three.
        (Phone, r"(?:\+|\b00)[1-9](?:[ ()./-]{0,2}\d){6,13}\b"),
        (Phone, r"(?:\b|\()0[1-9]\d{0,4}\)?(?:[ ./-]{0,3}\d){5,10}\b"),
        (Phone, r"(?:\b|\()[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}\b"),
        (Phone, r"\b[679]\d{2}[ .]?\d{3}[ .]?\d{3}\b"),
        // English: a number, a name, a kind of street.
        (
            Street,
            r"\b\d{1,5}[a-zA-Z]?,?\s+(?:\p{Lu}[\p{L}'’.-]*\s+){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Crescent|Way|Boulevard|Blvd|Square|Terrace|Place|Gardens|Grove)\b",
        ),
        // German and Dutch: a name that ends in a kind of street, a number.
        (
            Street,
            r"(?i)\b\p{L}{2,}[\p{L}-]*[ -]?(?:stra(?:ß|ss)e|str\.|weg|gasse|allee|platz|ring|damm|ufer|straat|laan|plein|gracht|kade)\s+\d{1,4}\s?[a-z]?\b",
        ),
        // French: a number, a kind of street.
        (
            Street,
            r"(?i)\b\d{1,4}(?:\s?(?:bis|ter))?,?\s+(?:rue|avenue|boulevard|place|impasse|allée|chemin|quai|cours)\s+(?:d\p{L}*['’ ])?(?:l[ae]s?\s+)?\p{L}{2,}",
        ),
        // Spanish, Italian, Portuguese, Polish: a kind of street, a name, a number.
        (
            Street,
            r"(?i)(?:\b(?:calle|avenida|avda\.|plaza|paseo|via|viale|piazza|corso|rua|travessa|praça|ulica|ul\.)|\bc/)\s?(?:[\p{L}.'’]+[\s,]+){1,5}(?:n[.º°]*\s?)?\d{1,4}\b",
        ),
        // United Kingdom, Canada, United States, the Netherlands, then a number and a town.
        (Postcode, r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[ABD-HJLNP-UW-Z]{2}\b"),
        (Postcode, r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z]\s?\d[A-Z]\d\b"),
        (Postcode, r"\b[A-Z]{2}\s\d{5}(?:-\d{4})?\b"),
        (Postcode, r"\b(?:[13-9]\d{3}|2[1-9]\d{2})\s[A-Z]{2}\b"),
        (Postcode, r"\b(?:[A-Z]{1,2}-)?\d{5}\s\p{Lu}\p{Ll}{2,}"),
        (Postcode, r"\b(?:A|B|CH|DK|L|LI|NO)-\d{4}\b"),
        (
            Place,
            r"(?i)\b(?:(?:I|we)(?:['’]m| am| are)? (?:live|living|lived) (?:in|at|near)|ich (?:wohne|lebe) in|j['’]habite (?:à|a|en|au)|vivo (?:en|a|em)|ik woon in|abito a|moro em|mieszkam w) (?-i:(?:the |der |la |le |el )?\p{Lu}\p{L}+)",
        ),
        (
            Employer,
            r"(?i)\b(?:(?:I|we)(?:['’]m| am| are| was)? (?:work|works|worked|working|employed|teach|study|studying) (?:at|for|by)|(?:my|our) (?:employer|company|school|university) is|ich (?:arbeite|studiere) (?:bei|bei der|für|an der|beim)|je travaille (?:chez|pour|à)|trabajo (?:en|para)|trabalho (?:na|no|para)|ik werk (?:bij|voor)|lavoro (?:per|da|presso|alla)|pracuję w) (?-i:(?:the |a |der |die |das |den |la |le |el |de |het )?\p{Lu}[\p{L}\d&'’.-]+)",
        ),
    ];
    // A pattern that does not compile would fail a test; it must not stop anybody from writing.
    patterns
        .into_iter()
        .filter_map(|(kind, pattern)| Some((kind, Regex::new(pattern).ok()?)))
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<HintKind> {
        find(text).into_iter().map(|hint| hint.kind).collect()
    }

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(PATTERNS.len(), 20);
    }

    #[test]
    fn what_could_tell_who_somebody_is_is_found() {
        use HintKind::*;
        for (kind, texts) in [
            (Mail, vec!["write to alder.walk+1@example.org!", "änne@bücher.example"]),
            (Link, vec!["see https://example.org/me", "www.example.org", "t.me/alderwalk"]),
            (Handle, vec!["I am @alder_walk there"]),
            (
                Phone,
                vec![
                    "+49 171 2345678",
                    "0171/2345678",
                    "(030) 123 456 78",
                    "+44 20 7946 0958",
                    "07700 900123",
                    "call (212) 555-0147",
                    "212-555-0147",
                    "+33 1 99 00 12 34",
                    "06 39 98 12 34",
                    "612 345 678",
                    "0031 20 123 4567",
                    "+91 98765 43210",
                ],
            ),
            (
                Street,
                vec![
                    "at 12 Elm Street",
                    "221B Baker Street",
                    "Lindenstraße 4a",
                    "Am Alten Weg 12",
                    "Hauptstr. 7",
                    "12 rue de la Paix",
                    "3 bis, avenue Foch",
                    "calle de Alcalá 45",
                    "via Garibaldi 3",
                    "Rua Augusta, 120",
                    "ul. Długa 12",
                    "Prinsengracht 263",
                ],
            ),
            (
                Postcode,
                vec![
                    "SW1A 1AA",
                    "K1A 0B1",
                    "NY 10001",
                    "1012 AB",
                    "10115 Berlin",
                    "75001 Paris",
                    "CH-8001",
                ],
            ),
            (
                Place,
                vec![
                    "I live in Leeds",
                    "ich wohne in Bremen",
                    "j’habite à Lyon",
                    "vivo en Sevilla",
                ],
            ),
            (
                Employer,
                vec![
                    "I work at Harrow Bakery",
                    "I'm employed by the Ministry",
                    "ich arbeite bei Meier",
                    "je travaille chez Dupont",
                    "my school is Hilltop",
                ],
            ),
        ] {
            for text in texts {
                assert_eq!(kinds(text), [kind], "{text}");
            }
        }
    }

    #[test]
    fn what_people_say_is_left_alone() {
        for text in [
            "I slept 4 hours, and yesterday 6.",
            "It began on 01.02.2024, and again on 2024-03-05.",
            "I work at night, and I live in fear of Mondays.",
            "I was 12 when it happened, in 1998.",
            "We walked 12 kilometres along the way.",
            "My dose went from 25 to 100 and back to 50.",
            "Call 988, 116 123 or 112; or 0800 111 0 111, which is free.",
            "1-800-273-8255 was the number before.",
            "He said: see you @ the lake at 7.",
            "10 000 steps, 3.5 stars, 50%",
            "Ich arbeite an mir. Je travaille sur moi.",
        ] {
            assert_eq!(find(text), [], "{text}");
        }
    }

    #[test]
    fn a_long_text_is_looked_at_in_time_and_gives_few_hints() {
        let text = "0171 2345678 ".repeat(20_000);
        assert_eq!(find(&text).len(), MAX_HINTS);
        let spaces = "0 1 ".repeat(60_000);
        assert!(find(&spaces).len() <= MAX_HINTS);
    }

    #[test]
    fn kinds_make_one_phrase() {
        use HintKind::{Link, Phone, Postcode};
        let all = [Phone, Link, Postcode].into();
        assert_eq!(words(all), "a link, a telephone number and a postcode");
        assert_eq!(words([Phone].into()), "a telephone number");
    }
}
