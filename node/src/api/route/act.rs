//! What is done to something that was said.

use axum::Json;
use axum::extract::State;
use windbreak_protocol::NewEdit as Words;
use windbreak_protocol::content::WarmWord;

use super::super::describe;
use super::super::extract::{At, ItemOf, Nothing, Sent};
use super::super::message::{Answer, Delivery, Failure, NewEdit, NewReaction, Written};
use super::super::refusal::Refusal;
use super::item::check_hints;
use crate::desk::Desk;
use crate::handle::Handle;

/// What an act answers: the item that was written.
type Done = Result<Json<Answer<Written>>, Refusal>;

/// Does one act; answered once it is durable on this device.
async fn act<E: Into<Refusal>>(
    handle: &Handle,
    deed: impl FnOnce(&mut Desk<'_>) -> Result<windbreak_protocol::id::ItemId, E> + Send + 'static,
) -> Done {
    let id = handle.change(move |desk| deed(desk).map_err(Into::into)).await?;
    Ok(Json(Answer::new(Written { id, delivery: Delivery::Queued })))
}

/// Takes back something of yours: its words are erased here at once, and on every other device that
/// hears of it.
#[utoipa::path(
    delete, path = "/v1/circles/{circle}/items/{item}", tag = "item", params(ItemOf),
    responses(
        (status = 200, body = Answer<Written>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn withdraw(State(handle): State<Handle>, At(at): At<ItemOf>, _: Nothing) -> Done {
    act(&handle, move |desk| desk.engine.withdraw(desk.now, &at.circle, &at.item)).await
}

/// Says something of yours in other words. What it said before stays to be looked at.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/items/{item}/edit", tag = "item", params(ItemOf),
    request_body = NewEdit,
    responses(
        (status = 200, body = Answer<Written>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn edit(
    State(handle): State<Handle>,
    At(at): At<ItemOf>,
    Sent(sent): Sent<NewEdit>,
) -> Done {
    act(&handle, move |desk| {
        desk.check_room(&at.circle)?;
        let NewEdit { content_note, title, text, send_anyway, declaration_heard } = sent;
        desk.check_heard(&at.circle, declaration_heard.as_deref())?;
        let all = [content_note.as_deref(), title.as_deref(), Some(text.as_str())];
        check_hints(&all, send_anyway)?;
        let words = Words { content_note, title, text };
        Ok::<_, Refusal>(desk.engine.edit(desk.now, &at.circle, &at.item, words)?)
    })
    .await
}

/// Gives something a warm word, in place of the one before.
#[utoipa::path(
    put, path = "/v1/circles/{circle}/items/{item}/reaction", tag = "item", params(ItemOf),
    request_body = NewReaction,
    responses(
        (status = 200, body = Answer<Written>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn react(
    State(handle): State<Handle>,
    At(at): At<ItemOf>,
    Sent(sent): Sent<NewReaction>,
) -> Done {
    // A word this version does not know has no number that it would send.
    let word = describe::warm_word_of(sent.word).unwrap_or(WarmWord(0));
    act(&handle, move |desk| {
        desk.check_room(&at.circle)?;
        Ok::<_, Refusal>(desk.engine.react(desk.now, &at.circle, &at.item, Some(word))?)
    })
    .await
}

/// Takes your warm word back.
#[utoipa::path(
    delete, path = "/v1/circles/{circle}/items/{item}/reaction", tag = "item", params(ItemOf),
    responses(
        (status = 200, body = Answer<Written>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn take_reaction_back(
    State(handle): State<Handle>,
    At(at): At<ItemOf>,
    _: Nothing,
) -> Done {
    act(&handle, move |desk| desk.engine.react(desk.now, &at.circle, &at.item, None)).await
}

/// Pins something; only facilitators may.
#[utoipa::path(
    put, path = "/v1/circles/{circle}/items/{item}/pin", tag = "item", params(ItemOf),
    responses(
        (status = 200, body = Answer<Written>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn pin(State(handle): State<Handle>, At(at): At<ItemOf>, _: Nothing) -> Done {
    act(&handle, move |desk| {
        desk.check_room(&at.circle)?;
        Ok::<_, Refusal>(desk.engine.pin(desk.now, &at.circle, &at.item, true)?)
    })
    .await
}

/// Takes a pin off; only facilitators may.
#[utoipa::path(
    delete, path = "/v1/circles/{circle}/items/{item}/pin", tag = "item", params(ItemOf),
    responses(
        (status = 200, body = Answer<Written>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn unpin(State(handle): State<Handle>, At(at): At<ItemOf>, _: Nothing) -> Done {
    act(&handle, move |desk| {
        desk.check_room(&at.circle)?;
        Ok::<_, Refusal>(desk.engine.pin(desk.now, &at.circle, &at.item, false)?)
    })
    .await
}

/// Lets advice be shown though the share asks for just listening: all in the thread of a share of
/// yours, or one piece of it.
#[utoipa::path(
    put, path = "/v1/circles/{circle}/items/{item}/advice", tag = "item", params(ItemOf),
    responses(
        (status = 200, body = Answer<Written>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn allow_advice(
    State(handle): State<Handle>,
    At(at): At<ItemOf>,
    _: Nothing,
) -> Done {
    act(&handle, move |desk| {
        desk.check_room(&at.circle)?;
        Ok::<_, Refusal>(desk.engine.allow_advice(desk.now, &at.circle, &at.item, true)?)
    })
    .await
}

/// Holds advice back again.
#[utoipa::path(
    delete, path = "/v1/circles/{circle}/items/{item}/advice", tag = "item", params(ItemOf),
    responses(
        (status = 200, body = Answer<Written>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn hold_advice_back(
    State(handle): State<Handle>,
    At(at): At<ItemOf>,
    _: Nothing,
) -> Done {
    act(&handle, move |desk| {
        desk.check_room(&at.circle)?;
        Ok::<_, Refusal>(desk.engine.allow_advice(desk.now, &at.circle, &at.item, false)?)
    })
    .await
}
