//! `backup` and `restore`: everything in one encrypted file, and back again.

use std::path::{Path, PathBuf};

use serde::Serialize;
use windbreak_node::api::message::{MadeBackup, Mode, NewBackup, UnixSeconds};
use windbreak_node::backup::{self, BackupError, Opener, Place, Restored};
use windbreak_node::profile::{KdfCost, NetworkMode, ProfileConfig};
use windbreak_protocol::secret::SecretBytes;
use zeroize::Zeroizing;

use super::{Context, network, unless_interrupted, unless_stopped};
use crate::args::{BackupCommand, CreateBackupArgs, OpenBackupArgs, RestoreArgs};
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::passphrase::{self, Source};
use crate::words::{self, say};
use crate::{profile, session, when};

impl Report for MadeBackup {
    fn page(&self, page: &mut Page) {
        page.text(&say!("backup-backup-made", path = self.path));
        page.hint(say!("backup-check-where-keep-windbreak"));
        page.hint(say!("backup-said-from-now-not"));
    }
}

#[derive(Serialize)]
struct Found {
    records: u64,
    circles: usize,
    made: UnixSeconds,
    /// Whether the configuration is in it.
    settings: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<PathBuf>,
    /// How new circles are reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<Mode>,
}

impl Found {
    fn new(found: Restored) -> Self {
        let Restored { records, circles, made, config } = found;
        let settings = config.is_some();
        Self { records, circles, made: made.into(), settings, profile: None, network: None }
    }

    fn taken_back(found: Restored, profile: PathBuf, network: NetworkMode) -> Self {
        Self { profile: Some(profile), network: Some(network.into()), ..Self::new(found) }
    }
}

impl Report for Found {
    fn page(&self, page: &mut Page) {
        match &self.profile {
            Some(profile) => {
                page.text(&say!(
                    "backup-profile-made-from-backup",
                    profile = profile.display().to_string()
                ));
                page.hint(say!("backup-comes-back-into-circles"));
                page.hint(say!("backup-do-not-use-beside"));
            }
            None => page.text(say!("backup-backup-sound")),
        }
        if let Some(network) = self.network {
            let network = network::meaning(network);
            page.text(&say!("backup-new-circles-go", network));
            if !self.settings {
                page.hint(say!("backup-no-settings"));
            }
        }
        page.gap();
        page.field(say!("backup-made"), &when::moment(self.made));
        page.field(say!("node-circles"), &self.circles.to_string());
        page.field(say!("backup-records"), &self.records.to_string());
    }
}

pub(super) async fn run(context: Context<'_>, command: BackupCommand) -> Result<(), Failure> {
    match command {
        BackupCommand::Create(args) => create(context, args).await,
        BackupCommand::Check(args) => {
            let opener = opener(&args.open).await?;
            let progress = context.out.progress(say!("backup-reading-backup"));
            let checked = tokio::task::spawn_blocking(move || backup::check(&args.file, &opener));
            let found = checked.await.map_err(|_| Failure::interrupted())??;
            drop(progress);
            context.out.tell(&Found::new(found))
        }
    }
}

async fn create(context: Context<'_>, args: CreateBackupArgs) -> Result<(), Failure> {
    let path = absolute(&args.file)?;
    let client = session::connect(context.global, context.out).await?;
    let passphrase = match &args.recipient {
        Some(_) => None,
        None => {
            let source = Source::named(
                args.backup_passphrase_file.clone(),
                say!("backup-backup-passphrase"),
            )?;
            Some(as_text(&source.choose_called(say!("backup-backup")).await?)?)
        }
    };
    let path = path.to_str().ok_or_else(not_text)?.to_owned();
    let asked = NewBackup { path, passphrase, recipient: args.recipient };
    let made = {
        let _progress = context.out.progress(say!("backup-writing-backup"));
        client.backup(&asked).await?
    };
    context.out.tell(&made)
}

