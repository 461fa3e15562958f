//! What `explain` says comes from what is set now: each setting changes its sentence, and no other
//! test would miss the sentence.

use serde_json::Value;

use crate::circle::{list, text};
use crate::stage::{Party, Stage, until};
use crate::store::hides;

const TITLE: &str = "Evening walk";

/// A relay that only Tor would reach.
const ONION: &str = "/onion3/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:4710/p2p/\
                     12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";

/// All that a person is told of the circle.
fn told(party: &Party) -> String {
    told_of(party, TITLE)
}

/// All that a person is told of the circle with this title.
pub(crate) fn told_of(party: &Party, title: &str) -> String {
    let explained = party.does(&["explain"]);
    let found = list(&explained, "/circles").iter().find(|circle| circle["title"] == title);
    found.unwrap_or_else(|| panic!("{title} is not in {explained}")).to_string()
}

/// Each of these is told, and none of those.
fn tells(party: &Party, title: &str, sentences: &[&str], others: &[&str]) {
    let said = told_of(party, title);
    for sentence in sentences {
        assert!(said.contains(sentence), "{sentence} is not in: {said}");
    }
    for other in others {
        assert!(!said.contains(other), "{other} is in: {said}");
    }
}

fn who(sights: &Value, pointer: &str) -> Vec<String> {
    list(sights, pointer).iter().map(|sight| text(sight, "/who")).collect()
}

