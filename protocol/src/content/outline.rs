//! An item without its words: what order, rules and view need of it. A circle of years holds this
//! in memory, and the words in the store.

use crate::content::{
    AgreementConsent, Ask, Consent, Content, FileKind, Item, PieceHash, Proposal, Scope, Spared,
    WarmWord,
};
use crate::id::{DeviceId, ItemId, MemberId, ReportId, StateId};
use crate::ledger::AgreementMotion;
use crate::time::Timestamp;

/// What an item says beside its words; see [`crate::content::ItemBody`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Outline {
    pub(crate) member: MemberId,
    pub(crate) device: DeviceId,
    pub(crate) first_state: StateId,
    pub(crate) seq: u64,
    pub(crate) previous: Option<ItemId>,
    pub(crate) seen: Box<[[u8; 16]]>,
    pub(crate) written: Timestamp,
    pub(crate) scope: Scope,
    pub(crate) gist: Gist,
}

/// What kind of thing an item says. What rules rest on is here as a whole, people's words are not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Gist {
    /// [`Content::Share`], and what it asks for.
    Share(Ask),
    /// [`Content::Reply`], and what it answers.
    Reply(ItemId),
    /// [`Content::Leave`].
    Leave,
    /// [`Content::Proposal`].
    Proposal(Box<Proposal>),
    /// [`Content::Consent`].
    Consent(Box<Consent>),
    /// [`Content::Advice`], and what it answers.
    Advice(ItemId),
    /// [`Content::Withdraw`], and what it takes back.
    Withdraw(ItemId),
    /// [`Content::Edit`], and what it says in other words.
    Edit(ItemId),
    /// [`Content::Reaction`]: to what, and the word.
    Reaction(ItemId, Option<WarmWord>),
    /// [`Content::Pin`]: what, and whether it is pinned from now on.
    Pin(ItemId, bool),
    /// [`Content::Allow`]: what, and whether it is allowed from now on.
    Allow(ItemId, bool),
    /// [`Content::AgreementProposal`], without its text.
    AgreementProposal(Box<AgreementMotion>),
    /// [`Content::AgreementConsent`].
    AgreementConsent(Box<AgreementConsent>),
    /// [`Content::Hide`]: what, and whether it is hidden from now on.
    Hide(ItemId, bool),
    /// [`Content::Mute`]: who, until when, and whether it repeats what was said before.
    Mute(MemberId, Option<Timestamp>, bool),
    /// [`Content::SlowMode`]: minutes between two shares, and whether it repeats.
    SlowMode(u16, bool),
    /// [`Content::ReportAnswer`], and to which report.
    ReportAnswer(ReportId),
    /// [`Content::File`]: with what it goes along, and what it is, unless that is erased.
    File(ItemId, Option<Box<FileOutline>>),
    /// [`Content::Piece`]: of which file, and which.
    Piece(ItemId, u8),
    /// [`Content::Spared`].
    Spared(Spared),
    /// [`Content::Mention`], and of what.
    Mention(ItemId),
    /// [`Content::Unknown`].
    Unknown,
}

/// A file without its name and bytes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FileOutline {
    /// What it is.
    pub kind: FileKind,
    /// Its bytes.
    pub length: u32,
    /// The hashes of its pieces.
    pub pieces: Box<[PieceHash]>,
}

impl Outline {
    pub(crate) fn of(item: &Item) -> Self {
        let body = &item.body;
        Self {
            member: body.member,
            device: body.device,
            first_state: body.first_state,
            seq: body.seq,
            previous: body.previous,
            seen: body.seen.as_slice().into(),
            written: body.written,
            scope: body.scope,
            gist: Gist::of(&body.content),
        }
    }

    /// The short ids of the items that its author had seen.
    pub(crate) fn names(&self) -> impl Iterator<Item = [u8; 16]> + '_ {
        self.seen().chain(self.previous.map(|previous| previous.short()))
    }

    /// The same without the one before it in its chain.
    pub(crate) fn seen(&self) -> impl Iterator<Item = [u8; 16]> + '_ {
        let mentioned = match &self.gist {
            Gist::Mention(of) => Some(of.short()),
            _ => None,
        };
        self.seen.iter().copied().chain(mentioned)
    }
}

