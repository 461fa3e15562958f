//! Requests made at random from the description of the local API: what fits it, and what almost does.
//! Two nodes of one circle answer each in the one shape, as their description says, never by a fault of
//! their own, and are there afterwards. `WINDBREAK_FUZZ_SEED` and `WINDBREAK_FUZZ_REQUESTS` choose others.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::stage::Stage;

/// Requests of an ordinary run.
const REQUESTS: u64 = 4000;
/// How deep values that refer to others are made.
const DEPTH: usize = 8;
/// Ids remembered of each kind.
const REMEMBERED: usize = 64;

/// What no request at random is for, and why.
const LEFT_OUT: [(&str, &str); 5] = [
    ("/v1/shutdown", "ends the node"),
    ("/v1/panic", "ends the node, and all it keeps"),
    ("/v1/backup", "writes files where it is told"),
    ("/v1/events", "never ends"),
    ("/v1/openapi.json", "is the description itself"),
];

/// Texts that have been trouble somewhere.
const TEXTS: [&str; 10] = [
    "",
    " ",
    "Good to be here.",
    "\u{202e}txet",
    "a\u{0}b\u{1b}[2J",
    "{\"v\":1}",
    "../../etc/passwd",
    "/ip4/127.0.0.1/tcp/1/p2p/12D3KooW",
    "01 23 45 67 89, somebody@example.org",
    "🌳é\u{301}ｆｕｌｌ",
];

/// Numbers drawn from a seed (SplitMix64).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }

    fn once_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn id(&mut self) -> String {
        (0..4).map(|_| format!("{:016x}", self.next())).collect()
    }
}

/// Makes requests, and reads answers, by the description.
struct Fuzzer {
    description: Value,
    draw: Draw,
    /// Ids that were told, by what they name.
    ids: BTreeMap<String, Vec<String>>,
    /// Other texts that were told: some must be said again.
    texts: Vec<String>,
}

impl Fuzzer {
    fn resolve(&self, schema: &Value) -> Value {
        match schema["$ref"].as_str() {
            Some(reference) => {
                let pointer = reference.trim_start_matches('#');
                self.description.pointer(pointer).expect("it leads somewhere").clone()
            }
            None => schema.clone(),
        }
    }

    /// An id of something that is there, most of the time.
    fn id_of(&mut self, what: &str) -> String {
        let Self { draw, ids, .. } = self;
        match ids.get(what).filter(|_| !draw.once_in(12)) {
            Some(known) => draw.one_of(known).clone(),
            None => draw.id(),
        }
    }

    fn any_id(&mut self) -> String {
        let kinds: Vec<_> = self.ids.keys().cloned().collect();
        if kinds.is_empty() {
            return self.draw.id();
        }
        let kind = self.draw.one_of(&kinds).clone();
        self.id_of(&kind)
    }

    /// A value that fits a schema.
    fn value(&mut self, schema: &Value, depth: usize) -> Value {
        let schema = self.resolve(schema);
        for (several, is_each) in [("oneOf", false), ("allOf", true)] {
            let Some(parts) = schema[several].as_array().filter(|_| depth > 0) else { continue };
            if !is_each {
                let part = self.draw.one_of(parts).clone();
                return self.value(&part, depth - 1);
            }
            let mut all = Map::new();
            for part in parts {
                if let Value::Object(fields) = self.value(part, depth - 1) {
                    all.extend(fields);
                }
            }
            return Value::Object(all);
        }
        if let Some(values) = schema["enum"].as_array() {
            return self.draw.one_of(values).clone();
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => self.draw.one_of(kinds).as_str().unwrap_or("null").to_owned(),
            kind => kind.as_str().unwrap_or("object").to_owned(),
        };
        match kind.as_str() {
            "null" => Value::Null,
            "boolean" => Value::Bool(self.draw.once_in(2)),
            "integer" => match self.draw.below(8) {
                0 => json!(0),
                1 => json!(u64::MAX),
                2 => json!(self.draw.next()),
                _ => json!(self.draw.below(20)),
            },
            "string" if schema["pattern"].is_string() => json!(self.any_id()),
            "string" => match self.draw.below(24) {
                0 => json!("long ".repeat(60_000)),
                1 => json!("x".repeat(self.draw.below(300))),
                2 => json!(self.any_id()),
                3..=10 if !self.texts.is_empty() => json!(self.draw.one_of(&self.texts)),
                _ => json!(self.draw.one_of(&TEXTS)),
            },
            "array" => {
                let count = self.draw.below(4);
                let items = schema["items"].clone();
                (0..count).map(|_| self.value(&items, depth.saturating_sub(1))).collect()
            }
            _ => {
                let required: BTreeSet<_> = names(&schema["required"]);
                let mut fields = Map::new();
                let properties = schema["properties"].as_object().cloned().unwrap_or_default();
                for (name, property) in properties {
                    if required.contains(&name) || (depth > 0 && self.draw.once_in(2)) {
                        fields.insert(name, self.value(&property, depth.saturating_sub(1)));
                    }
                }
                Value::Object(fields)
            }
        }
    }

