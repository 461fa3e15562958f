//! Reports, for the facilitators, without the name of who made them.

use windbreak_protocol::id::{CircleId, ReportId};

use super::{Client, ClientError, of_circle};
use crate::api::message::{Done, NewReport, Outcome, Reason, Reported, Reports, Written};

impl Client {
    /// The reports that are for this device, and those it made.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn reports(&self, circle: &CircleId) -> Result<Reports, ClientError> {
        self.get(&of_circle(circle, "/reports")).await
    }

    /// Reports something.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn report(
        &self,
        circle: &CircleId,
        new: &NewReport,
    ) -> Result<Reported, ClientError> {
        self.post(&of_circle(circle, "/reports"), new).await
    }

    /// Says to who made a report that it was read.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn acknowledge_report(
        &self,
        circle: &CircleId,
        report: &ReportId,
    ) -> Result<Written, ClientError> {
        self.post(&of_report(circle, report, "acknowledge"), &Done {}).await
    }

    /// Closes a report.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn close_report(
        &self,
        circle: &CircleId,
        report: &ReportId,
        outcome: &Outcome,
    ) -> Result<Written, ClientError> {
        self.post(&of_report(circle, report, "close"), outcome).await
    }

    /// Asks to look again at a report.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn appeal(
        &self,
        circle: &CircleId,
        report: &ReportId,
        reason: &Reason,
    ) -> Result<Done, ClientError> {
        self.post(&of_report(circle, report, "appeal"), reason).await
    }
}

fn of_report(circle: &CircleId, report: &ReportId, rest: &str) -> String {
    of_circle(circle, &format!("/reports/{}/{rest}", report.to_text()))
}
