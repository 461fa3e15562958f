//! Deletes envelopes that are kept to serve others once relays have dropped theirs: 30 days after
//! the hour they carry.

use std::sync::Arc;

use windbreak_protocol::limits::RELAY_KEEP;
use windbreak_protocol::record::Batch;
use windbreak_protocol::time::{Hour, Timestamp};

use crate::drive;
use crate::reopen::Shared;
use crate::store::StoreError;
use crate::swarm::{EnvelopeChanges, MemberMailbox};

/// Records deleted by one batch.
const MAX_DELETED: usize = 1024;

/// Deletes what is too old and says how much it was.
pub(crate) async fn sweep(
    store: Shared,
    mailbox: Arc<MemberMailbox>,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let oldest = Hour::new(now.hour().get().saturating_sub(keep_hours()));
    let mut deleted = 0;
    loop {
        let old = mailbox.before(oldest, MAX_DELETED);
        if old.is_empty() {
            return Ok(deleted);
        }
        deleted += old.len();
        let mut batch = Batch::new();
        for key in old {
            batch.delete(key);
        }
        let observed = EnvelopeChanges::of(&batch);
        drive::apply(store.clone(), batch).await?;
        mailbox.observe(&observed);
    }
}

fn keep_hours() -> u32 {
    u32::try_from(RELAY_KEEP.as_secs() / 3600).unwrap_or(u32::MAX)
}
