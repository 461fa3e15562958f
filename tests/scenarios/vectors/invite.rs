//! Vectors of the text of an invite: `wire/invite.json`.

use data_encoding::BASE32_NOPAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use windbreak_protocol::id::IssuerId;
use windbreak_protocol::invite::{InviteSeed, InviteText, RelayAddress};

use super::{load, secret, store, string};

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

pub(super) fn write() {
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
    let relays = vector["relays"].as_array().unwrap();
    InviteText {
        seed: InviteSeed::from_secret(secret(&vector["seed"])),
        issuer: IssuerId::from_text(string(&vector["issuer"])).unwrap(),
        relays: relays.iter().map(|relay| RelayAddress::new(string(relay)).unwrap()).collect(),
    }
}
