//! Looks for words in what was said. The loop says what may be shown, and is not held up while words
//! are read; what they have become meanwhile is asked again before anything is told. What cannot hold
//! what is looked for, by its sketch, is not read.

use std::collections::BTreeMap;
use std::ops::Range;

use axum::Json;
use axum::extract::State;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use windbreak_protocol::content::Content;
use windbreak_protocol::id::{CircleId, ItemId};
use windbreak_protocol::limits::{MAX_FOUND, MAX_LOOKED_THROUGH};
use windbreak_protocol::record::{Key, Value};
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::{content_in, content_on, item_at};
use zeroize::Zeroizing;

use super::super::describe;
use super::super::extract::Sent;
use super::super::message::{Answer, ExcerptPiece, Failure, Found, FoundItem, Mark, SearchFor};
use super::super::refusal::Refusal;
use crate::desk::Desk;
use crate::handle::Handle;
use crate::reopen::Words;
use crate::search::{Excerpt, Query, QueryError};
use crate::store::PARTS;

/// Items in one answer if nothing is said.
const USUAL: usize = 20;
/// Digits by which an item is named at the least.
const MIN_DIGITS: usize = 8;

/// Things looked through before it is asked whether enough was found: few at first, as most searches
/// end there.
const FIRST_STEP: usize = 256;
/// The same at most.
const MAX_STEP: usize = 8192;
/// Things that are looked through one by one before all there are are gone over: what is sought is often
/// among the newest.
const NEWEST: usize = 1024;
/// Whose turn it is to look.
static LOOKING: Semaphore = Semaphore::const_new(1);
/// Threads that look through things together.
const MAX_WORKERS: usize = 4;

/// What may be looked through, the newest first.
struct Places {
    words: Words,
    places: Vec<Place>,
    left_out: usize,
}

/// Something that was said, and where its words are.
struct Place {
    written: Timestamp,
    circle: CircleId,
    /// Where it stands in its circle.
    at: usize,
    item: ItemId,
    /// None if they are not for whoever reads.
    words: Option<ItemId>,
}

/// Something in which all the words are.
struct Hit {
    circle: CircleId,
    item: ItemId,
    words: ItemId,
    content_note: Option<String>,
    excerpt: Excerpt,
}

/// Looks for words in what was said, on this device alone and without a network: the newest first.
/// What is withdrawn, too old or said in other words since is not found, nor what is hidden or held
/// back from whoever reads.
#[utoipa::path(
    post, path = "/v1/search", tag = "item", request_body = SearchFor,
    responses(
        (status = 200, body = Answer<Found>),
        (status = "default", description = "refused", body = Failure),
    )
)]
pub(super) async fn search(
    State(handle): State<Handle>,
    Sent(sent): Sent<SearchFor>,
) -> Result<Json<Answer<Found>>, Refusal> {
    let query = Query::new(&sent.words).map_err(refused)?;
    let limit = sent.limit.unwrap_or(USUAL);
    if !(1..=MAX_FOUND).contains(&limit) {
        return Err(Refusal::bad_request(
            "bad_limit",
            format!("the limit is not between 1 and {MAX_FOUND}"),
            "ask for fewer items at once, and again for those after them",
        ));
    }
    let blocked = sent.blocked;
    // One at a time: each takes all there is of the machine.
    let Ok(turn) = LOOKING.acquire().await else { return Err(broke_off()) };
    let places = handle.read(move |desk| places(desk, &sent)).await?;
    let left_out = places.left_out;
    // Whoever goes away meanwhile does not wait for an answer.
    let waits = CancellationToken::new();
    let _gone = waits.clone().drop_guard();
    let looked = tokio::task::spawn_blocking(move || {
        // Whoever asks next waits for the end of a step that nobody waits for any more.
        let _turn = turn;
        look(&query, &places, limit, &waits)
    });
    let (hits, next) = looked.await.ok().flatten().ok_or_else(broke_off)?;
    let (items, changed) = handle.read(move |desk| Ok(tell(desk, hits, blocked))).await?;
    Ok(Json(Answer::new(Found { items, next, left_out: left_out + changed })))
}

fn broke_off() -> Refusal {
    Refusal::fault("the search broke off")
}

fn refused(error: QueryError) -> Refusal {
    let says = error.to_string();
    match error {
        QueryError::Empty => Refusal::not_allowed_value("nothing_sought", says, "name a word"),
        QueryError::TooLong => {
            Refusal::not_allowed_value("too_long_text", says, "look for fewer words")
        }
    }
}

