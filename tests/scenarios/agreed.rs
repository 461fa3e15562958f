//! What a circle agrees on, and files, in a world that goes wrong: watched step by step against a model
//! that knows what people did, and nothing of how it is kept.

use windbreak_tests::sim::{Deed, Faults, Living, Plan, Step, Tally, run};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

/// Runs these deeds in a circle of so many, with an attacker in it if one is named.
fn lived(seed: u64, members: usize, attacker: Option<&str>, deeds: Vec<(u64, Deed)>) -> Tally {
    let steps = deeds.into_iter().map(|(after, deed)| Step { after, deed }).collect();
    let plan = Plan { steps, ..Plan::draw(seed, members, 0, Faults::None) };
    let outcome = run(&Plan { attacker: attacker.map(str::to_owned), ..plan });
    assert_eq!(outcome.failure, None);
    outcome.tally
}

fn live(by: usize, how: Living) -> Deed {
    Deed::Live { by, back: 0, how }
}

#[test]
fn an_agreement_is_what_most_agreed_to_and_is_accepted_by_each_on_their_own_device() {
    let deeds = |by: usize| {
        let mut deeds = vec![(MINUTE, Deed::Offline { who: 3 })];
        // Not everybody answers each time.
        deeds.extend((0..4).map(|_| (HOUR, live(by, Living::Agree))));
        deeds.extend([(HOUR, Deed::Online { who: 3 }), (MINUTE, live(3, Living::React))]);
        deeds.push((MINUTE, Deed::Share { by: 3, later: false }));
        deeds
    };
    assert!(lived(41, 4, None, deeds(0)).adopted > 0);
    assert_eq!(lived(41, 4, None, deeds(1)).adopted, 0, "who holds no circle proposes nothing");
}

#[test]
fn whoever_forges_what_a_circle_agrees_on_gets_nothing() {
    let mut deeds = vec![(MINUTE, live(0, Living::Agree))];
    deeds.extend((0..12).map(|lot| (10 * MINUTE, Deed::Attack { lot })));
    deeds.push((MINUTE, live(0, Living::Agree)));
    deeds.extend((12..20).map(|lot| (10 * MINUTE, Deed::Attack { lot })));
    let tally = lived(42, 5, Some("forger"), deeds);
    assert!(tally.meddled > 10, "{} states", tally.meddled);
}

#[test]
fn a_file_is_whole_in_the_end_wherever_its_words_are() {
    let deeds = |allowed: Living| {
        vec![
            (MINUTE, Deed::Share { by: 2, later: false }),
            (MINUTE, live(0, allowed)),
            (MINUTE, live(1, Living::Attach)),
            (MINUTE, Deed::Split { sides: 0b1100 }),
            (MINUTE, Deed::Crash { who: 0, outputs: 3 }),
            (MINUTE, live(0, Living::Attach)),
            (HOUR, Deed::Offline { who: 3 }),
            (MINUTE, live(2, Living::Attach)),
            (MINUTE, live(1, Living::Attach)),
            (MINUTE, live(1, Living::Withdraw)),
            (HOUR, Deed::Heal),
        ]
    };
    assert!(lived(43, 4, None, deeds(Living::Files)).files >= 2 * 3);
    assert_eq!(lived(43, 4, None, deeds(Living::NoFiles)).files, 0);
}
