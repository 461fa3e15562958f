//! Finds the node of the profile, and starts one in the background if none runs. The passphrase
//! travels to it over an inherited pipe, so that no other program ever sees it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;
use windbreak_node::api::message::{Status, Why};
use windbreak_node::api::{Client, ClientError};
use windbreak_node::private::PrivateError;
use windbreak_node::profile::{self, HeaderError, ProfileError};
use windbreak_protocol::secret::SecretBytes;

use crate::args::GlobalArgs;
use crate::error::{Failure, Kind};
use crate::output::Output;
use crate::passphrase::Source;
use crate::words::{self, say};

/// What a node says that found another one at work.
const IS_STARTED_ELSEWHERE: [&str; 2] = ["profile_in_use", "node_runs_already"];
/// How long another command's node may take to start.
const START_PATIENCE: Duration = Duration::from_secs(30);
/// How often to look whether it has.
const START_INTERVAL: Duration = Duration::from_millis(100);
/// Bytes of the longest line a starting node says about itself.
const MAX_WORD: u64 = 64 * 1024;

/// The node of the profile; started in the background if none runs.
pub(crate) async fn connect(global: &GlobalArgs, out: &Output) -> Result<Client, Failure> {
    let folder = existing_folder(global)?;
    let client = Client::new(socket(&folder)?);
    match client.status().await {
        Ok(_) => Ok(client),
        Err(ClientError::NotRunning) => {
            match start(global, out, &folder).await {
                // Another command was faster: its node is as good.
                Err(failure) if IS_STARTED_ELSEWHERE.contains(&failure.code()) => {
                    let _progress = out.progress(say!("session-waiting-node-starting"));
                    until_it_answers(&client, failure).await?;
                }
                started => {
                    started?;
                    client.status().await?;
                }
            }
            Ok(client)
        }
        Err(error) => Err(error.into()),
    }
}

/// The node of the profile and its status, or nothing if none runs.
pub(crate) async fn find(global: &GlobalArgs) -> Result<Option<(Client, Status)>, Failure> {
    let client = Client::new(socket(&existing_folder(global)?)?);
    match client.status().await {
        Ok(status) => Ok(Some((client, status))),
        Err(ClientError::NotRunning) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The profile's folder, if there is a profile in it.
pub(crate) fn existing_folder(global: &GlobalArgs) -> Result<PathBuf, Failure> {
    let folder = crate::profile::folder(global)?;
    if !profile::exists(&folder) {
        return Err(Failure::new(
            Kind::Locked,
            "no_profile",
            say!("session-no-profile", folder = folder.display().to_string()),
            say!("session-no-profile-next"),
        ));
    }
    fs::canonicalize(&folder)
        .map_err(|error| Failure::file(say!("session-cannot-open-profile"), &folder, &error))
}

/// The same for whoever ends what has the profile open, or destroys it: also while a process still has in
/// memory what was destroyed on the disk, or is just making a profile.
pub(crate) fn folder_to_end(global: &GlobalArgs) -> Result<PathBuf, Failure> {
    let folder = crate::profile::folder(global)?;
    if profile::is_held_without_header(&folder) {
        return fs::canonicalize(&folder)
            .map_err(|error| Failure::file(say!("session-cannot-open-profile"), &folder, &error));
    }
    existing_folder(global)
}

/// The profile's folder, while no node has it open.
pub(crate) async fn closed_folder(global: &GlobalArgs) -> Result<PathBuf, Failure> {
    if find(global).await?.is_some() {
        let next = say!("session-lock-first-windbreak-lock");
        return Err(Failure::new(
            Kind::Failed,
            "profile_in_use",
            say!("session-profile-in-use"),
            next,
        ));
    }
    existing_folder(global)
}

/// Where the node of the profile listens.
pub(crate) fn socket(folder: &Path) -> Result<PathBuf, Failure> {
    Ok(profile::socket_path(folder)?)
}

/// Waits for a node that somebody else has started; gives up with `failure`.
async fn until_it_answers(client: &Client, failure: Failure) -> Result<(), Failure> {
    let began = Instant::now();
    while began.elapsed() < START_PATIENCE {
        if client.status().await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(START_INTERVAL).await;
    }
    Err(failure)
}

/// Waits until standard input is closed: with the process that holds its other end.
pub(crate) async fn starter_is_gone() {
    let drained = || std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
    // One that cannot be read is as good as closed.
    let _ = tokio::task::spawn_blocking(drained).await;
}

async fn start(global: &GlobalArgs, out: &Output, folder: &Path) -> Result<(), Failure> {
    let passphrase = Source::new(global)?.read().await?;
    let _progress = out.progress(say!("session-starting-node"));
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || start_and_hear(&folder, passphrase))
        .await
        .map_err(|_| Failure::interrupted())?
}

/// How a node is started so that the C library of GNU gives memory back (specs/decisions/0072): it hands memory
/// out of one place, where otherwise each thread has one of its own and keeps what it freed; and what has a
/// mebibyte or more always comes from the system and goes back to it, where otherwise freeing such a piece once
/// ends that. Elsewhere it means nothing.
const GIVES_MEMORY_BACK: [(&str, &str); 3] = [
    ("MALLOC_ARENA_MAX", "1"),
    ("MALLOC_MMAP_THRESHOLD_", "1048576"),
    ("MALLOC_TRIM_THRESHOLD_", "4194304"),
];

/// Starts the node and returns when it says that it is ready, or why it is not.
fn start_and_hear(folder: &Path, passphrase: SecretBytes) -> Result<(), Failure> {
    let program = std::env::current_exe()
        .map_err(|error| Failure::system(say!("session-cannot-find-program"), &error))?;
    let mut child = Command::new(program)
        .args(["--json", "--passphrase-fd", "0", "--profile"])
        .arg(folder)
        .args(["node", "run", "--background"])
        .envs(GIVES_MEMORY_BACK)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| Failure::system(say!("session-cannot-start-node"), &error))?;
    if let Some(mut pipe) = child.stdin.take() {
        // A node that is gone already says why below.
        let _ = pipe.write_all(&passphrase).and_then(|()| pipe.write_all(b"\n"));
    }
    drop(passphrase);
    let mut word = String::new();
    if let Some(pipe) = child.stdout.take() {
        // Nothing said is told from something said below.
        let _ = BufReader::new(pipe.take(MAX_WORD)).read_line(&mut word);
    }
    match serde_json::from_str(&word) {
        Ok(Word { error: None }) => Ok(()),
        Ok(Word { error: Some(why) }) => {
            // It ends by itself; waiting leaves no trace of it in the process table.
            let _ = child.wait();
            Err(why.into())
        }
        Err(_) => {
            let _ = child.wait();
            Err(Failure::new(
                Kind::NoNode,
                "node_did_not_start",
                say!("session-node-did-not-start"),
                say!(
                    "session-see-run-terminal-windbreak",
                    folder = folder.join("node.log").display().to_string()
                ),
            ))
        }
    }
}

