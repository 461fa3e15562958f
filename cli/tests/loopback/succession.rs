//! A circle whose facilitator does not answer: most members make somebody else hold it, three days pass,
//! and whoever holds it then does what only a facilitator does.

use crate::circle::{list, text};
use crate::preload::library;
use crate::stage::{Party, Stage, until};

const TITLE: &str = "Evening walk";
const DECLARED: &str = "I have no duty to report.";
/// One hour more than nobody may have answered for.
const LATER: i64 = 73 * 3600;

fn role(who: &Party, name: &str) -> String {
    let members = who.does(&["member", "list", TITLE]);
    let found = list(&members, "/members").iter().find(|one| one["name"] == name);
    text(found.unwrap(), "/role")
}

/// How far the one succession has come, as somebody sees it, once it is there.
fn stands(who: &Party, stage: &str) -> serde_json::Value {
    until(stage, || {
        let status = who.does(&["succession", "status", TITLE]);
        let one = list(&status, "/proposals").first()?.clone();
        (text(&one, "/stage") == stage).then_some(one)
    })
}

#[test]
fn members_replace_a_facilitator_who_is_silent_for_three_days() {
    let stage = Stage::new();
    let Some(library) = library(&stage, "clock") else { return };
    let mut relay = stage.relay();
    let mut alder = stage.person("alder");
    alder.makes(TITLE, "Alder", &relay.address());
    let mut others: Vec<Party> = Vec::new();
    for (folder, name) in [("rowan", "Rowan"), ("hazel", "Hazel"), ("willow", "Willow")] {
        let other = stage.person(folder);
        other.joins(&alder.invites(TITLE), name);
        others.push(other);
    }
    alder.shares(TITLE, "I am not well.");
    for other in &others {
        other.sees_members(TITLE, 4);
        other.reads(TITLE, "I am not well.");
    }
    alder.stops();

    // Rowan asks to hold the circle, and says what she would have to report.
    let [rowan, hazel, willow] = &others[..] else { panic!("three others") };
    let propose = ["succession", "propose", TITLE, "Rowan"];
    assert_eq!(rowan.asks(&propose).code(), "undeclared");
    rowan.does(&[&propose[..], &["--declaration", DECLARED]].concat());
    let id = text(&stands(hazel, "open"), "/id");
    hazel.does(&["succession", "consent", TITLE, &id, "--yes"]);
    until("Rowan to hear of it", || (stands(rowan, "open")["members_missing"] == 1).then_some(()));
    stands(willow, "open");
    willow.does(&["succession", "consent", TITLE, &id, "--yes"]);
    for other in &others {
        stands(other, "silence");
        assert_eq!(role(other, "Rowan"), "member");
    }
    let slow = ["steward", "slow", TITLE, "--every", "30m", "--reason", "Much at once."];
    assert_eq!(rowan.asks(&slow).code(), "not_facilitator");

    // Three days later nobody has heard of Alder.
    relay.party.stops();
    relay.starts_with_clock(&library, LATER);
    for other in &mut others {
        other.stops();
        other.starts_with_clock(&library, LATER);
    }
    let [rowan, hazel, willow] = &others[..] else { panic!("three others") };
    for other in [rowan, hazel, willow] {
        until("Rowan to hold the circle", || (role(other, "Rowan") == "facilitator").then_some(()));
    }
    rowan.does(&slow);
    rowan.does(&["member", "role", TITLE, "Willow", "listener", "--reason", "As Willow asked."]);
    until("the circle to be slow", || {
        (hazel.does(&["steward", "log", TITLE])["slow_minutes"] == 30).then_some(())
    });
    until("Willow to only listen", || (role(willow, "Willow") == "listener").then_some(()));

    // Alder comes back, is a facilitator still, and reads who did what.
    alder.starts_with_clock(&library, LATER);
    let log = until("Alder to read it", || {
        let log = alder.does(&["steward", "log", TITLE]);
        (log["slow_minutes"] == 30).then_some(log)
    });
    let succeeded = list(&log, "/log").iter().find(|entry| entry["what"] == "succeed").unwrap();
    assert_eq!(text(succeeded, "/member_name"), "Rowan", "{log}");
    assert_eq!(["Alder", "Rowan"].map(|name| role(&alder, name)), ["facilitator", "facilitator"]);
    let members = alder.does(&["member", "list", TITLE]);
    let held = list(&members, "/members").iter().find(|one| one["name"] == "Rowan").unwrap();
    assert_eq!(text(held, "/declaration"), DECLARED);

    // Who was silent is one until the others agree that they are none: it takes a step of its own.
    rowan.does(&["member", "demote", TITLE, "Alder"]);
    for other in [hazel, willow] {
        let id = until("the others to be asked", || {
            let proposals = other.does(&["member", "proposals", TITLE]);
            let mut asking = list(&proposals, "/proposals").iter();
            let one = asking.find(|one| one["kind"] == "demote" && one["asks_me"] == true)?;
            Some(text(one, "/id"))
        });
        assert_eq!(role(other, "Alder"), "facilitator");
        other.does(&["member", "consent", TITLE, &id, "--yes"]);
    }
    for one in [rowan, hazel, willow, &alder] {
        until("Alder to hold it no longer", || (role(one, "Alder") == "member").then_some(()));
    }
    assert_eq!(role(&alder, "Rowan"), "facilitator");
    assert_eq!(alder.asks(&slow).code(), "not_facilitator");
}
