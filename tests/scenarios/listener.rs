//! Listeners: they read, decide with the others and may leave, and nobody shows what they say.

use std::time::Duration;

use windbreak_protocol::content::{StewardReason, WarmWord};
use windbreak_protocol::id::{CircleId, StateId};
use windbreak_protocol::invite::Door;
use windbreak_protocol::ledger::{Change, MotionKind, Role, RoleChange};
use windbreak_protocol::testing::{ForgedItem, Forgery, Insider};
use windbreak_protocol::{
    ActError, Deed, DeedKind, JoinStage, MotionError, ShareError, Voice, VoiceError,
};
use windbreak_tests::{Seed, World};

/// Why somebody only listens.
const WHY: &str = "Asked to read for a while.";

fn moment(world: &mut World) {
    world.run_for(Duration::from_secs(10));
}

/// Host 0 says whether the member of `host` only listens.
fn set_voice(
    world: &mut World,
    host: usize,
    circle: &CircleId,
    listens: bool,
) -> Result<(), VoiceError> {
    let (now, member) = (world.now, world.member(host, circle).unwrap());
    let voice = match listens {
        true => Voice::Listens { reason: WHY.into() },
        false => Voice::Speaks,
    };
    let done = world.hosts[0].engine.set_voice(now, circle, &member, voice);
    world.hosts[0].obey_all();
    done
}

fn role(world: &World, seen_by: usize, host: usize, circle: &CircleId) -> Role {
    let member = world.member(host, circle).unwrap();
    let overview = world.hosts[seen_by].engine.circle(world.now, circle).unwrap();
    overview.members.iter().find(|other| other.id == member).unwrap().role
}

fn refused(world: &mut World, host: usize, circle: &CircleId) -> ShareError {
    *world.share(host, circle, "may I").unwrap_err().downcast_ref::<ShareError>().unwrap()
}

/// What a device says in the steward log that commits did, without who and when.
fn deeds(world: &World, host: usize, circle: &CircleId) -> Vec<DeedKind> {
    let deeds = world.hosts[host].engine.deeds(circle);
    deeds.into_iter().map(|Deed { kind, .. }| kind).collect()
}

#[test]
fn who_takes_a_voice_says_why_and_everybody_reads_it() {
    let mut world = World::new(3, Seed(37));
    let circle = world.circle_of(3).unwrap();
    moment(&mut world);
    let (now, member) = (world.now, world.member(2, &circle).unwrap());
    for blank in ["", " \n "] {
        let voice = Voice::Listens { reason: blank.into() };
        let done = world.hosts[0].engine.set_voice(now, &circle, &member, voice);
        assert_eq!(done, Err(VoiceError::NoReason));
    }
    let voice = Voice::Listens { reason: "x".repeat(301) };
    let done = world.hosts[0].engine.set_voice(now, &circle, &member, voice);
    assert_eq!(done, Err(VoiceError::ReasonTooLong { limit: 300 }));
    set_voice(&mut world, 2, &circle, true).unwrap();
    moment(&mut world);
    world.sleep(Duration::from_secs(2 * 3600));
    set_voice(&mut world, 2, &circle, false).unwrap();
    moment(&mut world);
    let reason = Some(StewardReason::new(WHY).unwrap());
    let expected = [DeedKind::Listen { member, reason }, DeedKind::Speak(member)];
    for host in 0..3 {
        world.restart(host);
        assert_eq!(deeds(&world, host, &circle), expected, "device {host}");
        let by = world.member(0, &circle).unwrap();
        assert!(world.hosts[host].engine.deeds(&circle).iter().all(|deed| deed.by == by));
    }
}

#[test]
fn a_facilitator_lets_a_member_only_listen_and_speak_again() {
    let mut world = World::new(3, Seed(31));
    let circle = world.circle_of(3).unwrap();
    let share = world.share(0, &circle, "for all of you").unwrap();
    moment(&mut world);
    set_voice(&mut world, 2, &circle, true).unwrap();
    moment(&mut world);
    world.restart(2);
    for host in 0..3 {
        assert_eq!(role(&world, host, 2, &circle), Role::Listener);
    }
    assert_eq!(refused(&mut world, 2, &circle), ShareError::Listener);
    let now = world.now;
    let engine = &mut world.hosts[2].engine;
    let word = engine.react(now, &circle, &share, Some(WarmWord::HEARD));
    assert_eq!(word, Err(ActError::Share(ShareError::Listener)));
    assert_eq!(world.hosts[2].texts(&circle), ["for all of you"]);

    assert_eq!(set_voice(&mut world, 2, &circle, true), Err(VoiceError::Already));
    assert_eq!(set_voice(&mut world, 0, &circle, true), Err(VoiceError::Facilitator));
    let (now, member) = (world.now, world.member(2, &circle).unwrap());
    let by_other = world.hosts[1].engine.set_voice(now, &circle, &member, Voice::Speaks);
    assert_eq!(by_other, Err(VoiceError::NotFacilitator));

    set_voice(&mut world, 2, &circle, false).unwrap();
    moment(&mut world);
    world.share(2, &circle, "thank you").unwrap();
    moment(&mut world);
    assert_eq!(world.hosts[1].texts(&circle), ["for all of you", "thank you"]);
    // A listener may leave like anybody.
    set_voice(&mut world, 2, &circle, true).unwrap();
    moment(&mut world);
    let now = world.now;
    world.hosts[2].engine.leave(now, &circle).unwrap();
    world.hosts[2].obey_all();
    moment(&mut world);
    assert_eq!(world.hosts[0].engine.circle(world.now, &circle).unwrap().members.len(), 2);
}

