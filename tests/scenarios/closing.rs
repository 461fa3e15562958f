//! The keys of a circle that a device is out of: they go, and what was read stays.

use std::time::Duration;

use windbreak_protocol::Standing;
use windbreak_protocol::id::CircleId;
use windbreak_protocol::record::RecordKind;
use windbreak_tests::{Seed, World};

const KEYS: [RecordKind; 4] =
    [RecordKind::Namespace, RecordKind::Era, RecordKind::Porch, RecordKind::MemberKey];

/// Records of a device that hold keys.
fn keys(world: &World, host: usize) -> usize {
    world.hosts[host].records().filter(|(key, _)| KEYS.contains(&key.kind())).count()
}

fn a_circle(world: &mut World) -> CircleId {
    let circle = world.circle_of(3).unwrap();
    world.share(0, &circle, "read by all").unwrap();
    world.run_for(Duration::from_secs(60));
    circle
}

fn shows_what_was_read(world: &mut World, host: usize, circle: &CircleId) {
    for _ in 0..2 {
        assert_eq!(world.hosts[host].texts(circle), ["read by all"]);
        let overview = world.hosts[host].engine.circle(world.now, circle).unwrap();
        assert_eq!(overview.title, "Evening circle");
        world.restart(host);
    }
}

#[test]
fn a_circle_that_was_left_lets_its_keys_go() {
    let mut world = World::new(3, Seed(31));
    let circle = a_circle(&mut world);
    let now = world.now;
    world.hosts[2].engine.leave(now, &circle).unwrap();
    world.run_for(Duration::from_secs(60));
    let overview = world.hosts[2].engine.circle(world.now, &circle).unwrap();
    assert_eq!(overview.standing, Standing::Left);

    world.sleep(Duration::from_secs(600));
    assert_eq!(keys(&world, 2), 0);
    shows_what_was_read(&mut world, 2, &circle);
    // The others go on.
    assert!(keys(&world, 0) > 0);
    world.share(0, &circle, "without them").unwrap();
    world.run_for(Duration::from_secs(60));
    assert!(world.hosts[1].texts(&circle).contains(&"without them".to_owned()));
}

#[test]
fn a_circle_one_was_removed_from_keeps_its_keys_until_nothing_brings_one_back() {
    let mut world = World::new(3, Seed(32));
    let circle = a_circle(&mut world);
    let member = world.member(2, &circle).unwrap();
    let now = world.now;
    world.hosts[0].engine.remove_member(now, &circle, &member, "As agreed.".into()).unwrap();
    world.run_for(Duration::from_secs(120));
    let overview = world.hosts[2].engine.circle(world.now, &circle).unwrap();
    assert_eq!(overview.standing, Standing::Removed);

    world.sleep(Duration::from_secs(3600));
    assert!(keys(&world, 2) > 0);
    world.sleep(Duration::from_secs(15 * 24 * 3600));
    assert_eq!(keys(&world, 2), 0);
    shows_what_was_read(&mut world, 2, &circle);
}
