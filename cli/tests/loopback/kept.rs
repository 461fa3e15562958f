//! What a demo leaves that is told to keep its folder: the real files of four people and a relay. They
//! say nothing to whoever has no passphrase, and what goes does not open from a copy of them, whether it
//! was taken back, grew too old, or went with a circle one is out of.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use windbreak_node::store::Store;
use windbreak_protocol::record::RecordKind;

use crate::circle::text;
use crate::erasing::{keys, lives_on, opened, opens, says};
use crate::privacy::{add_all_shown, held_by};
use crate::search::Needles;
use crate::stage::{FASTER, Party, Stage, until};
use crate::store::{assert_stores_are_alike, copy};

const PEOPLE: [&str; 4] = ["alder", "osina", "rowan", "yanagi"];
const TITLE: &str = "Evening walk by the canal";
const FIRST_POSTCARD: &str =
    "Postcard 001 from the towpath: the herons are back, and so is the light. 🪶";
/// What all hundred of them say.
const POSTCARD: &str = "from the towpath: the herons are back";
const LAST_POSTCARD: &str =
    "Postcard 100 from the towpath: the herons are back, and so is the light. 🪶";
/// What stands in the clear: the letter that somebody shares, as they typed it into a file of theirs,
/// and the passphrases, with which whoever keeps the folder opens what is in it.
const IN_THE_CLEAR: [&str; 2] = ["words", "passphrases"];
const DAY: Duration = Duration::from_secs(24 * 3600);
/// Bytes of a record that are looked for, and how far apart they lie.
const PIECE: usize = 24;
const STRIDE: usize = 512;

#[test]
fn the_files_of_a_demo_say_nothing_and_what_goes_does_not_open_from_them() {
    let stage = Stage::new();
    let told = stage.absent("nobody").does(&["demo", "--keep"]);
    // It has looked for all that was said itself, and for names that are too short for the search here.
    assert_eq!(told["scan"]["found_in"], serde_json::json!([]));
    let kept = PathBuf::from(text(&told, "/folder"));
    let folder = left_by_the_demo(&kept);
    let before = stage.folder("before");
    copy(&kept, &before);
    assert_eq!(names_in(&before), names_of_all_folders());
    assert_eq!(names_in(&before.join("words")), BTreeSet::from(["letter.txt".to_owned()]));
    assert_eq!(names_in(&before.join("passphrases")), PEOPLE.map(str::to_owned).into());
    for person in PEOPLE {
        assert_stores_are_alike(&before.join(person));
    }

    let [alder, osina, rowan, yanagi] = PEOPLE.map(|name| goes_on(&kept, name));
    let mut needles = Needles::default();
    for person in [&alder, &osina, &rowan, &yanagi] {
        add_all_records(&mut needles, &stage, &before, person);
    }
    let aside = stage.folder("aside").join("relay");
    copy(&before.join("relay"), &aside);
    for envelope in held_by(&aside) {
        needles.add_id_in_every_form("a topic", envelope.topic().as_bytes());
    }
    withdraws_and_leaves(&mut needles, &before, [alder, osina, rowan, yanagi]);

    // The eye is tested first: where all of it lies in the clear, all of it must be found.
    let control = stage.folder("control");
    fs::create_dir(&control).unwrap();
    fs::write(control.join("all"), needles.control()).unwrap();
    let found = needles.found_under(&control).into_iter().map(|(name, _)| name);
    assert_eq!(found.collect::<BTreeSet<_>>(), needles.names(), "the search does not find all");
    // As the demo left them, and after these people went on.
    for place in [&before, &kept] {
        for name in names_of_all_folders() {
            if !IN_THE_CLEAR.contains(&name.as_str()) {
                assert_eq!(needles.found_under(&place.join(&name)), [], "{name}");
            }
        }
    }
    drop(folder);
}

/// All that these people's nodes show and that records hold must stand nowhere; then somebody takes back
/// what they said, and somebody leaves.
fn withdraws_and_leaves(needles: &mut Needles, before: &Path, people: [Party; 4]) {
    let [mut alder, mut osina, mut rowan, mut yanagi] = people;
    alder.starts();
    let shown = alder.does(&["circle", "show", TITLE]);
    let address = text(&shown, "/circle/relays/0");
    // Others find it where it was.
    let listen = address.split("/p2p/").next().unwrap();
    let run = ["relay", "run", "--listen", listen];
    let mut relay = Stage::somebody_in(alder.folder.parent().unwrap(), "relay", &run);
    relay.starts();
    for person in [&mut osina, &mut rowan, &mut yanagi] {
        person.starts();
    }
    let mut addresses = Needles::default();
    // Who was taken out sees nothing of the circle any more; what they kept is among the records.
    for person in [&alder, &osina, &rowan] {
        add_all_shown(needles, &mut addresses, person);
    }
    assert!(
        needles.names().is_superset(&BTreeSet::from(
            ["a circle", "a member", "an invite", "a device", "an item", "a topic", "a title"]
                .map(str::to_owned)
        ))
    );
    // A relay knows where it listens, and nobody else has written it down.
    for name in names_of_all_folders().into_iter().filter(|name| name != "relay") {
        assert_eq!(addresses.found_under(&before.join(&name)), [], "{name}");
    }

    let items = alder.items(TITLE);
    let postcard = items.iter().find(|item| item["text"] == FIRST_POSTCARD).unwrap();
    alder.does(&["withdraw", &text(postcard, "/id"), "--yes"]);
    for person in [&osina, &rowan] {
        until("the postcard to go", || {
            let texts = person.texts(TITLE);
            assert!(texts.iter().any(|words| words == LAST_POSTCARD));
            (!texts.iter().any(|words| words == FIRST_POSTCARD)).then_some(())
        });
    }
    alder.does(&["circle", "keep", TITLE, "30", "--reason", "As agreed.", "--yes"]);
    until("rowan to hear how long words are kept", || {
        let circle = rowan.does(&["circle", "show", TITLE]);
        (circle.pointer("/circle/keep_days")?.as_u64()? == 30).then_some(())
    });
    osina.does(&["circle", "leave", TITLE, "--yes"]);
    osina.is_out(TITLE, "left");
    yanagi.is_out(TITLE, "removed");
    for person in [&mut alder, &mut osina, &mut rowan, &mut yanagi, &mut relay] {
        person.stops();
    }

    for person in [&alder, &osina, &rowan] {
        let then = before.join(person.folder.file_name().unwrap());
        let with_its_keys = opens(person, &then, &then);
        assert!(says(&with_its_keys, FIRST_POSTCARD) && says(&with_its_keys, LAST_POSTCARD));
        let with_keys_left = opens(person, &then, &person.folder);
        assert!(!says(&with_keys_left, FIRST_POSTCARD), "{}", person.folder.display());
        // What shared its key was sealed anew.
        assert!(!with_keys_left.is_empty(), "{}", person.folder.display());
        let now = opens(person, &person.folder, &person.folder);
        assert!(says(&now, LAST_POSTCARD) && !says(&now, FIRST_POSTCARD));
    }
    lets_go_of_the_circle(before, [&osina, &yanagi]);
    lets_go_of_what_is_too_old(before, [&alder, &rowan]);
}

