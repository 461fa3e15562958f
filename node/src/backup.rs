//! A backup: one file with everything a profile keeps, in the format of age behind one line that
//! tells damage from a wrong passphrase.
//!
//! ```text
//! windbreak-backup/1 length (20 digits) sha256 (64 digits)\n
//! age file: to a passphrase, or to a recipient
//!   magic (16) | version (2) | made (8) | config length (4) | config.toml
//!   record: kind (1) | name length (2) | name | value length (4) | value
//!   end: 0 (1) | count of records (8)
//! ```
//! What follows the first line is an ordinary age file. Clause: specs/07-store S-17.

mod read;
mod write;

#[cfg(test)]
mod tests;

use age::secrecy::SecretString;
use windbreak_protocol::record::RecordKind;
use windbreak_protocol::secret::SecretBytes;

use crate::private::PrivateError;
use crate::profile::ProfileError;
use crate::store::StoreError;

pub use read::{Place, Restored, check, clear_left, left_by_restore, restore};
pub(crate) use write::Begun;
pub use write::{Saved, save};

const LINE_START: &str = "windbreak-backup/";
const LINE_VERSION: u32 = 1;
/// Bytes of the first line with its end.
const LINE_LEN: usize = LINE_START.len() + 1 + 1 + 20 + 1 + 64 + 1;
const MAGIC: &[u8; 16] = b"windbreak/backup";
const VERSION: u16 = 2;
/// From which version on the configuration stands in it.
const WITH_CONFIG: u16 = 2;

/// Whether a backup takes a kind. It leaves out what is kept to serve it to others, and how notices are
/// shown: a program that its owner named on one machine must not be started on another.
fn is_kept(kind: RecordKind) -> bool {
    !matches!(kind, RecordKind::Envelope | RecordKind::Notices)
}

/// Who can open a backup.
#[derive(Debug)]
pub enum Lock {
    /// Whoever has the passphrase.
    Passphrase(SecretBytes),
    /// Whoever has the identity behind `age1…`.
    Recipient(String),
}

/// What opens a backup.
#[derive(Debug)]
pub enum Opener {
    /// Its passphrase.
    Passphrase(SecretBytes),
    /// The text of an age identity, `AGE-SECRET-KEY-1…`.
    Identity(SecretBytes),
}

/// Why a backup was not made, or not taken back. Nothing has changed in a profile.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file is something else.
    #[error(
        "this file is no backup, or its first line is damaged; choose the file that `backup create` made"
    )]
    NotABackup,
    /// The end of the file is missing.
    #[error(
        "the backup is cut off: {missing} bytes of its end are missing; use another copy of it"
    )]
    Truncated {
        /// How many.
        missing: u64,
    },
    /// Some bytes are not what was written.
    #[error(
        "the backup is damaged: its bytes are not those that were written; use another copy of it"
    )]
    Damaged,
    /// A newer program made it.
    #[error("the backup is of version {0}, which this program does not know; update the program")]
    Newer(u32),
    /// The passphrase is not the one of this backup.
    #[error("this is not the passphrase of the backup; try again")]
    WrongPassphrase,
    /// Its passphrase costs more than this program pays.
    #[error(
        "the passphrase of the backup costs more than this computer can pay; take it back on a faster one"
    )]
    TooCostly,
    /// The identity is not the one the backup was made for.
    #[error("the backup was made for another recipient; use the identity that belongs to it")]
    WrongIdentity,
    /// It was made for a recipient, and a passphrase was given.
    #[error("the backup was made for a recipient; name its identity with --identity-file FILE")]
    NeedsIdentity,
    /// It was made with a passphrase, and an identity was given.
    #[error("the backup was made with a passphrase; leave out --identity-file")]
    NeedsPassphrase,
    /// What should be a recipient or an identity is none.
    #[error(
        "this is no age recipient or identity; a recipient begins with age1, an identity with AGE-SECRET-KEY-1"
    )]
    BadKey,
    /// A passphrase of age is text.
    #[error("the passphrase of a backup must be text in UTF-8; choose another one")]
    NotText,
    /// The file cannot be read or written.
    #[error("the file of the backup: {0}")]
    File(#[source] PrivateError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The profile that it is taken back into.
    #[error(transparent)]
    Profile(#[from] ProfileError),
}

impl From<PrivateError> for BackupError {
    fn from(error: PrivateError) -> Self {
        Self::File(error)
    }
}

impl From<std::io::Error> for BackupError {
    fn from(error: std::io::Error) -> Self {
        Self::File(error.into())
    }
}

/// The passphrase in the form age takes it.
fn text(passphrase: &SecretBytes) -> Result<SecretString, BackupError> {
    let text = std::str::from_utf8(passphrase).map_err(|_| BackupError::NotText)?;
    Ok(SecretString::from(text.to_owned()))
}
