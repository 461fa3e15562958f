//! How facilitators hold a circle: who may, for how long it stands, who learns of it, and that every
//! node holds to it.

use std::time::Duration;

use windbreak_protocol::content::{Content, Hide, Mute, Scope, SlowMode, StewardReason};
use windbreak_protocol::id::{CircleId, ItemId, MemberId};
use windbreak_protocol::testing::{ForgedItem, Insider};
use windbreak_protocol::view::{Marks, Stewardship};
use windbreak_protocol::{
    ActError, BlockError, NewEdit, RemoveError, ShareError, StewardAct, StewardError, Venue,
};
use windbreak_tests::{Seed, World};

const WORDS: &str = "his name is on the door of the bakery";
const REASON: &str = "it names somebody";

fn moment(world: &mut World) {
    world.run_for(Duration::from_secs(5));
}

fn steward(
    world: &mut World,
    host: usize,
    circle: &CircleId,
    act: StewardAct,
) -> Result<ItemId, StewardError> {
    let now = world.now;
    let done = world.hosts[host].engine.steward(now, circle, act, REASON);
    world.hosts[host].obey_all();
    moment(world);
    done
}

fn hide(item: ItemId, on: bool) -> StewardAct {
    StewardAct::Hide { item, on }
}

fn mute(world: &World, member: MemberId, minutes: u64) -> StewardAct {
    let until = world.now.after(Duration::from_secs(60 * minutes));
    StewardAct::Mute { member, until: Some(until) }
}

fn marks(world: &World, host: usize, circle: &CircleId, id: &ItemId) -> Marks {
    let engine = &world.hosts[host].engine;
    let marks = engine.with_timeline(circle, |timeline| {
        let entry = timeline.entries().iter().find(|entry| entry.id() == *id).unwrap();
        timeline.marks(entry).cloned().unwrap_or_default()
    });
    marks.unwrap()
}

fn stewardship(world: &World, host: usize, circle: &CircleId) -> Stewardship {
    let engine = &world.hosts[host].engine;
    let now = world.now;
    engine.with_timeline_at(now, circle, |timeline| timeline.stewardship().clone()).unwrap()
}

#[test]
fn what_was_hidden_stays_so_when_who_hid_it_steps_down_and_after_a_restart() {
    let mut world = World::new(3, Seed(91));
    let circle = world.circle_of(3).unwrap();
    let share = world.share(1, &circle, WORDS).unwrap();
    moment(&mut world);
    world.promote(0, &circle, 2).unwrap();
    let act = steward(&mut world, 0, &circle, hide(share, true)).unwrap();
    world.hosts[0].engine.step_down(world.now, &circle).unwrap();
    world.hosts[0].obey_all();
    world.run_for(Duration::from_secs(30));
    for host in 0..3 {
        world.restart(host);
        assert_eq!(marks(&world, host, &circle, &share).hidden, Some(act), "{host}");
    }
    assert!(world.hosts[0].texts(&circle).is_empty(), "who hid it holds the circle no longer");
    assert_eq!(world.hosts[1].texts(&circle), [WORDS], "its author reads it");
    let refused = steward(&mut world, 0, &circle, hide(share, false));
    assert_eq!(refused, Err(StewardError::Act(ActError::NotFacilitator)));
    steward(&mut world, 2, &circle, hide(share, false)).unwrap();
    assert_eq!(world.hosts[0].texts(&circle), [WORDS]);
    let again = steward(&mut world, 2, &circle, hide(share, false));
    assert_eq!(again, Err(StewardError::Nothing));
}

#[test]
fn whoever_is_muted_takes_back_what_they_said() {
    let mut world = World::new(3, Seed(98));
    let circle = world.circle_of(3).unwrap();
    let words = world.share(1, &circle, "said before the mute").unwrap();
    moment(&mut world);
    let member = world.member(1, &circle).unwrap();
    let act = mute(&world, member, 60);
    steward(&mut world, 0, &circle, act).unwrap();
    moment(&mut world);
    let (now, engine) = (world.now, &mut world.hosts[1].engine);
    let said = engine.reply(now, &circle, &words, "more".into(), Scope::HereNow);
    assert!(matches!(said, Err(ShareError::Muted { .. })));
    engine.withdraw(now, &circle, &words).unwrap();
    world.hosts[1].obey_all();
    moment(&mut world);
    for host in 0..3 {
        world.restart(host);
        assert!(marks(&world, host, &circle, &words).withdrawn, "device {host}");
        assert!(world.hosts[host].texts(&circle).is_empty());
    }
}

