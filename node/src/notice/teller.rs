//! Shows a notice by another program: the desktop's own helper, or one its owner named. It is started
//! without a shell, with words that were fixed before anything happened, in an environment that holds
//! nothing but where the desktop is, one at a time, and not for long. Clause: specs/08-content I-81.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::Command;
use tokio::sync::Semaphore;

use super::settings::is_program;
use crate::api::message::{NoticeWay, Why};
use crate::api::refusal::Refusal;

/// An argument in the place of which the words stand.
const PLACE: &str = "{}";
/// Where programs are looked for by whatever is started.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";
/// What tells a program where the desktop is.
const DESKTOP: [&str; 4] =
    ["DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"];

/// Why a notice was not shown. Nothing of it tells what the notice was about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Untold {
    /// The desktop has no program for it.
    NoHelper,
    /// The program cannot be started.
    NotStarted,
    /// It ended badly; with this code, if it says one.
    Failed(Option<i32>),
    /// It took too long, and was ended.
    TooSlow,
    /// Another one is being shown.
    Busy,
}

impl Untold {
    /// For whoever asks.
    pub(crate) fn refusal(self) -> Refusal {
        const OTHER_PROGRAM: &str = "try the program by hand, or name another one: windbreak notify \
                                     command -- PROGRAM";
        match self {
            Self::NoHelper => Refusal::conflict(
                "no_notice_helper",
                "this desktop has no program that shows notices: neither notify-send nor osascript is \
                 on the search path",
                "install one (on Debian: libnotify-bin), or name a program of your own: windbreak \
                 notify command -- PROGRAM",
            ),
            Self::NotStarted => Refusal::conflict(
                "notice_not_started",
                "the program that shows notices could not be started",
                OTHER_PROGRAM,
            ),
            Self::Failed(code) => Refusal::conflict(
                "notice_failed",
                match code {
                    Some(code) => format!("the program that shows notices ended with code {code}"),
                    None => "the program that shows notices was ended by a signal".to_owned(),
                },
                OTHER_PROGRAM,
            ),
            Self::TooSlow => Refusal::conflict(
                "notice_too_slow",
                "the program that shows notices took too long and was ended",
                OTHER_PROGRAM,
            ),
            Self::Busy => Refusal::conflict(
                "notice_busy",
                "another notice is being shown",
                "wait some seconds, then try again",
            ),
        }
    }
}

/// What is started to show a notice.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Plan {
    program: PathBuf,
    args: Vec<OsString>,
}

impl Plan {
    /// How `words` are shown in this way, with the helpers in the folders of `path`.
    ///
    /// # Errors
    /// [`Untold::NoHelper`].
    pub(super) fn new(way: &NoticeWay, words: &str, path: &[PathBuf]) -> Result<Self, Untold> {
        match way {
            NoticeWay::Command { program, args } => {
                let filled = |arg: &String| -> OsString {
                    if arg == PLACE { words.into() } else { arg.into() }
                };
                Ok(Self { program: program.into(), args: args.iter().map(filled).collect() })
            }
            NoticeWay::Desktop => {
                let find = |name: &str| {
                    let mut places = path.iter().map(|folder| folder.join(name));
                    places.find(|place| place.is_absolute() && is_program(place))
                };
                if let Some(program) = find("notify-send") {
                    // Transient: it is not kept in a list of what was shown.
                    let args = ["--hint=int:transient:1", "--", words];
                    return Ok(Self { program, args: args.map(OsString::from).into() });
                }
                let program = find("osascript").ok_or(Untold::NoHelper)?;
                // The words are an argument of the script, not a part of it.
                let script = [
                    "-e",
                    "on run argv",
                    "-e",
                    "display notification (item 1 of argv)",
                    "-e",
                    "end run",
                    "--",
                    words,
                ];
                Ok(Self { program, args: script.map(OsString::from).into() })
            }
        }
    }
}

/// The folders in which this process looks for programs.
pub(super) fn search_path() -> Vec<PathBuf> {
    let own = std::env::var_os("PATH");
    let own = own.iter().flat_map(std::env::split_paths);
    own.chain(std::env::split_paths(PATH)).collect()
}

/// Shows notices, one at a time, and remembers why the last one was not shown.
#[derive(Clone, Debug)]
pub(crate) struct Teller {
    one: Arc<Semaphore>,
    trouble: Arc<Mutex<Option<Untold>>>,
    patience: Duration,
}

impl Teller {
    pub(super) fn new(patience: Duration) -> Self {
        Self { one: Arc::new(Semaphore::new(1)), trouble: Arc::default(), patience }
    }

    /// Whether one is being shown.
    pub(super) fn is_busy(&self) -> bool {
        self.one.available_permits() == 0
    }

    /// Why the last one was not shown, if it was not.
    pub(super) fn trouble(&self) -> Option<Why> {
        let trouble = *self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.map(|untold| untold.refusal().why())
    }

    /// What was wrong counts no more: other settings hold.
    pub(super) fn forget_trouble(&self) {
        self.note(Ok(()));
    }

    /// Notes how it went.
    pub(super) fn note(&self, told: Result<(), Untold>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = told.err();
    }

