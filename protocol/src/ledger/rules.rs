//! What a circle may change of itself besides who is in it and which relays it names: which
//! agreement holds, how long words are kept, and which files may be sent. Clauses: specs/03-circle
//! C-7, C-60 to C-62; specs/08-content I-70.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::content::{Content, FileKind};
use crate::limits::MAX_KEEP_DAYS;

/// Which of a circle's agreements: the one it was made with is the first.
#[derive(
    Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, TlsDeserialize, TlsSerialize, TlsSize,
)]
pub struct AgreementVersion(u32);

impl AgreementVersion {
    /// The agreement a circle was made with.
    pub const FIRST: Self = Self(1);

    /// Counted from 1.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The one after it; none after the last there can be.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        self.0.checked_add(1).map(Self)
    }
}

/// How long a circle keeps what is said, in whole days.
#[derive(
    Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, TlsDeserialize, TlsSerialize, TlsSize,
)]
pub struct KeepDays(u16);

impl KeepDays {
    /// So many days, if a circle may choose that.
    #[must_use]
    pub fn new(days: u16) -> Option<Self> {
        (1..=MAX_KEEP_DAYS).contains(&days).then_some(Self(days))
    }

    /// The days.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// Whether it is shorter than `before`, where none is for ever.
    #[must_use]
    pub fn shortens(self, before: Option<Self>) -> bool {
        before.is_none_or(|before| self < before)
    }

    /// The same as a duration.
    #[must_use]
    pub fn duration(self) -> std::time::Duration {
        std::time::Duration::from_secs(u64::from(self.0) * 24 * 60 * 60)
    }
}

/// Which files a circle lets its members send.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd,
    TlsDeserialize,
    TlsSerialize,
    TlsSize,
)]
#[repr(u8)]
pub enum FilesAllowed {
    /// None: so it begins.
    #[default]
    None = 0,
    /// Pictures alone.
    Pictures = 1,
    /// Any.
    Any = 2,
}

impl FilesAllowed {
    /// Whether something may be said as far as this goes. Of a piece nobody can tell what it is a
    /// piece of; without its file it is nothing.
    #[must_use]
    pub fn lets(self, content: &Content) -> bool {
        match content {
            Content::File(file) => self.lets_kind(&file.kind),
            Content::Piece(_) => self != Self::None,
            _ => true,
        }
    }

    /// Whether a file of this kind may be sent.
    #[must_use]
    pub fn lets_kind(self, kind: &FileKind) -> bool {
        self == Self::Any || (self == Self::Pictures && kind.is_picture())
    }
}

/// What a circle says of files.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct FileRules {
    /// Which may be sent.
    pub allowed: FilesAllowed,
    /// The epoch of the state in which that was said last; 0 for never.
    pub since: u64,
}

/// The rules of a circle that are not those it began with.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Rules {
    /// Which agreement holds.
    pub agreement: AgreementVersion,
    /// How often what a card says of the circle has changed by agreement or declaration: newer
    /// cards count more.
    pub edition: u32,
    /// How long words are kept; none: as long as their authors leave them.
    pub keep: Option<KeepDays>,
    /// The epoch of the state in which that was said last; 0 for never.
    pub keep_since: u64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { agreement: AgreementVersion::FIRST, edition: 0, keep: None, keep_since: 0 }
    }
}

impl Rules {
    /// Whether a circle can have come to these.
    pub(super) fn are_possible(&self) -> bool {
        let keep = self.keep.is_none_or(|keep| KeepDays::new(keep.0).is_some());
        self.agreement.0 > 0 && keep
    }
}
