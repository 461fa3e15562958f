//! What `explain` says comes from what is set now: each setting changes its sentence, and no other
//! test would miss the sentence.

use serde_json::Value;

use crate::circle::{list, text};
use crate::stage::{Party, Stage};

const TITLE: &str = "Evening walk";

/// All that a person is told of the circle.
fn told(party: &Party) -> String {
    party.does(&["explain"])["circles"][0].to_string()
}

fn who(sights: &Value, pointer: &str) -> Vec<String> {
    list(sights, pointer).iter().map(|sight| text(sight, "/who")).collect()
}

/// Does it, and has one sentence come in the place of another.
fn changes(party: &Party, before: &str, args: &[&str], after: &str) {
    let said = told(party);
    assert!(!said.contains(after) && said.contains(before), "{said}");
    party.does(args);
    let said = told(party);
    assert!(said.contains(after) && (before.is_empty() || !said.contains(before)), "{said}");
}

#[test]
fn what_is_explained_follows_what_is_set() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    alder.makes(TITLE, "Alder", &relay.address());
    let files = ["circle", "files", TITLE, "images-only"];
    changes(&alder, "nobody sends files or pictures here", &files, "pictures alone are sent here");
    let files = ["circle", "files", TITLE, "on"];
    changes(&alder, "pictures alone are sent here", &files, "any files are sent here");
    let keep = ["circle", "keep", TITLE, "30", "--reason", "As agreed.", "--yes"];
    changes(&alder, "until you delete the profile", &keep, "after 30 days");

    // What stays with a relay, and what whoever runs it sees of a device that reaches nothing else.
    let said = told(&alder);
    for sentence in [
        "whoever runs the relay",
        "random topics that change every seven days and with every removal",
        "when sealed envelopes come and go, and which of three sizes they have",
        "your address",
        "any word, name or title",
        "your internet provider, or whoever watches your line",
        "that you reach the relays' addresses, when, and how much passes",
        "sealed envelopes stay on each relay for at most 30 days; its host may keep fewer",
        "whoever was removed or has left",
    ] {
        assert!(said.contains(sentence), "{sentence} is not in: {said}");
    }
    let weak = "this circle is sealed with x25519 alone";
    assert!(!said.contains(weak) && !said.contains("this circle has no relay"), "{said}");

    // What facilitators see is not made less than it is.
    assert!(told(&alder).contains("the words of what was hidden, and those of somebody muted"));
    assert!(told(&alder).contains("what is reported, but not what is reported of themselves"));
    let eldest = "the members who have been here longest, four at most";
    assert!(!told(&alder).contains(eldest));
    let door = "whoever holds an open invite";
    let made = "the card: title, welcome, agreement, the facilitators' names";
    changes(&alder, "", &["invite", "new", TITLE], door);
    assert!(told(&alder).contains(made));
    rowan.joins(&alder.invites(TITLE), "Rowan");
    stage.person("hazel").joins(&alder.invites(TITLE), "Hazel");
    assert!(told(&rowan).contains(eldest), "{}", told(&rowan));

    let screen = "whoever sees the screen of this device when a notice is shown";
    let quiet = alder.does(&["explain"]);
    assert!(!who(&quiet, "/device").contains(&screen.to_owned()));
    alder.does(&["notify", "command", "--", "/bin/true"]);
    alder.does(&["notify", "on"]);
    let shown = alder.does(&["explain"]);
    assert!(who(&shown, "/device").contains(&screen.to_owned()), "{shown}");
}

#[test]
fn what_is_explained_of_a_circle_without_a_relay_and_of_a_weaker_seal() {
    let stage = Stage::new();
    let alder = stage.person("alder");
    let declared = ["--declaration", "I have nothing to report."];
    let new = ["circle", "new", TITLE, "--name", "Alder", "--adult", "--suite", "x25519"];
    alder.does(&[&new[..], &declared].concat());
    let said = told(&alder);
    assert!(said.contains("everything: this circle is sealed with x25519 alone"), "{said}");
    for sentence in
        ["whoever runs", "your internet provider", "sealed envelopes stay on each relay"]
    {
        assert!(!said.contains(sentence), "{sentence} is in: {said}");
    }
    let share = ["share", TITLE, "Nobody else has this yet."];
    changes(&alder, "", &share, "still on this device alone");
    let listen = ["link", "listen", TITLE, "--listen", "/ip4/127.0.0.1/tcp/0", "--yes"];
    changes(&alder, "", &listen, "this circle has no relay: who is away when someone is removed");
}
