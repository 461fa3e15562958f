//! Being away for longer than any relay keeps anything, and finding the way back; and coming in
//! anew where there is none.

use std::collections::BTreeSet;
use std::time::Duration;

use windbreak_protocol::content::Scope;
use windbreak_protocol::id::{CircleId, DeviceId};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::ledger::KeepDays;
use windbreak_protocol::limits::{MAX_VOUCHERS, SEALS_PER_STATE};
use windbreak_protocol::record::RecordKind;
use windbreak_protocol::testing::{ForgedAnswer, Insider, generation};
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::{Event, NewEdit, ShareError, Standing, Venue};
use windbreak_tests::{Seed, Snapshot, World};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// The circle goes on for `days` days, with a commit and a share every fifth, and the relay forgets
/// what is older than thirty. Returns what was said.
fn go_on(world: &mut World, circle: &CircleId, days: u32) -> Vec<String> {
    let mut said = Vec::new();
    for day in (0..days).step_by(5) {
        world.invite(0, circle, 1, false).unwrap();
        let text = format!("on day {day}");
        world.share(0, circle, &text).unwrap();
        said.push(text);
        world.run_for(MINUTE);
        for _ in 0..5 {
            world.sleep(DAY);
        }
        world.run_for(MINUTE);
    }
    said
}

fn heads(world: &World, circle: &CircleId, hosts: &[usize]) -> usize {
    let head = |host: &usize| world.hosts[*host].engine.circle(world.now, circle).unwrap().head;
    hosts.iter().map(head).collect::<std::collections::BTreeSet<_>>().len()
}

#[test]
fn whoever_was_away_longer_than_relays_keep_anything_gets_the_commits_from_a_member() {
    let mut world = World::new(3, Seed(130));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    world.share(2, &circle, "before").unwrap();
    world.run_for(MINUTE);
    world.set_online(2, false);
    let mut expected = vec!["before".to_owned()];
    expected.extend(go_on(&mut world, &circle, 40));
    world.restart(2);
    world.set_online(2, true);
    world.run_for(MINUTE * 3);

    assert_eq!(heads(&world, &circle, &[0, 1, 2]), 1);
    assert_eq!(world.hosts[2].texts(&circle), expected);
    world.share(2, &circle, "back").unwrap();
    world.run_for(MINUTE);
    assert!(world.hosts[1].texts(&circle).contains(&"back".to_owned()));
}

#[test]
fn the_way_back_leads_over_a_removal_that_nobody_can_fetch_any_more() {
    let mut world = World::new(4, Seed(134));
    let circle = world.circle_of(4).unwrap();
    world.run_for(MINUTE);
    world.set_online(3, false);
    let gone = world.member(2, &circle).unwrap();
    let now = world.now;
    world.hosts[0].engine.remove_member(now, &circle, &gone, "As agreed.".into()).unwrap();
    world.run_for(MINUTE);
    let expected = go_on(&mut world, &circle, 40);
    world.restart(1);
    world.set_online(3, true);
    world.run_for(MINUTE * 3);
    world.run_for(HOUR / 2);

    assert_eq!(heads(&world, &circle, &[0, 1, 3]), 1);
    assert_eq!(world.hosts[3].texts(&circle), expected);
    assert!(world.hosts[2].texts(&circle).is_empty());
}

/// Everybody of `hosts` stands at one head and shows the same texts.
fn shown_to_all(world: &World, circle: &CircleId, hosts: &[usize]) -> Vec<String> {
    assert_eq!(heads(world, circle, hosts), 1);
    let first = world.hosts[hosts[0]].texts(circle);
    for host in hosts {
        assert_eq!(world.hosts[*host].texts(circle), first, "host {host}");
    }
    first
}

fn came_back(world: &World, host: usize) -> usize {
    let events = world.hosts[host].events.iter();
    events.filter(|event| matches!(event, Event::CameBack { .. })).count()
}

