//! The event stream.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{self, KeepAlive, Sse};
use futures::stream::{self, Stream, StreamExt};
use serde::Deserialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use utoipa::IntoParams;
use windbreak_protocol::id::CircleId;

use super::super::extract::{Asked, Nothing};
use super::super::message::{Answer, Event, Failure, Missed};
use super::super::refusal::Refusal;
use crate::handle::Handle;

/// How often a silent stream says that it is there.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// What to be told of.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Interest {
    /// Only what happens in this circle; everything if left out.
    #[param(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    circle: Option<CircleId>,
}

/// What happens from now on, as server-sent events. The first is `ready`: what happens after it
/// is told. A listener that is too slow is told `lagged`, and asks for the whole again.
#[utoipa::path(
    get, path = "/v1/events", tag = "node", params(Interest),
    responses(
        (status = 200, description = "server-sent events, each with the JSON of its schema as data",
            body = Answer<Event>, content_type = "text/event-stream"),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn events(
    State(handle): State<Handle>,
    Asked(interest): Asked<Interest>,
    _: Nothing,
) -> Result<Sse<impl Stream<Item = Result<sse::Event, Infallible>>>, Refusal> {
    // Listening starts before the look below: nothing falls between the two.
    let arriving = handle.listen();
    if let Some(circle) = interest.circle {
        handle.read(move |desk| desk.circle(&circle).map(drop)).await?;
    }
    let told = stream::once(async { Event::Ready })
        .chain(stream::unfold(Some(arriving), next))
        .filter(move |event| std::future::ready(is_of_interest(event, interest.circle.as_ref())))
        .map(|event| Ok(frame(event)));
    Ok(Sse::new(told).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)))
}

/// What the stream says of itself is told to everybody.
fn is_of_interest(event: &Event, circle: Option<&CircleId>) -> bool {
    let is_of_stream = matches!(event, Event::Ready | Event::Lagged(_) | Event::Stopping);
    circle.is_none_or(|circle| is_of_stream || event.circle() == Some(circle))
}

/// The next event. A node that stops ends its streams, or they would hold up the end.
async fn next(arriving: Option<Receiver<Event>>) -> Option<(Event, Option<Receiver<Event>>)> {
    let mut arriving = arriving?;
    match arriving.recv().await {
        Ok(Event::Stopping) => Some((Event::Stopping, None)),
        Ok(event) => Some((event, Some(arriving))),
        Err(RecvError::Lagged(missed)) => Some((Event::Lagged(Missed { missed }), Some(arriving))),
        Err(RecvError::Closed) => None,
    }
}

fn frame(event: Event) -> sse::Event {
    let name = event.name();
    // Names and numbers always encode; without them the data would be empty.
    let data = serde_json::to_string(&Answer::new(event)).unwrap_or_default();
    sse::Event::default().event(name).data(data)
}
