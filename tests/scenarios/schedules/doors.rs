//! Newcomers whom two branches let in, or two Welcomes, or who know nobody of old.

use std::time::Duration;

use windbreak_protocol::testing::Forgery;
use windbreak_protocol::{JoinStage, Venue};
use windbreak_tests::World;
use windbreak_tests::attack::renew_all;

use super::stage::{all_read, forge_on, gathered_of, head, insider, one_head, say};

/// Everybody in it is a member exactly once.
#[track_caller]
fn counted(world: &World, circle: &windbreak_protocol::id::CircleId, hosts: &[usize]) {
    for host in hosts {
        let members = world.hosts[*host].engine.circle(world.now, circle).unwrap().members;
        assert_eq!(members.len(), hosts.len(), "host {host}");
    }
}

#[test]
fn somebody_admitted_on_two_branches_by_an_invite_of_one_use_is_in_once() {
    for seed in 40..44 {
        let (mut world, circle) = gathered_of(3, 4, seed);
        let (_, text) = world.invite(0, &circle, 1, false).unwrap();
        world.settle();
        // The inviter hears the knock and admits, and nobody hears of it.
        world.set_online(0, false);
        let invite = world.knock(3, text).unwrap();
        world.settle();
        let all: Vec<_> = world.relay().cloned().collect();
        world.inject(0, Venue::Circle(circle), all);
        let soon = world.now.after(Duration::from_secs(2));
        world.hosts[0].engine.handle_timeout(soon);
        world.hosts[0].obey_all();
        // After a while somebody else admits, too.
        world.run_for(Duration::from_secs(100));
        assert_eq!(world.hosts[3].engine.join(&invite).unwrap().stage, JoinStage::Joined(circle));
        let mut said = Vec::new();
        say(&mut world, 3, &circle, &mut said, "I am in");
        world.set_online(0, true);
        world.run_for(Duration::from_secs(180));
        for host in 0..4 {
            say(&mut world, host, &circle, &mut said, &format!("from {host}"));
        }
        world.run_for(Duration::from_secs(60));

        one_head(&world, &circle, &[0, 1, 2, 3]);
        counted(&world, &circle, &[0, 1, 2, 3]);
        all_read(&world, &circle, &[0, 1, 2, 3], &said);
    }
}

#[test]
fn a_joiner_who_knows_none_of_the_earlier_committers_stands_where_the_others_stand() {
    for seed in 48..52 {
        let (mut world, circle) = gathered_of(3, 4, seed);
        for _ in 0..10 {
            renew_all(&mut world, &circle, &[0, 1, 2]);
        }
        let (_, text) = world.invite(0, &circle, 1, true).unwrap();
        world.settle();
        world.knock(3, text).unwrap();
        world.settle();
        let knock = world.first_knock(0, &circle).unwrap();
        let now = world.now;
        world.hosts[0].engine.admit(now, &circle, &knock).unwrap();
        world.run_for(Duration::from_secs(5));
        let root = head(&mut world, 3, &circle);
        // At once two rivals, of which the joiner hears the wrong one first.
        let rivals =
            [1, 2].map(|host| forge_on(&mut world, host, &circle, &root, Forgery::default()));
        for rival in rivals.iter().rev() {
            world.inject(3, Venue::Circle(circle), rival.envelopes.clone());
        }
        for (host, rival) in [1, 2].into_iter().zip(&rivals) {
            let mut owner = insider(&mut world, host, &circle);
            owner.publish(rival.envelopes.clone());
            owner.take_up(&rival.state);
            world.settle();
        }
        world.run_for(Duration::from_secs(120));
        let mut said = Vec::new();
        for host in 0..4 {
            say(&mut world, host, &circle, &mut said, &format!("from {host}"));
        }
        world.run_for(Duration::from_secs(60));

        one_head(&world, &circle, &[0, 1, 2, 3]);
        counted(&world, &circle, &[0, 1, 2, 3]);
        all_read(&world, &circle, &[0, 1, 2, 3], &said);
    }
}
