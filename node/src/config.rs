//! How a node runs: what its profile says, and the pace that tests change.

use std::time::Duration;

use windbreak_protocol::Timings;

use crate::notice::NoticePace;
use crate::profile::{NetworkConfig, ProfileConfig};
use crate::swarm;

/// Between two attempts to use a store that failed.
const TRY_AGAIN: Duration = Duration::from_secs(5);
/// Between two looks after the store.
const UPKEEP: Duration = Duration::from_secs(3600);

const MIB: u64 = 1024 * 1024;

/// How a node runs.
#[derive(Clone, Debug)]
pub struct NodeConfig {
    /// The waits of the engine.
    pub timings: Timings,
    /// The waits of the networks.
    pub network: swarm::Timings,
    /// Between two attempts to use a store that failed.
    pub try_again: Duration,
    /// Between two looks after the store.
    pub upkeep: Duration,
    /// The waits of notices.
    pub notices: NoticePace,
    /// How long nothing is asked of the node before it locks itself; never, if there is no time.
    pub idle_lock: Option<Duration>,
    /// Bytes that one circle may take, and the memory for the store's pages.
    pub bounds: Bounds,
    /// Relays a new circle names unless told otherwise.
    pub relays: Vec<String>,
    /// How circles reach others, unless one was given a mode of its own.
    pub reach: NetworkConfig,
}

/// What the store may take.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bounds {
    /// Bytes on the disk of what is said in one circle; no limit, if there is no number.
    pub circle_quota: Option<u64>,
    /// Bytes of memory for the store's pages.
    pub cache: u64,
}

impl NodeConfig {
    /// What the profile says.
    #[must_use]
    pub fn from_profile(config: &ProfileConfig) -> Self {
        // A factor of 0.05 is twenty times faster. It is checked to be within its bounds when the
        // configuration is read, and a cast of what is not a number gives zero: no change.
        let faster = (1.0 / config.timing_factor).round() as u32;
        Self {
            timings: if faster > 1 {
                Timings::default().faster(faster)
            } else {
                Timings::default()
            },
            network: if faster > 1 { swarm::Timings::fast() } else { swarm::Timings::default() },
            try_again: config.scaled(TRY_AGAIN),
            upkeep: config.scaled(UPKEEP),
            notices: NoticePace {
                settle: config.scaled(NoticePace::default().settle),
                minute: config.scaled(NoticePace::default().minute),
                ..NoticePace::default()
            },
            idle_lock: (config.lock.idle_minutes > 0).then(|| {
                config.scaled(Duration::from_secs(60 * u64::from(config.lock.idle_minutes)))
            }),
            bounds: Bounds {
                circle_quota: (config.store.circle_quota_mib > 0)
                    .then(|| u64::from(config.store.circle_quota_mib) * MIB),
                cache: u64::from(config.store.cache_mib) * MIB,
            },
            relays: config.relays.clone(),
            reach: config.network.clone(),
        }
    }
}
