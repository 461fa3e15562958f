//! What stores of schema 1 and 2 look like, to be read once and written anew.
//!
//! ```text
//! name on disk (32) | part (2)    →  a part; the first begins with the count of parts (2)
//! name on disk   kind tag (8) | name tag (24)             both HMAC-SHA-256 under the names key
//! sealed record  nonce (24) | bucket (8), masked | ciphertext | tag (16)      schema 1: no bucket
//! plaintext      kind (1) | name length (2) | name | value
//! ```
//! One of schema 1 has no file of keys: all its records are under the store's own key.
//! Clause: specs/07-store S-13.

use std::path::Path;

use windbreak_protocol::label::Label;
use windbreak_protocol::record::{Key, RecordKind, Value};
use windbreak_protocol::secret::Secret;

use super::key_file::{BucketId, KeyFile};
use super::schema::SchemaVersion;
use super::seal::{MAX_CELLS, NAME_LEN, SealedName, StoreKey, bound, first, open_parts};
use super::{Bytes, Scan, StoreError, Tree};

const KIND_TAG_LEN: usize = 8;
const NONCE_LEN: usize = 24;
const BUCKET_LEN: usize = 8;

/// A store of an earlier schema.
pub(super) struct Former {
    tree: Tree,
    names: Secret<32>,
    values: Secret<32>,
    keys: Option<KeyFile>,
}

impl Former {
    /// Whether a tree is of an earlier schema, and of this key.
    pub(super) fn is(tree: &Tree, key: &StoreKey) -> Result<bool, StoreError> {
        let names = Label::STORE_NAMES.derive(key.secret(), &[]);
        Ok(tree.get(&check_name(&names))?.is_some())
    }

    /// Opens the one in `folder`.
    pub(super) fn open(
        folder: &Path,
        key: &StoreKey,
        cache_bytes: u64,
    ) -> Result<Self, StoreError> {
        let path = folder.join("keys");
        let keys = match path.symlink_metadata() {
            Ok(_) => Some(KeyFile::open(&path, key)?),
            Err(_) => None,
        };
        let former = Self {
            tree: Tree::open(folder, cache_bytes)?,
            names: Label::STORE_NAMES.derive(key.secret(), &[]),
            values: Label::STORE_VALUES.derive(key.secret(), &[]),
            keys,
        };
        let name = check_name(&former.names);
        let check = former.tree.get(&name)?.ok_or(StoreError::WrongKey)?;
        open_parts(&former.values, &name, 0, &check)?;
        Ok(former)
    }

    /// Its version, by what is there: the number in the clear is raised with that of other stores.
    pub(super) fn version(&self) -> SchemaVersion {
        SchemaVersion::new(if self.keys.is_none() { 1 } else { 2 })
    }

    /// Hands out every record of a kind.
    pub(super) fn visit(
        &self,
        kind: RecordKind,
        visitor: &mut dyn FnMut(Key, Value) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut parts = self.tree.scan(&self.kind_tag(kind))?;
        while let Some((name, sealed)) = next_record(&mut parts)? {
            let (key, value) = self.unseal(&name, &sealed)?;
            visitor(key, value)?;
        }
        Ok(())
    }

    /// Closes it.
    pub(super) fn close(self) {
        self.tree.close();
    }

    fn kind_tag(&self, kind: RecordKind) -> [u8; KIND_TAG_LEN] {
        first(&Label::STORE_NAMES.mac(&self.names, &[&[kind as u8]]))
    }

    fn name(&self, key: &Key) -> SealedName {
        let mut name = Label::STORE_NAMES.mac(&self.names, &[&[key.kind() as u8], key.name()]);
        name.copy_within(..NAME_LEN - KIND_TAG_LEN, KIND_TAG_LEN);
        name[..KIND_TAG_LEN].copy_from_slice(&self.kind_tag(key.kind()));
        name
    }

    fn unseal(&self, name: &SealedName, sealed: &[u8]) -> Result<(Key, Value), StoreError> {
        let mut plain = match &self.keys {
            None => open_parts(&self.values, name, 0, sealed)?,
            Some(keys) => {
                let bucket = self.bucket(name, sealed).ok_or(StoreError::Damaged)?;
                let secret = &keys.get(&bucket).ok_or(StoreError::Damaged)?.key;
                open_parts(secret, &bound(name, &bucket), BUCKET_LEN, sealed)?
            }
        };
        let (key, start) = read_key(&plain).ok_or(StoreError::Damaged)?;
        if self.name(&key) != *name {
            return Err(StoreError::Damaged);
        }
        plain.drain(..start);
        Ok((key, plain))
    }

    fn bucket(&self, name: &SealedName, sealed: &[u8]) -> Option<BucketId> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let masked = rest.first_chunk::<BUCKET_LEN>()?;
        let mask = Label::STORE_SCOPE.mac(&self.names, &[b"mask", name, nonce]);
        Some(std::array::from_fn(|at| masked[at] ^ mask[at]))
    }
}

fn check_name(names: &Secret<32>) -> SealedName {
    Label::STORE_CHECK.mac(names, &[b"record"])
}

/// The next record of a scan over parts, put together from them.
fn next_record(parts: &mut Scan) -> Result<Option<(SealedName, Vec<u8>)>, StoreError> {
    let Some((at, part)) = parts.next()? else { return Ok(None) };
    let name = expect_part(&at, None, 0)?;
    let (count, chunk) = part.split_first_chunk().ok_or(StoreError::Damaged)?;
    let count = usize::from(u16::from_be_bytes(*count));
    // A part is larger than a cell.
    if count == 0 || count > MAX_CELLS {
        return Err(StoreError::Damaged);
    }
    let mut sealed = chunk.to_vec();
    for number in 1..count {
        let (at, part) = parts.next()?.ok_or(StoreError::Damaged)?;
        expect_part(&at, Some(&name), number)?;
        sealed.extend_from_slice(&part);
    }
    Ok(Some((name, sealed)))
}

/// The name in a key of the tree, which must be part `number` of the record at `name`.
fn expect_part(
    at: &Bytes,
    name: Option<&SealedName>,
    number: usize,
) -> Result<SealedName, StoreError> {
    let (found, rest) = at.split_first_chunk::<NAME_LEN>().ok_or(StoreError::Damaged)?;
    let is_expected = name.is_none_or(|name| name == found)
        && <[u8; 2]>::try_from(rest)
            .is_ok_and(|part| usize::from(u16::from_be_bytes(part)) == number);
    if is_expected { Ok(*found) } else { Err(StoreError::Damaged) }
}

/// The key at the start of a plaintext, and where the value begins.
fn read_key(plain: &[u8]) -> Option<(Key, usize)> {
    let (head, rest) = plain.split_first_chunk::<3>()?;
    let kind = RecordKind::from_number(head[0])?;
    let length = usize::from(u16::from_be_bytes([head[1], head[2]]));
    let name = rest.get(..length)?;
    Some((Key::new(kind, &[name]), head.len() + length))
}
