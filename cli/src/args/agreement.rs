//! Arguments of `agreement` and `succession`: what members decide together about the circle.

use std::path::PathBuf;

use clap::Subcommand;

/// What can be done with a circle's agreement.
#[derive(Debug, Subcommand)]
pub(crate) enum AgreementCommand {
    /// Show what the circle agrees on, what is new in it, and what is proposed
    #[command(after_long_help = "Example:\n  windbreak agreement show \"Evening walk\"")]
    Show {
        /// Title or id of the circle, or how either begins
        circle: String,
    },
    /// Accept it on this device: before, nothing of the circle is read or said here
    ///
    /// Nobody else learns whether or when you accepted it. It is shown first; where it has changed,
    /// with what is different.
    #[command(after_long_help = "Example:\n  windbreak agreement accept \"Evening walk\"")]
    Accept {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Do not ask again; read it first
        #[arg(long)]
        yes: bool,
    },
    /// Propose another agreement, as a facilitator
    ///
    /// It holds as soon as more than half of all members agree, you among them. Everybody who has
    /// not agreed is then asked to accept it.
    #[command(
        after_long_help = "Example:\n  windbreak agreement propose \"Evening walk\" agreement.txt"
    )]
    Propose {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// File with all of the new text; `-` reads it from standard input
        file: PathBuf,
        /// Send it even if it seems to say who somebody is
        #[arg(long)]
        send_anyway: bool,
    },
    /// Agree to a proposed agreement; it holds when more than half of all members do
    #[command(
        visible_alias = "adopt",
        after_long_help = "Example:\n  windbreak agreement consent \"Evening walk\" 3f0c"
    )]
    Consent {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Id of the proposal, or how it begins
        proposal: String,
        /// Do not ask again; read it first
        #[arg(long)]
        yes: bool,
    },
}

/// How members make a facilitator where none answers.
#[derive(Debug, Subcommand)]
pub(crate) enum SuccessionCommand {
    /// Propose who holds the circle, because no facilitator answers
    ///
    /// It needs more than half of all members, and whom it is about. Then the circle waits 72
    /// hours for a word of a facilitator. Who was a facilitator before stays one: if they do not
    /// answer, the new one proposes with `member demote` that they are none any more.
    #[command(after_long_help = "Example:\n  windbreak succession propose \"Evening walk\" Rowan")]
    Propose {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Name or id of the member, or how either begins
        member: String,
        /// If it is you: what you would have to report to others, or that there is nothing
        #[arg(long, value_name = "TEXT")]
        declaration: Option<String>,
        /// Send it even if it seems to say who somebody is
        #[arg(long)]
        send_anyway: bool,
    },
    /// Agree to it
    #[command(
        after_long_help = "Example:\n  windbreak succession consent \"Evening walk\" 3f0c --yes"
    )]
    Consent {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Id of the proposal, or how it begins
        proposal: String,
        /// If it is you: what you would have to report to others, or that there is nothing
        #[arg(long, value_name = "TEXT")]
        declaration: Option<String>,
        /// Send it even if it seems to say who somebody is
        #[arg(long)]
        send_anyway: bool,
        /// Do not ask again
        #[arg(long)]
        yes: bool,
    },
    /// See how far it has come
    #[command(after_long_help = "Example:\n  windbreak succession status \"Evening walk\"")]
    Status {
        /// Title or id of the circle, or how either begins
        circle: String,
    },
}
