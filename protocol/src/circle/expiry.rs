//! Words that are older than a circle keeps them: erased on this device as if their authors had
//! taken them back, without anything being sent. Clause: specs/03-circle C-62.

use std::time::Duration;

use crate::circle::send::Carries;
use crate::circle::{Circle, Step};
use crate::ledger::KeepDays;

/// How often a device looks for what is too old.
const SWEEP: Duration = Duration::from_secs(10 * 60);

impl Circle {
    /// Erases what is older than the circle keeps it, now and then, and at once where that changed.
    /// A circle that was left keeps to what it said last.
    pub(super) fn erase_expired(&mut self, step: &mut Step<'_>) {
        let keep = self.ledger().and_then(|ledger| ledger.rules().keep);
        let (swept, kept) = self.swept;
        let early = step.now >= swept && step.now.since(swept) < SWEEP;
        if early && kept == keep {
            return;
        }
        self.swept = (step.now, keep);
        let Some(keep) = keep.map(KeepDays::duration) else {
            return;
        };
        let now = step.now;
        let too_old = |written| now.since(written) > keep;
        let with_files = self.items.too_old_with_files(too_old);
        let unsent = with_files.iter().flat_map(|words| self.unsent_with_file(words)).collect();
        for (id, record) in self.items.expire(too_old) {
            self.write_erased(step, &id, record);
            self.drop_outgoing(step, Carries::Item(id));
            self.drop_outgoing(step, Carries::Forward(id));
        }
        self.spare_later(unsent);
        self.say_spared(step);
    }
}
