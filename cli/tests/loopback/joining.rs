//! Joining while others are away: a relay holds the card and the knock.

use crate::circle::{LONG, text};
use crate::stage::{Stage, until};

const TITLE: &str = "Evening walk";

#[test]
fn somebody_joins_by_invite_while_the_inviter_is_offline() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (mut alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    alder.makes(TITLE, "Alder Aurora", &relay.address());
    let code = alder.invites(TITLE);
    alder.stops();

    rowan.knocks(&code, "Rowan Jahan", "");
    assert!(rowan.does(&["circle", "list"]).pointer("/circles/0").is_none());

    alder.starts();
    let joined = rowan.does(&["join", &code, "--wait", LONG]);
    assert_eq!(text(&joined, "/stage"), "joined");
    rowan.shares(TITLE, "I knocked while nobody was at home.");
    alder.reads(TITLE, "I knocked while nobody was at home.");
}

#[test]
fn a_member_lets_somebody_in_while_the_inviter_is_away() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (mut alder, rowan, willow) =
        (stage.person("alder"), stage.person("rowan"), stage.person("willow"));
    alder.makes(TITLE, "Alder Aurora", &relay.address());
    rowan.joins(&alder.invites(TITLE), "Rowan Jahan");
    let code = alder.invites(TITLE);
    // Rowan's device can only open to those who hold an invite it has heard of.
    until("the invite to reach Rowan", || {
        let invites = rowan.does(&["invite", "list", TITLE]);
        let open = invites.pointer("/invites")?.as_array()?.iter().any(|i| i["state"] == "open");
        open.then_some(())
    });
    alder.stops();

    willow.joins(&code, "Willow Motyl");
    rowan.sees_members(TITLE, 3);
    willow.shares(TITLE, "Thank you for opening.");
    rowan.reads(TITLE, "Thank you for opening.");
    alder.starts();
    alder.reads(TITLE, "Thank you for opening.");
    alder.sees_members(TITLE, 3);
}

#[test]
fn whoever_gave_up_may_try_the_same_invite_again() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    alder.makes(TITLE, "Alder Aurora", &relay.address());
    let code = alder.invites(TITLE);
    let looked = rowan.does(&["join", &code]);
    assert_eq!(text(&looked, "/stage"), "ready");
    rowan.does(&["join", &code, "--cancel"]);
    rowan.joins(&code, "Rowan Jahan");
}

#[test]
fn whoever_is_invited_as_a_listener_only_listens() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    alder.makes(TITLE, "Alder Aurora", &relay.address());
    let made = alder.does(&["invite", "new", TITLE, "--listener"]);
    assert_eq!(made["invite"]["listener"], true);
    alder.has_sent_all();
    let code = text(&made, "/invite/code");
    let looked = rowan.does(&["join", &code]);
    assert_eq!(looked["card"]["listener"], true, "{looked}");
    rowan.joins(&code, "Rowan Jahan");
    for party in [&alder, &rowan] {
        party.sees_members(TITLE, 2);
        let members = party.does(&["member", "list", TITLE]);
        let roles = members["members"].as_array().unwrap().iter();
        let roles: Vec<_> = roles.map(|member| text(member, "/role")).collect();
        assert_eq!(roles, ["facilitator", "listener"]);
    }
    alder.shares(TITLE, "Good that you listen.");
    rowan.reads(TITLE, "Good that you listen.");
    let refused = rowan.asks(&["share", TITLE, "May I?"]);
    assert_eq!(refused.code(), "listener");
    alder.does(&["member", "role", TITLE, "Rowan", "member"]);
    until("the word of a facilitator", || {
        (rowan.asks(&["share", TITLE, "Thank you."]).exit_code == 0).then_some(())
    });
    alder.reads(TITLE, "Thank you.");
}
