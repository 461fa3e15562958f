//! Looking for words in what was said.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::{CircleId, ItemId, MemberId};

use super::answer::UnixSeconds;
use super::circle::Mark;
use super::item::ItemKind;

/// What to look for, and where.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchFor {
    /// The words: all of them must be there, each where a word begins, whatever the case and the
    /// accents. At most 200 characters.
    pub words: String,
    /// One circle; all of them if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    pub circle: Option<CircleId>,
    /// Also what members say whom you blocked.
    #[serde(default)]
    pub blocked: bool,
    /// Go on behind this item: its id, or how that begins, in at least eight digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[0-9a-f]{8,64}$")]
    pub after: Option<String>,
    /// How many, 1 to 100; 20 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// What was found, the newest first.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Found {
    /// The items.
    pub items: Vec<FoundItem>,
    /// Whether there may be more: ask again with this as `after`. There may be one without items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    pub next: Option<ItemId>,
    /// How many circles were left out because their agreement waits to be accepted.
    pub left_out: usize,
}

/// Something that was said and holds the words.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct FoundItem {
    /// The circle.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub circle: CircleId,
    /// Its title. Made harmless before it is shown, as all text here.
    pub circle_title: String,
    /// The item.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: ItemId,
    /// The share at the root of its thread.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub thread: ItemId,
    /// Who wrote it.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub author: MemberId,
    /// The name they go by, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their mark, also when they are no member any more.
    #[serde(default)]
    pub mark: Mark,
    /// Whether this device's member wrote it.
    pub own: bool,
    /// When, by the author's clock, to the minute.
    pub written: UnixSeconds,
    /// What it is.
    pub kind: ItemKind,
    /// What the author says it is about, before one reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_note: Option<String>,
    /// What stands around the first of the words, in pieces: title and text as one.
    pub excerpt: Vec<ExcerptPiece>,
    /// Whether something stands before it.
    pub cut_before: bool,
    /// Whether something stands after it.
    pub cut_after: bool,
}

/// A piece of a text.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct ExcerptPiece {
    /// The text.
    pub text: String,
    /// Whether it is one of the words that were looked for.
    pub found: bool,
}
