//! The texts of all languages: that each says everything, with the same values, in the room there is.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use unicode_width::UnicodeWidthStr;

use super::*;
use crate::args::Cli;
use crate::output::Page;
use crate::{help, text};

thread_local! {
    static SPOKEN: Cell<Option<Language>> = const { Cell::new(None) };
}

pub(super) fn language_of_this_thread() -> Option<Language> {
    SPOKEN.get()
}

/// Does something in a language, on this thread.
fn speaking<T>(language: Language, act: impl FnOnce() -> T) -> T {
    SPOKEN.set(Some(language));
    let outcome = act();
    SPOKEN.set(None);
    outcome
}

/// The messages of a file, with the names of the values in each.
fn messages(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let resource = FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| errors).unwrap();
    let message = |entry: &Entry<&str>| match entry {
        Entry::Message(message) => {
            let mut names = BTreeSet::new();
            gather(message.value.as_ref().unwrap(), &mut names);
            Some((message.id.name.to_owned(), names))
        }
        Entry::Junk { content } => panic!("not understood: {content}"),
        _ => None,
    };
    resource.entries().filter_map(message).collect()
}

fn gather(pattern: &Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => name_of(inline, names),
            Expression::Select { selector, variants } => {
                name_of(selector, names);
                variants.iter().for_each(|variant| gather(&variant.value, names));
            }
        }
    }
}

fn name_of(inline: &InlineExpression<&str>, names: &mut BTreeSet<String>) {
    if let InlineExpression::VariableReference { id } = inline {
        names.insert(id.name.to_owned());
    }
}

fn all(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    language.texts().iter().flat_map(|text| messages(text)).collect()
}

/// The source files below a folder of the workspace.
fn sources(folder: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder), &mut found);
    found
}

/// Every text that the program asks for: its key, and the names of what it puts in.
fn asked_for() -> Vec<(String, BTreeSet<String>)> {
    let mut asked = Vec::new();
    for path in sources("cli/src").iter().filter(|path| !path.ends_with("src/words.rs")) {
        if path.ends_with("words/tests.rs") {
            continue;
        }
        let source = fs::read_to_string(path).unwrap();
        for (at, _) in source.match_indices("say!(") {
            let inner = &source[at + "say!(".len()..];
            let Some(rest) = inner.trim_start().strip_prefix('"') else { continue };
            let (key, rest) = rest.split_once('"').unwrap();
            asked.push((key.to_owned(), names_in(rest)));
        }
    }
    asked
}

/// The arguments up to the end of a call.
fn arguments(call: &str) -> Vec<String> {
    let (mut depth, mut quoted, mut before) = (0_i32, false, ' ');
    let mut parts = vec![String::new()];
    for c in call.chars() {
        match c {
            '"' if before != '\\' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted && depth == 0 => break,
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => parts.push(String::new()),
            _ => {}
        }
        parts.last_mut().unwrap().push(c);
        before = c;
    }
    parts
}

/// The names of the arguments behind the key.
fn names_in(call: &str) -> BTreeSet<String> {
    let name =
        |part: &String| part.split('=').next().unwrap().trim_matches([',', ' ', '\n']).to_owned();
    arguments(call).iter().skip(1).map(name).filter(|name| !name.is_empty()).collect()
}

#[test]
fn every_language_says_everything_with_the_same_values() {
    let english = all(Language::English);
    for language in Language::ALL {
        let spoken = all(language);
        for (key, names) in &english {
            let found = spoken.get(key).unwrap_or_else(|| panic!("{}: no {key}", language.tag()));
            assert_eq!(found, names, "{}: {key}", language.tag());
        }
        let more: Vec<_> = spoken.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(more.is_empty(), "{} says more than English: {more:?}", language.tag());
    }
}

#[test]
fn every_text_asked_for_exists_and_none_is_idle() {
    let english = all(Language::English);
    let asked = asked_for();
    for (key, names) in &asked {
        let expected = english.get(key).unwrap_or_else(|| panic!("no text {key}"));
        assert_eq!(names, expected, "{key} is given other values than it names");
    }
    let asked: BTreeSet<&str> = asked.iter().map(|(key, _)| key.as_str()).collect();
    // What the node says and the help are found by their English words: tests of their own.
    let by_words =
        |key: &str| ["node-says-", "help-", "clap-"].iter().any(|start| key.starts_with(start));
    let idle: Vec<_> =
        english.keys().filter(|key| !by_words(key) && !asked.contains(key.as_str())).collect();
    assert!(idle.is_empty(), "nobody asks for {idle:?}");
}

