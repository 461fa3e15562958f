//! Who holds a circle: made a facilitator, stepping down, removed by the others, replaced when
//! silent.

use std::time::Duration;

use windbreak_protocol::content::{Consent, Content};
use windbreak_protocol::id::{CircleId, ItemId};
use windbreak_protocol::ledger::{Declaration, MotionKind, Role};
use windbreak_protocol::testing::{ForgedItem, Insider};
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::wire::text::Text;
use windbreak_protocol::{InviteState, MotionError, MotionOverview, MotionStage, Standing, Venue};
use windbreak_tests::{Seed, World};

const DECLARED: &str = "I have no duty to report.";

fn hours(hours: u64) -> Duration {
    Duration::from_secs(hours * 3600)
}

fn minute() -> Duration {
    Duration::from_secs(60)
}

fn declared() -> Option<String> {
    Some(DECLARED.to_owned())
}

fn propose(
    world: &mut World,
    host: usize,
    circle: &CircleId,
    kind: MotionKind,
    about: usize,
) -> Result<ItemId, MotionError> {
    let member = world.member(about, circle).unwrap();
    let declaration = if host == about { declared() } else { None };
    let now = world.now;
    let proposed = world.hosts[host].engine.propose(now, circle, kind, &member, declaration);
    world.hosts[host].obey_all();
    proposed
}

fn consent(
    world: &mut World,
    host: usize,
    circle: &CircleId,
    proposal: &ItemId,
    declaration: Option<String>,
) -> Result<(), MotionError> {
    let now = world.now;
    let agreed = world.hosts[host].engine.consent(now, circle, proposal, declaration);
    world.hosts[host].obey_all();
    agreed
}

/// Who is a facilitator, as device `host` sees it.
fn facilitators(world: &World, host: usize, circle: &CircleId) -> Vec<usize> {
    let overview = world.hosts[host].engine.circle(world.now, circle).unwrap();
    let is_facilitator = |number: &usize| {
        let member = world.member(*number, circle);
        overview.members.iter().any(|m| Some(m.id) == member && m.role == Role::Facilitator)
    };
    (0..world.hosts.len()).filter(is_facilitator).collect()
}

fn motion(world: &World, host: usize, circle: &CircleId, id: &ItemId) -> MotionOverview {
    let motions = world.hosts[host].engine.motions(world.now, circle).unwrap();
    motions.into_iter().find(|motion| motion.id == *id).unwrap()
}

fn members(world: &World, host: usize, circle: &CircleId) -> usize {
    world.hosts[host].engine.circle(world.now, circle).unwrap().members.len()
}

/// A changed program of device `host`, about whose member the proposal is, agrees and declares
/// whatever the stage, and says that it did so at `written`.
fn agree_anyway(
    world: &mut World,
    host: usize,
    circle: &CircleId,
    proposal: &ItemId,
    written: Timestamp,
) {
    let said = world.hosts[host].engine.with_timeline(circle, |timeline| {
        let entry = timeline.entries().iter().find(|entry| entry.id() == *proposal);
        entry.and_then(|entry| timeline.content(entry))
    });
    let Some(Content::Proposal(put)) = said.unwrap() else { panic!("no proposal") };
    let declaration = Declaration::new(DECLARED).unwrap();
    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[host].engine, circle, now).unwrap();
    let proof = insider.consent(&put.motion, Some(&declaration)).unwrap();
    let (seen, signature) = (proof.seen, proof.signature);
    let consent = Consent { proposal: *proposal, seen, declaration: Some(declaration), signature };
    let (content, written) = (Some(Content::Consent(consent)), Some(written));
    let head = insider.head().unwrap();
    let made = insider.item(&head, ForgedItem { content, written, ..ForgedItem::default() });
    insider.publish(made.unwrap().envelopes);
    world.hosts[host].obey_all();
}

