//! What a node does for its store now and then, beside its work: it destroys keys of what is gone,
//! keeps the stores of its profile alike, and counts what each circle takes.
//! Clauses: specs/07-store S-12, S-15, S-18.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::task::JoinHandle;
use windbreak_protocol::id::CircleId;
use windbreak_protocol::record::{Batch, Key, RecordKind};

use crate::profile::Profile;
use crate::reopen::{self, Shared};
use crate::store::{Store, StoreError};

/// Keeps the stores of a profile alike; a store without a profile has nothing beside it.
#[derive(Default)]
pub(crate) struct Upkeep {
    profile: Option<Arc<Profile>>,
    running: Option<JoinHandle<Result<(), StoreError>>>,
}

impl Upkeep {
    /// For a node of a profile.
    pub(crate) fn of(profile: Arc<Profile>) -> Self {
        Self { profile: Some(profile), ..Self::default() }
    }

    /// Begins to make the stores equally large, in the background.
    pub(crate) async fn begin_evening_out(&mut self, store: &Shared) {
        self.wait().await;
        let Some(profile) = self.profile.clone() else { return };
        let store = store.clone();
        self.running = Some(tokio::task::spawn_blocking(move || {
            reopen::lock(&store).pad(profile.largest_store())?;
            profile.even_out_others()
        }));
    }

    /// Waits until that is done. What could not be padded is padded the next time: nothing depends on
    /// it but the look.
    pub(crate) async fn wait(&mut self) {
        if let Some(running) = self.running.take() {
            let _ = running.await;
        }
    }

    /// Makes the stores alike for as long as no node runs; the own one is closed.
    pub(crate) async fn end(mut self) {
        self.wait().await;
        if let Some(profile) = self.profile.take() {
            let _ = tokio::task::spawn_blocking(move || profile.even_out_closed()).await;
        }
    }
}

/// Destroys the keys of what is gone.
pub(crate) async fn tidy(store: Shared) -> Result<(), StoreError> {
    let tidied = tokio::task::spawn_blocking(move || reopen::lock(&store).tidy()).await;
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

    /// Counts what a batch writes. What it deletes is taken off at the next start.
    pub(crate) fn add_batch(&mut self, batch: &Batch) {
        for (key, value) in batch.iter() {
            self.add(key, value.map_or(0, <[u8]>::len));
        }
    }

    /// What a circle takes, in bytes.
    pub(crate) fn of(&self, circle: &CircleId) -> u64 {
        self.0.get(circle).copied().unwrap_or_default()
    }
}
