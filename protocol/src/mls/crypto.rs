//! What openmls computes with: libcrux, with every random byte drawn from an injected key, and Ed25519 of
//! `ed25519-dalek` for signatures that are looked at.
//!
//! A seeded generator alone does not make a run repeatable. HPKE asks the system for randomness,
//! and openmls encrypts a path on many threads in no fixed order. So the randomness of an HPKE
//! operation is a MAC of what it seals, under the injected key, and the generator that carries it
//! is armed on the same thread just before. Clause: specs/03-circle C-17.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use ed25519_dalek::{Signature, VerifyingKey};
use hpke_rs::{Hpke, HpkePrivateKey, HpkePublicKey, Mode};
use hpke_rs_crypto::types::{AeadAlgorithm, KdfAlgorithm, KemAlgorithm};
use openmls_libcrux_crypto::CryptoProvider;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::random::OpenMlsRand;
use openmls_traits::types::{
    AeadType, Ciphersuite, CryptoError, ExporterSecret, HashType, HpkeCiphertext, HpkeConfig,
    HpkeKeyPair, KemOutput, SignatureScheme,
};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use tls_codec::SecretVLBytes;

use crate::label::Label;
use crate::mls::injected::Injected;
use crate::mls::profile::Suite;
use crate::secret::Secret;

/// Cryptography for one operation of openmls, with the randomness it may use.
///
/// Make a fresh one per commit, KeyPackage, message or HPKE operation: one key and one content
/// give one result.
pub(crate) struct Crypto {
    injected: Secret<32>,
    stream: Mutex<ChaCha20Rng>,
    /// Keys whose first byte is below this are sealed rubbish.
    #[cfg(feature = "testing")]
    spoilt: u16,
    /// How many key pairs are still derived until one gets a public key that nobody can seal to.
    #[cfg(test)]
    until_broken: std::sync::atomic::AtomicUsize,
}

impl Crypto {
    /// Takes the key from which all randomness of the operation follows.
    pub(crate) fn new(injected: Secret<32>) -> Self {
        let seed = Label::MLS_RANDOMNESS.derive(&injected, &[]);
        let stream = Mutex::new(ChaCha20Rng::from_seed(*seed.expose()));
        Self {
            injected,
            stream,
            #[cfg(feature = "testing")]
            spoilt: 0,
            #[cfg(test)]
            until_broken: usize::MAX.into(),
        }
    }

    /// Breaks the public key of the key pair that is derived after `count` others.
    #[cfg(test)]
    pub(super) fn break_key(&mut self, count: usize) {
        self.until_broken = count.into();
    }

    /// Seals rubbish to the keys whose first byte is below `share` from now on.
    #[cfg(feature = "testing")]
    pub(super) fn spoil(&mut self, share: u16) {
        self.spoilt = share;
    }

    /// Begins anew: the same operation then has the same result.
    #[cfg(any(test, feature = "testing"))]
    pub(super) fn rewind(&self) {
        self.stream().set_word_pos(0);
    }

    fn stream(&self) -> MutexGuard<'_, ChaCha20Rng> {
        // A generator cannot be left half-way: every call of it completes.
        self.stream.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An HPKE context that will draw the randomness that belongs to `content`.
    fn armed(&self, suite: Suite, content: &[&[u8]]) -> Hpke<Injected> {
        let seed = Label::HPKE_RANDOMNESS.mac(&self.injected, content);
        Injected::arm(Secret::from_bytes(seed));
        hpke(suite)
    }
}

/// The libcrux provider of openmls for everything that needs no randomness. It seeds a generator
/// of its own from the system when it is made; nothing here ever asks it for a byte.
fn libcrux() -> Result<&'static CryptoProvider, CryptoError> {
    static LIBCRUX: OnceLock<Option<CryptoProvider>> = OnceLock::new();
    LIBCRUX
        .get_or_init(|| CryptoProvider::new().ok())
        .as_ref()
        .ok_or(CryptoError::InsufficientRandomness)
}

fn hpke(suite: Suite) -> Hpke<Injected> {
    let kem = match suite {
        Suite::XWing => KemAlgorithm::XWingDraft06,
        Suite::X25519 => KemAlgorithm::DhKem25519,
    };
    Hpke::new(Mode::Base, kem, KdfAlgorithm::HkdfSha256, AeadAlgorithm::ChaCha20Poly1305)
}

fn suite_of(config: HpkeConfig) -> Result<Suite, CryptoError> {
    [Suite::XWing, Suite::X25519]
        .into_iter()
        .find(|suite| {
            let own = suite.hpke_config();
            (own.0, own.1, own.2) == (config.0, config.1, config.2)
        })
        .ok_or(CryptoError::UnsupportedCiphersuite)
}

