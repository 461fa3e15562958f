//! Vectors of frames and texts: `wire/frame.json`, `wire/text.json`.

use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use windbreak_protocol::wire::text::Text;
use windbreak_protocol::wire::{Frame, FrameKind, decode, encode};

use super::{bytes, hex, load, store, string};

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

pub(super) fn write() {
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
}
