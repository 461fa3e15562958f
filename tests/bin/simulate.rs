//! Runs plans drawn from seeds, or kept ones, and says whether every rule held.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use serde_json::json;
use windbreak_tests::attack::attackers;
use windbreak_tests::sim::{Effort, Failure, Faults, Outcome, Plan, run, shrink, trace};

/// The attackers that came later, and of which even seeds, counted in sixes, they take the place.
const LATER: [(u64, &str); 2] = [(6, "usurper"), (10, "forger")];

/// Runs circles in a world that goes wrong, one per seed.
#[derive(Debug, Parser)]
struct Args {
    /// How many seeds.
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// How many are members at the beginning.
    #[arg(long, default_value_t = 5)]
    members: usize,
    /// How many steps each plan has.
    #[arg(long, default_value_t = 40)]
    steps: usize,
    /// What may go wrong.
    #[arg(long, value_enum, default_value_t = Wrong::All)]
    faults: Wrong,
    /// Leaves out what people do with several devices, backups and copies.
    #[arg(long)]
    one_device: bool,
    /// Also what people do to what was said, and to hold the circle.
    #[arg(long)]
    living: bool,
    /// Of these only the first: leaves out what people ask for, how long words are kept, what
    /// facilitators declare, whom somebody blocks, what takes days at the end, and more agreements
    /// and files.
    #[arg(long, requires = "living")]
    first_acts: bool,
    /// Says it as JSON.
    #[arg(long)]
    json: bool,
    /// Runs a kept plan instead of seeds.
    #[arg(long, value_name = "FILE")]
    replay: Option<PathBuf>,
    /// Tells what happens in each run, line by line, instead of counting.
    #[arg(long)]
    trace: bool,
    /// Only this attacker.
    #[arg(long, value_name = "NAME")]
    attacker: Option<String>,
    /// How many seeds run at once; as many as there are processors if 0.
    #[arg(long, default_value_t = 0)]
    jobs: usize,
    /// Begins no further seed after so many seconds.
    #[arg(long, value_name = "SECONDS")]
    limit: Option<u64>,
    /// How many failing plans are made small.
    #[arg(long, default_value_t = 1)]
    shrink: usize,
    /// How many runs making one small may take.
    #[arg(long, default_value_t = 150)]
    shrink_runs: usize,
    /// For how many seconds failing plans are made small, all together; until the runs are used up
    /// without it.
    #[arg(long, value_name = "SECONDS")]
    shrink_limit: Option<u64>,
}

/// What may go wrong.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Wrong {
    /// Nothing but latency and people who are away.
    None,
    /// The network.
    Network,
    /// Devices that die.
    Crash,
    /// Members who break the rules.
    Insider,
    /// All of it.
    All,
}

impl From<Wrong> for Faults {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::None => Self::None,
            Wrong::Network => Self::Network,
            Wrong::Crash => Self::Crash,
            Wrong::Insider => Self::Insider,
            Wrong::All => Self::All,
        }
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    let began = Instant::now();
    let plans = match plans(&args) {
        Ok(plans) => plans,
        Err(error) => {
            eprintln!("simulate: {error}");
            return ExitCode::from(2);
        }
    };
    if args.trace {
        return tell(&plans);
    }
    let outcomes = run_all(&args, &plans, began);
    let failed: Vec<(&Plan, &Failure)> = plans
        .iter()
        .zip(&outcomes)
        .filter_map(|(plan, outcome)| Some((plan, outcome.as_ref()?.failure.as_ref()?)))
        .collect();
    report(&args, &plans, &outcomes, began.elapsed());
    make_small(&args, &failed);
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Makes failing plans small, and shows them.
fn make_small(args: &Args, failed: &[(&Plan, &Failure)]) {
    let began = Instant::now();
    let limit = args.shrink_limit.map(Duration::from_secs);
    for (plan, failure) in failed.iter().take(args.shrink) {
        let time = limit.map(|limit| limit.saturating_sub(began.elapsed()));
        let small = shrink(plan, failure, Effort { runs: args.shrink_runs, time });
        let kept = serde_json::to_string_pretty(&small.plan).unwrap_or_default();
        let steps = small.plan.steps.len();
        eprintln!("seed {}: the smallest plan found has {steps} steps", plan.seed);
        if small.out_of_time {
            let took = began.elapsed().as_secs();
            eprintln!("the time was over after {took} s: run the seed alone to make it smaller");
        }
        eprintln!("keep it in tests/schedules/ and run it with --replay FILE:\n{kept}");
    }
}

