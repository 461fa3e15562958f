//! One run of a plan, from the first word to the last check.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::sim::trace::Trace;
use crate::sim::{Failure, Plan, Sim, Tally};

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was counted.
    pub tally: Tally,
    /// What did not hold, if anything.
    pub failure: Option<Failure>,
}

/// Runs a plan. The same plan always has the same outcome.
#[must_use]
pub fn run(plan: &Plan) -> Outcome {
    let ran = catch_unwind(AssertUnwindSafe(|| go(plan, Trace::default()).0));
    ran.unwrap_or_else(|_| {
        let failure = Failure { rule: "nothing panics", detail: String::new(), step: 0 };
        Outcome { tally: Tally::default(), failure: Some(failure) }
    })
}

/// Runs a plan and tells what happens in it, line by line.
#[must_use]
pub fn trace(plan: &Plan) -> (Outcome, Vec<String>) {
    let (outcome, trace) = go(plan, Trace::told());
    (outcome, trace.lines().to_vec())
}

fn go(plan: &Plan, trace: Trace) -> (Outcome, Trace) {
    let mut sim = Sim::new(plan.clone());
    sim.trace = trace;
    sim.set_up();
    sim.appoint();
    for step in &plan.steps {
        if !sim.is_well() {
            break;
        }
        sim.step += 1;
        sim.tally.steps += 1;
        sim.run_for(step.after);
        sim.tell(|sim| format!("STEP {} {:?}", sim.step, step.deed));
        sim.perform(&step.deed);
        sim.check_step();
    }
    if sim.is_well() {
        sim.tell(|_| "END: everything comes back".into());
        sim.check_end();
    }
    sim.tell_all();
    sim.tally.resealed = sim.tally.resealed.saturating_sub(sim.tally.written);
    (Outcome { tally: sim.tally, failure: sim.failure }, sim.trace)
}
