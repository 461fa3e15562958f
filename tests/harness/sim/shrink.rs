//! Makes a failing plan small: leaves out steps as long as the same rule fails.

use std::time::{Duration, Instant};

use crate::sim::run::run_until;
use crate::sim::{Failure, Plan};

/// What making a plan small came to.
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// The smallest plan found in which the same rule fails.
    pub plan: Plan,
    /// Whether the time was over before all was tried.
    pub out_of_time: bool,
}

/// How much may go into making one plan small.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How many runs.
    pub runs: usize,
    /// For how long; a run that is under way then is stopped.
    pub time: Option<Duration>,
}

/// Makes a plan small in which something failed.
#[must_use]
pub fn shrink(plan: &Plan, failure: &Failure, effort: Effort) -> Shrunk {
    let mut search = Search {
        rule: failure.rule,
        left: effort.runs,
        until: effort.time.map(|time| Instant::now() + time),
        found: Shrunk { plan: plan.clone(), out_of_time: false },
    };
    // What comes after the failure is not needed.
    let mut head = plan.clone();
    head.steps.truncate(failure.step.max(1));
    if head.steps.len() < plan.steps.len() {
        search.looks_at(head);
    }
    search.leave_out_steps();
    search.found
}

/// The search for a small plan.
struct Search {
    rule: &'static str,
    left: usize,
    until: Option<Instant>,
    found: Shrunk,
}

impl Search {
    fn goes_on(&self) -> bool {
        self.left > 0 && !self.found.out_of_time
    }

    /// Runs a smaller plan, and takes it if the same rule fails in it. Says whether it does.
    fn looks_at(&mut self, plan: Plan) -> bool {
        if !self.goes_on() {
            return false;
        }
        self.left -= 1;
        let Some(outcome) = run_until(&plan, self.until) else {
            self.found.out_of_time = true;
            return false;
        };
        let fails = outcome.failure.is_some_and(|failure| failure.rule == self.rule);
        if fails {
            self.found.plan = plan;
        }
        fails
    }

    fn leave_out_steps(&mut self) {
        let mut size = self.found.plan.steps.len().div_ceil(2);
        while size > 0 {
            let mut start = 0;
            while start < self.found.plan.steps.len() && self.goes_on() {
                let mut fewer = self.found.plan.clone();
                let end = (start + size).min(fewer.steps.len());
                let waited: u64 = fewer.steps.drain(start..end).map(|step| step.after).sum();
                // Time goes by all the same.
                if let Some(next) = fewer.steps.get_mut(start) {
                    next.after += waited;
                }
                if !self.looks_at(fewer) {
                    start += size;
                }
            }
            size = if size == 1 { 0 } else { size.div_ceil(2) };
        }
    }
}
