//! A circle whose two relays are cut from each other: each side changes it without the other, then
//! they meet again.
//!
//! The split lies in time: while one side talks through the first relay, the second leads nowhere
//! and the other side's nodes rest; then the other way round. Neither side hears of the other
//! before both relays lead somewhere again.

use serde_json::Value;

use crate::circle::list;
use crate::stage::{Party, Relay, Stage, until};

const TITLE: &str = "Evening walk";

#[test]
fn two_sides_that_changed_a_circle_alone_come_together_and_lose_no_word() {
    let stage = Stage::new();
    let (mut first, mut second) = (stage.relay_called("first"), stage.relay_called("second"));
    let mut alder = stage.person("alder");
    let mut rowan = stage.person("rowan");
    let mut willow = stage.person("willow");
    let mut birch = stage.person("birch");
    let mut hazel = stage.person("hazel");
    let maple = stage.person("maple");
    let made = alder.does(&[
        "circle",
        "new",
        TITLE,
        "--name",
        "Alder Aurora",
        "--relay",
        &first.address(),
        "--relay",
        &second.address(),
        "--adult",
        "--declaration",
        "I have nothing to report.",
    ]);
    assert_eq!(list(&made, "/circle/relays").len(), 2, "{made}");
    for (party, name) in [(&rowan, "Rowan"), (&willow, "Willow"), (&birch, "Birch")] {
        party.joins(&alder.invites(TITLE), name);
    }
    // Two more invites, which any member answers: each side will let somebody in.
    let (here, there) = (alder.invites(TITLE), alder.invites(TITLE));
    for party in [&rowan, &willow, &birch] {
        party.sees_members(TITLE, 4);
        until("both invites to be known", || {
            let invites = party.does(&["invite", "list", TITLE]);
            (list(&invites, "/invites").iter().filter(|i| i["state"] == "open").count() == 2)
                .then_some(())
        });
    }
    for party in [&mut alder, &mut rowan, &mut willow, &mut birch] {
        party.stops();
    }

    // One side, on the first relay. Rowan loses power in the middle of it.
    cut(&mut second);
    alder.starts();
    rowan.starts();
    hazel.joins(&here, "Hazel");
    alder.sees_members(TITLE, 5);
    rowan.shares(TITLE, "Rowan, on the first side.");
    rowan.does(&["share", TITLE, "Rowan, a moment before the light went out."]);
    rowan.is_killed();
    alder.shares(TITLE, "Alder, on the first side.");
    hazel.shares(TITLE, "Hazel, on the first side.");
    // Whoever stayed would carry what it knows to the other relay.
    alder.stops();
    hazel.stops();

    // The other side, on the second relay.
    cut(&mut first);
    mend(&mut second);
    willow.starts();
    maple.joins(&there, "Maple");
    willow.sees_members(TITLE, 5);
    willow.shares(TITLE, "Willow, on the second side.");
    maple.shares(TITLE, "Maple, on the second side.");

    // Together again; Birch was away the whole time.
    mend(&mut first);
    for party in [&mut alder, &mut rowan, &mut birch, &mut hazel] {
        party.starts();
    }
    let said = [
        "Rowan, on the first side.",
        "Rowan, a moment before the light went out.",
        "Alder, on the first side.",
        "Hazel, on the first side.",
        "Willow, on the second side.",
        "Maple, on the second side.",
    ];
    let everybody = [&alder, &rowan, &willow, &birch, &hazel, &maple];
    for party in everybody {
        party.sees_members(TITLE, 6);
    }
    // What was said before somebody came in is not theirs to read.
    for party in [&alder, &rowan, &willow, &birch] {
        for words in said {
            party.reads(TITLE, words);
        }
        assert_eq!(party.texts(TITLE).len(), said.len(), "nothing stands twice");
    }
    // Whoever saw both sides is told so in plain words, and that nothing is to be done.
    until("a word about the split that nothing is to be done about", || {
        let pages = everybody.map(|party| party.prints(&["circle", "show", TITLE]));
        let told = |page: &String| {
            page.contains("changed in two places at once")
                && page.contains("came together again by itself")
                && page.contains("nothing to do")
        };
        pages.iter().any(told).then_some(())
    });
    until("one epoch", || {
        let epochs = everybody.map(epoch);
        epochs.iter().all(|other| *other == epochs[0]).then_some(())
    });
    for (party, words) in [(&hazel, "Hazel, together."), (&maple, "Maple, together.")] {
        party.shares(TITLE, words);
        for reader in everybody {
            reader.reads(TITLE, words);
        }
    }
}

/// Nobody reaches the relay any more.
fn cut(relay: &mut Relay) {
    relay.is_gone();
    relay.party.stops();
}

/// The relay is there again, with what it held.
fn mend(relay: &mut Relay) {
    relay.starts();
}

fn epoch(party: &Party) -> u64 {
    let shown: Value = party.does(&["circle", "show", TITLE]);
    shown.pointer("/circle/epoch").and_then(Value::as_u64).unwrap()
}
