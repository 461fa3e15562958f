//! What others see and what is left lying around: nothing that joins two circles of one person,
//! and nothing that was said.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use windbreak_node::store::{SledStore, Store, StoreKey};
use windbreak_protocol::record::RecordKind;
use windbreak_protocol::wire::Envelope;

use crate::circle::{list, text, two_in};
use crate::search::{Needles, WINDOW, bytes_of, hex_of, shared, without};
use crate::stage::{Party, Stage};

/// How two programs agree to use noise, and the length of its first message: the same for
/// everybody who uses libp2p.
pub(crate) const HELLO: &[u8] = b"\x13/multistream/1.0.0\n\x07/noise\n";
pub(crate) const FIRST_LENGTH: &[u8] = b"\x00\x20";
/// Bytes of the cache of a store that is only read.
const CACHE: u64 = 8 * 1024 * 1024;

const TITLE: &str = "Evening walk by the canal";
const WELCOME: &str = "Come as you are; most of us arrive tired.";
const DECLARATION: &str = "I teach, and must report to the counsellor of my school.";
const NOTE: &str = "Добрый вечер. A friend told me about the bench.";
const REASON: &str = "We are full until spring, unfortunately.";
const LETTER_TITLE: &str = "The walk I nearly did not take";
const CONTENT_NOTE: &str = "sleepless nights, a long winter";
const LETTER: &str = "Вечером у канала было тихо. 夕方の運河は静かだった。 At the bridge I nearly turned round; \
                      then somebody with a lantern said good evening, and I stayed. 🏮";
const REPLY: &str = "I read every word twice, ありがとうございます.";

#[test]
fn two_circles_of_one_person_share_nothing_an_outsider_can_see() {
    const TITLES: [&str; 2] = ["Evening walk", "Early risers"];
    let stage = Stage::new();
    let mut relays = [stage.relay_called("relay-of-one"), stage.relay_called("relay-of-other")];
    let alder = stage.person("alder");
    let others = [stage.person("rowan"), stage.person("willow")];
    let mut ids = Vec::new();
    for ((title, relay), other) in TITLES.iter().zip(&relays).zip(&others) {
        // The same person under the same name says the same in both.
        two_in(title, relay, &alder, other);
        assert_links_name_nobody(&alder, title);
        ids.push(says_and_lists_ids(&alder, title));
    }
    alder.has_sent_all();
    assert_eq!(shared(&ids[0], &ids[1]), [[0; 8]; 0], "ids");

    drop((alder, others));
    for relay in &mut relays {
        relay.party.stops();
    }
    let [one, other] = relays.each_ref().map(|relay| visible(&held_by(&relay.party.folder)));
    assert!(one.len() > 4 && other.len() > 4);
    assert_eq!(shared(&one, &other), [[0; 8]; 0], "what the relays hold");

    let [one, other] = relays.each_ref().map(|relay| relay.door.recorded());
    // The ear is tested first: what is said to everybody must be heard in both.
    assert!(!shared(&one, &other).is_empty());
    let first = [HELLO, FIRST_LENGTH].concat();
    let [one, other] = [one, other].map(|capture| without(capture, &[&first, HELLO]));
    assert!(one.iter().map(Vec::len).sum::<usize>() > 100_000);
    assert_eq!(shared(&one, &other), [[0; 8]; 0], "what passed on the wire");
}

#[test]
fn what_is_on_disk_and_in_logs_holds_no_word_name_title_id_or_topic() {
    let stage = Stage::new();
    let mut relay = stage.relay();
    let (mut alder, mut rowan) = (stage.person("alder"), stage.newcomer("rowan"));
    rowan.starts_in_background();
    let willow = stage.person("willow");
    let address = relay.address();
    alder.does(&[
        "circle",
        "new",
        TITLE,
        "--name",
        "Alder Aurora",
        "--relay",
        &address,
        "--welcome",
        WELCOME,
        "--declaration",
        DECLARATION,
        "--adult",
    ]);
    rowan.joins(&alder.invites(TITLE), "Rowan Jahan");
    let made = alder.does(&["invite", "new", TITLE, "--review"]);
    let (invite, code) = (text(&made, "/invite/id"), text(&made, "/invite/code"));
    willow.knocks(&code, "Willow Motyl", NOTE);
    let knock = alder.hears_a_knock(TITLE);
    alder.does(&["lobby", "decline", TITLE, &knock, "--reason", REASON]);
    willow.is_told("declined");
    let share = ["share", TITLE, LETTER, "--title", LETTER_TITLE, "--note", CONTENT_NOTE];
    let shared = text(&rowan.does(&share), "/id");
    alder.reads(TITLE, LETTER);
    let reply = text(&alder.does(&["reply", &shared, REPLY]), "/id");
    rowan.reads(TITLE, REPLY);
    // A start writes what the steps before have left in memory.
    alder.stops();
    alder.starts();
    rowan.reads(TITLE, REPLY);

    let (mut needles, mut addresses) = (Needles::default(), Needles::default());
    for party in [&alder, &rowan] {
        add_all_shown(&mut needles, &mut addresses, party);
    }
    let said = [
        TITLE,
        WELCOME,
        DECLARATION,
        NOTE,
        REASON,
        LETTER,
        LETTER_TITLE,
        CONTENT_NOTE,
        REPLY,
        "Alder Aurora",
        "Rowan Jahan",
        "Willow Motyl",
    ];
    for words in said {
        needles.add(words, words.as_bytes());
        for word in words.split_whitespace().filter(|word| word.len() >= WINDOW) {
            needles.add(word, word.as_bytes());
        }
    }
    let circle = alder.does(&["circle", "show", TITLE]);
    needles.add_id("the circle", &text(&circle, "/circle/id"));
    for member in list(&alder.does(&["member", "list", TITLE]), "/members") {
        needles.add_id("a member", &text(member, "/id"));
    }
    for (name, id) in
        [("the invite", &invite), ("the knock", &knock), ("a share", &shared), ("a reply", &reply)]
    {
        needles.add_id(name, id);
    }
    needles.add("the code of the invite", code.strip_prefix("windbreak:").unwrap().as_bytes());

    alder.stops();
    rowan.does(&["node", "stop"]);
    drop(willow);
    relay.party.stops();
    for envelope in held_by(&relay.party.folder) {
        needles.add_id("a topic", &hex_of(envelope.topic().as_bytes()));
    }
    // The eye is tested first: where all of it lies in the clear, all of it must be found.
    fs::write(stage.folder("words").join("all"), needles.control()).unwrap();
    let found: BTreeSet<String> =
        needles.found_under(&stage.folder("words")).into_iter().map(|(name, _)| name).collect();
    assert_eq!(found, needles.names());

    assert!(fs::metadata(rowan.folder.join("node.log")).unwrap().len() > 0);
    for folder in ["alder", "rowan", "willow", "relay", "logs"] {
        assert_eq!(needles.found_under(&stage.folder(folder)), [], "{folder}");
    }
    for part in ["/ip4/127", "127.0.0.1", "12D3KooW"] {
        addresses.add(part, part.as_bytes());
    }
    assert!(addresses.names().contains("the key of a relay, in bytes"));
    for folder in ["alder", "rowan", "willow", "logs"] {
        assert_eq!(addresses.found_under(&stage.folder(folder)), [], "{folder}");
    }
}

