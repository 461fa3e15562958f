//! Runs the vectors under `specs/vectors`, and writes them when asked:
//! `cargo test -p windbreak-tests -- --ignored write_the_vectors`.

use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use windbreak_protocol::id::IssuerId;
use windbreak_protocol::invite::{InviteSeed, InviteText, RelayAddress};
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Hour;
use windbreak_protocol::wire::text::Text;
use windbreak_protocol::wire::{
    Envelope, Frame, FrameKind, SealKey, SizeClass, TopicKey, decode, encode,
};

#[test]
fn the_manifest_lists_every_vector() {
    let manifest = load("manifest.json");
    let listed: Vec<&str> =
        manifest["files"].as_array().unwrap().iter().map(|file| string(&file["file"])).collect();
    let mut found: Vec<String> = fs::read_dir(folder().join("wire"))
        .unwrap()
        .map(|entry| format!("wire/{}", entry.unwrap().file_name().into_string().unwrap()))
        .collect();
    found.sort();
    assert_eq!(listed, found);
}

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
    let base = HEXLOWER.decode(string(&vectors["valid"][0]["bytes"]).as_bytes()).unwrap();
    for vector in vectors["invalid"].as_array().unwrap() {
        assert_eq!(refusal(&changed(&base, vector)), string(&vector["reason"]), "{vector}");
    }
}

#[test]
fn frames_and_texts_decode_as_their_vectors_say() {
    let frames = load("wire/frame.json");
    for vector in frames["valid"].as_array().unwrap() {
        let frame = Frame::from_padded(&bytes(&vector["bytes"])).unwrap();
        assert_eq!(frame.kind as u64, vector["kind"]);
        assert_eq!(hex(&frame.record), string(&vector["record"]));
    }
    for vector in frames["invalid"].as_array().unwrap() {
        let error = Frame::from_padded(&bytes(&vector["bytes"])).unwrap_err();
        assert_eq!(error.to_string(), string(&vector["reason"]), "{vector}");
    }
    let texts = load("wire/text.json");
    for vector in texts["valid"].as_array().unwrap() {
        let text = decode::<Text<40>>(&bytes(&vector["bytes"]), 256).unwrap();
        assert_eq!(text.as_str(), string(&vector["text"]));
        assert_eq!(hex(&encode(&text)), string(&vector["bytes"]));
    }
    for vector in texts["invalid"].as_array().unwrap() {
        let error = decode::<Text<40>>(&bytes(&vector["bytes"]), 256).unwrap_err();
        assert_eq!(error.to_string(), string(&vector["reason"]), "{vector}");
    }
}

#[test]
fn invites_read_as_their_vectors_say() {
    let vectors = load("wire/invite.json");
    for vector in vectors["valid"].as_array().unwrap() {
        let invite = invite(vector);
        for (form, text) in [("line", invite.to_code()), ("link", invite.to_link())] {
            assert_eq!(text.as_str(), string(&vector[form]));
            assert_eq!(InviteText::parse(&text).unwrap(), invite);
        }
        assert_eq!(invite.seed.id().to_text(), string(&vector["invite_id"]));
        assert_eq!(invite.seed.topic_key().topic().to_text(), string(&vector["topic"]));
    }
    for vector in vectors["invalid"].as_array().unwrap() {
        let error = InviteText::parse(string(&vector["text"])).unwrap_err();
        assert_eq!(error.to_string(), string(&vector["reason"]), "{vector}");
    }
}

#[test]
#[ignore = "writes files; for when the wire changes on purpose"]
fn write_the_vectors() {
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
    let frames: Vec<Value> = [(FrameKind::Item, &b""[..], 4), (FrameKind::Chunk, b"a word", 16)]
        .map(|(kind, record, size)| {
            let padded = Frame::to_padded(kind, record, size).unwrap();
            json!({"kind": kind as u8, "record": hex(record), "bytes": hex(&padded)})
        })
        .into();
    let broken =
        ["", "01", "010000", "00000000", "ff000000", "01000001", "0100000100ff", "01ffffff00"];
    let broken = broken.map(|frame| {
        let error = Frame::from_padded(&HEXLOWER.decode(frame.as_bytes()).unwrap()).unwrap_err();
        json!({"bytes": frame, "reason": error.to_string()})
    });
    store("wire/frame.json", &json!({"clauses": ["W-10"], "valid": frames, "invalid": broken}));

    let texts = ["", "a", "Тихий вечер 🌿", &"ü".repeat(40)].map(|text| {
        let encoded = encode(&Text::<40>::new(text).unwrap());
        json!({"text": text, "bytes": hex(&encoded)})
    });
    let broken = [
        "".to_owned(),
        "02".to_owned() + "61",
        "01".to_owned() + "6162",
        "4001".to_owned() + "61",
        "80000001".to_owned() + "61",
        "c000000000000001".to_owned() + "61",
        "02".to_owned() + "c328",
        "29".to_owned() + &"61".repeat(41),
        "4101".to_owned() + &"61".repeat(257),
    ]
    .map(|text| {
        let encoded = HEXLOWER.decode(text.as_bytes()).unwrap();
        let error = decode::<Text<40>>(&encoded, 256).unwrap_err();
        json!({"bytes": text, "reason": error.to_string()})
    });
    store(
        "wire/text.json",
        &json!({
            "clauses": ["W-2", "W-13"],
            "about": "Texts of at most 40 characters, in a structure of at most 256 bytes.",
            "valid": texts, "invalid": broken,
        }),
    );
    write_invites();
    let files = ["wire/envelope.json", "wire/frame.json", "wire/invite.json", "wire/text.json"];
    store(
        "manifest.json",
        &json!({"files": files.map(|file| json!({
            "file": file, "clauses": load(file)["clauses"],
        }))}),
    );
}

