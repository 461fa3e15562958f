//! A profile: the folder that holds everything of one person on one device.
//!
//! ```text
//! header       four slots for wrapped keys of stores, sealed by passphrases (profile/header.rs)
//! config.toml  what its owner may change by hand                            (profile/config.rs)
//! lock         held while a node has the profile open
//! stores/0 …   four sealed stores; who opens one learns nothing of the others (profile/stores.rs)
//! node.sock    the local API, unless the path is too long for a socket
//! ```
//! Clauses: specs/07-store S-5, S-8, S-9, S-15.

mod config;
mod destroy;
mod header;
mod stores;

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use windbreak_protocol::label::Label;
use windbreak_protocol::secret::SecretBytes;

use crate::private::{self, Lock, PrivateError};
use crate::store::chaff::{GoOn, Size};
use crate::store::{SledStore, Store, StoreError, StoreKey};
use header::{Header, Slot};
use stores::Trouble;

pub(crate) use config::MAX_CONFIG;
pub use config::{
    ConfigError, LockConfig, LogConfig, NetworkConfig, NetworkMode, PanicConfig, ProfileConfig,
    StoreConfig, TOR_PROXY,
};
pub use destroy::{destroy, destroy_keys, discard, remove_files};
pub use header::{HeaderError, KdfCost, SLOTS};

/// The longest path a Unix socket is given, in bytes; systems differ in 104 and 108.
const MAX_SOCKET_PATH: usize = 100;
/// What a making that was interrupted leaves beside the stores.
const LEFT_BY_MAKING: [&str; 6] =
    ["lock", "config.toml", ".config.toml.new", ".header.new", ".making.new", "making"];
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
    /// Another profile in the folder has this passphrase.
    #[error("this passphrase opens a profile already; choose another one")]
    PassphraseTaken,
    /// All four places are taken.
    #[error("a folder has room for four profiles; use another folder")]
    NoPlace,
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
    /// Another store in the folder cannot be used, whoever's it is.
    #[error(
        "another store in this folder cannot be read or written; this profile's own is not affected: if nobody else uses the folder, make the others anew: windbreak store compact --only-profile"
    )]
    Beside(#[source] StoreError),
}

