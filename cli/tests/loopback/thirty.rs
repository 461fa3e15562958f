//! A circle of thirty that has talked for three weeks: fifty thousand shares, replies, edits and warm
//! words, of everybody. How long one member's node takes to open it, to read and to search:
//! `cargo test --release -p windbreak --test loopback a_circle_of_thirty -- --ignored --nocapture`

use std::time::{Duration, Instant};

use windbreak_node::store::{SledStore, Store};
use windbreak_protocol::content::{Ask, Scope, WarmWord};
use windbreak_protocol::id::{CircleId, ItemId};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::record::Batch;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::{Engine, Input, NewEdit, NewShare, Output, Venue};
use windbreak_tests::{Seed, World};

use crate::large::{AS_A_COMMAND_DOES, memory, old_profile};
use crate::stage::Stage;

const MEMBERS: usize = 30;
const ITEMS: usize = 50_000;
/// All of them are of the last three weeks.
const SPAN: Duration = Duration::from_secs(500 * 3600);
/// Items after which what was said is handed to the others, and after which they look around.
const HAND_ON: usize = 20;
const LOOK: usize = 600;

#[test]
#[ignore = "takes many minutes, and says something only in release"]
fn a_circle_of_thirty_opens_reads_and_searches_without_waiting() {
    let stage = Stage::new();
    let (mut old, profile) = old_profile(&stage);
    let count = std::env::var("WINDBREAK_ITEMS").ok().and_then(|n| n.parse().ok());
    let count = count.unwrap_or(ITEMS);
    let mut store = profile.open_store().unwrap();
    let began = Instant::now();
    talk(&mut store, count);
    eprintln!("{count} items of {MEMBERS} were said and heard in {:?}", began.elapsed());
    profile.even_out(&mut store).unwrap();
    drop((store, profile));
    old.starts();
    old.stops_within(Duration::from_secs(600));

    let mut opened = Duration::MAX;
    for _ in 0..3 {
        let began = Instant::now();
        old.starts();
        opened = opened.min(began.elapsed());
        old.stops();
    }
    old.starts_after(AS_A_COMMAND_DOES);
    let at_first = memory(&old).1;
    let (read, newest) = timed(|| old.does(&["read", "Evening circle", "--limit", "20"]));
    assert_eq!(newest["items"].as_array().unwrap().len(), 20);
    let (_, circle) = timed(|| old.does(&["circle", "show", "Evening circle"]));
    assert_eq!(circle["members"].as_array().unwrap().len(), MEMBERS);
    let mut searched = Vec::new();
    for (word, hits) in [("bicycle", 0), ("number1x", 1)] {
        let (took, found) = timed(|| old.does(&["search", word]));
        assert_eq!(found["items"].as_array().unwrap().len(), hits, "{word}");
        searched.push(took);
    }
    eprintln!(
        "{count} items: open {opened:?}, read {read:?}, search {searched:?}, memory {at_first:?} KiB \
         at first, {:?} KiB after searching, {}",
        memory(&old).1,
        old.does(&["node", "status"])["store"]
    );
    if !cfg!(debug_assertions) {
        assert!(opened < Duration::from_secs(2), "{opened:?}");
        assert!(read < Duration::from_secs(1), "{read:?}");
        assert!(searched.iter().all(|took| *took < Duration::from_secs(1)), "{searched:?}");
    }
    old.stops();
}

fn timed<T>(of: impl FnOnce() -> T) -> (Duration, T) {
    let began = Instant::now();
    let done = of();
    (began.elapsed(), done)
}

/// What one engine said, for the others.
type Said = Vec<(Venue, Verified<Envelope>)>;

/// Takes what an engine wants done: kept by whoever keeps, and held by a relay at once.
fn obey(engine: &mut Engine, now: Timestamp, mut kept: Option<&mut Batch>) -> Said {
    let mut said = Vec::new();
    while let Some(output) = engine.poll_output() {
        match output {
            Output::Persist(batch) => {
                if let Some(kept) = kept.as_deref_mut() {
                    kept.extend(batch);
                }
            }
            Output::Publish { venue, envelope } => {
                let id = envelope.id();
                said.push((venue, envelope));
                engine.handle(now, Input::Acknowledged { venue, envelope: id });
            }
            _ => {}
        }
    }
    said
}

