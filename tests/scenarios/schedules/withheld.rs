//! Commits kept back and published late: heads that more than half stand behind do not move.

use std::time::Duration;

use windbreak_protocol::testing::Forgery;
use windbreak_tests::attack::{Watch, gather, renew_all};
use windbreak_tests::{Seed, World};

use super::stage::{all_read, forge, insider, one_head, publish};

/// A member of a circle of `count` keeps back `length` commits while `talkers` go on, and then
/// publishes. Returns how often an honest head moved.
pub(super) fn chain_kept_back(count: usize, length: usize, attacker: usize, seed: u8) -> usize {
    let mut world = World::new(u8::try_from(count).unwrap(), Seed(seed));
    let circle = gather(&mut world, count, true).unwrap();
    let everybody: Vec<usize> = (0..count).collect();
    renew_all(&mut world, &circle, &everybody);
    world.run_for(Duration::from_secs(60));
    one_head(&world, &circle, &everybody);

    let mut hidden = vec![forge(&mut world, attacker, &circle, Forgery::default())];
    while hidden.len() < length {
        let parent = hidden.last().unwrap().state;
        let next = insider(&mut world, attacker, &circle).commit(&parent, Forgery::default());
        hidden.push(next.unwrap());
    }
    // Four of five only read. The others talk, and the first of them commits.
    let honest: Vec<usize> = everybody.iter().copied().filter(|host| *host != attacker).collect();
    let talkers: Vec<usize> = honest.iter().copied().take(count.div_ceil(5)).collect();
    renew_all(&mut world, &circle, &talkers[..1]);
    let mut said = Vec::new();
    for host in &talkers {
        said.push(format!("from {host}"));
        world.share(*host, &circle, said.last().unwrap()).unwrap();
        world.settle();
    }
    world.run_for(Duration::from_secs(90));
    let mut watch = Watch::over(&mut world, &circle, &honest);
    for commit in &hidden {
        publish(&mut world, attacker, &circle, commit);
        watch.look(&mut world);
    }
    watch.run_for(&mut world, 90);

    one_head(&world, &circle, &honest);
    all_read(&world, &circle, &honest, &said);
    watch.moved
}

#[test]
fn a_commit_that_a_member_kept_back_moves_no_head_that_most_stand_behind() {
    for (count, seed) in [(3, 160), (9, 161)] {
        assert_eq!(chain_kept_back(count, 1, count - 1, seed), 0, "{count} members");
    }
}

#[test]
fn a_private_chain_of_forty_commits_moves_no_head_that_most_stand_behind() {
    for (count, seed) in [(3, 164), (9, 165)] {
        assert_eq!(chain_kept_back(count, 40, count - 1, seed), 0, "{count} members");
    }
}

#[test]
fn a_commit_that_a_facilitator_kept_back_moves_no_head_that_most_stand_behind() {
    for (count, seed) in [(3, 168), (9, 169)] {
        assert_eq!(chain_kept_back(count, 1, 0, seed), 0, "{count} members");
    }
}

#[test]
fn of_two_members_one_can_move_the_other_once_and_nothing_is_lost() {
    for seed in 172..176 {
        assert!(chain_kept_back(2, 3, 1, seed) <= 1, "seed {seed}");
    }
}
