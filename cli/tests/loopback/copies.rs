//! A profile's folder that was copied and started beside the original, and one that was put back to
//! what it was: keys that somebody else uses, or that were used since. It is noticed at the start, and the
//! device comes in anew under keys of its own.

use std::fs;

use crate::circle::{list, text, two_in};
use crate::stage::{Party, Stage, until};
use crate::store::copy;

const TITLE: &str = "Evening walk";

#[test]
fn a_copied_folder_that_starts_beside_the_original_comes_in_as_a_device_of_its_own() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, mut rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    rowan.shares(TITLE, "Before the folder was copied.");
    let device = this_device(&rowan);
    rowan.stops();
    copy(&rowan.folder, &stage.folder("copied"));
    rowan.starts();
    rowan.shares(TITLE, "From the first machine.");
    alder.reads(TITLE, "From the first machine.");

    let passphrase = rowan.passphrase();
    let run = ["node", "run", "--passphrase-file", &passphrase];
    let mut copied = stage.somebody("copied", &run);
    copied.starts();
    // Of a device and its copy the one that finds out first takes the place (O-79).
    let (anew, other) = until("one of the two to come in anew", || {
        let both = [(&copied, &rowan), (&rowan, &copied)];
        both.into_iter().find(|(party, _)| is_in_anew(party, &device))
    });
    anew.shares(TITLE, "With keys of its own.");
    alder.reads(TITLE, "With keys of its own.");
    // The other one is told, and reads on what it had.
    until("the other machine to be told", || {
        let circle = other.does(&["circle", "show", TITLE]);
        (text(&circle, "/circle/standing") == "replaced").then_some(())
    });
    let refused = other.asks(&["share", TITLE, "With keys that somebody else gave up."]);
    assert_ne!(refused.exit_code, 0);
    let said =
        ["Before the folder was copied.", "From the first machine.", "With keys of its own."];
    let had = if other.folder == rowan.folder { &said[..2] } else { &said[..1] };
    assert!(
        other.texts(TITLE).starts_with(&had.iter().map(ToString::to_string).collect::<Vec<_>>())
    );
    for party in [&alder, anew] {
        assert_eq!(party.texts(TITLE), said);
    }
    one_device_each(&alder);
}

#[test]
fn a_folder_that_was_put_back_to_what_it_was_comes_in_anew_and_loses_nothing() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, mut rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    rowan.shares(TITLE, "Before the snapshot.");
    let device = this_device(&rowan);
    rowan.stops();
    let snapshot = stage.folder("snapshot");
    copy(&rowan.folder, &snapshot);
    rowan.starts();
    rowan.shares(TITLE, "After the snapshot.");
    alder.reads(TITLE, "After the snapshot.");
    rowan.stops();

    fs::remove_dir_all(&rowan.folder).unwrap();
    copy(&snapshot, &rowan.folder);
    rowan.starts();
    comes_in_anew(&rowan, &device);
    rowan.reads(TITLE, "After the snapshot.");
    rowan.shares(TITLE, "With keys of its own.");
    alder.reads(TITLE, "With keys of its own.");
    let said = ["Before the snapshot.", "After the snapshot.", "With keys of its own."];
    for party in [&alder, &rowan] {
        assert_eq!(party.texts(TITLE), said);
    }
    one_device_each(&alder);
    rowan.stops();
    rowan.starts();
    assert_eq!(rowan.texts(TITLE), said);
}

/// The id of the device that a party's node is in the circle.
fn this_device(party: &Party) -> String {
    let devices = party.does(&["device", "list", TITLE]);
    let this = list(&devices, "/devices").iter().find(|device| device["this"] == true).cloned();
    text(&this.unwrap(), "/id")
}

/// Waits until a party is in the circle under another device key than `before`.
fn comes_in_anew(party: &Party, before: &str) {
    until("the device to come in anew", || is_in_anew(party, before).then_some(()));
}

fn is_in_anew(party: &Party, before: &str) -> bool {
    let circle = party.does(&["circle", "show", TITLE]);
    circle["circle"]["coming_back"] == false
        && text(&circle, "/circle/standing") == "active"
        && this_device(party) != before
}

fn one_device_each(party: &Party) {
    let members = party.does(&["member", "list", TITLE]);
    let devices = list(&members, "/members").iter().map(|one| one["devices"].as_u64().unwrap());
    assert_eq!(devices.collect::<Vec<_>>(), [1, 1]);
}
