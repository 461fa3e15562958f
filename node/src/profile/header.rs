//! The header of a profile: four slots, each for the key of one store, wrapped by a key that
//! Argon2id makes from a passphrase.
//!
//! ```text
//! magic (16) | version (2) | memory KiB (4) | passes (4) | lanes (4) | salt (16)
//! slot 0 … 3: nonce (24) | wrapped key (32 + 16), bound to all of the above and its number
//! sum (32) over all of the above
//! ```
//! A slot that nobody uses holds random bytes, which nobody can tell from a wrapped key. One
//! passphrase is stretched once and tried on all four, whichever it opens, so that the time says
//! nothing. The sum is no secret: it tells a damaged header from a wrong passphrase. Numbers are
//! big endian. Clauses: specs/07-store S-5, S-15.

use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use windbreak_protocol::label::Label;
use windbreak_protocol::secret::{Secret, SecretBytes};
use zeroize::Zeroizing;

use crate::private::{self, PrivateError};
use crate::store::{SchemaVersion, StoreError, StoreKey};

const MAGIC: &[u8; 16] = b"windbreak/header";
/// The version of a header; stores have one of their own.
const VERSION: SchemaVersion = SchemaVersion::new(2);
const SALT_LEN: usize = 16;
const NONCE_LEN: usize = 24;
const WRAPPED_LEN: usize = 48;
const SUM_LEN: usize = 32;
/// Magic, version and the three numbers of the cost.
const HEAD_LEN: usize = MAGIC.len() + 2 + 3 * 4;
const SLOT_LEN: usize = NONCE_LEN + WRAPPED_LEN;
const LEN: usize = HEAD_LEN + SALT_LEN + SLOTS * SLOT_LEN + SUM_LEN;
/// Length of a header of schema 1, which had one slot.
const FIRST_LEN: usize = HEAD_LEN + SALT_LEN + SLOT_LEN + SUM_LEN;

/// Slots of a header, and stores of a profile.
pub const SLOTS: usize = 4;

/// Which of the four.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Slot(usize);

impl Slot {
    /// All four.
    pub(super) const ALL: [Self; SLOTS] = [Self(0), Self(1), Self(2), Self(3)];

    /// One of `among`, at random.
    pub(super) fn any_of(among: &[Self]) -> Result<Option<Self>, HeaderError> {
        let drawn = u64::from_be_bytes(random()?);
        Ok(among.get((drawn % among.len().max(1) as u64) as usize).copied())
    }

    /// Its number.
    pub(super) const fn number(self) -> usize {
        self.0
    }

    /// Where it stands in a header.
    pub(super) const fn range(self) -> std::ops::Range<usize> {
        let start = HEAD_LEN + SALT_LEN + self.0 * SLOT_LEN;
        start..start + SLOT_LEN
    }
}

/// Why a header could not be opened or made.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum HeaderError {
    /// The passphrase is not the one of this profile.
    #[error("the passphrase is wrong; try again")]
    WrongPassphrase,
    /// The header is not what was written.
    #[error(
        "the header of the profile is damaged; if you have an older copy of this folder, put its header back: without one the profile cannot be opened any more"
    )]
    Damaged,
    /// A newer program wrote it.
    #[error("the profile has schema {found} and this program knows {known}; update the program")]
    Newer {
        /// The version found.
        found: u16,
        /// The newest version known.
        known: u16,
    },
    /// The cost is outside what this program is willing to pay.
    #[error(
        "the cost of the passphrase is out of bounds: 1 to 1024 MiB, 1 to 64 passes, 1 to 16 lanes"
    )]
    CostOutOfBounds,
    /// Not enough memory for the cost.
    #[error("there is not enough memory to check the passphrase; close other programs")]
    OutOfMemory,
    /// The operating system gave no randomness.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
    /// The file cannot be read.
    #[error("the header of the profile: {0}")]
    File(#[source] PrivateError),
}

/// What trying one passphrase costs: Argon2id's memory, passes and lanes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct KdfCost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl KdfCost {
    /// What profiles are made with: 64 MiB, 3 passes, 1 lane (RFC 9106, second recommendation,
    /// with one lane as we compute on one core).
    pub const DEFAULT: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// For tests: 1 MiB, 1 pass, 1 lane.
    pub const TEST: Self = Self { memory_kib: 1024, passes: 1, lanes: 1 };

    /// A cost within bounds: 1 to 1024 MiB, 1 to 64 passes, 1 to 16 lanes. The bounds keep a
    /// hostile header from taking all memory or all day.
    ///
    /// # Errors
    /// [`HeaderError::CostOutOfBounds`].
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, HeaderError> {
        let is_within = (1024..=1024 * 1024).contains(&memory_kib)
            && (1..=64).contains(&passes)
            && (1..=16).contains(&lanes);
        if is_within {
            Ok(Self { memory_kib, passes, lanes })
        } else {
            Err(HeaderError::CostOutOfBounds)
        }
    }
}