/// Adds all that a node shows of its circles and that must stand nowhere in the clear; what it shows of
/// relays apart, for a relay knows its own address.
pub(crate) fn add_all_shown(needles: &mut Needles, addresses: &mut Needles, party: &Party) {
    for circle in list(&party.does(&["circle", "list"]), "/circles") {
        let id = text(circle, "/id");
        needles.add_id("a circle", &id);
        needles.add_words("a title", &text(circle, "/title"));
        for relay in list(circle, "/relays") {
            addresses.add_address(relay.as_str().unwrap());
        }
        for member in list(&party.does(&["member", "list", &id]), "/members") {
            needles.add_id("a member", &text(member, "/id"));
            needles.add_words("a name", &text(member, "/name"));
        }
        for invite in list(&party.does(&["invite", "list", &id]), "/invites") {
            needles.add_id("an invite", &text(invite, "/id"));
        }
        for device in list(&party.does(&["device", "list", &id]), "/devices") {
            needles.add_id("a device", &text(device, "/id"));
        }
        for item in party.items(&id) {
            needles.add_id("an item", &text(&item, "/id"));
            needles.add_words("what was said", &text(&item, "/text"));
        }
    }
}

/// Shares and replies; gives the ids of all that a circle names.
pub(crate) fn says_and_lists_ids(party: &Party, title: &str) -> Vec<Vec<u8>> {
    let share = party.shares(title, "The same words in two circles.");
    let reply = party.does(&["reply", &share, "And the same answer.", "--circle", title]);
    let circle = party.does(&["circle", "show", title]);
    let invites = party.does(&["invite", "list", title]);
    let ids = [
        share,
        text(&reply, "/id"),
        text(&circle, "/circle/id"),
        text(&circle, "/circle/me"),
        text(&invites, "/invites/0/id"),
    ];
    ids.iter().map(|id| bytes_of(id)).collect()
}

/// The address of a direct link must not say which device listens: it would do so to everybody
/// whom it is shown to, in every circle.
fn assert_links_name_nobody(party: &Party, title: &str) {
    let listen = ["link", "listen", title, "--listen", "/ip4/127.0.0.1/tcp/0", "--yes"];
    let address = text(&party.does(&listen), "/listening/0");
    assert_eq!(address.split('/').count(), "/ip4/127.0.0.1/tcp/0".split('/').count(), "{address}");
}

/// The envelopes a relay holds, as it sees them. It must have stopped.
pub(crate) fn held_by(relay: &Path) -> Vec<Envelope> {
    // It has its name when the store is there.
    let Some(key) = StoreKey::from_file(&relay.join("key")).unwrap() else { return Vec::new() };
    let store = SledStore::open(&relay.join("store"), &key, CACHE).unwrap();
    let mut held = Vec::new();
    store
        .visit(RecordKind::Envelope, &mut |_, value| {
            held.push(Envelope::from_bytes(value.as_slice()).unwrap());
        })
        .unwrap();
    held
}

/// What of envelopes differs from one to the other: all but the version before the topic, the
/// hour and the size class behind it.
pub(crate) fn visible(envelopes: &[Envelope]) -> Vec<Vec<u8>> {
    const BEHIND_CLASS: usize = 1 + 32 + 4 + 1;
    let pieces = envelopes.iter().flat_map(|envelope| {
        [envelope.topic().as_bytes().to_vec(), envelope.as_bytes()[BEHIND_CLASS..].to_vec()]
    });
    pieces.collect()
}
