//! A relay: keeps sealed envelopes for circles and forwards them, and holds no key.
//!
//! It verifies that an envelope is signed by its topic's key, keeps it for a time, and gives it to
//! whoever proves that topic's key. It names no topic to anyone, and logs counts only.
//! Clauses: specs/06-sync Y-1 to Y-13.

mod admission;
mod config;
mod crowd;
mod file;
mod grants;
mod mailbox;
mod metrics;
mod network;
mod peers;
mod places;
mod report;
mod reserve;
mod shelf;
mod sources;
mod status;

#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use libp2p::identity::Keypair;
use libp2p::{Multiaddr, PeerId};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use zeroize::Zeroizing;

use crate::private::{self, PrivateError};
use crate::relay::mailbox::{OpenStore, RelayMailbox};
use crate::relay::network::{Listening, Network};
use crate::relay::sources::Sources;
use crate::store::{SledStore, StoreError, StoreKey};
use crate::swarm::supervisor::supervise;

pub use config::{AdmissionMode, Circuits, RelayConfig, RelayLimits};
pub use file::{RELAY_FILE, RelayFile, RelayFileError};
pub use grants::{GrantList, GrantOrder, GrantSummary, IssuedGrant};
pub use metrics::MetricsServer;
pub use report::{RelayReport, ReportServer};
pub use status::{RefusedCounts, RelayStatus};

/// Between two looks whether everything asked for was answered.
const DRAIN_INTERVAL: Duration = Duration::from_millis(20);

/// Why a relay cannot run.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// An address to listen on is no multiaddress.
    #[error("an address to listen on is malformed; write it as /ip4/0.0.0.0/tcp/4710")]
    Address,
    /// An address at which others reach the relay is no multiaddress.
    #[error(
        "an external address is malformed; write it as /ip4/192.0.2.1/tcp/4710, or as NAME.onion:4710"
    )]
    External,
    /// No address to listen on was given.
    #[error("there is no address to listen on")]
    NoAddress,
    /// The operating system does not let the relay listen there.
    #[error("cannot listen there; another program may use the port")]
    Listen,
    /// Counts cannot be served there.
    #[error("counts cannot be served there; use a free port of this machine, like 127.0.0.1:9471")]
    Metrics,
    /// The file with the relay's identity is damaged.
    #[error("the relay's identity file is damaged; restore it, or remove it to get a new address")]
    Identity,
    /// The relay's folder or a file in it cannot be used.
    #[error("the relay's folder cannot be used: {0}")]
    Folder(#[from] PrivateError),
    /// The relay's store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system gave no randomness.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
    /// The clock shows a time long after the relay ran last.
    #[error(
        "by the clock of this machine the relay was off for more than eight days, and if that is wrong, grants would end for good; set the clock, or if it is right, start once with: windbreak relay run --clock-is-right"
    )]
    Clock,
    /// A thread could not be started.
    #[error("a thread could not be started: {0}")]
    Thread(io::ErrorKind),
}

/// A running relay. Dropping it stops the relay without waiting.
pub struct RelayHandle {
    mailbox: Arc<RelayMailbox>,
    peer: PeerId,
    listening: Arc<Mutex<Vec<Multiaddr>>>,
    external: Arc<[Multiaddr]>,
    stop: CancellationToken,
    network: AbortOnDropHandle<()>,
    sweeper: AbortOnDropHandle<()>,
    writer: JoinHandle<()>,
    patience: Duration,
    drain: Duration,
}

impl RelayHandle {
    /// Counts of what it does.
    #[must_use]
    pub fn status(&self) -> RelayStatus {
        self.mailbox.status()
    }

    /// Issues a grant, as its host does.
    #[cfg(test)]
    pub(crate) async fn issue_for_test(
        &self,
        members: u16,
    ) -> windbreak_protocol::admission::Grant {
        let terms = admission::Terms { members, draws: 2, epochs: 3 };
        self.mailbox.admission().unwrap().issue(&self.mailbox, terms).await.unwrap()
    }

    /// Where it can be reached, as multiaddresses that end with its peer id.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        self.desk().addresses()
    }

    /// Stops it: nothing new is taken or begun, what was asked before is answered and what was put
    /// is made durable, then it ends. Without an answer in time it ends all the same.
    pub async fn shutdown(self) {
        self.mailbox.stop().await;
        let counters = self.mailbox.counters();
        let answered = async {
            // One moment more than nothing: an answer leaves after the request is done with.
            while counters.busy.load(Ordering::Relaxed) > 0 {
                sleep(DRAIN_INTERVAL).await;
            }
            sleep(DRAIN_INTERVAL).await;
        };
        let _ = timeout(self.drain, answered).await;
        // The writer ends after what it has; the network stays up so long, to acknowledge it.
        let _ = timeout(self.patience, self.writer).await;
        self.stop.cancel();
        drop(self.sweeper);
        let _ = timeout(self.patience, self.network).await;
        // Streams that still end must not keep the store from whoever opens it next.
        self.mailbox.close();
    }
}

impl std::fmt::Debug for RelayHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RelayHandle").field("status", &self.status()).finish_non_exhaustive()
    }
}

