//! Arguments of `steward`.

use std::time::Duration;

use clap::{Args, Subcommand};

use super::{ItemArgs, duration};

/// How a circle is held.
#[derive(Debug, Subcommand)]
pub(crate) enum StewardCommand {
    /// See what facilitators did in a circle, and why
    ///
    /// Whoever is a member reads it: what was hidden, who was muted or removed, when the circle was
    /// slowed down, by whom and for what reason, and what of it holds now.
    #[command(after_long_help = "Example:\n  windbreak steward log \"Evening walk\"")]
    Log {
        /// Title or id of the circle, or how either begins
        circle: String,
    },
    /// Hide something that was said, as a facilitator
    ///
    /// Its place stays, with your reason; its words are read by who wrote it and by facilitators
    /// alone. What a facilitator hid stays hidden when they no longer hold the circle, until another
    /// shows it again. Devices that have the words keep them.
    #[command(
        after_long_help = "Example:\n  windbreak steward hide 3f2a91c0 --reason \"It names somebody.\""
    )]
    Hide(HideArgs),
    /// Show again what was hidden, as a facilitator
    #[command(
        after_long_help = "Example:\n  windbreak steward unhide 3f2a91c0 --reason \"We talked it over.\""
    )]
    Unhide(HideArgs),
    /// Mute a member for a while, as a facilitator
    ///
    /// What they say while it lasts is held back on every device, and stays so afterwards until it is
    /// taken back. They read on, can leave, answer proposals and report; they are told before they
    /// write.
    #[command(
        after_long_help = "Example:\n  windbreak steward mute \"Evening walk\" Rowan --for 2h --reason \"A pause for all of us.\""
    )]
    Mute {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Name or id of the member, or how either begins
        member: String,
        /// How long, at most 30 days: 30m, 2h, 3d
        #[arg(long = "for", value_name = "TIME", value_parser = duration::parse)]
        lasts: Duration,
        /// Why; all members read it
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Send it even if it seems to say who somebody is
        #[arg(long)]
        send_anyway: bool,
    },
    /// Take a mute back, as a facilitator, also when it is over: what it held back is shown
    #[command(
        after_long_help = "Example:\n  windbreak steward unmute \"Evening walk\" Rowan --reason \"We talked.\""
    )]
    Unmute {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Name or id of the member, or how either begins
        member: String,
        /// Why; all members read it
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Send it even if it seems to say who somebody is
        #[arg(long)]
        send_anyway: bool,
    },
    /// Slow a circle down, as a facilitator
    ///
    /// Each member, facilitators too, shares once in that time. What is shared sooner is shown when
    /// its turn has come. Replies do not wait. `--off` ends it, and shows all that waited.
    #[command(
        after_long_help = "Example:\n  windbreak steward slow \"Evening walk\" --every 10m --reason \"Much at once.\"\n  windbreak steward slow \"Evening walk\" --off --reason \"Calm again.\""
    )]
    Slow {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// The time between two shares of one member, at most a day: 5m, 1h
        #[arg(
            long,
            value_name = "TIME",
            value_parser = duration::parse,
            required_unless_present = "off",
            conflicts_with = "off"
        )]
        every: Option<Duration>,
        /// End it
        #[arg(long)]
        off: bool,
        /// Why; all members read it
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Send it even if it seems to say who somebody is
        #[arg(long)]
        send_anyway: bool,
    },
}

/// Arguments of `steward hide` and `steward unhide`.
#[derive(Args, Debug)]
pub(crate) struct HideArgs {
    #[command(flatten)]
    pub(crate) of: ItemArgs,
    /// Why; all members read it
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Send it even if it seems to say who somebody is
    #[arg(long)]
    pub(crate) send_anyway: bool,
}
