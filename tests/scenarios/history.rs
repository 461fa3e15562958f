//! What was said before somebody came: they read what its authors opened to those who join later,
//! and nothing else, whoever is gone meanwhile and whoever hands it over.

use std::time::Duration;

use windbreak_protocol::content::{
    Content, ItemBody, ItemText, Reply, Scope, SignedItem, WarmWord,
};
use windbreak_protocol::id::{CircleId, ItemId, MemberId, StateId};
use windbreak_protocol::identity::DeviceKey;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::testing::{ForgedItem, Insider};
use windbreak_protocol::view::{GapKind, Handed};
use windbreak_protocol::{ActError, HistoryStage, NewEdit, ShareError, StewardAct, Venue};
use windbreak_tests::{Seed, World};

const OPEN: &str = "how I found words for it";
const CLOSED: &str = "what only you may know";

fn minutes(world: &mut World, minutes: u64) {
    world.run_for(Duration::from_secs(60 * minutes));
}

/// Host `host` joins by an invite of host `by`.
fn join(world: &mut World, host: usize, by: usize, circle: &CircleId) {
    let (_, text) = world.invite(by, circle, 1, false).unwrap();
    world.settle();
    world.knock(host, text).unwrap();
    minutes(world, 2);
    assert!(world.hosts[host].engine.circle(world.now, circle).is_some(), "{host} is not in");
}

fn edit(
    world: &mut World,
    host: usize,
    circle: &CircleId,
    id: &ItemId,
    text: &str,
) -> Result<(), ActError> {
    let edit = NewEdit { content_note: None, title: None, text: text.to_owned() };
    let now = world.now;
    let done = world.hosts[host].engine.edit(now, circle, id, edit);
    world.hosts[host].obey_all();
    done.map(|_| ())
}

fn react(world: &mut World, host: usize, circle: &CircleId, id: &ItemId, word: Option<WarmWord>) {
    let now = world.now;
    world.hosts[host].engine.react(now, circle, id, word).unwrap();
    world.hosts[host].obey_all();
}

fn holds(world: &World, host: usize, words: &str) -> bool {
    world.hosts[host]
        .records()
        .any(|(_, value)| value.windows(words.len()).any(|window| window == words.as_bytes()))
}

fn stage(world: &World, host: usize, circle: &CircleId) -> Option<(HistoryStage, bool)> {
    let history = world.hosts[host].engine.circle(world.now, circle)?.history?;
    Some((history.stage, history.withheld))
}

/// Who handed an item over, what its author is called, and the warm words for it.
fn handed(
    world: &World,
    host: usize,
    circle: &CircleId,
    id: &ItemId,
) -> Option<(Option<Handed>, Option<String>, usize)> {
    world.hosts[host].engine.with_timeline(circle, |timeline| {
        let entry = timeline.entries().iter().find(|entry| entry.id() == *id)?;
        let reactions = timeline.marks(entry).map_or(0, |marks| marks.reactions.len());
        Some((timeline.handed(entry).copied(), entry.name().map(str::to_owned), reactions))
    })?
}

fn lost(world: &World, host: usize, circle: &CircleId) -> u64 {
    world.hosts[host].engine.with_timeline(circle, |timeline| timeline.lost()).unwrap()
}

