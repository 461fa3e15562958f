//! What a person does with the profile itself: lock it, hide another beside it, back it up, destroy
//! it. Each with real processes, and with what somebody sees who takes the disk.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Signal, kill_process};
use serde_json::Value;
use windbreak_node::profile::{Profile, ProfileError};
use windbreak_node::store::{SledStore, Store as _};
use windbreak_protocol::record::{self, Key, RecordKind};
use windbreak_protocol::secret::SecretBytes;

use crate::circle::{NO_RELAY, list, restoring, saves_alone, says_alone, text, two_in};
use crate::search::{Needles, files_under};
use crate::stage::{Party, Stage, until};

const TITLE: &str = "Evening walk";
/// A title that no made-up profile draws.
const OWN_TITLE: &str = "Behind the mill";

#[test]
fn a_locked_profile_asks_for_its_passphrase_again() {
    let stage = Stage::new();
    let alder = stage.person("alder");
    says_alone(&alder, TITLE, "Before.");
    assert_eq!(alder.does(&["lock"])["locked"], true);
    let refused = alder.asks(&["read", TITLE]);
    assert_eq!((refused.exit_code, refused.code()), (5, "no_passphrase"));
    let passphrase = alder.passphrase();
    alder.does(&["unlock", "--passphrase-file", &passphrase]);
    assert_eq!(alder.texts(TITLE), ["Before."]);
    alder.does(&["lock"]);
}

#[test]
fn a_profile_locks_when_nothing_was_asked_for_a_while() {
    let stage = Stage::new();
    let mut alder = stage.newcomer("alder");
    let config = alder.folder.join("config.toml");
    let text = fs::read_to_string(&config).unwrap();
    // Twenty times faster: three seconds.
    fs::write(&config, text.replace("idle_minutes = 0", "idle_minutes = 1")).unwrap();
    alder.starts();
    let began = Instant::now();
    let status = until("the node to lock", || alder.exit_status());
    assert!(status.success(), "it ended with {status}");
    assert!(began.elapsed() > Duration::from_millis(1500));
}

