//! The key that speaks for an invite towards those who hold its text: it signs the card, and says
//! no. Clause: specs/05-invite V-6.

use ed25519_dalek::{Signer, SigningKey};

use crate::id::IssuerId;
use crate::label::Label;
use crate::random::Random;
use crate::secret::Secret;

/// The private half of an [`IssuerId`] (Ed25519).
pub struct IssuerKey(SigningKey);

impl IssuerKey {
    /// A fresh key.
    #[must_use]
    pub fn generate(random: &mut Random) -> Self {
        Self::from_secret(&random.secret())
    }

    /// The key whose Ed25519 seed is `secret`.
    #[must_use]
    pub fn from_secret(secret: &Secret<32>) -> Self {
        Self(SigningKey::from_bytes(secret.expose()))
    }

    /// The seed, to be kept sealed.
    #[must_use]
    pub fn to_secret(&self) -> Secret<32> {
        Secret::from_bytes(self.0.to_bytes())
    }

    /// The issuer this key speaks for.
    #[must_use]
    pub fn id(&self) -> IssuerId {
        IssuerId::from_bytes(self.0.verifying_key().to_bytes())
    }

    pub(crate) fn sign(&self, label: Label, content: &[u8]) -> [u8; 64] {
        self.0.sign(&label.to_be_signed(content)).to_bytes()
    }
}

impl std::fmt::Debug for IssuerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IssuerKey(…)")
    }
}