#[test]
fn whoever_joins_reads_what_was_opened_to_them_and_nothing_else() {
    let mut world = World::new(4, Seed(11));
    let circle = world.circle_of(3).unwrap();
    let first = world.share_for(1, &circle, OPEN, Scope::LaterToo).unwrap();
    world.share(0, &circle, CLOSED).unwrap();
    minutes(&mut world, 1);
    let reply = {
        let now = world.now;
        let id =
            world.hosts[2].engine.reply(now, &circle, &first, "so did I".into(), Scope::LaterToo);
        world.hosts[2].obey_all();
        id.unwrap()
    };
    react(&mut world, 0, &circle, &first, Some(WarmWord::HEARD));
    react(&mut world, 2, &circle, &first, Some(WarmWord::GLAD));
    react(&mut world, 2, &circle, &first, None);
    let other = world.share_for(0, &circle, "first words", Scope::LaterToo).unwrap();
    edit(&mut world, 0, &circle, &other, "second words").unwrap();
    edit(&mut world, 0, &circle, &other, "third words").unwrap();
    world.share(1, &circle, "closed once more").unwrap();
    minutes(&mut world, 1);

    join(&mut world, 3, 0, &circle);
    assert_eq!(world.hosts[3].texts(&circle), [OPEN, "so did I", "third words"]);
    assert!(!holds(&world, 3, CLOSED) && !holds(&world, 3, "second words"));
    assert_eq!(stage(&world, 3, &circle), Some((HistoryStage::Here, true)));
    let (from, name, words) = handed(&world, 3, &circle, &first).unwrap();
    assert!(from.is_some_and(|from| from.by.is_some() && !from.vouched));
    assert_eq!((name.as_deref(), words), (Some("member 1"), 1));
    assert_eq!(handed(&world, 3, &circle, &reply).unwrap().2, 0);

    // Talk goes on, and what was before them is no loss.
    world.share(0, &circle, "welcome").unwrap();
    world.share(1, &circle, "and from me").unwrap();
    world.share(3, &circle, "thank you").unwrap();
    minutes(&mut world, 30);
    world.restart(3);
    minutes(&mut world, 30);
    let shown = world.hosts[3].texts(&circle);
    assert_eq!(shown.len(), 6, "{shown:?}");
    assert_eq!(lost(&world, 3, &circle), 0);
    let earlier = world.hosts[3].engine.with_timeline(&circle, |timeline| {
        timeline.gaps().iter().any(|gap| gap.kind == GapKind::Earlier)
    });
    assert_eq!(earlier, Some(true));
    assert_eq!(stage(&world, 0, &circle), None, "who made it asks for nothing");
}

#[test]
fn an_answer_is_for_those_who_are_here_unless_its_author_opens_it() {
    const KEPT: &str = "an answer for you alone";
    const ADVICE: &str = "what helped me then";
    let mut world = World::new(4, Seed(23));
    let circle = world.circle_of(3).unwrap();
    let open = world.share_for(1, &circle, OPEN, Scope::LaterToo).unwrap();
    let closed = world.share(0, &circle, CLOSED).unwrap();
    minutes(&mut world, 1);
    let now = world.now;
    let engine = &mut world.hosts[2].engine;
    let kept = engine.reply(now, &circle, &open, KEPT.into(), Scope::HereNow).unwrap();
    engine.advise(now, &circle, &open, ADVICE.into(), Scope::LaterToo).unwrap();
    for to in [&closed, &kept] {
        let wide = engine.reply(now, &circle, to, "too wide".into(), Scope::LaterToo);
        assert_eq!(wide, Err(ShareError::NotOpen));
        let wide = engine.advise(now, &circle, to, "too wide".into(), Scope::LaterToo);
        assert_eq!(wide, Err(ShareError::NotOpen));
        engine.reply(now, &circle, to, "as it may be".into(), Scope::HereNow).unwrap();
    }
    world.hosts[2].obey_all();
    minutes(&mut world, 1);
    join(&mut world, 3, 0, &circle);
    let ids = world.hosts[3].engine.with_timeline(&circle, |timeline| {
        timeline.entries().iter().filter(|entry| entry.gist().is_words()).count()
    });
    assert_eq!(ids, Some(2));
    assert!(!holds(&world, 3, KEPT) && !holds(&world, 3, "as it may be"));
    assert!(holds(&world, 3, OPEN) && holds(&world, 3, ADVICE));
}

#[test]
fn an_open_answer_to_what_is_not_open_is_handed_to_nobody() {
    let mut world = World::new(4, Seed(24));
    let circle = world.circle_of(3).unwrap();
    let closed = world.share(0, &circle, CLOSED).unwrap();
    world.share_for(0, &circle, OPEN, Scope::LaterToo).unwrap();
    minutes(&mut world, 1);
    // A program of its own opens what it answers to what is not open.
    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[2].engine, &circle, now).unwrap();
    let head = insider.head().unwrap();
    let text = ItemText::new("opened by another program").unwrap();
    let content = Some(Content::Reply(Reply { to: closed, text }));
    let forged = ForgedItem { content, ..ForgedItem::default() };
    let forged = insider.item(&head, forged).unwrap();
    world.hosts[2].obey_all();
    for host in [0, 1] {
        world.inject(host, Venue::Circle(circle), forged.envelopes.clone());
        assert!(holds(&world, host, "opened by another program"));
    }
    minutes(&mut world, 1);
    join(&mut world, 3, 0, &circle);
    assert!(holds(&world, 3, OPEN) && !holds(&world, 3, "opened by another program"));
}

