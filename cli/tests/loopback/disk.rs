//! A disk that takes nothing more, then does again. What stands in for a full one is the limit on
//! the size of files that the system sets for a process: it needs no rights and no other disk. What
//! only root can do to a disk is skipped for others, and said.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::{Resource, Rlimit, prlimit};

use crate::circle::{says_alone, text, two_in};
use crate::missing::{Right, not_run_without};
use crate::search::files_under;
use crate::stage::{Party, Stage, bounds_itself, until};

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
    reads_or_is_refused(&alder, "While there was room.").unwrap();
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

#[test]
fn a_real_disk_that_is_full_refuses_and_recovers() {
    let stage = Stage::new();
    let mut alder = stage.newcomer("alder");
    let Some(disk) = Disk::under(&alder.folder, "16m") else { return };
    alder.starts();
    says_alone(&alder, TITLE, "While there was room.");
    let filler = alder.folder.join("somebody-elses");
    // What is left goes to somebody else; the system writes as much as there is room for.
    let _ = fs::write(&filler, vec![7; 16 * 1024 * 1024]);
    refuses_and_reads(&alder, "While there was room.");
    fs::remove_file(&filler).unwrap();
    works_again(&mut alder, "While there was room.");
    drop(disk);
}

#[test]
fn a_read_only_disk_refuses_a_start_and_keeps_all() {
    let stage = Stage::new();
    let mut alder = stage.newcomer("alder");
    let Some(disk) = Disk::under(&alder.folder, "64m") else { return };
    alder.starts();
    says_alone(&alder, TITLE, "While it could be written.");
    alder.stops();
    // The system lets nobody do this to a disk while files on it are open for writing.
    disk.turns("ro");
    let passphrase = alder.passphrase();
    for command in [["node", "run"], ["store", "check"]] {
        let refused = alder.asks(&[&command[..], &["--passphrase-file", &passphrase]].concat());
        assert_eq!((refused.exit_code, refused.code()), (1, "profile_folder"), "{refused:?}");
    }
    disk.turns("rw");
    alder.starts();
    assert_eq!(alder.texts(TITLE), ["While it could be written."]);
    alder.stops();
}

#[test]
fn a_node_that_may_not_write_its_files_any_more_refuses_and_recovers() {
    let stage = Stage::new();
    let mut alder = stage.person("alder");
    says_alone(&alder, TITLE, "While it was allowed.");
    let stores = alder.folder.join("stores");
    // Rights bind neither root nor files that are open: this binds both.
    let forbid = |flag| {
        let files = files_under(&stores);
        Command::new("chattr").arg(flag).args(files).status().is_ok_and(|done| done.success())
    };
    if !forbid("+i") {
        let why = "files cannot be kept from being written, which some file systems do not know";
        not_run_without(Right::Immutable, why);
        return;
    }
    let (refused, allowed) = (tries_to_refuse(&alder, "While it was allowed."), forbid("-i"));
    assert!(allowed);
    refused.unwrap();
    works_again(&mut alder, "While it was allowed.");
}

#[test]
fn a_relay_on_a_full_disk_refuses_with_the_reason_and_recovers() {
    let stage = Stage::new();
    let mut relay = stage.relay_to_be("relay");
    // The first keeps away from the edge; the others find out by writing, and the last of them is killed
    // and has to begin there.
    let cases = [("polite", 8, false), ("to the last byte", 0, false), ("begins again", 0, true)];
    for (name, free, is_killed) in cases {
        let folder = relay.party.folder.clone();
        bounds_itself(&folder, &format!("free_mib = {free}"));
        let Some(disk) = Disk::under(&folder, "48m") else { return };
        relay.starts();
        let (mut alder, mut rowan) = (stage.person(&format!("alder {name}")), stage.person(name));
        two_in(TITLE, &relay, &alder, &rowan);
        alder.shares(TITLE, "While there was room.");
        rowan.reads(TITLE, "While there was room.");
        rowan.stops();
        alder.shares(TITLE, "And while you were away.");

        let filler = folder.join("somebody-elses");
        fills(&filler);
        // A store writes for a while in what it took of the disk before.
        let mut number = 0;
        let waits = until("alder to be told", || {
            number += 1;
            alder.does(&["share", TITLE, &format!("There is no room for this, number {number}.")]);
            waits_for_room(&alder)
        });
        let told = relay.party.does(&["relay", "status"]);
        assert!(told["status"]["refused"]["full"].as_u64().unwrap() > 0, "{told}");
        if is_killed {
            // While somebody writes, the room set aside is given up and taken again.
            alder.stops();
            assert!(folder.join("reserve").exists(), "the next start would find no room");
            // More than once: what the first start needed is not used up by it.
            for _ in 0..3 {
                relay.party.is_killed();
                fills(&folder.join("more-of-it"));
                // That it begins is the point: whether there is room then depends on what its database
                // gave back meanwhile.
                relay.starts();
            }
            alder.starts();
        }
        rowan.starts();
        // What it has it still gives.
        rowan.reads(TITLE, "And while you were away.");

        fs::remove_file(&filler).unwrap();
        rowan.reads(TITLE, &waits);
        until("alder not to be told any more", || {
            let network = alder.does(&["network", "show", TITLE]);
            network.get("trouble").is_none().then_some(())
        });
        relay.party.stops();
        relay.is_another();
        drop(disk);
        fs::remove_dir_all(&folder).unwrap();
    }
}

