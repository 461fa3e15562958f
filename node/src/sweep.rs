//! Deletes envelopes that are kept to serve others once relays have dropped theirs: 30 days after
//! the hour they carry.

use std::sync::Arc;

use windbreak_protocol::limits::RELAY_KEEP;
use windbreak_protocol::record::{Batch, Key, RecordKind};
use windbreak_protocol::time::{Hour, Timestamp};

use crate::drive;
use crate::reopen::{self, Shared};
use crate::store::{Store, StoreError};
use crate::swarm::MemberMailbox;

/// Records deleted by one batch.
const MAX_DELETED: usize = 1024;

/// Deletes what is too old and says how much it was.
pub(crate) async fn sweep(
    store: Shared,
    mailbox: Arc<MemberMailbox>,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let oldest = Hour::new(now.hour().get().saturating_sub(keep_hours()));
    let reading = store.clone();
    let old = tokio::task::spawn_blocking(move || old_keys(&reading, oldest)).await;
    let old = old.unwrap_or(Err(StoreError::Stopped))?;
    for some in old.chunks(MAX_DELETED) {
        let mut batch = Batch::new();
        let mut observed = Batch::new();
        for key in some {
            batch.delete(key.clone());
            observed.delete(key.clone());
        }
        drive::apply(store.clone(), batch).await?;
        mailbox.observe(&observed);
    }
    Ok(old.len())
}

fn old_keys(store: &Shared, oldest: Hour) -> Result<Vec<Key>, StoreError> {
    let mut old = Vec::new();
    reopen::lock(store).visit(RecordKind::Envelope, &mut |key, _| {
        if hour(&key).is_some_and(|hour| hour < oldest) {
            old.push(key);
        }
    })?;
    Ok(old)
}

/// The hour in the name of an envelope's record: behind the topic.
fn hour(key: &Key) -> Option<Hour> {
    let (_, rest) = key.name().split_first_chunk::<32>()?;
    let (hour, _) = rest.split_first_chunk::<4>()?;
    Some(Hour::new(u32::from_be_bytes(*hour)))
}

fn keep_hours() -> u32 {
    u32::try_from(RELAY_KEEP.as_secs() / 3600).unwrap_or(u32::MAX)
}
