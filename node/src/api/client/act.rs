//! What is done to something that was said.

use hyper::Method;
use windbreak_protocol::id::{CircleId, ItemId};

use super::{Client, ClientError, of_circle};
use crate::api::message::{Done, NewEdit, NewReaction, Page, Versions, WarmWord, Written};

/// Items in one answer.
const PAGE: usize = 500;

impl Client {
    /// The thread of a share, or what answers an item: the part behind `after`.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn thread(
        &self,
        circle: &CircleId,
        first: &ItemId,
        after: Option<&ItemId>,
    ) -> Result<Page, ClientError> {
        let after = after.map(|item| format!("&after={}", item.to_text())).unwrap_or_default();
        let query = format!("/items?thread={}&limit={PAGE}{after}", first.to_text());
        self.get(&of_circle(circle, &query)).await
    }

    /// What is pinned in a circle.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn pinned(&self, circle: &CircleId) -> Result<Page, ClientError> {
        self.get(&of_circle(circle, &format!("/items?pinned=true&newest=true&limit={PAGE}"))).await
    }

    /// All that an item ever said.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn versions(
        &self,
        circle: &CircleId,
        item: &ItemId,
    ) -> Result<Versions, ClientError> {
        self.get(&of_item(circle, item, "/versions")).await
    }

    /// Takes something back.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn withdraw(&self, circle: &CircleId, item: &ItemId) -> Result<Written, ClientError> {
        self.send(Method::DELETE, &of_item(circle, item, ""), None::<&Done>).await
    }

    /// Says something in other words.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn edit(
        &self,
        circle: &CircleId,
        item: &ItemId,
        edit: &NewEdit,
    ) -> Result<Written, ClientError> {
        self.post(&of_item(circle, item, "/edit"), edit).await
    }

    /// Gives something a warm word; none takes it back.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn react(
        &self,
        circle: &CircleId,
        item: &ItemId,
        word: Option<WarmWord>,
    ) -> Result<Written, ClientError> {
        let path = of_item(circle, item, "/reaction");
        match word {
            Some(word) => self.send(Method::PUT, &path, Some(&NewReaction { word })).await,
            None => self.send(Method::DELETE, &path, None::<&Done>).await,
        }
    }

    /// Pins something, or takes the pin off.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn pin(
        &self,
        circle: &CircleId,
        item: &ItemId,
        on: bool,
    ) -> Result<Written, ClientError> {
        self.send(switch(on), &of_item(circle, item, "/pin"), None::<&Done>).await
    }

    /// Lets advice be shown that was held back, or no longer.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn allow_advice(
        &self,
        circle: &CircleId,
        item: &ItemId,
        on: bool,
    ) -> Result<Written, ClientError> {
        self.send(switch(on), &of_item(circle, item, "/advice"), None::<&Done>).await
    }
}

fn switch(on: bool) -> Method {
    if on { Method::PUT } else { Method::DELETE }
}

fn of_item(circle: &CircleId, item: &ItemId, rest: &str) -> String {
    of_circle(circle, &format!("/items/{}{rest}", item.to_text()))
}
