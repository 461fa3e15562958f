//! Devices that come back, and sides that find each other: what an insider makes of it.

use std::time::Duration;

use windbreak_protocol::Event;
use windbreak_protocol::Venue;
use windbreak_protocol::id::CircleId;
use windbreak_protocol::testing::Forgery;
use windbreak_tests::World;
use windbreak_tests::attack::{Watch, pass};

use super::stage::{all_read, forge_on, gathered, gathered_of, head, insider, one_head, say};

const DAY: Duration = Duration::from_secs(24 * 3600);
const HOUR: Duration = Duration::from_secs(3600);

/// So many days, in which each of `talkers` says a word now and then.
fn weeks(
    world: &mut World,
    circle: &CircleId,
    said: &mut Vec<String>,
    talkers: &[usize],
    days: u32,
) {
    for day in 0..days {
        if day % 4 == 0 {
            for host in talkers {
                say(world, *host, circle, said, &format!("apart, day {day}, from {host}"));
            }
        }
        pass(world, DAY, HOUR * 6);
    }
}

#[test]
fn two_sides_that_share_no_state_any_more_meet_by_beacons() {
    let pairs = (111..117).map(|seed| (2, vec![1], seed));
    let others = [(5, vec![3, 4], 110), (4, vec![2, 3], 112), (4, vec![2, 3], 113)];
    for (count, there, seed) in pairs.chain(others) {
        let (mut world, circle) = gathered(count, seed);
        world.split(&there);
        let here: Vec<usize> = (0..count).filter(|host| !there.contains(host)).collect();
        let mut said = Vec::new();
        // Longer than either side keeps the keys of the state at which they parted.
        weeks(&mut world, &circle, &mut said, &[0, there[0]], 75);
        world.heal();
        pass(&mut world, DAY * 2, HOUR);
        pass(&mut world, HOUR * 2, Duration::from_secs(60));

        let everybody: Vec<usize> = (0..count).collect();
        one_head(&world, &circle, &everybody);
        // Each says something, and whoever sees a gap before it asks.
        for host in [0, there[0], here[here.len() - 1]] {
            say(&mut world, host, &circle, &mut said, &format!("together, from {host}"));
        }
        pass(&mut world, DAY * 2, HOUR);
        pass(&mut world, HOUR * 2, Duration::from_secs(60));
        one_head(&world, &circle, &everybody);
        let texts = world.hosts[0].texts(&circle);
        for host in &everybody {
            let shown = world.hosts[*host].texts(&circle);
            assert!(shown.iter().any(|text| text == "together, from 0"), "host {host}");
            assert_eq!(shown.len(), texts.len(), "host {host} of {count}");
        }
        let mut lacks: Vec<&String> = said.iter().filter(|text| !texts.contains(text)).collect();
        lacks.dedup();
        assert!(lacks.is_empty(), "{lacks:?}");
    }
}

#[test]
fn one_false_beacon_moves_nobody() {
    for (count, seed) in [(2, 113), (3, 114), (5, 115)] {
        false_beacon(count, seed);
    }
}

/// The last of `count` sends them; two talk.
pub(super) fn false_beacon(count: usize, seed: u8) {
    let (mut world, circle) = gathered(count, seed);
    let mut said = Vec::new();
    weeks(&mut world, &circle, &mut said, &[0, 1], 4);
    let honest: Vec<usize> = (0..count - 1).collect();
    let mut watch = Watch::over(&mut world, &circle, &honest);
    for _ in 0..3 {
        // A way that parts from everybody's at a state whose keys went long ago.
        let mut liar = insider(&mut world, count - 1, &circle);
        let gone = liar.path().into_iter().find(|state| !state.keys).unwrap().id;
        let beacon = liar.false_beacon(vec![[7; 32], [8; 32]], &gone).unwrap();
        liar.publish(beacon);
        world.settle();
        pass(&mut world, DAY, HOUR);
        watch.look(&mut world);
    }

    assert_eq!(watch.moved, 0, "{count} members");
    one_head(&world, &circle, &honest);
    all_read(&world, &circle, &honest, &said);
    for host in honest {
        let overview = world.hosts[host].engine.circle(world.now, &circle).unwrap();
        assert!(!overview.coming_back, "host {host}");
    }
}

#[test]
fn rival_commits_beside_a_return_end_at_one_head() {
    for seed in 120..124 {
        let (mut world, circle) = gathered_of(4, 4, seed);
        pass(&mut world, HOUR * 3, Duration::from_secs(600));
        let snapshot = world.snapshot(3);
        let mut said = Vec::new();
        say(&mut world, 3, &circle, &mut said, "before the fall");
        world.run_for(Duration::from_secs(10));
        // Both halves hear the request and not each other's answer.
        world.restore(3, &snapshot);
        world.settle();
        let root = head(&mut world, 0, &circle);
        let rivals: Vec<_> = [0, 1]
            .into_iter()
            .map(|host| {
                let soon = world.now.after(Duration::from_secs(1));
                world.hosts[host].engine.handle_timeout(soon);
                world.hosts[host].obey_all();
                forge_on(&mut world, host, &circle, &root, Forgery::default())
            })
            .collect();
        for (host, rival) in [(1, 1), (2, 0)] {
            world.inject(host, Venue::Circle(circle), rivals[rival].envelopes.clone());
        }
        for (host, rival) in [0, 1].into_iter().zip(&rivals) {
            let mut owner = insider(&mut world, host, &circle);
            owner.publish(rival.envelopes.clone());
            owner.take_up(&rival.state);
        }
        world.run_for(Duration::from_secs(600));
        for host in 0..4 {
            say(&mut world, host, &circle, &mut said, &format!("from {host}"));
        }
        world.run_for(Duration::from_secs(120));

        assert_eq!(came_back(&world, 3), 1, "seed {seed}");
        one_head(&world, &circle, &[0, 1, 2, 3]);
        all_read(&world, &circle, &[0, 1, 2, 3], &said);
    }
}

fn came_back(world: &World, host: usize) -> usize {
    let events = world.hosts[host].events.iter();
    events.filter(|event| matches!(event, Event::CameBack { .. })).count()
}

#[test]
fn two_rival_welcomes_for_one_return_end_at_one_head() {
    for seed in 124..132 {
        let (mut world, circle) = gathered_of(4, 4, seed);
        pass(&mut world, HOUR * 3, Duration::from_secs(600));
        let snapshot = world.snapshot(3);
        let mut said = Vec::new();
        say(&mut world, 3, &circle, &mut said, "before the fall");
        world.run_for(Duration::from_secs(10));
        // Both halves hear the request, and neither the other's answer: each takes the device back.
        world.take_back(3, &snapshot);
        world.settle();
        let root = head(&mut world, 0, &circle);
        world.split(&[1]);
        world.run_for(Duration::from_secs(600));
        let heads: Vec<_> = [0, 1].map(|host| head(&mut world, host, &circle)).into();
        assert!(heads.iter().all(|head| *head != root), "seed {seed}");
        assert_ne!(heads[0], heads[1], "seed {seed}");
        assert_eq!(came_back(&world, 3), 1, "seed {seed}");
        world.heal();
        world.run_for(Duration::from_secs(600));
        for host in 0..4 {
            say(&mut world, host, &circle, &mut said, &format!("from {host}"));
        }
        world.run_for(Duration::from_secs(120));

        assert_eq!(came_back(&world, 3), 1, "seed {seed}");
        one_head(&world, &circle, &[0, 1, 2, 3]);
        all_read(&world, &circle, &[0, 1, 2, 3], &said);
    }
}
