//! A made-up life that goes on: one of the others in its circle has a profile elsewhere.

use std::fs;

use rustix::process::Signal;

use crate::circle::{list, text};
use crate::stage::{FASTER, Stage, until};
use crate::store::names_a_relay;

#[test]
fn a_made_up_circle_goes_on_with_its_companion() {
    let stage = Stage::new();
    let relay = stage.relay();
    let alder = stage.newcomer("alder");
    let (own, other) = (alder.passphrase(), stage.passphrase("other", "another four quiet words"));
    let theirs = stage.passphrase("wren", "wren: four quiet words");
    let mut wren = stage.somebody("wren", &["node", "run", "--passphrase-file", &theirs]);
    let hide = |place: &str| {
        let companion = ["--companion", place, "--companion-passphrase-file", &theirs];
        let (passphrase, fresh) = ("--passphrase-file", "--new-passphrase-file");
        let new = ["hidden", "new", passphrase, &own, fresh, &other, "--yes"];
        alder.asks(&[&new[..], &companion].concat())
    };
    let place = wren.folder.to_str().unwrap();
    assert_eq!(hide(place).code(), "hidden_needs_relay");
    let config = alder.folder.join("config.toml");
    let relays = format!("relays = [\"{}\"]", relay.address());
    let words = fs::read_to_string(&config).unwrap();
    fs::write(&config, words.replace("relays = []", &relays)).unwrap();
    let inside = alder.folder.join("wren");
    assert_eq!(hide(inside.to_str().unwrap()).code(), "companion_inside");
    assert_eq!(hide(config.to_str().unwrap()).code(), "companion_inside");
    assert!(!wren.folder.exists());

    let made = hide(place);
    assert_eq!(made.exit_code, 0, "{made:?}");
    assert_eq!(text(made.data(), "/companion/profile"), place);
    assert_eq!(text(made.data(), "/companion/recovery_phrase").split(' ').count(), 24);
    assert_ne!(made.data()["recovery_phrase"], made.data()["companion"]["recovery_phrase"]);

    // Weeks later, somebody says something, and the made-up profile is opened.
    let config = wren.folder.join("config.toml");
    let words = fs::read_to_string(&config).unwrap();
    let pace = format!("timing_factor = {FASTER}");
    fs::write(&config, words.replace("timing_factor = 1.0", &pace)).unwrap();
    wren.starts();
    let title = text(&wren.does(&["circle", "list"]), "/circles/0/title");
    assert_eq!(list(&wren.does(&["member", "list", &title]), "/members").len(), 4);
    wren.shares(&title, "The lake is frozen at the edges.");
    wren.has_sent_all();
    alder.does(&["unlock", "--passphrase-file", &other]);
    alder.reads(&title, "The lake is frozen at the edges.");
    let status = alder.does(&["node", "status"]);
    assert_eq!(status.pointer("/networks/0/relays_connected").unwrap(), 1, "{status}");
    alder.shares(&title, "Here it rains.");
    wren.reads(&title, "Here it rains.");
    until("both to show the same", || (alder.texts(&title) == wren.texts(&title)).then_some(()));
    alder.does(&["lock"]);

    // The profile beside it knows nothing of all that.
    alder.does(&["unlock", "--passphrase-file", &own]);
    assert!(list(&alder.does(&["circle", "list"]), "/circles").is_empty());
    alder.does(&["lock"]);
    wren.stops();
}

#[test]
fn no_companion_of_nobody_is_left_where_the_making_of_another_profile_is_cut_off() {
    let stage = Stage::new();
    let alder = stage.newcomer("alder");
    names_a_relay(&alder);
    let (own, other) = (alder.passphrase(), stage.passphrase("other", "another four quiet words"));
    let theirs = stage.passphrase("wren", "wren: four quiet words");
    let wren = stage.absent("wren");
    let place = wren.folder.to_str().unwrap();
    let companion = ["--companion", place, "--companion-passphrase-file", &theirs];
    let new =
        ["hidden", "new", "--passphrase-file", &own, "--new-passphrase-file", &other, "--yes"];
    let hide = [&new[..], &companion].concat();
    for signal in [Signal::INT, Signal::KILL] {
        let begun = alder.begins(&hide);
        until("the other store to be made", || {
            alder.folder.join("stores/next").exists().then_some(())
        });
        begun.gets(signal);
        let answer = begun.answer();
        assert!(!wren.folder.join("header").exists(), "{signal:?}: it can be opened");
        if signal == Signal::INT {
            assert_eq!((answer.exit_code, answer.code()), (130, "interrupted"));
            assert!(!wren.folder.exists() && !alder.folder.join("stores/next").exists());
        }
        let opened = alder.asks(&["store", "check", "--passphrase-file", &other]);
        assert_eq!(opened.code(), "wrong_passphrase");
        assert!(!alder.folder.join("stores/next").exists() || signal == Signal::KILL);
    }
    // What the kill left is cleared up, and takes no place.
    alder.does(&hide);
    assert!(!alder.folder.join("stores/next").exists());
    for (party, passphrase) in [(&alder, &other), (&wren, &theirs)] {
        let checked = party.does(&["store", "check", "--passphrase-file", passphrase]);
        assert_eq!(checked["sound"], true);
    }
}
