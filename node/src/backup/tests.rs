//! A backup comes back whole or not at all, and says why.

use std::fs;
use std::path::Path;

use age::secrecy::ExposeSecret;
use windbreak_protocol::record::{Batch, Key, RecordKind};
use windbreak_protocol::secret::SecretBytes;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::{Engine, Timings};

use super::*;
use crate::profile::{HeaderError, KdfCost, Profile};
use crate::store::{MemoryStore, Store};

const MADE: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn words(text: &str) -> SecretBytes {
    SecretBytes::new(text.as_bytes().to_vec())
}

fn filled() -> MemoryStore {
    let mut store = MemoryStore::new();
    let mut batch = Batch::new();
    for kind in RecordKind::ALL {
        batch.put(Key::new(kind, &[&[1; 32], b"name"]), vec![kind as u8; 700]);
    }
    store.apply(batch).unwrap();
    store
}

/// Low cost: age measures the machine otherwise, which takes seconds for each of many files.
fn saved(folder: &Path) -> (std::path::PathBuf, Opener) {
    let path = folder.join("backup");
    let identity = age::x25519::Identity::generate();
    let lock = Lock::Recipient(identity.to_public().to_string());
    save(&path, &filled(), &lock, MADE).unwrap();
    let identity = identity.to_string();
    (path, Opener::Identity(words(identity.expose_secret())))
}

#[test]
fn a_backup_comes_back_with_everything_and_marked() {
    let root = tempfile::tempdir().unwrap();
    let (path, opener) = saved(root.path());
    let found = check(&path, &opener).unwrap();
    let kept = RecordKind::ALL.into_iter().filter(|kind| is_kept(*kind)).count() as u64;
    assert_eq!((found.records, found.circles, found.made), (kept, 1, MADE));
    let folder = root.path().join("me");
    let restored = restore(&path, &opener, &folder, &words("new words"), KdfCost::TEST).unwrap();
    assert_eq!(restored, found);
    let profile = Profile::open(&folder, &words("new words")).unwrap();
    let store = profile.open_store().unwrap();
    for kind in RecordKind::ALL {
        let value = store.get(&Key::new(kind, &[&[1; 32], b"name"])).unwrap();
        let expected = is_kept(kind).then(|| vec![kind as u8; 700]);
        assert_eq!(value.map(|value| value.to_vec()), expected, "{kind:?}");
    }
    assert!(crate::returning::is_marked(&store).unwrap());
}

#[test]
fn every_cut_and_every_flipped_byte_is_told_apart_and_makes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let (path, opener) = saved(root.path());
    let good = fs::read(&path).unwrap();
    let bad = root.path().join("bad");
    let folder = root.path().join("me");
    let attempt = |bytes: &[u8]| {
        fs::write(&bad, bytes).unwrap();
        let refused = restore(&bad, &opener, &folder, &words("new words"), KdfCost::TEST);
        assert!(!folder.exists() && !root.path().join(".me.restoring").exists());
        refused.unwrap_err()
    };
    for at in (0..good.len()).step_by(37).chain(0..LINE_LEN) {
        let mut flipped = good.clone();
        flipped[at] ^= 1;
        let error = attempt(&flipped);
        match at {
            _ if at >= LINE_LEN => assert!(matches!(error, BackupError::Damaged), "{at}"),
            _ => assert!(!matches!(error, BackupError::WrongIdentity), "{at}: {error}"),
        }
        match attempt(&good[..at]) {
            BackupError::Truncated { missing } => {
                assert!(at >= LINE_LEN && missing == (good.len() - at) as u64);
            }
            error => assert!(matches!(error, BackupError::NotABackup) && at < LINE_LEN, "{at}"),
        }
    }
    let longer = [good.as_slice(), b"x"].concat();
    assert!(matches!(attempt(&longer), BackupError::Damaged));
}

#[test]
fn a_wrong_passphrase_is_not_taken_for_damage_and_touches_no_profile() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("backup");
    let right = Opener::Passphrase(words("four quiet words"));
    save(&path, &filled(), &Lock::Passphrase(words("four quiet words")), MADE).unwrap();
    check(&path, &right).unwrap();
    let wrong = check(&path, &Opener::Passphrase(words("five quiet words"))).unwrap_err();
    assert!(matches!(wrong, BackupError::WrongPassphrase));
    let other = check(&path, &Opener::Identity(words("AGE-SECRET-KEY-1"))).unwrap_err();
    assert!(matches!(other, BackupError::NeedsPassphrase));

    let folder = root.path().join("me");
    drop(Profile::create(&folder, &words("mine"), KdfCost::TEST).unwrap());
    let refused = restore(&path, &right, &folder, &words("new words"), KdfCost::TEST);
    assert!(matches!(refused, Err(BackupError::Profile(crate::profile::ProfileError::Exists))));
    Profile::open(&folder, &words("mine")).unwrap();
    let wrong = Profile::open(&folder, &words("new words"));
    assert_eq!(wrong.err(), Some(HeaderError::WrongPassphrase.into()));
}

#[test]
fn a_backup_is_private_and_takes_no_other_files_place() {
    use std::os::unix::fs::MetadataExt;
    let root = tempfile::tempdir().unwrap();
    let (path, opener) = saved(root.path());
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    let lock = Lock::Passphrase(words("x"));
    let refused = save(&path, &filled(), &lock, MADE);
    assert!(matches!(refused, Err(BackupError::File(crate::private::PrivateError::Exists))));
    check(&path, &opener).unwrap();
    let bad = Lock::Recipient("age1nobody".into());
    assert!(matches!(
        save(&root.path().join("b"), &filled(), &bad, MADE),
        Err(BackupError::BadKey)
    ));
    assert!(!root.path().join("b").exists() && !root.path().join(".b.new").exists());
}

#[test]
fn no_word_of_what_was_kept_stands_in_a_backup() {
    let root = tempfile::tempdir().unwrap();
    let (path, _) = saved(root.path());
    let bytes = fs::read(&path).unwrap();
    for secret in [b"name".as_slice(), &[RecordKind::Item as u8; 16], &[1; 16]] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    }
}

#[test]
fn an_ordinary_age_file_follows_the_first_line() {
    let root = tempfile::tempdir().unwrap();
    let (path, _) = saved(root.path());
    let bytes = fs::read(&path).unwrap();
    let line = bytes.iter().position(|byte| *byte == b'\n').unwrap();
    assert_eq!(line + 1, LINE_LEN);
    assert!(bytes[LINE_LEN..].starts_with(b"age-encryption.org/v1\n"));
}

#[test]
fn the_mark_goes_when_returning_has_begun() {
    let mut store = MemoryStore::new();
    crate::returning::mark(&mut store).unwrap();
    assert!(crate::returning::is_marked(&store).unwrap());
    let now = Timestamp::from_seconds(1_800_000_000);
    let seed = windbreak_protocol::secret::Secret::from_bytes([1; 32]);
    let mut engine = Engine::load(now, &seed, Timings::default(), []).unwrap();
    store.apply(crate::returning::begin(&mut engine, now)).unwrap();
    assert!(!crate::returning::is_marked(&store).unwrap());
}
