//! What members say.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use windbreak_protocol::content::Content;
use windbreak_protocol::id::{CircleId, ItemId};
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::view::{Entry, Timeline};
use windbreak_protocol::{NewFile, NewShare};

use super::super::describe;
use super::super::extract::{Asked, At, InCircle, ItemOf, Nothing, SentWithPicture};
use super::super::message::{
    Answer, Delivery, Failure, Item, NewItem, Page, Version, Versions, Written,
};
use super::super::refusal::Refusal;
use super::file;
use crate::desk::Desk;
use crate::handle::Handle;
use crate::hint::{self, HintKind};

/// Items in one answer if nothing is said.
const USUAL_PAGE: usize = 100;
/// Items in one answer at most.
const MAX_PAGE: usize = 500;
/// Bytes of text in one answer, not counting the item that goes beyond it.
const MAX_PAGE_TEXT: usize = 2 * 1024 * 1024;

/// Which part of the timeline to tell.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    /// The item before the part; from the start if left out.
    #[param(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    after: Option<ItemId>,
    /// How many items, 1 to 500; 100 if left out. Long texts make it fewer.
    limit: Option<usize>,
    /// The newest `limit` items instead; not together with `after`.
    #[serde(default)]
    newest: bool,
    /// Only the thread of this share, or what answers this item.
    #[param(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    thread: Option<ItemId>,
    /// Only what is pinned.
    #[serde(default)]
    pinned: bool,
}

