//! Knock and answer as they travel: sealed by HPKE, beside the id of the knock.
//!
//! ```text
//! +----------+----------------+
//! | knock 32 | sealed (W-14) V |      both inside an envelope sealed with the invite's card key
//! +----------+----------------+
//! ```
//! Clauses: specs/05-invite V-7, V-9.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{InviteId, IssuerId, KnockId};
use crate::identity::Verified;
use crate::invite::{Answer, AnswerError, Knock, KnockError};
use crate::label::Label;
use crate::limits::{MAX_KNOCK, MAX_WELCOME};
use crate::mls::{self, HpkeError, HpkePublic, HpkeSecret, Suite};
use crate::random::Random;
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError};

/// Bytes that sealing adds at most: kem output, tag, lengths, id.
const AROUND: usize = 2048;

/// A knock, sealed to the opening key of an invite.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct SealedKnock {
    /// The knock that is inside, as its sender claims.
    pub knock: KnockId,
    sealed: Opaque<{ MAX_KNOCK + AROUND }>,
}

/// An answer, sealed to the reply key of a knock.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct SealedAnswer {
    /// The knock it answers.
    pub knock: KnockId,
    sealed: Opaque<MAX_WELCOME>,
}

impl Knock {
    /// Seals the knock to the opening key of the invite's card.
    ///
    /// # Errors
    /// [`HpkeError::Key`] when the card's key is not one of its suite.
    pub fn seal(
        &self,
        invite: &InviteId,
        suite: Suite,
        opening: &HpkePublic,
        random: &mut Random,
    ) -> Result<SealedKnock, HpkeError> {
        let (knock, aad) = (self.id(), knock_aad(invite, &self.id()));
        let bytes = wire::encode(self);
        let sealed = mls::seal(suite, opening, Label::KNOCK_HPKE, &aad, &bytes, random)?;
        let sealed = Opaque::new(sealed).map_err(|_| DecodeError::TooLong)?;
        Ok(SealedKnock { knock, sealed })
    }
}

impl SealedKnock {
    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`DecodeError`] when the bytes are no sealed knock.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        wire::decode(bytes, MAX_KNOCK + 2 * AROUND)
    }

    /// The record of a knock's frame.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self).to_vec()
    }

    /// Opens the knock and checks that it was made with `invite`.
    ///
    /// # Errors
    /// [`KnockError`]; the knock does not reach the lobby.
    pub fn open(
        &self,
        invite: &InviteId,
        suite: Suite,
        opening: &HpkeSecret,
    ) -> Result<Verified<Knock>, KnockError> {
        let aad = knock_aad(invite, &self.knock);
        let bytes = mls::open(suite, opening, Label::KNOCK_HPKE, &aad, self.sealed.as_bytes())?;
        let knock = Knock::from_bytes(&bytes, invite)?;
        if knock.id() != self.knock {
            return Err(KnockError::OtherKnock);
        }
        Ok(knock)
    }
}

impl Answer {
    /// Seals the answer to the reply key of a knock.
    ///
    /// # Errors
    /// [`HpkeError::Key`] when the reply key is not one of the suite, [`HpkeError::Decode`] when
    /// the answer is longer than any receiver accepts.
    pub fn seal(
        &self,
        knock: &KnockId,
        suite: Suite,
        reply: &HpkePublic,
        random: &mut Random,
    ) -> Result<SealedAnswer, HpkeError> {
        let bytes = self.to_bytes();
        if bytes.len() + AROUND > MAX_WELCOME {
            return Err(HpkeError::Decode(DecodeError::TooLong));
        }
        let aad = knock.as_bytes();
        let sealed = mls::seal(suite, reply, Label::ANSWER_HPKE, aad, &bytes, random)?;
        let sealed = Opaque::new(sealed).map_err(|_| DecodeError::TooLong)?;
        Ok(SealedAnswer { knock: *knock, sealed })
    }
}

impl SealedAnswer {
    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`DecodeError`] when the bytes are no sealed answer.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        wire::decode(bytes, MAX_WELCOME)
    }

    /// The record of an answer's frame.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self).to_vec()
    }

    /// Opens the answer; a no must come from `issuer`.
    ///
    /// # Errors
    /// [`AnswerError`]; the newcomer goes on waiting.
    pub fn open(
        &self,
        suite: Suite,
        reply: &HpkeSecret,
        issuer: &IssuerId,
    ) -> Result<Verified<Answer>, AnswerError> {
        let aad = self.knock.as_bytes();
        let bytes = mls::open(suite, reply, Label::ANSWER_HPKE, aad, self.sealed.as_bytes())?;
        Answer::from_bytes(&bytes, &self.knock, issuer)
    }
}

fn knock_aad(invite: &InviteId, knock: &KnockId) -> Vec<u8> {
    [invite.as_bytes().as_slice(), knock.as_bytes()].concat()
}
