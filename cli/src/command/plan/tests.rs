//! What is shown of a plan, and which part is meant.

use serde_json::json;
use windbreak_node::api::message::Language;
use windbreak_node::suggestion;

use super::*;

fn part(place: u32, title: &str, text: &str) -> PlanPart {
    let id = format!("{place:064}");
    let part = json!({"id": id, "place": place, "changed": 0, "title": title, "text": text});
    serde_json::from_value(part).unwrap()
}

fn page(report: &impl Report, width: usize) -> String {
    let mut page = Page::new(width, false, false);
    report.page(&mut page);
    page.finish()
}

fn of(parts: Vec<PlanPart>) -> Shown {
    Shown { plan: Plan { parts }, suggestions: Vec::new() }
}

fn plan() -> Vec<PlanPart> {
    vec![
        part(1, "What helps", "Tea.\nThe long way along the river, as far as the second bridge."),
        part(2, "People", ""),
        part(3, "what helped before", "Rest."),
        part(4, "people", "Hazel."),
    ]
}

#[test]
fn a_plan_is_shown_whole_in_its_order() {
    let shown = of(plan()[..2].to_vec());
    assert_eq!(
        page(&shown, 40),
        "1. What helps\n   Tea.\n   The long way along the river, as far\n   as the second bridge.\n\n\
         2. People\n   (no words yet)\n"
    );
}

#[test]
fn nothing_in_a_plan_reaches_the_margin_or_the_terminal() {
    let hostile = part(1, "\u{1b}[2J\u{202e}up", "one\u{1b}[1A\n\u{202e}two\r\u{7}\nסוף 12");
    let shown = page(&of(vec![hostile]), 80);
    assert!(!shown.contains(['\u{1b}', '\u{7}', '\r', '\u{202e}']), "{shown:?}");
    assert!(shown.lines().skip(1).all(|line| line.starts_with(INDENT)), "{shown:?}");
    let right_to_left = page(&of(vec![part(1, "סוף", "")]), 80);
    assert!(right_to_left.starts_with("1. \u{2068}סוף\u{2069}"), "{right_to_left:?}");
}

#[test]
fn an_empty_plan_shows_what_it_can_begin_with_in_80_columns() {
    let suggestions = suggestion::parts_of_a_plan(Language::En);
    let first = suggestions[0].title.clone();
    let shown = page(&Shown { plan: Plan { parts: Vec::new() }, suggestions }, 80);
    assert!(shown.contains(&first), "{shown}");
    assert!(shown.contains("windbreak plan suggest --take"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
}

#[test]
fn a_part_is_meant_by_its_number_its_title_or_how_that_begins() {
    let parts = plan();
    let id = parts[3].id.to_text();
    for (typed, place) in [("2", 2), ("what helps", 1), ("What helped", 3), (id.as_str(), 4)] {
        assert_eq!(find(&parts, typed).unwrap().place, place, "{typed}");
    }
    for (typed, code) in [
        ("5", "unknown_part"),
        ("0", "unknown_part"),
        ("", "unknown_part"),
        ("wha", "ambiguous_part"),
    ] {
        let failure = find(&parts, typed).unwrap_err();
        assert_eq!(failure.code(), code, "{typed}");
        assert!(!failure.next().is_empty());
    }
    // Of two that are called the same, the one that is written the same is meant.
    assert_eq!(find(&parts, "people").unwrap().place, 4);
    let failure = find(&parts, "PEOPLE").unwrap_err();
    assert!(failure.message().contains("2 (People), 4 (people)"), "{}", failure.message());
}

#[test]
fn what_is_written_anew_is_named_whole() {
    let parts = plan();
    let found = |typed| find_to_write(&parts, typed).map(|part| part.map(|part| part.place));
    assert_eq!(found("1").unwrap(), Some(1));
    assert_eq!(found("WHAT HELPS").unwrap(), Some(1));
    // It begins like a part, and is a new one.
    assert_eq!(found("What").unwrap(), None);
    for typed in ["9", ""] {
        assert_eq!(found(typed).unwrap_err().code(), "unknown_part", "{typed}");
    }
}
