//! How records are hidden on disk: names by keyed hash, values under XChaCha20-Poly1305.
//!
//! ```text
//! name on disk   kind tag (8) | name tag (24)             both HMAC-SHA-256 under the names key
//! sealed record  nonce (24) | bucket (8), masked | ciphertext | tag (16)
//! plaintext      kind (1) | name length (2) | name | value
//! ```
//! A record is sealed under the key of its bucket and bound to its name on disk and to the bucket.
//! The kind tag lets one kind be read by itself and does not say which kind it is. Sizes and
//! counts stay visible: padding them would not hide growth from who copies the disk twice.
//! Clause: specs/07-store S-1.

use std::path::Path;

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use windbreak_protocol::label::Label;
use windbreak_protocol::record::{Key, RecordKind, Value};
use windbreak_protocol::secret::Secret;

use super::StoreError;
use super::key_file::{BucketId, ScopeTag};
use crate::private::{self, PrivateError};

/// Length of a name on disk, in bytes.
pub(super) const NAME_LEN: usize = KIND_TAG_LEN + NAME_TAG_LEN;
/// Length of what names of one kind begin with, in bytes.
pub(super) const KIND_TAG_LEN: usize = 8;
const NAME_TAG_LEN: usize = 24;
const NONCE_LEN: usize = 24;
const BUCKET_LEN: usize = 8;
const TAG_LEN: usize = 16;
/// The kind and the length of the name.
const RECORD_HEAD_LEN: usize = 3;
/// Length of a sealed witness, in bytes.
pub(super) const WITNESS_LEN: usize = NONCE_LEN + 8 + TAG_LEN;

/// Where a record stands on disk.
pub(super) type SealedName = [u8; NAME_LEN];

/// The key of a store; everything that seals it is derived from it.
#[derive(Debug, Eq, PartialEq)]
pub struct StoreKey(Secret<32>);

impl StoreKey {
    /// A key from its bytes.
    #[must_use]
    pub fn from_secret(secret: Secret<32>) -> Self {
        private::lock_in_memory(secret.expose());
        Self(secret)
    }

    /// A new key.
    ///
    /// # Errors
    /// [`StoreError::NoRandomness`].
    pub fn generate() -> Result<Self, StoreError> {
        Ok(Self::from_secret(Secret::from_bytes(random()?)))
    }

