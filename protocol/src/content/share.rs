//! Shares and replies. Clauses: specs/08-content I-8, I-10, I-11.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::ItemId;
use crate::limits::{MAX_CONTENT_NOTE_CHARS, MAX_TEXT, MAX_TITLE_CHARS};
use crate::wire::text::{LongText, Text};

/// The text of a share or a reply.
pub type ItemText = LongText<MAX_TEXT>;

/// What the author of a share hopes for; replies are held to it.
#[derive(
    Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, TlsDeserialize, TlsSerialize, TlsSize,
)]
#[repr(u8)]
pub enum Ask {
    /// To be heard: no advice.
    JustListening = 0,
    /// Ideas and own experience are welcome.
    IdeasWelcome = 1,
    /// Places, people and things that help.
    Resources = 2,
}

/// Something a member tells the circle.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Share {
    /// What the author hopes for.
    pub ask: Ask,
    /// What the text touches, if the author chose to say so beforehand.
    pub content_note: Option<Text<MAX_CONTENT_NOTE_CHARS>>,
    /// A title, if it has one.
    pub title: Option<Text<MAX_TITLE_CHARS>>,
    /// The text.
    pub text: ItemText,
}

/// An answer to a share or to another reply.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Reply {
    /// What it answers.
    pub to: ItemId,
    /// The text.
    pub text: ItemText,
}
