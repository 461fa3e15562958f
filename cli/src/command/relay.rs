//! `relay`: runs a relay in this terminal, and tells its host how it is.

use std::fs;
use std::io::{self, Write};
use std::net::{IpAddr, TcpListener};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tokio::signal::unix::{SignalKind, signal};
use windbreak_node::api::{Client, ClientError};
use windbreak_node::private::PrivateError;
use windbreak_node::profile::{self as node_profile, LogConfig};
use windbreak_node::relay::{
    RELAY_FILE, RelayConfig, RelayError, RelayFile, RelayFileError, RelayReport, run_relay,
};
use windbreak_node::store::StoreError;
use windbreak_node::system_clock;
use windbreak_node::telemetry::{self, LogTarget};

use super::Context;
use crate::args::RelayRunArgs;
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::{profile, session, text};

/// The settings of a relay, in its folder.
const FILE_NAME: &str = "relay.toml";
/// Runs a relay under systemd.
const UNIT: &str = include_str!("../../assets/windbreak-relay.service");

#[derive(Serialize)]
struct Running {
    #[serde(flatten)]
    report: RelayReport,
}

impl Report for Running {
    fn page(&self, page: &mut Page) {
        page.text("The relay is running. It keeps sealed envelopes and can read none. Press Ctrl-C to stop it.");
        page.text(takes(self.report.status.by_grant));
        page.gap();
        page.text("Its address, for `windbreak circle new --relay`:");
        for address in &self.report.addresses {
            // One line, unbroken: it is meant to be copied.
            page.verbatim(&text::line(address));
        }
        page.gap();
        page.hint("People outside this machine need an address of it that they can reach, with the same end from /tcp on.");
    }
}

/// Who may put envelopes there.
const fn takes(by_grant: bool) -> &'static str {
    if by_grant {
        "It takes by grant: only circles that you give one put anything here."
    } else {
        "It is open: everybody who knows its address can put envelopes here, within its limits."
    }
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    report: RelayReport,
}

impl Report for Shown {
    fn page(&self, page: &mut Page) {
        let status = &self.report.status;
        page.text(if status.has_room {
            "The relay is running."
        } else {
            "The relay is running, and takes nothing new: there is no room, or the disk cannot be written."
        });
        page.gap();
        for address in &self.report.addresses {
            page.verbatim(&text::line(address));
        }
        page.gap();
        page.field("Admission", takes(status.by_grant));
        page.field("Topics", &status.topics.to_string());
        page.field("Envelopes", &format!("{}, {} bytes", status.envelopes, status.bytes));
        page.field(
            "Connections",
            &format!("{}, with {} streams", status.connections, status.streams),
        );
        if status.turned_away > 0 {
            page.field("Turned away", &format!("{} connections", status.turned_away));
        }
        page.field(
            "Since start",
            &format!("{} taken, {} given, {} expired", status.taken, status.given, status.expired),
        );
        if status.tokens_drawn + status.tokens_spent > 0 {
            page.field(
                "Tokens",
                &format!("{} drawn, {} spent", status.tokens_drawn, status.tokens_spent),
            );
        }
        let refused = &status.refused;
        let reasons = [
            ("over the quota", refused.quota),
            ("no room", refused.full),
            ("too old", refused.expired),
            ("malformed", refused.malformed),
            ("of another topic", refused.wrong_topic),
            ("from the future", refused.too_far_ahead),
            ("while stopping", refused.shutting_down),
            ("without a token", refused.token_wanted),
            ("with a token that is not valid", refused.token_invalid),
            ("beyond a sub-grant", refused.grant_used_up),
            ("by a grant that does not hold", refused.grant_ended),
            ("for another week than this relay's", refused.other_epoch),
        ];
        let reasons: Vec<String> = reasons
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(word, count)| format!("{count} {word}"))
            .collect();
        if !reasons.is_empty() {
            page.field("Refused", &reasons.join(", "));
        }
    }
}

