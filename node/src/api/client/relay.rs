//! The relays of a circle.

use hyper::Method;
use windbreak_protocol::id::CircleId;

use super::{Client, ClientError, of_circle};
use crate::api::message::{CircleRelays, RelayChange, RelayChoice};

impl Client {
    /// The relays of a circle.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn relays(&self, circle: &CircleId) -> Result<CircleRelays, ClientError> {
        self.get(&of_circle(circle, "/relays")).await
    }

    /// Names a circle's relays anew, for everybody in it.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn set_relays(
        &self,
        circle: &CircleId,
        change: &RelayChange,
    ) -> Result<CircleRelays, ClientError> {
        self.send(Method::PUT, &of_circle(circle, "/relays"), Some(change)).await
    }

    /// Says whether this device uses a relay.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn choose_relay(
        &self,
        circle: &CircleId,
        choice: &RelayChoice,
    ) -> Result<CircleRelays, ClientError> {
        self.post(&of_circle(circle, "/relays/choice"), choice).await
    }
}
