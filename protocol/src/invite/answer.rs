//! The answer to a knock: let in, declined by people, or refused by rule.
//!
//! Sealed to the reply key of the knock, which only those who opened the knock know. A no also
//! carries the issuer's signature over (knock, reason), so that nobody but the issuer ends a
//! newcomer's wait. Clauses: specs/05-invite V-7, V-11.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{IssuerId, KnockId};
use crate::identity::{Verified, signature_holds};
use crate::invite::IssuerKey;
use crate::label::Label;
use crate::limits::{MAX_NOTE_CHARS, MAX_WELCOME};
use crate::mls::HpkeError;
use crate::secret::SecretBytes;
use crate::wire::text::{Opaque, Text};
use crate::wire::{self, DecodeError};

/// What a newcomer gets for a knock.
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum Answer {
    /// Let in.
    #[tls_codec(discriminant = 1)]
    Admitted(Admission),
    /// Somebody decided against it.
    Declined(Declined),
    /// The invite does not admit it.
    Refused(Refused),
}

/// Everything a newcomer needs to join.
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Admission {
    /// The MLS Welcome, for one KeyPackage of the knock.
    pub welcome: Opaque<MAX_WELCOME>,
    /// The ledger of the state the Welcome leads to, its era, and what is known of other states.
    pub entrance: Opaque<MAX_WELCOME>,
}

/// A no by people.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Declined {
    /// What they say to the newcomer; may be empty.
    pub reason: Text<MAX_NOTE_CHARS>,
    signature: [u8; 64],
}

/// A no by rule.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Refused {
    /// The rule.
    pub reason: Refusal,
    signature: [u8; 64],
}

/// Why an invite does not admit a knock.
#[derive(
    Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, TlsDeserialize, TlsSerialize, TlsSize,
)]
#[repr(u8)]
pub enum Refusal {
    /// All its uses are used.
    Used = 0,
    /// Its time is over.
    Expired = 1,
    /// It was taken back.
    Revoked = 2,
    /// The circle is full.
    Full = 3,
    /// The knock accepts another text of the agreement.
    AgreementChanged = 4,
}

/// Why an answer is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum AnswerError {
    /// It is not an answer.
    #[error("the answer is unreadable: {0}")]
    Body(#[from] DecodeError),
    /// The issuer did not sign this no, or not for this knock.
    #[error("the answer is not signed by the invite's issuer")]
    BadSignature,
    /// It does not open with the reply key.
    #[error("the answer does not open: {0}")]
    Sealed(#[from] HpkeError),
}

impl Answer {
    /// A no by people, signed by the invite's issuer.
    #[must_use]
    pub fn declined(knock: &KnockId, reason: Text<MAX_NOTE_CHARS>, key: &IssuerKey) -> Self {
        let signature = key.sign(Label::ANSWER_SIGNATURE, &decline_content(knock, &reason));
        Self::Declined(Declined { reason, signature })
    }

    /// A no by rule, signed by the invite's issuer.
    #[must_use]
    pub fn refused(knock: &KnockId, reason: Refusal, key: &IssuerKey) -> Self {
        let signature = key.sign(Label::ANSWER_SIGNATURE, &refusal_content(knock, reason));
        Self::Refused(Refused { reason, signature })
    }

    /// The bytes to seal.
    #[must_use]
    pub fn to_bytes(&self) -> SecretBytes {
        wire::encode(self)
    }

    /// Reads what [`Self::to_bytes`] wrote and checks that a no comes from the issuer. An
    /// admission proves itself by what it lets the newcomer join.
    ///
    /// # Errors
    /// [`AnswerError`]; the newcomer goes on waiting.
    pub fn from_bytes(
        bytes: &[u8],
        knock: &KnockId,
        issuer: &IssuerId,
    ) -> Result<Verified<Self>, AnswerError> {
        let answer: Self = wire::decode(bytes, MAX_WELCOME)?;
        let (content, signature) = match &answer {
            Self::Admitted(_) => return Ok(Verified::assert(answer)),
            Self::Declined(no) => (decline_content(knock, &no.reason), &no.signature),
            Self::Refused(no) => (refusal_content(knock, no.reason), &no.signature),
        };
        if !signature_holds(issuer.as_bytes(), Label::ANSWER_SIGNATURE, &content, signature) {
            return Err(AnswerError::BadSignature);
        }
        Ok(Verified::assert(answer))
    }
}

const DECLINED: u8 = 2;
const REFUSED: u8 = 3;

fn decline_content(knock: &KnockId, reason: &Text<MAX_NOTE_CHARS>) -> Vec<u8> {
    [knock.as_bytes().as_slice(), &[DECLINED], reason.as_str().as_bytes()].concat()
}

fn refusal_content(knock: &KnockId, reason: Refusal) -> Vec<u8> {
    [knock.as_bytes().as_slice(), &[REFUSED], &[reason as u8]].concat()
}
