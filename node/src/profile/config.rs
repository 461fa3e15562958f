//! What the owner of a profile may change by hand: `config.toml`. Every field has a default, an
//! unknown one is an error, and errors name the line.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use windbreak_protocol::limits::{MAX_RELAY_ADDRESS, MAX_RELAYS};

use crate::private::{self, PrivateError};

/// The longest `config.toml`, in bytes.
pub(crate) const MAX_CONFIG: usize = 64 * 1024;
/// Addresses a node listens on.
const MAX_LISTEN: usize = 8;
/// The longest log filter, in bytes.
const MAX_FILTER: usize = 1024;

/// Why a configuration was refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ConfigError {
    /// The text is not TOML, or a field is unknown or of the wrong type.
    #[error("config.toml, line {line}: {reason}")]
    Line {
        /// The line, counted from one.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
    /// There is none: how circles reach others is not known, and no way is taken for granted.
    #[error(
        "config.toml is missing, and with it how your circles are reached; say it again: windbreak network default MODE"
    )]
    Missing,
    /// It is not text.
    #[error("config.toml is not UTF-8 text")]
    NotText,
    /// A value is outside its bounds.
    #[error("config.toml: `{field}` must be {bounds}")]
    OutOfBounds {
        /// The field.
        field: &'static str,
        /// What it must be.
        bounds: &'static str,
    },
    /// The file cannot be read or written.
    #[error("config.toml: {0}")]
    File(#[source] PrivateError),
}

/// The whole of `config.toml`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileConfig {
    /// All waiting times are multiplied by this; 0.05 makes a node twenty times faster.
    pub timing_factor: f64,
    /// Relays a new circle names unless told otherwise: addresses with a peer id.
    pub relays: Vec<String>,
    /// How the node reaches others.
    pub network: NetworkConfig,
    /// What it writes down about itself.
    pub log: LogConfig,
    /// How it keeps records.
    pub store: StoreConfig,
    /// When it locks itself.
    pub lock: LockConfig,
    /// How `windbreak panic` goes.
    pub panic: PanicConfig,
}

/// How the node reaches others.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct NetworkConfig {
    /// Who may learn this device's address, for circles that were given no mode of their own.
    pub mode: NetworkMode,
    /// Where the SOCKS port of Tor is, for the mode `tor`.
    #[serde(skip_serializing_if = "is_usual_proxy")]
    pub tor_proxy: SocketAddr,
    /// Addresses to listen on in the mode `direct`.
    pub listen: Vec<String>,
}

/// Who may learn this device's address. A mode never falls back to another. Those that tell it to more
/// come later, but `lan`, which tells it to others.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkMode {
    /// Nobody: everything goes through Tor, to onion services alone.
    Tor,
    /// The relays alone; the node never listens.
    #[default]
    RelayOnly,
    /// The relays and the members of the circle.
    Direct,
    /// Nobody on the internet; on a local network whoever is there, and members know which device is
    /// theirs.
    Lan,
}

/// What the node writes down about itself.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// A level (`error`, `warn`, `info`, `debug`, `trace`, `off`) for our own code, or filter
    /// directives as `RUST_LOG` has them. Directives reach libraries, whose lines hold addresses.
    pub filter: String,
    /// Whether a node in the background writes a log file.
    pub file: bool,
}

/// How the node keeps records.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreConfig {
    /// Memory for the store's pages, in MiB.
    pub cache_mib: u32,
    /// Room on the disk for what is said in one circle, sealed and padded, in MiB; 0 is without a
    /// limit. Beyond it the circle takes no new shares until there is room, and loses nothing.
    pub circle_quota_mib: u32,
}

/// When the node locks itself.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct LockConfig {
    /// Minutes without anything asked of the node, after which it locks; 0 is never.
    pub idle_minutes: u32,
}

/// How `windbreak panic` goes.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct PanicConfig {
    /// Whether it asks for a yes first.
    pub confirm: bool,
}

/// Where Tor has its SOCKS port unless told otherwise.
pub const TOR_PROXY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9050);

fn is_usual_proxy(proxy: &SocketAddr) -> bool {
    *proxy == TOR_PROXY
}

impl Default for NetworkConfig {
    fn default() -> Self {
        Self { mode: NetworkMode::default(), tor_proxy: TOR_PROXY, listen: Vec::new() }
    }
}

impl Default for PanicConfig {
    fn default() -> Self {
        Self { confirm: true }
    }
}

impl Default for ProfileConfig {
    fn default() -> Self {
        Self {
            timing_factor: 1.0,
            relays: Vec::new(),
            network: NetworkConfig::default(),
            log: LogConfig::default(),
            store: StoreConfig::default(),
            lock: LockConfig::default(),
            panic: PanicConfig::default(),
        }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { filter: "info".to_owned(), file: true }
    }
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { cache_mib: 16, circle_quota_mib: 1024 }
    }
}

