//! How records are hidden on disk: names by keyed hash, values under XChaCha20-Poly1305, and both
//! in cells of one length, which nobody without the key can tell from random bytes.
//!
//! ```text
//! cell          name (32) | value (CELL)         HMAC-SHA-256 under the names key; part of a record
//! record        nonce (24) | head (11), masked | ciphertext | tag (16)      as many cells as it takes
//! head          bucket (8) | kind (1) | count of cells (2)
//! plaintext     kind (1) | name length (2) | value length (4) | name | value | zeros
//! ```
//! A record is sealed under the key of its bucket and bound to its name on disk and to the bucket.
//! Clause: specs/07-store S-1, S-22.

use std::collections::BTreeSet;
use std::path::Path;

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use windbreak_protocol::label::Label;
use windbreak_protocol::record::{Key, RecordKind, Value};
use windbreak_protocol::secret::Secret;
use zeroize::ZeroizeOnDrop;

use super::key_file::{BucketId, ScopeTag};
use super::{MAX_KEY_NAME, MAX_VALUE, StoreError};
use crate::private::{self, PrivateError};

/// Length of a name on disk, in bytes.
pub(super) const NAME_LEN: usize = 32;
/// Length of every value on disk, in bytes (S-22).
pub(super) const CELL: usize = 768;
const NONCE_LEN: usize = 24;
const HEAD_LEN: usize = 8 + 1 + 2;
const TAG_LEN: usize = 16;
/// The kind and the lengths of name and value.
const RECORD_HEAD_LEN: usize = 1 + 2 + 4;
/// Bytes of a record beside its name and its value.
const AROUND: usize = NONCE_LEN + HEAD_LEN + RECORD_HEAD_LEN + TAG_LEN;
/// More cells than any record has.
pub(super) const MAX_CELLS: usize = (AROUND + MAX_VALUE + MAX_KEY_NAME).div_ceil(CELL);
/// Bytes of the check record, opened.
const CHECK_LEN: usize = CELL - NONCE_LEN - TAG_LEN;
/// How many untidy buckets it can name.
pub(super) const MAX_NAMED: usize = (CHECK_LEN - 17) / 8;
/// Length of a sealed witness, in bytes.
pub(super) const WITNESS_LEN: usize = NONCE_LEN + 8 + TAG_LEN;

/// Where a cell stands on disk; a record is where its first cell is.
pub(super) type SealedName = [u8; NAME_LEN];

/// What the first cell of a record says to who has the key, before it is opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Head {
    pub(super) bucket: BucketId,
    pub(super) kind: RecordKind,
    pub(super) cells: usize,
}

