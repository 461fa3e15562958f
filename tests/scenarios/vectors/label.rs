//! Vectors of hashes, MACs, derived keys and signatures under a label: `wire/label.json`.

use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use windbreak_protocol::label::Label;

use super::{bytes, hex, load, secret, store, string};

#[test]
fn every_operation_under_a_label_gives_what_its_vector_says() {
    for vector in load("wire/label.json")["valid"].as_array().unwrap() {
        assert_eq!(result(vector), string(&vector["result"]), "{vector}");
    }
}

pub(super) fn write() {
    let key = "61".repeat(32);
    let mut valid = [
        json!({"operation": "hash", "label": "item id", "parts": []}),
        json!({"operation": "hash", "label": "item id", "parts": [""]}),
        json!({"operation": "hash", "label": "item id", "parts": ["6162", "63"]}),
        json!({"operation": "hash", "label": "item id", "parts": ["61", "6263"]}),
        json!({"operation": "hash", "label": "envelope id", "parts": ["6162", "63"]}),
        json!({"operation": "mac", "label": "hint", "key": key, "parts": ["6162", "63"]}),
        json!({"operation": "derive", "label": "era next", "key": key, "parts": []}),
        json!({"operation": "derive", "label": "era topic", "key": key, "parts": ["00000b8b"]}),
        json!({"operation": "sign", "label": "card signature", "key": key, "parts": ["616263"]}),
    ];
    for vector in &mut valid {
        vector["result"] = result(vector).into();
    }
    let about = "`hash`, `mac`, `derive` and `sign` of 01-wire. The key of `sign` is the Ed25519 \
        seed, and its content the one part.";
    store("wire/label.json", &json!({"clauses": ["R-2"], "about": about, "valid": valid}));
}

fn result(vector: &Value) -> String {
    let text = format!("windbreak/1 {}", string(&vector["label"]));
    let label = *Label::ALL.iter().find(|label| label.text() == text).unwrap();
    let parts: Vec<Vec<u8>> = vector["parts"].as_array().unwrap().iter().map(bytes).collect();
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    match string(&vector["operation"]) {
        "hash" => hex(&label.hash(&parts)),
        "mac" => hex(&label.mac(&secret(&vector["key"]), &parts)),
        "derive" => hex(label.derive(&secret(&vector["key"]), &parts).expose()),
        _ => {
            let key = SigningKey::from_bytes(secret(&vector["key"]).expose());
            hex(&key.sign(&label.to_be_signed(parts[0])).to_bytes())
        }
    }
}
