//! The grant of a relay in a circle: who gets which part, who comes, who goes.

use std::collections::BTreeSet;
use std::time::Duration;

use windbreak_protocol::admission::{Grant, GrantId, RelayPart, epoch_of};
use windbreak_protocol::id::CircleId;
use windbreak_protocol::invite::RelayAddress;
use windbreak_protocol::limits::GRANT_AGAIN;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::{GrantError, JoinStage, Venue};
use windbreak_tests::{Seed, World};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

fn relay() -> RelayAddress {
    RelayAddress::new("/ip4/127.0.0.1/tcp/1").unwrap()
}

fn grant(world: &World, members: u16, id: u8) -> Grant {
    let epoch = epoch_of(world.now.hour());
    let secret = Secret::from_bytes([5; 32]);
    Grant::new(GrantId::from_bytes([id; 8]), secret, (members, 16), (epoch, 4), [3; 32]).unwrap()
}

fn gives(
    world: &mut World,
    host: usize,
    circle: &CircleId,
    (members, id): (u16, u8),
) -> Result<(), GrantError> {
    let (now, grant) = (world.now, grant(world, members, id));
    let given = world.hosts[host].engine.give_grant(now, circle, &relay(), grant);
    world.hosts[host].obey_all();
    given
}

/// The number of the part that a device has.
fn part(world: &World, host: usize, venue: Venue) -> Option<u16> {
    let reach = world.hosts[host].engine.reach(&venue)?;
    reach.parts.first().map(|part| part.member())
}

#[test]
fn a_grant_is_split_among_the_devices_of_a_circle_and_outlives_a_restart() {
    let mut world = World::new(3, Seed(150));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    let given = grant(&world, 8, 1);
    gives(&mut world, 0, &circle, (8, 1)).unwrap();
    world.run_for(MINUTE);
    for host in 0..3 {
        world.restart(host);
    }
    let numbers: BTreeSet<u16> =
        (0..3).map(|host| part(&world, host, Venue::Circle(circle)).unwrap()).collect();
    assert_eq!(numbers.len(), 3, "each has a part of its own");
    for host in 0..3 {
        let reach = world.hosts[host].engine.reach(&Venue::Circle(circle)).unwrap();
        let part = &reach.parts[0];
        assert_eq!(**part, RelayPart::of(&relay(), &given, part.member()).unwrap());
        // Only who was given the whole of it holds that.
        let now = world.now;
        let overview = world.hosts[host].engine.circle(now, &circle).unwrap();
        let gives = overview.grants[0].gives;
        assert_eq!(gives.map(|gives| (gives.free, gives.without)), (host == 0).then_some((4, 0)));
    }

    // Given again it stays whose it is; another one takes its place.
    let before = part(&world, 1, Venue::Circle(circle));
    gives(&mut world, 0, &circle, (8, 1)).unwrap();
    world.run_for(MINUTE);
    assert_eq!(part(&world, 1, Venue::Circle(circle)), before);
    gives(&mut world, 0, &circle, (8, 2)).unwrap();
    world.run_for(MINUTE);
    for host in 0..3 {
        let reach = world.hosts[host].engine.reach(&Venue::Circle(circle)).unwrap();
        assert_eq!(reach.parts[0].grant(), GrantId::from_bytes([2; 8]));
    }
}

#[test]
fn a_part_that_was_lost_is_given_again() {
    let mut world = World::new(2, Seed(153));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    world.set_online(1, false);
    gives(&mut world, 0, &circle, (8, 1)).unwrap();
    world.run_for(MINUTE);
    world.hide_relay();
    world.set_online(1, true);
    world.run_for(HOUR);
    assert_eq!(part(&world, 1, Venue::Circle(circle)), None);
    world.restart(0);
    world.run_for(GRANT_AGAIN);
    let number = part(&world, 1, Venue::Circle(circle)).unwrap();
    let now = world.now;
    let gives = world.hosts[0].engine.circle(now, &circle).unwrap().grants[0].gives.unwrap();
    assert_eq!(gives.free, 5, "it is the part it was");

    // And again, though nothing was lost: nobody learns of it, and nothing changes.
    world.run_for(GRANT_AGAIN * 2);
    assert_eq!(part(&world, 1, Venue::Circle(circle)), Some(number));
}

