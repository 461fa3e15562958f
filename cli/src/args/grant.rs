//! Arguments of `relay grant`: who may put envelopes on a relay that one hosts.

use clap::{Args, Subcommand};

/// What the host of a running relay can do with grants.
#[derive(Debug, Subcommand)]
pub(crate) enum GrantCommand {
    /// Issue a grant for one circle, and print the text to pass on; it is shown this once
    #[command(
        long_about = "Issue a grant for one circle, and print the text to pass on; it is shown this once. Each \
                      device takes one part of it, each facilitator's device one more for those who knock, \
                      and parts of who left are not given again.",
        after_long_help = "Example:\n  windbreak relay grant issue --members 12 --quota 64 --profile ~/relay"
    )]
    Issue(IssueGrantArgs),
    /// List the grants that hold, as counts
    #[command(after_long_help = "Example:\n  windbreak relay grant list --profile ~/relay")]
    List,
    /// Revoke a grant: no tokens are drawn by it from now on; those drawn before are good until a day
    /// after their week
    #[command(
        after_long_help = "Example:\n  windbreak relay grant revoke 1f0c22ab9d4e5573 --profile ~/relay"
    )]
    Revoke {
        /// Its id, as `relay grant list` shows it
        id: String,
        /// Do not ask again
        #[arg(long)]
        yes: bool,
    },
}

/// Arguments of `relay grant issue`.
#[derive(Args, Debug)]
pub(crate) struct IssueGrantArgs {
    /// For how many parts, at most 512: one for each device, one more for each facilitator's
    #[arg(long, value_name = "N", default_value_t = 16)]
    pub(crate) members: u16,
    /// What each may put in a week, in MiB, a multiple of 4
    #[arg(long, value_name = "MIB", default_value_t = 64)]
    pub(crate) quota: u64,
    /// For how many weeks, this one included; weeks begin on Thursday at midnight UTC
    #[arg(long, value_name = "WEEKS", default_value_t = 26)]
    pub(crate) weeks: u8,
}
