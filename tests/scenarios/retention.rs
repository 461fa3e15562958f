//! Keys go when nobody needs them any more, and not before.

use std::collections::BTreeSet;
use std::time::Duration;

use windbreak_protocol::record::RecordKind;
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

/// The states of a device whose MLS records its store holds.
fn kept(world: &World, host: usize) -> BTreeSet<Vec<u8>> {
    let records = world.hosts[host].records();
    let namespaces = records.filter(|(key, _)| key.kind() == RecordKind::Namespace);
    namespaces.map(|(key, _)| key.name()[32..64].to_vec()).collect()
}

fn headers(world: &World, host: usize) -> usize {
    let states = world.hosts[host].records().filter(|(key, _)| key.kind() == RecordKind::State);
    states.count() - kept(world, host).len()
}

#[test]
fn keys_go_when_everybody_has_gone_on_and_all_stays_readable() {
    let mut world = World::new(3, Seed(141));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    let mut texts = Vec::new();
    for day in 0..4 {
        let text = format!("day {day}");
        world.share(day % 3, &circle, &text).unwrap();
        texts.push(text);
        hours(&mut world, 24);
    }
    for host in 0..3 {
        let kept = kept(&world, host).len();
        assert!(kept <= 2, "device {host} keeps the keys of {kept} states");
        assert!(headers(&world, host) >= 4);
        world.restart(host);
        assert_eq!(world.hosts[host].texts(&circle), texts);
    }
    hours(&mut world, 2);
    world.share(2, &circle, "after a restart").unwrap();
    world.run_for(MINUTE);
    assert!(world.hosts[0].texts(&circle).contains(&"after a restart".to_owned()));
}

#[test]
fn whoever_was_away_for_days_is_waited_for_and_reads_and_is_read() {
    let mut world = World::new(3, Seed(142));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    world.set_online(2, false);
    let mut texts = Vec::new();
    for day in 0..6 {
        let text = format!("day {day}");
        world.share(day % 2, &circle, &text).unwrap();
        texts.push(text);
        hours(&mut world, 24);
    }
    assert!(kept(&world, 0).len() > 3, "member 2 may have written something");
    world.share(2, &circle, "from the island").unwrap();
    world.set_online(2, true);
    hours(&mut world, 3);
    texts.push("from the island".to_owned());
    for host in 0..3 {
        assert_eq!(world.hosts[host].texts(&circle), texts, "device {host}");
    }
    // It sealed that again under the head (O-101); what may be on its way is waited for for a day.
    hours(&mut world, 26);
    for host in 0..3 {
        let kept = kept(&world, host).len();
        assert!(kept <= 2, "device {host}: {kept}");
    }
}

#[test]
fn what_somebody_says_before_they_know_that_their_commit_arrived_is_read_by_all() {
    let mut world = World::new(3, Seed(146));
    let circle = world.circle_of(3).unwrap();
    // Everybody has sealed something under the head, so that all before it goes.
    for host in 0..3 {
        world.share(host, &circle, &format!("{host} is here")).unwrap();
    }
    hours(&mut world, 2);
    let now = world.now;
    let head =
        |world: &World, host: usize| world.hosts[host].engine.circle(now, &circle).unwrap().head;
    let before = head(&world, 1);

    world.set_online(0, false);
    world.invite(0, &circle, 1, false).unwrap();
    world.carry_unheard(0);
    world.run_for(MINUTE);
    assert_ne!(head(&world, 1), before, "the commit reached the others");
    assert_eq!(head(&world, 0), before, "and its author does not know");
    world.share(0, &circle, "one more").unwrap();
    for host in 1..3 {
        world.share(host, &circle, &format!("{host} has moved on")).unwrap();
    }
    // The others look at what may go.
    hours(&mut world, 2);
    world.set_online(0, true);
    world.run_for(MINUTE);
    for host in 0..3 {
        let texts = world.hosts[host].texts(&circle);
        assert!(texts.contains(&"one more".to_owned()), "device {host} shows {texts:?}");
    }
}

#[test]
fn a_device_that_was_away_lets_nothing_go_before_it_has_caught_up() {
    let mut world = World::new(2, Seed(143));
    let circle = world.circle_of(2).unwrap();
    world.share(0, &circle, "before").unwrap();
    world.run_for(MINUTE);
    world.set_online(1, false);
    hours(&mut world, 26);
    world.share(0, &circle, "meanwhile").unwrap();
    hours(&mut world, 26);
    let before = kept(&world, 1);
    world.restart(1);
    let now = world.now;
    world.hosts[1].engine.handle_timeout(now);
    world.hosts[1].obey_all();
    assert_eq!(kept(&world, 1), before);
    world.set_online(1, true);
    hours(&mut world, 3);
    assert_eq!(world.hosts[1].texts(&circle), ["before", "meanwhile"]);
    assert!(kept(&world, 1).len() <= 2);
}

#[test]
fn what_somebody_said_who_is_gone_keeps_its_name_when_the_keys_are_gone() {
    let mut world = World::new(3, Seed(144));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    world.share(2, &circle, "before I went").unwrap();
    world.run_for(MINUTE);
    let gone = world.member(2, &circle).unwrap();
    let now = world.now;
    world.hosts[0].engine.remove_member(now, &circle, &gone, "As agreed.".into()).unwrap();
    world.run_for(MINUTE);
    world.share(0, &circle, "after that").unwrap();
    hours(&mut world, 40);
    assert!(kept(&world, 0).len() <= 2);
    for _ in 0..2 {
        let names = world.hosts[0].engine.with_timeline(&circle, |timeline| {
            let entries = timeline.entries().iter();
            entries.map(|entry| entry.name().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        });
        assert_eq!(names.unwrap(), ["member 2", "member 0"]);
        world.restart(0);
    }
}

#[test]
fn without_a_majority_keys_are_kept_for_sixty_days() {
    let mut world = World::new(5, Seed(145));
    let circle = world.circle_of(5).unwrap();
    // Everybody says something, and so votes.
    for host in 0..5 {
        world.share(host, &circle, "here").unwrap();
    }
    hours(&mut world, 30);
    // Whoever renewed a leaf meanwhile has said nothing since, and might have before they knew.
    for host in 0..5 {
        world.share(host, &circle, "here still").unwrap();
    }
    hours(&mut world, 1);
    // Not everybody votes who is a member; one alone is no majority.
    for host in 1..5 {
        world.set_online(host, false);
    }
    let before = kept(&world, 0);
    world.share(0, &circle, "is anybody there").unwrap();
    for _ in 0..50 {
        world.sleep(HOUR * 24 - MINUTE);
        world.run_for(MINUTE);
    }
    assert!(before.is_subset(&kept(&world, 0)), "most may have written something");
    for _ in 0..20 {
        world.sleep(HOUR * 24 - MINUTE);
        world.run_for(MINUTE);
    }
    assert!(before.is_disjoint(&kept(&world, 0)));
}
