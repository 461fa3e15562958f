//! Arguments of `checkin`.

use clap::Args;

/// Arguments of `checkin`.
#[derive(Args, Debug)]
#[command(
    about = "Note how you are, for yourself, and look back",
    long_about = "Note how you are, from 0 to 10 as you mean it, with words if you like. It stays on this \
                  device: nobody else sees it unless you share it with --share. Without VALUE: what you \
                  noted before, as a picture on a terminal and as a list elsewhere or with --list. \
                  No days in a row are counted, and nothing is compared or rated.",
    after_long_help = "Example:\n  windbreak checkin 6 \"Slept a little.\"\n  windbreak checkin --days 14\n  windbreak checkin 4 \"A long day.\" --share \"Evening walk\"\n  windbreak checkin --delete 3f2a91c0"
)]
pub(crate) struct CheckInArgs {
    /// How you are, 0 to 10
    #[arg(value_parser = clap::value_parser!(u8).range(0..=10))]
    pub(crate) value: Option<u8>,
    /// In words, at most 500 characters; `-` reads them from standard input
    pub(crate) words: Option<String>,
    /// Tell this circle, too, as an ordinary share: its title or id, or how either begins
    #[arg(long, value_name = "CIRCLE", requires = "value")]
    pub(crate) share: Option<String>,
    /// Share it even if it seems to say who somebody is
    #[arg(long, requires = "share")]
    pub(crate) send_anyway: bool,
    /// In slow mode: share it even if others see it later
    #[arg(long, requires = "share")]
    pub(crate) even_if_later: bool,
    /// You have read what the facilitators would have to report: do not ask
    #[arg(long, requires = "share")]
    pub(crate) declaration_heard: bool,
    /// Look back so many days
    #[arg(long, value_name = "COUNT", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=3650), conflicts_with = "value")]
    pub(crate) days: u16,
    /// A list instead of a picture
    #[arg(long, conflicts_with = "value")]
    pub(crate) list: bool,
    /// Delete one for good: its id as --list shows it, or how it begins
    #[arg(long, value_name = "ID", conflicts_with_all = ["value", "list", "days", "delete_all"])]
    pub(crate) delete: Option<String>,
    /// Delete all of them for good
    #[arg(long, conflicts_with_all = ["value", "list", "days"])]
    pub(crate) delete_all: bool,
    /// Do not ask before any is deleted
    #[arg(long)]
    pub(crate) yes: bool,
}
