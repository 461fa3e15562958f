//! Vectors of what people and devices sign: `wire/credential.json`, `wire/item.json`.

use serde_json::{Value, json};
use windbreak_protocol::content::{
    Ask, Content, ItemBody, ItemText, Leave, Reply, Scope, Share, SignedItem,
};
use windbreak_protocol::id::{CircleId, DeviceId, ItemId, StateId};
use windbreak_protocol::identity::{Credential, DeviceKey, MemberKey};
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::wire::text::Text;

use super::{bytes, changed, hex, load, secret, store, string};

#[test]
fn credentials_hold_as_their_vectors_say() {
    let vectors = load("wire/credential.json");
    for vector in vectors["valid"].as_array().unwrap() {
        let (circle, device, credential) = credential(vector);
        assert_eq!(hex(&credential.to_bytes()), string(&vector["bytes"]));
        assert_eq!(outcome(&credential.to_bytes(), &circle, &device), "holds");
    }
    let (circle, device, credential) = credential(&vectors["valid"][0]);
    for vector in vectors["invalid"].as_array().unwrap() {
        let spoilt = changed(&credential.to_bytes(), vector);
        assert_eq!(outcome(&spoilt, &circle, &device), string(&vector["reason"]), "{vector}");
    }
}

#[test]
fn items_read_and_hold_as_their_vectors_say() {
    let vectors = load("wire/item.json");
    for (vector, item) in vectors["valid"].as_array().unwrap().iter().zip(items()) {
        assert_eq!(hex(&item.to_bytes()), string(&vector["bytes"]));
        let read = SignedItem::from_bytes(&bytes(&vector["bytes"])).unwrap();
        assert_eq!(read.verify().unwrap().id.to_text(), string(&vector["item_id"]));
    }
    let base = bytes(&vectors["valid"][0]["bytes"]);
    for vector in vectors["invalid"].as_array().unwrap() {
        assert_eq!(fate(&changed(&base, vector)), string(&vector["reason"]), "{vector}");
    }
}

pub(super) fn write() {
    let mut valid = json!({"circle": "71".repeat(32), "member_seed": "72".repeat(32),
        "device_seed": "73".repeat(32)});
    let (circle, device, whole) = credential(&valid);
    valid["bytes"] = hex(&whole.to_bytes()).into();
    let mut invalid = [
        json!({"name": "another member", "at": 0, "put": "00"}),
        json!({"name": "another device", "at": 32, "put": "00"}),
        json!({"name": "no signature", "at": 64, "put": "00".repeat(64)}),
        json!({"name": "one byte short", "cut": 1}),
        json!({"name": "one byte too many", "append": "00"}),
    ];
    for vector in &mut invalid {
        let spoilt = changed(&whole.to_bytes(), vector);
        vector["reason"] = outcome(&spoilt, &circle, &device).into();
    }
    let about = "The credential of a device in a circle, from the Ed25519 seeds of both keys. An \
        invalid one is the valid one, changed, on the leaf of the same device.";
    let vectors = json!({"clauses": ["D-3", "D-4"], "about": about, "valid": [valid],
        "invalid": invalid});
    store("wire/credential.json", &vectors);

    let valid = items().map(|item| {
        let id = item.id().to_text();
        json!({"bytes": hex(&item.to_bytes()), "item_id": id})
    });
    let base = bytes(&valid[0]["bytes"]);
    let mut invalid = [
        json!({"name": "another circle", "at": 2, "put": "00"}),
        json!({"name": "no signature", "at": base.len() - 64, "put": "00".repeat(64)}),
        json!({"name": "one byte short", "cut": 1}),
        json!({"name": "one byte too many", "append": "00"}),
        json!({"name": "a longer length than is there", "at": 0, "put": "7fff"}),
    ];
    for vector in &mut invalid {
        vector["reason"] = fate(&changed(&base, vector)).into();
    }
    let about = "Signed items of the device whose Ed25519 seed is 73 repeated, of the member whose \
        seed is 72 repeated, in the circle 71 repeated: a share, a reply to it, a leave.";
    let vectors = json!({"clauses": ["I-2", "I-3", "I-5"], "about": about, "valid": valid,
        "invalid": invalid});
    store("wire/item.json", &vectors);
}

fn credential(vector: &Value) -> (CircleId, DeviceId, Credential) {
    let circle = CircleId::from_text(string(&vector["circle"])).unwrap();
    let device = DeviceKey::from_secret(&secret(&vector["device_seed"])).id();
    let member = MemberKey::from_secret(&secret(&vector["member_seed"]));
    (circle, device, member.certify(&circle, &device))
}

fn outcome(bytes: &[u8], circle: &CircleId, leaf: &DeviceId) -> String {
    match Credential::from_bytes(bytes).map(|read| read.verify(circle, leaf.as_bytes())) {
        Err(error) => error.to_string(),
        Ok(Err(error)) => error.to_string(),
        Ok(Ok(_)) => "holds".to_owned(),
    }
}

/// A share, a reply to it, and a leave, by one device.
fn items() -> [SignedItem; 3] {
    let key = DeviceKey::from_secret(&secret(&"73".repeat(32).into()));
    let member = MemberKey::from_secret(&secret(&"72".repeat(32).into())).id();
    let body = |seq: u64, previous: Option<ItemId>, content: Content| ItemBody {
        circle: CircleId::from_bytes([0x71; 32]),
        member,
        device: key.id(),
        first_state: StateId::from_bytes([0x74; 32]),
        seq,
        previous,
        seen: if seq == 1 { vec![[0x76; 16], [0x75; 16]] } else { Vec::new() },
        written: Timestamp::from_seconds(1_790_000_000),
        scope: Scope::HereNow,
        content,
    };
    let text = |text: &str| ItemText::new(text).unwrap();
    let share = Content::Share(Share {
        ask: Ask::JustListening,
        content_note: Some(Text::new("sleep").unwrap()),
        title: None,
        text: text("Тихий вечер 🌿"),
    });
    let share = body(0, None, share).sign(&key);
    let reply = Content::Reply(Reply { to: share.id(), text: text("Good to read you.") });
    let reply = body(1, Some(share.id()), reply).sign(&key);
    let leave = body(2, Some(reply.id()), Content::Leave(Leave)).sign(&key);
    [share, reply, leave]
}

fn fate(bytes: &[u8]) -> String {
    match SignedItem::from_bytes(bytes).map(|item| item.verify()) {
        Err(error) => error.to_string(),
        Ok(Err(error)) => error.to_string(),
        Ok(Ok(_)) => "holds".to_owned(),
    }
}
