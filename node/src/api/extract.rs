//! Reads requests: whatever does not fit is refused in the one shape all refusals have.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::{Semaphore, SemaphorePermit};
use utoipa::IntoParams;
use windbreak_protocol::id::{
    CheckInId, CircleId, DeviceId, DraftId, InviteId, ItemId, KnockId, MemberId, PlanPartId,
    ReportId,
};

use super::message::{Done, Language};
use super::refusal::Refusal;
use super::wiped;
use crate::picture::MAX_SOURCE;

/// Bytes of the longest request: a share of 256 KiB in the longest escapes JSON has, a file of 1 MiB
/// in base64, and room.
pub(crate) const MAX_BODY: usize = 4 * 1024 * 1024;

/// Bytes of the longest request that may hold a picture as a camera wrote it, in base64.
pub(crate) const MAX_PICTURE_BODY: usize = MAX_SOURCE.div_ceil(3) * 4 + MAX_BODY;

/// Requests longer than [`MAX_BODY`] that are read at once: each lies in memory some three times while it
/// is read and its picture waits to be made anew (I-73).
const MAX_PICTURES: usize = 2;
/// How long one more waits for its turn before it is refused (I-73).
const PICTURE_TURN: Duration = Duration::from_secs(5);
/// How long such a request may take to come in: it keeps others out meanwhile (I-73).
const PICTURE_COMES: Duration = Duration::from_secs(60);

/// Room for such requests. A process serves one profile.
static PICTURES: Semaphore = Semaphore::const_new(MAX_PICTURES);

/// The ids in a path.
pub(crate) struct At<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for At<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let path = Path::from_request_parts(parts, state).await;
        path.map(|Path(ids)| Self(ids)).map_err(|rejection| match rejection {
            PathRejection::FailedToDeserializePathParams(_) => Refusal::bad_request(
                "bad_id",
                "an id in the path is not 64 lower-case hexadecimal digits",
                "take the whole id from a list",
            ),
            _ => Refusal::fault("the path lacks its ids"),
        })
    }
}

/// What stands behind the question mark.
pub(crate) struct Asked<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let query = Query::from_request_parts(parts, state).await;
        query.map(|Query(asked)| Self(asked)).map_err(|rejection: QueryRejection| {
            let message = format!("the query is not understood: {}", reason(&rejection));
            Refusal::bad_request("bad_query", message, "compare it with /v1/openapi.json")
        })
    }
}

/// In which language.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spoken {
    /// `en`, `de` or `es`; `en` if left out.
    #[serde(default)]
    #[param(inline)]
    pub(crate) language: Language,
}

/// A body of JSON.
pub(crate) struct Sent<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        sent(request, state, MAX_BODY).await.map(Self)
    }
}

/// A body of JSON that may hold a picture.
pub(crate) struct SentWithPicture<T> {
    /// What was sent.
    pub(crate) sent: T,
    /// The room that it takes, to be given back when what was sent is gone.
    pub(crate) room: Option<SemaphorePermit<'static>>,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for SentWithPicture<T> {
    type Rejection = Refusal;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Refusal> {
        if is_at_most(&request, MAX_BODY) {
            return Ok(Self { sent: sent(request, state, MAX_BODY).await?, room: None });
        }
        let turn = tokio::time::timeout(PICTURE_TURN, PICTURES.acquire()).await;
        let Ok(Ok(room)) = turn else {
            return Err(Refusal::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "too_many_pictures",
                "as many pictures are being sent as there is room for",
                "send it again in a moment",
            ));
        };
        DefaultBodyLimit::max(MAX_PICTURE_BODY).apply(&mut request);
        let comes = tokio::time::timeout(PICTURE_COMES, sent(request, state, MAX_PICTURE_BODY));
        let sent = comes.await.unwrap_or_else(|_| Err(broke_off()))?;
        Ok(Self { sent, room: Some(room) })
    }
}

/// Whether a request says that it is no longer than this. One that is sent piece by piece does not.
fn is_at_most(request: &Request, limit: usize) -> bool {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let in_pieces = request.headers().contains_key(header::TRANSFER_ENCODING);
    !in_pieces && length.unwrap_or_default() <= limit
}

/// A request that carries nothing: no body, or an empty object.
pub(crate) struct Nothing;

impl<S: Send + Sync> FromRequest<S> for Nothing {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let body = body(request, state, MAX_BODY).await?;
        if !body.is_empty() {
            parse::<Done>(&body)?;
        }
        Ok(Self)
    }
}

fn is_json(request: &Request) -> bool {
    let value = request.headers().get(header::CONTENT_TYPE);
    let text = value.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

async fn sent<S: Send + Sync, T: DeserializeOwned>(
    request: Request,
    state: &S,
    limit: usize,
) -> Result<T, Refusal> {
    if !is_json(&request) {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not_json",
            "the body must be json and say so",
            "send the header content-type: application/json",
        ));
    }
    let body = body(request, state, limit).await?;
    let parsed = parse(&body);
    wiped::let_go(body);
    parsed
}

/// The body of a request that is let have so many bytes.
async fn body<S: Send + Sync>(request: Request, state: &S, limit: usize) -> Result<Bytes, Refusal> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Refusal::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_long",
                format!("the request is longer than {limit} bytes"),
                "send less at once",
            )
        } else {
            broke_off()
        }
    })
}

fn broke_off() -> Refusal {
    Refusal::bad_request("broke_off", "the request broke off", "send it again")
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| {
        let message = format!("the body is not understood: {error}");
        Refusal::bad_request("bad_body", message, "compare it with /v1/openapi.json")
    })
}

/// The innermost reason of an error: the outer ones only say where it was found.
fn reason(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

macro_rules! path {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $id:ty = $says:literal),* }) => {
        $(#[$doc])*
        #[derive(Deserialize, IntoParams)]
        #[into_params(parameter_in = Path)]
        pub(crate) struct $name {
            $(#[doc = $says]
            #[param(value_type = String, pattern = "^[0-9a-f]{64}$")]
            pub(crate) $field: $id,)*
        }
    };
}

path! {
    /// A circle.
    InCircle { circle: CircleId = "The circle." }
}
path! {
    /// A device of yours in a circle.
    DeviceOf { circle: CircleId = "The circle.", device: DeviceId = "The device." }
}
path! {
    /// A draft.
    DraftAt { draft: DraftId = "The draft." }
}
path! {
    /// A check-in.
    CheckInAt { check_in: CheckInId = "The check-in." }
}
path! {
    /// A part of the plan.
    PlanPartAt { part: PlanPartId = "The part." }
}
path! {
    /// An invite of a circle.
    InviteOf { circle: CircleId = "The circle.", invite: InviteId = "The invite." }
}
path! {
    /// A knock in a lobby.
    KnockAt { circle: CircleId = "The circle.", knock: KnockId = "The knock." }
}
path! {
    /// An item of a circle.
    ItemOf { circle: CircleId = "The circle.", item: ItemId = "The item." }
}
path! {
    /// A report in a circle.
    ReportOf { circle: CircleId = "The circle.", report: ReportId = "The report." }
}
path! {
    /// A member of a circle.
    MemberOf { circle: CircleId = "The circle.", member: MemberId = "The member." }
}
path! {
    /// An attempt to join.
    JoinBy { invite: InviteId = "The invite this device joins by." }
}
