//! Several commits by one leaf on one state, told to each in another order.

use std::time::Duration;

use windbreak_protocol::Venue;
use windbreak_protocol::testing::Forgery;

use super::stage::{all_read, forge_on, gathered, head, one_head, publish, say};

#[test]
fn four_twins_told_to_everybody_in_another_order_end_at_one_head() {
    for (count, seed) in [(2, 9), (3, 10), (5, 11), (9, 12)] {
        four_twins(count, seed);
    }
}

/// Everybody but their author hears them in another order.
pub(super) fn four_twins(count: usize, seed: u8) {
    let (mut world, circle) = gathered(count, seed);
    let attacker = count - 1;
    let honest: Vec<usize> = (0..attacker).collect();
    let root = head(&mut world, attacker, &circle);
    let twins: Vec<_> = (0..4)
        .map(|_| forge_on(&mut world, attacker, &circle, &root, Forgery::default()))
        .collect();
    let mut said = Vec::new();
    for host in &honest {
        for place in 0..4 {
            let twin = &twins[(host + place) % 4];
            world.inject(*host, Venue::Circle(circle), twin.envelopes.clone());
            if place == 0 {
                let text = format!("{host} under one twin");
                world.share(*host, &circle, &text).unwrap();
                said.push(text);
            }
        }
    }
    for twin in &twins {
        publish(&mut world, attacker, &circle, twin);
    }
    world.run_for(Duration::from_secs(180));
    for host in &honest {
        say(&mut world, *host, &circle, &mut said, &format!("{host} afterwards"));
    }
    world.run_for(Duration::from_secs(120));

    one_head(&world, &circle, &honest);
    all_read(&world, &circle, &honest, &said);
}
