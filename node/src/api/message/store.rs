//! What the owner of a profile asks about the store itself: a backup, the recovery phrase, panic.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

/// Asks for a backup of everything the profile keeps.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBackup {
    /// The file to be made, as an absolute path; there must be none.
    pub path: String,
    /// The passphrase that opens it; or else a recipient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub passphrase: Option<Zeroizing<String>>,
    /// The age recipient whose identity opens it, `age1…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
}

/// The backup is made.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct MadeBackup {
    /// Its file.
    pub path: String,
    /// Records in it.
    pub records: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

/// Asks for a new recovery phrase.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPhrase {
    /// The phrase until now; a profile that never had one needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub phrase: Option<Zeroizing<String>>,
}

/// The new recovery phrase: it is told once and kept nowhere.
#[derive(Deserialize, Serialize, ToSchema)]
pub struct TheNewPhrase {
    /// Twenty-four words.
    #[schema(value_type = String)]
    pub phrase: Zeroizing<String>,
}

impl std::fmt::Debug for NewBackup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewBackup(…)")
    }
}

impl std::fmt::Debug for NewPhrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPhrase(…)")
    }
}

impl std::fmt::Debug for TheNewPhrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TheNewPhrase(…)")
    }
}