    /// The same with something in it that does not fit.
    fn spoilt(&mut self, value: &mut Value) {
        let wrong = [json!(null), json!(-1), json!("\u{fffd}"), json!([[]]), json!({"no": {}})];
        let within = match value {
            Value::Object(fields) if !fields.is_empty() && !self.draw.once_in(4) => {
                let at = self.draw.below(fields.len());
                fields.values_mut().nth(at)
            }
            Value::Array(items) if !items.is_empty() => {
                let at = self.draw.below(items.len());
                items.get_mut(at)
            }
            _ => None,
        };
        match within {
            Some(within) => self.spoilt(within),
            None => *value = self.draw.one_of(&wrong).clone(),
        }
    }

    /// A request line and a body, for one operation.
    fn request(
        &mut self,
        method: &str,
        path: &str,
        operation: &Value,
    ) -> (String, Option<Vec<u8>>) {
        let mut line = path.to_owned();
        let mut query = Vec::new();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            if parameter["in"] == "path" {
                let id = match self.draw.below(40) {
                    0 => "0".to_owned(),
                    1 => "..%2f".to_owned(),
                    _ => self.id_of(name),
                };
                line = line.replace(&format!("{{{name}}}"), &id);
            } else if self.draw.once_in(3) {
                let value = match self.value(&parameter["schema"], 1) {
                    Value::String(text) => {
                        text.bytes().take(200).map(|byte| format!("%{byte:02x}")).collect()
                    }
                    other => other.to_string(),
                };
                query.push(format!("{name}={value}"));
            }
        }
        if !query.is_empty() {
            line = format!("{line}?{}", query.join("&"));
        }
        let schema = operation.pointer("/requestBody/content/application~1json/schema").cloned();
        let body = schema.map(|schema| {
            let mut body = self.value(&schema, DEPTH);
            if self.draw.once_in(6) {
                self.spoilt(&mut body);
            }
            let mut bytes = serde_json::to_vec(&body).unwrap();
            if self.draw.once_in(40) {
                bytes.truncate(self.draw.below(bytes.len()));
            }
            bytes
        });
        (format!("{} {line} HTTP/1.1\r\n", method.to_uppercase()), body)
    }

    /// Whether a value is what a schema says; why not, if it is not.
    fn check(&self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        let schema = self.resolve(schema);
        if let Some(parts) = schema["allOf"].as_array() {
            return parts.iter().try_for_each(|part| self.check(part, value, at));
        }
        if let Some(parts) = schema["oneOf"].as_array() {
            let fits = parts.iter().any(|part| self.check(part, value, at).is_ok());
            return if fits { Ok(()) } else { Err(format!("{at} is none of several: {value}")) };
        }
        if let Some(values) = schema["enum"].as_array()
            && !values.contains(value)
        {
            return Err(format!("{at} is not one of {values:?}: {value}"));
        }
        let kinds: Vec<&str> = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            Value::String(kind) => vec![kind],
            _ => return Ok(()),
        };
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if !kinds.contains(&kind) {
            return Err(format!("{at} is no {kinds:?}: {value}"));
        }
        match value {
            Value::Array(items) => {
                items.iter().try_for_each(|item| self.check(&schema["items"], item, at))
            }
            Value::Object(fields) => {
                if let Some(absent) =
                    names(&schema["required"]).into_iter().find(|name| !fields.contains_key(name))
                {
                    return Err(format!("{at} lacks {absent}"));
                }
                let properties = schema["properties"].as_object().cloned().unwrap_or_default();
                properties.iter().try_for_each(|(name, property)| match fields.get(name) {
                    Some(field) => self.check(property, field, &format!("{at}/{name}")),
                    None => Ok(()),
                })
            }
            _ => Ok(()),
        }
    }

    /// Remembers the ids in an answer, by what stands last in the path.
    fn remember(&mut self, path: &str, answer: &Value) {
        let last = path.split('/').rfind(|part| !part.starts_with('{')).unwrap_or_default();
        let what = if last == "joins" { "invite" } else { last.trim_end_matches('s') };
        let what = what.replace('-', "_");
        let mut found = Vec::new();
        ids_in(answer, &mut found);
        let known = self.ids.entry(what).or_default();
        for id in found {
            if known.contains(&id) {
                continue;
            }
            if known.len() >= REMEMBERED {
                known.remove(0);
            }
            known.push(id);
        }
        self.ids.retain(|_, known| !known.is_empty());
        if let Some(text) = answer.get("declaration").and_then(Value::as_str)
            && !self.texts.iter().any(|known| known == text)
        {
            self.texts.truncate(REMEMBERED);
            self.texts.insert(0, text.to_owned());
        }
    }
}

