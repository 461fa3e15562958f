//! Members' nodes at a relay that takes by grant: they draw, rest, pay, and refuse what is not
//! proven.

use std::sync::Mutex;

use windbreak_protocol::Venue;
use windbreak_protocol::admission::{Grant, RelayPart};
use windbreak_protocol::id::CircleId;
use windbreak_protocol::invite::RelayAddress;

use super::*;
use crate::relay::admission::Terms;
use crate::store::MemoryStore;
use crate::swarm::testkit::Member;
use crate::swarm::{DrawTrouble, Purse, TokenConfig, VenueConfig};

async fn relay_by_grant() -> (RelayHandle, TempDir) {
    relay_by_grant_with(RelayLimits::default()).await
}

async fn relay_by_grant_with(limits: RelayLimits) -> (RelayHandle, TempDir) {
    let folder = TempDir::new().unwrap();
    let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned()];
    let clock = StillClock::new().clock();
    let mut config = RelayConfig::new(folder.path().join("relay"), listen, clock);
    config.timings = Timings::fast();
    config.admission = AdmissionMode::Grant;
    config.limits = limits;
    (run_relay(config).await.unwrap(), folder)
}

async fn issue(relay: &RelayHandle, draws: u16) -> Grant {
    let admission = relay.mailbox.admission().unwrap();
    admission.issue(&relay.mailbox, Terms { members: 4, draws, epochs: 3 }).await.unwrap()
}

fn part_at(relay: &str, grant: &Grant, member: u16) -> Arc<RelayPart> {
    Arc::new(RelayPart::of(&RelayAddress::new(relay).unwrap(), grant, member).unwrap())
}

