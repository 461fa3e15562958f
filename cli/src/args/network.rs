//! Arguments of `network`, and the network modes as they are typed.

use std::net::SocketAddr;

use clap::{Args, Subcommand, ValueEnum};

/// Network modes as they are typed.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, ValueEnum)]
pub(crate) enum ModeArg {
    /// Through Tor to onion services alone: nobody learns your address
    Tor,
    /// Over relays alone: the relays learn your address, members never do
    RelayOnly,
    /// Over relays and without them: members learn your address, too
    Direct,
    /// Within the local network, without a relay or the internet: all who are there see you run this
    Lan,
}

/// What can be done about how circles are reached.
#[derive(Debug, Subcommand)]
pub(crate) enum NetworkCommand {
    /// Show how a circle is reached from this device
    #[command(after_long_help = "Example:\n  windbreak network show \"Evening walk\"")]
    Show {
        /// Title or id of the circle, or how either begins
        circle: String,
    },
    /// Reach a circle in another mode from now on
    #[command(
        long_about = "Reach a circle in another mode from now on. What was connected is closed first, and the \
                      new mode never falls back to another: what it cannot reach is not reached, and \
                      `windbreak node status` says why.\n\nIn `direct`, chosen here, this device meets those members who \
                      chose it too, past the relays: it is faster, and goes on when a relay dies. All of them learn \
                      your internet address, which tells roughly where you are, and the relay learns who of you meet. \
                      A relay helps with this only if its host wants it to. What you write goes to the relays all \
                      the same.\n\nIn `lan` nothing of the circle leaves the local network: members' devices find each other there, \
                      with no relay and no internet. Everybody on that network can see that this device runs \
                      Windbreak. What you write waits on this device until another member's is on the same network.",
        after_long_help = "Example:\n  windbreak network set \"Evening walk\" tor"
    )]
    Set {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// The mode
        mode: ModeArg,
        /// Do not ask again
        #[arg(long)]
        yes: bool,
    },
    /// Choose the mode for circles that you make or join from now on
    #[command(
        long_about = "Choose the mode for circles that you make or join from now on. Circles you have keep theirs.",
        after_long_help = "Example:\n  windbreak network default tor"
    )]
    Default {
        /// The mode
        mode: ModeArg,
        #[command(flatten)]
        tor: TorArgs,
        /// Do not ask again
        #[arg(long)]
        yes: bool,
    },
}

/// Where Tor is.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct TorArgs {
    /// The SOCKS port of Tor: 127.0.0.1:9050 for Tor as a service, 9150 for Tor Browser
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) tor_proxy: Option<SocketAddr>,
}