#[test]
fn whoever_is_muted_says_nothing_that_others_see_whatever_their_program() {
    let mut world = World::new(3, Seed(92));
    let circle = world.circle_of(3).unwrap();
    let before = world.share(1, &circle, "before").unwrap();
    moment(&mut world);
    let member = world.member(1, &circle).unwrap();
    let act = mute(&world, member, 60);
    steward(&mut world, 0, &circle, act).unwrap();
    let now = world.now;
    let engine = &mut world.hosts[1].engine;
    let edit = NewEdit { content_note: None, title: None, text: "x".into() };
    let reply = engine.reply(now, &circle, &before, "more".into(), Scope::HereNow);
    assert!(matches!(reply, Err(ShareError::Muted { .. })));
    let edited = engine.edit(now, &circle, &before, edit);
    assert!(matches!(edited, Err(ActError::Share(ShareError::Muted { .. }))));
    // What is no word of theirs is left to them.
    engine
        .react(now, &circle, &before, Some(windbreak_protocol::content::WarmWord::HEARD))
        .unwrap();

    let mut insider = Insider::of(engine, &circle, now).unwrap();
    let head = insider.head().unwrap();
    let forged = ForgedItem { text: "all the same".into(), ..ForgedItem::default() };
    let forged = insider.item(&head, forged).unwrap();
    world.hosts[1].obey_all();
    let item = forged.item.unwrap();
    world.inject(2, Venue::Circle(circle), forged.envelopes.clone());
    world.inject(0, Venue::Circle(circle), forged.envelopes);
    moment(&mut world);
    for host in [0, 2] {
        world.restart(host);
        assert!(marks(&world, host, &circle, &item).muted.is_some());
    }
    assert_eq!(world.hosts[2].texts(&circle), ["before"]);
    // It is over by itself; what was said in it stays held back.
    world.run_for(Duration::from_secs(61 * 60));
    assert!(stewardship(&world, 2, &circle).muted.is_empty());
    world.share(1, &circle, "after").unwrap();
    moment(&mut world);
    assert_eq!(world.hosts[2].texts(&circle), ["before", "after"]);
}

#[test]
fn what_a_mute_held_back_is_shown_when_it_is_taken_back_after_its_end() {
    for leaves in [false, true] {
        let mut world = World::new(3, Seed(103));
        let circle = world.circle_of(3).unwrap();
        let member = world.member(1, &circle).unwrap();
        world.set_online(1, false);
        let act = mute(&world, member, 5);
        steward(&mut world, 0, &circle, act).unwrap();
        world.run_for(Duration::from_secs(90));
        // Nobody has told this device.
        let honest = world.share(1, &circle, "said in good faith").unwrap();
        world.run_for(Duration::from_secs(10 * 60));
        world.set_online(1, true);
        world.run_for(Duration::from_secs(60));
        if leaves {
            world.hosts[1].engine.leave(world.now, &circle).unwrap();
            world.hosts[1].obey_all();
            world.run_for(Duration::from_secs(120));
            let overview = world.hosts[0].engine.circle(world.now, &circle).unwrap();
            assert_eq!(overview.members.len(), 2);
        }
        assert!(stewardship(&world, 0, &circle).muted.is_empty(), "it is over");
        assert!(world.hosts[2].texts(&circle).is_empty());
        assert!(marks(&world, 2, &circle, &honest).muted.is_some());
        world.restart(0);
        let undo = StewardAct::Mute { member, until: None };
        steward(&mut world, 0, &circle, undo.clone()).unwrap();
        for host in [0, 2] {
            world.restart(host);
            assert_eq!(world.hosts[host].texts(&circle), ["said in good faith"], "{host}");
        }
        let nothing = if leaves { StewardError::UnknownMember } else { StewardError::Nothing };
        assert_eq!(steward(&mut world, 0, &circle, undo), Err(nothing));
    }
}

