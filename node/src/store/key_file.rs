//! The keys that records are sealed with, in a small file that is overwritten in place: a key that
//! is gone from it is gone, and with it every copy of what it sealed, however old.
//!
//! ```text
//! file   slot | slot | filler, so that all stores of a profile look alike
//! slot   nonce (24) | ciphertext | tag (16)       bound to the number of the slot
//! plain  number of the write (8) | count (4) | entries | zeros up to the fixed length
//! entry  bucket (8) | scope (8) | kind of scope (1) | key (32)
//! ```
//! Both slots are written, one after the other and each synced: whenever the power fails, one of
//! them is whole. The next opening brings the older one up to date, so that no key lives on in it. What
//! is known to be whole is written last, whatever happened before: else a second failure took both.
//! Clause: specs/07-store S-12.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use windbreak_protocol::label::Label;
use windbreak_protocol::secret::{Secret, SecretBytes};

use super::scope::ScopeKind;
use super::seal::{StoreKey, random};
use super::{StoreError, migrate};
use crate::private;

/// Bytes of a slot in a new file.
pub(super) const MIN_SLOT: usize = 64 * 1024;
/// Bytes of the largest slot.
const MAX_SLOT: usize = 64 * 1024 * 1024;
const NONCE_LEN: usize = 24;
const TAG_LEN: usize = 16;
const HEAD_LEN: usize = 8 + 4;
const ENTRY_LEN: usize = 8 + 8 + 1 + 32;
const SLOTS: usize = 2;
/// Bytes of the longest file.
pub(super) const MAX_FILE: usize = SLOTS * MAX_SLOT;
/// What the file is called, what it is called while a longer one is made, and what the one of before is
/// called until it is overwritten.
const NAMES: [&str; 3] = ["keys", ".keys.new", ".keys.old"];

/// Whether a file holds keys, by its name: it is overwritten before it is removed.
pub(crate) fn is_key_file(path: &Path) -> bool {
    NAMES.into_iter().any(|name| path.ends_with(name))
}

/// Puts a file with `bytes` in the place of the keys in `folder`. The one that was there has a name until
/// it is overwritten: whoever comes after a death finds it.
pub(super) fn put_in_place(folder: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let [keys, fresh, old] = NAMES.map(|name| folder.join(name));
    migrate::remove(&fresh)?;
    let put = private::write_new(&fresh, bytes).and_then(|()| match fs::rename(&keys, &old) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(fs::rename(&fresh, &keys)?),
    });
    // The first error is the one worth telling.
    let settled = settle(folder);
    put?;
    settled
}

/// Ends or undoes what was begun with the keys in `folder`, and overwrites what is not theirs any more.
pub(super) fn settle(folder: &Path) -> Result<(), StoreError> {
    let [keys, fresh, old] = NAMES.map(|name| folder.join(name));
    let is_there = |path: &Path| path.symlink_metadata().is_ok();
    if is_there(&old) && !is_there(&keys) {
        fs::rename(&old, &keys)?;
    }
    // What a name stands for must be certain before what another stood for is overwritten.
    if is_there(&old) || is_there(&fresh) {
        private::sync_folder(folder)?;
    }
    migrate::remove(&fresh)?;
    migrate::remove(&old)
}

/// Names a bucket; drawn at random, so it says nothing.
pub(super) type BucketId = [u8; 8];
/// A keyed hash of what a bucket is for.
pub(super) type ScopeTag = [u8; 8];

/// A bucket: some records that share a key and lose it together.
pub(super) struct Bucket {
    pub(super) scope: ScopeTag,
    pub(super) kind: ScopeKind,
    pub(super) key: Secret<32>,
    /// Counts buckets in the order they were made, within one opening of the file.
    order: u64,
}

/// The file, open.
pub(super) struct KeyFile {
    path: PathBuf,
    file: File,
    seal: Secret<32>,
    slot: usize,
    /// The number of the slot that is whole for certain: it is written last.
    whole: usize,
    write: u64,
    made: u64,
    buckets: BTreeMap<BucketId, Bucket>,
    /// The buckets of each scope, in the order they were made.
    scopes: BTreeMap<ScopeTag, BTreeSet<(u64, BucketId)>>,
    changed: bool,
}

impl KeyFile {
    /// Makes the file at `path`. One that an interrupted start left is taken over; one with keys in it, or
    /// that is whole and does not open, is somebody's.
    pub(super) fn make(path: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        let mut keys = Self::begin(path, key)?;
        let bytes = keys.bytes()?;
        let is_nobodys = match keys.find(&bytes) {
            Some(found) => found.plain.get(8..HEAD_LEN) == Some([0; 4].as_slice()),
            // The second slot is written when the first is on the disk.
            None => bytes.len() < SLOTS * MIN_SLOT,
        };
        if !is_nobodys {
            return Err(StoreError::Damaged);
        }
        keys.save()?;
        Ok(keys)
    }

