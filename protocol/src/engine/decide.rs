//! What members decide together: proposals and consents.

use crate::circle::{Circle, MotionError, MotionOverview};
use crate::engine::Engine;
use crate::id::{CircleId, ItemId, MemberId};
use crate::ledger::MotionKind;
use crate::time::Timestamp;

impl Engine {
    /// Proposes what the members decide together about one of them.
    ///
    /// # Errors
    /// [`MotionError`]; nothing was said.
    pub fn propose(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        kind: MotionKind,
        member: &MemberId,
        declaration: Option<String>,
    ) -> Result<ItemId, MotionError> {
        self.act(now, circle, MotionError::UnknownCircle, |circle, step| {
            circle.propose(step, kind, member, declaration)
        })
    }

    /// Agrees to a proposal. Whoever is to become a facilitator declares with it whether and to
    /// whom they must report.
    ///
    /// # Errors
    /// [`MotionError`]; nothing was said.
    pub fn consent(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        proposal: &ItemId,
        declaration: Option<String>,
    ) -> Result<(), MotionError> {
        self.act(now, circle, MotionError::UnknownCircle, |circle, step| {
            circle.consent(step, proposal, declaration)
        })
    }

    /// Gives up the own role as a facilitator.
    ///
    /// # Errors
    /// [`MotionError`]; nothing has changed.
    pub fn step_down(&mut self, now: Timestamp, circle: &CircleId) -> Result<(), MotionError> {
        self.act(now, circle, MotionError::UnknownCircle, Circle::step_down)
    }

    /// What was proposed in a circle, and how far it has come.
    #[must_use]
    pub fn motions(&self, now: Timestamp, circle: &CircleId) -> Option<Vec<MotionOverview>> {
        Some(self.circles.get(circle)?.motions(now))
    }
}
