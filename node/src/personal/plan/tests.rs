//! A plan stays in the store, in the order of its owner, and goes from it.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use windbreak_protocol::content::{Ask, Scope};
use windbreak_protocol::record::Batch;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::{Loading, NewCircle, NewShare, Output, Suite, Timings};

use super::*;
use crate::drive;
use crate::reopen::{ReopeningStore, Shared};
use crate::store::{MemoryStore, Store};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn personal() -> (Personal, Shared) {
    let store = ReopeningStore::open(Box::new(|| Ok(Box::new(MemoryStore::new())))).unwrap();
    (Personal::new(store.clone()), store)
}

fn new(title: &str, text: &str) -> NewPlanPart {
    NewPlanPart { title: title.into(), text: text.into() }
}

fn at(place: u32) -> ChangePlanPart {
    ChangePlanPart { place: Some(place), ..ChangePlanPart::default() }
}

fn titles(personal: &Personal) -> Vec<String> {
    let parts = personal.plan().unwrap();
    let places: Vec<u32> = parts.iter().map(|part| part.place).collect();
    assert_eq!(places, (1..).take(parts.len()).collect::<Vec<_>>());
    parts.into_iter().map(|part| part.title).collect()
}

#[tokio::test]
async fn a_plan_is_kept_in_the_order_of_its_owner_and_changed_part_by_part() {
    let (mut personal, store) = personal();
    let first = personal.add_plan_part(NOW, new(" what helps ", "Tea.\nThe river.")).unwrap();
    assert_eq!((first.title.as_str(), first.place), ("what helps", 1));
    // Several requests may come before anything is written.
    let people = personal.add_plan_part(NOW, new("people", "")).unwrap();
    let third = personal.add_plan_part(NOW, new("places", "The library.")).unwrap();
    assert_eq!((people.place, third.place), (2, 3));
    drive::apply(store.clone(), personal.take_changes()).await.unwrap();

    let mut personal = Personal::new(store.clone());
    assert_eq!(personal.plan().unwrap()[0], first);
    let later = NOW.after(Duration::from_secs(60));
    let moved = personal.change_plan_part(later, &third.id, at(1)).unwrap();
    assert_eq!((moved.place, moved.changed), (1, NOW.into()));
    assert_eq!(titles(&personal), ["places", "what helps", "people"]);
    let words = ChangePlanPart { text: Some("Ring Hazel.".into()), ..ChangePlanPart::default() };
    let written = personal.change_plan_part(later, &people.id, words).unwrap();
    assert_eq!((written.place, written.changed), (3, later.into()));
    assert_eq!((written.title.as_str(), written.text.as_str()), ("people", "Ring Hazel."));
    let all_at_once =
        ChangePlanPart { title: Some("people I trust".into()), text: None, place: Some(2) };
    personal.change_plan_part(later, &people.id, all_at_once).unwrap();
    drive::apply(store.clone(), personal.take_changes()).await.unwrap();

    let mut personal = Personal::new(store.clone());
    assert_eq!(titles(&personal), ["places", "people I trust", "what helps"]);
    personal.delete_plan_part(&third.id).unwrap();
    assert!(personal.delete_plan_part(&third.id).is_err());
    let refused = personal.change_plan_part(later, &third.id, at(1)).unwrap_err();
    assert_eq!(refused.why().code, "unknown_plan_part");
    personal.add_plan_part(later, new("last", "")).unwrap();
    assert_eq!(titles(&personal), ["people I trust", "what helps", "last"]);
    personal.delete_plan().unwrap();
    drive::apply(store.clone(), personal.take_changes()).await.unwrap();
    assert!(store.lock().unwrap().load(RecordKind::PlanPart).unwrap().is_empty());
}

#[test]
fn a_plan_has_few_parts_and_a_part_a_title_a_place_and_so_many_words() {
    let (mut personal, _store) = personal();
    let code = |refused: Result<PlanPart, Refusal>| refused.unwrap_err().why().code;
    let (long, longer) = ("é".repeat(MAX_PLAN_TITLE_CHARS), "x".repeat(MAX_PLAN_TEXT));
    for (part, expected) in [
        (new(" \n", "x"), "empty_title"),
        (new(&format!("{long}e"), "x"), "too_long_title"),
        (new("x", &format!("{longer}x")), "too_long_text"),
    ] {
        assert_eq!(code(personal.add_plan_part(NOW, part)), expected);
    }
    let whole = personal.add_plan_part(NOW, new(&long, &longer)).unwrap();
    for place in [0, 2, u32::MAX] {
        assert_eq!(code(personal.change_plan_part(NOW, &whole.id, at(place))), "bad_place");
    }
    let untitled = ChangePlanPart { title: Some(" ".into()), ..at(1) };
    assert_eq!(code(personal.change_plan_part(NOW, &whole.id, untitled)), "empty_title");
    assert_eq!(personal.plan().unwrap(), [whole]);
    for _ in 1..MAX_PLAN_PARTS {
        personal.add_plan_part(NOW, new("x", "")).unwrap();
    }
    assert_eq!(code(personal.add_plan_part(NOW, new("x", ""))), "too_many_plan_parts");
}

