//! What is done to something that was said: it holds for everybody, whoever was away, and after a
//! restart.

use std::time::Duration;

use windbreak_protocol::content::{Scope, WarmWord};
use windbreak_protocol::id::{CircleId, ItemId};
use windbreak_protocol::view::Marks;
use windbreak_protocol::{ActError, NewEdit};
use windbreak_tests::{Seed, World};

const WORDS: &str = "what I told you about my brother";
const OTHER_WORDS: &str = "what I rather say about my brother";

fn moment(world: &mut World) {
    world.run_for(Duration::from_secs(5));
}

/// Whether the store of a device holds these words in the clear.
fn holds(world: &World, host: usize, words: &str) -> bool {
    world.hosts[host]
        .records()
        .any(|(_, value)| value.windows(words.len()).any(|window| window == words.as_bytes()))
}

fn marks(world: &World, host: usize, circle: &CircleId, id: &ItemId) -> Marks {
    let engine = &world.hosts[host].engine;
    engine
        .with_timeline(circle, |timeline| {
            let entry = timeline.entries().iter().find(|entry| entry.id() == *id).unwrap();
            timeline.marks(entry).cloned().unwrap_or_default()
        })
        .unwrap()
}

fn withdraw(world: &mut World, host: usize, circle: &CircleId, id: &ItemId) {
    let now = world.now;
    world.hosts[host].engine.withdraw(now, circle, id).unwrap();
    world.hosts[host].obey_all();
}

fn edit(world: &mut World, host: usize, circle: &CircleId, id: &ItemId, text: &str) {
    let (now, text) = (world.now, text.to_owned());
    let edit = NewEdit { content_note: None, title: None, text };
    world.hosts[host].engine.edit(now, circle, id, edit).unwrap();
    world.hosts[host].obey_all();
}

#[test]
fn what_is_taken_back_is_in_no_store_any_more() {
    let mut world = World::new(3, Seed(81));
    let circle = world.circle_of(3).unwrap();
    let share = world.share(0, &circle, WORDS).unwrap();
    edit(&mut world, 0, &circle, &share, OTHER_WORDS);
    moment(&mut world);
    for host in 0..3 {
        assert!(holds(&world, host, WORDS) && holds(&world, host, OTHER_WORDS));
        assert_eq!(world.hosts[host].texts(&circle), [OTHER_WORDS]);
    }
    withdraw(&mut world, 0, &circle, &share);
    moment(&mut world);
    world.restart(1);
    for host in 0..3 {
        assert!(!holds(&world, host, WORDS) && !holds(&world, host, OTHER_WORDS), "{host}");
        assert!(world.hosts[host].texts(&circle).is_empty());
        assert!(marks(&world, host, &circle, &share).withdrawn);
    }
    // Life goes on, for who restarted too.
    world.share(1, &circle, "with you all the same").unwrap();
    moment(&mut world);
    assert_eq!(world.hosts[0].texts(&circle), ["with you all the same"]);
}

#[test]
fn a_device_that_was_away_obeys_when_it_is_back() {
    let mut world = World::new(2, Seed(82));
    let circle = world.circle_of(2).unwrap();
    let share = world.share(0, &circle, WORDS).unwrap();
    moment(&mut world);
    world.set_online(1, false);
    withdraw(&mut world, 0, &circle, &share);
    world.run_for(Duration::from_secs(60));
    assert!(holds(&world, 1, WORDS));
    world.set_online(1, true);
    world.run_for(Duration::from_secs(60));
    assert!(!holds(&world, 1, WORDS));
    world.restart(1);
    assert!(marks(&world, 1, &circle, &share).withdrawn);
}

#[test]
fn words_that_come_after_they_were_taken_back_are_not_kept() {
    let mut world = World::new(3, Seed(83));
    let circle = world.circle_of(3).unwrap();
    moment(&mut world);
    world.set_online(2, false);
    let share = world.share(0, &circle, WORDS).unwrap();
    moment(&mut world);
    world.hide_relay();
    withdraw(&mut world, 0, &circle, &share);
    moment(&mut world);
    world.set_online(2, true);
    moment(&mut world);
    world.restart(2);
    let lost = world.hosts[2].engine.with_timeline(&circle, |timeline| timeline.lost());
    assert_eq!(lost, Some(0), "what was taken back is missed by nobody");
    world.show_relay();
    world.run_for(Duration::from_secs(10));
    world.restart(2);
    assert!(marks(&world, 2, &circle, &share).withdrawn);
    assert!(!holds(&world, 2, WORDS));
}

