//! Arguments of `circle`, `invite`, `join`, `lobby` and `member`: who is in, and how they came.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use windbreak_protocol::limits::MAX_KEEP_DAYS;

use super::{FilesArg, ModeArg, duration};

/// What can be done with circles.
#[derive(Debug, Subcommand)]
pub(crate) enum CircleCommand {
    /// Make a circle, with you as its facilitator
    #[command(
        after_long_help = "Example:\n  windbreak circle new \"Evening walk\" --name Alder --relay ADDRESS\n  windbreak circle new \"Evening walk\" --name Alder --adult --declaration \"I report nothing.\""
    )]
    New(NewCircleArgs),
    /// List your circles
    #[command(after_long_help = "Example:\n  windbreak circle list")]
    List,
    /// Show one circle: members, agreement, relays, what waits
    #[command(after_long_help = "Example:\n  windbreak circle show \"Evening walk\"")]
    Show {
        /// Title or id of the circle, or how either begins
        circle: String,
    },
    /// Say how long the circle keeps what is said, as a facilitator
    ///
    /// What is older is erased on every member's device, with the keys to it, as soon as that device
    /// runs. Copies that somebody made stay with them. A shorter time than before needs a reason, which
    /// all members read, and erases nothing for 7 days after a device has learnt of it.
    #[command(
        after_long_help = "Example:\n  windbreak circle keep \"Evening walk\" 90 --reason \"As we agreed.\"\n  windbreak circle keep \"Evening walk\" always"
    )]
    Keep {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// For how many days, 1 to 3650; or `always`: as long as its authors leave it
        #[arg(value_name = "DAYS", value_parser = days)]
        days: Keep,
        /// Why it becomes shorter; all members read it
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
        /// Send it even if it seems to say who somebody is
        #[arg(long)]
        send_anyway: bool,
        /// Do not ask again
        #[arg(long)]
        yes: bool,
    },
    /// Say which files members may send, as a facilitator
    ///
    /// A circle begins without any. Whoever receives a picture can keep it and show it to others, and
    /// a picture can say more than words: faces, a street, what stands on a letter. A relay sees no
    /// picture, only that more sealed envelopes come at once.
    #[command(
        after_long_help = "Example:\n  windbreak circle files \"Evening walk\" images-only\n  windbreak circle files \"Evening walk\" off"
    )]
    Files {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Which
        #[arg(value_enum)]
        allowed: FilesArg,
    },
    /// Leave a circle for good
    #[command(after_long_help = "Example:\n  windbreak circle leave \"Evening walk\"")]
    Leave {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Do not ask again
        #[arg(long)]
        yes: bool,
    },
}

/// For how long, as it is typed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Keep {
    Days(u16),
    Always,
}

fn days(typed: &str) -> Result<Keep, String> {
    if typed == "always" {
        return Ok(Keep::Always);
    }
    let days = typed.strip_suffix('d').unwrap_or(typed).parse::<u16>().ok();
    let days = days.filter(|days| (1..=MAX_KEEP_DAYS).contains(days));
    days.map(Keep::Days).ok_or_else(|| {
        format!("a number of days between 1 and {MAX_KEEP_DAYS}, or the word always")
    })
}

/// Arguments of `circle new`.
#[derive(Args, Debug)]
pub(crate) struct NewCircleArgs {
    /// What the circle is called; members and those who wait in the lobby see it
    pub(crate) title: String,
    /// The name you go by in this circle; no need for your own
    #[arg(long)]
    pub(crate) name: String,
    /// Address of a relay that keeps envelopes for the circle; up to three
    #[arg(long = "relay", value_name = "ADDRESS")]
    pub(crate) relays: Vec<String>,
    /// The grant of that relay, if it takes by grant: a file, or - for standard input
    #[arg(long, value_name = "FILE", requires = "relays")]
    pub(crate) grant: Option<PathBuf>,
    /// How it is reached from this device, if not as your other circles
    #[arg(long, value_enum, value_name = "MODE")]
    pub(crate) network: Option<ModeArg>,
    /// Do not ask about the mode, nor whether one relay may serve two of your circles
    #[arg(long)]
    pub(crate) yes: bool,
    /// A few words that those who join see first
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) welcome: String,
    /// Send it even if it seems to say who somebody is
    #[arg(long)]
    pub(crate) send_anyway: bool,
    /// File with the circle's agreement, instead of the short one that comes with Windbreak
    #[arg(long = "agreement", visible_alias = "agreement-file", value_name = "FILE")]
    pub(crate) agreement_file: Option<PathBuf>,
    /// What you would have to report to others, by law or by your work, or that there is nothing;
    /// nobody holds a circle without it, and everybody sees it before they join
    #[arg(long, value_name = "TEXT")]
    pub(crate) declaration: Option<String>,
    /// Say that you are an adult, without being asked; circles are for adults
    #[arg(long)]
    pub(crate) adult: bool,
    /// The cryptography: strong also against recordings opened in the future, or smaller
    #[arg(long, value_enum, default_value_t = SuiteArg::XWing)]
    pub(crate) suite: SuiteArg,
}

