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

use crate::content::{
    AgreementConsent, AgreementProposal, Allow, Consent, Edit, File, Hide, Mention, Mute, Piece,
    Pin, Proposal, Reaction, Reply, ReportAnswer, Share, SlowMode, Spared, Withdraw,
};
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
    /// An answer that gives advice; a kind of its own, so that nobody takes it for another.
    Advice(Reply),
    /// Something said is taken back.
    Withdraw(Withdraw),
    /// Something said is said in other words.
    Edit(Edit),
    /// A warm word for something said.
    Reaction(Reaction),
    /// Something said is pinned.
    Pin(Pin),
    /// Advice that was held back may be shown.
    Allow(Allow),
    /// A new agreement, put to the circle.
    AgreementProposal(AgreementProposal),
    /// The author agrees to a new agreement.
    AgreementConsent(AgreementConsent),
    /// Something said is hidden, or shown again.
    Hide(Hide),
    /// A member is muted, or no longer.
    Mute(Mute),
    /// The circle is slowed down, or no longer.
    SlowMode(SlowMode),
    /// An answer to a report.
    ReportAnswer(ReportAnswer),
    /// A file that goes along with something said.
    File(File),
    /// A piece of a file.
    Piece(Piece),
    /// What was taken back before it left.
    Spared(Spared),
    /// What its author said where others may not have it.
    Mention(Mention),
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
    /// [`Content::Advice`].
    Advice = 6,
    /// [`Content::Withdraw`].
    Withdraw = 7,
    /// [`Content::Edit`].
    Edit = 8,
    /// [`Content::Reaction`].
    Reaction = 9,
    /// [`Content::Pin`].
    Pin = 10,
    /// [`Content::Allow`].
    Allow = 11,
    /// [`Content::AgreementProposal`].
    AgreementProposal = 12,
    /// [`Content::AgreementConsent`].
    AgreementConsent = 13,
    /// [`Content::Hide`].
    Hide = 16,
    /// [`Content::Mute`].
    Mute = 17,
    /// [`Content::SlowMode`].
    SlowMode = 18,
    /// [`Content::ReportAnswer`].
    ReportAnswer = 19,
    /// [`Content::File`].
    File = 20,
    /// [`Content::Piece`].
    Piece = 21,
    /// [`Content::Spared`].
    Spared = 22,
    /// [`Content::Mention`].
    Mention = 23,
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
    pub const ALL: [Self; 21] = [
        Self::Share,
        Self::Reply,
        Self::Leave,
        Self::Proposal,
        Self::Consent,
        Self::Advice,
        Self::Withdraw,
        Self::Edit,
        Self::Reaction,
        Self::Pin,
        Self::Allow,
        Self::AgreementProposal,
        Self::AgreementConsent,
        Self::Hide,
        Self::Mute,
        Self::SlowMode,
        Self::ReportAnswer,
        Self::File,
        Self::Piece,
        Self::Spared,
        Self::Mention,
    ];

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
            Self::Advice(_) => ContentKind::Advice as u16,
            Self::Withdraw(_) => ContentKind::Withdraw as u16,
            Self::Edit(_) => ContentKind::Edit as u16,
            Self::Reaction(_) => ContentKind::Reaction as u16,
            Self::Pin(_) => ContentKind::Pin as u16,
            Self::Allow(_) => ContentKind::Allow as u16,
            Self::AgreementProposal(_) => ContentKind::AgreementProposal as u16,
            Self::AgreementConsent(_) => ContentKind::AgreementConsent as u16,
            Self::Hide(_) => ContentKind::Hide as u16,
            Self::Mute(_) => ContentKind::Mute as u16,
            Self::SlowMode(_) => ContentKind::SlowMode as u16,
            Self::ReportAnswer(_) => ContentKind::ReportAnswer as u16,
            Self::File(_) => ContentKind::File as u16,
            Self::Piece(_) => ContentKind::Piece as u16,
            Self::Spared(_) => ContentKind::Spared as u16,
            Self::Mention(_) => ContentKind::Mention as u16,
            Self::Unknown(unknown) => unknown.kind,
        }
    }

    /// Whether it is part of the talk, which nobody joins before they have accepted the agreement.
    /// To decide together, to take something back and to leave needs no acceptance.
    #[must_use]
    pub fn needs_acceptance(&self) -> bool {
        matches!(
            self,
            Self::Share(_)
                | Self::Reply(_)
                | Self::Advice(_)
                | Self::Edit(_)
                | Self::Reaction(_)
                | Self::Pin(_)
                | Self::Allow(_)
                | Self::File(_)
                | Self::Piece(_)
        )
    }

    /// Whether anybody is told when it comes: not of the pieces of a file, nor of what only keeps
    /// account.
    pub(crate) fn is_news(&self) -> bool {
        !matches!(self, Self::Piece(_) | Self::Spared(_) | Self::Mention(_))
    }

    fn content_len(&self) -> usize {
        match self {
            Self::Share(share) => share.tls_serialized_len(),
            Self::Reply(reply) | Self::Advice(reply) => reply.tls_serialized_len(),
            Self::Leave(Leave) => 0,
            Self::Proposal(proposal) => proposal.tls_serialized_len(),
            Self::Consent(consent) => consent.tls_serialized_len(),
            Self::Withdraw(withdraw) => withdraw.tls_serialized_len(),
            Self::Edit(edit) => edit.tls_serialized_len(),
            Self::Reaction(reaction) => reaction.tls_serialized_len(),
            Self::Pin(pin) => pin.tls_serialized_len(),
            Self::Allow(allow) => allow.tls_serialized_len(),
            Self::AgreementProposal(proposal) => proposal.tls_serialized_len(),
            Self::AgreementConsent(consent) => consent.tls_serialized_len(),
            Self::Hide(hide) => hide.tls_serialized_len(),
            Self::Mute(mute) => mute.tls_serialized_len(),
            Self::SlowMode(slow) => slow.tls_serialized_len(),
            Self::ReportAnswer(answer) => answer.tls_serialized_len(),
            Self::File(file) => file.tls_serialized_len(),
            Self::Piece(piece) => piece.tls_serialized_len(),
            Self::Spared(spared) => spared.tls_serialized_len(),
            Self::Mention(mention) => mention.tls_serialized_len(),
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
            Self::Reply(reply) | Self::Advice(reply) => wire::encode(reply),
            Self::Leave(Leave) => Vec::new().into(),
            Self::Proposal(proposal) => wire::encode(proposal),
            Self::Consent(consent) => wire::encode(consent),
            Self::Withdraw(withdraw) => wire::encode(withdraw),
            Self::Edit(edit) => wire::encode(edit),
            Self::Reaction(reaction) => wire::encode(reaction),
            Self::Pin(pin) => wire::encode(pin),
            Self::Allow(allow) => wire::encode(allow),
            Self::AgreementProposal(proposal) => wire::encode(proposal),
            Self::AgreementConsent(consent) => wire::encode(consent),
            Self::Hide(hide) => wire::encode(hide),
            Self::Mute(mute) => wire::encode(mute),
            Self::SlowMode(slow) => wire::encode(slow),
            Self::ReportAnswer(answer) => wire::encode(answer),
            Self::File(file) => wire::encode(file),
            Self::Piece(piece) => wire::encode(piece),
            Self::Spared(spared) => wire::encode(spared),
            Self::Mention(mention) => wire::encode(mention),
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
        Ok(match kind {
            ContentKind::Share => Self::Share(Share::tls_deserialize_exact(content)?),
            ContentKind::Reply => Self::Reply(Reply::tls_deserialize_exact(content)?),
            ContentKind::Leave if content.is_empty() => Self::Leave(Leave),
            ContentKind::Leave => return Err(Error::TrailingData),
            ContentKind::Proposal => Self::Proposal(Proposal::tls_deserialize_exact(content)?),
            ContentKind::Consent => Self::Consent(Consent::tls_deserialize_exact(content)?),
            ContentKind::Advice => Self::Advice(Reply::tls_deserialize_exact(content)?),
            ContentKind::Withdraw => Self::Withdraw(Withdraw::tls_deserialize_exact(content)?),
            ContentKind::Edit => Self::Edit(Edit::tls_deserialize_exact(content)?),
            ContentKind::Reaction => Self::Reaction(Reaction::tls_deserialize_exact(content)?),
            ContentKind::Pin => Self::Pin(Pin::tls_deserialize_exact(content)?),
            ContentKind::Allow => Self::Allow(Allow::tls_deserialize_exact(content)?),
            ContentKind::AgreementProposal => {
                Self::AgreementProposal(AgreementProposal::tls_deserialize_exact(content)?)
            }
            ContentKind::AgreementConsent => {
                Self::AgreementConsent(AgreementConsent::tls_deserialize_exact(content)?)
            }
            ContentKind::Hide => Self::Hide(Hide::tls_deserialize_exact(content)?),
            ContentKind::Mute => Self::Mute(Mute::tls_deserialize_exact(content)?),
            ContentKind::SlowMode => Self::SlowMode(SlowMode::tls_deserialize_exact(content)?),
            ContentKind::ReportAnswer => {
                Self::ReportAnswer(ReportAnswer::tls_deserialize_exact(content)?)
            }
            ContentKind::File => {
                let file = File::tls_deserialize_exact(content)?;
                if !file.is_possible() {
                    return Err(Error::InvalidInput);
                }
                Self::File(file)
            }
            ContentKind::Piece => Self::Piece(Piece::tls_deserialize_exact(content)?),
            ContentKind::Spared => Self::Spared(Spared::tls_deserialize_exact(content)?),
            ContentKind::Mention => Self::Mention(Mention::tls_deserialize_exact(content)?),
        })
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
