//! Arguments of `search`.

use clap::Args;

/// Arguments of `search`.
#[derive(Args, Debug)]
#[command(
    about = "Find what was said",
    long_about = "Find what was said, on this device alone and without a network: the newest first. All \
                  words must be there; of each its beginning is enough, and case and accents do not \
                  matter. What was taken back, erased or said in other words since is not found, nor \
                  what is hidden or held back from you. Nothing of it is kept.",
    after_long_help = "Example:\n  windbreak search sleep\n  windbreak search sleep garden --circle \"Evening walk\"\n  windbreak search sleep --after 3f2a91c0"
)]
pub(crate) struct SearchArgs {
    /// The words; `-` reads them from standard input
    #[arg(required = true)]
    pub(crate) words: Vec<String>,
    /// Only in this circle: its title or id, or how either begins
    #[arg(long)]
    pub(crate) circle: Option<String>,
    /// Also what members say whom you blocked
    #[arg(long)]
    pub(crate) blocked: bool,
    /// Go on behind this one: its id, or how it begins
    #[arg(long, value_name = "ID")]
    pub(crate) after: Option<String>,
    /// At most this many
    #[arg(long, value_name = "COUNT", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) limit: u32,
}
