//! Drafts stay in the store, and go from it.

use super::*;
use crate::api::message::{Ask, Scope};
use crate::drive;
use crate::reopen::{ReopeningStore, Shared};
use crate::store::{MemoryStore, Store};
use windbreak_protocol::{Loading, Timings, secret::Secret};

const CIRCLE: CircleId = CircleId::from_bytes([7; 32]);
const OTHER: CircleId = CircleId::from_bytes([8; 32]);
const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn personal() -> (Personal, Shared) {
    let store = ReopeningStore::open(Box::new(|| Ok(Box::new(MemoryStore::new())))).unwrap();
    (Personal::new(store.clone()), store)
}

fn words(text: &str) -> DraftWords {
    DraftWords::Share {
        ask: Ask::default(),
        content_note: Some("sleep".into()),
        title: None,
        text: text.into(),
        scope: Scope::default(),
    }
}

async fn write(personal: &mut Personal, store: &Shared) {
    drive::apply(store.clone(), personal.take_changes()).await.unwrap();
}

#[tokio::test]
async fn a_draft_is_kept_changed_and_deleted_and_goes_with_its_circle() {
    let (mut personal, store) = personal();
    let first = personal.save_draft(NOW, CIRCLE, words("one")).unwrap();
    // Two requests may come before anything is written.
    assert_eq!(personal.drafts().unwrap(), std::slice::from_ref(&first));
    write(&mut personal, &store).await;
    let mut personal = Personal::new(store.clone());
    let second = personal.save_draft(NOW, OTHER, words("two")).unwrap();
    let first = personal.edit_draft(NOW, &first.id, words("three")).unwrap();
    write(&mut personal, &store).await;
    assert_eq!(personal.draft(&first.id).unwrap().words, words("three"));
    personal.forget(&CIRCLE).unwrap();
    assert_eq!(personal.drafts().unwrap(), std::slice::from_ref(&second));
    personal.delete_draft(&second);
    write(&mut personal, &store).await;
    assert!(store.lock().unwrap().load(RecordKind::Draft).unwrap().is_empty());
    assert!(
        personal.draft(&second.id).is_err()
            && personal.edit_draft(NOW, &second.id, words("x")).is_err()
    );
}

#[test]
fn only_so_many_and_so_long_drafts_are_kept_as_could_be_sent() {
    let (mut personal, _store) = personal();
    for text in ["", " \n", &"x".repeat(MAX_TEXT + 1)] {
        assert!(personal.save_draft(NOW, CIRCLE, words(text)).is_err());
    }
    for _ in 0..MAX_DRAFTS {
        personal.save_draft(NOW, CIRCLE, words("one")).unwrap();
    }
    let refused = personal.save_draft(NOW, CIRCLE, words("one")).unwrap_err();
    assert_eq!(refused.why().code, "too_many_drafts");
}

#[tokio::test]
async fn an_engine_that_is_loaded_beside_drafts_sends_nothing_of_them() {
    let (mut personal, store) = personal();
    personal.save_draft(NOW, CIRCLE, words("Never said.")).unwrap();
    write(&mut personal, &store).await;
    let mut loading = Loading::default();
    for kind in RecordKind::ALL {
        for (key, value) in store.lock().unwrap().load(kind).unwrap() {
            loading.take(&key, value).unwrap();
        }
    }
    let seed = Secret::from_bytes([1; 32]);
    let mut engine = loading.finish(NOW, &seed, Timings::default()).unwrap();
    assert!(engine.circles(NOW).is_empty());
    assert!(engine.poll_output().is_none());
}

#[test]
fn what_is_kept_of_all_drafts_together_can_be_told_in_one_answer() {
    let (mut personal, _store) = personal();
    let text = "x".repeat(MAX_TEXT);
    for _ in 0..MAX_DRAFTS_LEN / MAX_TEXT {
        personal.save_draft(NOW, CIRCLE, words(&text)).unwrap();
    }
    assert!(personal.save_draft(NOW, CIRCLE, words("one more")).is_err());
    let last = personal.drafts().unwrap().pop().unwrap();
    personal.edit_draft(NOW, &last.id, words("shorter")).unwrap();
    personal.save_draft(NOW, CIRCLE, words("one more")).unwrap();
}
