//! What the node and the engine say arrives in English: programs read the same. Here such a text is
//! found among the English messages and said in the language of whoever reads it. A text that is
//! not known, from a newer node, stays English.

use std::cmp::Reverse;
use std::sync::OnceLock;

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, PatternElement};

use super::{Language, Spoken, language, say};

/// Letters that a text with gaps must have: fewer could be found in anything.
const MIN_LETTERS: usize = 7;
/// How deep a text may stand within another.
const MAX_DEPTH: usize = 3;

/// The key of a message.
pub(super) fn key<'a>(entry: &Entry<&'a str>) -> Option<&'a str> {
    match entry {
        Entry::Message(message) => Some(message.id.name),
        _ => None,
    }
}

/// An English text of the node in the language of the process.
pub(crate) fn known(english: &str) -> String {
    let language = language();
    if language == Language::English {
        return english.to_owned();
    }
    translated(english, language, MAX_DEPTH).unwrap_or_else(|| english.to_owned())
}

fn translated(english: &str, language: Language, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    english_shapes().iter().find_map(|shape| {
        let values = shape.values(english)?;
        let texts: Vec<String> =
            values.iter().map(|(_, text)| inner(text, language, depth)).collect();
        let spoken: Vec<(&str, Spoken<'_>)> =
            values.iter().zip(&texts).map(|((name, _), text)| (*name, spoken(text))).collect();
        language.words().fill(&shape.key, &spoken)
    })
}

/// What stands in a gap: a text of its own, several of them, or something that stays as it is.
fn inner(text: &str, language: Language, depth: usize) -> String {
    if let Some(text) = translated(text, language, depth) {
        return text;
    }
    let (first, last) = match text.rsplit_once(" and ") {
        Some((first, last)) => (first, Some(last)),
        None => (text, None),
    };
    let parts: Option<Vec<String>> =
        first.split(", ").map(|part| translated(part, language, depth)).collect();
    let last = last.map(|last| translated(last, language, depth));
    match (parts, last) {
        (Some(parts), Some(Some(last))) => [parts.join(", "), last].join(say!("proposal-and")),
        _ => text.to_owned(),
    }
}

fn spoken(value: &str) -> Spoken<'_> {
    match value.parse::<u64>() {
        // A number in any other spelling is a name: it stays as it is.
        Ok(number) if number.to_string() == value => Spoken::Number(number),
        _ => Spoken::Text(value),
    }
}

/// An English message as a text with gaps in it.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) key: String,
    /// What stands before each gap, and the name of the gap.
    gaps: Vec<(String, String)>,
    end: String,
}

impl Shape {
    /// What stands in the gaps of a text, if it is of this shape.
    pub(super) fn values<'a>(&'a self, text: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
        let mut found = Vec::with_capacity(self.gaps.len());
        let mut gap: Option<&str> = None;
        let mut rest = text;
        for (words, next) in &self.gaps {
            rest = match gap {
                None => rest.strip_prefix(words.as_str())?,
                Some(name) => {
                    let (value, after) = rest.split_once(words.as_str())?;
                    found.push((name, value));
                    after
                }
            };
            gap = Some(next);
        }
        match gap {
            None => (rest == self.end).then_some(found),
            Some(name) => {
                found.push((name, rest.strip_suffix(self.end.as_str())?));
                found.iter().all(|(_, value)| !value.is_empty()).then_some(found)
            }
        }
    }

    /// The text with the names of its gaps in them.
    #[cfg(test)]
    pub(super) fn plain(&self) -> String {
        let gaps = self.gaps.iter().map(|(words, _)| format!("{words}{{}}"));
        gaps.chain([self.end.clone()]).collect()
    }

    fn letters(&self) -> usize {
        let words = self.gaps.iter().map(|(words, _)| words).chain([&self.end]);
        words.map(|words| words.chars().filter(|c| c.is_alphabetic()).count()).sum()
    }
}

/// The shapes of all English messages, those without a gap first: they are the surest.
fn english_shapes() -> &'static [Shape] {
    static SHAPES: OnceLock<Vec<Shape>> = OnceLock::new();
    SHAPES.get_or_init(|| {
        let all = Language::English.texts().iter().flat_map(|text| shapes(text));
        let mut all: Vec<Shape> =
            all.filter(|shape| shape.gaps.is_empty() || shape.letters() >= MIN_LETTERS).collect();
        // What the node says before what this program says itself; of two that fit, the one that says more.
        all.sort_by_key(|shape| {
            (shape.gaps.len(), !shape.key.starts_with("node-says-"), Reverse(shape.letters()))
        });
        all
    })
}

/// The shapes of a file. A message that counts has none: it would have one for each form.
pub(super) fn shapes(text: &str) -> Vec<Shape> {
    let resource = FluentResource::try_new(text.to_owned());
    let resource = resource.unwrap_or_else(|(resource, _)| resource);
    let shapes = resource.entries().filter_map(|entry| match entry {
        Entry::Message(message) => shape(message.id.name, &message.value.as_ref()?.elements),
        _ => None,
    });
    shapes.collect()
}

fn shape(key: &str, elements: &[PatternElement<&str>]) -> Option<Shape> {
    let mut gaps = Vec::new();
    let mut words = String::new();
    for element in elements {
        match element {
            PatternElement::TextElement { value } => words.push_str(value),
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::VariableReference { id }),
            } => gaps.push((std::mem::take(&mut words), id.name.to_owned())),
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::StringLiteral { value }),
            } => words.push_str(value),
            PatternElement::Placeable { .. } => return None,
        }
    }
    Some(Shape { key: key.to_owned(), gaps, end: words })
}
