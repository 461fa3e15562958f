//! Checks a backup, and takes it back. A profile is changed by none of it: one is made anew, once
//! the whole file has been read and found sound.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use age::DecryptError;
use sha2::{Digest, Sha256};
use windbreak_protocol::record::{Batch, Key, RecordKind};
use windbreak_protocol::secret::SecretBytes;
use windbreak_protocol::time::Timestamp;

use super::{
    BackupError, LINE_LEN, LINE_START, LINE_VERSION, MAGIC, Opener, VERSION, WITH_CONFIG, is_kept,
    text,
};
use crate::private::{self, PrivateError};
use crate::profile::{self, KdfCost, MAX_CONFIG, Profile, ProfileConfig, ProfileError};
use crate::returning;
use crate::store::{self, MAX_KEY_NAME, MAX_VALUE, Store};

/// Bytes of records written by one commit.
const MAX_STEP: usize = 1024 * 1024;

/// The most work a passphrase may cost, as a power of two: age asks for about a second of the
/// computer that makes a backup, and this one may be far slower. This much takes 4 GiB of memory.
const MAX_WORK_FACTOR: u8 = 22;

/// Takes one record.
type Take<'a> = &'a mut dyn FnMut(Key, &[u8]) -> Result<(), BackupError>;

/// What was found in a backup.
#[derive(Clone, Debug, PartialEq)]
pub struct Restored {
    /// Records in it.
    pub records: u64,
    /// When it was made.
    pub made: Timestamp,
    /// Circles in it.
    pub circles: usize,
    /// The configuration of the profile it was made of; earlier programs left it out.
    pub config: Option<ProfileConfig>,
}

/// Reads a backup from one end to the other and changes nothing.
///
/// # Errors
/// [`BackupError`] says what is wrong with it.
pub fn check(path: &Path, opener: &Opener) -> Result<Restored, BackupError> {
    let mut file = open(path)?;
    read(&mut file, opener, &mut |_, _| Ok(()))
}

/// Makes a profile in `folder`, which is missing or empty, from a backup. It is marked: before it
/// says anything it returns to its circles as a new device. It goes on for as long as `go_on` says so.
///
/// # Errors
/// [`BackupError`]; there is then no profile in `folder`, and nothing there has changed.
pub fn restore(
    path: &Path,
    opener: &Opener,
    place: Place<'_>,
    go_on: &dyn Fn() -> bool,
) -> Result<Restored, BackupError> {
    let folder = place.folder;
    if profile::exists(folder) {
        return Err(ProfileError::Exists.into());
    }
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(ProfileError::NotEmpty.into());
    }
    let mut file = open(path)?;
    let found = read(&mut file, opener, &mut |_, _| Ok(()))?;
    let building = beside(folder)?;
    // What stands there otherwise is somebody's.
    if building.symlink_metadata().is_ok() && !remove_left(&building)? {
        return Err(PrivateError::Exists.into());
    }
    let made = fill(&mut file, opener, &building, place, go_on);
    let made = made.and_then(|()| {
        fs::rename(&building, folder)?;
        private::sync_folder(private::parent_of(folder))?;
        Ok(found)
    });
    if made.is_err() {
        // The first error is the one worth telling.
        let _ = store::remove(&building);
    }
    made
}

/// Where a backup is taken back to, and what opens the profile then.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The folder, which is missing or empty.
    pub folder: &'a Path,
    /// The passphrase of the profile.
    pub passphrase: &'a SecretBytes,
    /// What trying one costs.
    pub cost: KdfCost,
    /// The configuration of the profile.
    pub config: &'a ProfileConfig,
}

/// Removes what a restore to `folder` that was killed left beside it; whether there was something. What was
/// to come into it stands in the backup.
///
/// # Errors
/// [`BackupError`]: some of it may be left.
pub fn clear_left(folder: &Path) -> Result<bool, BackupError> {
    let cleared = left_by_restore(folder).map_or(Ok(false), |left| remove_left(&left));
    match &cleared {
        Ok(true) => tracing::info!("what a restore left that was cut off is removed"),
        Ok(false) => {}
        Err(why) => tracing::warn!(%why, "what a restore left that was cut off is still there"),
    }
    cleared
}

/// What a restore to `folder` that was killed left beside it.
#[must_use]
pub fn left_by_restore(folder: &Path) -> Option<PathBuf> {
    beside(folder).ok().filter(|left| left.join("lock").symlink_metadata().is_ok())
}

