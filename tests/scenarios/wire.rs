//! The wire from outside the crate: sizes, seals, signatures, ids, and bytes from anywhere.

use ed25519_dalek::{Signer, SigningKey};
use proptest::prelude::*;
use windbreak_protocol::id::{ItemId, StateId, Topic};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::label::Label;
use windbreak_protocol::limits::ENVELOPE_SIZES;
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::{Hour, Period, Timestamp};
use windbreak_protocol::wire::envelope::proof_holds;
use windbreak_protocol::wire::text::{Opaque, Text};
use windbreak_protocol::wire::{
    DecodeError, Envelope, Frame, FrameKind, SealKey, SizeClass, TopicKey, decode, encode,
};

const SIGNATURE: usize = 64;

fn keys(byte: u8) -> (SealKey, TopicKey) {
    let secret = Secret::from_bytes([byte; 32]);
    (SealKey::from_secret(&secret), TopicKey::from_secret(&secret))
}

fn seal(record: &[u8]) -> Verified<Envelope> {
    let (seal, topic) = keys(1);
    let mut random = Random::from_seed(&Secret::from_bytes([9; 32]));
    seal.seal(&topic, Hour::new(490_000), FrameKind::Item, record, &mut random).unwrap()
}

#[test]
fn an_envelope_has_one_of_three_sizes() {
    for class in SizeClass::ALL {
        let full = seal(&vec![7; class.record_len()]);
        assert_eq!(full.size_class(), class);
        assert_eq!(full.as_bytes().len(), ENVELOPE_SIZES[class as usize]);
    }
    assert_eq!(seal(b"").as_bytes().len(), ENVELOPE_SIZES[0]);
    assert_eq!(seal(&[0; 1979]).size_class(), SizeClass::Medium);

    let (seal, topic) = keys(1);
    let mut random = Random::from_seed(&Secret::from_bytes([9; 32]));
    let too_large = vec![0; SizeClass::Large.record_len() + 1];
    let hour = Hour::new(0);
    assert!(seal.seal(&topic, hour, FrameKind::Item, &too_large, &mut random).is_err());
}

#[test]
fn what_is_sealed_opens_and_what_is_changed_does_not() {
    let sealed = seal(b"a word");
    let (key, _) = keys(1);
    assert!(key.recognises(&sealed));
    let frame = key.open(&sealed).unwrap();
    assert_eq!((frame.kind, frame.record.as_slice()), (FrameKind::Item, b"a word".as_slice()));

    let (stranger, _) = keys(2);
    assert!(!stranger.recognises(&sealed));
    assert!(stranger.open(&sealed).is_err());

    // Somebody with the topic key, but without the seal, changes each part and signs it again.
    for at in [33, 38, 54, 78, 500] {
        let changed = resigned(sealed.as_bytes(), at);
        assert!(key.open(&changed).is_err(), "byte {at} is not covered by the seal");
    }
}

/// The envelope with one bit changed and a true signature, as another reader could make it.
fn resigned(bytes: &[u8], at: usize) -> Verified<Envelope> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 1;
    let end = bytes.len() - SIGNATURE;
    let content = Label::ENVELOPE_SIGNATURE.to_be_signed(&bytes[..end]);
    let signature = SigningKey::from_bytes(&[1; 32]).sign(&content);
    bytes[end..].copy_from_slice(&signature.to_bytes());
    Envelope::from_bytes(bytes).unwrap().verify().unwrap()
}

#[test]
fn a_spoilt_copy_has_another_gossip_id() {
    let good = seal(b"a word").into_inner();
    let mut bytes = good.as_bytes().to_vec();
    *bytes.last_mut().unwrap() ^= 1;
    let spoilt = Envelope::from_bytes(bytes).unwrap();
    assert_eq!(good.id(), spoilt.id());
    assert_ne!(good.gossip_id(), spoilt.gossip_id());
    assert!(spoilt.verify().is_err());
}

#[test]
fn an_envelope_of_another_key_is_refused() {
    let mut bytes = seal(b"a word").as_bytes().to_vec();
    let (_, other) = keys(2);
    bytes[1..33].copy_from_slice(other.topic().as_bytes());
    assert!(Envelope::from_bytes(bytes).unwrap().verify().is_err());
}

#[test]
fn a_topic_proof_holds_for_one_nonce_and_one_verifier() {
    let (_, key) = keys(1);
    let proof = key.prove(&[5; 32], b"relay one");
    assert!(proof_holds(&key.topic(), &[5; 32], b"relay one", &proof));
    assert!(!proof_holds(&key.topic(), &[5; 32], b"relay two", &proof));
    assert!(!proof_holds(&key.topic(), &[6; 32], b"relay one", &proof));
}

#[test]
fn a_text_longer_than_its_field_is_refused_and_not_cut() {
    let at_the_limit = encode(&Text::<40>::new("ü".repeat(40)).unwrap());
    assert!(decode::<Text<40>>(&at_the_limit, 1024).is_ok());
    let beyond = encode(&Text::<50>::new("ü".repeat(41)).unwrap());
    assert_eq!(decode::<Text<40>>(&beyond, 1024), Err(DecodeError::Malformed));
    assert_eq!(decode::<Text<40>>(&at_the_limit, 10), Err(DecodeError::TooLong));
}

#[test]
fn times_round_down_and_never_overflow() {
    let late = Timestamp::from_millis(u64::MAX);
    assert_eq!(late.hour().get(), u32::MAX);
    assert_eq!(Hour::new(335).period(), Period::new(1));
    assert_eq!(Timestamp::from_seconds(119).to_minute(), Timestamp::from_seconds(60));
}

proptest! {
    #[test]
    fn what_decodes_encodes_to_the_same_bytes(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        text in ".{0,60}",
    ) {
        if let Ok(value) = decode::<Text<40>>(&bytes, 128) {
            prop_assert_eq!(encode(&value).to_vec(), bytes.clone());
        }
        if let Ok(value) = decode::<Opaque<64>>(&bytes, 128) {
            prop_assert_eq!(encode(&value).to_vec(), bytes.clone());
        }
        if let Ok(value) = decode::<(ItemId, StateId)>(&bytes, 128) {
            prop_assert_eq!(encode(&value).to_vec(), bytes.clone());
        }
        if let Ok(frame) = Frame::from_padded(&bytes) {
            let again = Frame::to_padded(frame.kind, &frame.record, bytes.len()).unwrap();
            prop_assert_eq!(again.as_slice(), bytes.as_slice());
        }
        if let Ok(value) = Text::<40>::new(text) {
            let encoded = encode(&value);
            prop_assert_eq!(decode::<Text<40>>(&encoded, 1024), Ok(value));
        }
    }

    #[test]
    fn no_bytes_make_a_decoder_panic(
        mut bytes in prop::collection::vec(any::<u8>(), 0..3000),
        length in prop::sample::select(vec![0, 1, 77, 78, 2047, 2048, 2049, 16_384]),
        header in any::<bool>(),
    ) {
        bytes.resize(length, 0);
        if header && length > 37 {
            bytes[0] = 1;
            bytes[37] = (length == 16_384).into();
        }
        if let Ok(envelope) = Envelope::from_bytes(bytes.clone()) {
            let _ = (envelope.topic(), envelope.hour(), envelope.id(), envelope.gossip_id());
            prop_assert!(envelope.verify().is_err());
        }
        let _ = Frame::from_padded(&bytes);
        let _ = decode::<Text<40>>(&bytes, 4096);
        let _ = decode::<Vec<Topic>>(&bytes, 4096);
    }
}
