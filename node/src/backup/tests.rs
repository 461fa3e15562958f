//! A backup comes back whole or not at all, and says why.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use age::secrecy::ExposeSecret;
use sha2::{Digest as _, Sha256};
use windbreak_protocol::record::{Batch, Key, RecordKind};
use windbreak_protocol::secret::SecretBytes;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::{Engine, Timings};

use super::*;
use crate::profile::{self, HeaderError, KdfCost, Profile, ProfileConfig};
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
    save(&path, &filled(), &lock, MADE, None).unwrap();
    let identity = identity.to_string();
    (path, Opener::Identity(words(identity.expose_secret())))
}

/// A backup without a record, as the first version of this program wrote it.
fn saved_by_the_first_program(path: &Path) -> Opener {
    let identity = age::x25519::Identity::generate();
    let recipient = identity.to_public();
    let recipients = std::iter::once(&recipient as &dyn age::Recipient);
    let mut sealed = Vec::new();
    let mut out =
        age::Encryptor::with_recipients(recipients).unwrap().wrap_output(&mut sealed).unwrap();
    let made = MADE.as_seconds().to_be_bytes();
    let end = [&[0], 0_u64.to_be_bytes().as_slice()].concat();
    out.write_all(&[MAGIC.as_slice(), &1_u16.to_be_bytes(), &made, &end].concat()).unwrap();
    out.finish().unwrap();
    let sum = data_encoding::HEXLOWER.encode(&Sha256::digest(&sealed));
    let line = format!("{LINE_START}1 {:020} {sum}\n", sealed.len());
    fs::write(path, [line.as_bytes(), &sealed].concat()).unwrap();
    Opener::Identity(words(identity.to_string().expose_secret()))
}

fn take_back(path: &Path, opener: &Opener, folder: &Path) -> Result<Restored, BackupError> {
    let (passphrase, config) = (&words("new words"), &ProfileConfig::default());
    restore(path, opener, Place { folder, passphrase, cost: KdfCost::TEST, config }, &|| true)
}

#[test]
fn a_backup_comes_back_with_everything_and_marked() {
    let root = tempfile::tempdir().unwrap();
    let (path, opener) = saved(root.path());
    let found = check(&path, &opener).unwrap();
    let kept = RecordKind::ALL.into_iter().filter(|kind| is_kept(*kind)).count() as u64;
    assert_eq!((found.records, found.circles, found.made), (kept, 1, MADE));
    let folder = root.path().join("me");
    let restored = take_back(&path, &opener, &folder).unwrap();
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
        let refused = take_back(&bad, &opener, &folder);
        assert!(!folder.exists() && !root.path().join(".me.restoring").exists());
        refused.unwrap_err()
    };
    for at in (0..good.len()).step_by(37).chain(0..LINE_LEN) {
        let mut flipped = good.clone();
        flipped[at] ^= 1;
        let error = attempt(&flipped);
        match error {
            BackupError::Damaged => {}
            // Never that something is missing, or that a newer program made it.
            error => {
                assert!(matches!(error, BackupError::NotABackup) && at < LINE_LEN, "{at}: {error}");
            }
        }
        match attempt(&good[..at]) {
            BackupError::Truncated { missing } => {
                assert!(at >= LINE_LEN && missing == (good.len() - at) as u64);
            }
            error => assert!(matches!(error, BackupError::NotABackup) && at < LINE_LEN, "{at}"),
        }
    }
    // A digit that became another one: of the version, and of the length, which then is greater.
    for (at, flip) in [(LINE_START.len(), 2), (LINE_START.len(), 8), (LINE_START.len() + 2, 1)] {
        let mut flipped = good.clone();
        flipped[at] ^= flip;
        assert!(flipped[at].is_ascii_digit());
        assert!(matches!(attempt(&flipped), BackupError::Damaged), "{at}");
    }
    let mut newer = good.clone();
    newer[LINE_START.len()] = b'7';
    newer.push(b'x');
    assert!(matches!(attempt(&newer), BackupError::Newer(7)));
    let longer = [good.as_slice(), b"x"].concat();
    assert!(matches!(attempt(&longer), BackupError::Damaged));
}