#[test]
fn a_part_that_stays_where_it_is_is_not_written_anew() {
    let ids = [1, 2, 3, 4].map(|number| PlanPartId::from_bytes([number; 32]));
    let (mut personal, _store) = kept(&ids);
    personal.change_plan_part(NOW, &ids[1], at(3)).unwrap();
    let changed: Vec<Key> = personal.take_changes().iter().map(|(key, _)| key.clone()).collect();
    assert_eq!(changed, [key(&ids[1]), key(&ids[2])]);
    assert_eq!(personal.plan().unwrap().len(), ids.len());
}

/// A store with parts of these ids, in this order.
fn kept(ids: &[PlanPartId]) -> (Personal, Shared) {
    let (personal, store) = personal();
    let mut batch = Batch::new();
    for (order, id) in (0..).zip(ids) {
        let part = Kept { order, changed: 0, title: "x".into(), text: String::new() };
        batch.put(key(id), serde_json::to_vec(&part).unwrap());
    }
    store.lock().unwrap().apply(batch).unwrap();
    (personal, store)
}

/// What an engine with one circle gives out over some days, beside these records.
fn sent_beside(records: &[(Key, Vec<u8>)]) -> Vec<Vec<u8>> {
    let seed = Secret::from_bytes([3; 32]);
    let engine = Loading::default().finish(NOW, &seed, Timings::default());
    let mut engine = engine.unwrap();
    let new = NewCircle {
        title: "Evening walk".into(),
        name: "Alder".into(),
        suite: Suite::default(),
        relays: Vec::new(),
        welcome: String::new(),
        agreement: "What is said here stays here.".into(),
        declaration: Some("I have nothing to report.".into()),
    };
    let circle = engine.create_circle(NOW, new).unwrap();
    let mut kept = BTreeMap::new();
    while let Some(output) = engine.poll_output() {
        if let Output::Persist(batch) = output {
            for (key, value) in batch.iter() {
                match value {
                    Some(value) => kept.insert(key.clone(), value.to_vec()),
                    None => kept.remove(key),
                };
            }
        }
    }
    let mut loading = Loading::default();
    for (key, value) in kept.iter().chain(records.iter().map(|(key, value)| (key, value))) {
        loading.take(key, value.clone().into()).unwrap();
    }
    let mut engine = loading.finish(NOW, &seed, Timings::default()).unwrap();
    let share = NewShare {
        ask: Ask::JustListening,
        content_note: None,
        title: None,
        text: "Good to be here.".into(),
        scope: Scope::HereNow,
    };
    engine.share(NOW, &circle, share).unwrap();
    let mut sent = Vec::new();
    for hours in 0..48 {
        engine.handle_timeout(NOW.after(Duration::from_secs(hours * 3600)));
        while let Some(output) = engine.poll_output() {
            if let Output::Publish { envelope, .. } = output {
                sent.push(envelope.as_bytes().to_vec());
            }
        }
    }
    sent
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn what_goes_out_is_the_same_to_the_byte_whatever_plan_there_is(
        plan in proptest::collection::vec(("\\PC{1,40}[a-z]", any::<String>()), 0..6),
    ) {
        prop_assert!(!RecordKind::PlanPart.is_engines());
        let (mut personal, _store) = personal();
        for (title, text) in &plan {
            personal.add_plan_part(NOW, new(title, text)).unwrap();
        }
        let changes = personal.take_changes();
        let records: Vec<(Key, Vec<u8>)> = changes
            .iter()
            .map(|(key, value)| (key.clone(), value.unwrap_or_default().to_vec()))
            .collect();
        prop_assert!(records.iter().all(|(key, _)| key.kind() == RecordKind::PlanPart));
        let (without, beside) = (sent_beside(&[]), sent_beside(&records));
        prop_assert!(!without.is_empty());
        prop_assert!(without == beside);
    }
}
