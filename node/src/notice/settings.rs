//! How somebody wants to be told that something is new, as it is kept: in the sealed store of the
//! profile, on this device alone. A backup leaves it out. Clauses: specs/08-content I-80, I-81.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde::{Deserialize, Serialize};
use windbreak_protocol::id::CircleId;
use windbreak_protocol::limits::{
    MAX_NOTICE_ARGS, MAX_NOTICE_CHARS, MAX_NOTICE_COMMAND, MAX_NOTICE_MINUTES,
};

use super::quiet::Quiet;
use crate::api::message::{ChangeNotices, NoticeKind, NoticeWay};
use crate::api::refusal::Refusal;

/// What a notice says unless its owner chose other words: the same for everything and every profile.
pub(super) const WORDS: &str = "Windbreak: there is something new.";
/// Minutes from one notice to the next, unless chosen otherwise.
const MINUTES: u16 = 10;

/// The settings of notices.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Settings {
    /// Whether there are any.
    pub(super) on: bool,
    /// What shows them.
    pub(super) way: NoticeWay,
    /// Other words than ours.
    pub(super) words: Option<String>,
    /// What is worth one.
    pub(super) kinds: BTreeSet<NoticeKind>,
    /// When there are none.
    pub(super) quiet: Option<Quiet>,
    /// Minutes from one to the next.
    pub(super) every_minutes: u16,
    /// Circles of which nothing is told.
    pub(super) silent: BTreeSet<CircleId>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            on: false,
            way: NoticeWay::Desktop,
            words: None,
            kinds: NoticeKind::ALL.into(),
            quiet: None,
            every_minutes: MINUTES,
            silent: BTreeSet::new(),
        }
    }
}

impl Settings {
    /// What a notice says.
    pub(super) fn words(&self) -> &str {
        self.words.as_deref().unwrap_or(WORDS)
    }

    /// These settings with what was asked for changed; what was left out stays.
    ///
    /// # Errors
    /// [`Refusal`]: one of the values is not allowed; nothing has changed.
    pub(super) fn changed(&self, asked: ChangeNotices) -> Result<Self, Refusal> {
        let mut next = self.clone();
        let ChangeNotices { on, way, words, kinds, quiet, never_quiet, every_minutes } = asked;
        next.on = on.unwrap_or(next.on);
        if let Some(way) = way {
            check_way(&way)?;
            next.way = way;
        }
        if let Some(words) = words {
            next.words = checked_words(words)?;
        }
        if let Some(kinds) = kinds {
            if kinds.is_empty() {
                return Err(Refusal::not_allowed_value(
                    "no_kinds",
                    "notices for nothing are none",
                    "name what they are for, or turn them off",
                ));
            }
            next.kinds = kinds.into_iter().collect();
        }
        if never_quiet {
            next.quiet = None;
        }
        if let Some(quiet) = quiet {
            next.quiet = Some(Quiet::read(quiet)?);
        }
        if let Some(minutes) = every_minutes {
            if !(1..=MAX_NOTICE_MINUTES).contains(&minutes) {
                return Err(Refusal::not_allowed_value(
                    "bad_minutes",
                    format!("from one notice to the next it is 1 to {MAX_NOTICE_MINUTES} minutes"),
                    "choose a number between the two",
                ));
            }
            next.every_minutes = minutes;
        }
        Ok(next)
    }
}

/// Other words for a notice; none, if they are blank.
fn checked_words(words: String) -> Result<Option<String>, Refusal> {
    let words = words.trim();
    if words.chars().nth(MAX_NOTICE_CHARS).is_some() || words.chars().any(char::is_control) {
        return Err(Refusal::not_allowed_value(
            "bad_words",
            format!("the words of a notice are one line of at most {MAX_NOTICE_CHARS} characters"),
            "make it shorter, and say nothing in it that others must not see",
        ));
    }
    Ok((!words.is_empty()).then(|| words.to_owned()))
}

/// Refuses what could not be started.
fn check_way(way: &NoticeWay) -> Result<(), Refusal> {
    let NoticeWay::Command { program, args } = way else {
        return Ok(());
    };
    let length = program.len() + args.iter().map(String::len).sum::<usize>();
    let has_nul = program.contains('\0') || args.iter().any(|arg| arg.contains('\0'));
    if args.len() > MAX_NOTICE_ARGS || length > MAX_NOTICE_COMMAND || has_nul {
        return Err(Refusal::not_allowed_value(
            "bad_command",
            format!(
                "the program has at most {MAX_NOTICE_ARGS} arguments, and with them \
                 {MAX_NOTICE_COMMAND} bytes"
            ),
            "put what is longer into a script, and name that",
        ));
    }
    if !Path::new(program).is_absolute() || !is_program(Path::new(program)) {
        return Err(Refusal::not_allowed_value(
            "no_program",
            "there is no such program on this machine",
            "name it by its whole path, as a file that may be run",
        ));
    }
    Ok(())
}

/// Whether a path leads to a file that may be run.
pub(super) fn is_program(path: &Path) -> bool {
    const MAY_RUN: u32 = 0o111;
    let found = std::fs::metadata(path);
    found.is_ok_and(|found| found.is_file() && found.permissions().mode() & MAY_RUN != 0)
}
