//! Reports: who reads them and who does not, that the quote is proven, that nobody learns who made
//! them, and that nobody fills a store with them.

use std::time::Duration;

use windbreak_protocol::content::{Ask, Content, ItemBody, Scope, SignedItem};
use windbreak_protocol::id::{CircleId, ItemId, ReportId};
use windbreak_protocol::identity::DeviceKey;
use windbreak_protocol::limits::{MAX_REPORTED_WORDS, MAX_REPORTS_A_DAY};
use windbreak_protocol::record::RecordKind;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::testing::{Insider, devices};
use windbreak_protocol::{
    NewEdit, NewShare, Redundant, ReportError, ReportOverview, ReportStage, ShareError, StewardAct,
    Suite, Venue, Verdict,
};
use windbreak_tests::{Seed, World};

const WORDS: &str = "you are worth nothing";
const REASON: &str = "This is meant to hurt.";

fn moment(world: &mut World) {
    world.run_for(Duration::from_secs(5));
}

/// So long that every device has said something without its name since.
fn two_days(world: &mut World) {
    for _ in 0..48 {
        world.run_for(Duration::from_secs(3600));
    }
}

fn report(
    world: &mut World,
    host: usize,
    circle: &CircleId,
    item: &ItemId,
) -> Result<ReportId, ReportError> {
    let now = world.now;
    let made = world.hosts[host].engine.report(now, circle, item, REASON);
    world.hosts[host].obey_all();
    made
}

fn reports(world: &World, host: usize, circle: &CircleId) -> Vec<ReportOverview> {
    world.hosts[host].engine.reports(circle).unwrap()
}

fn stage(world: &World, host: usize, circle: &CircleId, id: &ReportId) -> ReportStage {
    reports(world, host, circle).into_iter().find(|report| report.id == *id).unwrap().stage
}

#[test]
fn a_report_is_read_by_facilitators_alone_answered_and_appealed_against() {
    let mut world = World::new(4, Seed(101));
    let circle = world.circle_of(4).unwrap();
    world.promote(0, &circle, 3).unwrap();
    let share = world.share(1, &circle, WORDS).unwrap();
    moment(&mut world);
    let id = report(&mut world, 2, &circle, &share).unwrap();
    assert_eq!(stage(&world, 2, &circle, &id), ReportStage::Waiting);
    assert_eq!(report(&mut world, 2, &circle, &share), Err(ReportError::Again));
    world.restart(2);
    two_days(&mut world);
    for host in 0..4 {
        world.restart(host);
    }
    for host in [0, 3] {
        let [read] = &reports(&world, host, &circle)[..] else { panic!("not one") };
        assert_eq!((read.id, read.item, read.stage), (id, share, ReportStage::Open));
        assert_eq!(Some(read.author), world.member(1, &circle));
        assert_eq!((read.reason.as_str(), read.own, read.to_answer), (REASON, false, true));
        let Some(Content::Share(quote)) = &read.quote else { panic!("no quote") };
        assert_eq!(quote.text.as_str(), WORDS);
    }
    assert!(reports(&world, 1, &circle).is_empty());
    assert_eq!(stage(&world, 2, &circle, &id), ReportStage::Open);

    let now = world.now;
    world.hosts[0].engine.acknowledge_report(now, &circle, &id).unwrap();
    world.hosts[0].obey_all();
    moment(&mut world);
    for host in [0, 2, 3] {
        assert_eq!(stage(&world, host, &circle, &id), ReportStage::Acknowledged);
    }
    let early = world.hosts[2].engine.appeal(now, &circle, &id, "please");
    assert_eq!(early, Err(ReportError::NotClosed));
    let outcome = "We talked with them.";
    world.hosts[3].engine.close_report(world.now, &circle, &id, outcome).unwrap();
    world.hosts[3].obey_all();
    moment(&mut world);
    let told = reports(&world, 2, &circle).remove(0);
    assert_eq!(told.stage, ReportStage::Closed);
    assert_eq!(told.answers.last().unwrap().outcome.as_deref(), Some(outcome));
    assert_eq!(
        world.hosts[1].engine.close_report(world.now, &circle, &id, "x"),
        Err(ReportError::UnknownReport)
    );

    let now = world.now;
    world.hosts[2].engine.appeal(now, &circle, &id, "It went on.").unwrap();
    world.hosts[2].obey_all();
    two_days(&mut world);
    for host in 0..4 {
        world.restart(host);
    }
    let again = reports(&world, 0, &circle).remove(0);
    assert_eq!(
        (again.stage, again.appeals.as_slice()),
        (ReportStage::Appealed, &["It went on.".to_owned()][..])
    );
    world.hosts[0].engine.close_report(world.now, &circle, &id, "We part.").unwrap();
    world.hosts[0].obey_all();
    moment(&mut world);
    assert_eq!(stage(&world, 2, &circle, &id), ReportStage::Closed);
}