#[test]
fn whoever_nobody_can_give_a_way_comes_in_anew_and_reads_what_it_missed() {
    let mut world = World::new(4, Seed(136));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    world.set_online(2, false);
    world.share_for(2, &circle, "written on the train", Scope::LaterToo).unwrap();
    world.share_for(0, &circle, "for all", Scope::LaterToo).unwrap();
    let mut expected = go_on(&mut world, &circle, 40);
    // Somebody comes in, and those who kept the commits go away.
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    world.knock(3, text).unwrap();
    world.run_for(MINUTE);
    world.share(3, &circle, "the new one").unwrap();
    world.run_for(MINUTE);
    for host in [0, 1] {
        world.set_online(host, false);
    }
    world.restart(2);
    world.set_online(2, true);
    // The one who is there is a stranger to it, and believed late.
    world.run_for(HOUR);
    assert_eq!(came_back(&world, 2), 0);
    world.run_for(HOUR * 5);

    assert_eq!(came_back(&world, 2), 1);
    assert_eq!(heads(&world, &circle, &[2, 3]), 1);
    world.share(2, &circle, "back").unwrap();
    for host in [0, 1] {
        world.set_online(host, true);
    }
    world.run_for(HOUR * 6);
    let texts = world.hosts[3].texts(&circle);
    assert!(["the new one", "back"].iter().all(|text| texts.contains(&(*text).to_owned())));
    expected.extend(["for all", "the new one", "back", "written on the train"].map(String::from));
    expected.sort();
    assert_eq!(heads(&world, &circle, &[0, 1, 2, 3]), 1);
    for host in [0, 1, 2] {
        let mut texts = world.hosts[host].texts(&circle);
        texts.sort();
        assert_eq!(texts, expected, "host {host}");
    }
}

#[test]
fn a_device_put_back_to_what_it_was_comes_in_anew_and_uses_no_number_twice() {
    for seed in [140, 141] {
        let mut world = World::new(3, Seed(seed));
        let circle = world.circle_of(3).unwrap();
        world.run_for(MINUTE);
        world.share(2, &circle, "before").unwrap();
        world.run_for(MINUTE);
        let snapshot = world.snapshot(2);
        world.share(2, &circle, "after").unwrap();
        world.run_for(MINUTE);
        world.restore(2, &snapshot);
        world.run_for(MINUTE * 5);

        assert_eq!(came_back(&world, 2), 1, "seed {seed}");
        world.share(2, &circle, "again").unwrap();
        world.run_for(MINUTE);
        world.restart(2);
        world.share(2, &circle, "and again").unwrap();
        world.run_for(MINUTE);
        let texts = shown_to_all(&world, &circle, &[0, 1, 2]);
        assert_eq!(texts, ["before", "after", "again", "and again"], "seed {seed}");
        let members = world.hosts[0].engine.circle(world.now, &circle).unwrap().members;
        assert_eq!(members.len(), 3);
        assert!(members.iter().all(|member| member.devices == 1));
    }
}

/// Device 2 wrote something that never left, was taken back to a backup with it, and came in anew: it said
/// that anew, and something else. Returns what it held while it waited to come in, and all that others had
/// sent by the time it was in.
fn waited_and_went_on(world: &mut World, circle: &CircleId) -> (Snapshot, Vec<Verified<Envelope>>) {
    world.share(2, circle, "before").unwrap();
    world.run_for(MINUTE);
    world.set_online(2, false);
    world.share(2, circle, "never sent").unwrap();
    let backup = world.snapshot(2);
    world.take_back(2, &backup);
    let waiting = world.snapshot(2);
    world.set_online(2, true);
    while came_back(world, 2) == 0 {
        world.run_for(SECOND);
    }
    let own = |envelope: &&Verified<Envelope>| {
        generation(&world.hosts[0].engine, circle, envelope).is_some_and(|key| key.leaf == 2)
    };
    let sent = world.relay().filter(|envelope| !own(envelope)).cloned().collect();
    world.run_for(MINUTE * 5);
    world.share(2, circle, "in between").unwrap();
    world.run_for(MINUTE);
    let texts = shown_to_all(world, circle, &[0, 1, 2]);
    assert_eq!(texts, ["before", "never sent", "in between"]);
    (waiting, sent)
}

fn own_device(world: &World, circle: &CircleId) -> DeviceId {
    let devices = world.hosts[2].engine.devices(circle).unwrap();
    devices.into_iter().find(|device| device.this).unwrap().id
}

