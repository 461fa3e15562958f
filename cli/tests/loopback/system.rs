//! What the system says of our processes: that what was acknowledged was synced, and that none leaves
//! a core.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::{Signal, kill_process};

use crate::circle::{NO_RELAY, text};
use crate::missing::{Right, not_run, not_run_without};
use crate::stage::{Party, Stage, until};

const TITLE: &str = "Evening walk";
const SHARES: usize = 10;

/// How often something at a path that ends so was synced, as the system saw it.
fn syncs(trace: &Path, end: &str) -> usize {
    let seen = fs::read_to_string(trace).unwrap_or_default();
    let is_sync = |line: &&str| line.contains("sync(") && line.contains(&format!("{end}>"));
    seen.lines().filter(is_sync).count()
}

#[test]
fn the_system_has_synced_what_a_command_says_is_kept() {
    let stage = Stage::new();
    let alder = stage.person("alder");
    alder.makes(TITLE, "Alder", NO_RELAY);
    let trace = stage.folder("trace");
    let watching = Command::new("strace")
        .args(["-f", "-y", "-e", "trace=fsync,fdatasync", "-o"])
        .arg(&trace)
        .args(["-p", &alder.pid().as_raw_nonzero().to_string()])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut watching) = watching else {
        not_run("strace is missing, which would show what is synced");
        return;
    };
    // Whoever may not watch is told so at once, and watches nothing.
    std::thread::sleep(Duration::from_millis(1500));
    if watching.try_wait().unwrap().is_some() {
        not_run_without(Right::Trace, "strace may not watch a process");
        return;
    }
    // Nobody else holds it: what is seen is this machine's disk.
    let first = text(&alder.does(&["share", TITLE, "the first"]), "/id");
    let before = syncs(&trace, "/db");
    for number in 0..SHARES {
        alder.does(&["share", TITLE, &format!("number {number}")]);
        // One after the other: each has waited for a sync of its own.
        let synced = syncs(&trace, "/db") - before;
        assert!(synced > number, "{synced} syncs after {} shares", number + 1);
    }
    // What is taken back takes its key with it, out of the file of keys.
    let before = syncs(&trace, "/keys");
    alder.does(&["withdraw", &first, "--yes"]);
    until("the file of keys to be synced", || (syncs(&trace, "/keys") > before).then_some(()));
    let watcher = rustix::process::Pid::from_child(&watching);
    kill_process(watcher, Signal::INT).unwrap();
    watching.wait().unwrap();
}

#[test]
fn nothing_that_holds_secrets_leaves_a_core() {
    let stage = Stage::new();
    let relay = stage.relay();
    let alder = stage.person("alder");
    for pid in [relay.pid(), alder.pid()] {
        let limits = fs::read_to_string(format!("/proc/{}/limits", pid.as_raw_nonzero())).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        let limits: Vec<&str> = core.split_whitespace().skip(4).take(2).collect();
        assert_eq!(limits, ["0", "0"]);
    }
    assert_ne!(locked(&alder), 0, "no secret is locked in memory");
}

#[test]
fn where_little_memory_may_be_locked_the_keys_are() {
    const ALLOWED: u64 = 1024;
    let stage = Stage::new();
    let mut alder = stage.newcomer("alder");
    // Without a limit all of the process is locked, and nobody sees whether its keys are.
    alder.starts_after(&format!("ulimit -l {ALLOWED}"));
    let before = locked(&alder);
    assert!((1..=ALLOWED).contains(&before), "{before} KiB are locked");
    // Each bucket has a key of its own (S-12).
    alder.makes(TITLE, "Alder", NO_RELAY);
    for number in 0..SHARES {
        alder.does(&["share", TITLE, &format!("number {number}")]);
    }
    let after = locked(&alder);
    assert!((before..=ALLOWED).contains(&after), "{before} KiB, then {after}");
}

/// How much memory of somebody's process the system never writes to a disk, in KiB.
fn locked(party: &Party) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", party.pid().as_raw_nonzero()));
    let status = status.unwrap();
    let locked = status.lines().find_map(|line| line.strip_prefix("VmLck:")).unwrap();
    locked.split_whitespace().next().unwrap().parse().unwrap()
}
