//! What is worth a notice, when it is told, and what is kept of the settings.

use super::*;
use crate::api::message::QuietHours;
use crate::clock;
use crate::lived_in;
use crate::recovery::Phrase;
use crate::store::{MemoryStore, Store};
use windbreak_protocol::id::MemberId;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::{Input, Output, StewardAct, Timings, Venue};

const LONG_AGO: Timestamp = Timestamp::from_seconds(1_000_000_000);

fn pace() -> NoticePace {
    NoticePace {
        settle: Duration::ZERO,
        minute: Duration::from_millis(150),
        patience: Duration::from_secs(1),
    }
}

/// A program that is on every machine.
fn way() -> NoticeWay {
    NoticeWay::Command { program: "/bin/sh".into(), args: vec!["-c".into(), "exit".into()] }
}

fn on() -> ChangeNotices {
    ChangeNotices {
        on: Some(true),
        way: Some(way()),
        every_minutes: Some(1),
        ..ChangeNotices::default()
    }
}

/// A circle of some weeks as its owner has it, and as who holds it does.
fn lives() -> [Engine; 2] {
    let (mut own, mut founders) = (MemoryStore::new(), MemoryStore::new());
    let phrase = Phrase::generate().unwrap();
    let place = lived_in::Place { store: &mut own, phrase: &phrase };
    let companion = lived_in::Place { store: &mut founders, phrase: &phrase };
    lived_in::fill(place, Some(companion), &[], lived_in::Language::English).unwrap();
    [own, founders].map(|store| {
        let kinds = RecordKind::ALL.into_iter().filter(|kind| kind.is_engines());
        let records: Vec<_> = kinds.flat_map(|kind| store.load(kind).unwrap()).collect();
        let seed = Secret::from_bytes([1; 32]);
        Engine::load(clock::now(), &seed, Timings::default(), records).unwrap()
    })
}

/// Somebody's circle of some weeks; its id, what others said in it, and what they said themselves.
fn lived_in() -> (Engine, CircleId, Vec<(ItemId, MemberId)>, ItemId) {
    let [engine, _] = lives();
    let circle = engine.circles(clock::now()).remove(0);
    let said = words(&engine, &circle.id);
    let (own, others): (Vec<_>, Vec<_>) =
        said.into_iter().partition(|(_, author)| *author == circle.me);
    (engine, circle.id, others, own[0].0)
}

/// What was said, and by whom.
fn words(engine: &Engine, circle: &CircleId) -> Vec<(ItemId, MemberId)> {
    let said = engine.with_timeline(circle, |timeline| {
        let words = timeline.talk().filter(|entry| entry.gist().is_words());
        words.map(|entry| (entry.id(), entry.author())).collect()
    });
    said.unwrap()
}

/// Brings what one device has to say in a circle to another.
fn carry(circle: &CircleId, from: &mut Engine, to: &mut Engine) {
    let (now, venue) = (clock::now(), Venue::Circle(*circle));
    for engine in [&mut *from, &mut *to] {
        // Nobody says anything before they know that they have heard all.
        for followed in engine.reach(&venue).unwrap().topics {
            let _ = engine.handle(now, Input::Synced { venue, topic: followed.topic });
        }
    }
    while let Some(output) = from.poll_output() {
        if let Output::Publish { venue, envelope } = output {
            let _ = to.handle(now, Input::Envelopes { venue, envelopes: vec![envelope] });
        }
    }
}

fn arrived(circle: CircleId, item: ItemId, own: bool) -> Event {
    Event::ItemArrived { circle, item, written: clock::now(), own }
}

/// Whether a notice is due at once and would be shown.
fn would_tell(notices: &Notices, engine: &Engine) -> bool {
    let due = notices.due().is_some_and(|due| due <= Instant::now());
    due && notices.take(engine, clock::now()).is_some()
}

