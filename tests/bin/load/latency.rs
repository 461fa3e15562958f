//! How long a share takes from one person to the other: from the request on the local API of its
//! author, through a relay, to the event on the local API of its reader.

use std::time::{Duration, Instant};

use serde_json::json;
use windbreak_tests::measure::{Spread, ratio};

use crate::stage::Stage;
use crate::{Outcome, Report, gossip, raw, send};

/// Times the raw way, at most.
const GOAL: f64 = 3.0;
/// Milliseconds that one of a hundred may take.
const P99_GOAL: f64 = 50.0;
/// Between two shares: nothing else is under way.
const PAUSE: Duration = Duration::from_millis(30);

/// How much.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Shares, one after the other.
    #[arg(long, default_value_t = 300)]
    shares: usize,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let stage = Stage::new()?;
    let relay = stage.relay("")?;
    let (alder, rowan) = (stage.person("alder")?, stage.person("rowan")?);
    let circle = alder.makes_a_circle(&relay.address)?;
    alder.lets_in(&circle, &rowan)?;
    let mut client = alder.client()?;
    let mut events = rowan.events()?;
    let mut times = Vec::with_capacity(args.shares);
    for round in 0..args.shares + 5 {
        std::thread::sleep(PAUSE);
        let began = Instant::now();
        send::share(&mut client, &circle)?;
        events.arrivals(1)?;
        if round >= 5 {
            times.push(began.elapsed());
        }
    }
    let raw = Spread::of(&raw::through_a_hub(stage.folder(), 2048, args.shares)?);
    let gossip = gossip::alone(2, 2048, args.shares, PAUSE)?;
    let ours = Spread::of(&times);
    let ratio = ratio(ours, raw);
    let text = format!(
        "share to screen: p50 {:.2} ms, p99 {:.2} ms (goal {P99_GOAL:.0} ms{})\n\
         raw, a stream through a hub and two fdatasyncs: p50 {:.2} ms, p99 {:.2} ms\n\
         ratio {ratio:.2} (goal {GOAL}{})\n\
         gossipsub alone, between two swarms, kept nowhere: p50 {:.2} ms, p99 {:.2} ms",
        ours.p50_us / 1e3,
        ours.p99_us / 1e3,
        if ours.p99_us > P99_GOAL * 1e3 { ": MISSED" } else { "" },
        raw.p50_us / 1e3,
        raw.p99_us / 1e3,
        if ratio > GOAL { ": MISSED" } else { "" },
        gossip.p50_us / 1e3,
        gossip.p99_us / 1e3,
    );
    let json = json!({
        "ours": ours, "raw": raw, "gossipsub": gossip, "ratio": ratio, "goal": GOAL,
        "p99_goal_ms": P99_GOAL,
        "reader": rowan.usage(), "author": alder.usage(), "relay": relay.process.usage(),
    });
    Ok(Report { json, text, holds: true })
}