#[test]
fn who_was_put_back_while_it_waited_comes_in_by_no_key_that_it_used_since() {
    let mut world = World::new(3, Seed(149));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    let (waiting, _) = waited_and_went_on(&mut world, &circle);
    let used = own_device(&world, &circle);

    // The relay has the Welcome still.
    world.take_back(2, &waiting);
    for _ in 0..180 {
        world.run_for(MINUTE);
        if came_back(&world, 2) == 2 {
            break;
        }
        world.restart(2);
    }
    assert_eq!(came_back(&world, 2), 2);
    assert_ne!(own_device(&world, &circle), used);
    world.share(2, &circle, "again").unwrap();
    world.run_for(MINUTE * 5);
    let texts = shown_to_all(&world, &circle, &[0, 1, 2]);
    assert_eq!(texts, ["before", "never sent", "in between", "again"]);
}

/// It is not told that it was put back: it finds out by what others hold of it, before anything leaves.
#[test]
fn who_was_put_back_untold_while_it_waited_uses_no_key_twice_and_says_nothing_twice() {
    let mut world = World::new(3, Seed(150));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    let (waiting, sent) = waited_and_went_on(&mut world, &circle);
    let used = own_device(&world, &circle);

    // A while after the start the Welcome comes, and a little later what it said since.
    world.restore(2, &waiting);
    world.set_online(2, false);
    world.run_for(MINUTE);
    world.inject(2, Venue::Circle(circle), sent);
    assert_eq!(came_back(&world, 2), 2);
    world.set_online(2, true);
    for _ in 0..24 {
        world.run_for(MINUTE * 5);
        if own_device(&world, &circle) != used {
            break;
        }
    }
    assert_ne!(own_device(&world, &circle), used);
    world.share(2, &circle, "again").unwrap();
    world.run_for(MINUTE * 5);
    let texts = shown_to_all(&world, &circle, &[0, 1, 2]);
    assert_eq!(texts, ["before", "never sent", "in between", "again"]);
    let keys: Vec<_> = world
        .relay()
        .filter_map(|envelope| generation(&world.hosts[0].engine, &circle, envelope))
        .collect();
    let different: BTreeSet<_> = keys.iter().collect();
    assert_eq!(different.len(), keys.len(), "{keys:?}");
}

#[test]
fn a_backup_of_very_many_words_that_nobody_named_starts_again() {
    let mut world = World::new(2, Seed(148));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    world.set_online(1, false);
    let count = 8_500;
    for number in 0..count {
        if number % 250 == 249 {
            world.run_for(MINUTE);
            world.sleep(HOUR);
        }
        world.share(0, &circle, &format!("{number}")).unwrap();
    }
    let backup = world.snapshot(0);
    world.take_back(0, &backup);
    world.restart(0);
    let standing = world.hosts[0].engine.circle(world.now, &circle).unwrap().standing;
    assert_eq!(standing, Standing::Active);
    assert_eq!(world.hosts[0].texts(&circle).len(), count);
}

#[test]
fn a_commit_that_a_device_never_made_tells_it_that_it_is_a_copy() {
    let mut world = World::new(2, Seed(146));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    let snapshot = world.snapshot(0);
    world.invite(0, &circle, 1, false).unwrap();
    world.run_for(MINUTE);
    world.restore(0, &snapshot);
    world.run_for(MINUTE * 5);

    assert_eq!(came_back(&world, 0), 1);
    world.share(0, &circle, "again").unwrap();
    world.run_for(MINUTE);
    assert_eq!(shown_to_all(&world, &circle, &[0, 1]), ["again"]);
}

#[test]
fn what_nobody_holds_is_not_served() {
    let mut world = World::new(2, Seed(147));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    let served = |world: &World| {
        let records = world.hosts[1].records();
        records.filter(|(key, _)| key.kind() == RecordKind::Envelope).count()
    };
    let before = served(&world);
    world.set_online(1, false);
    world.share(1, &circle, "not yet").unwrap();
    assert_eq!(served(&world), before, "a copy may not let it leave");
    world.set_online(1, true);
    world.run_for(MINUTE);
    assert!(served(&world) > before);
}

#[test]
fn a_copy_for_which_no_further_key_can_be_vouched_is_closed() {
    let mut world = World::new(2, Seed(148));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    let mut times = 0;
    let closed = loop {
        let snapshot = world.snapshot(1);
        world.share(1, &circle, &format!("share {times}")).unwrap();
        world.run_for(MINUTE);
        world.restore(1, &snapshot);
        world.run_for(HOUR * 2);
        let standing = world.hosts[1].engine.circle(world.now, &circle).unwrap().standing;
        if standing != Standing::Active {
            break standing;
        }
        times += 1;
        assert!(times <= MAX_VOUCHERS);
    };
    assert_eq!((closed, times), (Standing::Replaced, MAX_VOUCHERS));
    assert!(world.share(1, &circle, "with a key of another").is_err());
    let said: Vec<_> = (0..=times).map(|number| format!("share {number}")).collect();
    assert_eq!(world.hosts[0].texts(&circle), said);
}

