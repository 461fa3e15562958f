//! What a relay says about itself: counts, never a topic, a peer or an address.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use windbreak_protocol::wire::sync::Refusal;

/// Counts of a running relay.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct RelayStatus {
    /// Connections open now.
    pub connections: u64,
    /// Streams open now; a client opens one per topic.
    pub streams: u64,
    /// Topics of which anything is held.
    pub topics: u64,
    /// Envelopes held.
    pub envelopes: u64,
    /// Bytes of the envelopes held.
    pub bytes: u64,
    /// Envelopes taken since the relay started.
    pub taken: u64,
    /// Envelopes given to clients since the relay started.
    pub given: u64,
    /// Envelopes dropped since the relay started because their time was over.
    pub expired: u64,
    /// Envelopes refused since the relay started.
    pub refused: RefusedCounts,
    /// Tokens drawn since the relay started.
    #[serde(default)]
    pub tokens_drawn: u64,
    /// Tokens spent since the relay started.
    #[serde(default)]
    pub tokens_spent: u64,
    /// Connections refused since the relay started, at a limit of all or of one source.
    #[serde(default)]
    pub turned_away: u64,
    /// Whether envelopes can be written: the store works and the disk has room.
    pub has_room: bool,
    /// Whether it takes by grant alone; else from everybody.
    #[serde(default)]
    pub by_grant: bool,
    /// Whether it was told to stop.
    #[serde(default)]
    pub is_stopping: bool,
}

/// What a relay refused, by reason: envelopes, and tokens that were to be drawn or spent.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct RefusedCounts {
    /// The topic's quota was used up.
    pub quota: u64,
    /// The relay was full or could not write.
    pub full: u64,
    /// Older than anything kept.
    pub expired: u64,
    /// Not a well-formed, well-signed envelope.
    pub malformed: u64,
    /// Of another topic than the stream's.
    pub wrong_topic: u64,
    /// From too far in the future.
    pub too_far_ahead: u64,
    /// The relay was stopping.
    pub shutting_down: u64,
    /// No token paid for it.
    #[serde(default)]
    pub token_wanted: u64,
    /// A token was not valid.
    #[serde(default)]
    pub token_invalid: u64,
    /// A sub-grant had given its tokens.
    #[serde(default)]
    pub grant_used_up: u64,
    /// A grant did not hold.
    #[serde(default)]
    pub grant_ended: u64,
    /// Draws for another week than the relay's.
    #[serde(default)]
    pub other_epoch: u64,
}

/// The counts that are not read off the mailbox.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) connections: AtomicU64,
    pub(crate) streams: Arc<AtomicU64>,
    /// Requests that are being answered.
    pub(crate) busy: Arc<AtomicU64>,
    pub(crate) turned_away: AtomicU64,
    pub(crate) taken: AtomicU64,
    pub(crate) given: AtomicU64,
    pub(crate) expired: AtomicU64,
    pub(crate) tokens_drawn: AtomicU64,
    pub(crate) tokens_spent: AtomicU64,
    refused: [AtomicU64; Refusal::ALL.len()],
}

impl Counters {
    pub(crate) fn count_refused(&self, reason: Refusal) {
        if let Some(position) = Refusal::ALL.iter().position(|known| *known == reason) {
            self.refused[position].fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn refused(&self) -> RefusedCounts {
        let count = |reason: Refusal| {
            let position = Refusal::ALL.iter().position(|known| *known == reason);
            position.map_or(0, |position| self.refused[position].load(Ordering::Relaxed))
        };
        RefusedCounts {
            quota: count(Refusal::Quota),
            full: count(Refusal::Full),
            expired: count(Refusal::Expired),
            malformed: count(Refusal::Malformed),
            wrong_topic: count(Refusal::WrongTopic),
            too_far_ahead: count(Refusal::TooFarAhead),
            shutting_down: count(Refusal::ShuttingDown),
            token_wanted: count(Refusal::TokenWanted),
            token_invalid: count(Refusal::TokenInvalid),
            grant_used_up: count(Refusal::GrantUsedUp),
            grant_ended: count(Refusal::GrantEnded),
            other_epoch: count(Refusal::OtherEpoch),
        }
    }
}
