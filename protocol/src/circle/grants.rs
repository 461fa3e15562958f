//! What a circle has of the grants of its relays. A facilitator's device that holds a grant gives each
//! device a part of it, gives parts to those who come, and has the parts of those who go revoked.
//! Everybody else holds a part of their own, and until it comes that of the door they came by.
//! Clauses: specs/06-sync Y-70 to Y-73.

mod again;
mod doors;
mod overview;

pub use overview::{GivenOverview, GrantOverview};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use self::again::Told;
use self::doors::PutDoor;
use crate::admission::{self, Giving, Grant, Parts, RelayPart, Terms, epoch_of};
use crate::circle::send::Carries;
use crate::circle::{Circle, Step};
use crate::id::{DeviceId, InviteId, StateId};
use crate::input::Venue;
use crate::invite::RelayAddress;
use crate::limits::{GRANT_PARTS, MAX_HOURS_AHEAD, MAX_RECORD, MAX_RELAYS_USED};
use crate::mls::{Group, HpkePublic, Provider};
use crate::output::EndedParts;
use crate::record::{Key, RecordKind};
use crate::state::State;
use crate::time::Timestamp;
use crate::verdict::{Redundant, Verdict, Violation};
use crate::wire::{self, DecodeError, FrameKind};

const VERSION: u8 = 1;

/// What a record of this kind is about; the first byte of its name.
#[derive(Clone, Copy)]
#[repr(u8)]
enum About {
    /// A part of this device, under the relay's address.
    Part = 1,
    /// A grant this device holds whole, under the same.
    Whole = 2,
    /// When the part for those who hold an invite was put on its topic: invite, then address.
    Door = 3,
    /// When the parts of a grant that this device holds whole were told last, and whose they are.
    Told = 4,
}

/// Why a grant was not given to a circle.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum GrantError {
    /// No such circle on this device.
    #[error("no such circle")]
    UnknownCircle,
    /// This device's member is no longer in the circle.
    #[error("you are no longer in this circle")]
    Closed,
    /// Only a facilitator gives one.
    #[error("only a facilitator gives a circle the grant of a relay")]
    NotFacilitator,
    /// The circle does not name that relay.
    #[error("the circle does not name that relay")]
    NotNamed,
    /// Its time is over.
    #[error("the grant is over")]
    Over,
    /// Its time has not begun, by this device's clock.
    #[error("the grant has not begun, by the clock of this device")]
    NotBegun,
    /// It is for too few.
    #[error("the grant is for {has}, and this circle needs {needs}")]
    TooFew {
        /// For how many it is.
        has: usize,
        /// How many are needed: one for each device, and one more for each facilitator's.
        needs: usize,
    },
}

/// A part of this device.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct Held {
    version: u8,
    /// When it was given, by the giver's clock; nothing for the part of a door.
    at: Option<Timestamp>,
    own: RelayPart,
    /// What it gives to those who knock.
    door: Option<RelayPart>,
}

/// A grant that this device holds whole.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct Whole {
    version: u8,
    at: Timestamp,
    grant: Grant,
    given: Vec<Given>,
}

/// A part and who has it. Its number is never given to another.
#[derive(Clone, Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct Given {
    member: u16,
    device: DeviceId,
    #[tls_codec(with = "crate::wire::flag")]
    is_door: bool,
    end: End,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
enum End {
    /// Whoever has it draws by it.
    Open = 1,
    /// It is to be revoked.
    Due = 2,
    /// The relay has revoked it.
    Revoked = 3,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Grants {
    held: BTreeMap<RelayAddress, Held>,
    whole: BTreeMap<RelayAddress, Whole>,
    told: BTreeMap<RelayAddress, Told>,
    doors: BTreeMap<(InviteId, RelayAddress), PutDoor>,
}

impl Grants {
    fn is_empty(&self) -> bool {
        self.held.is_empty() && self.whole.is_empty()
    }

