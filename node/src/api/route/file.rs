//! Files and pictures: which may be sent, and the bytes of one that is here.

use axum::Json;
use axum::extract::State;
use data_encoding::BASE64;
use tokio::sync::Semaphore;
use windbreak_protocol as engine;

use super::super::describe;
use super::super::extract::{At, InCircle, ItemOf, Nothing, Sent};
use super::super::message::{Answer, Done, Failure, FileContent, FileRule, NewFile, NewItem};
use super::super::refusal::Refusal;
use crate::handle::Handle;
use crate::picture::{self, MAX_SOURCE, PictureProblem};

/// One picture at a time is made anew: each takes some hundred MiB meanwhile.
static MAKING: Semaphore = Semaphore::const_new(1);

/// Says, as a facilitator, which files the members of a circle may send.
#[utoipa::path(
    put, path = "/v1/circles/{circle}/files", tag = "item", params(InCircle),
    request_body = FileRule,
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn allow(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    Sent(sent): Sent<FileRule>,
) -> Result<Json<Answer<Done>>, Refusal> {
    let allowed = describe::files_allowed_of(sent.allowed);
    handle.change(move |desk| Ok(desk.engine.set_files(desk.now, &at.circle, allowed)?)).await?;
    Ok(Json(Answer::new(Done {})))
}

/// The bytes of the file that goes along with an item, once all of it is here.
#[utoipa::path(
    get, path = "/v1/circles/{circle}/items/{item}/file", tag = "item", params(ItemOf),
    responses(
        (status = 200, body = Answer<FileContent>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn show(
    State(handle): State<Handle>,
    At(at): At<ItemOf>,
    _: Nothing,
) -> Result<Json<Answer<FileContent>>, Refusal> {
    let (kind, bytes) = handle
        .read(move |desk| {
            desk.with_timeline(&at.circle, |timeline| {
                let entry = timeline.entries().iter().find(|entry| entry.id() == at.item);
                let entry = entry.ok_or_else(Refusal::no_item)?;
                let bytes = timeline.file_bytes(entry)?;
                let file = timeline.file(entry).ok_or(engine::view::FileProblem::None)?;
                Ok((describe::file_kind(&file.outline.kind), bytes))
            })
        })
        .await?;
    Ok(Json(Answer::new(FileContent { kind, bytes: BASE64.encode(&bytes) })))
}

/// The file that was handed in with an item, taken out of it, in the engine's words: a picture that is to
/// be made anew is.
pub(super) async fn taken_from(item: &mut NewItem) -> Result<Option<engine::NewFile>, Refusal> {
    let (NewItem::Share { file, .. } | NewItem::Reply { file, .. }) = item;
    let Some(NewFile { bytes, image, name }) = file.take() else {
        return Ok(None);
    };
    let bytes = if image { made_anew(bytes).await? } else { decoded(&bytes)? };
    Ok(Some(engine::NewFile { bytes, name }))
}

/// A picture without anything else, beside the loop and the requests of others.
async fn made_anew(source: String) -> Result<Vec<u8>, Refusal> {
    let turn = MAKING.acquire().await;
    let made = tokio::task::spawn_blocking(move || {
        // Kept also where whoever asked has gone meanwhile.
        let _turn = turn;
        let source = decoded(&source)?;
        if source.len() > MAX_SOURCE {
            return Err(Refusal::too_large_picture());
        }
        Ok(picture::remade(&source)?)
    });
    // A decoder that gives up in its own way has met a damaged picture, too.
    made.await.unwrap_or_else(|_| Err(PictureProblem::Damaged.into()))
}

fn decoded(base64: &str) -> Result<Vec<u8>, Refusal> {
    BASE64.decode(base64.as_bytes()).map_err(|_| {
        Refusal::bad_request(
            "bad_base64",
            "the bytes of the file are not in base64",
            "write them in the alphabet of RFC 4648, section 4, with padding",
        )
    })
}