#[test]
fn the_configuration_comes_along_and_an_older_backup_has_none() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("of before");
    let opener = saved_by_the_first_program(&path);
    let found = check(&path, &opener).unwrap();
    assert_eq!((found.made, found.config), (MADE, None));
    take_back(&path, &opener, &root.path().join("me")).unwrap();

    let mut config = ProfileConfig::default();
    config.lock.idle_minutes = 15;
    config.panic.confirm = false;
    config.store.circle_quota_mib = 4096;
    let lock = Lock::Passphrase(words("four quiet words"));
    let opener = Opener::Passphrase(words("four quiet words"));
    let path = root.path().join("with");
    save(&path, &filled(), &lock, MADE, Some(&config)).unwrap();
    assert_eq!(check(&path, &opener).unwrap().config, Some(config));
}

#[test]
fn a_restore_that_is_stopped_leaves_nothing_and_one_that_was_killed_nothing_for_long() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("backup");
    let identity = age::x25519::Identity::generate();
    let opener = Opener::Identity(words(identity.to_string().expose_secret()));
    let mut store = filled();
    let mut batch = Batch::new();
    batch.put(Key::new(RecordKind::Item, &[&[2; 32]]), vec![7; 2 * 1024 * 1024]);
    store.apply(batch).unwrap();
    save(&path, &store, &Lock::Recipient(identity.to_public().to_string()), MADE, None).unwrap();
    let folder = root.path().join("me");
    let left = root.path().join(".me.restoring");
    let (passphrase, config) = (&words("new words"), &ProfileConfig::default());
    let place = Place { folder: &folder, passphrase, cost: KdfCost::TEST, config };
    assert!(restore(&path, &opener, place, &|| false).is_err());
    assert!(!folder.exists() && !left.exists());

    // As a kill leaves it: while it is made, nobody can open what is there.
    let killed = restore(&path, &opener, place, &|| {
        assert!(left.join("lock").exists() && !profile::exists(&left));
        assert!(matches!(
            clear_left(&folder),
            Err(BackupError::Profile(ProfileError::AlreadyOpen))
        ));
        true
    });
    killed.unwrap();
    fs::create_dir(&left).unwrap();
    fs::write(left.join("lock"), b"").unwrap();
    fs::write(left.join("header"), b"of before").unwrap();
    assert_eq!(left_by_restore(&folder), Some(left.clone()));
    assert!(clear_left(&folder).unwrap() && !left.exists());
    assert!(!clear_left(&folder).unwrap());
    // What is no restore's is left alone.
    fs::create_dir(&left).unwrap();
    assert!(!clear_left(&folder).unwrap() && left.exists());
}

#[test]
fn a_profile_that_was_taken_back_has_one_time() {
    let root = tempfile::tempdir().unwrap();
    let (path, opener) = saved(root.path());
    let folder = root.path().join("me");
    take_back(&path, &opener, &folder).unwrap();
    let time = |name: &str| fs::metadata(folder.join(name)).unwrap().modified().unwrap();
    let stores = (0..4).flat_map(|slot| {
        ["", "/db", "/keys", "/witness"].map(|name| format!("stores/{slot}{name}"))
    });
    let beside = ["header", "config.toml", "stores", "."].map(str::to_owned);
    let times: std::collections::BTreeSet<_> =
        stores.chain(beside).map(|name| time(&name)).collect();
    assert_eq!(times.len(), 1, "{times:?}");
}

#[test]
fn a_wrong_passphrase_is_not_taken_for_damage_and_touches_no_profile() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("backup");
    let right = Opener::Passphrase(words("four quiet words"));
    save(&path, &filled(), &Lock::Passphrase(words("four quiet words")), MADE, None).unwrap();
    check(&path, &right).unwrap();
    let wrong = check(&path, &Opener::Passphrase(words("five quiet words"))).unwrap_err();
    assert!(matches!(wrong, BackupError::WrongPassphrase));
    let other = check(&path, &Opener::Identity(words("AGE-SECRET-KEY-1"))).unwrap_err();
    assert!(matches!(other, BackupError::NeedsPassphrase));

    let folder = root.path().join("me");
    drop(Profile::create(&folder, &words("mine"), KdfCost::TEST).unwrap());
    let refused = take_back(&path, &right, &folder);
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
    let refused = save(&path, &filled(), &lock, MADE, None);
    assert!(matches!(refused, Err(BackupError::File(crate::private::PrivateError::Exists))));
    check(&path, &opener).unwrap();
    let bad = Lock::Recipient("age1nobody".into());
    assert!(matches!(
        save(&root.path().join("b"), &filled(), &bad, MADE, None),
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
