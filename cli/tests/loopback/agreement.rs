//! What a circle agrees on, by the commands a person types.

use std::thread::sleep;

use crate::circle::{list, text};
use crate::notify::{WHILE, helper, whole};
use crate::stage::{Stage, until};

const TITLE: &str = "Evening walk";
const FIRST: &str = "We listen.\nWhat is said here stays here.\n";
const NEXT: &str = "We listen.\nWe begin with a quiet minute.\nWhat is said here stays here.\n";
const DECLARED: &str = "I report danger to children.";

#[test]
fn the_agreement_and_the_declarations_come_before_the_first_words() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, mut rowan) = (stage.person("alder"), stage.person("rowan"));
    let willow = stage.person("willow");
    let file = |name: &str, words: &str| {
        let path = stage.folder("texts").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, words).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (first, next) = (file("first.txt", FIRST), file("next.txt", NEXT));

    // Whoever makes a circle says that they are an adult, and what they would have to report.
    let address = relay.address();
    let new = ["circle", "new", TITLE, "--name", "Alder", "--relay", &address, "--yes"];
    let with = |more: &[&str]| alder.asks(&[&new[..], &["--agreement", &first], more].concat());
    assert_eq!(with(&["--adult"]).code(), "undeclared");
    assert_eq!(with(&["--declaration", "Nothing."]).code(), "not_adult");
    assert_eq!(with(&["--declaration", "Nothing.", "--adult"]).exit_code, 0);

    // So does whoever joins, and sees both before.
    let code = alder.invites(TITLE);
    let join = ["join", &code, "--name", "Rowan", "--accept-agreement", "--wait", "80s"];
    let refused = rowan.asks(&join);
    assert_eq!((refused.exit_code, refused.code()), (2, "not_adult"));
    rowan.joins(&code, "Rowan");
    willow.joins(&alder.invites(TITLE), "Willow");
    alder.sees_members(TITLE, 3);
    let shown = rowan.does(&["agreement", "show", TITLE]);
    assert_eq!((text(&shown, "/text"), &shown["accepted"]), (FIRST.to_owned(), &true.into()));

    // Nothing goes out before Rowan has read what the facilitator would have to report.
    let share = ["share", TITLE, "first words"];
    let refused = rowan.asks_unheard(&share);
    assert_eq!((refused.exit_code, refused.code()), (3, "declaration_unheard"));
    assert!(refused.next().contains("--declaration-heard"), "{refused:?}");
    let refused = rowan.asks_unheard(&["checkin", "4", "--share", TITLE]);
    assert_eq!(refused.code(), "declaration_unheard");
    let draft = text(&rowan.does(&["draft", "save", TITLE, "draft words"]), "/id");
    assert_eq!(rowan.asks_unheard(&["draft", "send", &draft]).code(), "declaration_unheard");
    assert!(rowan.texts(TITLE).is_empty());
    let read = rowan.does(&["member", "list", TITLE]);
    assert!(list(&read, "/members").iter().any(|one| one["declaration"] == "Nothing."));
    let said = rowan.does(&share);
    assert_eq!(text(&said, "/declaration"), "Nothing.");
    let said = rowan.asks_unheard(&["share", TITLE, "second words"]);
    assert_eq!((said.exit_code, said.data().get("declaration")), (0, None));
    alder.does(&["member", "declare", TITLE, DECLARED]);
    until("Rowan to see the new declaration", || {
        let members = rowan.does(&["member", "list", TITLE]);
        list(&members, "/members").iter().any(|one| one["declaration"] == DECLARED).then_some(())
    });
    let share = ["share", TITLE, "third words"];
    assert_eq!(rowan.asks_unheard(&share).code(), "declaration_unheard");
    // A person reads it, and what it is, before anything goes out.
    let page = rowan.prints(&[&share[..], &["--declaration-heard"]].concat());
    let before = format!("what its facilitators would have to report to others. Alder: {DECLARED}");
    assert!(page.contains(&before), "{page}");
    let explained = rowan.does(&["explain"]);
    assert_eq!(text(&explained, "/circles/0/declaration"), format!("Alder: {DECLARED}"));

    // A member proposes nothing; a facilitator does, and most members adopt it.
    let refused = rowan.asks(&["agreement", "propose", TITLE, &next]);
    assert_eq!((refused.exit_code, refused.code()), (3, "not_facilitator"));
    let proposed = alder.does(&["agreement", "propose", TITLE, &next]);
    assert_eq!(proposed["holds"], false);
    let id = text(&proposed, "/proposal");
    until("Rowan to hear of the proposal", || {
        let shown = rowan.does(&["agreement", "show", TITLE]);
        let proposal = list(&shown, "/proposals").first()?.clone();
        let new = list(&proposal, "/differences").iter().find(|line| line["change"] == "new")?;
        assert_eq!(new["text"], "We begin with a quiet minute.");
        Some(())
    });
    let page = rowan.prints(&["agreement", "show", TITLE]);
    assert!(page.contains("+ We begin with a quiet minute."), "{page}");
    rowan.does(&["agreement", "consent", TITLE, &id, "--yes"]);
    let version = |shown: &serde_json::Value| shown["version"].as_u64().unwrap();
    until("Willow to hear of the new agreement", || {
        (version(&willow.does(&["agreement", "show", TITLE])) == 2).then_some(())
    });

    // Who agreed reads on; who did not is asked, with what is new, and reads nothing until then.
    rowan.stops();
    rowan.starts();
    rowan.reads(TITLE, "third words");
    for command in [&["read", TITLE][..], &["share", TITLE, "hello"], &["read", TITLE, "--pinned"]]
    {
        let refused = willow.asks(command);
        assert_eq!((refused.exit_code, refused.code()), (3, "agreement_unaccepted"), "{command:?}");
    }
    // Nor is Willow told that there is something to read.
    let told = stage.folder("told");
    let program = helper(&stage.folder("bin"), &told);
    willow.does(&["notify", "command", "--", &program, "--", "{}"]);
    willow.does(&["notify", "on", "--every", "1"]);
    let items = || {
        let circle = willow.does(&["circle", "show", TITLE]);
        circle["circle"]["items"].as_u64().unwrap()
    };
    let before = items();
    rowan.shares(TITLE, "fourth words");
    until("the fourth words to come", || (items() > before).then_some(()));
    sleep(WHILE);
    assert!(whole(&told).is_empty(), "Willow is told of what is not to be read yet");
    let found = willow.does(&["search", "words"]);
    assert_eq!((list(&found, "/items").len(), &found["left_out"]), (0, &1.into()));
    let refused = willow.asks(&["search", "words", "--circle", TITLE]);
    assert_eq!(refused.code(), "agreement_unaccepted");
    let shown = willow.does(&["agreement", "show", TITLE]);
    let new = list(&shown, "/differences").iter().filter(|line| line["change"] == "new").count();
    assert_eq!((new, &shown["accepted"]), (1, &false.into()));
    let page = willow.prints(&["agreement", "show", TITLE]);
    assert!(page.contains("+ We begin with a quiet minute."), "{page}");
    assert_eq!(willow.asks(&["agreement", "accept", TITLE]).code(), "not_confirmed");
    willow.does(&["agreement", "accept", TITLE, "--yes"]);
    willow.reads(TITLE, "third words");
    willow.shares(TITLE, "with a quiet minute");
    alder.reads(TITLE, "with a quiet minute");

    // Whoever comes now sees the new one.
    let birch = stage.person("birch");
    birch.joins(&alder.invites(TITLE), "Birch");
    let shown = birch.does(&["agreement", "show", TITLE]);
    assert_eq!((version(&shown), &shown["accepted"]), (2, &true.into()));
    assert_eq!(text(&shown, "/text"), NEXT.trim());

    // Everybody reads in the log who declared what, and that the agreement is another one.
    let page = willow.prints(&["steward", "log", TITLE]);
    for words in [
        "said anew what they would have to report:",
        DECLARED,
        "carried out what most members agreed to: agreement 2 holds now",
    ] {
        assert!(page.contains(words), "{words} is not in: {page}");
    }

    // How long it is kept, and who holds it if nobody answers.
    let keep = ["circle", "keep", TITLE, "30", "--yes"];
    let why = ["--reason", "Less to be found."];
    let refused = birch.asks(&[&keep[..], &why].concat());
    assert_eq!((refused.exit_code, refused.code()), (3, "not_facilitator"));
    assert_eq!(alder.asks(&keep).code(), "no_reason");
    alder.does(&[&keep[..], &why].concat());
    until("everybody to know how long it is kept", || {
        let circle = birch.does(&["circle", "show", TITLE]);
        (circle.pointer("/circle/keep_days")?.as_u64()? == 30).then_some(())
    });
    // It is shorter: everybody reads why, and from when on it is so.
    assert!(birch.does(&["read", TITLE])["keep_from"].is_number());
    let page = birch.prints(&["read", TITLE]);
    assert!(page.contains("keeps what is said for a shorter time now"), "{page}");
    let page = birch.prints(&["steward", "log", TITLE]);
    for words in ["Alder said how long words are kept: 30 days", "Less to be found."] {
        assert!(page.contains(words), "{words} is not in: {page}");
    }
    // A newcomer's word counts once they have heard what came after the facilitator's last.
    willow.shares(TITLE, "is anybody there?");
    birch.reads(TITLE, "is anybody there?");
    let proposed = birch.does(&["succession", "propose", TITLE, "Willow"]);
    let id = text(&proposed, "/proposal");
    until("Willow to be asked", || {
        let status = willow.does(&["succession", "status", TITLE]);
        let asked = list(&status, "/proposals").iter().any(|one| one["asks_me"] == true);
        asked.then_some(())
    });
    let undeclared = willow.asks(&["succession", "consent", TITLE, &id, "--yes"]);
    assert_eq!(undeclared.code(), "undeclared");
    let words = "I have nothing to report.";
    willow.does(&["succession", "consent", TITLE, &id, "--declaration", words, "--yes"]);
    until("Rowan to be asked", || {
        let status = rowan.does(&["succession", "status", TITLE]);
        (!list(&status, "/proposals").is_empty()).then_some(())
    });
    rowan.does(&["succession", "consent", TITLE, &id, "--yes"]);
    until("enough to agree, and the silence to begin", || {
        let status = willow.does(&["succession", "status", TITLE]);
        (text(&status, "/proposals/0/stage") == "silence").then_some(())
    });
}
