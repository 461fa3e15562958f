//! One run of a plan, from the first word to the last check.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

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
    run_until(plan, None).unwrap_or_else(panicked)
}

/// Runs a plan that is stopped at some time, if it has not ended by then: it has no outcome then.
pub(super) fn run_until(plan: &Plan, until: Option<Instant>) -> Option<Outcome> {
    let ran = catch_unwind(AssertUnwindSafe(|| {
        let sim = go(plan, Trace::default(), until);
        (!sim.stopped).then(|| outcome(&sim))
    }));
    ran.unwrap_or_else(|_| Some(panicked()))
}

/// Runs a plan and tells what happens in it, line by line.
#[must_use]
pub fn trace(plan: &Plan) -> (Outcome, Vec<String>) {
    let sim = go(plan, Trace::told(), None);
    (outcome(&sim), sim.trace.lines().to_vec())
}

fn go(plan: &Plan, trace: Trace, until: Option<Instant>) -> Sim {
    let mut sim = Sim::new(plan.clone());
    sim.trace = trace;
    sim.until = until;
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
    sim
}

fn outcome(sim: &Sim) -> Outcome {
    Outcome { tally: sim.tally.clone(), failure: sim.failure.clone() }
}

fn panicked() -> Outcome {
    let failure = Failure { rule: "nothing panics", detail: String::new(), step: 0 };
    Outcome { tally: Tally::default(), failure: Some(failure) }
}
