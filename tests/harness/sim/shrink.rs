//! Makes a failing plan small: leaves out steps as long as the same rule fails.

use crate::sim::{Plan, run};

/// The smallest plan found, within so many runs, in which the rule that fails in `plan` fails.
#[must_use]
pub fn shrink(plan: &Plan, runs: usize) -> Plan {
    let Some(failure) = run(plan).failure else {
        return plan.clone();
    };
    let fails = |plan: &Plan| run(plan).failure.is_some_and(|other| other.rule == failure.rule);
    let mut smallest = plan.clone();
    let mut left = runs;
    // What comes after the failure is not needed.
    let mut head = plan.clone();
    head.steps.truncate(failure.step.max(1));
    if left > 0 && fails(&head) {
        smallest = head;
    }
    let mut size = smallest.steps.len().div_ceil(2);
    while size > 0 {
        let mut start = 0;
        while start < smallest.steps.len() {
            if left == 0 {
                return smallest;
            }
            left -= 1;
            let mut fewer = smallest.clone();
            let end = (start + size).min(fewer.steps.len());
            let waited: u64 = fewer.steps.drain(start..end).map(|step| step.after).sum();
            // Time goes by all the same.
            if let Some(next) = fewer.steps.get_mut(start) {
                next.after += waited;
            }
            if fails(&fewer) {
                smallest = fewer;
            } else {
                start += size;
            }
        }
        size = if size == 1 { 0 } else { size.div_ceil(2) };
    }
    smallest
}
