//! How much a device says under one state: no more than others can hear, in whatever order it comes to
//! them. Clause: specs/03-circle C-50.

use std::collections::BTreeSet;
use std::time::Duration;

use windbreak_protocol::Venue;
use windbreak_protocol::content::Scope;
use windbreak_protocol::id::{CircleId, EnvelopeId, ItemId};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::limits::SEALS_PER_STATE;
use windbreak_protocol::wire::Envelope;
use windbreak_tests::{Seed, World};

const MINUTE: Duration = Duration::from_secs(60);
const ROOM: usize = SEALS_PER_STATE as usize;

/// Device `host` says so much, without time going by.
fn say(world: &mut World, host: usize, circle: &CircleId, count: usize) -> Vec<ItemId> {
    (0..count).map(|number| world.share(host, circle, &format!("{number}")).unwrap()).collect()
}

fn shown(world: &World, host: usize, circle: &CircleId) -> usize {
    world.hosts[host].texts(circle).len()
}

/// How much of what device `host` said waits to leave it.
fn unsent(world: &World, host: usize, circle: &CircleId) -> usize {
    world.hosts[host].engine.circle(world.now, circle).unwrap().outbox
}

/// What one of two members said while the other was away, as the relay has it. The author is gone.
fn said_to_who_was_away(world: &mut World, count: usize) -> (CircleId, Vec<Verified<Envelope>>) {
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    world.set_online(1, false);
    let before: BTreeSet<EnvelopeId> = world.relay().map(|envelope| envelope.id()).collect();
    say(world, 0, &circle, count);
    world.run_for(MINUTE);
    assert_eq!(unsent(world, 0, &circle), 0);
    world.set_online(0, false);
    let said = world.relay().filter(|envelope| !before.contains(&envelope.id()));
    (circle, said.cloned().collect())
}

#[test]
fn who_hears_a_great_many_shares_in_any_order_reads_all_of_them() {
    type Order = fn(Vec<Verified<Envelope>>) -> Vec<Vec<Verified<Envelope>>>;
    let every_other: Order = |said| {
        let parts =
            said.into_iter().enumerate().partition::<Vec<_>, _>(|(at, _)| at.is_multiple_of(2));
        let part = |part: Vec<(usize, _)>| part.into_iter().map(|(_, said)| said).collect();
        vec![part(parts.0), part(parts.1)]
    };
    // By their ids, which is as good as at random, a few at a time.
    let by_chance: Order = |mut said| {
        said.sort_by_key(|envelope| envelope.id());
        said.chunks(90).map(<[_]>::to_vec).collect()
    };
    let one_by_one: Order = |mut said| {
        said.sort_by_key(|envelope| std::cmp::Reverse(envelope.id()));
        said.into_iter().map(|envelope| vec![envelope]).collect()
    };
    for (seed, order) in (0..).zip([every_other, by_chance, one_by_one]) {
        let mut world = World::new(2, Seed(200 + 2 * seed));
        let (circle, said) = said_to_who_was_away(&mut world, 1_100);
        for part in order(said) {
            world.inject(1, Venue::Circle(circle), part);
        }
        world.set_online(1, true);
        world.run_for(MINUTE);
        assert_eq!(shown(&world, 1, &circle), 1_100, "order {seed}");
    }
}

#[test]
fn what_is_said_offline_beyond_the_room_of_a_state_waits_and_is_read_by_all() {
    let mut world = World::new(3, Seed(210));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    world.set_online(0, false);
    let said = say(&mut world, 0, &circle, 2 * ROOM + 100);
    // Nothing of that is lost if the device dies, and nothing of it counts as sent.
    world.restart(0);
    assert_eq!(unsent(&world, 0, &circle), said.len());
    assert!(said.iter().all(|item| !world.hosts[0].engine.is_held(&circle, item)));
    assert_eq!(shown(&world, 0, &circle), said.len());
    let last = say(&mut world, 0, &circle, 1)[0];

    world.set_online(0, true);
    world.run_for(2 * MINUTE);
    assert_eq!(unsent(&world, 0, &circle), 0);
    assert!(world.hosts[0].engine.is_held(&circle, &last));
    for host in 0..3 {
        assert_eq!(shown(&world, host, &circle), said.len() + 1, "host {host}");
    }
    let heads: BTreeSet<_> = world
        .hosts
        .iter()
        .map(|host| host.engine.circle(world.now, &circle).unwrap().head)
        .collect();
    assert_eq!(heads.len(), 1);
}

#[test]
fn what_waits_for_room_and_is_for_those_here_is_sealed_where_it_was_said() {
    let mut world = World::new(3, Seed(220));
    let circle = world.circle_of(2).unwrap();
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.run_for(MINUTE);
    // While one device speaks offline, the other member lets somebody in.
    world.set_online(0, false);
    say(&mut world, 0, &circle, ROOM + 200);
    let open = world.share_for(0, &circle, "for whoever comes", Scope::LaterToo).unwrap();
    world.knock(2, text).unwrap();
    world.run_for(3 * MINUTE);
    assert!(world.member(2, &circle).is_some());

    world.set_online(0, true);
    world.run_for(5 * MINUTE);
    assert_eq!(unsent(&world, 0, &circle), 0);
    assert!(world.hosts[0].engine.is_held(&circle, &open));
    assert_eq!(shown(&world, 1, &circle), ROOM + 201);
    assert_eq!(world.hosts[2].texts(&circle), ["for whoever comes"]);
}

#[test]
fn in_a_circle_of_ten_others_make_room_for_who_may_renew_no_more() {
    let mut world = World::new(10, Seed(230));
    let circle = world.circle_of(10).unwrap();
    world.run_for(MINUTE);
    for host in 3..10 {
        world.set_online(host, false);
    }
    // Twice it may renew its leaf by itself, and others look every ten minutes.
    let count = 3 * ROOM + 50;
    say(&mut world, 1, &circle, count);
    world.run_for(15 * MINUTE);
    assert_eq!(unsent(&world, 1, &circle), 0);
    for host in 0..3 {
        assert_eq!(shown(&world, host, &circle), count, "host {host}");
    }
}

#[test]
fn what_is_taken_back_while_it_waits_for_room_never_leaves() {
    let mut world = World::new(2, Seed(240));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    world.set_online(0, false);
    let said = say(&mut world, 0, &circle, ROOM + 100);
    let now = world.now;
    world.hosts[0].engine.withdraw(now, &circle, &said[ROOM + 50]).unwrap();
    world.hosts[0].obey_all();
    assert_eq!(unsent(&world, 0, &circle), said.len());

    world.restart(0);
    world.set_online(0, true);
    world.run_for(2 * MINUTE);
    assert_eq!(unsent(&world, 0, &circle), 0);
    assert_eq!(shown(&world, 1, &circle), said.len() - 1);
    let was_told = world.hosts[1]
        .engine
        .with_timeline(&circle, |timeline| {
            timeline.entries().iter().any(|e| e.id() == said[ROOM + 50])
        })
        .unwrap();
    assert!(!was_told, "it never left");
}
