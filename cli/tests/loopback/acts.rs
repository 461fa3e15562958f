//! What is done to something that was said reaches everybody: other words, a warm word, advice that is
//! held back, and what is taken back.

use serde_json::Value;

use crate::circle::{list, text};
use crate::stage::{Party, Stage, until};

const TITLE: &str = "Evening walk";

/// The one item with this id, as this person reads it, once `holds` is true of it.
fn reads(person: &Party, id: &str, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
    until(what, || {
        let read = person.does(&["read", TITLE]);
        let item = list(&read, "/items").iter().find(|item| item["id"] == id)?.clone();
        holds(&item).then_some(item)
    })
}

#[test]
fn acts_reach_the_others_and_advice_waits_for_who_asked() {
    let stage = Stage::new();
    let relay = stage.relay();
    let alder = stage.person("alder");
    let mut rowan = stage.person("rowan");
    alder.makes(TITLE, "Alder", &relay.address());
    rowan.joins(&alder.invites(TITLE), "Rowan");
    let share = alder.shares(TITLE, "I only want to be heard.");
    reads(&rowan, &share, "the share", |_| true);

    // Who gives advice is told before it is sent.
    let told = rowan.asks(&["reply", &share, "Walk more.", "--advice"]);
    assert_eq!((told.exit_code, told.code()), (1, "advice_held_back"));
    let sent = ["reply", &share, "Walk more.", "--advice", "--even-if-held-back"];
    let advice = text(&rowan.does(&sent), "/id");
    let held = reads(&alder, &advice, "the advice", |_| true);
    assert_eq!((&held["held_back"], &held["text"]), (&true.into(), &"".into()));
    assert_eq!(rowan.asks(&["allow", &advice]).code(), "not_author");
    alder.does(&["allow", &advice]);
    reads(&alder, &advice, "the words of the advice", |item| item["text"] == "Walk more.");

    rowan.does(&["react", &share, "heard"]);
    let warm = reads(&alder, &share, "a warm word", |item| item["reactions"][0].is_object());
    assert_eq!(warm["reactions"][0]["word"], "heard");

    let told = alder.asks(&["edit", &share, "Call me: 0171 2345678."]);
    assert_eq!((told.exit_code, told.code()), (1, "could_identify"));
    alder.does(&["edit", &share, "I want to be heard, that is all."]);
    let edited = reads(&rowan, &share, "other words", |item| item["edited"].is_number());
    assert_eq!(edited["text"], "I want to be heard, that is all.");
    let history = rowan.does(&["history", &share]);
    assert_eq!(text(&history, "/versions/0/text"), "I only want to be heard.");

    assert_eq!(rowan.asks(&["withdraw", &share, "--yes"]).code(), "not_author");
    rowan.stops();
    alder.does(&["withdraw", &share, "--yes"]);
    rowan.starts();
    let gone = reads(&rowan, &share, "that it was taken back", |item| item["withdrawn"] == true);
    assert_eq!((&gone["text"], &gone["reactions"]), (&"".into(), &Value::Array(Vec::new())));
    assert!(list(&rowan.does(&["history", &share]), "/versions").is_empty());
    let thread = rowan.does(&["read", TITLE, "--thread", &share]);
    assert_eq!(list(&thread, "/items").len(), 2);
}
