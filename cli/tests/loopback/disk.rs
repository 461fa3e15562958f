//! A disk that takes nothing more, then does again. What stands in for a full one is the limit on
//! the size of files that the system sets for a process: it needs no rights and no other disk.

use std::fs;

use rustix::process::{Resource, Rlimit, prlimit};

use crate::circle::{text, two_in};
use crate::search::files_under;
use crate::stage::{Party, Stage, until};

const TITLE: &str = "Evening walk";

#[test]
fn a_full_disk_refuses_and_recovers() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (mut alder, rowan) = (stage.newcomer("alder"), stage.person("rowan"));
    // Otherwise the system ends a process that exceeds the limit; a full disk ends nobody.
    alder.starts_after("trap '' XFSZ");
    two_in(TITLE, &relay, &alder, &rowan);
    alder.shares(TITLE, "While there was room.");
    rowan.reads(TITLE, "While there was room.");

    limit(&alder, Some(0));
    let refused = until("the disk to be full", || {
        let answer = alder.asks(&["share", TITLE, "There is no room for this."]);
        (answer.exit_code != 0).then_some(answer)
    });
    assert!(!refused.code().is_empty(), "{refused:?}");
    let status = alder.does(&["node", "status"]);
    assert_eq!(text(&status, "/condition"), "read_only");
    assert!(!text(&status, "/trouble/next").is_empty());
    assert_eq!(alder.texts(TITLE).first().unwrap(), "While there was room.");
    rowan.shares(TITLE, "Said while her disk was full.");

    limit(&alder, None);
    until("the node to work again", || {
        let status = alder.does(&["node", "status"]);
        (text(&status, "/condition") == "working").then_some(())
    });
    alder.reads(TITLE, "Said while her disk was full.");
    alder.shares(TITLE, "There is room again.");
    rowan.reads(TITLE, "There is room again.");
    let said = rowan.texts(TITLE);
    assert_eq!(alder.texts(TITLE), said);
    assert!(!said.iter().any(|words| words == "There is no room for this."));

    alder.stops();
    alder.starts();
    assert_eq!(alder.texts(TITLE), said);
}

/// Lets the files of a node's process grow no more than `more` bytes, or as they like.
fn limit(party: &Party, more: Option<u64>) {
    let longest = files_under(&party.folder.join("stores"));
    let longest = longest.iter().map(|file| fs::metadata(file).unwrap().len()).max().unwrap();
    let current = more.map(|more| longest + more);
    prlimit(Some(party.pid()), Resource::Fsize, Rlimit { current, maximum: None }).unwrap();
}
