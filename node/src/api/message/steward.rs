//! How facilitators hold a circle, and the log of it that all members read.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::{ItemId, MemberId};

use super::answer::UnixSeconds;
use super::file::FilesAllowed;

/// What facilitators did to hold a circle, and what of it holds now.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Steward {
    /// Minutes between two shares of one member, if the circle is slowed down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slow_minutes: Option<u16>,
    /// Who is muted now.
    pub muted: Vec<MutedMember>,
    /// Until when you are muted yourself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub me_muted_until: Option<UnixSeconds>,
    /// When your next share is shown, if not at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub my_next_share: Option<UnixSeconds>,
    /// All that was done, the oldest first, at most the newest 1000.
    pub log: Vec<LogEntry>,
    /// How many older entries were left out.
    pub older: usize,
}

/// Somebody who is muted.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct MutedMember {
    /// Who.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub member: MemberId,
    /// Until when.
    pub until: UnixSeconds,
}

/// One thing a facilitator did.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct LogEntry {
    /// The act, if it was said as an item; what a commit did was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    pub id: Option<ItemId>,
    /// When, by the clock of who did it; of what a commit did the hour.
    pub at: UnixSeconds,
    /// Who.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub by: MemberId,
    /// The name they go by, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_name: Option<String>,
    /// What.
    pub what: StewardDeed,
    /// What was hidden or shown again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    pub item: Option<ItemId>,
    /// Who was muted, no longer, removed, or has another role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    pub member: Option<MemberId>,
    /// The name that member goes by, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_name: Option<String>,
    /// Until when somebody was muted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<UnixSeconds>,
    /// Minutes of a slow mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u16>,
    /// For how many days the circle keeps what is said from then on; left out: as long as its authors
    /// leave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<u16>,
    /// Which files members may send from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<FilesAllowed>,
    /// The number of the agreement that holds from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<u32>,
    /// What a facilitator would have to report, in their words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration: Option<String>,
    /// Why, in the words of who did it; empty where none is asked for.
    pub reason: String,
    /// Whether it counts: who did it was a facilitator where they did it, and an act gives a reason.
    pub counts: bool,
}

/// What a facilitator did.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StewardDeed {
    /// Hid something.
    Hide,
    /// Showed it again.
    Unhide,
    /// Muted somebody.
    Mute,
    /// Took that back.
    Unmute,
    /// Slowed the circle down.
    Slow,
    /// Let it go at its own pace again.
    EndSlow,
    /// Removed somebody.
    Remove,
    /// Let somebody only listen.
    Listen,
    /// Let them speak again.
    Speak,
    /// Made somebody a facilitator, who agreed.
    Promote,
    /// Took that role from somebody, as the others wished.
    Demote,
    /// Gave up that role.
    StepDown,
    /// Carried out that somebody becomes a facilitator, as most members wished.
    Succeed,
    /// Said how long words are kept.
    Keep,
    /// Said which files may be sent.
    Files,
    /// Carried out that another agreement holds, as most members wished.
    Adopt,
    /// Said anew what they would have to report.
    Declare,
}

/// Does something to hold a circle; only facilitators may. All members read it, with the reason.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub enum NewStewardAct {
    /// Hides a share or a reply from all but its author and the facilitators.
    Hide {
        /// What.
        #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
        item: ItemId,
        /// Why, at most 300 characters.
        reason: String,
        /// Send it even if it seems to say who somebody is.
        #[serde(default)]
        send_anyway: bool,
    },
    /// Shows it again.
    Unhide {
        /// What.
        #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
        item: ItemId,
        /// Why.
        reason: String,
        /// Send it even if it seems to say who somebody is.
        #[serde(default)]
        send_anyway: bool,
    },
    /// Mutes a member for a while: what they say meanwhile is held back everywhere.
    Mute {
        /// Who; not a facilitator.
        #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
        member: MemberId,
        /// For how many minutes from now, at most 43200.
        minutes: u32,
        /// Why.
        reason: String,
        /// Send it even if it seems to say who somebody is.
        #[serde(default)]
        send_anyway: bool,
    },
    /// Takes a mute back: what it held back is shown.
    Unmute {
        /// Who.
        #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
        member: MemberId,
        /// Why.
        reason: String,
        /// Send it even if it seems to say who somebody is.
        #[serde(default)]
        send_anyway: bool,
    },
    /// Lets each member share only so often; 0 minutes ends that.
    Slow {
        /// Minutes between two shares of one member, at most 1440.
        minutes: u16,
        /// Why.
        reason: String,
        /// Send it even if it seems to say who somebody is.
        #[serde(default)]
        send_anyway: bool,
    },
}

impl NewStewardAct {
    /// Why, and whether that is sent whatever it seems to say.
    #[must_use]
    pub fn reason(&self) -> (&str, bool) {
        let (Self::Hide { reason, send_anyway, .. }
        | Self::Unhide { reason, send_anyway, .. }
        | Self::Mute { reason, send_anyway, .. }
        | Self::Unmute { reason, send_anyway, .. }
        | Self::Slow { reason, send_anyway, .. }) = self;
        (reason, *send_anyway)
    }

    /// The same, sent whatever its reason seems to say.
    #[must_use]
    pub fn anyway(mut self) -> Self {
        let (Self::Hide { send_anyway, .. }
        | Self::Unhide { send_anyway, .. }
        | Self::Mute { send_anyway, .. }
        | Self::Unmute { send_anyway, .. }
        | Self::Slow { send_anyway, .. }) = &mut self;
        *send_anyway = true;
        self
    }
}