#[test]
fn a_relay_that_is_to_begin_on_a_full_disk_says_why_and_begins_once_there_is_room() {
    let stage = Stage::new();
    let mut relay = stage.relay_to_be("relay");
    let folder = relay.party.folder.clone();
    bounds_itself(&folder, "free_mib = 0");
    let Some(disk) = Disk::under(&folder, "16m") else { return };
    let filler = folder.join("somebody-elses");
    for left in [0, 8 * 1024, 96 * 1024] {
        fills(&filler);
        let length = fs::metadata(&filler).unwrap().len();
        fs::File::options().write(true).open(&filler).unwrap().set_len(length - left).unwrap();
        let refused = relay.party.asks(&["relay", "run", "--listen", "/ip4/127.0.0.1/tcp/0"]);
        assert_eq!(refused.exit_code, 1, "{refused:?}");
        assert!(
            refused.data().is_null() && refused.next().contains("free some space"),
            "{refused:?}"
        );
        fs::remove_file(&filler).unwrap();
    }
    relay.starts();
    let told = relay.party.does(&["relay", "status"]);
    assert_eq!(told["status"]["has_room"], true, "{told}");
    relay.party.stops();
    drop(disk);
}

/// What is left of a disk goes to somebody else; the system writes as much as there is room for.
fn fills(file: &Path) {
    let _ = fs::write(file, vec![7; 48 * 1024 * 1024]);
}

/// What was said last, once it waits as its relay is full.
fn waits_for_room(party: &Party) -> Option<String> {
    let told = party.does(&["network", "show", TITLE])["trouble"] == "relay_full";
    let last = party.items(TITLE).pop().unwrap();
    (told && last["delivery"] == "queued").then(|| text(&last, "/text"))
}

/// New work is refused with a reason and what to do next, and what was there is still shown.
fn refuses_and_reads(party: &Party, kept: &str) {
    tries_to_refuse(party, kept).unwrap();
}

/// The same, for where something must be undone before a test may fail.
fn tries_to_refuse(party: &Party, kept: &str) -> Result<(), String> {
    let mut refused = None;
    for number in 0..2000 {
        let answer = party.asks(&["share", TITLE, &format!("Too late, number {number}.")]);
        if answer.exit_code != 0 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.ok_or("nothing was refused")?;
    if refused.code().is_empty() {
        return Err(format!("{refused:?}"));
    }
    let status = party.does(&["node", "status"]);
    if text(&status, "/condition") != "read_only" || text(&status, "/trouble/next").is_empty() {
        return Err(format!("{status}"));
    }
    reads_or_is_refused(party, kept)
}

/// Words are shown or, where not even opening the store anew has room, refused until there is (S-3).
fn reads_or_is_refused(party: &Party, kept: &str) -> Result<(), String> {
    let read = party.asks(&["read", TITLE, "--limit", "10000"]);
    let is_shown = read.exit_code == 0 && read.data().to_string().contains(kept);
    if is_shown || read.code() == "store_unreadable" { Ok(()) } else { Err(format!("{read:?}")) }
}

/// The node works by itself, and after another start nothing is half written.
fn works_again(party: &mut Party, kept: &str) {
    until("the node to work again", || {
        let status = party.does(&["node", "status"]);
        (text(&status, "/condition") == "working").then_some(())
    });
    party.does(&["share", TITLE, "It can be written again."]);
    let said = party.texts(TITLE);
    assert_eq!(said.first().unwrap(), kept);
    assert_eq!(said.last().unwrap(), "It can be written again.");
    party.stops();
    party.starts();
    assert_eq!(party.texts(TITLE), said);
    party.stops();
    let passphrase = party.passphrase();
    let checked = party.does(&["store", "check", "--passphrase-file", &passphrase]);
    assert_eq!(checked["sound"], true);
}

/// A small disk of its own, in memory.
struct Disk(PathBuf);

impl Disk {
    /// Moves the folder to a disk of so many bytes; nothing where that takes more rights.
    fn under(folder: &Path, size: &str) -> Option<Self> {
        let aside = folder.with_extension("aside");
        crate::store::copy(folder, &aside);
        let option = format!("size={size},mode=0700");
        let mut mount = Command::new("mount");
        let mounted = mount.args(["-t", "tmpfs", "-o", &option, "tmpfs"]).arg(folder).status();
        if !mounted.is_ok_and(|done| done.success()) {
            not_run_without(Right::Admin, "a disk in memory cannot be mounted");
            return None;
        }
        crate::store::copy(&aside, folder);
        Some(Self(folder.to_owned()))
    }

    /// Lets it be written, or not.
    fn turns(&self, how: &str) {
        let option = format!("remount,{how}");
        let turned = Command::new("mount").args(["-o", &option]).arg(&self.0).status().unwrap();
        assert!(turned.success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Also while a failed test's node still has it.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Lets the files of a node's process grow no more than `more` bytes, or as they like.
fn limit(party: &Party, more: Option<u64>) {
    let longest = files_under(&party.folder.join("stores"));
    let longest = longest.iter().map(|file| fs::metadata(file).unwrap().len()).max().unwrap();
    let current = more.map(|more| longest + more);
    prlimit(Some(party.pid()), Resource::Fsize, Rlimit { current, maximum: None }).unwrap();
}
