//! Vectors of the envelope: `wire/envelope.json`.

use serde_json::{Value, json};
use windbreak_protocol::random::Random;
use windbreak_protocol::time::Hour;
use windbreak_protocol::wire::{Envelope, FrameKind, SealKey, SizeClass, TopicKey};

use super::{bytes, changed, hex, load, secret, store, string};

#[test]
fn every_valid_envelope_is_made_again_and_opens() {
    for vector in load("wire/envelope.json")["valid"].as_array().unwrap() {
        let (seal, envelope) = sealed(vector);
        let bytes = envelope.as_bytes();
        let name = string(&vector["name"]);
        assert_eq!(&hex(&bytes[1..33]), string(&vector["topic"]), "{name}");
        assert_eq!(&hex(&bytes[38..54]), string(&vector["hint"]), "{name}");
        assert_eq!(&hex(&bytes[54..78]), string(&vector["nonce"]), "{name}");
        assert_eq!(bytes.len() as u64, vector["length"], "{name}");
        assert_eq!(envelope.id().to_text(), string(&vector["envelope_id"]), "{name}");
        assert_eq!(envelope.gossip_id().to_text(), string(&vector["gossip_id"]), "{name}");
        if let Some(whole) = vector["bytes"].as_str() {
            assert_eq!(hex(bytes), whole, "{name}");
        }
        let verified = envelope.verify().unwrap();
        assert!(seal.recognises(&verified), "{name}");
        let frame = seal.open(&verified).unwrap();
        assert_eq!(frame.kind as u64, vector["kind"], "{name}");
        assert_eq!(frame.record.as_slice(), record(vector), "{name}");
    }
}

#[test]
fn every_invalid_envelope_is_refused_with_its_reason() {
    let vectors = load("wire/envelope.json");
    let base = bytes(&vectors["valid"][0]["bytes"]);
    for vector in vectors["invalid"].as_array().unwrap() {
        assert_eq!(refusal(&changed(&base, vector)), string(&vector["reason"]), "{vector}");
    }
}

pub(super) fn write() {
    let mut valid = vec![
        json!({"name": "an empty record", "seal_secret": "01".repeat(32),
            "topic_secret": "02".repeat(32), "chacha20_seed": "03".repeat(32), "hour": 0,
            "kind": 1, "record": "", "repeat": 1}),
        json!({"name": "the largest record of class 0", "seal_secret": "11".repeat(32),
            "topic_secret": "12".repeat(32), "chacha20_seed": "13".repeat(32), "hour": 498_000,
            "kind": 2, "record": "ab", "repeat": SizeClass::Small.record_len()}),
        json!({"name": "the smallest record of class 1", "seal_secret": "21".repeat(32),
            "topic_secret": "22".repeat(32), "chacha20_seed": "23".repeat(32), "hour": 498_001,
            "kind": 6, "record": "cd", "repeat": SizeClass::Small.record_len() + 1}),
        json!({"name": "the largest record of class 2", "seal_secret": "31".repeat(32),
            "topic_secret": "32".repeat(32), "chacha20_seed": "33".repeat(32),
            "hour": u32::MAX, "kind": 7, "record": "ef", "repeat": SizeClass::Large.record_len()}),
    ];
    for vector in &mut valid {
        let (_, envelope) = sealed(vector);
        let sealed = envelope.as_bytes();
        vector["topic"] = hex(&sealed[1..33]).into();
        vector["hint"] = hex(&sealed[38..54]).into();
        vector["nonce"] = hex(&sealed[54..78]).into();
        vector["length"] = sealed.len().into();
        vector["envelope_id"] = envelope.id().to_text().into();
        vector["gossip_id"] = envelope.gossip_id().to_text().into();
        if sealed.len() == 2048 {
            vector["bytes"] = hex(sealed).into();
        }
    }
    let base = bytes(&valid[0]["bytes"]);
    let identity = format!("01{}", "00".repeat(31));
    let mut invalid = vec![
        json!({"name": "nothing at all", "cut": 2048}),
        json!({"name": "one byte short", "cut": 1}),
        json!({"name": "one byte too many", "append": "00"}),
        json!({"name": "longer than every class", "append_zeros": 59_393}),
        json!({"name": "version 0", "at": 0, "put": "00"}),
        json!({"name": "version 2", "at": 0, "put": "02"}),
        json!({"name": "class 1 in the length of class 0", "at": 37, "put": "01"}),
        json!({"name": "a class that does not exist", "at": 37, "put": "03"}),
        json!({"name": "another topic", "at": 1, "put": "ff".repeat(32)}),
        json!({"name": "another hour", "at": 36, "put": "01"}),
        json!({"name": "another hint", "at": 38, "put": "00".repeat(16)}),
        json!({"name": "another nonce", "at": 54, "put": "00".repeat(24)}),
        json!({"name": "another ciphertext", "at": 78, "put": "00".repeat(8)}),
        json!({"name": "no signature", "at": 1984, "put": "00".repeat(64)}),
        json!({"name": "a small-order topic that lax verification accepts", "at": 1,
            "put": identity, "then_at": 1984, "then_put": format!("{identity}{}", "00".repeat(32))}),
    ];
    for vector in &mut invalid {
        vector["reason"] = refusal(&changed(&base, vector)).into();
    }
    store(
        "wire/envelope.json",
        &json!({
            "clauses": ["W-4", "W-5", "W-7", "W-8", "W-9", "W-11"],
            "about": "A valid vector: `record` repeated `repeat` times is framed as `kind`, \
                sealed with `seal_secret` and `nonce`, and signed with the Ed25519 seed \
                `topic_secret`. The nonce is what ChaCha20 with `chacha20_seed` gives first; \
                a program may take it as given. An invalid one: the first valid envelope, \
                changed, and why it is refused.",
            "valid": valid, "invalid": invalid,
        }),
    );
}

/// The envelope of a valid vector, made from its inputs.
fn sealed(vector: &Value) -> (SealKey, Envelope) {
    let seal = SealKey::from_secret(&secret(&vector["seal_secret"]));
    let topic = TopicKey::from_secret(&secret(&vector["topic_secret"]));
    let mut random = Random::from_seed(&secret(&vector["chacha20_seed"]));
    let hour = Hour::new(vector["hour"].as_u64().unwrap().try_into().unwrap());
    let kind = FrameKind::from_number(vector["kind"].as_u64().unwrap() as u8).unwrap();
    let envelope = seal.seal(&topic, hour, kind, &record(vector), &mut random).unwrap();
    (seal, envelope.into_inner())
}

fn record(vector: &Value) -> Vec<u8> {
    bytes(&vector["record"]).repeat(vector["repeat"].as_u64().unwrap() as usize)
}

/// Why a carrier refuses these bytes.
fn refusal(bytes: &[u8]) -> String {
    match Envelope::from_bytes(bytes).map(Envelope::verify) {
        Err(error) => error.to_string(),
        Ok(Err(error)) => error.to_string(),
        Ok(Ok(_)) => "not refused".to_owned(),
    }
}
