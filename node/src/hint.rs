//! A hint before something is sent that could tell who somebody is: telephone numbers, addresses,
//! links, places and employers, found by their form alone, on this device. It never sends anything,
//! it knows nothing of meaning, and it misses much: whoever writes decides.
//!
//! Free telephone numbers are passed over, because those of helplines are among them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

mod name;
#[cfg(test)]
mod tests;

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
    for Pattern { kind, check, regex } in PATTERNS.iter() {
        for found in regex.find_iter(text) {
            let Some(range) = check.of(text, found.range()) else {
                continue;
            };
            let taken = hints
                .iter()
                .any(|hint| range.start < hint.range.end && hint.range.start < range.end);
            if !taken && hints.len() < MAX_HINTS {
                hints.push(Hint { kind: *kind, range });
            }
        }
    }
    hints.sort_by_key(|hint| hint.range.start);
    hints
}

/// One form that is looked for.
struct Pattern {
    kind: HintKind,
    check: Check,
    regex: Regex,
}

/// What has to hold beside the form.
#[derive(Clone, Copy)]
enum Check {
    /// Nothing more.
    Form,
    /// It has the digits of a telephone number.
    Digits,
    /// What stands behind the number is a town.
    Town,
    /// A name follows.
    Behind(name::Wants),
}

impl Check {
    /// What of a text is hinted at where the form was found, if it is at all.
    fn of(self, text: &str, found: Range<usize>) -> Option<Range<usize>> {
        let (before, it) = (text.get(..found.start)?, text.get(found.clone())?);
        match self {
            Self::Form => Some(found),
            Self::Digits => is_phone(it).then_some(found),
            Self::Town => name::is_town(before, it).then_some(found),
            Self::Behind(wants) => {
                let length = name::named(text.get(found.end..)?, wants)?;
                Some(found.start..found.end + length)
            }
        }
    }
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
static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    use HintKind::{Handle, Link, Mail, Phone, Postcode, Street};
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
        // United Kingdom, Canada, United States, the Netherlands, Australia.
        (Postcode, r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[ABD-HJLNP-UW-Z]{2}\b"),
        (Postcode, r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z]\s?\d[A-Z]\d\b"),
        (Postcode, r"\b[A-Z]{2}\s\d{5}(?:-\d{4})?\b"),
        (Postcode, r"\b(?:[13-9]\d{3}|2[1-9]\d{2})\s[A-Z]{2}\b"),
        (Postcode, r"\b\p{Lu}\p{Ll}{2,},?\s(?:NSW|VIC|QLD|TAS|SA|WA|ACT|NT)\s\d{4}\b"),
        (Postcode, r"\b(?:A|B|CH|DK|L|LI|NO)-\d{4}\b"),
        // India, with the town before.
        (Postcode, r"\b\p{Lu}\p{Ll}{2,}\s?[-–]\s?[1-9]\d{2}\s?\d{3}\b"),
    ];
    // A number and a town: of four figures, of five or six, of Poland, of Portugal.
    let towns = [
        r"\b[1-9]\d{3}\s\p{Lu}\p{Ll}{2,}",
        r"\b(?:[A-Z]{1,2}-)?\d{5,6}\s\p{Lu}\p{Ll}{2,}",
        r"\b\d{2}-\d{3}\s\p{Lu}\p{Ll}{2,}",
        r"\b\d{4}-\d{3}\s\p{Lu}\p{Ll}{2,}",
    ];
    let forms = patterns.into_iter().map(|(kind, form)| {
        let check = if kind == Phone { Check::Digits } else { Check::Form };
        (kind, check, form.to_owned())
    });
    let towns = towns.into_iter().map(|form| (Postcode, Check::Town, form.to_owned()));
    let phrases = name::PHRASES
        .into_iter()
        .map(|(kind, wants, phrase)| (kind, Check::Behind(wants), format!(r"(?i)\b(?:{phrase}) ")));
    // A pattern that does not compile would fail a test; it must not stop anybody from writing.
    forms
        .chain(towns)
        .chain(phrases)
        .filter_map(|(kind, check, form)| {
            Some(Pattern { kind, check, regex: Regex::new(&form).ok()? })
        })
        .collect()
});
