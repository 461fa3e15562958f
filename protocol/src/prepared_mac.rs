//! HMAC-SHA-256 with a key that is tried on many things: what depends on the key alone is computed once.
//!
//! It is [`Label::mac`], from the same parts (RFC 2104, FIPS 180-4). `hmac` would give as much, and leave
//! what it computed of the key in memory when the key goes.

use sha2::block_api::compress256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::label::Label;
use crate::secret::Secret;

/// Bytes that SHA-256 takes at once.
const BLOCK: usize = 64;
/// Where SHA-256 begins (FIPS 180-4 section 5.3.3).
const BEGIN: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// A key and what it is for.
pub(crate) struct PreparedMac {
    label: Label,
    key: Box<Absorbed>,
}

/// SHA-256 after the key: under the inner and under the outer padding of HMAC.
#[derive(ZeroizeOnDrop)]
struct Absorbed {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl PreparedMac {
    /// Takes what depends on the key.
    pub(crate) fn new(label: Label, key: &Secret<32>) -> Self {
        let mut absorbed = Box::new(Absorbed { inner: BEGIN, outer: BEGIN });
        let absorb = |state: &mut [u32; 8], padding: u8| {
            let mut block = Zeroizing::new([padding; BLOCK]);
            for (byte, key) in block.iter_mut().zip(key.expose()) {
                *byte ^= key;
            }
            compress256(state, std::slice::from_ref(&*block));
        };
        absorb(&mut absorbed.inner, 0x36);
        absorb(&mut absorbed.outer, 0x5c);
        Self { label, key: absorbed }
    }

    /// What [`Label::mac`] gives of these parts.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut inner = Hashing::after(&self.key.inner);
        for part in std::iter::once(self.label.text().as_bytes()).chain(parts.iter().copied()) {
            inner.absorb(&(part.len() as u64).to_be_bytes());
            inner.absorb(part);
        }
        let mut outer = Hashing::after(&self.key.outer);
        outer.absorb(&inner.finish());
        outer.finish()
    }
}

/// SHA-256 on its way, after one block.
struct Hashing {
    state: [u32; 8],
    block: [u8; BLOCK],
    /// Bytes of the block that are there.
    filled: usize,
    /// Bytes absorbed in all.
    len: u64,
}

impl Hashing {
    fn after(state: &[u32; 8]) -> Self {
        Self { state: *state, block: [0; BLOCK], filled: 0, len: BLOCK as u64 }
    }

    fn absorb(&mut self, mut bytes: &[u8]) {
        self.len += bytes.len() as u64;
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK - self.filled));
            self.block[self.filled..self.filled + now.len()].copy_from_slice(now);
            self.filled += now.len();
            if self.filled == BLOCK {
                self.compress();
            }
            bytes = later;
        }
    }

    fn finish(mut self) -> [u8; 32] {
        self.block[self.filled] = 0x80;
        self.block[self.filled + 1..].fill(0);
        if self.filled >= BLOCK - 8 {
            self.compress();
            self.block.fill(0);
        }
        self.block[BLOCK - 8..].copy_from_slice(&(8 * self.len).to_be_bytes());
        self.compress();
        let mut hash = [0; 32];
        for (bytes, word) in hash.chunks_exact_mut(4).zip(self.state) {
            bytes.copy_from_slice(&word.to_be_bytes());
        }
        hash
    }

    fn compress(&mut self) {
        compress256(&mut self.state, std::slice::from_ref(&self.block));
        self.filled = 0;
    }
}

impl Drop for Hashing {
    fn drop(&mut self) {
        // As good as the key, before anything else is absorbed.
        self.state.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether it is the MAC that the library computes.
    fn agrees(key: [u8; 32], parts: &[&[u8]]) -> bool {
        let key = Secret::from_bytes(key);
        let prepared = PreparedMac::new(Label::HINT, &key);
        let mac = Label::HINT.mac(&key, parts);
        // Twice: nothing stays of what it was tried on.
        prepared.mac(parts) == mac && prepared.mac(parts) == mac
    }

    #[test]
    fn a_prepared_mac_is_the_mac_at_every_length() {
        for len in 0..200 {
            let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(len).collect();
            assert!(agrees([7; 32], &[&bytes]), "{len}");
            assert!(agrees([7; 32], &[&bytes[..len / 2], &bytes[len / 2..]]), "{len}");
        }
        assert!(agrees([7; 32], &[]));
    }

    proptest! {
        #[test]
        fn a_prepared_mac_is_the_mac(
            key in any::<[u8; 32]>(),
            parts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..150), 0..4),
        ) {
            let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
            prop_assert!(agrees(key, &parts));
        }
    }
}
