//! The mode `lan` in words: what is asked before a circle is given it, and why it is chosen for one
//! circle at a time.

use windbreak_node::api::message::Mode;

use super::{Context, confirm};
use crate::args::ModeArg;
use crate::error::{Failure, Kind};

/// What is asked before it.
const BEFORE: &str = "This device would then find other members on the local network it is in, with no relay and \
                      no internet. Everybody on that network can see that this device runs Windbreak, and when, \
                      and with which devices there it exchanges something. Members see which device there is \
                      yours, and whoever is in two circles where you chose this can tell that both are you. What \
                      you write waits here until a member's device is on the same network. Go on?";

/// What is said once a circle in it is made.
pub(super) const MADE: &str = "It stays on the local network: others reach it while they are on the same one, and an \
                               invite works there, too.";

/// Asks, if the mode that was chosen is this one.
pub(super) async fn ask(
    context: Context<'_>,
    yes: bool,
    mode: Option<ModeArg>,
) -> Result<(), Failure> {
    match mode {
        Some(ModeArg::Lan) => confirm(context, yes, BEFORE).await,
        _ => Ok(()),
    }
}

/// Refuses it for circles that are not named: on every network this device comes to it would say that
/// it is there.
pub(super) fn refused_for_all() -> Failure {
    Failure::new(
        Kind::Failed,
        "lan_for_all",
        "the mode lan is chosen for one circle at a time",
        "windbreak circle new … --network lan, or windbreak join … --network lan, or windbreak \
         network set CIRCLE lan",
    )
}

/// How a circle in it is doing.
pub(super) fn linked(count: usize) -> String {
    match count {
        0 => "no other member's device is here now; it is looked for all the time".to_owned(),
        1 => "linked with 1 device".to_owned(),
        count => format!("linked with {count} devices"),
    }
}

/// Whether a change from one mode to another shows this device to anybody who did not see it before.
pub(super) fn shows_more(before: Mode, after: Mode) -> bool {
    match (before, after) {
        // The relays learn an address that they did not know.
        (Mode::Lan, Mode::RelayOnly | Mode::Direct) => true,
        _ => after > before,
    }
}
