//! What happens, as a stream of server-sent events: names of things, never content.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::{CircleId, InviteId, ItemId, KnockId, MemberId};

use super::answer::UnixSeconds;
use super::report::ReportNews;

/// Something happened. The SSE event name is the same word as the field `event`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The stream is up: everything from here on is told.
    Ready,
    /// The listener was too slow and missed some: ask for the whole again.
    Lagged(Missed),
    /// The node stops.
    Stopping,
    /// A circle was made or joined.
    CircleOpened(CircleNews),
    /// The head of a circle moved: members or invites may have changed.
    HeadMoved(CircleNews),
    /// This device's member has left.
    CircleLeft(CircleNews),
    /// This device's member was removed.
    CircleLost(CircleNews),
    /// Another device of this device's member took this one out.
    DeviceTakenOut(CircleNews),
    /// This device was a copy, or could not follow the others, and is in the circle again.
    CameBack(CircleNews),
    /// An item arrived or was written here.
    ItemArrived(ItemNews),
    /// A relay or another member's device holds an own item.
    ItemHeld(ItemNews),
    /// The circle is to keep what is said for a shorter time: what is older is erased a week from now.
    KeepShortened(CircleNews),
    /// A report for you arrived, or an appeal to one.
    ReportArrived(ReportNews),
    /// Somebody is a member now.
    MemberAdded(MemberNews),
    /// Somebody came in whom the invite alone would not have let in: two sides of a split had used
    /// it, or one had taken it back. Nothing is to be done; a facilitator may want to know.
    MemberKept(MemberNews),
    /// Somebody has left.
    MemberLeft(MemberNews),
    /// Somebody was removed.
    MemberRemoved(MemberNews),
    /// Somebody knocks.
    KnockArrived(KnockNews),
    /// The card of an invite arrived or changed.
    CardArrived(InviteNews),
    /// A relay or a member's device holds our knock.
    KnockHeld(InviteNews),
    /// A new device of yours asks: confirm the number it shows.
    DeviceAsked(CircleNews),
    /// Your first device has confirmed this one.
    DeviceGranted(InviteNews),
    /// This device is in.
    Joined(JoinNews),
    /// A person said no.
    Declined(InviteNews),
    /// The rules said no.
    Refused(InviteNews),
}

impl Event {
    /// The circle it is about, if it is about one.
    #[must_use]
    pub fn circle(&self) -> Option<&CircleId> {
        match self {
            Self::CircleOpened(news)
            | Self::HeadMoved(news)
            | Self::CircleLeft(news)
            | Self::CircleLost(news)
            | Self::DeviceAsked(news)
            | Self::CameBack(news)
            | Self::KeepShortened(news)
            | Self::DeviceTakenOut(news) => Some(&news.circle),
            Self::ItemArrived(news) | Self::ItemHeld(news) => Some(&news.circle),
            Self::ReportArrived(news) => Some(&news.circle),
            Self::MemberAdded(news)
            | Self::MemberKept(news)
            | Self::MemberLeft(news)
            | Self::MemberRemoved(news) => Some(&news.circle),
            Self::KnockArrived(news) => Some(&news.circle),
            Self::Joined(news) => Some(&news.circle),
            Self::Ready
            | Self::Lagged(_)
            | Self::Stopping
            | Self::CardArrived(_)
            | Self::KnockHeld(_)
            | Self::DeviceGranted(_)
            | Self::Declined(_)
            | Self::Refused(_) => None,
        }
    }

    /// The word for it, as in the field `event`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Lagged(_) => "lagged",
            Self::Stopping => "stopping",
            Self::CircleOpened(_) => "circle_opened",
            Self::HeadMoved(_) => "head_moved",
            Self::CircleLeft(_) => "circle_left",
            Self::CircleLost(_) => "circle_lost",
            Self::DeviceTakenOut(_) => "device_taken_out",
            Self::CameBack(_) => "came_back",
            Self::KeepShortened(_) => "keep_shortened",
            Self::ItemArrived(_) => "item_arrived",
            Self::ItemHeld(_) => "item_held",
            Self::ReportArrived(_) => "report_arrived",
            Self::MemberAdded(_) => "member_added",
            Self::MemberKept(_) => "member_kept",
            Self::MemberLeft(_) => "member_left",
            Self::MemberRemoved(_) => "member_removed",
            Self::KnockArrived(_) => "knock_arrived",
            Self::CardArrived(_) => "card_arrived",
            Self::KnockHeld(_) => "knock_held",
            Self::DeviceAsked(_) => "device_asked",
            Self::DeviceGranted(_) => "device_granted",
            Self::Joined(_) => "joined",
            Self::Declined(_) => "declined",
            Self::Refused(_) => "refused",
        }
    }
}

/// How many events a slow listener missed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Missed {
    /// How many.
    pub missed: u64,
}

/// Names a circle.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct CircleNews {
    /// The circle.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub circle: CircleId,
}

/// Names an item.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct ItemNews {
    /// The circle.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub circle: CircleId,
    /// The item.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub item: ItemId,
    /// When it was written, by its author's clock; not told when it is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<UnixSeconds>,
    /// Whether you wrote it, on this device or another of yours.
    pub own: bool,
}

/// Names a member.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct MemberNews {
    /// The circle.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub circle: CircleId,
    /// The member.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub member: MemberId,
}

/// Names a knock.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct KnockNews {
    /// The circle.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub circle: CircleId,
    /// The knock.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub knock: KnockId,
}

/// Names an invite this device wants to join by.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct InviteNews {
    /// The invite.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub invite: InviteId,
}

/// Names the circle an invite led to.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct JoinNews {
    /// The invite.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub invite: InviteId,
    /// The circle.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub circle: CircleId,
}
