//! Durable sending: shares through the local API of a real node, many in flight, each answered when
//! it is on the disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use windbreak_tests::measure::{Fault, Spread};

use crate::client::Client;
use crate::stage::{DECLARATION, Person, Stage};
use crate::{Outcome, Report, raw};

/// Bytes of a share's text.
pub(crate) const TEXT: usize = 1024;
/// Shares a second to reach.
const GOAL: f64 = 2000.0;

/// How much.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Shares in all.
    #[arg(long, default_value_t = 4000)]
    shares: usize,
    /// Requests at once, at most 60.
    #[arg(long, default_value_t = 60)]
    in_flight: usize,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let stage = Stage::new()?;
    let relay = stage.relay("")?;
    let alder = stage.person("alder")?;
    let circle = alder.makes_a_circle(&relay.address)?;
    // Whatever the first does for the first time is not measured.
    send(&alder, &circle, 100, 4)?;
    alder.has_sent_all()?;
    let (node, keeper, wire) = (alder.usage(), relay.process.usage(), relay.door.passed());
    let began = Instant::now();
    let times = send(&alder, &circle, args.shares, args.in_flight)?;
    let took = began.elapsed();
    alder.has_sent_all()?;
    let all_held = began.elapsed();
    let (node, keeper) = (alder.usage().since(node), relay.process.usage().since(keeper));
    let wire = relay.door.passed() - wire;

    let append = Spread::of(&raw::append_and_sync(stage.folder(), 2048, 300)?);
    let together = raw::append_and_sync(stage.folder(), 2048 * args.in_flight.max(1), 100)?;
    let together = args.in_flight as f64 * 1e6 / Spread::of(&together).p50_us.max(1.0);
    let sled_one = raw::sled_alone(stage.folder(), 2048, 1000, 1)?;
    let sled_many = raw::sled_alone(stage.folder(), 2048, 4000, args.in_flight)?;
    let rate = args.shares as f64 / took.as_secs_f64();
    let spread = Spread::of(&times);
    let text = format!(
        "{} shares of 1 KiB, {} in flight: {rate:.0} a second durable (goal {GOAL:.0}{}); all held by \
         the relay after {:.1} s\n\
         answered: p50 {:.1} ms, p99 {:.1} ms\n\
         raw: append 2 KiB and fdatasync p50 {:.2} ms; one fdatasync for {} appends {together:.0} a \
         second, ours is {:.3} of it; sled, whose flush is no fdatasync, {sled_one:.0} a second with one \
         flush each, {sled_many:.0} with one for {}\n\
         node: {:.2} s of a core, {} MiB, {} B written a share; relay: {:.2} s, {} MiB, {} B; wire: {} B \
         a share",
        args.shares,
        args.in_flight,
        if rate < GOAL { ": MISSED" } else { "" },
        all_held.as_secs_f64(),
        spread.p50_us / 1e3,
        spread.p99_us / 1e3,
        append.p50_us / 1e3,
        args.in_flight,
        rate / together,
        args.in_flight,
        node.cpu_seconds,
        node.memory_kib / 1024,
        node.written_bytes / args.shares as u64,
        keeper.cpu_seconds,
        keeper.memory_kib / 1024,
        keeper.written_bytes / args.shares as u64,
        wire / args.shares as u64,
    );
    let json = json!({
        "shares": args.shares, "in_flight": args.in_flight, "per_second": rate, "goal": GOAL,
        "answered": spread, "all_held_seconds": all_held.as_secs_f64(),
        "raw": {
            "append_and_sync": append, "appended_together_per_second": together, "sled_flush_each_per_second": sled_one,
            "sled_flush_together_per_second": sled_many,
        },
        "ratio_to_appending_together": rate / together,
        "node": node, "relay": keeper, "wire_bytes": wire,
    });
    Ok(Report { json, text, holds: true })
}

/// Sends shares, some at once; gives how long each took to be answered.
pub(crate) fn send(
    person: &Person,
    circle: &str,
    shares: usize,
    in_flight: usize,
) -> Result<Vec<Duration>, Fault> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut threads = Vec::new();
    for _ in 0..in_flight {
        let (socket, circle, next) = (person.socket(), circle.to_owned(), next.clone());
        threads.push(thread::spawn(move || -> Result<Vec<Duration>, String> {
            let mut client = Client::connect(&socket).map_err(|fault| fault.to_string())?;
            let mut times = Vec::new();
            while next.fetch_add(1, Ordering::Relaxed) < shares {
                let began = Instant::now();
                share(&mut client, &circle).map_err(|fault| fault.to_string())?;
                times.push(began.elapsed());
            }
            Ok(times)
        }));
    }
    let mut times = Vec::new();
    for thread in threads {
        times.extend(thread.join().map_err(|_| "a client broke")??);
    }
    Ok(times)
}

/// Shares 1 KiB; while too much waits to be sent, waits too.
pub(crate) fn share(client: &mut Client, circle: &str) -> Result<String, Fault> {
    share_after(client, circle, DECLARATION)
}

/// The same by somebody who was shown what facilitators declare.
pub(crate) fn share_after(
    client: &mut Client,
    circle: &str,
    declared: &str,
) -> Result<String, Fault> {
    let new = json!({
        "kind": "share", "text": "a".repeat(TEXT), "send_anyway": true,
        "declaration_heard": declared,
    });
    let path = format!("/v1/circles/{circle}/items");
    loop {
        match client.post(&path, &new) {
            Ok(written) => return Ok(written["id"].as_str().unwrap_or_default().to_owned()),
            Err(fault) if fault.to_string().contains("too much waits") => {
                thread::sleep(Duration::from_millis(10));
            }
            Err(fault) => return Err(fault),
        }
    }
}