impl Default for KdfCost {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What a passphrase opened.
pub(super) struct Opened {
    pub(super) key: StoreKey,
    pub(super) slot: Slot,
    /// The header is of schema 1: it has one slot.
    pub(super) is_first: bool,
}

/// A header, as it is kept.
pub(super) struct Header(Vec<u8>);

impl Header {
    /// A header that wraps `key` in `slot` and nothing in the others.
    pub(super) fn new(
        key: &StoreKey,
        slot: Slot,
        passphrase: &SecretBytes,
        cost: KdfCost,
    ) -> Result<Self, HeaderError> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&VERSION.get().to_be_bytes());
        for number in [cost.memory_kib, cost.passes, cost.lanes] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        bytes.extend_from_slice(&random::<SALT_LEN>()?);
        for _ in Slot::ALL {
            bytes.extend_from_slice(&random::<SLOT_LEN>()?);
        }
        bytes.extend_from_slice(&[0; SUM_LEN]);
        let mut header = Self(bytes);
        header.put(slot, key, passphrase)?;
        Ok(header)
    }

    /// Reads the header at `path`; one of schema 1 too.
    pub(super) fn read(path: &Path) -> Result<Self, HeaderError> {
        let bytes = match private::read_file(path, 16 * LEN) {
            Ok(bytes) => bytes,
            Err(PrivateError::TooLong) => return Err(HeaderError::Damaged),
            Err(error) => return Err(HeaderError::File(error)),
        };
        let version = read_version(&bytes)?;
        let expected = if version == VERSION { LEN } else { FIRST_LEN };
        let (content, sum) = bytes.split_last_chunk::<SUM_LEN>().ok_or(HeaderError::Damaged)?;
        if bytes.len() != expected || Label::PROFILE_HEADER.hash(&[content]) != *sum {
            return Err(HeaderError::Damaged);
        }
        Ok(Self(bytes.to_vec()))
    }

    /// The bytes to be kept.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Wraps `key` in `slot` under a passphrase; the other slots stay as they are.
    pub(super) fn put(
        &mut self,
        slot: Slot,
        key: &StoreKey,
        passphrase: &SecretBytes,
    ) -> Result<(), HeaderError> {
        let stretched = self.stretch(passphrase)?;
        let nonce: [u8; NONCE_LEN] = random()?;
        let mut wrapped = Zeroizing::new(*key.expose());
        let tag = slot_cipher(&stretched, slot)
            .encrypt_inout_detached(
                (&nonce).into(),
                &self.bound(slot),
                wrapped.as_mut_slice().into(),
            )
            .map_err(|_| HeaderError::Damaged)?;
        let place = self.0.get_mut(slot.range()).ok_or(HeaderError::Damaged)?;
        place.copy_from_slice(&[nonce.as_slice(), wrapped.as_slice(), &tag].concat());
        self.sum();
        Ok(())
    }

    /// Puts random bytes into a slot, as if nobody had ever used it.
    pub(super) fn clear(&mut self, slot: Slot) -> Result<(), HeaderError> {
        let place = self.0.get_mut(slot.range()).ok_or(HeaderError::Damaged)?;
        place.copy_from_slice(&random::<SLOT_LEN>()?);
        self.sum();
        Ok(())
    }

    /// The key that a passphrase opens, and where. All slots are tried.
    pub(super) fn open(&self, passphrase: &SecretBytes) -> Result<Opened, HeaderError> {
        if self.0.len() == FIRST_LEN {
            let key = self.open_first(passphrase)?;
            return Ok(Opened { key, slot: Slot(0), is_first: true });
        }
        let stretched = self.stretch(passphrase)?;
        let mut opened = None;
        for slot in Slot::ALL {
            let sealed = self.0.get(slot.range()).ok_or(HeaderError::Damaged)?;
            let cipher = slot_cipher(&stretched, slot);
            if let Some(key) = open_slot(&cipher, &self.bound(slot), sealed)? {
                opened = Some(Opened { key, slot, is_first: false });
            }
        }
        opened.ok_or(HeaderError::WrongPassphrase)
    }

    /// Schema 1: one slot, whose key was derived without a number.
    fn open_first(&self, passphrase: &SecretBytes) -> Result<StoreKey, HeaderError> {
        let stretched = self.stretch(passphrase)?;
        let key = Label::PROFILE_WRAP.derive(&stretched, &[]);
        let cipher = XChaCha20Poly1305::new(key.expose().into());
        let range = Slot(0).range();
        // It was bound to its nonce too.
        let bound = self.0.get(..range.start + NONCE_LEN).ok_or(HeaderError::Damaged)?;
        let sealed = self.0.get(range).ok_or(HeaderError::Damaged)?;
        open_slot(&cipher, bound, sealed)?.ok_or(HeaderError::WrongPassphrase)
    }

    /// What a slot is bound to.
    fn bound(&self, slot: Slot) -> Vec<u8> {
        let mut bound = self.0[..HEAD_LEN + SALT_LEN].to_vec();
        bound.push(slot.0 as u8);
        bound
    }

    /// What Argon2id makes of a passphrase.
    fn stretch(&self, passphrase: &SecretBytes) -> Result<Secret<32>, HeaderError> {
        let cost = self.cost()?;
        let salt = self.0.get(HEAD_LEN..HEAD_LEN + SALT_LEN).ok_or(HeaderError::Damaged)?;
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32))
            .map_err(|_| HeaderError::CostOutOfBounds)?;
        let mut stretched = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase, salt, stretched.as_mut_slice())
            .map_err(|error| match error {
                argon2::Error::OutOfMemory => HeaderError::OutOfMemory,
                // All lengths are ours but the passphrase's, and Argon2 takes up to 4 GiB of it.
                _ => HeaderError::WrongPassphrase,
            })?;
        Ok(Secret::from_bytes(*stretched))
    }

    /// What trying a passphrase costs.
    pub(super) fn cost(&self) -> Result<KdfCost, HeaderError> {
        let numbers = self.0.get(MAGIC.len() + 2..).ok_or(HeaderError::Damaged)?;
        let (memory_kib, rest) = read_number(numbers).ok_or(HeaderError::Damaged)?;
        let (passes, rest) = read_number(rest).ok_or(HeaderError::Damaged)?;
        let (lanes, _) = read_number(rest).ok_or(HeaderError::Damaged)?;
        KdfCost::new(memory_kib, passes, lanes)
    }

    fn sum(&mut self) {
        if let Some((content, sum)) = self.0.split_last_chunk_mut::<SUM_LEN>() {
            *sum = Label::PROFILE_HEADER.hash(&[content]);
        }
    }
}

