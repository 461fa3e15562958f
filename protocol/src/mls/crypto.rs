//! What openmls computes with: libcrux, with every random byte drawn from an injected key.
//!
//! A seeded generator alone does not make a run repeatable. HPKE asks the system for randomness,
//! and openmls encrypts a path on many threads in no fixed order. So the randomness of an HPKE
//! operation is a MAC of what it seals, under the injected key, and the generator that carries it
//! is armed on the same thread just before. Clause: specs/03-circle C-11.

use std::cell::Cell;
use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use hpke_rs::{Hpke, HpkePrivateKey, HpkePublicKey, Mode};
use hpke_rs_crypto::error::Error as HpkeCryptoError;
use hpke_rs_crypto::types::{AeadAlgorithm, KdfAlgorithm, KemAlgorithm};
use hpke_rs_crypto::{HpkeCrypto, HpkeTestRng};
use hpke_rs_libcrux::HpkeLibcrux;
use openmls_libcrux_crypto::CryptoProvider;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::random::OpenMlsRand;
use openmls_traits::types::{
    AeadType, Ciphersuite, CryptoError, ExporterSecret, HashType, HpkeCiphertext, HpkeConfig,
    HpkeKeyPair, KemOutput, SignatureScheme,
};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng, TryCryptoRng, TryRng};
use tls_codec::SecretVLBytes;
use zeroize::Zeroize;

use crate::label::Label;
use crate::mls::profile::Suite;
use crate::secret::Secret;

/// Cryptography for one operation of openmls, with the randomness it may use.
///
/// Make a fresh one per commit, KeyPackage, message or HPKE operation: one key and one content
/// give one result.
pub(crate) struct Crypto {
    injected: Secret<32>,
    stream: Mutex<ChaCha20Rng>,
}

impl Crypto {
    /// Takes the key from which all randomness of the operation follows.
    pub(crate) fn new(injected: Secret<32>) -> Self {
        let seed = Label::MLS_RANDOMNESS.derive(&injected, &[]);
        let stream = Mutex::new(ChaCha20Rng::from_seed(*seed.expose()));
        Self { injected, stream }
    }

    fn stream(&self) -> MutexGuard<'_, ChaCha20Rng> {
        // A generator cannot be left half-way: every call of it completes.
        self.stream.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An HPKE context that will draw the randomness that belongs to `content`.
    fn armed(&self, suite: Suite, content: &[&[u8]]) -> Hpke<Injected> {
        let seed = Label::HPKE_RANDOMNESS.mac(&self.injected, content);
        DREW_UNARMED.set(false);
        ARMED.set(Some(Secret::from_bytes(seed)));
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

/// Whether the operation that was just run drew a byte that nobody had armed.
fn drew_only_injected() -> Result<(), CryptoError> {
    if DREW_UNARMED.get() { Err(CryptoError::InsufficientRandomness) } else { Ok(()) }
}

/// The generator of one operation ended; its error type for openmls. There is no such case.
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
        libcrux()?.verify_signature(scheme, data, key, signature)
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
        Ok(HpkeKeyPair {
            private: private.as_slice().to_vec().into(),
            public: public.as_slice().to_vec(),
        })
    }
}

thread_local! {
    /// The seed of the HPKE operation that this thread is about to run. hpke-rs makes its
    /// generator by a function without arguments, so there is no other way in.
    static ARMED: Cell<Option<Secret<32>>> = const { Cell::new(None) };
    /// Whether a generator without a seed was drawn from. hpke-rs makes several per operation and
    /// draws from the first alone; should that ever change, the operation fails.
    static DREW_UNARMED: Cell<bool> = const { Cell::new(false) };
}

/// The generator hpke-rs draws from: the armed seed's stream, or nothing.
struct Prng(Option<ChaCha20Rng>);

impl Zeroize for Prng {
    fn zeroize(&mut self) {
        self.0 = None;
    }
}

impl TryRng for Prng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        match &mut self.0 {
            Some(stream) => stream.fill_bytes(bytes),
            None => DREW_UNARMED.set(true),
        }
        Ok(())
    }
}

impl TryCryptoRng for Prng {}

impl HpkeTestRng for Prng {
    type Error = HpkeCryptoError;