#[tokio::test]
async fn a_notice_is_for_words_of_others_that_are_there_and_new() {
    let (mut engine, circle, others, own) = lived_in();
    let (item, author) = others[0];
    let fresh = |change: ChangeNotices| {
        let mut notices = Notices::new(None, pace(), LONG_AGO);
        notices.change(change).unwrap();
        notices
    };
    let tells = |notices: &Notices, engine: &Engine, event: Event| {
        notices.hear(&event);
        would_tell(notices, engine)
    };
    // Off unless turned on.
    let off = Notices::new(None, pace(), LONG_AGO);
    assert!(!tells(&off, &engine, arrived(circle, item, false)));

    assert!(tells(&fresh(on()), &engine, arrived(circle, item, false)));
    // One's own, also where the event does not say so; nothing that is not there, or elsewhere.
    assert!(!tells(&fresh(on()), &engine, arrived(circle, own, true)));
    assert!(!tells(&fresh(on()), &engine, arrived(circle, own, false)));
    let nothing = ItemId::from_bytes([9; 32]);
    assert!(!tells(&fresh(on()), &engine, arrived(circle, nothing, false)));
    let elsewhere = CircleId::from_bytes([9; 32]);
    assert!(!tells(&fresh(on()), &engine, arrived(elsewhere, item, false)));
    // Old words that are only fetched now.
    let mut late = Notices::new(None, pace(), clock::now());
    late.change(on()).unwrap();
    let old = Event::ItemArrived { circle, item, written: LONG_AGO, own: false };
    assert!(!tells(&late, &engine, old));
    // Another kind than it is for; a circle of which nothing is told.
    let kinds = ChangeNotices { kinds: Some(vec![NoticeKind::Reports]), ..on() };
    assert!(!tells(&fresh(kinds), &engine, arrived(circle, item, false)));
    let mut silent = fresh(on());
    silent.set_circle(&circle, false);
    assert!(!tells(&silent, &engine, arrived(circle, item, false)));
    silent.set_circle(&circle, true);
    assert!(tells(&silent, &engine, arrived(circle, item, false)));
    // Read before it was told.
    let read = fresh(on());
    read.hear(&arrived(circle, item, false));
    read.seen(&circle, [own].into_iter());
    assert!(would_tell(&read, &engine), "what was not read is told");
    let read = fresh(on());
    read.hear(&arrived(circle, item, false));
    read.seen(&circle, [item].into_iter());
    assert!(!would_tell(&read, &engine));
    // Knocks, devices and reports that do not wait.
    let knock = KnockId::from_bytes([3; 32]);
    assert!(!tells(&fresh(on()), &engine, Event::KnockArrived { circle, knock }));
    assert!(!tells(&fresh(on()), &engine, Event::DeviceAsked { circle }));
    let report = ReportId::from_bytes([3; 32]);
    assert!(!tells(&fresh(on()), &engine, Event::ReportArrived { circle, report }));
    // Of somebody blocked.
    engine.block(clock::now(), &circle, &author, true).unwrap();
    assert!(!tells(&fresh(on()), &engine, arrived(circle, item, false)));
}

#[tokio::test]
async fn what_is_hidden_or_taken_back_before_it_is_told_is_no_news() {
    let [mut owner, mut founder] = lives();
    let circle = owner.circles(clock::now()).remove(0).id;
    let me = founder.circles(clock::now()).remove(0).me;
    let said = words(&founder, &circle);
    let theirs = said.iter().find(|(_, author)| *author == me).unwrap().0;
    let others = said.iter().find(|(_, author)| *author != me).unwrap().0;
    let tells = |engine: &Engine, item: ItemId| {
        let mut notices = Notices::new(None, pace(), LONG_AGO);
        notices.change(on()).unwrap();
        notices.hear(&arrived(circle, item, false));
        would_tell(&notices, engine)
    };
    // Who holds the circle reads what is hidden; it is no news for them either.
    for (on, is_news) in [(true, false), (false, true)] {
        for item in [theirs, others] {
            let act = StewardAct::Hide { item, on };
            founder.steward(clock::now(), &circle, act, "We look at it together.").unwrap();
        }
        carry(&circle, &mut founder, &mut owner);
        assert_eq!(tells(&founder, others), is_news);
        assert_eq!(tells(&owner, theirs), is_news);
    }
    founder.withdraw(clock::now(), &circle, &theirs).unwrap();
    carry(&circle, &mut founder, &mut owner);
    assert!(!tells(&owner, theirs));
}

