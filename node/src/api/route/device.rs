//! The devices of one member.

use axum::Json;
use axum::extract::State;
use windbreak_protocol::id::CircleId;
use windbreak_protocol::invite;

use super::super::extract::{At, DeviceOf, InCircle, Nothing, Sent};
use super::super::message::{Answer, Device, DeviceCode, DeviceNumber, Devices, Done, Failure};
use super::super::refusal::Refusal;
use crate::desk::Desk;
use crate::handle::Handle;
use crate::recovery;

/// Your devices in a circle.
#[utoipa::path(
    get, path = "/v1/circles/{circle}/devices", tag = "device", params(InCircle),
    responses(
        (status = 200, body = Answer<Devices>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn list(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    _: Nothing,
) -> Result<Json<Answer<Devices>>, Refusal> {
    let devices = handle.read(move |desk| find(desk, &at.circle)).await?;
    Ok(Json(Answer::new(devices)))
}

/// Makes a device code. The answer holds its text: another device of yours comes in by it, once
/// you have confirmed the number it shows.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/devices", tag = "device", params(InCircle),
    responses(
        (status = 200, body = Answer<Devices>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn open_code(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    _: Nothing,
) -> Result<Json<Answer<Devices>>, Refusal> {
    let devices = handle
        .change(move |desk| {
            desk.engine.open_device_code(desk.now, &at.circle)?;
            find(desk, &at.circle)
        })
        .await?;
    Ok(Json(Answer::new(devices)))
}

/// Confirms that the device which shows this number is yours.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/devices/confirm", tag = "device", params(InCircle),
    request_body = DeviceNumber,
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn confirm(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    Sent(sent): Sent<DeviceNumber>,
) -> Result<Json<Answer<Done>>, Refusal> {
    let number = invite::DeviceNumber::parse(&sent.number).ok_or_else(Refusal::bad_number)?;
    let phrase = sent.phrase.map(|words| recovery::secret_of(&words)).transpose()?;
    handle
        .change(move |desk| {
            let (now, phrase) = (desk.now, phrase.as_ref());
            Ok(desk.engine.confirm_device_with(now, &at.circle, number, phrase)?)
        })
        .await?;
    Ok(Json(Answer::new(Done {})))
}

/// Takes another device of yours out of a circle: it reads nothing that is said afterwards.
#[utoipa::path(
    delete, path = "/v1/circles/{circle}/devices/{device}", tag = "device", params(DeviceOf),
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn remove(
    State(handle): State<Handle>,
    At(at): At<DeviceOf>,
    _: Nothing,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle
        .change(move |desk| Ok(desk.engine.remove_device(desk.now, &at.circle, &at.device)?))
        .await?;
    Ok(Json(Answer::new(Done {})))
}

fn find(desk: &Desk<'_>, circle: &CircleId) -> Result<Devices, Refusal> {
    let devices = desk.engine.devices(circle).ok_or_else(Refusal::no_circle)?;
    let text = desk.engine.device_code_text(desk.now, circle);
    Ok(Devices {
        devices: devices
            .into_iter()
            .map(|device| Device {
                id: device.id,
                this: device.this,
                last_written: device.last_written.map(Into::into),
            })
            .collect(),
        code: desk.engine.device_code(circle).map(|code| DeviceCode {
            id: code.id,
            expires: code.expires.into(),
            asking: code.asking.iter().map(ToString::to_string).collect(),
            chosen: code.chosen,
            done: code.done,
            line: text.as_ref().map(|text| text.to_code().to_string()),
            qr: text.as_ref().map(|text| text.to_qr_text().to_string()),
        }),
    })
}
