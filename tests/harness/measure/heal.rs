//! How long it takes that a circle which was split is one again.

use std::ops::Range;
use std::time::{Duration, Instant};

use serde::Serialize;
use windbreak_protocol::id::CircleId;
use windbreak_protocol::invite::InviteText;
use windbreak_protocol::testing::{Forgery, Insider, RawGroup};

use crate::measure::Fault;
use crate::{Seed, World};

/// Longest time that is waited for, in seconds of the world.
const PATIENCE: u32 = 300;
/// Bytes of a share's text.
const TEXT: usize = 1024;

/// What is done on each side while the circle is split.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Split {
    /// Members who stay, half on each side.
    pub members: usize,
    /// Leaves renewed on each side.
    pub changes: usize,
    /// Newcomers let in on each side.
    pub admitted: usize,
    /// Members removed on each side, beside those who stay.
    pub removed: usize,
    /// Shares on each side.
    pub shares: usize,
}

/// What healing took.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Healed {
    /// What had been done.
    pub split: Split,
    /// Seconds of all devices together, on one core, until it was one circle again.
    pub cpu_seconds: f64,
    /// Seconds of the world until then.
    pub world_seconds: u32,
    /// Whether all who are to be in it have one head, and nobody else is a member there.
    pub one_head: bool,
    /// The fewest shares that somebody shows who was there all the time.
    pub fewest_shares: usize,
    /// As many commits and messages through MLS alone, on one core: those of the other side on every
    /// device.
    pub raw_seconds: f64,
}

impl Healed {
    /// Whether nobody and nothing was lost.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.one_head && self.fewest_shares >= 2 * self.split.shares
    }
}

/// Who is who among the devices of a world.
struct Cast {
    split: Split,
}

impl Cast {
    /// Those of a side who stay.
    fn staying(&self, side: usize) -> Range<usize> {
        let middle = self.split.members / 2;
        if side == 0 { 0..middle } else { middle..self.split.members }
    }

    fn removed(&self, side: usize) -> Range<usize> {
        let first = self.split.members + side * self.split.removed;
        first..first + self.split.removed
    }

    fn newcomers(&self, side: usize) -> Range<usize> {
        let first = self.at_first() + side * self.split.admitted;
        first..first + self.split.admitted
    }

    /// How many are members before the split.
    fn at_first(&self) -> usize {
        self.split.members + 2 * self.split.removed
    }

    fn all(&self) -> usize {
        self.at_first() + 2 * self.split.admitted
    }

    /// Who is in the circle at the end.
    fn remaining(&self) -> impl Iterator<Item = usize> {
        (0..self.split.members).chain(self.newcomers(0)).chain(self.newcomers(1))
    }
}

/// Splits a circle into two halves, lets both change and talk, and heals it.
///
/// # Errors
/// What an engine says, or that somebody did not come in on a side.
pub fn heal(split: Split) -> Result<Healed, Fault> {
    let cast = Cast { split };
    let mut world = World::new(u8::try_from(cast.all())?, Seed(9));
    let circle = world.circle_of(cast.at_first())?;
    world.run_for(Duration::from_secs(120));
    let raw = raw(&world, &circle, split.changes + split.admitted + split.removed, split.shares)?;
    // Each side has somebody who may remove others, and an invite.
    let other = cast.staying(1).start;
    world.promote(0, &circle, other)?;
    let uses = u16::try_from(split.admitted)?.max(1);
    let codes = [0, other].map(|host| world.invite(host, &circle, uses, false));
    world.run_for(Duration::from_secs(60));
    let beyond = [cast.staying(1), cast.removed(1), cast.newcomers(1)];
    world.split(&beyond.into_iter().flatten().collect::<Vec<_>>());
    for (side, code) in codes.into_iter().enumerate() {
        let code = code?.1.to_code();
        change(&mut world, &circle, &cast, side, code.as_str())?;
    }
    world.run_for(Duration::from_secs(30));

    world.heal();
    let began = Instant::now();
    let mut healed = Healed {
        split,
        cpu_seconds: 0.0,
        world_seconds: 0,
        one_head: false,
        fewest_shares: 0,
        raw_seconds: raw.as_secs_f64() * split.members as f64,
    };
    while !healed.is_whole() && healed.world_seconds < PATIENCE {
        world.run_for(Duration::from_secs(1));
        healed.world_seconds += 1;
        (healed.one_head, healed.fewest_shares) = look(&world, &cast, &circle);
    }
    healed.cpu_seconds = began.elapsed().as_secs_f64();
    Ok(healed)
}

/// What one side does by itself.
fn change(
    world: &mut World,
    circle: &CircleId,
    cast: &Cast,
    side: usize,
    code: &str,
) -> Result<(), Fault> {
    let staying = cast.staying(side);
    for newcomer in cast.newcomers(side) {
        world.knock(newcomer, InviteText::parse(code)?)?;
    }
    world.run_for(Duration::from_secs(60));
    if cast.newcomers(side).any(|host| world.member(host, circle).is_none()) {
        return Err("somebody did not come in while the circle was split".into());
    }
    for removed in cast.removed(side) {
        let member = world.member(removed, circle).ok_or("not in the circle")?;
        let (now, host) = (world.now, &mut world.hosts[staying.start]);
        host.engine.remove_member(now, circle, &member, "As agreed.".into())?;
        host.obey_all();
        world.run_for(Duration::from_secs(10));
    }
    for number in 0..cast.split.changes {
        renew(world, staying.start + number % staying.len(), circle)?;
        world.settle();
    }
    for number in 0..cast.split.shares {
        world.share(staying.start + number % staying.len(), circle, &"a".repeat(TEXT))?;
        if number % 10 == 0 {
            world.settle();
        }
    }
    Ok(())
}

/// Whether all have one head with the right members, and the fewest shares that somebody shows.
fn look(world: &World, cast: &Cast, circle: &CircleId) -> (bool, usize) {
    let (members, now) = (cast.split.members, world.now);
    let head = |host: usize| world.hosts[host].engine.circle(now, circle).map(|c| c.head);
    let first = head(0);
    if first.is_none() || !cast.remaining().all(|host| head(host) == first) {
        // Counting what is shown is work, and says nothing before the heads are one.
        return (false, 0);
    }
    let overview = world.hosts[0].engine.circle(now, circle);
    let are_members =
        overview.is_some_and(|circle| circle.members.len() == cast.remaining().count());
    let shown = (0..members).map(|host| world.hosts[host].texts(circle).len());
    (are_members, shown.min().unwrap_or_default())
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
