//! Profiles of earlier layouts, and one of the present layout, so that no change of a record within it goes
//! unseen: `fixtures/schema-N` holds one that the store of version N wrote. What a circle keeps is in today's
//! form in the first two: circles of before vouchers (D-12) do not go on. `fixtures/relay-schema-N` holds a
//! relay likewise.
// Helpers of tests fail as tests do.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use windbreak_node::api::Client;
use windbreak_node::profile::{HeaderError, Profile, ProfileError};
use windbreak_node::relay::{AdmissionMode, RelayConfig, run_relay};
use windbreak_node::store::{SledStore, Store, StoreError, StoreKey};
use windbreak_node::{Node, NodeConfig};
use windbreak_protocol::record::RecordKind;
use windbreak_protocol::secret::SecretBytes;
use windbreak_protocol::time::Timestamp;

/// The passphrase of every fixture.
const PASSPHRASE: &[u8] = b"a store of the first version";

/// Memory for the pages of a store that is only looked at, in bytes.
const CACHE: u64 = 8 * 1024 * 1024;

/// Versions of before, and the present one.
const VERSIONS: [u16; 3] = [1, 2, 3];

fn passphrase() -> SecretBytes {
    SecretBytes::new(PASSPHRASE.to_vec())
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn fixture(number: u16) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let from =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/schema-{number}"));
    copy(&from, folder.path());
    folder
}

async fn said(folder: &Path) -> Vec<String> {
    let profile = Profile::open(folder, &passphrase()).unwrap();
    let (config, socket) =
        (NodeConfig::from_profile(profile.config()), profile.socket_path().unwrap());
    let node = Node::start(profile, config).await.unwrap();
    let client = Client::new(socket);
    let circles = client.circles().await.unwrap().circles;
    assert_eq!(circles[0].title, "Evening walk");
    let page = client.items(&circles[0].id, None, None).await.unwrap();
    node.stop();
    node.stopped().await;
    page.items.into_iter().map(|item| item.text.chars().take(22).collect()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_profile_of_every_version_opens_with_all_it_kept() {
    for version in VERSIONS {
        let folder = fixture(version);
        for _ in 0..2 {
            let said = said(folder.path()).await;
            assert_eq!(said, ["The first thing said.", "The second thing, a li"]);
        }
        assert!(!folder.path().join("store").exists());
        assert_eq!(fs::read_dir(folder.path().join("stores")).unwrap().count(), 4);
        let profile = Profile::open(folder.path(), &passphrase()).unwrap();
        let store = profile.open_store().unwrap();
        assert!(store.inspect().unwrap().is_sound());
        assert_eq!(store.load(RecordKind::Invite).unwrap().len(), 1);
    }
}

/// When the relays among the fixtures were stopped, in seconds since 1970: what they hold is not kept for ever.
const RELAY_STOPPED: u64 = 1_795_902_384;
/// The key that names the relay, as its address does.
const RELAY_PEER: &str = "12D3KooWFoeFWz72mrZmVHLvuvWMj3MpfyXhFDatTnKGAxZ1KmhZ";
/// Versions of which a relay is kept.
const RELAY_VERSIONS: [u16; 1] = [3];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_of_every_version_opens_with_all_it_held() {
    for version in RELAY_VERSIONS {
        let folder = tempfile::tempdir().unwrap();
        let from = format!("tests/fixtures/relay-schema-{version}");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(from), folder.path());
        for _ in 0..2 {
            let clock = Arc::new(|| Timestamp::from_seconds(RELAY_STOPPED + 60));
            let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned()];
            let mut config = RelayConfig::new(folder.path().to_owned(), listen, clock);
            // One that does not read all it noted of grants and tokens does not start.
            config.admission = AdmissionMode::Grant;
            let relay = run_relay(config).await.unwrap();
            let status = relay.status();
            assert!(relay.addresses()[0].ends_with(RELAY_PEER), "{:?}", relay.addresses());
            assert_eq!((status.topics, status.envelopes, status.by_grant), (1, 2, true));
            relay.shutdown().await;
        }
        let key = StoreKey::from_file(&folder.path().join("key")).unwrap().unwrap();
        let store = SledStore::open(&folder.path().join("store"), &key, CACHE).unwrap();
        assert!(store.inspect().unwrap().is_sound());
        // The secret that tokens are made with, its floor and clock, a grant, what was used of it,
        // and tokens that were spent.
        let notes = store.load(RecordKind::Node).unwrap();
        for note in ["token secret", "token clock", "grant", "sub-grant", "spent token"] {
            let is_there = |name: &[u8]| name.starts_with(note.as_bytes());
            assert!(notes.iter().any(|(key, _)| is_there(key.name())), "{note}");
        }
    }
}

