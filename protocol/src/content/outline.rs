//! An item without its words: what order, rules and view need of it. A circle of years holds this
//! in memory, and the words in the store.

use crate::content::{Consent, Content, Item, Proposal, Scope};
use crate::id::{DeviceId, ItemId, MemberId, StateId};
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
    /// [`Content::Share`].
    Share,
    /// [`Content::Reply`], and what it answers.
    Reply(ItemId),
    /// [`Content::Leave`].
    Leave,
    /// [`Content::Proposal`].
    Proposal(Box<Proposal>),
    /// [`Content::Consent`].
    Consent(Box<Consent>),
    /// [`Content::Unknown`].
    Unknown,
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
        self.seen.iter().copied().chain(self.previous.map(|previous| previous.short()))
    }
}

impl Gist {
    fn of(content: &Content) -> Self {
        match content {
            Content::Share(_) => Self::Share,
            Content::Reply(reply) => Self::Reply(reply.to),
            Content::Leave(_) => Self::Leave,
            Content::Proposal(proposal) => Self::Proposal(Box::new(proposal.clone())),
            Content::Consent(consent) => Self::Consent(Box::new(consent.clone())),
            Content::Unknown(_) => Self::Unknown,
        }
    }

    /// The item it answers, if it answers one.
    #[must_use]
    pub fn answers(&self) -> Option<&ItemId> {
        match self {
            Self::Reply(to) => Some(to),
            Self::Consent(consent) => Some(&consent.proposal),
            Self::Share | Self::Leave | Self::Proposal(_) | Self::Unknown => None,
        }
    }
}
