//! The agreement of a circle and the hash by which a newcomer accepts exactly that text.
//! Clause: specs/05-invite V-5.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::label::Label;
use crate::limits::MAX_AGREEMENT;
use crate::wire::text::LongText;

/// The text of an agreement.
pub type AgreementText = LongText<MAX_AGREEMENT>;

/// Names one exact text of an agreement.
#[derive(
    Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd, TlsDeserialize, TlsSerialize, TlsSize,
)]
pub struct AgreementHash([u8; 32]);

impl AgreementHash {
    /// The hash of `text`.
    #[must_use]
    pub fn of(text: &AgreementText) -> Self {
        Self(Label::AGREEMENT.hash(&[text.as_str().as_bytes()]))
    }

    /// Takes the 32 bytes as they stand on the wire.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes as they stand on the wire.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for AgreementHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AgreementHash(…)")
    }
}
