//! What a profile promises: private, one node at a time, and reasons that can be told apart.

use super::*;
use crate::private::{FILE_MODE, FOLDER_MODE, modes_under};
use crate::store::Store;
use windbreak_protocol::record::{Batch, Key, RecordKind};

fn passphrase(text: &str) -> SecretBytes {
    SecretBytes::new(text.as_bytes().to_vec())
}

fn create(folder: &Path) -> Profile {
    Profile::create(folder, &passphrase("correct horse"), KdfCost::TEST).unwrap()
}

fn open(folder: &Path) -> Result<Profile, ProfileError> {
    Profile::open(folder, &passphrase("correct horse"))
}

#[test]
fn a_profile_opens_again_with_all_it_kept() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    let mut batch = Batch::new();
    batch.put(Key::new(RecordKind::Circle, &[b"a"]), b"kept".to_vec());
    profile.open_store().unwrap().apply(batch).unwrap();
    drop(profile);

    let mut profile = open(&folder).unwrap();
    let circles = profile.open_store().unwrap().load(RecordKind::Circle).unwrap();
    assert_eq!(circles[0].1.as_slice(), b"kept");
    let config = ProfileConfig { timing_factor: 0.05, ..ProfileConfig::default() };
    profile.write_config(config.clone()).unwrap();
    drop(profile);
    assert_eq!(open(&folder).unwrap().config(), &config);
}

#[test]
fn files_are_born_private() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    let store = profile.open_store().unwrap();
    for (path, mode) in modes_under(&folder) {
        assert_eq!(mode, if path.is_dir() { FOLDER_MODE } else { FILE_MODE }, "{path:?}");
    }
    drop(store);
}

#[test]
fn a_profile_opens_once() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    let profile = create(&folder);
    assert_eq!(open(&folder).err(), Some(ProfileError::AlreadyOpen));
    drop(profile);
    open(&folder).unwrap();
}

#[test]
fn a_wrong_passphrase_and_a_damaged_header_are_told_apart() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    drop(create(&folder));
    let wrong = Profile::open(&folder, &passphrase("correct house"));
    assert_eq!(wrong.err(), Some(HeaderError::WrongPassphrase.into()));
    let path = folder.join("header");
    let good = fs::read(&path).unwrap();
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 0x40;
        fs::write(&path, &bytes).unwrap();
        let expected = match at {
            16 => HeaderError::Newer { found: 0x4001, known: 1 },
            17 => HeaderError::Newer { found: 0x41, known: 1 },
            _ => HeaderError::Damaged,
        };
        assert_eq!(open(&folder).err(), Some(expected.into()), "byte {at}");
        fs::write(&path, &good[..at]).unwrap();
        assert_eq!(open(&folder).err(), Some(HeaderError::Damaged.into()), "cut at {at}");
    }
    fs::write(&path, &good).unwrap();
    open(&folder).unwrap();
}

#[test]
fn a_wrong_passphrase_changes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    drop(create(&folder).open_store().unwrap());
    let content = || -> Vec<_> {
        let paths = modes_under(&folder).into_iter();
        paths.map(|(path, mode)| (fs::read(&path).ok(), path, mode)).collect()
    };
    let before = content();
    assert!(Profile::open(&folder, &passphrase("correct house")).is_err());
    assert_eq!(content(), before);
}

#[test]
fn a_key_file_that_asks_for_too_much_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    drop(create(&folder));
    let path = folder.join("header");
    let good = fs::read(&path).unwrap();
    for at in [18, 22, 26] {
        let mut bytes = good[..good.len() - 32].to_vec();
        bytes[at..at + 4].copy_from_slice(&u32::MAX.to_be_bytes());
        let sum = Label::PROFILE_HEADER.hash(&[&bytes]);
        bytes.extend_from_slice(&sum);
        fs::write(&path, &bytes).unwrap();
        assert_eq!(open(&folder).err(), Some(HeaderError::CostOutOfBounds.into()));
    }
}

#[test]
fn a_profile_is_made_only_in_an_empty_place() {
    let root = tempfile::tempdir().unwrap();
    let secret = passphrase("x");
    assert_eq!(open(root.path()).err(), Some(ProfileError::Missing));
    fs::write(root.path().join("letter.txt"), b"mine").unwrap();
    let refused = Profile::create(root.path(), &secret, KdfCost::TEST);
    assert_eq!(refused.err(), Some(ProfileError::NotEmpty));
    let folder = root.path().join("me");
    drop(create(&folder));
    let refused = Profile::create(&folder, &secret, KdfCost::TEST);
    assert_eq!(refused.err(), Some(ProfileError::Exists));
    let refused = Profile::create(&root.path().join("you"), &passphrase(""), KdfCost::TEST);
    assert_eq!(refused.err(), Some(ProfileError::PassphraseLength));
}

#[test]
fn an_interrupted_creation_can_be_repeated() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("me");
    drop(create(&folder));
    fs::remove_file(folder.join("header")).unwrap();
    drop(create(&folder));
}

#[test]
fn a_long_path_moves_the_socket_to_a_short_private_folder() {
    let root = tempfile::tempdir().unwrap();
    let short = root.path().join("me");
    assert_eq!(
        create(&short).socket_path().unwrap(),
        fs::canonicalize(&short).unwrap().join("node.sock")
    );
    let long = root.path().join("long".repeat(30));
    let path = create(&long).socket_path().unwrap();
    assert!(fits_a_socket(&path));
    assert_eq!(socket_path(&long).unwrap(), path);
    let folder = path.parent().unwrap();
    assert_eq!(modes_under(folder)[0].1, FOLDER_MODE);
    assert_eq!(socket_path(&root.path().join("none")), Err(ProfileError::Missing));
}

#[test]
fn the_runtime_directory_is_used_only_where_it_serves() {
    let root = tempfile::tempdir().unwrap();
    let here = socket_folder(Some(root.path().as_os_str()), "a.sock");
    assert_eq!(here, root.path().join("windbreak"));
    let own = PathBuf::from(format!("/tmp/windbreak-{}", rustix::process::geteuid().as_raw()));
    let long = "/x".repeat(60);
    for runtime in [None, Some("relative"), Some("/does/not/exist"), Some(long.as_str())] {
        assert_eq!(socket_folder(runtime.map(OsStr::new), "a.sock"), own);
    }
}
