//! The device key: one per device and circle. It signs the MLS leaf, MLS messages and items; labels
//! keep the three apart (an MLS label never starts with a zero byte, ours always do).
//! Clause: specs/02-identity D-2.

use ed25519_dalek::{Signer, SigningKey};

use crate::id::DeviceId;
use crate::label::Label;
use crate::random::Random;
use crate::secret::Secret;

/// The private half of a [`DeviceId`] (Ed25519), fresh for every circle.
pub struct DeviceKey(SigningKey);

impl DeviceKey {
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

    /// The key as a signer wants it, its public half worked out already.
    pub(crate) fn to_signing_key(&self) -> SigningKey {
        self.0.clone()
    }

    /// The device this key speaks for.
    #[must_use]
    pub fn id(&self) -> DeviceId {
        DeviceId::from_bytes(self.0.verifying_key().to_bytes())
    }

    /// Signs `content` for `label`.
    #[must_use]
    pub(crate) fn sign(&self, label: Label, content: &[u8]) -> [u8; 64] {
        self.sign_exactly(&label.to_be_signed(content))
    }

    /// Signs bytes that already say what they are for: the `SignContent` of RFC 9420 section 5.1.2.
    #[must_use]
    pub(crate) fn sign_exactly(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes).to_bytes()
    }
}

impl std::fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeviceKey(…)")
    }
}
