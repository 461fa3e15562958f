//! Files and folders that are private from their first moment: 0600 and 0700, never widened by a
//! umask, never reached through somebody else's link. Also the lock that keeps two nodes off one
//! folder, and what keeps this process out of core dumps. Clause: specs/07-store S-8, S-9.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::fs::{FlockOperation, OFlags};
use zeroize::Zeroizing;

/// Mode of every file: its owner reads and writes.
pub const FILE_MODE: u32 = 0o600;
/// Mode of every folder: its owner reads, writes and enters.
pub const FOLDER_MODE: u32 = 0o700;

/// Why a private file or folder could not be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PrivateError {
    /// No space or quota is left.
    #[error("the disk is full; free some space and try again")]
    DiskFull,
    /// The file system or its permissions forbid it.
    #[error(
        "no permission to read or write here; check who owns the folder, and whether its disk is read-only"
    )]
    Denied,
    /// There is no such file or folder.
    #[error("there is no such file or folder")]
    Missing,
    /// Something with this name exists already.
    #[error("something with this name exists already")]
    Exists,
    /// The folder or file belongs to another user of this machine.
    #[error("the folder or file belongs to another user; choose a place of your own")]
    NotOurs,
    /// A link, a device or another thing stands where a plain file or folder is needed.
    #[error("a plain file or folder is needed here, and something else stands in its place")]
    NotPlain,
    /// The file is longer than anything that belongs there.
    #[error("the file is too long to be what belongs here")]
    TooLong,
    /// Another node holds the lock.
    #[error("already open by another node; stop that one first")]
    AlreadyOpen,
    /// The operating system gave another reason.
    #[error("reading or writing failed: {0}")]
    Io(io::ErrorKind),
}

impl From<io::Error> for PrivateError {
    fn from(error: io::Error) -> Self {
        // O_NOFOLLOW reports a link as ELOOP, whose kind has no stable name.
        if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) {
            return Self::NotPlain;
        }
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::Denied,
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::AlreadyExists => Self::Exists,
            io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => Self::NotPlain,
            kind => Self::Io(kind),
        }
    }
}

impl From<rustix::io::Errno> for PrivateError {
    fn from(error: rustix::io::Errno) -> Self {
        io::Error::from(error).into()
    }
}

