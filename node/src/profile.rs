//! A profile: the folder that holds everything of one person on one device.
//!
//! ```text
//! header       wrapped key of the store, sealed by the passphrase   (profile/header.rs)
//! config.toml  what its owner may change by hand                    (profile/config.rs)
//! lock         held while a node has the profile open
//! store/       the sealed store
//! node.sock    the local API, unless the path is too long for a socket
//! ```
//! Clauses: specs/07-store S-5, S-8, S-9.

mod config;
mod header;

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use windbreak_protocol::label::Label;
use windbreak_protocol::secret::SecretBytes;

use crate::private::{self, Lock, PrivateError};
use crate::store::{SledStore, StoreError, StoreKey};

pub use config::{ConfigError, LogConfig, NetworkConfig, NetworkMode, ProfileConfig, StoreConfig};
pub use header::{HeaderError, KdfCost};

/// The longest path a Unix socket is given, in bytes; systems differ in 104 and 108.
const MAX_SOCKET_PATH: usize = 100;
/// The longest passphrase, in bytes.
pub const MAX_PASSPHRASE: usize = 1024;

/// Why a profile could not be made, opened or changed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ProfileError {
    /// The folder holds a profile already.
    #[error("there is a profile in this folder already; open it, or choose another folder")]
    Exists,
    /// The folder holds something else.
    #[error("the folder is not empty; choose a new one for the profile")]
    NotEmpty,
    /// There is no profile here.
    #[error("there is no profile in this folder; make one with `windbreak init`")]
    Missing,
    /// A node has it open.
    #[error("the profile is already open by another node; use that one, or stop it first")]
    AlreadyOpen,
    /// The passphrase is empty or longer than [`MAX_PASSPHRASE`].
    #[error("a passphrase has 1 to {MAX_PASSPHRASE} bytes")]
    PassphraseLength,
    /// The header cannot be opened.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The configuration cannot be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The folder or a file in it cannot be used.
    #[error("the folder of the profile: {0}")]
    Folder(#[source] PrivateError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<PrivateError> for ProfileError {
    fn from(error: PrivateError) -> Self {
        match error {
            PrivateError::AlreadyOpen => Self::AlreadyOpen,
            error => Self::Folder(error),
        }
    }
}

/// An open profile; no other node can open it while this exists.
#[derive(Debug)]
pub struct Profile {
    folder: PathBuf,
    config: ProfileConfig,
    key: StoreKey,
    _lock: Lock,
}

impl Profile {
    /// Makes a profile in `folder`, which is missing or empty, and opens it. Takes as long as
    /// `cost` asks for.
    ///
    /// # Errors
    /// [`ProfileError`]; the folder then holds no profile.
    pub fn create(
        folder: &Path,
        passphrase: &SecretBytes,
        cost: KdfCost,
    ) -> Result<Self, ProfileError> {
        if !(1..=MAX_PASSPHRASE).contains(&passphrase.len()) {
            return Err(ProfileError::PassphraseLength);
        }
        check_empty(folder)?;
        private::create_folder(folder)?;
        let lock = Lock::acquire(&folder.join("lock"))?;
        if exists(folder) {
            return Err(ProfileError::Exists);
        }
        let key = StoreKey::generate()?;
        let bytes = header::seal(&key, passphrase, cost)?;
        let config = ProfileConfig::default();
        config.write(&config_path(folder))?;
        // The header last: with it the profile exists.
        private::replace_file(&header_path(folder), &bytes)?;
        Ok(Self {
            folder: fs::canonicalize(folder).map_err(PrivateError::from)?,
            config,
            key,
            _lock: lock,
        })
    }

    /// Opens the profile in `folder`. Takes as long as its header says.
    ///
    /// # Errors
    /// [`HeaderError::WrongPassphrase`] and [`HeaderError::Damaged`] are told apart; see
    /// [`ProfileError`] for the others.
    pub fn open(folder: &Path, passphrase: &SecretBytes) -> Result<Self, ProfileError> {
        if !exists(folder) {
            return Err(ProfileError::Missing);
        }
        private::narrow_folder(folder)?;
        let lock = Lock::acquire(&folder.join("lock"))?;
        let config = ProfileConfig::read(&config_path(folder))?;
        let key = header::open(&header_path(folder), passphrase)?;
        Ok(Self {
            folder: fs::canonicalize(folder).map_err(PrivateError::from)?,
            config,
            key,
            _lock: lock,
        })
    }

