//! The recovery phrase of a device's owner: what it seals, and what needs it. The engine sees no
//! words, only the keys they give. Clause: specs/02-identity D-6.

use crate::circle::{DeviceError, Step};
use crate::engine::Engine;
use crate::id::CircleId;
use crate::invite::DeviceNumber;
use crate::recovery::{RecoveryKey, RecoverySecret};
use crate::time::Timestamp;

impl Engine {
    /// Seals every member key that lies open, and those made from now on, to `recovery`. Call it
    /// once after [`Engine::load`].
    pub fn set_recovery(&mut self, now: Timestamp, recovery: RecoveryKey) {
        let mut step = Step::new(now, &mut self.random, &self.timings);
        for circle in self.circles.values_mut() {
            circle.seal_member_key(&mut step, &recovery);
        }
        for joining in self.joinings.values_mut() {
            joining.seal_member_key(&mut step, &recovery);
        }
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
        self.recovery = Some(recovery);
    }

    /// Whether member keys are sealed under a phrase.
    #[must_use]
    pub fn has_recovery(&self) -> bool {
        self.recovery.is_some()
    }

    /// Seals every member key to another phrase's key.
    ///
    /// # Errors
    /// [`DeviceError::WrongPhrase`] when `before` does not open all of them; nothing has changed.
    pub fn change_recovery(
        &mut self,
        now: Timestamp,
        before: &RecoverySecret,
        recovery: RecoveryKey,
    ) -> Result<(), DeviceError> {
        if !self.circles.values().all(|circle| circle.fits_phrase(before)) {
            return Err(DeviceError::WrongPhrase);
        }
        let mut step = Step::new(now, &mut self.random, &self.timings);
        for circle in self.circles.values_mut() {
            circle.reseal_member_key(&mut step, before, &recovery);
        }
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
        self.recovery = Some(recovery);
        Ok(())
    }

    /// As [`Engine::confirm_device`], with the phrase that opens the member key for this once.
    ///
    /// # Errors
    /// [`DeviceError`]; nothing has changed.
    pub fn confirm_device_with(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        number: DeviceNumber,
        phrase: Option<&RecoverySecret>,
    ) -> Result<(), DeviceError> {
        self.act(now, circle, DeviceError::UnknownCircle, |circle, step| {
            circle.with_member_key(phrase, |circle| circle.confirm_device(step, number))
        })
    }
}