/// The version; says that a newer program is needed, whatever else the newer header holds.
fn read_version(bytes: &[u8]) -> Result<SchemaVersion, HeaderError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(HeaderError::Damaged)?;
    let (version, _) = rest.split_first_chunk::<2>().ok_or(HeaderError::Damaged)?;
    let version = SchemaVersion::new(u16::from_be_bytes(*version));
    if version > VERSION {
        let known = VERSION.get();
        return Err(HeaderError::Newer { found: version.get(), known });
    }
    if version.is_known() { Ok(version) } else { Err(HeaderError::Damaged) }
}

fn slot_cipher(stretched: &Secret<32>, slot: Slot) -> XChaCha20Poly1305 {
    let key = Label::PROFILE_WRAP.derive(stretched, &[&[slot.0 as u8]]);
    XChaCha20Poly1305::new(key.expose().into())
}

/// The key in a slot; `None` if it is not this cipher's.
fn open_slot(
    cipher: &XChaCha20Poly1305,
    bound: &[u8],
    sealed: &[u8],
) -> Result<Option<StoreKey>, HeaderError> {
    let (nonce, wrapped) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(HeaderError::Damaged)?;
    let (text, tag) = wrapped.split_last_chunk::<16>().ok_or(HeaderError::Damaged)?;
    let text = <[u8; 32]>::try_from(text).map_err(|_| HeaderError::Damaged)?;
    let mut key = Zeroizing::new(text);
    let opened =
        cipher.decrypt_inout_detached(nonce.into(), bound, key.as_mut_slice().into(), tag.into());
    Ok(opened.ok().map(|()| StoreKey::from_secret(Secret::from_bytes(*key))))
}

fn read_number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*number), rest))
}

fn random<const N: usize>() -> Result<[u8; N], HeaderError> {
    crate::store::random().map_err(|_: StoreError| HeaderError::NoRandomness)
}
