//! The wire: one encoding, the frame inside a seal, the envelope around it, chunks.
//!
//! Everything is the TLS presentation language (RFC 8446 section 3, vectors as in RFC 9420
//! section 2.1.2). Decoding refuses whatever a second encoder could have written differently.
//! Clauses: specs/01-wire.

pub mod chunk;
pub mod envelope;
pub mod flag;
pub mod frame;
pub mod sync;
pub mod text;

pub use envelope::{Envelope, Hint, SealKey, SizeClass, TopicKey, TopicVerifier};
pub use frame::{Frame, FrameKind};

use zeroize::Zeroizing;

/// Why bytes are not what they claim to be. Says nothing about their content.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DecodeError {
    /// More bytes than this kind of thing may have.
    #[error("longer than allowed")]
    TooLong,
    /// The bytes end early, run on, or hold a value that has no meaning.
    #[error("malformed")]
    Malformed,
    /// The same thing has another, shorter or ordered, encoding.
    #[error("not in canonical form")]
    NotCanonical,
    /// A version this program does not know.
    #[error("made by a newer version")]
    UnknownVersion,
    /// A field holds more than its limit.
    #[error("a field exceeds its limit")]
    Limit,
}

/// Encodes a value; the bytes are wiped when dropped, since most of what is encoded is secret.
#[must_use]
pub fn encode<T: tls_codec::Serialize>(value: &T) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(value.tls_serialized_len()));
    // Writing to memory fails only for a vector of 2^62 bytes or more, which no limit admits.
    let written = value.tls_serialize(&mut *bytes);
    debug_assert!(written.is_ok());
    bytes
}

/// Decodes a value of at most `limit` bytes, all of them used, in the one canonical form.
///
/// # Errors
/// [`DecodeError`] says what is wrong; nothing was allocated beyond the bytes given.
pub fn decode<T: tls_codec::Deserialize + tls_codec::Serialize>(
    bytes: &[u8],
    limit: usize,
) -> Result<T, DecodeError> {
    if bytes.len() > limit {
        return Err(DecodeError::TooLong);
    }
    let value = T::tls_deserialize_exact(bytes).map_err(|_| DecodeError::Malformed)?;
    if encode(&value).as_slice() != bytes {
        return Err(DecodeError::NotCanonical);
    }
    Ok(value)
}
