//! Reports: what the owner of a device makes of them.

use crate::circle::{ReportError, ShareError};
use crate::engine::Engine;
use crate::id::{CircleId, ItemId, ReportId};
use crate::time::Timestamp;

/// No such circle on this device.
const UNKNOWN: ReportError = ReportError::Share(ShareError::UnknownCircle);

impl Engine {
    /// Reports something that was said, to the facilitators but not to one who said it. It leaves
    /// this device at a time of chance, without its name.
    ///
    /// # Errors
    /// [`ReportError`]; nothing has changed.
    pub fn report(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        item: &ItemId,
        reason: &str,
    ) -> Result<ReportId, ReportError> {
        self.act(now, circle, UNKNOWN, |circle, step| circle.report(step, item, reason))
    }

    /// Asks to look again at a report of this device's member that was closed.
    ///
    /// # Errors
    /// [`ReportError`]; nothing has changed.
    pub fn appeal(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        report: &ReportId,
        reason: &str,
    ) -> Result<(), ReportError> {
        self.act(now, circle, UNKNOWN, |circle, step| circle.appeal(step, report, reason))
    }

    /// Says to who made a report that it was read.
    ///
    /// # Errors
    /// [`ReportError`]; nothing was said.
    pub fn acknowledge_report(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        report: &ReportId,
    ) -> Result<ItemId, ReportError> {
        self.act(now, circle, UNKNOWN, |circle, step| circle.answer_report(step, report, None))
    }

    /// Closes a report, and says to who made it how it ended.
    ///
    /// # Errors
    /// [`ReportError`]; nothing was said.
    pub fn close_report(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        report: &ReportId,
        outcome: &str,
    ) -> Result<ItemId, ReportError> {
        let outcome = Some(outcome);
        self.act(now, circle, UNKNOWN, |circle, step| circle.answer_report(step, report, outcome))
    }
}
