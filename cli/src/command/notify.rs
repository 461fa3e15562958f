//! `notify`: how its owner is told that something is new, in words that say nothing of what.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use serde::Serialize;
use windbreak_node::api::message::{ChangeNotices, NoticeKind, NoticeWay, Notices, QuietHours};

use super::{Context, find};
use crate::args::{NoticeKindArg, NotifyCommand, SwitchArg};
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
use crate::words::{self, say};
use crate::{session, text};

#[derive(Serialize)]
struct Shown {
    notices: Notices,
    /// Titles of the circles of which nothing is told.
    #[serde(skip)]
    silent: Vec<String>,
}

impl Report for Shown {
    fn page(&self, page: &mut Page) {
        let Notices { on, way, words, kinds, quiet, every_minutes, .. } = &self.notices;
        if !on {
            page.text(say!("notify-told-nothing"));
            page.hint(say!("notify-turn-on"));
            return;
        }
        page.text(say!("notify-told-something-new"));
        page.gap();
        page.field(say!("notify-says"), &text::line(words));
        let shown = match way {
            NoticeWay::Desktop => say!("notify-by-desktop").to_owned(),
            NoticeWay::Command { program, args } => {
                let words = std::iter::once(program).chain(args).map(|word| text::line(word));
                say!("notify-by-command", command = words.collect::<Vec<_>>().join(" "))
            }
        };
        page.field(say!("notify-shown"), &shown);
        let kinds: Vec<&str> = kinds.iter().map(|kind| words_for(*kind)).collect();
        page.field(say!("notify-for"), &kinds.join("; "));
        page.field(say!("notify-at-most"), &say!("notify-one-in-minutes", count = *every_minutes));
        let hours = quiet.as_ref().map_or_else(|| say!("notify-never").to_owned(), hours);
        let hours = if self.notices.quiet_now { say!("notify-quiet-now", hours) } else { hours };
        page.field(say!("notify-quiet"), &hours);
        for title in &self.silent {
            let title = say!("text-quoted", words = text::line(title));
            page.field(say!("notify-not-for"), &title);
        }
        if let Some(trouble) = &self.notices.trouble {
            let [message, next] =
                [&trouble.message, &trouble.next].map(|said| text::line(&words::known(said)));
            page.gap();
            page.text(&say!("notify-last-not-shown", message));
            page.text(&say!("node-next", next));
        }
    }
}

fn words_for(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Words => say!("notify-something-new-read"),
        NoticeKind::Knocks => say!("notify-somebody-asks-let-in"),
        NoticeKind::Devices => say!("notify-new-device-asks"),
        NoticeKind::Reports => say!("notify-report-waits"),
    }
}

fn hours(quiet: &QuietHours) -> String {
    let (from, to) = (text::line(&quiet.from), text::line(&quiet.to));
    match &quiet.zone {
        Some(zone) => say!("notify-hours-in-zone", from, to, zone = text::line(zone)),
        None => say!("notify-hours", from, to),
    }
}

#[derive(Serialize)]
struct Tested {
    shown: bool,
}

impl Report for Tested {
    fn page(&self, page: &mut Page) {
        page.text(say!("notify-was-shown"));
    }
}

#[derive(Serialize)]
struct Switched {
    circle: String,
    on: bool,
}

impl Report for Switched {
    fn page(&self, page: &mut Page) {
        page.text(if self.on {
            say!("notify-told-circle")
        } else {
            say!("notify-told-nothing-circle")
        });
    }
}