#[test]
fn a_stranger_on_the_porch_neither_sends_a_device_back_nor_silences_it() {
    for lie in [ForgedAnswer::NoWay, ForgedAnswer::Nothing, ForgedAnswer::Seal] {
        let mut world = World::new(3, Seed(149));
        let circle = world.circle_of(3).unwrap();
        world.run_for(MINUTE);
        world.set_online(2, false);
        let expected = go_on(&mut world, &circle, 40);
        // Nobody is there but the one who listens on the porch.
        world.set_online(0, false);
        world.set_online(1, false);
        world.restart(2);
        world.set_online(2, true);
        let mut answered = 0;
        for _ in 0..30 {
            world.run_for(MINUTE);
            world.set_online(0, true);
            world.settle();
            let now = world.now;
            let mut insider = Insider::of(&mut world.hosts[0].engine, &circle, now).unwrap();
            answered += insider.answer(lie);
            world.settle();
            world.set_online(0, false);
        }
        assert!(answered > 1, "{lie:?}");
        assert_eq!(came_back(&world, 2), 0, "{lie:?}");

        world.set_online(1, true);
        world.run_for(HOUR);
        assert_eq!(came_back(&world, 2), 0, "{lie:?}");
        assert_eq!(shown_to_all(&world, &circle, &[1, 2]), expected, "{lie:?}");
        world.share(2, &circle, "here again").unwrap();
    }
}

#[test]
fn of_a_device_and_its_copy_the_one_that_finds_out_takes_the_place() {
    let mut world = World::new(3, Seed(142));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    let copy = world.clone_device(2);
    world.share(2, &circle, "from the device").unwrap();
    world.run_for(MINUTE);
    // What the copy wrote before it knew was never heard, and is said once.
    world.share(copy, &circle, "from the copy").unwrap();
    world.set_online(copy, true);
    // Both ask at once, and of one key a member keeps the latest question in mind: they ask again.
    world.run_for(MINUTE * 15);

    assert_eq!(came_back(&world, copy), 1);
    let standing = world.hosts[2].engine.circle(world.now, &circle).unwrap().standing;
    assert_eq!(standing, Standing::Replaced);
    let texts = shown_to_all(&world, &circle, &[0, 1, copy]);
    assert_eq!(texts, ["from the device", "from the copy"]);
    // Nobody has signed two things with one number, so the member votes as before.
    world.invite(0, &circle, 1, false).unwrap();
    world.run_for(MINUTE);
    shown_to_all(&world, &circle, &[0, 1, copy]);
}

#[test]
fn a_copy_waits_for_others_before_it_says_a_word() {
    let mut world = World::new(2, Seed(143));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    let snapshot = world.snapshot(1);
    world.share(1, &circle, "one").unwrap();
    world.run_for(MINUTE);
    world.set_online(0, false);
    world.restore(1, &snapshot);
    world.run_for(MINUTE);
    let refused = world.share(1, &circle, "two").unwrap_err();
    assert_eq!(refused.downcast_ref::<ShareError>(), Some(&ShareError::ComingBack));
    world.restart(1);
    world.set_online(0, true);
    world.run_for(HOUR);

    world.share(1, &circle, "two").unwrap();
    world.run_for(MINUTE);
    assert_eq!(shown_to_all(&world, &circle, &[0, 1]), ["one", "two"]);
}

#[test]
fn what_a_copy_said_while_nobody_was_in_reach_is_taken_back_before_it_leaves() {
    let mut world = World::new(2, Seed(144));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    let snapshot = world.snapshot(1);
    world.share(1, &circle, "one").unwrap();
    world.run_for(MINUTE);
    world.set_online(1, false);
    world.restore(1, &snapshot);
    world.run_for(MINUTE);
    world.share(1, &circle, "two").unwrap();
    world.run_for(MINUTE);
    let sealed: Vec<_> = world.hosts[1].unsent().collect();
    assert!(!sealed.is_empty(), "its network waits to put it");

    // It hears what the other one said, and its network is to put none of it any more.
    let envelopes = world.relay().cloned().collect();
    world.inject(1, Venue::Circle(circle), envelopes);
    assert!(world.hosts[1].unsent().all(|id| !sealed.contains(&id)));
    world.set_online(1, true);
    world.run_for(HOUR);
    assert_eq!(shown_to_all(&world, &circle, &[0, 1]), ["one", "two"]);
}

