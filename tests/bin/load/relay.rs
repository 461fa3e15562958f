//! What a relay takes: memory of connections at rest, and time of a core for each envelope that it
//! checks, keeps and forwards. Nodes that send need more of the machine than the relay does, so what
//! it could take alone is worked out from the time it used.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::stage::{Person, Stage};
use crate::{Outcome, Report, raw, send};

/// Envelopes a second on two cores to reach.
const GOAL: f64 = 8000.0;
/// MiB at 10,000 connections to stay below.
const MEMORY_GOAL: f64 = 1024.0;
/// Connections that the goal speaks of.
const MANY: f64 = 10_000.0;
/// No limit of the relay stands in the way of one machine that does the work of many.
const LIMITS: &str = "source_connections = 20000\nconnections = 20000\nstreams = 400000\n\
                      source_mib_per_hour = 100000";

/// How much.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Nodes.
    #[arg(long, default_value_t = 4)]
    nodes: usize,
    /// Circles of each, at most 64: a node has one connection for each.
    #[arg(long, default_value_t = 40)]
    circles: usize,
    /// Shares that each node sends.
    #[arg(long, default_value_t = 1500)]
    shares: usize,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let stage = Stage::new()?;
    let relay = stage.relay(LIMITS)?;
    let empty = relay.process.usage().memory_kib;
    let mut people: Vec<(Person, String)> = Vec::new();
    for number in 0..args.nodes {
        let person = stage.person(&format!("member-{number}"))?;
        let mut circle = String::new();
        for _ in 0..args.circles {
            circle = person.makes_a_circle(&relay.address)?;
        }
        person.has_sent_all()?;
        people.push((person, circle));
    }
    thread::sleep(Duration::from_secs(5));
    let resting = relay.process.usage();
    thread::sleep(Duration::from_secs(10));
    let idle = relay.process.usage().since(resting);
    let connections = args.nodes * args.circles;
    let each = (resting.memory_kib.saturating_sub(empty)) as f64 / connections as f64;
    let at_many = (empty as f64 + each * MANY) / 1024.0;

    let (before, wire, began) = (relay.process.usage(), relay.door.passed(), Instant::now());
    let sent: Result<Vec<_>, String> = thread::scope(|scope| {
        let send = |(person, circle): &(Person, String)| {
            send::send(person, circle, args.shares, 8)?;
            person.has_sent_all()
        };
        let threads: Vec<_> = people
            .iter()
            .map(|pair| scope.spawn(move || send(pair).map_err(|fault| fault.to_string())))
            .collect();
        threads.into_iter().map(|t| t.join().unwrap_or(Err("a sender broke".into()))).collect()
    });
    sent?;
    let took = began.elapsed().as_secs_f64();
    let used = relay.process.usage().since(before);
    let wire = relay.door.passed() - wire;
    let envelopes = args.nodes * args.shares;
    let rate = envelopes as f64 / took;
    let could = 2.0 * envelopes as f64 / used.cpu_seconds.max(0.01);
    let sled = raw::sled_alone(stage.folder(), 2048, envelopes, 64)?;
    let missed = |missed: bool| if missed { ": MISSED" } else { "" };
    let text = format!(
        "{connections} connections at rest: {:.0} KiB each, {:.1} MiB without any; {at_many:.0} MiB at \
         10,000 (goal {MEMORY_GOAL:.0}{}); {:.2} % of a core\n\
         {envelopes} envelopes from {} nodes: {rate:.0} a second beside them; {:.0} us of a core each, so \
         {could:.0} a second on two cores (goal {GOAL:.0}{})\n\
         {} B written and {} B on the wire for each of 2 KiB; raw: sled, one flush for 64, {sled:.0} a \
         second",
        each,
        empty as f64 / 1024.0,
        missed(at_many > MEMORY_GOAL),
        idle.cpu_seconds * 10.0,
        args.nodes,
        used.cpu_seconds * 1e6 / envelopes as f64,
        missed(could < GOAL),
        used.written_bytes / envelopes as u64,
        wire / envelopes as u64,
    );
    let json = json!({
        "connections": connections, "kib_each": each, "memory_mib_at_10000": at_many,
        "idle": idle, "envelopes": envelopes, "per_second_beside_the_nodes": rate,
        "cpu_us_each": used.cpu_seconds * 1e6 / envelopes as f64,
        "could_per_second_on_two_cores": could, "goal": GOAL, "used": used, "wire_bytes": wire,
        "raw": { "sled_per_second": sled },
    });
    Ok(Report { json, text, holds: true })
}