/// Every paragraph of the help, with the command it is about.
fn paragraphs_of_the_help(command: &clap::Command, found: &mut BTreeMap<String, String>) {
    let name = command.get_name().to_owned();
    let mut texts = Vec::new();
    texts.extend(command.get_about().map(ToString::to_string));
    texts.extend(command.get_long_about().map(ToString::to_string));
    if name != "windbreak" {
        texts.extend(command.get_after_long_help().map(ToString::to_string));
    }
    for arg in command.get_arguments() {
        texts.extend(arg.get_help().map(ToString::to_string));
        texts.extend(arg.get_long_help().map(ToString::to_string));
        let values = arg.get_possible_values();
        texts.extend(values.iter().filter_map(|value| value.get_help()).map(ToString::to_string));
    }
    for text in texts {
        let example = text.starts_with("Example:\n");
        for part in help::paragraphs(&text).into_iter().take(if example { 1 } else { usize::MAX }) {
            if !part.trim().is_empty() {
                found.insert(part, name.clone());
            }
        }
    }
    command.get_subcommands().for_each(|sub| paragraphs_of_the_help(sub, found));
}

#[test]
fn the_help_is_translated_and_nothing_else_stands_beside_it() {
    let mut paragraphs = BTreeMap::new();
    paragraphs_of_the_help(&Cli::command(), &mut paragraphs);
    let (help, rest): (Vec<_>, Vec<_>) = node::shapes(Language::English.texts().last().unwrap())
        .into_iter()
        .partition(|shape| shape.key.starts_with("help-"));
    let said: BTreeSet<String> = help.iter().chain(&rest).map(node::Shape::plain).collect();
    let lacking: Vec<_> = paragraphs.keys().filter(|text| !said.contains(*text)).collect();
    assert!(lacking.is_empty(), "help.ftl lacks: {lacking:#?}");
    let idle: Vec<_> =
        help.iter().filter(|shape| !paragraphs.contains_key(&shape.plain())).collect();
    assert!(idle.is_empty(), "no command has this help: {idle:?}");
}

#[test]
fn the_help_fits_80_columns_in_every_language() {
    fn check(command: &mut clap::Command, language: Language) {
        // Clap breaks neither its line of usage nor the commands of an example.
        let pages = [command.render_help().to_string(), command.render_long_help().to_string()];
        for line in pages.iter().flat_map(|page| page.lines()) {
            let unbroken =
                ["windbreak ", "Usage:"].iter().any(|start| line.trim_start().starts_with(start));
            let one_word = !line.trim().contains(' ');
            let fits = line.width() <= 80 || unbroken || one_word;
            assert!(fits, "{}: {line}", language.tag());
        }
        command.get_subcommands_mut().for_each(|sub| check(sub, language));
    }
    for language in Language::ALL {
        speaking(language, || {
            let mut command = help::told(Cli::command()).term_width(80);
            command.build();
            check(&mut command, language);
        });
        for line in language.after_help().lines().chain(language.after_long_help().lines()) {
            assert!(line.width() <= 80, "{}: {line}", language.tag());
        }
    }
}

#[test]
fn what_stands_before_values_leaves_a_blank() {
    let mut labels = BTreeSet::new();
    for path in sources("cli/src") {
        let source = fs::read_to_string(path).unwrap();
        for call in [".field(", ".field_verbatim("] {
            for (at, _) in source.match_indices(call) {
                let inner = source[at + call.len()..].trim_start();
                if let Some(rest) = inner.strip_prefix("say!(\"") {
                    labels.insert(rest.split('"').next().unwrap().to_owned());
                }
            }
        }
    }
    assert!(labels.len() > 30, "the labels were not found");
    for language in Language::ALL {
        for key in &labels {
            let label = &language.words().plain[key];
            // Fourteen columns, of which one is the colon and one stays empty.
            assert!(label.width() <= 12, "{}: {key} is too wide: {label}", language.tag());
        }
    }
}

#[test]
fn the_code_of_a_failure_is_the_same_in_every_language() {
    let mut found = 0;
    for path in sources("cli/src").iter().filter(|path| !path.ends_with("words/tests.rs")) {
        let source = fs::read_to_string(path).unwrap();
        for (at, call) in source.match_indices("Failure::new(") {
            let code = arguments(&source[at + call.len()..]).swap_remove(1);
            let code = code.trim_matches([',', ' ', '\n']);
            found += 1;
            assert!(!code.contains("say!"), "{}: {code} is a text", path.display());
        }
    }
    assert!(found > 50, "the failures were not found");
}

