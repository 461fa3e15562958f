//! One number used twice: nobody believes either for the head, and nobody loses a word of others.

use std::time::Duration;

use windbreak_protocol::testing::{ForgedItem, Forgery};

use super::stage::{all_read, circle_of, forge_on, head, insider, one_head, publish, say_under};

#[test]
fn one_record_sealed_under_two_branches_with_one_counter_is_shown_once() {
    let (mut world, circle) = circle_of(3, 156);
    let root = head(&mut world, 2, &circle);
    let left = forge_on(&mut world, 2, &circle, &root, Forgery::default());
    publish(&mut world, 2, &circle, &left);
    world.run_for(Duration::from_secs(10));
    let counter = insider(&mut world, 2, &circle).counter() + 1;
    let said = ForgedItem { text: "one word".into(), counter: Some(counter), ..Default::default() };
    let first = insider(&mut world, 2, &circle).item(&root, said).unwrap();
    let item = first.item.unwrap();
    let again = insider(&mut world, 2, &circle).seal_again(&left.state, &item, Some(counter));
    for sealed in [first, again.unwrap()] {
        insider(&mut world, 2, &circle).publish(sealed.envelopes);
        world.settle();
    }
    world.share(0, &circle, "going on").unwrap();
    world.run_for(Duration::from_secs(120));

    one_head(&world, &circle, &[0, 1]);
    all_read(&world, &circle, &[0, 1], &["one word".into(), "going on".into()]);
}

#[test]
fn one_number_of_two_items_shows_both_and_moves_no_head() {
    let (mut world, circle) = circle_of(3, 157);
    let root = head(&mut world, 2, &circle);
    say_under(
        &mut world,
        2,
        &circle,
        &root,
        ForgedItem { text: "one".into(), ..Default::default() },
    );
    let seq = insider(&mut world, 2, &circle).seq() - 1;
    let twice = ForgedItem { text: "another".into(), seq: Some(seq), ..Default::default() };
    say_under(&mut world, 2, &circle, &root, twice);
    world.share(0, &circle, "going on").unwrap();
    world.run_for(Duration::from_secs(120));

    one_head(&world, &circle, &[0, 1]);
    all_read(&world, &circle, &[0, 1], &["one".into(), "another".into(), "going on".into()]);
}
