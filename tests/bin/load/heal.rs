//! A split circle becomes one again: engines in a world of their own, whose clock is not ours.

use serde_json::json;
use windbreak_tests::measure::heal::heal;

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
    members: u8,
    /// Changes on each side.
    #[arg(long, default_value_t = 20)]
    changes: usize,
    /// Shares on each side.
    #[arg(long, default_value_t = 200)]
    shares: usize,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let healed = heal(args.members, args.changes, args.shares)?;
    let missed = |missed: bool| if missed { ": MISSED" } else { "" };
    let whole = healed.one_head && healed.fewest_shares >= 2 * args.shares;
    let text = format!(
        "{} members in two halves, {} changes and {} shares on each side: {} after {:.2} s of one core \
         for all devices together (goal {GOAL}{}), {} s of the world (goal {WORLD_GOAL}{})\n\
         raw, MLS alone for the other side's commits and messages on every device: {:.2} s; ratio {:.1}",
        healed.members,
        healed.changes,
        healed.shares,
        if whole { "one head and all shares" } else { "NOT one head and all shares" },
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
