//! The power fails at any moment, for real processes: what they did to their files is watched call by
//! call, and disks are laid out on which only what they synced is there for certain. Key files and their
//! replacement, witnesses, headers, layouts of before, copies that take a store's place, and relays.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use windbreak_node::profile::{KdfCost, Profile, exists};
use windbreak_node::store::Store;
use windbreak_protocol::id::EnvelopeId;
use windbreak_protocol::record::{Key, RecordKind};
use windbreak_protocol::secret::SecretBytes;

use crate::circle::{NO_RELAY, restoring, saves_alone, says_alone, text, two_in};
use crate::erasing::{opened_by, opens, says};
use crate::privacy::held_by;
use crate::stage::{Party, Stage, until};
use crate::store::{copy, hides, names_a_relay};
use crate::watch::{Point, Watch};

const TITLE: &str = "Evening walk";
/// Shares whose cost is counted, and bytes that one of them may have written on average: pages of sled,
/// which hold more than what is new.
const SHARES: usize = 20;
const MOST_WRITTEN: usize = 40 * 1024;

/// Everything that opens of a profile's folder, all of which must open.
fn records(party: &Party, folder: &Path) -> BTreeMap<Key, Vec<u8>> {
    records_by(&party.passphrase(), folder)
}

/// The same of another profile in that folder, by the file with its passphrase.
fn records_by(passphrase: &str, folder: &Path) -> BTreeMap<Key, Vec<u8>> {
    let store = opened_by(passphrase, folder);
    let kinds = RecordKind::ALL.into_iter();
    let all = kinds.flat_map(|kind| store.load(kind).unwrap());
    all.map(|(key, value)| (key, value.to_vec())).collect()
}

/// The same of a copy, for opening a folder may change it.
fn records_aside(party: &Party) -> BTreeMap<Key, Vec<u8>> {
    records_aside_by(&party.passphrase(), &party.folder)
}

fn records_aside_by(passphrase: &str, folder: &Path) -> BTreeMap<Key, Vec<u8>> {
    let aside = tempfile::tempdir().unwrap();
    let place = aside.path().join("aside");
    copy(folder, &place);
    records_by(passphrase, &place)
}

fn secret(passphrase: &str) -> SecretBytes {
    SecretBytes::new(fs::read(passphrase).unwrap().trim_ascii_end().to_vec())
}

/// What was said, when that was acknowledged, and from when on it was being taken back.
struct Said {
    words: String,
    since: Point,
    taken_back: Option<[Point; 2]>,
}

#[test]
fn what_a_command_says_is_kept_or_gone_is_so_after_the_power_failed() {
    let stage = Stage::new();
    let mut alder = stage.newcomer("alder");
    let Some(watch) = Watch::over(&stage, &alder.folder) else { return };
    alder.starts_after(&watch.shell());
    alder.makes(TITLE, "Alder Aurora", NO_RELAY);
    let mut said: Vec<(String, Said)> = Vec::new();
    for number in 0..18 {
        let words = format!("Number {number}, {}", "at some length. ".repeat(number * 9));
        let id = text(&alder.does(&["share", TITLE, &words]), "/id");
        said.push((id, Said { words, since: watch.point(), taken_back: None }));
        match number {
            // An end and a start, and a death and a start.
            5 => alder.stops(),
            11 => watch.kills(&mut alder),
            8 | 14 => {
                let (id, said) = &mut said[number - 4];
                let begun = watch.point();
                alder.does(&["withdraw", id, "--yes"]);
                said.taken_back = Some([begun, watch.point()]);
            }
            _ => {}
        }
        if matches!(number, 5 | 11) {
            alder.starts_after(&watch.shell());
        }
    }
    alder.stops();

    // The files of before words were taken back, as a power cut left them.
    let mut seized: Vec<(usize, PathBuf)> = Vec::new();
    let mut looked_at = 0;
    watch.loses_power(40, 7, &mut |point, image| {
        looked_at += 1;
        let found = records(&alder, image);
        for (number, (_, said)) in said.iter().enumerate() {
            let is_kept = said.taken_back.is_none_or(|[begun, _]| point < begun);
            if said.since <= point && is_kept {
                assert!(says(&found, &said.words), "number {number} is lost at {point:?}");
            }
            let Some([_, done]) = said.taken_back else { continue };
            if said.since <= point && is_kept && seized.iter().all(|(of, _)| *of != number) {
                let folder = stage.folder(&format!("seized {number}"));
                copy(image, &folder);
                seized.push((number, folder));
            }
            if done <= point {
                assert!(!says(&found, &said.words), "number {number} is back at {point:?}");
            }
        }
        for (number, folder) in &seized {
            let said = &said[*number].1;
            if said.taken_back.is_some_and(|[_, done]| done <= point) && looked_at % 4 == 0 {
                assert!(!says(&opens(&alder, folder, image), &said.words), "number {number}");
            }
        }
    });
    assert_eq!(seized.len(), 2);
}

