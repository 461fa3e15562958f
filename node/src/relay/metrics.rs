//! What a relay tells a program that watches it: counts for Prometheus and whether it takes anything.
//! Over HTTP on loopback, and only if its host set a port. No topic, no peer, no address: whoever
//! reads it learns how much passes, as its host does.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

use super::mailbox::RelayMailbox;
use super::{RelayError, RelayHandle, RelayStatus};

/// The counts, while they are served. Dropping it ends that.
#[derive(Debug)]
pub struct MetricsServer {
    address: SocketAddr,
    _task: AbortOnDropHandle<()>,
}

impl MetricsServer {
    /// Where they are served.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl RelayHandle {
    /// Serves `/metrics` and `/health` at an address of this machine.
    ///
    /// # Errors
    /// [`RelayError::Metrics`] if it is not one, or another program has it.
    pub async fn serve_metrics(&self, address: SocketAddr) -> Result<MetricsServer, RelayError> {
        if !address.ip().is_loopback() {
            return Err(RelayError::Metrics);
        }
        let listener = TcpListener::bind(address).await.map_err(|_| RelayError::Metrics)?;
        let address = listener.local_addr().map_err(|_| RelayError::Metrics)?;
        let router = Router::new()
            .route("/metrics", get(metrics))
            .route("/health", get(health))
            .with_state(self.mailbox.clone());
        let task = AbortOnDropHandle::new(tokio::spawn(async move {
            // The listener repeats what fails, so that serving ends only when it is dropped.
            let _ = axum::serve(listener, router).await;
        }));
        Ok(MetricsServer { address, _task: task })
    }
}

async fn metrics(
    State(mailbox): State<Arc<RelayMailbox>>,
) -> ([(header::HeaderName, &'static str); 1], String) {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, text(&mailbox.status()))
}

/// In order, or why not.
async fn health(State(mailbox): State<Arc<RelayMailbox>>) -> (StatusCode, &'static str) {
    let status = mailbox.status();
    if status.is_stopping {
        (StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
    } else if !status.has_room {
        (StatusCode::SERVICE_UNAVAILABLE, "no room, or the disk cannot be written\n")
    } else {
        (StatusCode::OK, "ok\n")
    }
}

/// The counts in the text format of Prometheus.
fn text(status: &RelayStatus) -> String {
    let mut text = String::new();
    let mut tell = |name: &str, kind: &str, help: &str, lines: &[(&str, u64)]| {
        // Writing into a string does not fail.
        let _ = writeln!(text, "# HELP windbreak_relay_{name} {help}");
        let _ = writeln!(text, "# TYPE windbreak_relay_{name} {kind}");
        for (label, value) in lines {
            let _ = writeln!(text, "windbreak_relay_{name}{label} {value}");
        }
    };
    let now = [
        ("connections", "Connections open now.", status.connections),
        ("streams", "Streams open now.", status.streams),
        ("topics", "Topics of which anything is held.", status.topics),
        ("envelopes", "Envelopes held.", status.envelopes),
        ("bytes", "Bytes of the envelopes held.", status.bytes),
        ("has_room", "1 if envelopes can be written.", status.has_room.into()),
    ];
    for (name, help, value) in now {
        tell(name, "gauge", help, &[("", value)]);
    }
    let ever = [
        ("taken_total", "Envelopes taken.", status.taken),
        ("given_total", "Envelopes given to clients.", status.given),
        ("expired_total", "Envelopes dropped because their time was over.", status.expired),
        ("tokens_drawn_total", "Tokens drawn.", status.tokens_drawn),
        ("tokens_spent_total", "Tokens spent.", status.tokens_spent),
        ("turned_away_total", "Connections refused at a limit.", status.turned_away),
    ];
    for (name, help, value) in ever {
        tell(name, "counter", help, &[("", value)]);
    }
    let refused = &status.refused;
    let reasons = [
        ("{reason=\"quota\"}", refused.quota),
        ("{reason=\"full\"}", refused.full),
        ("{reason=\"expired\"}", refused.expired),
        ("{reason=\"malformed\"}", refused.malformed),
        ("{reason=\"wrong_topic\"}", refused.wrong_topic),
        ("{reason=\"too_far_ahead\"}", refused.too_far_ahead),
        ("{reason=\"shutting_down\"}", refused.shutting_down),
        ("{reason=\"token_wanted\"}", refused.token_wanted),
        ("{reason=\"token_invalid\"}", refused.token_invalid),
        ("{reason=\"grant_used_up\"}", refused.grant_used_up),
        ("{reason=\"grant_ended\"}", refused.grant_ended),
        ("{reason=\"other_epoch\"}", refused.other_epoch),
    ];
    tell("refused_total", "counter", "Envelopes refused, by reason.", &reasons);
    text
}
