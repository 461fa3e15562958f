//! Where the passphrase comes from: a file only its owner can read, an open file descriptor, or
//! the terminal. Never an argument and never the environment, which other programs can read.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use windbreak_node::profile::MAX_PASSPHRASE;
use windbreak_protocol::secret::SecretBytes;

use crate::args::GlobalArgs;
use crate::error::{Failure, Kind};
use crate::output;
use crate::words::say;

/// Characters of the shortest passphrase for a new profile.
const MIN_CHARS: usize = 10;
/// Bytes of the longest secret text in a file: a recovery phrase, an identity with its comments.
const MAX_TEXT: usize = 16 * 1024;
/// Who may read a passphrase file beside its owner: nobody.
const OTHERS: u32 = 0o077;

/// Where the passphrase will come from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    File(PathBuf),
    Descriptor(u32),
    Terminal,
}

impl Source {
    /// The source that was named, or the terminal if there is one.
    pub(crate) fn new(global: &GlobalArgs) -> Result<Self, Failure> {
        if let Some(path) = &global.passphrase_file {
            return Ok(Self::File(path.clone()));
        }
        if let Some(number) = global.passphrase_fd {
            return Ok(Self::Descriptor(number));
        }
        if io::stdin().is_terminal() || io::stderr().is_terminal() {
            return Ok(Self::Terminal);
        }
        Err(Failure::new(
            Kind::Locked,
            "no_passphrase",
            say!("passphrase-no-passphrase"),
            say!("passphrase-no-passphrase-next"),
        ))
    }

    /// The file that was named, or the terminal if there is one; `what` is asked for.
    pub(crate) fn named(file: Option<PathBuf>, what: &str) -> Result<Self, Failure> {
        match file {
            Some(path) => Ok(Self::File(path)),
            None if io::stdin().is_terminal() || io::stderr().is_terminal() => Ok(Self::Terminal),
            None => Err(Failure::new(
                Kind::Locked,
                "no_passphrase",
                say!("passphrase-no-passphrase-2", what),
                say!("passphrase-no-passphrase-next-2"),
            )),
        }
    }

    /// The passphrase of an existing profile.
    pub(crate) async fn read(&self) -> Result<SecretBytes, Failure> {
        self.read_called(say!("passphrase-passphrase-nothing-shown")).await
    }

    /// The same, asked for by `question`.
    pub(crate) async fn read_called(&self, question: &'static str) -> Result<SecretBytes, Failure> {
        match self {
            Self::File(path) => from_file(path),
            Self::Descriptor(number) => from_descriptor(*number),
            Self::Terminal => until_typed(async || prompt(question).await).await,
        }
    }

    /// A passphrase for a new profile: asked for twice on a terminal, and long enough.
    pub(crate) async fn choose(&self) -> Result<SecretBytes, Failure> {
        self.choose_called("").await
    }

    /// The same; `purpose` says what for, where more than one is asked for.
    pub(crate) async fn choose_called(
        &self,
        purpose: &'static str,
    ) -> Result<SecretBytes, Failure> {
        if !purpose.is_empty() && matches!(self, Self::Terminal) {
            output::say(&say!("passphrase-now-passphrase", purpose));
        }
        let passphrase = match self {
            Self::File(_) | Self::Descriptor(_) => self.read().await?,
            Self::Terminal => {
                until_typed(async || {
                    let first = prompt(say!("passphrase-new-passphrase-ten-characters")).await?;
                    check_length(&first)?;
                    let second = prompt(say!("passphrase-same-again")).await?;
                    if *first == *second { Ok(first) } else { Err(different()) }
                })
                .await?
            }
        };
        check_length(&passphrase)?;
        Ok(passphrase)
    }
}

/// How often a mistake at the prompt may be made good.
const TRIES: usize = 3;
/// Mistakes of typing, which another try can make good.
const TYPING: [&str; 4] =
    ["passphrase_short", "passphrase_empty", "passphrase_long", "passphrases_differ"];