/// Does it, and has one sentence come in the place of another.
fn changes(party: &Party, before: &str, args: &[&str], after: &str) {
    let said = told(party);
    assert!(!said.contains(after) && said.contains(before), "{said}");
    party.does(args);
    // A change of the circle waits for the one before it to be held by somebody.
    until(after, || {
        let said = told(party);
        (said.contains(after) && (before.is_empty() || !said.contains(before))).then_some(())
    });
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
    changes(&alder, "until you delete the profile", &keep, "is erased after 30 days");
    // Not before everybody has known of it for a week; whoever comes now has it so from the beginning.
    let week = "this device begins with it when it has known of that for a week";
    assert!(told(&alder).contains(week), "{}", told(&alder));

    // What stays with a relay, and what whoever runs it sees of a device that reaches nothing else.
    let said = told(&alder);
    for sentence in [
        "whoever runs the relay",
        "random topics that change every seven days and with every removal",
        "when sealed envelopes come and go, and which of three sizes they have",
        "which connection brings an envelope first",
        "which connections use the same topics: about how many devices the circle has, and when each is there",
        "when somebody is let in, and roughly how large a circle is that has more than some twenty members",
        "under which name an envelope was written, and what the members call themselves",
        "which circle its topics are of",
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

    // What members see of each other, and what nobody sees but who has the device.
    let said = told(&alder);
    for sentence in [
        "every share and reply since they joined that is shown, and earlier ones whose authors allowed it",
        "of advice that is held back, and of what was hidden, said by somebody muted or shared too soon",
        "their devices have the words, so a changed program shows them",
        "the warm words you give, with your name",
        "what you propose, and what you agree to, with your name",
        "who only listens, who is muted and until when, and how slow the circle is: that you are, too",
        "the steward log: who hid, muted, slowed down, removed or changed what, to whom, when and why",
    ] {
        assert!(said.contains(sentence), "{sentence} is not in: {said}");
    }
    let explained = alder.does(&["explain"]);
    let members = &list(&explained, "/circles/0/sights")[0];
    let own = "your drafts, your check-ins, your plan, whom you blocked, and which agreement you accepted \
               on this device beyond what you agreed to or joined with";
    assert!(members["does_not_see"].to_string().contains(own), "{members}");
    assert!(!members["sees"].to_string().contains("your drafts"), "{members}");
    let device = &list(&explained, "/device")[0];
    let own = "your drafts, check-ins and plan, whom you blocked and which agreements you accepted beyond \
               what you agreed to or joined with: they are on this device alone, and in the backups you make of it";
    assert!(device["sees"].to_string().contains(own), "{device}");

    // What facilitators see is not made less than it is.
    assert!(told(&alder).contains("the words of what was hidden, and those of somebody muted"));
    assert!(told(&alder).contains("what is reported, but not what is reported of themselves"));
    let reported = "the words of what was reported, for up to 180 days, also when their author takes them \
                    back or they grow too old";
    assert_eq!(told(&alder).matches(reported).count(), 1);
    let eldest = "the members who have been here longest, four at most";
    assert!(!told(&alder).contains(eldest));
    let door = "whoever holds an open invite";
    let made = "the card: title, welcome, agreement, the facilitators' names";
    changes(&alder, "", &["invite", "new", TITLE], door);
    assert!(told(&alder).contains(made));
    rowan.joins(&alder.invites(TITLE), "Rowan");
    stage.person("hazel").joins(&alder.invites(TITLE), "Hazel");
    assert!(told(&rowan).contains(eldest), "{}", told(&rowan));
    assert_eq!(told(&rowan).matches(reported).count(), 2);

    let begun = "is erased on every member's device after 30 days, as soon as that device runs";
    assert!(told(&rowan).contains(begun) && !told(&rowan).contains(week), "{}", told(&rowan));
    changes(&alder, week, &["circle", "keep", TITLE, "always", "--yes"], "until you delete");

    // A relay that is named no longer is used as long as somebody may know no other.
    let second = stage.relay_called("second");
    let former = "a relay that the circle names no longer is still used";
    assert!(!told(&alder).contains(former));
    alder.does(&["relay", "replace", TITLE, &relay.address(), &second.address()]);
    until("the relay to be a former one", || told(&alder).contains(former).then_some(()));

    let screen = "whoever sees the screen of this device when a notice is shown";
    let quiet = alder.does(&["explain"]);
    assert!(!who(&quiet, "/device").contains(&screen.to_owned()));
    alder.does(&["notify", "command", "--", "/bin/true"]);
    alder.does(&["notify", "on"]);
    let shown = alder.does(&["explain"]);
    assert!(who(&shown, "/device").contains(&screen.to_owned()), "{shown}");

    // Who they are and how many; keys of before, as long as somebody may need them; and what is left
    // of it for who left.
    tells(&alder, TITLE, &["the 3 members of this circle", "because somebody may need them"], &[]);
    rowan.does(&["circle", "leave", TITLE, "--yes"]);
    let left = "what you wrote while you were one";
    until("the circle to be left", || told(&rowan).contains(left).then_some(()));
    tells(&rowan, TITLE, &["anything of you since"], &["its facilitator", door, eldest]);
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
    let linked = "members with a direct link to this device, and whoever watches the line";
    assert!(!told(&alder).contains(linked));
    changes(&alder, "", &listen, "this circle has no relay: who is away when someone is removed");
    tells(&alder, TITLE, &[linked], &[]);
}

#[test]
fn what_is_explained_of_each_way_to_reach_a_circle() {
    let stage = Stage::new();
    let relay = stage.relay();
    let alder = stage.person("alder");
    let makes = |title: &str, more: &[&str]| {
        let new = ["circle", "new", title, "--name", "Alder", "--adult", "--yes"];
        let declared = ["--declaration", "I have nothing to report."];
        alder.does(&[&new[..], &declared, more].concat());
    };
    let address = relay.address();
    makes("Relays", &["--relay", &address]);
    makes("Onion", &["--network", "tor", "--relay", ONION]);
    makes("Near", &["--network", "lan"]);
    makes("Nowhere", &[]);

    let provider = "that you reach the relays' addresses, when, and how much passes";
    let by_tor = "that you use tor, when, and how much passes";
    let met = "every member of this circle who meets others directly, too";
    let linked = "members with a direct link to this device";
    let nearby = "everybody on the same local network, and whoever runs it";
    let all = [provider, by_tor, met, linked, nearby];
    let but = |said: &str| all.into_iter().filter(|other| *other != said).collect::<Vec<_>>();
    tells(&alder, "Relays", &["\"relay_only\"", provider], &but(provider));
    let hidden = "your address: each of your circles has circuits of its own";
    let tor = ["\"tor\"", by_tor, hidden, "of two that always do so together it can guess"];
    tells(&alder, "Onion", &tor, &but(by_tor));
    let near = [
        "\"lan\"",
        nearby,
        "every member of this circle on the same local network",
        "anything of this circle: nothing of it leaves the local network",
        "what you write waits on this device until a member's device is on the same local network",
        "this circle has no relay: who is away when someone is removed",
    ];
    tells(&alder, "Near", &near, &but(nearby));
    tells(&alder, "Nowhere", &["\"offline\""], &all);

    // Directly, by choice: members learn the address, and the relay who meets.
    alder.does(&["network", "set", "Relays", "direct", "--yes"]);
    let direct = [
        "\"direct\"",
        met,
        "your address, which tells roughly where you are and by which provider",
        "a relay that brings members together, beside what it sees anyway",
        "the addresses of the members you are linked with, when, and how much passes",
        provider,
    ];
    tells(&alder, "Relays", &direct, &[by_tor, linked, nearby]);
    alder.does(&["network", "set", "Relays", "relay-only", "--yes"]);
    tells(&alder, "Relays", &["\"relay_only\""], &[met]);
    let listen = ["link", "listen", "Onion", "--listen", "/ip4/127.0.0.1/tcp/0", "--yes"];
    alder.does(&listen);
    tells(&alder, "Onion", &[linked, "your address: the link goes through tor"], &[provider, met]);

    // One relay for two circles: whoever runs it can tell that both are of one device.
    let shared = |count: usize| {
        let explained = alder.does(&["explain"]);
        assert_eq!(list(&explained, "/shared_relays").len(), count, "{explained}");
    };
    shared(0);
    makes("Also there", &["--relay", &address]);
    shared(1);

    // A relay that one adds for oneself sees as much as one that the circle names; one that is avoided, nothing.
    let added = stage.relay_called("added");
    let added = added.address();
    let host = "whoever runs the relay";
    alder.does(&["relay", "use", "Nowhere", &added]);
    tells(&alder, "Nowhere", &["\"relay_only\"", host, provider, &added], &but(provider));
    shared(1);
    alder.does(&["relay", "use", "Relays", &added, "--yes"]);
    shared(2);
    tells(&alder, "Relays", &["whoever runs 2 relays"], &[]);
    alder.does(&["relay", "avoid", "Relays", &address]);
    tells(&alder, "Relays", &[host], &["2 relays", &address]);
    shared(1);
    alder.does(&["relay", "avoid", "Nowhere", &added]);
    tells(&alder, "Nowhere", &["\"offline\""], &[host, provider, &added]);
}

#[test]
fn nothing_explained_tells_of_another_profile() {
    let stage = Stage::new();
    let mut alder = stage.person("alder");
    let declared = ["--declaration", "I have nothing to report."];
    alder.does(&[&["circle", "new", TITLE, "--name", "Alder", "--adult"][..], &declared].concat());
    let before = alder.does(&["explain"]);
    alder.stops();
    hides(&alder, &alder.passphrase(), &stage.passphrase("other", "another four quiet words"));
    alder.starts();
    assert_eq!(alder.does(&["explain"]), before);
}