/// Removes a folder of a restore that nobody is at any more.
fn remove_left(building: &Path) -> Result<bool, BackupError> {
    let lock = building.join("lock");
    if lock.symlink_metadata().is_err() {
        return Ok(false);
    }
    if private::Lock::is_held(&lock) {
        return Err(ProfileError::AlreadyOpen.into());
    }
    store::remove(building)?;
    Ok(true)
}

fn fill(
    file: &mut File,
    opener: &Opener,
    folder: &Path,
    place: Place<'_>,
    go_on: &dyn Fn() -> bool,
) -> Result<(), BackupError> {
    let Place { passphrase, cost, config, .. } = place;
    let made = Profile::create_with(folder, passphrase, cost, config.clone(), |store| {
        // Before anything that it would speak with.
        returning::mark(store)?;
        let (mut batch, mut bytes) = (Batch::new(), 0);
        read(file, opener, &mut |key, value| {
            bytes += key.name().len() + value.len();
            batch.put(key, value.to_vec());
            if bytes < MAX_STEP {
                return Ok(());
            }
            if !go_on() {
                return Err(io::Error::from(io::ErrorKind::Interrupted).into());
            }
            bytes = 0;
            Ok(store.apply(std::mem::take(&mut batch))?)
        })?;
        Ok::<_, BackupError>(store.apply(batch)?)
    });
    made.map(drop)
}

/// Where a profile is made that is to be put at `folder` whole.
fn beside(folder: &Path) -> Result<PathBuf, BackupError> {
    let mut name = OsString::from(".");
    name.push(folder.file_name().ok_or(PrivateError::NotPlain)?);
    name.push(".restoring");
    Ok(private::parent_of(folder).join(name))
}

/// Opens the file of a backup and checks that it is whole.
fn open(path: &Path) -> Result<File, BackupError> {
    let mut file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(PrivateError::NotPlain.into());
    }
    let mut line = [0; LINE_LEN];
    if file.read_exact(&mut line).is_err() {
        return Err(BackupError::NotABackup);
    }
    let line = Line::parse(std::str::from_utf8(&line).map_err(|_| BackupError::NotABackup)?)?;
    let found = file.metadata()?.len() - LINE_LEN as u64;
    if line.version == LINE_VERSION && line.length == found {
        return if sum_of(&mut file)? == line.sum { Ok(file) } else { Err(BackupError::Damaged) };
    }
    // The sum is over all that follows: where it holds, nothing of that is missing or of another version, and
    // the line itself is damaged.
    if sum_of(&mut file)? == line.sum {
        return Err(BackupError::Damaged);
    }
    if line.version > LINE_VERSION {
        return Err(BackupError::Newer(line.version));
    }
    match line.length.checked_sub(found) {
        Some(missing @ 1..) => Err(BackupError::Truncated { missing }),
        _ => Err(BackupError::Damaged),
    }
}

/// What the first line says of the rest.
struct Line {
    version: u32,
    length: u64,
    sum: String,
}

impl Line {
    fn parse(line: &str) -> Result<Self, BackupError> {
        let rest = line.strip_prefix(LINE_START).ok_or(BackupError::NotABackup)?;
        let mut fields = rest.trim_end_matches('\n').split(' ');
        let mut next = || fields.next().ok_or(BackupError::NotABackup);
        let version: u32 = next()?.parse().map_err(|_| BackupError::NotABackup)?;
        if version == 0 {
            return Err(BackupError::NotABackup);
        }
        let (length, sum) = (next().map(str::to_owned), next().map(str::to_owned));
        match (length.ok().and_then(|length| length.parse().ok()), sum) {
            (Some(length), Ok(sum)) => Ok(Self { version, length, sum }),
            // A later one may have another line.
            _ if version > LINE_VERSION => Err(BackupError::Newer(version)),
            _ => Err(BackupError::NotABackup),
        }
    }
}

fn sum_of(file: &mut File) -> Result<String, BackupError> {
    let mut sum = Sha256::new();
    let mut reader = BufReader::new(file);
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let count = reader.read(&mut bytes)?;
        if count == 0 {
            return Ok(data_encoding::HEXLOWER.encode(&sum.finalize()));
        }
        sum.update(&bytes[..count]);
    }
}