#[test]
fn what_a_command_reads_by_itself_keeps_no_node_from_locking() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (mut alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    alder.stops();
    let config = alder.folder.join("config.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("idle_minutes = 0", "idle_minutes = 1")).unwrap();
    alder.starts();
    let mut follow = alder.follows(TITLE);
    let began = Instant::now();
    // Something new every moment, which is shown to nobody who is there.
    while alder.exit_status().is_none() {
        assert!(began.elapsed() < Duration::from_secs(40), "it does not lock");
        rowan.does(&["share", TITLE, &format!("After {:?}.", began.elapsed())]);
        std::thread::sleep(Duration::from_millis(500));
    }
    assert!(follow.said().contains("After"), "nothing was read along");
    assert_ne!(follow.ends(), 0);
}

#[test]
fn another_passphrase_opens_another_life_and_says_nothing() {
    let stage = Stage::new();
    let mut alder = stage.person("alder");
    says_alone(&alder, OWN_TITLE, "Nobody else may read this.");
    alder.stops();
    let own = alder.passphrase();
    let other = stage.passphrase("other", "another four quiet words");
    let made = hides(&alder, &own, &other);
    assert_eq!(text(&made, "/recovery_phrase").split(' ').count(), 24);
    assert_the_same_files_are_listed(&alder.folder);
    // Opened once each, so that both were in use.
    let open = |passphrase: &str| {
        alder.does(&["unlock", "--passphrase-file", passphrase]);
        let circles = alder.does(&["circle", "list"]);
        let title = text(&circles, "/circles/0/title");
        let texts = alder.texts(&title);
        let mut status = alder.does(&["node", "status"]);
        // The relay that the one names does not answer, which is told once it was tried.
        for network in status["networks"].as_array_mut().unwrap() {
            network.as_object_mut().unwrap().remove("trouble");
        }
        alder.does(&["lock"]);
        (title, texts, shape(&status))
    };
    let (title, texts, told) = open(&own);
    assert_eq!(
        (title.as_str(), texts.as_slice()),
        (OWN_TITLE, ["Nobody else may read this.".to_owned()].as_slice())
    );
    let (title, texts, told_of_other) = open(&other);
    assert!(texts.len() > 5, "{texts:?}");
    assert_ne!(title, OWN_TITLE);
    // The same fields, the same words around them.
    assert_eq!(told, told_of_other);
    let wrong = stage.passphrase("wrong", "words that open nothing here");
    let refused = alder.asks(&["unlock", "--passphrase-file", &wrong]);
    assert_eq!((refused.exit_code, refused.code()), (5, "wrong_passphrase"));
    // What a busy machine had no time for at an end is for the next (S-20).
    for _ in 0..3 {
        if !are_alike(&lengths(&alder.folder)) {
            eprintln!("an end was cut short: {:?}", lengths(&alder.folder));
            open(&other);
        }
    }
    assert_stores_are_alike(&alder.folder);
    let log = fs::read_to_string(alder.folder.join("node.log")).unwrap();
    let lines: BTreeSet<&str> =
        log.lines().filter_map(|line| line.split_once(": ").map(|(_, words)| words)).collect();
    assert!(lines.iter().all(|line| !line.chars().any(|c| c.is_ascii_digit())), "{lines:?}");
}

/// Makes another profile in the folder of `party`, whose configuration names a relay.
pub(crate) fn hides(party: &Party, own: &str, other: &str) -> Value {
    names_a_relay(party);
    let (passphrase, fresh) = ("--passphrase-file", "--new-passphrase-file");
    party.does(&["hidden", "new", passphrase, own, fresh, other, "--yes"])
}

/// Names a relay where nothing listens in the configuration of `party`.
pub(crate) fn names_a_relay(party: &Party) {
    let config = party.folder.join("config.toml");
    let words = fs::read_to_string(&config).unwrap();
    let named = words.replace("relays = []", &format!("relays = [\"{NO_RELAY}\"]"));
    assert_ne!(words, named, "config.toml names relays otherwise");
    fs::write(&config, named).unwrap();
}

/// What of an answer does not depend on what is in a profile: the names of all fields at any depth,
/// and the kinds of their values. Of a list, what its entries are like.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), shape(value))).collect()
        }
        Value::Array(entries) => {
            let mut shapes: Vec<Value> = entries.iter().map(shape).collect();
            shapes.dedup();
            Value::Array(shapes)
        }
        Value::Null => Value::Null,
        Value::Bool(_) => "yes or no".into(),
        Value::Number(_) => "number".into(),
        Value::String(_) => "text".into(),
    }
}

/// That the folders of all four stores list files of the same kinds, whichever was just made.
fn assert_the_same_files_are_listed(profile: &Path) {
    let kinds = [0, 1, 2, 3].map(|slot| {
        let entries = fs::read_dir(profile.join(format!("stores/{slot}"))).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        // The name of what the database notes ends with how much was written.
        let mut kinds: Vec<_> =
            names.map(|name| name.split('.').next().unwrap().to_owned()).collect();
        kinds.sort();
        kinds
    });
    assert!(kinds.iter().all(|of_one| *of_one == kinds[0]), "{kinds:?}");
}

/// The lengths of the four files of records.
fn lengths(profile: &Path) -> [u64; 4] {
    let file = |slot| profile.join(format!("stores/{slot}/db"));
    [0, 1, 2, 3].map(|slot| fs::metadata(file(slot)).unwrap().len())
}

fn are_alike(lengths: &[u64; 4]) -> bool {
    lengths.iter().max().unwrap() - lengths.iter().min().unwrap() <= 1024 * 1024
}

pub(crate) fn assert_stores_are_alike(profile: &Path) {
    let lengths = lengths(profile);
    assert!(are_alike(&lengths), "{lengths:?}");
    let times: Vec<_> = (0..4)
        .map(|slot| fs::metadata(profile.join(format!("stores/{slot}/keys"))).unwrap())
        .map(|metadata| metadata.modified().unwrap())
        .collect();
    let spread = times.iter().max().unwrap().duration_since(*times.iter().min().unwrap());
    assert!(spread.unwrap() < Duration::from_secs(20), "{times:?}");
}

