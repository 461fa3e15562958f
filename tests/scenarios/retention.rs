//! Keys go when nobody needs them any more, and not before.

use std::time::Duration;

use windbreak_tests::{Seed, World};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// Lets hours go by, an hour at a time, with a minute awake in each.
fn hours(world: &mut World, count: u32) {
    for _ in 0..count {
        world.sleep(HOUR - MINUTE);
        world.run_for(MINUTE);
    }
}

#[test]
fn a_head_under_which_something_was_said_is_left_after_twelve_hours() {
    let mut world = World::new(3, Seed(140));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    let now = world.now;
    let epoch = |world: &World| world.hosts[0].engine.circle(now, &circle).unwrap().epoch;
    let before = epoch(&world);
    hours(&mut world, 20);
    assert_eq!(epoch(&world), before, "nothing was said");

    world.share(1, &circle, "now there is something to forget").unwrap();
    hours(&mut world, 2);
    assert_eq!(epoch(&world), before + 1, "one member moves on and the others stand down");
    hours(&mut world, 20);
    assert_eq!(epoch(&world), before + 1);
    let heads: Vec<_> =
        (0..3).map(|host| world.hosts[host].engine.circle(now, &circle).unwrap().head).collect();
    assert!(heads.iter().all(|head| *head == heads[0]));
}