    fn try_fill_test_bytes(&mut self, _: &mut [u8]) -> Result<(), HpkeCryptoError> {
        Err(HpkeCryptoError::InsufficientRandomness)
    }

    fn seed(&mut self, _: &[u8]) {}
}

/// libcrux for hpke-rs, with the armed generator in place of the system's.
#[derive(Debug)]
struct Injected;

type HpkeResult<T> = Result<T, HpkeCryptoError>;

impl HpkeCrypto for Injected {
    type HpkePrng = Prng;

    fn name() -> String {
        "libcrux with injected randomness".into()
    }

    fn prng() -> Prng {
        Prng(ARMED.take().map(|seed| ChaCha20Rng::from_seed(*seed.expose())))
    }

    fn kem_encaps(
        kem: KemAlgorithm,
        public: &[u8],
        prng: &mut Prng,
    ) -> HpkeResult<(Vec<u8>, Vec<u8>)> {
        if kem != KemAlgorithm::XWingDraft06 {
            return Err(HpkeCryptoError::UnknownKemAlgorithm);
        }
        let (secret, output) =
            libcrux_kem::PublicKey::decode(libcrux_kem::Algorithm::XWingKemDraft06, public)
                .and_then(|public| public.encapsulate(prng))
                .map_err(|_| HpkeCryptoError::KemInvalidPublicKey)?;
        Ok((secret.encode(), output.encode()))
    }

    fn kem_key_gen(_: KemAlgorithm, _: &mut Prng) -> HpkeResult<(Vec<u8>, Vec<u8>)> {
        // Key pairs are derived from bytes that were drawn elsewhere.
        Err(HpkeCryptoError::UnsupportedKemOperation)
    }

    fn supports_kdf(kdf: KdfAlgorithm) -> HpkeResult<()> {
        HpkeLibcrux::supports_kdf(kdf)
    }

    fn supports_kem(kem: KemAlgorithm) -> HpkeResult<()> {
        HpkeLibcrux::supports_kem(kem)
    }

    fn supports_aead(aead: AeadAlgorithm) -> HpkeResult<()> {
        HpkeLibcrux::supports_aead(aead)
    }

    fn kdf_extract(kdf: KdfAlgorithm, salt: &[u8], ikm: &[u8]) -> HpkeResult<Vec<u8>> {
        HpkeLibcrux::kdf_extract(kdf, salt, ikm)
    }

    fn kdf_expand(
        kdf: KdfAlgorithm,
        prk: &[u8],
        info: &[u8],
        length: usize,
    ) -> HpkeResult<Vec<u8>> {
        HpkeLibcrux::kdf_expand(kdf, prk, info, length)
    }

    fn dh(kem: KemAlgorithm, public: &[u8], secret: &[u8]) -> HpkeResult<Vec<u8>> {
        HpkeLibcrux::dh(kem, public, secret)
    }

    fn secret_to_public(kem: KemAlgorithm, secret: &[u8]) -> HpkeResult<Vec<u8>> {
        HpkeLibcrux::secret_to_public(kem, secret)
    }

    fn kem_key_gen_derand(kem: KemAlgorithm, seed: &[u8]) -> HpkeResult<(Vec<u8>, Vec<u8>)> {
        HpkeLibcrux::kem_key_gen_derand(kem, seed)
    }

    fn kem_decaps(kem: KemAlgorithm, output: &[u8], secret: &[u8]) -> HpkeResult<Vec<u8>> {
        HpkeLibcrux::kem_decaps(kem, output, secret)
    }

    fn dh_validate_sk(kem: KemAlgorithm, secret: &[u8]) -> HpkeResult<Vec<u8>> {
        HpkeLibcrux::dh_validate_sk(kem, secret)
    }

    fn aead_seal(
        aead: AeadAlgorithm,
        key: &[u8],
        nonce: &[u8],
        aad: &[u8],
        message: &[u8],
    ) -> HpkeResult<Vec<u8>> {
        HpkeLibcrux::aead_seal(aead, key, nonce, aad, message)
    }

    fn aead_open(
        aead: AeadAlgorithm,
        key: &[u8],
        nonce: &[u8],
        aad: &[u8],
        ciphertext: &[u8],
    ) -> HpkeResult<Vec<u8>> {
        HpkeLibcrux::aead_open(aead, key, nonce, aad, ciphertext)
    }
}