/// libcrux-kem cuts X-Wing keys and ciphertexts at fixed offsets and panics when they are shorter.
/// They come from peers, so their lengths are checked before it sees them.
fn check(bytes: &[u8], length: usize) -> Result<(), CryptoError> {
    if bytes.len() == length { Ok(()) } else { Err(CryptoError::InvalidLength) }
}

/// Fails the operation that was just run if it drew a byte that nobody had armed.
fn drew_only_injected() -> Result<(), CryptoError> {
    if Injected::was_enough() { Ok(()) } else { Err(CryptoError::InsufficientRandomness) }
}

/// openmls asks for an error type of a generator; ours cannot fail.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("no randomness")]
pub(crate) struct NoRandomness;

impl OpenMlsRand for Crypto {
    type Error = NoRandomness;

    fn random_array<const N: usize>(&self) -> Result<[u8; N], NoRandomness> {
        let mut bytes = [0; N];
        self.stream().fill_bytes(&mut bytes);
        Ok(bytes)
    }

    fn random_vec(&self, len: usize) -> Result<Vec<u8>, NoRandomness> {
        let mut bytes = vec![0; len];
        self.stream().fill_bytes(&mut bytes);
        Ok(bytes)
    }
}

impl OpenMlsCrypto for Crypto {
    fn supports(&self, ciphersuite: Ciphersuite) -> Result<(), CryptoError> {
        Suite::from_ciphersuite(ciphersuite).map(|_| ()).ok_or(CryptoError::UnsupportedCiphersuite)
    }

    fn supported_ciphersuites(&self) -> Vec<Ciphersuite> {
        vec![Suite::XWing.ciphersuite(), Suite::X25519.ciphersuite()]
    }

    fn hkdf_extract(
        &self,
        hash: HashType,
        salt: &[u8],
        ikm: &[u8],
    ) -> Result<SecretVLBytes, CryptoError> {
        libcrux()?.hkdf_extract(hash, salt, ikm)
    }

    fn hmac(
        &self,
        hash: HashType,
        key: &[u8],
        message: &[u8],
    ) -> Result<SecretVLBytes, CryptoError> {
        libcrux()?.hmac(hash, key, message)
    }

    fn hkdf_expand(
        &self,
        hash: HashType,
        prk: &[u8],
        info: &[u8],
        length: usize,
    ) -> Result<SecretVLBytes, CryptoError> {
        libcrux()?.hkdf_expand(hash, prk, info, length)
    }

    fn hash(&self, hash: HashType, data: &[u8]) -> Result<Vec<u8>, CryptoError> {
        libcrux()?.hash(hash, data)
    }

    fn aead_encrypt(
        &self,
        aead: AeadType,
        key: &[u8],
        data: &[u8],
        nonce: &[u8],
        aad: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        libcrux()?.aead_encrypt(aead, key, data, nonce, aad)
    }

    fn aead_decrypt(
        &self,
        aead: AeadType,
        key: &[u8],
        ciphertext: &[u8],
        nonce: &[u8],
        aad: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        libcrux()?.aead_decrypt(aead, key, ciphertext, nonce, aad)
    }

    fn signature_key_gen(&self, _: SignatureScheme) -> Result<(Vec<u8>, Vec<u8>), CryptoError> {
        // Device keys are made by the identity module, never by openmls.
        Err(CryptoError::UnsupportedSignatureScheme)
    }

    fn verify_signature(
        &self,
        scheme: SignatureScheme,
        data: &[u8],
        key: &[u8],
        signature: &[u8],
    ) -> Result<(), CryptoError> {
        if scheme != SignatureScheme::ED25519 {
            return Err(CryptoError::UnsupportedSignatureScheme);
        }
        let key = key.try_into().map_err(|_| CryptoError::InvalidLength)?;
        let signature = Signature::from_slice(signature).map_err(|_| CryptoError::InvalidLength)?;
        // Strictly, as all other signatures here; and in half the time (decision 0150).
        VerifyingKey::from_bytes(key)
            .and_then(|key| key.verify_strict(data, &signature))
            .map_err(|_| CryptoError::InvalidSignature)
    }

    fn sign(
        &self,
        scheme: SignatureScheme,
        data: &[u8],
        key: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        libcrux()?.sign(scheme, data, key)
    }