/// Makes `path` a folder of mode 0700, with its parents; one that is there already and ours is
/// narrowed to that mode.
///
/// # Errors
/// [`PrivateError::NotPlain`] for a link or a file in its place, [`PrivateError::NotOurs`] for
/// somebody else's folder, and what the system says.
pub fn create_folder(path: &Path) -> Result<(), PrivateError> {
    // Parents that are missing are ours too, so they are born as private as the folder.
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(parent_of(path))?;
    match DirBuilder::new().mode(FOLDER_MODE).create(path) {
        Ok(()) => {
            // A strange umask may have taken bits away that we need ourselves.
            fs::set_permissions(path, Permissions::from_mode(FOLDER_MODE))?;
            sync_folder(parent_of(path))
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => narrow_folder(path),
        Err(error) => Err(error.into()),
    }
}

/// Checks that `path` is a folder of ours, not a link, and takes everybody else's access away.
///
/// # Errors
/// As [`create_folder`]; [`PrivateError::Missing`] when there is none.
pub fn narrow_folder(path: &Path) -> Result<(), PrivateError> {
    let metadata = fs::symlink_metadata(path)?;
    if !metadata.is_dir() {
        return Err(PrivateError::NotPlain);
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(PrivateError::NotOurs);
    }
    if metadata.mode() & 0o777 != FOLDER_MODE {
        fs::set_permissions(path, Permissions::from_mode(FOLDER_MODE))?;
    }
    Ok(())
}

/// Gives a socket that was just bound the mode of a file of ours.
///
/// # Errors
/// What the system says.
pub fn narrow_socket(path: &Path) -> Result<(), PrivateError> {
    Ok(fs::set_permissions(path, Permissions::from_mode(FILE_MODE))?)
}

/// Our folder in the user's runtime directory, which goes with the run of the machine; none where there is
/// no such directory. Whoever uses it makes it, by [`create_folder`].
#[must_use]
pub(crate) fn runtime_folder(runtime: Option<&OsStr>) -> Option<PathBuf> {
    runtime
        .map(|runtime| Path::new(runtime).join("windbreak"))
        .filter(|folder| folder.is_absolute() && folder.parent().is_some_and(Path::is_dir))
}

/// What serves in its place.
#[must_use]
pub(crate) fn temporary_folder() -> PathBuf {
    PathBuf::from(format!("/tmp/windbreak-{}", rustix::process::geteuid().as_raw()))
}

/// Creates a file of mode 0600 that did not exist before.
///
/// # Errors
/// [`PrivateError::Exists`] when it did, and what the system says.
pub fn create_file(path: &Path) -> Result<File, PrivateError> {
    let file = options().write(true).create_new(true).open(path)?;
    file.set_permissions(Permissions::from_mode(FILE_MODE))?;
    Ok(file)
}

/// Opens a file of ours for reading and writing, creating it at mode 0600 if it is missing.
///
/// # Errors
/// [`PrivateError::NotPlain`], [`PrivateError::NotOurs`], and what the system says.
pub fn open_file(path: &Path) -> Result<File, PrivateError> {
    own(options().read(true).write(true).create(true).truncate(false).open(path)?)
}

/// Opens a file of ours for appending, creating it at mode 0600 if it is missing.
///
/// # Errors
/// As [`open_file`].
pub fn append_file(path: &Path) -> Result<File, PrivateError> {
    own(options().append(true).create(true).open(path)?)
}

/// The whole content of a file of at most `max` bytes.
///
/// # Errors
/// [`PrivateError::TooLong`] before anything of that length is read.
pub fn read_file(path: &Path, max: usize) -> Result<Zeroizing<Vec<u8>>, PrivateError> {
    let file = options().read(true).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(PrivateError::NotPlain);
    }
    if metadata.len() > max as u64 {
        return Err(PrivateError::TooLong);
    }
    // Room for one byte more, so that no reallocation leaves a copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(max.min(metadata.len() as usize) + 1));
    file.take(max as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > max {
        return Err(PrivateError::TooLong);
    }
    Ok(bytes)
}

/// Replaces the content of `path` as a whole: whatever happens, it holds the old bytes or the new
/// ones, and the new ones are durable when this returns. One writer at a time.
///
/// # Errors
/// What the system says; the old content then stands.
pub fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), PrivateError> {
    let fresh = beside(path)?;
    // A crash may have left one; it was never the file itself.
    remove_if_there(&fresh)?;
    let written = write_new(&fresh, bytes)
        .and_then(|()| fs::rename(&fresh, path).map_err(PrivateError::from));
    if let Err(error) = written {
        // The first error is the one worth telling.
        let _ = fs::remove_file(&fresh);
        return Err(error);
    }
    sync_folder(parent_of(path))
}

/// Where a file is made that takes the place of `path` once it is whole.
///
/// # Errors
/// [`PrivateError::NotPlain`] for a path that names no file.
pub fn beside(path: &Path) -> Result<PathBuf, PrivateError> {
    let mut name = OsString::from(".");
    name.push(path.file_name().ok_or(PrivateError::NotPlain)?);
    name.push(".new");
    Ok(parent_of(path).join(name))
}

/// Removes a file; that it was not there is no error.
///
/// # Errors
/// What the system says.
pub fn remove_if_there(path: &Path) -> Result<(), PrivateError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Bytes free on the disk of a folder, if it says so; one that does not is found out by writing.
pub(crate) fn free_bytes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Makes the names in a folder durable.
///
/// # Errors
/// What the system says.
pub fn sync_folder(path: &Path) -> Result<(), PrivateError> {
    Ok(File::open(path)?.sync_all()?)
}

/// How often a lock is asked for, and how long it is waited between: whoever looks whether somebody holds
/// it has it for that moment.
const LOCK_TRIES: u32 = 5;
const LOCK_WAIT: Duration = Duration::from_millis(10);

