//! Runs the vectors of chunks, cards, knocks, answers, and of the rules items and credentials keep.
//!
//! To write them again after the format changed on purpose:
//! `cargo test -p windbreak-protocol --test vectors -- --ignored`. The reasons for which a case is
//! refused are written by hand beside it, never taken from the program under test.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "vectors/case.rs"]
mod case;
#[path = "vectors/check.rs"]
mod check;
#[path = "vectors/generate.rs"]
mod generate;
#[path = "vectors/invite.rs"]
mod invite;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use case::Case;

/// The files this test runs; the package `tests` runs the others.
const FILES: [&str; 6] = [
    "wire/answer.json",
    "wire/card.json",
    "wire/chunk.json",
    "wire/credential_rules.json",
    "wire/item_rules.json",
    "wire/knock.json",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs/vectors")
}

fn read(name: &str) -> Value {
    let text = fs::read_to_string(folder().join(name)).expect("the file exists");
    serde_json::from_str(&text).expect("the file is JSON")
}

fn write(name: &str, content: &Value) {
    let text = serde_json::to_string_pretty(content).unwrap() + "\n";
    fs::write(folder().join(name), text).unwrap();
}

#[test]
fn every_signed_record_is_read_as_its_vector_says() {
    for name in FILES {
        let content = read(name);
        for case in content["valid"].as_array().unwrap().iter().map(Case::from_json) {
            assert_eq!(check::refusal(name, &case), None, "{name}: {}", case.text("name"));
        }
        for case in content["invalid"].as_array().unwrap().iter().map(Case::from_json) {
            let refusal = check::refusal(name, &case);
            let expected = Some(case.text("reason").to_owned());
            assert_eq!(refusal, expected, "{name}: {}", case.text("name"));
        }
    }
}

#[test]
#[ignore = "writes files; for when the wire changes on purpose"]
fn write_the_vectors() {
    let mut manifest = read("manifest.json");
    let listed = manifest["files"].as_array_mut().unwrap();
    listed.retain(|entry| !FILES.contains(&entry["file"].as_str().unwrap()));
    for file in generate::files() {
        listed.push(serde_json::json!({ "file": file.name, "clauses": file.clauses }));
        write(file.name, &file.to_json());
    }
    listed.sort_by_key(|entry| entry["file"].to_string());
    write("manifest.json", &manifest);
}
