//! The member key: what a person is in one circle. It certifies devices and signs nothing else.
//! Clause: specs/02-identity D-1, D-6.

use ed25519_dalek::{Signer, SigningKey};

use crate::id::{CircleId, DeviceId, MemberId};
use crate::identity::Credential;
use crate::label::Label;
use crate::random::Random;
use crate::secret::Secret;

/// The private half of a [`MemberId`] (Ed25519), fresh for every circle.
pub struct MemberKey(SigningKey);

impl MemberKey {
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

    /// The member this key speaks for.
    #[must_use]
    pub fn id(&self) -> MemberId {
        MemberId::from_bytes(self.0.verifying_key().to_bytes())
    }

    /// Says that `device` is a device of this member in `circle`.
    #[must_use]
    pub fn certify(&self, circle: &CircleId, device: &DeviceId) -> Credential {
        let content = Credential::signed_content(circle, device);
        let signature = self.0.sign(&Label::DEVICE_CREDENTIAL.to_be_signed(&content)).to_bytes();
        Credential { member: self.id(), device: *device, signature, vouchers: Vec::new() }
    }
}

impl std::fmt::Debug for MemberKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemberKey(…)")
    }
}
