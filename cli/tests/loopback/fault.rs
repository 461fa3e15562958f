//! A disk that fails while a node runs: the system refuses what writes and syncs, since the disk is broken,
//! full, or can only be read any more; and later does not any more. A library that is loaded before the C
//! library stands in for it.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use crate::circle::{list, text, two_in};
use crate::preload::library;
use crate::stage::{Stage, until};

const TITLE: &str = "Evening walk";
const REFUSED: &str = "While it failed.";

/// How a disk fails, and what is said of it.
struct Fault {
    /// What the library reads, of which the first letter counts.
    how: &'static str,
    code: &'static str,
    /// A part of what is to be done next.
    next: &'static str,
    /// A part of what the status says.
    told: &'static str,
    /// Whether what was refused may be there afterwards.
    may_be_kept: bool,
}

/// A disk that is broken.
const BROKEN: Fault = Fault {
    how: "every write",
    code: "store_failed",
    next: "see whether this was kept",
    told: "writing to the store failed",
    may_be_kept: false,
};

#[test]
fn a_disk_that_fails_refuses_with_the_reason_and_recovers() {
    fails_and_recovers(BROKEN);
}

#[test]
fn what_was_refused_as_it_could_not_be_synced_is_there_once_or_not_at_all() {
    fails_and_recovers(Fault { how: "syncs alone", may_be_kept: true, ..BROKEN });
}

#[test]
fn a_disk_without_room_refuses_with_that_reason_and_recovers() {
    fails_and_recovers(Fault {
        how: "no room",
        code: "store_full",
        next: "free some space",
        told: "the disk is full",
        may_be_kept: false,
    });
}

#[test]
fn a_disk_that_becomes_read_only_refuses_with_that_reason_and_recovers() {
    fails_and_recovers(Fault {
        how: "read only",
        code: "store_denied",
        next: "whether its disk is read-only",
        told: "its folder or its disk does not allow it",
        may_be_kept: false,
    });
}

fn fails_and_recovers(fault: Fault) {
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

    fs::write(&flag, fault.how).unwrap();
    for _ in 0..2 {
        // The first tries to write; the second is refused because that failed.
        let refused = alder.asks(&["share", TITLE, REFUSED]);
        assert_eq!((refused.exit_code, refused.code()), (1, fault.code), "{refused:?}");
        assert!(refused.next().contains(fault.next), "{refused:?}");
        let status = alder.does(&["node", "status"]);
        assert_eq!(text(&status, "/condition"), "read_only");
        assert_eq!(text(&status, "/trouble/code"), fault.code);
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
    assert!(told.contains(fault.told), "{told}");
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
    assert!(all.len() - kept.len() <= usize::from(fault.may_be_kept), "{all:?}");
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
