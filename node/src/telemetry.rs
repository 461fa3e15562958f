//! What the node writes down about itself: to the terminal's error channel or to a private file.
//!
//! Our own lines name nobody: ids, keys and secrets have a `Debug` that redacts them. Lines of
//! libraries hold addresses and peer ids, so a plain level is for our own code alone.

use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::private::{self, PrivateError};
use crate::profile::LogConfig;

/// The crates a plain level is for.
const OUR_CRATES: [&str; 3] = ["windbreak", "windbreak_node", "windbreak_protocol"];

/// Where lines go.
#[derive(Clone, Copy, Debug)]
pub enum LogTarget<'a> {
    /// The error channel of the terminal.
    Stderr,
    /// A file of mode 0600 that is appended to.
    File(&'a Path),
}

/// Why nothing is written down.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter makes no sense.
    #[error("`log.filter` is neither a level nor a list of filter directives: {0}")]
    Filter(#[source] tracing_subscriber::filter::ParseError),
    /// The log file cannot be used.
    #[error("the log file: {0}")]
    File(#[source] PrivateError),
    /// It was started before.
    #[error("logging was started already")]
    Started,
}

/// Starts writing lines for the rest of the process.
///
/// # Errors
/// [`TelemetryError`].
pub fn start(config: &LogConfig, target: LogTarget<'_>) -> Result<(), TelemetryError> {
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter(&config.filter)?).with_ansi(false);
    let started = match target {
        LogTarget::Stderr => builder.with_writer(std::io::stderr).try_init(),
        LogTarget::File(path) => {
            let file = private::append_file(path).map_err(TelemetryError::File)?;
            builder.with_writer(Mutex::new(file)).try_init()
        }
    };
    started.map_err(|_| TelemetryError::Started)
}

fn filter(text: &str) -> Result<EnvFilter, TelemetryError> {
    let directives = match text.trim().parse::<LevelFilter>() {
        Ok(level) => OUR_CRATES.map(|name| format!("{name}={level}")).join(","),
        Err(_) => text.to_owned(),
    };
    EnvFilter::builder().parse(directives).map_err(TelemetryError::Filter)
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::fs::MetadataExt;

    use super::*;

    #[test]
    fn lines_of_ours_reach_a_private_file_and_others_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("node.log");
        start(&LogConfig::default(), LogTarget::File(&path)).unwrap();
        tracing::info!(circles = 2, "node started");
        tracing::debug!("too much detail");
        tracing::info!(target: "libp2p_swarm", "an address");
        let mut text = String::new();
        std::fs::File::open(&path).unwrap().read_to_string(&mut text).unwrap();
        assert!(text.contains("node started"), "{text}");
        assert!(!text.contains("detail") && !text.contains("address"), "{text}");
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, private::FILE_MODE);
        let again = start(&LogConfig::default(), LogTarget::Stderr);
        assert!(matches!(again, Err(TelemetryError::Started)));
    }

    #[test]
    fn a_filter_is_a_level_or_directives() {
        assert_eq!(filter("debug").unwrap().to_string().split(',').count(), OUR_CRATES.len());
        assert!(filter("windbreak_node::store=trace,libp2p_tcp=warn").is_ok());
        assert!(matches!(filter("a=b=c"), Err(TelemetryError::Filter(_))));
    }
}
