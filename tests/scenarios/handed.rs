//! What whoever joins is handed against the rules: words that nobody said, on the word of whoever
//! made them up, and acts of those who had no right to them.

use std::collections::BTreeSet;
use std::time::Duration;

use windbreak_protocol::HistoryStage;
use windbreak_protocol::content::{
    Allow, Ask, Content, Gist, ItemBody, ItemText, Pin, Scope, Share, WarmWord,
};
use windbreak_protocol::id::{CircleId, ItemId, MemberId, StateId};
use windbreak_protocol::identity::{Credential, DeviceKey, MemberKey};
use windbreak_protocol::secret::Secret;
use windbreak_protocol::testing::{ForgedItem, Insider};
use windbreak_protocol::time::Timestamp;
use windbreak_tests::{Seed, World};

const OPEN: &str = "how I found words for it";
const CLOSED: &str = "what only you may know";

fn minutes(world: &mut World, minutes: u64) {
    world.run_for(Duration::from_secs(60 * minutes));
}

/// Three in a circle, where host 1 opened something to those who come later; returns it too.
fn circle_with_open_words(world: &mut World) -> (CircleId, ItemId) {
    let circle = world.circle_of(3).unwrap();
    let open = world.share_for(1, &circle, OPEN, Scope::LaterToo).unwrap();
    minutes(world, 1);
    (circle, open)
}

/// Host 3 knocks and comes in, and only host 2 is there when it asks.
fn come_to_host_2_alone(world: &mut World, circle: &CircleId) {
    let (_, text) = world.invite(0, circle, 1, false).unwrap();
    world.settle();
    world.knock(3, text).unwrap();
    // It asks soon after it is in.
    while world.hosts[3].engine.circle(world.now, circle).is_none() {
        world.run_for(Duration::from_secs(1));
    }
    world.set_online(0, false);
    world.set_online(1, false);
}

fn join(world: &mut World, circle: &CircleId) {
    let (_, text) = world.invite(0, circle, 1, false).unwrap();
    world.settle();
    world.knock(3, text).unwrap();
    minutes(world, 2);
    let history = world.hosts[3].engine.circle(world.now, circle).unwrap().history.unwrap();
    assert_eq!(history.stage, HistoryStage::Here);
}

/// Host 2 answers whoever asks within so many seconds with this page. Says whether anybody did.
fn give(
    world: &mut World,
    circle: &CircleId,
    (items, credentials): (&[Vec<u8>], &[Credential]),
    stranger: Option<&DeviceKey>,
    seconds: u64,
) -> bool {
    for _ in 0..seconds {
        let now = world.now;
        let mut insider = Insider::of(&mut world.hosts[2].engine, circle, now).unwrap();
        let given = insider.give_history_with(items, credentials, stranger);
        world.hosts[2].obey_all();
        world.run_for(Duration::from_secs(1));
        if given > 0 {
            return true;
        }
    }
    false
}

fn key(number: u8) -> DeviceKey {
    DeviceKey::from_secret(&Secret::from_bytes([number; 32]))
}

/// What a device signs in the name of a member, under a state that nobody knows.
fn say(
    circle: &CircleId,
    member: &MemberId,
    key: &DeviceKey,
    written: Timestamp,
    text: &str,
) -> Vec<u8> {
    let text = ItemText::new(text).unwrap();
    let share = Share { ask: Ask::JustListening, content_note: None, title: None, text };
    let body = ItemBody {
        circle: *circle,
        member: *member,
        device: key.id(),
        first_state: StateId::from_bytes([7; 32]),
        seq: 0,
        previous: None,
        seen: Vec::new(),
        written,
        scope: Scope::LaterToo,
        content: Content::Share(share),
    };
    body.sign(key).to_bytes()
}

/// The acts a device has, each with what it is done to and for whom it is.
fn acts(world: &World, host: usize, circle: &CircleId) -> BTreeSet<(&'static str, ItemId, Scope)> {
    let acts = world.hosts[host].engine.with_timeline(circle, |timeline| {
        let acts = timeline.entries().iter().filter_map(|entry| match entry.gist() {
            Gist::Pin(to, true) => Some(("pin", *to, entry.scope())),
            Gist::Allow(to, true) => Some(("allow", *to, entry.scope())),
            Gist::Reaction(to, Some(_)) => Some(("reaction", *to, entry.scope())),
            _ => None,
        });
        acts.collect()
    });
    acts.unwrap()
}

fn pinned(world: &World, host: usize, circle: &CircleId) -> BTreeSet<ItemId> {
    world.hosts[host].engine.with_timeline(circle, |timeline| timeline.pinned()).unwrap()
}

