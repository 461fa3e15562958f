//! What a node does for its store now and then, beside its work: it destroys keys of what is gone,
//! keeps the stores of its profile alike, and counts what each circle takes.
//! Clauses: specs/07-store S-12, S-15, S-18, S-20.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use windbreak_protocol::id::CircleId;
use windbreak_protocol::record::{Batch, Key, RecordKind};

use crate::profile::Profile;
use crate::reopen::{self, Shared};
use crate::store::chaff::GoOn;
use crate::store::{Store, StoreError, bytes_on_disk};

/// How long a node that ends makes its stores alike: what is missing then is made up for at the
/// next start (S-20).
const CLOSING: Duration = Duration::from_secs(1);

/// Between two steps, for as long as which others get at the store.
const BREATH: Duration = Duration::from_millis(1);

/// Looks after the store of a node, and those of its profile; a store without a profile has nothing
/// beside it.
#[derive(Default)]
pub(crate) struct Upkeep {
    profile: Option<Arc<Profile>>,
    running: Option<JoinHandle<Result<(), StoreError>>>,
    stop: CancellationToken,
}

impl Upkeep {
    /// For a node of a profile.
    pub(crate) fn of(profile: Arc<Profile>) -> Self {
        Self { profile: Some(profile), ..Self::default() }
    }

    /// Begins to look after the store, in the background, unless that is still going on: destroys the
    /// keys of what is gone, and then makes the stores equally large. In this order, for what is sealed
    /// anew makes the one in use larger.
    pub(crate) fn begin(&mut self, store: &Shared) {
        if self.is_running() {
            return;
        }
        let (profile, store, stop) = (self.profile.clone(), store.clone(), self.stop.clone());
        self.running = Some(tokio::task::spawn_blocking(move || {
            let go_on = || !stop.is_cancelled();
            step_by_step(&go_on, &mut || reopen::lock(&store).tidy_some())?;
            profile.map_or(Ok(()), |profile| even_out(&profile, &store, &go_on))
        }));
    }

    /// Whether that goes on, or has ended and nobody has heard of it.
    pub(crate) fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Waits until that has ended; gives why the store takes no more writes, if it is so.
    pub(crate) async fn ended(&mut self) -> Option<StoreError> {
        let done = self.running.as_mut()?.await;
        self.running = None;
        done.unwrap_or(Err(StoreError::Stopped)).err()
    }

    /// Ends that after the step it is at: the rest is for the next start.
    pub(crate) async fn halt(&mut self) {
        self.stop.cancel();
        if let Some(running) = self.running.take() {
            let _ = running.await;
        }
    }

    /// Makes the stores alike for as long as no node runs, as far as that is quickly done; the own
    /// one is closed.
    pub(crate) async fn end(mut self) {
        self.halt().await;
        if let Some(profile) = self.profile.take() {
            let until = Instant::now() + CLOSING;
            let even_out = move || profile.even_out_closed(&|| Instant::now() < until);
            if let Ok(Err(why)) = tokio::task::spawn_blocking(even_out).await {
                tracing::warn!(%why, "the stores are not alike");
            }
        }
    }
}

/// Makes all stores as large as the largest. What cannot be padded of the others now is padded the
/// next time: nothing depends on it but the look.
fn even_out(profile: &Profile, store: &Shared, go_on: GoOn<'_>) -> Result<(), StoreError> {
    let mut own = Ok(());
    let pad_own = &mut |size| {
        own = step_by_step(go_on, &mut || reopen::lock(store).pad(size));
        own
    };
    if let Err(why) = profile.even_out_beside(pad_own, go_on) {
        tracing::warn!(%why, "the stores are not alike");
    }
    own
}

/// Takes steps until one says that all is done, for as long as `go_on` says so. The store is let go of
/// after each: the node and its networks work on meanwhile.
fn step_by_step(
    go_on: GoOn<'_>,
    step: &mut dyn FnMut() -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    while go_on() && !step()? {
        thread::sleep(BREATH);
    }
    Ok(())
}

/// How many bytes the cells of what was said in each circle take on disk (S-18, S-22).
#[derive(Clone, Debug, Default)]
pub(crate) struct Usage(BTreeMap<CircleId, u64>);

impl Usage {
    /// Counts a record whose value has so many bytes.
    pub(crate) fn add(&mut self, key: &Key, bytes: usize) {
        if key.kind() == RecordKind::Item
            && let Some((circle, _)) = key.name().split_first_chunk::<32>()
        {
            *self.0.entry(CircleId::from_bytes(*circle)).or_default() += bytes_on_disk(key, bytes);
        }
    }

    /// Counts what a batch writes.
    pub(crate) fn add_batch(&mut self, batch: &Batch) {
        for (key, value) in batch.iter() {
            if let Some(value) = value {
                self.add(key, value.len());
            }
        }
    }

    /// What a batch deletes of what a store holds; what cannot be read now is taken off at the next
    /// start.
    pub(crate) fn deleted_by(batch: &Batch, store: &dyn Store) -> Self {
        let mut deleted = Self::default();
        let gone =
            batch.iter().filter(|(key, value)| value.is_none() && key.kind() == RecordKind::Item);
        for (key, _) in gone {
            if let Ok(Some(before)) = store.get(key) {
                deleted.add(key, before.len());
            }
        }
        deleted
    }