    /// Opens the store of this profile.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_store(&self) -> Result<SledStore, StoreError> {
        let cache_bytes = u64::from(self.config.store.cache_mib) * 1024 * 1024;
        SledStore::open(&self.folder.join("store"), &self.key, cache_bytes)
    }

    /// The folder, as an absolute path.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What its owner configured.
    #[must_use]
    pub fn config(&self) -> &ProfileConfig {
        &self.config
    }

    /// Checks `config`, keeps it in place of the old one, and uses it from here on.
    ///
    /// # Errors
    /// [`ConfigError`] when a value is out of its bounds or the file cannot be written.
    pub fn write_config(&mut self, config: ProfileConfig) -> Result<(), ConfigError> {
        config.write(&config_path(&self.folder))?;
        self.config = config;
        Ok(())
    }

    /// Where the local API listens; its folder exists and is private.
    ///
    /// # Errors
    /// As [`socket_path`].
    pub fn socket_path(&self) -> Result<PathBuf, ProfileError> {
        socket_path(&self.folder)
    }

    /// The log file, for when it is not the terminal that is written to.
    #[must_use]
    pub fn log_path(&self) -> PathBuf {
        self.folder.join("node.log")
    }
}

/// Whether there is a profile in `folder`.
#[must_use]
pub fn exists(folder: &Path) -> bool {
    header_path(folder).symlink_metadata().is_ok()
}

/// Where the local API of the profile in `folder` listens, found without opening the profile.
/// Too long a path is replaced by one in a private folder for sockets, named by a hash.
///
/// # Errors
/// [`ProfileError::Missing`] without such a folder, [`ProfileError::Folder`] when the folder for
/// sockets belongs to somebody else.
pub fn socket_path(folder: &Path) -> Result<PathBuf, ProfileError> {
    let folder = fs::canonicalize(folder).map_err(|_| ProfileError::Missing)?;
    let near = folder.join("node.sock");
    if fits_a_socket(&near) {
        return Ok(near);
    }
    let hash = Label::SOCKET_NAME.hash(&[folder.as_os_str().as_bytes()]);
    let name = format!("{}.sock", data_encoding::HEXLOWER.encode(&hash[..16]));
    let sockets = socket_folder(env::var_os("XDG_RUNTIME_DIR").as_deref(), &name);
    private::create_folder(&sockets)?;
    Ok(sockets.join(name))
}

/// The user's runtime directory where there is one, else a folder of ours under `/tmp`.
fn socket_folder(runtime: Option<&OsStr>, name: &str) -> PathBuf {
    let in_runtime = runtime
        .map(|runtime| Path::new(runtime).join("windbreak"))
        .filter(|folder| folder.is_absolute() && fits_a_socket(&folder.join(name)))
        .filter(|folder| folder.parent().is_some_and(Path::is_dir));
    in_runtime.unwrap_or_else(|| {
        PathBuf::from(format!("/tmp/windbreak-{}", rustix::process::geteuid().as_raw()))
    })
}

fn fits_a_socket(path: &Path) -> bool {
    path.as_os_str().len() <= MAX_SOCKET_PATH
}

/// Refuses a folder that holds anything but what an interrupted `create` leaves.
fn check_empty(folder: &Path) -> Result<(), ProfileError> {
    if exists(folder) {
        return Err(ProfileError::Exists);
    }
    let entries = match fs::read_dir(folder).map_err(PrivateError::from) {
        Ok(entries) => entries,
        Err(PrivateError::Missing) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for entry in entries {
        let name = entry.map_err(PrivateError::from)?.file_name();
        let ours = ["lock", "config.toml", ".config.toml.new", ".header.new"];
        if !ours.iter().any(|own| name == *own) {
            return Err(ProfileError::NotEmpty);
        }
    }
    Ok(())
}

fn header_path(folder: &Path) -> PathBuf {
    folder.join("header")
}

fn config_path(folder: &Path) -> PathBuf {
    folder.join("config.toml")
}

#[cfg(test)]
mod tests;
