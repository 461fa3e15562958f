//! Being away, and losing power: what was said is there afterwards, once and in its order.

use crate::circle::{list, text, two_in};
use crate::stage::{Stage, until};

const TITLE: &str = "Evening walk";
const SHARES: usize = 12;

#[test]
fn somebody_catches_up_with_only_the_relay_left() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (mut alder, mut rowan, mut willow) =
        (stage.person("alder"), stage.person("rowan"), stage.person("willow"));
    two_in(TITLE, &relay, &alder, &rowan);
    willow.joins(&alder.invites(TITLE), "Willow Motyl");
    rowan.sees_members(TITLE, 3);
    willow.stops();

    let mut said = Vec::new();
    for number in 0..SHARES {
        let words = format!("Share {number:02} while Willow was away.");
        let (author, other) = if number % 2 == 0 { (&alder, &rowan) } else { (&rowan, &alder) };
        author.does(&["share", TITLE, &words]);
        // Whoever writes next has read it, so that there is one order only.
        other.reads(TITLE, &words);
        said.push(words);
    }
    for party in [&mut alder, &mut rowan] {
        party.has_sent_all();
        party.stops();
    }

    willow.starts();
    willow.reads(TITLE, said.last().unwrap());
    assert_eq!(willow.texts(TITLE), said);
    let read = willow.does(&["read", TITLE]);
    assert!(list(&read, "/gaps").iter().all(|gap| gap["kind"] != "lost"), "{read}");
}

#[test]
fn a_restart_of_every_process_loses_nothing() {
    let stage = Stage::new();
    let mut relay = stage.relay();
    let (mut alder, mut rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    rowan.stops();
    let first = alder.shares(TITLE, "Held before the light went out.");

    // Acknowledged is durable, whoever loses power now.
    alder.is_killed();
    relay.is_gone();
    relay.party.is_killed();
    relay.starts();
    rowan.starts();
    rowan.reads(TITLE, "Held before the light went out.");

    // What only its author's device has goes out once there is a relay again.
    relay.is_gone();
    relay.party.stops();
    alder.starts();
    let queued = alder.does(&["reply", &first, "Written without a relay."]);
    assert_eq!(text(&queued, "/delivery"), "queued");
    alder.is_killed();
    rowan.is_killed();
    relay.starts();
    alder.starts();
    rowan.starts();
    rowan.reads(TITLE, "Written without a relay.");

    alder.has_sent_all();
    until("the reply to be held", || {
        let items = alder.items(TITLE);
        (items.last()?.get("delivery")? == "held").then_some(())
    });
    let said = ["Held before the light went out.", "Written without a relay."];
    for party in [&mut alder, &mut rowan] {
        assert_eq!(party.texts(TITLE), said);
        party.sees_members(TITLE, 2);
    }
    rowan.shares(TITLE, "And on we go.");
    alder.reads(TITLE, "And on we go.");
}