/// What stands behind `after`, the newest first.
fn places(desk: &Desk<'_>, sent: &SearchFor) -> Result<Places, Refusal> {
    let circles = match sent.circle {
        Some(circle) => vec![circle],
        None => desk.circles().iter().map(|circle| circle.id).collect(),
    };
    let mut places = Vec::new();
    let mut left_out = 0;
    for circle in circles {
        if sent.circle.is_none() && desk.engine.has_accepted(&circle) == Some(false) {
            left_out += 1;
            continue;
        }
        let blocked = desk.engine.blocked(&circle);
        desk.with_timeline(&circle, |timeline| {
            places.extend(timeline.talk().enumerate().map(|(at, entry)| {
                let is_folded = !sent.blocked && blocked.contains(&entry.author());
                Place {
                    // A clock that is ahead puts nothing in front of what is said now.
                    written: entry.written().min(desk.now),
                    circle,
                    at,
                    item: entry.id(),
                    words: timeline.shown_words(entry).filter(|_| !is_folded),
                }
            }));
            Ok(())
        })?;
    }
    places.sort_by_key(|place| std::cmp::Reverse((place.written, place.circle, place.at)));
    if let Some(after) = &sent.after {
        let behind = behind(&places, after)?;
        places.drain(..behind);
    }
    Ok(Places { words: desk.words(), places, left_out })
}

/// The place behind the item whose id begins with `after`.
fn behind(places: &[Place], after: &str) -> Result<usize, Refusal> {
    let is_digits = after.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !(MIN_DIGITS..=ItemId::LEN * 2).contains(&after.len()) || !is_digits {
        return Err(Refusal::bad_request(
            "bad_id",
            "what the search goes on behind is no id, and does not begin like one",
            "give eight or more of its digits, in small letters",
        ));
    }
    let mut found = (0..places.len()).filter(|at| places[*at].item.to_text().starts_with(after));
    match (found.next(), found.next()) {
        (Some(at), None) => Ok(at + 1),
        (None, _) => Err(Refusal::no_item()),
        (Some(_), Some(_)) => Err(Refusal::bad_request(
            "bad_id",
            "more than one item has an id that begins so",
            "give more of its digits",
        )),
    }
}

/// Looks through what it may, and says where to go on. Nothing if nobody waits any more, or by a fault
/// of the program.
fn look(
    query: &Query,
    places: &Places,
    limit: usize,
    waits: &CancellationToken,
) -> Option<(Vec<Hit>, Option<ItemId>)> {
    let (words, last) = (&places.words, places.places.last().map(|place| place.item));
    let may_be_read =
        places.places.iter().filter_map(|place| Some((place.circle, place.words?, place)));
    let places = words.sift(query, may_be_read);
    let end = places.len().min(MAX_LOOKED_THROUGH);
    let mut hits: Vec<Hit> = Vec::new();
    let (mut at, mut step, mut is_named) = (0, FIRST_STEP, false);
    while at < end && hits.len() < limit {
        if waits.is_cancelled() {
            return None;
        }
        let rest = &places[at..];
        if !is_named && at >= NEWEST && words.are_visited_sooner(rest.len()) {
            if let Some(found) = look_over(query, words, rest, limit - hits.len(), waits) {
                hits.extend(found);
                at = places.len();
                break;
            }
            // A store that cannot be gone over now may still give what is asked for by its name.
            is_named = true;
            continue;
        }
        let next = end.min(at + step);
        hits.extend(together(&places[at..next], |place| {
            hit(query, place, &content_on(words, &place.circle, &place.words?)?)
        })?);
        (at, step) = (next, MAX_STEP.min(step * 2));
    }
    let behind = if hits.len() >= limit {
        hits.truncate(limit);
        hits.last().map(|hit| hit.item)
    } else {
        places[..at].last().filter(|_| at < places.len()).map(|place| place.item)
    };
    Some((hits, behind.filter(|_| behind != last)))
}

