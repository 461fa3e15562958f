//! What a node does for its store now and then, beside its work: it destroys keys of what is gone,
//! keeps the stores of its profile alike, and counts what each circle takes.
//! Clauses: specs/07-store S-12, S-15, S-18.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use windbreak_protocol::id::CircleId;
use windbreak_protocol::record::{Batch, Key, RecordKind};

use crate::profile::Profile;
use crate::reopen::{self, Shared};
use crate::store::chaff::GoOn;
use crate::store::{Store, StoreError};

/// How long a node that ends makes its stores alike: what is missing then is made up for at the
/// next start (S-20).
const CLOSING: Duration = Duration::from_secs(1);

/// Keeps the stores of a profile alike; a store without a profile has nothing beside it.
#[derive(Default)]
pub(crate) struct Upkeep {
    profile: Option<Arc<Profile>>,
    running: Option<JoinHandle<()>>,
    stop: CancellationToken,
}

impl Upkeep {
    /// For a node of a profile.
    pub(crate) fn of(profile: Arc<Profile>) -> Self {
        Self { profile: Some(profile), ..Self::default() }
    }

    /// Begins to make the stores equally large, in the background, unless that is still going on.
    /// What cannot be padded now is padded the next time: nothing depends on it but the look.
    pub(crate) fn begin_evening_out(&mut self, store: &Shared) {
        let is_running = self.running.as_ref().is_some_and(|running| !running.is_finished());
        let Some(profile) = self.profile.clone().filter(|_| !is_running) else { return };
        let (store, stop) = (store.clone(), self.stop.clone());
        self.running = Some(tokio::task::spawn_blocking(move || {
            if let Err(why) = even_out(&profile, &store, &|| !stop.is_cancelled()) {
                tracing::debug!(%why, "the stores are not alike yet");
            }
        }));
    }

    /// Ends that after the step it is at.
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
            let _ = tokio::task::spawn_blocking(even_out).await;
        }
    }
}

/// Makes all stores as large as the largest. The own one is let go of after each step: the node
/// works on meanwhile.
fn even_out(profile: &Profile, store: &Shared, go_on: GoOn<'_>) -> Result<(), StoreError> {
    while go_on() && !reopen::lock(store).pad(profile.largest_store())? {}
    profile.even_out_others(go_on)
}

/// Destroys the keys of what is gone. The store is let go of after each step: its networks read from
/// it meanwhile.
pub(crate) async fn tidy(store: Shared) -> Result<(), StoreError> {
    let tidied = tokio::task::spawn_blocking(move || {
        while !reopen::lock(&store).tidy_some()? {}
        Ok(())
    });
    let tidied = tidied.await;
    tidied.unwrap_or(Err(StoreError::Stopped))
}

/// How many bytes were said in each circle, as they are kept here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usage(BTreeMap<CircleId, u64>);

impl Usage {
    /// Counts a record.
    pub(crate) fn add(&mut self, key: &Key, bytes: usize) {
        if key.kind() == RecordKind::Item
            && let Some((circle, _)) = key.name().split_first_chunk::<32>()
        {
            *self.0.entry(CircleId::from_bytes(*circle)).or_default() += bytes as u64;
        }
    }

    /// Counts what a batch writes.
    pub(crate) fn add_batch(&mut self, batch: &Batch) {
        for (key, value) in batch.iter() {
            self.add(key, value.map_or(0, <[u8]>::len));
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
    use super::*;
    use crate::store::MemoryStore;

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
        assert_eq!(change(&|batch| (1..=3).for_each(|n| batch.put(item(n), vec![0; 100]))), 300);
        assert_eq!(change(&|batch| (1..=2).for_each(|n| batch.delete(item(n)))), 100);
        assert_eq!(change(&|batch| batch.delete(item(9))), 100);
    }
}
