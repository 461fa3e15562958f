//! What the host of a relay may change: `relay.toml`, in units a person thinks in. Every field has a
//! default, an unknown one is an error, and errors name the line or the field.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::{AdmissionMode, Circuits, RelayConfig, RelayLimits};
use crate::private::{self, PrivateError};
use crate::swarm::Clock;

/// The longest `relay.toml`, in bytes.
const MAX_FILE: usize = 64 * 1024;
/// Addresses of each sort.
const MAX_ADDRESSES: usize = 16;
const MIB: u64 = 1024 * 1024;

/// A `relay.toml` with everything at its default, and what it means.
pub const RELAY_FILE: &str = include_str!("relay.toml");

/// Why a relay's file was refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RelayFileError {
    /// The text is not TOML, or a field is unknown or of the wrong type.
    #[error("line {line}: {reason}")]
    Line {
        /// The line, counted from one.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
    /// It is not text.
    #[error("it is not UTF-8 text")]
    NotText,
    /// A value is outside its bounds.
    #[error("`{field}` must be {bounds}")]
    OutOfBounds {
        /// The field.
        field: &'static str,
        /// What it must be.
        bounds: &'static str,
    },
    /// The file cannot be read.
    #[error("{0}")]
    File(#[source] PrivateError),
}

/// The whole of `relay.toml`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct RelayFile {
    /// Where to listen.
    pub listen: Vec<String>,
    /// Where others reach it, if that is elsewhere.
    pub external: Vec<String>,
    /// Whether it brings members together who want to meet directly.
    pub circuits: Circuits,
    /// Who may put envelopes on it.
    pub admission: AdmissionMode,
    /// Where counts are served on this machine; nowhere, if it is not set.
    pub metrics: Option<SocketAddr>,
    /// How long what was asked before may take to be answered at the end, in seconds.
    pub drain_seconds: u64,
    limits: Limits,
}

/// How much it takes.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct Limits {
    keep_days: u64,
    total_mib: u64,
    free_mib: u64,
    topics: u64,
    envelopes: u64,
    topic_mib: u64,
    topic_envelopes: u64,
    source_mib_per_hour: u64,
    source_topics_per_hour: u64,
    source_connections: u32,
    connections: u32,
    streams: u64,
    streams_per_connection: u64,
    buffered_mib: u64,
    cache_mib: u64,
}

impl Default for RelayFile {
    fn default() -> Self {
        Self {
            listen: vec!["/ip4/0.0.0.0/tcp/4710".to_owned()],
            external: Vec::new(),
            circuits: Circuits::default(),
            admission: AdmissionMode::default(),
            metrics: None,
            drain_seconds: super::config::DRAIN.as_secs(),
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        let usual = RelayLimits::default();
        Self {
            keep_days: usual.keep.as_secs() / (24 * 3600),
            total_mib: usual.total_bytes / MIB,
            free_mib: usual.free_bytes / MIB,
            topics: usual.topics,
            envelopes: usual.envelopes,
            topic_mib: usual.topic_bytes / MIB,
            topic_envelopes: usual.topic_envelopes,
            source_mib_per_hour: usual.source_bytes_per_hour / MIB,
            source_topics_per_hour: usual.source_topics_per_hour,
            source_connections: usual.source_connections,
            connections: usual.connections,
            streams: usual.streams,
            streams_per_connection: usual.streams_per_connection,
            buffered_mib: usual.buffered_bytes / MIB,
            cache_mib: usual.cache_bytes / MIB,
        }
    }
}

impl RelayFile {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// [`RelayFileError`].
    pub fn read(path: &Path) -> Result<Self, RelayFileError> {
        let bytes = private::read_file(path, MAX_FILE).map_err(RelayFileError::File)?;
        Self::from_text(std::str::from_utf8(&bytes).map_err(|_| RelayFileError::NotText)?)
    }

