//! The credential of a device: what stands in the BasicCredential of its MLS leaf.
//!
//! ```text
//! +-----------+-----------+--------------+--------------------------------------+
//! | member 32 | device 32 | signature 64 | vouchers V: (device 32, signature 64) |
//! +-----------+-----------+--------------+--------------------------------------+
//! ```
//! Without vouchers the member key signs (label, circle, device). A device that came in anew in the
//! place of another has the other's word instead: the member key signs for the first voucher, each
//! voucher for the next, and the last for the device. Checked on every leaf before anything is
//! merged. Clauses: specs/02-identity D-3, D-4, D-12.

use ed25519_dalek::VerifyingKey;
use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{CircleId, DeviceId, MemberId};
use crate::identity::{DeviceKey, Unverified, Verified, signature_holds};
use crate::label::Label;
use crate::limits::MAX_VOUCHERS;
use crate::wire::{self, DecodeError};

/// A member's word that a device is theirs, in one circle.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Credential {
    /// The member.
    pub member: MemberId,
    /// The device, and so the MLS signature key of its leaf.
    pub device: DeviceId,
    /// The signature of the member key, or of the last voucher, over (label, circle, device).
    pub signature: [u8; 64],
    /// The devices in whose place this one stands, the first one first: at most
    /// [`MAX_VOUCHERS`].
    pub vouchers: Vec<Voucher>,
}

/// A device that gave its place to another.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Voucher {
    /// The device.
    pub device: DeviceId,
    /// The signature of the member key, or of the voucher before it, over (label, circle, device).
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
    /// More devices than may stand one in the place of the other.
    #[error("too many devices vouched for each other")]
    TooManyVouchers,
}

impl Credential {
    /// Bytes of the longest credential.
    pub const MAX_LEN: usize = 32 + 32 + 64 + 2 + MAX_VOUCHERS * (32 + 64);

    /// Reads a credential; nothing about it is believed yet.
    ///
    /// # Errors
    /// [`DecodeError`] when it is none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Unverified<Self>, DecodeError> {
        Ok(Unverified::new(wire::decode(bytes, Self::MAX_LEN)?))
    }

    /// The word of the device `old`, whose credential this is, for the device `new` that takes its
    /// place. `None` if too many stand one in the place of the other already: then the member key
    /// has to speak.
    #[must_use]
    pub fn vouch(&self, circle: &CircleId, old: &DeviceKey, new: &DeviceId) -> Option<Self> {
        if self.vouchers.len() >= MAX_VOUCHERS || old.id() != self.device {
            return None;
        }
        let mut vouchers = self.vouchers.clone();
        vouchers.push(Voucher { device: self.device, signature: self.signature });
        let content = Self::signed_content(circle, new);
        let signature = old.sign(Label::DEVICE_VOUCHED, &content);
        Some(Self { member: self.member, device: *new, signature, vouchers })
    }

    /// Whether the member key itself speaks for the device.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        self.vouchers.is_empty()
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
        if credential.vouchers.len() > MAX_VOUCHERS {
            return Err(CredentialError::TooManyVouchers);
        }
        let mut signer = (credential.member.as_bytes(), Label::DEVICE_CREDENTIAL);
        let links = credential.vouchers.iter().map(|voucher| (&voucher.device, &voucher.signature));
        for (device, signature) in links.chain([(&credential.device, &credential.signature)]) {
            let content = Credential::signed_content(circle, device);
            if !signature_holds(signer.0, signer.1, &content, signature) {
                return Err(CredentialError::BadSignature);
            }
            signer = (device.as_bytes(), Label::DEVICE_VOUCHED);
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
            let refused = Credential::from_bytes(&spoilt)
                .map_or(true, |read| read.verify(&CIRCLE, device(3).as_bytes()).is_err());
            assert!(refused, "bit {bit}");
        }
    }

    #[test]
    fn bytes_of_another_length_are_not_a_credential() {
        let bytes = member().certify(&CIRCLE, &device(3)).to_bytes();
        assert_eq!(bytes.len(), 129);
        assert!(Credential::from_bytes(&bytes[1..]).is_err());
        let longer = [bytes.as_slice(), &[0]].concat();
        assert_eq!(Credential::from_bytes(&longer).err(), Some(DecodeError::Malformed));
        let far_longer = [bytes.as_slice(), &[0; Credential::MAX_LEN]].concat();
        assert_eq!(Credential::from_bytes(&far_longer).err(), Some(DecodeError::TooLong));
    }

    #[test]
    fn a_device_in_the_place_of_another_has_its_word_and_no_word_of_anybody_else() {
        let key = |seed| DeviceKey::from_secret(&Secret::from_bytes([seed; 32]));
        let mut credential = member().certify(&CIRCLE, &device(3));
        for seed in 4..4 + MAX_VOUCHERS as u8 {
            credential = credential.vouch(&CIRCLE, &key(seed - 1), &device(seed)).unwrap();
            let bytes = credential.to_bytes();
            let read = read(&bytes).verify(&CIRCLE, device(seed).as_bytes()).unwrap();
            assert_eq!(read.into_inner(), credential);
        }
        let last = key(3 + MAX_VOUCHERS as u8);
        assert_eq!(credential.to_bytes().len(), Credential::MAX_LEN);
        assert_eq!(credential.vouch(&CIRCLE, &last, &device(99)), None);

        let direct = member().certify(&CIRCLE, &device(3));
        assert_eq!(direct.vouch(&CIRCLE, &key(5), &device(6)), None);
        let mut stolen = direct.vouch(&CIRCLE, &key(3), &device(6)).unwrap();
        stolen.vouchers[0].device = device(5);
        let refused = Unverified::new(stolen).verify(&CIRCLE, device(6).as_bytes());
        assert_eq!(refused, Err(CredentialError::BadSignature));
        // The word of a device is not the word of the member.
        let mut raised = direct.vouch(&CIRCLE, &key(3), &device(6)).unwrap();
        raised.vouchers.clear();
        let refused = Unverified::new(raised).verify(&CIRCLE, device(6).as_bytes());
        assert_eq!(refused, Err(CredentialError::BadSignature));
    }
}