/// Holds a folder for one process, until it is dropped or the process ends.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock that the file at `path` stands for.
    ///
    /// # Errors
    /// [`PrivateError::AlreadyOpen`] when another holder keeps it.
    pub fn acquire(path: &Path) -> Result<Self, PrivateError> {
        let lock = Self { file: open_file(path)? };
        let mut tries = 1..LOCK_TRIES;
        while !take(&lock.file)? {
            tries.next().ok_or(PrivateError::AlreadyOpen)?;
            thread::sleep(LOCK_WAIT);
        }
        // Whoever must end the holder finds it here; a disk that is full keeps nobody out.
        let pid = format!("{:010}\n", std::process::id());
        let _ = lock.file.write_all_at(pid.as_bytes(), 0);
        Ok(lock)
    }

    /// Whether somebody holds the lock at `path`. Nothing is made there, and nothing written: a folder that
    /// is looked at stays as it is.
    #[must_use]
    pub fn is_held(path: &Path) -> bool {
        // On a disk that has become read-only it is held all the same.
        let file = options().read(true).write(true).open(path);
        let Ok(file) = file.or_else(|_| options().read(true).open(path)) else { return false };
        // What it took to know goes with this.
        let look = Self { file };
        take(&look.file) == Ok(false)
    }

    /// The process that holds the lock at `path`, as far as the file says; none if nobody holds it.
    #[must_use]
    pub fn holder(path: &Path) -> Option<rustix::process::Pid> {
        let text = fs::read_to_string(path).ok()?;
        let pid = text.trim().trim_start_matches('0').parse().ok()?;
        Self::is_held(path).then(|| rustix::process::Pid::from_raw(pid)).flatten()
    }
}

impl Drop for Lock {
    /// Lets go of it by itself: closed alone, the file stays locked while a process that this one has just
    /// started holds it too, which it does until its program begins.
    fn drop(&mut self) {
        unlock(&self.file);
    }
}

/// Takes the lock of a file; whether it was free.
fn take(file: &File) -> Result<bool, PrivateError> {
    match rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(true),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Lets go of the lock of a file, whoever else has it open with this process. A lock that was not taken
/// stays with its holder.
pub(crate) fn unlock(file: &File) {
    let _ = rustix::fs::flock(file, FlockOperation::Unlock);
}

/// Keeps a key out of what the system writes to a swap file, where it allows that. The page stays
/// locked until the process ends: other keys lie in it too.
pub fn lock_in_memory(secret: &[u8]) {
    if let Ok(guard) = region::lock(secret.as_ptr(), secret.len()) {
        std::mem::forget(guard);
    }
}

/// Overwrites what a file holds with zeros, in place, and waits until that is on the disk.
///
/// # Errors
/// What the system says.
pub fn overwrite(file: &File, length: u64) -> Result<(), PrivateError> {
    let zeros = [0; 16 * 1024];
    let mut at = 0;
    while at < length {
        let some = usize::try_from(length - at).unwrap_or(zeros.len()).min(zeros.len());
        file.write_all_at(&zeros[..some], at)?;
        at += some as u64;
    }
    Ok(file.sync_data()?)
}

/// Keeps the memory of this process out of core dumps, and on Linux away from debuggers of the
/// same user. Files that libraries create from here on are private too.
///
/// # Errors
/// What the system says; the process is then no worse than before.
pub fn harden_process() -> Result<(), PrivateError> {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    rustix::process::setrlimit(
        rustix::process::Resource::Core,
        rustix::process::Rlimit { current: Some(0), maximum: Some(0) },
    )?;
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    lock_all_memory()
}

/// Keeps everything of this process out of a swap file, where the system sets no limit to that.
/// Under a limit it would be memory that fails: then the keys alone are locked.
fn lock_all_memory() -> Result<(), PrivateError> {
    #[cfg(target_os = "linux")]
    if rustix::process::getrlimit(rustix::process::Resource::Memlock).current.is_none() {
        use rustix::mm::MlockAllFlags;
        let flags = MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT;
        rustix::mm::mlockall(flags)?;
    }
    Ok(())
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    let flags = OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    // NONBLOCK so that a pipe put in the place of a file cannot hold us; files ignore it.
    options.mode(FILE_MODE).custom_flags(flags.bits() as i32);
    options
}

/// Refuses a file that is not plain or not ours, and narrows it to 0600.
fn own(file: File) -> Result<File, PrivateError> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(PrivateError::NotPlain);
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(PrivateError::NotOurs);
    }
    if metadata.mode() & 0o777 != FILE_MODE {
        file.set_permissions(Permissions::from_mode(FILE_MODE))?;
    }
    Ok(file)
}