/// Runs until Ctrl-C, SIGTERM or the end of the terminal, then makes durable what was put.
pub(super) async fn run(context: Context<'_>, args: &RelayRunArgs) -> Result<(), Failure> {
    let folder = profile::relay_folder(context.global)?;
    if node_profile::exists(&folder) {
        return Err(Failure::new(
            Kind::Failed,
            "folder_is_profile",
            format!(
                "there is a profile in {}; a relay needs a folder of its own",
                folder.display()
            ),
            "name another folder with --profile DIR",
        ));
    }
    // Before anything else, so that nothing is left half done by an early Ctrl-C.
    let failed = |error| Failure::system("cannot hear signals", &error);
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut hangup = signal(SignalKind::hangup()).map_err(failed)?;
    // A process that cannot be hardened is no worse than before.
    let _ = windbreak_node::private::harden_process();
    let _ = telemetry::start(&LogConfig::default(), LogTarget::Stderr);

    let settings = settings(&folder, args)?;
    if settings.listen.iter().any(|address| is_taken(address)) {
        return Err(Failure::new(
            Kind::Failed,
            "port_taken",
            "another program listens at this address already",
            "choose another port with --listen, or stop that program",
        ));
    }
    let relay = run_relay(RelayConfig {
        clock_is_right: args.clock_is_right,
        ..settings.config(folder.clone(), system_clock())
    })
    .await?;
    let socket = node_profile::socket_path(&folder)?;
    let served = relay.serve_reports(&socket).map_err(|error| RelayError::Folder(error).into());
    let metrics = match settings.metrics {
        Some(address) => relay.serve_metrics(address).await.map(Some),
        None => Ok(None),
    };
    let served = served.and_then(|served| Ok((served, metrics?)));
    let served = match served {
        Ok(served) => served,
        Err(failure) => {
            relay.shutdown().await;
            return Err(failure);
        }
    };
    let told = context.out.tell(&Running { report: relay.report() });
    if told.is_ok() {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
            () = session::starter_is_gone(), if args.while_stdin => {}
        }
    }
    let _progress = context.out.progress("Answering what was asked, and putting everything away");
    let (reports, metrics) = served;
    // First: once the relay is gone, the socket may be that of the next one.
    drop(reports);
    relay.shutdown().await;
    drop(metrics);
    told
}

/// What the file says, and what was typed instead.
fn settings(folder: &Path, args: &RelayRunArgs) -> Result<RelayFile, Failure> {
    let (path, must_exist) = match &args.config {
        Some(path) => (path.clone(), true),
        None => (folder.join(FILE_NAME), false),
    };
    let mut settings = match RelayFile::read(&path) {
        Ok(settings) => settings,
        Err(RelayFileError::File(PrivateError::Missing)) if !must_exist => RelayFile::default(),
        Err(error) => {
            return Err(Failure::new(
                Kind::Failed,
                "relay_config",
                format!("{}: {error}", path.display()),
                "correct the file; windbreak relay init-config writes one that explains itself",
            ));
        }
    };
    if !args.listen.is_empty() {
        settings.listen.clone_from(&args.listen);
    }
    if !args.external.is_empty() {
        settings.external.clone_from(&args.external);
    }
    Ok(settings)
}

#[derive(Serialize)]
struct Written {
    file: PathBuf,
}

impl Report for Written {
    fn page(&self, page: &mut Page) {
        page.text(&format!("The settings are in {}.", self.file.display()));
        page.hint("Change what you like; the relay reads it when it starts: windbreak relay run");
    }
}

/// Writes the settings with what they mean; one that is there is not touched.
pub(super) fn init_config(context: Context<'_>) -> Result<(), Failure> {
    let folder = profile::relay_folder(context.global)?;
    let path = folder.join(FILE_NAME);
    let written = windbreak_node::private::create_folder(&folder).and_then(|()| {
        let mut file = windbreak_node::private::create_file(&path)?;
        file.write_all(RELAY_FILE.as_bytes())?;
        Ok(file.sync_all()?)
    });
    written.map_err(|error| match error {
        PrivateError::Exists => Failure::new(
            Kind::Failed,
            "relay_config_exists",
            format!("there is {} already", path.display()),
            "change it, or move it away first",
        ),
        error => Failure::new(
            Kind::Failed,
            "relay_folder",
            format!("cannot write {}: {error}", path.display()),
            "name another folder with --profile DIR",
        ),
    })?;
    context.out.tell(&Written { file: path })
}

