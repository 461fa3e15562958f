//! What the giver of a grant remembers besides the parts: when all of them were told last, since what
//! was given may never have arrived, and whose devices they are, since a device that came by another
//! one's code drew with the part of that one. Clauses: specs/06-sync Y-70, Y-71.

use std::collections::{BTreeMap, BTreeSet};

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::grants::{About, End, VERSION, Whole};
use crate::circle::{Circle, Step};
use crate::id::{DeviceId, MemberId};
use crate::invite::RelayAddress;
use crate::ledger::Ledger;
use crate::limits::GRANT_AGAIN;
use crate::time::Timestamp;
use crate::wire;

/// Kept beside the grant as a whole.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(super) struct Told {
    pub(super) version: u8,
    at: Timestamp,
    owners: Vec<Owner>,
}

/// Whose a device is or was.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
struct Owner {
    device: DeviceId,
    member: MemberId,
}

impl Told {
    /// The other devices of those whose devices these were.
    pub(super) fn siblings(
        &self,
        ledger: &Ledger,
        gone: &BTreeSet<DeviceId>,
    ) -> BTreeSet<DeviceId> {
        let theirs = self.owners.iter().filter(|owner| gone.contains(&owner.device));
        let here = theirs.filter_map(|owner| ledger.members().get(&owner.member));
        here.flat_map(|entry| entry.devices.iter().copied()).collect()
    }
}

/// Whose the devices that have a part are; of those who are gone what was known.
fn owners(ledger: &Ledger, whole: &Whole, known: &[Owner]) -> Vec<Owner> {
    let known: BTreeMap<&DeviceId, MemberId> =
        known.iter().map(|owner| (&owner.device, owner.member)).collect();
    let open = whole.given.iter().filter(|given| given.end == End::Open);
    let devices: BTreeSet<&DeviceId> = open.map(|given| &given.device).collect();
    let owner = |device: &DeviceId| {
        let member = ledger.member_of(device).or_else(|| known.get(device))?;
        Some(Owner { device: *device, member: *member })
    };
    devices.into_iter().filter_map(owner).collect()
}

impl Circle {
    /// The devices to be told of their parts though they were told before: now and then, all of them.
    pub(super) fn to_tell_again(&self, relay: &RelayAddress, now: Timestamp) -> BTreeSet<DeviceId> {
        let told = self.grants.told.get(relay).map(|told| told.at);
        if told.is_some_and(|at| now.since(at) < GRANT_AGAIN && at <= now) {
            return BTreeSet::new();
        }
        self.ledger().map(|ledger| ledger.devices().copied().collect()).unwrap_or_default()
    }

    /// Notes whose the devices are, and that all were told if they were.
    pub(super) fn note_told(&mut self, step: &mut Step<'_>, relay: &RelayAddress, all: bool) {
        let (Some(ledger), Some(whole)) = (self.ledger(), self.grants.whole.get(relay)) else {
            return;
        };
        let before = self.grants.told.get(relay);
        let known = before.map_or(&[][..], |told| &told.owners);
        let owners = owners(ledger, whole, known);
        let at = before.map_or(step.now, |told| if all { step.now } else { told.at });
        if before.is_some_and(|told| (told.at, &told.owners) == (at, &owners)) {
            return;
        }
        let told = Told { version: VERSION, at, owners };
        step.put(self.grant_key(About::Told, relay), wire::encode(&told).to_vec());
        self.grants.told.insert(relay.clone(), told);
    }
}