impl Gist {
    pub(crate) fn of(content: &Content) -> Self {
        match content {
            Content::Share(share) => Self::Share(share.ask),
            Content::Reply(reply) => Self::Reply(reply.to),
            Content::Leave(_) => Self::Leave,
            Content::Proposal(proposal) => Self::Proposal(Box::new(proposal.clone())),
            Content::Consent(consent) => Self::Consent(Box::new(consent.clone())),
            Content::Advice(reply) => Self::Advice(reply.to),
            Content::Withdraw(withdraw) => Self::Withdraw(withdraw.to),
            Content::Edit(edit) => Self::Edit(edit.to),
            Content::Reaction(reaction) => Self::Reaction(reaction.to, reaction.word),
            Content::Pin(pin) => Self::Pin(pin.to, pin.on),
            Content::Allow(allow) => Self::Allow(allow.to, allow.on),
            Content::AgreementProposal(proposal) => {
                Self::AgreementProposal(Box::new(proposal.motion()))
            }
            Content::AgreementConsent(consent) => Self::AgreementConsent(Box::new(consent.clone())),
            Content::Hide(hide) => Self::Hide(hide.to, hide.on),
            Content::Mute(mute) => Self::Mute(mute.member, mute.until, mute.again),
            Content::SlowMode(slow) => Self::SlowMode(slow.minutes, slow.again),
            Content::ReportAnswer(answer) => Self::ReportAnswer(answer.report),
            Content::File(file) => {
                let pieces = file.pieces.as_slice().into();
                let outline = FileOutline { kind: file.kind, length: file.length, pieces };
                Self::File(file.to, Some(Box::new(outline)))
            }
            Content::Piece(piece) => Self::Piece(piece.file, piece.number),
            Content::Spared(spared) => Self::Spared(*spared),
            Content::Mention(mention) => Self::Mention(mention.of),
            Content::Unknown(_) => Self::Unknown,
        }
    }

    /// The item it answers or acts on, if there is one.
    #[must_use]
    pub fn answers(&self) -> Option<&ItemId> {
        match self {
            Self::Reply(to)
            | Self::Advice(to)
            | Self::Withdraw(to)
            | Self::Edit(to)
            | Self::Reaction(to, _)
            | Self::Pin(to, _)
            | Self::Allow(to, _)
            | Self::Hide(to, _)
            | Self::File(to, _)
            | Self::Piece(to, _)
            | Self::Mention(to) => Some(to),
            Self::Spared(spared) => Some(&spared.of),
            Self::Consent(consent) => Some(&consent.proposal),
            Self::AgreementConsent(consent) => Some(&consent.proposal),
            Self::Share(_)
            | Self::Leave
            | Self::Proposal(_)
            | Self::AgreementProposal(_)
            | Self::Mute(..)
            | Self::SlowMode(..)
            | Self::ReportAnswer(_)
            | Self::Unknown => None,
        }
    }

    /// Whether it says something in its author's own words, which they may change or take back.
    #[must_use]
    pub fn is_words(&self) -> bool {
        matches!(self, Self::Share(_) | Self::Reply(_) | Self::Advice(_))
    }

    /// Whether it only acts on something that was said, and is shown there.
    #[must_use]
    pub fn is_act(&self) -> bool {
        matches!(
            self,
            Self::Withdraw(_)
                | Self::Edit(_)
                | Self::Reaction(..)
                | Self::Pin(..)
                | Self::Allow(..)
                | Self::ReportAnswer(_)
                | Self::File(..)
                | Self::Piece(..)
                | Self::Spared(_)
                | Self::Mention(_)
        ) || self.is_steward()
    }

    /// Whether a facilitator holds the circle by it; it stands in the steward log.
    #[must_use]
    pub fn is_steward(&self) -> bool {
        matches!(self, Self::Hide(..) | Self::Mute(..) | Self::SlowMode(..))
    }

    /// Whether it is about the circle itself: what is decided together, how it is held, and who leaves.
    /// There are few of these in a circle of years, and they are looked through whenever its head moves.
    #[must_use]
    pub(crate) fn is_about_circle(&self) -> bool {
        matches!(
            self,
            Self::Leave
                | Self::Proposal(_)
                | Self::Consent(_)
                | Self::AgreementProposal(_)
                | Self::AgreementConsent(_)
        ) || self.is_steward()
    }
}