/// Tells each run.
fn tell(plans: &[Plan]) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for plan in plans {
        let (outcome, lines) = trace(plan);
        for line in lines {
            println!("{line}");
        }
        if let Some(failure) = outcome.failure {
            println!("FAILED at step {}: {}: {}", failure.step, failure.rule, failure.detail);
            code = ExitCode::FAILURE;
        }
    }
    code
}

fn plans(args: &Args) -> Result<Vec<Plan>, Box<dyn std::error::Error>> {
    if let Some(file) = &args.replay {
        return Ok(vec![serde_json::from_slice(&std::fs::read(file)?)?]);
    }
    let faults = Faults::from(args.faults);
    let names: Vec<String> = match &args.attacker {
        Some(name) => vec![name.clone()],
        None => attackers().iter().map(|attacker| attacker.name().to_owned()).collect(),
    };
    let draw = |seed: u64| {
        let mut plan = Plan::draw(seed, args.members, args.steps, faults);
        if !args.one_device {
            plan = plan.with_devices();
        }
        if args.living {
            plan = plan.with_living();
        }
        let holds = args.living && !args.first_acts;
        if holds {
            plan = plan.with_holding().with_agreeing();
        }
        // Where all may go wrong, every other circle is honest: more can be asked of it.
        let honest = faults == Faults::All && seed % 2 == 1 && args.attacker.is_none();
        if faults.insider() && !honest && !names.is_empty() {
            let place = usize::try_from(seed / 2).unwrap_or_default() % names.len();
            plan.attacker = names.get(place).cloned();
            let later = LATER.iter().find(|(at, _)| seed % 12 == *at);
            if let Some((_, name)) = later.filter(|_| holds && args.attacker.is_none()) {
                plan.attacker = Some((*name).to_owned());
            }
        }
        plan
    };
    Ok((args.from..args.from + args.seeds).map(draw).collect())
}

/// Runs all plans, several at once; the outcomes are in the order of the plans.
fn run_all(args: &Args, plans: &[Plan], began: Instant) -> Vec<Option<Outcome>> {
    let jobs = match args.jobs {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        jobs => jobs,
    };
    let next = AtomicU64::new(0);
    let outcomes = Mutex::new(vec![None; plans.len()]);
    let limit = args.limit.map(Duration::from_secs);
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let place = usize::try_from(number).unwrap_or(usize::MAX);
                    let Some(plan) = plans.get(place) else {
                        return;
                    };
                    if limit.is_some_and(|limit| began.elapsed() > limit) {
                        return;
                    }
                    let outcome = run(plan);
                    if let Some(failure) = &outcome.failure {
                        eprintln!(
                            "seed {} failed at step {}: {}: {}",
                            plan.seed, failure.step, failure.rule, failure.detail
                        );
                    }
                    let mut all = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(slot) = all.get_mut(place) {
                        *slot = Some(outcome);
                    }
                }
            });
        }
    });
    outcomes.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// How a failing seed is run again.
fn again(args: &Args, plan: &Plan) -> String {
    if let Some(file) = &args.replay {
        return format!("simulate -- --replay {}", file.display());
    }
    let faults = serde_json::to_value(plan.faults).unwrap_or_default();
    let faults = faults.as_str().unwrap_or("all");
    let attacker = plan.attacker.as_ref().map_or(String::new(), |n| format!(" --attacker {n}"));
    let one_device = if args.one_device { " --one-device" } else { "" };
    let living = match (args.living, args.first_acts) {
        (true, true) => " --living --first-acts",
        (true, false) => " --living",
        _ => "",
    };
    format!(
        "cargo run --release -p windbreak-tests --bin simulate -- --seeds 1 --from {} --members {} \
         --steps {} --faults {faults}{attacker}{one_device}{living}",
        plan.seed, args.members, args.steps
    )
}

