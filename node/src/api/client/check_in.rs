//! How somebody says they are, for themselves.

use hyper::Method;
use windbreak_protocol::id::CheckInId;

use super::{Client, ClientError};
use crate::api::message::{CheckIn, CheckIns, Done, NewCheckIn};

impl Client {
    /// All check-ins of this device, the earliest first.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn check_ins(&self) -> Result<CheckIns, ClientError> {
        self.get("/v1/check-ins").await
    }

    /// Keeps one more.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn check_in(&self, new: &NewCheckIn) -> Result<CheckIn, ClientError> {
        self.post("/v1/check-ins", new).await
    }

    /// Deletes one for good.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn delete_check_in(&self, check_in: &CheckInId) -> Result<Done, ClientError> {
        let path = format!("/v1/check-ins/{}", check_in.to_text());
        self.send(Method::DELETE, &path, None::<&Done>).await
    }

    /// Deletes all of them for good.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn delete_check_ins(&self) -> Result<Done, ClientError> {
        self.send(Method::DELETE, "/v1/check-ins", None::<&Done>).await
    }
}
