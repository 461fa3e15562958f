//! What was written on a branch that lost reaches those who never held that branch: by its author,
//! or by somebody else when the author is away or gone. Clauses: specs/04-order O-100 to O-105.

use std::collections::BTreeSet;
use std::time::Duration;

use windbreak_protocol::Venue;
use windbreak_protocol::content::Scope;
use windbreak_protocol::id::{CircleId, EnvelopeId};
use windbreak_protocol::testing::{Insider, purpose};
use windbreak_tests::{Seed, World};

const MINUTE: Duration = Duration::from_secs(60);

/// A newcomer comes in on one side of a split, while the other side renews its leaves and talks.
/// Device 3 is the newcomer; devices 1 and 2 are the other side; all meet again in the end.
struct Split {
    world: World,
    circle: CircleId,
}

impl Split {
    fn new(seed: u8) -> Self {
        let mut world = World::new(4, Seed(seed));
        let circle = world.circle_of(3).unwrap();
        world.run_for(Duration::from_secs(60));
        let (_, text) = world.invite(0, &circle, 1, false).unwrap();
        world.settle();

        world.set_online(0, false);
        world.set_online(3, false);
        world.hide_relay();
        for number in 0..65 {
            world.share(1, &circle, &format!("one {number}")).unwrap();
        }
        world.run_for(Duration::from_secs(40));
        world.share_for(1, &circle, "for all who come", Scope::LaterToo).unwrap();
        world.share(1, &circle, "for those here").unwrap();
        world.run_for(Duration::from_secs(5));
        world.set_online(1, false);
        world.set_online(2, false);
        world.show_relay();
        world.hide_from(0);
        world.set_online(0, true);
        world.set_online(3, true);
        world.knock(3, text).unwrap();
        world.run_for(Duration::from_secs(30));
        Self { world, circle }
    }

    /// Whether the newcomer's side is the one that holds in the end.
    fn newcomer_stayed(&self) -> bool {
        let events = &self.world.hosts[0].events;
        let member = self.world.member(3, &self.circle).unwrap();
        let removed = events.iter().any(|event| {
            matches!(event, windbreak_protocol::Event::MemberRemoved { member: gone, .. }
                if *gone == member)
        });
        !removed
    }

    fn reads(&self, host: usize, text: &str) -> bool {
        self.world.hosts[host].texts(&self.circle).contains(&text.to_owned())
    }
}

#[test]
fn what_lost_its_branch_is_sealed_again_for_those_who_never_held_it() {
    let mut read = 0;
    for seed in 40..46 {
        let Split { mut world, circle } = Split::new(seed);
        world.show_relay();
        world.set_online(1, true);
        world.set_online(2, true);
        world.run_for(Duration::from_secs(90));

        let split = Split { world, circle };
        if split.newcomer_stayed() {
            assert!(split.reads(3, "for all who come"), "seed {seed}");
            read += 1;
        }
        // Nobody reads what was not meant for them, however often it is sealed.
        assert!(!split.reads(3, "for those here"), "seed {seed}");
        for host in 0..3 {
            assert!(split.reads(host, "for those here"), "seed {seed}, host {host}");
            let texts = split.world.hosts[host].texts(&split.circle);
            assert_eq!(texts.len(), 67, "seed {seed}, host {host}: nothing stands twice");
        }
    }
    assert!(read > 0, "no seed made the other side lose");
}

#[test]
fn what_somebody_who_stays_away_wrote_is_carried_over_by_others() {
    let mut read = 0;
    for seed in 40..52 {
        let Split { mut world, circle } = Split::new(seed);
        // Its author does not come back; the other member of that side does.
        world.show_relay();
        world.set_online(2, true);
        world.run_for(Duration::from_secs(120));
        let mut split = Split { world, circle };
        if !split.newcomer_stayed() {
            continue;
        }
        assert!(!split.reads(3, "for all who come"), "seed {seed}: nobody waited for the author");
        split.world.run_for(Duration::from_secs(700));
        assert!(split.reads(3, "for all who come"), "seed {seed}");
        assert!(!split.reads(3, "for those here"), "seed {seed}");
        // The author comes back to find everything once.
        split.world.set_online(1, true);
        split.world.run_for(Duration::from_secs(60));
        assert_eq!(split.world.hosts[1].texts(&split.circle).len(), 67, "seed {seed}");
        read += 1;
        if read == 2 {
            break;
        }
    }
    assert!(read > 0, "no seed made the other side lose");
}

