//! Arguments of `files`, and of what goes along with a share or a reply.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// What can be done with files of others.
#[derive(Debug, Subcommand)]
pub(crate) enum FilesCommand {
    /// List the files and pictures of a circle, and how much of each is here
    #[command(after_long_help = "Example:\n  windbreak files list \"Evening walk\"")]
    List {
        /// Title or id of the circle, or how either begins
        circle: String,
    },
    /// Save a file or picture that is here as a whole
    ///
    /// Nothing opens it: look at it with a program you trust. Other programs of this device, and
    /// copies it makes for you, can then see it as well.
    #[command(after_long_help = "Example:\n  windbreak files save 3f2a91c0 --to evening.jpg")]
    Save {
        /// Id of what it goes along with, as `read` and `files list` show it, or how it begins
        item: String,
        /// Where to; a file that is there already stays as it is
        #[arg(long, value_name = "PATH")]
        to: PathBuf,
        /// The circle it stands in, if ids alone do not tell
        #[arg(long)]
        circle: Option<String>,
    },
}

/// Which files members may send, as it is typed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum FilesArg {
    /// Pictures and other files
    On,
    /// None
    Off,
    /// Pictures alone
    ImagesOnly,
}

/// What goes along with a share or a reply.
#[derive(Args, Debug)]
pub(crate) struct AttachArgs {
    /// A picture (JPEG or PNG) to go along with it: made anew first, without the place, the time and
    /// whatever else a camera wrote into it, and smaller if it is large
    #[arg(long, value_name = "FILE")]
    pub(crate) image: Option<PathBuf>,
    /// Another file of at most 1 MiB to go along with it, sent as it is: what its program wrote
    /// about you into it goes along
    #[arg(long, value_name = "FILE", conflicts_with = "image")]
    pub(crate) attach: Option<PathBuf>,
    /// What the file or picture is called; without this, no name is told
    #[arg(long, value_name = "TEXT")]
    pub(crate) name: Option<String>,
}