#[test]
fn in_a_doubt_that_nobody_ends_a_device_makes_itself_keys_of_its_own() {
    let mut world = World::new(2, Seed(150));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    let snapshot = world.snapshot(1);
    world.share(1, &circle, "one").unwrap();
    for _ in 0..3 {
        // Votes and commits have counters, and no numbers of items.
        world.invite(0, &circle, 1, true).unwrap();
        world.run_for(HOUR * 2);
    }
    world.set_online(0, false);
    world.restore(1, &snapshot);
    world.run_for(MINUTE);
    let view = |world: &World| world.hosts[1].engine.circle(world.now, &circle).unwrap();
    let doubting = view(&world);
    assert!(doubting.coming_back);
    world.run_for(MINUTE * 50);
    assert!(world.share(1, &circle, "too soon").is_err());
    world.run_for(MINUTE * 20);

    let alone = view(&world);
    assert_eq!(alone.epoch, doubting.epoch + 1, "under the old head another may seal");
    world.share(1, &circle, "two").unwrap();
    world.restart(1);
    world.set_online(0, true);
    world.run_for(MINUTE * 5);
    assert_eq!(world.hosts[0].texts(&circle), ["one", "two"]);
    assert_eq!(view(&world).head, world.hosts[0].engine.circle(world.now, &circle).unwrap().head);
}

#[test]
fn a_backup_from_before_anybody_came_returns_to_those_who_did() {
    let mut world = World::new(2, Seed(144));
    let circle = world.circle_of(1).unwrap();
    world.run_for(MINUTE);
    let backup = world.snapshot(0);
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    world.knock(1, text).unwrap();
    world.run_for(MINUTE);
    world.share(0, &circle, "before").unwrap();
    world.settle();
    world.share(1, &circle, "heard").unwrap();
    world.run_for(MINUTE);
    world.take_back(0, &backup);
    let refused = world.share(0, &circle, "too soon").unwrap_err();
    assert_eq!(refused.downcast_ref::<ShareError>(), Some(&ShareError::ComingBack));
    world.run_for(HOUR);

    assert_eq!(came_back(&world, 0), 1);
    world.share(0, &circle, "again").unwrap();
    world.run_for(MINUTE);
    assert_eq!(shown_to_all(&world, &circle, &[0, 1]), ["before", "heard", "again"]);
}

/// Whether the store of a device holds these words in the clear.
fn holds(world: &World, host: usize, words: &str) -> bool {
    let mut records = world.hosts[host].records();
    records.any(|(_, value)| value.windows(words.len()).any(|window| window == words.as_bytes()))
}

#[test]
fn what_was_taken_back_since_a_backup_is_not_said_anew() {
    const WORDS: [&str; 2] = ["what I told you about my brother", "what I rather say about him"];
    for told in [true, false] {
        let mut world = World::new(3, Seed(147));
        let circle = world.circle_of(3).unwrap();
        world.run_for(MINUTE);
        let share = world.share_for(1, &circle, WORDS[0], Scope::LaterToo).unwrap();
        let (now, text) = (world.now, WORDS[1].to_owned());
        let edit = NewEdit { content_note: None, title: None, text };
        world.hosts[1].engine.edit(now, &circle, &share, edit).unwrap();
        world.hosts[1].obey_all();
        world.share_for(1, &circle, "and this stays", Scope::LaterToo).unwrap();
        world.run_for(MINUTE);
        let backup = world.snapshot(1);
        let now = world.now;
        world.hosts[1].engine.withdraw(now, &circle, &share).unwrap();
        world.hosts[1].obey_all();
        world.run_for(MINUTE);
        if told {
            world.take_back(1, &backup);
        } else {
            world.restore(1, &backup);
        }
        world.run_for(3 * HOUR);

        assert_eq!(came_back(&world, 1), 1, "{told}");
        for host in 0..3 {
            assert_eq!(world.hosts[host].texts(&circle), ["and this stays"], "{host}, {told}");
            for words in WORDS {
                assert!(!holds(&world, host, words), "{host}, {told}: {words}");
            }
        }
    }
}