impl ProfileError {
    /// Why another store of the folder than the own one cannot be used.
    fn beside(why: StoreError) -> Self {
        match why {
            // They say nothing of whose store it is, and are mended otherwise.
            StoreError::DiskFull | StoreError::NewerSchema { .. } | StoreError::Stopped => {
                Self::Store(why)
            }
            why => Self::Beside(why),
        }
    }
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
    slot: Slot,
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
        Self::create_with(folder, passphrase, cost, ProfileConfig::default(), |_| Ok(()))
    }

    /// The same with a configuration, and with what `fill` puts into its store. Wherever that is
    /// interrupted there is no profile, and it can be made again: never one that reaches others in
    /// another way than was chosen, or that lacks what it begins with.
    ///
    /// # Errors
    /// [`ProfileError`], and what `fill` says; the folder then holds no profile.
    pub fn create_with<E: From<ProfileError>>(
        folder: &Path,
        passphrase: &SecretBytes,
        cost: KdfCost,
        config: ProfileConfig,
        fill: impl FnOnce(&mut SledStore) -> Result<(), E>,
    ) -> Result<Self, E> {
        let (profile, header) = Self::begin(folder, passphrase, cost, config)?;
        let mut store = profile.open_store().map_err(ProfileError::from)?;
        fill(&mut store)?;
        drop(store);
        profile.finish(&header)?;
        Ok(profile)
    }

    /// Makes everything of a profile but its header, which is given.
    fn begin(
        folder: &Path,
        passphrase: &SecretBytes,
        cost: KdfCost,
        config: ProfileConfig,
    ) -> Result<(Self, Header), ProfileError> {
        check_length(passphrase)?;
        check_empty(folder)?;
        private::create_folder(folder)?;
        let lock = Lock::acquire(&folder.join("lock"))?;
        if exists(folder) {
            return Err(ProfileError::Exists);
        }
        let folder = fs::canonicalize(folder).map_err(PrivateError::from)?;
        let slot = Slot::any_of(&Slot::ALL)?.ok_or(HeaderError::NoRandomness)?;
        let key = StoreKey::generate()?;
        let header = Header::new(&key, slot, passphrase, cost)?;
        stores::begin(&folder)?;
        stores::make_all(&folder, slot, &key)?;
        config.write(&config_path(&folder))?;
        Ok((Self { folder, config, key, slot, _lock: lock }, header))
    }

    /// Puts the header in its place, as the last thing: with it the profile exists.
    fn finish(&self, header: &Header) -> Result<(), ProfileError> {
        self.even_out_closed(&|| true)?;
        private::replace_file(&header_path(&self.folder), header.as_bytes())?;
        stores::end(&self.folder)?;
        self.take_one_time();
        Ok(())
    }

    /// Gives all that lies in the folder one time, which nobody has open but this. It is the last thing
    /// that is done there: what cannot be made alike now is at the next end.
    fn take_one_time(&self) {
        if let Err(why) = stores::same_times(&self.folder) {
            tracing::debug!(%why, "the times are not alike yet");
        }
    }

    /// Says how circles of the profile in `folder` reach others that are made or joined from now on.
    /// A node that runs hears of it when it starts again. A configuration that is missing is made anew.
    ///
    /// # Errors
    /// [`ProfileError`]; then nothing changed.
    pub fn set_network(folder: &Path, network: NetworkConfig) -> Result<(), ProfileError> {
        if !exists(folder) {
            return Err(ProfileError::Missing);
        }
        // Held by a node that runs: that makes the times alike when it ends.
        let held = Lock::acquire(&folder.join("lock"));
        let mut config = match ProfileConfig::read(&config_path(folder)) {
            Err(ConfigError::Missing) => ProfileConfig::default(),
            config => config?,
        };
        config.network = network;
        config.write(&config_path(folder))?;
        if held.is_ok()
            && let Err(why) = stores::same_times(folder)
        {
            tracing::debug!(%why, "the times are not alike yet");
        }
        Ok(())
    }

    /// What the configuration of the profile in `folder` says.
    ///
    /// # Errors
    /// [`ProfileError`].
    pub fn read_config(folder: &Path) -> Result<ProfileConfig, ProfileError> {
        if !exists(folder) {
            return Err(ProfileError::Missing);
        }
        Ok(ProfileConfig::read(&config_path(folder))?)
    }

    /// Opens the profile in `folder` that the passphrase is for; one of an older version is
    /// brought up to date. Takes as long as its header says, whichever profile it is.
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
        let folder = fs::canonicalize(folder).map_err(PrivateError::from)?;
        let config = ProfileConfig::read(&config_path(&folder))?;
        let header = Header::read(&header_path(&folder))?;
        let opened = header.open(passphrase)?;
        let slot = if opened.is_first {
            stores::from_first(&folder, &header, &opened.key, passphrase)?
        } else {
            opened.slot
        };
        stores::settle_first(&folder, slot)?;
        stores::clear(&folder)?;
        stores::end(&folder)?;
        Ok(Self { folder, config, key: opened.key, slot, _lock: lock })
    }

    /// Opens the store of this profile.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_store(&self) -> Result<SledStore, StoreError> {
        let cache_bytes = u64::from(self.config.store.cache_mib) * 1024 * 1024;
        SledStore::open(&stores::folder(&self.folder, self.slot), &self.key, cache_bytes)
    }

    /// The same for whoever reads all of it next, by [`Store::begin`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn open_unread_store(&self) -> Result<SledStore, StoreError> {
        let cache_bytes = u64::from(self.config.store.cache_mib) * 1024 * 1024;
        SledStore::open_unread(&stores::folder(&self.folder, self.slot), &self.key, cache_bytes)
    }

    /// Makes all four stores equally large, `own` among them, which is this profile's.
    ///
    /// # Errors
    /// [`ProfileError::Store`] and [`ProfileError::Beside`]; all records are as they were, and the stores
    /// alike that can be used.
    pub fn even_out(&self, own: &mut dyn Store) -> Result<(), ProfileError> {
        let pad_own = &mut |size| {
            while !own.pad(size)? {}
            Ok(())
        };
        self.even_out_beside(pad_own, &|| true)
    }

    /// The same for as long as `go_on` says so. `pad_own` makes the store of this profile, which is
    /// open, at least as large as it is told.
    pub(crate) fn even_out_beside(
        &self,
        pad_own: &mut dyn FnMut(u64) -> Result<(), StoreError>,
        go_on: GoOn<'_>,
    ) -> Result<(), ProfileError> {
        stores::even_out_beside(&self.folder, self.slot, pad_own, go_on)
    }

    /// Makes all four alike in size and times, now that none is open. Their size only as far as
    /// `go_on` lets it: the rest is for the next time.
    ///
    /// # Errors
    /// As [`Self::even_out`].
    pub fn even_out_closed(&self, go_on: &dyn Fn() -> bool) -> Result<(), ProfileError> {
        stores::even_out(&self.folder, self.slot, go_on)
    }

    /// Makes another profile in this folder, which another passphrase opens. `fill` puts into its
    /// store what makes it look lived-in. `keep` are the passphrases of further profiles that are
    /// there already: **one whose passphrase is not among them may be destroyed**, for nobody can
    /// know of it.
    ///
    /// # Errors
    /// [`ProfileError::PassphraseTaken`] when it opens a profile already,
    /// [`ProfileError::NoPlace`] when all four are kept, [`HeaderError::WrongPassphrase`] when one
    /// of `keep` opens nothing, and what the system says. Up to then nothing has changed, but that a
    /// profile whose place was to be taken may be gone.
    pub fn add_hidden(
        &self,
        passphrase: &SecretBytes,
        keep: &[SecretBytes],
        fill: impl FnOnce(&mut dyn Store) -> Result<(), ProfileError>,
    ) -> Result<(), ProfileError> {
        check_length(passphrase)?;
        let mut header = Header::read(&header_path(&self.folder))?;
        if header.open(passphrase).is_ok() {
            return Err(ProfileError::PassphraseTaken);
        }
        let mut free: Vec<Slot> = Slot::ALL.into_iter().filter(|slot| *slot != self.slot).collect();
        for passphrase in keep {
            let kept = header.open(passphrase)?.slot;
            free.retain(|slot| *slot != kept);
        }
        let slot = Slot::any_of(&free)?.ok_or(ProfileError::NoPlace)?;
        let key = StoreKey::generate()?;
        let made = self.build_hidden(&key, fill).and_then(|()| {
            // First what opens the one that goes: its passphrase must not find a store of somebody else.
            header.clear(slot)?;
            replace_header(&self.folder, &header)?;
            stores::put_in_place(&self.folder, slot)?;
            header.put(slot, &key, passphrase)?;
            Ok(replace_header(&self.folder, &header)?)
        });
        if made.is_err() {
            // A fifth store beside the four would tell. What stands in the way of removing it is
            // what stood in the way before, and the next opening tries again.
            let _ = stores::clear(&self.folder);
        }
        made?;
        // The other profile is there: what cannot be made alike now is at the next start (S-20).
        if let Err(why) = self.even_out_closed(&|| true) {
            tracing::debug!(%why, "the stores are not alike yet");
        }
        Ok(())
    }

    /// Fills a store that takes another's place.
    fn build_hidden(
        &self,
        key: &StoreKey,
        fill: impl FnOnce(&mut dyn Store) -> Result<(), ProfileError>,
    ) -> Result<(), ProfileError> {
        let mut store = stores::build(&self.folder, key)?;
        fill(&mut store)?;
        Ok(store.tidy()?)
    }

    /// Lets another passphrase open this profile, in place of the one until now. Whatever happens
    /// meanwhile, one of the two opens it; other profiles of the folder are not touched. What the
    /// header was before is overwritten, as far as the disk does that: a copy of it opens with the
    /// passphrase of then.
    ///
    /// # Errors
    /// [`ProfileError::PassphraseTaken`] when it opens a profile already, this one or another, and
    /// what the system says. The passphrase until now then opens the profile.
    pub fn change_passphrase(&self, passphrase: &SecretBytes) -> Result<(), ProfileError> {
        check_length(passphrase)?;
        let mut header = Header::read(&header_path(&self.folder))?;
        if header.open(passphrase).is_ok() {
            return Err(ProfileError::PassphraseTaken);
        }
        header.put(self.slot, &self.key, passphrase)?;
        replace_header(&self.folder, &header)?;
        // A header that alone is of now would say that a passphrase was changed, and when.
        self.take_one_time();
        Ok(())
    }

    /// Gives disk back: writes this profile's closed store anew without what it does not need any
    /// more. The other stores keep what stands in them, for they may be somebody's; only if this
    /// is said to be the `only` profile in the folder are they made anew, and **another one is
    /// destroyed**. Gives the bytes of all stores before and after.
    ///
    /// # Errors
    /// [`ProfileError`]; this profile has then lost nothing. With [`ProfileError::Beside`] all was done that
    /// could be.
    pub fn compact(&self, only: bool) -> Result<(u64, u64), ProfileError> {
        let all = || Slot::ALL.map(|slot| stores::folder(&self.folder, slot));
        let size = || all().iter().map(|folder| Size::of(folder).records).sum::<u64>();
        let before = size();
        if only {
            self.forget_others()?;
        }
        let mut trouble = Trouble::none(self.slot);
        // In the order of the slots, whichever is this one's: when files were made shows.
        for slot in Slot::ALL {
            let folder = stores::folder(&self.folder, slot);
            if slot == self.slot {
                crate::store::compact(&folder, Some(&self.key))?;
            } else if only {
                stores::make(&self.folder, slot, &StoreKey::generate()?)?;
            } else {
                trouble.note(slot, crate::store::compact(&folder, None));
            }
        }
        self.even_out_closed(&|| true)?;
        trouble.outcome()?;
        Ok((before, size()))
    }

    /// Takes what opens them from all other profiles in the folder. It goes before their stores do: a
    /// passphrase that opened a store which is not there would tell that there was one.
    fn forget_others(&self) -> Result<(), ProfileError> {
        let mut header = Header::read(&header_path(&self.folder))?;
        for slot in Slot::ALL.into_iter().filter(|slot| *slot != self.slot) {
            header.clear(slot)?;
        }
        Ok(replace_header(&self.folder, &header)?)
    }

    /// What trying a passphrase costs here.
    ///
    /// # Errors
    /// [`ProfileError`] when the header cannot be read any more.
    pub fn cost(&self) -> Result<KdfCost, ProfileError> {
        Ok(Header::read(&header_path(&self.folder))?.cost()?)
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

/// Whether a process holds the folder of a profile that was destroyed, or is just being made: without a
/// header, and with nothing that does not belong to one.
#[must_use]
pub fn is_held_without_header(folder: &Path) -> bool {
    let Ok(mut entries) = fs::read_dir(folder) else { return false };
    let ours = ["stores", "node.sock", "node.new", "node.log"];
    let is_ours = |name: &OsStr| LEFT_BY_MAKING.iter().chain(&ours).any(|own| name == *own);
    !exists(folder)
        && entries.all(|entry| entry.is_ok_and(|entry| is_ours(&entry.file_name())))
        && Lock::is_held(&folder.join("lock"))
}

/// Bytes that the four stores in `folder` take on the disk, whoever's they are.
#[must_use]
pub fn disk_taken(folder: &Path) -> u64 {
    stores::taken(folder)
}

/// Whether `panic` asks for a yes in this profile, which is not opened for it. What cannot be read
/// asks.
#[must_use]
pub fn asks_before_panic(folder: &Path) -> bool {
    ProfileConfig::read(&config_path(folder)).map_or(true, |config| config.panic.confirm)
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
    private::runtime_folder(runtime)
        .filter(|folder| fits_a_socket(&folder.join(name)))
        .unwrap_or_else(private::temporary_folder)
}

fn fits_a_socket(path: &Path) -> bool {
    path.as_os_str().len() <= MAX_SOCKET_PATH
}

fn check_length(passphrase: &SecretBytes) -> Result<(), ProfileError> {
    if (1..=MAX_PASSPHRASE).contains(&passphrase.len()) {
        Ok(())
    } else {
        Err(ProfileError::PassphraseLength)
    }
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
        if name == *"stores" && stores::is_begun(folder) {
            continue;
        }
        if !LEFT_BY_MAKING.iter().any(|own| name == *own) {
            return Err(ProfileError::NotEmpty);
        }
    }
    Ok(())
}

fn header_path(folder: &Path) -> PathBuf {
    folder.join("header")
}

/// Puts a header in the place of the one that is there, which is overwritten where it lay.
fn replace_header(folder: &Path, header: &Header) -> Result<(), PrivateError> {
    let path = header_path(folder);
    let before = private::open_file(&path)?;
    let length = before.metadata()?.len();
    private::replace_file(&path, header.as_bytes())?;
    // It has no name any more. The change is done: what could not be wiped is as it would be on a
    // disk that does not overwrite in place.
    let _ = private::overwrite(&before, length);
    Ok(())
}

fn config_path(folder: &Path) -> PathBuf {
    folder.join("config.toml")
}

#[cfg(test)]
mod tests;
