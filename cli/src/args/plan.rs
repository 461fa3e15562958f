//! Arguments of `plan`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Arguments of `plan`.
#[derive(Args, Debug)]
#[command(
    about = "What you wrote for yourself for hard times, all of it at once",
    long_about = "What you wrote for yourself, in quiet times, for hard ones: all of it at once, without a \
                  network. The parts, their titles and their words are yours; `windbreak plan suggest` \
                  shows some to begin with. It is sealed on this device and never leaves it, except in a \
                  backup that you make.",
    after_long_help = "Example:\n  windbreak plan\n  windbreak plan suggest --take\n  windbreak plan write 2"
)]
pub(crate) struct PlanArgs {
    #[command(subcommand)]
    pub(crate) command: Option<PlanCommand>,
}

/// What can be done with a plan.
#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    /// Write a part, or write it anew
    #[command(
        long_about = "Write a part, or write it anew: what stood there is gone then, unless you add to it. A \
                      title that no part has makes a new one. Without TEXT or --file, the words are read \
                      from the terminal until Ctrl-D, and no history of your shell keeps them.",
        after_long_help = "Example:\n  windbreak plan write 2\n  windbreak plan write 2 \"The long way along the river.\" --add\n  windbreak plan write \"Songs that carry me\" --file songs.txt"
    )]
    Write(WritePlanArgs),
    /// Call a part something else
    #[command(after_long_help = "Example:\n  windbreak plan title 2 \"Alone, and all right\"")]
    Title {
        /// Number or title of the part, or how the title begins
        part: String,
        /// Its title from now on, at most 80 characters
        title: String,
    },
    /// Put a part in another place
    #[command(after_long_help = "Example:\n  windbreak plan move 4 up\n  windbreak plan move 4 1")]
    Move {
        /// Number or title of the part, or how the title begins
        part: String,
        /// `up`, `down`, or the number it has from now on
        #[arg(value_name = "PLACE", value_parser = parse_place)]
        place: PlaceArg,
    },
    /// Remove a part for good
    #[command(
        after_long_help = "Example:\n  windbreak plan remove 3\n  windbreak plan remove --all --yes"
    )]
    Remove {
        /// Number or title of the part, or how the title begins
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        part: Option<String>,
        /// The whole plan
        #[arg(long)]
        all: bool,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// See parts that a plan can begin with
    #[command(
        after_long_help = "Example:\n  windbreak plan suggest\n  windbreak plan suggest --take"
    )]
    Suggest {
        /// Put them into your plan, without words yet; what is there stays
        #[arg(long)]
        take: bool,
    },
}

/// Arguments of `plan write`.
#[derive(Args, Debug)]
pub(crate) struct WritePlanArgs {
    /// Number or whole title of the part; another title makes a new part
    pub(crate) part: String,
    /// The words; `-` reads them from standard input
    #[arg(conflicts_with = "file")]
    pub(crate) text: Option<String>,
    /// Take the text of this file
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Put them below what is there
    #[arg(long)]
    pub(crate) add: bool,
}

/// Where a part goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PlaceArg {
    Up,
    Down,
    /// To this place, 1 for the first.
    At(u32),
}

/// Why a place was not understood.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("write up, down or a number")]
pub(crate) struct PlaceError;

fn parse_place(text: &str) -> Result<PlaceArg, PlaceError> {
    match text {
        "up" => Ok(PlaceArg::Up),
        "down" => Ok(PlaceArg::Down),
        number => number.parse().map(PlaceArg::At).map_err(|_| PlaceError),
    }
}
