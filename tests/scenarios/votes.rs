//! What members sealed decides which of several rivals counts (specs/04-order O-31 to O-38).

use std::collections::BTreeSet;
use std::time::Duration;

use windbreak_protocol::id::{CircleId, StateId};
use windbreak_protocol::testing::{ForgedItem, Insider};
use windbreak_protocol::{Redundant, Venue, Verdict};
use windbreak_tests::{Seed, World};

fn head(world: &World, host: usize, circle: &CircleId) -> StateId {
    world.hosts[host].engine.circle(world.now, circle).unwrap().head
}

/// Members 1 and 2 renew a leaf and talk on that side, unseen by the facilitator, who opens an
/// invite on the other. Returns the head of each side.
fn split_of_two_against_a_facilitator(world: &mut World, circle: &CircleId) -> (StateId, StateId) {
    world.set_online(0, false);
    for number in 0..65 {
        world.share(1, circle, &format!("one {number}")).unwrap();
    }
    world.run_for(Duration::from_secs(30));
    world.share(2, circle, "two").unwrap();
    world.settle();
    let theirs = head(world, 2, circle);

    world.set_online(1, false);
    world.set_online(2, false);
    world.hide_relay();
    world.set_online(0, true);
    world.invite(0, circle, 1, true).unwrap();
    world.run_for(Duration::from_secs(10));
    (theirs, head(world, 0, circle))
}

#[test]
fn votes_outlast_a_restart() {
    for restarted in 0..3 {
        let mut world = World::new(3, Seed(120));
        let circle = world.circle_of(3).unwrap();
        world.run_for(Duration::from_secs(60));
        let (theirs, alone) = split_of_two_against_a_facilitator(&mut world, &circle);
        assert_ne!(theirs, alone);
        world.restart(restarted);
        world.show_relay();
        world.set_online(1, true);
        world.set_online(2, true);
        world.run_for(Duration::from_secs(60));
        world.restart(restarted);
        world.run_for(Duration::from_secs(60));

        let heads: Vec<StateId> = (0..3).map(|host| head(&world, host, &circle)).collect();
        assert!(heads.iter().all(|head| *head == heads[0]), "{heads:?}");
        assert_ne!(heads[0], alone, "two of three stand on the other side");
    }
}

#[test]
fn readers_say_where_they_stand_and_rarely() {
    let mut world = World::new(3, Seed(121));
    let circle = world.circle_of(3).unwrap();
    // What was to be said of the coming of the others is said, and an hour has gone by since.
    world.run_for(Duration::from_secs(2 * 3700));
    // What every device says once a day without its name is no vote.
    let named = |world: &World| world.relay().filter(|e| e.as_bytes().len() < 16_384).count();
    let before = named(&world);
    // Four commits, one after the other, and nobody has anything to say.
    for _ in 0..4 {
        world.invite(0, &circle, 1, true).unwrap();
        world.run_for(Duration::from_secs(10));
    }
    world.run_for(Duration::from_secs(60));
    let cards = 4;
    let soon = named(&world) - before;
    assert_eq!(soon - cards, 4 + 2, "four commits, and one vote each of the two who read");
    world.run_for(Duration::from_secs(3700));
    assert!(named(&world) - before - soon <= 2, "once an hour");
    assert_eq!(world.hosts[1].texts(&circle), Vec::<String>::new());
    world.restart(1);
    let outbox = world.hosts[1].engine.circle(world.now, &circle).unwrap().outbox;
    assert_eq!(outbox, 0, "all of it arrived");
}

#[test]
fn a_commit_that_waited_for_weeks_is_sent_again_and_not_made_again() {
    let mut world = World::new(2, Seed(122));
    let circle = world.circle_of(2).unwrap();
    world.run_for(Duration::from_secs(60));
    world.set_online(0, false);
    let (invite, _) = world.invite(0, &circle, 1, true).unwrap();
    world.run_for(Duration::from_secs(10));
    for _ in 0..3 {
        world.sleep(Duration::from_secs(7 * 24 * 3600));
    }
    world.restart(0);
    world.set_online(0, true);
    world.run_for(Duration::from_secs(120));

    assert_eq!(head(&world, 0, &circle), head(&world, 1, &circle));
    let open = world.hosts[1].engine.circle(world.now, &circle).unwrap().invites;
    assert!(open.iter().any(|other| other.id == invite));
    let now = world.now;
    let states = Insider::of(&mut world.hosts[1].engine, &circle, now).unwrap().states();
    let places: BTreeSet<_> = states.iter().map(|state| (state.parent, state.leaf)).collect();
    assert_eq!(places.len(), states.len(), "no leaf committed twice on one state");
}

/// Encrypting the same again is what any member could do with what another one signed: under which
/// key of the ratchet stands outside the signature.
#[test]
fn what_was_signed_once_and_is_encrypted_twice_accuses_nobody() {
    let mut world = World::new(3, Seed(123));
    let circle = world.circle_of(3).unwrap();
    world.run_for(Duration::from_secs(60));
    let (now, venue) = (world.now, Venue::Circle(circle));
    let mut author = Insider::of(&mut world.hosts[1].engine, &circle, now).unwrap();
    let stands = author.head().unwrap();
    let first = author.vote(&stands, None).unwrap();
    let counter = Some(author.counter());
    let again = author.vote(&stands, counter).unwrap();
    author.publish(first.envelopes);
    world.settle();

    for host in [0, 2] {
        let verdicts = world.inject(host, venue, again.envelopes.clone());
        assert_eq!(verdicts, [Verdict::Ignore(Redundant::Duplicate)]);
        let now = world.now;
        let insider = Insider::of(&mut world.hosts[host].engine, &circle, now).unwrap();
        assert_eq!(insider.equivocators(), BTreeSet::new());
    }
    // One number and something else is another matter.
    let now = world.now;
    let mut author = Insider::of(&mut world.hosts[1].engine, &circle, now).unwrap();
    let text = "said beside it".to_owned();
    let other = author.item(&stands, ForgedItem { text, counter, ..ForgedItem::default() });
    world.inject(0, venue, other.unwrap().envelopes);
    let member = world.member(1, &circle).unwrap();
    let insider = Insider::of(&mut world.hosts[0].engine, &circle, now).unwrap();
    assert_eq!(insider.equivocators(), BTreeSet::from([member]));
}
