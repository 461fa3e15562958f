//! What every store promises, and what only the one on disk does.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use windbreak_protocol::secret::Secret;

use super::*;
use crate::private::{FILE_MODE, FOLDER_MODE, modes_under};

mod erasing;
mod power;
mod reading;

const CACHE: u64 = 4 * 1024 * 1024;

fn store_key() -> StoreKey {
    StoreKey::from_secret(Secret::from_bytes([7; 32]))
}

/// Opens the store in a folder; makes one in a new folder.
fn open(folder: &Path) -> Result<SledStore, StoreError> {
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        SledStore::open(folder, &store_key(), CACHE)
    } else {
        make(folder)
    }
}

fn make(folder: &Path) -> Result<SledStore, StoreError> {
    SledStore::make(folder, &store_key(), CACHE)
}

fn key(kind: RecordKind, name: &str) -> Key {
    Key::new(kind, &[name.as_bytes()])
}

fn put(store: &mut dyn Store, name: &str, value: &[u8]) {
    let mut batch = Batch::new();
    batch.put(key(RecordKind::Item, name), value.to_vec());
    store.apply(batch).unwrap();
}

fn items(store: &dyn Store) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let records = store.load(RecordKind::Item).unwrap();
    records.into_iter().map(|(key, value)| (key.name().to_vec(), value.to_vec())).collect()
}

/// The folder as a killed process leaves it: nothing closed, nothing flushed by us.
fn copy_of(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_files(folder, copy.path());
    copy
}

fn copy_files(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy_files(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn large(length: usize, seed: u8) -> Vec<u8> {
    (0..length).map(|at| (at as u8).wrapping_mul(31).wrapping_add(seed)).collect()
}

#[test]
fn a_restart_keeps_all_and_each_kind_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    let mut batch = Batch::new();
    for kind in RecordKind::ALL {
        for name in ["b", "a", ""] {
            batch.put(key(kind, name), vec![kind as u8]);
        }
    }
    store.apply(batch).unwrap();
    drop(store);
    let store = open(folder.path()).unwrap();
    for kind in RecordKind::ALL {
        let records = store.load(kind).unwrap();
        let names: Vec<_> = records.iter().map(|(key, _)| key.name().to_vec()).collect();
        assert_eq!(names, [b"".to_vec(), b"a".to_vec(), b"b".to_vec()]);
        assert!(records.iter().all(|(key, value)| key.kind() == kind && **value == [kind as u8]));
        assert_eq!(store.get(&key(kind, "a")).unwrap().unwrap().as_slice(), [kind as u8]);
        assert_eq!(store.get(&key(kind, "c")).unwrap(), None);
    }
}

#[test]
fn a_killed_process_loses_nothing_that_was_applied() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    for step in 0..20_u8 {
        put(&mut store, &format!("item {step}"), &large(usize::from(step) * 500, step));
        if step % 5 == 0 {
            let copy = copy_of(folder.path());
            assert_eq!(items(&open(copy.path()).unwrap()), items(&store));
        }
    }
}

#[test]
fn a_batch_is_applied_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    for step in 0..12_u8 {
        let mut batch = Batch::new();
        batch.put(key(RecordKind::Item, "left"), large(7000, step));
        batch.put(key(RecordKind::Item, "right"), large(9000, step));
        store.apply(batch).unwrap();
    }
    let length = fs::metadata(folder.path().join("db")).unwrap().len();
    let mut seen = 0;
    for cut in (0..length).step_by(length as usize / 16) {
        let copy = copy_of(folder.path());
        fs::File::options().write(true).open(copy.path().join("db")).unwrap().set_len(cut).unwrap();
        // As if the power had failed before the witness was written.
        fs::write(copy.path().join("witness"), b"").unwrap();
        let Ok(store) = open(copy.path()) else { continue };
        let records = store.load(RecordKind::Item).unwrap();
        let steps: Vec<u8> = records.iter().map(|(_, value)| value[0]).collect();
        assert!(steps.is_empty() || steps == [steps[0]; 2], "cut at {cut}: {steps:?}");
        seen += steps.len();
    }
    assert!(seen > 0);
}