/// Looks through things in the order in which the store has them, which is no order: the newest in which
/// the words are, so many at most. Nothing if nobody waits any more, or if the store cannot be gone over.
fn look_over(
    query: &Query,
    words: &Words,
    places: &[&Place],
    most: usize,
    waits: &CancellationToken,
) -> Option<Vec<Hit>> {
    let named = |(at, place): (usize, &&Place)| Some((place.words?, place.circle, at));
    let mut named: Vec<(ItemId, CircleId, usize)> =
        places.iter().enumerate().filter_map(named).collect();
    named.sort_unstable();
    let of = |key: &Key| -> Range<usize> {
        let Some((circle, item)) = item_at(key) else { return 0..0 };
        let is_it = |(named, of, _): &&(ItemId, CircleId, usize)| (named, of) == (&item, &circle);
        let from = named.partition_point(|(named, of, _)| (named, of) < (&item, &circle));
        from..from + named[from..].iter().take_while(is_it).count()
    };
    let mut hits = BTreeMap::new();
    for part in 0..PARTS {
        if waits.is_cancelled() {
            return None;
        }
        let mut read: Vec<(Range<usize>, Value)> = Vec::new();
        let mut keep = |key: Key, value: Value| {
            let places = of(&key);
            if !places.is_empty() {
                read.push((places, value));
            }
        };
        words.visit_part(part, &mut keep).ok()?;
        let found = together(&read, |(at, record)| {
            let at = named.get(at.clone())?.iter().map(|(_, _, at)| *at);
            let hits = at.filter_map(|at| {
                let place = &places[at];
                Some((at, hit(query, place, &content_in(&place.words?, record)?)?))
            });
            Some(hits.collect::<Vec<_>>())
        })?;
        for (at, hit) in found.into_iter().flatten() {
            hits.insert(at, hit);
            if hits.len() > most {
                hits.pop_last();
            }
        }
    }
    Some(hits.into_values().collect())
}

/// Does the same with all of them, as many at a time as the machine can. Nothing by a fault of the program.
fn together<T: Sync, R: Send>(all: &[T], work: impl Fn(&T) -> Option<R> + Sync) -> Option<Vec<R>> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_WORKERS);
    let share = all.len().div_ceil(workers).max(1);
    let work = &work;
    std::thread::scope(|scope| {
        let parts = all
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().filter_map(work).collect::<Vec<R>>()));
        let parts: Vec<_> = parts.collect();
        let mut done = Vec::new();
        for part in parts {
            done.extend(part.join().ok()?);
        }
        Some(done)
    })
}

/// Whether all the words are in one thing that was said.
fn hit(query: &Query, place: &Place, content: &Content) -> Option<Hit> {
    let words = place.words?;
    let said = describe::words_of(content);
    // The note stands last: whoever looks for what it says finds it, and it is shown apart.
    let parts = [said.title.as_deref(), Some(said.text.as_str()), said.content_note.as_deref()];
    let text = Zeroizing::new(parts.into_iter().flatten().collect::<Vec<_>>().join("\n"));
    let mut found = query.places(&text)?;
    let shown = text.len() - said.content_note.as_ref().map_or(0, |note| note.len() + 1);
    found.retain(|at| at.end <= shown);
    Some(Hit {
        circle: place.circle,
        item: place.item,
        words,
        excerpt: Excerpt::of(text.get(..shown).unwrap_or_default(), &found),
        content_note: said.content_note,
    })
}

/// Tells of what was found and may still be shown, and how many circles are not told of since they
/// were left meanwhile, or have another agreement.
fn tell(desk: &Desk<'_>, hits: Vec<Hit>, with_blocked: bool) -> (Vec<FoundItem>, usize) {
    let mut order = Vec::new();
    let mut by_circle: BTreeMap<CircleId, BTreeMap<ItemId, Hit>> = BTreeMap::new();
    for hit in hits {
        order.push(hit.item);
        by_circle.entry(hit.circle).or_default().insert(hit.item, hit);
    }
    let mut told: BTreeMap<ItemId, FoundItem> = BTreeMap::new();
    let mut changed = 0;
    for (circle, mut hits) in by_circle {
        let Ok(overview) = desk.circle(&circle) else {
            changed += 1;
            continue;
        };
        let blocked = desk.engine.blocked(&circle);
        let shown = desk.with_timeline(&circle, |timeline| {
            for entry in timeline.talk() {
                let Some(hit) = hits.remove(&entry.id()) else { continue };
                let is_folded = !with_blocked && blocked.contains(&entry.author());
                if is_folded || timeline.shown_words(entry) != Some(hit.words) {
                    continue;
                }
                let pieces = hit.excerpt.pieces.into_iter();
                let item = FoundItem {
                    circle,
                    circle_title: overview.title.clone(),
                    id: hit.item,
                    thread: entry.place().root,
                    author: entry.author(),
                    name: entry.name().map(str::to_owned),
                    mark: Mark::of(&entry.author()),
                    own: entry.author() == overview.me,
                    written: entry.written().into(),
                    kind: describe::kind(entry.gist()),
                    content_note: hit.content_note,
                    excerpt: pieces.map(|(text, found)| ExcerptPiece { text, found }).collect(),
                    cut_before: hit.excerpt.is_cut_before,
                    cut_after: hit.excerpt.is_cut_after,
                };
                told.insert(hit.item, item);
            }
            Ok(())
        });
        changed += usize::from(shown.is_err());
    }
    (order.iter().filter_map(|item| told.remove(item)).collect(), changed)
}

#[cfg(test)]
mod tests;
