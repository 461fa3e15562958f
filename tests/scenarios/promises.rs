//! Promises of the specification that no other scenario tells: order of outputs, topics, being
//! told, being away, and that reading is nobody's business.

use std::collections::BTreeSet;
use std::time::Duration;

use windbreak_protocol::content::{Ask, Scope};
use windbreak_protocol::id::{CircleId, Topic};
use windbreak_protocol::invite::Refusal;
use windbreak_protocol::limits::MAX_OUTBOX;
use windbreak_protocol::{
    Event, JoinStage, NewKnock, NewShare, Output, ShareError, Standing, Venue,
};
use windbreak_tests::{Seed, World};

const MINUTE: Duration = Duration::from_secs(60);
const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

fn topics(world: &World, host: usize, circle: &CircleId) -> BTreeSet<Topic> {
    let reach = world.hosts[host].engine.reach(&Venue::Circle(*circle)).unwrap();
    reach.topics.iter().map(|followed| followed.topic).collect()
}

fn on_relay(world: &World) -> BTreeSet<Vec<u8>> {
    world.relay().map(|envelope| envelope.as_bytes().to_vec()).collect()
}

#[test]
fn outputs_come_in_the_order_persist_then_publish() {
    let mut world = World::new(1, Seed(81));
    let circle = world.create_circle(0).unwrap();
    let share = NewShare {
        ask: Ask::JustListening,
        content_note: None,
        title: None,
        text: "kept before it leaves".into(),
        scope: Scope::HereNow,
    };
    let engine = &mut world.hosts[0].engine;
    engine.share(world.now, &circle, share).unwrap();
    let Some(Output::Persist(batch)) = engine.poll_output() else {
        panic!("something left before it was kept");
    };
    let rest: Vec<Output> = std::iter::from_fn(|| engine.poll_output()).collect();
    assert!(!rest.iter().any(|output| matches!(output, Output::Persist(_))));
    let published = rest.iter().filter_map(|output| match output {
        Output::Publish { envelope, .. } => Some(envelope.as_bytes()),
        _ => None,
    });
    for envelope in published {
        let holds = |value: &[u8]| value.windows(envelope.len()).any(|window| window == envelope);
        assert!(batch.iter().any(|(_, value)| value.is_some_and(holds)));
    }
}

#[test]
fn a_relay_stores_none_of_the_words() {
    let mut world = World::new(2, Seed(82));
    let circle = world.circle_of(2).unwrap();
    world.share(0, &circle, "a word nobody outside may read").unwrap();
    world.run_for(MINUTE);
    let words: [&[u8]; 4] = [b"nobody outside", b"Evening circle", b"member 1", circle.as_bytes()];
    for envelope in on_relay(&world) {
        for word in words {
            assert!(!envelope.windows(word.len()).any(|window| window == word));
        }
    }
}

#[test]
fn reading_sends_nothing() {
    let mut world = World::new(2, Seed(83));
    let circle = world.circle_of(2).unwrap();
    world.share(0, &circle, "read me").unwrap();
    world.run_for(5 * MINUTE);
    let before = on_relay(&world);
    for _ in 0..5 {
        assert_eq!(world.hosts[1].texts(&circle), ["read me"]);
        world.run_for(MINUTE);
    }
    assert_eq!(on_relay(&world), before);
}

#[test]
fn a_removed_member_is_told() {
    let mut world = World::new(3, Seed(84));
    let circle = world.circle_of(3).unwrap();
    let gone = world.member(2, &circle).unwrap();
    world.hosts[0].engine.remove_member(world.now, &circle, &gone, "As agreed.".into()).unwrap();
    world.run_for(MINUTE);
    let overview = world.hosts[2].engine.circle(world.now, &circle).unwrap();
    assert_eq!(overview.standing, Standing::Removed);
    let told = |event: &Event| matches!(event, Event::CircleClosed { left: false, .. });
    assert!(world.hosts[2].events.iter().any(told));
    assert!(world.hosts[2].engine.reach(&Venue::Circle(circle)).is_none());
}

#[test]
fn a_removed_member_does_not_know_the_next_topic() {
    let mut world = World::new(3, Seed(85));
    let circle = world.circle_of(3).unwrap();
    let known = topics(&world, 2, &circle);
    let link = world.hosts[2].engine.reach(&Venue::Circle(circle)).unwrap().link_key;
    let gone = world.member(2, &circle).unwrap();
    world.hosts[0].engine.remove_member(world.now, &circle, &gone, "As agreed.".into()).unwrap();
    world.run_for(MINUTE);
    let before = on_relay(&world);
    world.share(0, &circle, "after").unwrap();
    world.run_for(MINUTE);
    let new: Vec<_> = world.relay().filter(|e| !before.contains(e.as_bytes())).collect();
    assert!(!new.is_empty());
    assert!(new.iter().all(|envelope| !known.contains(&envelope.topic())));
    assert!(world.hosts[0].engine.reach(&Venue::Circle(circle)).unwrap().link_key != link);
}