    /// Reads the file at `path`.
    pub(super) fn open(path: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        let mut keys = Self::open_unsaved(path, key)?;
        keys.save()?;
        Ok(keys)
    }

    /// The same before the older slot is brought up to date.
    fn open_unsaved(path: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        let mut keys = Self::begin(path, key)?;
        let bytes = keys.bytes()?;
        let found = keys.find(&bytes).ok_or(StoreError::Damaged)?;
        keys.slot = found.slot;
        keys.whole = found.number;
        keys.write = found.write;
        keys.read(&found.plain)?;
        keys.changed = !found.both;
        Ok(keys)
    }

    /// The file at `path`, nothing of which was read or written yet.
    fn begin(path: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        let file = private::open_file(path)?;
        let seal = Label::STORE_KEYS.derive(key.secret(), &[]);
        private::lock_in_memory(seal.expose());
        Ok(Self {
            path: path.to_owned(),
            file,
            seal,
            slot: MIN_SLOT,
            whole: SLOTS - 1,
            write: 0,
            made: 0,
            buckets: BTreeMap::new(),
            scopes: BTreeMap::new(),
            changed: true,
        })
    }

    fn bytes(&self) -> Result<SecretBytes, StoreError> {
        let mut bytes = SecretBytes::default();
        (&self.file).take(MAX_FILE as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The newest slot that opens, whatever the length of slots.
    fn find(&self, bytes: &[u8]) -> Option<Found> {
        let mut slot = MIN_SLOT;
        while slot * SLOTS <= bytes.len() && slot <= MAX_SLOT {
            let opened: Vec<_> = (0..SLOTS)
                .filter_map(|number| {
                    let sealed = &bytes[number * slot..(number + 1) * slot];
                    let plain = self.open_slot(number, sealed)?;
                    let write = u64::from_be_bytes(*plain.first_chunk::<8>()?);
                    Some((write, number, plain))
                })
                .collect();
            let both = opened.len() == SLOTS && opened[0].0 == opened[1].0;
            if let Some((write, number, plain)) = opened.into_iter().max_by_key(|found| found.0) {
                return Some(Found { slot, number, write, plain, both });
            }
            slot *= 2;
        }
        None
    }

    fn read(&mut self, plain: &[u8]) -> Result<(), StoreError> {
        let rest = plain.get(8..).ok_or(StoreError::Damaged)?;
        let (count, rest) = rest.split_first_chunk::<4>().ok_or(StoreError::Damaged)?;
        let count = u32::from_be_bytes(*count) as usize;
        let entries = rest.get(..count * ENTRY_LEN).ok_or(StoreError::Damaged)?;
        for entry in entries.chunks_exact(ENTRY_LEN) {
            let (id, entry) = entry.split_first_chunk::<8>().ok_or(StoreError::Damaged)?;
            let (scope, entry) = entry.split_first_chunk::<8>().ok_or(StoreError::Damaged)?;
            let (kind, key) = entry.split_first().ok_or(StoreError::Damaged)?;
            let kind = ScopeKind::from_number(*kind).ok_or(StoreError::Damaged)?;
            let key = Secret::try_from(key).map_err(|_| StoreError::Damaged)?;
            self.insert(*id, *scope, kind, key);
        }
        Ok(())
    }

    fn insert(&mut self, id: BucketId, scope: ScopeTag, kind: ScopeKind, key: Secret<32>) {
        private::lock_in_memory(key.expose());
        let order = self.made;
        self.made += 1;
        self.scopes.entry(scope).or_default().insert((order, id));
        self.buckets.insert(id, Bucket { scope, kind, key, order });
    }

    /// A new bucket. Its key is durable once [`Self::save`] has returned.
    pub(super) fn add(&mut self, scope: ScopeTag, kind: ScopeKind) -> Result<BucketId, StoreError> {
        let id = random()?;
        self.insert(id, scope, kind, Secret::from_bytes(random()?));
        self.changed = true;
        Ok(id)
    }

    /// The bucket.
    pub(super) fn get(&self, id: &BucketId) -> Option<&Bucket> {
        self.buckets.get(id)
    }

    /// The newest bucket of a scope.
    pub(super) fn newest(&self, scope: &ScopeTag) -> Option<BucketId> {
        self.scopes.get(scope)?.last().map(|(_, id)| *id)
    }

    /// Every bucket.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&BucketId, &Bucket)> {
        self.buckets.iter()
    }

    /// Takes over the buckets of another file of the same store.
    #[cfg(test)]
    pub(super) fn adopt(&mut self, other: Self) {
        for (id, bucket) in other.buckets {
            self.insert(id, bucket.scope, bucket.kind, bucket.key);
        }
        self.changed = true;
    }

    /// Lets every write fail from now on, as on a full disk.
    #[cfg(test)]
    pub(super) fn fail(&mut self) {
        self.file = File::options().write(true).open("/dev/full").unwrap();
    }

    /// How many buckets there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.buckets.len()
    }

