//! A circle from its first minute on: joining, sharing, leaving, in all the ways that can go well.

use std::time::Duration;

use windbreak_protocol::testing::{Forgery, Insider};
use windbreak_protocol::{AdmitError, Event, JoinStage, Standing, Suite, Venue};
use windbreak_tests::{Seed, World};

fn minute() -> Duration {
    Duration::from_secs(60)
}

#[test]
fn three_people_meet_by_one_use_invites_and_read_each_other() {
    let mut world = World::new(3, Seed(1));
    let circle = world.circle_of(3).unwrap();
    for host in 0..3 {
        world.share(host, &circle, &format!("from {host}")).unwrap();
        world.settle();
    }

    for host in &world.hosts {
        assert_eq!(host.texts(&circle), ["from 0", "from 1", "from 2"]);
        assert_eq!(host.engine.circle(world.now, &circle).unwrap().members.len(), 3);
    }
}

#[test]
fn the_default_suite_carries_a_circle_too() {
    let mut world = World::with_suite(2, Seed(2), Suite::XWing);
    let circle = world.circle_of(2).unwrap();
    world.share(1, &circle, "through lattices").unwrap();
    world.settle();

    assert_eq!(world.hosts[0].texts(&circle), ["through lattices"]);
}

#[test]
fn a_knock_waits_on_the_relay_while_the_inviter_is_away() {
    let mut world = World::new(2, Seed(3));
    let circle = world.create_circle(0).unwrap();
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    world.set_online(0, false);

    let invite = world.knock(1, text).unwrap();
    world.run_for(minute());
    assert_eq!(world.hosts[1].engine.join(&invite).unwrap().stage, JoinStage::Knocked);
    world.set_online(0, true);
    world.run_for(minute());

    assert_eq!(world.hosts[1].engine.join(&invite).unwrap().stage, JoinStage::Joined(circle));
}

#[test]
fn another_member_admits_while_the_inviter_is_away() {
    let mut world = World::new(3, Seed(4));
    let circle = world.circle_of(2).unwrap();
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    world.set_online(0, false);

    let invite = world.knock(2, text).unwrap();
    world.run_for(minute() * 3);

    assert_eq!(world.hosts[2].engine.join(&invite).unwrap().stage, JoinStage::Joined(circle));
}

#[test]
fn the_lobby_asks_a_person_and_declines_with_a_reason() {
    let mut world = World::new(3, Seed(5));
    let circle = world.create_circle(0).unwrap();
    let (_, text) = world.invite(0, &circle, 5, true).unwrap();
    world.settle();
    let first = world.knock(1, text).unwrap();
    world.run_for(minute());
    assert!(!matches!(world.hosts[1].engine.join(&first).unwrap().stage, JoinStage::Joined(_)));

    let knock = world.first_knock(0, &circle).unwrap();
    let now = world.now;
    world.hosts[0].engine.admit(now, &circle, &knock).unwrap();
    world.run_for(minute());
    assert_eq!(world.hosts[1].engine.join(&first).unwrap().stage, JoinStage::Joined(circle));

    let invite = world.hosts[0].engine.circle(world.now, &circle).unwrap().invites[0].id;
    let text = world.hosts[0].engine.invite_text(&circle, &invite).unwrap();
    let second = world.knock(2, text).unwrap();
    world.run_for(minute());
    let knock = world.first_knock(0, &circle).unwrap();
    let now = world.now;
    world.hosts[0].engine.decline(now, &circle, &knock, "Full tonight.".into()).unwrap();
    world.run_for(minute());

    let stage = world.hosts[2].engine.join(&second).unwrap().stage;
    assert_eq!(stage, JoinStage::Declined("Full tonight.".into()));
}

