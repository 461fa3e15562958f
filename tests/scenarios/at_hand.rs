//! What a device keeps at hand so that it need not be worked out again says the same as what its
//! store holds.

use std::time::Duration;

use windbreak_protocol::limits::ITEMS_PER_STATE;
use windbreak_protocol::testing::head_secret;
use windbreak_tests::{Seed, World};

#[test]
fn a_device_that_never_stops_reads_what_one_reads_that_starts_again_each_time() {
    let mut world = World::new(4, Seed(61));
    let circle = world.circle_of(4).unwrap();
    world.run_for(Duration::from_secs(60));
    for round in 0..90 {
        let author = round % 3;
        world.share(author, &circle, &format!("number {round}")).unwrap();
        world.settle();
        if round % 30 == 29 {
            // A commit by somebody else, which the group at hand goes along with.
            world.invite(0, &circle, 1, false).unwrap();
            world.run_for(Duration::from_secs(10));
        }
        world.restart(3);
        world.restart(2);
        world.settle();
    }
    let texts = world.hosts[0].texts(&circle);
    assert_eq!(texts.len(), 90);
    let secret = head_secret(&world.hosts[0].engine, &circle);
    assert!(secret.is_some());
    for host in 1..4 {
        assert_eq!(world.hosts[host].texts(&circle), texts, "host {host}");
        assert_eq!(head_secret(&world.hosts[host].engine, &circle), secret, "host {host}");
    }
}

#[test]
fn a_device_that_starts_again_still_knows_how_much_it_has_sealed() {
    let mut world = World::new(2, Seed(62));
    let circle = world.circle_of(2).unwrap();
    world.run_for(Duration::from_secs(120));
    let epoch = |world: &World| world.hosts[1].engine.circle(world.now, &circle).unwrap().epoch;
    let before = epoch(&world);
    for number in 0..=ITEMS_PER_STATE {
        world.share(1, &circle, &format!("number {number}")).unwrap();
        world.settle();
        if number % 5 == 4 {
            world.restart(1);
            world.settle();
            // Whoever has just started listens first.
            world.run_for(Duration::from_secs(5));
        }
    }
    world.run_for(Duration::from_secs(60));
    assert!(epoch(&world) > before, "its leaf was not renewed");
}

#[test]
fn after_a_rest_a_group_is_loaded_again() {
    let mut world = World::new(2, Seed(63));
    let circle = world.circle_of(2).unwrap();
    world.share(0, &circle, "before").unwrap();
    world.run_for(Duration::from_secs(1300));
    world.share(0, &circle, "after").unwrap();
    world.share(1, &circle, "and an answer").unwrap();
    world.settle();
    for host in 0..2 {
        assert_eq!(world.hosts[host].texts(&circle).len(), 3, "host {host}");
    }
}
