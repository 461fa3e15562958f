//! How somebody is told on this device that something is new: in words that say nothing of what.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::CircleId;

use super::answer::Why;

/// How you are told that something is new.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Notices {
    /// Whether you are; off unless you turned it on.
    pub on: bool,
    /// What shows notices.
    pub way: NoticeWay,
    /// What they say, whatever they are for.
    pub words: String,
    /// What they are for.
    pub kinds: Vec<NoticeKind>,
    /// When there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<QuietHours>,
    /// Whether that is now.
    pub quiet_now: bool,
    /// At least so many minutes lie between two.
    pub every_minutes: u16,
    /// Circles of which nothing is told.
    #[schema(value_type = Vec<String>)]
    pub circles_off: Vec<CircleId>,
    /// Why the last one was not shown, if it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Why>,
}

/// What shows notices.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(tag = "way", rename_all = "snake_case", deny_unknown_fields)]
pub enum NoticeWay {
    /// The desktop's own program for it: `notify-send`, or `osascript` on a Mac.
    #[default]
    Desktop,
    /// A program of your own, started without a shell.
    Command {
        /// Its whole path.
        program: String,
        /// Its arguments; one that is `{}` becomes the words. Programs of this machine can see them
        /// while it runs.
        #[serde(default)]
        args: Vec<String>,
    },
}

/// What a notice is for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Something new to read.
    Words,
    /// Somebody asks to be let in, and waits for a facilitator.
    Knocks,
    /// A new device of yours asks.
    Devices,
    /// A report waits for you.
    Reports,
}

impl NoticeKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Words, Self::Knocks, Self::Devices, Self::Reports];
}

/// Hours in which nothing is shown; what came in them is told once afterwards.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// The first quiet minute, `HH:MM`; a later one than `to` runs across midnight.
    pub from: String,
    /// The first minute that is not quiet any more, `HH:MM`.
    pub to: String,
    /// The name of a time zone, like `Europe/Berlin`; that of this machine if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

/// Changes how you are told; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeNotices {
    /// Whether you are told at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<bool>,
    /// What shows notices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<NoticeWay>,
    /// What they say: one line of at most 80 characters; ours if it is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// What they are for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kinds: Option<Vec<NoticeKind>>,
    /// When there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<QuietHours>,
    /// That there are no such hours any more.
    #[serde(default)]
    pub never_quiet: bool,
    /// At least so many minutes lie between two, 1 to 1440.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_minutes: Option<u16>,
}

/// Whether notices are for a circle.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CircleNotices {
    /// Whether they are.
    pub on: bool,
}

/// How notices are, as the status tells it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct NoticeStatus {
    /// Whether they are on.
    pub on: bool,
    /// Why the last one was not shown, if it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Why>,
}
