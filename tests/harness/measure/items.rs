//! A circle of one in which much was said: how long it takes to open it, and what one more share
//! costs. It is made in one process and opened in another: what the one that made it has given back
//! would be used again, and the memory that opening takes would seem to be none.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use windbreak_protocol::record::{Key, RecordKind, Value};
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::{Engine, Input, Loading, NewCircle, Output, Shelf, Suite, Timings};

use crate::measure::crowd::new_share;
use crate::measure::{Fault, Spread};

/// When the circle is made.
const BEGIN: Timestamp = Timestamp::from_seconds(1_800_000_000);
/// Between two shares: a hundred thousand in four years.
const BETWEEN: Duration = Duration::from_secs(21 * 60);
/// As many shares as a day has; a node looks after things more often, for what it keeps it is the
/// same.
const DAY: usize = 68;
/// More shares after it was opened.
const MORE: usize = 50;

/// What such a circle costs.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Opened {
    /// Items in it.
    pub items: usize,
    /// To make an engine of its records, with the words left where they are.
    pub open_ms: f64,
    /// To put all items in order.
    pub timeline_ms: f64,
    /// One more share, half of them less.
    pub share_us: f64,
    /// Memory that the engine takes.
    pub memory_mib: f64,
}

#[derive(Default)]
struct Store(Mutex<BTreeMap<Key, Value>>);

impl Shelf for Store {
    fn read(&self, key: &Key) -> Option<Value> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }
}

impl Store {
    fn obey(&self, engine: &mut Engine, now: Timestamp) {
        while let Some(output) = engine.poll_output() {
            match output {
                Output::Persist(batch) => {
                    let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                    for (key, value) in batch.iter() {
                        match value {
                            // Nobody fetches them here, and a node drops them after thirty days.
                            Some(_) if key.kind() == RecordKind::Envelope => {}
                            Some(value) => {
                                records.insert(key.clone(), Value::new(value.to_vec()));
                            }
                            None => {
                                records.remove(key);
                            }
                        }
                    }
                }
                Output::Publish { venue, envelope } => {
                    let envelope = envelope.id();
                    let _ = engine.handle(now, Input::Acknowledged { venue, envelope });
                }
                Output::TakeBack { .. }
                | Output::Reach(_)
                | Output::Close(_)
                | Output::Event(_) => {}
            }
        }
        engine.shelve();
    }
}

/// Makes a circle with `items` shares, and writes what a node keeps of it: for each record its kind and,
/// each behind its length, its name and its value.
///
/// # Errors
/// What the engine says, and whoever takes the records.
pub fn make(items: usize, records: &mut impl Write) -> Result<(), Fault> {
    let store = Arc::new(Store::default());
    let mut now = BEGIN;
    let seed = Secret::from_bytes([5; 32]);
    let begin = Loading::from_shelf(store.clone());
    let mut engine = begin.finish(now, &seed, Timings::default())?;
    let new = NewCircle {
        title: "Evening walk".into(),
        name: "Alder".into(),
        suite: Suite::X25519,
        relays: vec![],
        welcome: String::new(),
        agreement: "We listen.".into(),
        declaration: Some("Nobody here has a duty to report.".into()),
    };
    let circle = engine.create_circle(now, new)?;
    for number in 0..items {
        now = now.after(BETWEEN);
        if number % DAY == 0 {
            engine.handle_timeout(now);
        }
        engine.share(now, &circle, new_share("It was an ordinary day, and I say so."))?;
        store.obey(&mut engine, now);
    }
    for (key, value) in store.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        records.write_all(&[key.kind() as u8])?;
        for part in [key.name(), value.as_slice()] {
            records.write_all(&u32::try_from(part.len())?.to_be_bytes())?;
            records.write_all(part)?;
        }
    }
    Ok(())
}

fn read(mut records: impl Read) -> Result<Arc<Store>, Fault> {
    let mut read = BTreeMap::new();
    let mut kind = [0];
    while records.read(&mut kind)? > 0 {
        let kind = RecordKind::from_number(kind[0]).ok_or("a record of no kind")?;
        let mut part = || -> Result<Vec<u8>, Fault> {
            let mut len = [0; 4];
            records.read_exact(&mut len)?;
            let mut part = vec![0; u32::from_be_bytes(len) as usize];
            records.read_exact(&mut part)?;
            Ok(part)
        };
        let key = Key::new(kind, &[&part()?]);
        read.insert(key, Value::new(part()?));
    }
    Ok(Arc::new(Store(Mutex::new(read))))
}

/// Opens a circle that was made with so many shares. Nothing else should have been done in this process.
///
/// # Errors
/// What the engine says, and whoever gives the records.
pub fn open(items: usize, records: impl Read) -> Result<Opened, Fault> {
    let store = read(records)?;
    let now = BEGIN.after(BETWEEN * u32::try_from(items)?);
    let before = memory_kib();
    let began = Instant::now();
    let mut loading = Loading::from_shelf(store.clone());
    {
        let records = store.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, value) in records.iter() {
            loading.take(key, value.clone())?;
        }
    }
    let mut engine = loading.finish(now, &Secret::from_bytes([6; 32]), Timings::default())?;
    let opened = began.elapsed();
    let memory = memory_kib().saturating_sub(before);
    let circle = engine.circles(now).first().ok_or("no circle was made")?.id;
    let began = Instant::now();
    let shown = engine.with_timeline(&circle, |timeline| timeline.entries().len());
    let timeline = began.elapsed();
    if shown != Some(items) {
        return Err("something said is not shown".into());
    }
    store.obey(&mut engine, now);
    let mut times = Vec::new();
    for _ in 0..MORE {
        let began = Instant::now();
        engine.share(now, &circle, new_share("One more."))?;
        times.push(began.elapsed());
        store.obey(&mut engine, now);
    }
    Ok(Opened {
        items,
        open_ms: opened.as_secs_f64() * 1e3,
        timeline_ms: timeline.as_secs_f64() * 1e3,
        share_us: Spread::of(&times).p50_us,
        memory_mib: memory as f64 / 1024.0,
    })
}

/// Memory this process has, in KiB; zero where the system does not tell.
fn memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
