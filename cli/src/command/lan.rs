//! The mode `lan` in words: what is asked before a circle is given it, and why it is chosen for one
//! circle at a time.

use windbreak_node::api::message::Mode;

use super::{Context, confirm};
use crate::args::ModeArg;
use crate::error::{Failure, Kind};
use crate::words::say;

/// Asks, if the mode that was chosen is this one.
pub(super) async fn ask(
    context: Context<'_>,
    yes: bool,
    mode: Option<ModeArg>,
) -> Result<(), Failure> {
    match mode {
        Some(ModeArg::Lan) => confirm(context, yes, say!("lan-before")).await,
        _ => Ok(()),
    }
}

/// Refuses it for circles that are not named: on every network this device comes to it would say that
/// it is there.
pub(super) fn refused_for_all() -> Failure {
    Failure::new(
        Kind::Failed,
        "lan_for_all",
        say!("lan-one-circle-time"),
        say!("lan-one-circle-time-next"),
    )
}

/// How a circle in it is doing.
pub(super) fn linked(count: usize) -> String {
    say!("lan-linked", count)
}

/// Whether a change from one mode to another shows this device to anybody who did not see it before.
pub(super) fn shows_more(before: Mode, after: Mode) -> bool {
    match (before, after) {
        // The relays learn an address that they did not know.
        (Mode::Lan, Mode::RelayOnly | Mode::Direct) => true,
        _ => after > before,
    }
}
