//! Words that wait on this device.

use hyper::Method;
use windbreak_protocol::id::DraftId;

use super::{Client, ClientError};
use crate::api::message::{Done, Draft, DraftWords, Drafts, NewDraft, SendDraft, Written};

impl Client {
    /// The drafts of this device, the latest first.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn drafts(&self) -> Result<Drafts, ClientError> {
        self.get("/v1/drafts").await
    }

    /// Keeps words for later.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn save_draft(&self, new: &NewDraft) -> Result<Draft, ClientError> {
        self.post("/v1/drafts", new).await
    }

    /// Puts other words in the place of a draft's.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn edit_draft(
        &self,
        draft: &DraftId,
        words: &DraftWords,
    ) -> Result<Draft, ClientError> {
        self.send(Method::PUT, &of_draft(draft, ""), Some(words)).await
    }

    /// Deletes a draft for good.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn delete_draft(&self, draft: &DraftId) -> Result<Done, ClientError> {
        self.send(Method::DELETE, &of_draft(draft, ""), None::<&Done>).await
    }

    /// Says what a draft says.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn send_draft(
        &self,
        draft: &DraftId,
        sent: &SendDraft,
    ) -> Result<Written, ClientError> {
        self.post(&of_draft(draft, "/send"), sent).await
    }
}

fn of_draft(draft: &DraftId, rest: &str) -> String {
    format!("/v1/drafts/{}{rest}", draft.to_text())
}
