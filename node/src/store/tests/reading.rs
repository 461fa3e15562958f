//! What a store reads when it is opened, and what it leaves until it is needed.

use super::*;

fn open_unread(folder: &Path) -> SledStore {
    SledStore::open_unread(folder, &store_key(), CACHE).unwrap()
}

fn envelope_key(number: u8) -> Key {
    Key::new(RecordKind::Envelope, &[&[1; 32], &[0, 0, 1, number], &[number; 32]])
}

/// All items, and the keys of all envelopes.
type Begun = (BTreeMap<Vec<u8>, Vec<u8>>, Vec<Key>);

fn begin(store: &mut SledStore) -> Result<Begun, StoreError> {
    let (mut whole, mut keys) = (BTreeMap::new(), Vec::new());
    let wants = |kind: RecordKind| match kind {
        RecordKind::Item => Wanted::Whole,
        RecordKind::Envelope => Wanted::Key,
        _ => Wanted::Nothing,
    };
    store.begin(&wants, &mut |key, value| match value {
        Some(value) => drop(whole.insert(key.name().to_vec(), value.to_vec())),
        None => keys.push(key),
    })?;
    keys.sort();
    Ok((whole, keys))
}

/// A closed store with some of everything, and a record of a kind that is not wanted.
fn filled() -> (tempfile::TempDir, Begun) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    let mut batch = Batch::new();
    for number in 0..200_u8 {
        batch.put(key(RecordKind::Item, &format!("short {number}")), large(100, number));
        batch.put(key(RecordKind::CheckIn, &format!("{number}")), large(100, number));
    }
    for number in 0..30_u8 {
        let length = usize::from(number) * 400;
        batch.put(key(RecordKind::Item, &format!("long {number}")), large(length, number));
        batch.put(envelope_key(number), large(2000, number));
    }
    // A name that goes on in the next cell.
    let long = "n".repeat(MAX_KEY_NAME);
    batch.put(key(RecordKind::Envelope, &long), b"x".to_vec());
    batch.put(key(RecordKind::Item, &long), b"x".to_vec());
    store.apply(batch).unwrap();
    let mut keys: Vec<_> = (0..30).map(envelope_key).collect();
    keys.push(key(RecordKind::Envelope, &long));
    keys.sort();
    let all = (items(&store), keys);
    assert_eq!(all.0.len(), 231);
    (folder, all)
}

#[test]
fn the_first_look_hands_out_what_is_wanted_and_finds_all_records() {
    let (folder, all) = filled();
    let mut store = open_unread(folder.path());
    assert_eq!(begin(&mut store).unwrap(), all);
    let known = store.table.len();
    assert_eq!(begin(&mut store).unwrap(), all, "again");
    drop(store);
    assert_eq!(open(folder.path()).unwrap().table.len(), known);
    // Whoever writes first, or looks at one kind, has the same.
    let mut store = open_unread(folder.path());
    assert_eq!(items(&store), all.0);
    put(&mut store, "later", b"x");
    assert_eq!(store.table.len(), known + 1);
    assert_eq!(begin(&mut store).unwrap().0.len(), all.0.len() + 1);
}

#[test]
fn what_is_missing_shows_at_the_first_look_whoever_takes_it() {
    let (folder, _) = filled();
    open_unread(folder.path()).spoil(&key(RecordKind::CheckIn, "7"), 0).unwrap();
    let keys = fs::read(folder.path().join("keys")).unwrap();
    let damaged = Some(StoreError::Damaged);
    assert_eq!(begin(&mut open_unread(folder.path())).err(), damaged);
    assert_eq!(open_unread(folder.path()).load(RecordKind::Item).err(), damaged);
    let mut batch = Batch::new();
    batch.put(key(RecordKind::Item, "later"), b"x".to_vec());
    assert_eq!(open_unread(folder.path()).apply(batch).err(), damaged);
    assert_eq!(open_unread(folder.path()).tidy().err(), damaged);
    assert_eq!(fs::read(folder.path().join("keys")).unwrap(), keys);
}

#[test]
fn one_cell_of_several_that_is_spoilt_is_noticed_where_it_is_read() {
    let (folder, all) = filled();
    open_unread(folder.path()).spoil(&envelope_key(3), 1).unwrap();
    let mut store = open_unread(folder.path());
    // Its key stands in its first cell, which is as it was.
    assert_eq!(begin(&mut store).unwrap(), all);
    assert_eq!(store.get(&envelope_key(3)).err(), Some(StoreError::Damaged));
    assert_eq!(store.load(RecordKind::Envelope).err(), Some(StoreError::Damaged));
    drop(store);
    open_unread(folder.path()).spoil(&key(RecordKind::Item, "long 29"), 2).unwrap();
    assert_eq!(begin(&mut open_unread(folder.path())).err(), Some(StoreError::Damaged));
}

#[test]
fn what_is_read_part_by_part_is_all_there_is() {
    let (folder, (all, _)) = filled();
    let store = open(folder.path()).unwrap();
    let (mut whole, mut parts) = (BTreeMap::new(), 0);
    for part in 0..PARTS {
        let before = whole.len();
        let mut take = |key: Key, value: Value| {
            assert_eq!(key.kind(), RecordKind::Item);
            assert_eq!(whole.insert(key.name().to_vec(), value.to_vec()), None);
        };
        store.visit_part(part, RecordKind::Item, &mut take).unwrap();
        parts += usize::from(whole.len() > before);
    }
    assert_eq!(whole, all);
    // Their names lie anywhere, so no part has much of it.
    assert!(parts > usize::from(PARTS) / 2, "{parts}");
    assert!(store.is_visited_sooner(all.len()) && !store.is_visited_sooner(1));
}