/// Texts of the node and the engine that a person reads, as the sources write them.
fn said_by_the_node() -> BTreeSet<String> {
    let mut said = BTreeSet::new();
    for folder in ["protocol/src/circle", "protocol/src/joining", "protocol/src/invite", "node/src"]
    {
        for path in sources(folder) {
            let source = fs::read_to_string(&path).unwrap();
            let name = path.to_string_lossy().replace('\\', "/");
            // These are about what machines send each other.
            let is_for_machines =
                ["swarm/stream", "swarm/socks", "swarm/transport", "swarm/doorway"];
            let sealed = ["invite/answer", "invite/card", "invite/knock"];
            if is_for_machines.iter().chain(&sealed).any(|part| name.contains(part)) {
                continue;
            }
            for (at, _) in source.match_indices("#[error(") {
                let inner = source[at + "#[error(".len()..].trim_start();
                let Some(text) = literal(inner) else { continue };
                // What is to be done next stands behind the first semicolon.
                match text.split_once("; ") {
                    Some((what, next)) if !name.contains("protocol/src/circle") => {
                        said.extend([what.to_owned(), next.to_owned()]);
                    }
                    _ => {
                        said.insert(text);
                    }
                }
            }
            // What stands in a file of these is said, all of it.
            const SAID: [&str; 3] = ["api/reason.rs", "api/refusal.rs", "route/explain.rs"];
            if SAID.iter().any(|end| name.ends_with(end)) {
                said.extend(literals(&source).into_iter().filter(|text| text.contains(' ')));
            } else if !name.ends_with("tests.rs") {
                said.extend(refusals(&source));
            }
        }
    }
    said
}

/// What a file refuses with: the words in its refusals, and the constants named there.
fn refusals(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]\nmod ").next().unwrap();
    let calls: Vec<String> = source
        .match_indices("Refusal::")
        .filter_map(|(at, start)| source[at + start.len()..].split_once('('))
        // Not a variant, but a function that makes one.
        .filter(|(name, _)| name.bytes().all(|c| c.is_ascii_lowercase() || c == b'_'))
        .map(|(_, call)| arguments(call).concat())
        .collect();
    let constants = source.match_indices("const ").filter_map(|(at, start)| {
        let (name, value) = source[at + start.len()..].split_once(": &str = ")?;
        calls.iter().any(|call| call.contains(name)).then(|| literal(value.trim_start()))?
    });
    let found = calls.iter().flat_map(|call| literals(call)).chain(constants);
    found.filter(|text| text.contains(' ')).collect()
}

/// What must be in a file of settings, as it is said of one that is something else.
#[test]
fn what_a_setting_must_be_is_known() {
    let shapes: Vec<_> = Language::English.texts().iter().flat_map(|t| node::shapes(t)).collect();
    for file in ["node/src/relay/file.rs", "node/src/profile/config.rs"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
        let source = fs::read_to_string(path).unwrap();
        let checks = source.split("#[cfg(test)]\nmod ").next().unwrap();
        let words = |text: &String| text.split(' ').filter(|word| word.len() > 1).count() > 1;
        let bounds: Vec<_> = literals(checks).into_iter().filter(words).collect();
        assert!(bounds.len() > 5, "{file}: {bounds:?}");
        for text in bounds.iter().filter(|text| !text.contains('{')) {
            assert!(shapes.iter().any(|shape| shape.values(text).is_some()), "{file}: {text}");
        }
    }
}

/// The text of a literal at the beginning, lines joined as the compiler joins them.
fn literal(source: &str) -> Option<String> {
    let inner = source.strip_prefix('"')?;
    let mut text = String::new();
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => return Some(text),
            '\\' => match chars.next()? {
                '\n' => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                escaped => text.push(escaped),
            },
            c => text.push(c),
        }
    }
    None
}

/// All literals of a file outside comments.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest: String = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .fold(String::new(), |all, line| all + line + "\n");
    // Attributes hold words for the description of the API alone.
    while let Some(at) = rest.find("#[utoipa") {
        let end = rest[at..].find(")]").map_or(rest.len(), |end| at + end + 2);
        rest.replace_range(at..end, "");
    }
    let mut rest = rest.as_str();
    while let Some(at) = rest.find('"') {
        let Some(text) = literal(&rest[at..]) else { break };
        let mut end = at + 1;
        let bytes = rest.as_bytes();
        while bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        found.push(text);
        rest = &rest[end + 1..];
    }
    found
}

