//! A relay whose host decides by grants who may put anything there.

use std::fs;

use serde_json::Value;

use crate::circle::{text, two_in};
use crate::explain::told_of;
use crate::privacy::{FIRST_LENGTH, HELLO};
use crate::search::{shared, without};
use crate::stage::{Party, Relay, Stage, until};

const TITLE: &str = "Evening walk";

/// Starts a relay again with another admission.
fn admits(relay: &mut Relay, admission: &str) {
    relay.party.stops();
    let file = relay.party.folder.join("relay.toml");
    fs::write(file, format!("admission = \"{admission}\"\n")).unwrap();
    relay.starts();
}

#[test]
fn a_host_issues_lists_and_revokes_grants_while_the_relay_runs() {
    let stage = Stage::new();
    let mut relay = stage.relay();
    let refused = relay.party.asks(&["relay", "grant", "issue"]);
    assert_eq!((refused.exit_code, refused.code()), (1, "relay_open"));
    admits(&mut relay, "grant");
    let order = ["relay", "grant", "issue", "--members", "12", "--quota", "8", "--weeks", "2"];
    let issued = relay.party.does(&order);
    assert!(text(&issued, "/grant").starts_with("windbreak-grant:"));
    let other = relay.party.does(&["relay", "grant", "issue"]);
    for wrong in [["--members", "513"], ["--quota", "6"], ["--weeks", "28"]] {
        let refused = relay.party.asks(&[&["relay", "grant", "issue"], &wrong[..]].concat());
        assert_eq!((refused.exit_code, refused.code()), (1, "grant_bounds"), "{wrong:?}");
    }

    relay.party.is_killed();
    relay.starts();
    let listed = relay.party.does(&["relay", "grant", "list"]);
    let grants = listed["grants"].as_array().unwrap();
    assert_eq!(grants.len(), 2);
    let first = grants.iter().find(|grant| grant["id"] == issued["id"]).unwrap();
    assert_eq!(first["members"], 12);
    assert_eq!(first["member_mib_per_week"], 8);
    assert_eq!(first["mib_drawn"], 0);
    assert_eq!(first["until"], issued["until"]);
    // Counts alone: what is passed on is shown once.
    assert!(!listed.to_string().contains("windbreak-grant"));

    let id = text(&issued, "/id");
    assert_eq!(relay.party.asks(&["relay", "grant", "revoke", &id]).exit_code, 2);
    let left = relay.party.does(&["relay", "grant", "revoke", &id, "--yes"]);
    assert_eq!(ids(&left), [text(&other, "/id")]);
    let again = relay.party.asks(&["relay", "grant", "revoke", &id, "--yes"]);
    assert_eq!((again.exit_code, again.code()), (1, "no_grant"));
    let malformed = relay.party.asks(&["relay", "grant", "revoke", "../../v1/relay", "--yes"]);
    assert_eq!((malformed.exit_code, malformed.code()), (1, "no_grant"));
    relay.party.stops();
    relay.starts();
    assert_eq!(ids(&relay.party.does(&["relay", "grant", "list"])), [text(&other, "/id")]);
}

fn ids(list: &Value) -> Vec<String> {
    list["grants"].as_array().unwrap().iter().map(|grant| text(grant, "/id")).collect()
}

#[test]
fn what_a_relay_takes_by_grant_alone_waits_and_its_owner_is_told() {
    let stage = Stage::new();
    let mut relay = stage.relay();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    alder.shares(TITLE, "before");
    rowan.reads(TITLE, "before");
    admits(&mut relay, "grant");
    alder.does(&["share", TITLE, "in between"]);
    until("alder to be told", || {
        let network = alder.does(&["network", "show", TITLE]);
        (network["trouble"] == "relay_grant").then_some(())
    });
    let status = relay.party.does(&["relay", "status"]);
    assert!(status["status"]["refused"]["token_wanted"].as_u64().unwrap() > 0);
    assert_eq!(rowan.texts(TITLE), ["before"]);
    // What was written waited, and goes out once the relay takes it.
    admits(&mut relay, "open");
    rowan.reads(TITLE, "in between");
    until("alder to be told that it is well", || {
        let network = alder.does(&["network", "show", TITLE]);
        network.get("trouble").is_none_or(Value::is_null).then_some(())
    });
}

/// A relay by grant, and a private file with a grant of it.
fn granting(stage: &Stage) -> (Relay, String, String) {
    let mut relay = stage.relay();
    admits(&mut relay, "grant");
    let (id, file) = issued(stage, &relay, "grant");
    (relay, id, file)
}

