//! Acts: what is done to something that was said, by its author or by others. None of them has a
//! place of its own among what is read; the view puts each on what it names, and looks at its right.
//! Clauses: specs/08-content I-14 to I-19, I-76.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::content::ItemText;
use crate::id::ItemId;
use crate::limits::{MAX_CONTENT_NOTE_CHARS, MAX_TITLE_CHARS};
use crate::wire::text::Text;

/// Its author takes back a share or an answer: nobody shows its words any more, nor keeps them.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Withdraw {
    /// The share or the answer.
    pub to: ItemId,
}

/// Some of a file, or of the words it goes along with, was taken back before it left: it never comes,
/// and nobody has to wait for it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Spared {
    /// The file that went with it, the one that was taken back.
    pub of: ItemId,
    /// The last of it.
    pub last: ItemId,
    /// How many items, those right before it included.
    pub count: u8,
}

/// There is more of its author than reached everybody: on a branch that lost and cannot be carried over,
/// or under a key that its device gave up. It says nothing else; whoever lacks what it names sees so.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Mention {
    /// The last of it.
    pub of: ItemId,
}

/// Its author says a share or an answer in other words. All of it is said anew.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Edit {
    /// The share or the answer.
    pub to: ItemId,
    /// The content note from now on; only a share shows one.
    pub content_note: Option<Text<MAX_CONTENT_NOTE_CHARS>>,
    /// The title from now on; only a share shows one.
    pub title: Option<Text<MAX_TITLE_CHARS>>,
    /// The text from now on.
    pub text: ItemText,
}

/// A warm word for a share or an answer. Each member has one for each of them; the latest holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Reaction {
    /// The share or the answer.
    pub to: ItemId,
    /// The word; none takes it back.
    pub word: Option<WarmWord>,
}

/// A word of a reaction, by its number: a later version may know more of them. It is none that
/// counts or ranks.
#[derive(
    Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, TlsDeserialize, TlsSerialize, TlsSize,
)]
pub struct WarmWord(pub u8);

impl WarmWord {
    /// I am with you.
    pub const WITH_YOU: Self = Self(1);
    /// I have read every word.
    pub const HEARD: Self = Self(2);
    /// I know this from my own life.
    pub const ME_TOO: Self = Self(3);
    /// Thank you.
    pub const THANK_YOU: Self = Self(4);
    /// I wish you strength.
    pub const STRENGTH: Self = Self(5);
    /// I am glad with you.
    pub const GLAD: Self = Self(6);

    /// All that this version knows.
    pub const KNOWN: [Self; 6] =
        [Self::WITH_YOU, Self::HEARD, Self::ME_TOO, Self::THANK_YOU, Self::STRENGTH, Self::GLAD];
}

/// A facilitator pins a share or an answer, or takes the pin off.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Pin {
    /// The share or the answer.
    pub to: ItemId,
    /// Whether it is pinned from now on.
    #[tls_codec(with = "crate::wire::flag")]
    pub on: bool,
}

/// The author of a share lets advice be shown that was held back, or no longer.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Allow {
    /// The share, for all advice in its thread; or one piece of advice.
    pub to: ItemId,
    /// Whether it is shown from now on.
    #[tls_codec(with = "crate::wire::flag")]
    pub on: bool,
}
