//! Arguments of `link` and `relay`: how envelopes travel.

use std::path::PathBuf;

use clap::{Args, Subcommand};

const WARNING: &str = "Members who link directly see each other's internet addresses, which tell roughly where \
                       somebody is and by which provider. Without links, only the relay sees addresses.";

const FOLLOWING: &str = "Members' devices follow by themselves as soon as they hear of it, over the relays they know, and \
                         put what they hold on the new one. A relay that is named no longer is used as long as \
                         somebody who was away may know no other, for 60 days at most. Whoever knows only relays \
                         that are gone needs the address from a member: windbreak relay use.";

/// What can be done with direct links between members.
#[derive(Debug, Subcommand)]
pub(crate) enum LinkCommand {
    /// Listen for direct links of a circle's members, and print the address to give them
    #[command(long_about = format!("Listen for direct links of a circle's members, and print the address to give them.\n\n{WARNING}"), after_long_help = "Example:\n  windbreak link listen \"Evening walk\" --listen /ip4/192.168.1.20/tcp/0")]
    Listen(ListenArgs),
    /// Link directly with a member who listens
    #[command(long_about = format!("Link directly with a member who listens.\n\n{WARNING}"), after_long_help = "Example:\n  windbreak link add \"Evening walk\" /ip4/192.168.1.20/tcp/4711")]
    Add {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// The address that the other member's `link listen` printed
        address: String,
        /// Do not ask again
        #[arg(long)]
        yes: bool,
    },
    /// List the direct links of a circle
    #[command(after_long_help = "Example:\n  windbreak link list \"Evening walk\"")]
    List {
        /// Title or id of the circle, or how either begins
        circle: String,
    },
    /// End a direct link
    #[command(
        after_long_help = "Example:\n  windbreak link remove \"Evening walk\" /ip4/192.168.1.20/tcp/4711"
    )]
    Remove {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// The address, as `link list` shows it
        address: String,
    },
}

/// Arguments of `link listen`.
#[derive(Args, Debug)]
pub(crate) struct ListenArgs {
    /// Title or id of the circle, or how either begins
    pub(crate) circle: String,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "/ip4/0.0.0.0/tcp/0")]
    pub(crate) listen: String,
    /// Do not ask again
    #[arg(long)]
    pub(crate) yes: bool,
}

/// What can be done with a relay: those of a circle, and one to host.
#[derive(Debug, Subcommand)]
pub(crate) enum RelayCommand {
    /// List the relays of a circle, and what this device does with each
    #[command(after_long_help = "Example:\n  windbreak relay list \"Evening walk\"")]
    List {
        /// Title or id of the circle, or how either begins
        circle: String,
    },
    /// Name one more relay for a circle; a facilitator does
    #[command(long_about = format!("Name one more relay for a circle; a facilitator does.\n\n{FOLLOWING}"), after_long_help = "Example:\n  windbreak relay add \"Evening walk\" /ip4/192.0.2.1/tcp/4710/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN\n  windbreak relay add \"Evening walk\" ADDRESS --grant - < grant.txt")]
    Add(AddRelayArgs),
    /// Name a relay of a circle no longer; a facilitator does
    #[command(long_about = format!("Name a relay of a circle no longer; a facilitator does.\n\n{FOLLOWING}"), after_long_help = "Example:\n  windbreak relay remove \"Evening walk\" 192.0.2.1")]
    Remove {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// The relay: its address, or a part of it that no other one has
        relay: String,
        /// Do not ask again
        #[arg(long)]
        yes: bool,
    },
    /// Name another relay in the place of one; a facilitator does
    #[command(long_about = format!("Name another relay in the place of one; a facilitator does.\n\n{FOLLOWING}"), after_long_help = "Example:\n  windbreak relay replace \"Evening walk\" 192.0.2.1 /ip4/192.0.2.7/tcp/4710/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN")]
    Replace {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// The relay to go: its address, or a part of it that no other one has
        relay: String,
        /// The address of the relay to come
        address: String,
        /// Do not ask again
        #[arg(long)]
        yes: bool,
    },
    /// Use a relay on this device, whatever the circle names
    #[command(
        long_about = "Use a relay on this device, whatever the circle names: say yes to one that serves another \
                      of your circles, or give the address that a member passed on because the relays you know \
                      are gone.",
        after_long_help = "Example:\n  windbreak relay use \"Evening walk\" 192.0.2.1"
    )]
    Use {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// The relay: its address, or a part of it that no other one of the circle has
        relay: String,
        /// Do not ask again
        #[arg(long)]
        yes: bool,
    },
    /// Never dial a relay from this device, whatever the circle names
    #[command(after_long_help = "Example:\n  windbreak relay avoid \"Evening walk\" 192.0.2.1")]
    Avoid {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// The relay: its address, or a part of it that no other one of the circle has
        relay: String,
    },
    /// Run a relay in this terminal until you press Ctrl-C
    #[command(
        after_long_help = "Example:\n  windbreak relay run --profile ~/relay --listen /ip4/0.0.0.0/tcp/4710"
    )]
    Run(RelayRunArgs),
    /// Write a file with every setting of a relay and what it means, into its folder
    #[command(after_long_help = "Example:\n  windbreak relay init-config --profile ~/relay")]
    InitConfig,
    /// Print a unit for systemd that runs a relay and lets it do nothing else
    #[command(
        after_long_help = "Example:\n  windbreak relay unit > /etc/systemd/system/windbreak-relay.service"
    )]
    Unit,
    /// Grants by which circles may put envelopes on a relay that you host
    #[command(
        subcommand,
        long_about = "Grants by which circles may put envelopes on a relay that you host. Pass one on to a \
                      facilitator, who gives it to the circle with: windbreak relay add CIRCLE ADDRESS --grant -",
        after_long_help = "Example:\n  windbreak relay grant issue --members 12 --quota 64 --profile ~/relay"
    )]
    Grant(super::GrantCommand),
    /// Say what a running relay holds: topics, envelopes, bytes
    #[command(after_long_help = "Example:\n  windbreak relay status --profile ~/relay")]
    Status,
}

/// Arguments of `relay add`.
#[derive(Args, Debug)]
pub(crate) struct AddRelayArgs {
    /// Title or id of the circle, or how either begins
    pub(crate) circle: String,
    /// The relay's address, as its host gives it
    pub(crate) address: String,
    /// The grant that the relay's host passed on, if it takes by grant: a file, or - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) grant: Option<PathBuf>,
    /// Do not ask again
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Arguments of `relay run`.
#[derive(Args, Debug)]
pub(crate) struct RelayRunArgs {
    /// Read the settings from this file, instead of relay.toml in the relay's folder
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Where to listen, instead of what the settings say; port 0 takes a free one [default:
    /// /ip4/0.0.0.0/tcp/4710]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Vec<String>,
    /// Where people reach it, if that is elsewhere: /ip4/192.0.2.1/tcp/4710, or NAME.onion:4710 for
    /// an onion service of a Tor beside it; more than one if need be
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) external: Vec<String>,
    /// Say that this machine's clock is right, once, after a relay by grant was off for long
    #[arg(long)]
    pub(crate) clock_is_right: bool,
    /// Stop when standard input closes, that is with whoever started it
    #[arg(long, hide = true)]
    pub(crate) while_stdin: bool,
}
