//! Newcomers whom one side of a split let in stay, whatever the other side did with their invite.
//! Clauses: specs/04-order O-110 to O-113.

use std::time::Duration;

use windbreak_protocol::id::CircleId;
use windbreak_protocol::invite::InviteText;
use windbreak_protocol::{AdmitError, Event, JoinStage};
use windbreak_tests::attack::pass;
use windbreak_tests::{Seed, World};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Devices 0, 1 and 2 are a circle with an open invite of one use. Then a split: device 0 is one
/// side, devices 1 and 2 the other.
fn circle_with_an_invite(seed: u8) -> (World, CircleId, InviteText) {
    let mut world = World::new(5, Seed(seed));
    let circle = world.circle_of(3).unwrap();
    world.run_for(Duration::from_secs(60));
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.run_for(Duration::from_secs(5));
    (world, circle, text)
}

/// Only these devices are there.
fn only(world: &mut World, online: &[usize]) {
    for host in 0..world.hosts.len() {
        world.set_online(host, online.contains(&host));
    }
}

fn members(world: &World, host: usize, circle: &CircleId) -> usize {
    world.hosts[host].engine.circle(world.now, circle).map_or(0, |c| c.members.len())
}

#[track_caller]
fn one_circle_of(world: &mut World, circle: &CircleId, hosts: &[usize], seed: u8) {
    let heads: Vec<_> = hosts
        .iter()
        .map(|host| world.hosts[*host].engine.circle(world.now, circle).unwrap().head)
        .collect();
    assert!(heads.iter().all(|head| *head == heads[0]), "seed {seed}: {heads:?}");
    for host in hosts {
        assert_eq!(members(world, *host, circle), hosts.len(), "seed {seed}, host {host}");
        world.share(*host, circle, &format!("{host} is here")).unwrap();
    }
    world.run_for(Duration::from_secs(10));
    for reader in hosts {
        for writer in hosts {
            let texts = world.hosts[*reader].texts(circle);
            assert!(texts.contains(&format!("{writer} is here")), "seed {seed}: {writer}→{reader}");
        }
    }
}

#[test]
fn two_who_came_by_one_single_use_invite_on_two_sides_both_stay() {
    for seed in 60..64 {
        let (mut world, circle, text) = circle_with_an_invite(seed);
        let copy = world.hosts[0].engine.invite_text(&circle, &text.seed.id()).unwrap();

        only(&mut world, &[1, 2, 4]);
        let second = world.knock(4, copy).unwrap();
        world.run_for(Duration::from_secs(90));
        let joined = JoinStage::Joined(circle);
        assert_eq!(world.hosts[4].engine.join(&second).unwrap().stage, joined, "seed {seed}");
        only(&mut world, &[0, 3]);
        world.hide_from(0);
        let first = world.knock(3, text).unwrap();
        world.run_for(Duration::from_secs(20));
        assert_eq!(world.hosts[3].engine.join(&first).unwrap().stage, joined, "seed {seed}");

        world.show_relay();
        only(&mut world, &[0, 1, 2, 3, 4]);
        world.run_for(Duration::from_secs(180));
        one_circle_of(&mut world, &circle, &[0, 1, 2, 3, 4], seed);
        let told = |event: &Event| matches!(event, Event::MemberKept { .. });
        assert!(world.hosts[0].events.iter().any(told), "seed {seed}: no facilitator is told");
        let splits = world.hosts[0].engine.circle(world.now, &circle).unwrap().splits;
        assert!(splits > 0, "seed {seed}: nobody is told of the split");
    }
}

#[test]
fn somebody_let_in_while_the_other_side_took_the_invite_back_stays() {
    for seed in 64..68 {
        let (mut world, circle, text) = circle_with_an_invite(seed);
        let id = text.seed.id();
        only(&mut world, &[1, 2, 3]);
        let invite = world.knock(3, text).unwrap();
        world.run_for(Duration::from_secs(90));
        let joined = JoinStage::Joined(circle);
        assert_eq!(world.hosts[3].engine.join(&invite).unwrap().stage, joined, "seed {seed}");
        only(&mut world, &[0]);
        world.hide_from(0);
        let now = world.now;
        world.hosts[0].engine.revoke_invite(now, &circle, &id).unwrap();
        world.run_for(Duration::from_secs(20));
        world.show_relay();
        only(&mut world, &[0, 1, 2, 3]);
        world.run_for(Duration::from_secs(180));
        one_circle_of(&mut world, &circle, &[0, 1, 2, 3], seed);
    }
}

#[test]
fn somebody_who_has_said_that_they_leave_lets_nobody_in() {
    for review in [false, true] {
        let mut world = World::new(4, Seed(90));
        let circle = world.circle_of(3).unwrap();
        world.run_for(Duration::from_secs(60));
        let (_, text) = world.invite(0, &circle, 1, review).unwrap();
        world.run_for(Duration::from_secs(5));

        // Nobody else is there to let them go, or the newcomer in.
        only(&mut world, &[0, 3]);
        world.hosts[0].engine.leave(world.now, &circle).unwrap();
        world.hosts[0].obey_all();
        world.knock(3, text).unwrap();
        world.run_for(Duration::from_secs(120));
        if review {
            let knock = world.first_knock(0, &circle).unwrap();
            let refused = world.hosts[0].engine.admit(world.now, &circle, &knock);
            assert_eq!(refused, Err(AdmitError::Closed));
        }
        assert_eq!(members(&world, 0, &circle), 3, "review {review}");
    }
}

#[test]
fn newcomers_of_the_side_that_lost_who_were_away_do_not_settle_for_each_other() {
    for seed in 92..94 {
        let mut world = World::new(5, Seed(seed));
        let circle = world.circle_of(3).unwrap();
        world.promote(0, &circle, 1).unwrap();
        world.run_for(Duration::from_secs(60));
        let (_, text) = world.invite(0, &circle, 2, false).unwrap();
        let copy = world.hosts[0].engine.invite_text(&circle, &text.seed.id()).unwrap();
        world.run_for(Duration::from_secs(5));

        world.split(&[0, 3, 4]);
        for (host, text) in [(3, text), (4, copy)] {
            let invite = world.knock(host, text).unwrap();
            world.run_for(Duration::from_secs(30));
            let joined = JoinStage::Joined(circle);
            assert_eq!(world.hosts[host].engine.join(&invite).unwrap().stage, joined);
        }
        world.invite(1, &circle, 1, false).unwrap();
        world.run_for(Duration::from_secs(90));
        // By the time they are back, nothing is left of how they came in, so no Welcome opens.
        only(&mut world, &[0, 1, 2]);
        world.heal();
        pass(&mut world, DAY * 8, HOUR);
        for host in [3, 4] {
            world.hosts[host].engine.handle_timeout(world.now);
            world.hosts[host].obey_all();
        }

        only(&mut world, &[0, 1, 2, 3, 4]);
        pass(&mut world, DAY * 2, Duration::from_secs(30));
        one_circle_of(&mut world, &circle, &[0, 1, 2, 3, 4], seed);
    }
}
