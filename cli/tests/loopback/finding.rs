//! What was said is found again by its words, without a network, and only as long as it may be read.

use std::collections::BTreeMap;

use crate::circle::{list, text};
use crate::search::Needles;
use crate::stage::{Party, Stage};

const TITLE: &str = "Evening walk";

impl Party {
    /// The ids of what is found.
    fn finds(&self, args: &[&str]) -> Vec<String> {
        let found = self.does(&[&["search"], args].concat());
        list(&found, "/items").iter().map(|item| text(item, "/id")).collect()
    }
}

#[test]
fn what_was_said_is_found_by_its_words_as_long_as_it_may_be_read() {
    let stage = Stage::new();
    let mut relay = stage.relay();
    let alder = stage.person("alder");
    let mut rowan = stage.person("rowan");
    alder.makes(TITLE, "Alder", &relay.address());
    rowan.joins(&alder.invites(TITLE), "Rowan");
    // Whoever looks, a member has the same mark.
    let marks = |party: &Party| -> BTreeMap<String, String> {
        let members = party.does(&["member", "list", TITLE]);
        let mark = |member: &serde_json::Value| {
            (text(member, "/id"), text(member, "/mark/colour") + " " + &text(member, "/mark/words"))
        };
        list(&members, "/members").iter().map(mark).collect()
    };
    alder.sees_members(TITLE, 2);
    assert_eq!(marks(&alder), marks(&rowan));
    assert_eq!(marks(&alder).len(), 2);
    let first = alder.shares(TITLE, "The café by the river was closed, and so was I.");
    let second = alder.shares(TITLE, "Another river, another CAFÉ.");
    let third = alder.shares(TITLE, "Hummingbirds everywhere.");
    let own = rowan.shares(TITLE, "Hummingbirds, here too.");
    rowan.reads_item(TITLE, &third, "all that was said", |_| true);
    assert_eq!(rowan.finds(&["cafe", "river"]), [second.as_str(), &first]);
    assert_eq!(rowan.finds(&["hummingbird"]).len(), 2);
    assert_eq!(rowan.finds(&["fe"]).len(), 0);

    // One by one, and what stands around the words.
    let page = rowan.does(&["search", "river", "--limit", "1", "--circle", TITLE]);
    assert_eq!(text(&page, "/items/0/id"), second);
    let after = text(&page, "/next");
    let page = rowan.does(&["search", "river", "--limit", "1", "--after", &after[..8]]);
    assert_eq!(text(&page, "/items/0/id"), first);
    let pieces: Vec<(&str, bool)> = list(&page, "/items/0/excerpt")
        .iter()
        .map(|piece| (piece["text"].as_str().unwrap(), piece["found"] == true))
        .collect();
    assert!(
        pieces.contains(&("river", true))
            && pieces.contains(&(" was closed, and so was I.", false))
    );
    assert_eq!(rowan.asks(&["search", "river", "--after", "00000000"]).code(), "unknown_item");
    assert_eq!(rowan.asks(&["search", " "]).code(), "nothing_sought");

    // Other words, hidden words, words taken back, and words of somebody blocked.
    alder.does(&["edit", &first, "The bakery was closed."]);
    alder.does(&["withdraw", &second, "--yes"]);
    alder.does(&["steward", "hide", &third, "--reason", "It names somebody."]);
    rowan.reads_item(TITLE, &third, "that it is hidden", |item| item["hidden"] == true);
    assert_eq!(rowan.finds(&["river"]).len(), 0);
    assert_eq!(rowan.finds(&["bakery"]), [first.as_str()]);
    assert_eq!(rowan.finds(&["hummingbirds"]), [own.as_str()]);
    assert_eq!(alder.finds(&["hummingbirds"]).len(), 2, "who holds a circle reads what is hidden");
    rowan.does(&["member", "block", TITLE, "Alder"]);
    assert_eq!(rowan.finds(&["bakery"]).len(), 0);
    assert_eq!(rowan.finds(&["bakery", "--blocked"]), [first.as_str()]);

    // After a restart, with nobody else there.
    rowan.stops();
    relay.party.stops();
    relay.is_gone();
    rowan.starts();
    assert_eq!(rowan.finds(&["hummingbird"]), [own.as_str()]);

    // Nothing of the words, nor of what was looked for, lies about.
    rowan.stops();
    let mut needles = Needles::default();
    for word in ["hummingbird", "Hummingbird", "bakery was", "by the river"] {
        needles.add(word, word.as_bytes());
    }
    assert_eq!(needles.found_under(&rowan.folder), []);
}
