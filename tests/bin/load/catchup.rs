//! Catching up after an absence: everything durable on the other device, from one relay, with the
//! author gone.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::stage::{Stage, until_every};
use crate::{Outcome, Report, raw, send};

/// Bytes of an envelope that carries 1 KiB.
const ENVELOPE: u64 = 2048;
/// Shares a second to reach.
const GOAL: f64 = 4000.0;
/// Bytes on the wire for each byte of envelopes, at most.
const WIRE_GOAL: f64 = 1.15;

/// Shares that are said before all of them have left: fewer than may wait (C-50).
const LOT: usize = 2000;
/// Between two looks at what has arrived: each takes the node some milliseconds.
const LOOK: Duration = Duration::from_millis(100);

/// How much.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Shares that were missed.
    #[arg(long, default_value_t = 10_000)]
    shares: usize,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let stage = Stage::new()?;
    let relay = stage.relay("")?;
    let alder = stage.person("alder")?;
    let mut rowan = stage.person("rowan")?;
    let circle = alder.makes_a_circle(&relay.address)?;
    alder.lets_in(&circle, &rowan)?;
    rowan.has_sent_all()?;
    rowan.dies();
    for lot in (0..args.shares).step_by(LOT) {
        send::send(&alder, &circle, LOT.min(args.shares - lot), 60)?;
        alder.has_sent_all()?;
    }
    let mut alder = alder;
    alder.dies();

    let (keeper, wire) = (relay.process.usage(), relay.door.passed());
    let path = format!("/v1/circles/{circle}/items?limit=1&newest=true");
    let began = Instant::now();
    rowan.starts()?;
    let started = began.elapsed();
    let mut client = rowan.client()?;
    // A page says how many items stand before it.
    until_every(LOOK, "all that was missed", || {
        let page = client.get(&path)?;
        let shown = page["items"].as_array().map_or(0, Vec::len) as u64;
        Ok(page["before"].as_u64().unwrap_or_default() + shown >= args.shares as u64)
    })?;
    let took = began.elapsed();
    let (node, keeper) = (rowan.usage(), relay.process.usage().since(keeper));
    let wire = relay.door.passed() - wire;
    let sled = raw::sled_alone(stage.folder(), 2048, args.shares, 100)?;
    let rate = args.shares as f64 / (took - started).as_secs_f64();
    let times_wire = wire as f64 / (args.shares as u64 * ENVELOPE) as f64;
    let text = format!(
        "{} shares of 1 KiB after an absence: {:.2} s from the start of the node, {:.2} s of them until \
         it was up; {rate:.0} a second after that (goal {GOAL:.0}{})\n\
         wire: {times_wire:.3} of the envelopes fetched (goal {WIRE_GOAL}{})\n\
         raw: sled, one flush for 100, {sled:.0} a second; ours is {:.2} of it\n\
         node: {:.2} s of a core, {} MiB at most, {} B written a share; relay: {:.2} s of a core",
        args.shares,
        took.as_secs_f64(),
        started.as_secs_f64(),
        if rate < GOAL { ": MISSED" } else { "" },
        if times_wire > WIRE_GOAL { ": MISSED" } else { "" },
        rate / sled,
        node.cpu_seconds,
        node.most_memory_kib / 1024,
        node.written_bytes / args.shares as u64,
        keeper.cpu_seconds,
    );
    let json = json!({
        "shares": args.shares, "per_second": rate, "goal": GOAL, "seconds": took.as_secs_f64(),
        "until_up_seconds": started.as_secs_f64(), "wire_bytes": wire, "wire_ratio": times_wire,
        "wire_goal": WIRE_GOAL, "raw": { "sled_per_second": sled }, "node": node, "relay": keeper,
    });
    Ok(Report { json, text, holds: true })
}