#[test]
fn what_was_taken_back_or_hidden_is_not_handed_over() {
    let mut world = World::new(4, Seed(12));
    let circle = world.circle_of(3).unwrap();
    let taken = world.share_for(1, &circle, "taken back", Scope::LaterToo).unwrap();
    let hidden = world.share_for(1, &circle, "hidden words", Scope::LaterToo).unwrap();
    world.share_for(1, &circle, OPEN, Scope::LaterToo).unwrap();
    minutes(&mut world, 1);
    let now = world.now;
    world.hosts[1].engine.withdraw(now, &circle, &taken).unwrap();
    world.hosts[1].obey_all();
    let act = StewardAct::Hide { item: hidden, on: true };
    world.hosts[0].engine.steward(now, &circle, act, "names somebody").unwrap();
    world.hosts[0].obey_all();
    minutes(&mut world, 1);

    join(&mut world, 3, 0, &circle);
    assert_eq!(world.hosts[3].texts(&circle), [OPEN]);
    assert!(!holds(&world, 3, "taken back") && !holds(&world, 3, "hidden words"));
}

#[test]
fn what_somebody_said_who_is_gone_is_handed_over_with_their_own_word() {
    let mut world = World::new(5, Seed(13));
    let circle = world.circle_of(4).unwrap();
    let gone: MemberId = world.member(3, &circle).unwrap();
    let words = world.share_for(3, &circle, OPEN, Scope::LaterToo).unwrap();
    minutes(&mut world, 1);
    let now = world.now;
    world.hosts[3].engine.leave(now, &circle).unwrap();
    world.hosts[3].obey_all();
    minutes(&mut world, 3);
    world.set_online(3, false);

    join(&mut world, 4, 0, &circle);
    assert_eq!(world.hosts[4].texts(&circle), [OPEN]);
    let (from, name, _) = handed(&world, 4, &circle, &words).unwrap();
    // That they were ever here is the word of whoever handed it over, and said to be.
    assert!(from.is_some_and(|from| from.vouched));
    assert_eq!(name.as_deref(), Some("member 3"));
    let author = world.hosts[4].engine.with_timeline(&circle, |t| t.entries()[0].author());
    assert_eq!(author, Some(gone));

    world.restart(4);
    minutes(&mut world, 1);
    assert_eq!(world.hosts[4].texts(&circle), [OPEN]);
}

#[test]
fn whoever_is_offline_in_the_middle_has_it_all_later_and_nothing_twice() {
    let mut world = World::new(4, Seed(14));
    let circle = world.circle_of(3).unwrap();
    let said: Vec<String> = (0..40).map(|n| format!("open {n}")).collect();
    for (n, text) in said.iter().enumerate() {
        world.share_for(n % 3, &circle, text, Scope::LaterToo).unwrap();
        world.run_for(Duration::from_secs(61));
    }
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    world.knock(3, text).unwrap();
    world.run_for(Duration::from_secs(3));
    // Nobody is there to hand it over, and the newcomer starts again meanwhile.
    for host in 0..3 {
        world.set_online(host, false);
    }
    world.run_for(Duration::from_secs(600));
    world.restart(3);
    world.set_online(3, false);
    world.run_for(Duration::from_secs(600));
    world.set_online(3, true);
    world.set_online(2, true);
    world.set_online(0, true);
    minutes(&mut world, 120);
    assert_eq!(world.hosts[3].texts(&circle), said);
}