pub(super) async fn run(context: Context<'_>, command: NotifyCommand) -> Result<(), Failure> {
    // What is mistyped is refused before anybody is asked for a passphrase.
    let change = match &command {
        NotifyCommand::On(args) => ChangeNotices {
            on: Some(true),
            every_minutes: args.every,
            words: args.words.clone(),
            ..ChangeNotices::default()
        },
        NotifyCommand::Off => ChangeNotices { on: Some(false), ..ChangeNotices::default() },
        NotifyCommand::Quiet { hours, zone } => quiet(hours, zone.as_deref())?,
        NotifyCommand::For { kinds } => {
            ChangeNotices { kinds: Some(chosen(kinds)), ..ChangeNotices::default() }
        }
        NotifyCommand::Command { program, args } => {
            let program = whole_path(program)?;
            let way = Some(NoticeWay::Command { program, args: args.clone() });
            ChangeNotices { way, ..ChangeNotices::default() }
        }
        NotifyCommand::Desktop => {
            ChangeNotices { way: Some(NoticeWay::Desktop), ..ChangeNotices::default() }
        }
        NotifyCommand::Show | NotifyCommand::Test | NotifyCommand::Circle { .. } => {
            ChangeNotices::default()
        }
    };
    let client = session::connect(context.global, context.out).await?;
    match command {
        NotifyCommand::Test => {
            let _progress = context.out.progress(say!("notify-showing"));
            client.test_notice().await?;
            context.out.confirm_done(&Tested { shown: true })
        }
        NotifyCommand::Circle { circle, state } => {
            let circle = find::circle(&client, &circle).await?.id;
            let on = state == SwitchArg::On;
            client.set_circle_notices(&circle, on).await?;
            context.out.confirm_done(&Switched { circle: circle.to_text(), on })
        }
        command => {
            let is_shown = matches!(command, NotifyCommand::Show);
            let notices = if is_shown {
                client.notices().await?
            } else {
                client.change_notices(&change).await?
            };
            let circles = client.circles().await?.circles.into_iter();
            let silent = circles.filter(|circle| notices.circles_off.contains(&circle.id));
            let silent = silent.map(|circle| circle.title).collect();
            context.out.tell(&Shown { notices, silent })
        }
    }
}

fn chosen(kinds: &[NoticeKindArg]) -> Vec<NoticeKind> {
    let kinds = kinds.iter().flat_map(|kind| match kind {
        NoticeKindArg::Words => vec![NoticeKind::Words],
        NoticeKindArg::Knocks => vec![NoticeKind::Knocks],
        NoticeKindArg::Devices => vec![NoticeKind::Devices],
        NoticeKindArg::Reports => vec![NoticeKind::Reports],
        NoticeKindArg::All => NoticeKind::ALL.to_vec(),
    });
    kinds.collect()
}

/// `HH:MM-HH:MM`, or `never`.
fn quiet(hours: &str, zone: Option<&str>) -> Result<ChangeNotices, Failure> {
    if hours == "never" {
        return Ok(ChangeNotices { never_quiet: true, ..ChangeNotices::default() });
    }
    let Some((from, to)) = hours.split_once('-') else {
        return Err(Failure::new(
            Kind::Usage,
            "bad_time",
            say!("notify-bad-time"),
            say!("notify-bad-time-next"),
        ));
    };
    let [from, to] = [from, to].map(|time| time.trim().to_owned());
    let quiet = Some(QuietHours { from, to, zone: zone.map(str::to_owned) });
    Ok(ChangeNotices { quiet, ..ChangeNotices::default() })
}

/// The whole path of a program, found as a shell finds it: the node has another folder and may have
/// another search path.
fn whole_path(program: &OsStr) -> Result<String, Failure> {
    let named = Path::new(program);
    let found = if named.components().count() > 1 {
        std::path::absolute(named).ok()
    } else {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut places = std::env::split_paths(&path).map(|folder| folder.join(named));
        places.find(|place| place.is_file()).and_then(|place| std::path::absolute(place).ok())
    };
    let text = found.filter(|found| found.is_file()).and_then(as_text);
    text.ok_or_else(|| {
        Failure::new(
            Kind::Failed,
            "no_program",
            say!("notify-no-program"),
            say!("notify-no-program-next"),
        )
    })
}

fn as_text(path: PathBuf) -> Option<String> {
    path.into_os_string().into_string().ok()
}
