//! Joining while others are away: a relay holds the card and the knock.

use crate::circle::{LONG, text};
use crate::stage::{Stage, until};

const TITLE: &str = "Evening walk";

#[test]
fn somebody_joins_by_invite_while_the_inviter_is_offline() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (mut ines, noor) = (stage.person("ines"), stage.person("noor"));
    ines.makes(TITLE, "Ines Aurora", &relay.address());
    let code = ines.invites(TITLE);
    ines.stops();

    let knock = ["join", &code, "--name", "Noor Jahan", "--accept-agreement", "--wait", "10s"];
    let knocked = noor.asks(&knock);
    assert_eq!(knocked.exit_code, 6, "{knocked:?}");
    until("the relay to hold the knock", || {
        let joins = noor.does(&["join"]);
        (text(&joins, "/joins/0/stage") == "knocked").then_some(())
    });
    assert!(noor.does(&["circle", "list"]).pointer("/circles/0").is_none());

    ines.starts();
    let joined = noor.does(&["join", &code, "--wait", LONG]);
    assert_eq!(text(&joined, "/stage"), "joined");
    noor.shares(TITLE, "I knocked while nobody was at home.");
    ines.reads(TITLE, "I knocked while nobody was at home.");
}

#[test]
fn a_member_lets_somebody_in_while_the_inviter_is_away() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (mut ines, noor, tomasz) =
        (stage.person("ines"), stage.person("noor"), stage.person("tomasz"));
    ines.makes(TITLE, "Ines Aurora", &relay.address());
    noor.joins(&ines.invites(TITLE), "Noor Jahan");
    let code = ines.invites(TITLE);
    // Noor's device can only open to those who hold an invite it has heard of.
    until("the invite to reach Noor", || {
        let invites = noor.does(&["invite", "list", TITLE]);
        let open = invites.pointer("/invites")?.as_array()?.iter().any(|i| i["state"] == "open");
        open.then_some(())
    });
    ines.stops();

    tomasz.joins(&code, "Tomasz Motyl");
    noor.sees_members(TITLE, 3);
    tomasz.shares(TITLE, "Thank you for opening.");
    noor.reads(TITLE, "Thank you for opening.");
    ines.starts();
    ines.reads(TITLE, "Thank you for opening.");
    ines.sees_members(TITLE, 3);
}