#[test]
fn a_reported_facilitator_is_passed_by_and_without_another_the_eldest_members_read_it() {
    let mut world = World::with_suite(4, Seed(102), Suite::X25519);
    let circle = world.circle_of(4).unwrap();
    let share = world.share(0, &circle, WORDS).unwrap();
    moment(&mut world);
    let id = report(&mut world, 3, &circle, &share).unwrap();
    two_days(&mut world);
    assert!(reports(&world, 0, &circle).is_empty(), "whoever is reported reads it");
    for host in [1, 2] {
        assert_eq!(reports(&world, host, &circle)[0].id, id);
    }
    world.promote(0, &circle, 2).unwrap();
    let share = world.share(0, &circle, "and you neither").unwrap();
    moment(&mut world);
    let id = report(&mut world, 3, &circle, &share).unwrap();
    two_days(&mut world);
    assert!(reports(&world, 0, &circle).is_empty());
    let read = |host| reports(&world, host, &circle).iter().any(|report| report.id == id);
    assert!(read(2) && !read(1));
}

#[test]
fn who_reported_is_in_nothing_that_others_keep_of_it() {
    let mut world = World::with_suite(3, Seed(103), Suite::X25519);
    let circle = world.circle_of(3).unwrap();
    let share = world.share(1, &circle, WORDS).unwrap();
    moment(&mut world);
    report(&mut world, 2, &circle, &share).unwrap();
    two_days(&mut world);
    let member = *world.member(2, &circle).unwrap().as_bytes();
    let all = devices(&world.hosts[2].engine, &circle);
    let names: Vec<[u8; 32]> = all.iter().map(|device| *device.as_bytes()).collect();
    let author = *world.member(1, &circle).unwrap().as_bytes();
    let kept: Vec<_> =
        world.hosts[0].records().filter(|(key, _)| key.kind() == RecordKind::Report).collect();
    let holds =
        |id: &[u8; 32]| kept.iter().any(|(_, value)| value.windows(32).any(|window| window == id));
    assert!(holds(&author), "the report is not there");
    assert!(!holds(&member));
    // The quote names the device of its author; that of who reported is none of them.
    assert_eq!(names.iter().filter(|name| holds(name)).count(), 1);
}

#[test]
fn real_or_not_every_device_says_one_thing_a_day_without_its_name() {
    let sent = |reports: bool| {
        let mut world = World::with_suite(3, Seed(104), Suite::X25519);
        let circle = world.circle_of(3).unwrap();
        let share = world.share(1, &circle, WORDS).unwrap();
        moment(&mut world);
        if reports {
            report(&mut world, 2, &circle, &share).unwrap();
        }
        let sizes = |world: &World| {
            world.relay().filter(|envelope| envelope.as_bytes().len() == 16 * 1024).count()
        };
        two_days(&mut world);
        let before = sizes(&world);
        for _ in 0..5 * 24 {
            world.run_for(Duration::from_secs(3600));
        }
        sizes(&world) - before
    };
    let (without, with) = (sent(false), sent(true));
    assert_eq!(without, with);
    assert!((12..=18).contains(&with), "{with} of three devices in five days");
}

