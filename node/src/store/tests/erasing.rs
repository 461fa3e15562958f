//! What is gone is gone: raw files from before do not open with the keys that are left.

use super::*;

const CIRCLE: [u8; 32] = [1; 32];

fn state_key(kind: RecordKind, state: u8, name: &[u8]) -> Key {
    Key::new(kind, &[&CIRCLE, &[state; 32], name])
}

fn item_key(number: u16) -> Key {
    Key::new(RecordKind::Item, &[&CIRCLE, &number.to_be_bytes()])
}

/// The records of an older copy of a store's folder, with the keys that the folder has now.
fn seize(before: &Path, now: &Path) -> Result<BTreeMap<Key, Vec<u8>>, StoreError> {
    let seized = copy_of(before);
    fs::copy(now.join("keys"), seized.path().join("keys")).unwrap();
    let store = open(seized.path())?;
    let mut found = BTreeMap::new();
    // One record that does not open ends a visit: look at each by itself.
    for name in store.table.names() {
        if let Ok(Some((key, value))) = store.record(name) {
            found.insert(key, value.to_vec());
        }
    }
    Ok(found)
}

fn apply(store: &mut SledStore, writes: &[(Key, Option<&[u8]>)]) {
    let mut batch = Batch::new();
    for (key, value) in writes {
        match value {
            Some(value) => batch.put(key.clone(), value.to_vec()),
            None => batch.delete(key.clone()),
        }
    }
    store.apply(batch).unwrap();
}

#[test]
fn the_key_of_a_state_goes_with_its_last_record_and_other_states_stay() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    for state in [1, 2] {
        apply(
            &mut store,
            &[
                (state_key(RecordKind::State, state, b""), Some(b"with keys")),
                (state_key(RecordKind::Namespace, state, b"tree"), Some(b"secret")),
                (state_key(RecordKind::Namespace, state, b"ratchet"), Some(b"secret")),
            ],
        );
    }
    let before = copy_of(folder.path());
    // One of its records goes: the state lives on.
    apply(&mut store, &[(state_key(RecordKind::Namespace, 1, b"ratchet"), None)]);
    assert_eq!(seize(before.path(), folder.path()).unwrap().len(), 6);
    // The last goes, and what is left of the state is a header.
    apply(
        &mut store,
        &[
            (state_key(RecordKind::State, 1, b""), Some(b"a header")),
            (state_key(RecordKind::Namespace, 1, b"tree"), None),
        ],
    );
    let found = seize(before.path(), folder.path()).unwrap();
    assert_eq!(found.len(), 3);
    assert!(found.keys().all(|key| key.name()[32] == 2));
    let header = store.get(&state_key(RecordKind::State, 1, b"")).unwrap().unwrap();
    assert_eq!(header.as_slice(), b"a header");
    drop(store);
    let store = open(folder.path()).unwrap();
    assert_eq!(store.load(RecordKind::State).unwrap().len(), 2);
}

#[test]
fn a_withdrawn_item_does_not_open_from_a_copy_from_before_and_its_neighbours_do() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    for number in 0..600_u16 {
        apply(&mut store, &[(item_key(number), Some(&number.to_be_bytes()))]);
    }
    let before = copy_of(folder.path());
    apply(&mut store, &[(item_key(7), None), (item_key(601), Some(b"later"))]);
    let found = seize(before.path(), folder.path()).unwrap();
    assert!(!found.contains_key(&item_key(7)));
    // Its neighbours were sealed anew, and open where they are now.
    assert_eq!(items(&store).len(), 600);
    drop(store);
    assert_eq!(items(&open(folder.path()).unwrap()).len(), 600);
}

#[test]
fn what_goes_from_several_buckets_at_once_takes_no_neighbour_along() {
    // Which bucket is looked at first is drawn with their names, so several rounds.
    for _ in 0..8 {
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(folder.path()).unwrap();
        for number in 0..300_u16 {
            apply(&mut store, &[(item_key(number), Some(&number.to_be_bytes()))]);
        }
        apply(&mut store, &[(item_key(7), None), (item_key(290), None)]);
        assert_eq!(items(&store).len(), 298);
    }
}

#[test]
fn what_left_a_circle_does_not_open_from_a_copy_from_before() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    let kinds = [
        RecordKind::Circle,
        RecordKind::Item,
        RecordKind::Era,
        RecordKind::Outbox,
        RecordKind::Knock,
        RecordKind::Porch,
    ];
    let key = |kind, circle: u8| Key::new(kind, &[&[circle; 32], b"name"]);
    for circle in [1, 2] {
        for kind in kinds {
            apply(&mut store, &[(key(kind, circle), Some(b"of a circle"))]);
        }
    }
    let before = copy_of(folder.path());
    for kind in kinds {
        apply(&mut store, &[(key(kind, 1), None)]);
    }
    store.tidy().unwrap();
    let found = seize(before.path(), folder.path()).unwrap();
    assert_eq!(found.keys().filter(|key| key.name()[0] == 1).count(), 0);
    for kind in kinds {
        assert!(store.get(&key(kind, 2)).unwrap().is_some());
        assert!(store.get(&key(kind, 1)).unwrap().is_none());
    }
}

