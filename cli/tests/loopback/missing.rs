//! What cannot be run on this machine. It is told so that nobody overlooks it, and where everything must
//! be there (`CI`), it is a failure.

use std::fs;
use std::io::{self, Write as _};

/// A right that few users have; its number stands in linux/capability.h.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Right {
    /// Forbids writing a file, whoever asks.
    Immutable = 9,
    /// Watches a process of somebody else, or one that does not want to be.
    Trace = 19,
    /// Mounts disks.
    Admin = 21,
}

impl Right {
    /// Whether this process has it.
    fn is_ours(self) -> bool {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let rights = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
        let rights = rights.and_then(|rights| u64::from_str_radix(rights.trim(), 16).ok());
        rights.is_some_and(|rights| (rights >> self as u32) & 1 != 0)
    }
}

/// Something that everybody can have is missing.
pub(crate) fn not_run(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "NOT RUN: {why}");
    tell(why);
}

/// The same of what takes a right: nobody is to be root for a test, so without it this is no failure.
pub(crate) fn not_run_without(right: Right, why: &str) {
    if right.is_ours() {
        not_run(why);
    } else {
        tell(&format!("{why} (this takes the right {right:?})"));
    }
}

/// Told past what a test that passes keeps to itself.
fn tell(why: &str) {
    let _ = writeln!(io::stderr(), "*** NOT RUN: {why}");
}
