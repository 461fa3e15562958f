//! Grants of relays: given to a circle with the naming of a relay, and what became of them.

use windbreak_protocol::admission::{Grant, GrantTextError, epoch_of};
use windbreak_protocol::limits::TOKEN_BYTES;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::{GivenOverview, GrantError, GrantOverview};

use super::super::message::{GivenGrant, GrantText, GrantTrouble, NetworkTrouble, RelayGrant};
use super::super::refusal::Refusal;
use crate::own_relays::peer_of;
use crate::swarm::{DrawTrouble, TokenStatus, VenueStatus};

/// Reads the text that a host gave.
pub(super) fn read(text: &GrantText) -> Result<Grant, Refusal> {
    Grant::from_text(text.expose()).map_err(|error| {
        let next = match error {
            GrantTextError::NotAGrant => {
                "give all of the line that the relay's host passed on: windbreak-grant: and what \
                 follows it"
            }
            GrantTextError::Mistyped => "copy the line again, without a character missing",
            GrantTextError::UnknownVersion => "take a newer version of this program",
        };
        Refusal::bad_request("bad_grant", error.to_string(), next)
    })
}

/// Whether a grant can be given to a circle that is made with these relays.
pub(super) fn check_new(now: Timestamp, relays: &[String], grant: &Grant) -> Result<(), Refusal> {
    if relays.len() != 1 {
        return Err(Refusal::not_allowed_value(
            "grant_of_which_relay",
            "a grant is of one relay, and this circle would have none or several",
            "name that one alone, and add the others afterwards: windbreak relay add CIRCLE ADDRESS",
        ));
    }
    let epoch = epoch_of(now.hour());
    if grant.epochs().end <= epoch {
        return Err(GrantError::Over.into());
    }
    if grant.epochs().start > epoch {
        return Err(GrantError::NotBegun.into());
    }
    // One for the first device, and one for those who knock.
    let (has, needs) = (usize::from(grant.members()), 2);
    if has < needs { Err(GrantError::TooFew { has, needs }.into()) } else { Ok(()) }
}

impl From<GrantError> for Refusal {
    fn from(error: GrantError) -> Self {
        let says = error.to_string();
        match error {
            GrantError::UnknownCircle => Self::no_circle(),
            GrantError::Closed => Self::closed(says),
            GrantError::NotFacilitator => {
                Self::forbidden("not_facilitator", says, "ask a facilitator of the circle to do it")
            }
            GrantError::NotNamed => Self::not_allowed_value(
                "relay_not_named",
                says,
                "name it together with its grant: windbreak relay add CIRCLE ADDRESS --grant -",
            ),
            GrantError::Over => Self::not_allowed_value(
                "grant_over",
                says,
                "ask the relay's host for a new one; if it should hold, look whether the clock of \
                 this device is right",
            ),
            GrantError::NotBegun => Self::not_allowed_value(
                "grant_not_begun",
                says,
                "look whether the clock of this device is right",
            ),
            GrantError::TooFew { .. } => Self::not_allowed_value(
                "grant_too_small",
                says,
                "ask the relay's host for one with more --members: one for each device, one more for \
                 each facilitator's, and some for those who come",
            ),
        }
    }
}

/// What became of the grant of one relay.
pub(super) fn describe(
    grants: &[GrantOverview],
    status: &VenueStatus,
    address: &str,
) -> Option<RelayGrant> {
    let grant = grants.iter().find(|grant| grant.relay == address)?;
    let tokens = peer_of(address).and_then(|peer| status.tokens.get(peer));
    let none = TokenStatus::default();
    let tokens = tokens.unwrap_or(&none);
    let mib = |count: usize| (count as u64).saturating_mul(TOKEN_BYTES) / (1024 * 1024);
    Some(RelayGrant {
        until: grant.until.into(),
        for_now: grant.for_now,
        tokens: tokens.ready,
        tokens_resting: tokens.resting,
        mib_left: mib(tokens.ready + tokens.resting),
        tokens_from: tokens.ready_from.map(Into::into),
        trouble: tokens.trouble.map(trouble),
        given: grant.gives.map(|gives| {
            let GivenOverview { parts, free, without, to_revoke } = gives;
            GivenGrant { parts, free, without, to_revoke }
        }),
    })
}

/// Whether a relay gave what must not be used.
pub(super) fn is_untrusted(status: &VenueStatus) -> bool {
    status.tokens.values().any(|tokens| tokens.trouble == Some(DrawTrouble::Untrusted))
}

/// Why nothing is put on a relay that wants tokens.
pub(super) fn waits_for(status: &VenueStatus) -> NetworkTrouble {
    let troubles: Vec<_> = status.tokens.values().filter_map(|tokens| tokens.trouble).collect();
    if status.tokens.is_empty() {
        NetworkTrouble::RelayGrant
    } else if status.tokens.values().any(|tokens| tokens.resting > 0) {
        NetworkTrouble::RelayGrantResting
    } else if troubles.contains(&DrawTrouble::UsedUp) {
        NetworkTrouble::RelayGrantUsedUp
    } else if troubles.contains(&DrawTrouble::Ended) {
        NetworkTrouble::RelayGrantEnded
    } else if troubles.contains(&DrawTrouble::OtherWeek) {
        NetworkTrouble::RelayGrantClock
    } else {
        NetworkTrouble::RelayGrantDrawing
    }
}

fn trouble(trouble: DrawTrouble) -> GrantTrouble {
    match trouble {
        DrawTrouble::Unreachable => GrantTrouble::Unreachable,
        DrawTrouble::UsedUp => GrantTrouble::UsedUp,
        DrawTrouble::Ended => GrantTrouble::Ended,
        DrawTrouble::OtherWeek => GrantTrouble::OtherWeek,
        DrawTrouble::Untrusted => GrantTrouble::Untrusted,
        DrawTrouble::Busy => GrantTrouble::Busy,
        DrawTrouble::Open => GrantTrouble::Open,
        DrawTrouble::NotKept => GrantTrouble::NotKept,
    }
}
