//! Attackers, and what is measured of them: how often the head of somebody honest left the branch
//! it was on, and how deep.

mod doors;
mod forger;
mod kinds;
mod meddler;
mod usurper;

pub use kinds::{attacker, attackers};

use std::collections::BTreeMap;
use std::time::Duration;

use windbreak_protocol::id::{CircleId, StateId};
use windbreak_protocol::invite::InviteText;
use windbreak_protocol::testing::{Forgery, Insider, Kept};

use crate::World;
use crate::sim::Hand;
use crate::world::Fault;

/// Looks at the heads of some devices again and again.
#[derive(Debug)]
pub struct Watch {
    circle: CircleId,
    heads: BTreeMap<usize, StateId>,
    /// How often a head left the branch it was on.
    pub moved: usize,
    /// The most states one such move left behind.
    pub deepest: usize,
}

impl Watch {
    /// Watches the heads of `hosts`.
    pub fn over(world: &mut World, circle: &CircleId, hosts: &[usize]) -> Self {
        let heads = hosts.iter().filter_map(|host| Some((*host, head(world, *host, circle)?)));
        let heads = heads.collect();
        Self { circle: *circle, heads, moved: 0, deepest: 0 }
    }

    /// Takes the heads as they are now into account.
    pub fn look(&mut self, world: &mut World) {
        for (host, before) in &mut self.heads {
            let Some(insider) = insider(world, *host, &self.circle) else {
                continue;
            };
            let path: Vec<StateId> = insider.path().iter().map(|state| state.id).collect();
            let Some(now) = path.first().copied() else {
                continue;
            };
            if now != *before {
                let left = left_behind(&insider.states(), *before, &path);
                self.moved += usize::from(left > 0);
                self.deepest = self.deepest.max(left);
                *before = now;
            }
        }
    }

    /// Lets time go by second by second and looks at each.
    pub fn run_for(&mut self, world: &mut World, seconds: u64) {
        for _ in 0..seconds {
            world.run_for(Duration::from_secs(1));
            self.look(world);
        }
    }
}

/// The device of `host` in the hands of somebody who breaks the rules.
pub fn insider<'a>(world: &'a mut World, host: usize, circle: &CircleId) -> Option<Insider<'a>> {
    let now = world.now;
    Insider::of(&mut world.hosts.get_mut(host)?.engine, circle, now)
}

/// Lets time go by in steps of `step`, carrying envelopes after each: for days, when seconds do not
/// matter.
pub fn pass(world: &mut World, time: Duration, step: Duration) {
    let end = world.now.after(time);
    while world.now < end {
        world.now = world.now.after(step).min(end);
        let now = world.now;
        for host in world.hosts.iter_mut().filter(|host| host.online) {
            host.engine.handle_timeout(now);
            host.obey_all();
        }
        world.settle();
    }
}

/// `count` devices join the circle of device 0 by one invite, all at once.
///
/// # Errors
/// Whatever an engine says.
pub fn gather(world: &mut World, count: usize, review: bool) -> Result<CircleId, Fault> {
    let circle = world.create_circle(0)?;
    let uses = u16::try_from(count)?;
    let (_, text) = world.invite(0, &circle, uses, review)?;
    let text = text.to_code();
    world.settle();
    for host in 1..count {
        world.knock(host, InviteText::parse(&text)?)?;
        world.settle();
    }
    if review {
        for knock in world.hosts[0].engine.lobby(&circle).ok_or("no circle")? {
            let now = world.now;
            world.hosts[0].engine.admit(now, &circle, &knock.id)?;
            world.hosts[0].obey_all();
            world.settle();
        }
    }
    world.run_for(Duration::from_secs(90));
    Ok(circle)
}

/// Every device of `hosts` renews its leaf in turn, honestly: all have committed then.
pub fn renew_all(world: &mut World, circle: &CircleId, hosts: &[usize]) {
    for host in hosts {
        let Some(mut insider) = insider(world, *host, circle) else {
            continue;
        };
        let made = insider.head().and_then(|head| insider.commit(&head, Forgery::default()));
        if let Some(made) = made {
            insider.publish(made.envelopes.clone());
            insider.take_up(&made.state);
        }
        world.hosts[*host].obey_all();
        world.settle();
    }
}

/// The states of an attacker's head, from the newest, whose keys it has: none that it made against the
/// rules, nor any above such a one.
fn true_path(hand: &mut Hand<'_>, lies: &[StateId]) -> Option<Vec<StateId>> {
    let path = hand.insider()?.path();
    let lie = path.iter().rposition(|state| lies.contains(&state.id));
    let path = path.get(lie.map_or(0, |at| at + 1)..)?;
    Some(path.iter().filter(|state| state.keys).map(|state| state.id).collect())
}

/// The head of a device.
pub fn head(world: &mut World, host: usize, circle: &CircleId) -> Option<StateId> {
    insider(world, host, circle)?.head()
}

/// How many states lie between `before` and the first state below it that is on `path`.
fn left_behind(states: &[Kept], before: StateId, path: &[StateId]) -> usize {
    let mut left = 0;
    let mut at = Some(before);
    while let Some(id) = at.filter(|id| !path.contains(id)) {
        left += 1;
        at = states.iter().find(|state| state.id == id).and_then(|state| state.parent);
    }
    left
}