    /// Takes a bucket's key out of memory; out of the file it is once [`Self::save`] has returned.
    pub(super) fn destroy(&mut self, id: &BucketId) {
        let Some(bucket) = self.buckets.remove(id) else { return };
        if let Some(of_scope) = self.scopes.get_mut(&bucket.scope) {
            of_scope.remove(&(bucket.order, *id));
            if of_scope.is_empty() {
                self.scopes.remove(&bucket.scope);
            }
        }
        self.changed = true;
    }

    /// Brings both slots up to date, if anything changed; durable when this returns.
    pub(super) fn save(&mut self) -> Result<(), StoreError> {
        if !self.changed {
            return Ok(());
        }
        self.write += 1;
        if HEAD_LEN + self.buckets.len() * ENTRY_LEN > plain_len(self.slot) {
            return self.grow();
        }
        for number in self.order() {
            let sealed = self.seal_slot(number)?;
            self.file.write_all_at(&sealed, (number * self.slot) as u64)?;
            self.file.sync_data()?;
            self.whole = number;
        }
        self.changed = false;
        Ok(())
    }

    /// In which order slots are written.
    fn order(&self) -> [usize; SLOTS] {
        [(self.whole + 1) % SLOTS, self.whole]
    }

    /// Moves to a file with longer slots; the old one is overwritten before it is let go.
    fn grow(&mut self) -> Result<(), StoreError> {
        let mut slot = self.slot;
        while HEAD_LEN + self.buckets.len() * ENTRY_LEN > plain_len(slot) {
            slot *= 2;
        }
        if slot > MAX_SLOT {
            return Err(StoreError::TooLarge);
        }
        self.slot = slot;
        let bytes = [self.seal_slot(0)?, self.seal_slot(1)?].concat();
        put_in_place(private::parent_of(&self.path), &bytes)?;
        self.file = private::open_file(&self.path)?;
        self.whole = SLOTS - 1;
        self.changed = false;
        Ok(())
    }

    fn seal_slot(&self, number: usize) -> Result<Vec<u8>, StoreError> {
        let mut sealed = Vec::with_capacity(self.slot);
        let nonce: [u8; NONCE_LEN] = random()?;
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&self.write.to_be_bytes());
        let count = u32::try_from(self.buckets.len()).map_err(|_| StoreError::TooLarge)?;
        sealed.extend_from_slice(&count.to_be_bytes());
        // In the order they were made, so that the order is the same after the next opening.
        let mut ordered: Vec<_> = self.buckets.iter().collect();
        ordered.sort_by_key(|(_, bucket)| bucket.order);
        for (id, bucket) in ordered {
            sealed.extend_from_slice(id);
            sealed.extend_from_slice(&bucket.scope);
            sealed.push(bucket.kind as u8);
            sealed.extend_from_slice(bucket.key.expose());
        }
        sealed.resize(self.slot - TAG_LEN, 0);
        let tag = self
            .cipher()
            .encrypt_inout_detached(
                (&nonce).into(),
                &[number as u8],
                (&mut sealed[NONCE_LEN..]).into(),
            )
            .map_err(|_| StoreError::TooLarge)?;
        sealed.extend_from_slice(&tag);
        Ok(sealed)
    }

    fn open_slot(&self, number: usize, sealed: &[u8]) -> Option<SecretBytes> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let (text, tag) = rest.split_last_chunk::<TAG_LEN>()?;
        let mut plain = SecretBytes::new(text.to_vec());
        let opened = self.cipher().decrypt_inout_detached(
            nonce.into(),
            &[number as u8],
            plain.as_mut_slice().into(),
            tag.into(),
        );
        opened.ok().map(|()| plain)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.seal.expose().into())
    }
}

/// What was found in a file.
struct Found {
    /// The length of slots.
    slot: usize,
    /// The newest of them that opens.
    number: usize,
    write: u64,
    plain: SecretBytes,
    /// Both slots hold the same.
    both: bool,
}

