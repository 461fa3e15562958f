//! A node at rest: one circle of thirty in which nobody says anything.

use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::stage::Stage;
use crate::{Outcome, Report, ten};

/// MiB of memory to stay below.
const MEMORY_GOAL: u64 = 60;
/// Hundredths of a core to stay below.
const CPU_GOAL: f64 = 1.0;

/// How much.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Members of the circle.
    #[arg(long, default_value_t = 30)]
    members: usize,
    /// Seconds it is left alone before it is looked at: after a start there is something to do.
    #[arg(long, default_value_t = 60)]
    settle: u64,
    /// Seconds it is looked at.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let stage = Stage::new()?;
    let relay = stage.relay("")?;
    let (mut people, _circle) = ten::people(&stage, &relay.address, args.members)?;
    thread::sleep(Duration::from_secs(5));
    // One stays, at the pace at which people run it; the others sleep.
    let Some(mut alder) = people.pop() else { return Err("a circle of nobody".into()) };
    people.clear();
    alder.dies();
    alder.pace("1.0")?;
    alder.starts()?;
    thread::sleep(Duration::from_secs(args.settle));
    let (before, wire) = (alder.usage(), relay.door.passed());
    thread::sleep(Duration::from_secs(args.seconds));
    let used = alder.usage().since(before);
    let wire = relay.door.passed() - wire;
    let percent = used.cpu_seconds * 100.0 / args.seconds as f64;
    let memory = used.memory_kib / 1024;
    let missed = |missed: bool| if missed { ": MISSED" } else { "" };
    let text = format!(
        "a node at rest in a circle of {}, over {} s: {memory} MiB (goal {MEMORY_GOAL}{}), {percent:.2} % \
         of a core (goal {CPU_GOAL}{}), {} B written (goal 0{}), {wire} B on the wire",
        args.members,
        args.seconds,
        missed(memory > MEMORY_GOAL),
        missed(percent > CPU_GOAL),
        used.written_bytes,
        missed(used.written_bytes > 0),
    );
    let json = json!({
        "members": args.members, "seconds": args.seconds, "node": used, "cpu_percent": percent,
        "wire_bytes": wire, "memory_goal_mib": MEMORY_GOAL, "cpu_goal_percent": CPU_GOAL,
    });
    Ok(Report { json, text, holds: true })
}
