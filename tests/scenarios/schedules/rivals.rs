//! Rivals that insiders make on states others have left behind.

use std::time::Duration;

use windbreak_protocol::ledger::{Change, Departure};
use windbreak_protocol::limits::MAX_STATES;
use windbreak_protocol::testing::Forgery;
use windbreak_protocol::wire::text::Text;
use windbreak_protocol::{Venue, Verdict, Violation};
use windbreak_tests::attack::{Watch, pass, renew_all};

use super::stage::{
    all_read, forge_on, gathered, head, insider, one_head, promote, remove_facilitator, say,
};

#[test]
fn a_removed_member_cannot_undo_its_removal_by_a_rival() {
    for seed in 21..27 {
        let (mut world, circle) = gathered(4, seed);
        let gone = world.member(3, &circle).unwrap();
        let kept = head(&mut world, 3, &circle);
        let now = world.now;
        world.hosts[0].engine.remove_member(now, &circle, &gone, "As agreed.".into()).unwrap();
        world.run_for(Duration::from_secs(90));
        world.set_online(3, false);
        let mut watch = Watch::over(&mut world, &circle, &[0, 1, 2]);
        let mut parent = kept;
        for _ in 0..5 {
            let mut attacker = insider(&mut world, 3, &circle);
            let rival = attacker.commit(&parent, Forgery::default()).unwrap();
            let vote = attacker.vote(&rival.state, None).unwrap();
            for host in 0..3 {
                let venue = Venue::Circle(circle);
                world.inject(host, venue, rival.envelopes.clone());
                world.inject(host, venue, vote.envelopes.clone());
            }
            parent = rival.state;
            watch.run_for(&mut world, 10);
        }
        watch.run_for(&mut world, 90);

        assert_eq!(watch.moved, 0, "seed {seed}");
        one_head(&world, &circle, &[0, 1, 2]);
        for host in 0..3 {
            let members = world.hosts[host].engine.circle(world.now, &circle).unwrap().members;
            assert_eq!(members.len(), 3, "seed {seed}, host {host}");
        }
    }
}

#[test]
fn a_removed_facilitator_who_forks_far_back_undoes_nothing() {
    for (count, seed) in [(4, 60), (9, 61)] {
        forks_far_back(count, seed);
    }
}

/// By a removal of whoever removed it.
pub(super) fn forks_far_back(count: usize, seed: u8) {
    let (mut world, circle) = gathered(count, seed);
    promote(&mut world, 1, &circle);
    let others: Vec<usize> = (1..count).collect();
    world.run_for(Duration::from_secs(70));
    let far_back = head(&mut world, 0, &circle);
    for _ in 0..7 {
        renew_all(&mut world, &circle, &[1, 2, 3]);
    }
    world.run_for(Duration::from_secs(70));
    remove_facilitator(&mut world, 1, &circle, 0, &[2, 3]);
    world.run_for(Duration::from_secs(70));
    one_head(&world, &circle, &others);
    let mut watch = Watch::over(&mut world, &circle, &others);

    // Its remover is a facilitator, whom it cannot remove alone, and a member, whom it can.
    for (place, gone) in [1, 2].into_iter().enumerate() {
        let member = world.member(gone, &circle).unwrap();
        let reason = Text::new("As agreed.").unwrap();
        let removal = Departure::Removed { member, reason, consents: Vec::new() };
        let changes = vec![Change::Depart(removal)];
        let forgery = Forgery { changes, ..Forgery::default() };
        let rival = forge_on(&mut world, 0, &circle, &far_back, forgery);
        let mut verdicts = Vec::new();
        for host in &others {
            let venue = Venue::Circle(circle);
            verdicts.extend(world.inject(*host, venue, rival.envelopes.clone()));
        }
        let refused = Verdict::Reject(Violation::Right);
        assert_eq!(verdicts.iter().all(|verdict| *verdict == refused), place == 0);
    }
    watch.run_for(&mut world, 120);

    assert_eq!(watch.moved, 0, "{count} members");
    one_head(&world, &circle, &others);
    for host in others {
        let members = world.hosts[host].engine.circle(world.now, &circle).unwrap().members;
        assert_eq!(members.len(), count - 1, "host {host}");
    }
}

#[test]
fn seventy_commits_of_a_facilitator_in_a_split_of_two_hours_cost_no_word() {
    for (count, seed) in [(2, 29), (3, 30), (9, 31)] {
        seventy_commits(count, seed);
    }
}

/// The facilitator is on one side, everybody else on the other.
pub(super) fn seventy_commits(count: usize, seed: u8) {
    let (mut world, circle) = gathered(count, seed);
    let others: Vec<usize> = (1..count).collect();
    let everybody: Vec<usize> = (0..count).collect();
    let mut said = Vec::new();
    world.split(&[0]);
    renew_all(&mut world, &circle, &[1]);
    for number in 0..70 {
        renew_all(&mut world, &circle, &[0]);
        if number % 10 == 0 {
            say(&mut world, 0, &circle, &mut said, &format!("here {number}"));
            let host = others[number / 10 % others.len()];
            say(&mut world, host, &circle, &mut said, &format!("there {number}"));
        }
        pass(&mut world, Duration::from_secs(103), Duration::from_secs(20));
    }
    let before = head(&mut world, 1, &circle);
    world.heal();
    world.run_for(Duration::from_secs(120));

    one_head(&world, &circle, &everybody);
    all_read(&world, &circle, &everybody, &said);
    let other = insider(&mut world, 1, &circle);
    let other = (other.path(), other.states().len());
    // Of two, each has one vote, and the rank decides.
    let stayed = other.0.iter().any(|state| state.id == before);
    assert!(stayed || count == 2, "{count}: the flood won");
    assert!(other.1 < MAX_STATES / 4);
}