    /// Reads and checks the text of a file.
    ///
    /// # Errors
    /// [`RelayFileError`].
    pub fn from_text(text: &str) -> Result<Self, RelayFileError> {
        let file: Self = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let before = text.bytes().take(start).filter(|byte| *byte == b'\n').count();
            RelayFileError::Line { line: 1 + before, reason: error.message().to_owned() }
        })?;
        file.check()?;
        Ok(file)
    }

    /// The relay that the file describes.
    #[must_use]
    pub fn config(&self, folder: PathBuf, clock: Clock) -> RelayConfig {
        let mut config = RelayConfig::new(folder, self.listen.clone(), clock);
        config.external.clone_from(&self.external);
        config.circuits = self.circuits;
        config.admission = self.admission;
        config.drain = Duration::from_secs(self.drain_seconds);
        let limits = &self.limits;
        config.limits = RelayLimits {
            topic_envelopes: limits.topic_envelopes,
            topic_bytes: limits.topic_mib * MIB,
            topics: limits.topics,
            envelopes: limits.envelopes,
            total_bytes: limits.total_mib * MIB,
            free_bytes: limits.free_mib * MIB,
            source_bytes_per_hour: limits.source_mib_per_hour * MIB,
            source_topics_per_hour: limits.source_topics_per_hour,
            source_connections: limits.source_connections,
            connections: limits.connections,
            streams: limits.streams,
            streams_per_connection: limits.streams_per_connection,
            buffered_bytes: limits.buffered_mib * MIB,
            keep: Duration::from_secs(limits.keep_days * 24 * 3600),
            cache_bytes: limits.cache_mib * MIB,
        };
        config
    }

    fn check(&self) -> Result<(), RelayFileError> {
        let limits = &self.limits;
        let some = 1..=1_000_000_000_u64;
        let counts = "a number from 1 to 1000000000";
        let mib = 1..=64 * 1024 * 1024_u64;
        let sizes = "a number of MiB from 1 to 67108864";
        let is_near = self.metrics.is_none_or(|address| address.ip().is_loopback());
        let rules = [
            (
                (1..=MAX_ADDRESSES).contains(&self.listen.len()),
                "listen",
                "from 1 to 16 addresses like /ip4/0.0.0.0/tcp/4710",
            ),
            (self.external.len() <= MAX_ADDRESSES, "external", "at most 16 addresses"),
            (is_near, "metrics", "an address of this machine, like 127.0.0.1:9471"),
            (self.drain_seconds <= 600, "drain_seconds", "a number from 0 to 600"),
            ((1..=30).contains(&limits.keep_days), "limits.keep_days", "a number from 1 to 30"),
            (mib.contains(&limits.total_mib), "limits.total_mib", sizes),
            (limits.free_mib <= *mib.end(), "limits.free_mib", "a number of MiB"),
            (some.contains(&limits.topics), "limits.topics", counts),
            (some.contains(&limits.envelopes), "limits.envelopes", counts),
            (mib.contains(&limits.topic_mib), "limits.topic_mib", sizes),
            (some.contains(&limits.topic_envelopes), "limits.topic_envelopes", counts),
            (mib.contains(&limits.source_mib_per_hour), "limits.source_mib_per_hour", sizes),
            (
                some.contains(&limits.source_topics_per_hour),
                "limits.source_topics_per_hour",
                counts,
            ),
            (limits.source_connections > 0, "limits.source_connections", "1 or more"),
            (limits.connections > 0, "limits.connections", "1 or more"),
            (some.contains(&limits.streams), "limits.streams", counts),
            (
                some.contains(&limits.streams_per_connection),
                "limits.streams_per_connection",
                counts,
            ),
            (mib.contains(&limits.buffered_mib), "limits.buffered_mib", sizes),
            ((1..=65_536).contains(&limits.cache_mib), "limits.cache_mib", "from 1 to 65536 MiB"),
        ];
        match rules.into_iter().find(|(holds, ..)| !holds) {
            Some((_, field, bounds)) => Err(RelayFileError::OutOfBounds { field, bounds }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commented_file_says_what_holds_without_one() {
        assert_eq!(RelayFile::from_text(RELAY_FILE), Ok(RelayFile::default()));
        // And so it does with every line that is a setting taken out of its comment.
        let settings: String = RELAY_FILE
            .lines()
            .map(|line| line.strip_prefix("#: ").unwrap_or(line).to_owned() + "\n")
            .collect();
        let mut set = RelayFile::from_text(&settings).unwrap();
        assert!(set.metrics.take().is_some() && !set.external.is_empty());
        set.external.clear();
        assert_eq!(set, RelayFile::default());
        let config = set.config(PathBuf::from("/nowhere"), crate::clock::system_clock());
        assert_eq!(config.limits, RelayLimits::default());
    }

    #[test]
    fn a_mistake_is_told_with_its_line_or_its_field() {
        let told = |text: &str| RelayFile::from_text(text).unwrap_err().to_string();
        assert!(told("listen = []\n").contains("`listen`"));
        assert!(told("\n[limits]\ntopcs = 3\n").starts_with("line 3"));
        for (text, field) in [
            ("metrics = \"192.0.2.1:9471\"", "metrics"),
            ("[limits]\nkeep_days = 31", "limits.keep_days"),
            ("[limits]\nconnections = 0", "limits.connections"),
            ("drain_seconds = 601", "drain_seconds"),
        ] {
            assert!(told(text).contains(field), "{text}");
        }
    }
}
