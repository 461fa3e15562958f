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
use crate::words::{self, say};
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
        page.text(say!("relay-relay-running-keeps-sealed"));
        page.text(takes(self.report.status.by_grant));
        page.gap();
        page.text(say!("relay-address-windbreak-circle-new"));
        for address in &self.report.addresses {
            // One line, unbroken: it is meant to be copied.
            page.verbatim(&text::line(address));
        }
        page.gap();
        page.hint(say!("relay-people-outside-machine-need"));
    }
}

/// Who may put envelopes there.
fn takes(by_grant: bool) -> &'static str {
    if by_grant { say!("relay-takes-by-grant") } else { say!("relay-open-everybody") }
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
            say!("relay-relay-running")
        } else {
            say!("relay-relay-running-takes-nothing")
        });
        page.gap();
        for address in &self.report.addresses {
            page.verbatim(&text::line(address));
        }
        page.gap();
        page.field(say!("relay-admission"), takes(status.by_grant));
        page.field(say!("relay-topics"), &status.topics.to_string());
        page.field(
            say!("relay-envelopes"),
            &say!("relay-bytes", envelopes = status.envelopes, bytes = status.bytes),
        );
        page.field(
            say!("relay-connections"),
            &say!("relay-streams", connections = status.connections, streams = status.streams),
        );
        if status.turned_away > 0 {
            page.field(
                say!("relay-turned-away"),
                &say!("relay-connections-2", turned_away = status.turned_away),
            );
        }
        page.field(
            say!("relay-since-start"),
            &say!(
                "relay-taken-given-expired",
                taken = status.taken,
                given = status.given,
                expired = status.expired
            ),
        );
        if status.tokens_drawn + status.tokens_spent > 0 {
            page.field(
                say!("relay-tokens"),
                &say!(
                    "relay-drawn-spent",
                    tokens_drawn = status.tokens_drawn,
                    tokens_spent = status.tokens_spent
                ),
            );
        }
        let refused = &status.refused;
        let reasons = [
            (say!("relay-over-quota"), refused.quota),
            (say!("relay-no-room"), refused.full),
            (say!("relay-too-old"), refused.expired),
            (say!("files-malformed"), refused.malformed),
            (say!("relay-another-topic"), refused.wrong_topic),
            (say!("relay-from-future"), refused.too_far_ahead),
            (say!("relay-while-stopping"), refused.shutting_down),
            (say!("relay-without-token"), refused.token_wanted),
            (say!("relay-token-not-valid"), refused.token_invalid),
            (say!("relay-beyond-sub-grant"), refused.grant_used_up),
            (say!("relay-grant-does-not-hold"), refused.grant_ended),
            (say!("relay-another-week"), refused.other_epoch),
        ];
        let reasons: Vec<String> = reasons
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(word, count)| format!("{count} {word}"))
            .collect();
        if !reasons.is_empty() {
            page.field(say!("relay-refused"), &reasons.join(", "));
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
            say!("relay-folder-is-profile", folder = folder.display().to_string()),
            say!("relay-folder-is-profile-next"),
        ));
    }
    // Before anything else, so that nothing is left half done by an early Ctrl-C.
    let failed = |error| Failure::system(say!("relay-cannot-hear-signals"), &error);
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
            say!("relay-port-taken"),
            say!("relay-port-taken-next"),
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
    let _progress = context.out.progress(say!("relay-answering-asked-putting-everything"));
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
                format!("{}: {}", path.display(), words::known(&error.to_string())),
                say!("relay-config-next"),
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
        page.text(&say!("relay-settings", file = self.file.display().to_string()));
        page.hint(say!("relay-change-like-relay-reads"));
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
            say!("relay-config-exists", path = path.display().to_string()),
            say!("relay-config-exists-next"),
        ),
        error => Failure::new(
            Kind::Failed,
            "relay_folder",
            say!(
                "relay-folder",
                path = path.display().to_string(),
                error = words::known(&error.to_string())
            ),
            say!("relay-folder-is-profile-next"),
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
            say!("relay-folder-is-profile-2", folder = folder.display().to_string()),
            say!("relay-folder-is-profile-next-2"),
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
        say!("relay-not-running", folder = folder.display().to_string()),
        say!("relay-not-running-next"),
    )
}

impl From<RelayError> for Failure {
    fn from(error: RelayError) -> Self {
        let words = error.to_string();
        let (message, next) = words.split_once("; ").unwrap_or((&words, say!("session-try-again")));
        if matches!(
            error,
            RelayError::Folder(PrivateError::AlreadyOpen)
                | RelayError::Store(StoreError::AlreadyOpen)
        ) {
            return Self::new(
                Kind::Failed,
                "relay_folder_in_use",
                say!("relay-folder-in-use"),
                say!("relay-folder-in-use-next"),
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
        Self::new(Kind::Failed, code, words::known(message), words::known(next))
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
