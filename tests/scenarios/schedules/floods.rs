//! More than anybody needs: commits, envelopes, members.

use std::time::Duration;

use windbreak_protocol::limits::{MAX_WAITING, MAX_WAITING_OF_PORCH};
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::testing::Forgery;
use windbreak_protocol::wire::{FrameKind, SealKey};
use windbreak_protocol::{Redundant, Venue, Verdict};
use windbreak_tests::attack::{Watch, renew_all};

use super::stage::{all_read, gathered, insider, one_head, say};

#[test]
fn a_waiting_room_full_on_every_topic_is_bounded_and_stops_nobody() {
    let (mut world, circle) = gathered(3, 33);
    let venue = Venue::Circle(circle);
    let mut random = Random::from_seed(&Secret::from_bytes([78; 32]));
    let reach = world.hosts[1].engine.reach(&venue).unwrap();
    for followed in reach.topics {
        let hour = match followed.period {
            Some(period) if period != world.now.hour().period() => continue,
            _ => world.now.hour(),
        };
        let flood: Vec<_> = (0..2 * MAX_WAITING / 4)
            .map(|_| {
                let seal = SealKey::from_secret(&random.secret());
                seal.seal(&followed.key, hour, FrameKind::Item, b"rubbish", &mut random).unwrap()
            })
            .collect();
        let verdicts = world.inject(1, venue, flood);
        let waits = |verdict: &Verdict| {
            matches!(verdict, Verdict::Defer(_) | Verdict::Ignore(Redundant::NoRoom))
        };
        assert!(verdicts.iter().all(waits));
    }
    let waiting = world.hosts[1].engine.circle(world.now, &circle).unwrap().waiting;
    assert!(waiting <= MAX_WAITING / 4 + 64 * 2 + MAX_WAITING_OF_PORCH, "{waiting}");

    let mut said = Vec::new();
    say(&mut world, 0, &circle, &mut said, "heard all the same");
    renew_all(&mut world, &circle, &[2]);
    say(&mut world, 2, &circle, &mut said, "and under a new state");
    world.run_for(Duration::from_secs(10));
    one_head(&world, &circle, &[0, 1, 2]);
    all_read(&world, &circle, &[0, 1, 2], &said);
}

#[test]
fn a_member_of_ten_who_renews_a_third_time_in_eight_commits_is_refused_and_of_nine_is_not() {
    for (count, seed, lawful) in [(9, 34, true), (10, 35, false)] {
        let (mut world, circle) = gathered(count, seed);
        renew_all(&mut world, &circle, &(0..8).collect::<Vec<_>>());
        let mut watch = Watch::over(&mut world, &circle, &[0, 1, 2]);
        for number in 0..6 {
            let mut attacker = insider(&mut world, count - 1, &circle);
            let head = attacker.head().unwrap();
            let made = attacker.commit(&head, Forgery::default()).unwrap();
            attacker.publish(made.envelopes.clone());
            attacker.take_up(&made.state);
            world.settle();
            let taken = insider(&mut world, 0, &circle).states().iter().any(|s| s.id == made.state);
            assert_eq!(taken, lawful || number < 2, "{count} members, commit {number}");
        }
        watch.look(&mut world);
        assert_eq!(watch.moved, 0);
    }
}
