//! The credential of a device: what stands in the BasicCredential of its MLS leaf.
//!
//! ```text
//! +-----------+-----------+--------------+
//! | member 32 | device 32 | signature 64 |   the member key signs (label, circle, device)
//! +-----------+-----------+--------------+
//! ```
//! Checked on every leaf before anything is merged. Clauses: specs/02-identity D-3, D-4.

use ed25519_dalek::VerifyingKey;
use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{CircleId, DeviceId, MemberId};
use crate::identity::{Unverified, Verified, signature_holds};
use crate::label::Label;
use crate::wire::{self, DecodeError};

/// A member's word that a device is theirs, in one circle.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Credential {
    /// The member.
    pub member: MemberId,
    /// The device, and so the MLS signature key of its leaf.
    pub device: DeviceId,
    /// The member key's signature over (label, circle, device).
    pub signature: [u8; 64],
}

/// Why a credential does not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CredentialError {
    /// The leaf that carries it has another signature key.
    #[error("the credential is for another device")]
    OtherDevice,
    /// The device key is one with which anybody could sign.
    #[error("the device key is not a sound key")]
    UnsoundKey,
    /// The member did not sign it, or not for this circle.
    #[error("the credential is not signed by its member for this circle")]
    BadSignature,
}

impl Credential {
    /// Length in bytes.
    pub const LEN: usize = 128;

    /// Reads a credential; nothing about it is believed yet.
    ///
    /// # Errors
    /// [`DecodeError`] when it is not exactly [`Self::LEN`] bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Unverified<Self>, DecodeError> {
        Ok(Unverified::new(wire::decode(bytes, Self::LEN)?))
    }

    /// The bytes of the BasicCredential.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self).to_vec()
    }

    pub(super) fn signed_content(circle: &CircleId, device: &DeviceId) -> Vec<u8> {
        [circle.as_bytes().as_slice(), device.as_bytes()].concat()
    }
}

impl Unverified<Credential> {
    /// Checks that the member key signed for `circle` and for the signature key of the leaf that
    /// carries the credential.
    ///
    /// # Errors
    /// [`CredentialError`]; the leaf must not become part of a state.
    pub fn verify(
        self,
        circle: &CircleId,
        mls_signature_key: &[u8],
    ) -> Result<Verified<Credential>, CredentialError> {
        let credential = self.into_claimed();
        if credential.device.as_bytes().as_slice() != mls_signature_key {
            return Err(CredentialError::OtherDevice);
        }
        let sound =
            VerifyingKey::from_bytes(credential.device.as_bytes()).is_ok_and(|key| !key.is_weak());
        if !sound {
            return Err(CredentialError::UnsoundKey);
        }
        let content = Credential::signed_content(circle, &credential.device);
        let member = credential.member.as_bytes();
        if !signature_holds(member, Label::DEVICE_CREDENTIAL, &content, &credential.signature) {
            return Err(CredentialError::BadSignature);
        }
        Ok(Verified::assert(credential))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{DeviceKey, MemberKey};
    use crate::secret::Secret;

    const CIRCLE: CircleId = CircleId::from_bytes([1; 32]);

    fn member() -> MemberKey {
        MemberKey::from_secret(&Secret::from_bytes([2; 32]))
    }

    fn device(seed: u8) -> DeviceId {
        DeviceKey::from_secret(&Secret::from_bytes([seed; 32])).id()
    }

    fn read(bytes: &[u8]) -> Unverified<Credential> {
        Credential::from_bytes(bytes).unwrap()
    }

    #[test]
    fn a_credential_holds_for_its_circle_and_its_leaf() {
        let bytes = member().certify(&CIRCLE, &device(3)).to_bytes();
        let credential = read(&bytes).verify(&CIRCLE, device(3).as_bytes()).unwrap();
        assert_eq!(credential.member, member().id());
        assert_eq!(credential.device, device(3));
    }

    #[test]
    fn a_credential_of_another_circle_is_refused() {
        let bytes = member().certify(&CIRCLE, &device(3)).to_bytes();
        let other = CircleId::from_bytes([9; 32]);
        let refused = read(&bytes).verify(&other, device(3).as_bytes());
        assert_eq!(refused, Err(CredentialError::BadSignature));
    }

    #[test]
    fn a_credential_does_not_hold_on_the_leaf_of_another_device() {
        let bytes = member().certify(&CIRCLE, &device(3)).to_bytes();
        let refused = read(&bytes).verify(&CIRCLE, device(4).as_bytes());
        assert_eq!(refused, Err(CredentialError::OtherDevice));
    }

    #[test]
    fn a_device_key_anybody_can_sign_with_is_refused() {
        let mut weak = [0; 32];
        weak[0] = 1;
        let bytes = member().certify(&CIRCLE, &DeviceId::from_bytes(weak)).to_bytes();
        let refused = read(&bytes).verify(&CIRCLE, &weak);
        assert_eq!(refused, Err(CredentialError::UnsoundKey));
    }

    #[test]
    fn every_flipped_bit_is_refused() {
        let bytes = member().certify(&CIRCLE, &device(3)).to_bytes();
        for bit in 0..bytes.len() * 8 {
            let mut spoilt = bytes.clone();
            spoilt[bit / 8] ^= 1 << (bit % 8);
            assert!(read(&spoilt).verify(&CIRCLE, device(3).as_bytes()).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn bytes_of_another_length_are_not_a_credential() {
        let bytes = member().certify(&CIRCLE, &device(3)).to_bytes();
        assert_eq!(Credential::from_bytes(&bytes[1..]).err(), Some(DecodeError::Malformed));
        let longer = [bytes.as_slice(), &[0]].concat();
        assert_eq!(Credential::from_bytes(&longer).err(), Some(DecodeError::TooLong));
    }
}