/// A text with its gaps without names.
fn without_names(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in text.chars() {
        match c {
            '{' => {
                inside = true;
                out.push_str("{}");
            }
            '}' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

#[test]
fn what_the_node_says_is_known() {
    // Parts of sentences that `explain` puts together, each sentence among the messages as a whole.
    const PARTS: [&str; 16] = [
        "the {} of this circle",
        "its {}",
        "whoever runs {}",
        "the relay",
        "one past state",
        "past states",
        "one device",
        "a day",
        "envelope of yours is",
        "envelopes of yours are",
        "{} {}",
        "{} still on this device alone",
        "keys of {} are still on this device, because somebody may need them",
        "a relay that the circle names no longer is still used, since {} may know no other",
        "the circle says that what was said is erased after {}: this device begins with it when it has known of that for a week. copies that somebody made stay with them",
        "what was said is erased on every member's device after {}, as soon as that device runs: the circle says so. copies that somebody made stay with them",
    ];
    let known: BTreeSet<String> = Language::English
        .texts()
        .iter()
        .flat_map(|text| node::shapes(text))
        .map(|shape| shape.plain())
        .collect();
    let missing: BTreeSet<String> = said_by_the_node()
        .iter()
        .map(|text| without_names(text))
        .filter(|text| text.chars().filter(|c| c.is_alphabetic()).count() > 3)
        .filter(|text| !known.contains(text) && !PARTS.contains(&text.as_str()))
        .collect();
    assert!(missing.is_empty(), "engine.ftl and node.ftl lack: {missing:#?}");
}

#[test]
fn a_refusal_of_the_node_is_said_in_the_language_of_the_reader() {
    speaking(Language::German, || {
        assert_eq!(known("no such circle"), "diesen Kreis gibt es nicht");
        assert_eq!(
            known("the text is longer than 300 characters"),
            "der Text ist länger als 300 Zeichen"
        );
        // What stands in a gap may be a text of its own, or several.
        assert_eq!(
            known("the folder of the profile: the disk is full"),
            "der Ordner des Profils: der Datenträger ist voll"
        );
        let seems = known(
            "nothing was sent: the text seems to hold a link and a postcode, which could tell who somebody is",
        );
        assert!(seems.ends_with("ein Link und eine Postleitzahl"), "{seems}");
        assert_eq!(known("words of a newer node"), "words of a newer node");
    });
}

#[test]
fn languages_count_in_their_own_way() {
    speaking(Language::English, || assert_eq!(say!("when-days", count = 1_u64), "1 day"));
    speaking(Language::German, || assert_eq!(say!("when-days", count = 2_u64), "2 Tage"));
    speaking(Language::Spanish, || assert_eq!(say!("when-days", count = 1_u64), "1 día"));
}

#[test]
fn a_name_from_right_to_left_turns_no_line() {
    for language in Language::ALL {
        speaking(language, || {
            let said = say!("join-held", names = listed(&["Rowan", "ערב טוב"], ", "));
            assert!(said.contains("\u{2068}ערב טוב\u{2069}"), "{said:?}");
            // Said again by what prints it, the marks stay; those of others do not.
            assert_eq!(text::spoken(&said), said);
            assert!(!text::line(&said).contains(FIRST_STRONG));
        });
    }
}

#[test]
fn a_wrapped_value_is_kept_apart_in_each_of_its_lines() {
    let value = isolated("ערב טוב וגם לילה טוב לכולם", false);
    let wrapped = text::wrap(&format!("Held by {value} and by Rowan."), 20, "  ");
    assert!(wrapped.lines().count() > 2, "{wrapped}");
    for line in wrapped.lines() {
        let marks = |mark| line.chars().filter(|c| *c == mark).count();
        assert_eq!(marks(FIRST_STRONG), marks(POP), "{line:?}");
    }
}

#[test]
fn marks_take_no_column() {
    let mut page = Page::new(80, false, false);
    let row = |name: &str| vec!["3f2a91c0".to_owned(), name.to_owned(), "12".to_owned()];
    page.table(&[row("ערב"), row("Row")]);
    let page = page.finish();
    let widths: Vec<usize> = page.lines().map(UnicodeWidthStr::width).collect();
    assert_eq!(widths[0], widths[1], "{page:?}");
    assert!(page.contains("\u{2068}ערב\u{2069}"));
}

#[test]
fn a_language_from_right_to_left_keeps_our_names_apart() {
    let words = Words::new("he", &["held = מוחזק על ידי { $name }.\n"]);
    let said = words.fill("held", &[("name", Spoken::Text("Rowan"))]).unwrap();
    assert_eq!(said, "מוחזק על ידי \u{2068}Rowan\u{2069}.");
}
