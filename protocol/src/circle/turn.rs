//! When this device commits what others may commit as well: courtesy, so that rivals are rare. It
//! may use whatever the device happens to know, since nothing depends on it. Clause: specs/04-order
//! O-20.

use std::time::Duration;

use crate::circle::intent::millis;
use crate::circle::{Circle, Intent, Step};
use crate::id::MemberId;
use crate::limits::HEARD_LATELY;
use crate::order::rank;
use crate::time::Timestamp;

impl Circle {
    /// When to commit what is anybody's to commit: the inviter, or whoever is named first, at once;
    /// others one after the other in rank order, so that they rarely collide.
    pub(super) fn turn(&self, step: &mut Step<'_>, first: Option<&MemberId>) -> Timestamp {
        if first == Some(&self.me) {
            let jitter = step.random.below(millis(step.timings.inviter_jitter).max(1));
            return step.now.after(Duration::from_millis(jitter));
        }
        let head_start = if first.is_some() { step.timings.inviter_first } else { Duration::ZERO };
        let jitter = step.random.below(millis(step.timings.position_jitter).max(1));
        let place = u32::try_from(self.position(step.now)).unwrap_or(u32::MAX);
        let turn = step.timings.position_step.saturating_mul(place);
        step.now.after(head_start).after(turn).after(Duration::from_millis(jitter))
    }

    /// This device's place in the rank order of the next commit, among the members heard lately:
    /// nobody waits for those who are asleep.
    fn position(&self, now: Timestamp) -> usize {
        let epoch = self.states.get(&self.head).map_or(0, |state| state.epoch + 1);
        let Some(ledger) = self.ledger() else {
            return 0;
        };
        // The leaf order is not known without the group; member order by rank serves as well.
        let place = |index: usize| rank(&self.id, epoch, u32::try_from(index).unwrap_or(u32::MAX));
        let own = ledger.members().keys().position(|member| *member == self.me).unwrap_or(0);
        let is_awake = |member: &MemberId| {
            let heard = self.watch.heard.get(member);
            heard.is_some_and(|heard| now.since(heard.at) <= HEARD_LATELY)
        };
        let awake = ledger.members().keys().enumerate().filter(|(_, member)| is_awake(member));
        awake.filter(|(index, _)| place(*index) < place(own)).count()
    }

    /// Something of somebody else's has just come in: what is nobody's hurry waits until it is
    /// quiet, since more may be on its way.
    pub(super) fn stir(&mut self, step: &Step<'_>) {
        self.quiet_from = step.now.after(step.timings.quiet);
        self.patience = step.timings.longest_quiet;
    }

    /// When a wanted change may be committed.
    pub(super) fn ready(&self, intent: &Intent) -> Timestamp {
        if !intent.kind.waits_for_quiet() {
            return intent.due;
        }
        intent.due.max(self.quiet_from.min(intent.due.after(self.patience)))
    }
}
