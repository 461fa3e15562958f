//! The header of a profile: the key of its store, wrapped by a key that Argon2id makes from the
//! passphrase.
//!
//! ```text
//! magic (16) | version (2) | memory KiB (4) | passes (4) | lanes (4) | salt (16) | nonce (24)
//! wrapped key (32 + 16), bound to all of the above | sum (32) over all of the above
//! ```
//! The sum is no secret: it tells a damaged header from a wrong passphrase. Numbers are big
//! endian. Clause: specs/07-store S-5.

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
const SALT_LEN: usize = 16;
const NONCE_LEN: usize = 24;
const WRAPPED_LEN: usize = 48;
const SUM_LEN: usize = 32;
/// Magic, version and the three numbers of the cost.
const HEAD_LEN: usize = MAGIC.len() + 2 + 3 * 4;
const LEN: usize = HEAD_LEN + SALT_LEN + NONCE_LEN + WRAPPED_LEN + SUM_LEN;

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

/// The bytes of a header that wraps `key`.
pub(super) fn seal(
    key: &StoreKey,
    passphrase: &SecretBytes,
    cost: KdfCost,
) -> Result<Vec<u8>, HeaderError> {
    let salt: [u8; SALT_LEN] = random()?;
    let nonce: [u8; NONCE_LEN] = random()?;
    let mut bytes = Vec::with_capacity(LEN);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&SchemaVersion::CURRENT.get().to_be_bytes());
    for number in [cost.memory_kib, cost.passes, cost.lanes] {
        bytes.extend_from_slice(&number.to_be_bytes());
    }
    bytes.extend_from_slice(&salt);
    bytes.extend_from_slice(&nonce);
    let cipher = cipher(passphrase, &salt, cost)?;
    let mut wrapped = Zeroizing::new(*key.expose());
    let tag = cipher
        .encrypt_inout_detached((&nonce).into(), &bytes, wrapped.as_mut_slice().into())
        .map_err(|_| HeaderError::Damaged)?;
    bytes.extend_from_slice(wrapped.as_slice());
    bytes.extend_from_slice(&tag);
    bytes.extend_from_slice(&Label::PROFILE_HEADER.hash(&[&bytes]));
    Ok(bytes)
}

/// The key that the header at `path` wraps.
pub(super) fn open(path: &Path, passphrase: &SecretBytes) -> Result<StoreKey, HeaderError> {
    let bytes = match private::read_file(path, 16 * LEN) {
        Ok(bytes) => bytes,
        Err(PrivateError::TooLong) => return Err(HeaderError::Damaged),
        Err(error) => return Err(HeaderError::File(error)),
    };
    check_version(&bytes)?;
    let (content, sum) = bytes.split_last_chunk::<SUM_LEN>().ok_or(HeaderError::Damaged)?;
    if bytes.len() != LEN || Label::PROFILE_HEADER.hash(&[content]) != *sum {
        return Err(HeaderError::Damaged);
    }
    unwrap(content, passphrase).ok_or(HeaderError::Damaged)?
}

/// Says that a newer program is needed, whatever else the newer header holds.
fn check_version(bytes: &[u8]) -> Result<(), HeaderError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(HeaderError::Damaged)?;
    let (version, _) = rest.split_first_chunk::<2>().ok_or(HeaderError::Damaged)?;
    let version = SchemaVersion::new(u16::from_be_bytes(*version));
    if version > SchemaVersion::CURRENT {
        let known = SchemaVersion::CURRENT.get();
        return Err(HeaderError::Newer { found: version.get(), known });
    }
    if version.is_known() { Ok(()) } else { Err(HeaderError::Damaged) }
}

/// Reads the fields and opens the wrapped key; `None` when a field is missing.
fn unwrap(content: &[u8], passphrase: &SecretBytes) -> Option<Result<StoreKey, HeaderError>> {
    let (bound, wrapped) = content.split_last_chunk::<WRAPPED_LEN>()?;
    let (_, numbers) = bound.split_at_checked(MAGIC.len() + 2)?;
    let (memory_kib, rest) = read_number(numbers)?;
    let (passes, rest) = read_number(rest)?;
    let (lanes, rest) = read_number(rest)?;
    let (salt, rest) = rest.split_first_chunk::<SALT_LEN>()?;
    let nonce: &[u8; NONCE_LEN] = rest.try_into().ok()?;
    let (text, tag) = wrapped.split_last_chunk::<16>()?;
    let mut key = Zeroizing::new(<[u8; 32]>::try_from(text).ok()?);
    let cipher = match KdfCost::new(memory_kib, passes, lanes)
        .and_then(|cost| cipher(passphrase, salt, cost))
    {
        Ok(cipher) => cipher,
        Err(error) => return Some(Err(error)),
    };
    let opened =
        cipher.decrypt_inout_detached(nonce.into(), bound, key.as_mut_slice().into(), tag.into());
    Some(match opened {
        Ok(()) => Ok(StoreKey::from_secret(Secret::from_bytes(*key))),
        Err(_) => Err(HeaderError::WrongPassphrase),
    })
}

fn cipher(
    passphrase: &SecretBytes,
    salt: &[u8; SALT_LEN],
    cost: KdfCost,
) -> Result<XChaCha20Poly1305, HeaderError> {
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
    let key = Label::PROFILE_WRAP.derive(&Secret::from_bytes(*stretched), &[]);
    Ok(XChaCha20Poly1305::new(key.expose().into()))
}

fn read_number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*number), rest))
}

fn random<const N: usize>() -> Result<[u8; N], HeaderError> {
    crate::store::random().map_err(|_: StoreError| HeaderError::NoRandomness)
}