/// A device whose backup holds a share that others had, and one that never left it; then it takes the
/// first back. Returns the backup.
fn takes_back_after_a_backup(
    world: &mut World,
    host: usize,
    circle: &CircleId,
    words: &str,
    unsent: &str,
) -> Snapshot {
    let share = world.share_for(host, circle, words, Scope::LaterToo).unwrap();
    world.run_for(MINUTE);
    world.set_online(host, false);
    let before = world.snapshot(host);
    world.share_for(host, circle, unsent, Scope::LaterToo).unwrap();
    let backup = world.snapshot(host);
    world.restore(host, &before);
    world.set_online(host, true);
    world.run_for(MINUTE);
    let now = world.now;
    world.hosts[host].engine.withdraw(now, circle, &share).unwrap();
    world.hosts[host].obey_all();
    world.run_for(MINUTE);
    backup
}

fn comes(world: &mut World, host: usize, circle: &CircleId) {
    let (_, text) = world.invite(0, circle, 1, false).unwrap();
    world.settle();
    world.knock(host, text).unwrap();
    world.run_for(MINUTE);
}

#[test]
fn what_nobody_is_left_to_tell_of_is_said_anew() {
    const UNSENT: &str = "written on the train";
    let mut world = World::new(3, Seed(152));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    let backup = takes_back_after_a_backup(&mut world, 1, &circle, "taken back", UNSENT);
    comes(&mut world, 2, &circle);
    world.promote(0, &circle, 2).unwrap();
    let now = world.now;
    world.hosts[0].engine.leave(now, &circle).unwrap();
    world.hosts[0].obey_all();
    world.run_for(MINUTE * 2);
    world.take_back(1, &backup);
    world.run_for(MINUTE * 20);

    assert_eq!(came_back(&world, 1), 1);
    assert!(world.hosts[2].texts(&circle).contains(&UNSENT.to_owned()));
}

#[test]
fn what_is_too_old_since_a_backup_is_not_said_anew() {
    let mut world = World::new(3, Seed(148));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    world.share_for(1, &circle, "of long ago", Scope::LaterToo).unwrap();
    world.run_for(MINUTE);
    let backup = world.snapshot(1);
    let (now, keep) = (world.now, KeepDays::new(2));
    world.hosts[0].engine.set_keep(now, &circle, keep, "As agreed.").unwrap();
    world.hosts[0].obey_all();
    for _ in 0..10 {
        world.run_for(MINUTE);
        world.sleep(DAY);
    }
    world.run_for(HOUR);
    assert!(world.hosts[0].texts(&circle).is_empty());
    world.take_back(1, &backup);
    world.run_for(3 * HOUR);

    assert_eq!(came_back(&world, 1), 1);
    for host in [0, 2] {
        assert!(world.hosts[host].texts(&circle).is_empty(), "{host}");
        assert!(!holds(&world, host, "of long ago"), "{host}");
    }
}

#[test]
fn what_a_copy_carries_over_as_it_was_waits_for_room_like_anything() {
    let count = usize::try_from(SEALS_PER_STATE).unwrap() + 60;
    let mut world = World::new(3, Seed(152));
    let circle = world.circle_of(2).unwrap();
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.run_for(MINUTE);
    world.set_online(1, false);
    for number in 0..count {
        world.share_for(1, &circle, &format!("{number}"), Scope::LaterToo).unwrap();
    }
    world.share(1, &circle, "for those here").unwrap();
    let backup = world.snapshot(1);
    // Somebody comes, for whom the last of it is not: so what is before it is not said anew either.
    world.knock(2, text).unwrap();
    world.run_for(3 * MINUTE);
    assert!(world.member(2, &circle).is_some());

    world.take_back(1, &backup);
    world.set_online(1, true);
    world.run_for(HOUR / 2);
    assert_eq!(came_back(&world, 1), 1);
    let view = world.hosts[1].engine.circle(world.now, &circle).unwrap();
    assert_eq!(view.outbox, 0, "nothing waits any more");
    for host in [0, 2] {
        let texts = world.hosts[host].texts(&circle);
        assert_eq!(texts.iter().filter(|text| *text != "for those here").count(), count);
    }
}