    /// The key in the private file at `path`; a new one is written there if there is no file. For
    /// a store without a passphrase: it keeps names and values from who gets the store alone.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the file does not hold a key, and what the system says.
    pub fn from_file(path: &Path) -> Result<Self, StoreError> {
        match private::read_file(path, 32) {
            Ok(bytes) => {
                let secret = Secret::try_from(bytes.as_slice());
                Ok(Self::from_secret(secret.map_err(|_| StoreError::Damaged)?))
            }
            Err(PrivateError::Missing) => {
                let key = Self::generate()?;
                private::replace_file(path, key.0.expose())?;
                Ok(key)
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn secret(&self) -> &Secret<32> {
        &self.0
    }

    /// The bytes, to be wrapped.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// A second copy, on purpose.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self::from_secret(self.0.duplicate())
    }
}

/// Seals and opens the records of one store.
pub(super) struct Seal {
    names: Secret<32>,
    values: Secret<32>,
}

impl Seal {
    pub(super) fn new(key: &StoreKey) -> Self {
        let names = Label::STORE_NAMES.derive(&key.0, &[]);
        let values = Label::STORE_VALUES.derive(&key.0, &[]);
        private::lock_in_memory(names.expose());
        private::lock_in_memory(values.expose());
        Self { names, values }
    }

    /// What the names of all records of `kind` begin with.
    pub(super) fn kind_tag(&self, kind: RecordKind) -> [u8; KIND_TAG_LEN] {
        first(&Label::STORE_NAMES.mac(&self.names, &[&[kind as u8]]))
    }

    /// Where the record of `key` stands.
    pub(super) fn name(&self, key: &Key) -> SealedName {
        let tag = Label::STORE_NAMES.mac(&self.names, &[&[key.kind() as u8], key.name()]);
        let mut name = [0; NAME_LEN];
        name[..KIND_TAG_LEN].copy_from_slice(&self.kind_tag(key.kind()));
        name[KIND_TAG_LEN..].copy_from_slice(&first::<NAME_TAG_LEN>(&tag));
        name
    }

    /// What the index entries of a bucket begin with.
    pub(super) fn bucket_tag(&self, bucket: &BucketId) -> [u8; BUCKET_LEN] {
        first(&Label::STORE_SCOPE.mac(&self.names, &[b"index", bucket]))
    }

    /// Where the index says that the record at `name` is of `bucket`.
    pub(super) fn index_name(
        &self,
        bucket: &BucketId,
        name: &SealedName,
    ) -> [u8; BUCKET_LEN + NAME_LEN] {
        let mut at = [0; BUCKET_LEN + NAME_LEN];
        at[..BUCKET_LEN].copy_from_slice(&self.bucket_tag(bucket));
        at[BUCKET_LEN..].copy_from_slice(name);
        at
    }

    /// What a scope is called in the file of keys.
    pub(super) fn scope_tag(&self, scope: &[u8]) -> ScopeTag {
        first(&Label::STORE_SCOPE.mac(&self.names, &[b"scope", scope]))
    }

    /// The sealed record of `key`, under the key of its bucket.
    pub(super) fn seal(
        &self,
        name: &SealedName,
        key: &Key,
        value: &[u8],
        bucket: &BucketId,
        secret: &Secret<32>,
    ) -> Result<Vec<u8>, StoreError> {
        let length = u16::try_from(key.name().len()).map_err(|_| StoreError::TooLarge)?;
        let kind = [key.kind() as u8];
        let length = length.to_be_bytes();
        let parts: [&[u8]; 4] = [&kind, &length, key.name(), value];
        let bound = bound(name, bucket);
        seal_parts(secret, &bound, |nonce| self.mask(name, nonce, bucket), &parts)
    }

    /// The bucket whose key opens a sealed record.
    pub(super) fn bucket(&self, name: &SealedName, sealed: &[u8]) -> Result<BucketId, StoreError> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(StoreError::Damaged)?;
        let masked = rest.first_chunk::<BUCKET_LEN>().ok_or(StoreError::Damaged)?;
        Ok(self.mask(name, nonce, masked))
    }

    /// The key and the value that were sealed at `name`.
    pub(super) fn open(
        &self,
        name: &SealedName,
        secret: &Secret<32>,
        sealed: &[u8],
    ) -> Result<(Key, Value), StoreError> {
        let bound = bound(name, &self.bucket(name, sealed)?);
        let plain = open_parts(secret, &bound, BUCKET_LEN, sealed)?;
        self.split_plain(name, plain)
    }

    /// The same for a record of schema 1, which knew no buckets.
    pub(super) fn open_first(
        &self,
        name: &SealedName,
        sealed: &[u8],
    ) -> Result<(Key, Value), StoreError> {
        let plain = self.open_bytes(name, sealed)?;
        self.split_plain(name, plain)
    }

    fn split_plain(&self, name: &SealedName, mut plain: Value) -> Result<(Key, Value), StoreError> {
        let (key, start) = read_key(&plain).ok_or(StoreError::Damaged)?;
        // The seal is bound to the name, so this can differ only by a fault of our own.
        if self.name(&key) != *name {
            return Err(StoreError::Damaged);
        }
        plain.drain(..start);
        Ok((key, plain))
    }

    /// Hides or shows which bucket a record is of.
    fn mask(&self, name: &SealedName, nonce: &[u8; NONCE_LEN], bucket: &BucketId) -> BucketId {
        let mask = Label::STORE_SCOPE.mac(&self.names, &[b"mask", name, nonce]);
        std::array::from_fn(|at| bucket[at] ^ mask[at])
    }

    /// Where the check record stands.
    pub(super) fn check_name(&self) -> SealedName {
        Label::STORE_CHECK.mac(&self.names, &[b"record"])
    }

    /// The check record: who can open it has the key of this store. It holds the number of the
    /// commit that wrote it.
    pub(super) fn seal_check(&self, commits: u64) -> Result<Vec<u8>, StoreError> {
        self.seal_bytes(&self.check_name(), &commits.to_be_bytes())
    }

    /// The number in a check record.
    pub(super) fn open_check(&self, sealed: &[u8]) -> Result<u64, StoreError> {
        self.open_number(&self.check_name(), sealed)
    }

    /// The same number, for the file beside the records.
    pub(super) fn seal_witness(&self, commits: u64) -> Result<Vec<u8>, StoreError> {
        self.seal_bytes(&self.witness_name(), &commits.to_be_bytes())
    }

    /// The number in a witness.
    pub(super) fn open_witness(&self, sealed: &[u8]) -> Result<u64, StoreError> {
        self.open_number(&self.witness_name(), sealed)
    }

    fn witness_name(&self) -> SealedName {
        Label::STORE_CHECK.mac(&self.names, &[b"witness"])
    }

    fn open_number(&self, name: &SealedName, sealed: &[u8]) -> Result<u64, StoreError> {
        let plain = self.open_bytes(name, sealed)?;
        let number = plain.as_slice().try_into().map_err(|_| StoreError::Damaged)?;
        Ok(u64::from_be_bytes(number))
    }

    /// Seals under the store's own key.
    fn seal_bytes(&self, name: &SealedName, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
        seal_parts(&self.values, name, |_| [0; 0], &[bytes])
    }

    fn open_bytes(&self, name: &SealedName, sealed: &[u8]) -> Result<Value, StoreError> {
        open_parts(&self.values, name, 0, sealed)
    }
}

/// What a sealed record is bound to.
fn bound(name: &SealedName, bucket: &BucketId) -> [u8; NAME_LEN + BUCKET_LEN] {
    let mut bound = [0; NAME_LEN + BUCKET_LEN];
    bound[..NAME_LEN].copy_from_slice(name);
    bound[NAME_LEN..].copy_from_slice(bucket);
    bound
}

/// Seals `parts`; between the nonce and the ciphertext stands what `clear` makes of the nonce.
fn seal_parts<const N: usize>(
    secret: &Secret<32>,
    bound: &[u8],
    clear: impl FnOnce(&[u8; NONCE_LEN]) -> [u8; N],
    parts: &[&[u8]],
) -> Result<Vec<u8>, StoreError> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    // All the room at once: growing would leave a copy of the plaintext behind.
    let mut sealed = Vec::with_capacity(NONCE_LEN + N + length + TAG_LEN);
    let nonce: [u8; NONCE_LEN] = random()?;
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&clear(&nonce));
    for part in parts {
        sealed.extend_from_slice(part);
    }
    let tag = XChaCha20Poly1305::new(secret.expose().into())
        .encrypt_inout_detached((&nonce).into(), bound, (&mut sealed[NONCE_LEN + N..]).into())
        .map_err(|_| StoreError::TooLarge)?;
    sealed.extend_from_slice(&tag);
    Ok(sealed)
}

