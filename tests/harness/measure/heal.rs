//! How long it takes that a circle which was split is one again.

use std::time::{Duration, Instant};

use serde::Serialize;
use windbreak_protocol::id::CircleId;
use windbreak_protocol::testing::{Forgery, Insider, RawGroup};

use crate::measure::Fault;
use crate::{Seed, World};

/// Longest time that is waited for, in seconds of the world.
const PATIENCE: u32 = 300;
/// Bytes of a share's text.
const TEXT: usize = 1024;

/// What healing took.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Healed {
    /// Members.
    pub members: usize,
    /// Changes on each side.
    pub changes: usize,
    /// Shares on each side.
    pub shares: usize,
    /// Seconds of all devices together, on one core, until everybody had one head and all shares.
    pub cpu_seconds: f64,
    /// Seconds of the world until then.
    pub world_seconds: u32,
    /// Whether it came about.
    pub one_head: bool,
    /// The fewest shares that somebody shows.
    pub fewest_shares: usize,
    /// The same commits and messages through MLS alone, on one core: those of the other side on
    /// every device.
    pub raw_seconds: f64,
}

/// Splits a circle into two halves, lets both change and talk, and heals it.
///
/// # Errors
/// What an engine says.
pub fn heal(members: u8, changes: usize, shares: usize) -> Result<Healed, Fault> {
    let mut world = World::new(members, Seed(9));
    let members = usize::from(members);
    let circle = world.circle_of(members)?;
    world.run_for(Duration::from_secs(120));
    let raw = raw(&world, &circle, changes, shares)?;
    let middle = members / 2;
    let beyond: Vec<usize> = (middle..members).collect();
    world.split(&beyond);
    for side in [0..middle, middle..members] {
        for number in 0..changes {
            let host = side.start + number % side.len();
            renew(&mut world, host, &circle)?;
            world.settle();
        }
        for number in 0..shares {
            let host = side.start + number % side.len();
            world.share(host, &circle, &"a".repeat(TEXT))?;
            if number % 10 == 0 {
                world.settle();
            }
        }
    }
    world.run_for(Duration::from_secs(30));

    world.heal();
    let began = Instant::now();
    let mut world_seconds = 0;
    let mut done = look(&world, members, &circle);
    while !(done.0 && done.1 >= 2 * shares) && world_seconds < PATIENCE {
        world.run_for(Duration::from_secs(1));
        world_seconds += 1;
        done = look(&world, members, &circle);
    }
    Ok(Healed {
        members,
        changes,
        shares,
        cpu_seconds: began.elapsed().as_secs_f64(),
        world_seconds,
        one_head: done.0,
        fewest_shares: done.1,
        raw_seconds: raw.as_secs_f64() * members as f64,
    })
}

/// Whether all have one head, and the fewest shares that somebody shows.
fn look(world: &World, members: usize, circle: &CircleId) -> (bool, usize) {
    let head = |host: usize| world.hosts[host].engine.circle(world.now, circle).map(|c| c.head);
    let one = (1..members).all(|host| head(host).is_some() && head(host) == head(0));
    // Counting what is shown is work, and says nothing before the heads are one.
    if !one {
        return (false, 0);
    }
    let shown = (0..members).map(|host| world.hosts[host].texts(circle).len());
    (true, shown.min().unwrap_or_default())
}

/// A device renews its leaf now, whoever's turn it is.
fn renew(world: &mut World, host: usize, circle: &CircleId) -> Result<(), Fault> {
    let now = world.now;
    let engine = &mut world.hosts[host].engine;
    let mut insider = Insider::of(engine, circle, now).ok_or("not in the circle")?;
    let head = insider.head().ok_or("no head")?;
    let made = insider.commit(&head, Forgery::default()).ok_or("no commit")?;
    insider.publish(made.envelopes);
    insider.take_up(&made.state);
    world.hosts[host].obey_all();
    Ok(())
}

/// MLS alone, on one device.
fn raw(world: &World, circle: &CircleId, changes: usize, shares: usize) -> Result<Duration, Fault> {
    let of = |host: usize| {
        let engine = &world.hosts[host].engine;
        RawGroup::of(engine, circle).ok_or(Fault::from("not in the circle"))
    };
    let (mut maker, mut follower) = (of(0)?, of(1)?);
    let mut took = Duration::ZERO;
    let refused = || Fault::from("mls refused");
    for _ in 0..changes {
        let commit = maker.commit().ok_or_else(refused)?;
        let began = Instant::now();
        follower.process(&commit).ok_or_else(refused)?;
        took += began.elapsed();
    }
    let text = vec![b'a'; TEXT];
    for _ in 0..shares {
        let message = maker.encrypt(b"", &text).ok_or_else(refused)?;
        let began = Instant::now();
        follower.decrypt(&message).ok_or_else(refused)?;
        took += began.elapsed();
    }
    Ok(took)
}
