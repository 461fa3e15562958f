//! The text answers to the code and the code to the text: every MUST of `specs/` names how it is
//! tested, every clause the code cites exists, every number of the registry is the code's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use windbreak_protocol::label::Label;
use windbreak_protocol::record::RecordKind;
use windbreak_protocol::wire::FrameKind;

/// The letters that clause numbers start with.
const CHAPTERS: &str = "PWDCOVYSIR";

#[test]
fn every_must_names_a_test_or_a_vector_that_exists() {
    let sources = sources();
    let guards = read("../.ci/guards");
    let mut faults = Vec::new();
    for clause in clauses() {
        let proofs = clause.proofs();
        if clause.says_must() && proofs.is_empty() {
            faults.push(format!("{} says MUST and names no test", clause.number));
        }
        for (kind, name) in proofs {
            let exists = match kind {
                "test" => {
                    let function = format!("fn {name}(");
                    sources.values().any(|source| source.contains(&function))
                        || root().join(format!("cli/tests/cmd/{name}.toml")).exists()
                }
                "vector" => root().join("specs/vectors").join(&name).exists(),
                _ => guards.contains(&format!("{name}() {{")),
            };
            if !exists {
                faults.push(format!("{}: there is no {kind} `{name}`", clause.number));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn must_stands_only_in_a_clause_and_no_number_twice() {
    let mut numbers = BTreeSet::new();
    for clause in clauses() {
        assert!(numbers.insert(clause.number.clone()), "{} stands twice", clause.number);
    }
    for (name, text) in chapters() {
        let outside = text.split("\n\n").take_while(|part| number_of(part).is_none());
        for part in outside {
            let defines_the_word = part.contains("BCP 14");
            assert!(!says_must(part) || defines_the_word, "{name}: MUST before the first clause");
        }
    }
}

#[test]
fn every_clause_the_code_cites_exists() {
    let numbers: BTreeSet<String> = clauses().into_iter().map(|clause| clause.number).collect();
    let mut faults = BTreeSet::new();
    for (path, source) in sources() {
        for line in source.lines().filter(|line| line.trim_start().starts_with("//")) {
            for cited in citations(line) {
                if !numbers.contains(&cited) {
                    faults.insert(format!("{} cites {cited}", path.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_registry_lists_every_label() {
    let listed: BTreeSet<String> =
        table("R-2").into_iter().map(|row| format!("windbreak/1 {}", row[0])).collect();
    let used: BTreeSet<String> = Label::ALL.iter().map(|label| label.text().to_owned()).collect();
    assert_eq!(listed, used);
    assert_eq!(used.len(), Label::ALL.len(), "two labels have one text");
}

#[test]
fn the_registry_lists_every_kind() {
    let frames = FrameKind::ALL.map(|kind| (kind as u8, format!("{kind:?}")));
    assert_eq!(numbered("R-3"), BTreeMap::from(frames));
    let records = RecordKind::ALL.map(|kind| (kind as u8, format!("{kind:?}")));
    assert_eq!(numbered("R-4"), BTreeMap::from(records));
}

#[test]
fn the_registry_lists_every_limit() {
    let mut limits: BTreeMap<String, String> = BTreeMap::new();
    for line in read("../protocol/src/limits.rs").lines() {
        let Some((name, value)) =
            line.strip_prefix("pub const ").and_then(|rest| rest.split_once(" = "))
        else {
            continue;
        };
        let name = name.split(':').next().unwrap().to_owned();
        let value = evaluate(value.trim_end_matches(';'), &limits);
        limits.insert(name, value);
    }
    let listed: BTreeMap<String, String> =
        table("R-5").into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    assert_eq!(listed, limits);
}

/// A clause: its number and everything up to the next clause or heading.
struct Clause {
    number: String,
    text: String,
}

impl Clause {
    fn says_must(&self) -> bool {
        says_must(&self.text)
    }

    /// What it names as its proofs: kind and name.
    fn proofs(&self) -> Vec<(&'static str, String)> {
        let mut proofs = Vec::new();
        let mut kind = None;
        for line in self.text.lines() {
            kind = match line {
                line if line.starts_with("- test:") => Some("test"),
                line if line.starts_with("- vector:") => Some("vector"),
                line if line.starts_with("- guard:") => Some("guard"),
                line if line.starts_with("  ") => kind,
                _ => None,
            };
            if let Some(kind) = kind {
                proofs.extend(quoted(line).map(|name| (kind, name)));
            }
        }
        proofs
    }
}

fn clauses() -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    for (_, text) in chapters() {
        let mut open = false;
        for line in text.lines() {
            if let Some(number) = number_of(line) {
                clauses.push(Clause { number, text: String::new() });
                open = true;
            } else if line.starts_with('#') {
                open = false;
            }
            if let Some(clause) = clauses.last_mut().filter(|_| open) {
                clause.text.push_str(line);
                clause.text.push('\n');
            }
        }
    }
    clauses
}

/// The number a line opens with, in `**W-4 …` or `## R-2 …`.
fn number_of(line: &str) -> Option<String> {
    let rest = line.strip_prefix("**").or_else(|| line.strip_prefix("## "))?;
    let number = rest.split_whitespace().next()?;
    (citations(number).first()? == number).then(|| number.to_owned())
}

/// Whatever in a line looks like the number of a clause.
fn citations(line: &str) -> Vec<String> {
    line.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .filter(|word| {
            word.split_once('-').is_some_and(|(chapter, number)| {
                chapter.len() == 1
                    && CHAPTERS.contains(chapter)
                    && !number.is_empty()
                    && number.bytes().all(|byte| byte.is_ascii_digit())
            })
        })
        .map(str::to_owned)
        .collect()
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned)
}

fn says_must(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word == "MUST")
}

/// The rows of the table of one section of the registry, without its head.
fn table(section: &str) -> Vec<Vec<String>> {
    let registry = read("../specs/registry.md");
    let (_, rest) = registry.split_once(&format!("## {section} ")).expect("the section exists");
    let section = rest.split("\n## ").next().unwrap();
    section
        .lines()
        .filter(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

fn numbered(section: &str) -> BTreeMap<u8, String> {
    table(section).into_iter().map(|row| (row[0].parse().unwrap(), row[1].clone())).collect()
}

/// A limit as the registry writes it: sums and products worked out, durations in seconds.
fn evaluate(value: &str, known: &BTreeMap<String, String>) -> String {
    if let Some(list) = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return list.split(',').map(|each| evaluate(each, known)).collect::<Vec<_>>().join(", ");
    }
    let value = value.trim().trim_start_matches("Duration::from_secs(").trim_end_matches(')');
    let factor = |text: &str| -> u64 {
        let text = text.trim().replace('_', "");
        let plain = text.parse().ok();
        let named = || known.iter().find(|(name, _)| name.replace('_', "") == text);
        plain.or_else(|| named()?.1.parse().ok()).expect("a number or an earlier limit")
    };
    let product = |text: &str| text.split('*').map(factor).product::<u64>();
    value.split('+').map(product).sum::<u64>().to_string()
}

/// The numbered files of `specs/` and the registry, by name.
fn chapters() -> BTreeMap<String, String> {
    fs::read_dir(root().join("specs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('0') || name == "registry.md")
        .map(|name| (name.clone(), read(&format!("../specs/{name}"))))
        .collect()
}

/// Every Rust file of the four packages.
fn sources() -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders: Vec<PathBuf> =
        ["protocol", "node", "cli", "tests"].map(|name| root().join(name)).into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(&path).unwrap();
                found.insert(path, source);
            }
        }
    }
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file exists")
}
