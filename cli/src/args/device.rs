//! Arguments of `device`: the other machines of one person.

use std::time::Duration;

use clap::{Args, Subcommand};

use super::{ModeArg, PhraseArgs, duration};

/// What can be done with one's devices.
#[derive(Debug, Subcommand)]
pub(crate) enum DeviceCommand {
    /// Print a code by which another device of yours comes in
    #[command(after_long_help = "Example:\n  windbreak device add \"Evening walk\" --qr")]
    Add(AddDeviceArgs),
    /// Say that the new device which shows this number is yours
    #[command(after_long_help = "Example:\n  windbreak device confirm \"Evening walk\" 481302")]
    Confirm {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// The six digits that the new device shows
        number: String,
        #[command(flatten)]
        phrase: PhraseArgs,
    },
    /// List your devices in a circle
    #[command(after_long_help = "Example:\n  windbreak device list \"Evening walk\"")]
    List {
        /// Title or id of the circle, or how either begins
        circle: String,
    },
    /// Take a device of yours out: it reads nothing that is said afterwards
    #[command(after_long_help = "Example:\n  windbreak device remove \"Evening walk\" 3f2a91c0")]
    Remove {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Id of the device, or how it begins
        device: String,
        /// Do not ask again
        #[arg(long)]
        yes: bool,
    },
    /// Come into a circle here too, by the code of your other device
    #[command(
        after_long_help = "Example:\n  windbreak device join - < code.txt\n  windbreak device join windbreak-device:…"
    )]
    Join(JoinDeviceArgs),
}

/// Arguments of `device add`.
#[derive(Args, Debug)]
pub(crate) struct AddDeviceArgs {
    /// Title or id of the circle, or how either begins
    pub(crate) circle: String,
    /// Print it as a picture, too, that a camera reads from the terminal
    #[arg(long)]
    pub(crate) qr: bool,
    /// How long to wait for the other device: 45s, 30m
    #[arg(long, default_value = "15m", value_name = "TIME", value_parser = duration::parse)]
    pub(crate) wait: Duration,
    #[command(flatten)]
    pub(crate) phrase: PhraseArgs,
}

/// Arguments of `device join`.
#[derive(Args, Debug)]
pub(crate) struct JoinDeviceArgs {
    /// The code that the other device printed; `-` reads it from standard input
    pub(crate) code: String,
    /// How the circle is reached from this device, if not as your other circles
    #[arg(long, value_enum, value_name = "MODE")]
    pub(crate) network: Option<ModeArg>,
    /// Do not ask whether this is the circle you mean
    #[arg(long)]
    pub(crate) yes: bool,
    /// How long to wait here: 45s, 30m
    #[arg(long, default_value = "15m", value_name = "TIME", value_parser = duration::parse)]
    pub(crate) wait: Duration,
}
