//! Ten members of one circle on one relay who all talk: how long until each reads each.

use std::collections::HashMap;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use windbreak_tests::measure::{Fault, Spread};

use crate::client::{Client, Events};
use crate::stage::{Person, Stage};
use crate::{Outcome, Report, gossip, send};

/// Milliseconds that one of a hundred may take.
const P99_GOAL: f64 = 250.0;

/// How much.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Members.
    #[arg(long, default_value_t = 10)]
    members: usize,
    /// Shares a second of all together.
    #[arg(long, default_value_t = 20.0)]
    rate: f64,
    /// Shares in all.
    #[arg(long, default_value_t = 400)]
    shares: usize,
}

/// A circle of so many people, each with a node that runs, on one relay.
pub(crate) fn people(
    stage: &Stage,
    relay: &str,
    members: usize,
) -> Result<(Vec<Person>, String), Fault> {
    let alder = stage.person("alder")?;
    let circle = alder.makes_a_circle(relay)?;
    let mut people = vec![alder];
    for number in 1..members {
        let person = stage.person(&format!("member-{number}"))?;
        if let Some(alder) = people.first() {
            alder.lets_in(&circle, &person)?;
        }
        people.push(person);
    }
    Ok((people, circle))
}

pub(crate) fn run(args: &Args) -> Outcome {
    let stage = Stage::new()?;
    let relay = stage.relay("")?;
    let (people, circle) = people(&stage, &relay.address, args.members)?;
    // Newcomers renew their leaves within a second or two at this pace.
    thread::sleep(Duration::from_secs(5));
    let before: Vec<_> = people.iter().map(Person::usage).collect();
    let (keeper, wire) = (relay.process.usage(), relay.door.passed());

    let (tell, told) = mpsc::channel::<(String, Instant)>();
    for person in &people {
        let (mut events, tell): (Events, _) = (person.events()?, tell.clone());
        // It ends with the node, whose stream ends.
        thread::spawn(move || {
            while let Ok(id) = events.arrivals(1) {
                if tell.send((id, Instant::now())).is_err() {
                    return;
                }
            }
        });
    }
    let mut clients: Vec<Client> = Vec::new();
    for person in &people {
        clients.push(person.client()?);
    }
    let began = Instant::now();
    let mut written = HashMap::new();
    let members = clients.len().max(1);
    for number in 0..args.shares {
        let due = began + Duration::from_secs_f64(number as f64 / args.rate);
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let at = Instant::now();
        if let Some(client) = clients.get_mut(number % members) {
            written.insert(send::share(client, &circle)?, at);
        }
    }
    let took = began.elapsed();
    let mut times = Vec::new();
    let expected = args.shares * (members - 1);
    while times.len() < expected {
        let Ok((id, at)) = told.recv_timeout(Duration::from_secs(30)) else { break };
        if let Some(written) = written.get(&id) {
            times.push(at.saturating_duration_since(*written));
        }
    }
    let lost = expected - times.len();
    let spread = Spread::of(&times);
    let cpu: f64 =
        people.iter().zip(before).map(|(p, before)| p.usage().since(before).cpu_seconds).sum();
    let memory: u64 = people.iter().map(|person| person.usage().memory_kib).sum();
    let keeper = relay.process.usage().since(keeper);
    let wire = relay.door.passed() - wire;
    // Nothing else runs beside it, as nothing ran beside ours.
    drop(people);
    let pause = Duration::from_secs_f64(1.0 / args.rate);
    let gossip = gossip::alone(members, 2048, args.shares, pause)?;
    let text = format!(
        "{members} members, one relay, {} shares in {:.1} s: p50 {:.1} ms, p99 {:.1} ms (goal {P99_GOAL:.0} \
         ms{}), {lost} of {expected} not shown\n\
         nodes: {:.2} ms of a core a share and member, {} MiB together; relay: {:.2} ms a share, {} \
         MiB; wire: {} B a share\n\
         gossipsub alone, each linked with each, kept nowhere: p50 {:.1} ms, p99 {:.1} ms",
        args.shares,
        took.as_secs_f64(),
        spread.p50_us / 1e3,
        spread.p99_us / 1e3,
        if spread.p99_us > P99_GOAL * 1e3 { ": MISSED" } else { "" },
        cpu * 1e3 / (args.shares * members) as f64,
        memory / 1024,
        keeper.cpu_seconds * 1e3 / args.shares as f64,
        keeper.memory_kib / 1024,
        wire / args.shares as u64,
        gossip.p50_us / 1e3,
        gossip.p99_us / 1e3,
    );
    let json = json!({
        "members": members, "shares": args.shares, "rate": args.rate, "latency": spread,
        "p99_goal_ms": P99_GOAL, "lost": lost, "nodes_cpu_seconds": cpu, "nodes_memory_kib": memory,
        "relay": keeper, "wire_bytes": wire, "gossipsub": gossip,
    });
    Ok(Report { json, text, holds: lost == 0 })
}
