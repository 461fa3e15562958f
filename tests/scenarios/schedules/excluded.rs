//! A commit whose path opens for some alone.

use std::time::Duration;

use windbreak_protocol::testing::Forgery;

use super::stage::{all_read, forge, gathered, one_head, publish, say};

#[test]
#[ignore = "does not hold yet: O-144"]
fn a_path_that_opens_for_some_parts_nobody_for_long() {
    for seed in 14..18 {
        let (mut world, circle) = gathered(5, seed);
        let spoilt = Forgery { spoilt: 128, ..Forgery::default() };
        let forged = forge(&mut world, 4, &circle, spoilt);
        publish(&mut world, 4, &circle, &forged);
        let honest = [0, 1, 2, 3];
        let mut said = Vec::new();
        for host in honest {
            say(&mut world, host, &circle, &mut said, &format!("from {host}"));
        }
        world.run_for(Duration::from_secs(600));

        one_head(&world, &circle, &honest);
        all_read(&world, &circle, &honest, &said);
    }
}
