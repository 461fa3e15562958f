//! Nodes that are killed at any moment, again and again: what was acknowledged is there, once, and
//! the circle goes on as if nothing had happened.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use windbreak_node::profile::Profile;
use windbreak_node::store::Store;
use windbreak_protocol::record::{Batch, Key, RecordKind};
use windbreak_protocol::secret::SecretBytes;

use crate::circle::{list, restoring, saves_alone, says_alone, text, two_in};
use crate::stage::{Begun, Party, Relay, Stage, until};
use crate::store::hides;

const TITLE: &str = "Evening walk";
/// The longest time between what begins and the kill, in milliseconds.
const LONGEST: u64 = 400;
/// Bytes by which the records of stores that are alike differ (S-15): two segments of sled.
const ALIKE: u64 = 1024 * 1024;

#[test]
fn thirty_kills_lose_nothing() {
    kills(30, 7);
}

/// `cargo test -p windbreak --test loopback five_hundred -- --ignored`
#[test]
#[ignore = "takes half an hour"]
fn five_hundred_kills_lose_nothing() {
    kills(500, 11);
}

#[test]
fn a_restore_that_is_killed_leaves_a_whole_profile_or_none() {
    let stage = Stage::new();
    let alder = stage.person("alder");
    let [file, secret] = saves_alone(&stage, &alder, TITLE, "Kept.");
    let passphrase = stage.passphrase("restored", "restored: four quiet words");
    let other = stage.absent("restored");
    let args = restoring(&file, &secret, &passphrase);
    let mut draw = Draw(3);
    let mut attempts = 0;
    loop {
        attempts += 1;
        // Later and later, so that at last one comes through.
        let begun = other.begins(&args);
        let survived =
            begun.dies_after(Duration::from_millis(draw.below(60) * attempts * attempts));
        if other.folder.join("header").exists() {
            break;
        }
        assert!(!survived, "it said that it was done");
        assert!(!other.folder.exists(), "half a profile is left");
    }
    assert!(attempts > 1, "none was killed in time");
    let checked = other.does(&["store", "check", "--passphrase-file", &passphrase]);
    assert_eq!(checked["sound"], true);
    other.does(&["unlock", "--passphrase-file", &passphrase]);
    assert_eq!(other.texts(TITLE), ["Kept."]);
    other.does(&["lock"]);
}

#[test]
fn an_init_that_is_killed_leaves_a_whole_profile_or_none() {
    let stage = Stage::new();
    let passphrase = stage.passphrase("alder", "alder: four quiet words");
    let alder = stage.absent("alder");
    let init = ["init", "--test-cost", "--network", "direct", "--passphrase-file", &passphrase];
    let mut draw = Draw(19);
    let mut attempts = 0;
    loop {
        attempts += 1;
        let begun = alder.begins(&init);
        let survived =
            begun.dies_after(Duration::from_millis(draw.below(20) * attempts * attempts));
        if alder.folder.join("header").exists() {
            break;
        }
        assert!(!survived, "it said that it was done");
    }
    assert!(attempts > 1, "none was killed in time");
    // What there is goes as was chosen, and has a phrase.
    let config = fs::read_to_string(alder.folder.join("config.toml")).unwrap();
    assert!(config.contains("mode = \"direct\""), "{config}");
    alder.does(&["unlock", "--passphrase-file", &passphrase]);
    assert_eq!(alder.asks(&["recovery", "new"]).code(), "phrase_needed");
    alder.does(&["lock"]);
}

#[test]
fn a_change_of_passphrase_that_is_killed_leaves_the_old_one_or_the_new_one() {
    let stage = Stage::new();
    let alder = stage.newcomer("alder");
    let mut words = [alder.passphrase(), stage.passphrase("other", "other: four quiet words")];
    let opens = |passphrase: &str| {
        let checked = alder.asks(&["store", "check", "--passphrase-file", passphrase]);
        assert!(checked.exit_code == 0 || checked.code() == "wrong_passphrase", "{checked:?}");
        checked.exit_code == 0
    };
    let mut draw = Draw(13);
    let (mut cut, mut changed) = (0, 0);
    // From hardly begun to longer and longer, until some were killed and some were done, however quick or
    // busy the machine is.
    for attempt in 0..48 {
        if attempt >= 12 && cut > 0 && changed > 0 {
            break;
        }
        let [old, new] = &words;
        let change = ["passphrase", "change", "--passphrase-file", old];
        let begun = alder.begins(&[&change[..], &["--new-passphrase-file", new]].concat());
        let survived = begun.dies_after(Duration::from_millis(draw.below(4 + attempt * attempt)));
        let (opens_old, opens_new) = (opens(old), opens(new));
        assert!(opens_old != opens_new, "old {opens_old}, new {opens_new}");
        assert!(opens_new || !survived, "it said that it was done");
        cut += u32::from(!survived);
        changed += u32::from(opens_new);
        if opens_new {
            words.reverse();
        }
    }
    assert!(cut > 0 && changed > 0, "{cut} killed, {changed} changed");
}

