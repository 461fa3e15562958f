//! Looking for words in what was said.

use super::{Client, ClientError};
use crate::api::message::{Found, SearchFor};

impl Client {
    /// Looks for words in what was said.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn search(&self, search: &SearchFor) -> Result<Found, ClientError> {
        self.post("/v1/search", search).await
    }
}
