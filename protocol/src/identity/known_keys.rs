//! The public keys of those who signed lately, ready to check what they sign next. To make a point of
//! the bytes of a key takes a tenth of a check, and whoever speaks mostly speaks again.

use std::collections::BTreeMap;

use ed25519_dalek::{Signature, VerifyingKey};

use crate::id::DeviceId;
use crate::label::Label;
use crate::limits::MAX_KNOWN_KEYS;

/// Keys of devices whose signatures held: nobody else gets a place.
#[derive(Default)]
pub(crate) struct KnownKeys(BTreeMap<DeviceId, VerifyingKey>);

impl KnownKeys {
    /// As [`signature_holds`](crate::identity::signature_holds) of the device's key.
    pub(crate) fn signature_holds(
        &mut self,
        device: &DeviceId,
        label: Label,
        content: &[u8],
        signature: &[u8; 64],
    ) -> bool {
        let known = self.0.get(device).copied();
        let Some(key) = known.or_else(|| VerifyingKey::from_bytes(device.as_bytes()).ok()) else {
            return false;
        };
        let content = label.to_be_signed(content);
        let holds = key.verify_strict(&content, &Signature::from_bytes(signature)).is_ok();
        if holds && known.is_none() {
            if self.0.len() >= MAX_KNOWN_KEYS {
                // Forgetting costs work and nothing else.
                self.0.clear();
            }
            self.0.insert(*device, key);
        }
        holds
    }
}

impl std::fmt::Debug for KnownKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KnownKeys({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{DeviceKey, signature_holds};
    use crate::secret::Secret;

    const LABEL: Label = Label::ITEM_SIGNATURE;

    fn key(number: u64) -> DeviceKey {
        let mut seed = [7; 32];
        seed[..8].copy_from_slice(&number.to_be_bytes());
        DeviceKey::from_secret(&Secret::from_bytes(seed))
    }

    #[test]
    fn a_known_key_decides_as_one_that_is_not_known() {
        let mut known = KnownKeys::default();
        let mut check = |device: &DeviceId, label: Label, content: &[u8], signature: &[u8; 64]| {
            let holds = known.signature_holds(device, label, content, signature);
            assert_eq!(holds, signature_holds(device.as_bytes(), label, content, signature));
            holds
        };
        let (ada, ben) = (key(1), key(2));
        let signature = ada.sign(LABEL, b"text");
        for _ in 0..2 {
            assert!(check(&ada.id(), LABEL, b"text", &signature));
            assert!(!check(&ben.id(), LABEL, b"text", &signature));
            assert!(!check(&ada.id(), LABEL, b"test", &signature));
            assert!(!check(&ada.id(), Label::CONSENT, b"text", &signature));
            for at in 0..64 {
                let mut other = signature;
                other[at] ^= 1;
                assert!(!check(&ada.id(), LABEL, b"text", &other));
            }
            // Points of small order, and bytes that are no point.
            for first in [0, 1, 2] {
                let mut bytes = [0; 32];
                bytes[0] = first;
                assert!(!check(&DeviceId::from_bytes(bytes), LABEL, b"text", &[0; 64]));
            }
        }
    }

    #[test]
    fn only_so_many_keys_are_known_and_none_whose_signature_does_not_hold() {
        let mut known = KnownKeys::default();
        for number in 0..MAX_KNOWN_KEYS as u64 + 9 {
            let key = key(number);
            assert!(!known.signature_holds(&key.id(), LABEL, b"text", &[1; 64]));
            assert!(!known.0.contains_key(&key.id()));
            let signature = key.sign(LABEL, b"text");
            assert!(known.signature_holds(&key.id(), LABEL, b"text", &signature));
            assert!(known.0.contains_key(&key.id()));
            assert!(known.0.len() <= MAX_KNOWN_KEYS);
        }
    }
}
