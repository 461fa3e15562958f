//! A second machine of one person: it comes in by a code and a number, and is taken out when lost; or
//! of a backup.

use std::fs;

use crate::circle::{LONG, list, restoring, text, two_in};
use crate::stage::{FASTER, Party, Stage, until};

const TITLE: &str = "Evening walk";

#[test]
fn a_second_device_comes_in_and_is_taken_out_again() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, rowan, laptop) =
        (stage.person("alder"), stage.person("rowan"), stage.person("laptop"));
    alder.makes(TITLE, "Alder Aurora", &relay.address());
    rowan.joins(&alder.invites(TITLE), "Rowan Jahan");

    let added = rowan.does(&["device", "add", TITLE]);
    let code = text(&added, "/code/line");
    let asked = laptop.does(&["device", "join", &code, "--yes"]);
    assert_eq!(text(&asked, "/stage"), "requested");
    let number = text(&asked, "/number");
    until("the number to reach the first device", || {
        let devices = rowan.does(&["device", "list", TITLE]);
        (devices.pointer("/code/asking/0")?.as_str()? == number).then_some(())
    });
    // The member key is not open day by day: it takes the words that were shown once.
    let refused = rowan.asks(&["device", "confirm", TITLE, &number]);
    assert_eq!(refused.code(), "phrase_needed");
    let wrong = stage.passphrase("other-words", &["abandon"; 23].join(" "));
    let refused = rowan.asks(&["device", "confirm", TITLE, &number, "--phrase-file", &wrong]);
    assert_eq!(refused.code(), "bad_phrase");
    let phrase = stage.folder("passphrases").join("rowan-phrase");
    let phrase = phrase.to_str().unwrap();
    rowan.does(&["device", "confirm", TITLE, &number, "--phrase-file", phrase]);
    let joined = laptop.does(&["device", "join", &code, "--yes", "--wait", LONG]);
    assert_eq!(text(&joined, "/stage"), "joined");

    // What was accepted on one machine is read on the other one first.
    let refused = laptop.asks(&["read", TITLE]);
    assert_eq!((refused.exit_code, refused.code()), (3, "agreement_unaccepted"));
    laptop.does(&["agreement", "accept", TITLE, "--yes"]);
    laptop.shares(TITLE, "The same person, another machine.");
    alder.reads(TITLE, "The same person, another machine.");
    rowan.reads(TITLE, "The same person, another machine.");
    alder.sees_members(TITLE, 2);

    let devices = rowan.does(&["device", "list", TITLE]);
    let list = devices.pointer("/devices").and_then(|list| list.as_array()).unwrap().clone();
    let other = list.iter().find(|device| device["this"] == false).unwrap();
    rowan.does(&["device", "remove", TITLE, other["id"].as_str().unwrap(), "--yes"]);
    until("the laptop to be told", || {
        let circles = laptop.does(&["circle", "list"]);
        let standing = circles.pointer("/circles/0/standing")?;
        (standing == "device_taken_out").then_some(())
    });
    alder.shares(TITLE, "Said after it was lost.");
    rowan.reads(TITLE, "Said after it was lost.");
}

#[test]
fn a_restored_backup_comes_back_as_a_new_device_and_shares() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    rowan.shares(TITLE, "Said before the laptop fell.");
    alder.reads(TITLE, "Said before the laptop fell.");
    let (file, secret) = backs_up(&stage, &rowan);
    let this = |who: &Party| {
        let devices = who.does(&["device", "list", TITLE]);
        let this = list(&devices, "/devices").iter().find(|one| one["this"] == true).cloned();
        text(&this.unwrap(), "/id")
    };
    let before = this(&rowan);
    drop(rowan);

    // The wrong passphrase makes nothing.
    let passphrase = stage.passphrase("restored", "restored: four quiet words");
    let run = ["node", "run", "--passphrase-file", &passphrase];
    let mut restored = stage.somebody("restored", &run);
    let wrong = stage.passphrase("wrong", "words that open nothing here");
    let refused = restored.asks(&restoring(&file, &wrong, &passphrase));
    assert_eq!((refused.exit_code, refused.code()), (5, "wrong_passphrase"));
    assert!(!restored.folder.exists());

    restored.does(&restoring(&file, &secret, &passphrase));
    // Its configuration is that of before.
    let config = fs::read_to_string(restored.folder.join("config.toml")).unwrap();
    assert!(config.contains(&format!("timing_factor = {FASTER}")), "{config}");
    restored.starts();
    until("the circle to take the device back", || {
        let circle = restored.does(&["circle", "show", TITLE]);
        (circle["circle"]["coming_back"] == false).then_some(())
    });
    assert_ne!(this(&restored), before);
    restored.reads(TITLE, "Said before the laptop fell.");
    restored.shares(TITLE, "Back, on another machine.");
    alder.reads(TITLE, "Back, on another machine.");
    alder.shares(TITLE, "Good that you are back.");
    restored.reads(TITLE, "Good that you are back.");
    // The old device went as the new one came.
    let members = alder.does(&["member", "list", TITLE]);
    let devices = list(&members, "/members").iter().map(|one| one["devices"].as_u64().unwrap());
    assert_eq!(devices.collect::<Vec<_>>(), [1, 1]);
}

#[test]
fn whoever_nobody_lets_in_again_is_told_to_leave_and_comes_by_a_new_invite() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (mut alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    rowan.shares(TITLE, "Said before the laptop fell.");
    alder.reads(TITLE, "Said before the laptop fell.");
    let (file, secret) = backs_up(&stage, &rowan);
    drop(rowan);
    alder.stops();

    let passphrase = stage.passphrase("restored", "restored: four quiet words");
    let run = ["node", "run", "--passphrase-file", &passphrase];
    let mut restored = stage.somebody("restored", &run);
    restored.does(&restoring(&file, &secret, &passphrase));
    // Ten hours of asking go by in less than a minute.
    let config = restored.folder.join("config.toml");
    let (usual, faster) = (format!("timing_factor = {FASTER}"), "timing_factor = 0.001");
    fs::write(&config, fs::read_to_string(&config).unwrap().replace(&usual, faster)).unwrap();
    restored.starts();
    let refused = restored.asks(&["circle", "leave", TITLE, "--yes"]);
    assert_eq!((refused.exit_code, refused.code()), (1, "coming_back"), "{refused:?}");
    assert!(refused.next().contains("ask for a new invite"), "{refused:?}");
    until("it to have asked for long", || {
        let circle = restored.does(&["circle", "show", TITLE]);
        (circle["circle"]["asks_in_vain"] == true).then_some(())
    });
    restored.does(&["circle", "leave", TITLE, "--yes"]);
    restored.stops();
    restored.starts();
    let circle = restored.does(&["circle", "show", TITLE]);
    assert_eq!(text(&circle, "/circle/standing"), "left");
    assert_eq!(restored.texts(TITLE), ["Said before the laptop fell."]);

    alder.starts();
    restored.joins(&alder.invites(TITLE), "Rowan Again");
    restored.shares(TITLE, "Here again, by another way.");
    alder.reads(TITLE, "Here again, by another way.");
}

/// A backup of all that somebody has: the file, and that of its passphrase.
fn backs_up(stage: &Stage, party: &Party) -> (String, String) {
    let secret = stage.passphrase("backup", "a backup of few words");
    let file = stage.folder("words").join("backup").to_str().unwrap().to_owned();
    party.does(&["backup", "create", &file, "--backup-passphrase-file", &secret]);
    (file, secret)
}
