//! One invite in the ledger: what members know of it, so that any of them can answer a knock while
//! the inviter is away. Clauses: specs/05-invite V-2, V-3.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{IssuerId, MemberId};
use crate::invite::{Door, IssuerKey};
use crate::label::Label;
use crate::mls::{HpkePublic, HpkeSecret};
use crate::secret::Secret;
use crate::time::Timestamp;
use crate::wire::{SealKey, TopicKey};

/// What limits an invite.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct InviteTerms {
    /// When it expires. Binds those who admit, never those who check a commit.
    pub expires: Timestamp,
    /// How many may join by it.
    pub uses: u16,
    /// Whether a facilitator looks at each knock, and whether who comes only listens.
    pub door: Door,
}

/// What speaks for an invite and opens its knocks: the private halves of its issuer key and of its
/// opening key.
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct InviteSecrets {
    /// Seed of the key that signs its card and its refusals.
    pub issuer: Secret<32>,
    /// What opens its knocks.
    pub opening: HpkeSecret,
}

impl InviteSecrets {
    /// The key that signs its card and its refusals.
    #[must_use]
    pub fn issuer_key(&self) -> IssuerKey {
        IssuerKey::from_secret(&self.issuer)
    }

    /// A second copy, on purpose.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self { issuer: self.issuer.duplicate(), opening: self.opening.duplicate() }
    }
}

/// Who can speak for an invite and open its knocks.
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum Keeper {
    /// Any member, since the secrets stand here: for invites without review.
    #[tls_codec(discriminant = 1)]
    Members(InviteSecrets),
    /// Only the inviter's device: a member who is removed later can neither answer for the circle
    /// nor read who knocks.
    #[tls_codec(discriminant = 2)]
    Inviter,
}

impl Clone for Keeper {
    fn clone(&self) -> Self {
        match self {
            Self::Members(secrets) => Self::Members(secrets.duplicate()),
            Self::Inviter => Self::Inviter,
        }
    }
}

/// Whether an invite still admits, by what the ledger knows; expiry is a matter of clocks.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum InviteStanding {
    /// It admits.
    Open = 1,
    /// A facilitator took it back.
    Revoked = 2,
    /// A removal closed it.
    Closed = 3,
}

/// One invite.
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct InviteEntry {
    /// Who made it.
    pub inviter: MemberId,
    /// Its limits.
    pub terms: InviteTerms,
    /// How many joined by it.
    pub used: u16,
    /// Whether it still admits.
    pub standing: InviteStanding,
    /// Who signs its card and its refusals, as its text says.
    pub issuer: IssuerId,
    /// Seed of its topic key.
    pub topic: Secret<32>,
    /// What seals everything on its topic.
    pub card: Secret<32>,
    /// What knocks are sealed to.
    pub opening: HpkePublic,
    /// Who holds the private halves.
    pub keeper: Keeper,
}

impl InviteEntry {
    /// Whether one more may join by it, as far as the ledger knows.
    #[must_use]
    pub fn admits(&self) -> bool {
        self.standing == InviteStanding::Open && self.used < self.terms.uses
    }

    /// The key of its topic.
    #[must_use]
    pub fn topic_key(&self) -> TopicKey {
        TopicKey::from_secret(&self.topic)
    }

    /// What seals everything on its topic.
    #[must_use]
    pub fn seal_key(&self) -> SealKey {
        SealKey::from_secret(&self.card)
    }

    /// What admits to the door where it is answered on a local network.
    #[must_use]
    pub fn door_secret(&self) -> Secret<32> {
        Label::INVITE_DOOR.derive(&self.card, &[])
    }
}

impl Clone for InviteEntry {
    fn clone(&self) -> Self {
        Self {
            inviter: self.inviter,
            terms: self.terms,
            used: self.used,
            standing: self.standing,
            issuer: self.issuer,
            topic: self.topic.duplicate(),
            card: self.card.duplicate(),
            opening: self.opening.clone(),
            keeper: self.keeper.clone(),
        }
    }
}
