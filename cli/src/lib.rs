//! The command line of Windbreak.
//!
//! [`main_with`] is the whole program: it reads what was typed (`args`), does it by asking the
//! node of the profile over its local API (`command`), and answers in words or in JSON (`output`).
//! Whatever other people wrote is made harmless for a terminal first (`text`).

mod args;
mod error;
mod output;
mod text;

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program with what was typed, its own name first.
pub fn main_with(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let _ = args;
    ExitCode::SUCCESS
}