#[test]
fn whoever_is_made_a_facilitator_while_muted_is_read_by_everybody() {
    let mut world = World::new(3, Seed(102));
    let circle = world.circle_of(3).unwrap();
    let member = world.member(1, &circle).unwrap();
    let act = mute(&world, member, 60);
    steward(&mut world, 0, &circle, act).unwrap();
    world.promote(0, &circle, 1).unwrap();
    moment(&mut world);
    world.share(1, &circle, "said as a facilitator").unwrap();
    moment(&mut world);
    for host in 0..3 {
        world.restart(host);
        assert_eq!(world.hosts[host].texts(&circle), ["said as a facilitator"], "{host}");
        assert!(stewardship(&world, host, &circle).muted.is_empty());
    }
    // Nobody mutes them now, and the mute from before can be taken back, so that what they said
    // stays in sight when they step down.
    let act = mute(&world, member, 60);
    assert_eq!(steward(&mut world, 0, &circle, act), Err(StewardError::Facilitator));
    let undo = StewardAct::Mute { member, until: None };
    steward(&mut world, 0, &circle, undo.clone()).unwrap();
    assert_eq!(steward(&mut world, 0, &circle, undo), Err(StewardError::Facilitator));
    world.hosts[1].engine.step_down(world.now, &circle).unwrap();
    world.hosts[1].obey_all();
    world.run_for(Duration::from_secs(30));
    for host in 0..3 {
        world.restart(host);
        assert_eq!(world.hosts[host].texts(&circle), ["said as a facilitator"], "{host}");
        assert!(stewardship(&world, host, &circle).muted.is_empty());
    }
}

#[test]
fn acts_of_somebody_who_is_no_facilitator_count_for_nothing_on_any_node() {
    let mut world = World::new(3, Seed(93));
    let circle = world.circle_of(3).unwrap();
    let share = world.share(0, &circle, WORDS).unwrap();
    moment(&mut world);
    let reason = StewardReason::new(REASON).unwrap();
    let member = world.member(2, &circle).unwrap();
    let until = Some(world.now.after(Duration::from_secs(3600)));
    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[1].engine, &circle, now).unwrap();
    let head = insider.head().unwrap();
    let mut envelopes = Vec::new();
    for content in [
        Content::Hide(Hide { to: share, on: true, reason: reason.clone() }),
        Content::Mute(Mute { member, until, again: false, reason }),
    ] {
        let forged = ForgedItem { content: Some(content), ..ForgedItem::default() };
        envelopes.extend(insider.item(&head, forged).unwrap().envelopes);
    }
    world.hosts[1].obey_all();
    for host in [0, 2] {
        world.inject(host, Venue::Circle(circle), envelopes.clone());
        assert_eq!(marks(&world, host, &circle, &share).hidden, None);
        assert!(stewardship(&world, host, &circle).muted.is_empty());
        // All members read that it was tried.
        let log = world.hosts[host].engine.with_timeline(&circle, |timeline| {
            let log = timeline.steward_log();
            log.map(|entry| timeline.is_in_right(entry)).collect::<Vec<_>>()
        });
        assert_eq!(log.unwrap(), [false, false]);
    }
}

#[test]
fn acts_without_a_reason_count_for_nothing_on_any_node() {
    let mut world = World::new(3, Seed(101));
    let circle = world.circle_of(3).unwrap();
    let share = world.share(1, &circle, WORDS).unwrap();
    moment(&mut world);
    let member = world.member(2, &circle).unwrap();
    let until = Some(world.now.after(Duration::from_secs(3600)));
    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[0].engine, &circle, now).unwrap();
    let head = insider.head().unwrap();
    let mut envelopes = Vec::new();
    let acts = |why: &str| {
        let reason = StewardReason::new(why).unwrap();
        [
            Content::Hide(Hide { to: share, on: true, reason: reason.clone() }),
            Content::Mute(Mute { member, until, again: false, reason: reason.clone() }),
            Content::SlowMode(SlowMode { minutes: 30, again: false, reason }),
        ]
    };
    for content in ["", " \n"].into_iter().flat_map(acts) {
        let forged = ForgedItem { content: Some(content), ..ForgedItem::default() };
        envelopes.extend(insider.item(&head, forged).unwrap().envelopes);
    }
    world.hosts[0].obey_all();
    for host in [1, 2] {
        world.inject(host, Venue::Circle(circle), envelopes.clone());
        world.restart(host);
        assert_eq!(marks(&world, host, &circle, &share).hidden, None);
        let held = stewardship(&world, host, &circle);
        assert!(held.muted.is_empty() && held.slow.is_none());
        // All members read that it was tried.
        let log = world.hosts[host].engine.with_timeline(&circle, |timeline| {
            let log = timeline.steward_log();
            log.map(|entry| timeline.is_in_right(entry)).collect::<Vec<_>>()
        });
        assert_eq!(log.unwrap(), [false; 6]);
    }
}

