//! What those who were removed go on doing with the keys they still have.

use std::time::Duration;

use windbreak_protocol::testing::ForgedItem;

use super::stage::{all_read, gathered, head, insider, say};

#[test]
fn what_a_removed_member_writes_under_the_states_it_kept_is_shown_to_nobody() {
    let (mut world, circle) = gathered(4, 20);
    let mut said = Vec::new();
    say(&mut world, 3, &circle, &mut said, "said in time");
    let kept = head(&mut world, 3, &circle);
    let gone = world.member(3, &circle).unwrap();
    let now = world.now;
    world.hosts[0].engine.remove_member(now, &circle, &gone, "As agreed.".into()).unwrap();
    world.run_for(Duration::from_secs(10));
    world.set_online(3, false);
    for number in 0..5 {
        let item = ForgedItem { text: format!("too late {number}"), ..ForgedItem::default() };
        let sealed = insider(&mut world, 3, &circle).item(&kept, item).unwrap();
        for host in 0..3 {
            let venue = windbreak_protocol::Venue::Circle(circle);
            world.inject(host, venue, sealed.envelopes.clone());
        }
        say(&mut world, 1, &circle, &mut said, &format!("going on {number}"));
    }
    world.run_for(Duration::from_secs(10));

    all_read(&world, &circle, &[0, 1, 2], &said);
}