/// Issues a grant; gives its id, and the file it lies in.
fn issued(stage: &Stage, relay: &Relay, name: &str) -> (String, String) {
    let order = ["relay", "grant", "issue", "--members", "24", "--weeks", "2"];
    let issued = relay.party.does(&order);
    (text(&issued, "/id"), stage.passphrase(name, &text(&issued, "/grant")))
}

fn makes_by_grant(party: &Party, relay: &Relay, grant: &str) {
    let (address, words) = (relay.address(), "I have nothing to report.");
    let new = ["circle", "new", TITLE, "--name", "Alder", "--relay", &address, "--grant", grant];
    party.does(&[&new[..], &["--yes", "--adult", "--declaration", words]].concat());
}

/// How it stands with the grant of the one relay.
fn grant_of(party: &Party) -> Value {
    let relays = party.does(&["relay", "list", TITLE]);
    relays.pointer("/relays/0/grant").cloned().unwrap_or(Value::Null)
}

fn tokens_of(party: &Party) -> u64 {
    grant_of(party)["tokens"].as_u64().unwrap_or(0)
}

#[test]
fn what_a_relay_learns_by_its_grant_is_explained() {
    let stage = Stage::new();
    let (relay, _, grant) = granting(&stage);
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    rowan.makes(TITLE, "Rowan", &stage.relay_called("open").address());
    makes_by_grant(&alder, &relay, &grant);
    let (of_grant, of_any) = (told_of(&alder, TITLE), told_of(&rowan, TITLE));
    for sentence in [
        "a relay that takes by grant, beside what it sees anyway",
        "a number of the circle's grant by which this device draws tokens, and how often",
        "how many of the grant's numbers draw: about how many devices write here",
        "if its host made other keys for each grant: which grant pays on which topic",
        "that the same address draws and writes",
        "whose number that is",
    ] {
        assert!(of_grant.contains(sentence), "{sentence} is not in: {of_grant}");
        assert!(!of_any.contains(sentence), "{sentence} is in: {of_any}");
    }
    let door = "when somebody comes by an open invite: that its topic is of this grant";
    assert!(!of_grant.contains(door), "{of_grant}");
    alder.invites(TITLE);
    assert!(told_of(&alder, TITLE).contains(door));
}

#[test]
fn a_circle_made_with_a_grant_is_joined_shared_in_and_outlives_restarts() {
    let stage = Stage::new();
    let (mut relay, _, grant) = granting(&stage);
    let (mut alder, mut rowan, hazel) =
        (stage.person("alder"), stage.person("rowan"), stage.person("hazel"));
    makes_by_grant(&alder, &relay, &grant);
    for (party, name) in [(&rowan, "Rowan"), (&hazel, "Hazel")] {
        let code = alder.invites(TITLE);
        party.joins(&code, name);
    }
    alder.sees_members(TITLE, 3);
    for (party, words) in [(&alder, "from alder"), (&rowan, "from rowan"), (&hazel, "from hazel")] {
        party.shares(TITLE, words);
    }
    for party in [&alder, &rowan, &hazel] {
        for words in ["from alder", "from rowan", "from hazel"] {
            party.reads(TITLE, words);
        }
        until("a part of one's own", || (grant_of(party)["for_now"] == false).then_some(()));
    }
    let given = grant_of(&alder)["given"].clone();
    assert_eq!(given["without"], 0);
    let explained = rowan.does(&["explain"])["circles"][0].to_string();
    assert!(explained.contains("a relay that takes by grant, beside what it sees anyway"));
    assert!(explained.contains("that the same address draws and writes"), "{explained}");
    assert_eq!(grant_of(&rowan).get("given").unwrap_or(&Value::Null), &Value::Null);

    alder.is_killed();
    rowan.stops();
    relay.party.is_killed();
    relay.starts();
    alder.starts();
    rowan.starts();
    alder.shares(TITLE, "after it all");
    rowan.reads(TITLE, "after it all");
    rowan.shares(TITLE, "here too");
    hazel.reads(TITLE, "here too");
    let status = relay.party.does(&["relay", "status"]);
    assert_eq!(status["status"]["by_grant"], true);
    // After all that died no token was shown twice.
    assert_eq!(status["status"]["refused"]["token_invalid"], 0);
}

#[test]
fn tokens_are_spent_once_however_often_a_device_dies() {
    let stage = Stage::new();
    let (relay, _, grant) = granting(&stage);
    let mut alder = stage.person("alder");
    makes_by_grant(&alder, &relay, &grant);
    for round in 0..4 {
        alder.does(&["share", TITLE, &format!("round {round}")]);
        alder.is_killed();
        alder.starts();
    }
    alder.has_sent_all();
    assert_eq!(alder.texts(TITLE).len(), 4);
    let status = relay.party.does(&["relay", "status"]);
    assert_eq!(status["status"]["refused"]["token_invalid"], 0);
}