#[test]
fn unlocking_takes_as_long_whichever_profile_it_is() {
    let stage = Stage::new();
    let alder = stage.newcomer("alder");
    let own = alder.passphrase();
    let other = stage.passphrase("other", "another four quiet words");
    hides(&alder, &own, &other);
    let time = |passphrase: &str| {
        let words = fs::read(passphrase).unwrap();
        let words = words.strip_suffix(b"\n").unwrap_or(&words).to_vec();
        let mut times: Vec<Duration> = (0..15)
            .map(|_| {
                let secret = SecretBytes::new(words.clone());
                // A process that another test is just starting holds the lock for a moment, too.
                until("the folder to be nobody's", || {
                    let began = Instant::now();
                    let opened = Profile::open(&alder.folder, &secret);
                    let took = began.elapsed();
                    (!matches!(opened, Err(ProfileError::AlreadyOpen))).then_some(took)
                })
            })
            .collect();
        times.sort();
        times[0]
    };
    let wrong = stage.passphrase("wrong", "words that open nothing here");
    let times = [time(&own), time(&other), time(&wrong)];
    let (least, most) = (times.iter().min().unwrap(), times.iter().max().unwrap());
    assert!(*most < *least * 2, "{times:?}");
}

#[test]
fn panic_ends_in_two_seconds_while_the_node_runs() {
    let stage = Stage::new();
    let mut alder = stage.person("alder");
    says_alone(&alder, TITLE, "Gone in a moment.");
    let asked = alder.asks(&["panic"]);
    assert_eq!((asked.exit_code, asked.code()), (2, "not_confirmed"));
    assert_eq!(alder.texts(TITLE), ["Gone in a moment."]);
    let began = Instant::now();
    alder.does(&["panic", "--yes"]);
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert!(alder.has_ended());
    // It was asked to, and not killed.
    assert_eq!(alder.exit_status().and_then(|status| status.code()), Some(0));
    assert_nothing_is_left(&alder.folder);
}

/// `cargo test --workspace --locked --test loopback a_gigabyte -- --ignored --nocapture`
#[test]
#[ignore = "writes a gigabyte"]
fn panic_ends_in_two_seconds_with_stores_of_a_gigabyte() {
    let stage = Stage::new();
    let mut alder = stage.person("alder");
    says_alone(&alder, TITLE, "Gone in a moment.");
    // As long as years make them, as far as the disk is concerned.
    let piece: Vec<u8> =
        (0..1024 * 1024_u32).map(|at| (at.wrapping_mul(at) >> 11).to_le_bytes()[0]).collect();
    for slot in 0..4 {
        let file = alder.folder.join(format!("stores/{slot}/db"));
        let mut file = fs::OpenOptions::new().append(true).open(file).unwrap();
        for _ in 0..256 {
            file.write_all(&piece).unwrap();
        }
        file.sync_all().unwrap();
    }
    let began = Instant::now();
    alder.does(&["panic", "--yes"]);
    let took = began.elapsed();
    eprintln!("a gigabyte was gone in {took:?}");
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert!(alder.has_ended());
    assert_nothing_is_left(&alder.folder);
}

