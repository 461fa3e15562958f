//! Makes a backup.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use age::stream::StreamWriter;
use sha2::{Digest, Sha256};
use windbreak_protocol::record::RecordKind;
use windbreak_protocol::time::Timestamp;

use super::{BackupError, LINE_LEN, LINE_START, LINE_VERSION, Lock, MAGIC, VERSION, is_kept, text};
use crate::private::{self, PrivateError};
use crate::profile::{ProfileConfig, ProfileError};
use crate::store::Store;

/// What a backup came to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Saved {
    /// Records in it.
    pub records: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

/// Writes everything in `store`, and a configuration, to a new file at `path`. It is there as a whole or not at all.
///
/// # Errors
/// [`BackupError`]; there is then no file.
pub fn save(
    path: &Path,
    store: &dyn Store,
    lock: &Lock,
    made: Timestamp,
    config: Option<&ProfileConfig>,
) -> Result<Saved, BackupError> {
    let mut begun = Begun::new(path, lock, made, config)?;
    begun.take(store)?;
    begun.finish()
}

/// A backup that is being made, in a file beside its place until it is whole. Dropped before, it
/// leaves nothing.
pub(crate) struct Begun {
    path: PathBuf,
    out: StreamWriter<Summed>,
    records: u64,
    part: Part,
}

/// A file that goes if it is not given another name.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        let _ = private::remove_if_there(&self.0);
    }
}

impl Begun {
    /// Begins, and stretches the passphrase, which takes about a second and needs no store.
    ///
    /// # Errors
    /// [`BackupError`]; there is then no file.
    pub(crate) fn new(
        path: &Path,
        lock: &Lock,
        made: Timestamp,
        config: Option<&ProfileConfig>,
    ) -> Result<Self, BackupError> {
        let config = config.map(ProfileConfig::to_text).transpose().map_err(ProfileError::from)?;
        let config = config.unwrap_or_default();
        let length = u32::try_from(config.len()).map_err(|_| PrivateError::TooLong)?;
        if path.symlink_metadata().is_ok() {
            return Err(PrivateError::Exists.into());
        }
        let part = private::beside(path)?;
        private::remove_if_there(&part)?;
        let part = Part(part);
        let mut file = private::create_file(&part.0)?;
        file.write_all(&[b' '; LINE_LEN])?;
        let summed = Summed { file: BufWriter::new(file), sum: Sha256::new(), length: 0 };
        let mut out = encryptor(lock)?.wrap_output(summed)?;
        out.write_all(MAGIC)?;
        out.write_all(&VERSION.to_be_bytes())?;
        out.write_all(&made.as_seconds().to_be_bytes())?;
        out.write_all(&length.to_be_bytes())?;
        out.write_all(config.as_bytes())?;
        Ok(Self { path: path.to_owned(), out, records: 0, part })
    }

    /// Takes everything that stands in `store`.
    ///
    /// # Errors
    /// [`BackupError`]; the backup cannot be finished then.
    pub(crate) fn take(&mut self, store: &dyn Store) -> Result<(), BackupError> {
        let Self { out, records, .. } = self;
        for kind in RecordKind::ALL.into_iter().filter(|kind| is_kept(*kind)) {
            let mut failed = None;
            store.visit(kind, &mut |key, value| {
                if failed.is_none() {
                    failed = write_record(out, kind, key.name(), &value).err();
                    *records += 1;
                }
            })?;
            if let Some(error) = failed {
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// [`BackupError`]; there is then no file.
    pub(crate) fn finish(self) -> Result<Saved, BackupError> {
        let Self { path, mut out, records, part } = self;
        out.write_all(&[0])?;
        out.write_all(&records.to_be_bytes())?;
        let Summed { file, sum, length } = out.finish()?;
        let mut file: File = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let sum = data_encoding::HEXLOWER.encode(&sum.finalize());
        let line = format!("{LINE_START}{LINE_VERSION} {length:020} {sum}\n");
        file.seek(SeekFrom::Start(0))?;
        file.write_all(line.as_bytes())?;
        file.sync_all()?;
        fs::rename(&part.0, &path)?;
        private::sync_folder(private::parent_of(&path))?;
        Ok(Saved { records, bytes: LINE_LEN as u64 + length })
    }
}

fn write_record(
    out: &mut impl Write,
    kind: RecordKind,
    name: &[u8],
    value: &[u8],
) -> io::Result<()> {
    let too_long = |_| io::Error::from(io::ErrorKind::InvalidData);
    out.write_all(&[kind as u8])?;
    out.write_all(&u16::try_from(name.len()).map_err(too_long)?.to_be_bytes())?;
    out.write_all(name)?;
    out.write_all(&u32::try_from(value.len()).map_err(too_long)?.to_be_bytes())?;
    out.write_all(value)
}

fn encryptor(lock: &Lock) -> Result<age::Encryptor, BackupError> {
    match lock {
        Lock::Passphrase(passphrase) => Ok(age::Encryptor::with_user_passphrase(text(passphrase)?)),
        Lock::Recipient(recipient) => {
            let recipient: age::x25519::Recipient =
                recipient.trim().parse().map_err(|_| BackupError::BadKey)?;
            let recipients = std::iter::once(&recipient as &dyn age::Recipient);
            age::Encryptor::with_recipients(recipients).map_err(|_| BackupError::BadKey)
        }
    }
}

/// Counts and sums what passes.
struct Summed {
    file: BufWriter<File>,
    sum: Sha256,
    length: u64,
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.sum.update(&bytes[..written]);
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::{Opener, check};
    use age::secrecy::ExposeSecret;
    use windbreak_protocol::secret::SecretBytes;

    #[test]
    fn a_backup_that_holds_what_none_holds_is_not_taken_back() {
        let root = tempfile::tempdir().unwrap();
        let identity = age::x25519::Identity::generate();
        let opener = Opener::Identity(SecretBytes::new(
            identity.to_string().expose_secret().as_bytes().to_vec(),
        ));
        let lock = Lock::Recipient(identity.to_public().to_string());
        for (kind, holds) in [(RecordKind::Notices, false), (RecordKind::Draft, true)] {
            let path = root.path().join(format!("{kind:?}"));
            let mut begun = Begun::new(&path, &lock, Timestamp::default(), None).unwrap();
            write_record(&mut begun.out, kind, b"settings", b"a program of another").unwrap();
            begun.records = 1;
            begun.finish().unwrap();
            assert_eq!(check(&path, &opener).is_ok(), holds, "{kind:?}");
        }
    }
}