/// Cipher suites as they are typed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum SuiteArg {
    /// X25519 together with ML-KEM-768: what is recorded today stays closed
    #[value(name = "x-wing")]
    XWing,
    /// X25519 alone: smaller envelopes when people join
    #[value(name = "x25519")]
    X25519,
}

/// What can be done with invites.
#[derive(Debug, Subcommand)]
pub(crate) enum InviteCommand {
    /// Make an invite and print it
    #[command(
        after_long_help = "Example:\n  windbreak invite new \"Evening walk\"\n  windbreak invite new \"Evening walk\" --uses 5 --expires 12h --review --qr"
    )]
    New(NewInviteArgs),
    /// Print an invite again
    #[command(after_long_help = "Example:\n  windbreak invite show \"Evening walk\" 3f2a91c0 --qr")]
    Show {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Id of the invite, or how it begins
        invite: String,
        #[command(flatten)]
        form: InviteFormArgs,
    },
    /// List the invites of a circle and what became of them
    #[command(after_long_help = "Example:\n  windbreak invite list \"Evening walk\"")]
    List {
        /// Title or id of the circle, or how either begins
        circle: String,
    },
    /// Take an invite back
    #[command(after_long_help = "Example:\n  windbreak invite revoke \"Evening walk\" 3f2a91c0")]
    Revoke {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Id of the invite, or how it begins
        invite: String,
    },
}

/// Arguments of `invite new`.
#[derive(Args, Debug)]
pub(crate) struct NewInviteArgs {
    /// Title or id of the circle, or how either begins
    pub(crate) circle: String,
    /// How many people may join with it
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) uses: u16,
    /// How long it holds: 45s, 30m, 12h, 7d (at most 90d)
    #[arg(long, default_value = "7d", value_name = "TIME", value_parser = duration::parse)]
    pub(crate) expires: Duration,
    /// Those who come wait in the lobby until somebody admits them
    #[arg(long)]
    pub(crate) review: bool,
    /// Those who come only listen, until a facilitator says otherwise
    #[arg(long)]
    pub(crate) listener: bool,
    #[command(flatten)]
    pub(crate) form: InviteFormArgs,
}

/// In which forms an invite is printed.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct InviteFormArgs {
    /// Print it as a link
    #[arg(long)]
    pub(crate) link: bool,
    /// Print it as a picture that a camera reads from the terminal
    #[arg(long)]
    pub(crate) qr: bool,
}

/// Arguments of `join`.
#[derive(Args, Debug)]
#[command(
    about = "Join a circle with an invite, or see where your joining stands",
    long_about = "Join a circle with an invite. First you see what the circle says about itself, its \
                  agreement, and what its facilitators would have to report to others; then you decide. \
                  The inviter need not be there: a relay keeps your knock.\n\n\
                  Without CODE: see where your joining stands.",
    after_long_help = "Example:\n  windbreak join windbreak:… --name Rowan\n  windbreak join - < invite.txt\n  windbreak join"
)]
pub(crate) struct JoinArgs {
    /// The invite: its one line of text or its link; `-` reads it from standard input
    pub(crate) code: Option<String>,
    /// The name you will go by in this circle; no need for your own
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// How it, and then the circle, is reached from this device, if not as your other circles
    #[arg(long, value_enum, value_name = "MODE")]
    pub(crate) network: Option<ModeArg>,
    /// Do not ask about the mode, nor whether one relay may serve two of your circles
    #[arg(long)]
    pub(crate) yes: bool,
    /// A few words for those who open the door
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) note: String,
    /// Send it even if it seems to say who somebody is
    #[arg(long)]
    pub(crate) send_anyway: bool,
    /// Accept the agreement without being asked; read it first
    #[arg(long)]
    pub(crate) accept_agreement: bool,
    /// Say that you are an adult, without being asked; circles are for adults
    #[arg(long)]
    pub(crate) adult: bool,
    /// How long to wait for each answer: 45s, 30m; after that it goes on in the background
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration::parse)]
    pub(crate) wait: Duration,
    /// Give up joining with this invite
    #[arg(long, requires = "code")]
    pub(crate) cancel: bool,
}

/// What can be done with those who wait in the lobby.
#[derive(Debug, Subcommand)]
pub(crate) enum LobbyCommand {
    /// List who waits
    #[command(after_long_help = "Example:\n  windbreak lobby list \"Evening walk\"")]
    List {
        /// Title or id of the circle, or how either begins
        circle: String,
    },
    /// Let somebody in
    #[command(after_long_help = "Example:\n  windbreak lobby admit \"Evening walk\" 3f2a91c0")]
    Admit {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Name or id of who waits, or how either begins
        knock: String,
    },
    /// Do not let somebody in; they are told, with your reason if you give one
    #[command(
        after_long_help = "Example:\n  windbreak lobby decline \"Evening walk\" 3f2a91c0 --reason \"We are full.\""
    )]
    Decline {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Name or id of who waits, or how either begins
        knock: String,
        /// Why; whoever knocked reads it
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
        /// Send it even if it seems to say who somebody is
        #[arg(long)]
        send_anyway: bool,
    },
}
