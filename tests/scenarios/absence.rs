//! Being away, in the ways that hurt: at a removal, at one's own admission, for weeks, with words
//! that nobody has heard yet.

use std::time::Duration;

use windbreak_protocol::{JoinError, JoinStage, Standing};
use windbreak_tests::{Seed, World};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

#[test]
fn a_newcomer_who_fetches_its_welcome_days_later_is_in_the_circle_as_it_is() {
    let mut world = World::new(3, Seed(120));
    let circle = world.circle_of(2).unwrap();
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    let invite = world.knock(2, text).unwrap();
    world.set_online(0, false);
    world.settle();
    world.set_online(2, false);
    world.set_online(0, true);
    world.run_for(MINUTE);
    // The circle goes on: a commit on the state the newcomer will enter.
    world.invite(0, &circle, 1, false).unwrap();
    world.run_for(MINUTE);
    world.sleep(HOUR * 40);
    world.set_online(2, true);
    world.run_for(MINUTE);
    assert_eq!(world.hosts[2].engine.join(&invite).unwrap().stage, JoinStage::Joined(circle));

    world.share(0, &circle, "there you are").unwrap();
    world.run_for(MINUTE);
    assert_eq!(world.hosts[2].texts(&circle), ["there you are"]);
}

#[test]
fn an_era_that_began_during_an_absence_is_followed_from_its_beginning() {
    let mut world = World::new(4, Seed(121));
    let circle = world.circle_of(4).unwrap();
    world.run_for(MINUTE);
    world.set_online(3, false);
    let gone = world.member(2, &circle).unwrap();
    let now = world.now;
    world.hosts[0].engine.remove_member(now, &circle, &gone, "As agreed.".into()).unwrap();
    world.run_for(MINUTE);
    let mut expected = Vec::new();
    for week in 0..3 {
        // Every week has commits of its own: leaves are renewed.
        world.invite(0, &circle, 1, false).unwrap();
        let text = format!("week {week} of the new era");
        world.share(week % 2, &circle, &text).unwrap();
        expected.push(text);
        world.run_for(MINUTE);
        world.sleep(WEEK);
        world.run_for(MINUTE);
    }
    world.set_online(3, true);
    world.run_for(MINUTE * 2);

    assert_eq!(world.hosts[3].texts(&circle), expected);
    world.share(3, &circle, "back again").unwrap();
    world.run_for(MINUTE);
    assert!(world.hosts[1].texts(&circle).contains(&"back again".to_owned()));
}

#[test]
fn what_was_written_while_away_is_heard_although_somebody_was_removed_meanwhile() {
    let mut world = World::new(3, Seed(122));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    world.set_online(2, false);
    world.share(2, &circle, "written on the train").unwrap();
    let gone = world.member(1, &circle).unwrap();
    let now = world.now;
    world.hosts[0].engine.remove_member(now, &circle, &gone, "As agreed.".into()).unwrap();
    world.run_for(MINUTE);
    // Long enough for the others to leave the topics of the era before.
    world.sleep(HOUR * 26);
    world.sleep(HOUR);
    world.set_online(2, true);
    world.run_for(MINUTE * 2);

    assert_eq!(world.hosts[0].texts(&circle), ["written on the train"]);
    assert!(world.hosts[1].texts(&circle).is_empty());
}

#[test]
fn what_waited_for_weeks_goes_out_under_the_topic_of_today() {
    let mut world = World::new(2, Seed(123));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    world.set_online(1, false);
    let short = world.share(1, &circle, "from the mountains").unwrap();
    world.share(1, &circle, &"a long letter ".repeat(6000)).unwrap();
    for _ in 0..3 {
        world.sleep(WEEK);
    }
    world.restart(1);
    world.set_online(1, true);
    world.run_for(MINUTE);

    let texts = world.hosts[0].texts(&circle);
    assert_eq!(texts.len(), 2);
    assert_eq!(texts[0], "from the mountains");
    assert!(world.hosts[1].engine.is_held(&circle, &short));
}

#[test]
fn a_second_invite_to_ones_own_circle_takes_nothing_away() {
    let mut world = World::new(2, Seed(124));
    let circle = world.circle_of(2).unwrap();
    world.share(1, &circle, "mine").unwrap();
    world.settle();
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();

    let refused = world.knock(1, text).unwrap_err();
    assert_eq!(refused.downcast_ref::<JoinError>(), Some(&JoinError::AlreadyMember));
    assert_eq!(world.hosts[1].texts(&circle), ["mine"]);
}

#[test]
fn somebody_who_was_removed_comes_back_by_a_new_invite_and_stays() {
    let mut world = World::new(3, Seed(125));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    let gone = world.member(2, &circle).unwrap();
    let now = world.now;
    world.hosts[0].engine.remove_member(now, &circle, &gone, "As agreed.".into()).unwrap();
    world.run_for(MINUTE);
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    let invite = world.knock(2, text).unwrap();
    world.run_for(MINUTE);
    assert_eq!(world.hosts[2].engine.join(&invite).unwrap().stage, JoinStage::Joined(circle));
    world.restart(2);
    world.run_for(MINUTE);

    let overview = world.hosts[2].engine.circle(world.now, &circle).unwrap();
    assert_eq!(overview.standing, Standing::Active);
    world.share(2, &circle, "here again").unwrap();
    world.run_for(MINUTE);
    assert_eq!(world.hosts[1].texts(&circle), ["here again"]);
}

#[test]
fn one_invite_takes_a_bounded_share_of_the_lobby() {
    let mut world = World::new(5, Seed(126));
    let circle = world.create_circle(0).unwrap();
    let (invite, text) = world.invite(0, &circle, 1, true).unwrap();
    world.settle();
    world.knock(1, text).unwrap();
    for host in 2..5 {
        let text = world.hosts[0].engine.invite_text(&circle, &invite).unwrap();
        world.knock(host, text).unwrap();
    }
    world.run_for(MINUTE);

    assert_eq!(world.hosts[0].engine.lobby(&circle).unwrap().len(), 2);
}