#[test]
fn a_facilitator_is_not_muted_and_a_mute_has_an_end() {
    let mut world = World::new(3, Seed(94));
    let circle = world.circle_of(3).unwrap();
    world.promote(0, &circle, 2).unwrap();
    let [own, member, other] = [0, 1, 2].map(|host| world.member(host, &circle).unwrap());
    for facilitator in [own, other] {
        let act = mute(&world, facilitator, 5);
        assert_eq!(steward(&mut world, 0, &circle, act), Err(StewardError::Facilitator));
    }
    for minutes in [0, 31 * 24 * 60] {
        let act = mute(&world, member, minutes);
        assert_eq!(steward(&mut world, 0, &circle, act), Err(StewardError::MuteTime { days: 30 }));
    }
    let unknown = mute(&world, MemberId::from_bytes([9; 32]), 5);
    assert_eq!(steward(&mut world, 0, &circle, unknown), Err(StewardError::UnknownMember));
    let now = world.now;
    let act = mute(&world, member, 5);
    let silent = world.hosts[0].engine.steward(now, &circle, act, "  ");
    assert_eq!(silent, Err(StewardError::NoReason));
    let slow = StewardAct::SlowMode { minutes: 1441 };
    let slow = steward(&mut world, 0, &circle, slow);
    assert_eq!(slow, Err(StewardError::TooSlow { limit: 1440 }));

    // Whose program says so all the same has done it without the right to it, as every node sees it.
    moment(&mut world);
    let now = world.now;
    let reason = StewardReason::new(REASON).unwrap();
    let until = Some(now.after(Duration::from_secs(3600)));
    let content = Some(Content::Mute(Mute { member: other, until, again: false, reason }));
    let mut insider = Insider::of(&mut world.hosts[0].engine, &circle, now).unwrap();
    let head = insider.head().unwrap();
    let forged = insider.item(&head, ForgedItem { content, ..ForgedItem::default() }).unwrap();
    world.hosts[0].obey_all();
    for host in [1, 2] {
        world.inject(host, Venue::Circle(circle), forged.envelopes.clone());
        let log = world.hosts[host].engine.with_timeline(&circle, |timeline| {
            let log = timeline.steward_log();
            log.map(|entry| timeline.is_in_right(entry)).collect::<Vec<_>>()
        });
        assert_eq!(log.unwrap(), [false], "for device {host}");
    }
}

#[test]
fn whoever_joins_learns_who_is_muted_and_how_slow_the_circle_is() {
    let mut world = World::new(4, Seed(95));
    let circle = world.circle_of(3).unwrap();
    let member = world.member(1, &circle).unwrap();
    let act = mute(&world, member, 24 * 60);
    steward(&mut world, 0, &circle, act).unwrap();
    steward(&mut world, 0, &circle, StewardAct::SlowMode { minutes: 10 }).unwrap();
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.knock(3, text).unwrap();
    world.run_for(Duration::from_secs(120));
    let here = stewardship(&world, 3, &circle);
    assert_eq!(here.slow.map(|(minutes, _)| minutes), Some(10));
    let until = |host| stewardship(&world, host, &circle).muted[&member].0;
    assert_eq!(until(3), until(2));
    let logged = |host: usize| {
        let engine = &world.hosts[host].engine;
        engine.with_timeline(&circle, |timeline| timeline.steward_log().count())
    };
    assert_eq!((logged(2), logged(3)), (Some(2), Some(2)), "said again, and shown once");
}