#[test]
fn a_large_value_comes_back_whole_and_blobs_stay_empty() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    let lengths = [0, 1, 3000, 3070, 3072, 3100, 6100, 60_000, 131_000, 512 * 1024];
    for round in 0..3_u8 {
        for (at, length) in lengths.into_iter().enumerate() {
            let length = if round == 1 { lengths[lengths.len() - 1 - at] } else { length };
            put(&mut store, &format!("large {at}"), &large(length, round));
            let stored = store.get(&key(RecordKind::Item, &format!("large {at}"))).unwrap();
            assert_eq!(stored.unwrap().as_slice(), large(length, round));
        }
    }
    let mut many = Batch::new();
    for at in 0..500 {
        many.put(key(RecordKind::Envelope, &format!("{at}")), large(2048, at as u8));
    }
    store.apply(many).unwrap();
    assert_eq!(fs::read_dir(folder.path().join("blobs")).unwrap().count(), 0);
    assert_eq!(items(&store).len(), lengths.len());
    let mut batch = Batch::new();
    for at in 0..lengths.len() {
        batch.delete(key(RecordKind::Item, &format!("large {at}")));
    }
    store.apply(batch).unwrap();
    drop(store);
    assert!(items(&open(folder.path()).unwrap()).is_empty());
    assert_eq!(fs::read_dir(folder.path().join("blobs")).unwrap().count(), 0);
}

#[test]
fn batches_applied_together_end_as_if_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    let mut batches = Vec::new();
    for (name, value) in [("a", Some("1")), ("b", Some("2")), ("a", Some("3")), ("b", None)] {
        let mut batch = Batch::new();
        match value {
            Some(value) => batch.put(key(RecordKind::Item, name), value.into()),
            None => batch.delete(key(RecordKind::Item, name)),
        }
        batches.push(batch);
    }
    store.apply_all(batches).unwrap();
    assert_eq!(items(&store), BTreeMap::from([(b"a".to_vec(), b"3".to_vec())]));
}

#[test]
fn another_key_opens_nothing_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    put(&mut open(folder.path()).unwrap(), "a", b"x");
    let stranger = StoreKey::from_secret(Secret::from_bytes([8; 32]));
    let refused = SledStore::open(folder.path(), &stranger, CACHE);
    assert_eq!(refused.err(), Some(StoreError::WrongKey));
    assert_eq!(items(&open(folder.path()).unwrap()).len(), 1);
}

#[test]
fn a_store_is_open_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    assert_eq!(open(folder.path()).err(), Some(StoreError::AlreadyOpen));
    drop(store);
    open(folder.path()).unwrap();
}

#[test]
fn a_newer_schema_is_refused_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()).unwrap());
    let before = fs::read(folder.path().join("db")).unwrap();
    fs::write(folder.path().join("schema"), b"windbreak/store\n\x00\x04").unwrap();
    let refused = open(folder.path());
    assert_eq!(refused.err(), Some(StoreError::NewerSchema { found: 4, known: 3 }));
    assert_eq!(fs::read(folder.path().join("db")).unwrap(), before);
}

#[test]
fn what_a_newer_program_left_is_not_touched_whoever_comes() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()).unwrap());
    let at = |name: &str| folder.path().join(name);
    // What of ours would be undone, ended, or damage.
    fs::create_dir(at("next")).unwrap();
    for (name, bytes) in [("next/keys", "new"), (".keys.new", "new"), ("long", "no commit of ours")]
    {
        fs::write(at(name), bytes).unwrap();
    }
    let files = || {
        let files = modes_under(folder.path()).into_iter();
        files.map(|(path, _)| (fs::read(&path).ok(), path)).collect::<Vec<_>>()
    };
    let newer = Err(StoreError::NewerSchema { found: 4, known: 3 });
    let mut larger = chaff::Size::of(folder.path());
    larger.records *= 2;
    let leaves_all = || {
        let before = files();
        assert_eq!(open(folder.path()).map(drop), newer);
        for key in [None, Some(store_key())] {
            assert_eq!(compact(folder.path(), key.as_ref()), newer);
        }
        assert_eq!(chaff::pad_closed(folder.path(), larger, &|| true), newer);
        assert_eq!(chaff::touch_closed(folder.path(), larger), newer);
        assert!(files() == before);
    };
    let schema = fs::read(at("schema")).unwrap();
    fs::write(at("schema"), b"windbreak/store\n\x00\x04").unwrap();
    leaves_all();
    // A newer one that is about to take its place.
    fs::create_dir(at("ready")).unwrap();
    fs::rename(at("schema"), at("ready/schema")).unwrap();
    fs::write(at("schema"), schema).unwrap();
    leaves_all();
}