/// Thirty members talk; the first one's records go into the store.
fn talk(store: &mut SledStore, count: usize) {
    let mut world = World::new(MEMBERS as u8, Seed(1));
    let between = SPAN / u32::try_from(count).unwrap();
    let span = SPAN + Duration::from_secs(24 * 3600);
    let unix = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    world.now = Timestamp::from_seconds((unix - span).as_secs());
    let circle = world.circle_of(MEMBERS).unwrap();
    let mut kept = Batch::new();
    for (key, value) in world.hosts[0].records() {
        kept.put(key, value);
    }
    let mut engines: Vec<&mut Engine> =
        world.hosts.iter_mut().map(|host| &mut host.engine).collect();
    // What each said last, and what all others have heard of it.
    let (mut now, mut latest) = (world.now, vec![None; MEMBERS]);
    let mut heard = latest.clone();
    let mut waiting = Vec::new();
    for number in 0..count {
        now = now.after(between);
        let who = number % MEMBERS;
        let before = heard[(who + MEMBERS - 1) % MEMBERS];
        latest[who] = Some(speak(engines[who], now, &circle, number, (before, latest[who])));
        let keeper = (who == 0).then_some(&mut kept);
        waiting.push((who, obey(engines[who], now, keeper)));
        if number % HAND_ON == HAND_ON - 1 {
            hand_on(&mut engines, now, &mut waiting, &mut kept);
            heard.clone_from(&latest);
        }
        if number % LOOK == LOOK - 1 {
            for who in 0..MEMBERS {
                has_fetched(engines[who], now, &circle);
                engines[who].handle_timeout(now);
                let keeper = (who == 0).then_some(&mut kept);
                let said = obey(engines[who], now, keeper);
                if !said.is_empty() {
                    waiting.push((who, said));
                    hand_on(&mut engines, now, &mut waiting, &mut kept);
                }
            }
            store.apply(std::mem::take(&mut kept)).unwrap();
        }
        if number % 10_000 == 0 {
            store.tidy().unwrap();
        }
    }
    hand_on(&mut engines, now, &mut waiting, &mut kept);
    store.apply(kept).unwrap();
    store.tidy().unwrap();
}

/// Tells an engine that it has all there is, which a relay does: else it waits before it changes anything, and a
/// head under which much was said is left by nobody.
fn has_fetched(engine: &mut Engine, now: Timestamp, circle: &CircleId) {
    let venue = Venue::Circle(*circle);
    let topics = engine.reach(&venue).unwrap().topics;
    for topic in topics {
        engine.handle(now, Input::Synced { venue, topic: topic.topic });
    }
}

/// Of ten, six shares, two replies, a warm word and an edit.
fn speak(
    engine: &mut Engine,
    now: Timestamp,
    circle: &CircleId,
    number: usize,
    (before, own): (Option<ItemId>, Option<ItemId>),
) -> ItemId {
    let text = format!("Number{number}x. {}", "It was an ordinary day, and I say so. ".repeat(5));
    match (number / MEMBERS % 10, before, own) {
        (6 | 7, Some(before), _) => {
            engine.reply(now, circle, &before, text, Scope::HereNow).unwrap()
        }
        (8, Some(before), Some(own)) => {
            engine.react(now, circle, &before, Some(WarmWord::HEARD)).unwrap();
            own
        }
        (9, _, Some(own)) => {
            let edit = NewEdit { content_note: None, title: None, text };
            engine.edit(now, circle, &own, edit).unwrap();
            own
        }
        _ => {
            let (ask, scope) = (Ask::JustListening, Scope::HereNow);
            let share = NewShare { ask, content_note: None, title: None, text, scope };
            engine.share(now, circle, share).unwrap()
        }
    }
}

/// Hands what was said to all others, half of them on each core, until nobody has anything to add.
fn hand_on(
    engines: &mut [&mut Engine],
    now: Timestamp,
    waiting: &mut Vec<(usize, Said)>,
    kept: &mut Batch,
) {
    while !waiting.is_empty() {
        let said = std::mem::take(waiting);
        let (first, others) = engines.split_at_mut(MEMBERS / 2);
        let hear = |engines: &mut [&mut Engine], from: usize, mut kept: Option<&mut Batch>| {
            let mut more = Vec::new();
            for (at, engine) in engines.iter_mut().enumerate() {
                let others = said.iter().filter(|(who, _)| *who != from + at);
                let (venues, envelopes): (Vec<Venue>, Vec<_>) = others
                    .flat_map(|(_, said)| said.iter().cloned())
                    .filter(|(venue, _)| matches!(venue, Venue::Circle(_)))
                    .unzip();
                let Some(venue) = venues.first().copied() else { continue };
                engine.handle(now, Input::Envelopes { venue, envelopes });
                let keeper = if from + at == 0 { kept.as_deref_mut() } else { None };
                let answer = obey(engine, now, keeper);
                if !answer.is_empty() {
                    more.push((from + at, answer));
                }
            }
            more
        };
        let (mut ours, theirs) = std::thread::scope(|scope| {
            let theirs = scope.spawn(|| hear(others, MEMBERS / 2, None));
            (hear(first, 0, Some(kept)), theirs.join().unwrap())
        });
        ours.extend(theirs);
        *waiting = ours;
    }
}
