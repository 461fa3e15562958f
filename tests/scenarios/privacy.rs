//! What an outsider sees of two circles of one person: nothing they have in common.

use std::collections::BTreeSet;

use windbreak_protocol::{Suite, Venue};
use windbreak_tests::{Seed, World};

/// A value of this many bytes in both captures would link them.
const LINK: usize = 8;

fn windows(envelopes: &[Vec<u8>]) -> BTreeSet<&[u8]> {
    envelopes.iter().flat_map(|envelope| envelope.windows(LINK)).collect()
}

#[test]
fn two_circles_of_one_person_share_no_value_on_the_wire() {
    // Device 0 is in both circles, with the same text, at the same time.
    let mut world = World::with_suite(3, Seed(90), Suite::X25519);
    let mut captures = Vec::new();
    let mut circles = Vec::new();
    for other in [1, 2] {
        let circle = world.create_circle(0).unwrap();
        let (_, text) = world.invite(0, &circle, 1, false).unwrap();
        world.settle();
        world.knock(other, text).unwrap();
        world.run_for(std::time::Duration::from_secs(60));
        world.share(0, &circle, "the same words in both").unwrap();
        world.settle();
        circles.push(circle);
        let before: BTreeSet<Vec<u8>> = captures.iter().flatten().cloned().collect();
        let new: Vec<Vec<u8>> = world
            .relay()
            .map(|envelope| envelope.as_bytes().to_vec())
            .filter(|bytes| !before.contains(bytes))
            .collect();
        captures.push(new);
    }

    let (first, second) = (windows(&captures[0]), windows(&captures[1]));
    assert!(first.len() > 10_000 && second.len() > 10_000);
    assert!(first.is_disjoint(&second), "the captures of two circles share a value");
    let [first, second] =
        [0, 1].map(|number| world.hosts[0].engine.circle(world.now, &circles[number]).unwrap());
    assert_ne!(first.me, second.me);
    let reach =
        |number: usize| world.hosts[0].engine.reach(&Venue::Circle(circles[number])).unwrap();
    assert_ne!(reach(0).link_key, reach(1).link_key);
}

#[test]
fn every_envelope_has_one_of_three_sizes() {
    let mut world = World::new(2, Seed(91));
    let circle = world.circle_of(2).unwrap();
    world.share(0, &circle, &"words ".repeat(30_000)).unwrap();
    world.share(1, &circle, "a word").unwrap();
    world.settle();

    for envelope in world.relay() {
        assert!([2048, 16_384, 61_440].contains(&envelope.as_bytes().len()));
    }
}

#[test]
fn a_newcomer_at_the_door_holds_no_key_of_the_circle() {
    let mut world = World::new(2, Seed(92));
    let circle = world.create_circle(0).unwrap();
    let (_, text) = world.invite(0, &circle, 1, true).unwrap();
    world.settle();
    world.knock(1, text).unwrap();
    world.run_for(std::time::Duration::from_secs(60));
    world.share(0, &circle, "not for the door").unwrap();
    world.settle();

    assert!(world.hosts[1].engine.circle(world.now, &circle).is_none());
    assert!(world.hosts[1].engine.reach(&Venue::Circle(circle)).is_none());
}