#[test]
fn a_store_that_lost_everything_is_not_taken_for_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    put(&mut open(folder.path()).unwrap(), "a", b"x");
    fs::write(folder.path().join("db"), b"").unwrap();
    assert_eq!(open(folder.path()).err(), Some(StoreError::Damaged));
}

#[test]
fn a_store_that_lost_its_version_keeps_its_keys() {
    let folder = tempfile::tempdir().unwrap();
    let schema = folder.path().join("schema");
    drop(open(folder.path()).unwrap());
    // As a death while it is made leaves it, which can be gone on with.
    fs::remove_file(&schema).unwrap();
    assert_eq!(open(folder.path()).err(), Some(StoreError::Damaged));
    drop(make(folder.path()).unwrap());
    put(&mut open(folder.path()).unwrap(), "a", b"x");
    let version = fs::read(&schema).unwrap();
    fs::remove_file(&schema).unwrap();
    for _ in 0..2 {
        assert_eq!(open(folder.path()).err(), Some(StoreError::Damaged));
        assert_eq!(make(folder.path()).err(), Some(StoreError::Damaged));
    }
    fs::write(&schema, version).unwrap();
    assert_eq!(make(folder.path()).err(), Some(StoreError::Damaged));
    assert_eq!(items(&open(folder.path()).unwrap()).len(), 1);
}

#[test]
fn a_store_that_is_gone_is_not_taken_for_a_new_one_and_what_is_left_of_it_stays() {
    let (filled, _) = a_filled_store(3, 100);
    // All of it, what a copy may have left behind, and all but the keys.
    for gone in [&["."][..], &["schema"], &["schema", "db"], &["schema", "db", "conf", "witness"]] {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("store");
        fs::create_dir(&folder).unwrap();
        copy_files(filled.path(), &folder);
        match gone {
            ["."] => fs::remove_dir_all(&folder).unwrap(),
            names => names.iter().for_each(|name| fs::remove_file(folder.join(name)).unwrap()),
        }
        if gone.len() > 2 {
            forget_snapshots(&folder).unwrap();
        }
        let keys = fs::read(folder.join("keys")).ok();
        let damaged = Some(StoreError::Damaged);
        assert_eq!(SledStore::open(&folder, &store_key(), CACHE).err(), damaged, "{gone:?}");
        assert_eq!(fs::read(folder.join("keys")).ok(), keys);
        if keys.is_some() {
            assert_eq!(make(&folder).err(), damaged, "{gone:?}");
            assert_eq!(fs::read(folder.join("keys")).ok(), keys);
        } else {
            assert!(!folder.exists());
        }
    }
}

#[test]
fn a_store_with_a_record_missing_keeps_its_keys_and_goes_on_saying_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    put(&mut store, "a", b"x");
    let mut batch = Batch::new();
    batch.put(key(RecordKind::Circle, "b"), b"y".to_vec());
    store.apply(batch).unwrap();
    store.spoil(&key(RecordKind::Circle, "b"), 0).unwrap();
    drop(store);
    let keys = fs::read(folder.path().join("keys")).unwrap();
    for _ in 0..2 {
        let mut store = open(folder.path()).unwrap();
        assert_eq!(store.inspect().unwrap().missing, 1);
        let mut batch = Batch::new();
        batch.put(key(RecordKind::Item, "c"), b"z".to_vec());
        assert_eq!(store.apply(batch), Err(StoreError::Damaged));
        assert_eq!(store.tidy(), Err(StoreError::Damaged));
        assert!(store.get(&key(RecordKind::Item, "a")).unwrap().is_some());
        drop(store);
        assert_eq!(compact(folder.path(), Some(&store_key())), Err(StoreError::Damaged));
    }
    assert_eq!(fs::read(folder.path().join("keys")).unwrap(), keys);
}