#[test]
fn nobody_becomes_a_facilitator_without_agreeing_and_declaring() {
    let mut world = World::new(3, Seed(61));
    let circle = world.circle_of(3).unwrap();
    let proposal = propose(&mut world, 0, &circle, MotionKind::Promote, 1).unwrap();
    world.run_for(minute());
    assert_eq!(facilitators(&world, 2, &circle), [0]);
    assert!(motion(&world, 1, &circle, &proposal).asks_me);
    assert!(!motion(&world, 2, &circle, &proposal).asks_me);

    let silent = consent(&mut world, 1, &circle, &proposal, Some("  ".into()));
    assert_eq!(silent, Err(MotionError::Undeclared));
    let other = consent(&mut world, 2, &circle, &proposal, declared());
    assert_eq!(other, Err(MotionError::NotAsked));
    let by_member = propose(&mut world, 1, &circle, MotionKind::Promote, 2);
    assert_eq!(by_member, Err(MotionError::NotFacilitator));

    consent(&mut world, 1, &circle, &proposal, declared()).unwrap();
    world.run_for(Duration::from_secs(10));
    for host in 0..3 {
        assert_eq!(facilitators(&world, host, &circle), [0, 1]);
        assert_eq!(motion(&world, host, &circle, &proposal).stage, MotionStage::Over);
    }
    let again = propose(&mut world, 0, &circle, MotionKind::Promote, 1);
    assert_eq!(again, Err(MotionError::Already));
}

#[test]
fn three_facilitators_remove_a_fourth() {
    let mut world = World::new(5, Seed(62));
    let circle = world.circle_of(5).unwrap();
    for number in 1..4 {
        world.promote(0, &circle, number).unwrap();
    }
    assert_eq!(facilitators(&world, 4, &circle), [0, 1, 2, 3]);

    let gone = world.member(3, &circle).unwrap();
    let now = world.now;
    let asked = world.hosts[0].engine.remove_member(now, &circle, &gone, "It is time.".into());
    let proposal = asked.unwrap().unwrap();
    world.run_for(minute());
    assert_eq!(members(&world, 4, &circle), 5);
    let seen = motion(&world, 1, &circle, &proposal);
    assert_eq!((seen.facilitators_missing, seen.members_missing), (1, 0));
    assert_eq!(seen.kind, MotionKind::Remove { reason: Text::new("It is time.").unwrap() });
    // A member's word adds nothing where facilitators decide; nor does the one's it is about.
    consent(&mut world, 4, &circle, &proposal, None).unwrap();
    let own = consent(&mut world, 3, &circle, &proposal, None);
    assert_eq!(own, Err(MotionError::NotAsked));
    world.run_for(minute());
    assert_eq!(members(&world, 4, &circle), 5);

    consent(&mut world, 1, &circle, &proposal, None).unwrap();
    world.run_for(minute());
    for host in [0, 1, 2, 4] {
        assert_eq!(members(&world, host, &circle), 4);
    }
    let theirs = world.hosts[3].engine.circle(world.now, &circle).unwrap();
    assert_eq!(theirs.standing, Standing::Removed);
    world.share(2, &circle, "after").unwrap();
    world.run_for(minute());
    assert!(world.hosts[3].texts(&circle).is_empty());
}