#[test]
fn what_is_taken_back_before_it_left_never_leaves() {
    let mut world = World::new(2, Seed(84));
    let circle = world.circle_of(2).unwrap();
    world.set_online(0, false);
    let share = world.share(0, &circle, WORDS).unwrap();
    withdraw(&mut world, 0, &circle, &share);
    world.restart(0);
    world.set_online(0, true);
    world.run_for(Duration::from_secs(60));
    let lost = world.hosts[1].engine.with_timeline(&circle, |timeline| timeline.lost());
    let known = world.hosts[1].engine.with_timeline(&circle, |timeline| {
        timeline.entries().iter().any(|entry| entry.id() == share)
    });
    assert_eq!((lost, known), (Some(0), Some(false)));
    assert!(!holds(&world, 0, WORDS));
}

#[test]
fn nobody_acts_without_the_right_to() {
    let mut world = World::new(2, Seed(85));
    let circle = world.circle_of(2).unwrap();
    let share = world.share(0, &circle, WORDS).unwrap();
    moment(&mut world);
    let now = world.now;
    let engine = &mut world.hosts[1].engine;
    let other = NewEdit { content_note: None, title: None, text: "x".into() };
    assert_eq!(engine.withdraw(now, &circle, &share), Err(ActError::NotAuthor));
    assert_eq!(engine.edit(now, &circle, &share, other), Err(ActError::NotAuthor));
    assert_eq!(engine.pin(now, &circle, &share, true), Err(ActError::NotFacilitator));
    assert_eq!(engine.allow_advice(now, &circle, &share, true), Err(ActError::NotAsker));
    let unknown = engine.react(now, &circle, &share, Some(WarmWord(77)));
    assert_eq!(unknown, Err(ActError::UnknownWord));
    let word = engine.react(now, &circle, &share, Some(WarmWord::HEARD)).unwrap();
    let nothing = engine.react(now, &circle, &word, Some(WarmWord::HEARD));
    assert_eq!(nothing, Err(ActError::NotWords));
    withdraw(&mut world, 0, &circle, &share);
    moment(&mut world);
    let engine = &mut world.hosts[1].engine;
    let late = engine.react(now, &circle, &share, Some(WarmWord::HEARD));
    assert_eq!(late, Err(ActError::Withdrawn));
}

#[test]
fn pins_words_and_leave_for_advice_outlive_a_restart() {
    let mut world = World::new(3, Seed(86));
    let circle = world.circle_of(3).unwrap();
    let share = world.share(1, &circle, WORDS).unwrap();
    moment(&mut world);
    let now = world.now;
    assert!(world.hosts[2].engine.holds_advice_back(&circle, &share));
    let advice = world.hosts[2]
        .engine
        .advise(now, &circle, &share, "walk more".into(), Scope::HereNow)
        .unwrap();
    world.hosts[2].engine.react(now, &circle, &share, Some(WarmWord::WITH_YOU)).unwrap();
    world.hosts[0].engine.pin(now, &circle, &share, true).unwrap();
    for host in [0, 2] {
        world.hosts[host].obey_all();
    }
    moment(&mut world);
    for host in 0..3 {
        world.restart(host);
        let marks = marks(&world, host, &circle, &share);
        assert!(marks.pinned && marks.reactions.len() == 1);
    }
    assert_eq!(world.hosts[0].texts(&circle), [WORDS]);
    world.hosts[1].engine.allow_advice(world.now, &circle, &share, true).unwrap();
    world.hosts[1].obey_all();
    moment(&mut world);
    world.restart(0);
    assert!(!marks(&world, 0, &circle, &advice).held_back);
    assert!(!world.hosts[2].engine.holds_advice_back(&circle, &share));
    assert_eq!(world.hosts[0].texts(&circle), [WORDS, "walk more"]);
}
