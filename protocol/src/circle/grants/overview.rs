//! What the owner of a device is told of the grants of a circle's relays.

use crate::circle::Circle;
use crate::circle::grants::{End, Given, Held};
use crate::invite::RelayAddress;
use crate::limits::TOKEN_EPOCH_HOURS;
use crate::time::Timestamp;

/// What a device knows of the grant of one relay.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GrantOverview {
    /// The relay's address.
    pub relay: String,
    /// When the grant ends.
    pub until: Timestamp,
    /// Whether what this device has is the part of the door it came by: its own is on its way.
    pub for_now: bool,
    /// What this device has given of it, if it holds it whole.
    pub gives: Option<GivenOverview>,
}

/// What was given of a grant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct GivenOverview {
    /// Parts of the grant.
    pub parts: usize,
    /// Parts that nobody ever had.
    pub free: usize,
    /// Devices of the circle that have none, because none is left.
    pub without: usize,
    /// Parts of those who went which the relay has not revoked yet.
    pub to_revoke: usize,
}

impl Circle {
    /// What its owner is told of them.
    pub(in crate::circle) fn grant_overviews(&self) -> Vec<GrantOverview> {
        let devices = self.ledger().map_or(0, |ledger| ledger.devices().count());
        let overview = |(relay, held): (&RelayAddress, &Held)| {
            let gives = self.grants.whole.get(relay).map(|whole| {
                let has = |given: &&Given| !given.is_door && given.end == End::Open;
                let with = whole.given.iter().filter(has).count();
                let due = whole.given.iter().filter(|given| given.end == End::Due).count();
                GivenOverview {
                    parts: usize::from(whole.grant.members()),
                    free: whole.free(),
                    without: devices.saturating_sub(with),
                    to_revoke: due,
                }
            });
            let ends = u64::from(held.own.epochs().end) * u64::from(TOKEN_EPOCH_HOURS) * 3600;
            GrantOverview {
                relay: relay.as_str().to_owned(),
                until: Timestamp::from_seconds(ends),
                for_now: held.at.is_none(),
                gives,
            }
        };
        self.grants.held.iter().map(overview).collect()
    }
}