/// Whoever left looks once more; whoever was removed may be let back for two weeks. What they were told
/// stays theirs; what opens the circle goes.
fn lets_go_of_the_circle(before: &Path, [left, removed]: [&Party; 2]) {
    for (person, time) in [(left, DAY / 144), (removed, 15 * DAY)] {
        let then = before.join(person.folder.file_name().unwrap());
        assert!(keys(&opens(person, &then, &then)) > 3, "{}", person.folder.display());
        lives_on(person, time);
        let with_keys_left = opens(person, &then, &person.folder);
        assert_eq!(keys(&with_keys_left), 0, "{}", person.folder.display());
    }
}

/// A month goes by, and longer than that the circle keeps no words.
fn lets_go_of_what_is_too_old(before: &Path, people: [&Party; 2]) {
    for person in people {
        // What shared a key with the words that were taken back was sealed anew: as it lies there now.
        let aside = tempfile::tempdir().unwrap();
        let then = aside.path().join("then");
        copy(&person.folder, &then);
        assert!(says(&opens(person, &then, &person.folder), LAST_POSTCARD));
        lives_on(person, 31 * DAY);
        for copy in [&then, &before.join(person.folder.file_name().unwrap())] {
            assert!(says(&opens(person, copy, copy), LAST_POSTCARD));
            let with_keys_left = opens(person, copy, &person.folder);
            assert!(!with_keys_left.is_empty(), "{}", person.folder.display());
            assert!(!says(&with_keys_left, POSTCARD), "{}", person.folder.display());
        }
    }
}

/// Looks for what every record of a profile is called and for pieces of what it holds.
fn add_all_records(needles: &mut Needles, stage: &Stage, before: &Path, person: &Party) {
    let name = person.folder.file_name().unwrap();
    // Opening it may change it.
    let aside = stage.folder("aside").join(name);
    copy(&before.join(name), &aside);
    let store = opened(person, &aside);
    let words = fs::read(person.passphrase()).unwrap();
    needles.add("a passphrase", words.trim_ascii_end());
    for kind in RecordKind::ALL {
        for (key, value) in store.load(kind).unwrap() {
            for id in key.name().chunks_exact(32) {
                needles.add_id_in_every_form(&format!("what a record is called, {kind:?}"), id);
            }
            for piece in value.chunks(STRIDE).filter_map(|chunk| chunk.get(..PIECE)) {
                // Zeros, and what repeats itself, stand anywhere.
                if piece.iter().collect::<BTreeSet<_>>().len() > PIECE / 2 {
                    needles.add(&format!("what a record holds, {kind:?}"), piece);
                }
            }
        }
    }
    drop(store);
    fs::remove_dir_all(aside).unwrap();
}

/// A person of the demo, who goes on with what it left; sooner than people do.
fn goes_on(kept: &Path, name: &str) -> Party {
    let passphrase = kept.join("passphrases").join(name);
    let run = ["node", "run", "--passphrase-file", passphrase.to_str().unwrap()];
    let person = Stage::somebody_in(kept, name, &run);
    let config = person.folder.join("config.toml");
    let text = fs::read_to_string(&config).unwrap();
    let faster = text.replace("timing_factor = 1.0", &format!("timing_factor = {FASTER}"));
    assert_ne!(text, faster, "config.toml names the timing factor otherwise");
    fs::write(&config, faster).unwrap();
    person
}

fn names_in(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn names_of_all_folders() -> BTreeSet<String> {
    let all = PEOPLE.into_iter().chain(IN_THE_CLEAR).chain(["relay", "logs"]);
    all.map(str::to_owned).collect()
}

/// Removes what the demo left, also when the test fails.
fn left_by_the_demo(folder: &Path) -> impl Drop + use<> {
    struct Left(PathBuf);
    impl Drop for Left {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
    Left(folder.to_owned())
}
