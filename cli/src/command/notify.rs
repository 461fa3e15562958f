//! `notify`: how its owner is told that something is new, in words that say nothing of what.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use serde::Serialize;
use windbreak_node::api::message::{ChangeNotices, NoticeKind, NoticeWay, Notices, QuietHours};

use super::{Context, find};
use crate::args::{NoticeKindArg, NotifyCommand, SwitchArg};
use crate::error::{Failure, Kind};
use crate::output::{Page, Report};
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
            page.text("You are told nothing.");
            page.hint("Turn it on with: windbreak notify on");
            return;
        }
        page.text("You are told that something is new, and nothing of what it is.");
        page.gap();
        page.field("Says", &text::line(words));
        let shown = match way {
            NoticeWay::Desktop => "by the desktop".to_owned(),
            NoticeWay::Command { program, args } => {
                let words = std::iter::once(program).chain(args).map(|word| text::line(word));
                format!("by {}", words.collect::<Vec<_>>().join(" "))
            }
        };
        page.field("Shown", &shown);
        let kinds: Vec<&str> = kinds.iter().map(|kind| words_for(*kind)).collect();
        page.field("For", &kinds.join("; "));
        page.field("At most", &format!("one in {}", minutes(*every_minutes)));
        let hours = quiet.as_ref().map_or_else(|| "never".to_owned(), hours);
        let now = if self.notices.quiet_now { ", which is now" } else { "" };
        page.field("Quiet", &format!("{hours}{now}"));
        for title in &self.silent {
            page.field("Not for", &format!("\"{}\"", text::line(title)));
        }
        if let Some(trouble) = &self.notices.trouble {
            page.gap();
            page.text(&format!("The last one was not shown: {}", text::line(&trouble.message)));
            page.text(&format!("Next: {}", text::line(&trouble.next)));
        }
    }
}

fn words_for(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Words => "something new to read",
        NoticeKind::Knocks => "somebody who asks to be let in",
        NoticeKind::Devices => "a new device of yours that asks",
        NoticeKind::Reports => "a report that waits for you",
    }
}

fn minutes(count: u16) -> String {
    if count == 1 { "1 minute".to_owned() } else { format!("{count} minutes") }
}

fn hours(quiet: &QuietHours) -> String {
    let zone = quiet.zone.as_ref().map(|zone| format!(" in {zone}")).unwrap_or_default();
    text::line(&format!("{} to {}{zone}", quiet.from, quiet.to))
}

#[derive(Serialize)]
struct Tested {
    shown: bool,
}

impl Report for Tested {
    fn page(&self, page: &mut Page) {
        page.text("A notice was shown. If you saw nothing, look at your desktop's own settings.");
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
            "You are told of this circle, as long as notices are on."
        } else {
            "You are told nothing of this circle."
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
            let _progress = context.out.progress("Showing a notice");
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
            "quiet hours are two times of a day, from 00:00 to 23:59",
            "write them like this: windbreak notify quiet 22:00-07:30",
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
            "there is no such program on this machine",
            "name it by its whole path, as a file that may be run",
        )
    })
}

fn as_text(path: PathBuf) -> Option<String> {
    path.into_os_string().into_string().ok()
}
