//! Whether something became dearer: the quickest measurements against kept ones. Only ratios to raw
//! parts measured in the same run are compared, and bytes and commits of the store, which no busy
//! machine changes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::json;
use windbreak_protocol::Suite;
use windbreak_tests::measure::Fault;
use windbreak_tests::measure::engine::{Beside, measure};

use crate::{Outcome, Report};

/// Circle sizes.
const SIZES: [usize; 2] = [10, 100];
/// Each is measured so often, and the best of them counts: what else the machine does only adds.
const ROUNDS: usize = 3;
/// Shares and commits in each round.
const SHARES: usize = 30;
const COMMITS: usize = 6;

/// Where the kept ones are.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The kept figures.
    #[arg(long, default_value = ".ci/figures.json")]
    kept: PathBuf,
    /// Keeps what is measured now instead of comparing.
    #[arg(long)]
    keep: bool,
}

/// What is kept. How far from it is too far stands beside it.
#[derive(Debug, Deserialize, Serialize)]
struct Kept {
    /// How many times a kept ratio is too much.
    ratio_slack: f64,
    /// How many times the kept bytes are too much.
    bytes_slack: f64,
    /// The figures.
    figures: BTreeMap<String, Figure>,
}

/// One thing: how many times raw, bytes asked to be written, and in how many commits of the store.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
struct Figure {
    ratio: f64,
    written: u64,
    batches: u64,
}

impl Default for Kept {
    fn default() -> Self {
        Self { ratio_slack: 1.7, bytes_slack: 1.15, figures: BTreeMap::new() }
    }
}

pub(crate) fn run(args: &Args) -> Outcome {
    let now = now()?;
    let kept = match fs::read(&args.kept) {
        Ok(bytes) => serde_json::from_slice(&bytes)?,
        Err(_) if args.keep => Kept::default(),
        Err(error) => {
            return Err(format!("no kept figures in {}: {error}", args.kept.display()).into());
        }
    };
    if args.keep {
        let kept = Kept { figures: now, ..kept };
        fs::write(&args.kept, format!("{:#}\n", serde_json::to_value(&kept)?))?;
        let text = format!("kept in {}", args.kept.display());
        return Ok(Report { text, json: json!(kept), holds: true });
    }
    let mut text =
        String::from("what                    ratio    kept   written      kept  commits kept\n");
    let mut dearer = Vec::new();
    for (name, figure) in &now {
        let Some(before) = kept.figures.get(name) else {
            return Err(format!("nothing is kept of {name}; run it with --keep").into());
        };
        let is_dearer = figure.ratio > before.ratio * kept.ratio_slack
            || figure.written as f64 > before.written as f64 * kept.bytes_slack
            || figure.batches > before.batches;
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{name:<20} {:>8.2} {:>7.2} {:>9} {:>9} {:>8} {:>4}{}",
            figure.ratio,
            before.ratio,
            figure.written,
            before.written,
            figure.batches,
            before.batches,
            if is_dearer { "  DEARER" } else { "" },
        );
        if is_dearer {
            dearer.push(name.clone());
        }
    }
    text += if dearer.is_empty() {
        "nothing became dearer"
    } else {
        "something became dearer; if that is meant, keep it: load -- guard --keep"
    };
    let holds = dearer.is_empty();
    Ok(Report { text, json: json!({ "now": now, "kept": kept, "dearer": dearer }), holds })
}

/// The best of several rounds.
fn now() -> Result<BTreeMap<String, Figure>, Fault> {
    let mut figures: BTreeMap<String, Figure> = BTreeMap::new();
    for _ in 0..ROUNDS {
        for members in SIZES {
            for row in measure(members, Suite::X25519, SHARES, COMMITS, 0)?.rows {
                let name = format!("{} in {members}", row.what);
                let Beside { ratio, written, batches, .. } = row;
                let figure = Figure { ratio, written, batches };
                let best = figures.entry(name).or_insert(figure);
                best.ratio = best.ratio.min(figure.ratio);
                best.written = best.written.min(figure.written);
                best.batches = best.batches.min(figure.batches);
            }
        }
    }
    Ok(figures)
}
