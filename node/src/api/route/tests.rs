//! The description of the API, the list of its routes and the file in specs are one.

use std::collections::BTreeSet;
use std::path::Path;

use super::{ROUTES, description};

#[test]
fn every_route_is_described_and_every_description_has_a_route() {
    let description = description();
    let paths = description["paths"].as_object().unwrap();
    let described: BTreeSet<_> = paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap();
            methods.keys().map(|method| (method.clone(), path.clone()))
        })
        .collect();
    let routed: BTreeSet<_> =
        ROUTES.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(described, routed);
    assert_eq!(routed.len(), ROUTES.len(), "a route stands twice");
}

#[test]
fn every_reference_in_the_description_leads_somewhere() {
    let description = description();
    let text = description.to_string();
    let schemas = description["components"]["schemas"].as_object().unwrap();
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name} is not described");
    }
}

/// Write the file anew with `WINDBREAK_WRITE_SPECS=1 cargo test -p windbreak-node openapi`.
#[test]
fn the_openapi_file_is_what_the_code_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs/openapi.json");
    let text = serde_json::to_string_pretty(&description()).unwrap() + "\n";
    if std::env::var_os("WINDBREAK_WRITE_SPECS").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == text, "specs/openapi.json is not what the code says: write it anew");
}
