//! Two Welcomes where one was due.

use std::time::Duration;

use windbreak_protocol::Venue;
use windbreak_protocol::testing::Forgery;

use super::stage::{all_read, forge_on, gathered_of, head, insider, one_head, say};

#[test]
fn two_welcomes_into_twins_told_to_each_half_bring_both_newcomers_into_one_circle() {
    for seed in 44..48 {
        let (mut world, circle) = gathered_of(3, 5, seed);
        let (_, text) = world.invite(0, &circle, 2, true).unwrap();
        let text = text.to_code();
        world.settle();
        for host in [3, 4] {
            let text = windbreak_protocol::invite::InviteText::parse(&text).unwrap();
            world.knock(host, text).unwrap();
        }
        world.settle();
        let root = head(&mut world, 0, &circle);
        for (place, newcomer) in [(0, 1), (1, 2)] {
            let knock = world.hosts[0].engine.lobby(&circle).unwrap()[place].id;
            let entry = insider(&mut world, 0, &circle).entry(&knock).unwrap();
            let forgery = Forgery {
                changes: vec![entry.change],
                key_packages: vec![entry.key_package],
                ..Forgery::default()
            };
            let twin = forge_on(&mut world, 0, &circle, &root, forgery);
            let welcome = insider(&mut world, 0, &circle).welcome(&twin, &knock).unwrap();
            world.inject(newcomer, Venue::Circle(circle), twin.envelopes.clone());
            let mut facilitator = insider(&mut world, 0, &circle);
            facilitator.publish(twin.envelopes);
            facilitator.publish(welcome);
            let text = format!("{newcomer} with the one of {place}");
            world.share(newcomer, &circle, &text).unwrap();
        }
        world.run_for(Duration::from_secs(300));
        let mut said: Vec<String> =
            [(0, 1), (1, 2)].map(|(place, one)| format!("{one} with the one of {place}")).into();
        for host in 1..5 {
            say(&mut world, host, &circle, &mut said, &format!("from {host}"));
        }
        world.run_for(Duration::from_secs(60));

        one_head(&world, &circle, &[1, 2, 3, 4]);
        // What the halves wrote before they met was for those here then.
        all_read(&world, &circle, &[1, 2], &said);
    }
}
