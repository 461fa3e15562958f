//! Peers who break the rules: bounded, harmless, and never believed.

use std::time::Duration;

use windbreak_protocol::identity::Verified;
use windbreak_protocol::limits::MAX_WAITING;
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::{Hour, Timestamp};
use windbreak_protocol::wire::{Envelope, FrameKind, SealKey, TopicKey};
use windbreak_protocol::{Missing, Redundant, Venue, Verdict};
use windbreak_tests::{Seed, World};

/// The key of the topic a member publishes on now: what any insider has.
fn live_topic(world: &World, host: usize, venue: &Venue) -> TopicKey {
    let reach = world.hosts[host].engine.reach(venue).unwrap();
    let period = world.now.hour().period();
    reach.topics.into_iter().find(|topic| topic.period == Some(period)).unwrap().key
}

fn rubbish(topic: &TopicKey, hour: Hour, random: &mut Random) -> Verified<Envelope> {
    let seal = SealKey::from_secret(&random.secret());
    seal.seal(topic, hour, FrameKind::Item, b"rubbish", random).unwrap()
}

fn random() -> Random {
    Random::from_seed(&Secret::from_bytes([77; 32]))
}

#[test]
fn well_signed_rubbish_fills_a_bounded_room_and_stops_nobody() {
    let mut world = World::new(2, Seed(80));
    let circle = world.circle_of(2).unwrap();
    let venue = Venue::Circle(circle);
    let topic = live_topic(&world, 0, &venue);
    let mut random = random();
    let flood =
        (0..MAX_WAITING + 100).map(|_| rubbish(&topic, world.now.hour(), &mut random)).collect();

    let verdicts = world.inject(1, venue, flood);
    let waiting = world.hosts[1].engine.circle(world.now, &circle).unwrap().waiting;
    assert_eq!(waiting, MAX_WAITING / 4, "a quarter of the places is all one topic gets");
    // What had to go for others is asked for again, like what finds no room.
    let stays = |verdict: &&Verdict| **verdict == Verdict::Defer(Missing::Key);
    assert_eq!(verdicts.iter().filter(stays).count(), waiting);
    let goes = |verdict: &&Verdict| **verdict == Verdict::Ignore(Redundant::NoRoom);
    assert_eq!(verdicts.iter().filter(goes).count(), verdicts.len() - waiting);
    world.share(0, &circle, "still here").unwrap();
    world.settle();

    assert_eq!(world.hosts[1].texts(&circle), ["still here"]);
    world.restart(1);
    assert_eq!(world.hosts[1].texts(&circle), ["still here"]);
}

#[test]
fn an_envelope_handed_over_twice_is_taken_in_once() {
    let mut world = World::new(2, Seed(81));
    let circle = world.circle_of(2).unwrap();
    world.share(0, &circle, "once").unwrap();
    world.settle();
    let all: Vec<_> = world.relay().cloned().collect();

    for _ in 0..2 {
        let before = world.hosts[1].engine.circle(world.now, &circle).unwrap();
        world.inject(1, Venue::Circle(circle), all.clone());
        let after = world.hosts[1].engine.circle(world.now, &circle).unwrap();
        assert_eq!((before.head, before.items), (after.head, after.items));
        world.restart(1);
    }

    assert_eq!(world.hosts[1].texts(&circle), ["once"]);
}

#[test]
fn strange_topics_and_hours_far_ahead_are_ignored() {
    let mut world = World::new(2, Seed(82));
    let circle = world.circle_of(2).unwrap();
    let venue = Venue::Circle(circle);
    world.sleep(Duration::from_secs(15 * 24 * 3600));
    let mut random = random();
    let stranger = TopicKey::from_secret(&random.secret());
    let strange = rubbish(&stranger, world.now.hour(), &mut random);
    let topic = live_topic(&world, 0, &venue);
    let ahead = rubbish(&topic, Hour::new(world.now.hour().get() + 27), &mut random);
    let other_period = rubbish(&topic, Hour::new(world.now.hour().get() - 168), &mut random);

    assert_eq!(
        world.inject(1, venue, vec![strange, ahead, other_period]),
        [
            Verdict::Ignore(Redundant::ForeignTopic),
            Verdict::Ignore(Redundant::TooFarAhead),
            Verdict::Ignore(Redundant::ForeignTopic),
        ]
    );
}

#[test]
fn one_changed_bit_anywhere_spoils_an_envelope() {
    let mut world = World::new(2, Seed(83));
    let circle = world.circle_of(2).unwrap();
    world.share(0, &circle, "whole").unwrap();
    world.settle();
    let envelope = world.relay().next().unwrap().as_bytes().to_vec();
    for at in (0..envelope.len()).step_by(97) {
        let mut spoilt = envelope.clone();
        spoilt[at] ^= 1;
        let verified = Envelope::from_bytes(spoilt).ok().and_then(|e| e.verify().ok());
        assert!(verified.is_none(), "byte {at}");
    }
}

#[test]
fn what_a_removed_member_goes_on_writing_is_not_shown() {
    let mut world = World::new(3, Seed(84));
    let circle = world.circle_of(3).unwrap();
    world.share(2, &circle, "said in time").unwrap();
    world.settle();
    let gone = world.member(2, &circle).unwrap();
    world.set_online(2, false);
    let now = world.now;
    world.hosts[0].engine.remove_member(now, &circle, &gone, "As agreed.".into()).unwrap();
    world.run_for(Duration::from_secs(10));
    // It does not know yet, and writes on under the state it has.
    world.share(2, &circle, "said too late").unwrap();
    world.set_online(2, true);
    world.run_for(Duration::from_secs(10));
    world.share(1, &circle, "going on").unwrap();
    world.run_for(Duration::from_secs(10));

    for host in [0, 1] {
        assert_eq!(world.hosts[host].texts(&circle), ["said in time", "going on"]);
    }
}

#[test]
fn a_clock_a_year_ahead_or_behind_stops_nobody_from_joining() {
    let mut world = World::new(2, Seed(85));
    let circle = world.circle_of(2).unwrap();
    // Adds are replayed by whoever catches up, whatever their clock says of lifetimes.
    world.now = Timestamp::from_seconds(world.now.as_seconds() + 7 * 24 * 3600);
    world.restart(1);
    world.run_for(Duration::from_secs(5));
    world.share(0, &circle, "a week on").unwrap();
    world.run_for(Duration::from_secs(5));

    assert_eq!(world.hosts[1].texts(&circle), ["a week on"]);
}
