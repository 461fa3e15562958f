//! Reading along: what arrives is shown, nothing of whom one blocked, and one is told when it is over;
//! and that who reads tells nobody that they did.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::circle::{text, two_in};
use crate::idle::{UNNAMED, held};
use crate::notify::{helper, more_than, whole};
use crate::stage::{Stage, until};

const TITLE: &str = "Evening walk";

#[test]
fn whoever_reads_along_sees_what_arrives_and_is_told_when_they_are_removed() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    let hazel = stage.person("hazel");
    two_in(TITLE, &relay, &alder, &rowan);
    hazel.joins(&alder.invites(TITLE), "Hazel");
    rowan.sees_members(TITLE, 3);
    let before = alder.shares(TITLE, "Said before.");
    hazel.reads(TITLE, "Said before.");

    let mut follow = hazel.follows(TITLE);
    follow.shows(&before);
    alder.shares(TITLE, "Said while she reads.");
    follow.shows("Said while she reads.");

    // What somebody says whom she blocked is here, and not shown.
    hazel.does(&["member", "block", TITLE, "Rowan"]);
    rowan.shares(TITLE, "Said by whom she blocked.");
    until("the words to come", || (hazel.does(&["read", TITLE])["folded"] == 1).then_some(()));
    alder.shares(TITLE, "Said after that.");
    follow.shows("Said after that.");
    assert!(!follow.said().contains("Said by whom she blocked."), "{}", follow.said());
    assert_eq!(follow.said().matches("Said while she reads.").count(), 1);

    alder.does(&["member", "remove", TITLE, "Hazel", "--reason", "As agreed.", "--yes"]);
    assert_eq!(follow.ends(), 3);
    follow.shows("\"removed\"");
    follow.shows("windbreak read CIRCLE");
}

#[test]
fn what_was_said_too_soon_is_shown_and_told_when_its_turn_comes() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (mut alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    let hazel = stage.person("hazel");
    two_in(TITLE, &relay, &alder, &rowan);
    hazel.joins(&alder.invites(TITLE), "Hazel");
    alder.does(&["steward", "slow", TITLE, "--every", "1m", "--reason", "Much at once."]);
    until("slow mode", || {
        (rowan.does(&["steward", "log", TITLE])["slow_minutes"] == 1).then_some(())
    });
    rowan.shares(TITLE, "In time.");
    hazel.reads(TITLE, "In time.");
    let told = stage.folder("told");
    let program = helper(&stage.folder("bin"), &told);
    hazel.does(&["notify", "command", "--", &program, "--", "{}"]);
    hazel.does(&["notify", "on", "--every", "1"]);
    let soon = rowan.does(&["share", TITLE, "Too soon.", "--even-if-later"]);
    let soon = text(&soon, "/id");

    let mut follow = alder.follows(TITLE);
    follow.shows(&soon);
    assert!(!follow.said().contains("Too soon."), "{}", follow.said());
    // Who looks meanwhile has not read it.
    hazel.reads_item(TITLE, &soon, "that it waits", |item| item["shown_from"].is_number());
    assert!(whole(&told).is_empty(), "it is told before it can be read");
    more_than(&told, 0);
    hazel.reads(TITLE, "Too soon.");
    follow.shows("Too soon.");
    assert_eq!(follow.said().matches("Too soon.").count(), 1);
    alder.stops();
    follow.ends();
}

#[test]
fn whoever_reads_along_goes_on_when_what_waits_for_its_turn_is_shown_no_more() {
    let stage = Stage::new();
    let mut relay = stage.relay();
    let (mut alder, mut rowan) = (stage.person("alder"), stage.person("rowan"));
    let hazel = stage.person("hazel");
    two_in(TITLE, &relay, &alder, &rowan);
    hazel.joins(&alder.invites(TITLE), "Hazel");
    alder.does(&["steward", "slow", TITLE, "--every", "1m", "--reason", "Much at once."]);
    for party in [&rowan, &hazel] {
        party.sees_members(TITLE, 3);
        until("slow mode", || {
            (party.does(&["steward", "log", TITLE])["slow_minutes"] == 1).then_some(())
        });
    }
    for party in [&alder, &rowan, &hazel] {
        party.has_sent_all();
    }
    // Newcomers renew their leaf, by which they name what they have heard: that is to be over.
    sleep(Duration::from_secs(20));
    alder.stops();
    rowan.shares(TITLE, "In time.");
    hazel.reads(TITLE, "In time.");
    let said = Instant::now();
    let soon = rowan.does(&["share", TITLE, "Too soon.", "--even-if-later"]);
    let soon = text(&soon, "/id");
    hazel.reads_item(TITLE, &soon, "that it waits", |item| item["shown_from"].is_number());
    let follow = hazel.follows(TITLE);
    follow.shows(&soon);

    // Alder has not heard of it, and takes Rowan out: what Alder had not heard, nobody shows.
    rowan.stops();
    relay.is_gone();
    relay.party.stops();
    alder.starts();
    alder.does(&["member", "remove", TITLE, "Rowan", "--reason", "As agreed.", "--yes"]);
    relay.starts();
    until("that it is shown no more", || {
        (!hazel.items(TITLE).iter().any(|item| item["id"] == *soon)).then_some(())
    });
    let turn = Duration::from_secs(60);
    assert!(said.elapsed() < turn, "its turn came before it was looked for");
    sleep(turn.saturating_sub(said.elapsed()) + Duration::from_secs(5));

    alder.shares(TITLE, "And on we go.");
    follow.shows("And on we go.");
    assert!(!follow.said().contains("Too soon."), "{}", follow.said());
}

#[test]
fn whoever_reads_puts_nothing_on_the_relay_and_tells_the_author_nothing() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    let before = alder.shares(TITLE, "Has anybody read this?");
    rowan.reads(TITLE, "Has anybody read this?");
    alder.has_sent_all();
    rowan.has_sent_all();
    // Newcomers renew their leaf, ask for what was said before, and everybody votes.
    sleep(Duration::from_secs(15));

    let began = Instant::now();
    let [taken, _, bytes] = held(&relay);
    for _ in 0..12 {
        let read = rowan.does(&["read", TITLE]);
        assert!(read.to_string().contains("Has anybody read this?"), "{read}");
        rowan.prints(&["read", TITLE, "--thread", &before]);
    }
    let follow = rowan.follows(TITLE);
    follow.shows(&before);
    rowan.has_sent_all();
    sleep(Duration::from_secs(2));
    let [taken_after, _, bytes_after] = held(&relay);
    // All that came is what each device says once a day, whatever it does, told by its length; a day has
    // 11 seconds here.
    let came = taken_after - taken;
    assert_eq!(bytes_after - bytes, came * UNNAMED, "{came} envelopes, of another length");
    let usual = 2 * (began.elapsed().as_secs() / 10 + 2);
    assert!(came <= usual, "{came} envelopes, and not {usual} at most");

    // Nor does what arrives while somebody reads along say that it was read.
    alder.shares(TITLE, "And this, at once?");
    follow.shows("And this, at once?");
    rowan.has_sent_all();
    sleep(Duration::from_secs(2));
    for item in &alder.items(TITLE) {
        assert_eq!(text(item, "/delivery"), "held", "{item}");
        assert!(item.get("reached").is_none_or(|count| *count == 0), "{item}");
    }
}