#[test]
fn a_proposal_to_remove_without_a_reason_is_over_before_anybody_agrees() {
    let mut world = World::new(4, Seed(73));
    let circle = world.circle_of(4).unwrap();
    for number in [1, 2] {
        world.promote(0, &circle, number).unwrap();
    }
    let (now, about) = (world.now, world.member(2, &circle).unwrap());
    let asked = world.hosts[0].engine.remove_member(now, &circle, &about, "It is time.".into());
    let honest = asked.unwrap().unwrap();
    world.run_for(minute());
    assert!(motion(&world, 1, &circle, &honest).asks_me);
    // A changed program proposes the same and gives no reason.
    let said = world.hosts[1].engine.with_timeline(&circle, |timeline| {
        let entry = timeline.entries().iter().find(|entry| entry.id() == honest);
        entry.and_then(|entry| timeline.content(entry))
    });
    let Some(Content::Proposal(mut proposal)) = said.unwrap() else { panic!("no proposal") };
    proposal.motion.kind = MotionKind::Remove { reason: Text::new(" \n").unwrap() };
    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[0].engine, &circle, now).unwrap();
    let state = insider.head().unwrap();
    let item = ForgedItem { content: Some(Content::Proposal(proposal)), ..ForgedItem::default() };
    let forged = insider.item(&state, item).unwrap();
    let blank = forged.item.unwrap();
    world.hosts[0].obey_all();
    for host in [1, 2, 3] {
        world.inject(host, Venue::Circle(circle), forged.envelopes.clone());
        let seen = motion(&world, host, &circle, &blank);
        assert_eq!((seen.stage, seen.asks_me), (MotionStage::Over, false));
    }
    assert_eq!(consent(&mut world, 1, &circle, &blank, None), Err(MotionError::Over));
    world.run_for(minute());
    assert_eq!(members(&world, 3, &circle), 4);
}

#[test]
fn members_replace_a_facilitator_who_is_silent() {
    let mut world = World::new(4, Seed(63));
    let circle = world.circle_of(4).unwrap();
    world.set_online(0, false);
    let proposal = propose(&mut world, 1, &circle, MotionKind::Succeed, 2).unwrap();
    world.settle();
    let silent = consent(&mut world, 2, &circle, &proposal, None);
    assert_eq!(silent, Err(MotionError::Undeclared));
    consent(&mut world, 2, &circle, &proposal, declared()).unwrap();
    world.run_for(minute());
    let seen = motion(&world, 3, &circle, &proposal);
    assert_eq!((seen.stage, seen.members_missing), (MotionStage::Open, 1));
    consent(&mut world, 3, &circle, &proposal, None).unwrap();
    world.run_for(minute());
    assert_eq!(motion(&world, 1, &circle, &proposal).stage, MotionStage::Silence);
    assert_eq!(facilitators(&world, 1, &circle), [0]);

    world.sleep(hours(71));
    world.run_for(minute());
    assert_eq!(facilitators(&world, 1, &circle), [0]);
    world.sleep(hours(2));
    world.run_for(minute());
    for host in 1..4 {
        assert_eq!(facilitators(&world, host, &circle), [0, 2]);
    }

    // Now the new one, and two members, can let the silent one go.
    let removal = |why: &str| MotionKind::Remove { reason: Text::new(why).unwrap() };
    for blank in ["", " \n"] {
        let refused = propose(&mut world, 2, &circle, removal(blank), 0);
        assert_eq!(refused, Err(MotionError::NoReason));
    }
    let removal = propose(&mut world, 2, &circle, removal("As agreed."), 0).unwrap();
    world.settle();
    for host in [1, 3] {
        assert_eq!(members(&world, host, &circle), 4);
        consent(&mut world, host, &circle, &removal, None).unwrap();
        world.run_for(minute());
    }
    for host in 1..4 {
        assert_eq!(members(&world, host, &circle), 3);
    }
}