#[test]
fn a_revoked_grant_is_told_and_another_one_helps() {
    let stage = Stage::new();
    let (mut relay, id, grant) = granting(&stage);
    let (mut alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    makes_by_grant(&alder, &relay, &grant);
    let code = alder.invites(TITLE);
    rowan.joins(&code, "Rowan");
    alder.shares(TITLE, "before");
    rowan.reads(TITLE, "before");
    relay.party.does(&["relay", "grant", "revoke", &id, "--yes"]);
    // What was drawn is good still; each start takes one token for whoever writes.
    let waiting = (0..100).map(|round| format!("round {round}")).find(|words| {
        alder.does(&["share", TITLE, words]);
        let ended = until("it to be held, or alder to be told", || {
            let network = alder.does(&["network", "show", TITLE]);
            let all_held = || alder.does(&["node", "status"])["outbox"] == 0;
            let ended = network["trouble"] == "relay_grant_ended";
            (ended || all_held()).then_some(ended)
        });
        if !ended {
            alder.stops();
            alder.starts();
        }
        ended
    });
    let waiting = waiting.expect("no grant, and no end of tokens");
    let (_, another) = issued(&stage, &relay, "another");
    alder.does(&["relay", "add", TITLE, &relay.address(), "--grant", &another, "--yes"]);
    rowan.reads(TITLE, &waiting);
    rowan.shares(TITLE, "thank you");
    alder.reads(TITLE, "thank you");
    relay.party.stops();
}

#[test]
fn who_is_removed_loses_their_part_at_the_relay() {
    let stage = Stage::new();
    let (relay, id, grant) = granting(&stage);
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    makes_by_grant(&alder, &relay, &grant);
    let code = alder.invites(TITLE);
    rowan.joins(&code, "Rowan");
    until("a part of one's own", || (grant_of(&rowan)["for_now"] == false).then_some(()));
    alder.does(&["member", "remove", TITLE, "Rowan", "--reason", "as agreed", "--yes"]);
    until("the relay to hear of it", || {
        let listed = relay.party.does(&["relay", "grant", "list"]);
        let grant = listed["grants"].as_array()?.iter().find(|grant| grant["id"] == id.as_str())?;
        // Theirs, and that of the door they came by.
        (grant["members_revoked"] == 2).then_some(())
    });
    until("alder to know", || (grant_of(&alder)["given"]["to_revoke"] == 0).then_some(()));
    alder.shares(TITLE, "after it");
}

#[test]
fn a_grant_that_is_none_is_told_so_and_changes_nothing() {
    let stage = Stage::new();
    let (relay, _, grant) = granting(&stage);
    let alder = stage.person("alder");
    makes_by_grant(&alder, &relay, &grant);
    let words = stage.passphrase("words", "windbreak-grant:aaaa");
    let add = ["relay", "add", TITLE, &relay.address(), "--grant", &words];
    let refused = alder.asks(&add);
    assert_eq!((refused.exit_code, refused.code()), (1, "bad_grant"));
    let absent = alder.asks(&["relay", "add", TITLE, &relay.address(), "--grant", "/nowhere"]);
    assert_eq!(absent.exit_code, 1);
    assert!(tokens_of(&alder) > 0 || grant_of(&alder)["tokens_resting"].as_u64().is_some());
}

#[test]
fn what_is_drawn_and_what_is_spent_share_nothing_on_the_wire() {
    let stage = Stage::new();
    let (relay, _, grant) = granting(&stage);
    let alder = stage.person("alder");
    let before = relay.door.recorded().len();
    makes_by_grant(&alder, &relay, &grant);
    alder.shares(TITLE, "paid for");
    let recorded = relay.door.recorded();
    // Two directions for each connection: one for the topics, one for the draw.
    let sides: Vec<Vec<u8>> = recorded.into_iter().skip(before).filter(|r| !r.is_empty()).collect();
    assert!(sides.len() >= 4, "the draw had no connection of its own: {}", sides.len());
    let (first, rest) = sides.split_at(2);
    // The ear is tested first: what everybody says must be heard in both.
    assert!(!shared(first, rest).is_empty());
    let hello = [HELLO, FIRST_LENGTH].concat();
    let without = |sides: &[Vec<u8>]| without(sides.to_vec(), &[&hello, HELLO]);
    assert_eq!(shared(&without(first), &without(rest)), [[0; 8]; 0]);
}