#[test]
fn a_secret_that_was_overwritten_does_not_open_from_a_copy_from_before() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    let era = Key::new(RecordKind::Era, &[&CIRCLE, &[5; 32]]);
    apply(&mut store, &[(era.clone(), Some(b"first"))]);
    let before = copy_of(folder.path());
    apply(&mut store, &[(era.clone(), Some(b"second"))]);
    assert_eq!(seize(before.path(), folder.path()).unwrap(), BTreeMap::new());
    assert_eq!(store.get(&era).unwrap().unwrap().as_slice(), b"second");
}

#[test]
fn a_part_of_a_plan_that_was_written_anew_or_removed_does_not_open_from_a_copy_from_before() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    let part = |number: u8| Key::new(RecordKind::PlanPart, &[&[number; 32]]);
    for number in 1..=3 {
        apply(&mut store, &[(part(number), Some(b"first"))]);
    }
    let before = copy_of(folder.path());
    apply(&mut store, &[(part(1), Some(b"second")), (part(2), None)]);
    // The one that stayed as it was is the only one that opens.
    let found = seize(before.path(), folder.path()).unwrap();
    assert_eq!(found, BTreeMap::from([(part(3), b"first".to_vec())]));
    assert_eq!(store.load(RecordKind::PlanPart).unwrap().len(), 2);
}

#[test]
fn expired_envelopes_lose_their_key_with_their_day() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    let envelope = |topic: u8, hour: u32| {
        Key::new(RecordKind::Envelope, &[&[topic; 32], &hour.to_be_bytes(), &[topic; 32]])
    };
    for hour in [24, 30, 48] {
        apply(&mut store, &[(envelope(1, hour), Some(b"sealed already"))]);
    }
    let before = copy_of(folder.path());
    apply(&mut store, &[(envelope(1, 24), None)]);
    store.tidy().unwrap();
    assert_eq!(seize(before.path(), folder.path()).unwrap().len(), 3);
    apply(&mut store, &[(envelope(1, 30), None)]);
    store.tidy().unwrap();
    let found = seize(before.path(), folder.path()).unwrap();
    assert_eq!(found.into_keys().collect::<Vec<_>>(), [envelope(1, 48)]);
}

/// A store in which an item was withdrawn, as it was before, and as it is if the process died before the
/// key of that item went.
fn died_before_a_key_went() -> (tempfile::TempDir, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    apply(&mut store, &[(item_key(1), Some(b"kept")), (item_key(2), Some(b"withdrawn"))]);
    let before = copy_of(folder.path());
    let keys = fs::read(folder.path().join("keys")).unwrap();
    apply(&mut store, &[(item_key(2), None)]);
    // The records are gone, and the keys as if the process had died before it destroyed one: the
    // key it made in the same step was durable by then.
    let (old, new) = (&keys[..], fs::read(folder.path().join("keys")).unwrap());
    assert_ne!(old, new);
    let with_both = copy_of(folder.path());
    let keys_in = |folder: &Path| {
        super::super::key_file::KeyFile::open(&folder.join("keys"), &store_key()).unwrap()
    };
    let mut file = keys_in(with_both.path());
    file.adopt(keys_in(before.path()));
    file.save().unwrap();
    (before, with_both)
}

#[test]
fn a_death_between_the_records_and_the_keys_is_made_good_at_the_next_start() {
    let (before, with_both) = died_before_a_key_went();
    assert!(seize(before.path(), with_both.path()).unwrap().contains_key(&item_key(2)));
    drop(open(with_both.path()).unwrap());
    assert!(!seize(before.path(), with_both.path()).unwrap().contains_key(&item_key(2)));
}

#[test]
fn a_key_that_could_not_be_destroyed_at_the_first_look_is_not_forgotten() {
    let begins = |store: &mut SledStore| store.begin(&|_| Wanted::Nothing, &mut |_, _| {});
    let writes = |store: &mut SledStore| {
        let mut batch = Batch::new();
        batch.put(item_key(3), b"later".to_vec());
        store.apply(batch)
    };
    for looks in [&begins as &dyn Fn(&mut SledStore) -> Result<(), StoreError>, &writes] {
        let (before, with_both) = died_before_a_key_went();
        let folder = with_both.path();
        let mut store = SledStore::open_unread(folder, &store_key(), CACHE).unwrap();
        store.keys.fail();
        assert_eq!(looks(&mut store), Err(StoreError::DiskFull));
        // What lies on the disk is not what is in memory: it takes nothing more.
        assert!(store.has_ended() && doubt::is_noted(folder));
        assert_eq!(writes(&mut store), Err(StoreError::Stopped));
        drop(store);
        drop(open(folder).unwrap());
        assert!(!doubt::is_noted(folder));
        assert!(!seize(before.path(), folder).unwrap().contains_key(&item_key(2)));
    }
}

