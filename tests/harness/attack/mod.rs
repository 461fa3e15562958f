//! Attackers, and what is measured of them: how often the head of somebody honest left the branch
//! it was on, and how deep.

use std::collections::BTreeMap;

use windbreak_protocol::id::{CircleId, StateId};
use windbreak_protocol::testing::{Insider, Kept};

use crate::World;

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
            world.run_for(std::time::Duration::from_secs(1));
            self.look(world);
        }
    }
}

/// The device of `host` in the hands of somebody who breaks the rules.
pub fn insider<'a>(world: &'a mut World, host: usize, circle: &CircleId) -> Option<Insider<'a>> {
    let now = world.now;
    Insider::of(&mut world.hosts.get_mut(host)?.engine, circle, now)
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