#[test]
fn what_was_edited_in_is_what_is_reported_and_stays_so_when_it_is_taken_back() {
    let mut world = World::with_suite(3, Seed(107), Suite::X25519);
    let circle = world.circle_of(3).unwrap();
    let share = world.share(1, &circle, "hello").unwrap();
    moment(&mut world);
    let edit = NewEdit { content_note: None, title: None, text: WORDS.into() };
    let now = world.now;
    world.hosts[1].engine.edit(now, &circle, &share, edit).unwrap();
    world.hosts[1].obey_all();
    moment(&mut world);
    report(&mut world, 2, &circle, &share).unwrap();
    let now = world.now;
    world.hosts[1].engine.withdraw(now, &circle, &share).unwrap();
    world.hosts[1].obey_all();
    two_days(&mut world);
    world.restart(0);
    let [read] = &reports(&world, 0, &circle)[..] else { panic!("not one") };
    assert_eq!((read.item, Some(read.author)), (share, world.member(1, &circle)));
    let Some(Content::Edit(quote)) = &read.quote else { panic!("no quote") };
    assert_eq!(quote.text.as_str(), WORDS);
}

fn story(world: &mut World, host: usize, circle: &CircleId, text: String) -> ItemId {
    let story = NewShare {
        ask: Ask::JustListening,
        content_note: None,
        title: Some("A long walk".into()),
        text,
        scope: Scope::HereNow,
    };
    let now = world.now;
    let item = world.hosts[host].engine.share(now, circle, story).unwrap();
    world.hosts[host].obey_all();
    item
}

fn withdraw(world: &mut World, host: usize, circle: &CircleId, item: &ItemId) {
    let now = world.now;
    world.hosts[host].engine.withdraw(now, circle, item).unwrap();
    world.hosts[host].obey_all();
}

#[test]
fn a_long_story_stays_with_its_report_when_it_is_taken_back() {
    let mut world = World::with_suite(3, Seed(109), Suite::X25519);
    let circle = world.circle_of(3).unwrap();
    let long = |word: &str| format!("{word} {}", "far ".repeat(2000));
    let share = story(&mut world, 1, &circle, long("ditch"));
    let early = story(&mut world, 1, &circle, long("hedge"));
    moment(&mut world);
    let first = report(&mut world, 2, &circle, &share).unwrap();
    two_days(&mut world);
    let quoted = |world: &World, id: &ReportId| {
        let read = reports(world, 0, &circle).into_iter().find(|report| report.id == *id).unwrap();
        read.quote.map(|quote| match quote {
            Content::Share(share) => share.text.as_str().to_owned(),
            Content::Edit(edit) => edit.text.as_str().to_owned(),
            other => panic!("{other:?}"),
        })
    };
    assert_eq!(quoted(&world, &first), Some(long("ditch")));

    // In other words since: what stood there when it was reported stays with the report.
    let edit = NewEdit { content_note: None, title: None, text: long("brook") };
    let now = world.now;
    world.hosts[1].engine.edit(now, &circle, &share, edit).unwrap();
    world.hosts[1].obey_all();
    moment(&mut world);
    assert_eq!(quoted(&world, &first), Some(long("ditch")));
    withdraw(&mut world, 1, &circle, &share);
    // What is taken back before its report comes is reported without its words.
    let second = report(&mut world, 2, &circle, &early).unwrap();
    withdraw(&mut world, 1, &circle, &early);
    two_days(&mut world);
    for host in 0..3 {
        world.restart(host);
    }
    assert_eq!(quoted(&world, &first), Some(long("ditch")));
    assert_eq!(quoted(&world, &second), None);
    // It goes with the report, and is on no device that answers none.
    let keeps = |world: &World, host: usize| {
        world.hosts[host]
            .records()
            .any(|(_, value)| value.windows(9).any(|part| part == b"ditch far"))
    };
    assert_eq!([0, 1, 2].map(|host| keeps(&world, host)), [true, false, false]);
    world.sleep(Duration::from_secs(181 * 24 * 3600));
    two_days(&mut world);
    assert!(reports(&world, 0, &circle).is_empty() && !keeps(&world, 0));
}

