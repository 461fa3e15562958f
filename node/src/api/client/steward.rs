//! How facilitators hold a circle, and whom the owner of this device does not want to read.

use hyper::Method;
use windbreak_protocol::id::{CircleId, MemberId};

use super::{Client, ClientError, of_circle};
use crate::api::message::{Done, NewStewardAct, Steward, Written};

impl Client {
    /// What facilitators did to hold a circle.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn steward(&self, circle: &CircleId) -> Result<Steward, ClientError> {
        self.get(&of_circle(circle, "/steward")).await
    }

    /// Does something to hold a circle.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn steward_act(
        &self,
        circle: &CircleId,
        act: &NewStewardAct,
    ) -> Result<Written, ClientError> {
        self.post(&of_circle(circle, "/steward"), act).await
    }

    /// Folds away what a member says, on this device alone, or no longer.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn block(
        &self,
        circle: &CircleId,
        member: &MemberId,
        on: bool,
    ) -> Result<Done, ClientError> {
        let path = of_circle(circle, &format!("/members/{}/block", member.to_text()));
        let method = if on { Method::PUT } else { Method::DELETE };
        self.send(method, &path, None::<&Done>).await
    }
}
