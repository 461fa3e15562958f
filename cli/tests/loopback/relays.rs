//! Relays that die, that are replaced, and that somebody is asked about.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::circle::{list, text, two_in};
use crate::stage::{Party, Relay, Stage, bounds_itself, until};

const TITLE: &str = "Evening walk";
/// What is said in the conversation in which a relay is replaced.
const SHARES: usize = 100;
/// What is said at once to a relay that is told to end.
const BUSY: usize = 60;
/// Bytes a second of its line.
const SLOW: u32 = 8_000;
/// Within which it has ended: it may drain for ten seconds.
const DRAINED: Duration = Duration::from_secs(15);
/// More than a delay.
const NOTICED: Duration = Duration::from_secs(20);

#[test]
fn a_relay_killed_and_replaced_in_the_middle_of_a_conversation_loses_nothing() {
    let stage = Stage::new();
    let (mut first, mut second) = (stage.relay(), stage.relay_called("second"));
    let third = stage.relay_called("third");
    let (alder, mut rowan) = (stage.person("alder"), stage.person("rowan"));
    let willow = stage.person("willow");
    two_in(TITLE, &first, &alder, &rowan);
    willow.joins(&alder.invites(TITLE), "Willow");
    alder.sees_members(TITLE, 3);
    alder.does(&["relay", "add", TITLE, &second.address()]);
    for person in [&alder, &rowan, &willow] {
        person.has_relays(&[(&first, "named"), (&second, "named")]);
    }

    let people = [&alder, &rowan, &willow];
    let mut said = Vec::new();
    let mut longest = Duration::ZERO;
    for number in 0..SHARES {
        let words = format!("number {number}");
        // Nobody waits for the network: this is how people write.
        people[number % 3].does(&["share", TITLE, &words]);
        // But now and then somebody looks how long it takes.
        if number % 10 == 4 {
            let began = Instant::now();
            people[(number + 1) % 3].reads(TITLE, &words);
            longest = longest.max(began.elapsed());
        }
        said.push(words);
        match number {
            33 => {
                first.party.is_killed();
                first.is_gone();
            }
            66 => {
                let replace = ["relay", "replace", TITLE, &first.address(), &third.address()];
                alder.does(&replace);
            }
            _ => {}
        }
    }
    println!("of {SHARES} shares the slowest that was waited for took {longest:.1?}");
    assert!(longest < NOTICED, "{longest:?}");
    said.sort_unstable();
    for person in people {
        let texts = until("all that was said", || {
            let texts = person.texts(TITLE);
            (texts.len() >= said.len()).then_some(texts)
        });
        let mut sorted = texts.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, said, "each is there once");
        // What one person said stands in the order in which they said it.
        let number = |words: &String| words.rsplit(' ').next().unwrap().parse::<usize>().unwrap();
        for who in 0..3 {
            let own = texts.iter().map(number).filter(|number| number % 3 == who);
            assert!(own.is_sorted(), "{texts:?}");
        }
        let gaps = person.does(&["read", TITLE, "--limit", "10000"]);
        assert!(list(&gaps, "/gaps").is_empty(), "{gaps}");
        person.has_sent_all();
        person.has_relays(&[(&second, "named"), (&third, "named")]);
    }
    // The new one is given what the others hold, so that one more may go.
    let held = |relay: &Relay| {
        relay.party.does(&["relay", "status"])["status"]["envelopes"].as_u64().unwrap()
    };
    until("the new relay to hold what the other one holds", || {
        (held(&third) >= held(&second)).then_some(())
    });
    rowan.stops();
    second.party.is_killed();
    second.is_gone();
    alder.shares(TITLE, "over the third alone");
    rowan.starts();
    rowan.reads(TITLE, "over the third alone");
}

