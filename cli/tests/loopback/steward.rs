//! How facilitators hold a circle, by the commands a person types: who reads what, who is told, and
//! the log that all members read.

use crate::circle::{list, text};
use crate::stage::{Party, Stage, until};

const TITLE: &str = "Evening walk";

#[test]
fn a_circle_is_held_by_facilitators_with_reasons_that_all_members_read() {
    let stage = Stage::new();
    let relay = stage.relay();
    let alder = stage.person("alder");
    let rowan = stage.person("rowan");
    let mut hazel = stage.person("hazel");
    alder.makes(TITLE, "Alder", &relay.address());
    rowan.joins(&alder.invites(TITLE), "Rowan");
    hazel.joins(&alder.invites(TITLE), "Hazel");
    let share = rowan.shares(TITLE, "His name is on the door of the bakery.");
    hazel.reads_item(TITLE, &share, "the share", |item| item["text"] != "");
    alder.reads_item(TITLE, &share, "the share", |item| item["text"] != "");

    let told = hazel.asks(&["steward", "hide", &share, "--reason", "It names somebody."]);
    assert_eq!((told.exit_code, told.code()), (3, "not_facilitator"));
    alder.does(&["steward", "hide", &share, "--reason", "It names somebody."]);
    let hidden =
        hazel.reads_item(TITLE, &share, "that it is hidden", |item| item["hidden"] == true);
    assert_eq!((&hidden["text"], &hidden["reason"]), (&"".into(), &"It names somebody.".into()));
    let own = rowan.reads_item(TITLE, &share, "that it is hidden", |item| item["hidden"] == true);
    assert_eq!(own["text"], "His name is on the door of the bakery.");

    alder.does(&["steward", "mute", TITLE, "Rowan", "--for", "1h", "--reason", "A pause."]);
    until("Rowan hears of it", || {
        let log = rowan.does(&["steward", "log", TITLE]);
        log["me_muted_until"].is_number().then_some(())
    });
    let told = rowan.asks(&["reply", &share, "All the same."]);
    assert_eq!((told.exit_code, told.code()), (3, "muted"));
    assert!(told.next().ends_with("windbreak draft save"), "{}", told.next());
    alder.does(&["steward", "unmute", TITLE, "Rowan", "--reason", "We talked."]);
    alder.does(&["steward", "slow", TITLE, "--every", "30m", "--reason", "Much at once."]);
    alder.does(&["steward", "unhide", &share, "--reason", "We talked it over."]);
    hazel.reads_item(TITLE, &share, "that it is shown again", |item| item["text"] != "");

    // Who shares too soon is told before it is sent; and it is seen later.
    hazel.shares(TITLE, "The first of mine.");
    let told = hazel.asks(&["share", TITLE, "The second of mine."]);
    assert_eq!((told.exit_code, told.code()), (1, "too_soon"));
    assert!(told.next().ends_with("windbreak draft save"), "{}", told.next());
    let sent = ["share", TITLE, "The second of mine.", "--even-if-later"];
    let second = text(&hazel.does(&sent), "/id");
    let later =
        rowan.reads_item(TITLE, &second, "that it waits", |item| item["shown_from"].is_number());
    assert_eq!(later["text"], "");

    hazel.stops();
    hazel.starts();
    let log = hazel.does(&["steward", "log", TITLE]);
    let deeds: Vec<String> = list(&log, "/log").iter().map(|entry| text(entry, "/what")).collect();
    for deed in ["hide", "mute", "unmute", "slow", "unhide"] {
        assert!(deeds.iter().any(|done| done == deed), "{deed} is not in {deeds:?}");
    }
    for entry in list(&log, "/log") {
        assert_eq!((text(entry, "/by_name").as_str(), &entry["counts"]), ("Alder", &true.into()));
        assert!(entry["at"].is_number() && !text(entry, "/reason").is_empty());
    }
    assert_eq!(log["slow_minutes"], 30);

    // At its own pace again: what waited is shown, and nothing waits.
    alder.does(&["steward", "slow", TITLE, "--off", "--reason", "Calm again."]);
    let shown = rowan.reads_item(TITLE, &second, "that it waits no more", |item| {
        item["shown_from"].is_null() && item["text"] != ""
    });
    assert_eq!(shown["text"], "The second of mine.");
    until("Hazel to hear of it", || {
        let log = hazel.does(&["steward", "log", TITLE]);
        let ended = list(&log, "/log").iter().any(|entry| entry["what"] == "end_slow");
        (ended && log["slow_minutes"].is_null()).then_some(())
    });
    hazel.shares(TITLE, "The third of mine.");

    // A second facilitator, once Rowan agrees and has declared; and no longer, once others agree.
    let role = |who: &Party, name: &str| {
        let members = who.does(&["member", "list", TITLE]);
        let found = list(&members, "/members").iter().find(|one| one["name"] == name);
        text(found.unwrap(), "/role")
    };
    let asked = |who: &Party, kind: &str| {
        until("a proposal", || {
            let proposals = who.does(&["member", "proposals", TITLE]);
            let mut asking = list(&proposals, "/proposals").iter();
            let one = asking.find(|one| one["kind"] == kind && one["asks_me"] == true)?;
            assert_eq!(["/member_name", "/by_name"].map(|f| text(one, f)), ["Rowan", "Alder"]);
            Some(text(one, "/id"))
        })
    };
    alder.does(&["member", "promote", TITLE, "Rowan"]);
    let id = asked(&rowan, "promote");
    let consent = ["member", "consent", TITLE, &id, "--yes"];
    assert_eq!(rowan.asks(&consent).code(), "undeclared");
    rowan.does(&[&consent[..], &["--declaration", "I have no duty."]].concat());
    until("Rowan to hold the circle", || (role(&hazel, "Rowan") == "facilitator").then_some(()));
    until("Rowan to know", || (role(&rowan, "Rowan") == "facilitator").then_some(()));
    rowan.does(&["steward", "hide", &share, "--reason", "It was mine."]);
    alder.does(&["member", "demote", TITLE, "Rowan"]);
    let id = asked(&hazel, "demote");
    hazel.does(&["member", "consent", TITLE, &id, "--yes"]);
    until("Rowan to hold it no longer", || (role(&rowan, "Rowan") == "member").then_some(()));
    let refused = rowan.asks(&["steward", "unhide", &share, "--reason", "It was mine."]);
    assert_eq!(refused.code(), "not_facilitator");

    // A voice is taken with a reason, and given back; all of it stands in the log.
    let listen = ["member", "role", TITLE, "Rowan", "listener"];
    assert_eq!(alder.asks(&listen).code(), "no_reason");
    alder.does(&[&listen[..], &["--reason", "Asked to read for a while."]].concat());
    until("Rowan to only listen", || (role(&rowan, "Rowan") == "listener").then_some(()));
    assert_eq!(rowan.asks(&["share", TITLE, "May I?"]).code(), "listener");
    alder.does(&["member", "role", TITLE, "Rowan", "member"]);
    until("Rowan to speak again", || (role(&rowan, "Rowan") == "member").then_some(()));
    alder.does(&["circle", "files", TITLE, "images-only"]);
    let log = until("the log to hold all of it", || {
        let log = hazel.does(&["steward", "log", TITLE]);
        list(&log, "/log").iter().any(|entry| entry["what"] == "files").then_some(log)
    });
    let entry = |what: &str| {
        let mut entries = list(&log, "/log").iter();
        entries.find(|entry| entry["what"] == what).unwrap_or_else(|| panic!("{what}: {log}"))
    };
    for what in ["promote", "listen", "speak", "demote"] {
        assert_eq!(text(entry(what), "/member_name"), "Rowan", "{what}");
        assert!(entry(what)["at"].is_number());
    }
    assert_eq!(text(entry("listen"), "/reason"), "Asked to read for a while.");
    assert_eq!(["/by_name", "/files"].map(|f| text(entry("files"), f)), ["Alder", "images_only"]);
    let page = hazel.prints(&["steward", "log", TITLE]);
    assert!(page.contains("Alder lets Rowan only listen"), "{page}");
}

#[test]
fn what_somebody_blocked_says_is_folded_away_for_who_blocked_them_alone() {
    let stage = Stage::new();
    let relay = stage.relay();
    let mut alder = stage.person("alder");
    let rowan = stage.person("rowan");
    alder.makes(TITLE, "Alder", &relay.address());
    rowan.joins(&alder.invites(TITLE), "Rowan");
    let share = rowan.shares(TITLE, "Good evening.");
    alder.reads_item(TITLE, &share, "the share", |_| true);
    alder.does(&["member", "block", TITLE, "Rowan"]);
    alder.stops();
    alder.starts();
    let read = alder.does(&["read", TITLE]);
    assert_eq!((list(&read, "/items").len(), &read["folded"]), (0, &1.into()));
    let read = alder.does(&["read", TITLE, "--blocked"]);
    assert_eq!((list(&read, "/items").len(), &read["folded"]), (1, &0.into()));
    assert_eq!(rowan.does(&["read", TITLE])["folded"], 0);
    alder.does(&["member", "unblock", TITLE, "Rowan"]);
    assert_eq!(list(&alder.does(&["read", TITLE]), "/items").len(), 1);
}
