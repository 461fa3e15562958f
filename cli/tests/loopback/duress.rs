//! A made-up profile beside a used one: whoever is made to open it shows somebody the same commands,
//! with the same fields, codes and words around them, as fast. What is said in it differs, as lives do.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::circle::{list, says_alone, text, two_in};
use crate::stage::{Party, Stage, until};
use crate::store::{hides, names_a_relay};

/// A title that no made-up profile draws.
const OWN_TITLE: &str = "Behind the mill";
/// What can be said in a made-up life in German.
const GERMAN: &str = include_str!("../../../node/src/lived_in/words/de.txt");
/// Lists that say nothing by being empty: an invite that was used is forgotten after days.
const MAY_BE_EMPTY: [&str; 1] = ["joins"];
/// How often what takes time is timed: the best counts, for the machine does other things, too.
const TIMES: usize = 3;

/// What a command answered, without what was said: its exit code, the code of its failure, what to do
/// next, and what its fields are like.
#[derive(Debug, Eq, PartialEq)]
struct Told(i32, String, String, Shape);

/// What values are like.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Shape {
    Nothing,
    YesOrNo,
    Number,
    Text,
    /// Entries, and what all of them have; none, if there is no entry.
    List(Option<Box<Shape>>),
    Fields(BTreeMap<String, Shape>),
    /// It differs from one to the other.
    Some,
}

impl Shape {
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Nothing,
            Value::Bool(_) => Self::YesOrNo,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::Text,
            Value::Array(entries) => {
                let common = entries.iter().map(Self::of).reduce(|one, other| one.common(&other));
                Self::List(common.map(Box::new))
            }
            Value::Object(fields) => Self::Fields(
                fields.iter().map(|(name, value)| (name.clone(), Self::of(value))).collect(),
            ),
        }
    }

    /// What two have in common: of fields those that both have.
    fn common(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Fields(one), Self::Fields(other)) => {
                let both = one.iter().filter_map(|(name, shape)| {
                    Some((name.clone(), shape.common(other.get(name)?)))
                });
                Self::Fields(both.collect())
            }
            (Self::List(None), list @ Self::List(_)) | (list @ Self::List(_), Self::List(None)) => {
                list.clone()
            }
            (Self::List(Some(one)), Self::List(Some(other))) => {
                Self::List(Some(Box::new(one.common(other))))
            }
            (one, other) if one == other => one.clone(),
            _ => Self::Some,
        }
    }

    /// Whether nothing tells one from the other but how much there is.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(Some(one)), Self::List(Some(other))) => one.is_like(other),
            (Self::Fields(one), Self::Fields(other)) => {
                one.len() == other.len()
                    && one.iter().all(|(name, shape)| {
                        other.get(name).is_some_and(|other| {
                            shape.is_like(other) || may_be_empty(name, shape, other)
                        })
                    })
            }
            (one, other) => {
                one == other || matches!((one, other), (Self::Some, _) | (_, Self::Some))
            }
        }
    }

    /// Takes fields out, at any depth.
    fn without(&mut self, names: &[&str]) {
        match self {
            Self::List(Some(entry)) => entry.without(names),
            Self::Fields(fields) => {
                fields.retain(|name, _| !names.contains(&name.as_str()));
                fields.values_mut().for_each(|shape| shape.without(names));
            }
            _ => {}
        }
    }
}

/// Whether one is empty of what some lives have none of.
fn may_be_empty(name: &str, one: &Shape, other: &Shape) -> bool {
    let is_empty = matches!(
        (one, other),
        (Shape::List(None), Shape::List(_)) | (Shape::List(_), Shape::List(None))
    );
    is_empty && MAY_BE_EMPTY.contains(&name)
}

