//! Which relays a device uses: those the head names, those its owner wants, those of rivals, and
//! for a while those that were named before, because somebody who is away may know no other.
//! Clauses: specs/06-sync Y-27, Y-28.

use std::collections::{BTreeMap, BTreeSet};

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::intent::IntentKind;
use crate::circle::invites::closed;
use crate::circle::{Circle, Standing, Step};
use crate::id::{DeviceId, StateId};
use crate::input::Venue;
use crate::invite::RelayAddress;
use crate::ledger::Ledger;
use crate::limits::{
    FORMER_RELAY_KEEP, MAX_FORMER_RELAYS, MAX_RECORD, MAX_RELAYS, MAX_RELAYS_USED,
};
use crate::record::{Key, RecordKind};
use crate::time::Timestamp;
use crate::wire::{self, DecodeError};

const VERSION: u8 = 1;

/// Why the relays stay as they are.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RelaysError {
    /// No such circle on this device.
    #[error("no such circle")]
    UnknownCircle,
    /// This device's member is no longer in the circle.
    #[error("you are no longer in this circle")]
    Closed,
    /// Only a facilitator names relays.
    #[error("only a facilitator names a circle's relays")]
    NotFacilitator,
    /// More than a circle names.
    #[error("a circle names at most {MAX_RELAYS} relays")]
    TooMany,
}

/// A relay that the circle named before and that this device still uses.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FormerRelay {
    /// Its address.
    pub address: String,
    /// Since when it is not named any more.
    pub since: Timestamp,
    /// Devices of which it is not known that they have heard so.
    pub waits_for: usize,
}

/// What is kept of such a relay.
#[derive(Clone, Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(super) struct Former {
    version: u8,
    since: Timestamp,
    /// When the last invite expires that was open then: its text names this relay.
    invites: Timestamp,
    /// Devices that may know no other relay.
    waits_for: Vec<DeviceId>,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Relays {
    former: BTreeMap<RelayAddress, Former>,
    /// How many devices each waited for when that was written last.
    written: BTreeMap<RelayAddress, usize>,
    /// What was said last of how the circle is reached.
    said: Vec<RelayAddress>,
}

impl Relays {
    /// Takes back one record.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(super) fn read(&mut self, name: &[u8], value: &[u8]) -> Result<(), DecodeError> {
        let address = std::str::from_utf8(name).map_err(|_| DecodeError::Malformed)?;
        let address = RelayAddress::new(address).map_err(|_| DecodeError::Malformed)?;
        let former: Former = wire::decode(value, MAX_RECORD)?;
        if former.version != VERSION {
            return Err(DecodeError::UnknownVersion);
        }
        self.written.insert(address.clone(), former.waits_for.len());
        self.former.insert(address, former);
        Ok(())
    }
}

impl Circle {
    /// Names other relays for the circle.
    ///
    /// # Errors
    /// [`RelaysError`]; nothing has changed.
    pub(crate) fn set_relays(
        &mut self,
        step: &mut Step<'_>,
        relays: Vec<RelayAddress>,
    ) -> Result<(), RelaysError> {
        if !self.may_talk() {
            return Err(RelaysError::Closed);
        }
        if !self.is_facilitator() {
            return Err(RelaysError::NotFacilitator);
        }
        if relays.len() > MAX_RELAYS {
            return Err(RelaysError::TooMany);
        }
        self.want(step, IntentKind::SetRelays(relays), step.now);
        self.settle(step);
        self.refresh_relays(step);
        Ok(())
    }

    /// The relays this device's member wants and the head does not name yet.
    pub(super) fn relays_wanted(&self) -> Option<&[RelayAddress]> {
        let named = &self.ledger()?.settings().relays;
        self.intents.values().find_map(|intent| match &intent.kind {
            IntentKind::SetRelays(relays) if relays != named => Some(relays.as_slice()),
            _ => None,
        })
    }

    /// Those that were named before and are still used, the latest first.
    pub(super) fn former_relays(&self) -> Vec<FormerRelay> {
        let mut former: Vec<_> = self
            .relays
            .former
            .iter()
            .map(|(address, former)| FormerRelay {
                address: address.as_str().to_owned(),
                since: former.since,
                waits_for: former.waits_for.len(),
            })
            .collect();
        former.sort_by_key(|former| std::cmp::Reverse(former.since));
        former
    }

    /// Whether there are any.
    pub(super) fn has_former_relays(&self) -> bool {
        !self.relays.former.is_empty()
    }

    /// The relays to use, the ones that matter most first.
    pub(super) fn relays_to_use(&self) -> Vec<RelayAddress> {
        let Some(ledger) = self.ledger() else {
            return Vec::new();
        };
        let mut used = ledger.settings().relays.clone();
        let add = |used: &mut Vec<RelayAddress>, relay: &RelayAddress| {
            if used.len() < MAX_RELAYS_USED && !used.contains(relay) {
                used.push(relay.clone());
            }
        };
        // Before its commit is with anybody, nobody else uses what is wanted: the commit shall lie
        // there for them.
        for relay in self.relays_wanted().into_iter().flatten() {
            add(&mut used, relay);
        }
        let mut former: Vec<_> = self.relays.former.iter().collect();
        former.sort_by_key(|(_, former)| std::cmp::Reverse(former.since));
        for (relay, _) in former {
            add(&mut used, relay);
        }
        for relay in self.relays_of_rivals() {
            add(&mut used, &relay);
        }
        used
    }