#[test]
fn a_backup_that_is_killed_leaves_a_whole_file_or_none() {
    let stage = Stage::new();
    let mut alder = stage.person("alder");
    says_alone(&alder, TITLE, "Kept in a backup.");
    let secret = stage.passphrase("backup", "a backup of few words");
    let passphrase = stage.passphrase("restored", "restored: four quiet words");
    let mut draw = Draw(5);
    let (mut whole, mut none) = (0, 0);
    // Longer and longer, until some were killed and some were done, however busy the machine is.
    for number in 0..24 {
        if number >= 4 && whole > 0 && none > 0 {
            break;
        }
        alder.does(&[
            "share",
            TITLE,
            &format!("Number {number}, {}", "at some length. ".repeat(200)),
        ]);
        let said = alder.texts(TITLE);
        let file = stage.folder("words").join(format!("backup {number}"));
        let name = file.to_str().unwrap();
        let begun = alder.begins(&["backup", "create", name, "--backup-passphrase-file", &secret]);
        std::thread::sleep(Duration::from_millis(draw.below(2500 + 500 * number)));
        alder.is_killed();
        let answer = begun.answer();
        let other = stage.absent(&format!("restored {number}"));
        let restore = restoring(name, &secret, &passphrase);
        if file.exists() {
            whole += 1;
            alder.does(&["backup", "check", name, "--backup-passphrase-file", &secret]);
            other.does(&restore);
            other.does(&["unlock", "--passphrase-file", &passphrase]);
            assert_eq!(other.texts(TITLE), said);
            other.does(&["lock"]);
        } else {
            none += 1;
            assert_ne!(answer.exit_code, 0);
            let refused = other.asks(&restore);
            assert_ne!(refused.exit_code, 0);
            assert!(!refused.code().is_empty(), "{refused:?}");
            assert!(!other.folder.exists());
        }
        alder.starts();
    }
    assert!(whole > 0 && none > 0, "{whole} whole, {none} killed in time");
}

#[test]
fn whoever_is_killed_while_letting_in_and_taking_out_does_so_at_last() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (mut alder, mut rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    let mut draw = Draw(17);
    let mut said = BTreeSet::new();
    for number in 0..2 {
        let made = alder.does(&["invite", "new", TITLE, "--review"]);
        alder.has_sent_all();
        let name = format!("Willow {number}");
        let willow = stage.person(&format!("willow {number}"));
        willow.knocks(&text(&made, "/invite/code"), &name, "May I come in?");
        let knock = alder.hears_a_knock(TITLE);
        let admit = ["lobby", "admit", TITLE, &knock];
        for _ in 0..3 {
            let begun = alder.begins(&admit);
            kill_after(&mut draw, &mut alder);
            let _ = begun.answer();
            alder.starts();
        }
        // It may have been killed before it took the word in.
        until("the newcomer to be in", || {
            let _ = alder.asks(&admit);
            let joins = willow.does(&["join"]);
            (text(&joins, "/joins/0/stage") == "joined").then_some(())
        });
        let words = format!("{name} is here.");
        willow.shares(TITLE, &words);
        alder.reads(TITLE, &words);
        rowan.reads(TITLE, &words);
        said.insert(words);

        let remove = ["member", "remove", TITLE, &name, "--reason", "As agreed.", "--yes"];
        for _ in 0..2 {
            let begun = alder.begins(&remove);
            kill_after(&mut draw, &mut alder);
            let _ = begun.answer();
            // Who only hears of it, too.
            kill_after(&mut draw, &mut rowan);
            alder.starts();
            rowan.starts();
        }
        until("the member to be out", || {
            let _ = alder.asks(&remove);
            let members = [&alder, &rowan].map(|party| party.does(&["member", "list", TITLE]));
            members.iter().all(|list| list["members"].as_array().unwrap().len() == 2).then_some(())
        });
        willow.is_out(TITLE, "removed");
        let words = format!("Without {name}.");
        alder.shares(TITLE, &words);
        rowan.reads(TITLE, &words);
        assert!(!willow.texts(TITLE).contains(&words));
        said.insert(words);
    }
    for person in [&alder, &rowan] {
        person.has_sent_all();
        holds(person, &said);
    }
    until("both to show the same", || (alder.texts(TITLE) == rowan.texts(TITLE)).then_some(()));
    ends_sound(&stage, alder, rowan, relay);
}