#[test]
fn a_raw_scan_of_the_store_finds_no_word() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    put(&mut store, "the name of a record", &b"a word nobody else reads ".repeat(400));
    drop(store);
    drop(open(folder.path()).unwrap());
    for (path, _) in modes_under(folder.path()) {
        let Ok(bytes) = fs::read(&path) else { continue };
        for secret in [b"nobody else".as_slice(), b"name of a", &[7; 32]] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{path:?}");
        }
    }
}

#[test]
fn everything_in_a_store_is_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    put(&mut open(&path).unwrap(), "a", b"x");
    let store = open(&path).unwrap();
    for (path, mode) in modes_under(&path) {
        assert_eq!(mode, if path.is_dir() { FOLDER_MODE } else { FILE_MODE }, "{path:?}");
    }
    drop(store);
}

/// Opens the store and reads everything; `Err` is what a person would be told.
fn read_all(folder: &Path) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, StoreError> {
    let records = open(folder)?.load(RecordKind::Item)?;
    Ok(records.into_iter().map(|(key, value)| (key.name().to_vec(), value.to_vec())).collect())
}

fn a_filled_store(commits: u8, length: usize) -> (tempfile::TempDir, BTreeMap<Vec<u8>, Vec<u8>>) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    for at in 0..commits {
        put(&mut store, &format!("item {at}"), &large(length, at));
    }
    let expected = items(&store);
    (folder, expected)
}

#[test]
fn a_damaged_store_is_refused() {
    // The second one spreads over several of sled's segments of 512 KiB.
    for (commits, length) in [(40, 2000), (40, 60_000)] {
        let (folder, expected) = a_filled_store(commits, length);
        for file in ["db", "conf", "witness"] {
            let length = fs::metadata(folder.path().join(file)).unwrap().len() as usize;
            for at in (0..length).step_by((length / 40).max(1)) {
                let copy = copy_of(folder.path());
                let mut bytes = fs::read(copy.path().join(file)).unwrap();
                bytes[at] ^= 0xff;
                fs::write(copy.path().join(file), bytes).unwrap();
                match read_all(copy.path()) {
                    // sled has bytes that mean nothing, or not any more.
                    Ok(found) => assert!(found == expected, "{file} at {at}: {}", found.len()),
                    Err(error) => assert_eq!(error, StoreError::Damaged, "{file} at {at}"),
                }
            }
        }
    }
}

#[test]
fn a_store_that_lost_its_last_commits_is_refused() {
    let (folder, expected) = a_filled_store(20, 2000);
    let length = fs::metadata(folder.path().join("db")).unwrap().len();
    for cut in (0..length).step_by(length as usize / 16) {
        let copy = copy_of(folder.path());
        fs::File::options().write(true).open(copy.path().join("db")).unwrap().set_len(cut).unwrap();
        match read_all(copy.path()) {
            Ok(found) => assert!(found == expected, "cut at {cut}"),
            Err(error) => assert_eq!(error, StoreError::Damaged, "cut at {cut}"),
        }
    }
}

#[test]
fn a_value_too_large_is_refused_and_work_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    let mut batch = Batch::new();
    batch.put(key(RecordKind::Item, "a"), vec![0; MAX_VALUE + 1]);
    assert_eq!(store.apply(batch), Err(StoreError::TooLarge));
    let mut batch = Batch::new();
    batch.put(Key::new(RecordKind::Item, &[&[0; MAX_KEY_NAME + 1]]), Vec::new());
    assert_eq!(store.apply(batch), Err(StoreError::TooLarge));
    put(&mut store, "a", b"x");
}