    /// Relays of states beside the head's path at which somebody stands: they are met there.
    fn relays_of_rivals(&self) -> BTreeSet<RelayAddress> {
        let Some(ledger) = self.ledger() else {
            return BTreeSet::new();
        };
        let named = &ledger.settings().relays;
        let relays = |id: &StateId| Some(&self.states.get(id)?.held()?.ledger.settings().relays);
        if self.states.keys().all(|id| relays(id).is_none_or(|relays| relays == named)) {
            return BTreeSet::new();
        }
        let path = self.path();
        let stands = ledger.devices().filter_map(|device| self.ballots.vote_of(device)?.vote);
        let rivals: BTreeSet<StateId> = stands.filter(|id| !path.contains(id)).collect();
        rivals.iter().filter_map(relays).flatten().cloned().collect()
    }

    /// The head has moved: what it names no longer is kept in mind as long as somebody may need it.
    pub(super) fn note_relays(&mut self, step: &mut Step<'_>, before: &Ledger, after: &Ledger) {
        let (before, after_named) = (&before.settings().relays, &after.settings().relays);
        for relay in after_named {
            if self.relays.former.remove(relay).is_some() {
                self.delete_former(step, relay);
            }
        }
        let gone: BTreeSet<RelayAddress> =
            before.iter().filter(|relay| !after_named.contains(relay)).cloned().collect();
        for relay in &gone {
            let own = self.key.id();
            let invites = after.invites().values();
            let open = invites.filter(|entry| closed(entry, step.now).is_none());
            let former = Former {
                version: VERSION,
                since: step.now,
                invites: open.map(|entry| entry.terms.expires).max().unwrap_or_default(),
                waits_for: after.devices().copied().filter(|device| *device != own).collect(),
            };
            self.relays.former.insert(relay.clone(), former);
            self.write_former(step, relay);
        }
        // Those that went first are what everybody has in common, however long they are away; those
        // that went just now are where the others are.
        while self.relays.former.len() > MAX_FORMER_RELAYS {
            let between = self.relays.former.iter().filter(|(relay, _)| !gone.contains(relay));
            let latest = between.max_by_key(|(_, former)| former.since);
            let Some(relay) = latest.map(|(relay, _)| relay.clone()) else { break };
            self.leave_relay(step, &relay);
        }
    }

    /// Leaves relays that nobody needs any more, and says so if others are used than before.
    pub(super) fn refresh_relays(&mut self, step: &mut Step<'_>) {
        if self.standing != Standing::Active {
            return;
        }
        self.review_former(step);
        let used = self.relays_to_use();
        if used != self.relays.said {
            self.relays.said = used;
            step.reach(Venue::Circle(self.id));
        }
        self.tend_grants(step);
    }

    fn review_former(&mut self, step: &mut Step<'_>) {
        let Some(ledger) = self.ledger().filter(|_| !self.relays.former.is_empty()) else {
            return;
        };
        let here: BTreeSet<DeviceId> = ledger.devices().copied().collect();
        let is_open = ledger.invites().values().any(|entry| closed(entry, step.now).is_none());
        let mut over = Vec::new();
        let mut shrunk = Vec::new();
        let mut former = std::mem::take(&mut self.relays.former);
        for (relay, former) in &mut former {
            former
                .waits_for
                .retain(|device| here.contains(device) && !self.knows_better(device, relay));
            let for_invites = is_open && former.invites > step.now;
            let too_long = step.now.since(former.since) > FORMER_RELAY_KEEP;
            let written = self.relays.written.get(relay).copied().unwrap_or_default();
            if former.waits_for.is_empty() && !for_invites || too_long {
                over.push(relay.clone());
            } else if former.waits_for.len() <= written / 2 && written > 0 {
                // In a large circle each word of somebody would else be a long record.
                shrunk.push(relay.clone());
            }
        }
        self.relays.former = former;
        for relay in over {
            self.leave_relay(step, &relay);
        }
        for relay in shrunk {
            self.write_former(step, &relay);
        }
    }

    /// Whether a device has sealed something under a state that does not name a relay.
    fn knows_better(&self, device: &DeviceId, relay: &RelayAddress) -> bool {
        let state = self.ballots.vote_of(device).and_then(|seal| seal.vote);
        let held = state.and_then(|state| self.states.get(&state)?.held());
        held.is_some_and(|held| !held.ledger.settings().relays.contains(relay))
    }

    fn leave_relay(&mut self, step: &mut Step<'_>, relay: &RelayAddress) {
        self.relays.former.remove(relay);
        self.delete_former(step, relay);
    }

    fn former_key(&self, relay: &RelayAddress) -> Key {
        self.key_of(RecordKind::FormerRelay, relay.as_str().as_bytes())
    }

    fn write_former(&mut self, step: &mut Step<'_>, relay: &RelayAddress) {
        if let Some(former) = self.relays.former.get(relay) {
            step.put(self.former_key(relay), wire::encode(former).to_vec());
            self.relays.written.insert(relay.clone(), former.waits_for.len());
        }
    }

    fn delete_former(&mut self, step: &mut Step<'_>, relay: &RelayAddress) {
        self.relays.written.remove(relay);
        step.delete(self.former_key(relay));
    }

    /// Forgets them: the circle goes.
    pub(super) fn erase_former(&self, step: &mut Step<'_>) {
        for relay in self.relays.former.keys() {
            step.delete(self.former_key(relay));
        }
    }
}
