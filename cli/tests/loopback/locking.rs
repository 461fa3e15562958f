//! Who has what opens a profile in memory, and how that ends: by `lock` and `panic`, whatever comes in
//! between.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Signal, kill_process};
use windbreak_node::private::Lock;

use crate::stage::{Begun, Party, Stage, until};
use crate::store::assert_nothing_is_left;

/// A process that holds the lock of a folder, as one does that has the profile open and does not listen.
struct Holder(Child);

impl Holder {
    /// It holds on for so many seconds, and the file says `pid`.
    fn of(folder: &Path, pid: &str, seconds: u32) -> Self {
        let script = format!(
            "exec 9<>\"$0\"; flock -x 9; printf '%s\\n' {pid} > \"$0\"; exec sleep {seconds}"
        );
        let mut command = Command::new("sh");
        let child = command.args(["-c", &script]).arg(folder.join("lock")).stdin(Stdio::null());
        let holder = Self(child.spawn().unwrap());
        let is_told = || {
            let text = std::fs::read_to_string(folder.join("lock")).unwrap_or_default();
            (Lock::is_held(&folder.join("lock")) && text.len() < 10).then_some(())
        };
        until("the folder to be held", is_told);
        holder
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_lock_is_only_told_when_nobody_has_the_profile_open() {
    let stage = Stage::new();
    let alder = stage.newcomer("alder");
    // As a node that is about to listen, or a command that is about to end.
    let mut holder = Holder::of(&alder.folder, "$$", 1);
    assert_eq!(alder.does(&["lock"])["locked"], true);
    assert!(!Lock::is_held(&alder.folder.join("lock")));
    assert!(holder.0.wait().unwrap().success(), "it was not let come to an end");

    let mut holder = Holder::of(&alder.folder, "$$", 600);
    let began = Instant::now();
    assert_eq!(alder.does(&["lock"])["locked"], true);
    assert!(!Lock::is_held(&alder.folder.join("lock")));
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    assert!(!holder.0.wait().unwrap().success());
}

#[test]
fn a_panic_that_leaves_keys_in_memory_says_so() {
    let stage = Stage::new();
    let alder = stage.newcomer("alder");
    let _holder = Holder::of(&alder.folder, "nobody", 600);
    let began = Instant::now();
    let told = alder.asks(&["panic", "--yes"]);
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!((told.exit_code, told.code()), (1, "keys_in_memory"));
    assert_nothing_is_left(&alder.folder);
}

/// A panic that has destroyed the keys on the disk and waits for a node that hangs.
fn half_a_panic(alder: &mut Party) -> Begun {
    alder.starts();
    kill_process(alder.pid(), Signal::STOP).unwrap();
    let panic = alder.begins(&["panic", "--yes"]);
    let header = alder.folder.join("header");
    until("the keys to be gone", || (!header.exists()).then_some(()));
    panic
}

#[test]
fn a_panic_is_not_interrupted_once_it_has_begun() {
    let stage = Stage::new();
    let mut alder = stage.newcomer("alder");
    let panic = half_a_panic(&mut alder);
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        panic.gets(signal);
    }
    assert_eq!(panic.answer().exit_code, 0);
    assert!(alder.has_ended());
    assert_nothing_is_left(&alder.folder);
}

#[test]
fn what_a_panic_that_was_killed_left_in_memory_is_ended_by_the_next_and_by_lock() {
    let stage = Stage::new();
    for again in ["panic", "lock"] {
        let mut alder = stage.newcomer(again);
        let panic = half_a_panic(&mut alder);
        assert!(!panic.dies_after(Duration::ZERO), "it was over before it was killed");
        if again == "panic" {
            alder.does(&["panic", "--yes"]);
        } else {
            kill_process(alder.pid(), Signal::CONT).unwrap();
            // Going on, it may end by what the first asked of it before this one looks.
            let told = alder.asks(&["lock"]);
            if told.exit_code != 0 {
                assert_eq!(told.code(), "no_profile");
            }
        }
        assert!(alder.has_ended());
        assert!(!Lock::is_held(&alder.folder.join("lock")));
        assert_eq!(alder.asks(&[again]).code(), "no_profile");
    }
}
