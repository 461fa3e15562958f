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
            "the passphrase is needed, and there is no terminal to ask on",
            "give it with --passphrase-file FILE or --passphrase-fd N, or start the node in a terminal: windbreak node start",
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
                format!("the {what} is needed, and there is no terminal to ask on"),
                "name a file with it that only you can read; see the help of this command",
            )),
        }
    }

    /// The passphrase of an existing profile.
    pub(crate) async fn read(&self) -> Result<SecretBytes, Failure> {
        self.read_called("Passphrase (nothing is shown): ").await
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
            output::say(&format!("Now a passphrase {purpose}."));
        }
        let passphrase = match self {
            Self::File(_) | Self::Descriptor(_) => self.read().await?,
            Self::Terminal => {
                until_typed(async || {
                    let first =
                        prompt("A new passphrase (ten characters or more; nothing is shown): ")
                            .await?;
                    check_length(&first)?;
                    let second = prompt("The same again: ").await?;
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
        "the two passphrases are not the same",
        "type the command again",
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
        format!("the passphrase has {chars} characters, and {MIN_CHARS} are needed"),
        "take four or five words that have nothing to do with each other",
    ))
}

/// The whole text of a file that only its owner can read, if it is not longer than [`MAX_TEXT`].
pub(crate) fn secret_text(path: &Path, what: &str) -> Result<SecretBytes, Failure> {
    let file = open_private(path, what, "name a plain file that only you can read")?;
    harden();
    let mut bytes = SecretBytes::new(Vec::with_capacity(MAX_TEXT + 1));
    file.take(MAX_TEXT as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| cannot_read(what, path, &error))?;
    if bytes.len() > MAX_TEXT {
        return Err(Failure::new(
            Kind::Locked,
            "secret_file_long",
            format!("{} is longer than {MAX_TEXT} bytes", path.display()),
            "name the file that holds only this",
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
    let what = "passphrase file";
    let file = open_private(path, what, "name a file with one line, or use --passphrase-fd N")?;
    first_line(file, |error| cannot_read(what, path, &error))
}

fn cannot_read(what: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::file(&format!("cannot read the {what}"), path, error).with_kind(Kind::Locked)
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
            format!("{} is no plain file", path.display()),
            instead,
        ));
    }
    if metadata.mode() & OTHERS != 0 {
        return Err(Failure::new(
            Kind::Locked,
            "passphrase_file_open",
            format!("others on this machine can read the {what} {}", path.display()),
            format!("keep it to yourself first: chmod 600 {}", path.display()),
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
                io::ErrorKind::NotFound => format!("file descriptor {number} is not open"),
                kind => format!("cannot read the passphrase from file descriptor {number}: {kind}"),
            },
            "check that the shell opened it: windbreak … --passphrase-fd 3 3< FILE",
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
    check_bounds(&bytes, "put the passphrase alone in the first line")?;
    Ok(bytes)
}

fn check_bounds(passphrase: &[u8], next: &str) -> Result<(), Failure> {
    let (code, message) = if passphrase.is_empty() {
        ("passphrase_empty", "the passphrase is empty".to_owned())
    } else if passphrase.len() > MAX_PASSPHRASE {
        ("passphrase_long", format!("the passphrase is longer than {MAX_PASSPHRASE} bytes"))
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
                "no passphrase was typed",
                "type the command again",
            ));
        }
        Ok(Err(error)) => return Err(Failure::system("cannot ask for the passphrase", &error)),
        Err(_) => return Err(Failure::interrupted()),
    };
    check_bounds(&typed, "type it and press Enter")?;
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
