//! The registry of what an item can be, with room for what later versions add.
//!
//! ```text
//! +--------+------------------+
//! | kind 2 | opaque content V |
//! +--------+------------------+
//! ```
//! A kind this version does not know is kept, encodes to the same bytes, and is shown as made by a
//! newer version. Clause: specs/08-content I-1; numbers: specs/registry R-7.

use std::io::{Read, Write};

use tls_codec::{Deserialize, Error, Serialize, Size};

use crate::content::{Consent, Proposal, Reply, Share};
use crate::limits::MAX_ITEM;
use crate::wire;
use crate::wire::text::Opaque;

/// What an item says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Content {
    /// Something told to the circle.
    Share(Share),
    /// An answer.
    Reply(Reply),
    /// The author leaves; whoever commits the removal names this item.
    Leave(Leave),
    /// Something to be decided together.
    Proposal(Proposal),
    /// The author agrees to a proposal.
    Consent(Consent),
    /// Something a newer version says.
    Unknown(Unknown),
}

/// A kind of content this version knows.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[repr(u16)]
pub enum ContentKind {
    /// [`Content::Share`].
    Share = 1,
    /// [`Content::Reply`].
    Reply = 2,
    /// [`Content::Leave`].
    Leave = 3,
    /// [`Content::Proposal`].
    Proposal = 4,
    /// [`Content::Consent`].
    Consent = 5,
}

/// The author leaves the circle. It has no content of its own.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Leave;

/// Content of a kind this version does not know. Only decoding makes one, so it never disguises a
/// known kind.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unknown {
    kind: u16,
    bytes: Opaque<MAX_ITEM>,
}

impl ContentKind {
    /// Every kind, in the order of their numbers.
    pub const ALL: [Self; 5] =
        [Self::Share, Self::Reply, Self::Leave, Self::Proposal, Self::Consent];

    /// The kind with this number, if this version knows it.
    #[must_use]
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u16 == number)
    }
}

impl Content {
    /// The number of its kind.
    #[must_use]
    pub fn kind_number(&self) -> u16 {
        match self {
            Self::Share(_) => ContentKind::Share as u16,
            Self::Reply(_) => ContentKind::Reply as u16,
            Self::Leave(_) => ContentKind::Leave as u16,
            Self::Proposal(_) => ContentKind::Proposal as u16,
            Self::Consent(_) => ContentKind::Consent as u16,
            Self::Unknown(unknown) => unknown.kind,
        }
    }

    fn content_len(&self) -> usize {
        match self {
            Self::Share(share) => share.tls_serialized_len(),
            Self::Reply(reply) => reply.tls_serialized_len(),
            Self::Leave(Leave) => 0,
            Self::Proposal(proposal) => proposal.tls_serialized_len(),
            Self::Consent(consent) => consent.tls_serialized_len(),
            Self::Unknown(unknown) => unknown.bytes.as_bytes().len(),
        }
    }
}

impl Unknown {
    /// The number of its kind.
    #[must_use]
    pub fn kind(&self) -> u16 {
        self.kind
    }

    /// Its content, in a form this version cannot read.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.as_bytes()
    }
}

impl Size for Content {
    fn tls_serialized_len(&self) -> usize {
        let len = self.content_len();
        2 + length_of_length(len) + len
    }
}

impl Serialize for Content {
    fn tls_serialize<W: Write>(&self, writer: &mut W) -> Result<usize, Error> {
        let content = match self {
            Self::Share(share) => wire::encode(share),
            Self::Reply(reply) => wire::encode(reply),
            Self::Leave(Leave) => Vec::new().into(),
            Self::Proposal(proposal) => wire::encode(proposal),
            Self::Consent(consent) => wire::encode(consent),
            Self::Unknown(unknown) => unknown.bytes.as_bytes().to_vec().into(),
        };
        let kind = self.kind_number().tls_serialize(writer)?;
        Ok(kind + tls_codec::VLByteSlice(&content).tls_serialize(writer)?)
    }
}

impl Deserialize for Content {
    fn tls_deserialize<R: Read>(reader: &mut R) -> Result<Self, Error> {
        let number = u16::tls_deserialize(reader)?;
        let bytes = Opaque::<MAX_ITEM>::tls_deserialize(reader)?;
        let Some(kind) = ContentKind::from_number(number) else {
            return Ok(Self::Unknown(Unknown { kind: number, bytes }));
        };
        let content = bytes.as_bytes();
        match kind {
            ContentKind::Share => Ok(Self::Share(Share::tls_deserialize_exact(content)?)),
            ContentKind::Reply => Ok(Self::Reply(Reply::tls_deserialize_exact(content)?)),
            ContentKind::Leave if content.is_empty() => Ok(Self::Leave(Leave)),
            ContentKind::Leave => Err(Error::TrailingData),
            ContentKind::Proposal => Ok(Self::Proposal(Proposal::tls_deserialize_exact(content)?)),
            ContentKind::Consent => Ok(Self::Consent(Consent::tls_deserialize_exact(content)?)),
        }
    }
}

/// Bytes of the length in front of `len` bytes (RFC 9420 section 2.1.2).
fn length_of_length(len: usize) -> usize {
    match len {
        0..0x40 => 1,
        0x40..0x4000 => 2,
        _ => 4,
    }
}
