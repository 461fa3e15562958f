//! What went wrong and what to do next, in words for a person; with a code and an exit code for a
//! program. Refusals of the node arrive with both and are passed on as they are.

use std::io;
use std::path::Path;

use crate::words::{self, say};
use serde::Serialize;
use windbreak_node::api::message::Why;

/// How a command can fail; each way has its own exit code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// It did not work.
    Failed,
    /// The command line was not understood.
    Usage,
    /// Refused by the circle's rules.
    Refused,
    /// The node is not running or does not answer.
    NoNode,
    /// Wrong passphrase, or no usable profile.
    Locked,
    /// Still waiting when the time was up.
    Waiting,
    /// Ctrl-C.
    Interrupted,
}

impl Kind {
    /// The exit code, as the long help lists it.
    pub(crate) const fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Refused => 3,
            Self::NoNode => 4,
            Self::Locked => 5,
            Self::Waiting => 6,
            Self::Interrupted => 130,
        }
    }

    /// Which way of failing a refusal of the node is. Whatever is not listed just did not work.
    fn of_code(code: &str) -> Self {
        const REFUSED: [&str; 18] = [
            "agreement_unaccepted",
            "not_adult",
            "already_member",
            "already_left",
            "other_device",
            "invite_used",
            "invite_expired",
            "invite_revoked",
            "invite_over",
            "agreement_changed",
            "circle_closed",
            "circle_full",
            "is_facilitator",
            "last_facilitator",
            "muted",
            "not_author",
            "not_facilitator",
            "not_yours",
        ];
        const LOCKED: [&str; 6] = [
            "wrong_passphrase",
            "no_profile",
            "profile_damaged",
            "phrase_needed",
            "wrong_phrase",
            "bad_phrase",
        ];
        if REFUSED.contains(&code) {
            Self::Refused
        } else if LOCKED.contains(&code) {
            Self::Locked
        } else {
            Self::Failed
        }
    }
}

/// A command that did not do what it was asked for.
#[derive(Clone, Debug, Serialize, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failure {
    #[serde(skip)]
    kind: Kind,
    code: String,
    message: String,
    next: String,
}

impl Failure {
    /// A failure in words: what went wrong, and what to do next.
    pub(crate) fn new(
        kind: Kind,
        code: &str,
        message: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self { kind, code: code.to_owned(), message: message.into(), next: next.into() }
    }

    /// A file that could not be used; `what` says what it was for.
    pub(crate) fn file(what: &str, path: &Path, error: &io::Error) -> Self {
        let next = match error.kind() {
            io::ErrorKind::NotFound => say!("error-check-path").to_owned(),
            io::ErrorKind::PermissionDenied => say!("error-check-may-read-folder").to_owned(),
            io::ErrorKind::StorageFull => say!("error-make-room-disk-try").to_owned(),
            _ => say!("error-check-file-try-again").to_owned(),
        };
        Self::new(
            Kind::Failed,
            "file",
            format!("{what} {}: {}", path.display(), plain(error)),
            next,
        )
    }

    /// The operating system refused something that no path names.
    pub(crate) fn system(what: &str, error: &io::Error) -> Self {
        Self::new(
            Kind::Failed,
            "system",
            format!("{what}: {}", plain(error)),
            say!("error-system-next"),
        )
    }

    /// Ctrl-C.
    pub(crate) fn interrupted() -> Self {
        Self::new(Kind::Interrupted, "interrupted", say!("error-interrupted"), "")
    }

    /// A failure whose answer was told already; only the exit code is left to say it.
    pub(crate) fn told(kind: Kind) -> Self {
        Self::new(kind, "", "", "")
    }

    /// Standard input was asked to be two things.
    pub(crate) fn stdin_twice() -> Self {
        Self::new(
            Kind::Usage,
            "stdin_twice",
            say!("error-stdin-twice"),
            say!("error-stdin-twice-next"),
        )
    }

    /// True when there is something to tell.
    pub(crate) fn is_untold(&self) -> bool {
        !self.message.is_empty()
    }

    /// Which way it failed.
    pub(crate) const fn kind(&self) -> Kind {
        self.kind
    }

    /// The code for programs.
    pub(crate) fn code(&self) -> &str {
        &self.code
    }

    /// What went wrong.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// What to do next; may be empty.
    pub(crate) fn next(&self) -> &str {
        &self.next
    }

    /// The same failure, with one more thing that can be done.
    pub(crate) fn or_else(mut self, more: &str) -> Self {
        self.next = [self.next.as_str(), more].join(if self.next.is_empty() { "" } else { "; " });
        self
    }

    /// The same failure, counted as another kind.
    pub(crate) fn with_kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }
}

impl From<Why> for Failure {
    fn from(why: Why) -> Self {
        Self {
            kind: Kind::of_code(&why.code),
            code: why.code,
            message: words::known(&why.message),
            next: words::known(&why.next),
        }
    }
}

/// The words of the system without its numbers.
fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => say!("error-there-no-such-file").to_owned(),
        io::ErrorKind::PermissionDenied => say!("error-may-not-open").to_owned(),
        io::ErrorKind::IsADirectory => say!("error-folder").to_owned(),
        io::ErrorKind::InvalidData => say!("error-not-utf-8-text").to_owned(),
        kind => words::known(&kind.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_of_the_rules_has_its_own_exit_code() {
        let why = Why {
            code: "invite_used".to_owned(),
            message: "the invite has been used".to_owned(),
            next: "ask for a new one".to_owned(),
        };
        assert_eq!(Failure::from(why).kind().exit_code(), 3);
    }

    #[test]
    fn a_missing_file_is_said_in_words() {
        let failure =
            Failure::file("cannot read", Path::new("a.txt"), &io::ErrorKind::NotFound.into());
        assert_eq!(failure.message(), "cannot read a.txt: there is no such file");
        assert_eq!(failure.next(), "check the path");
    }
}