pub(super) async fn restore(context: Context<'_>, args: RestoreArgs) -> Result<(), Failure> {
    let folder = profile::folder(context.global)?;
    let (opener, config, passphrase) = unless_interrupted(async {
        let opener = opener(&args.open).await?;
        // Whoever types is told of a wrong passphrase before they choose a new one.
        let file = args.file.clone();
        let check = move || backup::check(&file, &opener).map(|found| (opener, found.config));
        let progress = context.out.progress(say!("backup-reading-backup"));
        let checked = tokio::task::spawn_blocking(check).await;
        drop(progress);
        let (opener, before) = checked.map_err(|_| Failure::interrupted())??;
        let config = configured(&args, before).await?;
        Ok((opener, config, Source::new(context.global)?.choose().await?))
    })
    .await?;
    let cost = if args.test_cost { KdfCost::TEST } else { KdfCost::DEFAULT };
    let (file, place, mode) = (args.file, folder.clone(), config.network.mode);
    let found = {
        let _progress = context.out.progress(say!("init-making-profile"));
        unless_stopped(move |go_on| {
            let (passphrase, config) = (&passphrase, &config);
            let place = Place { folder: &place, passphrase, cost, config };
            Ok(backup::restore(&file, &opener, place, go_on)?)
        })
        .await?
    };
    context.out.tell(&Found::taken_back(found, folder, mode))
}

/// The configuration of the profile that is made: as it was before, and reached as it was, unless asked for
/// otherwise. Of a backup that says nothing of it, as for a new profile.
async fn configured(
    args: &RestoreArgs,
    before: Option<ProfileConfig>,
) -> Result<ProfileConfig, Failure> {
    let network = match &before {
        Some(before) if args.network.is_none() => {
            network::as_before(before.network.clone(), args.tor).await
        }
        _ => network::choose(args.network, args.tor).await?,
    };
    Ok(ProfileConfig { network, ..before.unwrap_or_default() })
}

async fn opener(args: &OpenBackupArgs) -> Result<Opener, Failure> {
    if let Some(path) = &args.identity_file {
        let text = passphrase::secret_text(path, say!("backup-identity-file"))?;
        return Ok(Opener::Identity(identity_in(&text)));
    }
    let source =
        Source::named(args.backup_passphrase_file.clone(), say!("backup-backup-passphrase"))?;
    Ok(Opener::Passphrase(
        source.read_called(say!("backup-passphrase-backup-nothing-shown")).await?,
    ))
}

/// The first line that is no comment: programs that make identities write some before it.
fn identity_in(text: &[u8]) -> SecretBytes {
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let line = lines.find(|line| !line.is_empty() && !line.starts_with(b"#"));
    SecretBytes::new(line.unwrap_or_default().to_vec())
}

fn as_text(passphrase: &SecretBytes) -> Result<Zeroizing<String>, Failure> {
    let text = std::str::from_utf8(passphrase).map_err(|_| not_text())?;
    Ok(Zeroizing::new(text.to_owned()))
}

fn not_text() -> Failure {
    Failure::new(Kind::Failed, "not_text", say!("backup-not-text"), say!("backup-not-text-next"))
}

/// The node has a folder of its own: it is told the whole path.
fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path)
        .map_err(|error| Failure::file(say!("backup-cannot-make-backup"), path, &error))
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        let words = error.to_string();
        let (message, next) =
            words.split_once("; ").unwrap_or((&words, say!("backup-check-path-folder-then")));
        let (kind, code) = match error {
            BackupError::NotABackup => (Kind::Failed, "not_a_backup"),
            BackupError::Truncated { .. } => (Kind::Failed, "backup_truncated"),
            BackupError::Damaged => (Kind::Failed, "backup_damaged"),
            BackupError::Newer(_) => (Kind::Failed, "backup_newer"),
            BackupError::WrongPassphrase => (Kind::Locked, "wrong_passphrase"),
            BackupError::TooCostly => (Kind::Failed, "too_costly"),
            BackupError::WrongIdentity => (Kind::Locked, "wrong_identity"),
            BackupError::NeedsIdentity => (Kind::Locked, "needs_identity"),
            BackupError::NeedsPassphrase => (Kind::Locked, "needs_passphrase"),
            BackupError::BadKey => (Kind::Locked, "bad_key"),
            BackupError::NotText => (Kind::Locked, "not_text"),
            BackupError::File(_) => (Kind::Failed, "file"),
            BackupError::Store(_) => (Kind::Failed, "store"),
            BackupError::Profile(error) => return error.into(),
        };
        Self::new(kind, code, words::known(message), words::known(next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_found_behind_the_comments_before_it() {
        for text in [
            "# created: today\n# public key: age1…\nAGE-SECRET-KEY-1X\n",
            "\r\nAGE-SECRET-KEY-1X\r\n",
            "AGE-SECRET-KEY-1X",
        ] {
            assert_eq!(identity_in(text.as_bytes()).as_slice(), b"AGE-SECRET-KEY-1X");
        }
        assert!(identity_in(b"# nothing else\n").is_empty());
    }
}