    fn hpke_seal(
        &self,
        config: HpkeConfig,
        public: &[u8],
        info: &[u8],
        aad: &[u8],
        plaintext: &[u8],
    ) -> Result<HpkeCiphertext, CryptoError> {
        let suite = suite_of(config)?;
        check(public, suite.public_key_len())?;
        let (kem_output, ciphertext) = self
            .armed(suite, &[public, info, aad, plaintext])
            .seal(&HpkePublicKey::from(public), info, aad, plaintext, None, None, None)
            .map_err(|_| CryptoError::HpkeEncryptionError)?;
        drew_only_injected()?;
        #[cfg(feature = "testing")]
        let ciphertext = if public.first().is_some_and(|first| u16::from(*first) < self.spoilt) {
            ciphertext.iter().map(|byte| !byte).collect()
        } else {
            ciphertext
        };
        Ok(HpkeCiphertext { kem_output: kem_output.into(), ciphertext: ciphertext.into() })
    }

    fn hpke_open(
        &self,
        config: HpkeConfig,
        input: &HpkeCiphertext,
        secret: &[u8],
        info: &[u8],
        aad: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        let suite = suite_of(config)?;
        let (kem_output, ciphertext) = (input.kem_output.as_slice(), input.ciphertext.as_slice());
        check(kem_output, suite.kem_output_len())?;
        check(secret, Suite::SECRET_KEY_LEN)?;
        hpke(suite)
            .open(
                kem_output,
                &HpkePrivateKey::from(secret),
                info,
                aad,
                ciphertext,
                None,
                None,
                None,
            )
            .map_err(|_| CryptoError::HpkeDecryptionError)
    }

    fn hpke_setup_sender_and_export(
        &self,
        config: HpkeConfig,
        public: &[u8],
        info: &[u8],
        context: &[u8],
        length: usize,
    ) -> Result<(KemOutput, ExporterSecret), CryptoError> {
        let suite = suite_of(config)?;
        check(public, suite.public_key_len())?;
        let (kem_output, sender) = self
            .armed(suite, &[public, info, context])
            .setup_sender(&HpkePublicKey::from(public), info, None, None, None)
            .map_err(|_| CryptoError::SenderSetupError)?;
        drew_only_injected()?;
        let secret = sender.export(context, length).map_err(|_| CryptoError::ExporterError)?;
        Ok((kem_output, secret.into()))
    }

    fn hpke_setup_receiver_and_export(
        &self,
        config: HpkeConfig,
        kem_output: &[u8],
        secret: &[u8],
        info: &[u8],
        context: &[u8],
        length: usize,
    ) -> Result<ExporterSecret, CryptoError> {
        let suite = suite_of(config)?;
        check(kem_output, suite.kem_output_len())?;
        check(secret, Suite::SECRET_KEY_LEN)?;
        hpke(suite)
            .setup_receiver(kem_output, &HpkePrivateKey::from(secret), info, None, None, None)
            .map_err(|_| CryptoError::ReceiverSetupError)?
            .export(context, length)
            .map(ExporterSecret::from)
            .map_err(|_| CryptoError::ExporterError)
    }

    fn derive_hpke_keypair(
        &self,
        config: HpkeConfig,
        ikm: &[u8],
    ) -> Result<HpkeKeyPair, CryptoError> {
        let (private, public) = hpke(suite_of(config)?)
            .derive_key_pair(ikm)
            .map_err(|_| CryptoError::CryptoLibraryError)?
            .into_keys();
        let public = public.as_slice().to_vec();
        #[cfg(test)]
        let public = match self.until_broken.fetch_sub(1, std::sync::atomic::Ordering::Relaxed) {
            0 => vec![0; public.len()],
            _ => public,
        };
        Ok(HpkeKeyPair { private: private.as_slice().to_vec().into(), public })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_signs_everything_is_refused() {
        // The neutral point as a key, the base point and one as a signature: `s B = R + k A` holds whatever is
        // signed, and RFC 8032 does not forbid it.
        let mut key = [0; 32];
        key[0] = 1;
        let mut signature = [0x66; 64];
        signature[0] = 0x58;
        signature[32..].fill(0);
        signature[32] = 1;
        let verify = |key: &[u8], signature: &[u8]| {
            let crypto = Crypto::new(Secret::from_bytes([7; 32]));
            crypto.verify_signature(SignatureScheme::ED25519, b"anything", key, signature)
        };
        assert_eq!(verify(&key, &signature), Err(CryptoError::InvalidSignature));
        let alone = libcrux().unwrap();
        let taken = alone.verify_signature(SignatureScheme::ED25519, b"anything", &key, &signature);
        assert_eq!(taken, Ok(()), "what is refused here is not what is taken elsewhere");
        assert_eq!(verify(&key[1..], &signature), Err(CryptoError::InvalidLength));
        assert_eq!(verify(&key, &signature[1..]), Err(CryptoError::InvalidLength));
    }
}
