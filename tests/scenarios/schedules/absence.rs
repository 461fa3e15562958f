//! Weeks apart: what both sides did is there for everybody when they meet again.

use std::time::Duration;

use windbreak_protocol::id::CircleId;
use windbreak_protocol::invite::InviteText;
use windbreak_tests::World;
use windbreak_tests::attack::pass;

use super::stage::{all_read, gathered, gathered_of, one_head, promote, say};
use crate::devices::flow::add_device;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// How often devices look around in these schedules.
const LOOK: Duration = Duration::from_secs(3600);

/// Some days in which each of `talkers` says a word a day.
fn days(
    world: &mut World,
    circle: &CircleId,
    said: &mut Vec<String>,
    talkers: &[usize],
    days: u32,
    about: &str,
) {
    for day in 0..days {
        for host in talkers {
            say(world, *host, circle, said, &format!("{about}, day {day}, from {host}"));
        }
        pass(world, DAY, LOOK);
    }
}

/// Members of a circle as a device sees them.
fn members(world: &World, host: usize, circle: &CircleId) -> usize {
    world.hosts[host].engine.circle(world.now, circle).unwrap().members.len()
}

fn remove(world: &mut World, by: usize, circle: &CircleId, gone: usize) {
    let member = world.member(gone, circle).unwrap();
    let now = world.now;
    world.hosts[by].engine.remove_member(now, circle, &member, "As agreed.".into()).unwrap();
    world.hosts[by].obey_all();
    world.settle();
}

/// `newcomer` comes in by an invite of host `by`.
fn admit(world: &mut World, by: usize, circle: &CircleId, newcomer: usize) {
    let (_, text) = world.invite(by, circle, 1, true).unwrap();
    let text = InviteText::parse(&text.to_code()).unwrap();
    world.settle();
    world.knock(newcomer, text).unwrap();
    world.settle();
    let knock = world.first_knock(by, circle).unwrap();
    let now = world.now;
    world.hosts[by].engine.admit(now, circle, &knock).unwrap();
    world.hosts[by].obey_all();
    world.run_for(Duration::from_secs(60));
}

#[test]
fn one_device_alone_for_twenty_days_comes_back_to_everything() {
    for (count, seed) in [(1, 68), (2, 69), (3, 70), (9, 71)] {
        alone_for_twenty_days(count, seed);
    }
}

/// The last of `count`, who may be all there is; of the others one talks.
pub(super) fn alone_for_twenty_days(count: usize, seed: u8) {
    let (mut world, circle) = gathered(count, seed);
    let alone = count - 1;
    world.split(&[alone]);
    let mut talkers = vec![0, alone];
    talkers.dedup();
    let mut said = Vec::new();
    days(&mut world, &circle, &mut said, &talkers, 20, "apart");
    world.heal();
    world.run_for(Duration::from_secs(300));
    days(&mut world, &circle, &mut said, &talkers, 1, "together");
    world.run_for(Duration::from_secs(300));

    let everybody: Vec<usize> = (0..count).collect();
    one_head(&world, &circle, &everybody);
    all_read(&world, &circle, &everybody, &said);
}

/// Of two members one has two devices, and the first of these is away: for the others its member goes on with the
/// second. Back, it reads them and they do not read it, and votes are even. Whose id is the lower one differs by seed.
#[test]
fn two_devices_of_a_member_who_were_apart_for_twenty_days_end_at_one_head() {
    for seed in 75..79 {
        let (mut world, circle) = gathered_of(2, 3, seed);
        add_device(&mut world, 0, 2, &circle);
        world.split(&[0]);
        let mut said = Vec::new();
        days(&mut world, &circle, &mut said, &[0, 1, 2], 20, "apart");
        world.heal();
        world.run_for(Duration::from_secs(300));
        days(&mut world, &circle, &mut said, &[0, 1, 2], 1, "together");
        world.run_for(Duration::from_secs(300));

        one_head(&world, &circle, &[0, 1, 2]);
        all_read(&world, &circle, &[0, 1, 2], &said);
    }
}

/// Both sides of a split of `apart` days admit and remove somebody.
fn two_sides(apart: u32, seed: u8) {
    // Nine members, and two who come while the sides do not hear each other.
    let (mut world, circle) = gathered_of(9, 11, seed);
    promote(&mut world, 5, &circle);
    world.run_for(Duration::from_secs(70));
    world.split(&[5, 6, 7, 8, 10]);
    let mut said = Vec::new();
    admit(&mut world, 0, &circle, 9);
    admit(&mut world, 5, &circle, 10);
    days(&mut world, &circle, &mut said, &[0, 5], 2, "apart");
    remove(&mut world, 0, &circle, 4);
    remove(&mut world, 5, &circle, 8);
    days(&mut world, &circle, &mut said, &[0, 5], apart - 2, "after the removals");
    world.heal();
    world.run_for(Duration::from_secs(600));
    days(&mut world, &circle, &mut said, &[0, 5, 9, 10], 3, "together");
    pass(&mut world, Duration::from_secs(2 * 3600), Duration::from_secs(60));

    let members_now = [0, 1, 2, 3, 5, 6, 7, 9, 10];
    one_head(&world, &circle, &members_now);
    for host in members_now {
        assert_eq!(members(&world, host, &circle), 9, "host {host}");
    }
    // Who came in later reads what was said when they were in; the others read everything.
    all_read(&world, &circle, &[0, 1, 2, 3, 5, 6, 7], &said);
}

#[test]
fn two_sides_that_admit_and_remove_for_fifteen_days_meet_again_as_one_circle() {
    two_sides(15, 72);
}

#[test]
fn two_sides_that_admit_and_remove_for_thirty_days_meet_again_as_one_circle() {
    two_sides(30, 73);
}

#[test]
fn another_facilitator_removes_again_with_the_reason_what_the_lost_side_removed() {
    let (mut world, circle) = gathered(9, 74);
    promote(&mut world, 5, &circle);
    world.run_for(Duration::from_secs(70));
    world.split(&[0, 5, 6]);
    remove(&mut world, 0, &circle, 8);
    let mut said = Vec::new();
    days(&mut world, &circle, &mut said, &[1, 2, 3, 4], 2, "apart");
    // Whoever removed stays away, and the wish with them.
    world.set_online(0, false);
    world.heal();
    let here = [1, 2, 3, 4, 5, 6, 7];
    pass(&mut world, DAY, Duration::from_secs(60));

    one_head(&world, &circle, &here);
    let again = world.member(5, &circle).unwrap();
    for host in here {
        assert_eq!(members(&world, host, &circle), 8, "host {host}");
        let removals = world.hosts[host].engine.removals(&circle);
        let told: Vec<_> = removals.iter().map(|gone| (gone.by, gone.reason.as_str())).collect();
        assert_eq!(told, [(again, "As agreed.")], "host {host}");
    }
}
