//! What somebody who joins reads of what was said before: what its authors opened to them, with the
//! word of whoever handed it over, and that there was more.

use std::thread::sleep;

use crate::circle::{list, text};
use crate::notify::{WHILE, helper, more_than, whole};
use crate::stage::{Stage, until};

const TITLE: &str = "Evening walk";
const OPEN: &str = "Whoever comes later: bring a lantern.";
const CLOSED: &str = "This is for the three of us.";
const ANSWER: &str = "I brought one, and lost it by the lake.";
const OPEN_ANSWER: &str = "And warm socks.";
const REASON: &str = "Asked to go, and was thanked.";

#[test]
fn a_newcomer_reads_what_was_opened_to_them_and_is_told_that_there_was_more() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    let mut hazel = stage.person("hazel");
    alder.makes(TITLE, "Alder", &relay.address());
    rowan.joins(&alder.invites(TITLE), "Rowan");
    let shared = rowan.does(&["share", TITLE, OPEN, "--scope", "also-later", "--wait", "80s"]);
    let open = text(&shared, "/id");
    rowan.shares(TITLE, CLOSED);
    alder.reads(TITLE, CLOSED);
    alder.reads(TITLE, OPEN);
    // An answer is for those who are here, unless its author says otherwise; and it says so.
    alder.does(&["reply", &open, ANSWER]);
    let opened = ["reply", &open, OPEN_ANSWER, "--scope", "also-later"];
    let said = alder.prints(&[&opened[..], &["--declaration-heard"]].concat());
    assert!(said.contains("Those who join later read it, too."), "{said}");
    let read = alder.does(&["read", TITLE]);
    let id_of = |words: &str| {
        let mut items = list(&read, "/items").iter();
        text(items.find(|item| item["text"] == words).unwrap(), "/id")
    };
    for (closed, more) in [(CLOSED, &[] as &[&str]), (CLOSED, &["--advice"]), (ANSWER, &[])] {
        let wide = ["reply", &id_of(closed), "Also for later.", "--scope", "also-later"];
        let refused =
            alder.asks(&[&wide[..], &["--even-if-held-back"][..more.len()], more].concat());
        assert_eq!((refused.exit_code, refused.code()), (1, "not_open"), "{closed}");
    }
    let draft = ["draft", "save", TITLE, "Kept.", "--scope", "also-later", "--reply"];
    let draft = text(&alder.does(&[&draft[..], &[&id_of(CLOSED)]].concat()), "/id");
    assert_eq!(alder.asks(&["draft", "send", &draft]).code(), "not_open");
    alder.does(&["draft", "delete", &draft, "--yes"]);
    let page = alder.prints(&["read", TITLE]);
    assert_eq!(page.matches("also for those who join later").count(), 2, "{page}");
    alder.has_sent_all();
    alder.does(&["member", "remove", TITLE, "Rowan", "--reason", REASON, "--yes"]);
    alder.sees_members(TITLE, 1);

    let told = stage.folder("told");
    let program = helper(&stage.folder("bin"), &told);
    hazel.does(&["notify", "command", "--", &program, "--", "{}"]);
    hazel.does(&["notify", "on", "--every", "1"]);
    hazel.joins(&alder.invites(TITLE), "Hazel");
    let item = hazel.reads_item(TITLE, &open, "what was opened", |item| item["text"] == OPEN);
    assert_eq!((&item["before_you"], &item["vouched"]), (&true.into(), &true.into()), "{item}");
    let me = text(&alder.does(&["circle", "show", TITLE]), "/circle/me");
    assert_eq!((text(&item, "/handed_by"), text(&item, "/name")), (me, "Rowan".to_owned()));
    until("Hazel to be told that there was more", || {
        let circle = hazel.does(&["circle", "show", TITLE]);
        (circle["circle"]["before_you"]["withheld"] == true).then_some(())
    });
    // What is handed over from before is no news.
    sleep(WHILE);
    assert!(whole(&told).is_empty(), "what was said before is told");
    hazel.stops();
    hazel.starts();
    let read = hazel.does(&["read", TITLE]);
    assert_eq!(read["kept_from_you"], true);
    assert_eq!(hazel.texts(TITLE), [OPEN, OPEN_ANSWER]);
    let page = hazel.prints(&["read", TITLE]);
    for words in [
        OPEN,
        "from before you came",
        "is the word of Alder, who handed it over",
        "There was talk here before you came.",
    ] {
        assert!(page.contains(words), "{words} is not in: {page}");
    }

    // Whoever was there is told nothing of the kind.
    let read = alder.does(&["read", TITLE]);
    assert_eq!(read["kept_from_you"], false);
    assert!(list(&read, "/items").iter().all(|item| item["before_you"] == false), "{read}");

    // What is said from now on is news.
    alder.shares(TITLE, "Good that you came.");
    more_than(&told, 0);

    // Why somebody had to go, all who are there read.
    let log = alder.does(&["steward", "log", TITLE]);
    let entries = list(&log, "/log").iter();
    let entry = entries.clone().find(|entry| entry["what"] == "remove").unwrap();
    let said = ["/by_name", "/member_name", "/reason"].map(|field| text(entry, field));
    assert_eq!(said, ["Alder", "Rowan", REASON]);
    assert!(entry["at"].is_number() && entry["counts"] == true, "{entry}");
    let page = alder.prints(&["steward", "log", TITLE]);
    assert!(page.contains("removed Rowan") && page.contains(REASON), "{page}");
}
