//! Joining a circle by an invite: from the card to the knock to the answer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use windbreak_protocol::id::{CircleId, InviteId};

use super::answer::UnixSeconds;
use super::network::Mode;

/// The attempts of this profile to join circles.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Joins {
    /// The attempts.
    pub joins: Vec<Join>,
}

/// Starts to join: looks for the card of the invite.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartJoin {
    /// The line that was sent, `windbreak:…`, or its link; or a device code, `windbreak-device:…`.
    pub invite: String,
    /// How it, and then the circle, is reached from this device; as the profile says if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// Whether a relay may serve it that serves another of your circles without Tor: it could link
    /// the two.
    #[serde(default)]
    pub same_relay: bool,
}

// An invite admits whoever holds it: it must not reach a log by way of a request.
impl std::fmt::Debug for StartJoin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StartJoin(…)")
    }
}

/// An attempt to join.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Join {
    /// The invite.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub invite: InviteId,
    /// Whether it is to come in as a further device of a member.
    #[serde(default)]
    pub for_device: bool,
    /// How far it got.
    #[serde(flatten)]
    pub stage: JoinStage,
    /// When the knock gives up, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<UnixSeconds>,
    /// What the circle says of itself, once it arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
}

/// How far an attempt got.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum JoinStage {
    /// The card has not arrived yet.
    LookingForCard,
    /// The card is here: read it, then knock.
    Ready,
    /// A further device waits until its owner confirms this number on the first one.
    Requested {
        /// Six digits.
        number: String,
    },
    /// The knock waits on this device.
    Knocking,
    /// A relay or a member's device holds the knock.
    Knocked,
    /// This device is in.
    Joined {
        /// The circle.
        #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
        circle: CircleId,
    },
    /// A person said no.
    Declined {
        /// In their words. Made harmless before it is shown.
        reason: String,
    },
    /// The rules said no.
    Refused {
        /// Why, and what to do next.
        refusal: super::answer::Why,
    },
}

/// What a circle says of itself to those who hold an invite. Written by people: made harmless
/// before it is shown.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Card {
    /// The title.
    pub title: String,
    /// The welcome.
    pub welcome: String,
    /// The agreement to accept.
    pub agreement: String,
    /// The hash of the agreement: a knock repeats it, so that nobody accepts what was not shown.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub agreement_hash: String,
    /// Whether and to whom the facilitators must report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration: Option<String>,
    /// The names of the facilitators.
    pub facilitators: Vec<String>,
    /// How many may join by the invite.
    pub uses: u16,
    /// Whether a facilitator looks at each knock.
    pub review: bool,
    /// Whether who comes in by the invite only listens, until a facilitator says otherwise.
    #[serde(default)]
    pub listener: bool,
    /// Why the invite is closed, once it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<super::invite::InviteState>,
    /// When the invite ends.
    pub expires: UnixSeconds,
}

/// Knocks.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Knock {
    /// The name you want to go by, at most 40 characters.
    pub name: String,
    /// What you say to those who open, at most 500 characters.
    #[serde(default)]
    pub note: String,
    /// The `agreement_hash` of the card you were shown: this accepts it.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub agreement: String,
    /// Whether you are an adult, as you say; circles are for adults.
    #[serde(default)]
    pub adult: bool,
    /// How long you are willing to wait; 14 days if left out.
    #[serde(default = "two_weeks")]
    pub patience_seconds: u64,
    /// Send it even if it seems to say who somebody is.
    #[serde(default)]
    pub send_anyway: bool,
}

/// How long a knock waits if nothing is said.
pub(crate) fn two_weeks() -> u64 {
    14 * 24 * 3600
}
