//! How a running relay tells its host how it is: counts, over a private Unix socket in its folder.
//! Who can open the socket runs the relay; nothing here names a topic, a peer or a client.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use libp2p::{Multiaddr, PeerId};
use serde::{Deserialize, Serialize};
use tokio::net::UnixListener;
use tokio_util::task::AbortOnDropHandle;

use super::mailbox::RelayMailbox;
use super::{RelayHandle, RelayStatus, grants, with_peer};
use crate::api::message::Answer;
use crate::private::{self, PrivateError};

/// What a running relay tells its host.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct RelayReport {
    /// The version of the program.
    pub version: String,
    /// Its process id.
    pub pid: u32,
    /// Where it can be reached.
    pub addresses: Vec<String>,
    /// What it holds and does.
    pub status: RelayStatus,
}

/// What a report is made from.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) mailbox: Arc<RelayMailbox>,
    peer: PeerId,
    listening: Arc<Mutex<Vec<Multiaddr>>>,
    external: Arc<[Multiaddr]>,
}

impl Desk {
    /// Those that others reach it at first.
    pub(super) fn addresses(&self) -> Vec<String> {
        let listening = self.listening.lock().unwrap_or_else(PoisonError::into_inner);
        let all = self.external.iter().chain(listening.iter());
        all.map(|address| with_peer(address, self.peer)).collect()
    }

    fn report(&self) -> RelayReport {
        RelayReport {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
            addresses: self.addresses(),
            status: self.mailbox.status(),
        }
    }
}

/// The reports, while they are served. Dropping it ends them and removes the socket.
#[derive(Debug)]
pub struct ReportServer {
    socket: PathBuf,
    _task: AbortOnDropHandle<()>,
}

impl Drop for ReportServer {
    fn drop(&mut self) {
        // A socket left behind is removed at the next start.
        let _ = private::remove_if_there(&self.socket);
    }
}

impl RelayHandle {
    /// What it tells its host.
    #[must_use]
    pub fn report(&self) -> RelayReport {
        self.desk().report()
    }

    /// Serves [`RelayReport`] at `/v1/relay` and grants below it on `socket`, which only this user can open. Whoever
    /// calls this runs the relay of the folder: what stands at the path was left by an old one.
    ///
    /// # Errors
    /// [`PrivateError`] when the socket cannot be made.
    pub fn serve_reports(&self, socket: &Path) -> Result<ReportServer, PrivateError> {
        private::remove_if_there(socket)?;
        // Bound under another name and moved once its mode is right: nobody else can ever open it.
        let fresh = socket.with_extension("new");
        private::remove_if_there(&fresh)?;
        let listener = UnixListener::bind(&fresh)?;
        fs::set_permissions(&fresh, Permissions::from_mode(private::FILE_MODE))?;
        fs::rename(&fresh, socket)?;
        let router = Router::new()
            .route(
                "/v1/relay",
                get(async |State(desk): State<Desk>| Json(Answer::new(desk.report()))),
            )
            .route("/v1/relay/grants", get(grants::list).post(grants::issue))
            .route("/v1/relay/grants/{id}/revoke", post(grants::revoke))
            .with_state(self.desk());
        let task = AbortOnDropHandle::new(tokio::spawn(async move {
            // The listener repeats what fails, so that serving ends only when it is dropped.
            let _ = axum::serve(listener, router).await;
        }));
        Ok(ReportServer { socket: socket.to_owned(), _task: task })
    }

    pub(super) fn desk(&self) -> Desk {
        Desk {
            mailbox: self.mailbox.clone(),
            peer: self.peer,
            listening: self.listening.clone(),
            external: self.external.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;
    use crate::api::Client;
    use crate::relay::{RelayConfig, run_relay};

    #[tokio::test(flavor = "multi_thread")]
    async fn a_relay_tells_its_host_counts_and_its_address() {
        let folder = tempfile::tempdir().unwrap();
        let clock = crate::clock::system_clock();
        let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned()];
        let mut config = RelayConfig::new(folder.path().join("relay"), listen, clock);
        config.external = vec![format!("{}.onion:4710\n", "a".repeat(56))];
        let relay = run_relay(config).await.unwrap();
        let socket = folder.path().join("relay.sock");
        let server = relay.serve_reports(&socket).unwrap();
        assert_eq!(fs::metadata(&socket).unwrap().mode() & 0o777, private::FILE_MODE);
        let report = Client::new(&socket).relay_report().await.unwrap();
        assert_eq!(report.pid, std::process::id());
        assert_eq!(report.addresses, relay.addresses());
        assert!(report.addresses[0].starts_with("/onion3/"), "{report:?}");
        assert!(report.addresses[1].starts_with("/ip4/127.0.0.1/"), "{report:?}");
        assert!(report.addresses.iter().all(|address| address.contains("/p2p/")));
        assert_eq!(report.status.envelopes, 0);
        drop(server);
        assert!(!socket.exists());
        relay.shutdown().await;
    }
}