#[test]
fn reports_of_the_same_words_share_what_stays_of_them() {
    let mut world = World::with_suite(4, Seed(111), Suite::X25519);
    let circle = world.circle_of(4).unwrap();
    let share = story(&mut world, 1, &circle, format!("ditch {}", "far ".repeat(2000)));
    moment(&mut world);
    let first = report(&mut world, 2, &circle, &share).unwrap();
    two_days(&mut world);
    world.sleep(Duration::from_secs(100 * 24 * 3600));
    two_days(&mut world);
    let second = report(&mut world, 3, &circle, &share).unwrap();
    two_days(&mut world);
    withdraw(&mut world, 1, &circle, &share);
    moment(&mut world);
    let copies = |world: &World| {
        let has = |value: &[u8]| value.windows(9).any(|part| part == b"ditch far");
        world.hosts[0].records().filter(|(_, value)| has(value)).count()
    };
    let quoted = |world: &World| -> Vec<(ReportId, bool)> {
        let all = reports(world, 0, &circle).into_iter();
        all.map(|report| (report.id, report.quote.is_some())).collect()
    };
    for _ in 0..2 {
        assert_eq!(copies(&world), 1);
        assert_eq!(quoted(&world), [(first, true), (second, true)]);
        world.restart(0);
    }
    // The first is too old, and what stood beside it goes on beside the other.
    world.sleep(Duration::from_secs(81 * 24 * 3600));
    two_days(&mut world);
    for _ in 0..2 {
        assert_eq!(copies(&world), 1);
        assert_eq!(quoted(&world), [(second, true)]);
        world.restart(0);
    }
    world.sleep(Duration::from_secs(100 * 24 * 3600));
    two_days(&mut world);
    assert_eq!((copies(&world), quoted(&world)), (0, Vec::new()));
}

#[test]
fn what_stays_with_reports_is_bounded_and_goes_with_them() {
    const LONG: usize = 250 * 1024;
    let fit = MAX_REPORTED_WORDS / LONG;
    let mut world = World::with_suite(4, Seed(110), Suite::X25519);
    let circle = world.circle_of(4).unwrap();
    let stories: Vec<ItemId> =
        (0..fit + 2).map(|_| story(&mut world, 1, &circle, "x".repeat(LONG))).collect();
    let theirs = story(&mut world, 3, &circle, "y".repeat(LONG));
    moment(&mut world);
    let now = world.now;
    let tell = |world: &mut World, item: &ItemId| {
        let mut insider = Insider::of(&mut world.hosts[2].engine, &circle, now).unwrap();
        let envelopes = insider.report(item, None).unwrap();
        world.inject(0, Venue::Circle(circle), envelopes);
    };
    let bytes = |world: &World| -> usize {
        let kept = world.hosts[0].records().filter(|(key, _)| key.kind() == RecordKind::Report);
        kept.map(|(_, value)| value.len()).filter(|length| *length > LONG).sum()
    };
    // The same story many times is kept once.
    for _ in 0..3 {
        tell(&mut world, &stories[0]);
    }
    let one = bytes(&world);
    assert!((LONG..LONG + 1024).contains(&one), "{one}");
    for item in &stories[1..=fit] {
        tell(&mut world, item);
    }
    assert_eq!(reports(&world, 0, &circle).len(), fit + 3, "each is a report, with or without");
    let full = bytes(&world);
    assert!(full <= MAX_REPORTED_WORDS + fit * 64 && full > MAX_REPORTED_WORDS - LONG, "{full}");

    // Somebody else's words take the place of one of theirs who has all the room.
    tell(&mut world, &theirs);
    // Of two stories of one length one names more of what was seen than the other.
    assert!(bytes(&world).abs_diff(full) < 1024, "{} and {full}", bytes(&world));
    // A story with an open report among closed ones stays, and the new one has no room.
    let of_first = |world: &World| -> Vec<ReportId> {
        let all = reports(world, 0, &circle).into_iter();
        all.filter(|one| one.item == stories[0]).map(|one| one.id).collect()
    };
    let close = |world: &mut World, id: &ReportId| {
        world.hosts[0].engine.close_report(now, &circle, id, "We talked.").unwrap();
        world.hosts[0].obey_all();
    };
    let [a, b, c] = of_first(&world)[..] else { panic!("not three") };
    close(&mut world, &a);
    close(&mut world, &b);
    tell(&mut world, &stories[fit + 1]);
    // What was closed makes room for what comes.
    close(&mut world, &c);
    tell(&mut world, &stories[fit + 1]);
    assert!(bytes(&world).abs_diff(full) < 1024, "{} and {full}", bytes(&world));
    for item in &stories {
        withdraw(&mut world, 1, &circle, item);
    }
    withdraw(&mut world, 3, &circle, &theirs);
    moment(&mut world);
    world.restart(0);
    let all = reports(&world, 0, &circle);
    let of = |item: &ItemId| {
        let mut quoted: Vec<bool> = all
            .iter()
            .filter(|report| report.item == *item)
            .map(|report| report.quote.is_some())
            .collect();
        quoted.sort_unstable();
        quoted
    };
    assert_eq!(of(&theirs), [true]);
    assert_eq!(of(&stories[0]), [false; 3]);
    assert_eq!(of(&stories[fit]), [false]);
    assert_eq!(of(&stories[fit + 1]), [false, true]);
    let gone = stories[1..fit].iter().filter(|item| of(item) == [false]).count();
    assert_eq!(gone, 1);
}

