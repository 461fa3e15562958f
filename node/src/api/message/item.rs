//! What members say: shares, replies, and the gaps where something is known to be missing.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::{ItemId, MemberId};

use super::answer::UnixSeconds;

/// A part of a circle's timeline, in causal order.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Page {
    /// The items.
    pub items: Vec<Item>,
    /// How many items stand before the first of these.
    pub before: usize,
    /// What is known to be missing in the whole circle, not only in this part.
    pub gaps: Vec<Gap>,
    /// Whether more items follow: ask again with `after` set to the last id.
    pub more: bool,
}

/// One thing a member said.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Item {
    /// Its id.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: ItemId,
    /// Who wrote it.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub author: MemberId,
    /// The name they go by, if it is known. Made harmless before it is shown, as all text here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether its author is a member now.
    pub here: bool,
    /// Whether this device's member wrote it.
    pub own: bool,
    /// When, by the author's clock, to the minute.
    pub written: UnixSeconds,
    /// What it is.
    pub kind: ItemKind,
    /// What a share asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<Ask>,
    /// What the author says it is about, before one reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_note: Option<String>,
    /// The title of a share, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The text.
    pub text: String,
    /// Whom the author lets read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// What a reply answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    pub to: Option<ItemId>,
    /// The share at the root of its thread; its own id if it is one.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub thread: ItemId,
    /// How deep in the thread: 0 for the share.
    pub depth: u32,
    /// Whether what it answers is not here.
    pub parent_missing: bool,
    /// Where an item of this device is; nothing for those of others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
}

/// What an item is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// Something told to the circle.
    Share,
    /// An answer.
    Reply,
    /// Its author leaves; there is no text.
    Leave,
    /// Something to be decided together, see the proposals; there is no text.
    Proposal,
    /// Its author agrees to the proposal in `to`; there is no text.
    Consent,
    /// Something a newer version of the program says; there is no text.
    Unknown,
}

/// What the author of a share wants from those who answer.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Just listening.
    #[default]
    JustListening,
    /// Ideas are welcome.
    IdeasWelcome,
    /// Looks for resources.
    Resources,
}

/// Whom the author of a share lets read it.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Those who are members when it is written.
    #[default]
    HereNow,
    /// Also those who join later.
    AlsoLater,
}

/// Where an own item is: about devices, never about who has read it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// On this device only.
    Queued,
    /// A relay or another member's device holds it.
    Held,
}

/// Items that are named and not here.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Gap {
    /// What it means.
    pub kind: GapKind,
    /// Whose items, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    pub author: Option<MemberId>,
    /// The name they go by, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many are missing, as far as is known; at least one.
    pub missing: u64,
    /// The item that names what is missing; none if a removal names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    pub before: Option<ItemId>,
}

/// What a gap means.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    /// Before the first item held of a device: what one cannot have who joined later.
    Earlier,
    /// Among what is held, or seen by somebody since: it is missing here.
    Lost,
}

/// Says something to a circle.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum NewItem {
    /// Tells something.
    Share {
        /// What you want from those who answer; just listening if left out.
        #[serde(default)]
        ask: Ask,
        /// What it is about, at most 120 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content_note: Option<String>,
        /// A title, at most 80 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// The text, at most 256 KiB.
        text: String,
        /// Whom you let read it; those here now if left out.
        #[serde(default)]
        scope: Scope,
    },
    /// Answers a share or another reply.
    Reply {
        /// What is answered.
        #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
        to: ItemId,
        /// The text, at most 256 KiB.
        text: String,
    },
}

/// What was written.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Written {
    /// Its id.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: ItemId,
    /// Where it is now.
    pub delivery: Delivery,
}
