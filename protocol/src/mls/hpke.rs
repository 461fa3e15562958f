//! One-shot HPKE for our own records: knocks, answers, what goes to some members only.
//!
//! Base mode of RFC 9180 with the KEM of the circle's suite, HKDF-SHA-256 and ChaCha20-Poly1305.
//! ```text
//! +----------------------+----------------------+
//! | kem output <V>       | ciphertext <V>       |
//! +----------------------+----------------------+
//! ```
//! Clauses: specs/05-invite V-8, V-11; randomness as in specs/03-circle C-17.

use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::HpkeCiphertext;
use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use crate::label::Label;
use crate::limits;
use crate::mls::crypto::Crypto;
use crate::mls::profile::Suite;
use crate::random::Random;
use crate::secret::{Secret, SecretBytes};
use crate::wire::text::Opaque;
use crate::wire::{DecodeError, decode, encode};

/// Bytes of the longest HPKE public key, that of X-Wing.
const MAX_PUBLIC: usize = Suite::XWing.public_key_len();
/// Bytes a sealed record has beyond its plaintext at most: kem output, tag, two lengths.
const OVERHEAD: usize = Suite::XWing.kem_output_len() + 16 + 8;

/// What others seal to.
#[derive(
    Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, TlsDeserialize, TlsSerialize, TlsSize,
)]
pub struct HpkePublic(Opaque<MAX_PUBLIC>);

impl HpkePublic {
    /// The key that a leaf holds; `None` if it is too long for any suite.
    pub(super) fn from_leaf(bytes: &[u8]) -> Option<Self> {
        Opaque::new(bytes).ok().map(Self)
    }

    /// The bytes as they stand on the wire.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// What opens that.
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct HpkeSecret(Secret<32>);

impl HpkeSecret {
    /// The private half of a leaf's key.
    pub(super) fn from_leaf(bytes: &[u8]) -> Option<Self> {
        Secret::try_from(bytes).ok().map(Self)
    }

    /// A second copy, on purpose.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.duplicate())
    }
}

/// Why something was not sealed or opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum HpkeError {
    /// The public key is not one of this suite.
    #[error("not a public key of this suite")]
    Key,
    /// The bytes are not a sealed record.
    #[error("the sealed record is {0}")]
    Decode(#[from] DecodeError),
    /// Sealed to another key, for another purpose, or altered.
    #[error("sealed to another key or altered")]
    Sealed,
}

/// A fresh key pair.
///
/// # Errors
/// [`HpkeError::Key`] if the suite cannot make one, which does not happen.
pub(crate) fn generate(
    suite: Suite,
    random: &mut Random,
) -> Result<(HpkeSecret, HpkePublic), HpkeError> {
    let material = random.secret::<32>();
    pair(suite, &material, Crypto::new(random.secret()))
}

/// The key pair that `material` gives.
///
/// # Errors
/// As [`generate`].
pub(crate) fn derive(
    suite: Suite,
    material: &Secret<32>,
) -> Result<(HpkeSecret, HpkePublic), HpkeError> {
    // Deriving draws nothing, so any key will do.
    pair(suite, material, Crypto::new(Secret::from_bytes([0; 32])))
}

fn pair(
    suite: Suite,
    material: &Secret<32>,
    crypto: Crypto,
) -> Result<(HpkeSecret, HpkePublic), HpkeError> {
    let pair = crypto
        .derive_hpke_keypair(suite.hpke_config(), material.expose())
        .map_err(|_| HpkeError::Key)?;
    let secret = Secret::try_from(&*pair.private).map_err(|_| HpkeError::Key)?;
    let public = Opaque::new(pair.public).map_err(|_| HpkeError::Key)?;
    Ok((HpkeSecret(secret), HpkePublic(public)))
}

/// Seals `plaintext` to `public`; `info` says what for, `aad` what it belongs to.
///
/// # Errors
/// [`HpkeError::Key`] if the key is not one of this suite.
pub(crate) fn seal(
    suite: Suite,
    public: &HpkePublic,
    info: Label,
    aad: &[u8],
    plaintext: &[u8],
    random: &mut Random,
) -> Result<Vec<u8>, HpkeError> {
    let sealed = Crypto::new(random.secret())
        .hpke_seal(suite.hpke_config(), public.as_bytes(), info.text().as_bytes(), aad, plaintext)
        .map_err(|_| HpkeError::Key)?;
    Ok(encode(&sealed).to_vec())
}