#[test]
fn nothing_is_built_on_what_could_not_be_synced() {
    let stage = Stage::new();
    let mut alder = stage.newcomer("alder");
    let Some(watch) = Watch::over(&stage, &alder.folder) else { return };
    let flag = is_refused_a_share(&stage, &watch, &mut alder);
    fs::remove_file(&flag).unwrap();
    until("the node to work again", || {
        let status = alder.does(&["node", "status"]);
        (text(&status, "/condition") == "working").then_some(())
    });
    loses_nothing_around_it(watch, &mut alder, 41);
}

/// Somebody who shares while the disk takes it, and is refused when it fails. Gives what has it fail.
fn is_refused_a_share(stage: &Stage, watch: &Watch, alder: &mut Party) -> PathBuf {
    let flag = stage.folder("flag");
    alder.starts_after(&watch.shell_that_fails(&flag));
    alder.makes(TITLE, "Alder Aurora", NO_RELAY);
    alder.does(&["share", TITLE, "Before it failed."]);
    fs::write(&flag, "").unwrap();
    let refused = alder.asks(&["share", TITLE, "While it failed."]);
    assert_eq!(refused.code(), "store_failed", "{refused:?}");
    flag
}

/// What was shared before the disk failed and what is shared after it stay, wherever power is lost then.
fn loses_nothing_around_it(watch: Watch, alder: &mut Party, seed: u64) {
    alder.does(&["share", TITLE, "After it failed."]);
    let acknowledged = watch.point();
    alder.does(&["share", TITLE, "And one more."]);
    alder.stops();
    let mut looked_at = 0;
    watch.loses_power(30, seed, &mut |point, image| {
        let found = records(alder, image);
        if point >= acknowledged {
            looked_at += 1;
            for words in ["Before it failed.", "After it failed."] {
                assert!(says(&found, words), "{words} is lost at {point:?}");
            }
        }
    });
    assert!(looked_at > 0);
}

/// The system's memory outlives a process, and with it what the system only believes to have written.
#[test]
fn nothing_is_built_on_what_another_process_could_not_sync() {
    let stage = Stage::new();
    let mut alder = stage.newcomer("alder");
    let Some(watch) = Watch::over(&stage, &alder.folder) else { return };
    let flag = is_refused_a_share(&stage, &watch, &mut alder);
    watch.kills(&mut alder);
    fs::remove_file(&flag).unwrap();
    alder.starts_after(&watch.shell());
    loses_nothing_around_it(watch, &mut alder, 43);
}

#[test]
fn a_share_waits_for_the_disk_so_often_and_no_more() {
    let stage = Stage::new();
    let mut alder = stage.newcomer("alder");
    let Some(watch) = Watch::over(&stage, &alder.folder) else { return };
    alder.starts_after(&watch.shell());
    alder.makes(TITLE, "Alder Aurora", NO_RELAY);
    // The first is told what the circle declares, too, which is kept.
    alder.does(&["share", TITLE, "To begin with."]);
    let from = watch.point();
    for number in 0..SHARES {
        alder.does(&["share", TITLE, &format!("Number {number}.")]);
    }
    let (waits, bytes) = watch.cost_since(from);
    // One commit each, and one wait for that; something may be looked after meanwhile.
    assert!((SHARES..=SHARES + 4).contains(&waits), "{waits} waits for the disk");
    assert!(bytes <= SHARES * MOST_WRITTEN, "{bytes} bytes");
}

#[test]
fn a_profile_that_was_made_is_there_after_the_power_failed() {
    let stage = Stage::new();
    let passphrase = stage.passphrase("alder", "alder: four quiet words");
    let alder = stage.absent("alder");
    let Some(watch) = Watch::over(&stage, &alder.folder) else { return };
    let init = ["init", "--test-cost", "--network", "relay-only", "--passphrase-file", &passphrase];
    let made = alder.asks_after(&watch.shell(), &init);
    assert_eq!(made.exit_code, 0, "{made:?}");
    let made = watch.point();
    let kept = records_aside(&alder);
    watch.loses_power(12, 11, &mut |point, image| {
        if !exists(image) {
            assert!(point < made, "it is gone at {point:?}");
            Profile::create(image, &secret(&passphrase), KdfCost::TEST).unwrap();
        }
        let found = records(&alder, image);
        assert!(point < made || found == kept, "something is lost at {point:?}");
    });
}

