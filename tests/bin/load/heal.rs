//! A split circle becomes one again: engines in a world of their own, whose clock is not ours.

use serde_json::json;
use windbreak_tests::measure::heal::{Split, heal};

use crate::{Outcome, Report};

/// Seconds until everybody has one head and all shares, at most.
const GOAL: f64 = 5.0;
/// Seconds of the world until then, at most.
const WORLD_GOAL: u32 = 60;

/// How much.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Members, half on each side.
    #[arg(long, default_value_t = 10)]
    members: usize,
    /// Leaves renewed on each side.
    #[arg(long, default_value_t = 17)]
    changes: usize,
    /// Newcomers let in on each side.
    #[arg(long, default_value_t = 2)]
    admitted: usize,
    /// Members removed on each side, who come on top.
    #[arg(long, default_value_t = 1)]
    removed: usize,
    /// Shares on each side.
    #[arg(long, default_value_t = 200)]
    shares: usize,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let split = Split {
        members: args.members,
        changes: args.changes,
        admitted: args.admitted,
        removed: args.removed,
        shares: args.shares,
    };
    let healed = heal(split)?;
    let missed = |missed: bool| if missed { ": MISSED" } else { "" };
    let whole = healed.is_whole();
    let text = format!(
        "{} members in two halves; on each side {} leaves renewed, {} let in, {} removed, {} shares: {} \
         after {:.2} s of one core for all devices together (goal {GOAL}{}), {} s of the world (goal \
         {WORLD_GOAL}{})\n\
         raw, MLS alone for as many commits and messages of the other side on every device: {:.2} s; \
         ratio {:.1}",
        split.members,
        split.changes,
        split.admitted,
        split.removed,
        split.shares,
        if whole { "one circle and all shares" } else { "NOT one circle with all shares" },
        healed.cpu_seconds,
        missed(healed.cpu_seconds > GOAL),
        healed.world_seconds,
        missed(healed.world_seconds > WORLD_GOAL),
        healed.raw_seconds,
        healed.cpu_seconds / healed.raw_seconds,
    );
    let json = json!({ "healed": healed, "goal_seconds": GOAL, "goal_world_seconds": WORLD_GOAL });
    Ok(Report { json, text, holds: whole })
}
