//! Rivals: several people change a circle at once, and everybody ends at one head with everything
//! readable. (Votes, retention and returns come with their own work; see specs/04-order.)

use std::time::Duration;

use windbreak_protocol::JoinStage;
use windbreak_protocol::id::CircleId;
use windbreak_tests::{Seed, World};

fn heads(
    world: &World,
    hosts: &[usize],
    circle: &CircleId,
) -> Vec<windbreak_protocol::id::StateId> {
    hosts
        .iter()
        .map(|host| world.hosts[*host].engine.circle(world.now, circle).unwrap().head)
        .collect()
}

#[test]
fn two_sides_of_a_split_heal_to_one_head_and_lose_no_word() {
    for seed in 20..28 {
        let mut world = World::new(4, Seed(seed));
        let circle = world.circle_of(4).unwrap();
        world.run_for(Duration::from_secs(60));

        // One side renews its leaves and talks, while the other does the same.
        world.set_online(2, false);
        world.set_online(3, false);
        for number in 0..70 {
            world.share(0, &circle, &format!("left {number}")).unwrap();
            world.settle();
        }
        world.run_for(Duration::from_secs(30));
        world.set_online(0, false);
        world.set_online(1, false);
        world.hide_relay();
        world.set_online(2, true);
        world.set_online(3, true);
        for number in 0..70 {
            world.share(2, &circle, &format!("right {number}")).unwrap();
            world.settle();
        }
        world.run_for(Duration::from_secs(30));
        world.show_relay();
        world.set_online(0, true);
        world.set_online(1, true);
        world.run_for(Duration::from_secs(60));

        let heads = heads(&world, &[0, 1, 2, 3], &circle);
        assert!(heads.iter().all(|head| *head == heads[0]), "seed {seed}: {heads:?}");
        let texts = world.hosts[0].texts(&circle);
        assert_eq!(texts.len(), 140, "seed {seed}");
        for host in 1..4 {
            assert_eq!(world.hosts[host].texts(&circle), texts, "seed {seed}, host {host}");
        }
        let forks = world.hosts[0].engine.circle(world.now, &circle).unwrap().forks;
        assert!(forks > 0, "seed {seed}: the sides never made rivals");
    }
}

#[test]
fn after_a_race_everybody_reads_everybody() {
    for seed in 30..38 {
        let mut world = World::new(4, Seed(seed));
        let circle = world.circle_of(4).unwrap();
        world.run_for(Duration::from_secs(60));
        // Enough shares that every device renews its leaf, all at once and unseen by the others.
        for host in 0..4 {
            for other in 0..4 {
                world.set_online(other, other == host);
            }
            world.hide_relay();
            for number in 0..65 {
                world.share(host, &circle, &format!("{host}: {number}")).unwrap();
            }
            world.run_for(Duration::from_secs(30));
            world.show_relay();
        }
        for host in 0..4 {
            world.set_online(host, true);
        }
        world.run_for(Duration::from_secs(60));
        for host in 0..4 {
            world.share(host, &circle, &format!("after, from {host}")).unwrap();
        }
        world.run_for(Duration::from_secs(60));

        for host in 0..4 {
            let texts = world.hosts[host].texts(&circle);
            assert_eq!(texts.len(), 4 * 65 + 4, "seed {seed}, host {host}");
        }
        let heads = heads(&world, &[0, 1, 2, 3], &circle);
        assert!(heads.iter().all(|head| *head == heads[0]), "seed {seed}");
    }
}

