//! The way in for the attackers and the observers of the tests (feature `testing`).

use crate::circle::{Circle, Step};
use crate::engine::Engine;
use crate::id::CircleId;
use crate::output::Output;
use crate::time::Timestamp;

impl Engine {
    /// One circle, to look at.
    pub(crate) fn opened(&self, circle: &CircleId) -> Option<&Circle> {
        self.circles.get(circle)
    }

    /// Lets one circle do one thing that no command does.
    pub(crate) fn bend<T>(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        act: impl FnOnce(&mut Circle, &mut Step<'_>) -> T,
    ) -> Option<T> {
        self.act(now, circle, (), |circle, step| Ok(act(circle, step))).ok()
    }

    /// Asks the driver for something.
    pub(crate) fn emit(&mut self, output: Output) {
        self.outputs.push_back(output);
    }
}