impl ProfileConfig {
    /// Reads and checks the text of a `config.toml`.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_text(text: &str) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|error| ConfigError::Line {
            line: line_of(text, error.span().map_or(0, |span| span.start)),
            reason: error.message().to_owned(),
        })?;
        config.check()?;
        Ok(config)
    }

    /// `base` by the timing factor.
    #[must_use]
    pub fn scaled(&self, base: Duration) -> Duration {
        base.mul_f64(self.timing_factor)
    }

    /// A missing file is refused: the default may show more of this device than was chosen.
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let bytes = match private::read_file(path, MAX_CONFIG) {
            Ok(bytes) => bytes,
            Err(PrivateError::Missing) => return Err(ConfigError::Missing),
            Err(error) => return Err(ConfigError::File(error)),
        };
        Self::from_text(std::str::from_utf8(&bytes).map_err(|_| ConfigError::NotText)?)
    }

    pub(super) fn write(&self, path: &Path) -> Result<(), ConfigError> {
        private::replace_file(path, self.to_text()?.as_bytes()).map_err(ConfigError::File)
    }

    /// The text of a `config.toml` that says this.
    pub(crate) fn to_text(&self) -> Result<String, ConfigError> {
        self.check()?;
        toml::to_string(self)
            .map_err(|error| ConfigError::Line { line: 0, reason: error.to_string() })
    }

    fn check(&self) -> Result<(), ConfigError> {
        let are_addresses = |addresses: &[String], max| {
            addresses.len() <= max
                && addresses.iter().all(|address| {
                    address.starts_with('/')
                        && address.len() <= MAX_RELAY_ADDRESS
                        && address.bytes().all(|byte| byte.is_ascii_graphic())
                })
        };
        let rules = [
            (
                (0.001..=100.0).contains(&self.timing_factor),
                "timing_factor",
                "a number from 0.001 to 100",
            ),
            (are_addresses(&self.relays, MAX_RELAYS), "relays", "at most 3 addresses like /ip4/…"),
            (
                are_addresses(&self.network.listen, MAX_LISTEN),
                "network.listen",
                "at most 8 addresses like /ip4/…",
            ),
            (
                is_near(self.network.tor_proxy.ip()),
                "network.tor_proxy",
                "an address of this machine or of the network it is in, like 127.0.0.1:9050",
            ),
            (
                self.network.mode != NetworkMode::Lan,
                "network.mode",
                "tor, relay-only or direct: lan is chosen for one circle at a time",
            ),
            (self.log.filter.len() <= MAX_FILTER, "log.filter", "at most 1024 bytes"),
            (
                (1..=4096).contains(&self.store.cache_mib),
                "store.cache_mib",
                "a number from 1 to 4096",
            ),
            (
                self.store.circle_quota_mib <= 1024 * 1024,
                "store.circle_quota_mib",
                "a number from 0 to 1048576",
            ),
            (
                self.lock.idle_minutes <= 7 * 24 * 60,
                "lock.idle_minutes",
                "a number from 0 to 10080",
            ),
        ];
        match rules.into_iter().find(|(holds, ..)| !holds) {
            Some((_, field, bounds)) => Err(ConfigError::OutOfBounds { field, bounds }),
            None => Ok(()),
        }
    }
}

/// Whether an address is of this machine or of the network it is in. Onion addresses go to the proxy
/// unsealed: one on the internet would tell everybody on the way who meets where.
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

/// The line of the byte at `offset`, counted from one.
fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_text_is_the_default_and_what_is_written_reads_back() {
        assert_eq!(ProfileConfig::from_text(""), Ok(ProfileConfig::default()));
        let mut config = ProfileConfig { timing_factor: 0.05, ..ProfileConfig::default() };
        config.network.mode = NetworkMode::Direct;
        config.network.listen.push("/ip4/127.0.0.1/tcp/0".to_owned());
        let text = toml::to_string(&config).unwrap();
        assert_eq!(ProfileConfig::from_text(&text), Ok(config));
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        for (text, line, word) in [
            ("timing_factor = 1\n\n[log]\nfilter = \"info\"\nlevle = 3\n", 5, "levle"),
            ("[network]\nmode = \"carrier-pigeon\"\n", 2, "carrier-pigeon"),
            ("\n\nrelays = 7\n", 3, "sequence"),
            ("[store\n", 1, ""),
        ] {
            let Err(ConfigError::Line { line: found, reason }) = ProfileConfig::from_text(text)
            else {
                panic!("{text} was read");
            };
            assert_eq!(found, line, "{text}: {reason}");
            assert!(reason.contains(word), "{reason}");
        }
    }

    #[test]
    fn values_out_of_bounds_are_refused() {
        for (text, expected) in [
            ("timing_factor = 0.0", "timing_factor"),
            ("timing_factor = nan", "timing_factor"),
            ("relays = [\"relay.example\"]", "relays"),
            ("relays = [\"/a\", \"/b\", \"/c\", \"/d\"]", "relays"),
            ("[network]\nlisten = [\"/ip4/\\u001b[2J\"]", "network.listen"),
            ("[network]\ntor_proxy = \"192.0.2.1:9050\"", "network.tor_proxy"),
            ("[store]\ncache_mib = 0", "store.cache_mib"),
        ] {
            let result = ProfileConfig::from_text(text);
            assert!(
                matches!(result, Err(ConfigError::OutOfBounds { field, .. }) if field == expected),
                "{text}: {result:?}"
            );
        }
    }
}
