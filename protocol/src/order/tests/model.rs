//! Every small world: three members, a handful of commits and seals, each sealed or made on the
//! head of who does it, told to each in every order. Exhaustive up to [`EVENTS`] events.
//!
//! Convergence: whoever knows the same has the same head. No lost item: whatever anything was sealed
//! under is known to everybody in the end. Progress: once everybody has said where they stand, every
//! fork below the head has a majority, so that the choice can be made for good.

use std::collections::BTreeSet;

use super::*;

const MEMBERS: u8 = 3;
const EVENTS: usize = 4;

/// Something a member sealed: an item or a vote under a state, or a commit that makes one.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Event {
    by: u8,
    counter: u64,
    under: u8,
    makes: Option<u8>,
}

/// What was said, and which of it each member has.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Small {
    said: Vec<Event>,
    has: Vec<BTreeSet<usize>>,
}

impl Small {
    /// What `events` come to, for the member `of`: its own commits count once somebody else has
    /// them.
    fn world<'a>(&self, of: u8, events: impl Iterator<Item = &'a usize>) -> World {
        let mut world = World::with_voters(&[0, 1, 2]);
        let events: Vec<&usize> = events.collect();
        let mut sorted = events.clone();
        sorted.sort_unstable();
        for index in sorted {
            let event = self.said[*index];
            if let Some(made) = event.makes {
                // The first member is the facilitator.
                let class = if event.by == 0 { Class::Facilitator } else { Class::Ordinary };
                world.child(made, Some(event.under), usize::from(event.by), class);
                let others = (0..MEMBERS).filter(|other| *other != of);
                let told = others.into_iter().any(|o| self.has[usize::from(o)].contains(index));
                if let Some(evidence) = world.states.get_mut(&state(made)) {
                    evidence.eligible = event.by != of || told;
                }
                let voters = (0..MEMBERS).map(member).collect();
                world.electorates.insert(state(made), voters);
            }
        }
        for event in events.into_iter().map(|index| self.said[*index]) {
            world.seal(event.by, event.counter, event.makes.unwrap_or(event.under));
        }
        world
    }

    fn head(&self, of: u8) -> u8 {
        let world = self.world(of, self.has[usize::from(of)].iter());
        world.head().unwrap().as_bytes()[0]
    }

    fn knows(&self, of: u8, number: u8) -> bool {
        let made = |index: &usize| self.said[*index].makes == Some(number);
        number == 1 || self.has[usize::from(of)].iter().any(made)
    }

    /// `by` seals something under its head, or commits on it.
    fn say(&self, by: u8, commits: bool) -> Self {
        let mut next = self.clone();
        let under = self.head(by);
        let counter = self.said.iter().filter(|event| event.by == by).count() as u64;
        let makes = commits.then(|| 2 + u8::try_from(self.said.len()).unwrap());
        next.has[usize::from(by)].insert(self.said.len());
        next.said.push(Event { by, counter, under, makes });
        next
    }

    /// Everybody gets what it can open, until there is nothing more.
    fn healed(&self) -> Self {
        let mut next = self.clone();
        for _ in 0..=self.said.len() {
            for of in 0..MEMBERS {
                for index in 0..self.said.len() {
                    if next.knows(of, self.said[index].under) {
                        next.has[usize::from(of)].insert(index);
                    }
                }
            }
        }
        next
    }

    fn steps(&self) -> Vec<Self> {
        let mut steps = Vec::new();
        // Who is told what afterwards changes nothing that is said any more.
        if self.said.len() == EVENTS {
            return steps;
        }
        for of in 0..MEMBERS {
            for index in 0..self.said.len() {
                let missing = !self.has[usize::from(of)].contains(&index);
                if missing && self.knows(of, self.said[index].under) {
                    let mut next = self.clone();
                    next.has[usize::from(of)].insert(index);
                    steps.push(next);
                }
            }
            // Whoever has an own commit on its way makes no second one.
            let pending = self.said.iter().enumerate().any(|(index, event)| {
                let told = self.has.iter().filter(|has| has.contains(&index)).count() > 1;
                event.by == of && event.makes.is_some() && !told
            });
            steps.push(self.say(of, false));
            if !pending {
                steps.push(self.say(of, true));
            }
        }
        steps
    }
}

fn check(small: &Small) {
    let healed = small.healed();
    let all: BTreeSet<usize> = (0..small.said.len()).collect();
    let heads: BTreeSet<u8> = (0..MEMBERS).map(|of| healed.head(of)).collect();
    assert_eq!(heads.len(), 1, "convergence: {small:?}");
    let backwards = healed.world(0, all.iter().rev());
    assert_eq!(backwards.head().map(|id| id.as_bytes()[0]), heads.first().copied(), "{small:?}");
    for (of, has) in (0..MEMBERS).zip(&healed.has) {
        assert_eq!(*has, all, "no lost item: {small:?}");
        assert!(small.said.iter().all(|event| healed.knows(of, event.under)), "{small:?}");
    }
    let mut asked = healed;
    for of in 0..MEMBERS {
        asked = asked.say(of, false);
    }
    let asked = asked.healed();
    let world = asked.world(0, asked.has[0].iter());
    let head = world.head().unwrap();
    assert_eq!(Some(head.as_bytes()[0]), heads.first().copied(), "a vote for the head: {small:?}");
    let mut at = head;
    while let Some(parent) = world.states[&at].parent {
        assert_eq!(world.known().tally(Some(&parent)).majority(), Some(at), "progress: {small:?}");
        at = parent;
    }
}

#[test]
fn in_every_small_world_all_come_to_one_head_and_stay_there() {
    let start = Small { said: Vec::new(), has: vec![BTreeSet::new(); usize::from(MEMBERS)] };
    let mut seen = BTreeSet::from([start.clone()]);
    let mut open = vec![start];
    let (mut worlds, mut forks) = (0_usize, 0_usize);
    let mut checked = BTreeSet::new();
    while let Some(small) = open.pop() {
        worlds += 1;
        // In the end everybody has everything, whoever had what before.
        if checked.insert(small.said.clone()) {
            check(&small);
        }
        let commits = small.said.iter().filter(|event| event.makes.is_some());
        let parents: BTreeSet<u8> = commits.clone().map(|event| event.under).collect();
        forks += usize::from(parents.len() < commits.count());
        for next in small.steps() {
            if seen.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    assert!(worlds > 10_000 && forks > 1_000, "{worlds} worlds, {forks} with a fork");
}
