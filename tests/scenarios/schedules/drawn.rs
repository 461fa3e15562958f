//! Attackers of the simulator at the doors of drawn circles: who fills waiting rooms, lets people in twice, and
//! says that they stand elsewhere.

use windbreak_tests::sim::{Faults, Plan, run};

/// Seeds in which it has something to do: somebody knocks at the right time, or a state is old enough.
fn attacked(name: &str, seeds: std::ops::Range<u64>) {
    let mut attacks = 0;
    for seed in seeds {
        let plan = Plan::draw(seed, 3, 30, Faults::Insider).with_devices();
        let outcome = run(&Plan { attacker: Some(name.to_owned()), ..plan });
        assert_eq!(outcome.failure, None, "{name}: seed {seed}");
        attacks += outcome.tally.attacks;
    }
    assert!(attacks > 0, "{name} did nothing");
}

#[test]
fn whoever_fills_the_waiting_rooms_of_others_keeps_nothing_from_them() {
    attacked("crowder", 400..401);
}

#[test]
fn whoever_lets_everybody_in_twice_ends_in_one_circle_with_them() {
    attacked("doorkeeper", 410..425);
}

#[test]
fn whoever_says_that_they_stand_where_nobody_does_moves_nobody() {
    attacked("misleader", 450..456);
}
