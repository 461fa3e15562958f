//! Whether an HPKE public key can be sealed to, found out without sealing. Clause: specs/03-circle C-10.
//!
//! A seal fails on a key that has another length or, with X25519, where what is agreed on would be
//! zero whatever the sender draws (RFC 9180 section 7.1.4). That is so for points of small order and
//! for no others: a sender multiplies by eight times some number below 2^252, which no larger prime
//! that divides the order of the curve or of its twist divides. So multiplying by eight alone says the
//! same. X-Wing has such a key, and one of ML-KEM, which is looked at when it is read.

use curve25519_dalek::MontgomeryPoint;
use libcrux_kem::{Algorithm, PublicKey};

use crate::mls::profile::Suite;

/// Eight, from its highest bit.
const EIGHT: [bool; 4] = [true, false, false, false];

/// Whether `key` is an HPKE public key of this suite that others can seal to.
pub(super) fn can_seal_to(suite: Suite, key: &[u8]) -> bool {
    if key.len() != suite.public_key_len() {
        return false;
    }
    match suite {
        Suite::X25519 => key.try_into().is_ok_and(|point| !is_small(point)),
        Suite::XWing => match PublicKey::decode(Algorithm::XWingKemDraft06, key) {
            Ok(PublicKey::XWingKemDraft06(key)) => !is_small(key.pk_x.0),
            _ => false,
        },
    }
}

/// Whether a point of Curve25519 or of its twist is of small order. All encodings that X25519 takes are
/// taken here: the highest bit says nothing, and what is above the modulus is reduced (RFC 7748).
fn is_small(point: [u8; 32]) -> bool {
    MontgomeryPoint(point).mul_bits_be(EIGHT.into_iter()).to_bytes() == [0; 32]
}

#[cfg(test)]
mod tests {
    use openmls_traits::crypto::OpenMlsCrypto;
    use proptest::prelude::*;

    use super::*;
    use crate::mls::crypto::Crypto;
    use crate::secret::Secret;

    const BOTH: [Suite; 2] = [Suite::XWing, Suite::X25519];
    /// Bytes of an X-Wing key before its X25519 part.
    const ML_KEM: usize = 1184;

    /// Whether a seal to the key succeeds.
    fn seals(suite: Suite, key: &[u8]) -> bool {
        let crypto = Crypto::new(Secret::from_bytes([1; 32]));
        crypto.hpke_seal(suite.hpke_config(), key, &[], &[], &[]).is_ok()
    }

    fn sound(suite: Suite, seed: u8) -> Vec<u8> {
        let crypto = Crypto::new(Secret::from_bytes([1; 32]));
        crypto.derive_hpke_keypair(suite.hpke_config(), &[seed; 32]).unwrap().public
    }

    /// An X25519 key, alone or as a part of an X-Wing key.
    fn with_point(suite: Suite, point: [u8; 32]) -> Vec<u8> {
        match suite {
            Suite::X25519 => point.to_vec(),
            Suite::XWing => [&sound(suite, 2)[..ML_KEM], &point].concat(),
        }
    }

    /// Whether a key is taken, after it was compared with whether a seal to it succeeds.
    fn is_taken(suite: Suite, key: &[u8]) -> bool {
        let taken = can_seal_to(suite, key);
        assert_eq!(taken, seals(suite, key), "{suite:?} {}", data_encoding::HEXLOWER.encode(key));
        taken
    }

    #[test]
    fn no_key_is_taken_that_nobody_can_seal_to() {
        for suite in BOTH {
            let sound = sound(suite, 2);
            assert!(is_taken(suite, &sound));
            for len in [0, 1, 31, 32, 33, ML_KEM - 1, ML_KEM, ML_KEM + 1, 1215, 1216, 1217, 2432] {
                let key: Vec<u8> = sound.iter().copied().cycle().take(len).collect();
                assert_eq!(is_taken(suite, &key), len == sound.len());
                assert_eq!(is_taken(suite, &vec![9; len]), len == sound.len());
            }
            assert!(!is_taken(suite, &sound[1..]));
            assert!(!is_taken(suite, &[sound.as_slice(), &[0]].concat()));
            assert!(!is_taken(suite, &vec![0; sound.len()]));
        }
        assert!(!is_taken(Suite::XWing, &sound(Suite::X25519, 2)));
        assert!(!is_taken(Suite::X25519, &sound(Suite::XWing, 2)));
    }

    /// The numbers next to the modulus and below, and all that is above it, with and without the bit that
    /// says nothing.
    #[test]
    fn every_encoding_of_a_point_of_small_order_is_refused() {
        // Of order 8; the others are 0, 1 and −1 (https://cr.yp.to/ecdh.html#validate).
        let order_8 = [
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        ];
        let order_8 = order_8.map(|hex| -> [u8; 32] {
            data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap().try_into().unwrap()
        });
        let low = (0..=40_u8).map(|number| {
            let mut point = [0; 32];
            point[0] = number;
            point
        });
        let high = (0..=255_u8).map(|number| {
            let mut point = [0xff; 32];
            (point[0], point[31]) = (number, 0x7f);
            point
        });
        for suite in BOTH {
            let mut refused = Vec::new();
            for point in low.clone().chain(high.clone()).chain(order_8) {
                for bit in [0, 0x80] {
                    let mut point = point;
                    point[31] |= bit;
                    if !is_taken(suite, &with_point(suite, point)) {
                        refused.push(point);
                    }
                }
            }
            // 0, 1, −1, the modulus, one more, and two of order 8.
            assert_eq!(refused.len(), 2 * 7);
            assert!(order_8.iter().all(|point| refused.contains(point)));
        }
    }

    #[test]
    fn coefficients_of_ml_kem_beyond_its_modulus_are_refused() {
        assert!(!is_taken(Suite::XWing, &[0xff; 1216]));
        let sound = sound(Suite::XWing, 2);
        // Twelve bits each; 3,329 is the first that is none.
        for at in [0, 3, 1149] {
            for (low, high, is_one) in
                [(0x00, 0x0d, true), (0x01, 0x0d, false), (0xff, 0x0f, false)]
            {
                let mut key = sound.clone();
                key[at] = low;
                key[at + 1] = key[at + 1] & 0xf0 | high;
                assert_eq!(is_taken(Suite::XWing, &key), is_one);
            }
        }
        // The seed of its matrix may be anything.
        let mut key = sound;
        key[1152..ML_KEM].fill(0xff);
        assert!(is_taken(Suite::XWing, &key));
    }

    proptest! {
        #[test]
        fn what_is_computed_without_sealing_is_what_a_seal_says(
            point in any::<[u8; 32]>(),
            bytes in proptest::collection::vec(any::<u8>(), 0..1300),
            key in proptest::collection::vec(any::<u8>(), 1216),
        ) {
            for suite in BOTH {
                is_taken(suite, &with_point(suite, point));
                is_taken(suite, &bytes);
            }
            is_taken(Suite::XWing, &key);
        }
    }
}