#[test]
fn nobody_reports_to_themselves_alone() {
    let mut world = World::new(2, Seed(108));
    let circle = world.circle_of(2).unwrap();
    let share = world.share(1, &circle, WORDS).unwrap();
    moment(&mut world);
    assert_eq!(report(&mut world, 0, &circle, &share), Err(ReportError::NoReader));
}

#[test]
fn a_quote_that_nobody_said_here_is_no_report() {
    let mut world = World::with_suite(3, Seed(105), Suite::X25519);
    let circle = world.circle_of(3).unwrap();
    let share = world.share(1, &circle, WORDS).unwrap();
    let own = world.share(2, &circle, "a word of mine").unwrap();
    moment(&mut world);
    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[2].engine, &circle, now).unwrap();
    let genuine = insider.signed(&share).unwrap();
    let mut forged = genuine.clone();
    *forged.last_mut().unwrap() ^= 1;
    let other = insider.signed(&own).unwrap();
    let mut envelopes = Vec::new();
    for quote in [forged, other, vec![1, 2, 3]] {
        envelopes.extend(insider.report(&share, Some(quote)).unwrap());
    }
    let unknown = ItemId::from_bytes([7; 32]);
    envelopes.extend(insider.report(&unknown, None).unwrap());
    // In the name of a member, and signed, but by no device of theirs.
    let key = DeviceKey::from_secret(&Secret::from_bytes([9; 32]));
    let said = SignedItem::from_bytes(&genuine).unwrap().verify().unwrap();
    let body = ItemBody { device: key.id(), ..(*said.body).clone() };
    let made_up = body.sign(&key);
    envelopes.extend(insider.report(&made_up.id(), Some(made_up.to_bytes())).unwrap());
    world.inject(0, Venue::Circle(circle), envelopes);
    assert!(reports(&world, 0, &circle).is_empty());

    // The true one is for all devices here, against the rules: whoever is reported drops it.
    let mut insider = Insider::of(&mut world.hosts[2].engine, &circle, now).unwrap();
    let envelopes = insider.report(&share, Some(genuine)).unwrap();
    for host in [0, 1] {
        world.inject(host, Venue::Circle(circle), envelopes.clone());
    }
    assert_eq!(reports(&world, 0, &circle).len(), 1);
    assert!(reports(&world, 1, &circle).is_empty());
    // Replayed under another envelope it is still one.
    world.inject(0, Venue::Circle(circle), envelopes);
    assert_eq!(reports(&world, 0, &circle).len(), 1);
}

