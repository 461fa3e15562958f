//! The relays of a circle: what it names, and what this device does with them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroize;

use super::UnixSeconds;

/// The relays of a circle.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct CircleRelays {
    /// Every relay this device knows of, those that the circle names first.
    pub relays: Vec<CircleRelay>,
    /// Whether this device's member may name others: a facilitator.
    pub may_change: bool,
    /// Whether a change of this device waits to be with somebody else.
    pub changing: bool,
}

/// One relay.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct CircleRelay {
    /// Its address.
    pub address: String,
    /// Why it is here.
    pub standing: RelayStanding,
    /// What this device does with it.
    pub usage: RelayUsage,
    /// Whether it is connected now.
    pub connected: bool,
    /// Since when the circle names it no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_since: Option<UnixSeconds>,
    /// Devices that may not have heard yet that it is named no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<usize>,
    /// How it stands with its grant, if this device has a part of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<RelayGrant>,
}

/// How it stands with the grant of a relay.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct RelayGrant {
    /// When it ends.
    pub until: UnixSeconds,
    /// Whether this device still uses the part of the invite it came by: its own is on its way.
    pub for_now: bool,
    /// Tokens that can be spent now; each pays for 128 KiB, until a connection ends.
    pub tokens: usize,
    /// Tokens that rest first, so that nobody can tell who drew them.
    pub tokens_resting: usize,
    /// When the first of these can be spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_from: Option<UnixSeconds>,
    /// What all of them pay for at most, in MiB.
    pub mib_left: u64,
    /// Why no more were drawn when it was last tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<GrantTrouble>,
    /// What this device gave to others, if it was given the whole grant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<GivenGrant>,
}

/// Why no tokens were drawn.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GrantTrouble {
    /// The relay could not be reached.
    Unreachable,
    /// This device has used what it may draw in a week.
    UsedUp,
    /// The grant is over, or was revoked.
    Ended,
    /// By the relay's clock it is another week.
    OtherWeek,
    /// The relay showed other keys than its grant names: it may try to tell members apart. Nothing of
    /// what it gave is used.
    Untrusted,
    /// The relay is full, or stops.
    Busy,
    /// The relay takes from everybody, so it gives no tokens.
    Open,
    /// This device could not keep what was drawn.
    NotKept,
}

/// What a device gave of a grant. Whoever goes loses their part, as soon as the relay hears of it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct GivenGrant {
    /// Parts it has.
    pub parts: usize,
    /// Parts that nobody had yet.
    pub free: usize,
    /// Devices of the circle for which no part was left.
    pub without: usize,
    /// Parts of those who went that the relay has not revoked yet.
    pub to_revoke: usize,
}

/// The text of a grant, as the host of a relay passes it on. It is a secret: never shown, and wiped
/// when it is not needed any more.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(transparent)]
pub struct GrantText(String);

impl GrantText {
    /// Takes the text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Drop for GrantText {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for GrantText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GrantText(…)")
    }
}

/// A relay's grant for a circle.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantFor {
    /// The relay's address, one of those that are named.
    pub address: String,
    /// The text that its host passed on.
    pub grant: GrantText,
}

/// Why a relay is used or could be.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RelayStanding {
    /// The circle names it.
    Named,
    /// This device wants it named; nobody else is known to have heard so.
    Wanted,
    /// The circle named it before; somebody who was away may know no other.
    Former,
    /// A rival branch of the circle names it.
    Rival,
    /// It was added on this device alone.
    Own,
}

/// What this device does with a relay.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RelayUsage {
    /// It is dialled.
    Used,
    /// The mode cannot dial its address.
    Unusable,
    /// It serves another circle of this person, who has not yet said whether it may serve this one.
    Asks,
    /// Its person does not want it.
    Avoided,
}

/// Names a circle's relays anew.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelayChange {
    /// All of them, at most 3.
    pub relays: Vec<String>,
    /// Whether one relay may serve two circles without Tor: it could link them.
    #[serde(default)]
    pub same_relay: bool,
    /// The grant of one of them, which this device then gives to all of the circle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<GrantFor>,
}

/// Says whether this device uses a relay, whatever the circle names.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelayChoice {
    /// Its address.
    pub address: String,
    /// Whether it is never dialled.
    #[serde(default)]
    pub avoid: bool,
    /// Whether one relay may serve two circles without Tor: it could link them.
    #[serde(default)]
    pub same_relay: bool,
}