/// What a starting node says first: its answer, or why it failed.
#[derive(Deserialize)]
struct Word {
    error: Option<Why>,
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let message = error.to_string();
        let (code, next) = match error {
            ClientError::Refused(why) => return why.into(),
            ClientError::NotRunning => {
                ("node_not_running", say!("session-start-windbreak-node-start"))
            }
            ClientError::Socket(_) => ("node_socket", say!("session-check-owns-profiles-folder")),
            ClientError::TimedOut => ("node_silent", say!("session-try-again-if-stays")),
            ClientError::BrokeOff(_) => {
                ("node_broke_off", say!("session-see-windbreak-node-status"))
            }
            ClientError::TooLong | ClientError::Malformed(_) | ClientError::OtherVersion => {
                ("node_other_version", say!("session-stop-node-then-type"))
            }
        };
        Self::new(Kind::NoNode, code, words::known(&message), next)
    }
}

impl From<ProfileError> for Failure {
    fn from(error: ProfileError) -> Self {
        let message = error.to_string();
        // The texts of profile errors end with what to do; the first part is what went wrong.
        let other = match &error {
            ProfileError::Config(_) => say!("session-correct-line-profiles-config"),
            _ => say!("session-try-again"),
        };
        let (message, own_next) = message.split_once("; ").unwrap_or((&message, other));
        let (kind, code) = match &error {
            ProfileError::Exists => (Kind::Failed, "profile_exists"),
            ProfileError::NotEmpty => (Kind::Failed, "folder_not_empty"),
            ProfileError::Missing => (Kind::Locked, "no_profile"),
            ProfileError::AlreadyOpen => (Kind::Failed, "profile_in_use"),
            ProfileError::PassphraseLength => (Kind::Locked, "passphrase_length"),
            ProfileError::PassphraseTaken => (Kind::Failed, "passphrase_taken"),
            ProfileError::NoPlace => (Kind::Failed, "no_place"),
            ProfileError::Header(HeaderError::WrongPassphrase) => {
                (Kind::Locked, "wrong_passphrase")
            }
            ProfileError::Header(_) => (Kind::Locked, "profile_damaged"),
            ProfileError::Config(_) => (Kind::Failed, "config"),
            ProfileError::Folder(PrivateError::DiskFull) => (Kind::Failed, "disk_full"),
            ProfileError::Folder(_) => (Kind::Failed, "profile_folder"),
            ProfileError::Store(_) => (Kind::Failed, "store"),
            ProfileError::Beside(_) => (Kind::Failed, "other_store"),
        };
        Self::new(kind, code, words::known(message), words::known(own_next))
    }
}
