//! Member keys under the recovery phrase: sealed to a public key that the device has, opened by a
//! secret that only the phrase gives. So a device can make member keys day by day, and whoever
//! takes it open cannot speak for its member. Clause: specs/02-identity D-6.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{CircleId, MemberId};
use crate::identity::MemberKey;
use crate::label::Label;
use crate::mls::{self, HpkePublic, HpkeSecret, Suite};
use crate::random::Random;
use crate::secret::Secret;
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError};

/// Bytes of the longest sealed member key: a kem output, a key, and what stands around them.
const MAX_SEALED: usize = 2048;
/// Bytes of the longest public key, with its length.
const MAX_PUBLIC: usize = 4096;
/// What member keys are sealed with: they must stay closed as long as what they let in.
const SUITE: Suite = Suite::XWing;

/// What member keys are sealed to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RecoveryKey(HpkePublic);

/// What opens them.
#[derive(Debug)]
pub struct RecoverySecret(HpkeSecret);

/// A sealed member key, and whose it is.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct SealedMemberKey {
    member: MemberId,
    sealed: Opaque<MAX_SEALED>,
}

impl RecoverySecret {
    /// The pair that the entropy of a recovery phrase gives; `None` if the suite cannot be used on
    /// this device.
    #[must_use]
    pub fn derive(entropy: &Secret<32>) -> Option<(Self, RecoveryKey)> {
        let material = Label::RECOVERY.derive(entropy, &[]);
        let (secret, public) = mls::derive(SUITE, &material).ok()?;
        Some((Self(secret), RecoveryKey(public)))
    }
}

impl RecoveryKey {
    /// The bytes to be kept; they are no secret.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        wire::encode(&self.0).to_vec()
    }

    /// What [`Self::to_bytes`] gave.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        wire::decode(bytes, MAX_PUBLIC).map(Self)
    }

    /// Seals a member key of a circle.
    pub(crate) fn seal(
        &self,
        circle: &CircleId,
        key: &MemberKey,
        random: &mut Random,
    ) -> Option<SealedMemberKey> {
        let secret = key.to_secret();
        let member = key.id();
        let bound = [circle.as_bytes().as_slice(), member.as_bytes()].concat();
        let sealed =
            mls::seal(SUITE, &self.0, Label::RECOVERY_HPKE, &bound, secret.expose(), random)
                .ok()?;
        Some(SealedMemberKey { member, sealed: Opaque::new(sealed).ok()? })
    }
}

impl SealedMemberKey {
    /// Whose it is.
    pub(crate) fn member(&self) -> MemberId {
        self.member
    }

    /// Opens it; `None` if it was sealed for another phrase or circle.
    pub(crate) fn open(&self, circle: &CircleId, secret: &RecoverySecret) -> Option<MemberKey> {
        let bound = [circle.as_bytes().as_slice(), self.member.as_bytes()].concat();
        let info = Label::RECOVERY_HPKE;
        let opened = mls::open(SUITE, &secret.0, info, &bound, self.sealed.as_bytes()).ok()?;
        let key = MemberKey::from_secret(&Secret::try_from(opened.as_slice()).ok()?);
        (key.id() == self.member).then_some(key)
    }

    /// The bytes to be kept.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self).to_vec()
    }

    /// What [`Self::to_bytes`] gave.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        wire::decode(bytes, 2 * MAX_SEALED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(byte: u8) -> (RecoverySecret, RecoveryKey) {
        RecoverySecret::derive(&Secret::from_bytes([byte; 32])).unwrap()
    }

    #[test]
    fn a_member_key_opens_with_its_own_phrase_in_its_own_circle_alone() {
        let mut random = Random::from_seed(&Secret::from_bytes([3; 32]));
        let key = MemberKey::generate(&mut random);
        let circle = CircleId::from_bytes([1; 32]);
        let (secret, public) = pair(1);
        let again = RecoveryKey::from_bytes(&public.to_bytes()).unwrap();
        assert_eq!(again, pair(1).1);
        let sealed = again.seal(&circle, &key, &mut random).unwrap();
        let sealed = SealedMemberKey::from_bytes(&sealed.to_bytes()).unwrap();
        assert_eq!(sealed.open(&circle, &secret).unwrap().id(), key.id());
        assert!(sealed.open(&circle, &pair(2).0).is_none());
        assert!(sealed.open(&CircleId::from_bytes([2; 32]), &secret).is_none());
    }
}
