//! The card: what a circle chooses to say of itself to those who hold an invite.
//!
//! It stands on the invite's topic, sealed under the invite's card key, and signed by its issuer
//! over (invite, card): a card never passes for that of another invite. Of several the highest
//! revision counts. Clauses: specs/05-invite V-5, V-6.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{CircleId, InviteId, IssuerId};
use crate::identity::{Verified, signature_holds};
use crate::invite::{AgreementHash, AgreementText, Door, IssuerKey};
use crate::label::Label;
use crate::limits::{
    MAX_CARD, MAX_CARD_FACILITATORS, MAX_CARD_TEXT_CHARS, MAX_INVITE_USES, MAX_NAME_CHARS,
    MAX_TITLE_CHARS,
};
use crate::mls::{HpkePublic, Suite};
use crate::time::Timestamp;
use crate::wire::text::{Opaque, Text};
use crate::wire::{self, DecodeError};

/// Bytes of a signed card besides the card: its length and the signature.
const AROUND_CARD: usize = 4 + 64;

/// What a circle says to those it invites.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Card {
    /// The circle.
    pub circle: CircleId,
    /// Its suite: KeyPackages and the reply key are of this one.
    pub suite: Suite,
    /// Its title.
    pub title: Text<MAX_TITLE_CHARS>,
    /// What it says to newcomers.
    pub welcome: Text<MAX_CARD_TEXT_CHARS>,
    /// The agreement a newcomer accepts.
    pub agreement: AgreementText,
    /// The facilitators' word on their duty to report, if they gave one.
    pub declaration: Option<Text<MAX_CARD_TEXT_CHARS>>,
    /// The names of the facilitators: at most [`MAX_CARD_FACILITATORS`].
    pub facilitators: Vec<Text<MAX_NAME_CHARS>>,
    /// The key knocks are sealed to.
    pub opening: HpkePublic,
    /// After this no knock is answered with an admission.
    pub expires: Timestamp,
    /// How many may join with it: 1 to [`MAX_INVITE_USES`].
    pub uses: u16,
    /// Whether somebody looks at each knock before it is admitted, and whether who comes in only
    /// listens.
    pub door: Door,
    /// Why the invite is closed, once it is.
    pub closed: Option<Closed>,
    /// Grows with every change of the card.
    pub revision: u32,
}

/// Why an invite is closed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum Closed {
    /// All its uses are used.
    Used = 0,
    /// Its time is over.
    Expired = 1,
    /// It was taken back.
    Revoked = 2,
}

/// Why a card is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CardError {
    /// What was signed is not a card.
    #[error("the card is unreadable: {0}")]
    Body(#[from] DecodeError),
    /// The issuer did not sign it, or not for this invite.
    #[error("the card is not signed by the invite's issuer")]
    BadSignature,
}

impl Card {
    /// Signs the card for one invite.
    ///
    /// # Errors
    /// [`DecodeError`] says what nobody would accept in it.
    pub fn sign(&self, key: &IssuerKey, invite: &InviteId) -> Result<SignedCard, DecodeError> {
        self.check()?;
        let body = wire::encode(self);
        if body.len() > MAX_CARD {
            return Err(DecodeError::TooLong);
        }
        let signature = key.sign(Label::CARD_SIGNATURE, &signed_content(invite, &body));
        Ok(SignedCard { body: body.to_vec(), signature })
    }

    /// Whether this card counts instead of `other`.
    #[must_use]
    pub fn supersedes(&self, other: &Self) -> bool {
        self.revision > other.revision
    }

    /// The hash a knock gives to accept the agreement.
    #[must_use]
    pub fn agreement_hash(&self) -> AgreementHash {
        AgreementHash::of(&self.agreement)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let card: Self = wire::decode(bytes, MAX_CARD)?;
        card.check()?;
        Ok(card)
    }

    fn check(&self) -> Result<(), DecodeError> {
        let uses_hold = (1..=MAX_INVITE_USES).contains(&self.uses);
        if !uses_hold || self.facilitators.len() > MAX_CARD_FACILITATORS {
            return Err(DecodeError::Limit);
        }
        Ok(())
    }
}

/// A card as it travels: the exact bytes its issuer signed, and the signature.
#[derive(Clone, Eq, PartialEq)]
pub struct SignedCard {
    body: Vec<u8>,
    signature: [u8; 64],
}

#[derive(TlsDeserialize, TlsSerialize, TlsSize)]
struct SignedCardBytes {
    body: Opaque<MAX_CARD>,
    signature: [u8; 64],
}

impl SignedCard {
    /// Bytes of the largest signed card.
    pub const MAX_LEN: usize = MAX_CARD + AROUND_CARD;

    /// Reads what [`Self::to_bytes`] wrote; nothing about it is believed yet.
    ///
    /// # Errors
    /// [`DecodeError`] when the bytes are not a card and a signature.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let SignedCardBytes { body, signature } = wire::decode(bytes, Self::MAX_LEN)?;
        Ok(Self { body: body.into_bytes(), signature })
    }

    /// The bytes to seal or keep.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.body.len() + AROUND_CARD);
        // Writing to memory a body below the limit cannot fail.
        let written =
            tls_codec::Serialize::tls_serialize(&tls_codec::VLByteSlice(&self.body), &mut bytes);
        debug_assert!(written.is_ok());
        bytes.extend_from_slice(&self.signature);
        bytes
    }

    /// Checks the card's form and that `issuer` signed it for `invite`.
    ///
    /// # Errors
    /// [`CardError`]; the card is not shown.
    pub fn verify(
        &self,
        issuer: &IssuerId,
        invite: &InviteId,
    ) -> Result<Verified<Card>, CardError> {
        let content = signed_content(invite, &self.body);
        if !signature_holds(issuer.as_bytes(), Label::CARD_SIGNATURE, &content, &self.signature) {
            return Err(CardError::BadSignature);
        }
        Ok(Verified::assert(Card::from_bytes(&self.body)?))
    }
}

impl std::fmt::Debug for SignedCard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignedCard({} bytes)", self.body.len())
    }
}

fn signed_content(invite: &InviteId, body: &[u8]) -> Vec<u8> {
    [invite.as_bytes().as_slice(), body].concat()
}
