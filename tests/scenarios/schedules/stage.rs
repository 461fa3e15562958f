//! What the schedules share: a circle that has come to rest, and what must hold in the end.

use std::time::Duration;

use windbreak_protocol::id::{CircleId, StateId};
use windbreak_protocol::ledger::{Change, Declaration, Departure, MotionKind, Role, RoleChange};
use windbreak_protocol::testing::{Forged, ForgedItem, Forgery, Insider, head_secret};
use windbreak_protocol::wire::text::Text;
use windbreak_tests::{Seed, World, attack};

/// A circle of `count` whose members have all renewed their leaves.
pub(super) fn circle_of(count: u8, seed: u8) -> (World, CircleId) {
    let mut world = World::new(count, Seed(seed));
    let circle = world.circle_of(usize::from(count)).unwrap();
    world.run_for(Duration::from_secs(60));
    (world, circle)
}

/// The device of `host` in the hands of somebody who breaks the rules.
pub(super) fn insider<'a>(world: &'a mut World, host: usize, circle: &CircleId) -> Insider<'a> {
    attack::insider(world, host, circle).unwrap()
}

/// The head of a device.
pub(super) fn head(world: &mut World, host: usize, circle: &CircleId) -> StateId {
    attack::head(world, host, circle).unwrap()
}

/// Host `host` makes a commit on its head and keeps it back.
pub(super) fn forge(world: &mut World, host: usize, circle: &CircleId, forgery: Forgery) -> Forged {
    let head = head(world, host, circle);
    forge_on(world, host, circle, &head, forgery)
}

/// Host `host` makes a commit on any state it keeps, and keeps it back.
pub(super) fn forge_on(
    world: &mut World,
    host: usize,
    circle: &CircleId,
    parent: &StateId,
    forgery: Forgery,
) -> Forged {
    insider(world, host, circle).commit(parent, forgery).unwrap()
}

/// Host `host` seals a text under `state` and publishes it.
pub(super) fn say_under(
    world: &mut World,
    host: usize,
    circle: &CircleId,
    state: &StateId,
    item: ForgedItem,
) {
    let mut insider = insider(world, host, circle);
    let sealed = insider.item(state, item).unwrap();
    insider.publish(sealed.envelopes);
    world.settle();
}

/// Publishes what somebody kept back.
pub(super) fn publish(world: &mut World, host: usize, circle: &CircleId, forged: &Forged) {
    insider(world, host, circle).publish(forged.envelopes.clone());
    world.settle();
}

/// All these devices stand at one head and can work out one secret there.
#[track_caller]
pub(super) fn one_head(world: &World, circle: &CircleId, hosts: &[usize]) {
    let heads: Vec<_> = hosts
        .iter()
        .map(|host| {
            let engine = &world.hosts[*host].engine;
            let overview = engine.circle(world.now, circle).unwrap();
            (overview.epoch, *overview.head.as_bytes(), head_secret(engine, circle).unwrap())
        })
        .collect();
    let short =
        |(epoch, head, _): &(u64, [u8; 32], _)| format!("{epoch}:{:02x}{:02x}", head[0], head[1]);
    let shown: Vec<String> = heads.iter().map(short).collect();
    assert!(heads.iter().all(|head| *head == heads[0]), "{shown:?}");
}

/// All these devices show these texts, in whatever order, each once, and the same to all.
#[track_caller]
pub(super) fn all_read(world: &World, circle: &CircleId, hosts: &[usize], texts: &[String]) {
    let first = world.hosts[hosts[0]].texts(circle);
    let (mut shown, mut wanted) = (first.clone(), texts.to_vec());
    shown.sort();
    wanted.sort();
    assert_eq!(shown, wanted, "host {}", hosts[0]);
    for host in hosts {
        assert_eq!(world.hosts[*host].texts(circle), first, "host {host}");
    }
}

/// A circle of `count` gathered by review at once, of whom everybody has committed.
pub(super) fn gathered(count: usize, seed: u8) -> (World, CircleId) {
    gathered_of(count, count, seed)
}

/// The same among `devices` devices, of which the others are not in it yet.
pub(super) fn gathered_of(count: usize, devices: usize, seed: u8) -> (World, CircleId) {
    let mut world = World::new(u8::try_from(devices).unwrap(), Seed(seed));
    let circle = attack::gather(&mut world, count, true).unwrap();
    let everybody: Vec<usize> = (0..count).collect();
    attack::renew_all(&mut world, &circle, &everybody);
    world.run_for(Duration::from_secs(60));
    one_head(&world, &circle, &everybody);
    (world, circle)
}

/// Host `host` makes a lawful commit with these changes on its head, and all hear of it.
pub(super) fn enact(world: &mut World, host: usize, circle: &CircleId, changes: Vec<Change>) {
    let made = forge(world, host, circle, Forgery { changes, ..Forgery::default() });
    let mut committer = insider(world, host, circle);
    committer.publish(made.envelopes);
    committer.take_up(&made.state);
    world.settle();
}

/// Host `host` becomes a facilitator by a commit of host 0.
pub(super) fn promote(world: &mut World, host: usize, circle: &CircleId) {
    let member = world.member(host, circle).unwrap();
    let declaration: Declaration = Text::new("no duty to report").unwrap();
    let own = insider(world, host, circle);
    let ledger = own.ledger(&own.head().unwrap()).unwrap();
    let motion = ledger.motion(MotionKind::Promote, &member).unwrap();
    let consents = vec![own.consent(&motion, Some(&declaration)).unwrap()];
    let role = Role::Facilitator;
    let change = RoleChange { member, role, declaration: Some(declaration), consents };
    enact(world, 0, circle, vec![Change::SetRole(change)]);
}

/// Host `by` removes the facilitator `gone`, and `consenting` agree.
pub(super) fn remove_facilitator(
    world: &mut World,
    by: usize,
    circle: &CircleId,
    gone: usize,
    consenting: &[usize],
) {
    let member = world.member(gone, circle).unwrap();
    let reason = Text::new("As agreed.").unwrap();
    let own = insider(world, by, circle);
    let ledger = own.ledger(&own.head().unwrap()).unwrap();
    let kind = MotionKind::Remove { reason: reason.clone() };
    let motion = ledger.motion(kind, &member).unwrap();
    let mut consents: Vec<_> = consenting
        .iter()
        .map(|host| insider(world, *host, circle).consent(&motion, None).unwrap())
        .collect();
    consents.sort_by_key(|consent| consent.device);
    let removal = Departure::Removed { member, reason, consents };
    enact(world, by, circle, vec![Change::Depart(removal)]);
}

/// Host `host` says a text and remembers it.
pub(super) fn say(
    world: &mut World,
    host: usize,
    circle: &CircleId,
    said: &mut Vec<String>,
    text: &str,
) {
    world.share(host, circle, text).unwrap();
    world.settle();
    said.push(text.to_owned());
}
