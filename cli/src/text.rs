//! Peers' text made harmless in a terminal. Whatever somebody else wrote goes through here before
//! it is printed: escape sequences, characters that turn the reading direction and characters
//! that cannot be seen become visible marks; names that mix scripts or look like another member's
//! get a mark. Writing systems that need joiners keep them, and so do emoji.

use std::collections::BTreeMap;

use crate::words::{self, say};
use unicode_security::{RestrictionLevel, RestrictionLevelDetection, skeleton};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Marks above one letter that are still writing; what is piled higher is left out.
const MAX_PILED: usize = 8;
/// Columns that others' words get at the least.
const MIN_QUOTED: usize = 12;
/// Columns of a tab.
const TAB: &str = "    ";

/// A text of several lines: newlines stay, everything else that is no visible text is marked.
pub(crate) fn body(text: &str) -> String {
    harmless(text, true)
}

/// A text of one line: a title, a note, an address. Newlines are marked too.
pub(crate) fn line(text: &str) -> String {
    harmless(text, false)
}

/// A text of others as one word of a command to copy: whatever stands in it, a shell takes it for a
/// word and runs nothing.
pub(crate) fn argument(text: &str) -> String {
    let shown = line(text);
    if shown.chars().all(|c| c.is_alphanumeric() || " -_.,:;+/".contains(c)) {
        format!("\"{shown}\"")
    } else {
        format!("'{}'", shown.replace('\'', "'\\''"))
    }
}

/// A member's name on its own: one line, with a mark when its letters come from several scripts.
pub(crate) fn name(text: &str) -> String {
    let shown = line(text.trim());
    let shown = if shown.is_empty() { say!("text-no-name").to_owned() } else { shown };
    if is_mixed(text) { format!("{shown} {}", say!("text-mixed-letters")) } else { shown }
}

/// The names of one circle, shown so that no two can be taken for each other.
#[derive(Debug, Default)]
pub(crate) struct Names {
    shown: BTreeMap<String, String>,
}

impl Names {
    /// Takes the ids and names of all members.
    pub(crate) fn new<'a>(members: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let members: Vec<(&str, &str)> = members.into_iter().collect();
        let mut alike: BTreeMap<String, usize> = BTreeMap::new();
        for (_, text) in &members {
            *alike.entry(look(text)).or_default() += 1;
        }
        let shown = members
            .into_iter()
            .map(|(id, text)| {
                let mut shown = name(text);
                if alike.get(&look(text)).is_some_and(|count| *count > 1) {
                    let mark = say!("text-looks-like-another", id = short(id));
                    shown = format!("{shown} {mark}");
                }
                (id.to_owned(), shown)
            })
            .collect();
        Self { shown }
    }

    /// The name to print for a member; somebody unknown is shown by `fallback`.
    pub(crate) fn of(&self, id: &str, fallback: &str) -> String {
        self.shown.get(id).cloned().unwrap_or_else(|| name(fallback))
    }
}

/// The first eight digits of an id: enough for people, and commands accept it.
pub(crate) fn short(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}

/// Wraps a harmless text to `width` columns, with `indent` before each line.
pub(crate) fn wrap(text: &str, width: usize, indent: &str) -> String {
    let options = textwrap::Options::new(width.max(indent.width() + 20))
        .initial_indent(indent)
        .subsequent_indent(indent)
        .break_words(false);
    let lines: Vec<String> =
        text.lines()
            .map(|line| {
                if line.trim().is_empty() { String::new() } else { textwrap::fill(line, &options) }
            })
            .collect();
    words::whole_lines(lines.join("\n"))
}

/// Wraps a text that others wrote: every line, also a piece of a word that is too long for one,
/// stands behind `rest`, the first behind `first`. So nothing they write reaches the margin, where
/// only our own words stand.
pub(crate) fn quote(text: &str, width: usize, first: &str, rest: &str) -> String {
    let width = width.max(MIN_QUOTED);
    let (first, rest) = (margin(first, width), margin(rest, width));
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = plain_spaces(line);
        if line.trim().is_empty() {
            lines.push(String::new());
            continue;
        }
        // Terminals draw what this selector follows wider than it is counted.
        let wider = line.matches('\u{fe0f}').count().min(width / 4);
        let options = textwrap::Options::new(width - wider)
            .initial_indent(if lines.is_empty() { first } else { rest })
            .subsequent_indent(rest)
            .break_words(true);
        lines.push(textwrap::fill(&line, &options));
    }
    words::whole_lines(lines.join("\n"))
}

/// A margin that leaves room for words in a narrow terminal.
fn margin(indent: &str, width: usize) -> &str {
    indent.get(..indent.len().min(width / 4)).unwrap_or(indent)
}

/// Every space as the plain one: others would hold words together over the edge.
fn plain_spaces(line: &str) -> String {
    line.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
}

/// Fills with spaces up to `width` columns as a terminal counts them.
pub(crate) fn pad(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}

/// True for characters that JSON for a terminal must escape: everything [`body`] would mark.
pub(crate) fn is_trouble(c: char) -> bool {
    is_hidden(c) || c.is_control()
}

/// A text of our own on one line, values and all: the marks that keep a value apart stay, where each
/// is closed. Whatever else is no visible text is marked, as in words of others.
pub(crate) fn spoken(text: &str) -> String {
    marked(text, false, is_apart(text))
}

/// The same in several lines.
pub(crate) fn spoken_lines(text: &str) -> String {
    marked(text, true, is_apart(text))
}

