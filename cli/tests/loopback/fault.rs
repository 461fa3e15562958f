//! A disk that fails while a node runs: the system answers EIO to what writes and syncs, and later does
//! not any more. A library that is loaded before the C library stands in for it.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use crate::circle::{list, text, two_in};
use crate::preload::library;
use crate::stage::{Stage, until};

const TITLE: &str = "Evening walk";
/// Only syncing fails.
const SYNCS: &str = "syncs alone";
const REFUSED: &str = "While it failed.";

#[test]
fn a_disk_that_fails_refuses_with_the_reason_and_recovers() {
    fails_and_recovers("every write");
}

#[test]
fn what_was_refused_as_it_could_not_be_synced_is_there_once_or_not_at_all() {
    fails_and_recovers(SYNCS);
}

/// What the library reads of `how` is its first letter.
fn fails_and_recovers(how: &str) {
    let stage = Stage::new();
    let Some(library) = library(&stage, "fault") else { return };
    let relay = stage.relay();
    let (mut alder, rowan) = (stage.newcomer("alder"), stage.person("rowan"));
    let flag = stage.folder("flag");
    let (under, file) = (alder.folder.display(), flag.display());
    let shell = format!("export LD_PRELOAD={library} FAULT_UNDER={under} FAULT_FLAG={file}");
    alder.starts_after(&shell);
    two_in(TITLE, &relay, &alder, &rowan);
    let mut acknowledged = Vec::new();
    for number in 0..3 {
        acknowledged.push(format!("Number {number}, before it failed."));
        alder.shares(TITLE, &acknowledged[number]);
        rowan.reads(TITLE, &acknowledged[number]);
    }

    fs::write(&flag, how).unwrap();
    for _ in 0..2 {
        // The first tries to write; the second is refused because that failed.
        let refused = alder.asks(&["share", TITLE, REFUSED]);
        assert_eq!((refused.exit_code, refused.code()), (1, "store_failed"), "{refused:?}");
        assert!(refused.next().contains("see whether this was kept"), "{refused:?}");
        let status = alder.does(&["node", "status"]);
        assert_eq!(text(&status, "/condition"), "read_only");
        assert_eq!(text(&status, "/trouble/code"), "store_failed");
        assert!(!text(&status, "/trouble/next").is_empty());
        // Where the failed write was moving a page, not even that can be read until writing works (S-3).
        let read = alder.asks(&["read", TITLE, "--limit", "10000"]);
        if read.code() != "store_unreadable" {
            let texts = list(read.data(), "/items").iter().map(|item| text(item, "/text"));
            let texts: Vec<_> = texts.collect();
            assert_eq!(texts, acknowledged, "it shows what is kept, and nothing else");
        }
        // It has tried again by then, and failed again.
        sleep(Duration::from_secs(1));
    }
    let told = alder.prints(&["node", "status"]);
    assert!(told.contains("writing to the store failed"), "{told}");
    rowan.shares(TITLE, "Said while her disk failed.");
    acknowledged.push("Said while her disk failed.".to_owned());

    fs::remove_file(&flag).unwrap();
    until("the node to work again", || {
        let status = alder.does(&["node", "status"]);
        (text(&status, "/condition") == "working" && status.get("trouble").is_none()).then_some(())
    });
    alder.reads(TITLE, "Said while her disk failed.");
    alder.shares(TITLE, "It can be written again.");
    acknowledged.push("It can be written again.".to_owned());
    rowan.reads(TITLE, "It can be written again.");
    // What was written before syncing failed is not undone; nothing else can have been kept.
    let all = until("both to show the same", || {
        let all = alder.texts(TITLE);
        (all == rowan.texts(TITLE)).then_some(all)
    });
    let mut kept = all.clone();
    kept.retain(|words| words != REFUSED);
    assert_eq!(kept, acknowledged);
    assert!(all.len() - kept.len() <= usize::from(how == SYNCS), "{all:?}");
    assert!(list(&rowan.does(&["read", TITLE]), "/gaps").is_empty());

    // Nothing is half written for the next start either, on a disk that works.
    alder.stops();
    alder.starts();
    assert_eq!(alder.texts(TITLE), all);
    alder.stops();
    let passphrase = alder.passphrase();
    let checked = alder.does(&["store", "check", "--passphrase-file", &passphrase]);
    assert_eq!(checked["sound"], true, "{checked}");
}