    /// Takes back one record.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(super) fn read(&mut self, name: &[u8], value: &[u8]) -> Result<(), DecodeError> {
        let (about, name) = name.split_first().ok_or(DecodeError::Malformed)?;
        let version = match *about {
            about if about == About::Part as u8 => {
                let held: Held = wire::decode(value, MAX_RECORD)?;
                let version = held.version;
                self.held.insert(address(name)?, held);
                version
            }
            about if about == About::Whole as u8 => {
                let whole: Whole = wire::decode(value, MAX_RECORD)?;
                let version = whole.version;
                self.whole.insert(address(name)?, whole);
                version
            }
            about if about == About::Door as u8 => {
                let (invite, name) =
                    name.split_first_chunk::<32>().ok_or(DecodeError::Malformed)?;
                let put: PutDoor = wire::decode(value, MAX_RECORD)?;
                let version = put.version;
                self.doors.insert((InviteId::from_bytes(*invite), address(name)?), put);
                version
            }
            about if about == About::Told as u8 => {
                let told: Told = wire::decode(value, MAX_RECORD)?;
                let version = told.version;
                self.told.insert(address(name)?, told);
                version
            }
            _ => return Err(DecodeError::Malformed),
        };
        if version == VERSION { Ok(()) } else { Err(DecodeError::UnknownVersion) }
    }
}

fn address(name: &[u8]) -> Result<RelayAddress, DecodeError> {
    let address = std::str::from_utf8(name).map_err(|_| DecodeError::Malformed)?;
    RelayAddress::new(address).map_err(|_| DecodeError::Malformed)
}

impl Whole {
    fn part(&self, relay: &RelayAddress, device: &DeviceId, is_door: bool) -> Option<RelayPart> {
        let has = |given: &&Given| {
            given.device == *device && given.is_door == is_door && given.end == End::Open
        };
        RelayPart::of(relay, &self.grant, self.given.iter().find(has)?.member)
    }

    fn has(&self, device: &DeviceId, is_door: bool) -> bool {
        let has = |given: &Given| {
            given.device == *device && given.is_door == is_door && given.end == End::Open
        };
        self.given.iter().any(has)
    }

    fn free(&self) -> usize {
        usize::from(self.grant.members()).saturating_sub(self.given.len())
    }

    /// Gives the next number; `false` if none is left.
    fn give(&mut self, device: DeviceId, is_door: bool) -> bool {
        let Ok(member) = u16::try_from(self.given.len()) else { return false };
        if member >= self.grant.members() {
            return false;
        }
        self.given.push(Given { member, device, is_door, end: End::Open });
        true
    }
}

impl Circle {
    /// Gives the circle a grant of one of its relays, in place of any that it had of that relay.
    ///
    /// # Errors
    /// [`GrantError`]; nothing has changed.
    pub(crate) fn give_grant(
        &mut self,
        step: &mut Step<'_>,
        relay: &RelayAddress,
        grant: Grant,
    ) -> Result<(), GrantError> {
        self.check_grant(step.now, &grant)?;
        let ledger = self.ledger().ok_or(GrantError::Closed)?;
        let wanted = self.relays_wanted().unwrap_or_default();
        if !ledger.settings().relays.contains(relay) && !wanted.contains(relay) {
            return Err(GrantError::NotNamed);
        }
        // Of two that are given the later counts, whatever the clocks of those who give say.
        let known = self.grants.held.get(relay).and_then(|held| held.at);
        let next = known.map(|at| Timestamp::from_millis(at.as_millis().saturating_add(1)));
        let at = next.map_or(step.now, |next| next.max(step.now));
        // Who gives the same one again gives it to all again, and the parts stay whose they are.
        let before = self.grants.whole.remove(relay).filter(|w| w.grant.id() == grant.id());
        let given = before.map(|whole| whole.given).unwrap_or_default();
        let again: BTreeSet<DeviceId> = given.iter().map(|given| given.device).collect();
        let whole = Whole { version: VERSION, at, grant, given };
        self.grants.whole.insert(relay.clone(), whole);
        self.write_whole(step, relay);
        self.give_parts(step, relay, again);
        self.note_told(step, relay, true);
        self.put_doors(step);
        step.reach(Venue::Circle(self.id));
        Ok(())
    }

    /// Whether a grant could be given here.
    ///
    /// # Errors
    /// [`GrantError`].
    pub(crate) fn check_grant(&self, now: Timestamp, grant: &Grant) -> Result<(), GrantError> {
        if !self.may_talk() {
            return Err(GrantError::Closed);
        }
        if !self.is_facilitator() {
            return Err(GrantError::NotFacilitator);
        }
        let epoch = epoch_of(now.hour());
        if grant.epochs().end <= epoch {
            return Err(GrantError::Over);
        }
        if grant.epochs().start > epoch {
            return Err(GrantError::NotBegun);
        }
        let devices = self.ledger().map_or(0, |ledger| ledger.devices().count());
        let needs = devices + self.may_open_doors().len();
        let has = usize::from(grant.members());
        if has < needs { Err(GrantError::TooFew { has, needs }) } else { Ok(()) }
    }