#[test]
fn a_backup_that_was_made_is_whole_after_the_power_failed() {
    let stage = Stage::new();
    let mut alder = stage.newcomer("alder");
    let folder = stage.folder("backups");
    fs::create_dir(&folder).unwrap();
    let Some(watch) = Watch::over(&stage, &folder) else { return };
    alder.starts_after(&watch.shell());
    says_alone(&alder, TITLE, "Kept in a backup.");
    let secret = stage.passphrase("backup", "a backup of few words");
    let name = folder.join("backup");
    let create = ["backup", "create", name.to_str().unwrap(), "--backup-passphrase-file", &secret];
    let created = alder.asks_after(&watch.shell(), &create);
    assert_eq!(created.exit_code, 0, "{created:?}");
    let made = watch.point();
    let (mut whole, mut none) = (0, 0);
    watch.loses_power(12, 13, &mut |point, image| {
        let name = image.join("backup");
        let name = name.to_str().unwrap();
        if Path::new(name).exists() {
            whole += 1;
            alder.does(&["backup", "check", name, "--backup-passphrase-file", &secret]);
        } else {
            none += 1;
            assert!(point < made, "it is gone at {point:?}");
        }
    });
    assert!(whole > 0 && none > 0, "{whole} whole, {none} not there");
}

#[test]
fn what_was_restored_is_there_after_the_power_failed() {
    let stage = Stage::new();
    let alder = stage.person("alder");
    let [file, secret] = saves_alone(&stage, &alder, TITLE, "Kept.");
    // It is made beside its place.
    let place = Stage::new();
    let passphrase = place.passphrase("restored", "restored: four quiet words");
    let restored = place.absent("restored");
    let around = restored.folder.parent().unwrap();
    let Some(watch) = Watch::over(&stage, around) else { return };
    let done = restored.asks_after(&watch.shell(), &restoring(&file, &secret, &passphrase));
    assert_eq!(done.exit_code, 0, "{done:?}");
    let done = watch.point();
    let kept = records_aside(&restored);
    assert!(says(&kept, "Kept."));
    watch.loses_power(12, 17, &mut |point, image| {
        let image = image.join("restored");
        if exists(&image) {
            assert!(records(&restored, &image) == kept, "something is lost at {point:?}");
        } else {
            assert!(point < done, "it is gone at {point:?}");
        }
    });
}

#[test]
fn a_passphrase_is_the_old_one_or_the_new_one_after_the_power_failed() {
    let stage = Stage::new();
    let alder = stage.newcomer("alder");
    let (old, new) = (alder.passphrase(), stage.passphrase("new", "alder: four other words"));
    let other = stage.passphrase("other", "another four quiet words");
    hides(&alder, &old, &other);
    let Some(watch) = Watch::over(&stage, &alder.folder) else { return };
    let change = ["passphrase", "change", "--passphrase-file", &old, "--new-passphrase-file", &new];
    let changed = alder.asks_after(&watch.shell(), &change);
    assert_eq!(changed.exit_code, 0, "{changed:?}");
    let changed = watch.point();
    watch.loses_power(usize::MAX, 3, &mut |point, image| {
        let opens = |words: &str| {
            let profile = Profile::open(image, &secret(words)).ok()?;
            profile.open_store().unwrap();
            Some(())
        };
        let [opens_old, opens_new, opens_other] =
            [&old, &new, &other].map(|words| opens(words).is_some());
        assert!(opens_old != opens_new, "old {opens_old}, new {opens_new} at {point:?}");
        assert!(opens_new || point < changed, "it is the old one again at {point:?}");
        assert!(opens_other, "the other profile is gone at {point:?}");
    });
}

#[test]
fn what_is_said_in_another_profile_is_kept_after_the_power_failed() {
    let stage = Stage::new();
    let mut alder = stage.person("alder");
    says_alone(&alder, TITLE, "Kept in the first one.");
    alder.stops();
    names_a_relay(&alder);
    let (own, other) = (alder.passphrase(), stage.passphrase("other", "another four quiet words"));
    let Some(watch) = Watch::over(&stage, &alder.folder) else { return };
    let of_both = ["--passphrase-file", &own, "--new-passphrase-file", &other, "--yes"];
    let hidden = alder.asks_after(&watch.shell(), &[&["hidden", "new"][..], &of_both].concat());
    assert_eq!(hidden.exit_code, 0, "{hidden:?}");
    let made = watch.point();
    let lived = records_aside_by(&other, &alder.folder);
    let is_item = |key: &&Key| key.kind() == RecordKind::Item;
    let items: Vec<&Key> = lived.keys().filter(is_item).collect();
    assert!(items.len() > 10, "{}", items.len());

    let mut opened = stage.somebody("alder", &["node", "run", "--passphrase-file", &other]);
    let mut said: Vec<(String, Point)> = Vec::new();
    for start in 0..3 {
        opened.starts_after(&watch.shell());
        let title = text(&opened.does(&["circle", "list"]), "/circles/0/title");
        for number in 0..3 {
            let words = format!("Said there, start {start}, number {number}.");
            opened.does(&["share", &title, &words]);
            said.push((words, watch.point()));
        }
        if start == 1 { watch.kills(&mut opened) } else { opened.stops() }
    }
    let (mut before, mut after) = (0, 0);
    watch.loses_power(30, 19, &mut |point, image| {
        let found = records(&alder, image);
        assert!(says(&found, "Kept in the first one."), "it is lost at {point:?}");
        if point < made {
            before += 1;
            return;
        }
        after += 1;
        let found = records_by(&other, image);
        assert!(items.iter().all(|key| found.contains_key(*key)), "of the life at {point:?}");
        for (words, since) in &said {
            assert!(*since > point || says(&found, words), "{words} is lost at {point:?}");
        }
    });
    assert!(before > 0 && after > 0, "{before} before it was made, {after} after");
}

