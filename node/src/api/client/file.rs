//! Files and pictures.

use hyper::Method;
use windbreak_protocol::id::{CircleId, ItemId};

use super::{Client, ClientError, of_circle};
use crate::api::message::{Done, FileContent, FileRule, FilesAllowed};

impl Client {
    /// Says which files a circle's members may send.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn allow_files(
        &self,
        circle: &CircleId,
        allowed: FilesAllowed,
    ) -> Result<Done, ClientError> {
        self.send(Method::PUT, &of_circle(circle, "/files"), Some(&FileRule { allowed })).await
    }

    /// The bytes of the file that goes along with an item.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn file(&self, circle: &CircleId, item: &ItemId) -> Result<FileContent, ClientError> {
        self.get(&of_circle(circle, &format!("/items/{}/file", item.to_text()))).await
    }
}
