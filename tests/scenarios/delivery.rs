//! What a device knows of where its own items have come to.

use std::collections::BTreeSet;
use std::time::Duration;

use windbreak_protocol::content::Scope;
use windbreak_protocol::id::{CircleId, ItemId};
use windbreak_protocol::testing::Insider;
use windbreak_protocol::{Output, Redundant, Venue, Verdict};
use windbreak_tests::{Seed, World};

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn who_names_an_item_has_it_and_who_names_a_later_one_may_not() {
    let mut world = World::new(3, Seed(150));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    let first = world.share(0, &circle, "is anybody there").unwrap();
    world.run_for(MINUTE);
    assert_eq!(reached(&world, 0, &circle, first), 0, "votes and silence say nothing of items");

    let now = world.now;
    let reply =
        world.hosts[1].engine.reply(now, &circle, &first, "I am".into(), Scope::HereNow).unwrap();
    world.run_for(MINUTE);
    assert_eq!(reached(&world, 0, &circle, first), 1);
    // It names the reply alone, which implies the first item: its author may have come by one
    // without the other.
    let third = world.share(2, &circle, "good evening").unwrap();
    world.run_for(MINUTE);
    assert_eq!(reached(&world, 0, &circle, first), 1);
    assert_eq!(reached(&world, 1, &circle, reply), 1);
    assert_eq!(reached(&world, 0, &circle, reply), 2, "one named it, and this device has it");
    let now = world.now;
    world.hosts[2].engine.reply(now, &circle, &first, "So am I".into(), Scope::HereNow).unwrap();
    world.run_for(MINUTE);
    assert_eq!(reached(&world, 0, &circle, first), 2);
    assert_eq!(reached(&world, 2, &circle, third), 0);
    world.restart(0);
    assert_eq!(reached(&world, 0, &circle, first), 2, "it is known from what is kept");
}

#[test]
fn who_is_gone_is_not_counted_among_those_an_item_has_reached() {
    let mut world = World::new(3, Seed(155));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    let item = world.share(0, &circle, "is anybody there").unwrap();
    world.run_for(MINUTE);
    for host in [1, 2] {
        let now = world.now;
        let engine = &mut world.hosts[host].engine;
        engine.reply(now, &circle, &item, "I am".into(), Scope::HereNow).unwrap();
        world.hosts[host].obey_all();
        world.run_for(MINUTE);
    }
    assert_eq!(reached(&world, 0, &circle, item), 2);
    let gone = world.member(2, &circle).unwrap();
    let now = world.now;
    world.hosts[0].engine.remove_member(now, &circle, &gone, "As agreed.".into()).unwrap();
    world.hosts[0].obey_all();
    world.run_for(MINUTE);
    assert_eq!(reached(&world, 0, &circle, item), 1, "what they answered is still there");
    world.restart(0);
    assert_eq!(reached(&world, 0, &circle, item), 1);
}

#[test]
fn what_is_said_right_after_a_start_leaves_after_three_seconds_whatever_is_heard() {
    let mut world = World::new(2, Seed(151));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    world.restart(0);
    world.share(0, &circle, "I am back").unwrap();
    // On a slow line nothing was compared until then.
    let leaves = |world: &mut World, seconds: u64| {
        let now = world.now.after(Duration::from_secs(seconds));
        let engine = &mut world.hosts[0].engine;
        engine.handle_timeout(now);
        let outputs = std::iter::from_fn(|| engine.poll_output());
        outputs.filter(|output| matches!(output, Output::Publish { .. })).count()
    };
    assert_eq!(leaves(&mut world, 2), 0, "it listens first");
    let due = world.hosts[0].engine.poll_timeout();
    assert!(due.is_some_and(|due| due <= world.now.after(Duration::from_secs(3))), "{due:?}");
    assert_eq!(leaves(&mut world, 3), 1);
}

#[test]
fn what_was_said_before_somebody_came_reaches_those_it_was_for_although_the_change_is_heard_first()
{
    let mut world = World::new(4, Seed(152));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    world.set_online(1, false);
    let item = world.share(1, &circle, "for those here").unwrap();
    world.run_for(MINUTE);
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    world.knock(3, text).unwrap();
    world.run_for(MINUTE);
    let gone = world.member(2, &circle).unwrap();
    let now = world.now;
    world.hosts[0].engine.remove_member(now, &circle, &gone, "As agreed.".into()).unwrap();
    world.hosts[0].obey_all();
    world.run_for(MINUTE);

    // Its network hears what a relay has before it puts anything there.
    let envelopes = world.relay().cloned().collect();
    world.inject(1, Venue::Circle(circle), envelopes);
    assert!(!world.hosts[1].engine.is_held(&circle, &item), "nobody has it yet");
    world.set_online(1, true);
    world.run_for(MINUTE * 10);
    let read =
        |host: usize| world.hosts[host].texts(&circle).contains(&"for those here".to_owned());
    assert_eq!([0, 1, 3].map(read), [true, true, false]);
}

#[test]
fn what_is_not_for_a_device_is_found_to_be_so_again_after_a_start() {
    let mut world = World::new(3, Seed(154));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    // In one envelope, and in several.
    let texts = ["before you came".to_owned(), "It was a long winter. ".repeat(8_000)];
    let old = texts.map(|text| world.share(0, &circle, &text).unwrap());
    world.run_for(MINUTE);
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    world.knock(2, text).unwrap();
    world.run_for(MINUTE);

    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[1].engine, &circle, now).unwrap();
    let head = insider.head().unwrap();
    let carried = old.map(|item| insider.forward(&head, &item).unwrap().envelopes);
    assert!(carried[0].len() == 1 && carried[1].len() > 3);
    // What was sealed right before it came waits with it.
    let waiting = |world: &World| world.hosts[2].engine.circle(now, &circle).unwrap().waiting;
    let before = waiting(&world);
    for _ in 0..2 {
        for envelopes in &carried {
            let verdicts = world.inject(2, Venue::Circle(circle), envelopes.clone());
            let not_for_it = |verdict: &Verdict| *verdict == Verdict::Ignore(Redundant::NotForUs);
            assert!(verdicts.iter().all(not_for_it), "{verdicts:?}");
        }
        assert_eq!(waiting(&world), before);
        world.restart(2);
    }
    world.share(1, &circle, "good evening").unwrap();
    world.run_for(MINUTE);
    assert_eq!(world.hosts[2].texts(&circle), ["good evening"]);
}

fn reached(world: &World, host: usize, circle: &CircleId, item: ItemId) -> usize {
    let of = BTreeSet::from([item]);
    world.hosts[host].engine.reached(circle, &of).get(&item).copied().unwrap_or(0)
}