#[tokio::test]
async fn what_comes_together_is_told_once_and_not_in_quiet_hours() {
    let (engine, circle, others, _) = lived_in();
    let mut notices = Notices::new(None, pace(), LONG_AGO);
    notices.change(on()).unwrap();
    for (item, _) in &others {
        notices.hear(&arrived(circle, *item, false));
    }
    assert!(would_tell(&notices, &engine));
    assert_eq!(notices.due(), None);
    // The next one waits for the gap.
    notices.hear(&arrived(circle, others[0].0, false));
    assert!(!would_tell(&notices, &engine));
    tokio::time::sleep_until(notices.due().unwrap()).await;
    assert!(would_tell(&notices, &engine));

    // From a minute ago to an hour from now, in a zone without summer time.
    let minute = clock::now().as_seconds() / 60 % 1440;
    let text = |minute: u64| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    let quiet = QuietHours {
        from: text(minute + 1439),
        to: text(minute + 60),
        zone: Some("Etc/UTC".into()),
    };
    notices.change(ChangeNotices { quiet: Some(quiet), ..on() }).unwrap();
    notices.hear(&arrived(circle, others[0].0, false));
    tokio::time::sleep_until(notices.due().unwrap()).await;
    assert!(notices.take(&engine, clock::now()).is_none());
    // It is told once they are over.
    let due = notices.due().expect("it is not forgotten");
    notices.change(ChangeNotices { never_quiet: true, ..ChangeNotices::default() }).unwrap();
    tokio::time::sleep_until(due).await;
    assert!(would_tell(&notices, &engine));
    assert_eq!(notices.due(), None);
}

#[test]
fn settings_are_kept_and_what_is_not_allowed_changes_none() {
    let mut notices = Notices::new(None, pace(), LONG_AGO);
    let circle = CircleId::from_bytes([5; 32]);
    let words = Some(" Tea is ready. ".to_owned());
    notices.change(ChangeNotices { words, every_minutes: Some(30), ..on() }).unwrap();
    notices.set_circle(&circle, false);
    let before = notices.told(LONG_AGO);
    let relative = NoticeWay::Command { program: "sh".into(), args: Vec::new() };
    let folder = NoticeWay::Command { program: "/bin".into(), args: Vec::new() };
    let many = NoticeWay::Command { program: "/bin/sh".into(), args: vec!["x".into(); 17] };
    for (change, code) in [
        (ChangeNotices { way: Some(relative), ..on() }, "no_program"),
        (ChangeNotices { way: Some(folder), ..on() }, "no_program"),
        (ChangeNotices { way: Some(many), ..on() }, "bad_command"),
        (ChangeNotices { words: Some("a\nb".into()), ..on() }, "bad_words"),
        (ChangeNotices { words: Some("x".repeat(81)), ..on() }, "bad_words"),
        (ChangeNotices { kinds: Some(Vec::new()), ..on() }, "no_kinds"),
        (ChangeNotices { every_minutes: Some(0), ..on() }, "bad_minutes"),
        (ChangeNotices { every_minutes: Some(1441), ..on() }, "bad_minutes"),
    ] {
        assert_eq!(notices.change(change).unwrap_err().why().code, code);
    }
    let mut store = MemoryStore::new();
    store.apply(notices.take_changes()).unwrap();
    assert!(notices.take_changes().is_empty());
    let kept = read(&store.load(RecordKind::Notices).unwrap());
    let again = Notices::new(kept, pace(), LONG_AGO).told(LONG_AGO);
    assert_eq!(again, before);
    assert_eq!((again.words.as_str(), again.every_minutes), ("Tea is ready.", 30));
    assert_eq!(again.circles_off, [circle]);
    assert!(!RecordKind::Notices.is_engines());

    // Other words are ours again when they are blank, and a left circle is forgotten.
    notices.change(ChangeNotices { words: Some(" ".into()), ..ChangeNotices::default() }).unwrap();
    notices.forget(&circle);
    let told = notices.told(LONG_AGO);
    assert_eq!(told.words, "Windbreak: there is something new.");
    assert!(told.circles_off.is_empty());
}
