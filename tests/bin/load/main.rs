//! Puts load on the real thing, and on its raw counterpart beside it in the same run, and prints
//! both. A figure that nobody can repeat does not count, so every report says on what machine it was
//! made, how busy that was, and from which commit.
//!
//! `engine`, `thousand` and `heal` measure the library in this process; all others start real node
//! and relay processes on loopback, from the program `windbreak` that lies beside this one.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod catchup;
mod client;
mod door;
mod engine;
mod gossip;
mod growth;
mod guard;
mod heal;
mod idle;
mod latency;
mod machine;
mod plot;
mod raw;
mod relay;
mod send;
mod split;
mod stage;
mod ten;
mod thousand;
mod topics;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde_json::{Value, json};
use windbreak_tests::measure::Fault;

/// Puts load on nodes and relays, and prints what they carry beside what raw parts carry.
#[derive(Debug, Parser)]
struct Args {
    /// Says it as JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    scenario: Scenario,
}

#[derive(Debug, Subcommand)]
enum Scenario {
    /// What the engine adds to MLS and signatures: sending, receiving, applying a commit.
    Engine(engine::Args),
    /// Shares through the local API of a node, many in flight, durable before they are answered.
    Send(send::Args),
    /// Catching up after an absence, from one relay.
    Catchup(catchup::Args),
    /// From the request of an author to the event at a reader, through a relay.
    Latency(latency::Args),
    /// Ten members who all talk.
    Ten(ten::Args),
    /// What a relay takes: connections at rest, envelopes checked and kept.
    Relay(relay::Args),
    /// Circles of a thousand members with X25519, and of 250 with X-Wing.
    Thousand(thousand::Args),
    /// A split circle becomes one again.
    Heal(heal::Args),
    /// The same with nodes, on two relays that were cut from each other.
    Split(split::Args),
    /// A node at rest.
    Idle(idle::Args),
    /// Whether the engine's ratios are about what they were: what .ci/run asks.
    Guard(guard::Args),
    /// How cost grows, drawn and kept in specs/figures.
    Growth(growth::Args),
    /// Opens a circle that `growth` made, in a process of its own.
    #[command(hide = true)]
    OpenMade(growth::Made),
}

fn main() -> ExitCode {
    let args = Args::parse();
    let machine = machine::describe();
    let done = match &args.scenario {
        Scenario::Engine(wanted) => engine::run(wanted),
        Scenario::Send(wanted) => send::run(wanted),
        Scenario::Catchup(wanted) => catchup::run(wanted),
        Scenario::Latency(wanted) => latency::run(wanted),
        Scenario::Ten(wanted) => ten::run(wanted),
        Scenario::Relay(wanted) => relay::run(wanted),
        Scenario::Thousand(wanted) => thousand::run(wanted),
        Scenario::Heal(wanted) => heal::run(wanted),
        Scenario::Split(wanted) => split::run(wanted),
        Scenario::Idle(wanted) => idle::run(wanted),
        Scenario::Guard(wanted) => guard::run(wanted),
        Scenario::Growth(wanted) => growth::run(wanted),
        Scenario::OpenMade(made) => growth::open_made(made),
    };
    match done {
        Ok(report) => {
            if args.json {
                println!("{:#}", json!({ "machine": machine, "figures": report.json }));
            } else {
                println!("{}", report.text);
            }
            if report.holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(fault) => {
            eprintln!("load: {fault}");
            ExitCode::from(2)
        }
    }
}

/// What came out.
struct Report {
    /// For programs.
    json: Value,
    /// For people.
    text: String,
    /// Whether nothing was found that must not be. A goal that is missed is printed, and is no fault
    /// of a busy machine.
    holds: bool,
}

/// What a scenario gives.
type Outcome = Result<Report, Fault>;