#[test]
fn a_made_up_profile_answers_every_command_as_a_used_one_does() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (mut alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    // As in a made-up life, it is somebody else who made the circle.
    two_in(OWN_TITLE, &relay, &rowan, &alder);
    let share = alder.shares(OWN_TITLE, "A quiet evening by the river.");
    let answer = rowan.does(&["share", OWN_TITLE, "Here it rained all evening."]);
    alder.reads(OWN_TITLE, "Here it rained all evening.");
    alder.does(&["reply", &text(&answer, "/id"), "Then stay where it is dry."]);
    rowan.does(&["reply", &share, "That sounds good."]);
    rowan.does(&["react", &share, "heard"]);
    alder.reads(OWN_TITLE, "That sounds good.");
    alder.has_sent_all();
    // Newcomers ask what was said before them.
    until("alder to be told", || {
        let before = told_of_before(&alder, OWN_TITLE);
        (before["stage"] == "here").then_some(())
    });
    alder.stops();
    let (own, other) = (alder.passphrase(), stage.passphrase("other", "another four quiet words"));
    hides(&alder, &own, &other);
    drop((rowan, relay));

    let of_before = [&own, &other].map(|passphrase| {
        alder.does(&["unlock", "--passphrase-file", passphrase]);
        let title = text(&alder.does(&["circle", "list"]), "/circles/0/title");
        let before = told_of_before(&alder, &title);
        alder.does(&["lock"]);
        before
    });
    // Whether something was said before differs from circle to circle.
    assert_eq!(of_before[0]["stage"], of_before[1]["stage"], "{of_before:?}");
    let [used, made_up] = [&own, &other].map(|passphrase| all_told(&alder, passphrase));
    let differs = |(command, told): (&String, &Told)| {
        let other = &made_up[command];
        let is_like =
            (told.0, &told.1, &told.2) == (other.0, &other.1, &other.2) && told.3.is_like(&other.3);
        (!is_like).then(|| format!("{command}:\n  {told:?}\n  {other:?}"))
    };
    let differing: Vec<String> = used.iter().filter_map(differs).collect();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn no_life_is_made_up_without_a_relay() {
    let stage = Stage::new();
    let alder = stage.newcomer("alder");
    let (own, other) = (alder.passphrase(), stage.passphrase("other", "another four quiet words"));
    let header = || std::fs::read(alder.folder.join("header")).unwrap();
    let before = header();
    let of_both = ["--passphrase-file", &own, "--new-passphrase-file", &other, "--yes"];
    let refused = alder.asks(&[&["hidden", "new"][..], &of_both].concat());
    assert_eq!((refused.exit_code, refused.code()), (1, "hidden_needs_relay"));
    assert!(refused.next().contains("relays"), "{}", refused.next());
    assert_eq!(header(), before);
    hides(&alder, &own, &other);
    alder.does(&["unlock", "--passphrase-file", &other]);
    let title = text(&alder.does(&["circle", "list"]), "/circles/0/title");
    let listed = alder.does(&["relay", "list", &title]);
    assert_eq!(list(&listed, "/relays").len(), 1, "{listed}");
    alder.does(&["lock"]);
}

/// What somebody is told of what was said before they came.
fn told_of_before(party: &Party, circle: &str) -> Value {
    party.does(&["circle", "show", circle])["circle"]["before_you"].clone()
}

/// All that is answered to whoever opens a profile and looks around.
fn all_told(party: &Party, passphrase: &str) -> BTreeMap<String, Told> {
    let unlock = ["unlock", "--passphrase-file", passphrase];
    let mut all = BTreeMap::new();
    let mut ask = |name: String, args: &[&str]| {
        let answer = party.asks(args);
        let mut shape = Shape::of(answer.data());
        // Whether a relay answers is told once it was tried.
        shape.without(&["trouble"]);
        let (code, next) = (answer.code().to_owned(), answer.next().to_owned());
        all.insert(name, Told(answer.exit_code, code, next, shape));
    };
    ask("unlock".into(), &unlock);
    let title = text(&party.does(&["circle", "list"]), "/circles/0/title");
    let id = "0".repeat(64);
    let of_all: [&[&str]; 10] = [
        &["circle", "list"],
        &["search", "the", "--limit", "100"],
        &["draft", "list"],
        &["checkin"],
        &["plan"],
        &["join"],
        &["node", "status"],
        &["notify", "show"],
        &["report", "list"],
        &["explain"],
    ];
    let of_a_circle: [&[&str]; 14] = [
        &["circle", "show"],
        &["member", "list"],
        &["read"],
        &["invite", "list"],
        &["lobby", "list"],
        &["steward", "log"],
        &["device", "list"],
        &["relay", "list"],
        &["network", "show"],
        &["link", "list"],
        &["agreement", "show"],
        &["succession", "status"],
        &["files", "list"],
        &["draft", "save"],
    ];
    let mistakes: [&[&str]; 7] = [
        &["read", "No such circle"],
        &["reply", &id, "To nothing that was said."],
        &["draft", "show", &id],
        &["withdraw", &id, "--yes"],
        &["history", &id],
        &["invite", "show", &id],
        &["circle", "leave", "No such circle", "--yes"],
    ];
    for args in of_all.into_iter().chain(mistakes) {
        ask(args.join(" "), args);
    }
    for args in of_a_circle {
        let words: &[&str] = if args == ["draft", "save"] { &["For later."] } else { &[] };
        ask(args.join(" "), &[args, &[&title], words].concat());
    }
    ask("draft list, with one".into(), &["draft", "list"]);
    ask("lock".into(), &["lock"]);
    ask("read, locked".into(), &["read", &title]);
    all
}

#[test]
fn a_made_up_life_is_in_the_language_that_is_spoken_and_says_nothing_twice() {
    let stage = Stage::new();
    let alder = stage.newcomer("alder");
    let (own, other) = (alder.passphrase(), stage.passphrase("other", "another four quiet words"));
    let of_both = ["--passphrase-file", &own, "--new-passphrase-file", &other, "--yes"];
    names_a_relay(&alder);
    alder.prints(&[&["--language", "de", "hidden", "new"][..], &of_both].concat());
    alder.does(&["unlock", "--passphrase-file", &other]);
    let title = text(&alder.does(&["circle", "list"]), "/circles/0/title");
    let said = alder.texts(&title);
    alder.does(&["lock"]);
    assert!(said.len() > 5, "{said:?}");

    let known: BTreeSet<&str> =
        GERMAN.lines().map(|line| line.trim_start_matches(['-', '?', '>', ' '])).collect();
    assert!(known.contains(title.as_str()), "{title}");
    let known: BTreeSet<&str> = known.into_iter().flat_map(sentences).collect();
    let mut heard = BTreeSet::new();
    for sentence in said.iter().flat_map(|text| sentences(text)) {
        assert!(known.contains(sentence), "{sentence}");
        assert!(heard.insert(sentence), "{sentence}");
    }
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '?', '!']).map(str::trim)
}

