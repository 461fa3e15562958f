//! Arguments of what is about the profile itself: backup, restore, recovery, hidden, panic, store.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{ModeArg, TorArgs};

/// What can be done with backups.
#[derive(Debug, Subcommand)]
pub(crate) enum BackupCommand {
    /// Write everything your profile keeps into one encrypted file
    #[command(
        after_long_help = "Example:\n  windbreak backup create ~/evening.backup\n  windbreak backup create ~/evening.backup --recipient age1…"
    )]
    Create(CreateBackupArgs),
    /// Read a backup from one end to the other, and say whether it is sound
    #[command(after_long_help = "Example:\n  windbreak backup check ~/evening.backup")]
    Check(CheckBackupArgs),
}

/// Arguments of `backup create`.
#[derive(Args, Debug)]
pub(crate) struct CreateBackupArgs {
    /// The file to be made
    pub(crate) file: PathBuf,
    /// Encrypt it to this age recipient instead of a passphrase
    #[arg(long, value_name = "AGE1…", conflicts_with = "backup_passphrase_file")]
    pub(crate) recipient: Option<String>,
    /// Read the passphrase of the backup from this file, which only you may read
    #[arg(long, value_name = "FILE")]
    pub(crate) backup_passphrase_file: Option<PathBuf>,
}

/// What opens a backup.
#[derive(Args, Debug)]
pub(crate) struct OpenBackupArgs {
    /// Read the passphrase of the backup from this file, which only you may read
    #[arg(long, value_name = "FILE")]
    pub(crate) backup_passphrase_file: Option<PathBuf>,
    /// Read the age identity that the backup was made for from this file, which only you may read
    #[arg(long, value_name = "FILE", conflicts_with = "backup_passphrase_file")]
    pub(crate) identity_file: Option<PathBuf>,
}

/// Arguments of `backup check`.
#[derive(Args, Debug)]
pub(crate) struct CheckBackupArgs {
    /// The backup
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) open: OpenBackupArgs,
}

/// Arguments of `restore`.
#[derive(Args, Debug)]
#[command(
    about = "Make a profile from a backup, in an empty folder",
    long_about = "Make a profile from a backup, in an empty folder. The backup is checked from one end to \
                  the other before anything is made. The new profile has a passphrase of its own. It reads \
                  only, until it has come back into its circles as a new device: what others heard with the \
                  old keys must not be said again.",
    after_long_help = "Example:\n  windbreak restore ~/evening.backup --profile ~/evening"
)]
pub(crate) struct RestoreArgs {
    /// The backup
    pub(crate) file: PathBuf,
    /// How new circles are reached, if otherwise than before. Those of the backup keep their mode
    #[arg(long, value_enum, value_name = "MODE")]
    pub(crate) network: Option<ModeArg>,
    #[command(flatten)]
    pub(crate) tor: TorArgs,
    #[command(flatten)]
    pub(crate) open: OpenBackupArgs,
    /// For tests: a passphrase that is quick to check, and to guess
    #[arg(long, hide = true)]
    pub(crate) test_cost: bool,
}

/// What can be done with the recovery phrase.
#[derive(Debug, Subcommand)]
pub(crate) enum RecoveryCommand {
    /// Make a new recovery phrase; the one until now opens nothing any more
    #[command(after_long_help = "Example:\n  windbreak recovery new")]
    New(PhraseArgs),
}

/// Where a recovery phrase comes from.
#[derive(Args, Clone, Debug)]
pub(crate) struct PhraseArgs {
    /// Read the recovery phrase from this file, which only you may read
    #[arg(long, value_name = "FILE")]
    pub(crate) phrase_file: Option<PathBuf>,
}

/// What can be done with the passphrase of the profile.
#[derive(Debug, Subcommand)]
pub(crate) enum PassphraseCommand {
    /// Choose another passphrase; the one until now opens nothing any more
    #[command(
        long_about = "Choose another passphrase for your profile; the one until now opens nothing any more. \
                      Other profiles in the same folder keep theirs. A copy of the folder that somebody made \
                      before still opens with the passphrase of then, and what opens it is the same for later \
                      copies. If you fear that somebody has one: make a backup, take it back into a new folder, \
                      and destroy this one.",
        after_long_help = "Example:\n  windbreak passphrase change\n  windbreak passphrase change --new-passphrase-file ~/.evening-passphrase"
    )]
    Change(ChangePassphraseArgs),
}

