//! The only source of randomness in this crate: a ChaCha20 stream whose seed is injected.
//!
//! Production seeds it from the operating system at each start; tests from a number, so that one
//! seed gives one run.

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

use crate::secret::Secret;

/// A seeded stream of random bytes.
pub struct Random(ChaCha20Rng);

impl Random {
    /// Starts the stream of `seed`.
    #[must_use]
    pub fn from_seed(seed: &Secret<32>) -> Self {
        Self(ChaCha20Rng::from_seed(*seed.expose()))
    }

    /// The next `N` bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// The next `N` bytes as a secret.
    #[must_use]
    pub fn secret<const N: usize>(&mut self) -> Secret<N> {
        Secret::from_bytes(self.bytes())
    }

    /// A number below `bound`, nearly uniform; zero when `bound` is zero. For jitter and sampling.
    #[must_use]
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.0.next_u64() % bound }
    }
}

impl std::fmt::Debug for Random {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Random(…)")
    }
}