const fn plain_len(slot: usize) -> usize {
    slot - NONCE_LEN - TAG_LEN
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> StoreKey {
        StoreKey::from_secret(Secret::from_bytes([7; 32]))
    }

    fn filled(path: &Path, count: usize) -> (KeyFile, Vec<BucketId>) {
        let mut keys = KeyFile::make(path, &key()).unwrap();
        let ids = (0..count).map(|_| keys.add([1; 8], ScopeKind::Page).unwrap()).collect();
        keys.save().unwrap();
        (keys, ids)
    }

    /// Compiles only for what is wiped when it is dropped.
    fn is_wiped<T: zeroize::ZeroizeOnDrop>(_: &T) {}

    #[test]
    fn the_key_of_a_bucket_is_wiped_when_it_is_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let (keys, ids) = filled(&folder.path().join("keys"), 1);
        is_wiped(&keys.seal);
        let Bucket { key, scope: _, kind: _, order: _ } = keys.get(&ids[0]).unwrap();
        is_wiped(key);
    }

    /// Whether the system never writes to a disk what stands at this place, as it says itself.
    #[cfg(target_os = "linux")]
    fn is_locked(secret: &[u8; 32]) -> bool {
        let at = secret.as_ptr().addr();
        let maps = fs::read_to_string("/proc/self/smaps").unwrap();
        let mut is_it = false;
        for line in maps.lines() {
            let range = line.split_once(' ').and_then(|(range, _)| range.split_once('-'));
            let ends = range.map(|(from, to)| [from, to].map(|end| usize::from_str_radix(end, 16)));
            if let Some([Ok(from), Ok(to)]) = ends {
                is_it = (from..to).contains(&at);
            } else if is_it && let Some(flags) = line.strip_prefix("VmFlags:") {
                return flags.split_whitespace().any(|flag| flag == "lo");
            }
        }
        false
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_key_of_every_bucket_is_locked_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let allowed = rustix::process::getrlimit(rustix::process::Resource::Memlock).current;
        // Each may lie in a page of its own.
        if allowed.is_some_and(|allowed| allowed < 64 * 4096) {
            eprintln!("*** NOT RUN: this system lets nobody lock so much memory");
            return;
        }
        let (keys, ids) = filled(&path, 20);
        let again = KeyFile::open(&path, &key()).unwrap();
        for keys in [&keys, &again] {
            assert!(is_locked(keys.seal.expose()));
            assert!(ids.iter().all(|id| is_locked(keys.get(id).unwrap().key.expose())));
        }
    }

    #[test]
    fn keys_come_back_in_their_order_and_the_file_grows_when_it_must() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let (_, ids) = filled(&path, 3000);
        let keys = KeyFile::open(&path, &key()).unwrap();
        assert_eq!((keys.len(), keys.newest(&[1; 8])), (3000, ids.last().copied()));
        assert_eq!(keys.newest(&[2; 8]), None);
    }

    #[test]
    fn whoever_dies_while_the_file_grows_leaves_no_key_of_before() {
        let folder = tempfile::tempdir().unwrap();
        let [path, fresh, old] = NAMES.map(|name| folder.path().join(name));
        drop(filled(&path, 3));
        let before = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        drop(filled(&path, 3000));
        let after = fs::read(&path).unwrap();
        assert!(!fresh.exists() && !old.exists());

        // Each name with what it stands for at one moment, and how many keys are found then.
        let (before, after) = (&before[..], &after[..]);
        let deaths = [
            ([(&path, before), (&fresh, &after[..5000])], 3),
            ([(&path, before), (&fresh, after)], 3),
            ([(&old, before), (&fresh, after)], 3),
            ([(&path, after), (&old, before)], 3000),
        ];
        for (names, count) in deaths {
            for path in [&path, &fresh, &old] {
                let _ = fs::remove_file(path);
            }
            let mut lies = Vec::new();
            for (path, bytes) in names {
                fs::write(path, bytes).unwrap();
                lies.push(File::open(path).unwrap());
            }
            settle(folder.path()).unwrap();
            let keys = KeyFile::open(&path, &key()).unwrap();
            assert_eq!((keys.len(), fresh.exists(), old.exists()), (count, false, false));
            // What is not the file of keys any more was overwritten where it lay.
            let is_wiped = |mut file: &File| {
                let mut left = Vec::new();
                file.read_to_end(&mut left).unwrap();
                left.iter().all(|byte| *byte == 0)
            };
            assert_eq!(lies.iter().filter(|file| is_wiped(file)).count(), 1);
        }
    }

    #[test]
    fn a_destroyed_key_is_in_neither_slot() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let (mut keys, ids) = filled(&path, 3);
        keys.destroy(&ids[1]);
        keys.save().unwrap();
        let bytes = std::fs::read(&path).unwrap();
        for number in 0..SLOTS {
            let slot = &bytes[number * MIN_SLOT..(number + 1) * MIN_SLOT];
            let plain = keys.open_slot(number, slot).unwrap();
            assert!(!plain.windows(8).any(|window| window == ids[1]));
            assert!(plain.windows(8).any(|window| window == ids[2]));
        }
    }

    #[test]
    fn a_write_that_was_torn_anywhere_leaves_the_keys_before_or_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let (mut keys, ids) = filled(&path, 3);
        let before = std::fs::read(&path).unwrap();
        keys.destroy(&ids[0]);
        keys.save().unwrap();
        let after = std::fs::read(&path).unwrap();
        for cut in (0..=after.len()).step_by(512 * 7) {
            let torn = [&after[..cut], &before[cut..]].concat();
            std::fs::write(&path, torn).unwrap();
            let found = KeyFile::open(&path, &key()).unwrap().len();
            assert!(found == 2 || found == 3, "{cut}: {found}");
            // Whatever was found, the next opening finds it in both slots.
            let again = KeyFile::open(&path, &key()).unwrap();
            let bytes = std::fs::read(&path).unwrap();
            assert!(again.find(&bytes).is_some_and(|found| found.both));
        }
    }

    #[test]
    fn a_second_loss_of_power_while_a_torn_write_is_made_good_leaves_the_keys() {
        const STEP: usize = 512 * 19;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let (mut keys, ids) = filled(&path, 3);
        let before = std::fs::read(&path).unwrap();
        keys.destroy(&ids[0]);
        let first = keys.order();
        keys.save().unwrap();
        let after = std::fs::read(&path).unwrap();
        for torn in tears(first, &before, &after, STEP) {
            std::fs::write(&path, &torn).unwrap();
            let mut keys = KeyFile::open_unsaved(&path, &key()).unwrap();
            let second = keys.order();
            keys.save().unwrap();
            let mended = std::fs::read(&path).unwrap();
            for torn_again in tears(second, &torn, &mended, STEP) {
                std::fs::write(&path, &torn_again).unwrap();
                let found = KeyFile::open(&path, &key()).map(|keys| keys.len());
                assert!(matches!(found, Ok(2 | 3)), "{found:?}");
            }
        }
    }

    /// What a file may hold while its slots are written in this order, each synced before the next.
    fn tears(order: [usize; SLOTS], before: &[u8], after: &[u8], step: usize) -> Vec<Vec<u8>> {
        let (mut file, mut all) = (before.to_vec(), Vec::new());
        for number in order {
            let start = number * MIN_SLOT;
            for cut in (0..MIN_SLOT).step_by(step) {
                let mut torn = file.clone();
                torn[start..start + cut].copy_from_slice(&after[start..start + cut]);
                all.push(torn);
            }
            file[start..start + MIN_SLOT].copy_from_slice(&after[start..start + MIN_SLOT]);
        }
        all.push(file);
        all
    }

    #[test]
    fn a_file_with_keys_is_not_made_anew_and_one_that_was_begun_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        drop(filled(&path, 1));
        let kept = std::fs::read(&path).unwrap();
        let other = StoreKey::from_secret(Secret::from_bytes([8; 32]));
        for key in [key(), other] {
            assert_eq!(KeyFile::make(&path, &key).err(), Some(StoreError::Damaged));
            assert!(std::fs::read(&path).unwrap() == kept);
        }
        std::fs::remove_file(&path).unwrap();
        drop(KeyFile::make(&path, &key()).unwrap());
        let made = std::fs::read(&path).unwrap();
        for cut in [0, 1, MIN_SLOT - 1, MIN_SLOT, MIN_SLOT + 512, made.len()] {
            std::fs::write(&path, &made[..cut]).unwrap();
            drop(KeyFile::make(&path, &key()).unwrap());
            assert_eq!(KeyFile::open(&path, &key()).unwrap().len(), 0);
        }
    }

    #[test]
    fn a_file_of_another_store_or_a_damaged_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        drop(filled(&path, 1));
        let other = StoreKey::from_secret(Secret::from_bytes([8; 32]));
        assert_eq!(KeyFile::open(&path, &other).err(), Some(StoreError::Damaged));
        std::fs::write(&path, b"short").unwrap();
        assert_eq!(KeyFile::open(&path, &key()).err(), Some(StoreError::Damaged));
    }
}