fn names(list: &Value) -> BTreeSet<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The values of all fields called `id`.
fn ids_in(answer: &Value, found: &mut Vec<String>) {
    match answer {
        Value::Array(items) => items.iter().for_each(|item| ids_in(item, found)),
        Value::Object(fields) => {
            found.extend(fields.get("id").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| ids_in(field, found));
        }
        _ => {}
    }
}

/// Status and body of the answer to a request.
pub(crate) fn ask(socket: &Path, line: &str, body: Option<&[u8]>) -> (u16, Value) {
    let mut stream = UnixStream::connect(socket).expect("the node is there");
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut request = format!("{line}host: node\r\nconnection: close\r\n");
    if let Some(body) = body {
        request += &format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len());
    }
    stream.write_all(request.as_bytes()).unwrap();
    stream.write_all(b"\r\n").unwrap();
    // Who is refused early need not have been heard out.
    let _ = stream.write_all(body.unwrap_or_default());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {line}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
    let body = serde_json::from_str(body).unwrap_or_else(|_| panic!("no json: {line}{answer}"));
    (status, body)
}

fn chosen(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[test]
fn whatever_is_asked_of_the_local_api_is_answered_as_it_is_described() {
    let stage = Stage::new();
    let relay = stage.relay();
    let (alder, rowan) = (stage.person("alder"), stage.person("rowan"));
    for title in ["Evening walk", "Morning tea"] {
        alder.makes(title, "Alder", &relay.address());
    }
    // Both are asked in turns about what they have in common: each learns of what the other did.
    rowan.joins(&alder.invites("Evening walk"), "Rowan");
    let mut people = [alder, rowan];
    let sockets: Vec<_> = people.iter().map(|one| one.folder.join("node.sock")).collect();
    let mut done_by = [0; 2];
    let seed = chosen("WINDBREAK_FUZZ_SEED", 20_261_128);
    // Shown if it fails, wherever that is.
    println!("WINDBREAK_FUZZ_SEED={seed}");
    let description = windbreak_node::api::description();
    let mut fuzzer =
        Fuzzer { description, draw: Draw(seed), ids: BTreeMap::new(), texts: Vec::new() };
    let operations: Vec<(String, String, Value)> = {
        let paths = fuzzer.description["paths"].as_object().unwrap();
        let asked = paths.iter().filter(|(path, _)| LEFT_OUT.iter().all(|(left, _)| path != left));
        let each = asked.flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().iter();
            methods.map(|(method, what)| (path.clone(), method.clone(), what.clone()))
        });
        each.collect()
    };
    let mut done = BTreeSet::new();
    for count in 0..chosen("WINDBREAK_FUZZ_REQUESTS", REQUESTS) {
        let (path, method, operation) = fuzzer.draw.one_of(&operations).clone();
        if path.ends_with("/leave") && !fuzzer.draw.once_in(30) {
            // Else nothing is left to be asked about.
            continue;
        }
        let (line, body) = fuzzer.request(&method, &path, &operation);
        let who = usize::from(fuzzer.draw.once_in(3));
        let (status, answer) = ask(&sockets[who], &line, body.as_deref());
        let told = || {
            format!("seed {seed}, request {count} to person {who}: {line}{}", {
                let body =
                    String::from_utf8_lossy(body.as_deref().unwrap_or_default()).into_owned();
                body.chars().take(2000).collect::<String>()
            })
        };
        assert!(status < 500, "{status} {answer}\n{}", told());
        assert_eq!(answer["v"], 1, "{answer}\n{}", told());
        let which = if status == 200 { "200" } else { "default" };
        let schema = &operation["responses"][which]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{which} is not described\n{}", told());
        if let Err(why) = fuzzer.check(schema, &answer, "") {
            panic!("{why}\n{}", told());
        }
        if status == 200 {
            done.insert(format!("{method} {path}"));
            done_by[who] += 1;
            fuzzer.remember(&path, &answer["data"]);
        } else {
            for part in ["code", "message", "next"] {
                assert!(answer["error"][part].is_string(), "{answer}\n{}", told());
            }
        }
    }
    println!("{} of {} operations were done at least once", done.len(), operations.len());
    assert!(done.len() * 2 > operations.len(), "too little was done: {done:?}");
    assert!(done_by.iter().all(|done| *done > 50), "hardly anything was done: {done_by:?}");
    // They are well afterwards, and so is what they kept.
    for one in &mut people {
        one.stops();
        one.starts();
        one.does(&["circle", "list"]);
    }
}