#[test]
fn a_page_says_nothing_in_the_name_of_somebody_who_did_not_sign_for_the_device() {
    let mut world = World::new(4, Seed(41));
    let (circle, open) = circle_with_open_words(&mut world);
    let victim = world.member(1, &circle).unwrap();
    let elsewhere = CircleId::from_bytes([8; 32]);
    // Of somebody whom no ledger names it is the word of who hands it over that they ever came.
    let unknown = MemberKey::from_secret(&Secret::from_bytes([20; 32]));
    let keys = [21, 22, 23, 24, 25].map(key);
    let mut stolen = unknown.certify(&circle, &keys[1].id());
    stolen.member = victim;
    let credentials = [
        unknown.certify(&circle, &keys[0].id()),
        stolen,
        unknown.certify(&circle, &keys[2].id()),
        unknown.certify(&elsewhere, &keys[3].id()),
        unknown.certify(&circle, &keys[4].id()),
    ];
    let now = world.now;
    let of = |circle, member, number: usize, text| say(circle, member, &keys[number], now, text);
    let mut insider = Insider::of(&mut world.hosts[2].engine, &circle, now).unwrap();
    let items = [
        insider.signed(&open).unwrap(),
        of(&circle, &unknown.id(), 0, "a word of their own"),
        of(&circle, &victim, 1, "by a word that is signed by somebody else"),
        of(&circle, &victim, 2, "by a word for somebody else"),
        of(&circle, &unknown.id(), 3, "by a word of another circle"),
        of(&elsewhere, &unknown.id(), 4, "said in another circle"),
    ];
    come_to_host_2_alone(&mut world, &circle);
    assert!(give(&mut world, &circle, (&items, &credentials), None, 60), "nobody asked");
    minutes(&mut world, 1);
    for _ in 0..2 {
        let mut texts = world.hosts[3].texts(&circle);
        texts.sort_unstable();
        assert_eq!(texts, ["a word of their own", OPEN]);
        let of_victim = world.hosts[3].engine.with_timeline(&circle, |timeline| {
            timeline.entries().iter().filter(|entry| entry.author() == victim).count()
        });
        assert_eq!(of_victim, Some(1));
        world.restart(3);
    }
}

#[test]
fn a_page_that_no_member_vouches_for_is_not_looked_at() {
    let mut world = World::new(4, Seed(42));
    let (circle, open) = circle_with_open_words(&mut world);
    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[2].engine, &circle, now).unwrap();
    let items = [insider.signed(&open).unwrap()];
    come_to_host_2_alone(&mut world, &circle);
    let stage = |world: &World| {
        world.hosts[3].engine.circle(world.now, &circle).unwrap().history.unwrap().stage
    };
    let stranger = key(26);
    assert!(give(&mut world, &circle, (&items, &[]), Some(&stranger), 60), "nobody asked");
    assert_eq!(world.hosts[3].texts(&circle), Vec::<String>::new());
    assert_eq!(stage(&world), HistoryStage::Asking);
    // It asks again, and a member has the same.
    assert!(give(&mut world, &circle, (&items, &[]), None, 900), "nobody asked again");
    assert_eq!(world.hosts[3].texts(&circle), [OPEN]);
    assert_eq!(stage(&world), HistoryStage::Here);
}

#[test]
fn what_is_done_to_words_is_for_those_who_may_read_them() {
    let mut world = World::new(4, Seed(43));
    let (circle, open) = circle_with_open_words(&mut world);
    let closed = world.share(1, &circle, CLOSED).unwrap();
    minutes(&mut world, 1);
    let now = world.now;
    for to in [&open, &closed] {
        world.hosts[0].engine.pin(now, &circle, to, true).unwrap();
        world.hosts[1].engine.allow_advice(now, &circle, to, true).unwrap();
        world.hosts[2].engine.react(now, &circle, to, Some(WarmWord::HEARD)).unwrap();
    }
    for host in 0..3 {
        world.hosts[host].obey_all();
    }
    minutes(&mut world, 1);
    let of = |to, scope| ["pin", "allow", "reaction"].map(|act| (act, to, scope));
    let (later, here) = (of(open, Scope::LaterToo), of(closed, Scope::HereNow));
    for host in 0..3 {
        let all: BTreeSet<_> = later.into_iter().chain(here).collect();
        assert_eq!(acts(&world, host, &circle), all, "device {host}");
        assert_eq!(pinned(&world, host, &circle), [open, closed].into());
    }
    join(&mut world, &circle);
    for _ in 0..2 {
        assert_eq!(acts(&world, 3, &circle), later.into());
        assert_eq!(pinned(&world, 3, &circle), [open].into());
        world.restart(3);
    }
}

#[test]
fn who_has_no_right_to_it_takes_no_pin_and_no_leave_from_those_who_come() {
    const ADVICE: &str = "what helped me then";
    let mut world = World::new(4, Seed(44));
    let (circle, open) = circle_with_open_words(&mut world);
    let now = world.now;
    let advised = world.hosts[2].engine.advise(now, &circle, &open, ADVICE.into(), Scope::LaterToo);
    let advice = advised.unwrap();
    world.hosts[2].obey_all();
    minutes(&mut world, 1);
    let now = world.now;
    world.hosts[0].engine.pin(now, &circle, &open, true).unwrap();
    world.hosts[1].engine.allow_advice(now, &circle, &open, true).unwrap();
    for host in [0, 1] {
        world.hosts[host].obey_all();
    }
    minutes(&mut world, 1);
    // A changed program says after them that it is pinned no more, and advice held back.
    let now = world.now;
    let mut insider = Insider::of(&mut world.hosts[2].engine, &circle, now).unwrap();
    let head = insider.head().unwrap();
    let off = [
        Content::Pin(Pin { to: open, on: false }),
        Content::Allow(Allow { to: open, on: false }),
        Content::Allow(Allow { to: advice, on: false }),
    ];
    for content in off {
        let item = ForgedItem { content: Some(content), ..ForgedItem::default() };
        let made = insider.item(&head, item).unwrap();
        insider.publish(made.envelopes);
    }
    world.hosts[2].obey_all();
    minutes(&mut world, 1);
    join(&mut world, &circle);
    let texts = vec![OPEN.to_owned(), ADVICE.to_owned()];
    for host in [0, 1, 3] {
        let shown = (pinned(&world, host, &circle), world.hosts[host].texts(&circle));
        assert_eq!(shown, ([open].into(), texts.clone()), "device {host}");
    }
}
