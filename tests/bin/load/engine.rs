//! The engine beside MLS and signatures alone.

use std::fmt::Write as _;

use clap::ValueEnum;
use serde_json::json;
use windbreak_protocol::Suite;
use windbreak_tests::measure::engine::{Measured, measure};

use crate::{Outcome, Report};

/// Sizes and counts.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Members of each circle.
    #[arg(long, value_delimiter = ',', default_value = "10,100,1000")]
    members: Vec<usize>,
    /// Which keys.
    #[arg(long, value_enum, default_value_t = Keys::X25519)]
    suite: Keys,
    /// Shares in each circle, at most 60.
    #[arg(long, default_value_t = 50)]
    shares: usize,
    /// Commits in each circle.
    #[arg(long, default_value_t = 12)]
    commits: usize,
}

/// The suites.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Keys {
    /// Without ML-KEM.
    X25519,
    /// X25519 and ML-KEM-768.
    Xwing,
}

impl From<Keys> for Suite {
    fn from(keys: Keys) -> Self {
        match keys {
            Keys::X25519 => Self::X25519,
            Keys::Xwing => Self::XWing,
        }
    }
}

pub(crate) fn run(args: &Args) -> Outcome {
    let mut all = Vec::new();
    for members in &args.members {
        all.push(measure(*members, args.suite.into(), args.shares, args.commits, 0)?);
    }
    Ok(Report { text: table(&all), json: json!({ "engine": all }), holds: true })
}

/// The measurements as people read them.
pub(crate) fn table(all: &[Measured]) -> String {
    let mut text = String::from(
        "members  what      ours p50     p99    raw p50     p99   ratio   goal   written\n",
    );
    for measured in all {
        for row in &measured.rows {
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "{:>7}  {:<8} {:>8.0}us {:>6.0}us {:>7.0}us {:>6.0}us {:>6.2} {:>6} {:>7} B{}",
                measured.members,
                row.what,
                row.ours.p50_us,
                row.ours.p99_us,
                row.raw.p50_us,
                row.raw.p99_us,
                row.ratio,
                row.goal.map_or_else(String::new, |goal| format!("<= {goal:.1}")),
                row.written,
                if row.goal.is_some_and(|goal| row.ratio > goal) { "  MISSED" } else { "" },
            );
        }
        let _ = writeln!(
            text,
            "{:>7}  the last to come in: {:.1} ms, by an answer of {} B",
            measured.members,
            measured.join_us / 1000.0,
            measured.welcome_bytes,
        );
    }
    text + "apply is beside MLS alone, checked beside MLS that looks at new keys, too (C-10)"
}
