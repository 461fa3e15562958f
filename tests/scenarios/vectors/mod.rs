//! Runs the vectors under `specs/vectors`, and writes them when asked:
//! `cargo test -p windbreak-tests -- --ignored write_the_vectors`.

use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use windbreak_protocol::secret::Secret;

mod envelope;
mod invite;
mod label;
mod order;
mod signed;
mod text;

#[test]
fn the_manifest_lists_every_vector() {
    let manifest = load("manifest.json");
    let listed = manifest["files"].as_array().unwrap().iter().map(|file| string(&file["file"]));
    assert!(listed.eq(files().iter()));
}

#[test]
#[ignore = "writes files; for when the wire changes on purpose"]
fn write_the_vectors() {
    envelope::write();
    invite::write();
    label::write();
    order::write();
    signed::write();
    text::write();
    let listed: Vec<Value> = files()
        .iter()
        .map(|file| json!({"file": file, "clauses": load(file)["clauses"]}))
        .collect();
    store("manifest.json", &json!({"files": listed}));
}

/// The files there are, in order.
fn files() -> Vec<String> {
    let mut files = Vec::new();
    for part in ["order", "wire"] {
        let entries = fs::read_dir(folder().join(part)).unwrap();
        let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
        files.extend(entries.map(|entry| format!("{part}/{}", name(entry.unwrap()))));
    }
    files.sort();
    files
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

fn secret(value: &Value) -> Secret<32> {
    Secret::try_from(bytes(value).as_slice()).unwrap()
}