#[test]
fn a_backup_says_nothing_while_nobody_takes_it_in() {
    let mut world = World::new(1, Seed(145));
    let circle = world.circle_of(1).unwrap();
    world.share(0, &circle, "before").unwrap();
    world.run_for(MINUTE);
    let backup = world.snapshot(0);
    world.share(0, &circle, "after").unwrap();
    world.run_for(MINUTE);
    let head = world.hosts[0].engine.circle(world.now, &circle).unwrap().head;
    world.take_back(0, &backup);
    world.run_for(DAY);
    world.restart(0);
    world.run_for(DAY);

    let refused = world.share(0, &circle, "again").unwrap_err();
    assert_eq!(refused.downcast_ref::<ShareError>(), Some(&ShareError::ComingBack));
    let view = world.hosts[0].engine.circle(world.now, &circle).unwrap();
    assert_eq!((view.head, view.standing), (head, Standing::Active));
    assert_eq!(world.hosts[0].texts(&circle), ["before"]);
}

#[test]
fn whoever_nobody_takes_in_again_may_leave_and_come_by_a_new_invite() {
    let mut world = World::new(3, Seed(155));
    let circle = world.circle_of(3).unwrap();
    world.share(2, &circle, "before").unwrap();
    world.run_for(MINUTE);
    let backup = world.snapshot(2);
    for others in [0, 1] {
        world.set_online(others, false);
    }
    world.take_back(2, &backup);
    world.run_for(HOUR);
    let leave = |world: &mut World| world.hosts[2].engine.leave(world.now, &circle);
    let view = |world: &World| world.hosts[2].engine.circle(world.now, &circle).unwrap();
    // Others may be there soon, and would want to know.
    assert_eq!(leave(&mut world), Err(ShareError::ComingBack));
    world.run_for(DAY);
    assert!(view(&world).asks_in_vain);
    leave(&mut world).unwrap();
    world.run_for(MINUTE);
    world.restart(2);
    assert_eq!(view(&world).standing, Standing::Left);
    assert_eq!(world.hosts[2].texts(&circle), ["before"]);

    for others in [0, 1] {
        world.set_online(others, true);
    }
    world.run_for(HOUR);
    assert_eq!(view(&world).standing, Standing::Left);
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    world.knock(2, text).unwrap();
    world.run_for(MINUTE);
    world.share(2, &circle, "here again").unwrap();
    world.run_for(MINUTE);
    assert_eq!(world.hosts[1].texts(&circle), ["before", "here again"]);
}

#[test]
fn whoever_is_left_alone_with_a_question_asks_no_more() {
    let mut world = World::new(2, Seed(151));
    let circle = world.circle_of(2).unwrap();
    world.run_for(MINUTE);
    world.set_online(1, false);
    world.set_online(0, false);
    world.sleep(DAY * 20);
    world.set_online(0, true);
    world.run_for(MINUTE);
    let asks =
        |world: &World| world.hosts[0].engine.circle(world.now, &circle).unwrap().catching_up;
    assert!(asks(&world));
    let gone = world.member(1, &circle).unwrap();
    let now = world.now;
    world.hosts[0].engine.remove_member(now, &circle, &gone, "As agreed.".into()).unwrap();
    world.hosts[0].obey_all();
    world.run_for(MINUTE * 15);

    assert!(!asks(&world));
    // A question that is due and is not put would keep the device awake for good.
    let due = world.hosts[0].engine.poll_timeout();
    assert!(due.is_none_or(|due| due > world.now));
}

#[test]
fn what_nobody_can_fetch_any_more_is_handed_over_by_others() {
    let mut world = World::new(3, Seed(146));
    let circle = world.circle_of(3).unwrap();
    world.run_for(MINUTE);
    world.set_online(1, false);
    let before: BTreeSet<_> = world.relay().map(|envelope| envelope.id()).collect();
    for number in 0..300 {
        world.share(0, &circle, &format!("{number}")).unwrap();
    }
    world.settle();
    // Of what was said, the relay loses all but every third.
    let said = world.relay().filter(|envelope| !before.contains(&envelope.id())).cloned();
    let kept: Vec<_> = said.step_by(3).collect();
    world.inject(1, Venue::Circle(circle), kept);
    world.hide_relay();
    let shown = |world: &World| world.hosts[1].texts(&circle).len();
    assert!(shown(&world) < 300, "most of it never came");

    world.set_online(0, false);
    world.set_online(1, true);
    world.run_for(HOUR);
    assert_eq!(shown(&world), 300);
}
