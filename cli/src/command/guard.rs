//! `lock`, `unlock`, `panic`, `passphrase` and `recovery`: who gets at a profile, and who does not.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde::Serialize;
use windbreak_node::Signals;
use windbreak_node::api::message::{NewPhrase, TheNewPhrase};
use windbreak_node::api::{Client, ClientError, Connected};
use windbreak_node::backup::left_by_restore;
use windbreak_node::private::{Lock, PrivateError};
use windbreak_node::profile::{self, Profile, destroy_keys, discard, remove_files};
use zeroize::Zeroizing;

use super::{Context, confirm, unless_interrupted};
use crate::args::{
    ChangePassphraseArgs, PanicArgs, PassphraseCommand, PhraseArgs, RecoveryCommand,
};
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::passphrase::{self, Source};
use crate::session;
use crate::words::{self, say};

/// How long the node may take to answer when everything is to be destroyed.
const NODE_PATIENCE: Duration = Duration::from_millis(400);
/// How long to find it.
const REACH_PATIENCE: Duration = Duration::from_millis(100);
/// How long it may take to end before it is ended.
const END_PATIENCE: Duration = Duration::from_millis(500);
const END_INTERVAL: Duration = Duration::from_millis(20);
/// How long whoever has the profile open may take to listen, or to come to an end by itself, before it is told
/// to end.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
/// How long it may then take.
const TOLD_PATIENCE: Duration = Duration::from_secs(60);

#[derive(Serialize)]
struct Locked {
    locked: bool,
}

impl Report for Locked {
    fn page(&self, page: &mut Page) {
        page.text(say!("guard-locked-nothing-profile-memory"));
        page.hint(say!("guard-open-again-windbreak-unlock"));
    }
}

/// Ends the node: with its process everything it had in memory is gone. One that is only starting does not
/// listen yet, and another command can have the profile open, too.
pub(super) async fn lock(context: Context<'_>) -> Result<(), Failure> {
    let folder = session::folder_to_end(context.global)?;
    let (client, held) = (Client::new(session::socket(&folder)?), folder.join("lock"));
    let progress = context.out.progress(say!("node-waiting-until-node-put"));
    let began = Instant::now();
    let mut told = None;
    while Lock::is_held(&held) {
        if told.is_some_and(|told: Instant| told.elapsed() > TOLD_PATIENCE) {
            return Err(still_held(&held));
        }
        if told.is_none() {
            if ends_when_asked(&client).await {
                told = Some(Instant::now());
            } else if began.elapsed() > LOCK_PATIENCE {
                // Whatever it does can be cut off: the next opening clears up.
                tell_to_end(&held, Signal::TERM);
                told = Some(Instant::now());
            }
        }
        tokio::time::sleep(END_INTERVAL).await;
    }
    drop(progress);
    context.out.tell(&Locked { locked: true })
}

/// Asks the node to end; whether it has heard that.
async fn ends_when_asked(client: &Client) -> bool {
    matches!(tokio::time::timeout(LOCK_PATIENCE, client.shutdown()).await, Ok(Ok(_)))
}

fn tell_to_end(lock: &Path, signal: Signal) {
    if let Some(pid) = Lock::holder(lock) {
        // Whether it has ended shows by the lock.
        let _ = rustix::process::kill_process(pid, signal);
    }
}

/// Says that a process has the keys in memory still, and which.
fn still_held(lock: &Path) -> Failure {
    let next = match Lock::holder(lock) {
        Some(pid) => say!("guard-still-held-next", pid = pid.to_string()),
        None => say!("guard-still-held-next-unknown").to_owned(),
    };
    Failure::new(Kind::Failed, "keys_in_memory", say!("guard-still-held"), next)
}

#[derive(Serialize)]
struct Destroyed {
    destroyed: bool,
}

impl Report for Destroyed {
    fn page(&self, page: &mut Page) {
        page.text(say!("guard-done-keys-here-overwritten"));
    }
}

/// Destroys every profile of the folder. The keys on the disk come first: a node that hangs must not be
/// waited for. From then on nothing stops it, or a process would go on with keys that nobody finds any more.
pub(super) async fn panic(context: Context<'_>, args: PanicArgs) -> Result<(), Failure> {
    let folders = folders_to_destroy(context)?;
    let folder = &folders[0];
    let asks = profile::asks_before_panic(folder);
    let question = say!("guard-destroy-everything-profiles-folder");
    unless_interrupted(confirm(context, args.yes || !asks, question)).await?;
    // Where signals cannot be heard, this is as it would be without.
    let _heard = Signals::listen();
    // The socket goes with the files.
    let node = reach(folder).await;
    let lock = folder.join("lock");
    let of_all = |destroy: fn(&Path) -> Result<(), PrivateError>| {
        folders.iter().map(|folder| destroy(folder)).fold(Ok(()), Result::and)
    };
    let keys = of_all(destroy_keys);
    let _ = of_all(remove_files);
    if let Some(node) = node {
        let _ = tokio::time::timeout(NODE_PATIENCE, node.panic()).await;
    }
    end_whoever_holds(&lock).await;
    // What a node that was ending may have written meanwhile.
    let keys = keys.and(of_all(destroy_keys));
    let outcome = keys.and(of_all(remove_files));
    if Lock::is_held(&lock) {
        return Err(still_held(&lock));
    }
    let left = left_by_restore(&crate::profile::folder(context.global)?);
    let outcome = outcome.and(left.map_or(Ok(()), |left| discard(&left)));
    outcome.map_err(|error| {
        Failure::new(
            Kind::Failed,
            "panic_incomplete",
            say!("guard-panic-incomplete", error = words::known(&error.to_string())),
            say!("guard-panic-incomplete-next"),
        )
    })?;
    context.out.tell(&Destroyed { destroyed: true })
}

