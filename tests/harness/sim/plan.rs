//! A plan: what people do and what goes wrong, in order. It is drawn from a seed, or kept in a file.

use serde::{Deserialize, Serialize};

/// What may go wrong besides people being people.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Faults {
    /// Nothing but latency and people who are away.
    None,
    /// Lost connections, duplicates, disorder, splits, clocks that differ.
    Network,
    /// Devices that die at any output, and that start again.
    Crash,
    /// Members who break the rules.
    Insider,
    /// All of it.
    All,
}

impl Faults {
    /// Whether the network misbehaves.
    #[must_use]
    pub fn network(self) -> bool {
        matches!(self, Self::Network | Self::All)
    }

    /// Whether devices die.
    #[must_use]
    pub fn crash(self) -> bool {
        matches!(self, Self::Crash | Self::All)
    }

    /// Whether somebody breaks the rules.
    #[must_use]
    pub fn insider(self) -> bool {
        matches!(self, Self::Insider | Self::All)
    }
}

/// What members decide together about one of them.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Motion {
    /// Becomes a facilitator.
    Promote,
    /// Is a facilitator no longer.
    Demote,
    /// A facilitator is a member no longer.
    Remove,
    /// Becomes a facilitator because none answers.
    Succeed,
}

/// What people do to what was said, and what facilitators do to hold a circle. What is said is counted
/// from the newest that is shown.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Living {
    /// Takes it back.
    Withdraw,
    /// Says it in other words.
    Edit,
    /// Gives it a warm word.
    React,
    /// Takes the warm word back.
    Unreact,
    /// Pins it.
    Pin,
    /// Takes the pin off.
    Unpin,
    /// Hides it.
    Hide,
    /// Shows it again.
    Unhide,
    /// Mutes its author for an hour.
    Mute,
    /// Takes that back.
    Unmute,
    /// Lets each member share once in ten minutes.
    Slow,
    /// Lets the circle go at its own pace again.
    Unslow,
    /// Proposes another agreement. The others are asked, and mostly agree within half an hour.
    Agree,
    /// Lets its author only listen.
    Listen,
    /// Lets its author speak again.
    Speak,
    /// Reports it.
    Report,
    /// Lets any file be sent.
    Files,
    /// Lets no file be sent.
    NoFiles,
    /// Shares words with a file.
    Attach,
    /// Gives advice to it.
    Advise,
    /// Lets advice in its thread be shown, or it if it is advice.
    Allow,
    /// Lets it be shown no longer.
    Disallow,
    /// Says that a report was read, and closes it the next time.
    Answer,
    /// Asks to look again at a report that was closed.
    Appeal,
    /// Shares words that welcome ideas.
    AskIdeas,
    /// Shares words with a title and a note that ask for resources.
    AskResources,
    /// Gives advice to it in words that nobody else says.
    Suggest,
    /// Has words kept for two days.
    KeepTwoDays,
    /// Has words kept for nine days.
    KeepNineDays,
    /// Has words kept as long as their authors leave them.
    KeepAlways,
    /// Declares anew what it would have to report.
    Declare,
    /// Reads what those who hold the circle declare.
    Hear,
    /// Folds away what its author says.
    Block,
    /// Shows it again.
    Unblock,
    /// All who hold the circle switch their devices off.
    Silence,
    /// Somebody who does not hold the circle proposes to, since nobody who does answers. The others are
    /// asked, and mostly agree within half an hour.
    Succeed,
}

impl Living {
    /// All of them.
    pub const ALL: [Self; 36] = [
        Self::Withdraw,
        Self::Edit,
        Self::React,
        Self::Unreact,
        Self::Pin,
        Self::Unpin,
        Self::Hide,
        Self::Unhide,
        Self::Mute,
        Self::Unmute,
        Self::Slow,
        Self::Unslow,
        Self::Agree,
        Self::Listen,
        Self::Speak,
        Self::Report,
        Self::Files,
        Self::NoFiles,
        Self::Attach,
        Self::Advise,
        Self::Allow,
        Self::Disallow,
        Self::Answer,
        Self::Appeal,
        Self::AskIdeas,
        Self::AskResources,
        Self::Suggest,
        Self::KeepTwoDays,
        Self::KeepNineDays,
        Self::KeepAlways,
        Self::Declare,
        Self::Hear,
        Self::Block,
        Self::Unblock,
        Self::Silence,
        Self::Succeed,
    ];

    /// How many of them are drawn from the first stream; the others, which came later, from one of
    /// their own, so that what a seed drew before it still draws.
    pub(crate) const FIRST: usize = 13;
}