    /// Devices that let others in, and so need a part for those who knock.
    fn may_open_doors(&self) -> BTreeSet<DeviceId> {
        let Some(ledger) = self.ledger() else { return BTreeSet::new() };
        let facilitators = ledger.facilitators().filter_map(|member| ledger.members().get(member));
        facilitators.flat_map(|entry| entry.devices.iter().copied()).collect()
    }

    /// Looks after all that is given: after the head has moved, and now and then.
    pub(super) fn tend_grants(&mut self, step: &mut Step<'_>) {
        if self.grants.is_empty() || !self.is_active() {
            return;
        }
        let used: BTreeSet<RelayAddress> = self.relays_to_use().into_iter().collect();
        let gone = |relay: &&RelayAddress| !used.contains(*relay);
        let parts: Vec<_> = self.grants.held.keys().filter(gone).cloned().collect();
        for relay in parts {
            self.grants.held.remove(&relay);
            step.delete(self.grant_key(About::Part, &relay));
        }
        let gone = |relay: &&RelayAddress| !used.contains(*relay);
        let wholes: Vec<_> = self.grants.whole.keys().filter(gone).cloned().collect();
        for relay in wholes {
            self.grants.whole.remove(&relay);
            self.grants.told.remove(&relay);
            step.delete(self.grant_key(About::Whole, &relay));
            step.delete(self.grant_key(About::Told, &relay));
        }
        // Who does not hold the circle at this head may do so at the next one: what was given stays.
        if self.is_facilitator() && self.may_talk() && !self.is_muted() {
            let epoch = epoch_of(step.now.hour());
            for relay in self.grants.whole.keys().cloned().collect::<Vec<_>>() {
                self.end_parts(step, &relay);
                if self.is_current(&relay, epoch) {
                    let again = self.to_tell_again(&relay, step.now);
                    let all = !again.is_empty();
                    self.give_parts(step, &relay, again);
                    self.note_told(step, &relay, all);
                }
            }
            self.put_doors(step);
        }
    }

    /// Whether a grant that this device gave is still the one to draw by: neither over, nor followed by
    /// another one of somebody else's.
    fn is_current(&self, relay: &RelayAddress, epoch: u32) -> bool {
        let held = self.grants.held.get(relay).and_then(|held| held.at);
        self.grants.whole.get(relay).is_some_and(|whole| {
            whole.grant.epochs().contains(&epoch) && held.is_none_or(|at| at <= whole.at)
        })
    }

    /// Parts of those who went are to be revoked, and with them those by which they may have come: of
    /// doors, and of the other devices of whose they were.
    fn end_parts(&mut self, step: &mut Step<'_>, relay: &RelayAddress) {
        let Some(ledger) = self.head_held().map(|held| Arc::clone(&held.ledger)) else { return };
        let here: BTreeSet<DeviceId> = ledger.devices().copied().collect();
        let openers = self.may_open_doors();
        let Some(whole) = self.grants.whole.get_mut(relay) else { return };
        let (mut gone, mut ended) = (BTreeSet::new(), false);
        for given in whole.given.iter_mut().filter(|given| given.end == End::Open) {
            let stays = here.contains(&given.device);
            if !stays || given.is_door && !openers.contains(&given.device) {
                given.end = End::Due;
                ended = true;
                if !stays && !given.is_door {
                    gone.insert(given.device);
                }
            }
        }
        // Only while there are others to take their place.
        if !gone.is_empty() && whole.free() >= here.len() + openers.len() {
            let told = self.grants.told.get(relay);
            let siblings = told.map(|told| told.siblings(&ledger, &gone)).unwrap_or_default();
            for given in whole.given.iter_mut().filter(|given| given.end == End::Open) {
                if given.is_door || siblings.contains(&given.device) {
                    given.end = End::Due;
                }
            }
        }
        if ended {
            self.write_whole(step, relay);
            step.reach(Venue::Circle(self.id));
        }
    }

