//! A relay whose host decides by grants who may put anything there.

use std::fs;

use serde_json::Value;

use crate::circle::{text, two_in};
use crate::stage::{Relay, Stage, until};

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