#[test]
fn who_still_asks_hands_nothing_over_to_others_who_come() {
    let mut world = World::new(3, Seed(25));
    let circle = world.circle_of(1).unwrap();
    world.share_for(0, &circle, OPEN, Scope::LaterToo).unwrap();
    minutes(&mut world, 1);
    let texts = [1, 2].map(|_| world.invite(0, &circle, 1, false).unwrap().1);
    world.settle();
    for (host, text) in [1, 2].into_iter().zip(texts) {
        world.knock(host, text).unwrap();
    }
    world.run_for(Duration::from_secs(8));
    for host in [1, 2] {
        assert!(world.hosts[host].engine.circle(world.now, &circle).is_some(), "{host} is not in");
        assert_eq!(stage(&world, host, &circle), Some((HistoryStage::Asking, false)));
    }
    // Who came together can ask each other alone, and neither knows anything.
    world.set_online(0, false);
    minutes(&mut world, 240);
    for host in [1, 2] {
        assert_eq!(stage(&world, host, &circle), Some((HistoryStage::Asking, false)), "{host}");
    }
    world.set_online(0, true);
    minutes(&mut world, 480);
    for host in [1, 2] {
        assert_eq!(world.hosts[host].texts(&circle), [OPEN], "{host}");
        assert_eq!(stage(&world, host, &circle), Some((HistoryStage::Here, false)));
    }
}

#[test]
fn what_is_not_open_does_not_even_leave_for_whoever_joins() {
    let mut world = World::new(3, Seed(20));
    let circle = world.circle_of(2).unwrap();
    // So long that it would show in what is sent.
    let closed = "only for us ".repeat(20_000);
    world.share(1, &circle, &closed).unwrap();
    world.share_for(1, &circle, OPEN, Scope::LaterToo).unwrap();
    minutes(&mut world, 1);
    let sent = |world: &World| world.relay().map(|e| e.as_bytes().len()).sum::<usize>();
    let before = sent(&world);
    join(&mut world, 2, 0, &circle);
    minutes(&mut world, 10);
    assert_eq!(stage(&world, 2, &circle), Some((HistoryStage::Here, true)));
    assert_eq!(world.hosts[2].texts(&circle), [OPEN]);
    let handed = sent(&world) - before;
    assert!(handed < closed.len(), "{handed} bytes");
}

#[test]
fn nobody_hands_over_what_its_author_did_not_open() {
    let mut world = World::new(4, Seed(15));
    let circle = world.circle_of(3).unwrap();
    let closed = world.share(1, &circle, CLOSED).unwrap();
    let open = world.share_for(1, &circle, OPEN, Scope::LaterToo).unwrap();
    minutes(&mut world, 1);
    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[2].engine, &circle, now).unwrap();
    let mut items = vec![insider.signed(&closed).unwrap(), insider.signed(&open).unwrap()];
    let mut spoilt = insider.signed(&open).unwrap();
    let last = spoilt.len() - 70;
    spoilt[last] ^= 1;
    items.push(spoilt);
    // In a member's name and from before, and signed, but by no device that they gave their word for.
    let key = DeviceKey::from_secret(&Secret::from_bytes([9; 32]));
    let said = SignedItem::from_bytes(&items[1]).unwrap().verify().unwrap();
    let first_state = StateId::from_bytes([7; 32]);
    let body = ItemBody { device: key.id(), first_state, ..(*said.body).clone() };
    items.push(body.sign(&key).to_bytes());

    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    world.knock(3, text).unwrap();
    world.run_for(Duration::from_secs(4));
    // Only the liar is there when the newcomer asks.
    world.set_online(0, false);
    world.set_online(1, false);
    let mut given = 0;
    for _ in 0..60 {
        let now = world.now;
        let mut insider = Insider::of(&mut world.hosts[2].engine, &circle, now).unwrap();
        given += insider.give_history(&items);
        world.hosts[2].obey_all();
        world.run_for(Duration::from_secs(1));
    }
    assert!(given > 0, "nobody asked");
    assert_eq!(world.hosts[3].texts(&circle), [OPEN]);
    assert!(!holds(&world, 3, CLOSED));
}

