//! Two circles of one person, and whoever sits at the wire: nothing that joins them, whichever way the circles
//! are reached. Through QUIC, and on real lines: tests/netns/links.

use std::collections::BTreeSet;
use std::fs;

use crate::circle::{text, two_in};
use crate::door::{Door, Upstream};
use crate::onion::{StandIn, onion};
use crate::privacy::{FIRST_LENGTH, HELLO, held_by, says_and_lists_ids, visible};
use crate::search::{shared, without};
use crate::stage::{Party, Relay, Stage, until};

const TITLES: [&str; 2] = ["Evening walk", "Early risers"];

/// What the relays hold, and what passed at the doors of two circles, share nothing but how two programs agree to use
/// noise.
fn nothing_is_shared(relays: &mut [Relay; 2], passed: [Vec<Vec<u8>>; 2]) {
    for relay in relays.iter_mut().filter(|relay| relay.party.is_running()) {
        relay.party.stops();
    }
    let [one, other] = relays.each_ref().map(|relay| visible(&held_by(&relay.party.folder)));
    assert!(one.len() > 4 && other.len() > 4);
    assert_eq!(shared(&one, &other), [[0; 8]; 0], "what the relays hold");

    let first = [HELLO, FIRST_LENGTH].concat();
    let [one, other] = passed.map(|capture| without(capture, &[&first, HELLO]));
    for capture in [&one, &other] {
        let bytes = capture.iter().map(Vec::len).sum::<usize>();
        assert!(bytes > 10_000, "{bytes}");
    }
    assert_eq!(shared(&one, &other), [[0; 8]; 0], "what passed on the wire");
}

/// Somebody whose node reaches everything through that proxy.
fn goes_through(stage: &Stage, name: &str, tor: &StandIn) -> Party {
    let mut party = stage.newcomer(name);
    let config = party.folder.join("config.toml");
    let usual = fs::read_to_string(&config).unwrap();
    let mode = format!("mode = \"tor\"\ntor_proxy = \"{}\"", tor.address);
    let through = usual.replace("mode = \"relay-only\"", &mode);
    assert_ne!(usual, through, "config.toml names the mode otherwise");
    fs::write(&config, through).unwrap();
    party.starts();
    party
}

#[test]
fn two_circles_of_one_person_share_nothing_that_leaves_for_tor() {
    const NAMES: [char; 2] = ['a', 'b'];
    let stage = Stage::new();
    let mut relays = [stage.relay_called("relay-of-one"), stage.relay_called("relay-of-other")];
    let ports = relays.each_ref().map(|relay| relay.door.port());
    let services: Vec<_> = NAMES.into_iter().zip(ports).collect();
    let [tor, of_others] = [(); 2].map(|()| StandIn::that_knows(&services));
    let alder = goes_through(&stage, "alder", &tor);
    let others = ["rowan", "willow"].map(|name| goes_through(&stage, name, &of_others));
    let mut ids = Vec::new();
    for (number, title) in TITLES.iter().enumerate() {
        let clear = relays[number].address();
        let (_, peer) = clear.split_once("/p2p/").unwrap();
        let address = format!("/onion3/{}:4710/p2p/{peer}", onion(NAMES[number]));
        alder.makes(title, "Alder Aurora", &address);
        others[number].joins(&alder.invites(title), "Rowan Jahan");
        alder.sees_members(title, 2);
        ids.push(says_and_lists_ids(&alder, title));
    }
    alder.has_sent_all();
    drop((alder, others));
    assert_eq!(shared(&ids[0], &ids[1]), [[0; 8]; 0], "ids");

    // By the login Tor gives each its own circuits, so it must not join them, either.
    let asked = tor.asked();
    let [one, other] = NAMES.map(|letter| {
        let host = onion(letter) + ".onion";
        let led_there = asked.iter().filter(|asked| asked.host == host);
        let users: BTreeSet<_> = led_there.clone().map(|asked| asked.user.clone()).collect();
        assert!(led_there.into_iter().all(|asked| asked.password == host), "{asked:?}");
        users.into_iter().map(String::into_bytes).collect::<Vec<_>>()
    });
    assert!(!one.is_empty() && !other.is_empty(), "{asked:?}");
    assert_eq!(shared(&one, &other), [[0; 8]; 0], "logins: {asked:?}");
    let hosts: BTreeSet<_> = asked.iter().map(|asked| asked.host.as_str()).collect();
    assert_eq!(hosts.len(), 2, "something else was asked for: {asked:?}");

    let passed = relays.each_ref().map(|relay| relay.door.recorded());
    // The ear is tested first: what is said to everybody must be heard in both.
    assert!(!shared(&passed[0], &passed[1]).is_empty());
    nothing_is_shared(&mut relays, passed);
}

#[test]
fn two_circles_of_one_person_share_nothing_over_direct_links() {
    let stage = Stage::new();
    let mut relays = [stage.relay_called("relay-of-one"), stage.relay_called("relay-of-other")];
    let alder = stage.person("alder");
    let others = [stage.person("rowan"), stage.person("willow")];
    let mut doors = Vec::new();
    for ((title, relay), other) in TITLES.iter().zip(&relays).zip(&others) {
        two_in(title, relay, &alder, other);
        let listen = ["link", "listen", title, "--listen", "/ip4/127.0.0.1/tcp/0", "--yes"];
        let address = text(&alder.does(&listen), "/listening/0");
        let upstream = Upstream::default();
        upstream.leads_to(address.rsplit('/').next().unwrap().parse().unwrap());
        let door = Door::open(upstream);
        let address = format!("/ip4/127.0.0.1/tcp/{}", door.port());
        other.does(&["link", "add", title, &address, "--yes"]);
        for party in [&alder, other] {
            until("the direct link", || {
                let links = party.does(&["link", "list", title]);
                (links.get("connected")?.as_u64()? > 0).then_some(())
            });
        }
        doors.push(door);
    }
    // From now on all of it goes over the links.
    for relay in &mut relays {
        relay.is_gone();
        relay.party.stops();
    }
    let mut ids = Vec::new();
    for (title, other) in TITLES.iter().zip(&others) {
        ids.push(says_and_lists_ids(&alder, title));
        other.reads(title, "And the same answer.");
        other.shares(title, "And the same words back.");
        alder.reads(title, "And the same words back.");
    }
    drop((alder, others));
    assert_eq!(shared(&ids[0], &ids[1]), [[0; 8]; 0], "ids");
    // Behind the shared key not even the first word can be told, which is the same at all relays.
    let [one, other] = [&doors[0], &doors[1]].map(Door::recorded);
    assert_eq!(shared(&one, &[HELLO.to_vec()]), [[0; 8]; 0], "the beginning of noise");
    nothing_is_shared(&mut relays, [one, other]);
}
