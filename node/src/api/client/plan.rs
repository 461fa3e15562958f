//! What somebody has written for themselves for hard times.

use hyper::Method;
use windbreak_protocol::id::PlanPartId;

use super::{Client, ClientError};
use crate::api::message::{
    ChangePlanPart, Done, Language, NewPlanPart, Plan, PlanPart, SuggestedParts,
};

impl Client {
    /// The whole plan.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn plan(&self) -> Result<Plan, ClientError> {
        self.get("/v1/plan").await
    }

    /// Parts that a plan can begin with.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn suggested_parts(&self, language: Language) -> Result<SuggestedParts, ClientError> {
        self.get(&format!("/v1/plan/suggestions?language={}", language.tag())).await
    }

    /// Adds a part behind all others.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn add_plan_part(&self, new: &NewPlanPart) -> Result<PlanPart, ClientError> {
        self.post("/v1/plan", new).await
    }

    /// Changes the title, the words or the place of a part.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn change_plan_part(
        &self,
        part: &PlanPartId,
        change: &ChangePlanPart,
    ) -> Result<PlanPart, ClientError> {
        self.send(Method::PUT, &of_part(part), Some(change)).await
    }

    /// Deletes a part for good.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn delete_plan_part(&self, part: &PlanPartId) -> Result<Done, ClientError> {
        self.send(Method::DELETE, &of_part(part), None::<&Done>).await
    }

    /// Deletes the whole plan for good.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn delete_plan(&self) -> Result<Done, ClientError> {
        self.send(Method::DELETE, "/v1/plan", None::<&Done>).await
    }
}

fn of_part(part: &PlanPartId) -> String {
    format!("/v1/plan/{}", part.to_text())
}