#[test]
fn who_holds_no_circle_lets_nobody_in_from_the_lobby_on_any_node() {
    let mut world = World::new(4, Seed(19));
    let circle = world.circle_of(3).unwrap();
    let (_, text) = world.invite(0, &circle, 1, true).unwrap();
    world.settle();
    let invite = world.knock(3, text).unwrap();
    world.run_for(minute());
    let knock = world.first_knock(0, &circle).unwrap();
    let now = world.now;
    let engine = &mut world.hosts[1].engine;
    assert_eq!(engine.admit(now, &circle, &knock), Err(AdmitError::NotFacilitator));
    let declined = engine.decline(now, &circle, &knock, "Full tonight.".into());
    assert_eq!(declined, Err(AdmitError::NotFacilitator));

    // Whoever knocks has shown them their knock, and their program commits it all the same.
    let facilitator = Insider::of(&mut world.hosts[0].engine, &circle, now).unwrap();
    let entry = facilitator.entry(&knock).unwrap();
    let mut insider = Insider::of(&mut world.hosts[1].engine, &circle, now).unwrap();
    let head = insider.head().unwrap();
    let (changes, key_packages) = (vec![entry.change], vec![entry.key_package]);
    let forgery = Forgery { changes, key_packages, ..Forgery::default() };
    let forged = insider.commit(&head, forgery).unwrap();
    insider.publish(forged.envelopes);
    world.hosts[1].obey_all();
    world.run_for(minute());
    let members = |world: &World, host: usize| {
        world.hosts[host].engine.circle(world.now, &circle).unwrap().members.len()
    };
    assert_eq!([0, 2].map(|host| members(&world, host)), [3, 3]);

    // A facilitator still can.
    assert_eq!(world.first_knock(0, &circle), Some(knock));
    let now = world.now;
    world.hosts[0].engine.admit(now, &circle, &knock).unwrap();
    world.run_for(minute());
    assert_eq!(world.hosts[3].engine.join(&invite).unwrap().stage, JoinStage::Joined(circle));
    assert_eq!([0, 2].map(|host| members(&world, host)), [4, 4]);
}

#[test]
fn a_removed_member_cannot_read_the_next_share() {
    let mut world = World::new(3, Seed(6));
    let circle = world.circle_of(3).unwrap();
    world.share(0, &circle, "before").unwrap();
    world.settle();
    let gone = world.member(2, &circle).unwrap();
    let now = world.now;
    world.hosts[0].engine.remove_member(now, &circle, &gone, "as agreed".into()).unwrap();
    world.run_for(minute());
    world.share(1, &circle, "after").unwrap();
    world.run_for(minute());

    assert_eq!(world.hosts[0].texts(&circle), ["before", "after"]);
    assert_eq!(world.hosts[2].texts(&circle), ["before"]);
    let overview = world.hosts[2].engine.circle(world.now, &circle).unwrap();
    assert_eq!(overview.standing, Standing::Removed);
    assert!(world.hosts[2].events.contains(&Event::CircleClosed { circle, left: false }));
}

#[test]
fn whoever_leaves_is_let_go_by_another() {
    let mut world = World::new(3, Seed(7));
    let circle = world.circle_of(3).unwrap();
    let now = world.now;
    world.hosts[2].engine.leave(now, &circle).unwrap();
    world.run_for(minute());

    let overview = world.hosts[2].engine.circle(world.now, &circle).unwrap();
    assert_eq!(overview.standing, Standing::Left);
    assert_eq!(world.hosts[0].engine.circle(world.now, &circle).unwrap().members.len(), 2);
}

#[test]
fn a_newcomer_cannot_read_what_was_said_before() {
    let mut world = World::new(2, Seed(8));
    let circle = world.create_circle(0).unwrap();
    world.share(0, &circle, "before you came").unwrap();
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    world.knock(1, text).unwrap();
    world.run_for(minute());

    assert!(world.hosts[1].texts(&circle).is_empty());
}

#[test]
fn three_hundred_shares_made_while_away_arrive_once_each_and_in_order() {
    let mut world = World::new(3, Seed(9));
    let circle = world.circle_of(3).unwrap();
    world.set_online(2, false);
    let shares: Vec<String> = (0..300).map(|number| format!("share {number}")).collect();
    for share in &shares {
        world.share(0, &circle, share).unwrap();
        world.settle();
    }
    world.set_online(0, false);
    world.set_online(2, true);
    world.run_for(minute());

    assert_eq!(world.hosts[2].texts(&circle), shares);
}

#[test]
fn whoever_sleeps_for_three_weeks_gets_every_week_of_it() {
    let week = Duration::from_secs(7 * 24 * 3600);
    let mut world = World::new(3, Seed(13));
    let circle = world.circle_of(3).unwrap();
    world.set_online(2, false);
    let mut expected = Vec::new();
    for number in 0..4 {
        let text = format!("week {number}");
        world.share(number % 2, &circle, &text).unwrap();
        expected.push(text);
        world.run_for(minute());
        world.sleep(week);
    }
    world.set_online(2, true);
    world.restart(2);
    world.run_for(minute());
    assert_eq!(world.hosts[2].texts(&circle), expected);

    world.share(2, &circle, "I am back").unwrap();
    world.run_for(minute());
    assert!(world.hosts[1].texts(&circle).contains(&"I am back".to_owned()));
}

#[test]
fn a_leaf_is_renewed_after_a_week() {
    let mut world = World::new(2, Seed(14));
    let circle = world.circle_of(2).unwrap();
    world.run_for(minute());
    let before = world.hosts[0].engine.circle(world.now, &circle).unwrap().epoch;
    world.sleep(Duration::from_secs(8 * 24 * 3600));
    world.run_for(minute());

    let after = world.hosts[0].engine.circle(world.now, &circle).unwrap().epoch;
    assert!(after > before);
}

