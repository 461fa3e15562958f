//! What somebody who was removed still gets: nothing new.

use crate::circle::{list, text, two_in};
use crate::stage::{Stage, until};

const TITLE: &str = "Evening walk";
const AFTERWARDS: &str = "Only for those who are still here.";

#[test]
fn a_removed_member_reads_nothing_new() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, rowan, mut willow) =
        (stage.person("alder"), stage.person("rowan"), stage.person("willow"));
    two_in(TITLE, &relay, &alder, &rowan);
    willow.joins(&alder.invites(TITLE), "Willow Motyl");
    rowan.sees_members(TITLE, 3);
    let before = alder.shares(TITLE, "For all three of us.");
    willow.reads(TITLE, "For all three of us.");
    let said = willow.shares(TITLE, "Thank you, all three of us.");
    alder.reads(TITLE, "Thank you, all three of us.");
    let members = alder.does(&["member", "list", TITLE]);
    let mark = list(&members, "/members").iter().find(|member| member["name"] == "Willow Motyl");
    let mark = mark.unwrap()["mark"].clone();
    assert!(!text(&mark, "/words").is_empty(), "{members}");

    let remove = ["member", "remove", TITLE, "Willow Motyl", "--yes"];
    for blank in [&[] as &[&str], &["--reason", " "]] {
        let refused = alder.asks(&[&remove[..], blank].concat());
        assert_eq!((refused.exit_code, refused.code()), (1, "no_reason"));
    }
    alder.does(&[&remove[..], &["--reason", "As we agreed."]].concat());
    rowan.sees_members(TITLE, 2);
    until("Willow to hear of it", || {
        let circle = willow.does(&["circle", "show", TITLE]);
        (text(&circle, "/circle/standing") == "removed").then_some(())
    });
    alder.shares(TITLE, AFTERWARDS);
    rowan.reads(TITLE, AFTERWARDS);
    // Their mark stands beside what they said, as before.
    let items = alder.items(TITLE);
    assert_eq!(items.iter().find(|item| item["id"] == *said).unwrap()["mark"], mark);
    let found = alder.does(&["search", "thank you", "--circle", TITLE]);
    assert_eq!(list(&found, "/items")[0]["mark"], mark, "{found}");
    rowan.does(&["reply", &before, "An answer to something old is new, too."]);
    alder.reads(TITLE, "An answer to something old is new, too.");

    // The relay gives all it has to whoever starts again and may ask for it.
    for _ in 0..2 {
        let known = ["For all three of us.", "Thank you, all three of us."];
        assert_eq!(willow.texts(TITLE), known);
        willow.stops();
        willow.starts();
    }
    let refused = willow.asks(&["share", TITLE, "May I?"]);
    assert_ne!(refused.exit_code, 0);
    assert!(!refused.code().is_empty());
    for party in [&alder, &rowan] {
        assert!(!party.texts(TITLE).iter().any(|words| words == "May I?"));
    }
}