#[test]
fn a_listener_takes_back_what_they_said_before() {
    let mut world = World::new(3, Seed(38));
    let circle = world.circle_of(3).unwrap();
    let words = world.share(2, &circle, "said with a voice").unwrap();
    moment(&mut world);
    set_voice(&mut world, 2, &circle, true).unwrap();
    moment(&mut world);
    assert_eq!(refused(&mut world, 2, &circle), ShareError::Listener);
    let now = world.now;
    world.hosts[2].engine.withdraw(now, &circle, &words).unwrap();
    world.hosts[2].obey_all();
    moment(&mut world);
    for host in 0..3 {
        world.restart(host);
        assert!(world.hosts[host].texts(&circle).is_empty(), "device {host}");
        let withdrawn = world.hosts[host].engine.with_timeline(&circle, |timeline| {
            let entry = timeline.entries().iter().find(|entry| entry.id() == words)?;
            Some(timeline.marks(entry)?.withdrawn)
        });
        assert_eq!(withdrawn, Some(Some(true)), "device {host}");
    }
}

#[test]
fn a_listener_is_made_no_facilitator_and_loses_no_vote() {
    let mut world = World::new(3, Seed(32));
    let circle = world.circle_of(3).unwrap();
    let voters = |world: &mut World| {
        let now = world.now;
        let insider = Insider::of(&mut world.hosts[0].engine, &circle, now).unwrap();
        insider.ledger(&insider.head().unwrap()).unwrap().voters()
    };
    let before = voters(&mut world);
    set_voice(&mut world, 2, &circle, true).unwrap();
    moment(&mut world);
    assert_eq!(voters(&mut world), before);
    let (now, member) = (world.now, world.member(2, &circle).unwrap());
    let engine = &mut world.hosts[0].engine;
    let promoted = engine.propose(now, &circle, MotionKind::Promote, &member, None);
    assert_eq!(promoted, Err(MotionError::Listener));
}

#[test]
fn who_holds_no_circle_takes_nobodys_voice_and_gives_none_on_any_node() {
    let mut world = World::new(3, Seed(38));
    let circle = world.circle_of(3).unwrap();
    moment(&mut world);
    let voice = |world: &mut World, to: Role, change: Change| {
        let now = world.now;
        let mut insider = Insider::of(&mut world.hosts[1].engine, &circle, now).unwrap();
        let head = insider.head().unwrap();
        let forgery = Forgery { changes: vec![change], ..Forgery::default() };
        let forged = insider.commit(&head, forgery).unwrap();
        insider.publish(forged.envelopes);
        world.hosts[1].obey_all();
        moment(world);
        for host in [0, 2] {
            assert_ne!(role(world, host, 2, &circle), to, "for device {host}");
        }
    };
    let member = world.member(2, &circle).unwrap();
    let set = |role: Role| {
        let (declaration, consents) = (None, Vec::new());
        Change::SetRole(RoleChange { member, role, declaration, consents })
    };
    let reason = StewardReason::new(WHY).unwrap();
    voice(&mut world, Role::Listener, set(Role::Listener));
    voice(&mut world, Role::Listener, Change::TakeVoice { member, reason });
    set_voice(&mut world, 2, &circle, true).unwrap();
    moment(&mut world);
    voice(&mut world, Role::Member, set(Role::Member));
}

#[test]
fn what_a_listener_says_is_refused_by_every_node() {
    let mut world = World::new(3, Seed(33));
    let circle = world.circle_of(3).unwrap();
    set_voice(&mut world, 2, &circle, true).unwrap();
    moment(&mut world);
    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[2].engine, &circle, now).unwrap();
    let head = insider.head().unwrap();
    let item = ForgedItem { text: "all the same".into(), ..ForgedItem::default() };
    let sealed = insider.item(&head, item).unwrap();
    insider.publish(sealed.envelopes);
    world.hosts[2].obey_all();
    moment(&mut world);
    world.restart(1);
    for host in 0..2 {
        assert!(world.hosts[host].texts(&circle).is_empty(), "{host} shows it");
    }
    // The circle goes on, with their vote.
    world.share(0, &circle, "still here").unwrap();
    moment(&mut world);
    assert_eq!(world.hosts[1].texts(&circle), ["still here"]);
}

