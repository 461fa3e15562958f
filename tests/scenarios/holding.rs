//! How a circle is held in a world that goes wrong: what people do is watched step by step against a
//! model that knows nothing of states and marks.

use windbreak_tests::sim::{Deed, Faults, Living, Plan, Step, Tally, run};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Runs these deeds in a circle of so many, each so long after the one before.
fn held(seed: u64, members: usize, deeds: Vec<(u64, Deed)>) -> Tally {
    let steps = deeds.into_iter().map(|(after, deed)| Step { after, deed }).collect();
    let outcome = run(&Plan { steps, ..Plan::draw(seed, members, 0, Faults::None) });
    assert_eq!(outcome.failure, None);
    outcome.tally
}

fn live(by: usize, how: Living) -> Deed {
    Deed::Live { by, back: 0, how }
}

fn share(by: usize) -> Deed {
    Deed::Share { by, later: false }
}

#[test]
fn a_shorter_time_erases_nothing_for_a_week_whoever_was_away() {
    let deeds = |last: u64| {
        vec![
            (MINUTE, share(1)),
            (MINUTE, share(2)),
            (MINUTE, live(1, Living::KeepTwoDays)),
            (MINUTE, live(0, Living::KeepTwoDays)),
            (HOUR, Deed::Offline { who: 3 }),
            (3 * DAY, live(2, Living::React)),
            (last, Deed::Calm),
        ]
    };
    assert_eq!(held(21, 4, deeds(3 * DAY + 10 * HOUR)).erased, 0, "before the week is over");
    // Whoever was away had as long as the others, since it knew before it went.
    assert_eq!(held(21, 4, deeds(5 * DAY)).erased, 2 * 4);
}

#[test]
fn whoever_hears_of_a_shorter_time_late_has_a_week_too() {
    let deeds = vec![
        (MINUTE, share(1)),
        (MINUTE, Deed::Off { who: 3 }),
        (HOUR, live(0, Living::KeepTwoDays)),
        (6 * DAY, Deed::On { who: 3 }),
        (DAY + 4 * HOUR, live(1, Living::React)),
    ];
    // The three who knew have erased it, and the fourth has five days left.
    assert_eq!(held(22, 4, deeds).erased, 3);
}

#[test]
fn a_longer_time_in_the_week_keeps_all_of_it() {
    let deeds = vec![
        (MINUTE, share(1)),
        (MINUTE, live(0, Living::KeepTwoDays)),
        (5 * DAY, live(0, Living::KeepAlways)),
        (5 * DAY, live(1, Living::React)),
    ];
    assert_eq!(held(23, 3, deeds).erased, 0);
}

#[test]
fn advice_to_who_asked_only_to_be_heard_is_read_once_they_let_it_through() {
    let deeds = |ask: Deed, then: Living| {
        vec![(MINUTE, ask), (MINUTE, live(2, Living::Suggest)), (HOUR, live(1, then))]
    };
    // What is read of it is counted by those it was held back from.
    assert_eq!(held(24, 4, deeds(share(1), Living::Hear)).let_through, 0);
    assert_eq!(held(24, 4, deeds(share(1), Living::Allow)).let_through, 3);
    assert_eq!(held(24, 4, deeds(live(1, Living::AskIdeas), Living::Hear)).let_through, 0);
    // Somebody else lets nothing through.
    let mut deeds = deeds(share(1), Living::Hear);
    deeds.push((MINUTE, live(0, Living::Allow)));
    assert_eq!(held(24, 4, deeds).let_through, 0);
}

#[test]
fn most_members_make_somebody_hold_a_circle_that_nobody_answers_in() {
    let succession = |last: u64| {
        let mut deeds = vec![(MINUTE, share(2)), (HOUR, live(1, Living::Silence))];
        // Not everybody answers at once: they are asked again.
        deeds.extend((0..3).map(|_| (HOUR, live(1, Living::Succeed))));
        deeds.push((last, live(1, Living::Slow)));
        deeds.push((MINUTE, share(1)));
        deeds
    };
    assert_eq!(held(25, 5, succession(60 * HOUR)).successions, 0, "before three days are over");
    let tally = held(25, 5, succession(75 * HOUR));
    assert_eq!(tally.successions, 1);
    // What they do then counts for everybody: the last act that did is the slow mode.
    assert!(tally.lived > held(25, 5, succession(60 * HOUR)).lived);
}

#[test]
fn a_declaration_and_whom_somebody_blocks_are_what_people_did() {
    let deeds = vec![
        (MINUTE, share(2)),
        (MINUTE, live(1, Living::Hear)),
        (MINUTE, live(1, Living::Block)),
        (MINUTE, live(2, Living::Block)),
        (MINUTE, live(0, Living::Declare)),
        (MINUTE, live(1, Living::Declare)),
        (MINUTE, Deed::Crash { who: 1, outputs: 2 }),
        (HOUR, live(1, Living::Hear)),
        (MINUTE, live(1, Living::Unblock)),
    ];
    // Nobody blocks themselves, and who does not hold the circle declares nothing.
    assert_eq!(held(26, 3, deeds).lived, 5);
}

#[test]
fn whoever_takes_what_others_have_to_give_gets_nothing() {
    let attacks = (0..12).map(|lot| (MINUTE, Deed::Attack { lot }));
    let steps = attacks.map(|(after, deed)| Step { after, deed }).collect();
    let plan = Plan { steps, ..Plan::draw(27, 4, 0, Faults::None) };
    let outcome = run(&Plan { attacker: Some("usurper".to_owned()), ..plan });
    assert_eq!(outcome.failure, None);
    assert!(outcome.tally.meddled > 10, "{} states", outcome.tally.meddled);
}

#[test]
fn a_circle_is_held_between_splits_crashes_and_insiders() {
    for (seed, faults) in [(31, Faults::None), (32, Faults::Network), (33, Faults::All)] {
        let plan = Plan::draw(seed, 4, 20, faults).with_living().with_holding();
        assert_eq!(run(&plan).failure, None, "seed {seed}");
    }
    let plan = Plan::draw(34, 4, 20, Faults::Insider).with_living().with_holding();
    let outcome = run(&Plan { attacker: Some("usurper".to_owned()), ..plan });
    assert_eq!(outcome.failure, None);
}
