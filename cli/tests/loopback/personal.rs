//! What is a person's own stays on their device, and goes with it or with the circle it is for.

use std::io::Write as _;

use crate::circle::{list, restoring, text, two_in};
use crate::search::Needles;
use crate::stage::{Stage, until};

const TITLE: &str = "Evening walk";

#[test]
fn a_draft_waits_on_its_device_alone_until_it_is_sent() {
    let stage = Stage::new();
    let mut relay = stage.relay();
    let (mut alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    let share = alder.shares(TITLE, "Good to be here.");
    rowan.reads(TITLE, "Good to be here.");

    // From a file, as words that no process list shows.
    let words = stage.folder("words").join("letter");
    let mut file = std::fs::File::create(&words).unwrap();
    file.write_all(b"Ring me at 0171 2345678, please.").unwrap();
    let file = words.to_str().unwrap();
    let saved =
        alder.does(&["draft", "save", TITLE, "--file", file, "--ask", "ideas", "--note", "tired"]);
    let draft = text(&saved, "/id");
    let reply = ["draft", "save", TITLE, "Hummingbirds, once.", "--reply", &share];
    let reply = text(&alder.does(&reply), "/id");
    std::fs::remove_file(&words).unwrap();
    alder.is_killed();
    alder.starts();
    let drafts = alder.does(&["draft", "list"]);
    assert_eq!(list(&drafts, "/drafts").len(), 2);
    let shown = alder.does(&["draft", "show", &draft[..8]]);
    let said = |shown: &serde_json::Value| {
        ["kind", "ask", "content_note", "text"].map(|field| text(shown, &format!("/words/{field}")))
    };
    assert_eq!(
        said(&shown),
        ["share", "ideas_welcome", "tired", "Ring me at 0171 2345678, please."]
    );

    // The same question before as for a share; and what was not sent stays.
    let told = alder.asks(&["draft", "send", &draft]);
    assert_eq!((told.exit_code, told.code()), (1, "could_identify"));
    let edited = alder.does(&["draft", "edit", &draft, "Ring me, please.", "--note", ""]);
    assert_eq!(text(&edited, "/words/text"), "Ring me, please.");
    assert!(edited["words"].get("content_note").is_none());

    // Until here nobody else has a word of it.
    assert_eq!(rowan.texts(TITLE), ["Good to be here."]);
    alder.does(&["draft", "send", &draft, "--wait", "80s"]);
    rowan.reads(TITLE, "Ring me, please.");
    assert_eq!(alder.asks(&["draft", "send", &draft]).code(), "unknown_draft");
    assert_eq!(alder.asks(&["draft", "delete", &reply]).code(), "not_confirmed");
    let sent = text(&alder.does(&["draft", "send", &reply]), "/id");
    rowan.reads_item(TITLE, &sent, "the reply", |item| item["to"] == share);
    assert_eq!(list(&alder.does(&["draft", "list"]), "/drafts").len(), 0);

    // Who leaves leaves no drafts.
    let last = ["draft", "save", TITLE, "Hummingbirds, never said."];
    let last = text(&rowan.does(&last), "/id");
    rowan.does(&["circle", "leave", TITLE, "--yes"]);
    assert_eq!(rowan.asks(&["draft", "show", &last]).code(), "unknown_draft");
    until("the circle to be left", || {
        let refused = rowan.asks(&["draft", "save", TITLE, "Hummingbirds, too late."]);
        (refused.code() == "circle_closed").then_some(())
    });

    // A backup keeps drafts, and check-ins.
    relay.party.stops();
    relay.is_gone();
    alder.does(&["draft", "save", TITLE, "Hummingbirds, for later."]);
    alder.does(&["checkin", "4", "Hummingbirds again."]);
    let secret = stage.passphrase("backup", "a backup of few words");
    let backup = stage.folder("words").join("backup");
    let backup = backup.to_str().unwrap();
    alder.does(&["backup", "create", backup, "--backup-passphrase-file", &secret]);
    let passphrase = stage.passphrase("restored", "restored: four quiet words");
    let other = stage.absent("restored");
    other.does(&restoring(backup, &secret, &passphrase));
    other.does(&["unlock", "--passphrase-file", &passphrase]);
    assert_eq!(list(&other.does(&["draft", "list"]), "/drafts").len(), 1);
    assert_eq!(list(&other.does(&["checkin"]), "/check_ins").len(), 1);
    other.does(&["lock"]);

    alder.stops();
    drop(rowan);
    let mut needles = Needles::default();
    for word in ["Hummingbirds", "0171 2345678", "Ring me at"] {
        needles.add(word, word.as_bytes());
    }
    for folder in ["alder", "rowan", "restored", "relay", "logs", "words"] {
        assert_eq!(needles.found_under(&stage.folder(folder)), [], "{folder}");
    }
}

#[test]
fn a_check_in_stays_on_its_device_unless_its_owner_shares_it() {
    let stage = Stage::new();
    let mut relay = stage.relay();
    let (mut alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    let noted = alder.does(&["checkin", "3", "Hummingbirds in my head."]);
    assert_eq!(noted["check_in"]["value"], 3);
    alder.does(&["checkin", "7"]);
    let noted = |party: &crate::stage::Party| {
        let back = party.does(&["checkin"]);
        let all = list(&back, "/check_ins").iter();
        all.map(|one| one["value"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    alder.is_killed();
    alder.starts();
    assert_eq!(noted(&alder), [3, 7]);

    // Shared by choice alone, with the same question as any share; what is refused is not noted.
    let named = ["checkin", "5", "Ring me at 0171 2345678.", "--share", TITLE];
    let told = alder.asks(&named);
    assert_eq!((told.exit_code, told.code()), (1, "could_identify"));
    assert_eq!(noted(&alder), [3, 7]);
    alder.does(&["checkin", "5", "A long day.", "--share", TITLE]);
    rowan.reads(TITLE, "Check-in: 5 of 10. A long day.");
    assert_eq!(noted(&alder), [3, 7, 5]);
    assert_eq!(rowan.texts(TITLE), ["Check-in: 5 of 10. A long day."]);
    assert!(noted(&rowan).is_empty());

    // It belongs to no circle: it stays when one is left, and goes when its owner deletes it.
    rowan.does(&["checkin", "8"]);
    rowan.does(&["circle", "leave", TITLE, "--yes"]);
    until("the circle to be left", || {
        let refused = rowan.asks(&["checkin", "2", "Too late.", "--share", TITLE]);
        (refused.code() == "circle_closed").then_some(())
    });
    assert_eq!(noted(&rowan), [8]);
    let back = alder.does(&["checkin"]);
    let first = text(&back, "/check_ins/0/id");
    assert_eq!(alder.asks(&["checkin", "--delete", &first]).code(), "not_confirmed");
    alder.does(&["checkin", "--delete", &first, "--yes"]);
    assert_eq!(noted(&alder), [7, 5]);
    assert_eq!(alder.asks(&["checkin", "--delete-all"]).code(), "not_confirmed");
    alder.does(&["checkin", "--delete-all", "--yes"]);
    assert!(noted(&alder).is_empty());

    alder.stops();
    relay.party.stops();
    let mut needles = Needles::default();
    needles.add("a check-in", b"Hummingbirds");
    for folder in ["alder", "rowan", "relay", "logs"] {
        assert_eq!(needles.found_under(&stage.folder(folder)), [], "{folder}");
    }
}

#[test]
fn a_plan_stays_on_its_device_and_comes_back_whole() {
    let stage = Stage::new();
    let mut relay = stage.relay();
    let (mut alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    let plan = |party: &crate::stage::Party| {
        let shown = party.does(&["plan"]);
        let parts = list(&shown, "/parts").iter();
        parts.map(|part| (text(part, "/title"), text(part, "/text"))).collect::<Vec<_>>()
    };
    let part = |title: &str, text: &str| (title.to_owned(), text.to_owned());

    // It needs no circle. What is suggested is taken once, and changed as its owner likes.
    assert!(plan(&alder).is_empty());
    let suggested = alder.does(&["plan", "suggest"]);
    assert_eq!(list(&suggested, "/suggestions").len(), 7);
    assert_eq!(list(&alder.does(&["plan", "suggest", "--take"]), "/parts").len(), 7);
    assert_eq!(list(&alder.does(&["plan", "suggest", "--take"]), "/parts").len(), 0);
    for _ in 0..6 {
        alder.does(&["plan", "remove", "2", "--yes"]);
    }

    // From a file, as words that no process list shows.
    let words = stage.folder("words").join("part");
    std::fs::write(&words, "Hummingbirds in my head.\nNo sleep.\n").unwrap();
    let file = words.to_str().unwrap();
    alder.does(&["plan", "write", "1", "--file", file]);
    std::fs::remove_file(&words).unwrap();
    alder.does(&["plan", "title", "1", "Signs"]);
    let made = alder.does(&["plan", "write", "People", "Rowan, after six."]);
    assert_eq!(
        (made["part"]["place"].as_u64(), text(&made, "/part/title")),
        (Some(2), "People".into())
    );
    alder.does(&["plan", "write", "people", "Hazel, always.", "--add"]);
    alder.does(&["plan", "write", "Hummingbird songs", "Three of them."]);
    alder.does(&["plan", "move", "hum", "1"]);
    alder.does(&["plan", "move", "3", "up"]);
    let whole = [
        part("Hummingbird songs", "Three of them."),
        part("People", "Rowan, after six.\nHazel, always."),
        part("Signs", "Hummingbirds in my head.\nNo sleep."),
    ];
    assert_eq!(plan(&alder), whole);

    // What is mistyped changes nothing.
    let mistakes: [(&[&str], i32, &str); 6] = [
        (&["plan", "write", "4", "Too far."], 1, "unknown_part"),
        (&["plan", "write", "2", " "], 1, "empty_text"),
        (&["plan", "title", "2", " "], 1, "empty_title"),
        (&["plan", "move", "2", "40"], 1, "bad_place"),
        (&["plan", "remove", "2"], 2, "not_confirmed"),
        (&["plan", "remove", "--all"], 2, "not_confirmed"),
    ];
    for (args, exit_code, code) in mistakes {
        let told = alder.asks(args);
        assert_eq!((told.exit_code, told.code()), (exit_code, code), "{args:?}");
        assert!(!told.next().is_empty());
    }
    alder.is_killed();
    alder.starts();
    assert_eq!(plan(&alder), whole);

    // What is suggested comes whole or not at all.
    for number in 0..26 {
        rowan.does(&["plan", "write", &format!("Part {number}"), "Some words."]);
    }
    assert_eq!(rowan.asks(&["plan", "suggest", "--take"]).code(), "too_many_plan_parts");
    assert_eq!(plan(&rowan).len(), 26);
    rowan.does(&["plan", "remove", "--all", "--yes"]);

    // Nothing of it is in a circle, nothing of a circle is needed for it, and none finds it.
    two_in(TITLE, &relay, &rowan, &alder);
    alder.does(&["plan", "write", "3", "Hummingbirds in my head."]);
    alder.shares(TITLE, "Good to be here.");
    rowan.reads(TITLE, "Good to be here.");
    assert_eq!(rowan.texts(TITLE), ["Good to be here."]);
    assert!(plan(&rowan).is_empty());
    assert_eq!(list(&alder.does(&["search", "hummingbirds"]), "/items").len(), 0);
    alder.does(&["circle", "leave", TITLE, "--yes"]);
    relay.party.stops();
    relay.is_gone();
    assert_eq!(
        alder.prints(&["plan"]),
        "1. Hummingbird songs Three of them. 2. People Rowan, after six. Hazel, always. \
         3. Signs Hummingbirds in my head."
    );

    // A backup keeps it, and nothing shows it without the passphrase.
    let secret = stage.passphrase("backup", "a backup of few words");
    let backup = stage.folder("words").join("backup");
    let backup = backup.to_str().unwrap();
    alder.does(&["backup", "create", backup, "--backup-passphrase-file", &secret]);
    let passphrase = stage.passphrase("restored", "restored: four quiet words");
    let other = stage.absent("restored");
    other.does(&restoring(backup, &secret, &passphrase));
    assert_eq!(other.asks(&["plan"]).exit_code, 5);
    other.does(&["unlock", "--passphrase-file", &passphrase]);
    assert_eq!(plan(&other), plan(&alder));
    other.does(&["plan", "remove", "--all", "--yes"]);
    assert!(plan(&other).is_empty());
    other.does(&["lock"]);

    alder.stops();
    drop(rowan);
    let mut needles = Needles::default();
    for word in ["Hummingbird", "Hazel, always", "Rowan, after"] {
        needles.add(word, word.as_bytes());
    }
    for folder in ["alder", "rowan", "restored", "relay", "logs", "words"] {
        assert_eq!(needles.found_under(&stage.folder(folder)), [], "{folder}");
    }
}
