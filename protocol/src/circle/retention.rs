//! Keys go when nobody needs them any more. Clauses: specs/04-order O-52.

use std::time::Duration;

use crate::circle::intent::IntentKind;
use crate::circle::{Circle, Step};
use crate::limits::HEAD_AGE;

/// How often a circle looks at what may go.
const REVIEW: Duration = Duration::from_secs(10 * 60);

impl Circle {
    /// Looks, now and then, at what may go and at what has to move on for it.
    pub(super) fn review_retention(&mut self, step: &mut Step<'_>) {
        let early = self.watch.reviewed.is_some_and(|at| step.now.since(at) < REVIEW);
        if early || !self.has_caught_up(step.now) {
            return;
        }
        self.watch.reviewed = Some(step.now);
        self.move_on(step);
    }

    /// A head under which something was said is left after twelve hours, so that its keys can go:
    /// one member renews a leaf, each after its own wait, and the others stand down.
    fn move_on(&mut self, step: &mut Step<'_>) {
        let head = self.head;
        let has_moved =
            |kind: &IntentKind| matches!(kind, IntentKind::MoveOn(state) if *state != head);
        self.drop_intents(step, has_moved);
        let watch = self.watch.states.get(&head).copied().unwrap_or_default();
        let old = watch.head_since.is_some_and(|since| step.now.since(since) >= HEAD_AGE);
        let wanted =
            self.intents.values().any(|intent| matches!(intent.kind, IntentKind::MoveOn(_)));
        if watch.used && old && !wanted {
            let due = self.turn(step, None);
            self.want(step, IntentKind::MoveOn(head), due);
        }
    }
}
