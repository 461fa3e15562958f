//! hpke-rs over libcrux, with randomness that somebody armed on this thread instead of the
//! system's. Clause: specs/03-circle C-17.

use std::cell::Cell;
use std::convert::Infallible;

use hpke_rs_crypto::error::Error as HpkeCryptoError;
use hpke_rs_crypto::types::{AeadAlgorithm, KdfAlgorithm, KemAlgorithm};
use hpke_rs_crypto::{HpkeCrypto, HpkeTestRng};
use hpke_rs_libcrux::HpkeLibcrux;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng, TryCryptoRng, TryRng};
use zeroize::Zeroize;

use crate::secret::Secret;

thread_local! {
    /// The seed of the HPKE operation that this thread is about to run. hpke-rs makes its
    /// generator by a function without arguments, so there is no other way in.
    static ARMED: Cell<Option<Secret<32>>> = const { Cell::new(None) };
    /// Whether a generator without a seed was drawn from. hpke-rs makes several per operation and
    /// draws from the first alone; should that ever change, the operation fails.
    static DREW_UNARMED: Cell<bool> = const { Cell::new(false) };
}

/// The generator hpke-rs draws from: the armed seed's stream, or nothing.
pub(super) struct Prng(Option<ChaCha20Rng>);

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
pub(super) struct Injected;

impl Injected {
    /// Gives the next HPKE context made on this thread the stream of `seed`.
    pub(super) fn arm(seed: Secret<32>) {
        DREW_UNARMED.set(false);
        ARMED.set(Some(seed));
    }

    /// Whether every byte drawn on this thread since [`Self::arm`] came from its seed.
    pub(super) fn was_enough() -> bool {
        !DREW_UNARMED.get()
    }
}

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
