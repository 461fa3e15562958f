//! A device that dies between any two things its engine wants done: before anything is written, after
//! it is written and before it is published, after each further step. Whatever it was doing goes on
//! when it starts again, and nothing is lost or stands twice.

use std::collections::BTreeSet;
use std::time::Duration;

use windbreak_protocol::Standing;
use windbreak_protocol::id::CircleId;
use windbreak_tests::{Seed, World};

const MINUTE: Duration = Duration::from_secs(60);
/// Nobody has as much to do in one of these.
const MOST: usize = 400;

/// Begins anew with each number of outputs until the device has done all of it before it would die.
/// Gives how many times it died.
fn at_every_output(count: u8, who: usize, deed: impl Fn(&mut World, &CircleId)) -> usize {
    for outputs in 0..MOST {
        let mut world = World::new(count, Seed(170));
        let circle = world.circle_of(usize::from(count) - 1).unwrap();
        world.run_for(MINUTE);
        let now = world.now;
        world.hosts[who].dies_after(outputs, now);
        deed(&mut world, &circle);
        world.run_for(MINUTE * 5);
        let survived = world.hosts[who].lives_on();
        holds(&mut world, &circle);
        if survived {
            return outputs;
        }
    }
    panic!("it has more than {MOST} things to do");
}

/// Everybody who is in the circle stands at one head, talks with the others, and reads the same.
fn holds(world: &mut World, circle: &CircleId) {
    let is_in = |world: &World, host: usize| {
        let overview = world.hosts[host].engine.circle(world.now, circle);
        overview.is_some_and(|overview| overview.standing == Standing::Active)
    };
    let members: Vec<usize> = (0..world.hosts.len()).filter(|host| is_in(world, *host)).collect();
    for host in &members {
        world.share(*host, circle, &format!("still here: {host}")).unwrap();
        world.run_for(MINUTE);
    }
    let heads: BTreeSet<_> = members
        .iter()
        .map(|host| world.hosts[*host].engine.circle(world.now, circle).unwrap().head)
        .collect();
    assert_eq!(heads.len(), 1, "one head");
    let texts: Vec<_> = members.iter().map(|host| world.hosts[*host].texts(circle)).collect();
    for said in &texts {
        let once: BTreeSet<_> = said.iter().collect();
        assert_eq!(once.len(), said.len(), "something stands twice: {said:?}");
        for host in &members {
            assert!(said.contains(&format!("still here: {host}")), "{said:?} lacks {host}");
        }
    }
}

#[test]
fn whoever_dies_while_sharing_has_said_it_once_or_not_at_all() {
    let died = at_every_output(3, 1, |world, circle| {
        let said = world.share(1, circle, "said while dying").is_ok();
        world.run_for(MINUTE * 5);
        let there =
            |host: usize| world.hosts[host].texts(circle).contains(&"said while dying".to_owned());
        assert_eq!(there(0), there(1));
        // What is written is sent, however often it dies.
        assert!(said);
    });
    assert!(died > 1, "{died}");
}

#[test]
fn whoever_dies_while_somebody_is_let_in_has_let_them_in_at_last() {
    for who in [0, 2] {
        let died = at_every_output(3, who, |world, circle| {
            // What died before it was written is asked for again by whoever wants it.
            for _ in 0..4 {
                if world.member(2, circle).is_some() {
                    break;
                }
                if let Ok((_, text)) = world.invite(0, circle, 1, false) {
                    world.run_for(MINUTE);
                    let _ = world.knock(2, text);
                }
                world.run_for(MINUTE * 10);
            }
            assert!(world.member(2, circle).is_some(), "device 2 is in");
        });
        assert!(died > 5, "{died}");
    }
}

#[test]
fn whoever_dies_while_somebody_is_taken_out_takes_them_out_at_last() {
    let died = at_every_output(3, 0, |world, circle| {
        let gone = world.member(1, circle).unwrap();
        for _ in 0..2 {
            let now = world.now;
            // It may have died before it was written that this is wanted.
            let _ = world.hosts[0].engine.remove_member(now, circle, &gone, "As agreed.".into());
            world.hosts[0].obey_all();
            world.run_for(MINUTE * 5);
        }
        let closed = world.hosts[1].engine.circle(world.now, circle).unwrap().standing;
        assert_ne!(closed, Standing::Active);
    });
    assert!(died > 1, "{died}");
}