#[test]
fn a_restart_at_any_time_loses_nothing() {
    let mut world = World::new(2, Seed(10));
    let circle = world.circle_of(2).unwrap();
    for number in 0..6 {
        world.set_online(0, false);
        world.share(0, &circle, &format!("share {number}")).unwrap();
        world.restart(0);
        world.set_online(0, true);
        world.restart(1);
        world.settle();
    }

    let expected: Vec<String> = (0..6).map(|number| format!("share {number}")).collect();
    assert_eq!(world.hosts[0].texts(&circle), expected);
    assert_eq!(world.hosts[1].texts(&circle), expected);
}

#[test]
fn a_text_larger_than_any_envelope_travels_in_chunks() {
    let mut world = World::new(2, Seed(11));
    let circle = world.circle_of(2).unwrap();
    let long = "夜は静かです。🌙 ".repeat(8_000);
    world.share(0, &circle, &long).unwrap();
    world.settle();

    assert_eq!(world.hosts[1].texts(&circle), [long]);
}

#[test]
fn a_text_in_chunks_is_read_whatever_piece_comes_last() {
    let mut world = World::new(2, Seed(16));
    let circle = world.circle_of(2).unwrap();
    let long = "It was a long winter. ".repeat(8_000);
    world.set_online(1, false);
    world.share(0, &circle, &long).unwrap();
    world.settle();
    let host = &world.hosts[1];
    let pieces: Vec<_> = world.relay().filter(|one| !host.keeps(&one.id(), one)).cloned().collect();
    assert!(pieces.len() >= 4);

    let before = world.snapshot(1);
    for last in 0..pieces.len() {
        for restarts in [false, true] {
            world.restore(1, &before);
            let mut order = pieces.clone();
            order.rotate_left(last);
            let last = order.pop().unwrap();
            for piece in order {
                world.inject(1, Venue::Circle(circle), vec![piece]);
            }
            if restarts {
                world.restart(1);
            }
            world.inject(1, Venue::Circle(circle), vec![last]);
            assert_eq!(world.hosts[1].texts(&circle), std::slice::from_ref(&long));
        }
    }
}

#[test]
fn a_second_use_an_expired_and_a_revoked_invite_are_refused_with_that_reason() {
    use windbreak_protocol::JoinError;
    use windbreak_protocol::invite::Refusal;

    let mut world = World::new(4, Seed(12));
    let circle = world.create_circle(0).unwrap();
    let (used, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    // Two look at the card before either knocks.
    world.knock(1, text).unwrap();
    let again = world.hosts[0].engine.invite_text(&circle, &used).unwrap();
    world.knock(2, again).unwrap();
    world.run_for(minute());
    let stages = [1, 2].map(|host| world.hosts[host].engine.join(&used).unwrap().stage);
    assert!(stages.contains(&JoinStage::Joined(circle)));
    assert!(stages.contains(&JoinStage::Refused(Refusal::Used)));

    let late = world.hosts[0].engine.invite_text(&circle, &used).unwrap();
    let refused = world.knock(3, late).unwrap_err();
    assert_eq!(refused.downcast_ref::<JoinError>(), Some(&JoinError::Used));

    let (revoked, text) = world.invite(0, &circle, 1, false).unwrap();
    let now = world.now;
    world.hosts[0].engine.revoke_invite(now, &circle, &revoked).unwrap();
    world.hosts[0].obey_all();
    world.run_for(minute());
    let refused = world.knock(3, text).unwrap_err();
    assert_eq!(refused.downcast_ref::<JoinError>(), Some(&JoinError::Revoked));

    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    world.sleep(Duration::from_secs(2 * 24 * 3600));
    world.run_for(minute());
    let refused = world.knock(3, text).unwrap_err();
    assert_eq!(refused.downcast_ref::<JoinError>(), Some(&JoinError::Expired));
}

#[test]
fn an_invite_that_is_open_for_a_while_can_be_taken_back() {
    use windbreak_protocol::InviteState;

    let mut world = World::new(1, Seed(15));
    let circle = world.create_circle(0).unwrap();
    let (invite, _) = world.invite(0, &circle, 1, false).unwrap();
    world.run_for(minute());
    let now = world.now;
    world.hosts[0].engine.revoke_invite(now, &circle, &invite).unwrap();
    world.run_for(minute());

    let overview = world.hosts[0].engine.circle(world.now, &circle).unwrap();
    assert_eq!(overview.invites[0].state, InviteState::Revoked);
    assert_eq!(overview.pending_changes, 0);
}