#[test]
fn a_device_that_is_taken_out_keeps_no_part_of_another_one() {
    let mut world = World::new(3, Seed(154));
    let circle = world.circle_of(2).unwrap();
    gives(&mut world, 0, &circle, (32, 1)).unwrap();
    world.run_for(MINUTE);
    let first = part(&world, 1, Venue::Circle(circle)).unwrap();
    world.hosts[1].engine.open_device_code(world.now, &circle).unwrap();
    world.hosts[1].obey_all();
    let code = world.hosts[1].engine.device_code_text(world.now, &circle).unwrap();
    world.run_for(MINUTE);
    let invite = world.hosts[2].engine.start_device_join(world.now, code).unwrap();
    world.hosts[2].obey_all();
    world.settle();
    assert_eq!(part(&world, 2, Venue::Invite(invite)), Some(first), "it draws with that at first");
    world.hosts[2].engine.ask_as_device(world.now, &invite).unwrap();
    world.hosts[2].obey_all();
    world.settle();
    let JoinStage::Requested(number) = world.hosts[2].engine.join(&invite).unwrap().stage else {
        panic!("it does not ask");
    };
    world.hosts[1].engine.confirm_device(world.now, &circle, number).unwrap();
    world.hosts[1].obey_all();
    world.run_for(MINUTE * 5);
    let second = part(&world, 2, Venue::Circle(circle)).unwrap();
    assert_ne!(second, first);

    let devices = world.hosts[2].engine.devices(&circle).unwrap();
    let lost = devices.into_iter().find(|device| device.this).unwrap().id;
    world.restart(0);
    world.hosts[1].engine.remove_device(world.now, &circle, &lost).unwrap();
    world.hosts[1].obey_all();
    world.run_for(MINUTE * 5);
    let reach = world.hosts[0].engine.reach(&Venue::Circle(circle)).unwrap();
    let ended = &reach.ended_parts[0].members;
    assert!(ended.contains(&second) && ended.contains(&first));
    let anew = part(&world, 1, Venue::Circle(circle)).unwrap();
    assert!(!ended.contains(&anew), "whoever stays has another");
}

#[test]
fn only_a_facilitator_gives_a_grant_and_a_whole_one() {
    let mut world = World::new(2, Seed(151));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    assert_eq!(gives(&mut world, 1, &circle, (3, 1)), Err(GrantError::NotFacilitator));
    let refused = gives(&mut world, 0, &circle, (2, 1));
    assert_eq!(refused, Err(GrantError::TooFew { has: 2, needs: 3 }));
    let now = world.now;
    let elsewhere = RelayAddress::new("/ip4/127.0.0.1/tcp/9").unwrap();
    let whole = grant(&world, 3, 1);
    let refused = world.hosts[0].engine.give_grant(now, &circle, &elsewhere, whole);
    assert_eq!(refused, Err(GrantError::NotNamed));
    let old = grant(&world, 3, 1);
    let later = now.after(Duration::from_secs(5 * 7 * 24 * 3600));
    let refused = world.hosts[0].engine.give_grant(later, &circle, &relay(), old);
    assert_eq!(refused, Err(GrantError::Over));
    assert_eq!(part(&world, 0, Venue::Circle(circle)), None);
}

#[test]
fn who_comes_gets_a_part_and_that_of_who_goes_is_to_be_revoked() {
    let mut world = World::new(3, Seed(152));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.run_for(MINUTE);
    gives(&mut world, 0, &circle, (32, 1)).unwrap();
    world.run_for(MINUTE);

    // Whoever looks at the card finds the part of the door beside it.
    let invite = world.knock(2, text).unwrap();
    let door = part(&world, 2, Venue::Invite(invite)).unwrap();
    assert!((0..2).all(|host| part(&world, host, Venue::Circle(circle)) != Some(door)));
    world.run_for(MINUTE * 5);
    let own = part(&world, 2, Venue::Circle(circle)).unwrap();
    assert_ne!(own, door, "its own has come");

    let gone = world.member(1, &circle).unwrap();
    let theirs = part(&world, 1, Venue::Circle(circle)).unwrap();
    let now = world.now;
    world.hosts[0].engine.remove_member(now, &circle, &gone, "As agreed.".into()).unwrap();
    world.hosts[0].obey_all();
    world.run_for(MINUTE * 5);
    let reach = world.hosts[0].engine.reach(&Venue::Circle(circle)).unwrap();
    let ended = &reach.ended_parts[0];
    assert!(ended.members.contains(&theirs) && ended.members.contains(&door));
    assert!(!ended.members.contains(&own));
    world.restart(0);
    let reach = world.hosts[0].engine.reach(&Venue::Circle(circle)).unwrap();
    assert_eq!(reach.ended_parts[0].members, ended.members);
    let now = world.now;
    world.hosts[0].engine.parts_revoked(now, &circle, ended.grant.id(), &ended.members);
    world.hosts[0].obey_all();
    world.restart(0);
    let reach = world.hosts[0].engine.reach(&Venue::Circle(circle)).unwrap();
    assert!(reach.ended_parts.is_empty());
}