/// Asks again after a mistake of typing.
async fn until_typed(
    ask: impl AsyncFn() -> Result<SecretBytes, Failure>,
) -> Result<SecretBytes, Failure> {
    for _ in 1..TRIES {
        match ask().await {
            Err(failure) if TYPING.contains(&failure.code()) => output::again(&failure),
            outcome => return outcome,
        }
    }
    ask().await
}

fn different() -> Failure {
    Failure::new(
        Kind::Locked,
        "passphrases_differ",
        say!("passphrase-passphrases-differ"),
        say!("passphrase-passphrases-differ-next"),
    )
}

fn check_length(passphrase: &[u8]) -> Result<(), Failure> {
    let chars = String::from_utf8_lossy(passphrase).chars().count();
    if chars >= MIN_CHARS {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Locked,
        "passphrase_short",
        say!("passphrase-short", chars, min_chars = MIN_CHARS),
        say!("passphrase-short-next"),
    ))
}

/// The whole text of a file that only its owner can read, if it is not longer than [`MAX_TEXT`].
pub(crate) fn secret_text(path: &Path, what: &str) -> Result<SecretBytes, Failure> {
    let file = open_private(path, what, say!("passphrase-name-plain-file-only"))?;
    harden();
    let mut bytes = SecretBytes::new(Vec::with_capacity(MAX_TEXT + 1));
    file.take(MAX_TEXT as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| cannot_read(what, path, &error))?;
    if bytes.len() > MAX_TEXT {
        return Err(Failure::new(
            Kind::Locked,
            "secret_file_long",
            say!(
                "passphrase-secret-file-long",
                path = path.display().to_string(),
                max_text = MAX_TEXT
            ),
            say!("passphrase-secret-file-long-next"),
        ));
    }
    Ok(bytes)
}

/// Before a secret is in memory, whatever the command: no core dump holds it, and no debugger of the
/// same user. Not before a descriptor was opened, which the system then forbids.
fn harden() {
    // A process that cannot be hardened is no worse than before.
    let _ = windbreak_node::private::harden_process();
}

/// The first line of a file that only its owner can read.
pub(crate) fn from_file(path: &Path) -> Result<SecretBytes, Failure> {
    let what = say!("passphrase-passphrase-file");
    let file = open_private(path, what, say!("passphrase-name-file-one-line"))?;
    first_line(file, |error| cannot_read(what, path, &error))
}

fn cannot_read(what: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::file(&say!("passphrase-cannot-read", what), path, error).with_kind(Kind::Locked)
}

/// `instead` says what to name where no plain file is.
fn open_private(path: &Path, what: &str, instead: &str) -> Result<File, Failure> {
    // Without O_NONBLOCK, a pipe in the place of the file would hold the command for ever.
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::CLOEXEC;
    let file = File::options()
        .read(true)
        .custom_flags(i32::try_from(flags.bits()).unwrap_or(0))
        .open(path)
        .map_err(|error| cannot_read(what, path, &error))?;
    let metadata = file.metadata().map_err(|error| cannot_read(what, path, &error))?;
    if !metadata.is_file() {
        return Err(Failure::new(
            Kind::Locked,
            "passphrase_file",
            say!("passphrase-file", path = path.display().to_string()),
            instead,
        ));
    }
    if metadata.mode() & OTHERS != 0 {
        return Err(Failure::new(
            Kind::Locked,
            "passphrase_file_open",
            say!("passphrase-file-open", what, path = path.display().to_string()),
            say!("passphrase-file-open-next", path = path.display().to_string()),
        ));
    }
    Ok(file)
}

fn from_descriptor(number: u32) -> Result<SecretBytes, Failure> {
    let failed = |error: &io::Error| {
        Failure::new(
            Kind::Locked,
            "passphrase_fd",
            match error.kind() {
                io::ErrorKind::NotFound => say!("passphrase-file-descriptor-not-open", number),
                kind => {
                    say!("passphrase-cannot-read-passphrase-from", number, kind = kind.to_string())
                }
            },
            say!("passphrase-fd-next"),
        )
    };
    if number == 0 {
        return first_line(io::stdin().lock(), |error| failed(&error));
    }
    let file = File::open(format!("/dev/fd/{number}")).map_err(|error| failed(&error))?;
    first_line(file, |error| failed(&error))
}

