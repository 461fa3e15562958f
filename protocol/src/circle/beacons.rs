//! Sides that share no state any more find each other: every device says on the porches where it
//! stands, and goes over to the other side only if more of those who were there before are known
//! to be. Clauses: specs/04-order O-80 to O-82.

use std::collections::{BTreeMap, BTreeSet};

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::request::Cause;
use crate::circle::run::may_go_over;
use crate::circle::{Circle, Standing, Step};
use crate::id::{DeviceId, MemberId, StateId};
use crate::identity::Verified;
use crate::limits::{
    BEACON_DENSE, BEACON_EVERY, BEACON_LIFE, MAX_BEACON, MAX_BEACON_STATES, MAX_BEACONS,
    MAX_HOURS_AHEAD, RECORD_OVERHEAD,
};
use crate::porch::Beacon;
use crate::record::{Key, RecordKind};
use crate::time::Timestamp;
use crate::verdict::{Redundant, Verdict, Violation};
use crate::wire::{self, DecodeError, FrameKind};

/// What a device knows of where others stand who share no state with it.
#[derive(Debug, Default)]
pub(crate) struct Beacons {
    heard: BTreeMap<DeviceId, Heard>,
    /// When this device said where it stands.
    said: Option<Timestamp>,
    /// When it is to weigh the sides: a while after it first heard of another, so that more are
    /// heard.
    pub(super) due: Option<Timestamp>,
}

/// The newest beacon of a device.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct Heard {
    member: MemberId,
    states: Vec<StateId>,
    written: Timestamp,
}

/// Where a beacon leaves the way of this device.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Parting {
    /// The newest state of this device's way that the beacon names.
    common: StateId,
    /// The next state of the beacon's way after it.
    child: StateId,
}

impl Beacons {
    /// Where this device stands is news: it is said again, whenever it was said last.
    pub(super) fn say_anew(&mut self) {
        self.said = None;
    }

    /// Takes back one record.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(super) fn read(&mut self, name: [u8; 32], value: &[u8]) -> Result<(), DecodeError> {
        let heard = wire::decode(value, MAX_BEACON + RECORD_OVERHEAD)?;
        self.heard.insert(DeviceId::from_bytes(name), heard);
        Ok(())
    }
}

impl Circle {
    fn beacon_key(&self, device: &DeviceId) -> Key {
        self.key_of(RecordKind::Beacon, device.as_bytes())
    }

    /// Somebody is there who shares no state with this device: says where it stands, once a day.
    pub(super) fn say_where(&mut self, step: &mut Step<'_>) {
        let lately = self.beacons.said.is_some_and(|said| step.now.since(said) < BEACON_EVERY);
        if lately || self.standing != Standing::Active || self.is_muted() {
            return;
        }
        let Some(credential) = self.own_credential() else {
            return;
        };
        let beacon = Beacon::new(self.id, credential, self.states_to_name(), step.now);
        let Some(record) = beacon.sign(&self.key) else {
            return;
        };
        self.beacons.said = Some(step.now);
        for era in self.porches_to_ask() {
            self.post(step, &era, FrameKind::Beacon, &record);
        }
    }

    /// The way of the head: all of its newest states, then ever fewer.
    fn states_to_name(&self) -> Vec<StateId> {
        let mut states = Vec::new();
        let mut at = Some(self.head);
        let (mut depth, mut next, mut stride) = (0_usize, BEACON_DENSE, 1_usize);
        while let Some((id, state)) = at.and_then(|id| self.states.get_key_value(&id)) {
            if states.len() >= MAX_BEACON_STATES || depth > self.states.len() {
                break;
            }
            if depth < BEACON_DENSE || depth >= next {
                states.push(*id);
            }
            if depth >= next {
                stride *= 2;
                next = depth + stride;
            }
            depth += 1;
            at = state.parent;
        }
        states
    }

    /// A beacon was found on a porch.
    pub(super) fn take_beacon(&mut self, step: &mut Step<'_>, record: &[u8]) -> Verdict {
        let Ok(beacon) = Beacon::read(record, &self.id) else {
            return Verdict::Reject(Violation::Malformed);
        };
        let ahead =
            beacon.written.hour().get() > step.now.hour().get().saturating_add(MAX_HOURS_AHEAD);
        if ahead || step.now.since(beacon.written) > BEACON_LIFE {
            return Verdict::Ignore(Redundant::Settled);
        }
        if beacon.device() == self.key.id() {
            if beacon.states.first().is_some_and(|head| !self.states.contains_key(head)) {
                self.meet_own_word(step);
            }
            return Verdict::Ignore(Redundant::Duplicate);
        }
        self.meet_heir(step, &beacon);
        let known = self.beacons.heard.get(&beacon.device());
        if known.is_some_and(|known| known.written >= beacon.written) {
            return Verdict::Ignore(Redundant::Duplicate);
        }
        if !self.keep_beacon(step, &beacon) {
            return Verdict::Ignore(Redundant::NoRoom);
        }
        let heard = Heard::of(&beacon);
        if self.parting(&heard).is_some() {
            self.say_where(step);
            let soon = step.now.after(step.timings.ask_again);
            self.beacons.due = self.beacons.due.or(Some(soon));
        }
        Verdict::Accept
    }

