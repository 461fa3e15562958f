//! Finds the one thing a person means: by id, by name, or by how either begins. Whatever could
//! mean two things is refused, with both shown.

use std::collections::BTreeSet;

use crate::error::{Failure, Kind};
use crate::text;
use crate::words::{self, say};

/// Digits an id is shown with, unless two begin alike.
const SHORT: usize = 8;
/// Digits that may stand for an id.
const MIN_PREFIX: usize = 4;
/// How many candidates a message lists.
const LISTED: usize = 5;

/// Something that can be named.
pub(crate) struct Candidate<'a, T> {
    pub(crate) id: String,
    pub(crate) words: Option<&'a str>,
    pub(crate) value: T,
}

/// Says whether a candidate is meant.
type Rule<'a, T> = &'a dyn Fn(&Candidate<'_, T>) -> bool;

/// Picks what `typed` names; `what` is the word for it ("circle"), `list` the command that lists.
pub(crate) fn pick<T: Clone>(
    what: &str,
    list: &str,
    typed: &str,
    candidates: &[Candidate<'_, T>],
) -> Result<T, Failure> {
    // Copied from a line of ours, a name may bring the marks that kept it apart.
    let typed = typed.trim_matches(|c: char| c.is_whitespace() || words::is_isolate(c));
    let lower = typed.to_lowercase();
    let is_prefix =
        typed.len() >= MIN_PREFIX && typed.bytes().all(|digit| digit.is_ascii_hexdigit());
    let rules: [Rule<'_, T>; 5] = [
        &|candidate| candidate.id == typed,
        &|candidate| candidate.words == Some(typed),
        &|candidate| candidate.words.is_some_and(|words| words.to_lowercase() == lower),
        &|candidate| is_prefix && candidate.id.starts_with(&lower),
        &|candidate| {
            !lower.is_empty()
                && candidate.words.is_some_and(|words| words.to_lowercase().starts_with(&lower))
        },
    ];
    for rule in rules {
        let found: Vec<_> = candidates.iter().filter(|candidate| rule(candidate)).collect();
        match found.as_slice() {
            [] => {}
            [one] => return Ok(one.value.clone()),
            several => return Err(ambiguous(what, typed, several)),
        }
    }
    Err(Failure::new(
        Kind::Failed,
        &format!("unknown_{what}"),
        say!("pick-unknown", what, typed = text::line(typed)),
        say!("pick-see-which-there", list),
    ))
}

fn ambiguous<T>(what: &str, typed: &str, several: &[&Candidate<'_, T>]) -> Failure {
    let length = unique_length(several.iter().map(|candidate| candidate.id.as_str()));
    let mut listed: Vec<String> = several
        .iter()
        .take(LISTED)
        .map(|candidate| match candidate.words {
            Some(words) => format!("{} ({})", shown(&candidate.id, length), text::line(words)),
            None => shown(&candidate.id, length).to_owned(),
        })
        .collect();
    if several.len() > LISTED {
        listed.push("…".to_owned());
    }
    Failure::new(
        Kind::Failed,
        &format!("ambiguous_{what}"),
        say!(
            "pick-ambiguous",
            what,
            typed = text::line(typed),
            listed = words::listed(&listed, ", ")
        ),
        say!("pick-type-id"),
    )
}

/// The fewest digits, at least eight, with which these ids differ.
pub(crate) fn unique_length<'a>(ids: impl IntoIterator<Item = &'a str>) -> usize {
    let ids: BTreeSet<&str> = ids.into_iter().collect();
    let common = |(one, two): (&&str, &&str)| {
        one.bytes().zip(two.bytes()).take_while(|(a, b)| a == b).count()
    };
    // Sorted, so the longest common beginning is one of neighbours.
    let longest = ids.iter().zip(ids.iter().skip(1)).map(common).max().unwrap_or(0);
    SHORT.max(longest + 1)
}

/// The first `length` digits.
pub(crate) fn shown(id: &str, length: usize) -> &str {
    id.get(..length).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Candidate<'static, u8>> {
        [
            ("aabbccdd00", "Evening walk", 1),
            ("aabbccdd11", "Evening talk", 2),
            ("ffee001122", "evening", 3),
        ]
        .map(|(id, words, value)| Candidate { id: id.to_owned(), words: Some(words), value })
        .into()
    }

    #[test]
    fn a_name_an_id_or_their_beginnings_find_it() {
        for (typed, value) in [
            ("Evening walk", 1),
            ("evening TALK", 2),
            ("EVENING", 3),
            ("ffee", 3),
            ("aabbccdd1", 2),
            ("evening w", 1),
        ] {
            assert_eq!(pick("circle", "…", typed, &all()).unwrap(), value, "{typed}");
        }
    }

    #[test]
    fn what_could_be_two_things_is_refused() {
        assert_eq!(pick("circle", "…", "aabb", &all()).unwrap_err().code(), "ambiguous_circle");
        assert_eq!(pick("circle", "…", "even", &all()).unwrap_err().code(), "ambiguous_circle");
        let failure = pick("circle", "…", "aabbccdd", &all()).unwrap_err();
        assert!(failure.message().contains("aabbccdd0 (Evening walk)"), "{}", failure.message());
    }

    #[test]
    fn nothing_is_not_something() {
        for typed in ["", " ", "aab", "walk", "ffee0011223344"] {
            assert_eq!(
                pick("circle", "…", typed, &all()).unwrap_err().code(),
                "unknown_circle",
                "{typed}"
            );
        }
    }

    #[test]
    fn ids_are_shown_as_long_as_they_must_be() {
        assert_eq!(unique_length(["aabbccdd00", "ffee001122"]), 8);
        assert_eq!(unique_length(["aabbccdd00", "ffee001122", "aabbccdd11"]), 9);
        assert_eq!(unique_length([]), 8);
    }
}
