//! A report by the commands a person types: it comes to the facilitator without a name, is answered,
//! and who made it hears so.

use crate::circle::{list, text};
use crate::stage::{Party, Stage, until};

const TITLE: &str = "Evening walk";

/// The first report this person sees, once it has come so far.
fn at_stage(person: &Party, stage: &str) -> serde_json::Value {
    until(stage, || {
        let reports = person.does(&["report", "list", TITLE]);
        let report = list(&reports, "/reports").first()?.clone();
        (report["stage"] == stage).then_some(report)
    })
}

#[test]
fn a_report_comes_to_the_facilitator_without_a_name_and_is_answered() {
    let stage = Stage::new();
    let relay = stage.relay();
    let mut alder = stage.person("alder");
    let mut rowan = stage.person("rowan");
    let hazel = stage.person("hazel");
    alder.makes(TITLE, "Alder", &relay.address());
    rowan.joins(&alder.invites(TITLE), "Rowan");
    hazel.joins(&alder.invites(TITLE), "Hazel");
    let share = hazel.shares(TITLE, "You are worth nothing.");
    until("the share", || {
        let read = rowan.does(&["read", TITLE]);
        list(&read, "/items").iter().any(|item| item["id"] == share).then_some(())
    });
    let reason = "This is meant to hurt.";
    let made = rowan.does(&["report", "new", &share, "--reason", reason]);
    let id = text(&made, "/report");
    let told = rowan.asks(&["report", "new", &share, "--reason", reason]);
    assert_eq!((told.exit_code, told.code()), (1, "reported_already"));
    rowan.stops();
    rowan.starts();

    let read = at_stage(&alder, "open");
    assert_eq!((text(&read, "/id"), text(&read, "/reason")), (id.clone(), reason.to_owned()));
    assert_eq!(text(&read, "/quote/text"), "You are worth nothing.");
    assert_eq!((text(&read, "/author_name").as_str(), &read["own"]), ("Hazel", &false.into()));
    assert!(!read.to_string().contains("Rowan"), "who reported is named");
    alder.stops();
    alder.starts();
    let told = hazel.asks(&["report", "acknowledge", TITLE, &id]);
    assert_eq!(told.code(), "unknown_report");
    alder.does(&["report", "acknowledge", TITLE, &id]);
    at_stage(&rowan, "acknowledged");
    assert_eq!(rowan.asks(&["report", "close", TITLE, &id, "--outcome", "x"]).code(), "not_yours");
    alder.does(&["report", "close", TITLE, &id, "--outcome", "We talked with them."]);
    let closed = at_stage(&rowan, "closed");
    assert_eq!(text(&closed, "/answers/1/outcome"), "We talked with them.");
    assert_eq!(text(&closed, "/answers/1/by_name"), "Alder");
    rowan.does(&["report", "appeal", TITLE, &id, "--reason", "It went on."]);
    let again = at_stage(&alder, "appealed");
    assert_eq!(text(&again, "/appeals/0"), "It went on.");
    assert!(list(&hazel.does(&["report", "list", TITLE]), "/reports").is_empty());
}
