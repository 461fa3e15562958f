//! A report goes on until somebody answers it, as often as it may, and stays with those it is for.

use std::collections::BTreeSet;
use std::time::Duration;

use windbreak_protocol::id::{CircleId, ItemId, ReportId};
use windbreak_protocol::limits::MAX_REPORTS;
use windbreak_protocol::testing::Insider;
use windbreak_protocol::{ReportStage, Venue};
use windbreak_tests::{Seed, World};

const WORDS: &str = "you are worth nothing";
const DAY: Duration = Duration::from_secs(24 * 3600);

fn moment(world: &mut World) {
    world.run_for(Duration::from_secs(5));
}

/// So many days, looked at every half hour.
fn days(world: &mut World, days: u32) {
    for _ in 0..48 * days {
        world.sleep(DAY / 48);
    }
    moment(world);
}

/// Host 2 reports what host 1 says; what they said, and the report.
fn report(world: &mut World, circle: &CircleId) -> (ItemId, ReportId) {
    let share = world.share(1, circle, WORDS).unwrap();
    moment(world);
    let now = world.now;
    let made = world.hosts[2].engine.report(now, circle, &share, "This is meant to hurt.");
    world.hosts[2].obey_all();
    (share, made.unwrap())
}

fn reports(world: &World, host: usize, circle: &CircleId) -> BTreeSet<ReportId> {
    let reports = world.hosts[host].engine.reports(circle).unwrap();
    reports.into_iter().map(|report| report.id).collect()
}

fn stage(world: &World, circle: &CircleId, id: &ReportId) -> ReportStage {
    let reports = world.hosts[2].engine.reports(circle).unwrap();
    reports.into_iter().find(|report| report.id == *id).unwrap().stage
}

/// The relay loses what it holds, and host `host` is there again. Three days later it reads the
/// others.
fn come_too_late(world: &mut World, circle: &CircleId, host: usize) {
    world.hide_relay();
    world.restart(2);
    world.set_online(host, true);
    days(world, 3);
    world.share(1, circle, "still here").unwrap();
    moment(world);
    assert!(world.hosts[host].texts(circle).contains(&"still here".to_owned()));
}

#[test]
fn a_report_that_nobody_got_is_sent_again() {
    let mut world = World::new(4, Seed(45));
    let circle = world.circle_of(4).unwrap();
    world.set_online(0, false);
    let (_, id) = report(&mut world, &circle);
    days(&mut world, 2);
    assert_eq!(stage(&world, &circle, &id), ReportStage::Open, "it was sent");
    come_too_late(&mut world, &circle, 0);
    assert_eq!(reports(&world, 0, &circle), [id].into());
}

#[test]
fn a_report_that_nobody_answers_is_sent_five_times_and_no_more() {
    let mut world = World::new(4, Seed(46));
    let circle = world.circle_of(4).unwrap();
    world.set_online(0, false);
    let (_, id) = report(&mut world, &circle);
    days(&mut world, 6);
    world.restart(2);
    days(&mut world, 6);
    assert_eq!(stage(&world, &circle, &id), ReportStage::Open);
    come_too_late(&mut world, &circle, 0);
    assert_eq!(reports(&world, 0, &circle), BTreeSet::new());
}

#[test]
fn a_report_that_was_answered_is_not_sent_again() {
    let mut world = World::new(4, Seed(47));
    let circle = world.circle_of(4).unwrap();
    world.promote(0, &circle, 3).unwrap();
    world.set_online(3, false);
    let (_, id) = report(&mut world, &circle);
    // Until it is there: every further day it would be sent once more.
    for _ in 0..4 * 24 {
        if reports(&world, 0, &circle).is_empty() {
            world.sleep(DAY / 48);
        }
    }
    let now = world.now;
    world.hosts[0].engine.acknowledge_report(now, &circle, &id).unwrap();
    world.hosts[0].obey_all();
    moment(&mut world);
    assert_eq!(stage(&world, &circle, &id), ReportStage::Acknowledged);
    come_too_late(&mut world, &circle, 3);
    assert_eq!(reports(&world, 3, &circle), BTreeSet::new());
}

#[test]
fn an_open_report_stays_when_there_is_no_more_room() {
    let mut world = World::new(3, Seed(48));
    let circle = world.circle_of(3).unwrap();
    let share = world.share(1, &circle, WORDS).unwrap();
    moment(&mut world);
    let tell = |world: &mut World| {
        let now = world.now;
        let mut insider = Insider::of(&mut world.hosts[2].engine, &circle, now).unwrap();
        let quote = insider.signed(&share);
        let envelopes = insider.report(&share, quote).unwrap();
        let before = reports(world, 0, &circle);
        world.inject(0, Venue::Circle(circle), envelopes);
        reports(world, 0, &circle).difference(&before).copied().next()
    };
    let first = tell(&mut world).unwrap();
    let closed = tell(&mut world).unwrap();
    let now = world.now;
    world.hosts[0].engine.close_report(now, &circle, &closed, "We talked.").unwrap();
    world.hosts[0].obey_all();
    // A few a day are taken from those who give no name.
    for _ in 0..2 * MAX_REPORTS {
        if reports(&world, 0, &circle).len() == MAX_REPORTS {
            break;
        }
        if tell(&mut world).is_none() {
            world.sleep(DAY);
        }
    }
    let full = reports(&world, 0, &circle);
    assert_eq!(full.len(), MAX_REPORTS);
    assert!(full.contains(&first) && full.contains(&closed));

    // What is closed goes for the next one, and then the newest of so many about one thing.
    world.sleep(DAY);
    let next = tell(&mut world).unwrap();
    let mut expected = full;
    expected.remove(&closed);
    expected.insert(next);
    assert!(reports(&world, 0, &circle) == expected, "what is closed goes first");
    moment(&mut world);
    let last = tell(&mut world).unwrap();
    expected.remove(&next);
    expected.insert(last);
    world.restart(0);
    assert!(reports(&world, 0, &circle) == expected, "the newest goes");
}
