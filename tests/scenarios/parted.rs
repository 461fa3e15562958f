//! Devices of one member that went two ways: the one takes the other out, or lets somebody in where the
//! other was not. Clauses: specs/04-order O-34, O-75.

use std::time::Duration;

use windbreak_protocol::id::CircleId;
use windbreak_protocol::{ShareError, Standing};
use windbreak_tests::attack;
use windbreak_tests::{Seed, World};

use crate::devices::flow::{add_device, device};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

fn pass(world: &mut World, time: Duration) {
    attack::pass(world, time, 5 * MINUTE);
    world.run_for(MINUTE);
}

fn standing(world: &World, host: usize, circle: &CircleId) -> Standing {
    world.hosts[host].engine.circle(world.now, circle).unwrap().standing
}

fn shows(world: &World, host: usize, circle: &CircleId, text: &str) -> bool {
    world.hosts[host].texts(circle).contains(&text.to_owned())
}

/// Device 1 takes device 0 of its member out; device 0, which has not heard of it, makes a commit of its own
/// and says where it stands. They meet `away` hours later.
fn taken_out_beside_a_rival(seed: u8, away: u32) -> (World, CircleId) {
    let mut world = World::new(2, Seed(seed));
    let circle = world.circle_of(1).unwrap();
    add_device(&mut world, 0, 1, &circle);
    pass(&mut world, HOUR);
    world.split(&[0]);
    let out = device(&world, 0, &circle);
    world.hosts[1].engine.remove_device(world.now, &circle, &out).unwrap();
    world.hosts[1].obey_all();
    for number in 0..70 {
        world.share(0, &circle, &format!("{number}")).unwrap();
    }
    pass(&mut world, HOUR * away);
    let head = |host: usize| world.hosts[host].engine.circle(world.now, &circle).unwrap().head;
    assert_ne!(head(0), head(1), "seed {seed}");
    world.heal();
    pass(&mut world, 2 * HOUR);
    (world, circle)
}

/// Which of the two speaks for their member was a matter of which key is the lower one.
#[test]
fn whom_its_own_member_took_out_stays_out_beside_a_commit_of_its_own() {
    for (seed, away) in (0..4).flat_map(|seed| [(200 + seed, 1), (200 + seed, 30)]) {
        let (mut world, circle) = taken_out_beside_a_rival(seed, away);
        assert_eq!(standing(&world, 0, &circle), Standing::DeviceRemoved, "{seed} {away}");
        assert_eq!(standing(&world, 1, &circle), Standing::Active, "{seed} {away}");
        assert!(shows(&world, 0, &circle, "69"), "what it said it keeps: {seed} {away}");
        world.share(1, &circle, "afterwards").unwrap();
        pass(&mut world, HOUR);
        assert!(!shows(&world, 0, &circle, "afterwards"), "{seed} {away}");
    }
}

/// While one device was away and renewed its leaf, another one of its member let a third one in. Where the side
/// of the first wins, the third cannot follow; that its own member stands there only the second can say.
#[test]
fn a_device_let_in_on_the_side_that_lost_comes_over() {
    let mut came_over = 0;
    for (seed, days) in (0..4).flat_map(|seed| [(210 + seed, 2), (210 + seed, 8)]) {
        let mut world = World::new(3, Seed(seed));
        let circle = world.circle_of(1).unwrap();
        add_device(&mut world, 0, 1, &circle);
        pass(&mut world, HOUR);
        world.split(&[1]);
        add_device(&mut world, 0, 2, &circle);
        for number in 0..70 {
            world.share(1, &circle, &format!("{number}")).unwrap();
        }
        pass(&mut world, 24 * HOUR * days);
        world.share(2, &circle, "of the third").unwrap();
        pass(&mut world, HOUR);
        world.heal();
        pass(&mut world, 24 * HOUR);

        let head = |host: usize| world.hosts[host].engine.circle(world.now, &circle).unwrap().head;
        assert!(head(0) == head(1) && head(1) == head(2), "seed {seed}, {days} days");
        for (host, text) in [(0, "of the third"), (1, "of the third"), (2, "69")] {
            assert!(shows(&world, host, &circle, text), "{host}: seed {seed}, {days} days");
        }
        let came = windbreak_protocol::Event::CameBack { circle };
        came_over += usize::from(world.hosts[2].events.contains(&came));
    }
    assert!(came_over > 0, "in some of them the side of the third one wins anyway");
}

/// No commit takes out the leaf of who makes it: nobody could take either of them in.
#[test]
fn of_two_copies_of_an_only_device_one_goes_on_and_the_other_is_told() {
    for seed in 220..224 {
        let mut world = World::new(2, Seed(seed));
        let circle = world.circle_of(1).unwrap();
        pass(&mut world, HOUR);
        let copy = world.clone_device(0);
        world.share(0, &circle, "before it was known").unwrap();
        world.set_online(copy, true);
        pass(&mut world, 4 * HOUR);
        // Whoever doubts renews its leaf, and the one that finds the other's commit is the copy; the other hears
        // what that asks for.
        for host in [0, copy] {
            let refused = world.share(host, &circle, "by a copy").unwrap_err();
            assert_eq!(refused.downcast_ref::<ShareError>(), Some(&ShareError::ComingBack));
        }
        pass(&mut world, 10 * HOUR);
        let standings = [0, copy].map(|host| standing(&world, host, &circle));
        let (stays, goes) = match standings {
            [Standing::Active, Standing::Replaced] => (0, copy),
            [Standing::Replaced, Standing::Active] => (copy, 0),
            _ => panic!("seed {seed}: {standings:?}"),
        };
        assert!(shows(&world, 0, &circle, "before it was known"), "what it said stays readable");

        let (_, text) = world.invite(stays, &circle, 1, false).unwrap();
        world.run_for(MINUTE);
        world.knock(1, text).unwrap();
        pass(&mut world, 26 * HOUR);
        world.share(stays, &circle, "who stayed").unwrap();
        world.run_for(MINUTE);
        assert!(shows(&world, 1, &circle, "who stayed"));
        assert_eq!(standing(&world, goes, &circle), Standing::Replaced);
    }
}
