//! Records in chunks: what comes back, what is missing, what is refused. Clause: specs/01-wire W-12.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;

use windbreak_protocol::id::EnvelopeId;
use windbreak_protocol::identity::Verified;
use windbreak_protocol::limits::{MAX_RECORD, MAX_WELCOME};
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Hour;
use windbreak_protocol::wire::chunk::{
    AssembleError, CHUNK_LEN, Manifest, RecordTooLong, max_record, seal_record,
};
use windbreak_protocol::wire::{
    DecodeError, Envelope, Frame, FrameKind, SealKey, SizeClass, TopicKey,
};

const HOUR: Hour = Hour::new(490_000);

fn random() -> Random {
    Random::from_seed(&Secret::from_bytes([1; 32]))
}

fn topic_key() -> TopicKey {
    TopicKey::from_secret(&Secret::from_bytes([2; 32]))
}

fn seal_key() -> SealKey {
    SealKey::from_secret(&Secret::from_bytes([3; 32]))
}

struct Carried {
    held: BTreeMap<EnvelopeId, Verified<Envelope>>,
    ids: Vec<EnvelopeId>,
    last: Frame,
}

fn carry(kind: FrameKind, record: &[u8]) -> Carried {
    let envelopes =
        seal_record(&seal_key(), &topic_key(), HOUR, kind, record, &mut random()).unwrap();
    let last = seal_key().open(envelopes.last().unwrap()).unwrap();
    let ids = envelopes.iter().map(|envelope| envelope.id()).collect();
    let held = envelopes.into_iter().map(|envelope| (envelope.id(), envelope)).collect();
    Carried { held, ids, last }
}

fn record(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at % 251) as u8).collect()
}

#[test]
fn a_record_that_fits_travels_alone() {
    let carried = carry(FrameKind::Commit, &record(CHUNK_LEN));
    assert_eq!((carried.ids.len(), carried.last.kind), (1, FrameKind::Commit));
}

#[test]
fn a_large_record_comes_back_from_its_chunks() {
    let cases = [
        (FrameKind::Item, CHUNK_LEN + 1, 2),
        (FrameKind::Item, 3 * CHUNK_LEN, 3),
        (FrameKind::Commit, 3 * CHUNK_LEN, 4),
        (FrameKind::Commit, MAX_RECORD, 16),
        (FrameKind::Answer, MAX_WELCOME, 128),
    ];
    for (kind, len, chunks) in cases {
        let carried = carry(kind, &record(len));
        assert_eq!(carried.last.kind, FrameKind::Manifest);
        let manifest = Manifest::from_bytes(&carried.last.record).unwrap();
        assert_eq!(manifest.chunks(), &carried.ids[..carried.ids.len() - 1]);
        assert_eq!(manifest.chunks().len(), chunks);
        let sizes_are_equal =
            manifest.chunks().iter().all(|id| carried.held[id].size_class() == SizeClass::Large);
        assert!(sizes_are_equal);
        let frame = manifest.assemble(|id| carried.held.get(id).cloned()).unwrap();
        assert_eq!(frame.kind, kind);
        assert!(*frame.record == record(len));
    }
}

#[test]
fn what_is_missing_of_a_record_is_named() {
    let carried = carry(FrameKind::Item, &record(4 * CHUNK_LEN));
    let manifest = Manifest::from_bytes(&carried.last.record).unwrap();
    let missing = vec![manifest.chunks()[1], manifest.chunks()[3]];
    let held = |id: &EnvelopeId| carried.held.get(id).filter(|_| !missing.contains(id)).cloned();
    assert_eq!(manifest.assemble(held), Err(AssembleError::Missing(missing.clone())));
}

#[test]
fn a_chunk_in_the_place_of_another_is_refused() {
    let carried = carry(FrameKind::Item, &record(2 * CHUNK_LEN));
    let manifest = Manifest::from_bytes(&carried.last.record).unwrap();
    let first = carried.held[&manifest.chunks()[0]].clone();
    assert_eq!(manifest.assemble(|_| Some(first.clone())), Err(AssembleError::Chunk));
}

#[test]
fn a_record_that_is_not_the_one_named_is_refused_as_a_whole() {
    let carried = carry(FrameKind::Item, &record(2 * CHUNK_LEN));
    let mut bytes = carried.last.record.to_vec();
    bytes[5] ^= 1;
    let manifest = Manifest::from_bytes(&bytes).unwrap();
    let assembled = manifest.assemble(|id| carried.held.get(id).cloned());
    assert_eq!(assembled, Err(AssembleError::Hash));
}

#[test]
fn a_manifest_beyond_the_limit_is_refused() {
    for kind in [FrameKind::Item, FrameKind::Commit, FrameKind::Answer] {
        let too_long = record(max_record(kind) + 1);
        let refused = seal_record(&seal_key(), &topic_key(), HOUR, kind, &too_long, &mut random());
        assert_eq!(refused.err(), Some(RecordTooLong));
    }

    let manifest = |kind: u8, length: usize, chunks: u16| {
        let id = |n: u16| [[0; 30].as_slice(), &n.to_be_bytes()].concat();
        let ids: Vec<u8> = (0..chunks).flat_map(id).collect();
        let prefix = match ids.len() {
            len @ 0..0x40 => vec![len as u8],
            len => ((len as u16) | 0x4000).to_be_bytes().to_vec(),
        };
        let length = (length as u32).to_be_bytes();
        [&[kind], length.as_slice(), &[7; 64], &prefix, &ids].concat()
    };
    let decoded = |kind, length, chunks| {
        Manifest::from_bytes(&manifest(kind, length, chunks)).map(|manifest| manifest.kind())
    };
    assert_eq!(decoded(1, 2 * CHUNK_LEN, 2), Ok(FrameKind::Item));
    assert_eq!(decoded(5, 3 * CHUNK_LEN, 4), Ok(FrameKind::Answer));
    assert_eq!(decoded(1, MAX_RECORD + 1, 9), Err(DecodeError::Limit));
    assert_eq!(decoded(5, MAX_WELCOME + 1, 128), Err(DecodeError::Limit));
    assert_eq!(decoded(1, CHUNK_LEN, 1), Err(DecodeError::NotCanonical));
    for (kind, length, chunks) in
        [(1, 2 * CHUNK_LEN, 3), (5, 3 * CHUNK_LEN, 3), (6, 2 * CHUNK_LEN, 2), (9, 2 * CHUNK_LEN, 2)]
    {
        assert_eq!(decoded(kind, length, chunks), Err(DecodeError::Malformed));
    }
    let mut twice = manifest(1, 2 * CHUNK_LEN, 2);
    let last = twice.len() - 1;
    twice[last] = 0;
    assert_eq!(Manifest::from_bytes(&twice).err(), Some(DecodeError::Malformed));
}
