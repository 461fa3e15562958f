//! The loop with a store that fails: nothing that could not be written is told, and the node works
//! again by itself.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use windbreak_protocol::id::CircleId;
use windbreak_protocol::record::{Key, RecordKind, Value};
use windbreak_protocol::secret::SecretBytes;

use super::*;
use crate::api::message::{Ask, Condition, NewCircle, NewItem, Scope, SearchFor, Suite};
use crate::api::{Client, ClientError};
use crate::backup::Lock;
use crate::profile::ProfileConfig;
use crate::store::MemoryStore;

struct Stage {
    folder: tempfile::TempDir,
    disk: Arc<Disk>,
    handle: Handle,
    client: Client,
}

/// What the founder declares.
const DECLARED: &str = "I have nothing to report.";

/// What is durable, and what becomes of attempts to use it.
#[derive(Default)]
struct Disk {
    store: Mutex<MemoryStore>,
    is_full: AtomicBool,
    is_gone: AtomicBool,
    /// Writes take their time.
    is_slow: Arc<AtomicBool>,
}

/// A store in memory whose writes take as long as those of a slow disk, if it is told to.
struct Slow(MemoryStore, Arc<AtomicBool>);

impl Store for Slow {
    fn visit(
        &self,
        kind: RecordKind,
        visitor: &mut dyn FnMut(Key, Value),
    ) -> Result<(), StoreError> {
        self.0.visit(kind, visitor)
    }

    fn get(&self, key: &Key) -> Result<Option<Value>, StoreError> {
        self.0.get(key)
    }

    fn glimpse(&self, key: &Key) -> Result<Option<Value>, StoreError> {
        self.0.glimpse(key)
    }

    fn has_ended(&self) -> bool {
        self.0.has_ended()
    }

    fn apply(&mut self, batch: Batch) -> Result<(), StoreError> {
        if self.1.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(400));
        }
        self.0.apply(batch)
    }
}

impl Disk {
    fn open(&self) -> Result<Box<dyn Store>, StoreError> {
        if self.is_gone.load(Ordering::SeqCst) {
            return Err(StoreError::Denied);
        }
        let mut store = self.store.lock().unwrap();
        *store = store.durable();
        if self.is_full.load(Ordering::SeqCst) {
            store.fail_at(0, StoreError::DiskFull);
        }
        Ok(Box::new(Slow(store.clone(), self.is_slow.clone())))
    }

    /// Lets the next write fail.
    fn fail(&self, error: StoreError) {
        let store = self.store.lock().unwrap();
        store.fail_at(store.writes(), error);
    }
}

