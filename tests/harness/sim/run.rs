//! One run of a plan, from the first word to the last check.

use std::panic::{AssertUnwindSafe, catch_unwind};

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
    let ran = catch_unwind(AssertUnwindSafe(|| go(plan)));
    ran.unwrap_or_else(|_| {
        let failure = Failure { rule: "nothing panics", detail: String::new(), step: 0 };
        Outcome { tally: Tally::default(), failure: Some(failure) }
    })
}

fn go(plan: &Plan) -> Outcome {
    let mut sim = Sim::new(plan.clone());
    sim.set_up();
    sim.appoint();
    for step in &plan.steps {
        if !sim.is_well() {
            break;
        }
        sim.step += 1;
        sim.tally.steps += 1;
        sim.run_for(step.after);
        sim.perform(&step.deed);
        sim.check_step();
    }
    if sim.is_well() {
        sim.check_end();
    }
    sim.tally.resealed = sim.tally.resealed.saturating_sub(sim.tally.written);
    Outcome { tally: sim.tally, failure: sim.failure }
}
