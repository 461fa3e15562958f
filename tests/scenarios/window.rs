//! How long the keys of a state are kept: measured over days of an ordinary life, in which one in
//! five says something and everybody is away for more than half of the time.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use windbreak_protocol::id::CircleId;
use windbreak_protocol::random::Random;
use windbreak_protocol::record::RecordKind;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Timestamp;
use windbreak_tests::{Seed, World};

const HOUR: Duration = Duration::from_secs(3600);

/// One circle while it is watched.
struct Life {
    world: World,
    circle: CircleId,
    random: Random,
    /// When the state was first kept, by device and state.
    began: BTreeMap<(usize, Vec<u8>), Timestamp>,
    /// How long keys were kept, in hours.
    windows: Vec<u64>,
}

impl Life {
    fn begin(members: u8, seed: u8) -> Self {
        let mut world = World::new(members, Seed(seed));
        let circle = world.circle_of(usize::from(members)).unwrap();
        world.run_for(Duration::from_secs(60));
        let random = Random::from_seed(&Secret::from_bytes([seed; 32]));
        Self { world, circle, random, began: BTreeMap::new(), windows: Vec::new() }
    }

    /// Goes on to the next time at which a device wants something, until `end`.
    fn run_until(&mut self, end: Timestamp) {
        let world = &mut self.world;
        loop {
            let due = |world: &World, host: usize| {
                let due = world.hosts[host].engine.poll_timeout()?;
                world.hosts[host].online.then_some(due)
            };
            let hosts = 0..world.hosts.len();
            let next = hosts.clone().filter_map(|host| due(world, host)).min();
            let Some(next) = next.filter(|next| *next <= end) else {
                world.now = end;
                world.settle();
                return;
            };
            world.now = world.now.max(next);
            let now = world.now;
            for host in hosts {
                if due(world, host).is_some_and(|due| due <= now) {
                    world.hosts[host].engine.handle_timeout(now);
                    world.hosts[host].obey_all();
                }
            }
            world.settle();
        }
    }

    /// An hour: some come, some go, some say something.
    fn hour(&mut self) {
        let members = self.world.hosts.len();
        let speakers = members.div_ceil(5);
        for host in 0..members {
            // Away for six hours and there for four, on average.
            let chance = if self.world.hosts[host].online { 4 } else { 6 };
            if self.random.below(chance) == 0 {
                let online = self.world.hosts[host].online;
                self.world.set_online(host, !online);
            }
            let speaks = host < speakers && self.world.hosts[host].online;
            if speaks && self.random.below(3) == 0 {
                self.world.share(host, &self.circle, "still here").unwrap();
            }
        }
        let end = self.world.now.after(HOUR);
        self.run_until(end);
        self.look();
    }

    fn look(&mut self) {
        let now = self.world.now;
        for (number, host) in self.world.hosts.iter().enumerate() {
            let namespaces = host.records().filter(|(k, _)| k.kind() == RecordKind::Namespace);
            let kept: BTreeSet<Vec<u8>> =
                namespaces.map(|(key, _)| key.name()[32..64].to_vec()).collect();
            let gone = self
                .began
                .extract_if(.., |(of, state), _| *of == number && !kept.contains(state.as_slice()));
            self.windows.extend(gone.map(|(_, began)| now.since(began).as_secs() / 3600));
            for state in kept {
                self.began.entry((number, state)).or_insert(now);
            }
        }
    }

    /// How long keys were kept in hours: half of them at most, nineteen of twenty, all; and how
    /// many states are kept at the end by the device that keeps most.
    fn figures(&mut self) -> (u64, u64, u64, usize) {
        self.windows.sort_unstable();
        let at = |share: usize| {
            let last = self.windows.len().saturating_sub(1);
            self.windows.get(last * share / 100).copied().unwrap_or_default()
        };
        let still = |host| self.began.keys().filter(|(of, _)| *of == host).count();
        let most = (0..self.world.hosts.len()).map(still).max().unwrap_or_default();
        (at(50), at(95), at(100), most)
    }
}

/// The figures of specs/04-order.
#[test]
#[ignore = "measures for minutes"]
fn how_long_keys_are_kept() {
    for members in [1, 2, 3, 5, 9, 30] {
        let mut life = Life::begin(members, members);
        for _ in 0..10 * 24 {
            life.hour();
        }
        let (half, most, all, still) = life.figures();
        let states = life.windows.len();
        eprintln!("| {members} | {half} | {most} | {all} | {still} | {states} |");
    }
}

#[test]
fn keys_of_an_ordinary_circle_are_kept_for_one_or_two_days() {
    let mut life = Life::begin(3, 3);
    for _ in 0..5 * 24 {
        life.hour();
    }
    let (half, most, _, _) = life.figures();
    assert!(!life.windows.is_empty());
    assert!(half <= 30, "half of the states were kept for {half} hours or more");
    assert!(most <= 60, "one in twenty was kept for {most} hours or more");
}