/// A member whose purse lies in `store`.
fn member(relay: &RelayHandle, part: Option<Arc<RelayPart>>, store: &MemoryStore) -> Member {
    let purse = Purse::open(Arc::new(Mutex::new(store.clone()))).unwrap();
    let venue = Venue::Circle(CircleId::from_bytes([1; 32]));
    let tokens = TokenConfig {
        parts: part.into_iter().collect(),
        ended: Vec::new(),
        purse: Some((purse, venue)),
    };
    let relays = relay.addresses();
    Member::start(VenueConfig { relays, tokens, ..VenueConfig::default() }, &[])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_a_part_pays_and_others_wait_and_read() {
    let (relay, _folder) = relay_by_grant().await;
    let (grant, key) = (issue(&relay, 2).await, topic_key(1));
    let address = relay.addresses()[0].clone();
    let store = MemoryStore::new();
    let rowan = member(&relay, Some(part_at(&address, &grant, 0)), &store);
    let hazel = member(&relay, None, &MemoryStore::new());
    rowan.follow(&key);
    hazel.follow(&key);

    let said = envelopes(&key, NOW, 1, 20);
    for envelope in &said {
        rowan.publish(envelope);
    }
    rowan.sees(|seen| seen.held.len() == said.len()).await;
    hazel.sees(|seen| seen.arrived.len() == said.len()).await;
    let lone = &envelopes(&key, NOW, 9, 1)[0];
    hazel.publish(lone);
    soon(async {
        while hazel.venue.status().refusal != Some(Refusal::TokenWanted) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    assert!(!hazel.seen().held.contains(&lone.id()));

    let status = relay.status();
    assert_eq!(status.tokens_drawn, 32, "one draw, however much was put at once");
    assert!(status.tokens_spent >= 1 && status.tokens_spent <= 4, "{}", status.tokens_spent);
    let left = rowan.venue.status().tokens;
    let left = left.values().next().unwrap();
    assert_eq!(left.ready as u64 + status.tokens_spent, 32);
    assert_eq!(left.trouble, None);

    // Started again, it goes on with what it has.
    rowan.venue.close().await;
    let rowan = member(&relay, Some(part_at(&address, &grant, 0)), &store.durable());
    rowan.follow(&key);
    rowan.publish(&envelopes(&key, NOW, 5, 1)[0]);
    rowan.sees(|seen| seen.held.len() == 1).await;
    assert_eq!(relay.status().tokens_drawn, 32);
    relay.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finds_no_place_to_draw_is_told_so_and_draws_later() {
    let limits = RelayLimits { connections: 2, ..RelayLimits::default() };
    let (relay, _folder) = relay_by_grant_with(limits).await;
    let (grant, key) = (issue(&relay, 2).await, topic_key(1));
    let address = relay.addresses()[0].clone();
    // One place would be for topics, the other for the draw.
    let mut others = Vec::new();
    for _ in 0..2 {
        let other = Client::connect(&address).await;
        others.push((other.open(&topic_key(2)).await, other));
    }
    let rowan = member(&relay, Some(part_at(&address, &grant, 0)), &MemoryStore::new());
    rowan.follow(&key);
    rowan.publish(&envelopes(&key, NOW, 1, 1)[0]);
    soon(async {
        loop {
            let tokens = rowan.venue.status().tokens;
            if tokens.values().any(|tokens| tokens.trouble == Some(DrawTrouble::Busy)) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    assert_eq!(relay.status().tokens_drawn, 0);
    drop(others);
    rowan.sees(|seen| seen.held.len() == 1).await;
    assert_eq!(relay.status().tokens_drawn, 32);
    relay.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_other_than_the_pinned_ones_are_told_and_nothing_is_paid_with_them() {
    let (relay, _folder) = relay_by_grant().await;
    let (grant, key) = (issue(&relay, 2).await, topic_key(1));
    // The grant as a member has it pins other keys than this relay shows.
    let mut bytes = grant.to_bytes();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let pinned = Grant::from_bytes(&bytes).unwrap();
    let address = relay.addresses()[0].clone();
    let rowan = member(&relay, Some(part_at(&address, &pinned, 0)), &MemoryStore::new());
    rowan.follow(&key);
    rowan.publish(&envelopes(&key, NOW, 1, 1)[0]);
    soon(async {
        loop {
            let tokens = rowan.venue.status().tokens;
            if tokens.values().any(|tokens| tokens.trouble == Some(DrawTrouble::Untrusted)) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    assert_eq!(relay.status().tokens_spent, 0);
    relay.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_held_costs_nothing_again_and_a_clock_that_jumped_is_not_trusted() {
    let clock = StillClock::new();
    let folder = TempDir::new().unwrap();
    let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned()];
    let start = |is_right: bool| {
        let mut config =
            RelayConfig::new(folder.path().join("relay"), listen.clone(), clock.clock());
        config.timings = Timings { sweep: Duration::from_millis(20), ..Timings::fast() };
        (config.admission, config.clock_is_right) = (AdmissionMode::Grant, is_right);
        run_relay(config)
    };
    let relay = start(false).await.unwrap();
    let (grant, key) = (issue(&relay, 1).await, topic_key(1));
    let address = relay.addresses()[0].clone();
    let rowan = member(&relay, Some(part_at(&address, &grant, 0)), &MemoryStore::new());
    rowan.follow(&key);
    let said = &envelopes(&key, NOW, 1, 1)[0];
    rowan.publish(said);
    rowan.sees(|seen| seen.held.len() == 1).await;
    let stranger = Client::connect(&address).await.open(&key).await;
    assert_eq!(stranger.stream.put(said.as_bytes()).await.unwrap(), Ok(()));
    let other = &envelopes(&key, NOW, 2, 1)[0];
    let refused = stranger.stream.put(other.as_bytes()).await.unwrap();
    assert_eq!(refused, Err(Refusal::TokenWanted));
    drop(stranger);
    relay.shutdown().await;

    clock.set(NOW + 30 * 24);
    assert!(matches!(start(false).await, Err(RelayError::Clock)));
    clock.set(NOW + 1);
    let relay = start(false).await.unwrap();
    let admission = relay.mailbox.admission().unwrap();
    assert_eq!(admission.list().await.len(), 1, "what was granted is still granted");
    relay.shutdown().await;
    clock.set(NOW + 30 * 24);
    start(true).await.unwrap().shutdown().await;
    start(false).await.unwrap().shutdown().await;
}
