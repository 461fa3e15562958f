//! Arguments of what is done to something that was said: `withdraw`, `edit`, `history`, `react`,
//! `pin` and `allow`.

use clap::{Args, ValueEnum};

/// What was said, and where.
#[derive(Args, Debug)]
pub(crate) struct ItemArgs {
    /// Id of it, as `read` shows it, or how it begins
    pub(crate) item: String,
    /// The circle it stands in, if ids alone do not tell
    #[arg(long)]
    pub(crate) circle: Option<String>,
}

/// Arguments of `withdraw`.
#[derive(Args, Debug)]
#[command(
    about = "Take back something you said",
    long_about = "Take back something you said. Its words are erased on this device at once, and on every \
                  other device as soon as that hears of it; everybody sees that something was taken \
                  back. What somebody has read, copied or reported stays: who answers a report has its words \
                  for up to 180 days.",
    after_long_help = "Example:\n  windbreak withdraw 3f2a91c0"
)]
pub(crate) struct WithdrawArgs {
    #[command(flatten)]
    pub(crate) of: ItemArgs,
    /// Do not ask again
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Arguments of `edit`.
#[derive(Args, Debug)]
#[command(
    about = "Say something of yours in other words",
    long_about = "Say something of yours in other words. The circle sees the new words and that they are \
                  new; what you said before can still be looked at with `history`. What \
                  was for those here then stays with them: if somebody joined since, it is not changed \
                  any more. To have it gone, use `withdraw`.",
    after_long_help = "Example:\n  windbreak edit 3f2a91c0 \"Good to be here, at last.\""
)]
pub(crate) struct EditArgs {
    /// Id of it, as `read` shows it, or how it begins
    pub(crate) item: String,
    /// What you want to say; `-` reads it from standard input
    pub(crate) text: String,
    /// The circle it stands in, if ids alone do not tell
    #[arg(long)]
    pub(crate) circle: Option<String>,
    /// Another content note; nothing takes it off
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    /// Another title; nothing takes it off
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Send it even if it seems to say who somebody is
    #[arg(long)]
    pub(crate) send_anyway: bool,
    /// You have read what the facilitators would have to report: do not ask
    #[arg(long)]
    pub(crate) declaration_heard: bool,
}

/// Arguments of `history`.
#[derive(Args, Debug)]
#[command(
    about = "See what something said before it was edited",
    after_long_help = "Example:\n  windbreak history 3f2a91c0"
)]
pub(crate) struct HistoryArgs {
    #[command(flatten)]
    pub(crate) of: ItemArgs,
}

/// Arguments of `react`.
#[derive(Args, Debug)]
#[command(
    about = "Answer with one warm word",
    long_about = "Answer with one warm word. You have one for each share or reply; another takes its \
                  place. Nobody counts them.",
    after_long_help = "Example:\n  windbreak react 3f2a91c0 heard\n  windbreak react 3f2a91c0 --take-back"
)]
pub(crate) struct ReactArgs {
    #[command(flatten)]
    pub(crate) of: ItemArgs,
    /// The word
    #[arg(
        value_enum,
        required_unless_present = "take_back",
        conflicts_with = "take_back",
        index = 2
    )]
    pub(crate) word: Option<WordArg>,
    /// Take your word back
    #[arg(long)]
    pub(crate) take_back: bool,
}

/// A warm word.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum WordArg {
    /// I am with you
    WithYou,
    /// I have read every word
    Heard,
    /// I know this from my own life
    MeToo,
    /// Thank you
    ThankYou,
    /// I wish you strength
    Strength,
    /// I am glad with you
    Glad,
}

/// Arguments of `pin`.
#[derive(Args, Debug)]
#[command(
    about = "Keep something in sight, as a facilitator",
    after_long_help = "Example:\n  windbreak pin 3f2a91c0\n  windbreak pin 3f2a91c0 --take-off"
)]
pub(crate) struct PinArgs {
    #[command(flatten)]
    pub(crate) of: ItemArgs,
    /// Take the pin off
    #[arg(long)]
    pub(crate) take_off: bool,
}

/// Arguments of `allow`.
#[derive(Args, Debug)]
#[command(
    about = "Let advice be shown that was held back from your share",
    long_about = "Let advice be shown that was held back from your share. Where you asked for just \
                  listening, nobody sees what is marked as advice unless you say so here: name your \
                  share to let all of it through, or one piece of advice.",
    after_long_help = "Example:\n  windbreak allow 3f2a91c0\n  windbreak allow 3f2a91c0 --no-longer"
)]
pub(crate) struct AllowArgs {
    #[command(flatten)]
    pub(crate) of: ItemArgs,
    /// Hold it back again
    #[arg(long)]
    pub(crate) no_longer: bool,
}