#[test]
fn a_busy_relay_that_is_told_to_end_keeps_all_that_it_acknowledged() {
    let stage = Stage::new();
    let mut relay = stage.relay();
    let (mut alder, mut rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    rowan.has_sent_all();
    rowan.stops();
    // A line on which all of it takes some seconds.
    relay.door.carries(SLOW);
    let words = |number| format!("number {number}");
    let begin = |number| alder.begins(&["share", TITLE, &words(number)]);
    let mut begun: Vec<_> = (0..BUSY).map(begin).collect();
    // Some are through, some are on their way, some have not begun.
    until("some to be held", || (!held(&alder).is_empty()).then_some(()));
    let began = Instant::now();
    relay.party.is_told_to_end();
    let took = began.elapsed();
    for share in begun.drain(..) {
        assert_eq!(share.answer().exit_code, 0, "a share waits for no relay");
    }
    let (all, held) = (alder.texts(TITLE), held(&alder));
    println!("it ended after {took:.1?}, with {} of {} held", held.len(), all.len());
    assert!(took < DRAINED, "{took:?}");
    assert_eq!(all.len(), BUSY);
    assert!(!held.is_empty() && held.len() < BUSY, "it was not busy");
    relay.door.carries(0);
    // Whoever wrote them is gone: what was acknowledged is with the relay, or nowhere.
    alder.is_killed();
    relay.starts();
    rowan.starts();
    for words in &held {
        rowan.reads(TITLE, words);
    }
    // And what was not goes out when its author is back.
    alder.starts();
    until("the rest", || (rowan.texts(TITLE).len() == BUSY).then_some(()));
}

/// What somebody said and somebody else holds.
fn held(party: &Party) -> Vec<String> {
    let items = party.items(TITLE);
    let held = items.iter().filter(|item| item["delivery"] == "held");
    held.map(|item| text(item, "/text")).collect()
}

#[test]
fn when_the_only_relay_dies_its_members_are_told_and_led_to_the_next() {
    let stage = Stage::new();
    let (mut first, second) = (stage.relay(), stage.relay_called("second"));
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &first, &alder, &rowan);
    first.party.is_killed();
    first.is_gone();
    rowan.does(&["share", TITLE, "into the silence"]);
    until("rowan to be told", || {
        let network = rowan.does(&["network", "show", TITLE]);
        (network["trouble"] == "relays_silent").then_some(())
    });
    let address = second.address();
    alder.does(&["relay", "replace", TITLE, &first.address(), &address]);
    alder.shares(TITLE, "over here");
    // Rowan cannot know of it, and is told by alder.
    rowan.does(&["relay", "use", TITLE, &address]);
    rowan.reads(TITLE, "over here");
    alder.reads(TITLE, "into the silence");
    rowan.has_relays(&[(&second, "named")]);
}

