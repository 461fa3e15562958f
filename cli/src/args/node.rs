//! Arguments of `node`.

use clap::{Args, Subcommand};

/// What can be asked of one's own node.
#[derive(Debug, Subcommand)]
pub(crate) enum NodeCommand {
    /// Start your node in the background
    #[command(after_long_help = "Example:\n  windbreak node start")]
    Start,
    /// Stop your node; what waits to be sent is kept
    #[command(after_long_help = "Example:\n  windbreak node stop")]
    Stop,
    /// Say whether your node runs and what it is connected to
    #[command(after_long_help = "Example:\n  windbreak node status")]
    Status,
    /// Run your node in this terminal until you press Ctrl-C
    #[command(after_long_help = "Example:\n  windbreak node run")]
    Run(RunArgs),
}

/// Arguments of `node run`.
#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    /// Started by another command: no words on the terminal, a log in the profile
    #[arg(long, hide = true)]
    pub(crate) background: bool,
    /// Stop when standard input closes, that is with whoever started it
    #[arg(long, hide = true, conflicts_with = "background")]
    pub(crate) while_stdin: bool,
}