#[derive(Serialize)]
struct Unit {
    unit: &'static str,
}

impl Report for Unit {
    fn page(&self, page: &mut Page) {
        page.verbatim(self.unit.trim_end());
    }
}

/// Prints the unit.
pub(super) fn unit(context: Context<'_>) -> Result<(), Failure> {
    if context.out.is_json() {
        return context.out.tell(&Unit { unit: UNIT });
    }
    context.out.raw(UNIT)
}

/// Says how the relay of the folder is.
pub(super) async fn status(context: Context<'_>) -> Result<(), Failure> {
    let folder = hosted(context)?;
    match client(&folder)?.relay_report().await {
        Ok(report) => context.out.tell(&Shown { report }),
        Err(error) => Err(unreachable(&folder, error)),
    }
}

/// The folder of a relay that may be running.
pub(super) fn hosted(context: Context<'_>) -> Result<PathBuf, Failure> {
    let folder = profile::relay_folder(context.global)?;
    if node_profile::exists(&folder) {
        return Err(Failure::new(
            Kind::Failed,
            "folder_is_profile",
            format!("there is a profile in {}, and no relay", folder.display()),
            "name the relay's folder with --profile DIR; for your node: windbreak node status",
        ));
    }
    if fs::exists(&folder).unwrap_or(false) { Ok(folder) } else { Err(not_running(&folder)) }
}

/// Asks the relay of a folder.
pub(super) fn client(folder: &Path) -> Result<Client, Failure> {
    Ok(Client::new(node_profile::socket_path(folder)?))
}

/// Why a relay did not answer, or refused.
pub(super) fn unreachable(folder: &Path, error: ClientError) -> Failure {
    match error {
        ClientError::NotRunning => not_running(folder),
        error => error.into(),
    }
}

fn not_running(folder: &Path) -> Failure {
    Failure::new(
        Kind::NoNode,
        "relay_not_running",
        format!("no relay is running for {}", folder.display()),
        "start it with: windbreak relay run (or name its folder with --profile DIR)",
    )
}

impl From<RelayError> for Failure {
    fn from(error: RelayError) -> Self {
        let words = error.to_string();
        let (message, next) = words.split_once("; ").unwrap_or((&words, "try again"));
        if matches!(
            error,
            RelayError::Folder(PrivateError::AlreadyOpen)
                | RelayError::Store(StoreError::AlreadyOpen)
        ) {
            return Self::new(
                Kind::Failed,
                "relay_folder_in_use",
                "another relay runs in this folder",
                "look at it with: windbreak relay status, or name another folder with --profile DIR",
            );
        }
        let code = match error {
            RelayError::Address | RelayError::External | RelayError::NoAddress => "bad_address",
            RelayError::Listen => "cannot_listen",
            RelayError::Identity => "relay_identity",
            RelayError::Clock => "clock_jumped",
            RelayError::Folder(_) => "relay_folder",
            RelayError::Store(_) => "relay_store",
            RelayError::Metrics => "bad_metrics",
            RelayError::NoRandomness | RelayError::Thread(_) => "system",
        };
        Self::new(Kind::Failed, code, message, next)
    }
}

/// Whether somebody listens at `/ip4/ADDRESS/tcp/PORT`. The relay's own socket could not tell: it
/// shares its port with every other that allows it.
fn is_taken(listen: &str) -> bool {
    let mut parts = listen.split('/').skip(1);
    let (Some("ip4" | "ip6"), Some(host), Some("tcp"), Some(port)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let (Ok(host), Ok(port)) = (host.parse::<IpAddr>(), port.parse::<u16>()) else {
        return false;
    };
    let bound = TcpListener::bind((host, port));
    bound.is_err_and(|error| error.kind() == io::ErrorKind::AddrInUse)
}