#[test]
fn panic_needs_no_node_that_answers_and_no_question_if_so_configured() {
    let stage = Stage::new();
    let mut alder = stage.newcomer("alder");
    let config = alder.folder.join("config.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("confirm = true", "confirm = false")).unwrap();
    alder.starts();
    // A node that hangs holds its keys in memory; it is ended.
    kill_process(alder.pid(), Signal::STOP).unwrap();
    let began = Instant::now();
    alder.does(&["panic"]);
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert!(alder.has_ended());
    assert_nothing_is_left(&alder.folder);
}

pub(crate) fn assert_nothing_is_left(folder: &Path) {
    let left: Vec<_> =
        files_under(folder).into_iter().filter(|path| !path.ends_with("lock")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_backup_comes_back_readable_and_waits_to_return() {
    let stage = Stage::new();
    let alder = stage.person("alder");
    let [file, secret] = saves_alone(&stage, &alder, TITLE, "Kept in a safe place.");
    let twice = alder.asks(&["backup", "create", &file, "--backup-passphrase-file", &secret]);
    assert_eq!(twice.code(), "file_exists");
    let wrong = stage.passphrase("wrong", "words that open nothing here");
    let refused = alder.asks(&["backup", "check", &file, "--backup-passphrase-file", &wrong]);
    assert_eq!((refused.exit_code, refused.code()), (5, "wrong_passphrase"));
    let mut needles = Needles::default();
    needles.add("a share", b"Kept in a safe place.");
    needles.add("the title", TITLE.as_bytes());
    assert_eq!(needles.found_under(&stage.folder("words")), []);

    let passphrase = stage.passphrase("restored", "restored: four quiet words");
    let other = stage.absent("restored");
    let restore = restoring(&file, &secret, &passphrase);
    let found = other.does(&restore);
    assert_eq!(found["circles"], 1);
    assert_eq!(other.asks(&restore).code(), "profile_exists");
    other.does(&["unlock", "--passphrase-file", &passphrase]);
    assert_eq!(other.texts(TITLE), ["Kept in a safe place."]);
    let refused = other.asks(&["share", TITLE, "With the old keys."]);
    assert_eq!(refused.code(), "coming_back");
    // It asks to be taken back, so it is on a network.
    assert_eq!(list(&other.does(&["node", "status"]), "/networks").len(), 1);
    other.does(&["lock"]);
}

#[test]
fn a_store_is_checked_and_gives_disk_back() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (mut alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    for number in 0..40 {
        alder.does(&["share", TITLE, &format!("{number} {}", "long words ".repeat(2000))]);
    }
    alder.has_sent_all();
    let before = alder.texts(TITLE);
    let own = alder.passphrase();
    let busy = alder.asks(&["store", "check", "--passphrase-file", &own]);
    assert_eq!(busy.code(), "profile_in_use");
    alder.stops();
    assert_eq!(alder.does(&["store", "check", "--passphrase-file", &own])["sound"], true);
    let unsure = alder.asks(&["store", "compact", "--only-profile", "--passphrase-file", &own]);
    assert_eq!(unsure.code(), "not_confirmed");
    let compacted =
        alder.does(&["store", "compact", "--only-profile", "--yes", "--passphrase-file", &own]);
    assert!(compacted["after"].as_u64() < compacted["before"].as_u64(), "{compacted}");
    assert_stores_are_alike(&alder.folder);
    alder.starts();
    assert_eq!(alder.texts(TITLE), before);
    let status = alder.does(&["node", "status"]);
    assert!(status.pointer("/store/circles/0/bytes").unwrap().as_u64().unwrap() > 800_000);
}

#[test]
fn a_store_that_is_spoilt_is_said_to_be_with_how_much_of_it_and_what_to_do() {
    let stage = Stage::new();
    let mut alder = stage.person("alder");
    says_alone(&alder, TITLE, &"long words ".repeat(400));
    alder.stops();
    let own = alder.passphrase();
    let check = ["store", "check", "--passphrase-file", &own];
    let sound = alder.does(&check);
    let counts = |found: &Value| {
        ["records", "damaged", "missing"].map(|count| found[count].as_u64().unwrap())
    };
    let [records, damaged, missing] = counts(&sound);
    assert_eq!((&sound["sound"], damaged, missing), (&true.into(), 0, 0));
    let longest = longest(&alder);
    // A further cell is damage to a record that is there; without its first, a record is gone.
    for (cell, damaged, missing) in [(1, 1, 0), (0, 0, 1)] {
        closed_store(&alder).spoil(&longest, cell).unwrap();
        let checked = alder.asks(&check);
        assert_eq!((checked.exit_code, checked.code()), (1, ""), "{checked:?}");
        let found = checked.data();
        assert_eq!(found["sound"], false, "{found}");
        assert_eq!(counts(found), [records - 1, damaged, missing]);
        let told = alder.command_of_a_person(&check).stdin(Stdio::null()).output().unwrap();
        assert_eq!(told.status.code(), Some(1));
        let words = String::from_utf8(told.stdout).unwrap();
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.starts_with("The store is damaged."), "{words}");
        assert!(words.contains("windbreak restore FILE --profile NEW-FOLDER"), "{words}");
    }
}

fn closed_store(party: &Party) -> SledStore {
    let words = fs::read(party.passphrase()).unwrap();
    let words = SecretBytes::new(words.trim_ascii_end().to_vec());
    Profile::open(&party.folder, &words).unwrap().open_store().unwrap()
}

/// Where the longest thing stands that was said in a closed profile.
fn longest(party: &Party) -> Key {
    let mut longest: Option<(usize, Key)> = None;
    let mut look =
        |key, value: record::Value| longest = longest.take().max(Some((value.len(), key)));
    closed_store(party).visit(RecordKind::Item, &mut look).unwrap();
    longest.unwrap().1
}

#[test]
fn a_circle_that_takes_all_its_room_refuses_more_and_loses_nothing() {
    let stage = Stage::new();
    let mut alder = stage.newcomer("alder");
    let config = alder.folder.join("config.toml");
    let text = fs::read_to_string(&config).unwrap();
    let bounds = text.replace("circle_quota_mib = 1024", "circle_quota_mib = 1");
    let bounds = bounds.replace("cache_mib = 16", "cache_mib = 7");
    fs::write(&config, bounds).unwrap();
    alder.starts();
    says_alone(&alder, TITLE, "There is room.");
    let long = "much to say ".repeat(8000);
    let mut taken = 1;
    let refused = loop {
        let answer = alder.asks(&["share", TITLE, &long]);
        if answer.exit_code != 0 {
            break answer;
        }
        taken += 1;
        assert!(taken < 20);
    };
    assert_eq!(refused.code(), "circle_quota");
    assert!(taken > 5);
    assert_eq!(alder.texts(TITLE).len(), taken);
    let status = alder.does(&["node", "status"]);
    assert_eq!(status["condition"], "working");
    let shown = |field: &str| status.pointer(&format!("/store/{field}")).and_then(Value::as_u64);
    assert_eq!(shown("cache"), Some(7 * 1024 * 1024));
    assert_eq!(shown("circle_quota"), Some(1024 * 1024));
    let taken = shown("circles/0/bytes").unwrap();
    assert!(taken >= 1024 * 1024, "{taken}");
    // The file of records has all that the circle takes, and is one of several.
    assert!(shown("disk").unwrap() > taken, "{status}");
}

#[test]
fn what_others_send_to_a_full_circle_waits_with_those_who_hold_it() {
    const MORE: usize = 4;
    let stage = Stage::new();
    let relay = stage.relay();
    let (mut alder, mut rowan) = (stage.newcomer("alder"), stage.person("rowan"));
    let config = alder.folder.join("config.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("circle_quota_mib = 1024", "circle_quota_mib = 1")).unwrap();
    alder.starts();
    two_in(TITLE, &relay, &alder, &rowan);
    let mut said = Vec::new();
    let mut says = || {
        said.push(format!("{} {}", said.len(), "much to say ".repeat(8000)));
        rowan.does(&["share", TITLE, said.last().unwrap()]);
    };
    until("the circle to be full", || {
        says();
        let answer = alder.asks(&["share", TITLE, "One thing more."]);
        (answer.exit_code != 0).then(|| assert_eq!(answer.code(), "circle_quota"))
    });
    for _ in 0..MORE {
        says();
    }
    rowan.has_sent_all();
    // As much as it has room for, and no more comes.
    let taken = alder.texts(TITLE);
    let theirs = taken.iter().filter(|words| said.contains(words)).count();
    assert!((8..=said.len() - MORE).contains(&theirs), "{theirs} of {}", said.len());
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(alder.texts(TITLE), taken);
    assert_eq!(alder.does(&["node", "status"])["condition"], "working");

    // Its author goes; the relay has the rest.
    rowan.stops();
    alder.stops();
    fs::write(&config, text).unwrap();
    alder.starts();
    let all = until("the rest", || {
        let texts = alder.texts(TITLE);
        said.iter().all(|words| texts.contains(words)).then_some(texts)
    });
    assert!(taken.iter().all(|words| all.contains(words)));
    let read = alder.does(&["read", TITLE]);
    assert_eq!(list(&read, "/gaps"), [] as [Value; 0]);
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (kind, target) = (entry.file_type().unwrap(), to.join(entry.file_name()));
        if kind.is_dir() {
            copy(&entry.path(), &target);
        } else if kind.is_file() {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
