//! What its owner has written and not said yet.

use axum::Json;
use axum::extract::State;

use windbreak_protocol::Standing;

use super::super::extract::{At, DraftAt, Nothing, Sent};
use super::super::message::{
    Answer, Delivery, Done, Draft, DraftWords, Drafts, Failure, NewDraft, SendDraft, Written,
};
use super::super::refusal::Refusal;
use super::item::say;
use crate::handle::Handle;

/// The drafts of this device, the latest first.
#[utoipa::path(
    get, path = "/v1/drafts", tag = "personal",
    responses(
        (status = 200, body = Answer<Drafts>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn list(
    State(handle): State<Handle>,
    _: Nothing,
) -> Result<Json<Answer<Drafts>>, Refusal> {
    let drafts = handle.read(|desk| desk.personal.drafts()).await?;
    Ok(Json(Answer::new(Drafts { drafts })))
}

/// Keeps words for later. They never leave this device as a draft.
#[utoipa::path(
    post, path = "/v1/drafts", tag = "personal", request_body = NewDraft,
    responses(
        (status = 200, body = Answer<Draft>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn save(
    State(handle): State<Handle>,
    Sent(sent): Sent<NewDraft>,
) -> Result<Json<Answer<Draft>>, Refusal> {
    let draft = handle
        .change(move |desk| {
            if desk.circle(&sent.circle)?.standing != Standing::Active {
                return Err(Refusal::closed("this device is not in the circle any more".into()));
            }
            desk.personal.save_draft(desk.now, sent.circle, sent.words)
        })
        .await?;
    Ok(Json(Answer::new(draft)))
}

/// One draft.
#[utoipa::path(
    get, path = "/v1/drafts/{draft}", tag = "personal", params(DraftAt),
    responses(
        (status = 200, body = Answer<Draft>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn show(
    State(handle): State<Handle>,
    At(at): At<DraftAt>,
    _: Nothing,
) -> Result<Json<Answer<Draft>>, Refusal> {
    let draft = handle.read(move |desk| desk.personal.draft(&at.draft)).await?;
    Ok(Json(Answer::new(draft)))
}

/// Puts other words in the place of a draft; what stood there is gone.
#[utoipa::path(
    put, path = "/v1/drafts/{draft}", tag = "personal", params(DraftAt), request_body = DraftWords,
    responses(
        (status = 200, body = Answer<Draft>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn edit(
    State(handle): State<Handle>,
    At(at): At<DraftAt>,
    Sent(words): Sent<DraftWords>,
) -> Result<Json<Answer<Draft>>, Refusal> {
    let draft =
        handle.change(move |desk| desk.personal.edit_draft(desk.now, &at.draft, words)).await?;
    Ok(Json(Answer::new(draft)))
}

/// Deletes a draft for good.
#[utoipa::path(
    delete, path = "/v1/drafts/{draft}", tag = "personal", params(DraftAt),
    responses(
        (status = 200, body = Answer<Done>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn delete(
    State(handle): State<Handle>,
    At(at): At<DraftAt>,
    _: Nothing,
) -> Result<Json<Answer<Done>>, Refusal> {
    handle
        .change(move |desk| {
            let draft = desk.personal.draft(&at.draft)?;
            desk.personal.delete_draft(&draft);
            Ok(())
        })
        .await?;
    Ok(Json(Answer::new(Done {})))
}

/// Says what a draft says, as any share or reply: with the same hints before. The draft goes in the
/// same step, or stays if nothing was sent.
#[utoipa::path(
    post, path = "/v1/drafts/{draft}/send", tag = "personal", params(DraftAt),
    request_body = SendDraft,
    responses(
        (status = 200, body = Answer<Written>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn send(
    State(handle): State<Handle>,
    At(at): At<DraftAt>,
    Sent(sent): Sent<SendDraft>,
) -> Result<Json<Answer<Written>>, Refusal> {
    let id = handle
        .change(move |desk| {
            let draft = desk.personal.draft(&at.draft)?;
            let id = say(desk, &draft.circle, draft.words.clone().into_item(sent), None)?;
            desk.personal.delete_draft(&draft);
            Ok(id)
        })
        .await?;
    Ok(Json(Answer::new(Written { id, delivery: Delivery::Queued })))
}