    fn keep_beacon(&mut self, step: &mut Step<'_>, beacon: &Verified<Beacon>) -> bool {
        let device = beacon.device();
        let old: Vec<DeviceId> = self
            .beacons
            .heard
            .iter()
            .filter(|(_, heard)| step.now.since(heard.written) > BEACON_LIFE)
            .map(|(device, _)| *device)
            .collect();
        for device in old {
            self.drop_beacon(step, &device);
        }
        // Nobody but a member of old has a place here, so the places are enough.
        let known = self.beacons.heard.contains_key(&device);
        if !known && self.beacons.heard.len() >= MAX_BEACONS {
            return false;
        }
        let heard = Heard::of(beacon);
        let was_a_member = self
            .parting(&heard)
            .and_then(|parting| self.members_at(&parting.common))
            .or_else(|| heard.states.iter().find_map(|id| self.members_at(id)))
            .is_some_and(|members| members.contains(&heard.member));
        if !was_a_member {
            return false;
        }
        step.put(self.beacon_key(&device), wire::encode(&heard).to_vec());
        self.beacons.heard.insert(device, heard);
        true
    }

    fn drop_beacon(&mut self, step: &mut Step<'_>, device: &DeviceId) {
        self.beacons.heard.remove(device);
        step.delete(self.beacon_key(device));
    }

    /// Forgets all of this: the circle goes.
    pub(super) fn erase_beacons(&self, step: &mut Step<'_>) {
        for device in self.beacons.heard.keys() {
            step.delete(self.beacon_key(device));
        }
    }

    /// Where a beacon leaves the way of this device; `None` if it does not, or if they have nothing
    /// in common. Whoever shares a state whose keys are here is met by replaying, not by this.
    fn parting(&self, heard: &Heard) -> Option<Parting> {
        let path = self.path();
        let head = heard.states.first()?;
        let place = heard.states.iter().position(|id| path.contains(id))?;
        let common = *heard.states.get(place)?;
        let shares = self.states.get(&common).is_some_and(|state| state.held().is_some());
        if place == 0 || common == self.head || shares || self.states.contains_key(head) {
            return None;
        }
        Some(Parting { common, child: *heard.states.get(place - 1)? })
    }

    /// Weighs the sides when that is due, and goes over to the other one if more stand there.
    pub(super) fn weigh_sides(&mut self, step: &mut Step<'_>) {
        if self.beacons.due.is_none_or(|due| due > step.now) {
            return;
        }
        self.beacons.due = None;
        if self.standing != Standing::Active || self.is_returning() {
            return;
        }
        let mut sides: BTreeMap<Parting, BTreeSet<MemberId>> = BTreeMap::new();
        let mut newest: BTreeMap<MemberId, (Timestamp, Option<Parting>)> = BTreeMap::new();
        for heard in self.beacons.heard.values() {
            let here = (heard.written, self.parting(heard));
            let known = newest.entry(heard.member).or_insert(here);
            if here.0 > known.0 {
                *known = here;
            }
        }
        for (member, (_, parting)) in &newest {
            if let Some(parting) = parting {
                sides.entry(*parting).or_default().insert(*member);
            }
        }
        let most = sides.into_iter().max_by_key(|(parting, members)| (members.len(), *parting));
        let Some((parting, claimed)) = most else {
            return;
        };
        let Some(members) = self.members_at(&parting.common) else {
            return;
        };
        let theirs: BTreeSet<MemberId> = claimed.intersection(&members).copied().collect();
        let stands_here = |member: &MemberId| {
            let sealed = self
                .ballots
                .stands(member)
                .is_some_and(|at| at != parting.common && self.is_above(&parting.common, &at));
            let told = newest.get(member).is_some_and(|(_, parting)| parting.is_none());
            *member == self.me || !theirs.contains(member) && (sealed || told)
        };
        let ours: BTreeSet<_> = members.iter().filter(|member| stands_here(member)).collect();
        let theirs: BTreeSet<_> = theirs.iter().filter(|member| **member != self.me).collect();
        let enough = theirs.len() >= 2.min(members.len().saturating_sub(1));
        if enough && may_go_over(&ours, &theirs) {
            self.change_sides(step, Cause::Lost);
        } else {
            // Others may be heard later.
            self.beacons.due = Some(step.now.after(BEACON_EVERY));
            self.say_where(step);
        }
    }

    /// When the sides are to be weighed.
    pub(super) fn next_weighing(&self) -> Option<Timestamp> {
        self.beacons.due
    }

    /// Whether `state` comes from `ancestor`.
    fn is_above(&self, ancestor: &StateId, state: &StateId) -> bool {
        let mut at = Some(*state);
        for _ in 0..=self.states.len() {
            match at {
                Some(id) if id == *ancestor => return true,
                Some(id) => at = self.states.get(&id).and_then(|state| state.parent),
                None => return false,
            }
        }
        false
    }
}

impl Heard {
    fn of(beacon: &Beacon) -> Self {
        let (member, states) = (beacon.member(), beacon.states.clone());
        Self { member, states, written: beacon.written }
    }
}