/// What stands before the first line end, and nothing behind it.
fn first_line(
    reader: impl Read,
    failed: impl Fn(io::Error) -> Failure,
) -> Result<SecretBytes, Failure> {
    harden();
    // One byte more than allowed, so that too much is told from just enough.
    let mut bytes = SecretBytes::new(Vec::with_capacity(MAX_PASSPHRASE + 3));
    let mut limited = reader.take(MAX_PASSPHRASE as u64 + 3);
    limited.read_to_end(&mut bytes).map_err(&failed)?;
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    bytes.truncate(end);
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    check_bounds(&bytes, say!("passphrase-put-passphrase-alone-first"))?;
    Ok(bytes)
}

fn check_bounds(passphrase: &[u8], next: &str) -> Result<(), Failure> {
    let (code, message) = if passphrase.is_empty() {
        ("passphrase_empty", say!("passphrase-passphrase-empty").to_owned())
    } else if passphrase.len() > MAX_PASSPHRASE {
        (
            "passphrase_long",
            say!("passphrase-passphrase-longer-than-bytes", max_passphrase = MAX_PASSPHRASE),
        )
    } else {
        return Ok(());
    };
    Err(Failure::new(Kind::Locked, code, message, next))
}

async fn prompt(question: &'static str) -> Result<SecretBytes, Failure> {
    harden();
    // Typing takes as long as it takes: a thread of its own, so that Ctrl-C is heard meanwhile.
    let typed = tokio::task::spawn_blocking(move || rpassword::prompt_password(question)).await;
    let typed = match typed {
        Ok(Ok(typed)) => SecretBytes::new(typed.into_bytes()),
        Ok(Err(error)) if error.kind() == io::ErrorKind::Interrupted => {
            return Err(Failure::interrupted());
        }
        Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
            return Err(Failure::new(
                Kind::Locked,
                "no_passphrase",
                say!("passphrase-no-passphrase-3"),
                say!("passphrase-passphrases-differ-next"),
            ));
        }
        Ok(Err(error)) => {
            return Err(Failure::system(say!("passphrase-cannot-ask-passphrase"), &error));
        }
        Err(_) => return Err(Failure::interrupted()),
    };
    check_bounds(&typed, say!("passphrase-type-press-enter"))?;
    Ok(typed)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn file(content: &[u8], mode: u32) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("passphrase");
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    #[test]
    fn the_first_line_is_the_passphrase() {
        for content in [
            &b"four quiet words here"[..],
            b"four quiet words here\n",
            b"four quiet words here\r\nmore",
        ] {
            let (_folder, path) = file(content, 0o600);
            assert_eq!(from_file(&path).unwrap().as_slice(), b"four quiet words here");
        }
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        for mode in [0o644, 0o640, 0o604, 0o660] {
            let (_folder, path) = file(b"four quiet words here", mode);
            assert_eq!(from_file(&path).unwrap_err().code(), "passphrase_file_open");
        }
    }

    #[test]
    fn an_empty_and_an_endless_passphrase_are_refused() {
        let (_folder, path) = file(b"\nsecond line", 0o600);
        assert_eq!(from_file(&path).unwrap_err().code(), "passphrase_empty");
        let (_folder, path) = file(&[b'x'; MAX_PASSPHRASE + 1], 0o600);
        assert_eq!(from_file(&path).unwrap_err().code(), "passphrase_long");
        let (_folder, path) = file(&[b'x'; MAX_PASSPHRASE], 0o600);
        assert_eq!(from_file(&path).unwrap().len(), MAX_PASSPHRASE);
    }

    #[test]
    fn a_short_passphrase_is_no_start() {
        assert_eq!(check_length(b"short").unwrap_err().code(), "passphrase_short");
        assert!(check_length("пять слов 🌱".as_bytes()).is_ok());
    }
}
