//! Arguments of `draft`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::duration;
use super::talk::{AskArg, ScopeArg};

/// What can be done with drafts.
#[derive(Debug, Subcommand)]
pub(crate) enum DraftCommand {
    /// Keep words for later
    #[command(
        long_about = "Keep words for later, for a circle, or as an answer with --reply. They are sealed \
                      on this device and never leave it until you send them.",
        after_long_help = "Example:\n  windbreak draft save \"Evening walk\" \"I never said this before.\" --ask ideas\n  windbreak draft save \"Evening walk\" --reply 3f2a91c0 \"I know this.\""
    )]
    Save(SaveDraftArgs),
    /// List drafts, the latest first
    #[command(after_long_help = "Example:\n  windbreak draft list")]
    List,
    /// Read a draft
    #[command(after_long_help = "Example:\n  windbreak draft show 3f2a91c0")]
    Show {
        /// Id of the draft, or how it begins
        draft: String,
    },
    /// Say it in other words, or change what stands beside it; what is left out stays
    #[command(
        after_long_help = "Example:\n  windbreak draft edit 3f2a91c0 \"Said otherwise.\" --note sleep"
    )]
    Edit(EditDraftArgs),
    /// Send it; it is a draft no longer
    #[command(after_long_help = "Example:\n  windbreak draft send 3f2a91c0")]
    Send(SendDraftArgs),
    /// Delete it for good
    #[command(after_long_help = "Example:\n  windbreak draft delete 3f2a91c0 --yes")]
    Delete {
        /// Id of the draft, or how it begins
        draft: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// Arguments of `draft save`.
#[derive(Args, Debug)]
pub(crate) struct SaveDraftArgs {
    /// Title or id of the circle, or how either begins
    pub(crate) circle: String,
    /// The words; `-` reads them from standard input
    #[arg(conflicts_with = "file")]
    pub(crate) text: Option<String>,
    /// Take the text of this file
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
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
    /// It answers this: its id, or how it begins
    #[arg(long, value_name = "ID", conflicts_with_all = ["ask", "note", "title"])]
    pub(crate) reply: Option<String>,
    /// The answer gives advice
    #[arg(long, requires = "reply")]
    pub(crate) advice: bool,
}

/// Arguments of `draft edit`.
#[derive(Args, Debug)]
pub(crate) struct EditDraftArgs {
    /// Id of the draft, or how it begins
    pub(crate) draft: String,
    /// The words from now on; `-` reads them from standard input
    pub(crate) text: Option<String>,
    /// What you would like back
    #[arg(long, value_enum)]
    pub(crate) ask: Option<AskArg>,
    /// A content note; an empty one takes it off
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    /// A title; an empty one takes it off
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Who may read it
    #[arg(long, value_enum)]
    pub(crate) scope: Option<ScopeArg>,
}

/// Arguments of `draft send`.
#[derive(Args, Debug)]
pub(crate) struct SendDraftArgs {
    /// Id of the draft, or how it begins
    pub(crate) draft: String,
    /// Send it even if it seems to say who somebody is
    #[arg(long)]
    pub(crate) send_anyway: bool,
    /// In slow mode: share it even if others see it later
    #[arg(long)]
    pub(crate) even_if_later: bool,
    /// Send advice even though its share asks for just listening
    #[arg(long)]
    pub(crate) even_if_held_back: bool,
    /// You have read what the facilitators would have to report: do not ask
    #[arg(long)]
    pub(crate) declaration_heard: bool,
    /// Wait this long until a relay or a member's device holds it: 10s, 2m
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub(crate) wait: Option<Duration>,
}