#[test]
fn a_flood_of_reports_fills_no_store() {
    let mut world = World::with_suite(3, Seed(106), Suite::X25519);
    let circle = world.circle_of(3).unwrap();
    let share = world.share(1, &circle, WORDS).unwrap();
    moment(&mut world);
    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[2].engine, &circle, now).unwrap();
    let quote = insider.signed(&share);
    let flood: Vec<_> =
        (0..60).flat_map(|_| insider.report(&share, quote.clone()).unwrap()).collect();
    let verdicts = world.inject(0, Venue::Circle(circle), flood);
    let accepted = verdicts.iter().filter(|verdict| **verdict == Verdict::Accept).count();
    assert_eq!(accepted, 2 * 3 + 16);
    assert!(verdicts.contains(&Verdict::Ignore(Redundant::NoRoom)));
    let kept = reports(&world, 0, &circle).len();
    assert!(kept <= MAX_REPORTS_A_DAY, "{kept}");
}

#[test]
fn a_facilitator_neither_hides_nor_mutes_a_report_about_them_away() {
    let mut world = World::with_suite(4, Seed(108), Suite::X25519);
    let circle = world.circle_of(4).unwrap();
    world.promote(0, &circle, 1).unwrap();
    let share = world.share(1, &circle, WORDS).unwrap();
    moment(&mut world);
    // Who is reported hides their own words, takes them back, and mutes who might report them.
    let (now, member) = (world.now, world.member(2, &circle).unwrap());
    let until = Some(now.after(Duration::from_secs(24 * 3600)));
    let engine = &mut world.hosts[1].engine;
    let hide = StewardAct::Hide { item: share, on: true };
    engine.steward(now, &circle, hide, "no reason").unwrap();
    let mute = StewardAct::Mute { member, until };
    engine.steward(now, &circle, mute, "no reason").unwrap();
    world.hosts[1].obey_all();
    moment(&mut world);
    let id = report(&mut world, 2, &circle, &share).unwrap();
    let now = world.now;
    world.hosts[1].engine.withdraw(now, &circle, &share).unwrap();
    world.hosts[1].obey_all();
    two_days(&mut world);
    world.restart(0);
    let [read] = &reports(&world, 0, &circle)[..] else { panic!("not one") };
    let Some(Content::Share(quote)) = &read.quote else { panic!("no quote") };
    assert_eq!((read.id, quote.text.as_str()), (id, WORDS));
    assert!(reports(&world, 1, &circle).is_empty());
}

#[test]
fn what_cannot_be_reported_is_said_so() {
    let mut world = World::with_suite(3, Seed(107), Suite::X25519);
    let circle = world.circle_of(3).unwrap();
    let own = world.share(2, &circle, "a word of mine").unwrap();
    let share = world.share(1, &circle, WORDS).unwrap();
    moment(&mut world);
    assert_eq!(report(&mut world, 2, &circle, &own), Err(ReportError::Yourself));
    let unknown = report(&mut world, 2, &circle, &ItemId::from_bytes([7; 32]));
    assert_eq!(unknown, Err(ReportError::Share(ShareError::UnknownItem)));
    let now = world.now;
    let engine = &mut world.hosts[2].engine;
    assert_eq!(engine.report(now, &circle, &share, " "), Err(ReportError::Empty));
    let long = engine.report(now, &circle, &share, &"x".repeat(501));
    assert_eq!(long, Err(ReportError::TooLong { limit: 500 }));
    world.hosts[1].engine.withdraw(now, &circle, &share).unwrap();
    world.hosts[1].obey_all();
    moment(&mut world);
    assert_eq!(report(&mut world, 2, &circle, &share), Err(ReportError::Withdrawn));
}