#[test]
fn a_value_that_the_database_would_not_sync_is_refused_before_anything_is_written() {
    const LONGEST: usize = 3 * 1024;
    let folder = tempfile::tempdir().unwrap();
    let tree = Tree::open(folder.path(), CACHE).unwrap();
    let writes = |count: usize, length: usize| {
        let mut writes = Writes::default();
        (0..count).for_each(|number| writes.put(&number.to_be_bytes(), &[1; 100]));
        writes.put(b"longest", &large(length, 7));
        writes
    };
    // Also in a commit that takes a file of its own.
    for count in [0, MAX_WRITES] {
        let refused = tree.commit(writes(count, LONGEST + 1), || {});
        assert_eq!(refused, Err(StoreError::TooLarge));
        assert!(tree.is_empty().unwrap() && !folder.path().join("long").exists());
    }
    tree.commit(writes(MAX_WRITES, LONGEST), || {}).unwrap();
    assert_eq!(tree.get(b"longest").unwrap().unwrap().len(), LONGEST);
    tree.close();
    assert_eq!(fs::read_dir(folder.path().join("blobs")).unwrap().count(), 0);
}

#[test]
fn a_store_in_memory_fails_where_it_is_told_and_keeps_what_was_durable() {
    let mut store = MemoryStore::new();
    let handle = store.clone();
    put(&mut store, "a", b"1");
    handle.fail_at(2, StoreError::DiskFull);
    put(&mut store, "a", b"2");
    let mut batch = Batch::new();
    batch.put(key(RecordKind::Item, "a"), b"3".to_vec());
    batch.put(key(RecordKind::Item, "b"), b"3".to_vec());
    assert_eq!(store.apply(batch), Err(StoreError::DiskFull));
    assert_eq!(store.apply(Batch::new()), Err(StoreError::Stopped));
    assert_eq!(store.load(RecordKind::Item).err(), Some(StoreError::Stopped));
    let mut restarted = handle.durable();
    assert_eq!(items(&restarted), BTreeMap::from([(b"a".to_vec(), b"2".to_vec())]));
    put(&mut restarted, "b", b"4");
    assert_eq!((handle.writes(), restarted.writes()), (2, 1));
}

#[derive(Clone, Debug)]
enum Step {
    Write(Vec<(u8, Option<usize>)>),
    Restart,
    Kill,
}

fn step() -> impl Strategy<Value = Step> {
    let length = prop_oneof![0..50_usize, 3000..3100_usize, 0..20_000_usize];
    prop_oneof![
        6 => vec((0..6_u8, proptest::option::of(length)), 0..5).prop_map(Step::Write),
        1 => Just(Step::Restart),
        1 => Just(Step::Kill),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_store_is_a_map_that_survives(steps in vec(step(), 1..20)) {
        let mut folder = tempfile::tempdir().unwrap();
        let mut store = open(folder.path()).unwrap();
        let mut memory = MemoryStore::new();
        let mut model: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
        for (number, step) in steps.into_iter().enumerate() {
            match step {
                Step::Write(writes) => {
                    let mut batches = Vec::new();
                    for (name, length) in writes {
                        let mut pair = [Batch::new(), Batch::new()];
                        for batch in &mut pair {
                            let key = Key::new(RecordKind::Item, &[&[name]]);
                            match length {
                                Some(length) => batch.put(key, large(length, number as u8)),
                                None => batch.delete(key),
                            }
                        }
                        batches.push(pair);
                        match length {
                            Some(length) => model.insert(vec![name], large(length, number as u8)),
                            None => model.remove([name].as_slice()),
                        };
                    }
                    let (left, right) = batches.into_iter().map(<(Batch, Batch)>::from).unzip();
                    store.apply_all(left).unwrap();
                    memory.apply_all(right).unwrap();
                }
                Step::Restart => {
                    drop(store);
                    store = open(folder.path()).unwrap();
                }
                Step::Kill => {
                    let copy = copy_of(folder.path());
                    drop(store);
                    folder = copy;
                    store = open(folder.path()).unwrap();
                }
            }
            prop_assert_eq!(&items(&store), &model);
            prop_assert_eq!(&items(&memory), &model);
        }
    }
}
