//! What is done to something that was said reaches everybody: other words, a warm word, advice that is
//! held back, and what is taken back.

use serde_json::Value;

use crate::circle::{list, text};
use crate::stage::Stage;

const TITLE: &str = "Evening walk";

#[test]
fn acts_reach_the_others_and_advice_waits_for_who_asked() {
    let stage = Stage::new();
    let relay = stage.relay();
    let alder = stage.person("alder");
    let mut rowan = stage.person("rowan");
    alder.makes(TITLE, "Alder", &relay.address());
    rowan.joins(&alder.invites(TITLE), "Rowan");
    let share = alder.shares(TITLE, "I only want to be heard.");
    rowan.reads_item(TITLE, &share, "the share", |_| true);

    // Who gives advice is told before it is sent.
    let told = rowan.asks(&["reply", &share, "Walk more.", "--advice"]);
    assert_eq!((told.exit_code, told.code()), (1, "advice_held_back"));
    let sent = ["reply", &share, "Walk more.", "--advice", "--even-if-held-back"];
    let advice = text(&rowan.does(&sent), "/id");
    let held = alder.reads_item(TITLE, &advice, "the advice", |_| true);
    assert_eq!((&held["held_back"], &held["text"]), (&true.into(), &"".into()));
    assert_eq!(rowan.asks(&["allow", &advice]).code(), "not_author");
    alder.does(&["allow", &advice]);
    alder
        .reads_item(TITLE, &advice, "the words of the advice", |item| item["text"] == "Walk more.");

    rowan.does(&["react", &share, "heard"]);
    let warm =
        alder.reads_item(TITLE, &share, "a warm word", |item| item["reactions"][0].is_object());
    assert_eq!(warm["reactions"][0]["word"], "heard");

    let told = alder.asks(&["edit", &share, "Call me: 0171 2345678."]);
    assert_eq!((told.exit_code, told.code()), (1, "could_identify"));
    alder.does(&["edit", &share, "I want to be heard, that is all."]);
    let edited = rowan.reads_item(TITLE, &share, "other words", |item| item["edited"].is_number());
    assert_eq!(edited["text"], "I want to be heard, that is all.");
    let history = rowan.does(&["history", &share]);
    assert_eq!(text(&history, "/versions/0/text"), "I only want to be heard.");

    assert_eq!(rowan.asks(&["withdraw", &share, "--yes"]).code(), "not_author");
    rowan.stops();
    alder.does(&["withdraw", &share, "--yes"]);
    rowan.starts();
    let gone =
        rowan.reads_item(TITLE, &share, "that it was taken back", |item| item["withdrawn"] == true);
    assert_eq!((&gone["text"], &gone["reactions"]), (&"".into(), &Value::Array(Vec::new())));
    assert!(list(&rowan.does(&["history", &share]), "/versions").is_empty());
    let thread = rowan.does(&["read", TITLE, "--thread", &share]);
    assert_eq!(list(&thread, "/items").len(), 2);
}