    /// Shows a notice, and waits until its program has ended.
    ///
    /// # Errors
    /// [`Untold`], which is also remembered, unless another one was being shown.
    pub(crate) async fn tell(&self, plan: Result<Plan, Untold>) -> Result<(), Untold> {
        let Ok(_one) = self.one.try_acquire() else {
            return Err(Untold::Busy);
        };
        let told = match plan {
            Ok(plan) => run(&plan, self.patience).await,
            Err(untold) => Err(untold),
        };
        self.note(told);
        told
    }
}

/// A program and all it started: ended when nobody waits for it any more.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        // It may have ended just now.
        let _ = self.0.take().map(|group| kill_process_group(group, Signal::KILL));
    }
}

/// Runs a program to its end.
async fn run(plan: &Plan, patience: Duration) -> Result<(), Untold> {
    let mut command = Command::new(&plan.program);
    command.args(&plan.args).env_clear().env("PATH", PATH).current_dir(Path::new("/"));
    command.envs(DESKTOP.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // Of its own group, so that what it starts is ended with it.
    command.kill_on_drop(true).process_group(0);
    let mut child = command.spawn().map_err(|_| Untold::NotStarted)?;
    // Dropped before the program is waited for, so that the number is still its own.
    let mut group = Group(child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw));
    let Ok(ended) = tokio::time::timeout(patience, child.wait()).await else {
        drop(group);
        let _ = child.wait().await;
        return Err(Untold::TooSlow);
    };
    group.0 = None;
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Untold::Failed(status.code())),
        Err(_) => Err(Untold::Failed(None)),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Instant;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    /// A shell that does this, with further arguments.
    fn shell(lines: &str, args: &[&str]) -> NoticeWay {
        let args = ["-c", lines].into_iter().chain(args.iter().copied());
        NoticeWay::Command { program: "/bin/sh".into(), args: args.map(str::to_owned).collect() }
    }

    #[tokio::test]
    async fn a_program_gets_fixed_words_and_an_environment_that_tells_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let told = folder.path().join("told");
        let lines = format!("printf '%s\\n' \"$@\" > {0}; env >> {0}", told.display());
        let words = "new; $(touch /tmp/never) `id`";
        let way = shell(&lines, &["shell", "-a", "{}", "a{}b"]);
        let teller = Teller::new(LONG);
        teller.tell(Plan::new(&way, words, &[])).await.unwrap();
        let told = fs::read_to_string(&told).unwrap();
        let mut lines = told.lines();
        assert_eq!(lines.by_ref().take(3).collect::<Vec<_>>(), ["-a", words, "a{}b"]);
        // A shell adds these by itself.
        let own = ["PATH", "PWD", "OLDPWD", "SHLVL", "_"];
        for line in lines {
            let name = line.split('=').next().unwrap();
            assert!(DESKTOP.contains(&name) || own.contains(&name), "{line}");
        }
        assert_eq!(teller.trouble(), None);
    }

    #[tokio::test]
    async fn a_program_that_fails_or_takes_too_long_is_told_and_ends_with_all_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let fails = || Plan::new(&shell("exit 7", &[]), "new", &[]);
        let teller = Teller::new(LONG);
        assert_eq!(teller.tell(fails()).await, Err(Untold::Failed(Some(7))));
        assert_eq!(teller.trouble().unwrap().code, "notice_failed");

        let mark = folder.path().join("mark");
        let slow = shell(&format!("(sleep 4; touch {}) & wait", mark.display()), &[]);
        let teller = Teller::new(Duration::from_millis(500));
        let (began, other) = (Instant::now(), teller.clone());
        let first = tokio::spawn(async move { other.tell(Plan::new(&slow, "new", &[])).await });
        while !teller.is_busy() {
            tokio::task::yield_now().await;
        }
        // One at a time.
        assert_eq!(teller.tell(fails()).await, Err(Untold::Busy));
        assert_eq!(first.await.unwrap(), Err(Untold::TooSlow));
        assert_eq!(teller.trouble().unwrap().code, "notice_too_slow");
        tokio::time::sleep(Duration::from_millis(4500).saturating_sub(began.elapsed())).await;
        assert!(!mark.exists(), "what it had started went on");

        let gone = folder.path().join("gone").to_str().unwrap().to_owned();
        let gone = NoticeWay::Command { program: gone, args: Vec::new() };
        assert_eq!(teller.tell(Plan::new(&gone, "new", &[])).await, Err(Untold::NotStarted));
    }

    #[test]
    fn a_desktop_without_a_helper_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = [folder.path().to_owned()];
        assert_eq!(Plan::new(&NoticeWay::Desktop, "new", &path), Err(Untold::NoHelper));
        assert!(Untold::NoHelper.refusal().why().next.contains("notify command"));
        let helper = folder.path().join("notify-send");
        fs::write(&helper, "#!/bin/sh\n").unwrap();
        // Nothing that may not be run.
        assert_eq!(Plan::new(&NoticeWay::Desktop, "new", &path), Err(Untold::NoHelper));
        fs::set_permissions(&helper, fs::Permissions::from_mode(0o700)).unwrap();
        let plan = Plan::new(&NoticeWay::Desktop, "-x", &path).unwrap();
        assert_eq!(
            (plan.program, plan.args[1..].to_vec()),
            (helper, vec!["--".into(), "-x".into()])
        );
    }
}
