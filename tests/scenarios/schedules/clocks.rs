//! Clocks that are far off, and members who never move on.

use std::time::Duration;

use windbreak_protocol::testing::ForgedItem;
use windbreak_protocol::{Input, Venue};
use windbreak_tests::attack::{Watch, pass, renew_all};

use super::stage::{all_read, gathered, gathered_of, head, insider, one_head, say};

#[test]
fn old_admissions_replayed_by_a_clock_a_year_on_are_as_valid_as_ever() {
    for seed in 80..82 {
        let (mut world, circle) = gathered_of(3, 4, seed);
        world.set_online(2, false);
        // Somebody comes in with a KeyPackage of today, while one device is off.
        let (_, text) = world.invite(0, &circle, 1, false).unwrap();
        world.settle();
        world.knock(3, text).unwrap();
        world.run_for(Duration::from_secs(60));
        let mut said = Vec::new();
        say(&mut world, 0, &circle, &mut said, "of last year");
        let envelopes: Vec<_> = world.relay().cloned().collect();
        // To that device it comes a year later, and nobody else's clock has moved.
        let then = world.now.after(Duration::from_secs(365 * 24 * 3600));
        let input = Input::Envelopes { venue: Venue::Circle(circle), envelopes };
        world.hosts[2].engine.handle(then, input);
        world.hosts[2].obey_all();

        one_head(&world, &circle, &[0, 1, 2, 3]);
        let members = world.hosts[2].engine.circle(then, &circle).unwrap().members;
        assert_eq!(members.len(), 4, "seed {seed}");
    }
}

#[test]
fn somebody_who_talks_under_an_old_state_for_days_is_read_and_holds_nobody_back() {
    for (count, seed) in [(2, 82), (3, 83), (9, 84)] {
        talks_under_an_old_state(count, seed);
    }
}

/// The last of `count` does; of the others one talks and goes on.
pub(super) fn talks_under_an_old_state(count: usize, seed: u8) {
    let (mut world, circle) = gathered(count, seed);
    let (stubborn, honest): (usize, Vec<usize>) = (count - 1, (0..count - 1).collect());
    let old = head(&mut world, stubborn, &circle);
    let mut watch = Watch::over(&mut world, &circle, &honest);
    let mut said = Vec::new();
    for day in 0..4 {
        let text = format!("day {day}, where I always stood");
        let item = ForgedItem { text: text.clone(), ..ForgedItem::default() };
        // Its own device lets the state go once everybody has gone on.
        if let Some(sealed) = insider(&mut world, stubborn, &circle).item(&old, item) {
            insider(&mut world, stubborn, &circle).publish(sealed.envelopes);
            world.settle();
            said.push(text);
        }
        say(&mut world, 0, &circle, &mut said, &format!("day {day}, further on"));
        renew_all(&mut world, &circle, &[0]);
        pass(&mut world, Duration::from_secs(24 * 3600), Duration::from_secs(1800));
        watch.look(&mut world);
    }

    assert_eq!(watch.moved, 0);
    one_head(&world, &circle, &honest);
    all_read(&world, &circle, &honest, &said);
}
