//! What a circle agrees on, what its facilitators declare, and how long it keeps what is said.

use hyper::Method;
use windbreak_protocol::id::{CircleId, ItemId};

use super::{Client, ClientError, of_circle};
use crate::api::message::{
    AcceptAgreement, Agreement, Done, Language, NewAgreement, NewDeclaration, ProposedAgreement,
    Retention, UsualAgreement,
};

impl Client {
    /// What a new circle agrees on if its maker brings no text of their own.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn usual_agreement(&self, language: Language) -> Result<UsualAgreement, ClientError> {
        self.get(&format!("/v1/agreement?language={}", language.tag())).await
    }

    /// The agreement of a circle.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn agreement(&self, circle: &CircleId) -> Result<Agreement, ClientError> {
        self.get(&of_circle(circle, "/agreement")).await
    }

    /// Accepts the agreement with this hash.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn accept_agreement(
        &self,
        circle: &CircleId,
        hash: &str,
    ) -> Result<Done, ClientError> {
        let accept = AcceptAgreement { hash: hash.to_owned() };
        self.post(&of_circle(circle, "/agreement/accept"), &accept).await
    }

    /// Proposes a new agreement.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn propose_agreement(
        &self,
        circle: &CircleId,
        new: &NewAgreement,
    ) -> Result<ProposedAgreement, ClientError> {
        self.post(&of_circle(circle, "/agreement/proposals"), new).await
    }

    /// Agrees to a new agreement.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn consent_to_agreement(
        &self,
        circle: &CircleId,
        proposal: &ItemId,
    ) -> Result<Done, ClientError> {
        let path = format!("/agreement/proposals/{}/consent", proposal.to_text());
        self.post(&of_circle(circle, &path), &Done {}).await
    }

    /// Declares anew.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn declare(
        &self,
        circle: &CircleId,
        new: &NewDeclaration,
    ) -> Result<Done, ClientError> {
        self.send(Method::PUT, &of_circle(circle, "/declaration"), Some(new)).await
    }

    /// Says for how many days the circle keeps what is said, and why.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn set_retention(
        &self,
        circle: &CircleId,
        retention: &Retention,
    ) -> Result<Done, ClientError> {
        self.send(Method::PUT, &of_circle(circle, "/retention"), Some(retention)).await
    }
}
