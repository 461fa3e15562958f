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
    let (mut ines, noor) = (stage.newcomer("ines"), stage.person("noor"));
    // Otherwise the system ends a process that exceeds the limit; a full disk ends nobody.
    ines.starts_after("trap '' XFSZ");
    two_in(TITLE, &relay, &ines, &noor);
    ines.shares(TITLE, "While there was room.");
    noor.reads(TITLE, "While there was room.");

    limit(&ines, Some(0));
    let refused = until("the disk to be full", || {
        let answer = ines.asks(&["share", TITLE, "There is no room for this."]);
        (answer.exit_code != 0).then_some(answer)
    });
    assert!(!refused.code().is_empty(), "{refused:?}");
    let status = ines.does(&["node", "status"]);
    assert_eq!(text(&status, "/condition"), "read_only");
    assert!(!text(&status, "/trouble/next").is_empty());
    // What was said is shown, or why it cannot be; never anything else.
    let read = ines.asks(&["read", TITLE]);
    if read.exit_code == 0 {
        assert_eq!(text(read.data(), "/items/0/text"), "While there was room.");
    } else {
        assert!(read.code().starts_with("store_"), "{read:?}");
    }
    noor.shares(TITLE, "Said while her disk was full.");

    limit(&ines, None);
    until("the node to work again", || {
        let status = ines.does(&["node", "status"]);
        (text(&status, "/condition") == "working").then_some(())
    });
    ines.reads(TITLE, "Said while her disk was full.");
    ines.shares(TITLE, "There is room again.");
    noor.reads(TITLE, "There is room again.");
    let said = noor.texts(TITLE);
    assert_eq!(ines.texts(TITLE), said);
    assert!(!said.iter().any(|words| words == "There is no room for this."));

    ines.stops();
    ines.starts();
    assert_eq!(ines.texts(TITLE), said);
}

/// Lets the files of a node's process grow no more than `more` bytes, or as they like.
fn limit(party: &Party, more: Option<u64>) {
    let longest = files_under(&party.folder.join("store"));
    let longest = longest.iter().map(|file| fs::metadata(file).unwrap().len()).max().unwrap();
    let current = more.map(|more| longest + more);
    prlimit(Some(party.pid()), Resource::Fsize, Rlimit { current, maximum: None }).unwrap();
}
