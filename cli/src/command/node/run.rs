//! `node run`: the node itself, in this terminal or started in the background by another command.

use std::path::PathBuf;

use serde::Serialize;
use windbreak_node::api::Client;
use windbreak_node::backup;
use windbreak_node::profile::Profile;
use windbreak_node::telemetry::{self, LogTarget, TelemetryError};
use windbreak_node::{Attachment, Node, NodeConfig, NodeError, Signals};

use crate::args::RunArgs;
use crate::command::Context;
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::passphrase::Source;
use crate::session;
use crate::words::{self, say};

/// What a node says once it is ready; whoever started it in the background waits for this line.
#[derive(Serialize)]
struct Ready {
    pid: u32,
    profile: PathBuf,
}

impl Report for Ready {
    fn page(&self, page: &mut Page) {
        page.text(say!("node-run-node-running-press-ctrl"));
        page.hint(say!("node-run-other-commands-go-another"));
    }
}

/// Runs until it is told to stop, then puts everything away.
pub(crate) async fn run(context: Context<'_>, args: &RunArgs) -> Result<(), Failure> {
    let attachment = if args.background { Attachment::Background } else { Attachment::Terminal };
    if args.background {
        // A session of its own: neither Ctrl-C nor the end of the terminal is meant for it.
        // It fails only for who leads one already.
        let _ = rustix::process::setsid();
    }
    let folder = session::existing_folder(context.global)?;
    if Client::new(session::socket(&folder)?).status().await.is_ok() {
        return Err(Failure::new(
            Kind::Failed,
            "node_runs_already",
            say!("node-run-node-runs-already"),
            say!("node-run-node-runs-already-next"),
        ));
    }
    let passphrase = Source::new(context.global)?.read().await?;
    let progress = context.out.progress(say!("node-run-opening-profile"));
    let opened = tokio::task::spawn_blocking(move || Profile::open(&folder, &passphrase));
    let profile = opened.await.map_err(|_| Failure::interrupted())??;
    let log = profile.config().log.clone();
    let path = profile.log_path();
    match attachment {
        Attachment::Background if log.file => telemetry::start(&log, LogTarget::File(&path))?,
        Attachment::Background => {}
        Attachment::Terminal => telemetry::start(&log, LogTarget::Stderr)?,
    }
    let folder = profile.folder().to_owned();
    // What keeps it from going stands in the log.
    let _ = tokio::task::spawn_blocking(move || backup::clear_left(&folder)).await;
    let ready = Ready { pid: std::process::id(), profile: profile.folder().to_owned() };
    let config = NodeConfig::from_profile(profile.config());
    let mut signals = Signals::listen()?;
    let handle = Node::start(profile, config).await?;
    drop(progress);

    let told = context.out.tell(&ready);
    if told.is_err() {
        handle.stop();
    }
    tokio::select! {
        () = signals.run_until_shutdown(&handle, attachment) => {}
        // The memory of this process holds keys: it ends now, and nothing is put away.
        () = handle.destroyed() => return told,
        () = session::starter_is_gone(), if args.while_stdin => {
            handle.stop();
            handle.stopped().await;
        }
    }
    told
}

impl From<NodeError> for Failure {
    fn from(error: NodeError) -> Self {
        let words = error.to_string();
        let (message, next) = words.split_once("; ").unwrap_or((&words, say!("session-try-again")));
        let (kind, code) = match error {
            NodeError::Profile(error) => return error.into(),
            NodeError::Store(_) => (Kind::Failed, "store"),
            NodeError::Load(_) => (Kind::Locked, "profile_damaged"),
            NodeError::Socket(_) => (Kind::Failed, "node_socket"),
            NodeError::NoRandomness | NodeError::Signals(_) => (Kind::Failed, "system"),
            NodeError::Fault => (Kind::Failed, "fault"),
        };
        Self::new(kind, code, words::known(message), words::known(next))
    }
}

impl From<TelemetryError> for Failure {
    fn from(error: TelemetryError) -> Self {
        let next = say!("node-run-correct-log-profiles-config");
        Self::new(Kind::Failed, "log", words::known(&error.to_string()), next)
    }
}