#[test]
fn a_listener_says_nothing_by_carrying_words_of_their_own() {
    let mut world = World::new(3, Seed(35));
    let circle = world.circle_of(3).unwrap();
    set_voice(&mut world, 2, &circle, true).unwrap();
    moment(&mut world);
    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[2].engine, &circle, now).unwrap();
    let head = insider.head().unwrap();
    // Nobody knows the state it names.
    let item = ForgedItem {
        text: "all the same".into(),
        first_state: Some(StateId::from_bytes([7; 32])),
        ..ForgedItem::default()
    };
    let kept = insider.item(&head, item).unwrap().item.unwrap();
    let carried = insider.forward(&head, &kept).unwrap();
    insider.publish(carried.envelopes);
    world.hosts[2].obey_all();
    moment(&mut world);
    for host in 0..2 {
        assert!(world.hosts[host].texts(&circle).is_empty(), "{host} shows it");
    }
}

#[test]
fn what_somebody_said_before_they_only_listened_stays() {
    let mut world = World::new(3, Seed(34));
    let circle = world.circle_of(3).unwrap();
    // Said while away, under the state in which they spoke.
    world.set_online(2, false);
    world.share(2, &circle, "from the train").unwrap();
    set_voice(&mut world, 2, &circle, true).unwrap();
    moment(&mut world);
    world.set_online(2, true);
    world.run_for(Duration::from_secs(60));
    for host in 0..3 {
        assert_eq!(role(&world, host, 2, &circle), Role::Listener);
        assert_eq!(world.hosts[host].texts(&circle), ["from the train"]);
    }
}

#[test]
fn who_comes_as_a_listener_is_one_for_everybody_with_and_without_a_lobby() {
    for review in [false, true] {
        let mut world = World::new(4, Seed(36));
        let circle = world.circle_of(3).unwrap();
        moment(&mut world);
        let door = Door { review, listens: true };
        let (_, text) = world.invite_by(0, &circle, 1, door).unwrap();
        moment(&mut world);
        let invite = world.knock(3, text).unwrap();
        // The card says so, before anybody knocks.
        let card = world.hosts[3].engine.join(&invite).unwrap().card.unwrap();
        assert_eq!(card.door, door);
        world.run_for(Duration::from_secs(90));
        if review {
            let lobby = world.hosts[0].engine.lobby(&circle).unwrap();
            assert!(lobby[0].listens);
            let now = world.now;
            world.hosts[0].engine.admit(now, &circle, &lobby[0].id).unwrap();
            world.hosts[0].obey_all();
            world.run_for(Duration::from_secs(30));
        }
        world.restart(3);
        for host in 0..4 {
            assert_eq!(role(&world, host, 3, &circle), Role::Listener, "host {host}");
        }
        assert_eq!(refused(&mut world, 3, &circle), ShareError::Listener);
        // What they seal all the same nobody shows.
        let now = world.now;
        let mut insider = Insider::of(&mut world.hosts[3].engine, &circle, now).unwrap();
        let head = insider.head().unwrap();
        let item = ForgedItem { text: "all the same".into(), ..ForgedItem::default() };
        let sealed = insider.item(&head, item).unwrap();
        insider.publish(sealed.envelopes);
        world.hosts[3].obey_all();
        moment(&mut world);
        for host in 0..3 {
            assert!(world.hosts[host].texts(&circle).is_empty(), "{host} shows it");
        }
        // A facilitator says that they speak, as of any listener.
        set_voice(&mut world, 3, &circle, false).unwrap();
        moment(&mut world);
        world.share(3, &circle, "thank you").unwrap();
        moment(&mut world);
        assert_eq!(world.hosts[1].texts(&circle), ["thank you"]);
    }
}

#[test]
fn who_came_as_a_listener_on_a_branch_that_lost_is_one_when_let_in_again() {
    for seed in 37..40 {
        let mut world = World::new(4, Seed(seed));
        let circle = world.circle_of(3).unwrap();
        world.run_for(Duration::from_secs(60));
        let door = Door { review: false, listens: true };
        let (id, text) = world.invite_by(0, &circle, 1, door).unwrap();
        moment(&mut world);

        // One side lets them in, the other takes the invite back; the facilitator's side holds.
        world.set_online(0, false);
        let invite = world.knock(3, text).unwrap();
        world.run_for(Duration::from_secs(90));
        let joined = JoinStage::Joined(circle);
        assert_eq!(world.hosts[3].engine.join(&invite).unwrap().stage, joined, "seed {seed}");
        for host in 1..4 {
            world.set_online(host, false);
        }
        world.set_online(0, true);
        world.hide_from(0);
        let now = world.now;
        world.hosts[0].engine.revoke_invite(now, &circle, &id).unwrap();
        world.run_for(Duration::from_secs(20));
        world.show_relay();
        for host in 1..4 {
            world.set_online(host, true);
        }
        world.run_for(Duration::from_secs(180));
        for host in 0..4 {
            assert_eq!(role(&world, host, 3, &circle), Role::Listener, "seed {seed}, {host}");
        }
        assert_eq!(refused(&mut world, 3, &circle), ShareError::Listener);
    }
}