#[test]
fn a_profile_that_is_brought_up_to_date_keeps_everything_when_the_power_fails() {
    let stage = Stage::new();
    let passphrase = stage.passphrase("old", "a store of the first version");
    let old = stage.somebody("old", &["node", "run", "--passphrase-file", &passphrase]);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../node/tests/fixtures");
    for (fixture, seed) in [("schema-1", 5), ("schema-2", 6)] {
        let _ = fs::remove_dir_all(&old.folder);
        copy(&fixtures.join(fixture), &old.folder);
        let Some(watch) = Watch::over(&stage, &old.folder) else { return };
        let check = ["store", "check", "--passphrase-file", &passphrase];
        let checked = old.asks_after(&watch.shell(), &check);
        assert_eq!(checked.exit_code, 0, "{checked:?}");
        let kept = records_aside(&old);
        assert!(says(&kept, "The first thing said."));
        watch.loses_power(16, seed, &mut |point, image| {
            assert!(records(&old, image) == kept, "something of {fixture} is lost at {point:?}");
        });
    }
}

#[test]
fn a_store_that_is_compacted_keeps_everything_when_the_power_fails() {
    let stage = Stage::new();
    let mut alder = stage.person("alder");
    alder.makes(TITLE, "Alder Aurora", NO_RELAY);
    for number in 0..8 {
        alder.does(&["share", TITLE, &format!("{number} {}", "long words ".repeat(2000))]);
    }
    alder.stops();
    let kept = records_aside(&alder);
    let Some(watch) = Watch::over(&stage, &alder.folder) else { return };
    let passphrase = alder.passphrase();
    let compact = ["store", "compact", "--passphrase-file", &passphrase];
    let compacted = alder.asks_after(&watch.shell(), &compact);
    assert_eq!(compacted.exit_code, 0, "{compacted:?}");
    watch.loses_power(16, 9, &mut |point, image| {
        assert!(records(&alder, image) == kept, "something is lost at {point:?}");
    });
}

#[test]
fn what_a_relay_says_it_holds_is_there_after_the_power_failed() {
    let stage = Stage::new();
    let mut relay = stage.relay_to_be("relay");
    let folder = relay.party.folder.clone();
    let Some(watch) = Watch::over(&stage, &folder) else { return };
    relay.starts_after(&watch.shell());
    let began = watch.point();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    // How many envelopes somebody was told to be held, and by when.
    let mut held: Vec<(Point, usize)> = Vec::new();
    for number in 0..9 {
        alder.shares(TITLE, &format!("Number {number} is held."));
        let status = relay.party.does(&["relay", "status"]);
        let envelopes = status.pointer("/status/envelopes").and_then(|count| count.as_u64());
        held.push((watch.point(), usize::try_from(envelopes.unwrap()).unwrap()));
        if number == 3 {
            watch.kills(&mut relay.party);
            relay.starts_after(&watch.shell());
        }
    }
    assert!(held[0].1 > 1 && held[8].1 >= held[0].1 + 8, "{held:?}");
    relay.party.stops();
    let ids = |folder: &Path| -> BTreeSet<EnvelopeId> {
        held_by(folder).iter().map(|envelope| envelope.id()).collect()
    };
    let identity = fs::read(folder.join("identity")).unwrap();
    let aside = stage.folder("aside");
    copy(&folder, &aside);
    let all = ids(&aside);
    watch.loses_power(40, 13, &mut |point, image| {
        let found = ids(image);
        assert!(found.is_subset(&all));
        let told = held.iter().rev().find(|(by, _)| *by <= point).map_or(0, |(_, count)| *count);
        assert!(found.len() >= told, "{} of {told} are left at {point:?}", found.len());
        // With another one, nobody would reach it.
        let is_known = fs::read(image.join("identity")).is_ok_and(|found| found == identity);
        assert!(is_known || point < began, "it is another relay at {point:?}");
    });
}