/// The folder of the profile, and what a restore left beside it that was killed.
fn folders_to_destroy(context: Context<'_>) -> Result<Vec<PathBuf>, Failure> {
    let folder = crate::profile::folder(context.global)?;
    let left = left_by_restore(&folder);
    match session::folder_to_end(context.global) {
        Ok(folder) => Ok([folder].into_iter().chain(left).collect()),
        // It was to be made, and there is nothing but that.
        Err(why) => left.map(|left| vec![left]).ok_or(why),
    }
}

/// A connection to the node of the folder, if one listens.
async fn reach(folder: &Path) -> Option<Connected> {
    let client = Client::new(session::socket(folder).ok()?);
    tokio::time::timeout(REACH_PATIENCE, client.connect()).await.ok()?.ok()
}

/// Waits until nobody holds the lock; ends the process that holds on to it, and waits for that, too.
async fn end_whoever_holds(lock: &Path) {
    if !is_let_go_of(lock).await {
        tell_to_end(lock, Signal::KILL);
        is_let_go_of(lock).await;
    }
}

async fn is_let_go_of(lock: &Path) -> bool {
    let began = Instant::now();
    while Lock::is_held(lock) {
        if began.elapsed() > END_PATIENCE {
            return false;
        }
        tokio::time::sleep(END_INTERVAL).await;
    }
    true
}

#[derive(Serialize)]
struct Changed {
    changed: bool,
}

impl Report for Changed {
    fn page(&self, page: &mut Page) {
        page.text(say!("guard-done-from-now-new"));
        page.hint(say!("guard-whoever-copied-folder-before"));
    }
}

pub(super) async fn passphrase(
    context: Context<'_>,
    command: PassphraseCommand,
) -> Result<(), Failure> {
    let PassphraseCommand::Change(ChangePassphraseArgs { new_passphrase_file }) = command;
    let folder = session::closed_folder(context.global).await?;
    let passphrase = Source::new(context.global)?.read().await?;
    let source = Source::named(new_passphrase_file, say!("guard-new-passphrase"))?;
    // Opened first: whoever mistypes the old one need not think of a new one.
    let opened = tokio::task::spawn_blocking(move || Profile::open(&folder, &passphrase));
    let opened = opened.await.map_err(|_| Failure::interrupted())??;
    let fresh = source.choose_called(say!("guard-place")).await?;
    let progress = context.out.progress(say!("guard-changing-passphrase"));
    let changed = tokio::task::spawn_blocking(move || opened.change_passphrase(&fresh));
    changed.await.map_err(|_| Failure::interrupted())??;
    drop(progress);
    context.out.tell(&Changed { changed: true })
}

impl Report for TheNewPhrase {
    fn page(&self, page: &mut Page) {
        show_phrase(page, &self.phrase);
    }
}

pub(super) async fn recovery(
    context: Context<'_>,
    command: RecoveryCommand,
) -> Result<(), Failure> {
    let RecoveryCommand::New(args) = command;
    let client = session::connect(context.global, context.out).await?;
    let ask = async |phrase| client.new_phrase(&NewPhrase { phrase }).await;
    context.out.tell(&with_phrase(context, &args, ask).await?)
}

/// Asks the node; and once more with the recovery phrase if it was refused for lack of that.
pub(super) async fn with_phrase<T>(
    context: Context<'_>,
    args: &PhraseArgs,
    ask: impl AsyncFn(Option<Zeroizing<String>>) -> Result<T, ClientError>,
) -> Result<T, Failure> {
    match ask(args.read_file()?).await {
        Err(ClientError::Refused(why)) if why.code == "phrase_needed" => {
            Ok(ask(Some(ask_phrase(context, args).await?)).await?)
        }
        outcome => Ok(outcome?),
    }
}

impl PhraseArgs {
    /// The phrase in the file that was named, if one was.
    fn read_file(&self) -> Result<Option<Zeroizing<String>>, Failure> {
        let Some(path) = &self.phrase_file else { return Ok(None) };
        let bytes = passphrase::secret_text(path, say!("guard-file-recovery-phrase"))?;
        Ok(Some(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned())))
    }
}

/// Asks for the recovery phrase.
async fn ask_phrase(context: Context<'_>, args: &PhraseArgs) -> Result<Zeroizing<String>, Failure> {
    if let Some(phrase) = args.read_file()? {
        return Ok(phrase);
    }
    if context.out.is_json() {
        return Err(Failure::new(
            Kind::Locked,
            "phrase_needed",
            say!("guard-phrase-needed"),
            say!("guard-phrase-needed-next"),
        ));
    }
    let source = Source::named(None, say!("guard-recovery-phrase"))?;
    let typed = source.read_called(say!("guard-recovery-phrase-nothing-shown")).await?;
    Ok(Zeroizing::new(String::from_utf8_lossy(&typed).into_owned()))
}

/// Shows a phrase, and what it is for.
pub(super) fn show_phrase(page: &mut Page, phrase: &str) {
    page.text(say!("guard-recovery-phrase-shown-once"));
    page.gap();
    let words: Vec<&str> = phrase.split(' ').collect();
    for (line, words) in words.chunks(6).enumerate() {
        let numbered: Vec<String> = words
            .iter()
            .enumerate()
            .map(|(at, word)| format!("{:2} {word}", line * 6 + at + 1))
            .collect();
        page.verbatim(&numbered.join("  "));
    }
    page.gap();
    page.hint(say!("guard-need-add-device-yours"));
}