    /// Takes off what is gone.
    pub(crate) fn take_off(&mut self, deleted: &Self) {
        for (circle, bytes) in &deleted.0 {
            let taken = self.0.entry(*circle).or_default();
            *taken = taken.saturating_sub(*bytes);
        }
    }

    /// What a circle takes, in bytes.
    pub(crate) fn of(&self, circle: &CircleId) -> u64 {
        self.0.get(circle).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use windbreak_protocol::secret::SecretBytes;

    use super::*;
    use crate::profile::KdfCost;
    use crate::reopen::{OpenStore, ReopeningStore};
    use crate::store::MemoryStore;

    /// A profile whose store waits to be tidied, and has grown beyond the others.
    fn untidy(folder: &std::path::Path) -> (Arc<Profile>, Shared) {
        let words = SecretBytes::new(b"four quiet words".to_vec());
        let profile = Arc::new(Profile::create(folder, &words, KdfCost::TEST).unwrap());
        let opened = profile.clone();
        let open: OpenStore = Box::new(move || Ok(Box::new(opened.open_store()?)));
        let store = ReopeningStore::open(open).unwrap();
        let key = |number: u16| Key::new(RecordKind::Outbox, &[&[7; 32], &number.to_be_bytes()]);
        let (mut coming, mut going) = (Batch::new(), Batch::new());
        (0..4000).for_each(|number| coming.put(key(number), vec![7; 600]));
        (0..4000).step_by(50).for_each(|number| going.delete(key(number)));
        reopen::lock(&store).apply(coming).unwrap();
        reopen::lock(&store).apply(going).unwrap();
        (profile, store)
    }

    /// The lengths of the four files of records.
    fn lengths(profile: &Profile) -> [u64; 4] {
        let file = |slot| profile.folder().join(format!("stores/{slot}/db"));
        [0, 1, 2, 3].map(|slot| std::fs::metadata(file(slot)).unwrap().len())
    }

    /// The four files of keys.
    fn keys(profile: &Profile) -> [Vec<u8>; 4] {
        let file = |slot| profile.folder().join(format!("stores/{slot}/keys"));
        [0, 1, 2, 3].map(|slot| std::fs::read(file(slot)).unwrap())
    }

    fn are_alike(lengths: [u64; 4]) -> bool {
        lengths.iter().max().unwrap() - lengths.iter().min().unwrap() <= 1024 * 1024
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn keys_that_wait_to_go_are_gone_before_stores_are_made_alike() {
        let root = tempfile::tempdir().unwrap();
        let (profile, store) = untidy(&root.path().join("me"));
        let mut upkeep = Upkeep::of(profile.clone());
        upkeep.begin(&store);
        assert_eq!(upkeep.ended().await, None);
        assert!(!upkeep.is_running());
        assert!(are_alike(lengths(&profile)), "{:?}", lengths(&profile));
        // Nothing is left to be tidied, which would make one of them larger.
        let kept = keys(&profile);
        assert!(reopen::lock(&store).tidy_some().unwrap());
        assert_eq!(keys(&profile), kept);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_end_while_keys_wait_to_go_is_quick_and_the_next_start_makes_up_for_it() {
        let root = tempfile::tempdir().unwrap();
        let (profile, store) = untidy(&root.path().join("me"));
        let mut upkeep = Upkeep::of(profile.clone());
        let before = keys(&profile);
        upkeep.begin(&store);
        let began = Instant::now();
        upkeep.halt().await;
        // A step of each at most, on a busy machine.
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
        reopen::lock(&store).close();
        upkeep.end().await;

        let opened = profile.clone();
        let store = ReopeningStore::open(Box::new(move || Ok(Box::new(opened.open_store()?))));
        let store = store.unwrap();
        let mut upkeep = Upkeep::of(profile.clone());
        upkeep.begin(&store);
        assert_eq!(upkeep.ended().await, None);
        assert!(are_alike(lengths(&profile)), "{:?}", lengths(&profile));
        assert_ne!(keys(&profile), before);
        let left = reopen::lock(&store).load(RecordKind::Outbox).unwrap();
        assert_eq!(left.len(), 4000 - 80);
    }

    #[test]
    fn what_is_deleted_is_counted_no_more() {
        let circle = CircleId::from_bytes([7; 32]);
        let item = |number: u8| Key::new(RecordKind::Item, &[circle.as_bytes(), &[number; 32]]);
        let (mut store, mut usage) = (MemoryStore::new(), Usage::default());
        let mut change = |change: &dyn Fn(&mut Batch)| {
            let mut batch = Batch::new();
            change(&mut batch);
            let deleted = Usage::deleted_by(&batch, &store);
            usage.add_batch(&batch);
            store.apply(batch).unwrap();
            usage.take_off(&deleted);
            usage.of(&circle)
        };
        let cell = 32 + 768;
        let puts = |length| {
            move |batch: &mut Batch| {
                (1..=3).for_each(|n| batch.put(item(n), vec![0; length]));
            }
        };
        assert_eq!(change(&puts(100)), 3 * cell);
        assert_eq!(change(&|batch| (1..=2).for_each(|n| batch.delete(item(n)))), cell);
        assert_eq!(change(&|batch| batch.delete(item(9))), cell);
        // A word is sealed, padded and named, and so takes no less than a cell.
        assert_eq!(change(&|batch| batch.put(item(9), vec![0; 768])), cell + 2 * cell);
    }
}
