//! Arguments of `member`.

use clap::{Subcommand, ValueEnum};

/// What somebody who holds no circle does in it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum RoleArg {
    /// Reads
    Listener,
    /// Reads and speaks
    Member,
}

/// What can be done with members.
#[derive(Debug, Subcommand)]
pub(crate) enum MemberCommand {
    /// List the members of a circle
    #[command(after_long_help = "Example:\n  windbreak member list \"Evening walk\"")]
    List {
        /// Title or id of the circle, or how either begins
        circle: String,
    },
    /// Remove a member: they read nothing that is said afterwards
    ///
    /// A facilitator is removed only with the word of others: most of the other facilitators, and
    /// two members where only one other facilitator is left. Everybody in the circle, also whom it
    /// is about, sees that it was proposed.
    #[command(
        after_long_help = "Example:\n  windbreak member remove \"Evening walk\" Tomas --reason \"Asked to go.\""
    )]
    Remove {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Name or id of the member, or how either begins
        member: String,
        /// Why; all members read it
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
        /// Send it even if it seems to say who somebody is
        #[arg(long)]
        send_anyway: bool,
        /// Do not ask again
        #[arg(long)]
        yes: bool,
    },
    /// Let a member only listen, or speak again, as a facilitator
    ///
    /// A listener reads, decides together with the others and may leave. Shares, answers, warm words
    /// and the rest of the talk are refused by every member's program. To take somebody's voice needs
    /// a reason.
    #[command(
        after_long_help = "Example:\n  windbreak member role \"Evening walk\" Rowan listener --reason \"Asked to.\"\n  windbreak member role \"Evening walk\" Rowan member"
    )]
    Role {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Name or id of the member, or how either begins
        member: String,
        /// What they do from now on
        #[arg(value_enum)]
        role: RoleArg,
        /// Why they only listen; all members read it
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
        /// Send it even if it seems to say who somebody is
        #[arg(long)]
        send_anyway: bool,
    },
    /// Fold away what a member says, for yourself alone
    ///
    /// Nobody is told, neither they nor the circle. `read` shows how much is folded away, and `read
    /// --blocked` shows it.
    #[command(after_long_help = "Example:\n  windbreak member block \"Evening walk\" Rowan")]
    Block {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Name or id of the member, or how either begins; the whole id of one who is gone
        member: String,
    },
    /// Show again what a member says
    #[command(after_long_help = "Example:\n  windbreak member unblock \"Evening walk\" Rowan")]
    Unblock {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Name or id of the member, or how either begins; the whole id of one who is gone
        member: String,
    },
    /// Ask a member to become a facilitator, as a facilitator
    #[command(after_long_help = "Example:\n  windbreak member promote \"Evening walk\" Rowan")]
    Promote {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Name or id of the member, or how either begins
        member: String,
    },
    /// Give up your role as a facilitator, or propose that another gives it up
    #[command(after_long_help = "Example:\n  windbreak member demote \"Evening walk\" Rowan")]
    Demote {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Name or id of the facilitator, or how either begins
        member: String,
        /// Do not ask again
        #[arg(long)]
        yes: bool,
    },
    /// Say anew, as a facilitator, what you would have to report to others
    ///
    /// It replaces what you declared before, on the card of every invite too, and is shown to
    /// everybody before they share again.
    #[command(
        after_long_help = "Example:\n  windbreak member declare \"Evening walk\" \"I report danger to children.\""
    )]
    Declare {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// What you would have to report, or that there is nothing; all members read it
        declaration: String,
        /// Send it even if it seems to say who somebody is
        #[arg(long)]
        send_anyway: bool,
    },
    /// Propose a new facilitator because none answers
    ///
    /// It needs more than half of all members, and whom it is about. Then the circle waits 72
    /// hours for a word of a facilitator. Who was a facilitator before stays one: if they do not
    /// answer, the new one proposes with `member demote` that they are none any more.
    #[command(after_long_help = "Example:\n  windbreak member succeed \"Evening walk\" Rowan")]
    Succeed {
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
    /// List what the members decide together
    #[command(after_long_help = "Example:\n  windbreak member proposals \"Evening walk\"")]
    Proposals {
        /// Title or id of the circle, or how either begins
        circle: String,
    },
    /// Agree to a proposal
    #[command(
        after_long_help = "Example:\n  windbreak member consent \"Evening walk\" 3f0c --declaration \"I report nothing.\""
    )]
    Consent {
        /// Title or id of the circle, or how either begins
        circle: String,
        /// Id of the proposal, or how it begins
        proposal: String,
        /// If you become a facilitator: what you would have to report to others, or that there is
        /// nothing
        #[arg(long, value_name = "TEXT")]
        declaration: Option<String>,
        /// Send it even if it seems to say who somebody is
        #[arg(long)]
        send_anyway: bool,
        /// Do not ask again
        #[arg(long)]
        yes: bool,
    },
}
