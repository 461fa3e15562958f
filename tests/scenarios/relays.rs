//! Relays that a circle names, and those it named before: who uses which, and until when.

use std::time::Duration;

use windbreak_protocol::id::CircleId;
use windbreak_protocol::invite::RelayAddress;
use windbreak_protocol::limits::{FORMER_RELAY_KEEP, MAX_FORMER_RELAYS, MAX_RELAYS_USED};
use windbreak_protocol::{RelaysError, Venue};
use windbreak_tests::{Seed, World};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// The relay that the circle of a world begins with.
const FIRST: &str = "/ip4/127.0.0.1/tcp/1";
const SECOND: &str = "/ip4/127.0.0.1/tcp/2";

#[test]
fn members_follow_to_another_relay_and_keep_the_old_one_for_whoever_is_away() {
    let mut world = World::new(3, Seed(140));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    world.set_online(2, false);
    names(&mut world, &circle, &[SECOND]);
    assert_eq!(used(&world, 0, &circle), [FIRST, SECOND], "what is wanted is used at once");
    world.run_for(MINUTE * 2);
    for host in [0, 1] {
        assert_eq!(used(&world, host, &circle), [SECOND, FIRST]);
    }
    assert_eq!(used(&world, 2, &circle), [FIRST]);
    world.restart(0);
    world.run_for(MINUTE);
    assert_eq!(used(&world, 0, &circle), [SECOND, FIRST], "a restart forgets nothing");

    // Three weeks later.
    for _ in 0..21 {
        world.sleep(DAY);
    }
    assert_eq!(used(&world, 1, &circle), [SECOND, FIRST]);
    world.set_online(2, true);
    world.run_for(HOUR);
    for host in 0..3 {
        assert_eq!(used(&world, host, &circle), [SECOND], "{host}");
    }
}

#[test]
fn a_relay_that_is_named_no_longer_is_used_for_sixty_days_at_most() {
    let mut world = World::new(3, Seed(141));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    world.set_online(2, false);
    names(&mut world, &circle, &[SECOND]);
    world.run_for(MINUTE);
    for _ in 0..61 {
        world.sleep(DAY);
    }
    world.run_for(MINUTE);
    assert!(FORMER_RELAY_KEEP < DAY * 61);
    assert_eq!(used(&world, 1, &circle), [SECOND]);
}

#[test]
fn a_relay_that_an_open_invite_names_is_kept_as_long() {
    let mut world = World::new(3, Seed(142));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.run_for(MINUTE);
    names(&mut world, &circle, &[SECOND]);
    world.run_for(MINUTE * 2);
    // Everybody has gone on, but not whoever holds the invite.
    assert_eq!(used(&world, 0, &circle), [SECOND, FIRST]);
    world.knock(2, text).unwrap();
    world.run_for(HOUR);
    assert_eq!(used(&world, 0, &circle), [SECOND]);
    assert_eq!(used(&world, 2, &circle), [SECOND]);
}

#[test]
fn whatever_is_named_in_turn_the_relays_in_use_are_few() {
    let mut world = World::new(3, Seed(143));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    world.set_online(2, false);
    for turn in 0..6 {
        let addresses = [0, 1, 2].map(|n| format!("/ip4/127.0.0.1/tcp/{}", 10 + 3 * turn + n));
        let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
        names(&mut world, &circle, &addresses);
        world.run_for(MINUTE * 2);
        let used = used(&world, 1, &circle);
        assert!(used.len() <= MAX_RELAYS_USED, "{used:?}");
        assert_eq!(used[..3], addresses, "those that are named come first");
    }
    let now = world.now;
    let overview = world.hosts[1].engine.circle(now, &circle).unwrap();
    assert!(overview.relays_former.len() <= MAX_FORMER_RELAYS);
    assert!(used(&world, 1, &circle).contains(&FIRST.to_owned()), "who is away knows no other");
}

#[test]
fn only_a_facilitator_names_relays_and_no_more_than_three() {
    let mut world = World::new(2, Seed(144));
    let circle = world.circle_of(2).unwrap();
    let now = world.now;
    let relay = |n: u8| RelayAddress::new(&format!("/ip4/127.0.0.1/tcp/{n}")).unwrap();
    let set = |world: &mut World, host: usize, count: u8| {
        let relays = (0..count).map(relay).collect();
        world.hosts[host].engine.set_relays(now, &circle, relays)
    };
    assert_eq!(set(&mut world, 1, 1), Err(RelaysError::NotFacilitator));
    assert_eq!(set(&mut world, 0, 4), Err(RelaysError::TooMany));
    assert_eq!(set(&mut world, 0, 3), Ok(()));
}

fn names(world: &mut World, circle: &CircleId, relays: &[&str]) {
    let relays = relays.iter().map(|relay| RelayAddress::new(relay).unwrap()).collect();
    let now = world.now;
    world.hosts[0].engine.set_relays(now, circle, relays).unwrap();
    world.hosts[0].obey_all();
}

fn used(world: &World, host: usize, circle: &CircleId) -> Vec<String> {
    world.hosts[host].engine.reach(&Venue::Circle(*circle)).unwrap().relays
}
