//! What is done to something that was said reaches everybody: other words, a warm word, advice that is
//! held back, and what is taken back.

use serde_json::Value;

use crate::circle::{list, text};
use crate::stage::{Party, Stage};

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
    // All advice to the share is let through, then none, then this alone.
    alder.does(&["allow", &share]);
    rowan.reads_item(TITLE, &share, "that advice is welcome", |i| i["advice_allowed"] == true);
    let shown = |held: bool, words: &str| {
        let what = format!("the advice {words:?}");
        let item = alder.reads_item(TITLE, &advice, &what, |item| item["held_back"] == held);
        assert_eq!(item["text"], words);
    };
    shown(false, "Walk more.");
    alder.does(&["allow", &share, "--no-longer"]);
    shown(true, "");
    alder.does(&["allow", &advice]);
    shown(false, "Walk more.");

    let warm = |word: &str| {
        alder.reads_item(TITLE, &share, "a warm word", |item| item["reactions"][0]["word"] == word)
    };
    rowan.does(&["react", &share, "heard"]);
    warm("heard");
    rowan.does(&["react", &share, "--take-back"]);
    alder.reads_item(TITLE, &share, "no warm word", |item| list(item, "/reactions").is_empty());
    rowan.does(&["react", &share, "with-you"]);
    warm("with_you");

    let pinned = |who: &Party| list(&who.does(&["read", TITLE, "--pinned"]), "/items").to_vec();
    assert_eq!(rowan.asks(&["pin", &share]).code(), "not_facilitator");
    alder.does(&["pin", &share]);
    rowan.reads_item(TITLE, &share, "the pin", |item| item["pinned"] == true);
    assert_eq!((pinned(&rowan).len(), &pinned(&rowan)[0]["id"]), (1, &share.clone().into()));
    alder.does(&["pin", &share, "--take-off"]);
    rowan.reads_item(TITLE, &share, "no pin", |item| item["pinned"] == false);
    assert!(pinned(&rowan).is_empty());

    // A story, with what it is about and what its author would like back.
    let story = ["share", TITLE, "It began in November.", "--title", "A long winter"];
    let beside = ["--note", "sleepless nights", "--ask", "resources"];
    let story = text(&alder.does(&[&story[..], &beside].concat()), "/id");
    let read = rowan.reads_item(TITLE, &story, "the story", |_| true);
    let said = ["/title", "/content_note", "/ask", "/text"].map(|field| text(&read, field));
    assert_eq!(said, ["A long winter", "sleepless nights", "resources", "It began in November."]);
    let page = rowan.prints(&["read", TITLE, "--thread", &story]);
    for words in [
        "looking for resources",
        "Content note: sleepless nights",
        "A long winter It began in November.",
    ] {
        assert!(page.contains(words), "{words} is not in: {page}");
    }

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
