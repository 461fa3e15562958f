//! What a circle agrees on, and the rules of its own: the agreement, what facilitators declare, how
//! long words are kept.

use crate::circle::{AgreementError, AgreementOverview, Circle};
use crate::engine::Engine;
use crate::id::{CircleId, ItemId};
use crate::invite::AgreementHash;
use crate::ledger::KeepDays;
use crate::time::Timestamp;

impl Engine {
    /// A circle's agreement, what was accepted of it on this device, and what is proposed.
    #[must_use]
    pub fn agreement(&self, now: Timestamp, circle: &CircleId) -> Option<AgreementOverview> {
        self.circles.get(circle)?.agreement(now)
    }

    /// Whether a circle may be read on this device: its agreement is accepted.
    #[must_use]
    pub fn has_accepted(&self, circle: &CircleId) -> Option<bool> {
        self.circles.get(circle).map(Circle::has_accepted)
    }

    /// Whether what a circle's facilitators declare now was shown on this device.
    #[must_use]
    pub fn has_heard(&self, circle: &CircleId) -> bool {
        self.circles.get(circle).is_none_or(Circle::has_heard)
    }

    /// What a circle's facilitators declare now was shown.
    ///
    /// # Errors
    /// [`AgreementError::UnknownCircle`].
    pub fn hear_declaration(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
    ) -> Result<(), AgreementError> {
        self.act(now, circle, AgreementError::UnknownCircle, |circle, step| {
            circle.hear(step);
            Ok(())
        })
    }

    /// Accepts the agreement that holds in a circle, if it is the one that was shown.
    ///
    /// # Errors
    /// [`AgreementError`]; nothing has changed.
    pub fn accept_agreement(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        shown: &AgreementHash,
    ) -> Result<(), AgreementError> {
        self.act(now, circle, AgreementError::UnknownCircle, |circle, step| {
            circle.accept_agreement(step, shown)
        })
    }

    /// Proposes a new agreement, as a facilitator.
    ///
    /// # Errors
    /// [`AgreementError`]; nothing was said.
    pub fn propose_agreement(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        text: &str,
    ) -> Result<ItemId, AgreementError> {
        self.act(now, circle, AgreementError::UnknownCircle, |circle, step| {
            circle.propose_agreement(step, text)
        })
    }

    /// Agrees to a new agreement.
    ///
    /// # Errors
    /// [`AgreementError`]; nothing was said.
    pub fn consent_to_agreement(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        proposal: &ItemId,
    ) -> Result<(), AgreementError> {
        self.act(now, circle, AgreementError::UnknownCircle, |circle, step| {
            circle.consent_to_agreement(step, proposal)
        })
    }

    /// Declares anew, as a facilitator, whether and to whom one must report.
    ///
    /// # Errors
    /// [`AgreementError`]; nothing has changed.
    pub fn declare(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        words: &str,
    ) -> Result<(), AgreementError> {
        self.act(now, circle, AgreementError::UnknownCircle, |circle, step| {
            circle.declare(step, words)
        })
    }

    /// Says how long a circle keeps what is said, as a facilitator; none: as long as its authors
    /// leave it. A shorter time needs a reason, which everybody reads.
    ///
    /// # Errors
    /// [`AgreementError`]; nothing has changed.
    pub fn set_keep(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        keep: Option<KeepDays>,
        reason: &str,
    ) -> Result<(), AgreementError> {
        self.act(now, circle, AgreementError::UnknownCircle, |circle, step| {
            circle.set_keep(step, keep, reason)
        })
    }
}
