use std::time::Duration;

use windbreak_protocol::content::{Ask, Scope};
use windbreak_protocol::record::{Batch, RecordKind};
use windbreak_protocol::secret::Secret;
use windbreak_protocol::{Engine, NewCircle, NewEdit, NewShare, Output, Suite, Timings};

use super::*;
use crate::drive;
use crate::reopen::{self, OpenStore, ReopeningStore, Shared};
use crate::store::{DEFAULT_CACHE_BYTES, MemoryStore, SledStore, Store, StoreError, StoreKey};

const START: Timestamp = Timestamp::from_seconds(1_800_000_000);
/// More than are looked through one by one.
const SHARES: u64 = 4000;

/// Somebody in a circle of their own.
fn somebody() -> (Engine, CircleId) {
    let seed = Secret::from_bytes([3; 32]);
    let mut engine = Engine::load(START, &seed, Timings::default(), Vec::new()).unwrap();
    let new = NewCircle {
        title: "Evening walk".into(),
        name: "Alder".into(),
        suite: Suite::X25519,
        relays: Vec::new(),
        welcome: String::new(),
        agreement: "What is said here stays here.".into(),
        declaration: Some("I have nothing to report.".into()),
    };
    let circle = engine.create_circle(START, new).unwrap();
    (engine, circle)
}

fn saying(text: String) -> NewShare {
    let (ask, scope) = (Ask::JustListening, Scope::HereNow);
    NewShare { ask, content_note: None, title: None, text, scope }
}

/// What an engine wants written.
fn written(engine: &mut Engine) -> Batch {
    let mut batch = Batch::new();
    while let Some(output) = engine.poll_output() {
        if let Output::Persist(step) = output {
            batch.extend(step);
        }
    }
    batch
}

/// Shares that name their number, one a minute, the newest first.
fn long_talk(store: &mut SledStore) -> Vec<Place> {
    let (mut engine, circle) = somebody();
    let mut batch = Batch::new();
    let mut places = Vec::new();
    for number in 0..SHARES {
        let written_at = START.after(Duration::from_secs(60 * number));
        let text = format!("Number {number}, of hundred-x{}.", number / 100);
        let item = engine.share(written_at, &circle, saying(text)).unwrap();
        let at = places.len();
        places.push(Place { written: written_at, circle, at, item, words: Some(item) });
        batch.extend(written(&mut engine));
    }
    store.apply(batch).unwrap();
    places.reverse();
    places
}

#[test]
fn what_was_said_long_ago_is_found_as_what_was_said_today() {
    let folder = tempfile::tempdir().unwrap();
    let key = StoreKey::from_secret(Secret::from_bytes([7; 32]));
    let path = folder.path().to_owned();
    let mut store = SledStore::make(&path, &key, DEFAULT_CACHE_BYTES).unwrap();
    let places = long_talk(&mut store);
    drop(store);
    let store = ReopeningStore::open(Box::new(move || {
        Ok(Box::new(SledStore::open(&path, &key, DEFAULT_CACHE_BYTES)?) as Box<dyn Store>)
    }));
    let words = Words(store.unwrap());
    // So what is behind the newest is gone over.
    assert!(words.are_visited_sooner(places.len() - FIRST_STEP * 7));
    let places = Places { words, places, left_out: 0 };
    let found = |typed: &str, limit| {
        let query = Query::new(typed).unwrap();
        let (hits, next) = look(&query, &places, limit, &CancellationToken::new()).unwrap();
        let numbers = hits.iter().map(|hit| {
            let at = places.places.iter().position(|place| place.item == hit.item).unwrap();
            SHARES - 1 - at as u64
        });
        (numbers.collect::<Vec<_>>(), next)
    };
    let finds_all = || {
        // The newest first, wherever they lie, and no more than are wanted.
        assert_eq!(found("number", 3).0, [3999, 3998, 3997]);
        assert_eq!(found("number bicycle", 3), (vec![], None));
        let (oldest, next) = found("hundred-x0", 100);
        assert_eq!(oldest, (0..100).rev().collect::<Vec<_>>());
        assert_eq!(next, None);
        let (some, next) = found("hundred-x0", 40);
        let last = places.places[(SHARES - 1 - 60) as usize].item;
        assert_eq!((some[39], next), (60, Some(last)));
    };
    let read = |typed: &str| {
        let query = Query::new(typed).unwrap();
        let of = |place: &Place| Some((place.circle, place.words?, ()));
        places.words.sift(&query, places.places.iter().filter_map(of)).len()
    };
    // With no sketch at all, with those of some, and with all.
    finds_all();
    assert_eq!(read("bicycle"), SHARES as usize);
    let (mut some, mut all) = (Batch::new(), Batch::new());
    let records = reopen::lock(&places.words.0).load(RecordKind::Item).unwrap();
    for (number, (key, value)) in records.into_iter().enumerate() {
        let batch = if number % 3 == 0 { &mut some } else { &mut all };
        batch.put(key, value.to_vec());
    }
    reopen::lock(&places.words.0).apply(some).unwrap();
    finds_all();
    reopen::lock(&places.words.0).apply(all).unwrap();
    finds_all();
    assert!(read("bicycle") < SHARES as usize / 10, "{}", read("bicycle"));
    assert!((100..1000).contains(&read("hundred-x0")), "{}", read("hundred-x0"));
}