impl Stage {
    async fn set() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let disk = Arc::new(Disk::default());
        let (handle, client) = start(&folder, &disk).await;
        Self { folder, disk, handle, client }
    }

    async fn restart(&mut self) {
        self.handle.stop();
        self.handle.stopped().await;
        (self.handle, self.client) = start(&self.folder, &self.disk).await;
    }

    /// Waits until the node is in a condition.
    async fn becomes(&self, condition: Condition) {
        for _ in 0..100 {
            if self.client.status().await.unwrap().condition == condition {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("not {condition:?} in time");
    }

    async fn share(&self, circle: &CircleId, text: &str) -> Result<(), ClientError> {
        let share = NewItem::Share {
            file: None,
            ask: Ask::JustListening,
            content_note: None,
            title: None,
            text: text.to_owned(),
            scope: Scope::HereNow,
            send_anyway: false,
            declaration_heard: Some(DECLARED.to_owned()),
            even_if_later: false,
        };
        self.client.write(circle, &share).await.map(drop)
    }

    async fn texts(&self, circle: &CircleId) -> Vec<String> {
        let page = self.client.items(circle, None, None).await.unwrap();
        page.items.into_iter().map(|item| item.text).collect()
    }

    /// How many things a search finds.
    async fn found(&self, words: &str) -> usize {
        let search = SearchFor { words: words.to_owned(), ..SearchFor::default() };
        self.client.search(&search).await.unwrap().items.len()
    }
}

async fn start(folder: &tempfile::TempDir, disk: &Arc<Disk>) -> (Handle, Client) {
    let socket = folder.path().join("node.sock");
    let disk = disk.clone();
    let mut config = NodeConfig::from_profile(&ProfileConfig::default());
    config.try_again = Duration::from_millis(100);
    let open: OpenStore = Box::new(move || disk.open());
    let started =
        Node::start_on(folder.path().to_owned(), &socket, open, config, Upkeep::default(), ());
    let handle = started.await.unwrap();
    (handle, Client::new(socket))
}

async fn a_circle(client: &Client) -> CircleId {
    let new = NewCircle {
        title: "Evening circle".into(),
        name: "Alder".into(),
        suite: Suite::X25519,
        relays: Some(vec![]),
        mode: None,
        same_relay: false,
        grant: None,
        welcome: String::new(),
        agreement: "We listen.".into(),
        declaration: Some(DECLARED.into()),
        adult: true,
        send_anyway: false,
    };
    client.create_circle(&new).await.unwrap().id
}

fn code<T: std::fmt::Debug>(outcome: Result<T, ClientError>) -> String {
    match outcome {
        Err(ClientError::Refused(why)) => why.code,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_could_not_be_written_never_happened_and_the_node_works_again() {
    let mut stage = Stage::set().await;
    let circle = a_circle(&stage.client).await;
    stage.share(&circle, "kept").await.unwrap();

    stage.disk.is_full.store(true, Ordering::SeqCst);
    stage.disk.fail(StoreError::DiskFull);
    assert_eq!(code(stage.share(&circle, "lost").await), "store_full");
    // It reads on, and says why it takes no work, also after it has tried again.
    for _ in 0..3 {
        assert_eq!(stage.texts(&circle).await, ["kept"]);
        assert_eq!((stage.found("kept").await, stage.found("lost").await), (1, 0));
        let status = stage.client.status().await.unwrap();
        assert_eq!(status.condition, Condition::ReadOnly);
        assert_eq!(status.trouble.unwrap().code, "store_full");
        assert_eq!(code(stage.share(&circle, "lost too").await), "store_full");
        tokio::time::sleep(Duration::from_millis(150)).await;
    }

    stage.disk.is_full.store(false, Ordering::SeqCst);
    stage.becomes(Condition::Working).await;
    stage.share(&circle, "kept again").await.unwrap();
    assert_eq!(stage.texts(&circle).await, ["kept", "kept again"]);
    assert_eq!((stage.found("kept").await, stage.found("again").await), (2, 1));

    stage.restart().await;
    assert_eq!(stage.texts(&circle).await, ["kept", "kept again"]);
    assert_eq!((stage.found("kept").await, stage.found("lost").await), (2, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_at_once_shares_a_wait_for_the_disk() {
    const SHARES: u64 = 20;
    let stage = Stage::set().await;
    let circle = a_circle(&stage.client).await;
    stage.share(&circle, "the first is told what the circle declares").await.unwrap();
    let writes = || stage.disk.store.lock().unwrap().writes();
    let before = writes();
    stage.disk.is_slow.store(true, Ordering::SeqCst);
    let texts: Vec<String> = (0..SHARES).map(|number| format!("number {number}")).collect();
    let shares = texts.iter().map(|text| stage.share(&circle, text));
    for shared in futures::future::join_all(shares).await {
        shared.unwrap();
    }
    // The first may go alone, and what comes while it is written goes together; not all come so soon on
    // a busy machine.
    let written = writes() - before;
    assert!((1..=SHARES / 3).contains(&written), "{written} writes for {SHARES} shares");
    assert_eq!(stage.texts(&circle).await.len() as u64, SHARES + 1);
    stage.handle.stop();
    stage.handle.stopped().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_whose_store_is_gone_shows_what_it_has_in_memory() {
    let stage = Stage::set().await;
    let circle = a_circle(&stage.client).await;
    stage.share(&circle, "kept").await.unwrap();

    stage.disk.is_gone.store(true, Ordering::SeqCst);
    stage.disk.fail(StoreError::Denied);
    assert_eq!(code(stage.client.leave(&circle).await), "store_denied");
    assert_eq!(stage.client.circles().await.unwrap().circles.len(), 1);
    let status = stage.client.status().await.unwrap();
    assert_eq!(status.condition, Condition::ReadOnly);
    assert_eq!(status.trouble.unwrap().code, "store_denied");
    // Words are not in memory.
    let read = stage.client.items(&circle, None, None).await;
    assert_eq!(code(read), "store_unreadable");

    stage.disk.is_gone.store(false, Ordering::SeqCst);
    stage.becomes(Condition::Working).await;
    assert_eq!(stage.texts(&circle).await, ["kept"]);
    assert_eq!(stage.client.circles().await.unwrap().circles.len(), 1);
    stage.handle.stop();
    stage.handle.stopped().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_share_that_was_refused_is_not_shown_while_the_store_is_gone() {
    let stage = Stage::set().await;
    let circle = a_circle(&stage.client).await;
    stage.disk.is_gone.store(true, Ordering::SeqCst);
    stage.disk.fail(StoreError::Denied);
    assert_eq!(code(stage.share(&circle, "lost").await), "store_denied");
    assert!(stage.texts(&circle).await.is_empty());

    stage.disk.is_gone.store(false, Ordering::SeqCst);
    stage.becomes(Condition::Working).await;
    stage.share(&circle, "kept").await.unwrap();
    assert_eq!(stage.texts(&circle).await, ["kept"]);
    stage.handle.stop();
    stage.handle.stopped().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_works_and_stops_while_it_stretches_the_passphrase_of_a_backup() {
    let stage = Stage::set().await;
    let circle = a_circle(&stage.client).await;
    let place = tempfile::tempdir().unwrap();
    let begin = |name: &str| {
        let (handle, path) = (stage.handle.clone(), place.path().join(name));
        let words = SecretBytes::new(b"a backup of few words".to_vec());
        tokio::spawn(async move { handle.save(path, Lock::Passphrase(words)).await })
    };
    // The first says how long it takes; the second is asked for meanwhile, and waits for it.
    let began = Instant::now();
    let (first, second) = (begin("first"), begin("second"));
    stage.share(&circle, "meanwhile").await.unwrap();
    assert!(!first.is_finished(), "the share waited for the backup");
    assert_eq!(stage.texts(&circle).await, ["meanwhile"]);
    let saved = first.await.unwrap().unwrap().unwrap();
    assert!(saved.records > 5);
    second.await.unwrap().unwrap().unwrap();
    let took = began.elapsed() / 2;

    let third = begin("third");
    tokio::time::sleep(Duration::from_millis(50)).await;
    let asked = Instant::now();
    stage.handle.stop();
    stage.handle.stopped().await;
    assert!(asked.elapsed() < took, "{:?} of {took:?}", asked.elapsed());
    assert_eq!(third.await.unwrap().unwrap_err().why().code, "stopping");
    let left = std::fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let mut left: Vec<_> = left.collect();
    left.sort();
    assert_eq!(left, ["first", "second"]);
}
