//! What people do in the simulator with several devices, backups and copies does happen, and is
//! watched: a plan that says so counts it.

use std::mem::discriminant;

use windbreak_tests::sim::{Deed, Faults, Living, Plan, Step, Tally, run};

const MINUTE: u64 = 60_000;
/// The first device that is not one of the three members'.
const SPARE: usize = 3;

/// Runs these deeds, a few minutes apart, in a circle of three with two devices to spare.
fn count(relays: usize, deeds: Vec<Deed>) -> Tally {
    let steps = deeds.into_iter().map(|deed| Step { after: 5 * MINUTE, deed }).collect();
    let plan = Plan {
        about: String::new(),
        seed: 11,
        members: 3,
        outside: 0,
        spare: 2,
        relays,
        latency: 50,
        loss: 0,
        faults: Faults::None,
        attacker: None,
        steps,
    };
    let outcome = run(&plan);
    assert_eq!(outcome.failure, None);
    outcome.tally
}

fn share(by: usize) -> Deed {
    Deed::Share { by, later: false }
}

#[test]
fn a_member_brings_two_more_devices_in_and_takes_one_out() {
    let more = |new| Deed::AddDevice { by: 1, new };
    let less = Deed::RemoveDevice { by: 1, place: 0 };
    let tally =
        count(1, vec![more(SPARE), share(SPARE), more(SPARE + 1), share(0), less, share(1)]);
    assert_eq!((tally.devices_added, tally.devices_removed), (2, 1));
    assert_eq!(tally.items, 3);
}

#[test]
fn a_backup_that_is_taken_back_returns() {
    for told in [true, false] {
        let back_up = Deed::BackUp { who: 1 };
        let restore = Deed::Restore { who: 1, told };
        let tally = count(1, vec![share(1), back_up, share(1), restore, share(0)]);
        assert_eq!((tally.restored, tally.returns), (1, 1), "told: {told}");
        assert_eq!(tally.reused, 0);
    }
}

#[test]
fn a_copied_folder_is_two_devices_until_one_finds_out() {
    let copy = Deed::Copy { of: 1, to: SPARE };
    let tally = count(1, vec![copy, share(1), share(SPARE)]);
    assert_eq!((tally.copies, tally.returns), (1, 1));
    assert_eq!(tally.reused, 0);
}

#[test]
fn keys_are_watched_across_a_device_and_its_copy() {
    // The copy is on the other side of a split, where it cannot know.
    let split = Deed::Split { sides: 1 << SPARE };
    let copy = Deed::Copy { of: 1, to: SPARE };
    let tally = count(2, vec![copy, split, share(1), share(SPARE), Deed::Heal]);
    assert!(tally.reused > 0);
    assert_eq!(tally.returns, 1);
}

#[test]
fn deeds_of_devices_stand_between_the_others_and_change_none() {
    for seed in 0..30 {
        let alone = Plan::draw(seed, 5, 40, Faults::All);
        let both = alone.clone().with_devices();
        let mut steps = both.steps.iter();
        assert!(alone.steps.iter().all(|step| steps.any(|other| other == step)), "seed {seed}");
        assert_eq!(both.spare == 0, both.steps == alone.steps, "seed {seed}");
    }
}

#[test]
fn acts_of_living_stand_between_the_others_and_change_none() {
    let mut drawn = std::collections::BTreeSet::new();
    for seed in 0..30 {
        let alone = Plan::draw(seed, 5, 40, Faults::All).with_devices();
        let first = alone.clone().with_living();
        let held = first.clone().with_holding();
        let both = held.clone().with_agreeing();
        for (less, more) in [(&alone, &first), (&first, &held), (&held, &both)] {
            let mut steps = more.steps.iter();
            assert!(less.steps.iter().all(|step| steps.any(|other| other == step)), "seed {seed}");
        }
        drawn.extend(both.steps.iter().filter_map(|step| match step.deed {
            Deed::Live { how, .. } => Some(format!("{how:?}")),
            _ => None,
        }));
    }
    assert_eq!(drawn.len(), Living::ALL.len());
}

#[test]
fn acts_of_living_hold_whatever_goes_wrong() {
    for (seed, faults) in [(1, Faults::None), (2, Faults::Network), (3, Faults::All)] {
        let plan = Plan::draw(seed, 4, 25, faults).with_living();
        let outcome = run(&plan);
        assert_eq!(outcome.failure, None, "seed {seed}");
        assert!(outcome.tally.lived > 0, "seed {seed}");
    }
}

#[test]
fn every_deed_of_devices_is_drawn() {
    let plans = (0..30).map(|seed| Plan::draw(seed, 5, 40, Faults::All).with_devices());
    let drawn: Vec<Deed> = plans.flat_map(|plan| plan.steps).map(|step| step.deed).collect();
    for deed in [
        Deed::AddDevice { by: 0, new: 0 },
        Deed::RemoveDevice { by: 0, place: 0 },
        Deed::BackUp { who: 0 },
        Deed::Restore { who: 0, told: false },
        Deed::Copy { of: 0, to: 0 },
        Deed::StepDown { by: 0 },
        Deed::Leave { by: 0 },
    ] {
        assert!(drawn.iter().any(|other| discriminant(other) == discriminant(&deed)), "{deed:?}");
    }
}
