//! Drafts: words that were written for a circle and not said. Each has a key of its own in the store,
//! which goes when it is written anew or deleted. Clause: specs/08-content I-55.

use serde::{Deserialize, Serialize};
use windbreak_protocol::id::{CircleId, DraftId};
use windbreak_protocol::limits::{
    MAX_CONTENT_NOTE_CHARS, MAX_DRAFTS, MAX_DRAFTS_LEN, MAX_TEXT, MAX_TITLE_CHARS,
};
use windbreak_protocol::record::{Key, RecordKind};
use windbreak_protocol::time::Timestamp;

use super::Personal;
use crate::api::message::{Draft, DraftWords};
use crate::api::refusal::Refusal;
use crate::store::{StoreError, random};

/// What is kept under the ids of its circle and its own.
#[derive(Deserialize, Serialize)]
struct Kept {
    saved: u64,
    words: DraftWords,
}

impl Personal {
    /// All drafts, the latest first.
    pub(crate) fn drafts(&self) -> Result<Vec<Draft>, Refusal> {
        let all = self.all(RecordKind::Draft)?;
        let mut drafts =
            all.iter().map(|(key, value)| read(key, value)).collect::<Result<Vec<_>, _>>()?;
        drafts.sort_by_key(|draft| (std::cmp::Reverse(draft.saved.0), draft.id));
        Ok(drafts)
    }

    /// One of them.
    pub(crate) fn draft(&self, id: &DraftId) -> Result<Draft, Refusal> {
        self.drafts()?.into_iter().find(|draft| draft.id == *id).ok_or_else(|| {
            Refusal::not_found(
                "unknown_draft",
                "there is no such draft",
                "list the drafts to find its id",
            )
        })
    }

    /// Keeps words for later.
    pub(crate) fn save_draft(
        &mut self,
        now: Timestamp,
        circle: CircleId,
        words: DraftWords,
    ) -> Result<Draft, Refusal> {
        if self.all(RecordKind::Draft)?.len() >= MAX_DRAFTS {
            return Err(Refusal::conflict(
                "too_many_drafts",
                format!("this device keeps at most {MAX_DRAFTS} drafts"),
                "send or delete one: windbreak draft list",
            ));
        }
        self.put_draft(now, DraftId::from_bytes(random()?), circle, words)
    }

    /// Puts other words in the place of a draft's.
    pub(crate) fn edit_draft(
        &mut self,
        now: Timestamp,
        id: &DraftId,
        words: DraftWords,
    ) -> Result<Draft, Refusal> {
        let circle = self.draft(id)?.circle;
        self.put_draft(now, *id, circle, words)
    }

    fn put_draft(
        &mut self,
        now: Timestamp,
        id: DraftId,
        circle: CircleId,
        words: DraftWords,
    ) -> Result<Draft, Refusal> {
        check(&words)?;
        let others = self.drafts()?.into_iter().filter(|draft| draft.id != id);
        let taken: usize = others.map(|draft| draft.words.text().len()).sum();
        if taken + words.text().len() > MAX_DRAFTS_LEN {
            return Err(Refusal::conflict(
                "too_many_drafts",
                format!("this device keeps at most {} MiB of drafts", MAX_DRAFTS_LEN >> 20),
                "send or delete one: windbreak draft list",
            ));
        }
        let kept = Kept { saved: now.as_seconds(), words };
        let value = serde_json::to_vec(&kept)
            .map_err(|_| Refusal::fault("a draft could not be written down"))?;
        self.unwritten.insert(key(&circle, &id), Some(value.into()));
        Ok(Draft { id, circle, saved: now.into(), words: kept.words })
    }

    /// Deletes a draft for good.
    pub(crate) fn delete_draft(&mut self, draft: &Draft) {
        self.delete_all(vec![key(&draft.circle, &draft.id)]);
    }

    /// Where the drafts for a circle stand.
    pub(crate) fn drafts_for(&self, circle: &CircleId) -> Result<Vec<Key>, StoreError> {
        let all = self.all(RecordKind::Draft)?.into_keys();
        Ok(all.filter(|key| key.name().starts_with(circle.as_bytes())).collect())
    }
}

fn key(circle: &CircleId, id: &DraftId) -> Key {
    Key::new(RecordKind::Draft, &[circle.as_bytes(), id.as_bytes()])
}

fn read(key: &Key, value: &[u8]) -> Result<Draft, Refusal> {
    let name = key.name().split_first_chunk::<{ CircleId::LEN }>();
    let (circle, id) = name.ok_or(StoreError::Damaged)?;
    let id = DraftId::from_bytes(id.try_into().map_err(|_| StoreError::Damaged)?);
    let Kept { saved, words } = serde_json::from_slice(value).map_err(|_| StoreError::Damaged)?;
    let saved = Timestamp::from_seconds(saved).into();
    Ok(Draft { id, circle: CircleId::from_bytes(*circle), saved, words })
}

/// Refuses what could not be sent later.
fn check(words: &DraftWords) -> Result<(), Refusal> {
    let is_longer = |text: Option<&String>, most: usize| {
        text.is_some_and(|text| text.chars().nth(most).is_some())
    };
    if words.text().trim().is_empty() {
        return Err(Refusal::not_allowed_value(
            "empty_text",
            "there is no text to keep",
            "write some",
        ));
    }
    let is_too_long = words.text().len() > MAX_TEXT
        || match words {
            DraftWords::Share { content_note, title, .. } => {
                is_longer(content_note.as_ref(), MAX_CONTENT_NOTE_CHARS)
                    || is_longer(title.as_ref(), MAX_TITLE_CHARS)
            }
            DraftWords::Reply { .. } => false,
        };
    if is_too_long {
        return Err(Refusal::not_allowed_value(
            "too_long_text",
            format!(
                "a text has at most {} KiB, a title {MAX_TITLE_CHARS} and a content note \
                 {MAX_CONTENT_NOTE_CHARS} characters",
                MAX_TEXT / 1024
            ),
            "make it shorter, or two of it",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
