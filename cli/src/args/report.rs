//! Arguments of `report`.

use clap::Subcommand;

use super::ItemArgs;

/// What can be done with reports.
#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// Report something to the facilitators, without your name
    ///
    /// Facilitators read it with the words you report, and nobody is told that it was you, not even
    /// they. One who wrote it is passed by; where no other is left, the four members who have been
    /// here longest read it. It leaves this device at a moment of chance within a day: each device
    /// sends one such message a day, with a report in it or none. How you write may tell who you are.
    #[command(
        after_long_help = "Example:\n  windbreak report new 3f2a91c0 --reason \"This is meant to hurt.\""
    )]
    New {
        #[command(flatten)]
        of: ItemArgs,
        /// Why, at most 500 characters
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Send it even if it seems to say who somebody is
        #[arg(long)]
        send_anyway: bool,
    },
    /// List the reports for you, and those you made
    #[command(after_long_help = "Example:\n  windbreak report list \"Evening walk\"")]
    List {
        /// Title or id of the circle, or how either begins
        circle: String,
    },
    /// Show one report: what was said, why it was reported, what was answered
    #[command(after_long_help = "Example:\n  windbreak report show \"Evening walk\" 7c01")]
    Show {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Id of the report, or how it begins
        report: String,
    },
    /// Say to who made a report that you have read it
    #[command(after_long_help = "Example:\n  windbreak report acknowledge \"Evening walk\" 7c01")]
    Acknowledge {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Id of the report, or how it begins
        report: String,
    },
    /// Close a report; who made it reads how it ended
    #[command(
        after_long_help = "Example:\n  windbreak report close \"Evening walk\" 7c01 --outcome \"We talked with them.\""
    )]
    Close {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Id of the report, or how it begins
        report: String,
        /// How it ended, at most 500 characters
        #[arg(long, value_name = "TEXT")]
        outcome: String,
        /// Send it even if it seems to say who somebody is
        #[arg(long)]
        send_anyway: bool,
    },
    /// Ask to look again at a report of yours that was closed
    #[command(
        after_long_help = "Example:\n  windbreak report appeal \"Evening walk\" 7c01 --reason \"It went on.\""
    )]
    Appeal {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Id of the report, or how it begins
        report: String,
        /// Why, at most 500 characters
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Send it even if it seems to say who somebody is
        #[arg(long)]
        send_anyway: bool,
    },
}
