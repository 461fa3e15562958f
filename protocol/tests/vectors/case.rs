//! One case of a vector file: named values, most of them bytes in hexadecimal.

use data_encoding::HEXLOWER;
use serde_json::{Map, Value};

/// A case, as it stands in a file.
#[derive(Clone)]
pub(crate) struct Case(Map<String, Value>);

impl Case {
    /// A case that is accepted.
    pub(crate) fn valid(name: &str) -> Self {
        Self(Map::new()).with("name", name)
    }

    /// A case that is refused, and why.
    pub(crate) fn invalid(name: &str, reason: &str) -> Self {
        Self::valid(name).with("reason", reason)
    }

    pub(crate) fn from_json(value: &Value) -> Self {
        Self(value.as_object().expect("a case is an object").clone())
    }

    pub(crate) fn to_json(&self) -> Value {
        Value::Object(self.0.clone())
    }

    pub(crate) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    pub(crate) fn with_bytes(self, key: &str, bytes: &[u8]) -> Self {
        self.with(key, HEXLOWER.encode(bytes))
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    pub(crate) fn value(&self, key: &str) -> &Value {
        self.0.get(key).unwrap_or_else(|| panic!("a case has no {key}"))
    }

    pub(crate) fn text(&self, key: &str) -> &str {
        self.value(key).as_str().expect("a text")
    }

    pub(crate) fn number(&self, key: &str) -> u64 {
        self.value(key).as_u64().expect("a number")
    }

    pub(crate) fn bytes(&self, key: &str) -> Vec<u8> {
        HEXLOWER.decode(self.text(key).as_bytes()).expect("hexadecimal")
    }

    pub(crate) fn array<const N: usize>(&self, key: &str) -> [u8; N] {
        self.bytes(key).try_into().expect("the right length")
    }

    /// Compares what was read with what the case says, if it says it.
    pub(crate) fn agrees(&self, key: &str, read: impl Into<Value>) {
        if self.has(key) {
            assert_eq!(self.value(key), &read.into(), "{}: {key}", self.text("name"));
        }
    }

    pub(crate) fn agrees_bytes(&self, key: &str, read: &[u8]) {
        self.agrees(key, HEXLOWER.encode(read));
    }
}