    /// Gives parts to the devices that have none, and anew to those in `again`.
    fn give_parts(
        &mut self,
        step: &mut Step<'_>,
        relay: &RelayAddress,
        mut again: BTreeSet<DeviceId>,
    ) {
        let Some(ledger) = self.ledger() else { return };
        // Others give up a part of a relay that the circle does not name: they get theirs once it does.
        let (own, named) = (self.key.id(), ledger.settings().relays.contains(relay));
        let may = |device: &DeviceId| named || *device == own;
        let devices: BTreeSet<DeviceId> = ledger.devices().copied().filter(may).collect();
        let openers: BTreeSet<DeviceId> = self.may_open_doors().into_iter().filter(may).collect();
        let Some(whole) = self.grants.whole.get_mut(relay) else { return };
        let before = whole.given.len();
        for device in &devices {
            if !whole.has(device, false) && whole.give(*device, false) {
                again.insert(*device);
            }
        }
        for device in &openers {
            if !whole.has(device, true) && whole.give(*device, true) {
                again.insert(*device);
            }
        }
        let is_new = whole.given.len() > before;
        again.retain(|device| devices.contains(device));
        if again.is_empty() {
            return;
        }
        let at = whole.at;
        let terms = Terms::of(&whole.grant);
        let part = |device: &DeviceId| {
            let own = whole.part(relay, device, false)?;
            Some((own, whole.part(relay, device, true)))
        };
        let mut parts: BTreeMap<DeviceId, (RelayPart, Option<RelayPart>)> =
            again.iter().filter_map(|device| Some((*device, part(device)?))).collect();
        if is_new {
            self.write_whole(step, relay);
        }
        if let Some((own, door)) = parts.remove(&self.key.id()) {
            let held = Held { version: VERSION, at: Some(at), own, door };
            self.hold(step, relay, held);
        }
        self.send_parts(step, relay, (&terms, at), parts);
    }

    fn send_parts(
        &mut self,
        step: &mut Step<'_>,
        relay: &RelayAddress,
        (terms, at): (&Terms, Timestamp),
        parts: BTreeMap<DeviceId, (RelayPart, Option<RelayPart>)>,
    ) {
        if parts.is_empty() {
            return;
        }
        let head = self.head;
        let sealed = self.states.get(&head).and_then(State::held).filter(|held| !held.left);
        let Some(held) = sealed else { return };
        let provider = Provider::new(step.injected(), held.namespace());
        let Ok(group) = Group::load(&provider, &self.id) else { return };
        let leaves: BTreeMap<DeviceId, HpkePublic> = group.leaf_keys().into_iter().collect();
        let parts: Vec<_> = parts
            .into_iter()
            .filter_map(|(device, (own, door))| {
                let leaf = leaves.get(&device)?.clone();
                let parts =
                    Parts { own: own.into_numbered(), door: door.map(RelayPart::into_numbered) };
                Some((device, leaf, parts))
            })
            .collect();
        let place = admission::Place { circle: &self.id, state: &head, suite: self.suite };
        let mut envelopes = Vec::new();
        for some in parts.chunks(GRANT_PARTS) {
            let about = (relay, terms, at);
            let Some(record) = Giving::seal(&self.key, place, about, some, step.random) else {
                return;
            };
            let Some(topic) = self.publish_key(&held.era, step.now) else { return };
            let (seal, kind) = (&held.keys.item_seal, FrameKind::Grant);
            envelopes.extend(Self::seal(step, seal, &topic, kind, &record).unwrap_or_default());
        }
        self.send_out(step, envelopes, Carries::Post);
    }

    /// A grant was given under a state.
    pub(super) fn take_given(
        &mut self,
        step: &mut Step<'_>,
        state: StateId,
        record: &[u8],
    ) -> Verdict {
        let place = admission::Place { circle: &self.id, state: &state, suite: self.suite };
        let Ok(giving) = Giving::open(record, place) else {
            return Verdict::Reject(Violation::Malformed);
        };
        let Some(held) = self.states.get(&state).and_then(State::held) else {
            return Verdict::Ignore(Redundant::NotForUs);
        };
        let giver = held.ledger.member_of(&giving.giver);
        if !giver.is_some_and(|member| held.ledger.is_facilitator(member)) {
            return Verdict::Reject(Violation::Right);
        }
        // Whoever held the circle once could put parts that draw nothing in the place of good ones, and
        // whoever names a time far ahead could keep all later ones out.
        let still = self.ledger().is_some_and(|now| {
            now.member_of(&giving.giver).is_some_and(|member| now.is_facilitator(member))
        });
        let latest = step.now.after(Duration::from_secs(u64::from(MAX_HOURS_AHEAD) * 3600));
        if !still || giving.at > latest {
            return Verdict::Ignore(Redundant::Settled);
        }
        let own = self.key.id();
        if !giving.devices().any(|device| *device == own) || giving.giver == own {
            return Verdict::Accept;
        }
        let known = self.grants.held.get(&giving.relay);
        if known.and_then(|held| held.at).is_some_and(|at| at > giving.at) {
            return Verdict::Accept;
        }
        let provider = Provider::new(step.injected(), held.namespace());
        let group = Group::load(&provider, &self.id).ok();
        let leaf = group.and_then(|group| group.own_leaf_secret(&provider));
        let Some(parts) = leaf.and_then(|leaf| giving.part_of(place, &own, &leaf)) else {
            return Verdict::Accept;
        };
        let Giving { relay, terms, at, .. } = giving;
        let part = |numbered| RelayPart::new(relay.clone(), terms.clone(), numbered);
        let (own, door) = (part(parts.own), parts.door.map(part));
        if !known.is_some_and(|held| held.at.is_some() && held.own == own && held.door == door) {
            self.hold(step, &relay, Held { version: VERSION, at: Some(at), own, door });
            self.put_doors(step);
        }
        Verdict::Accept
    }

