//! Circles in which somebody acts without the right to it, and circles that are held: what must hold
//! of rights is looked at after every step of a plan.

use windbreak_tests::sim::{Deed, Faults, Living, Plan, Step, run};

/// Runs a plan with somebody in it who meddles, and says how often they did.
fn meddled(mut plan: Plan) -> u64 {
    plan.attacker = Some("meddler".to_owned());
    let outcome = run(&plan);
    assert_eq!(outcome.failure, None, "seed {}", plan.seed);
    outcome.tally.meddled
}

/// A quiet circle of four in which these things happen, a minute apart.
fn circle(seed: u64, deeds: Vec<Deed>) -> Plan {
    let steps = deeds.into_iter().map(|deed| Step { after: 60_000, deed });
    Plan { steps: steps.collect(), ..Plan::draw(seed, 4, 0, Faults::None) }
}

fn live(by: usize, how: Living) -> Deed {
    Deed::Live { by, back: 0, how }
}

fn share(by: usize) -> Deed {
    Deed::Share { by, later: false }
}

#[test]
fn whoever_acts_without_the_right_changes_nothing_for_anybody() {
    let acts: u64 =
        (1..=6).map(|seed| meddled(Plan::draw(seed, 4, 20, Faults::Insider).with_living())).sum();
    assert!(acts > 10, "{acts} acts");
}

#[test]
fn nor_does_it_between_splits_and_crashes() {
    let acts: u64 =
        (11..=14).map(|seed| meddled(Plan::draw(seed, 5, 20, Faults::All).with_living())).sum();
    assert!(acts > 2, "{acts} acts");
}

#[test]
fn many_acts_without_the_right_on_both_sides_of_a_split() {
    let attack = |lot| Deed::Attack { lot };
    let mut deeds = vec![share(0), share(1), live(2, Living::Advise)];
    deeds.extend((0..12).map(attack));
    deeds.push(Deed::Split { sides: 0b0011 });
    deeds.push(share(1));
    deeds.extend((20..32).map(attack));
    deeds.extend([Deed::Heal, share(2), live(0, Living::Hide)]);
    deeds.extend((40..48).map(attack));
    assert!(meddled(circle(5, deeds)) > 20);
}

#[test]
fn what_facilitators_hold_back_is_held_back_step_by_step() {
    let deeds = vec![
        share(1),
        live(0, Living::Hide),
        share(2),
        live(0, Living::Mute),
        share(2),
        Deed::Reply { by: 1, back: 0 },
        live(0, Living::Unhide),
        live(0, Living::Slow),
        share(3),
        share(3),
        share(1),
        live(2, Living::Advise),
        live(1, Living::Allow),
        live(0, Living::Unslow),
        live(1, Living::Report),
        live(0, Living::Unmute),
    ];
    let outcome = run(&circle(9, deeds));
    assert_eq!(outcome.failure, None);
    assert!(outcome.tally.lived > 4, "{} acts", outcome.tally.lived);
}