/// Makes a file of these bytes that did not exist before; all but its name is durable then.
///
/// # Errors
/// As [`create_file`].
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), PrivateError> {
    let mut file = create_file(path)?;
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}

/// The folder that holds `path`. Of a bare name it is the folder we are in, which std spells as
/// nothing.
#[must_use]
pub fn parent_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        Some(_) => Path::new("."),
        None => path,
    }
}

/// Every file and folder under `folder`, with its mode, for tests of this crate.
#[cfg(test)]
pub(crate) fn modes_under(folder: &Path) -> Vec<(PathBuf, u32)> {
    let mut found = vec![(folder.to_owned(), fs::metadata(folder).unwrap().mode() & 0o777)];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(modes_under(&path));
        } else {
            found.push((path.clone(), fs::metadata(&path).unwrap().mode() & 0o777));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_replaced_file_is_private_and_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        replace_file(&path, b"one").unwrap();
        fs::write(folder.path().join(".file.new"), b"left by a crash").unwrap();
        replace_file(&path, b"two").unwrap();
        assert_eq!(read_file(&path, 3).unwrap().as_slice(), b"two");
        assert_eq!(read_file(&path, 2), Err(PrivateError::TooLong));
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, FILE_MODE);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_link_in_the_place_of_a_file_or_folder_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("target");
        let link = folder.path().join("link");
        fs::write(&target, b"x").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert_eq!(read_file(&link, 10), Err(PrivateError::NotPlain));
        assert_eq!(open_file(&link).err(), Some(PrivateError::NotPlain));
        assert_eq!(Lock::acquire(&link).err(), Some(PrivateError::NotPlain));
        let door = folder.path().join("door");
        std::os::unix::fs::symlink(folder.path(), &door).unwrap();
        assert_eq!(create_folder(&door), Err(PrivateError::NotPlain));
    }

    #[test]
    fn a_wide_folder_of_ours_is_narrowed() {
        let folder = tempfile::tempdir().unwrap();
        let wide = folder.path().join("wide");
        fs::create_dir(&wide).unwrap();
        fs::set_permissions(&wide, Permissions::from_mode(0o755)).unwrap();
        create_folder(&wide).unwrap();
        create_folder(&wide.join("a/b")).unwrap();
        create_file(&wide.join("file")).unwrap();
        assert_eq!(create_file(&wide.join("file")).err(), Some(PrivateError::Exists));
        for (path, mode) in modes_under(&wide) {
            assert_eq!(mode, if path.is_dir() { FOLDER_MODE } else { FILE_MODE }, "{path:?}");
        }
    }

    #[test]
    fn a_lock_has_one_holder_and_is_free_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let lock = Lock::acquire(&path).unwrap();
        assert_eq!(Lock::acquire(&path).err(), Some(PrivateError::AlreadyOpen));
        assert!(Lock::is_held(&path));
        assert_eq!(Lock::holder(&path), Some(rustix::process::getpid()));
        drop(lock);
        assert!(!Lock::is_held(&path) && Lock::holder(&path).is_none());
        Lock::acquire(&path).unwrap();
        let absent = folder.path().join("another");
        assert!(!Lock::is_held(&absent) && !absent.exists());
    }

    #[test]
    fn a_lock_that_is_let_go_of_is_free_whatever_a_process_it_was_handed_to_does() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let lock = Lock::acquire(&path).unwrap();
        let handed = lock.file.try_clone().unwrap();
        let mut child = Command::new("sleep").arg("60").stdin(handed).spawn().unwrap();
        assert!(Lock::is_held(&path));
        drop(lock);
        let again = Lock::acquire(&path).map(drop);
        child.kill().and_then(|()| child.wait()).unwrap();
        assert_eq!(again, Ok(()));
    }

    #[test]
    fn a_full_disk_has_its_own_name() {
        // /dev/full is what Linux offers to have writes fail as on a full disk.
        let Ok(mut full) = OpenOptions::new().write(true).open("/dev/full") else { return };
        let error = full.write_all(b"x").unwrap_err();
        assert_eq!(PrivateError::from(error), PrivateError::DiskFull);
    }

    #[test]
    fn a_hardened_process_leaves_no_core() {
        harden_process().unwrap();
        let limit = rustix::process::getrlimit(rustix::process::Resource::Core);
        assert_eq!(limit.current, Some(0));
    }
}
