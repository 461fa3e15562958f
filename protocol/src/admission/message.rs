//! What is said on the stream on which tokens are drawn. One request and one answer:
//!
//! ```text
//! relay   Nonce
//! client  Draw | Revoke                 relay  Drawn | Revoked | Refused
//! ```
//! Each message stands behind its length (u32, big endian). Clauses: specs/06-sync Y-64, Y-68.

use std::fmt;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use super::grant::GrantId;
use crate::limits::{DRAW_TOKENS, MAX_GRANT_EPOCHS};
use crate::wire::sync::Refusal;
use crate::wire::{DecodeError, decode, encode};

/// The name of the protocol (R-1).
pub const PROTOCOL: &str = "/windbreak/grant/1";
/// Bytes of the largest message: an answer with all elements and all keys.
pub const MAX_ADMISSION_MESSAGE: usize = 32 * (DRAW_TOKENS + MAX_GRANT_EPOCHS) + 128;

/// An element of ristretto255 as it travels, unchecked.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Element([u8; 32]);

impl Element {
    /// From the bytes on the wire.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes on the wire.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// What a member's node says.
#[derive(Clone, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum AdmissionRequest {
    /// Draws tokens.
    #[tls_codec(discriminant = 1)]
    Draw {
        /// The grant.
        grant: GrantId,
        /// Whose part of it.
        member: u16,
        /// The epoch of the tokens.
        epoch: u32,
        /// [`super::SubGrant::draw_proof`].
        proof: [u8; 32],
        /// [`DRAW_TOKENS`] of them, neither more nor fewer.
        blinded: Vec<Element>,
    },
    /// Revokes a sub-grant.
    #[tls_codec(discriminant = 2)]
    Revoke {
        /// The grant.
        grant: GrantId,
        /// Whose part of it.
        member: u16,
        /// [`super::Grant::revocation`].
        proof: [u8; 32],
    },
}

/// What a relay says.
#[derive(Clone, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum AdmissionReply {
    /// Random, fresh for every stream; comes first.
    #[tls_codec(discriminant = 1)]
    Nonce {
        /// What proofs are made over.
        nonce: [u8; 32],
    },
    /// The tokens, still blinded.
    #[tls_codec(discriminant = 2)]
    Drawn {
        /// All public keys of the grant, which hash to what the grant pins.
        keys: Vec<Element>,
        /// One for each that was blinded, in the same order.
        evaluated: Vec<Element>,
        /// The proof (DLEQ) that all were made with the key of the epoch.
        proof: [u8; 64],
    },
    /// The sub-grant draws nothing any more.
    #[tls_codec(discriminant = 3)]
    Revoked,
    /// Not done, and why.
    #[tls_codec(discriminant = 4)]
    Refused {
        /// Why.
        reason: Refusal,
    },
}

impl AdmissionRequest {
    /// The bytes of this message, without the length before it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self).to_vec()
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`DecodeError`]: the client does not follow the protocol.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let request = decode(bytes, MAX_ADMISSION_MESSAGE)?;
        match &request {
            Self::Draw { blinded, .. } if blinded.len() != DRAW_TOKENS => Err(DecodeError::Limit),
            _ => Ok(request),
        }
    }
}

impl AdmissionReply {
    /// The bytes of this message, without the length before it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self).to_vec()
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`DecodeError`]: the relay does not follow the protocol.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let reply = decode(bytes, MAX_ADMISSION_MESSAGE)?;
        match &reply {
            Self::Drawn { keys, evaluated, .. }
                if keys.len() > MAX_GRANT_EPOCHS || evaluated.len() != DRAW_TOKENS =>
            {
                Err(DecodeError::Limit)
            }
            _ => Ok(reply),
        }
    }
}

impl fmt::Debug for AdmissionRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Draw { .. } => "Draw(…)",
            Self::Revoke { .. } => "Revoke(…)",
        })
    }
}

impl fmt::Debug for AdmissionReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nonce { .. } => "Nonce(…)",
            Self::Drawn { .. } => "Drawn(…)",
            Self::Revoked => "Revoked",
            Self::Refused { reason } => return write!(f, "Refused({reason:?})"),
        })
    }
}
