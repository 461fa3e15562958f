//! What the owner of a device does to something that was said.

use crate::circle::{ActError, BlockError, NewEdit, ShareError, StewardAct, StewardError};
use crate::content::{Scope, WarmWord};
use crate::engine::Engine;
use crate::id::{CircleId, ItemId, MemberId};
use crate::time::Timestamp;

/// No such circle on this device.
const UNKNOWN: ActError = ActError::Share(ShareError::UnknownCircle);

impl Engine {
    /// Takes back something this device's member said.
    ///
    /// # Errors
    /// [`ActError`]; nothing has changed.
    pub fn withdraw(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        item: &ItemId,
    ) -> Result<ItemId, ActError> {
        self.act(now, circle, UNKNOWN, |circle, step| circle.withdraw(step, *item))
    }

    /// Says something this device's member said in other words.
    ///
    /// # Errors
    /// [`ActError`]; nothing has changed.
    pub fn edit(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        item: &ItemId,
        edit: NewEdit,
    ) -> Result<ItemId, ActError> {
        self.act(now, circle, UNKNOWN, |circle, step| circle.edit(step, *item, edit))
    }

    /// Gives something a warm word, in place of the one before; none takes it back.
    ///
    /// # Errors
    /// [`ActError`]; nothing has changed.
    pub fn react(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        item: &ItemId,
        word: Option<WarmWord>,
    ) -> Result<ItemId, ActError> {
        self.act(now, circle, UNKNOWN, |circle, step| circle.react(step, *item, word))
    }

    /// Pins something, or takes the pin off.
    ///
    /// # Errors
    /// [`ActError`]; nothing has changed.
    pub fn pin(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        item: &ItemId,
        on: bool,
    ) -> Result<ItemId, ActError> {
        self.act(now, circle, UNKNOWN, |circle, step| circle.pin(step, *item, on))
    }

    /// Does something to hold a circle: hides, mutes, slows down.
    ///
    /// # Errors
    /// [`StewardError`]; nothing has changed.
    pub fn steward(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        act: StewardAct,
        reason: &str,
    ) -> Result<ItemId, StewardError> {
        let unknown = StewardError::Act(UNKNOWN);
        self.act(now, circle, unknown, |circle, step| circle.steward(step, act, reason))
    }

    /// Folds away what a member says, for the owner of this device alone, or no longer.
    ///
    /// # Errors
    /// [`BlockError`]; nothing has changed.
    pub fn block(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        member: &MemberId,
        on: bool,
    ) -> Result<(), BlockError> {
        let unknown = BlockError::UnknownCircle;
        self.act(now, circle, unknown, |circle, step| circle.block(step, member, on))
    }

    /// Lets advice be shown that was held back, or no longer: in the whole thread of a share, or
    /// one piece of it.
    ///
    /// # Errors
    /// [`ActError`]; nothing has changed.
    pub fn allow_advice(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        item: &ItemId,
        on: bool,
    ) -> Result<ItemId, ActError> {
        self.act(now, circle, UNKNOWN, |circle, step| circle.allow_advice(step, *item, on))
    }

    /// Gives advice to a share or a reply: to those who join later, too, only where what it answers
    /// is for them.
    ///
    /// # Errors
    /// [`ShareError`]; nothing was said.
    pub fn advise(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        to: &ItemId,
        text: String,
        scope: Scope,
    ) -> Result<ItemId, ShareError> {
        self.act(now, circle, ShareError::UnknownCircle, |circle, step| {
            circle.advise(step, *to, text, scope)
        })
    }

    /// Whether advice to this would be held back unless the author of the share allows it.
    #[must_use]
    pub fn holds_advice_back(&self, circle: &CircleId, to: &ItemId) -> bool {
        self.circles.get(circle).is_some_and(|circle| circle.holds_advice_back(to))
    }
}