/// One thing that somebody does or that happens. Devices are counted from 0; who does not exist or
/// may not do it does nothing.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum Deed {
    /// Shares a text, for those here now or also for those who come later.
    Share {
        /// Which device.
        by: usize,
        /// Also for those who come later.
        later: bool,
    },
    /// Replies to the item shown at a place, counted from the newest.
    Reply {
        /// Which device.
        by: usize,
        /// Counted from the newest.
        back: usize,
    },
    /// Opens an invite, and gives it to a device outside, who joins by it.
    Invite {
        /// Which device.
        by: usize,
        /// Who gets it.
        to: usize,
        /// Whether knocks are reviewed.
        review: bool,
        /// Whether who comes only listens.
        #[serde(default)]
        listens: bool,
        /// How many may use it.
        uses: u16,
    },
    /// Gives the newest invite that was made to one more device.
    PassOn {
        /// Who gets it.
        to: usize,
    },
    /// Takes the newest invite back.
    Revoke {
        /// Which device.
        by: usize,
    },
    /// Admits the first who knocks.
    Admit {
        /// Which device.
        by: usize,
    },
    /// Declines the first who knocks.
    Decline {
        /// Which device.
        by: usize,
    },
    /// Removes the member of a device.
    Remove {
        /// Which device.
        by: usize,
        /// Whose member.
        whom: usize,
    },
    /// Proposes what members decide together about the member of a device. The others are asked,
    /// and mostly agree within half an hour.
    Propose {
        /// Which device.
        by: usize,
        /// Whose member.
        whom: usize,
        /// What.
        motion: Motion,
    },
    /// Is a facilitator no longer.
    StepDown {
        /// Which device.
        by: usize,
    },
    /// Leaves.
    Leave {
        /// Which device.
        by: usize,
    },
    /// Brings a device in as a further one of the own member: makes a code, gives it to that
    /// device, and confirms the number it shows.
    AddDevice {
        /// Which device.
        by: usize,
        /// Which device comes in.
        new: usize,
    },
    /// Takes another device of the own member out.
    RemoveDevice {
        /// Which device.
        by: usize,
        /// Which of the others goes, counted from the newest.
        place: usize,
    },
    /// Puts what a device keeps aside, as a backup. There is one per device, the latest.
    BackUp {
        /// Which device.
        who: usize,
    },
    /// Puts a device back to its backup and starts it again.
    Restore {
        /// Which device.
        who: usize,
        /// Whether it is told that what it keeps is old, as by taking back a backup, or has to find
        /// out, as when a folder or a machine was put back.
        told: bool,
    },
    /// Copies what a device keeps to one that was never used, which starts: two devices with one
    /// key, and neither is told.
    Copy {
        /// Which device.
        of: usize,
        /// Which device it is copied to.
        to: usize,
    },
    /// Does something to what was said, or to hold the circle.
    Live {
        /// Which device.
        by: usize,
        /// To what, counted from the newest.
        back: usize,
        /// What.
        how: Living,
    },
    /// Names other relays, as bits.
    Relays {
        /// Which device.
        by: usize,
        /// A bit for each relay.
        relays: u8,
    },
    /// Loses the network.
    Offline {
        /// Which device.
        who: usize,
    },
    /// Has the network again.
    Online {
        /// Which device.
        who: usize,
    },
    /// Is switched off: its engine is gone until it is switched on.
    Off {
        /// Which device.
        who: usize,
    },
    /// Is switched on.
    On {
        /// Which device.
        who: usize,
    },
    /// Dies at one of its next outputs and starts again a while later.
    Crash {
        /// Which device.
        who: usize,
        /// How many outputs it still obeys.
        outputs: u32,
    },
    /// Its connections break and come back.
    Reset {
        /// Which device.
        who: usize,
    },
    /// The network falls apart: a bit for each device says on which side it is.
    Split {
        /// A bit for each device.
        sides: u32,
    },
    /// The network is whole again.
    Heal,
    /// Its clock is set, so many minutes ahead or behind.
    Clock {
        /// Which device.
        who: usize,
        /// Minutes ahead.
        minutes: i64,
    },
    /// Nobody does anything until everything has settled; then each side must agree.
    Calm,
    /// An insider has a turn.
    Attack {
        /// Drawn for the attacker.
        lot: u64,
    },
}

/// A deed and when it is done.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Step {
    /// How many milliseconds after the one before.
    pub after: u64,
    /// What.
    #[serde(flatten)]
    pub deed: Deed,
}

/// All of a run.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Plan {
    /// What this plan showed, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Drives the devices' randomness and the network's weather.
    pub seed: u64,
    /// How many are members at the beginning.
    pub members: usize,
    /// How many more devices there are, outside.
    pub outside: usize,
    /// How many more there are after these, for people who use several or copy what one keeps.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub spare: usize,
    /// How many relays the circle has.
    pub relays: usize,
    /// The longest a message takes, in milliseconds.
    pub latency: u64,
    /// Of a thousand messages, how many break their connection.
    pub loss: u64,
    /// What may go wrong.
    pub faults: Faults,
    /// Who attacks, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attacker: Option<String>,
    /// What happens.
    pub steps: Vec<Step>,
}

impl Plan {
    /// How many devices there are.
    #[must_use]
    pub fn devices(&self) -> usize {
        self.members + self.outside + self.spare
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &usize) -> bool {
    *number == 0
}
