//! A person's plan for hard times: parts in an order of their own, each with a title and words. Each
//! has a key of its own in the store, which goes when the part is written anew or removed.
//! Clause: specs/08-content I-57.

use serde::{Deserialize, Serialize};
use windbreak_protocol::id::PlanPartId;
use windbreak_protocol::limits::{MAX_PLAN_PARTS, MAX_PLAN_TEXT, MAX_PLAN_TITLE_CHARS};
use windbreak_protocol::record::{Key, RecordKind};
use windbreak_protocol::time::Timestamp;

use super::Personal;
use crate::api::message::{ChangePlanPart, NewPlanPart, PlanPart};
use crate::api::refusal::Refusal;
use crate::store::{StoreError, random};

/// What is kept under the id of a part.
#[derive(Deserialize, Serialize)]
struct Kept {
    /// Parts stand in the order of this number, which need not be without gaps.
    order: u32,
    changed: u64,
    title: String,
    text: String,
}

impl Personal {
    /// All parts of the plan, in their order.
    pub(crate) fn plan(&self) -> Result<Vec<PlanPart>, Refusal> {
        let parts = (1..).zip(self.plan_parts()?);
        Ok(parts.map(|(place, (id, kept))| told(id, place, kept)).collect())
    }

    /// Adds a part behind all others.
    pub(crate) fn add_plan_part(
        &mut self,
        now: Timestamp,
        new: NewPlanPart,
    ) -> Result<PlanPart, Refusal> {
        let NewPlanPart { title, text } = new;
        let (title, text) = (checked_title(&title)?, checked_text(text)?);
        let parts = self.plan_parts()?;
        if parts.len() >= MAX_PLAN_PARTS {
            return Err(Refusal::conflict(
                "too_many_plan_parts",
                format!("a plan has at most {MAX_PLAN_PARTS} parts"),
                "make one of two, or remove one: windbreak plan",
            ));
        }
        let order = parts.last().map_or(0, |(_, last)| last.order.saturating_add(1));
        let id = PlanPartId::from_bytes(random()?);
        let kept = Kept { order, changed: now.as_seconds(), title, text };
        self.keep_plan_part(&id, &kept)?;
        Ok(told(id, number(parts.len() + 1), kept))
    }

    /// Puts another title, other words or another place in that of a part's; what stood there is gone.
    pub(crate) fn change_plan_part(
        &mut self,
        now: Timestamp,
        id: &PlanPartId,
        change: ChangePlanPart,
    ) -> Result<PlanPart, Refusal> {
        let ChangePlanPart { title, text, place } = change;
        let title = title.map(|title| checked_title(&title)).transpose()?;
        let text = text.map(checked_text).transpose()?;
        let mut parts = self.plan_parts()?;
        let at = parts.iter().position(|(part, _)| part == id).ok_or_else(no_such_part)?;
        let to = place.map_or(Ok(at), |place| index(place, parts.len()))?;
        let (_, mut part) = parts.remove(at);
        let is_written = title.is_some() || text.is_some();
        if is_written {
            part.title = title.unwrap_or(part.title);
            part.text = text.unwrap_or(part.text);
            part.changed = now.as_seconds();
        }
        parts.insert(to, (*id, part));
        // A part that stays as and where it is keeps its key.
        for (order, (part, kept)) in (0..).zip(&mut parts) {
            let is_moved = to != at && kept.order != order;
            if is_moved {
                kept.order = order;
            }
            if is_moved || is_written && *part == *id {
                self.keep_plan_part(part, kept)?;
            }
        }
        let (_, part) = parts.swap_remove(to);
        Ok(told(*id, number(to + 1), part))
    }

    /// Deletes a part for good.
    pub(crate) fn delete_plan_part(&mut self, id: &PlanPartId) -> Result<(), Refusal> {
        let key = key(id);
        if !self.all(RecordKind::PlanPart)?.contains_key(&key) {
            return Err(no_such_part());
        }
        self.delete_all(vec![key]);
        Ok(())
    }

    /// Deletes the whole plan for good.
    pub(crate) fn delete_plan(&mut self) -> Result<(), Refusal> {
        let keys = self.all(RecordKind::PlanPart)?.into_keys().collect();
        self.delete_all(keys);
        Ok(())
    }

    fn plan_parts(&self) -> Result<Vec<(PlanPartId, Kept)>, Refusal> {
        let all = self.all(RecordKind::PlanPart)?;
        let mut parts =
            all.iter().map(|(key, value)| read(key, value)).collect::<Result<Vec<_>, _>>()?;
        parts.sort_by_key(|(id, kept)| (kept.order, *id));
        Ok(parts)
    }

    fn keep_plan_part(&mut self, id: &PlanPartId, kept: &Kept) -> Result<(), Refusal> {
        let value = serde_json::to_vec(kept)
            .map_err(|_| Refusal::fault("a part of the plan could not be written down"))?;
        self.unwritten.insert(key(id), Some(value.into()));
        Ok(())
    }
}

fn key(id: &PlanPartId) -> Key {
    Key::new(RecordKind::PlanPart, &[id.as_bytes()])
}

fn read(key: &Key, value: &[u8]) -> Result<(PlanPartId, Kept), StoreError> {
    let id = PlanPartId::from_bytes(key.name().try_into().map_err(|_| StoreError::Damaged)?);
    Ok((id, serde_json::from_slice(value).map_err(|_| StoreError::Damaged)?))
}

fn told(id: PlanPartId, place: u32, kept: Kept) -> PlanPart {
    let Kept { changed, title, text, .. } = kept;
    PlanPart { id, place, changed: Timestamp::from_seconds(changed).into(), title, text }
}

/// There are never so many that they could not be counted.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Where a part stands that is to be at this place, 1 for the first.
fn index(place: u32, count: usize) -> Result<usize, Refusal> {
    let at = usize::try_from(place).ok().and_then(|place| place.checked_sub(1));
    at.filter(|at| *at < count).ok_or_else(|| {
        Refusal::not_allowed_value(
            "bad_place",
            format!("a place in your plan is a number from 1 to {count}"),
            "see the parts with their numbers: windbreak plan",
        )
    })
}

fn no_such_part() -> Refusal {
    Refusal::not_found(
        "unknown_plan_part",
        "there is no such part of your plan",
        "see the parts with their numbers: windbreak plan",
    )
}

fn checked_title(title: &str) -> Result<String, Refusal> {
    let title = title.trim();
    if title.is_empty() {
        return Err(Refusal::not_allowed_value(
            "empty_title",
            "a part of your plan needs a title",
            "name it in a few words of your own",
        ));
    }
    if title.chars().nth(MAX_PLAN_TITLE_CHARS).is_some() {
        return Err(Refusal::not_allowed_value(
            "too_long_title",
            format!("the title of a part has at most {MAX_PLAN_TITLE_CHARS} characters"),
            "make it shorter; its words have more room",
        ));
    }
    Ok(title.to_owned())
}

/// A part may wait for its words.
fn checked_text(text: String) -> Result<String, Refusal> {
    if text.len() > MAX_PLAN_TEXT {
        return Err(Refusal::not_allowed_value(
            "too_long_text",
            format!("the words of a part have at most {} KiB", MAX_PLAN_TEXT / 1024),
            "make them shorter, or two parts of it",
        ));
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
