//! Joining a circle by an invite.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use windbreak_protocol::id::InviteId;
use windbreak_protocol::invite::{
    AgreementHash, DeviceCode, InviteText, InviteTextError, RelayAddress,
};

use super::super::describe;
use super::super::extract::{At, JoinBy, Nothing, Sent};
use super::super::message::{Answer, Done, Failure, Join, Joins, Knock, Made, Mode, StartJoin};
use super::super::refusal::Refusal;
use super::item::check_hints;
use super::network;
use crate::desk::Desk;
use crate::handle::Handle;
use crate::profile::NetworkMode;

/// The attempts of this profile to join circles.
#[utoipa::path(
    get, path = "/v1/joins", tag = "join",
    responses(
        (status = 200, body = Answer<Joins>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn list(
    State(handle): State<Handle>,
    _: Nothing,
) -> Result<Json<Answer<Joins>>, Refusal> {
    let joins = handle.read(|desk| Ok(desk.engine.joins())).await?;
    let joins = joins.into_iter().map(describe::join).collect();
    Ok(Json(Answer::new(Joins { joins })))
}

/// Starts to join by the text of an invite, or by a device code: looks for the circle's card. The answer names the
/// invite; the event `card_arrived` says that the card is here.
#[utoipa::path(
    post, path = "/v1/joins", tag = "join", request_body = StartJoin,
    responses(
        (status = 200, body = Answer<Made>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn start(
    State(handle): State<Handle>,
    Sent(sent): Sent<StartJoin>,
) -> Result<Json<Answer<Made>>, Refusal> {
    // One line is for a person, the other for a further device of one: each says which it is.
    let id = match DeviceCode::parse(&sent.invite) {
        Ok(code) => {
            handle
                .change(move |desk| {
                    let relays = texts(code.relays());
                    let mode = mode_of(desk, sent.mode, sent.same_relay, &relays)?;
                    let id = desk.engine.start_device_join(desk.now, code)?;
                    desk.links.join_by(&id, mode);
                    desk.links.join_with(&id, relays);
                    Ok(id)
                })
                .await?
        }
        Err(InviteTextError::ForPerson | InviteTextError::NotAnInvite) => {
            let invite = InviteText::parse(&sent.invite)?;
            handle
                .change(move |desk| {
                    let relays = texts(&invite.relays);
                    let mode = mode_of(desk, sent.mode, sent.same_relay, &relays)?;
                    let id = desk.engine.start_join(desk.now, invite)?;
                    desk.links.join_by(&id, mode);
                    desk.links.join_with(&id, relays);
                    Ok(id)
                })
                .await?
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Json(Answer::new(Made { id: id.to_text() })))
}

/// How an attempt reaches others: none of the relays it names is dialled in a weaker mode.
fn mode_of(
    desk: &Desk<'_>,
    asked: Option<Mode>,
    same_relay: bool,
    relays: &[String],
) -> Result<NetworkMode, Refusal> {
    let mode = asked.unwrap_or(desk.about.reach.mode.into());
    network::check(mode, relays)?;
    network::check_apart(desk, None, mode, relays, same_relay)?;
    Ok(mode.into())
}

fn texts(relays: &[RelayAddress]) -> Vec<String> {
    relays.iter().map(|relay| relay.as_str().to_owned()).collect()
}

/// One attempt, with the circle's card once it arrived.
#[utoipa::path(
    get, path = "/v1/joins/{invite}", tag = "join", params(JoinBy),
    responses(
        (status = 200, body = Answer<Join>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn show(
    State(handle): State<Handle>,
    At(at): At<JoinBy>,
    _: Nothing,
) -> Result<Json<Answer<Join>>, Refusal> {
    let join = handle.read(move |desk| find(desk, &at.invite)).await?;
    Ok(Json(Answer::new(join)))
}

/// Knocks, accepting the agreement of the card that was shown.
#[utoipa::path(
    post, path = "/v1/joins/{invite}/knock", tag = "join", params(JoinBy), request_body = Knock,
    responses(
        (status = 200, body = Answer<Join>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn knock(
    State(handle): State<Handle>,
    At(at): At<JoinBy>,
    Sent(sent): Sent<Knock>,
) -> Result<Json<Answer<Join>>, Refusal> {
    if !sent.adult {
        return Err(Refusal::not_adult());
    }
    check_hints(&[Some(sent.name.as_str()), Some(sent.note.as_str())], sent.send_anyway)?;
    let agreement = agreement_hash(&sent.agreement)?;
    let join = handle
        .change(move |desk| {
            let knock = windbreak_protocol::NewKnock {
                name: sent.name,
                note: sent.note,
                agreement,
                patience: Duration::from_secs(sent.patience_seconds),
            };
            desk.engine.knock(desk.now, &at.invite, knock)?;
            find(desk, &at.invite)
        })
        .await?;
    Ok(Json(Answer::new(join)))
}

/// Asks to come in as a further device of the member who made the device code. Both devices then
/// show one number.
#[utoipa::path(
    post, path = "/v1/joins/{invite}/device", tag = "join", params(JoinBy),
    responses(
        (status = 200, body = Answer<Join>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn ask_as_device(
    State(handle): State<Handle>,
    At(at): At<JoinBy>,
    _: Nothing,
) -> Result<Json<Answer<Join>>, Refusal> {
    let join = handle
        .change(move |desk| {
            desk.engine.ask_as_device(desk.now, &at.invite)?;
            find(desk, &at.invite)
        })
        .await?;
    Ok(Json(Answer::new(join)))
}

/// Gives an attempt up, or clears one that is over.
#[utoipa::path(
    delete, path = "/v1/joins/{invite}", tag = "join", params(JoinBy),
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn cancel(
    State(handle): State<Handle>,
    At(at): At<JoinBy>,
    _: Nothing,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle.change(move |desk| Ok(desk.engine.cancel_join(desk.now, &at.invite)?)).await?;
    Ok(Json(Answer::new(Done {})))
}

fn find(desk: &Desk<'_>, invite: &InviteId) -> Result<Join, Refusal> {
    desk.engine.join(invite).map(describe::join).ok_or_else(Refusal::no_join)
}

pub(super) fn agreement_hash(text: &str) -> Result<AgreementHash, Refusal> {
    let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).ok();
    let bytes: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.try_into().ok());
    bytes.map(AgreementHash::from_bytes).ok_or_else(|| {
        Refusal::bad_request(
            "bad_agreement",
            "the agreement is not named by the 64 lower-case hexadecimal digits of its hash",
            "take the hash that came with the text that was shown",
        )
    })
}
