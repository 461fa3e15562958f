//! Being away for longer than any relay keeps anything, and finding the way back.

use std::time::Duration;

use windbreak_protocol::id::CircleId;
use windbreak_tests::{Seed, World};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// The circle goes on for `days` days, with a commit and a share every fifth, and the relay forgets
/// what is older than thirty. Returns what was said.
fn go_on(world: &mut World, circle: &CircleId, days: u32) -> Vec<String> {
    let mut said = Vec::new();
    for day in (0..days).step_by(5) {
        world.invite(0, circle, 1, false).unwrap();
        let text = format!("on day {day}");
        world.share(0, circle, &text).unwrap();
        said.push(text);
        world.run_for(MINUTE);
        for _ in 0..5 {
            world.sleep(DAY);
        }
        world.run_for(MINUTE);
    }
    said
}

fn heads(world: &World, circle: &CircleId, hosts: &[usize]) -> usize {
    let head = |host: &usize| world.hosts[*host].engine.circle(world.now, circle).unwrap().head;
    hosts.iter().map(head).collect::<std::collections::BTreeSet<_>>().len()
}

#[test]
fn whoever_was_away_longer_than_relays_keep_anything_gets_the_commits_from_a_member() {
    let mut world = World::new(3, Seed(130));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    world.share(2, &circle, "before").unwrap();
    world.run_for(MINUTE);
    world.set_online(2, false);
    let mut expected = vec!["before".to_owned()];
    expected.extend(go_on(&mut world, &circle, 40));
    world.restart(2);
    world.set_online(2, true);
    world.run_for(MINUTE * 3);

    assert_eq!(heads(&world, &circle, &[0, 1, 2]), 1);
    assert_eq!(world.hosts[2].texts(&circle), expected);
    world.share(2, &circle, "back").unwrap();
    world.run_for(MINUTE);
    assert!(world.hosts[1].texts(&circle).contains(&"back".to_owned()));
}

#[test]
fn the_way_back_leads_over_a_removal_that_nobody_can_fetch_any_more() {
    let mut world = World::new(4, Seed(134));
    let circle = world.circle_of(4).unwrap();
    world.run_for(MINUTE);
    world.set_online(3, false);
    let gone = world.member(2, &circle).unwrap();
    let now = world.now;
    world.hosts[0].engine.remove_member(now, &circle, &gone, String::new()).unwrap();
    world.run_for(MINUTE);
    let expected = go_on(&mut world, &circle, 40);
    world.restart(1);
    world.set_online(3, true);
    world.run_for(MINUTE * 3);
    world.run_for(HOUR / 2);

    assert_eq!(heads(&world, &circle, &[0, 1, 3]), 1);
    assert_eq!(world.hosts[3].texts(&circle), expected);
    assert!(world.hosts[2].texts(&circle).is_empty());
}