#[test]
fn in_slow_mode_who_shares_too_soon_is_told_and_is_seen_later() {
    let mut world = World::new(2, Seed(96));
    let circle = world.circle_of(2).unwrap();
    steward(&mut world, 0, &circle, StewardAct::SlowMode { minutes: 10 }).unwrap();
    assert_eq!(world.hosts[1].engine.next_share(world.now, &circle), None);
    world.share(1, &circle, "one").unwrap();
    moment(&mut world);
    assert!(world.hosts[1].engine.next_share(world.now, &circle).is_some());
    world.share(1, &circle, "two").unwrap();
    moment(&mut world);
    assert_eq!(world.hosts[0].texts(&circle), ["one"]);
    assert_eq!(world.hosts[1].texts(&circle), ["one", "two"]);
    world.restart(0);
    world.run_for(Duration::from_secs(11 * 60));
    assert_eq!(world.hosts[0].texts(&circle), ["one", "two"]);
}

#[test]
fn nobody_is_removed_without_a_reason() {
    let mut world = World::new(3, Seed(89));
    let circle = world.circle_of(3).unwrap();
    world.promote(0, &circle, 1).unwrap();
    moment(&mut world);
    // Neither somebody who holds the circle, whom the others decide about, nor anybody else.
    for host in [1, 2] {
        let (now, gone) = (world.now, world.member(host, &circle).unwrap());
        for blank in ["", " \n"] {
            let done = world.hosts[0].engine.remove_member(now, &circle, &gone, blank.into());
            assert_eq!(done, Err(RemoveError::NoReason));
        }
    }
    moment(&mut world);
    let overview = world.hosts[2].engine.circle(world.now, &circle).unwrap();
    assert_eq!(overview.members.len(), 3);
}

#[test]
fn a_shorter_wait_in_slow_mode_holds_at_once() {
    let mut world = World::new(2, Seed(99));
    let circle = world.circle_of(2).unwrap();
    steward(&mut world, 0, &circle, StewardAct::SlowMode { minutes: 1440 }).unwrap();
    world.share(1, &circle, "one").unwrap();
    world.run_for(Duration::from_secs(10 * 60));
    steward(&mut world, 0, &circle, StewardAct::SlowMode { minutes: 5 }).unwrap();
    moment(&mut world);
    assert_eq!(world.hosts[1].engine.next_share(world.now, &circle), None);
    world.share(1, &circle, "two").unwrap();
    moment(&mut world);
    assert_eq!(world.hosts[0].texts(&circle), ["one", "two"]);
}

#[test]
fn the_log_says_who_was_removed_by_whom_and_why_after_a_restart_too() {
    let mut world = World::new(3, Seed(97));
    let circle = world.circle_of(3).unwrap();
    let [by, gone] = [0, 2].map(|host| world.member(host, &circle).unwrap());
    let now = world.now;
    world.hosts[0].engine.remove_member(now, &circle, &gone, "Asked to go.".into()).unwrap();
    world.hosts[0].obey_all();
    world.run_for(Duration::from_secs(30));
    for host in [0, 1] {
        world.restart(host);
        let removals = world.hosts[host].engine.removals(&circle);
        let [removal] = removals.as_slice() else { panic!("{removals:?}") };
        assert_eq!((removal.by, removal.member), (by, gone));
        assert_eq!((removal.reason.as_str(), removal.at), ("Asked to go.", now.hour()));
    }
}

#[test]
fn whom_somebody_blocks_is_kept_on_their_device_alone() {
    let mut world = World::new(3, Seed(98));
    let circle = world.circle_of(3).unwrap();
    let [own, other] = [0, 1].map(|host| world.member(host, &circle).unwrap());
    moment(&mut world);
    let sent = world.relay().count();
    let now = world.now;
    let engine = &mut world.hosts[0].engine;
    engine.block(now, &circle, &other, true).unwrap();
    assert_eq!(engine.block(now, &circle, &own, true), Err(BlockError::Yourself));
    let nobody = MemberId::from_bytes([9; 32]);
    assert_eq!(engine.block(now, &circle, &nobody, true), Err(BlockError::UnknownMember));
    assert_eq!(engine.block(now, &circle, &nobody, false), Err(BlockError::NotBlocked));
    world.hosts[0].obey_all();
    world.settle();
    assert_eq!(world.relay().count(), sent, "something was sent on account of it");
    world.restart(0);
    assert_eq!(world.hosts[0].engine.blocked(&circle), [other].into());
    assert!(world.hosts[1].engine.blocked(&circle).is_empty());
    world.hosts[0].engine.block(now, &circle, &other, false).unwrap();
    world.hosts[0].obey_all();
    world.restart(0);
    assert!(world.hosts[0].engine.blocked(&circle).is_empty());
}