/// Reads everything, and hands each record to `take`.
fn read(file: &mut File, opener: &Opener, take: Take<'_>) -> Result<Restored, BackupError> {
    file.seek(SeekFrom::Start(LINE_LEN as u64))?;
    let decryptor = age::Decryptor::new_buffered(BufReader::new(file)).map_err(refused)?;
    let mut plain: Box<dyn Read> = match opener {
        Opener::Passphrase(_) if !decryptor.is_scrypt() => return Err(BackupError::NeedsIdentity),
        Opener::Identity(_) if decryptor.is_scrypt() => return Err(BackupError::NeedsPassphrase),
        Opener::Passphrase(passphrase) => {
            let mut identity = age::scrypt::Identity::new(text(passphrase)?);
            identity.set_max_work_factor(MAX_WORK_FACTOR);
            let identities = std::iter::once(&identity as &dyn age::Identity);
            Box::new(decryptor.decrypt(identities).map_err(not_opened)?)
        }
        Opener::Identity(identity) => {
            let words = std::str::from_utf8(identity).map_err(|_| BackupError::BadKey)?;
            let identity: age::x25519::Identity =
                words.trim().parse().map_err(|_| BackupError::BadKey)?;
            let identities = std::iter::once(&identity as &dyn age::Identity);
            Box::new(decryptor.decrypt(identities).map_err(|_| BackupError::WrongIdentity)?)
        }
    };
    let magic: [u8; 16] = array(&mut plain)?;
    let version = u16::from_be_bytes(array(&mut plain)?);
    if magic != *MAGIC {
        return Err(BackupError::NotABackup);
    }
    if version > VERSION {
        return Err(BackupError::Newer(u32::from(version)));
    }
    let made = Timestamp::from_seconds(u64::from_be_bytes(array(&mut plain)?));
    let config = if version < WITH_CONFIG { None } else { read_config(&mut plain)? };
    let (mut records, mut circles) = (0_u64, 0);
    loop {
        let [kind] = array(&mut plain)?;
        if kind == 0 {
            break;
        }
        // What no backup holds somebody has put there: the program that shows notices, for example.
        let kind = RecordKind::from_number(kind).filter(|kind| is_kept(*kind));
        let kind = kind.ok_or(BackupError::Damaged)?;
        let length = u16::from_be_bytes(array(&mut plain)?).into();
        let name = bytes(&mut plain, length, MAX_KEY_NAME)?;
        let length = u32::from_be_bytes(array(&mut plain)?) as usize;
        let value = bytes(&mut plain, length, MAX_VALUE)?;
        records += 1;
        circles += usize::from(kind == RecordKind::Circle);
        take(Key::new(kind, &[&name]), &value)?;
    }
    let counted = u64::from_be_bytes(array(&mut plain)?);
    // One byte more, or the missing end of the stream, shows here.
    if counted != records || plain.read(&mut [0]).map_err(broken)? != 0 {
        return Err(BackupError::Damaged);
    }
    Ok(Restored { records, made, circles, config })
}

/// The configuration, checked as one that was written by hand.
fn read_config(plain: &mut dyn Read) -> Result<Option<ProfileConfig>, BackupError> {
    let length = u32::from_be_bytes(array(plain)?) as usize;
    let text = bytes(plain, length, MAX_CONFIG)?;
    if text.is_empty() {
        // That of the profile could not be read.
        return Ok(None);
    }
    // One of a later program may say what this one does not know: the profile is worth more.
    let text = std::str::from_utf8(&text).map_err(|_| BackupError::Damaged)?;
    Ok(ProfileConfig::from_text(text).ok())
}

fn array<const N: usize>(plain: &mut dyn Read) -> Result<[u8; N], BackupError> {
    let mut bytes = [0; N];
    plain.read_exact(&mut bytes).map_err(broken)?;
    Ok(bytes)
}

fn bytes(plain: &mut dyn Read, length: usize, most: usize) -> Result<SecretBytes, BackupError> {
    if length > most {
        return Err(BackupError::Damaged);
    }
    let mut bytes = SecretBytes::new(vec![0; length]);
    plain.read_exact(&mut bytes).map_err(broken)?;
    Ok(bytes)
}

/// What ends too early, or does not open, is not what was written.
fn broken(error: io::Error) -> BackupError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => BackupError::Damaged,
        _ => error.into(),
    }
}

fn not_opened(error: DecryptError) -> BackupError {
    match error {
        DecryptError::ExcessiveWork { .. } => BackupError::TooCostly,
        _ => BackupError::WrongPassphrase,
    }
}

fn refused(error: DecryptError) -> BackupError {
    match error {
        DecryptError::Io(error) => broken(error),
        _ => BackupError::Damaged,
    }
}