#[test]
fn a_relay_without_a_place_left_says_so_and_gives_the_next_that_is_free() {
    let stage = Stage::new();
    let mut relay = stage.relay_to_be("relay");
    bounds_itself(&relay.party.folder, "connections = 1");
    relay.starts();
    let (mut alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    alder.makes(TITLE, "Alder Aurora", &relay.address());
    alder.shares(TITLE, "here first");
    until("alder to have the place", || (held(&alder) == ["here first"]).then_some(()));
    rowan.makes(TITLE, "Rowan Jahan", &relay.address());
    rowan.does(&["share", TITLE, "and nowhere to go"]);
    until("rowan to be told", || {
        let network = rowan.does(&["network", "show", TITLE]);
        (network["trouble"] == "relay_crowded").then_some(())
    });
    alder.stops();
    until("the relay to hold it", || (held(&rowan) == ["and nowhere to go"]).then_some(()));
    assert!(rowan.does(&["network", "show", TITLE]).get("trouble").is_none());
}

#[test]
fn whoever_was_away_finds_the_circle_over_the_relay_it_knows() {
    let stage = Stage::new();
    let (first, second) = (stage.relay(), stage.relay_called("second"));
    let (alder, mut rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &first, &alder, &rowan);
    rowan.stops();
    alder.does(&["relay", "replace", TITLE, &first.address(), &second.address()]);
    alder.has_relays(&[(&second, "named"), (&first, "former")]);
    alder.shares(TITLE, "we have moved");
    rowan.starts();
    rowan.reads(TITLE, "we have moved");
    // Now nobody needs the old one any more.
    alder.has_relays(&[(&second, "named")]);
    rowan.has_relays(&[(&second, "named")]);
}

#[test]
fn a_relay_named_later_that_serves_another_circle_is_asked_about() {
    let stage = Stage::new();
    let (first, second) = (stage.relay(), stage.relay_called("second"));
    let (alder, mut rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &first, &alder, &rowan);
    rowan.makes("A circle of my own", "Somebody else", &second.address());
    alder.does(&["relay", "add", TITLE, &second.address()]);
    rowan.has_usage(&second, "asks");
    assert_eq!(rowan.does(&["network", "show", TITLE])["trouble"], "relay_asks");
    rowan.stops();
    rowan.starts();
    rowan.has_usage(&second, "asks");
    // Over the other one all goes on.
    alder.shares(TITLE, "can you hear me");
    rowan.reads(TITLE, "can you hear me");

    assert_eq!(rowan.asks(&["relay", "use", TITLE, &second.address()]).exit_code, 2);
    rowan.does(&["relay", "avoid", TITLE, &second.address()]);
    rowan.has_usage(&second, "avoided");
    assert!(rowan.does(&["network", "show", TITLE]).get("trouble").is_none());
    rowan.does(&["relay", "use", TITLE, &second.address(), "--yes"]);
    until("the second relay to be connected", || {
        let relays = rowan.does(&["relay", "list", TITLE]);
        let connected = |relay: &Value| relay["connected"] == true;
        list(&relays, "/relays").iter().all(connected).then_some(())
    });
    assert_eq!(rowan.asks(&["relay", "remove", TITLE, &first.address(), "--yes"]).exit_code, 3);
}

#[test]
fn what_others_answered_or_named_has_reached_them() {
    let stage = Stage::new();
    let mut relay = stage.relay();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    two_in(TITLE, &relay, &alder, &rowan);
    let id = alder.shares(TITLE, "is anybody there");
    rowan.reads(TITLE, "is anybody there");
    let item = &alder.items(TITLE)[0];
    assert_eq!(text(item, "/delivery"), "held", "nobody has said anything of it");
    rowan.does(&["reply", &id, "I am"]);
    alder.reads(TITLE, "I am");
    let item = &alder.items(TITLE)[0];
    assert_eq!((text(item, "/delivery"), &item["reached"]), ("reached".to_owned(), &1.into()));

    // What nobody else has is only here, and a person is told the same.
    relay.is_gone();
    relay.party.stops();
    let queued = alder.does(&["share", TITLE, "and now"]);
    assert_eq!(text(&queued, "/delivery"), "queued");
    let page = alder.prints(&["read", TITLE]);
    for words in ["reached at least 1 device", "queued on this device"] {
        assert!(page.contains(words), "{words} is not in: {page}");
    }
    relay.starts();
    alder.has_sent_all();
    let page = alder.prints(&["read", TITLE]);
    assert!(page.contains("held by a relay or another device"), "{page}");
}

impl Party {
    /// Waits until these are the relays of the circle, in any order.
    fn has_relays(&self, expected: &[(&Relay, &str)]) {
        let mut wanted: Vec<_> =
            expected.iter().map(|(relay, standing)| (relay.address(), *standing)).collect();
        wanted.sort();
        until("the relays of the circle", || {
            let relays = self.does(&["relay", "list", TITLE]);
            let mut found: Vec<_> = list(&relays, "/relays")
                .iter()
                .map(|relay| (text(relay, "/address"), relay["standing"].as_str().unwrap()))
                .collect();
            found.sort_unstable();
            (found == wanted).then_some(())
        });
    }

    fn has_usage(&self, relay: &Relay, usage: &str) {
        until(usage, || {
            let relays = self.does(&["relay", "list", TITLE]);
            let found =
                list(&relays, "/relays").iter().find(|r| r["address"] == relay.address())?;
            (found["usage"] == usage).then_some(())
        });
    }
}
