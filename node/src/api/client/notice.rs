//! How somebody is told on this device that something is new.

use hyper::Method;
use windbreak_protocol::id::CircleId;

use super::{Client, ClientError};
use crate::api::message::{ChangeNotices, CircleNotices, Done, Notices};

impl Client {
    /// How its owner is told.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn notices(&self) -> Result<Notices, ClientError> {
        self.get("/v1/notices").await
    }

    /// Changes how its owner is told.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn change_notices(&self, change: &ChangeNotices) -> Result<Notices, ClientError> {
        self.send(Method::PUT, "/v1/notices", Some(change)).await
    }

    /// Shows a notice now.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn test_notice(&self) -> Result<Done, ClientError> {
        self.send(Method::POST, "/v1/notices/test", None::<&Done>).await
    }

    /// Says whether its owner is told of anything in a circle.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn set_circle_notices(
        &self,
        circle: &CircleId,
        on: bool,
    ) -> Result<Done, ClientError> {
        let path = format!("/v1/circles/{}/notices", circle.to_text());
        self.send(Method::PUT, &path, Some(&CircleNotices { on })).await
    }
}