#[test]
fn a_profile_that_is_killed_while_it_is_brought_up_to_date_keeps_everything() {
    let stage = Stage::new();
    let passphrase = stage.passphrase("old", "a store of the first version");
    let run = ["node", "run", "--passphrase-file", &passphrase];
    let mut old = stage.somebody("old", &run);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../node/tests/fixtures");
    let mut draw = Draw(9);
    for fixture in ["schema-1", "schema-2", "schema-3", "schema-2"] {
        let from = fixtures.join(fixture);
        let begins_anew = |folder: &Path| {
            let _ = fs::remove_dir_all(folder);
            crate::store::copy(&from, folder);
        };
        begins_anew(&old.folder);
        // Each time later after it has begun; one that came through in the meantime is begun again.
        let mut cut = 0;
        // The present one has nothing to be brought up to date.
        let tries = if fixture == "schema-3" { 0 } else { 4 };
        for attempt in 0..tries {
            let folder = old.folder.clone();
            let after = Duration::from_millis(draw.below(10) * attempt);
            old.starts_and_is_killed_once(&|| is_half_up_to_date(&folder), after);
            if is_half_up_to_date(&old.folder) {
                cut += 1;
            } else {
                begins_anew(&old.folder);
            }
        }
        assert!(cut > 0 || tries == 0, "no kill of {fixture} hit it in the middle");
        for attempt in 1..6 {
            old.starts_and_is_killed(Duration::from_millis(draw.below(120) * attempt));
        }
        old.starts();
        let texts = old.texts(TITLE);
        assert_eq!(texts.len(), 2);
        assert_eq!(texts[0], "The first thing said.");
        assert!(!is_half_up_to_date(&old.folder));
        old.stops();
    }
}

/// Whether a profile is neither as it was nor up to date: stores are there beside the one store of 1, or
/// one is being built that is to take the place of another, or does so.
fn is_half_up_to_date(folder: &Path) -> bool {
    let is_there = |name: &str| folder.join(name).exists();
    let is_built = |slot| ["next", "ready"].map(|name| is_there(&format!("stores/{slot}/{name}")));
    is_there("store") && is_there("stores") || (0..4).any(|slot| is_built(slot).contains(&true))
}

#[test]
fn a_node_that_is_killed_or_stopped_while_it_makes_stores_alike_spoils_none() {
    let stage = Stage::new();
    let mut alder = stage.person("alder");
    says_alone(&alder, TITLE, "Kept.");
    alder.stops();
    let (own, other) = (alder.passphrase(), stage.passphrase("other", "another four quiet words"));
    hides(&alder, &own, &other);
    grows_alone(&alder);
    let mut left = vec![behind(&alder)];
    assert!(left[0] > 30 * 1024 * 1024, "{left:?}");

    let mut draw = Draw(5);
    for end in 0..6 {
        alder.starts();
        std::thread::sleep(Duration::from_millis(draw.below(700)));
        if end % 3 == 2 {
            let began = Instant::now();
            alder.stops();
            assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        } else {
            alder.is_killed();
        }
        left.push(behind(&alder));
    }
    // Some of it was done each time, and the rest was left.
    assert!(left.iter().any(|left_then| (1..left[0]).contains(left_then)), "{left:?}");
    alder.starts();
    assert_eq!(alder.texts(TITLE), ["Kept."]);
    until("the stores to be alike", || {
        let lengths = lengths(&alder);
        (lengths.iter().max()? - lengths.iter().min()? <= ALIKE).then_some(())
    });
    alder.stops();
    for secret in [&own, &other] {
        let checked = alder.does(&["store", "check", "--passphrase-file", secret]);
        assert_eq!(checked["sound"], true);
    }
}

/// Makes the store of somebody larger than the others, as if nobody had made them alike.
fn grows_alone(party: &Party) {
    let words = fs::read(party.passphrase()).unwrap();
    let words = SecretBytes::new(words.trim_ascii_end().to_vec());
    let profile = Profile::open(&party.folder, &words).unwrap();
    let mut store = profile.open_store().unwrap();
    let key = |number: u8| Key::new(RecordKind::Outbox, &[&[number; 64]]);
    let (mut coming, mut going) = (Batch::new(), Batch::new());
    for number in 0..32 {
        coming.put(key(number), vec![number; 512 * 1024]);
        going.delete(key(number));
    }
    store.apply(coming).unwrap();
    store.apply(going).unwrap();
    store.tidy().unwrap();
}