#[test]
fn what_was_written_in_a_long_absence_reaches_those_who_let_go_of_its_keys() {
    const DAY: u64 = 24 * 3600;
    let mut world = World::new(3, Seed(90));
    let circle = world.circle_of(3).unwrap();
    world.run_for(Duration::from_secs(90));
    world.share(1, &circle, "before").unwrap();
    world.run_for(Duration::from_secs(60));

    // The others go on and forget; nobody waits for a device that is silent for two weeks.
    world.set_online(0, false);
    for day in 0..20 {
        if day == 8 {
            world.share(0, &circle, "written alone").unwrap();
        }
        world.share(1, &circle, &format!("day {day}")).unwrap();
        world.sleep(Duration::from_secs(DAY / 2));
        world.run_for(Duration::from_secs(120));
        world.sleep(Duration::from_secs(DAY / 2));
        world.run_for(Duration::from_secs(120));
    }
    world.set_online(0, true);
    // It seals again ten minutes after it has heard where the others stand.
    world.run_for(Duration::from_secs(900));

    for host in 0..3 {
        let texts = world.hosts[host].texts(&circle);
        assert!(texts.iter().any(|text| text == "written alone"), "host {host}: {texts:?}");
        assert_eq!(texts.len(), 22, "host {host}");
    }
}

#[test]
fn what_lay_firmly_is_not_carried_again_since_somebody_seals_it_under_an_old_state() {
    /// What a seal is for that carries somebody else's item (specs/registry R-11).
    const FORWARD: u8 = 3;
    let days = |world: &mut World, circle: &CircleId, count: u64, hosts: usize| {
        for day in 0..count {
            for host in 0..hosts {
                world.share(host, circle, &format!("{day}")).unwrap();
            }
            for _ in 0..24 {
                world.sleep(Duration::from_secs(3540));
                world.run_for(Duration::from_secs(60));
            }
        }
    };
    let mut world = World::new(4, Seed(92));
    let circle = world.circle_of(4).unwrap();
    let item = world.share(0, &circle, "long ago").unwrap();
    days(&mut world, &circle, 3, 4);
    // The others wait for one who is away, and keep the keys of what they left since.
    world.set_online(3, false);
    days(&mut world, &circle, 2, 3);

    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[2].engine, &circle, now).unwrap();
    let kept = insider.states().into_iter().filter(|state| state.keys);
    let old = kept.min_by_key(|state| state.epoch).unwrap().id;
    assert_ne!(insider.head(), Some(old));
    let carried = insider.forward(&old, &item).unwrap().envelopes;
    world.set_online(2, false);
    for host in 0..2 {
        world.inject(host, Venue::Circle(circle), carried.clone());
    }
    let before: BTreeSet<EnvelopeId> = world.relay().map(|envelope| envelope.id()).collect();
    world.run_for(Duration::from_secs(3600));
    let forwards = world.relay().filter(|envelope| {
        let purpose = purpose(&world.hosts[0].engine, &circle, envelope);
        !before.contains(&envelope.id()) && purpose == Some(FORWARD)
    });
    assert_eq!(forwards.count(), 0);
}

#[test]
fn whoever_was_out_on_the_side_that_lost_is_not_handed_what_was_said_there() {
    let mut world = World::new(6, Seed(118));
    let circle = world.circle_of(6).unwrap();
    world.run_for(MINUTE);
    world.promote(0, &circle, 3).unwrap();
    world.run_for(MINUTE);
    world.sleep(Duration::from_secs(2 * 24 * 3600));
    world.run_for(MINUTE * 5);
    let out = world.member(1, &circle).unwrap();

    world.split(&[0, 2]);
    // There one of them is taken out.
    let now = world.now;
    world.hosts[0].engine.remove_member(now, &circle, &out, "As agreed.".into()).unwrap();
    world.hosts[0].obey_all();
    // Here, where more are, they hold the circle, so that nobody takes them out again.
    world.promote(3, &circle, 1).unwrap();
    world.invite(3, &circle, 1, false).unwrap();
    world.run_for(MINUTE * 3);
    for here in [1, 3, 4, 5] {
        world.share(here, &circle, "here").unwrap();
    }
    world.run_for(MINUTE);
    world.share_for(0, &circle, "without you", Scope::LaterToo).unwrap();
    world.run_for(MINUTE);
    assert!(world.hosts[2].texts(&circle).contains(&"without you".to_owned()));
    world.heal();
    world.run_for(MINUTE * 5);
    // Whoever reads this sees that something is lacking before it, and asks.
    world.share(0, &circle, "with all").unwrap();
    for _ in 0..12 {
        world.run_for(MINUTE * 10);
    }

    let members = world.hosts[4].engine.circle(world.now, &circle).unwrap().members;
    assert_eq!(members.len(), 6, "the side on which they stayed was to win");
    let texts = world.hosts[1].texts(&circle);
    assert!(texts.contains(&"with all".to_owned()), "{texts:?}");
    assert!(!texts.contains(&"without you".to_owned()), "{texts:?}");
}