/// A part of the timeline: causes before effects, concurrent things by time. What only does
/// something to what was said (an edit, a reaction) is told with that, and not by itself.
#[utoipa::path(
    get, path = "/v1/circles/{circle}/items", tag = "item", params(InCircle, Part),
    responses(
        (status = 200, body = Answer<Page>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn list(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    Asked(part): Asked<Part>,
    _: Nothing,
) -> Result<Json<Answer<Page>>, Refusal> {
    let limit = part.limit.unwrap_or(USUAL_PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(Refusal::bad_request(
            "bad_limit",
            format!("the limit is not between 1 and {MAX_PAGE}"),
            "ask for fewer items at once, and again for those after them",
        ));
    }
    if part.newest && part.after.is_some() {
        return Err(Refusal::bad_request(
            "bad_part",
            "the newest items do not stand after another one",
            "leave out `newest` or `after`",
        ));
    }
    let page = handle
        .read(move |desk| {
            let page = desk.with_timeline(&at.circle, |timeline| {
                page(desk, &at.circle, timeline, &part, limit)
            })?;
            // The words of what was said too soon are not read yet.
            let read = page.items.iter().filter(|item| item.shown_from.is_none());
            desk.notices.seen(&at.circle, read.map(|item| item.id));
            Ok(page)
        })
        .await?;
    Ok(Json(Answer::new(page)))
}

fn page(
    desk: &Desk<'_>,
    circle: &CircleId,
    timeline: &Timeline<'_>,
    part: &Part,
    limit: usize,
) -> Result<Page, Refusal> {
    let overview = desk.circle(circle)?;
    let blocked = desk.engine.blocked(circle);
    let entries = chosen(timeline, part)?;
    let start = match part.after {
        _ if part.newest => entries.len().saturating_sub(limit),
        None => 0,
        Some(after) => {
            let place = entries.iter().position(|entry| entry.id() == after);
            place.ok_or_else(Refusal::no_item)? + 1
        }
    };
    // What is asked for first is told, if all of it is too much at once.
    let mut asked: Vec<_> = entries.iter().copied().skip(start).take(limit).collect();
    if part.newest {
        asked.reverse();
    }
    let mut items = Vec::new();
    let mut text = 0;
    let how_far = describe::HowFar::of(desk.engine, circle, &overview.me, asked.iter().copied());
    for entry in asked {
        let mut item = describe::item(timeline, entry, &overview, &how_far)?;
        item.blocked = blocked.contains(&item.author);
        text += item.text.len();
        items.push(item);
        if text > MAX_PAGE_TEXT {
            break;
        }
    }
    let mut before = start;
    if part.newest {
        items.reverse();
        before = entries.len() - items.len();
    }
    let more = before + items.len() < entries.len();
    let gaps = timeline.gaps().iter().map(|gap| describe::gap(gap, &overview)).collect();
    Ok(Page { items, before, gaps, more })
}

/// The entries that are asked for: all that stands by itself, or a part of it.
fn chosen<'a, 'b>(timeline: &'b Timeline<'a>, part: &Part) -> Result<Vec<&'b Entry<'a>>, Refusal> {
    let mut entries: Vec<_> = timeline.talk().collect();
    if let Some(first) = part.thread {
        let within = timeline.answers_to(&first);
        entries.retain(|entry| within.contains(&entry.id()) || entry.place().root == first);
        if entries.is_empty() {
            return Err(Refusal::no_item());
        }
    }
    if part.pinned {
        let pinned = timeline.pinned();
        entries.retain(|entry| pinned.contains(&entry.id()));
    }
    Ok(entries)
}

/// One item.
#[utoipa::path(
    get, path = "/v1/circles/{circle}/items/{item}", tag = "item", params(ItemOf),
    responses(
        (status = 200, body = Answer<Item>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn show(
    State(handle): State<Handle>,
    At(at): At<ItemOf>,
    _: Nothing,
) -> Result<Json<Answer<Item>>, Refusal> {
    let item = handle
        .read(move |desk| {
            let overview = desk.circle(&at.circle)?;
            desk.with_timeline(&at.circle, |timeline| {
                let entry = timeline.entries().iter().find(|entry| entry.id() == at.item);
                let entry = entry.ok_or_else(Refusal::no_item)?;
                let one = std::iter::once(entry);
                let how_far = describe::HowFar::of(desk.engine, &at.circle, &overview.me, one);
                let mut item = describe::item(timeline, entry, &overview, &how_far)?;
                item.blocked = desk.engine.blocked(&at.circle).contains(&item.author);
                Ok(item)
            })
        })
        .await?;
    Ok(Json(Answer::new(item)))
}

/// All that an item ever said, the first words first.
#[utoipa::path(
    get, path = "/v1/circles/{circle}/items/{item}/versions", tag = "item", params(ItemOf),
    responses(
        (status = 200, body = Answer<Versions>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn versions(
    State(handle): State<Handle>,
    At(at): At<ItemOf>,
    _: Nothing,
) -> Result<Json<Answer<Versions>>, Refusal> {
    let versions = handle
        .read(move |desk| {
            desk.with_timeline(&at.circle, |timeline| {
                let entry = timeline.entries().iter().find(|entry| entry.id() == at.item);
                let versions = timeline.versions(entry.ok_or_else(Refusal::no_item)?);
                let told = |(written, content): &(Timestamp, Content)| -> Version {
                    describe::version(*written, content)
                };
                Ok(versions.iter().map(told).collect())
            })
        })
        .await?;
    Ok(Json(Answer::new(Versions { versions })))
}

/// Shares or replies. Answered once it is durable on this device; the event `item_held` says that
/// it is elsewhere too.
#[utoipa::path(
    post, path = "/v1/circles/{circle}/items", tag = "item", params(InCircle),
    request_body = NewItem,
    responses(
        (status = 200, body = Answer<Written>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn write(
    State(handle): State<Handle>,
    At(at): At<InCircle>,
    SentWithPicture { mut sent, room }: SentWithPicture<NewItem>,
) -> Result<Json<Answer<Written>>, Refusal> {
    let file = file::taken_from(&mut sent).await?;
    // What is left of it is no longer than any file.
    drop(room);
    let id = handle.change(move |desk| say(desk, &at.circle, sent, file)).await?;
    Ok(Json(Answer::new(Written { id, delivery: Delivery::Queued })))
}

/// Says something, with the file that goes along with it, unless its author is to be asked first.
pub(super) fn say(
    desk: &mut Desk<'_>,
    circle: &CircleId,
    item: NewItem,
    file: Option<NewFile>,
) -> Result<ItemId, Refusal> {
    desk.check_room(circle)?;
    match item {
        NewItem::Share {
            ask,
            content_note,
            title,
            text,
            file: _,
            scope,
            send_anyway,
            declaration_heard,
            even_if_later,
        } => {
            desk.check_heard(circle, declaration_heard.as_deref())?;
            if let Some(next) = desk.engine.next_share(desk.now, circle)
                && !even_if_later
            {
                return Err(Refusal::too_soon(next.since(desk.now)));
            }
            let called = file.as_ref().and_then(|file| file.name.as_deref());
            let all = [content_note.as_deref(), title.as_deref(), Some(text.as_str()), called];
            check_hints(&all, send_anyway)?;
            let share = NewShare {
                ask: describe::ask_of(ask),
                content_note,
                title,
                text,
                scope: describe::scope_of(scope),
            };
            match file {
                Some(file) => Ok(desk.engine.share_with_file(desk.now, circle, share, file)?),
                None => Ok(desk.engine.share(desk.now, circle, share)?),
            }
        }
        NewItem::Reply {
            to,
            text,
            file: _,
            advice,
            scope,
            send_anyway,
            even_if_held_back,
            declaration_heard,
        } => {
            desk.check_heard(circle, declaration_heard.as_deref())?;
            let called = file.as_ref().and_then(|file| file.name.as_deref());
            check_hints(&[Some(text.as_str()), called], send_anyway)?;
            let scope = describe::scope_of(scope);
            match file {
                Some(_) if advice => return Err(Refusal::file_with_advice()),
                Some(file) => {
                    let (now, circle) = (desk.now, circle);
                    return Ok(desk.engine.reply_with_file(now, circle, &to, text, scope, file)?);
                }
                None if !advice => {
                    return Ok(desk.engine.reply(desk.now, circle, &to, text, scope)?);
                }
                None => {}
            }
            if !even_if_held_back && desk.engine.holds_advice_back(circle, &to) {
                return Err(Refusal::advice_held_back());
            }
            Ok(desk.engine.advise(desk.now, circle, &to, text, scope)?)
        }
    }
}

/// Refuses what seems to say who somebody is, unless whoever wrote it wants to send it anyway.
pub(super) fn check_hints(texts: &[Option<&str>], send_anyway: bool) -> Result<(), Refusal> {
    if send_anyway {
        return Ok(());
    }
    let found: BTreeSet<HintKind> =
        texts.iter().flatten().flat_map(|text| hint::find(text)).map(|hint| hint.kind).collect();
    if found.is_empty() { Ok(()) } else { Err(Refusal::could_identify(&hint::words(found))) }
}
