//! Reading along: what arrives is shown, nothing of whom one blocked, and one is told when it is over.

use crate::circle::two_in;
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
