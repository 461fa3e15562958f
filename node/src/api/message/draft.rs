//! What its owner has written and not said yet: it never leaves the device as such.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::{CircleId, DraftId, ItemId};

use super::answer::UnixSeconds;
use super::item::{Ask, NewItem, Scope};

/// Drafts, the latest first.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Drafts {
    /// The drafts.
    pub drafts: Vec<Draft>,
}

/// A draft.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Draft {
    /// Its id.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub id: DraftId,
    /// The circle it is for.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub circle: CircleId,
    /// When it was saved last.
    pub saved: UnixSeconds,
    /// What it says.
    pub words: DraftWords,
}

/// Saves a draft.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    /// The circle it is for.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub circle: CircleId,
    /// What it says.
    pub words: DraftWords,
}

/// Words that wait; also what is kept of them in the store.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum DraftWords {
    /// Something to tell.
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
    /// An answer to something that was said.
    Reply {
        /// What is answered.
        #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
        to: ItemId,
        /// The text, at most 256 KiB.
        text: String,
        /// Whether it gives advice.
        #[serde(default)]
        advice: bool,
        /// Whom you let read it; those here now if left out.
        #[serde(default)]
        scope: Scope,
    },
}

/// Says what a draft says. What is asked before a share or a reply is asked here, too.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendDraft {
    /// Send it even if it seems to say who somebody is.
    #[serde(default)]
    pub send_anyway: bool,
    /// Share it in slow mode even if others see it later.
    #[serde(default)]
    pub even_if_later: bool,
    /// Send advice even if it will be held back.
    #[serde(default)]
    pub even_if_held_back: bool,
    /// The facilitators' declaration as it was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration_heard: Option<String>,
}

impl SendDraft {
    /// What the author of something agreed to.
    #[must_use]
    pub fn of(item: &NewItem) -> Self {
        match item {
            NewItem::Share { send_anyway, declaration_heard, even_if_later, .. } => Self {
                send_anyway: *send_anyway,
                even_if_later: *even_if_later,
                even_if_held_back: false,
                declaration_heard: declaration_heard.clone(),
            },
            NewItem::Reply { send_anyway, declaration_heard, even_if_held_back, .. } => Self {
                send_anyway: *send_anyway,
                even_if_later: false,
                even_if_held_back: *even_if_held_back,
                declaration_heard: declaration_heard.clone(),
            },
        }
    }
}

impl DraftWords {
    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Share { text, .. } | Self::Reply { text, .. } => text,
        }
    }

    /// What is to be said, with what its author agreed to.
    #[must_use]
    pub fn into_item(self, sent: SendDraft) -> NewItem {
        let SendDraft { send_anyway, even_if_later, even_if_held_back, declaration_heard } = sent;
        match self {
            Self::Share { ask, content_note, title, text, scope } => NewItem::Share {
                ask,
                content_note,
                title,
                text,
                file: None,
                scope,
                send_anyway,
                declaration_heard,
                even_if_later,
            },
            Self::Reply { to, text, advice, scope } => NewItem::Reply {
                to,
                text,
                file: None,
                advice,
                scope,
                send_anyway,
                even_if_held_back,
                declaration_heard,
            },
        }
    }
}