/// Whether every mark that keeps words apart is closed in the line that opens it.
fn is_apart(text: &str) -> bool {
    text.lines().all(|line| {
        let mut open = 0_usize;
        line.chars().all(|c| {
            match c {
                words::FIRST_STRONG => open += 1,
                words::POP if open == 0 => return false,
                words::POP => open -= 1,
                _ => {}
            }
            true
        }) && open == 0
    })
}

fn harmless(text: &str, newlines: bool) -> String {
    marked(text, newlines, false)
}

fn marked(text: &str, newlines: bool, isolates: bool) -> String {
    let chars: Vec<char> = normal_line_ends(text).chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut piled = 0;
    let mut last_mark = None;
    // What is shown before a character: behind a mark nothing is joined.
    let mut shown: Option<char> = None;
    for (at, &c) in chars.iter().enumerate() {
        let before = shown;
        let after = chars.get(at + 1).copied();
        if c == '\n' && newlines {
            out.push('\n');
        } else if c == '\t' {
            out.push_str(TAB);
        } else if isolates && words::is_isolate(c) {
            out.push(c);
            continue;
        } else if is_trouble(c) && !is_needed(c, before, after) {
            // A run of one hidden character is one mark: a thousand would bury the text.
            if last_mark != Some(c) {
                push_mark(&mut out, c);
            }
            last_mark = Some(c);
            shown = None;
            continue;
        } else if c.width() == Some(0) {
            piled += 1;
            shown = Some(c);
            if piled <= MAX_PILED {
                out.push(c);
            } else if piled == MAX_PILED + 1 {
                out.push_str("‹…›");
            }
            continue;
        } else {
            out.push(c);
        }
        piled = 0;
        last_mark = None;
        shown = Some(c);
    }
    out
}

/// `\r\n` is how some systems end a line; a bare `\r` would let a line overwrite itself.
fn normal_line_ends(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn push_mark(out: &mut String, c: char) {
    match u32::from(c) {
        0x0a => out.push('↵'),
        code @ 0..=0x1f => out.extend(char::from_u32(0x2400 + code)),
        0x7f => out.push('␡'),
        code => {
            use std::fmt::Write as _;
            // Writing to a String cannot fail.
            let _ = write!(out, "‹U+{code:04X}›");
        }
    }
}

/// Characters nobody sees, or that change how others are seen.
fn is_hidden(c: char) -> bool {
    matches!(u32::from(c),
        0x00ad | 0x034f | 0x061c | 0x070f | 0x08e2 | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f
        | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0x2800 | 0x3164
        | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffb | 0x0600..=0x0605 | 0x06dd
        | 0x0890..=0x0891 | 0x110bd | 0x110cd | 0x13430..=0x1345f | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a
        | 0xe0000..=0xe0fff | 0xe000..=0xf8ff | 0xf0000..=0x10_ffff)
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Hidden characters that a writing system or an emoji needs between its neighbours.
fn is_needed(c: char, before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), after) = (before, after) else { return false };
    match c {
        '\u{200d}' if is_emoji_end(before) => after.is_some_and(is_emoji),
        '\u{200c}' | '\u{200d}' => joins(before) && after.is_some_and(joins),
        '\u{fe0e}' | '\u{fe0f}' => {
            is_emoji(before) || is_keycap_base(before) && after == Some('\u{20e3}')
        }
        _ => false,
    }
}

fn is_emoji_end(c: char) -> bool {
    is_emoji(c) || c == '\u{fe0f}'
}

fn is_emoji(c: char) -> bool {
    matches!(u32::from(c),
        0xa9 | 0xae | 0x203c | 0x2049 | 0x2122 | 0x2139 | 0x2194..=0x21aa | 0x231a..=0x23ff
        | 0x24c2 | 0x25aa..=0x27bf | 0x2934..=0x2935 | 0x2b05..=0x2b55 | 0x3030 | 0x303d | 0x3297
        | 0x3299 | 0x1f000..=0x1faff)
}

fn is_keycap_base(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '#' | '*')
}

/// Scripts in which joiners are spelling: Arabic and its family, the scripts of India, Khmer,
/// Myanmar, Mongolian.
fn joins(c: char) -> bool {
    matches!(u32::from(c),
        0x0620..=0x06d3 | 0x06d5..=0x06dc | 0x06df..=0x06ff | 0x0710..=0x077f | 0x07ca..=0x07fa
        | 0x08a0..=0x08c9 | 0x0900..=0x0dff | 0x1000..=0x109f | 0x1780..=0x17b3 | 0x17b6..=0x17d3
        | 0x1820..=0x18aa | 0xa980..=0xa9df)
}

/// True when the letters come from scripts that are not written together.
fn is_mixed(text: &str) -> bool {
    let letters: String = text.chars().filter(|c| c.is_alphabetic()).collect();
    !letters.is_empty()
        && !letters.as_str().check_restriction_level(RestrictionLevel::HighlyRestrictive)
        && scripts_differ(&letters)
}

/// The restriction level also complains of letters that are merely rare; here only of mixtures.
fn scripts_differ(letters: &str) -> bool {
    use unicode_security::MixedScript;
    !letters.is_single_script()
}

/// What a name looks like: equal for names a reader could confuse.
fn look(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !is_trouble(*c) && !c.is_whitespace()).collect();
    skeleton(&plain.to_lowercase()).collect()
}

#[cfg(test)]
mod tests;
