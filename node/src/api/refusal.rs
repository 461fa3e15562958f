//! Why a request is refused: one value that becomes the status, the code and the words.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use windbreak_protocol::ShareError;
use windbreak_protocol::limits::MAX_KEEP_DAYS;

use super::message::answer::{API_VERSION, Failure, Why};

/// Why a request is refused, for whoever asked. Never logged: a message may repeat what was sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    next: &'static str,
}

impl Refusal {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
        next: &'static str,
    ) -> Self {
        Self { status, code, message: message.into(), next }
    }

    /// What was sent cannot be understood.
    pub(crate) fn bad_request(
        code: &'static str,
        message: impl Into<String>,
        next: &'static str,
    ) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message, next)
    }

    /// What was sent is understood, and one of its values is not allowed.
    pub(crate) fn not_allowed_value(
        code: &'static str,
        message: impl Into<String>,
        next: &'static str,
    ) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message, next)
    }

    /// It cannot be done as things stand.
    pub(crate) fn conflict(
        code: &'static str,
        message: impl Into<String>,
        next: &'static str,
    ) -> Self {
        Self::new(StatusCode::CONFLICT, code, message, next)
    }

    /// The member's role does not allow it.
    pub(crate) fn forbidden(
        code: &'static str,
        message: impl Into<String>,
        next: &'static str,
    ) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, message, next)
    }

    /// There is no such thing.
    pub(crate) fn not_found(
        code: &'static str,
        message: impl Into<String>,
        next: &'static str,
    ) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message, next)
    }

    /// A fault of this program.
    pub(crate) fn fault(message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "fault",
            message,
            "this is a fault of the program: please report what you did",
        )
    }

    /// No circle has this id.
    pub(crate) fn no_circle() -> Self {
        Self::not_found(
            "unknown_circle",
            "this profile has no such circle",
            "list the circles to find its id",
        )
    }

    /// This device is no longer in the circle.
    pub(crate) fn closed(message: String) -> Self {
        Self::conflict("circle_closed", message, "what you read before stays readable")
    }

    /// Nobody of this id is in the circle.
    pub(crate) fn unknown_member(message: String) -> Self {
        Self::not_found(
            "unknown_member",
            message,
            "list the members to find the id; they may have left already",
        )
    }

    /// The circle has no invite with this id.
    pub(crate) fn no_invite() -> Self {
        Self::not_found(
            "unknown_invite",
            "the circle has no such invite",
            "list the circle's invites to find its id",
        )
    }

    /// What stands for a device's number is none.
    pub(crate) fn bad_number() -> Self {
        Self::bad_request(
            "bad_number",
            "a device's number has six digits",
            "read it on the new device",
        )
    }

    /// No attempt to join has this id.
    pub(crate) fn no_join() -> Self {
        Self::not_found(
            "unknown_join",
            "this profile does not join by this invite",
            "start by sending the text of the invite",
        )
    }

    /// The circle has no item with this id.
    pub(crate) fn no_item() -> Self {
        Self::not_found(
            "unknown_item",
            "this device has no such item in this circle",
            "list the items to find its id; it may not have arrived yet",
        )
    }

    /// In slow mode: it would be shown after this time.
    pub(crate) fn too_soon(wait: std::time::Duration) -> Self {
        let minutes = wait.as_secs().div_ceil(60).max(1);
        Self::conflict(
            "too_soon",
            format!(
                "nothing was sent: a facilitator slowed the circle down, and others would see this in \
                 {minutes} minutes"
            ),
            "wait, or send it with `even_if_later` and it is shown then; replies do not wait",
        )
    }

    /// What was written seems to say who somebody is. `what` names kinds of things, never the words.
    pub(crate) fn could_identify(what: &str) -> Self {
        Self::conflict(
            "could_identify",
            format!(
                "nothing was sent: the text seems to hold {what}, which could tell who somebody is"
            ),
            "leave it out, or send it with `send_anyway` if that is what you want",
        )
    }

    /// The author of the share asked for just listening, and advice is to be given.
    pub(crate) fn advice_held_back() -> Self {
        Self::conflict(
            "advice_held_back",
            "nothing was sent: the share asks for just listening, so nobody sees advice unless its \
             author allows it",
            "say it without advice, or send it with `even_if_held_back`: its author may choose to see it",
        )
    }

    /// The words of an item cannot be read from the store now.
    pub(crate) fn no_words() -> Self {
        Self::trouble(
            "store_unreadable",
            "the store cannot be read now, and the words of the items stand in it",
            "see what the status says of the store, then ask again",
        )
    }

    /// Whoever wants in or makes a circle has not said that they are an adult.
    pub(crate) fn not_adult() -> Self {
        Self::forbidden(
            "not_adult",
            "circles are for adults, and you have not said that you are one",
            "say so with `adult` (--adult) if you are; otherwise please talk to a helpline for \
             young people or to somebody you trust",
        )
    }

    /// The agreement that holds was not accepted on this device.
    pub(crate) fn agreement_unaccepted() -> Self {
        ShareError::Unaccepted.into()
    }

    /// The facilitators' declarations were not shown since they changed.
    pub(crate) fn declaration_unheard() -> Self {
        Self::conflict(
            "declaration_unheard",
            "nothing was sent: what the facilitators would have to report to others was not shown \
             yet",
            "show the circle's declaration, then send it again with that as `declaration_heard`",
        )
    }

    /// What a facilitator does to somebody is not done without saying why.
    pub(crate) fn no_reason(says: String) -> Self {
        Self::not_allowed_value(
            "no_reason",
            says,
            "say why in a sentence: all members read it in the steward log",
        )
    }

    /// A circle does not keep what is said for so long.
    pub(crate) fn bad_days() -> Self {
        Self::not_allowed_value(
            "bad_days",
            format!("a circle keeps what is said for 1 to {MAX_KEEP_DAYS} days, or without an end"),
            "choose a number between the two",
        )
    }

    /// Whether advice is seen is for the author of the share to say; a file with it is not sent.
    pub(crate) fn file_with_advice() -> Self {
        Self::not_allowed_value(
            "file_with_advice",
            "no file goes along with advice",
            "send the file with a reply that gives none",
        )
    }

    /// What was handed in as a picture is larger than any that is read.
    pub(crate) fn too_large_picture() -> Self {
        Self::not_allowed_value(
            "too_large_file",
            "the picture has more than 32 MiB",
            "make it smaller first",
        )
    }

    /// The circle takes all the room it may have.
    pub(crate) fn circle_quota() -> Self {
        Self::trouble(
            "circle_quota",
            "this circle takes all the room on the disk that it may have",
            "give it more: store.circle_quota_mib in the profile's config.toml, then start the \
             node again",
        )
    }

    /// The node is on its way out.
    pub(crate) fn stopping() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "stopping",
            "the node is stopping",
            "start it again, then ask again",
        )
    }

    /// The store is in the way.
    pub(crate) fn trouble(
        code: &'static str,
        message: impl Into<String>,
        next: &'static str,
    ) -> Self {
        Self::new(StatusCode::INSUFFICIENT_STORAGE, code, message, next)
    }

    /// The words for it.
    pub(crate) fn why(&self) -> Why {
        Why {
            code: self.code.to_owned(),
            message: self.message.clone(),
            next: self.next.to_owned(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let failure = Failure { v: API_VERSION, error: self.why() };
        (self.status, Json(failure)).into_response()
    }
}