/// Arguments of `passphrase change`.
#[derive(Args, Debug)]
pub(crate) struct ChangePassphraseArgs {
    /// Read the new passphrase from this file, which only you may read
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<PathBuf>,
}

/// What can be done with further profiles in one folder.
#[derive(Debug, Subcommand)]
pub(crate) enum HiddenCommand {
    /// Make another profile in the same folder, which another passphrase opens
    #[command(
        long_about = "Make another profile in the same folder, which another passphrase opens. It looks as if \
                      somebody had used it for some weeks, in the language the program speaks. Its phrases \
                      stand in the program: whoever compares them knows. All stores are as large as the \
                      largest, so after years much disk can stand beside its small circle. No size or time of \
                      a store says whether there is one, or how many, though what the database notes beside \
                      them can; nor can the program know. So if there are others already, name the passphrase \
                      of each with --keep-passphrase-file: one that is not named may be destroyed.\n\n\
                      What was made for it ends on the day it is made. So that its circle goes on, give it a \
                      companion: the device of one of the others, as a profile of its own in another folder, on \
                      a stick, or with somebody you trust. What is said there arrives here like anything else.\n\n\
                      Its circle names the relays under relays in config.toml, as yours do: without one \
                      nobody could have talked there, so name one first.",
        after_long_help = "Example:\n  windbreak hidden new\n  windbreak hidden new --keep-passphrase-file ~/.other-passphrase\n  windbreak hidden new --companion /media/stick/evening"
    )]
    New(NewHiddenArgs),
}

/// Arguments of `hidden new`.
#[derive(Args, Debug)]
pub(crate) struct NewHiddenArgs {
    /// Read the passphrase of the new profile from this file, which only you may read
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<PathBuf>,
    /// Keep the profile that the passphrase in this file opens; may be given more than once
    #[arg(long, value_name = "FILE")]
    pub(crate) keep_passphrase_file: Vec<PathBuf>,
    /// Also make a profile for one of the others in its circle, in this new folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) companion: Option<PathBuf>,
    /// Read the passphrase of the companion from this file, which only you may read
    #[arg(long, value_name = "FILE", requires = "companion")]
    pub(crate) companion_passphrase_file: Option<PathBuf>,
    /// Do not ask whether there is another profile that would be lost
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Arguments of `panic`.
#[derive(Args, Debug)]
#[command(
    about = "Destroy every profile in this folder, at once and for good",
    long_about = "Destroy every profile in this folder, at once and for good: first the keys, which takes a \
                  moment, then the files. No passphrase is asked for. It asks once whether you are sure; to \
                  leave that out, set confirm = false under [panic] in config.toml. Backups are not touched, \
                  nor what others have. The keys are overwritten in place: an SSD, a file system that \
                  copies on write, and snapshots of the disk may keep what was there before. \
                  Whoever sees the empty folder sees that it was emptied.",
    after_long_help = "Example:\n  windbreak panic\n  windbreak panic --yes"
)]
pub(crate) struct PanicArgs {
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}

/// What can be done with the store.
#[derive(Debug, Subcommand)]
pub(crate) enum StoreCommand {
    /// Read everything in the store, and say whether it is sound
    #[command(after_long_help = "Example:\n  windbreak store check")]
    Check,
    /// Write the store anew without what it does not need any more
    #[command(
        long_about = "Write the store anew without what it does not need any more. All four stores of a folder \
                      are as large as the largest, so that nobody can tell which are in use; so this gives \
                      little back unless you say, with --only-profile, that there is no other profile in the \
                      folder. If there is one, it is then destroyed.",
        after_long_help = "Example:\n  windbreak store compact\n  windbreak store compact --only-profile"
    )]
    Compact(CompactArgs),
}

/// Arguments of `store compact`.
#[derive(Args, Debug)]
pub(crate) struct CompactArgs {
    /// There is no other profile in this folder
    #[arg(long)]
    pub(crate) only_profile: bool,
    /// Do not ask again
    #[arg(long)]
    pub(crate) yes: bool,
}