fn open_parts(
    secret: &Secret<32>,
    bound: &[u8],
    clear: usize,
    sealed: &[u8],
) -> Result<Value, StoreError> {
    let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(StoreError::Damaged)?;
    let rest = rest.get(clear..).ok_or(StoreError::Damaged)?;
    let (text, tag) = rest.split_last_chunk::<TAG_LEN>().ok_or(StoreError::Damaged)?;
    let mut plain = Value::new(text.to_vec());
    XChaCha20Poly1305::new(secret.expose().into())
        .decrypt_inout_detached(nonce.into(), bound, plain.as_mut_slice().into(), tag.into())
        .map_err(|_| StoreError::Damaged)?;
    Ok(plain)
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(…)")
    }
}

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| StoreError::NoRandomness)?;
    Ok(bytes)
}

/// The key at the start of a plaintext, and where the value begins.
fn read_key(plain: &[u8]) -> Option<(Key, usize)> {
    let (head, rest) = plain.split_first_chunk::<RECORD_HEAD_LEN>()?;
    let kind = RecordKind::from_number(head[0])?;
    let length = usize::from(u16::from_be_bytes([head[1], head[2]]));
    let name = rest.get(..length)?;
    Some((Key::new(kind, &[name]), RECORD_HEAD_LEN + length))
}

fn first<const N: usize>(bytes: &[u8; 32]) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&bytes[..N]);
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal() -> Seal {
        Seal::new(&StoreKey::from_secret(Secret::from_bytes([7; 32])))
    }

    const BUCKET: BucketId = [3; 8];

    fn bucket_key(byte: u8) -> Secret<32> {
        Secret::from_bytes([byte; 32])
    }

    #[test]
    fn a_record_opens_only_under_its_own_name_and_key() {
        let key = Key::new(RecordKind::Item, &[b"name"]);
        let other = Key::new(RecordKind::State, &[b"name"]);
        let name = seal().name(&key);
        let sealed = seal().seal(&name, &key, b"value", &BUCKET, &bucket_key(1)).unwrap();
        assert_eq!(seal().bucket(&name, &sealed), Ok(BUCKET));
        let (opened, value) = seal().open(&name, &bucket_key(1), &sealed).unwrap();
        assert!(opened == key && value.as_slice() == b"value");
        let damaged = Some(StoreError::Damaged);
        assert_eq!(seal().open(&name, &bucket_key(2), &sealed).err(), damaged);
        let elsewhere = seal().name(&other);
        assert_eq!(seal().open(&elsewhere, &bucket_key(1), &sealed).err(), damaged);
        let stranger = Seal::new(&StoreKey::from_secret(Secret::from_bytes([8; 32])));
        assert_eq!(stranger.open(&name, &bucket_key(1), &sealed).err(), damaged);
    }

    #[test]
    fn every_flipped_byte_and_every_cut_is_noticed() {
        let key = Key::new(RecordKind::Item, &[b"name"]);
        let name = seal().name(&key);
        let sealed = seal().seal(&name, &key, b"value", &BUCKET, &bucket_key(1)).unwrap();
        let opens = |sealed: &[u8]| seal().open(&name, &bucket_key(1), sealed).err();
        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1;
            assert_eq!(opens(&flipped), Some(StoreError::Damaged));
            assert_eq!(opens(&sealed[..at]), Some(StoreError::Damaged));
        }
    }

    #[test]
    fn names_of_different_kinds_have_nothing_in_common() {
        let mut tags: Vec<_> = RecordKind::ALL.map(|kind| seal().kind_tag(kind)).to_vec();
        tags.sort();
        tags.dedup();
        assert_eq!(tags.len(), RecordKind::ALL.len());
    }

    #[test]
    fn a_key_file_is_made_once_and_read_ever_after() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let key = StoreKey::from_file(&path).unwrap();
        assert_eq!(StoreKey::from_file(&path), Ok(key));
        std::fs::write(&path, [0; 31]).unwrap();
        assert_eq!(StoreKey::from_file(&path), Err(StoreError::Damaged));
        std::fs::write(&path, [0; 33]).unwrap();
        assert_eq!(StoreKey::from_file(&path), Err(StoreError::Damaged));
    }
}