#[test]
fn which_store_was_brought_up_to_date_does_not_show() {
    let folder = fixture(2);
    let profile = Profile::open(folder.path(), &passphrase()).unwrap();
    let mut own = profile.open_store().unwrap();
    profile.even_out(&mut own).unwrap();
    // As the three others were left by a program of then.
    let schemas = [0, 1, 2, 3].map(|slot| folder.path().join(format!("stores/{slot}/schema")));
    for other in [0, 1, 3] {
        fs::write(&schemas[other], b"windbreak/store\n\x00\x02").unwrap();
    }
    profile.even_out(&mut own).unwrap();
    for schema in &schemas {
        assert!(fs::read(schema).unwrap().ends_with(&[3]));
    }
}

#[test]
fn a_wrong_passphrase_brings_nothing_up_to_date() {
    let folder = fixture(1);
    let header = fs::read(folder.path().join("header")).unwrap();
    let wrong = Profile::open(folder.path(), &SecretBytes::new(b"not this one".to_vec()));
    assert_eq!(wrong.err(), Some(ProfileError::Header(HeaderError::WrongPassphrase)));
    assert_eq!(fs::read(folder.path().join("header")).unwrap(), header);
    assert!(!folder.path().join("stores").exists());
}

#[test]
fn an_interrupted_step_is_finished_at_the_next_opening() {
    // As the process may have died: before the header, and before the store was moved.
    let folder = fixture(1);
    fs::create_dir_all(folder.path().join("stores/2/blobs")).unwrap();
    fs::write(folder.path().join("stores/2/db"), b"begun").unwrap();
    drop(Profile::open(folder.path(), &passphrase()).unwrap().open_store().unwrap());

    let folder = fixture(1);
    drop(Profile::open(folder.path(), &passphrase()).unwrap());
    let moved = (0..4)
        .map(|slot| folder.path().join(format!("stores/{slot}")))
        .find(|store| fs::read(store.join("schema")).unwrap().ends_with(&[1]))
        .unwrap();
    fs::rename(moved, folder.path().join("store")).unwrap();
    let profile = Profile::open(folder.path(), &passphrase()).unwrap();
    let mut store = profile.open_store().unwrap();
    assert_eq!(store.load(RecordKind::Item).unwrap().len(), 2);
    store.tidy().unwrap();

    // In the middle of taking the new store's place: some files are moved, some are not.
    let folder = fixture(1);
    let profile = Profile::open(folder.path(), &passphrase()).unwrap();
    drop(profile.open_store().unwrap());
    let items = profile.open_store().unwrap().load(RecordKind::Item).unwrap().len();
    for slot in 0..4 {
        let store = folder.path().join(format!("stores/{slot}"));
        fs::create_dir(store.join("ready")).unwrap();
        fs::rename(store.join("keys"), store.join("ready/keys")).unwrap();
        fs::rename(store.join("schema"), store.join("ready/schema")).unwrap();
    }
    assert_eq!(profile.open_store().unwrap().load(RecordKind::Item).unwrap().len(), items);
}

#[test]
fn a_profile_of_a_newer_version_is_refused_and_left_alone() {
    let folder = fixture(1);
    drop(Profile::open(folder.path(), &passphrase()).unwrap().open_store().unwrap());
    let mut header = fs::read(folder.path().join("header")).unwrap();
    header[17] = 3;
    fs::write(folder.path().join("header"), &header).unwrap();
    let refused = Profile::open(folder.path(), &passphrase());
    let newer = HeaderError::Newer { found: 3, known: 2 };
    assert_eq!(refused.err(), Some(ProfileError::Header(newer)));
    assert_eq!(StoreError::NewerSchema { found: 3, known: 2 }.to_string().split(';').count(), 2);
}