#[test]
fn whoever_was_admitted_on_a_branch_that_lost_is_admitted_again() {
    let mut readmitted = 0;
    for seed in 40..44 {
        let mut world = World::new(4, Seed(seed));
        let circle = world.circle_of(3).unwrap();
        world.run_for(Duration::from_secs(60));
        let (_, text) = world.invite(0, &circle, 1, false).unwrap();
        world.settle();

        // Two others change the circle unseen, while the facilitator admits the newcomer.
        world.set_online(0, false);
        world.set_online(3, false);
        world.hide_relay();
        for number in 0..65 {
            world.share(1, &circle, &format!("one {number}")).unwrap();
        }
        world.run_for(Duration::from_secs(30));
        // Two of three stand on that side.
        world.share(2, &circle, "two").unwrap();
        world.run_for(Duration::from_secs(40));
        world.set_online(1, false);
        world.set_online(2, false);
        world.show_relay();
        world.hide_from(0);
        world.set_online(0, true);
        world.set_online(3, true);
        let invite = world.knock(3, text).unwrap();
        world.run_for(Duration::from_secs(30));
        let first = world.hosts[3].engine.circle(world.now, &circle).map(|c| c.head);
        world.show_relay();
        world.set_online(1, true);
        world.set_online(2, true);
        // Long enough that those who only read have said where they stand.
        world.run_for(Duration::from_secs(400));

        let stage = world.hosts[3].engine.join(&invite).unwrap().stage;
        assert_eq!(stage, JoinStage::Joined(circle), "seed {seed}");
        let heads = heads(&world, &[0, 1, 2, 3], &circle);
        assert!(heads.iter().all(|head| *head == heads[0]), "seed {seed}: {heads:?}");
        if first.is_some_and(|first| first != heads[3]) {
            readmitted += 1;
        }
        world.share(3, &circle, "I am here").unwrap();
        world.run_for(Duration::from_secs(10));
        assert!(world.hosts[1].texts(&circle).contains(&"I am here".to_owned()), "seed {seed}");
    }
    assert!(readmitted > 0, "no seed made the first admission lose");
}

#[test]
fn a_commit_interrupted_before_it_was_published_is_published_and_not_made_twice() {
    let mut world = World::new(2, Seed(60));
    let circle = world.circle_of(2).unwrap();
    world.run_for(Duration::from_secs(60));
    let before = world.hosts[0].engine.circle(world.now, &circle).unwrap().epoch;
    world.set_online(0, false);
    let (invite, _) = world.invite(0, &circle, 1, false).unwrap();
    for _ in 0..5 {
        world.restart(0);
        world.run_for(Duration::from_secs(5));
    }
    world.set_online(0, true);
    world.run_for(Duration::from_secs(60));

    let overview = world.hosts[1].engine.circle(world.now, &circle).unwrap();
    assert_eq!(overview.epoch, before + 1);
    assert!(overview.invites.iter().any(|known| known.id == invite));
    assert_eq!(heads(&world, &[0], &circle), heads(&world, &[1], &circle));
}

#[test]
fn a_removal_that_loses_a_race_is_made_again() {
    let mut lost = 0;
    for seed in 130..146 {
        let mut world = World::new(4, Seed(seed));
        let circle = world.circle_of(4).unwrap();
        world.run_for(Duration::from_secs(60));
        // One renews its leaf unseen, while the facilitator removes another.
        for host in [0, 2, 3] {
            world.set_online(host, false);
        }
        for number in 0..65 {
            world.share(1, &circle, &format!("one {number}")).unwrap();
        }
        world.run_for(Duration::from_secs(30));
        // Two of three stand on that side.
        world.share(2, &circle, "two").unwrap();
        world.run_for(Duration::from_secs(40));
        let before = world.hosts[1].engine.circle(world.now, &circle).unwrap().head;
        world.set_online(1, false);
        world.hide_from(0);
        world.set_online(0, true);
        let gone = world.member(3, &circle).unwrap();
        let now = world.now;
        world.hosts[0].engine.remove_member(now, &circle, &gone, "As agreed.".into()).unwrap();
        world.run_for(Duration::from_secs(5));
        assert_eq!(world.hosts[0].engine.circle(world.now, &circle).unwrap().members.len(), 3);
        world.show_relay();
        for host in 1..4 {
            world.set_online(host, true);
        }
        world.run_for(Duration::from_secs(60));

        for host in 0..3 {
            let overview = world.hosts[host].engine.circle(world.now, &circle).unwrap();
            assert_eq!(overview.members.len(), 3, "seed {seed}, host {host}");
            assert_eq!(overview.pending_changes, 0, "seed {seed}, host {host}");
        }
        let after = heads(&world, &[0, 1, 2], &circle);
        assert!(after.iter().all(|head| *head == after[0]), "seed {seed}");
        let path = world.hosts[0].engine.circle(world.now, &circle).unwrap();
        lost += usize::from(path.forks > 0 && path.epoch > 1 && after[0] != before);
    }
    assert!(lost > 0, "no seed made a race");
}