#[test]
fn a_word_of_the_facilitator_holds_a_succession_up() {
    let mut world = World::new(4, Seed(64));
    let circle = world.circle_of(4).unwrap();
    world.set_online(0, false);
    let proposal = propose(&mut world, 1, &circle, MotionKind::Succeed, 1).unwrap();
    world.settle();
    for host in 2..4 {
        consent(&mut world, host, &circle, &proposal, None).unwrap();
    }
    world.run_for(minute());
    assert_eq!(motion(&world, 2, &circle, &proposal).stage, MotionStage::Silence);

    world.sleep(hours(40));
    world.set_online(0, true);
    world.run_for(minute());
    world.share(0, &circle, "I was ill.").unwrap();
    world.run_for(minute());
    let seen = motion(&world, 2, &circle, &proposal);
    assert_eq!((seen.stage, seen.members_missing), (MotionStage::Open, 3));
    world.sleep(hours(40));
    world.run_for(minute());
    assert_eq!(facilitators(&world, 2, &circle), [0]);

    // Whoever still means it says so again, knowing what the facilitator said.
    consent(&mut world, 1, &circle, &proposal, declared()).unwrap();
    for host in 2..4 {
        consent(&mut world, host, &circle, &proposal, None).unwrap();
    }
    world.run_for(minute());
    world.sleep(hours(73));
    world.run_for(minute());
    assert_eq!(facilitators(&world, 2, &circle), [0, 1]);
}

#[test]
fn a_facilitator_steps_down_but_not_the_last_one() {
    let mut world = World::new(2, Seed(65));
    let circle = world.circle_of(2).unwrap();
    let now = world.now;
    let alone = world.hosts[0].engine.step_down(now, &circle);
    assert_eq!(alone, Err(MotionError::Last));
    world.promote(0, &circle, 1).unwrap();
    world.invite(0, &circle, 1, true).unwrap();
    world.run_for(minute());
    let now = world.now;
    world.hosts[0].engine.step_down(now, &circle).unwrap();
    world.hosts[0].obey_all();
    world.run_for(minute());
    for host in 0..2 {
        assert_eq!(facilitators(&world, host, &circle), [1]);
        // Nobody else could open the knocks of that invite.
        let invites = world.hosts[host].engine.circle(world.now, &circle).unwrap().invites;
        let reviewed = invites.iter().find(|invite| invite.review).unwrap();
        assert_eq!(reviewed.state, InviteState::Closed);
    }
    let by_member = world.invite(0, &circle, 1, false);
    assert!(by_member.is_err());
}

#[test]
fn a_decision_that_loses_a_race_is_carried_out_again() {
    let mut world = World::new(4, Seed(66));
    let circle = world.circle_of(4).unwrap();
    world.promote(0, &circle, 1).unwrap();
    let proposal = propose(&mut world, 0, &circle, MotionKind::Promote, 2).unwrap();
    world.settle();
    // On one side the new facilitator agrees and is made one; on the other much else happens.
    world.set_online(1, false);
    world.set_online(3, false);
    consent(&mut world, 2, &circle, &proposal, declared()).unwrap();
    world.run_for(minute());
    assert_eq!(facilitators(&world, 0, &circle), [0, 1, 2]);
    world.hide_relay();
    for host in [0, 2] {
        world.set_online(host, false);
    }
    for host in [1, 3] {
        world.set_online(host, true);
    }
    for _ in 0..3 {
        world.invite(1, &circle, 1, true).unwrap();
        world.run_for(minute());
    }
    world.share(3, &circle, "here").unwrap();
    world.run_for(minute());
    world.show_relay();
    for host in [0, 2] {
        world.set_online(host, true);
    }
    world.run_for(minute());
    world.run_for(minute());
    for host in 0..4 {
        assert_eq!(facilitators(&world, host, &circle), [0, 1, 2]);
        let overview = world.hosts[host].engine.circle(world.now, &circle).unwrap();
        assert_eq!(overview.invites.iter().filter(|invite| invite.review).count(), 3);
        assert_eq!(overview.pending_changes, 0);
    }
}

#[test]
fn a_restart_forgets_no_decision_on_its_way() {
    let mut world = World::new(4, Seed(67));
    let circle = world.circle_of(4).unwrap();
    world.set_online(0, false);
    let proposal = propose(&mut world, 1, &circle, MotionKind::Succeed, 1).unwrap();
    world.settle();
    for host in 2..4 {
        consent(&mut world, host, &circle, &proposal, None).unwrap();
    }
    world.run_for(minute());
    for host in 1..4 {
        world.restart(host);
    }
    world.sleep(hours(73));
    world.run_for(minute());
    assert_eq!(facilitators(&world, 3, &circle), [0, 1]);
}