/// The key of a store; everything that seals it is derived from it.
#[derive(Debug, Eq, PartialEq, ZeroizeOnDrop)]
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

    /// The key in the private file at `path`, if there is one. For a store without a passphrase: it keeps
    /// names and values from who gets the store alone.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the file does not hold a key, and what the system says.
    pub fn from_file(path: &Path) -> Result<Option<Self>, StoreError> {
        match private::read_file(path, 32) {
            Ok(bytes) => {
                let secret = Secret::try_from(bytes.as_slice());
                Ok(Some(Self::from_secret(secret.map_err(|_| StoreError::Damaged)?)))
            }
            Err(PrivateError::Missing) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes the key into the private file at `path`.
    pub(crate) fn to_file(&self, path: &Path) -> Result<(), StoreError> {
        Ok(private::replace_file(path, self.0.expose())?)
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

/// Bytes of a sealed record without the zeros at its end.
fn sealed_len(key: &Key, value: usize) -> usize {
    AROUND + key.name().len() + value
}

/// Bytes of the cells of a record, with the names they stand at: what it takes on disk as long as nothing
/// of before is left beside it.
pub(crate) fn bytes_on_disk(key: &Key, value: usize) -> u64 {
    (sealed_len(key, value).div_ceil(CELL) * (NAME_LEN + CELL)) as u64
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

    /// Where the record of `key` stands.
    pub(super) fn name(&self, key: &Key) -> SealedName {
        Label::STORE_NAMES.mac(&self.names, &[b"record", &[key.kind() as u8], key.name()])
    }

    /// Where cell `number` of the record at `name` stands: the first is at its name.
    pub(super) fn cell_name(&self, name: &SealedName, number: usize) -> SealedName {
        match number {
            0 => *name,
            number => Label::STORE_NAMES.mac(&self.names, &[b"cell", name, &number.to_be_bytes()]),
        }
    }

    /// What a scope is called in the file of keys.
    pub(super) fn scope_tag(&self, scope: &[u8]) -> ScopeTag {
        first(&Label::STORE_SCOPE.mac(&self.names, &[b"scope", scope]))
    }

    /// The sealed record of `key`, under the key of its bucket: some whole cells.
    pub(super) fn seal(
        &self,
        name: &SealedName,
        key: &Key,
        value: &[u8],
        bucket: &BucketId,
        secret: &Secret<32>,
    ) -> Result<Vec<u8>, StoreError> {
        let name_length = u16::try_from(key.name().len()).map_err(|_| StoreError::TooLarge)?;
        let value_length = u32::try_from(value.len()).map_err(|_| StoreError::TooLarge)?;
        let length = sealed_len(key, value.len());
        let cells = length.div_ceil(CELL);
        if cells > MAX_CELLS {
            return Err(StoreError::TooLarge);
        }
        let head = Head { bucket: *bucket, kind: key.kind(), cells };
        let lengths = [name_length.to_be_bytes().as_slice(), &value_length.to_be_bytes()].concat();
        let zeros = [0; CELL];
        let parts: [&[u8]; 5] =
            [&[key.kind() as u8], &lengths, key.name(), value, &zeros[..cells * CELL - length]];
        let bound = bound(name, bucket);
        seal_parts(secret, &bound, |nonce| self.mask(name, nonce, &head.to_bytes()), &parts)
    }

    /// What a first cell at `name` says. Random bytes say nothing, and nothing true.
    pub(super) fn head(&self, name: &SealedName, cell: &[u8]) -> Option<Head> {
        let (nonce, rest) = cell.split_first_chunk::<NONCE_LEN>()?;
        Head::from_bytes(&self.mask(name, nonce, rest.first_chunk::<HEAD_LEN>()?))
    }

    /// The key and the value that were sealed at `name`.
    pub(super) fn open(
        &self,
        name: &SealedName,
        bucket: &BucketId,
        secret: &Secret<32>,
        sealed: &[u8],
    ) -> Result<(Key, Value), StoreError> {
        let mut plain = open_parts(secret, &bound(name, bucket), HEAD_LEN, sealed)?;
        let (key, value) = read_record(&plain).ok_or(StoreError::Damaged)?;
        // The seal is bound to the name, so this can differ only by a fault of our own.
        if self.name(&key) != *name {
            return Err(StoreError::Damaged);
        }
        plain.truncate(value.end);
        plain.drain(..value.start);
        Ok((key, plain))
    }

    /// The key alone of the record at `name`, out of its first cell; `None` if it goes on in the
    /// next. The seal of the whole is not looked at: that the key belongs to `name` says that it is
    /// what was written.
    pub(super) fn open_key(
        &self,
        name: &SealedName,
        bucket: &BucketId,
        secret: &Secret<32>,
        cell: &[u8],
    ) -> Result<Option<Key>, StoreError> {
        let (nonce, rest) = cell.split_first_chunk::<NONCE_LEN>().ok_or(StoreError::Damaged)?;
        let mut plain = Value::new(rest.get(HEAD_LEN..).ok_or(StoreError::Damaged)?.to_vec());
        // What hides it is a stream of bytes, so to hide it once more is to show it.
        XChaCha20Poly1305::new(secret.expose().into())
            .encrypt_inout_detached(nonce.into(), &bound(name, bucket), plain.as_mut_slice().into())
            .map_err(|_| StoreError::Damaged)?;
        let (head, rest) =
            plain.split_first_chunk::<RECORD_HEAD_LEN>().ok_or(StoreError::Damaged)?;
        let kind = RecordKind::from_number(head[0]).ok_or(StoreError::Damaged)?;
        let length = usize::from(u16::from_be_bytes([head[1], head[2]]));
        let Some(bytes) = rest.get(..length) else { return Ok(None) };
        let key = Key::new(kind, &[bytes]);
        if self.name(&key) == *name { Ok(Some(key)) } else { Err(StoreError::Damaged) }
    }

    /// Hides or shows a head.
    fn mask(
        &self,
        name: &SealedName,
        nonce: &[u8; NONCE_LEN],
        head: &[u8; HEAD_LEN],
    ) -> [u8; HEAD_LEN] {
        let mask = Label::STORE_SCOPE.mac(&self.names, &[b"head", name, nonce]);
        std::array::from_fn(|at| head[at] ^ mask[at])
    }

    /// Where the check record stands.
    pub(super) fn check_name(&self) -> SealedName {
        Label::STORE_CHECK.mac(&self.names, &[b"cell"])
    }

    /// The check record, one cell: who can open it has the key of this store. It says what the store
    /// was like after the commit that wrote it.
    pub(super) fn seal_check(&self, check: &Check) -> Result<Vec<u8>, StoreError> {
        self.seal_bytes(&self.check_name(), &check.to_bytes())
    }

    /// What a check record says.
    pub(super) fn open_check(&self, sealed: &[u8]) -> Result<Check, StoreError> {
        Check::from_bytes(&self.open_bytes(&self.check_name(), sealed)?)
    }

    /// The same number, for the file beside the records.
    pub(super) fn seal_witness(&self, commits: u64) -> Result<Vec<u8>, StoreError> {
        self.seal_bytes(&self.witness_name(), &commits.to_be_bytes())
    }

    /// The number in a witness.
    pub(super) fn open_witness(&self, sealed: &[u8]) -> Result<u64, StoreError> {
        let plain = self.open_bytes(&self.witness_name(), sealed)?;
        let number = plain.as_slice().try_into().map_err(|_| StoreError::Damaged)?;
        Ok(u64::from_be_bytes(number))
    }

    fn witness_name(&self) -> SealedName {
        Label::STORE_CHECK.mac(&self.names, &[b"witness"])
    }

    /// Seals under the store's own key.
    fn seal_bytes(&self, name: &SealedName, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
        seal_parts(&self.values, name, |_| [0; 0], &[bytes])
    }

    fn open_bytes(&self, name: &SealedName, sealed: &[u8]) -> Result<Value, StoreError> {
        open_parts(&self.values, name, 0, sealed)
    }
}

/// What the check record says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Check {
    /// The number of the commit that wrote it.
    pub(super) commits: u64,
    /// How many records there are then.
    pub(super) records: u64,
    /// Buckets with something gone from them; `None` if they are more than it can name, or nobody
    /// named them.
    pub(super) untidy: Option<BTreeSet<BucketId>>,
}

impl Check {
    fn to_bytes(&self) -> [u8; CHECK_LEN] {
        let mut bytes = [0; CHECK_LEN];
        bytes[..8].copy_from_slice(&self.commits.to_be_bytes());
        bytes[8..16].copy_from_slice(&self.records.to_be_bytes());
        if let Some(untidy) = self.untidy.as_ref().filter(|untidy| untidy.len() <= MAX_NAMED) {
            // Bounded by `MAX_NAMED`. A zero stands where nobody named any.
            bytes[16] = untidy.len() as u8 + 1;
            for (place, id) in bytes[17..].chunks_exact_mut(8).zip(untidy) {
                place.copy_from_slice(id);
            }
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        let bytes: &[u8; CHECK_LEN] = bytes.try_into().map_err(|_| StoreError::Damaged)?;
        let (commits, rest) = bytes.split_first_chunk().ok_or(StoreError::Damaged)?;
        let (records, rest) = rest.split_first_chunk().ok_or(StoreError::Damaged)?;
        let (count, ids) = rest.split_first().ok_or(StoreError::Damaged)?;
        let untidy = count.checked_sub(1).map(|count| {
            let ids = ids.chunks_exact(8).take(usize::from(count));
            ids.filter_map(|id| id.try_into().ok()).collect()
        });
        Ok(Self {
            commits: u64::from_be_bytes(*commits),
            records: u64::from_be_bytes(*records),
            untidy,
        })
    }
}

impl Head {
    fn to_bytes(self) -> [u8; HEAD_LEN] {
        let mut bytes = [0; HEAD_LEN];
        bytes[..8].copy_from_slice(&self.bucket);
        bytes[8] = self.kind as u8;
        // Bounded by `MAX_CELLS`.
        bytes[9..].copy_from_slice(&(self.cells as u16).to_be_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8; HEAD_LEN]) -> Option<Self> {
        let (bucket, rest) = bytes.split_first_chunk()?;
        let kind = RecordKind::from_number(rest[0])?;
        let cells = usize::from(u16::from_be_bytes([rest[1], rest[2]]));
        (1..=MAX_CELLS).contains(&cells).then_some(Self { bucket: *bucket, kind, cells })
    }
}

const _: () = assert!(MAX_CELLS <= u16::MAX as usize);
const _: () = assert!(MAX_NAMED < u8::MAX as usize);

/// What a sealed record is bound to.
pub(super) fn bound(name: &SealedName, bucket: &BucketId) -> [u8; NAME_LEN + 8] {
    let mut bound = [0; NAME_LEN + 8];
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

pub(super) fn open_parts(
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

/// The key in a plaintext, and where the value stands.
fn read_record(plain: &[u8]) -> Option<(Key, std::ops::Range<usize>)> {
    let (head, rest) = plain.split_first_chunk::<RECORD_HEAD_LEN>()?;
    let kind = RecordKind::from_number(head[0])?;
    let name_length = usize::from(u16::from_be_bytes([head[1], head[2]]));
    let value_length = u32::from_be_bytes([head[3], head[4], head[5], head[6]]) as usize;
    let name = rest.get(..name_length)?;
    let start = RECORD_HEAD_LEN + name_length;
    let end = start.checked_add(value_length).filter(|end| *end <= plain.len())?;
    Some((Key::new(kind, &[name]), start..end))
}

pub(super) fn first<const N: usize>(bytes: &[u8; 32]) -> [u8; N] {
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

    /// Compiles only for what is wiped when it is dropped.
    fn is_wiped<T: ZeroizeOnDrop>(_: &T) {}

    #[test]
    fn the_keys_of_a_store_are_wiped_when_they_are_let_go() {
        is_wiped(&StoreKey::from_secret(Secret::from_bytes([7; 32])));
        let Seal { names, values } = seal();
        is_wiped(&names);
        is_wiped(&values);
        // What seals holds a copy of its key; a feature of the crate says that it is wiped.
        is_wiped(&XChaCha20Poly1305::new(values.expose().into()));
    }

    #[test]
    fn a_record_opens_only_under_its_own_name_and_key() {
        let key = Key::new(RecordKind::Item, &[b"name"]);
        let other = Key::new(RecordKind::State, &[b"name"]);
        let name = seal().name(&key);
        let sealed = seal().seal(&name, &key, b"value", &BUCKET, &bucket_key(1)).unwrap();
        let head = Head { bucket: BUCKET, kind: RecordKind::Item, cells: 1 };
        assert_eq!(seal().head(&name, &sealed), Some(head));
        assert_eq!(sealed.len(), CELL);
        let (opened, value) = seal().open(&name, &BUCKET, &bucket_key(1), &sealed).unwrap();
        assert!(opened == key && value.as_slice() == b"value");
        let damaged = Some(StoreError::Damaged);
        assert_eq!(seal().open(&name, &BUCKET, &bucket_key(2), &sealed).err(), damaged);
        let elsewhere = seal().name(&other);
        assert_eq!(seal().open(&elsewhere, &BUCKET, &bucket_key(1), &sealed).err(), damaged);
        let stranger = Seal::new(&StoreKey::from_secret(Secret::from_bytes([8; 32])));
        assert_eq!(stranger.open(&name, &BUCKET, &bucket_key(1), &sealed).err(), damaged);
    }

    #[test]
    fn a_key_alone_is_read_where_it_belongs_and_nowhere_else() {
        let key = Key::new(RecordKind::Item, &[b"name"]);
        let name = seal().name(&key);
        let secret = bucket_key(1);
        let sealed = seal().seal(&name, &key, &[5; 2000], &BUCKET, &secret).unwrap();
        let opens =
            |name: &SealedName, cell: &[u8]| seal().open_key(name, &BUCKET, &secret, &cell[..CELL]);
        assert_eq!(opens(&name, &sealed), Ok(Some(key)));
        let elsewhere = seal().name(&Key::new(RecordKind::State, &[b"name"]));
        assert_eq!(opens(&elsewhere, &sealed), Err(StoreError::Damaged));
        // Kind, length of the name, and name.
        for at in [0, 1, 2, 7, 10] {
            let mut flipped = sealed.clone();
            flipped[NONCE_LEN + HEAD_LEN + at] ^= 1;
            let read = opens(&name, &flipped);
            assert!(matches!(read, Err(StoreError::Damaged) | Ok(None)), "{at}: {read:?}");
        }
    }

    #[test]
    fn every_flipped_byte_and_every_cut_is_noticed() {
        let key = Key::new(RecordKind::Item, &[b"name"]);
        let name = seal().name(&key);
        let sealed = seal().seal(&name, &key, b"value", &BUCKET, &bucket_key(1)).unwrap();
        let opens = |sealed: &[u8]| seal().open(&name, &BUCKET, &bucket_key(1), sealed).err();
        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1;
            if (NONCE_LEN..NONCE_LEN + HEAD_LEN).contains(&at) {
                assert_ne!(seal().head(&name, &flipped), seal().head(&name, &sealed));
            } else {
                assert_eq!(opens(&flipped), Some(StoreError::Damaged));
            }
            assert_eq!(opens(&sealed[..at]), Some(StoreError::Damaged));
        }
    }

    #[test]
    fn a_key_file_is_read_as_it_was_written_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        assert_eq!(StoreKey::from_file(&path), Ok(None));
        let key = StoreKey::generate().unwrap();
        key.to_file(&path).unwrap();
        assert_eq!(StoreKey::from_file(&path), Ok(Some(key)));
        std::fs::write(&path, [0; 31]).unwrap();
        assert_eq!(StoreKey::from_file(&path), Err(StoreError::Damaged));
        std::fs::write(&path, [0; 33]).unwrap();
        assert_eq!(StoreKey::from_file(&path), Err(StoreError::Damaged));
    }
}