/// Starts a relay; it listens when this returns.
///
/// # Errors
/// [`RelayError`] says what to change.
pub async fn run_relay(config: RelayConfig) -> Result<RelayHandle, RelayError> {
    let listen = addresses(&config.listen)?;
    let external = external(&config.external)?;
    private::create_folder(&config.folder)?;
    let identity = identity(&config.folder.join("identity"))?;
    let peer = identity.public().to_peer_id();

    let folder = config.folder.join("store");
    let cache = config.limits.cache_bytes;
    let key = store_key(&config.folder, &folder, cache)?;
    let open: OpenStore =
        Box::new(move || Ok(Box::new(SledStore::open_unread(&folder, &key, cache)?)));
    let (folder, limits, clock) = (config.folder.clone(), config.limits.clone(), config.clock);
    let admission = config.admission;
    // Reading what is held may take a while.
    let opened = tokio::task::spawn_blocking(move || {
        RelayMailbox::open(open, Some(folder), limits, admission, clock)
    });
    let (mailbox, writer) = opened.await.map_err(|_| StoreError::Stopped)??;
    let writer = tokio::task::spawn_blocking(move || writer.run());

    if let Some(admission) = mailbox.admission() {
        if config.clock_is_right {
            admission.confirm_clock(&mailbox).await;
        } else if !admission.trusts_clock() {
            mailbox.stop().await;
            let _ = writer.await;
            mailbox.close();
            return Err(RelayError::Clock);
        }
    }

    let stop = CancellationToken::new();
    let limits = &config.limits;
    let sources = Sources::new(limits);
    let network = Network {
        identity,
        mailbox: mailbox.clone(),
        sources: Arc::new(sources),
        circuits: config.circuits,
        limits: config.limits,
        timings: config.timings,
        listening: Arc::new(Mutex::new(listen)),
    };
    let listening = network.listening.clone();
    let started = Listening::new();
    let network = {
        let (network, started) = (Arc::new(network), started.clone());
        let run = move || network::run(network.clone(), started.clone());
        AbortOnDropHandle::new(tokio::spawn(supervise(stop.clone(), config.timings, run)))
    };
    started.wait(config.timings.connect).await.map_err(|()| RelayError::Listen)?;

    let sweeper = {
        let (mailbox, timings) = (mailbox.clone(), config.timings);
        AbortOnDropHandle::new(tokio::spawn(async move {
            loop {
                mailbox.sweep().await;
                let next = Instant::now() + timings.sweep;
                while Instant::now() < next {
                    sleep(timings.look.min(timings.sweep)).await;
                    mailbox.look().await;
                }
            }
        }))
    };
    let (patience, drain) = (config.timings.shutdown, config.drain);
    let external = external.into();
    Ok(RelayHandle {
        mailbox,
        peer,
        listening,
        external,
        stop,
        network,
        sweeper,
        writer,
        patience,
        drain,
    })
}

/// The address with the relay's peer id at its end.
fn with_peer(address: &Multiaddr, peer: PeerId) -> String {
    address.clone().with_p2p(peer).unwrap_or_else(|address| address).to_string()
}

/// Reads addresses at which others reach a relay; a name of an onion service may stand as Tor writes
/// it.
fn external(texts: &[String]) -> Result<Vec<Multiaddr>, RelayError> {
    let read = |text: &String| {
        let onion = text.trim().split_once(".onion").map(|(name, rest)| {
            let port = rest.strip_prefix(':').unwrap_or("4710");
            format!("/onion3/{name}:{port}")
        });
        let address = onion.unwrap_or_else(|| text.clone());
        address.parse().map_err(|_| RelayError::External)
    };
    texts.iter().map(read).collect()
}

fn addresses(listen: &[String]) -> Result<Vec<Multiaddr>, RelayError> {
    if listen.is_empty() {
        return Err(RelayError::NoAddress);
    }
    listen.iter().map(|text| text.parse().map_err(|_| RelayError::Address)).collect()
}

/// The key of the store in `store`. The first start makes both, and gives the key its name last: where that
/// is, there was a store, and one that is gone is not begun anew without a word.
fn store_key(folder: &Path, store: &Path, cache: u64) -> Result<StoreKey, StoreError> {
    let [path, making] = ["key", ".key.making"].map(|name| folder.join(name));
    if let Some(key) = StoreKey::from_file(&path)? {
        return Ok(key);
    }
    let key = match StoreKey::from_file(&making)? {
        // A start that was interrupted.
        Some(key) => key,
        None => {
            let key = StoreKey::generate()?;
            key.to_file(&making)?;
            key
        }
    };
    drop(SledStore::make(store, &key, cache)?);
    fs::rename(&making, &path)?;
    private::sync_folder(folder)?;
    Ok(key)
}

/// The identity in a private file; made at the first start. Its peer id is part of the relay's
/// address, so it stays the same.
fn identity(path: &Path) -> Result<Keypair, RelayError> {
    const SEED: usize = 32;
    let mut seed = match private::read_file(path, SEED) {
        Ok(seed) if seed.len() == SEED => seed,
        Ok(_) | Err(PrivateError::TooLong) => return Err(RelayError::Identity),
        Err(PrivateError::Missing) => {
            let mut seed = Zeroizing::new(vec![0; SEED]);
            getrandom::fill(&mut seed).map_err(|_| RelayError::NoRandomness)?;
            private::replace_file(path, &seed)?;
            seed
        }
        Err(error) => return Err(error.into()),
    };
    Keypair::ed25519_from_bytes(seed.as_mut_slice()).map_err(|_| RelayError::Identity)
}