#[tokio::test]
async fn a_sketch_comes_with_words_that_are_durable_and_goes_with_them() {
    let opened = |disk: &MemoryStore| -> OpenStore {
        let disk = disk.clone();
        Box::new(move || Ok(Box::new(disk.clone())))
    };
    let (mut engine, circle) = somebody();
    let first = engine.share(START, &circle, saying("A heron stood there.".into())).unwrap();
    let second = engine.share(START, &circle, saying("Herons everywhere.".into())).unwrap();
    let talk = written(&mut engine);
    let sift = |store: &Shared, typed: &str, items: &[ItemId]| {
        let items = items.iter().map(|item| (circle, *item, *item));
        Words(store.clone()).sift(&Query::new(typed).unwrap(), items)
    };
    // So much that no sketch of anything else has all of it by chance.
    let nothing = "xylophone bicycle quarry";

    // Not of what could not be written.
    let full = MemoryStore::new();
    full.fail_at(0, StoreError::DiskFull);
    let store = ReopeningStore::open(opened(&full)).unwrap();
    let mut same = Batch::new();
    talk.iter().for_each(|(key, value)| same.put(key.clone(), value.unwrap().to_vec()));
    reopen::lock(&store).apply(same).unwrap_err();
    assert_eq!(sift(&store, nothing, &[first, second]), [first, second]);

    let disk = MemoryStore::new();
    let store = ReopeningStore::open(opened(&disk)).unwrap();
    reopen::lock(&store).apply(talk).unwrap();
    assert_eq!(sift(&store, "heron", &[first, second]), [first, second]);
    assert_eq!(sift(&store, nothing, &[first, second]), []);

    // Said in other words, it has a sketch of those, too; taken back, it has none.
    let edit = NewEdit { content_note: None, title: None, text: "An egret stood there.".into() };
    let edited = engine.edit(START, &circle, &first, edit).unwrap();
    engine.withdraw(START, &circle, &second).unwrap();
    reopen::lock(&store).apply(written(&mut engine)).unwrap();
    // So it is after a start, too.
    let (again, _) = drive::open(opened(&disk), Timings::default()).await.unwrap();
    for store in [store, again] {
        assert_eq!(sift(&store, nothing, &[first, second, edited]), [second]);
        assert_eq!(sift(&store, "egret stood", &[edited]), [edited]);
    }
}

#[test]
fn whoever_goes_away_is_not_looked_for() {
    let store = ReopeningStore::open(Box::new(|| {
        Ok(Box::new(crate::store::MemoryStore::new()) as Box<dyn Store>)
    }));
    let words = Words(store.unwrap());
    let circle = CircleId::from_bytes([1; 32]);
    let item = ItemId::from_bytes([2; 32]);
    let place = Place { written: START, circle, at: 0, item, words: Some(item) };
    let gone = CancellationToken::new();
    gone.cancel();
    let query = Query::new("number").unwrap();
    assert!(look_over(&query, &words, &[&place], 1, &gone).is_none());
    let places = Places { words, places: vec![place], left_out: 0 };
    assert!(look(&query, &places, 1, &gone).is_none());
}
