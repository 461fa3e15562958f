//! Arguments of `notify`.

use std::ffi::OsString;

use clap::{Args, Subcommand, ValueEnum};

/// What can be done about notices.
#[derive(Debug, Subcommand)]
pub(crate) enum NotifyCommand {
    /// Show how you are told
    #[command(after_long_help = "Example:\n  windbreak notify show")]
    Show,
    /// Be told that something is new, in words that say nothing of what
    ///
    /// Every notice says the same, whatever it is for, and names nobody, no circle and nothing that
    /// was said. Whoever sees the screen learns that you use something that has news.
    #[command(
        after_long_help = "Example:\n  windbreak notify on\n  windbreak notify on --every 60 --words \"Tea is ready.\""
    )]
    On(NotifyOnArgs),
    /// Be told nothing
    #[command(after_long_help = "Example:\n  windbreak notify off")]
    Off,
    /// Show a notice now, to see whether it works
    #[command(after_long_help = "Example:\n  windbreak notify test")]
    Test,
    /// Set the hours in which nothing is shown; what came in them is told once afterwards
    #[command(
        after_long_help = "Example:\n  windbreak notify quiet 22:00-07:30\n  windbreak notify quiet 22:00-07:30 --zone Europe/Berlin\n  windbreak notify quiet never"
    )]
    Quiet {
        /// From and to, as HH:MM-HH:MM, also across midnight; or `never`
        hours: String,
        /// A time zone, like Europe/Berlin; that of this machine if left out
        #[arg(long)]
        zone: Option<String>,
    },
    /// Choose what you are told of
    #[command(after_long_help = "Example:\n  windbreak notify for words reports")]
    For {
        /// What
        #[arg(required = true, value_name = "KIND")]
        kinds: Vec<NoticeKindArg>,
    },
    /// Have a program of your own show notices
    ///
    /// It is started without a shell, with the arguments you name and hardly any environment, one at a
    /// time, for ten seconds at most. An argument that is {} becomes the words. Other users of this
    /// machine can see the arguments while it runs. Name none that shows the words to others, as wall
    /// does.
    #[command(
        after_long_help = "Example:\n  windbreak notify command -- /usr/bin/zenity --notification --text {}\n  windbreak notify command -- paplay /usr/share/sounds/bell.oga"
    )]
    Command {
        /// The program, by its path or as your shell finds it
        #[arg(value_name = "PROGRAM")]
        program: OsString,
        /// Its arguments
        #[arg(value_name = "ARGS", trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Have the desktop show notices again: notify-send, or osascript on a Mac
    #[command(after_long_help = "Example:\n  windbreak notify desktop")]
    Desktop,
    /// Be told of a circle, or not
    #[command(after_long_help = "Example:\n  windbreak notify circle \"Evening walk\" off")]
    Circle {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Whether you are
        state: SwitchArg,
    },
}

/// Arguments of `notify on`.
#[derive(Args, Debug)]
pub(crate) struct NotifyOnArgs {
    /// At least so many minutes lie between two
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u16).range(1..=1440))]
    pub(crate) every: Option<u16>,
    /// Other words than ours, the same for everything; empty for ours again. The same in each of your
    /// profiles, or they tell which one is open
    #[arg(long)]
    pub(crate) words: Option<String>,
}

/// On or off.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum SwitchArg {
    /// You are
    On,
    /// You are not
    Off,
}

/// What a notice is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum NoticeKindArg {
    /// Something new to read
    Words,
    /// Somebody asks to be let in, and waits for you
    Knocks,
    /// A new device of yours asks
    Devices,
    /// A report waits for you
    Reports,
    /// All of this
    All,
}