#[test]
fn whoever_is_gone_says_nothing_new_to_newcomers_by_way_of_a_member() {
    let mut world = World::new(4, Seed(17));
    let circle = world.circle_of(3).unwrap();
    world.share_for(1, &circle, OPEN, Scope::LaterToo).unwrap();
    minutes(&mut world, 1);
    let gone = world.member(1, &circle).unwrap();
    let now = world.now;
    world.hosts[0].engine.remove_member(now, &circle, &gone, "As agreed.".into()).unwrap();
    world.hosts[0].obey_all();
    minutes(&mut world, 3);
    let (_, text) = world.invite(0, &circle, 1, false).unwrap();
    world.settle();
    world.knock(3, text).unwrap();
    world.run_for(Duration::from_secs(4));
    world.set_online(3, false);
    minutes(&mut world, 30 * 60);

    // Under a state nobody knows, and handed over by a member who works with them.
    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[1].engine, &circle, now).unwrap();
    let under = insider.path().iter().find(|state| state.keys).map(|state| state.id).unwrap();
    let first_state = Some(StateId::from_bytes([7; 32]));
    let item = ForgedItem { text: "from outside".into(), first_state, ..ForgedItem::default() };
    let made = insider.item(&under, item).unwrap().item.unwrap();
    let items = [insider.signed(&made).unwrap()];
    world.set_online(0, false);
    world.set_online(3, true);
    let mut given = 0;
    for _ in 0..600 {
        let now = world.now;
        let mut insider = Insider::of(&mut world.hosts[2].engine, &circle, now).unwrap();
        given += insider.give_history(&items);
        world.hosts[2].obey_all();
        world.run_for(Duration::from_secs(1));
    }
    assert!(given > 0, "nobody asked");
    assert!(!holds(&world, 3, "from outside"));
}

#[test]
fn other_words_of_what_was_for_those_here_then_do_not_reach_who_came_since() {
    let mut world = World::new(3, Seed(16));
    let circle = world.circle_of(2).unwrap();
    let closed = world.share(0, &circle, CLOSED).unwrap();
    let open = world.share_for(0, &circle, OPEN, Scope::LaterToo).unwrap();
    minutes(&mut world, 1);
    edit(&mut world, 0, &circle, &closed, "still for you alone").unwrap();
    minutes(&mut world, 1);
    join(&mut world, 2, 0, &circle);
    let refused = edit(&mut world, 0, &circle, &closed, "would reach them");
    assert_eq!(refused, Err(ActError::SomebodyCame));
    edit(&mut world, 0, &circle, &open, "reaches everybody").unwrap();
    minutes(&mut world, 1);
    assert_eq!(world.hosts[2].texts(&circle), ["reaches everybody"]);
    assert!(!holds(&world, 2, "still for you alone"));
}

#[test]
fn what_a_newer_version_says_is_kept_over_a_restart_passed_on_and_handed_to_nobody() {
    let mut world = World::new(4, Seed(27));
    let circle = world.circle_of(3).unwrap();
    world.share_for(1, &circle, OPEN, Scope::LaterToo).unwrap();
    minutes(&mut world, 1);
    // A kind that this version does not know, with three bytes that mean something to another one.
    let newer: Content =
        windbreak_protocol::wire::decode(&[0x7F, 0xFF, 3, 0xA7, 0xB8, 0xC9], 16).unwrap();
    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[2].engine, &circle, now).unwrap();
    let head = insider.head().unwrap();
    let forged = ForgedItem { content: Some(newer.clone()), ..ForgedItem::default() };
    let sealed = insider.item(&head, forged).unwrap();
    world.hosts[2].obey_all();
    let id = sealed.item.unwrap();
    let venue = Venue::Circle(circle);
    world.inject(0, venue, sealed.envelopes.clone());
    world.restart(0);
    let of = |world: &World, host: usize| {
        world.hosts[host].engine.with_timeline(&circle, |timeline| {
            let entry = timeline.entries().iter().find(|entry| entry.id() == id)?;
            timeline.content(entry)
        })
    };
    assert_eq!(of(&world, 0), Some(Some(newer.clone())));
    // As it was sealed, it waits for whoever asks, and another device takes it from there.
    assert!(sealed.envelopes.iter().all(|envelope| world.hosts[0].keeps(&envelope.id(), envelope)));
    world.inject(1, venue, sealed.envelopes);
    world.restart(1);
    assert_eq!(of(&world, 1), Some(Some(newer)));
    // What answers it counts it among what there is: nothing is missing.
    world.share(0, &circle, "what was that?").unwrap();
    minutes(&mut world, 1);
    assert_eq!([0, 1].map(|host| lost(&world, host, &circle)), [0, 0]);

    // Nobody can tell whether it was taken back, hidden or too old, so it is handed to no newcomer.
    join(&mut world, 3, 0, &circle);
    assert_eq!(world.hosts[3].texts(&circle), [OPEN]);
    assert_eq!(of(&world, 3), Some(None));
}
