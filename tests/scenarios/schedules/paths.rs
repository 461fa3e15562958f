//! Commits whose path does not open for some, or for anybody.

use std::time::Duration;

use windbreak_protocol::testing::Forgery;

use super::stage::{all_read, forge, gathered, head, one_head, publish, say};

#[test]
fn a_path_that_opens_for_nobody_moves_nobody() {
    let (mut world, circle) = gathered(5, 13);
    let before = head(&mut world, 0, &circle);
    let spoilt = Forgery { spoilt: 256, ..Forgery::default() };
    let forged = forge(&mut world, 4, &circle, spoilt);
    publish(&mut world, 4, &circle, &forged);
    let mut said = Vec::new();
    for host in 0..4 {
        assert_eq!(head(&mut world, host, &circle), before);
        say(&mut world, host, &circle, &mut said, &format!("from {host}"));
    }
    world.run_for(Duration::from_secs(10));

    one_head(&world, &circle, &[0, 1, 2, 3]);
    all_read(&world, &circle, &[0, 1, 2, 3], &said);
}