/// By how many bytes the smaller stores of a folder are smaller than the largest.
fn behind(party: &Party) -> u64 {
    let lengths = lengths(party);
    let largest = lengths.into_iter().max().unwrap();
    lengths.into_iter().map(|length| largest - length).sum()
}

/// How long the records of each store of a folder are, in bytes.
fn lengths(party: &Party) -> [u64; 4] {
    let length = |slot| fs::metadata(party.folder.join(format!("stores/{slot}/db"))).unwrap().len();
    [0, 1, 2, 3].map(length)
}

fn kills(count: usize, seed: u64) {
    let stage = Stage::new();
    let relay = stage.relay();
    let (mut alder, mut rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    let mut draw = Draw(seed);
    // Everything of each that was answered with a yes.
    let mut said = [BTreeSet::new(), BTreeSet::new()];
    let mut members = 2;
    for number in 0..count {
        let words = format!("number {number}");
        match draw.below(6) {
            // While sharing.
            0 | 1 => {
                let begun = alder.begins(&["share", TITLE, &words]);
                kill_after(&mut draw, &mut alder);
                note(begun, words, &mut said[0]);
            }
            // While committing: an invite is a change of the circle.
            2 => {
                let begun = alder.begins(&["invite", "new", TITLE]);
                kill_after(&mut draw, &mut alder);
                let _ = begun.answer();
            }
            // While catching up.
            3 => {
                alder.is_killed();
                let missed = format!("missed {number}");
                let answer = rowan.asks(&["share", TITLE, &missed, "--wait", "20s"]);
                assert_eq!(answer.exit_code, 0, "{answer:?}");
                said[1].insert(missed);
                alder.starts();
                kill_after(&mut draw, &mut alder);
            }
            // While starting.
            4 => {
                alder.is_killed();
                alder.starts_and_is_killed(Duration::from_millis(draw.below(LONGEST)));
            }
            // The other side, while it receives.
            _ => {
                let answer = alder.asks(&["share", TITLE, &words]);
                assert_eq!(answer.exit_code, 0, "{answer:?}");
                said[0].insert(words);
                kill_after(&mut draw, &mut rowan);
            }
        }
        for (person, own) in [&mut alder, &mut rowan].into_iter().zip(&said) {
            if !person.is_running() {
                person.starts();
                has_at_once(person, own);
            }
        }
        if number % 3 == 2 {
            are_one(&alder, &rowan, &said, members);
        }
        if number % 30 == 11 {
            takes_back_all_invites(&alder);
            a_newcomer_is_killed_while_joining(&stage, &mut draw, &alder, number);
            members += 1;
        }
    }
    for person in [&alder, &rowan] {
        person.has_sent_all();
    }
    are_one(&alder, &rowan, &said, members);
    ends_sound(&stage, alder, rowan, relay);
}

/// Whoever has just started works, is in, and has all that they were told is kept: at once, and nothing
/// twice. What others said meanwhile comes in any order, and leaves no gap.
fn has_at_once(person: &Party, own: &BTreeSet<String>) {
    assert_eq!(person.does(&["node", "status"])["condition"], "working");
    let circle = person.does(&["circle", "show", TITLE]);
    assert_eq!(circle["circle"]["standing"], "active", "{circle}");
    assert_eq!(circle["circle"]["coming_back"], false, "{circle}");
    let there = all_once(person);
    let lost: Vec<_> = own.difference(&there).collect();
    assert!(lost.is_empty(), "{lost:?} is lost");
    until("no gap to be left", || {
        list(&person.does(&["read", TITLE]), "/gaps").is_empty().then_some(())
    });
}

fn all_once(person: &Party) -> BTreeSet<String> {
    let texts = person.texts(TITLE);
    let there: BTreeSet<String> = texts.iter().cloned().collect();
    assert_eq!(there.len(), texts.len(), "something stands twice");
    there
}

/// Both have all that either was told is kept, and come to one state of the circle with all its members,
/// in which nothing is missing, nothing is wanted any more and nobody is in trouble.
fn are_one(alder: &Party, rowan: &Party, said: &[BTreeSet<String>; 2], members: usize) {
    let said: BTreeSet<String> = said[0].union(&said[1]).cloned().collect();
    for person in [alder, rowan] {
        holds(person, &said);
    }
    let circle = until("both to have one circle, in which nothing is to be done", || {
        let [one, other] = [alder, rowan].map(circle_of);
        (one == other && one["pending_changes"] == 0).then_some(one)
    });
    assert_eq!((&circle["standing"], &circle["coming_back"]), (&json!("active"), &json!(false)));
    let devices =
        list(&circle, "/members").iter().map(|member| member["devices"].as_u64().unwrap());
    assert_eq!(devices.collect::<Vec<_>>(), vec![1; members]);
    for person in [alder, rowan] {
        until("nothing to be missing and nobody in trouble", || {
            let (read, status) = (person.does(&["read", TITLE]), person.does(&["node", "status"]));
            let troubles = [status.pointer("/trouble"), status.pointer("/networks/0/trouble")];
            let is_well = status["condition"] == "working" && troubles == [None, None];
            (is_well && list(&read, "/gaps").is_empty()).then_some(())
        });
    }
}

/// What two devices show alike once they stand at one head.
fn circle_of(person: &Party) -> Value {
    let circle = person.does(&["circle", "show", TITLE]);
    let mut members = person.does(&["member", "list", TITLE])["members"].take();
    for member in members.as_array_mut().unwrap() {
        // Which of them one is.
        member.as_object_mut().unwrap().remove("me");
    }
    let alike = ["epoch", "pending_changes", "coming_back", "standing", "relays", "agreement"];
    let mut shown: Value = alike
        .into_iter()
        .map(|field| (field.to_owned(), circle["circle"][field].clone()))
        .collect();
    shown["members"] = members;
    shown["texts"] = json!(person.texts(TITLE));
    shown
}

/// A circle takes a limited number of open invites; each of these died with whoever made it.
fn takes_back_all_invites(party: &Party) {
    let invites = party.does(&["invite", "list", TITLE]);
    for invite in invites["invites"].as_array().unwrap() {
        if invite["state"] == "open" {
            party.does(&["invite", "revoke", TITLE, &text(invite, "/id")]);
        }
    }
}

/// Somebody joins, and is killed again and again until they are in.
fn a_newcomer_is_killed_while_joining(
    stage: &Stage,
    draw: &mut Draw,
    alder: &Party,
    number: usize,
) {
    let code = alder.invites(TITLE);
    let mut willow = stage.person(&format!("willow {number}"));
    let args =
        ["join", &code, "--name", "Willow", "--accept-agreement", "--adult", "--wait", "20s"];
    for _ in 0..3 {
        let begun = willow.begins(&args);
        kill_after(draw, &mut willow);
        let _ = begun.answer();
        willow.starts();
    }
    let answer = willow.asks(&args);
    // It may have knocked already, or be in.
    assert!([0, 1, 3, 6].contains(&answer.exit_code), "{answer:?}");
    willow.is_told("joined");
    let words = format!("willow {number} is here");
    willow.shares(TITLE, &words);
    alder.reads(TITLE, &words);
}

/// Whatever was acknowledged is there, and nothing twice.
fn holds(person: &Party, said: &BTreeSet<String>) {
    let there = all_once(person);
    for words in said.difference(&there) {
        // What somebody else said may be on its way; what is lost never comes.
        person.reads(TITLE, words);
    }
}

fn note(begun: Begun, words: String, said: &mut BTreeSet<String>) {
    let answer = begun.answer();
    if answer.exit_code == 0 {
        assert!(!text(answer.data(), "/id").is_empty());
        said.insert(words);
    }
}

fn kill_after(draw: &mut Draw, party: &mut Party) {
    std::thread::sleep(Duration::from_millis(draw.below(LONGEST)));
    party.is_killed();
}

fn ends_sound(stage: &Stage, mut alder: Party, mut rowan: Party, relay: Relay) {
    alder.stops();
    rowan.stops();
    drop(relay);
    for person in [&alder, &rowan] {
        let name = person.folder.file_name().unwrap().to_str().unwrap();
        let passphrase = stage.folder("passphrases").join(name);
        let passphrase = passphrase.to_str().unwrap();
        let checked = person.does(&["store", "check", "--passphrase-file", passphrase]);
        assert_eq!(checked["sound"], true, "{checked}");
        assert_no_blobs(&person.folder);
    }
}

/// Nothing lies where sled puts what it does not sync.
fn assert_no_blobs(folder: &Path) {
    for slot in 0..4 {
        let blobs = folder.join(format!("stores/{slot}/blobs"));
        assert_eq!(fs::read_dir(blobs).unwrap().count(), 0);
    }
}

/// Draws times and choices; one seed gives one run, as far as processes do.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}