fn write_invites() {
    let mut valid = [
        json!({"seed": "41".repeat(32), "issuer": "42".repeat(32), "relays": []}),
        json!({"seed": "51".repeat(32), "issuer": "52".repeat(32),
            "relays": ["/ip4/192.0.2.7/tcp/4710", "/dns4/relay.example.org/tcp/4710"]}),
    ];
    for vector in &mut valid {
        let invite = invite(vector);
        vector["line"] = invite.to_code().as_str().into();
        vector["link"] = invite.to_link().as_str().into();
        vector["invite_id"] = invite.seed.id().to_text().into();
        vector["topic"] = invite.seed.topic_key().topic().to_text().into();
    }
    let whole = string(&valid[0]["line"]).to_owned();
    let invalid = [
        String::new(),
        "windbreak:".to_owned(),
        "https://example.org/".to_owned(),
        whole[..whole.len() - 1].to_owned(),
        format!("{whole}a"),
        [&whole[..30], if &whole[30..31] == "b" { "c" } else { "b" }, &whole[31..]].concat(),
        with_version(&whole, 0),
        with_version(&whole, 2),
        format!("windbreak:{}", "a".repeat(4096)),
    ]
    .map(|text| {
        let reason = InviteText::parse(&text).unwrap_err().to_string();
        json!({"text": text, "reason": reason})
    });
    let about = "An invite as a line and as a link; a QR code holds the line in upper case.";
    let vectors = json!({"clauses": ["V-1", "V-2", "V-4"], "about": about,
        "valid": valid, "invalid": invalid});
    store("wire/invite.json", &vectors);
}

/// The same line with another version byte and a checksum that fits.
fn with_version(line: &str, version: u8) -> String {
    let code = line.trim_start_matches("windbreak:").to_ascii_uppercase();
    let mut bytes = BASE32_NOPAD.decode(code.as_bytes()).unwrap();
    bytes[0] = version;
    bytes.truncate(bytes.len() - 4);
    let sum = Sha256::digest(&bytes);
    bytes.extend_from_slice(&sum[..4]);
    format!("windbreak:{}", BASE32_NOPAD.encode(&bytes).to_ascii_lowercase())
}

fn invite(vector: &Value) -> InviteText {
    let seed = Secret::try_from(bytes(&vector["seed"]).as_slice()).unwrap();
    let relays = vector["relays"].as_array().unwrap();
    InviteText {
        seed: InviteSeed::from_secret(seed),
        issuer: IssuerId::from_text(string(&vector["issuer"])).unwrap(),
        relays: relays.iter().map(|relay| RelayAddress::new(string(relay)).unwrap()).collect(),
    }
}

/// The envelope of a valid vector, made from its inputs.
fn sealed(vector: &Value) -> (SealKey, Envelope) {
    let secret = |name: &str| Secret::try_from(bytes(&vector[name]).as_slice()).unwrap();
    let seal = SealKey::from_secret(&secret("seal_secret"));
    let topic = TopicKey::from_secret(&secret("topic_secret"));
    let mut random = Random::from_seed(&secret("chacha20_seed"));
    let hour = Hour::new(vector["hour"].as_u64().unwrap().try_into().unwrap());
    let kind = FrameKind::from_number(vector["kind"].as_u64().unwrap() as u8).unwrap();
    let envelope = seal.seal(&topic, hour, kind, &record(vector), &mut random).unwrap();
    (seal, envelope.into_inner())
}

fn record(vector: &Value) -> Vec<u8> {
    bytes(&vector["record"]).repeat(vector["repeat"].as_u64().unwrap() as usize)
}

/// A copy of `base` with the change an invalid vector describes.
fn changed(base: &[u8], vector: &Value) -> Vec<u8> {
    let mut copy = base.to_vec();
    for (at, put) in [("at", "put"), ("then_at", "then_put")] {
        if let Some(at) = vector[at].as_u64() {
            let put = bytes(&vector[put]);
            copy[at as usize..][..put.len()].copy_from_slice(&put);
        }
    }
    copy.truncate(copy.len() - vector["cut"].as_u64().unwrap_or(0) as usize);
    if vector["append"].is_string() {
        copy.extend(bytes(&vector["append"]));
    }
    copy.resize(copy.len() + vector["append_zeros"].as_u64().unwrap_or(0) as usize, 0);
    copy
}

/// Why a carrier refuses these bytes.
fn refusal(bytes: &[u8]) -> String {
    match Envelope::from_bytes(bytes).map(Envelope::verify) {
        Err(error) => error.to_string(),
        Ok(Err(error)) => error.to_string(),
        Ok(Ok(_)) => "not refused".to_owned(),
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs/vectors")
}

fn load(name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder().join(name)).unwrap()).unwrap()
}

fn store(name: &str, value: &Value) {
    let path = folder().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, serde_json::to_string_pretty(value).unwrap() + "\n").unwrap();
}

fn string(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    HEXLOWER.decode(string(value).as_bytes()).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}