fn report(args: &Args, plans: &[Plan], outcomes: &[Option<Outcome>], took: Duration) {
    let done: Vec<(&Plan, &Outcome)> =
        plans.iter().zip(outcomes).filter_map(|(plan, o)| Some((plan, o.as_ref()?))).collect();
    let sum = |count: fn(&Outcome) -> u64| done.iter().map(|(_, o)| count(o)).sum::<u64>();
    let failures: Vec<serde_json::Value> = done
        .iter()
        .filter_map(|(plan, outcome)| {
            let failure = outcome.failure.as_ref()?;
            Some(json!({
                "seed": plan.seed, "rule": failure.rule, "detail": failure.detail,
                "step": failure.step, "attacker": plan.attacker, "again": again(args, plan),
            }))
        })
        .collect();
    let mut by_attacker: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (plan, outcome) in &done {
        if let Some(name) = &plan.attacker {
            let (runs, moved) = by_attacker.entry(name).or_default();
            *runs += 1;
            *moved += u64::from(outcome.tally.moved > 0);
        }
    }
    let moved: serde_json::Map<String, serde_json::Value> = by_attacker
        .iter()
        .map(|(name, (runs, moved))| {
            let share = *moved as f64 / *runs as f64;
            ((*name).to_owned(), json!({"runs": runs, "moved": moved, "share": share}))
        })
        .collect();
    let report = json!({
        "runs": done.len(),
        "steps": sum(|o| o.tally.steps),
        "forks": sum(|o| u64::from(o.tally.forked)),
        "head_changes": sum(|o| o.tally.head_changes),
        "deepest_fork": done.iter().map(|(_, o)| o.tally.deepest_fork).max().unwrap_or(0),
        "items": sum(|o| o.tally.items),
        "resealed_items": sum(|o| o.tally.resealed),
        "proposals": sum(|o| o.tally.proposals),
        "successions": sum(|o| o.tally.successions),
        "agreements_adopted": sum(|o| o.tally.adopted),
        "files_whole": sum(|o| o.tally.files),
        "handed_to_newcomers": sum(|o| o.tally.handed),
        "reports_seen_through": sum(|o| o.tally.reports),
        "advice_let_through": sum(|o| o.tally.let_through),
        "erased_as_too_old": sum(|o| o.tally.erased),
        "removals": sum(|o| o.tally.removals),
        "devices_added": sum(|o| o.tally.devices_added),
        "devices_removed": sum(|o| o.tally.devices_removed),
        "restored": sum(|o| o.tally.restored),
        "copies": sum(|o| o.tally.copies),
        "keys_reused_by_copies": sum(|o| o.tally.reused),
        "returns": sum(|o| o.tally.returns),
        "crashes": sum(|o| o.tally.crashes),
        "attackers": moved,
        "failures": failures,
        "seconds": took.as_secs(),
    });
    if args.json {
        println!("{report:#}");
        return;
    }
    let number = |name: &str| report[name].as_u64().unwrap_or(0);
    println!(
        "{} runs, {} steps, {} s: {} runs with rivals, {} heads changed branch (deepest {}), \
         {} items, {} sealed again, {} removals, \
         {} devices added and {} taken out, {} put back, {} copied, {} returns, {} deaths",
        number("runs"),
        number("steps"),
        number("seconds"),
        number("forks"),
        number("head_changes"),
        number("deepest_fork"),
        number("items"),
        number("resealed_items"),
        number("removals"),
        number("devices_added"),
        number("devices_removed"),
        number("restored"),
        number("copies"),
        number("returns"),
        number("crashes")
    );
    for (name, (runs, moved)) in &by_attacker {
        println!("attacker {name}: moved an honest head in {moved} of {runs} runs");
    }
    for failure in &failures {
        println!(
            "FAILED seed {}: {}: {}\n  {}",
            failure["seed"],
            failure["rule"].as_str().unwrap_or_default(),
            failure["detail"].as_str().unwrap_or_default(),
            failure["again"].as_str().unwrap_or_default()
        );
    }
    if failures.is_empty() {
        println!("every rule held in every run");
    }
}
