use std::sync::Mutex;

use windbreak_protocol::admission::{Drawing, Grant, GrantId, Token, TokenSecret, epoch_of};
use windbreak_protocol::id::{CircleId, InviteId};
use windbreak_protocol::invite::RelayAddress;
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Hour;

use super::purse::{Begun, PouchName};
use super::*;
use crate::store::{MemoryStore, Store, StoreError};
use crate::swarm::testkit::NOW;

const EPOCH: u32 = epoch_of(Hour::new(NOW));

fn at(hour: u32) -> Timestamp {
    Timestamp::from_seconds(u64::from(hour) * 3600)
}

fn open(store: &MemoryStore) -> Arc<Purse> {
    Purse::open(Arc::new(Mutex::new(store.clone()))).unwrap()
}

fn tokens(epoch: u32) -> Vec<Token> {
    let relay = TokenSecret::new(Secret::from_bytes([1; 32]));
    let mut random = Random::from_seed(&Secret::from_bytes([2; 32]));
    let keys = relay.public_keys(epoch..epoch + 1).unwrap();
    let drawing = Drawing::begin(epoch, &mut random).unwrap();
    let key = relay.key(epoch).unwrap();
    let (made, proof) = key.evaluate(drawing.blinded(), &mut random).unwrap();
    drawing.finish(&keys.hash(), &keys, &made, &proof).unwrap()
}

fn circle(byte: u8) -> Venue {
    Venue::Circle(CircleId::from_bytes([byte; 32]))
}

fn part() -> RelayPart {
    let (id, secret) = (GrantId::from_bytes([7; 8]), Secret::from_bytes([5; 32]));
    let grant = Grant::new(id, secret, (3, 16), (EPOCH, 4), [3; 32]).unwrap();
    RelayPart::of(&RelayAddress::new("/ip4/192.0.2.1/tcp/1/p2p/A").unwrap(), &grant, 0).unwrap()
}

#[tokio::test]
async fn a_token_that_was_taken_out_is_gone_whatever_dies_then() {
    let store = MemoryStore::new();
    let name = PouchName::of(&circle(1), &PeerId::random());
    let purse = open(&store);
    let drawn = tokens(EPOCH);
    let count = drawn.len();
    purse.finish(&name, drawn, at(NOW), at(NOW)).await.unwrap();
    let taken = purse.take(&name, at(NOW), false).await.unwrap();

    // The power goes before the token was shown, or after: it is not there either way.
    let mut left = Vec::new();
    let after = open(&store.durable());
    while let Some(token) = after.take(&name, at(NOW), false).await {
        left.push(*token.input());
    }
    assert_eq!(left.len(), count - 1);
    assert!(!left.contains(taken.input()));

    // What cannot be taken out durably is not given.
    store.fail_at(store.writes(), StoreError::DiskFull);
    assert!(purse.take(&name, at(NOW), false).await.is_none());
    assert_eq!(open(&store.durable()).count(&name, at(NOW), EPOCH).ready, count - 1);
}

#[tokio::test]
async fn a_token_rests_where_its_age_would_tell_who_drew_it_and_ends_with_its_week() {
    let (store, name) = (MemoryStore::new(), PouchName::of(&circle(1), &PeerId::random()));
    let purse = open(&store);
    purse.finish(&name, tokens(EPOCH), at(NOW + 2), at(NOW)).await.unwrap();
    let counted = purse.count(&name, at(NOW), EPOCH);
    assert_eq!((counted.ready, counted.ready_from), (0, Some(at(NOW + 2))));
    assert!(purse.take(&name, at(NOW), false).await.is_none(), "drawn a moment ago");
    assert!(purse.take(&name, at(NOW), true).await.is_some());
    assert!(purse.take(&name, at(NOW + 2), false).await.is_some());
    let over = at((EPOCH + 1) * 168 + 24);
    assert!(purse.take(&name, over, true).await.is_none());
    assert_eq!(purse.count(&name, over, EPOCH + 1).ready, 0);
}

#[tokio::test]
async fn a_draw_that_broke_off_is_begun_again_as_it_was() {
    let (store, name) = (MemoryStore::new(), PouchName::of(&circle(1), &PeerId::random()));
    let seed = Secret::from_bytes([9; 32]);
    let begun = Begun::new(&part(), EPOCH, seed.duplicate());
    open(&store).begin(&name, begun).await.unwrap();
    let after = open(&store.durable());
    let begun = after.begun(&name).unwrap();
    assert!(begun.is_by(&part(), EPOCH) && !begun.is_by(&part(), EPOCH + 1));
    let elements = |seed: &Secret<32>| {
        let drawing = Drawing::begin(EPOCH, &mut Random::from_seed(seed)).unwrap();
        drawing.blinded().to_vec()
    };
    assert_eq!(elements(&begun.seed), elements(&seed));
    // It ends with what it brought, in one write.
    after.finish(&name, tokens(EPOCH), at(NOW), at(NOW)).await.unwrap();
    assert!(after.begun(&name).is_none());
}

#[tokio::test]
async fn what_was_drawn_to_knock_serves_the_circle_and_goes_with_it() {
    let (mut store, relay) = (MemoryStore::new(), PeerId::random());
    let invite = Venue::Invite(InviteId::from_bytes([1; 32]));
    let (from, to) = (PouchName::of(&invite, &relay), PouchName::of(&circle(1), &relay));
    let other = PouchName::of(&circle(2), &relay);
    let purse = open(&store);
    purse.finish(&from, tokens(EPOCH), at(NOW), at(NOW)).await.unwrap();
    purse.finish(&other, tokens(EPOCH), at(NOW), at(NOW)).await.unwrap();
    let batch = purse.inherit(&invite, &circle(1));
    store.apply(batch).unwrap();
    for purse in [&purse, &open(&store.durable())] {
        assert_eq!(purse.count(&from, at(NOW), EPOCH).ready, 0);
        assert_eq!(purse.count(&to, at(NOW), EPOCH).ready, 32);
    }
    let batch = purse.forget(&circle(1));
    store.apply(batch).unwrap();
    for purse in [&purse, &open(&store.durable())] {
        assert_eq!(purse.count(&to, at(NOW), EPOCH).ready, 0);
        assert_eq!(purse.count(&other, at(NOW), EPOCH).ready, 32);
    }
}