#[test]
fn topics_change_with_the_period() {
    let mut world = World::new(1, Seed(86));
    let circle = world.create_circle(0).unwrap();
    for week in 1..5 {
        world.share(0, &circle, "again").unwrap();
        world.settle();
        let used: BTreeSet<Topic> = world.relay().map(|envelope| envelope.topic()).collect();
        assert_eq!(used.len(), week);
        let reach = world.hosts[0].engine.reach(&Venue::Circle(circle)).unwrap();
        for envelope in world.relay() {
            let followed = reach.topics.iter().find(|one| one.topic == envelope.topic());
            let fits = |period| period == Some(envelope.hour().period());
            assert!(followed.is_none_or(|followed| fits(followed.period)));
        }
        world.sleep(WEEK);
    }
}

#[test]
fn old_topics_are_no_longer_followed() {
    let mut world = World::new(1, Seed(87));
    let circle = world.create_circle(0).unwrap();
    let first = topics(&world, 0, &circle);
    for _ in 0..9 {
        world.sleep(WEEK);
    }
    // The porch stays, for those who were away; all others go.
    assert_eq!(topics(&world, 0, &circle).intersection(&first).count(), 1);
}

#[test]
fn a_member_who_was_away_for_weeks_catches_up() {
    let mut world = World::new(3, Seed(88));
    let circle = world.circle_of(3).unwrap();
    world.set_online(2, false);
    for week in 0..4 {
        world.share(1, &circle, &format!("week {week}")).unwrap();
        world.sleep(WEEK);
        world.run_for(MINUTE);
    }
    world.set_online(1, false);
    world.set_online(2, true);
    world.run_for(5 * MINUTE);
    assert_eq!(world.hosts[2].texts(&circle), ["week 0", "week 1", "week 2", "week 3"]);
    world.share(2, &circle, "back").unwrap();
    world.run_for(MINUTE);
    assert_eq!(world.hosts[0].texts(&circle).last().unwrap(), "back");
}

#[test]
fn an_own_commit_is_the_head_only_after_acknowledgement() {
    let mut world = World::new(2, Seed(89));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    let head = |world: &World| world.hosts[0].engine.circle(world.now, &circle).unwrap().head;
    let before = head(&world);
    world.set_online(0, false);
    world.invite(0, &circle, 1, true).unwrap();
    assert_eq!(head(&world), before);
    world.set_online(0, true);
    world.run_for(MINUTE);
    assert_ne!(head(&world), before);
}

#[test]
fn a_restart_does_not_use_a_ratchet_key_twice() {
    let mut world = World::new(2, Seed(90));
    let circle = world.circle_of(2).unwrap();
    let mut said = Vec::new();
    for count in 0..10 {
        let text = format!("share {count}");
        world.share(0, &circle, &text).unwrap();
        said.push(text);
        world.restart(0);
        world.settle();
    }
    world.run_for(MINUTE);
    for host in 0..2 {
        assert_eq!(world.hosts[host].texts(&circle), said);
    }
}

#[test]
fn a_knock_that_comes_too_late_is_told_so() {
    let mut world = World::new(2, Seed(91));
    let circle = world.create_circle(0).unwrap();
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    let invite = world.hosts[1].engine.start_join(world.now, text).unwrap();
    world.hosts[1].obey_all();
    world.settle();
    let agreement = world.hosts[1].engine.join(&invite).unwrap().agreement.unwrap();
    world.set_online(1, false);
    let knock = NewKnock { name: "Mira".into(), note: String::new(), agreement, patience: WEEK };
    world.hosts[1].engine.knock(world.now, &invite, knock).unwrap();
    world.sleep(Duration::from_secs(25 * 3600));
    world.set_online(1, true);
    world.run_for(MINUTE);
    let stage = world.hosts[1].engine.join(&invite).unwrap().stage;
    assert_eq!(stage, JoinStage::Refused(Refusal::Expired));
}

#[test]
fn a_full_outbox_refuses_new_work() {
    let mut world = World::new(1, Seed(92));
    let circle = world.create_circle(0).unwrap();
    world.settle();
    world.set_online(0, false);
    let mut refused = None;
    for count in 0..=MAX_OUTBOX {
        let share = NewShare {
            ask: Ask::Resources,
            content_note: None,
            title: None,
            text: format!("share {count}"),
            scope: Scope::HereNow,
        };
        refused = world.hosts[0].engine.share(world.now, &circle, share).err();
        world.hosts[0].obey_all();
    }
    assert_eq!(refused, Some(ShareError::OutboxFull));
    let shown = world.hosts[0].texts(&circle).len();
    assert!(shown > MAX_OUTBOX / 2);
    world.set_online(0, true);
    world.settle();
    world.share(0, &circle, "room again").unwrap();
    assert_eq!(world.hosts[0].texts(&circle).len(), shown + 1);
}