#[test]
fn a_made_up_profile_is_open_and_read_as_soon_as_a_used_one() {
    let stage = Stage::new();
    let mut alder = stage.person("alder");
    says_alone(&alder, OWN_TITLE, "Nobody else may read this.");
    for number in 0..20 {
        alder.does(&["share", OWN_TITLE, &format!("Nobody else may read number {number}.")]);
    }
    alder.stops();
    let (own, other) = (alder.passphrase(), stage.passphrase("other", "another four quiet words"));
    hides(&alder, &own, &other);
    let time = |passphrase: &str| {
        let once = |_| {
            let began = Instant::now();
            alder.does(&["unlock", "--passphrase-file", passphrase]);
            let opened = began.elapsed();
            let title = text(&alder.does(&["circle", "list"]), "/circles/0/title");
            assert!(!alder.texts(&title).is_empty());
            let read = began.elapsed();
            alder.does(&["lock"]);
            [opened, read]
        };
        let all: Vec<[Duration; 2]> = (0..TIMES).map(once).collect();
        [0, 1].map(|what| all.iter().map(|times| times[what]).min().unwrap())
    };
    let (used, made_up) = (time(&own), time(&other));
    eprintln!("opened and read: {used:?} used, {made_up:?} made up");
    for (one, other) in used.into_iter().zip(made_up) {
        assert!(one < other * 4 && other < one * 4, "{used:?} {made_up:?}");
    }
}