    /// The part of the door this device came by serves until its own comes.
    pub(crate) fn hold_door(&mut self, step: &mut Step<'_>, part: &RelayPart) {
        let relay = part.relay().clone();
        if self.grants.held.get(&relay).is_none_or(|held| held.at.is_none()) {
            let own = part.duplicate();
            self.hold(step, &relay, Held { version: VERSION, at: None, own, door: None });
        }
    }

    fn hold(&mut self, step: &mut Step<'_>, relay: &RelayAddress, held: Held) {
        if self.grants.held.len() >= 2 * MAX_RELAYS_USED && !self.grants.held.contains_key(relay) {
            return;
        }
        step.put(self.grant_key(About::Part, relay), wire::encode(&held).to_vec());
        self.grants.held.insert(relay.clone(), held);
        step.reach(Venue::Circle(self.id));
    }

    /// What tokens are drawn with.
    pub(super) fn parts(&self) -> Vec<Arc<RelayPart>> {
        self.grants.held.values().map(|held| Arc::new(held.own.duplicate())).collect()
    }

    /// What relays are to revoke.
    pub(super) fn ended_parts(&self) -> Vec<Arc<EndedParts>> {
        let ended = self.grants.whole.iter().filter_map(|(relay, whole)| {
            let due = whole.given.iter().filter(|given| given.end == End::Due);
            let members: Vec<u16> = due.map(|given| given.member).collect();
            if members.is_empty() {
                return None;
            }
            // A second copy, on purpose: whoever revokes shows the grant.
            let grant = Grant::from_bytes(&whole.grant.to_bytes()).ok()?;
            Some(Arc::new(EndedParts { relay: relay.as_str().to_owned(), grant, members }))
        });
        ended.collect()
    }

    /// A relay has revoked parts of a grant.
    pub(crate) fn parts_revoked(
        &mut self,
        step: &mut Step<'_>,
        grant: admission::GrantId,
        members: &[u16],
    ) {
        let whole = self.grants.whole.iter_mut().find(|(_, whole)| whole.grant.id() == grant);
        let Some((relay, whole)) = whole else { return };
        let relay = relay.clone();
        for given in &mut whole.given {
            if given.end == End::Due && members.contains(&given.member) {
                given.end = End::Revoked;
            }
        }
        self.write_whole(step, &relay);
        step.reach(Venue::Circle(self.id));
    }

    fn grant_key(&self, about: About, relay: &RelayAddress) -> Key {
        let name = [&[about as u8], relay.as_str().as_bytes()].concat();
        self.key_of(RecordKind::Grant, &name)
    }

    fn write_whole(&self, step: &mut Step<'_>, relay: &RelayAddress) {
        if let Some(whole) = self.grants.whole.get(relay) {
            step.put(self.grant_key(About::Whole, relay), wire::encode(whole).to_vec());
        }
    }

    /// Forgets them: the circle goes.
    pub(super) fn erase_grants(&self, step: &mut Step<'_>) {
        for relay in self.grants.held.keys() {
            step.delete(self.grant_key(About::Part, relay));
        }
        for relay in self.grants.whole.keys() {
            step.delete(self.grant_key(About::Whole, relay));
            step.delete(self.grant_key(About::Told, relay));
        }
        for (invite, relay) in self.grants.doors.keys() {
            step.delete(self.door_key(invite, relay));
        }
    }
}
