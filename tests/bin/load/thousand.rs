//! A circle of a thousand: that it works, and what it costs.

use std::time::Instant;

use serde_json::json;
use windbreak_protocol::Suite;
use windbreak_tests::measure::engine::measure;

use crate::{Outcome, Report, engine};

/// How much.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Members with X25519.
    #[arg(long, default_value_t = 1000)]
    members: usize,
    /// Members with X-Wing.
    #[arg(long, default_value_t = 250)]
    xwing: usize,
    /// Who comes in after that, one after the other.
    #[arg(long, default_value_t = 4)]
    admissions: usize,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let mut all = Vec::new();
    let mut text = String::new();
    for (members, suite) in [(args.members, Suite::X25519), (args.xwing, Suite::XWing)] {
        let began = Instant::now();
        // So many there are in the end, with one more who comes in before it is measured: a circle holds
        // no more.
        let members = members.saturating_sub(args.admissions + 1).max(2);
        let measured = measure(members, suite, 20, 6, args.admissions)?;
        text += &format!("{suite:?}, {:.1} s in all\n", began.elapsed().as_secs_f64());
        text += &engine::table(std::slice::from_ref(&measured));
        text +=
            "\nadmit is letting somebody in, add taking that in, join coming in by the answer\n";
        all.push(measured);
    }
    Ok(Report { text, json: json!({ "thousand": all }), holds: true })
}