#[test]
fn a_proposal_lapses_after_fourteen_days_and_nobody_carries_it_out() {
    let mut world = World::new(3, Seed(74));
    let circle = world.circle_of(3).unwrap();
    let proposal = propose(&mut world, 0, &circle, MotionKind::Promote, 1).unwrap();
    world.run_for(minute());
    world.sleep(hours(14 * 24 - 1));
    world.run_for(minute());
    let seen = motion(&world, 1, &circle, &proposal);
    assert_eq!((seen.stage, seen.asks_me), (MotionStage::Open, true));
    world.sleep(hours(2));
    world.run_for(minute());
    for host in 0..3 {
        let seen = motion(&world, host, &circle, &proposal);
        assert_eq!((seen.stage, seen.asks_me), (MotionStage::Lapsed, false), "device {host}");
    }
    let late = consent(&mut world, 1, &circle, &proposal, declared());
    assert_eq!(late, Err(MotionError::Over));
    let now = world.now;
    agree_anyway(&mut world, 1, &circle, &proposal, now);
    world.run_for(minute());
    for host in 0..3 {
        assert_eq!(facilitators(&world, host, &circle), [0], "device {host}");
    }

    // Put anew it is another one, and goes its way.
    let anew = propose(&mut world, 0, &circle, MotionKind::Promote, 1).unwrap();
    assert_ne!(anew, proposal);
    world.run_for(minute());
    consent(&mut world, 1, &circle, &anew, declared()).unwrap();
    world.run_for(minute());
    for host in 0..3 {
        assert_eq!(facilitators(&world, host, &circle), [0, 1], "device {host}");
    }
}

#[test]
fn a_consent_older_than_fourteen_days_speaks_for_nothing() {
    let mut world = World::new(3, Seed(75));
    let circle = world.circle_of(3).unwrap();
    let proposal = propose(&mut world, 0, &circle, MotionKind::Promote, 1).unwrap();
    world.run_for(minute());
    let long_ago = Timestamp::from_seconds(world.now.as_seconds() - 15 * 24 * 3600);
    agree_anyway(&mut world, 1, &circle, &proposal, long_ago);
    world.run_for(minute());
    for host in 0..3 {
        assert_eq!(motion(&world, host, &circle, &proposal).stage, MotionStage::Open);
        assert_eq!(facilitators(&world, host, &circle), [0], "device {host}");
    }
    let now = world.now;
    agree_anyway(&mut world, 1, &circle, &proposal, now);
    world.run_for(minute());
    assert_eq!(facilitators(&world, 2, &circle), [0, 1]);
}

#[test]
fn who_proposes_what_is_proposed_agrees_to_it_and_says_nothing_twice() {
    let mut world = World::new(4, Seed(76));
    let circle = world.circle_of(4).unwrap();
    let first = propose(&mut world, 1, &circle, MotionKind::Succeed, 1).unwrap();
    world.run_for(minute());
    assert_eq!(propose(&mut world, 1, &circle, MotionKind::Succeed, 1), Ok(first));
    assert_eq!(world.hosts[1].unsent().count(), 0, "it agreed before");
    assert_eq!(propose(&mut world, 2, &circle, MotionKind::Succeed, 1), Ok(first));
    world.run_for(minute());
    let agreeing = [1, 2].map(|host| world.member(host, &circle).unwrap());
    for host in 0..4 {
        let motions = world.hosts[host].engine.motions(world.now, &circle).unwrap();
        let [motion] = &motions[..] else { panic!("device {host}: {motions:?}") };
        assert!(agreeing.iter().all(|member| motion.agreeing.contains(member)), "device {host}");
        assert_eq!((motion.id, motion.agreeing.len()), (first, 2), "device {host}");
    }
}
