//! Arguments of `share`, `reply` and `read`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::{AttachArgs, duration};

/// Arguments of `share`.
#[derive(Args, Debug)]
#[command(
    about = "Say something in a circle",
    long_about = "Say something in a circle. What you would like back stands beside it: by default, \
                  that people just listen. Without TEXT or --file, the text is read from the terminal \
                  until Ctrl-D.",
    after_long_help = "Example:\n  windbreak share \"Evening walk\" \"Good to be here.\"\n  windbreak share \"Evening walk\" --file letter.txt --ask ideas --title \"Sleep\"\n  windbreak share \"Evening walk\" \"The lake at six in the morning.\" --image lake.jpg"
)]
pub(crate) struct ShareArgs {
    /// Title or id of the circle, or how either begins
    pub(crate) circle: String,
    /// What you want to say; `-` reads it from standard input
    #[arg(conflicts_with = "file")]
    pub(crate) text: Option<String>,
    /// Share the text of this file
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) along: AttachArgs,
    /// What you would like back
    #[arg(long, value_enum, default_value_t = AskArg::JustListening)]
    pub(crate) ask: AskArg,
    /// A content note, shown before the text
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    /// A title
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Who may read it
    #[arg(long, value_enum, default_value_t = ScopeArg::HereNow)]
    pub(crate) scope: ScopeArg,
    /// Send it even if it seems to say who somebody is
    #[arg(long)]
    pub(crate) send_anyway: bool,
    /// In slow mode: share it even if others see it later
    #[arg(long)]
    pub(crate) even_if_later: bool,
    /// You have read what the facilitators would have to report: do not ask
    #[arg(long)]
    pub(crate) declaration_heard: bool,
    /// Wait this long until a relay or a member's device holds it: 10s, 2m
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub(crate) wait: Option<Duration>,
}

/// What the author of a share would like back.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum AskArg {
    /// No advice, please: just listen
    JustListening,
    /// Ideas are welcome
    Ideas,
    /// Looking for places, numbers, books
    Resources,
}

/// Who may read something.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum ScopeArg {
    /// Those who are members now
    HereNow,
    /// Also those who join later
    AlsoLater,
}

/// Arguments of `reply`.
#[derive(Args, Debug)]
#[command(
    about = "Answer something that was said",
    long_about = "Answer something that was said. If you tell somebody what they could do, say so with \
                  --advice: a share that asks for just listening holds advice back until its author \
                  wants to see it.",
    after_long_help = "Example:\n  windbreak reply 3f2a91c0 \"I read every word. Thank you.\"\n  windbreak reply 3f2a91c0 \"A walk helps me.\" --advice"
)]
pub(crate) struct ReplyArgs {
    /// Id of what you answer, as `read` shows it, or how it begins
    pub(crate) item: String,
    /// What you want to say; `-` reads it from standard input
    pub(crate) text: String,
    /// The circle it stands in, if ids alone do not tell
    #[arg(long)]
    pub(crate) circle: Option<String>,
    /// It gives advice
    #[arg(long, conflicts_with_all = ["image", "attach"])]
    pub(crate) advice: bool,
    /// Who may read it; those who join later only where what you answer is open to them
    #[arg(long, value_enum, default_value_t = ScopeArg::HereNow)]
    pub(crate) scope: ScopeArg,
    #[command(flatten)]
    pub(crate) along: AttachArgs,
    /// Send it even if it seems to say who somebody is
    #[arg(long)]
    pub(crate) send_anyway: bool,
    /// Send advice even though its share asks for just listening
    #[arg(long, requires = "advice")]
    pub(crate) even_if_held_back: bool,
    /// You have read what the facilitators would have to report: do not ask
    #[arg(long)]
    pub(crate) declaration_heard: bool,
    /// Wait this long until a relay or a member's device holds it: 10s, 2m
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub(crate) wait: Option<Duration>,
}

/// Arguments of `read`.
#[derive(Args, Debug)]
#[command(
    about = "Read a circle",
    long_about = "Read a circle: the newest at the end, answers below what they answer.",
    after_long_help = "Example:\n  windbreak read \"Evening walk\" --limit 5\n  windbreak read \"Evening walk\" --follow\n  windbreak read \"Evening walk\" --thread 3f2a91c0"
)]
pub(crate) struct ReadArgs {
    /// Title or id of the circle, or how either begins
    pub(crate) circle: String,
    /// Stay, and print what arrives until you press Ctrl-C
    #[arg(long, conflicts_with_all = ["thread", "pinned"])]
    pub(crate) follow: bool,
    /// Only the thread of this share, or what answers this reply
    #[arg(long, value_name = "ID")]
    pub(crate) thread: Option<String>,
    /// Only what is pinned
    #[arg(long, conflicts_with = "thread")]
    pub(crate) pinned: bool,
    /// Also what members say whom you blocked
    #[arg(long)]
    pub(crate) blocked: bool,
    /// At most this many of the newest
    #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) limit: u32,
}
