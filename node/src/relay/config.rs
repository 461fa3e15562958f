//! How a relay is set up: where it listens and keeps things, and how much it takes.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use windbreak_protocol::limits::RELAY_KEEP;

use crate::swarm::limits::{MAX_CONNECTIONS_PER_PEER, MAX_STREAMS_PER_PEER};
use crate::swarm::{Clock, Timings};

/// How long open requests are waited for at the end.
pub(crate) const DRAIN: Duration = Duration::from_secs(10);

/// How a relay is set up.
#[derive(Clone)]
pub struct RelayConfig {
    /// The relay's own folder; made if it is missing.
    pub folder: PathBuf,
    /// Addresses to listen on, as multiaddresses: `/ip4/0.0.0.0/tcp/4710`.
    pub listen: Vec<String>,
    /// Addresses at which others reach it besides: onion services, forwarded ports. `/onion3/…:4710`
    /// or, the same, `….onion:4710`.
    pub external: Vec<String>,
    /// Whether it brings members of circles together who want to meet directly.
    pub circuits: Circuits,
    /// Who may put envelopes on it.
    pub admission: AdmissionMode,
    /// Whether its host says that the clock is right, after it jumped further than a relay by grant
    /// takes on trust.
    pub clock_is_right: bool,
    /// How much it takes.
    pub limits: RelayLimits,
    /// How long what was asked before may take to be answered at the end.
    pub drain: Duration,
    /// Its pace.
    pub timings: Timings,
    /// What it asks for the time.
    pub clock: Clock,
}

impl RelayConfig {
    /// A relay in `folder` with the usual limits.
    #[must_use]
    pub fn new(folder: PathBuf, listen: Vec<String>, clock: Clock) -> Self {
        let (limits, timings) = (RelayLimits::default(), Timings::default());
        let (external, circuits) = (Vec::new(), Circuits::default());
        let admission = AdmissionMode::default();
        Self {
            folder,
            listen,
            external,
            circuits,
            admission,
            clock_is_right: false,
            limits,
            drain: DRAIN,
            timings,
            clock,
        }
    }
}

impl std::fmt::Debug for RelayConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RelayConfig")
            .field("circuits", &self.circuits)
            .field("admission", &self.admission)
            .field("limits", &self.limits)
            .field("timings", &self.timings)
            .finish_non_exhaustive()
    }
}

/// Whether a relay brings members together who want to meet directly: it keeps a place for each, and
/// carries a few packets between two of them until they reach each other, for a minute at most. It
/// then speaks QUIC, too, at the ports where it speaks TCP.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum Circuits {
    /// No.
    #[default]
    Off,
    /// A few: for a small machine.
    Limited,
    /// Many.
    On,
}

impl Circuits {
    /// The places it keeps and the circuits it carries at once; nothing if it keeps none.
    pub(crate) fn counts(self) -> Option<(usize, usize)> {
        match self {
            Self::Off => None,
            Self::Limited => Some((64, 16)),
            Self::On => Some((1024, 256)),
        }
    }
}

/// Who may put envelopes on a relay. Reading is free to whoever proves a topic.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum AdmissionMode {
    /// Everybody.
    #[default]
    Open,
    /// Whoever spends tokens that were drawn by a grant of its host.
    Grant,
}

/// How much a relay takes. Beyond a limit it refuses what is new and keeps what it has.
#[derive(Clone, Debug, Eq, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct RelayLimits {
    /// Envelopes of one topic.
    pub topic_envelopes: u64,
    /// Bytes of one topic.
    pub topic_bytes: u64,
    /// Topics.
    pub topics: u64,
    /// Envelopes of all topics: each takes memory, however small it is.
    pub envelopes: u64,
    /// Bytes of all topics.
    pub total_bytes: u64,
    /// Bytes that must stay free on the disk.
    pub free_bytes: u64,
    /// Bytes that one source may put within an hour.
    pub source_bytes_per_hour: u64,
    /// Topics that one source may begin within an hour.
    pub source_topics_per_hour: u64,
    /// Connections of one source at once.
    pub source_connections: u32,
    /// Connections at once.
    pub connections: u32,
    /// Streams at once, over all connections.
    pub streams: u64,
    /// Streams at once on one connection.
    pub streams_per_connection: u64,
    /// Bytes of messages in memory at once, divided equally among the connections; each has at
    /// least 256 KiB.
    pub buffered_bytes: u64,
    /// How long an envelope is kept after it arrived.
    pub keep: Duration,
    /// Bytes of the store's page cache.
    pub cache_bytes: u64,
}

impl Default for RelayLimits {
    fn default() -> Self {
        const MIB: u64 = 1024 * 1024;
        Self {
            topic_envelopes: 50_000,
            topic_bytes: 256 * MIB,
            topics: 100_000,
            envelopes: 2_000_000,
            total_bytes: 16 * 1024 * MIB,
            free_bytes: 256 * MIB,
            source_bytes_per_hour: 1024 * MIB,
            // One source cannot take all topics by itself: in the hours of 30 days it begins 92,160.
            source_topics_per_hour: 128,
            source_connections: 64,
            connections: 1024,
            streams: 16_384,
            streams_per_connection: MAX_STREAMS_PER_PEER as u64,
            buffered_bytes: 256 * MIB,
            keep: RELAY_KEEP,
            cache_bytes: 64 * MIB,
        }
    }
}

impl RelayLimits {
    /// Streams that one source may have open: a quarter of all, and as many as one peer may in any case.
    pub(crate) fn streams_per_source(&self) -> u64 {
        let of_peer = self.streams_per_connection * u64::from(MAX_CONNECTIONS_PER_PEER);
        (self.streams / 4).max(of_peer)
    }

    /// What one connection's messages may take of the memory.
    pub(crate) fn bytes_per_connection(&self) -> usize {
        let share = self.buffered_bytes / u64::from(self.connections.max(1));
        usize::try_from(share).unwrap_or(usize::MAX)
    }
}