/// Opens what [`seal`] made with the same suite, `info` and `aad`.
///
/// # Errors
/// [`HpkeError`] says whether the bytes were malformed or the key did not fit.
pub(crate) fn open(
    suite: Suite,
    secret: &HpkeSecret,
    info: Label,
    aad: &[u8],
    sealed: &[u8],
) -> Result<SecretBytes, HpkeError> {
    let sealed: HpkeCiphertext = decode(sealed, limits::MAX_WELCOME + OVERHEAD)?;
    // Opening draws nothing, so any key will do.
    Crypto::new(Secret::from_bytes([0; 32]))
        .hpke_open(suite.hpke_config(), &sealed, secret.0.expose(), info.text().as_bytes(), aad)
        .map(Zeroizing::new)
        .map_err(|_| HpkeError::Sealed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hpke_opens_with_its_key_its_purpose_and_its_aad_alone() {
        for suite in [Suite::XWing, Suite::X25519] {
            let mut random = Random::from_seed(&Secret::from_bytes([4; 32]));
            let (secret, public) = generate(suite, &mut random).unwrap();
            let (other, _) = generate(suite, &mut random).unwrap();
            let sealed =
                seal(suite, &public, Label::KNOCK_HPKE, b"aad", b"text", &mut random).unwrap();
            let again =
                seal(suite, &public, Label::KNOCK_HPKE, b"aad", b"text", &mut random).unwrap();
            assert_ne!(sealed, again);

            let opens =
                |secret, info, aad: &[u8], sealed: &[u8]| open(suite, secret, info, aad, sealed);
            let opened = opens(&secret, Label::KNOCK_HPKE, b"aad", &sealed).unwrap();
            assert_eq!(opened.as_slice(), b"text");
            let refused = HpkeError::Sealed;
            assert_eq!(opens(&other, Label::KNOCK_HPKE, b"aad", &sealed), Err(refused));
            assert_eq!(opens(&secret, Label::ANSWER_HPKE, b"aad", &sealed), Err(refused));
            assert_eq!(opens(&secret, Label::KNOCK_HPKE, b"", &sealed), Err(refused));
            for end in 0..sealed.len() {
                assert!(opens(&secret, Label::KNOCK_HPKE, b"aad", &sealed[..end]).is_err());
            }
            let short: HpkePublic =
                decode(&encode(&tls_codec::VLBytes::new(vec![1; 9])), 99).unwrap();
            let refused = seal(suite, &short, Label::KNOCK_HPKE, b"", b"", &mut random);
            assert_eq!(refused, Err(HpkeError::Key));
        }
    }

    #[test]
    fn hpke_draws_nothing_of_its_own() {
        for suite in [Suite::XWing, Suite::X25519] {
            let run = || {
                let mut random = Random::from_seed(&Secret::from_bytes([5; 32]));
                let (_, public) = generate(suite, &mut random).unwrap();
                seal(suite, &public, Label::KNOCK_HPKE, b"", b"text", &mut random).unwrap()
            };
            assert_eq!(run(), run());
        }
    }

    #[test]
    fn what_is_sealed_opens_with_stock_libcrux() {
        for suite in [Suite::XWing, Suite::X25519] {
            let mut random = Random::from_seed(&Secret::from_bytes([6; 32]));
            let (secret, public) = generate(suite, &mut random).unwrap();
            let sealed =
                seal(suite, &public, Label::KNOCK_HPKE, b"aad", b"text", &mut random).unwrap();
            let sealed: HpkeCiphertext = decode(&sealed, sealed.len()).unwrap();
            let opened = openmls_libcrux_crypto::CryptoProvider::new().unwrap().hpke_open(
                suite.hpke_config(),
                &sealed,
                secret.0.expose(),
                Label::KNOCK_HPKE.text().as_bytes(),
                b"aad",
            );
            assert_eq!(opened.unwrap(), b"text");
        }
    }
}
