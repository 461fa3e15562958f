//! Votes used to push heads about: puppets, a voter who changes sides for ever.

use std::time::Duration;

use windbreak_protocol::Venue;
use windbreak_protocol::testing::Forgery;
use windbreak_tests::attack::{Watch, pass, renew_all};

use super::stage::{all_read, forge_on, gathered, gathered_of, head, insider, one_head, say};

#[test]
fn a_facilitator_with_puppets_moves_nobody_who_was_there_before() {
    for (honest, puppets, seed) in [(3, 3, 50), (5, 8, 51)] {
        // The facilitator is one of the attackers: with `honest` others and then its puppets.
        let (mut world, circle) = gathered_of(honest + 1, honest + 1 + puppets, seed);
        let (_, text) = world.invite(0, &circle, 20, true).unwrap();
        let text = text.to_code();
        world.settle();
        let band: Vec<usize> = (honest + 1..=honest + puppets).collect();
        for host in &band {
            let text = windbreak_protocol::invite::InviteText::parse(&text).unwrap();
            world.knock(*host, text).unwrap();
            world.settle();
        }
        for knock in world.hosts[0].engine.lobby(&circle).unwrap() {
            let now = world.now;
            world.hosts[0].engine.admit(now, &circle, &knock.id).unwrap();
            world.hosts[0].obey_all();
            world.settle();
        }
        world.run_for(Duration::from_secs(60));
        // They commit as much as they like.
        for _ in 0..4 {
            renew_all(&mut world, &circle, &band);
            renew_all(&mut world, &circle, &[0]);
        }
        world.run_for(Duration::from_secs(30));
        let root = head(&mut world, 0, &circle);
        let rival = forge_on(&mut world, 0, &circle, &root, Forgery::default());
        // One of the honest commits, and most of them say something there.
        renew_all(&mut world, &circle, &[1]);
        let mut said = Vec::new();
        for host in 1..=honest {
            say(&mut world, host, &circle, &mut said, &format!("from {host}"));
        }
        let good: Vec<usize> = (1..=honest).collect();
        let mut watch = Watch::over(&mut world, &circle, &good);
        // Now the facilitator shows its rival, and all puppets stand behind it.
        for host in &band {
            world.inject(*host, Venue::Circle(circle), rival.envelopes.clone());
            let vote = insider(&mut world, *host, &circle).vote(&rival.state, None).unwrap();
            insider(&mut world, *host, &circle).publish(vote.envelopes);
        }
        insider(&mut world, 0, &circle).publish(rival.envelopes.clone());
        watch.run_for(&mut world, 120);

        assert_eq!(watch.moved, 0, "{puppets} puppets");
        one_head(&world, &circle, &good);
        all_read(&world, &circle, &good, &said);
    }
}

#[test]
fn a_voter_who_changes_sides_for_ever_moves_each_head_a_few_times_at_most() {
    for seed in 52..55 {
        let (mut world, circle) = gathered(5, seed);
        let root = head(&mut world, 4, &circle);
        // Two sides of two, each with a commit of its own.
        let sides =
            [0, 2].map(|host| forge_on(&mut world, host, &circle, &root, Forgery::default()));
        for (host, side) in [(0, 0), (1, 0), (2, 1), (3, 1), (4, 0), (4, 1)] {
            world.inject(host, Venue::Circle(circle), sides[side].envelopes.clone());
        }
        for (host, side) in [(0, 0), (2, 1)] {
            insider(&mut world, host, &circle).take_up(&sides[side].state);
        }
        let mut said = Vec::new();
        for host in 0..4 {
            let text = format!("side {}", host / 2);
            world.share(host, &circle, &text).unwrap();
            said.push(text);
        }
        let mut watch = Watch::over(&mut world, &circle, &[0, 1, 2, 3]);
        for side in &sides {
            insider(&mut world, 4, &circle).publish(side.envelopes.clone());
        }
        for turn in 0..120 {
            let side = &sides[turn % 2];
            // Once the fork is settled there is nothing left to vote for on the side that lost.
            if let Some(vote) = insider(&mut world, 4, &circle).vote(&side.state, None) {
                insider(&mut world, 4, &circle).publish(vote.envelopes);
            }
            pass(&mut world, Duration::from_secs(60), Duration::from_secs(20));
            watch.look(&mut world);
        }

        assert!(watch.moved <= 4 * 5, "seed {seed}: {} moves", watch.moved);
        one_head(&world, &circle, &[0, 1, 2, 3]);
        all_read(&world, &circle, &[0, 1, 2, 3], &said);
    }
}