#[test]
fn neither_records_nor_keys_of_states_gather_over_a_long_life() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    for round in 0..120_u16 {
        let state = (round % 60) as u8;
        apply(&mut store, &[(state_key(RecordKind::Namespace, state, b"a"), Some(b"secret"))]);
        let outbox = Key::new(RecordKind::Outbox, &[&CIRCLE, &round.to_be_bytes()]);
        apply(&mut store, &[(outbox.clone(), Some(b"to be sent"))]);
        apply(&mut store, &[(outbox, None), (state_key(RecordKind::Namespace, state, b"a"), None)]);
    }
    store.tidy().unwrap();
    assert_eq!(store.keys.len(), 0);
}

#[test]
fn what_an_interrupted_step_left_goes_at_the_next_opening() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    apply(&mut store, &[(item_key(1), Some(b"kept"))]);
    drop(store);
    let (next, longer) = (folder.path().join("next"), folder.path().join(".keys.new"));
    fs::create_dir(&next).unwrap();
    for left in [next.join("keys"), longer.clone()] {
        fs::copy(folder.path().join("keys"), left).unwrap();
    }
    let store = open(folder.path()).unwrap();
    assert!(!next.exists() && !longer.exists());
    assert_eq!(store.load(RecordKind::Item).unwrap().len(), 1);
}

/// What of a circle comes and goes.
fn passing_key(number: u16) -> Key {
    Key::new(RecordKind::Outbox, &[&CIRCLE, &number.to_be_bytes()])
}

#[test]
fn what_was_tidied_before_the_end_is_not_sealed_anew_after_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    for number in 0..600 {
        apply(&mut store, &[(passing_key(number), Some(b"on its way"))]);
    }
    apply(&mut store, &[(passing_key(7), None)]);
    store.tidy().unwrap();
    drop(store);
    let keys = fs::read(folder.path().join("keys")).unwrap();
    let mut store = open(folder.path()).unwrap();
    store.tidy().unwrap();
    assert_eq!(fs::read(folder.path().join("keys")).unwrap(), keys);

    // What was not, is: the process dies before.
    let before = copy_of(folder.path());
    apply(&mut store, &[(passing_key(8), None), (passing_key(9), Some(b"anew"))]);
    let died = copy_of(folder.path());
    drop(store);
    let mut store = open(died.path()).unwrap();
    store.tidy().unwrap();
    assert_eq!(store.load(RecordKind::Outbox).unwrap().len(), 598);
    let found = seize(before.path(), died.path()).unwrap();
    assert!(!found.contains_key(&passing_key(8)) && !found.contains_key(&passing_key(9)));
}

#[test]
fn more_than_the_last_commit_can_name_is_tidied_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    let key = |circle: u8, name: &[u8]| Key::new(RecordKind::Outbox, &[&[circle; 32], name]);
    let circles = 0..=seal::MAX_NAMED as u8;
    let mut coming = Batch::new();
    let mut going = Batch::new();
    for circle in circles.clone() {
        coming.put(key(circle, b"a"), b"stays".to_vec());
        coming.put(key(circle, b"b"), b"goes".to_vec());
        going.delete(key(circle, b"b"));
    }
    store.apply(coming).unwrap();
    let before = copy_of(folder.path());
    store.apply(going).unwrap();
    drop(store);
    let mut store = open(folder.path()).unwrap();
    store.tidy().unwrap();
    assert_eq!(store.load(RecordKind::Outbox).unwrap().len(), circles.count());
    assert!(seize(before.path(), folder.path()).unwrap().is_empty());
}

#[test]
fn tidying_goes_in_steps_and_others_write_in_between() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path()).unwrap();
    let mut batch = Batch::new();
    for number in 0..3000 {
        batch.put(passing_key(number), b"on its way".to_vec());
    }
    store.apply(batch).unwrap();
    let mut batch = Batch::new();
    (0..3000).step_by(100).for_each(|number| batch.delete(passing_key(number)));
    let before = copy_of(folder.path());
    store.apply(batch).unwrap();
    let mut steps = 1;
    while !store.tidy_some().unwrap() {
        apply(&mut store, &[(passing_key(3000 + steps), Some(b"later"))]);
        steps += 1;
    }
    assert!(steps > 1, "{steps}");
    assert_eq!(store.load(RecordKind::Outbox).unwrap().len(), 2970 + usize::from(steps) - 1);
    assert!(seize(before.path(), folder.path()).unwrap().is_empty());
}
