//! A commit whose path opens for some alone.

use std::time::Duration;

use windbreak_protocol::testing::Forgery;
use windbreak_tests::attack::pass;

use super::stage::{all_read, forge, gathered, one_head, publish, say};

#[test]
fn a_path_that_opens_for_some_parts_nobody_for_long() {
    for seed in 14..18 {
        let (mut world, circle) = gathered(5, seed);
        // Long after everybody came in: what they cannot open is of now, and not of before.
        pass(&mut world, Duration::from_secs(3 * 3600), Duration::from_secs(600));
        let spoilt = Forgery { spoilt: 128, ..Forgery::default() };
        let forged = forge(&mut world, 4, &circle, spoilt);
        publish(&mut world, 4, &circle, &forged);
        let honest = [0, 1, 2, 3];
        let mut said = Vec::new();
        for host in honest {
            say(&mut world, host, &circle, &mut said, &format!("from {host}"));
        }
        pass(&mut world, Duration::from_secs(2 * 3600), Duration::from_secs(30));
        world.run_for(Duration::from_secs(60));

        one_head(&world, &circle, &honest);
        all_read(&world, &circle, &honest, &said);
    }
}
