//! What a device keeps in mind to know when keys may go: when it last heard of each member, since
//! when a state is past, and what it has fetched. None of it decides anything between members; it
//! only says how long this device waits. Clauses: specs/04-order O-50 to O-53.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::era::TopicUse;
use crate::circle::{Circle, Step};
use crate::id::{DeviceId, MemberId, StateId, Topic};
use crate::limits::{
    FRESH_SYNC, MAX_DEVICES_PER_MEMBER, MAX_NAME_CHARS, MAX_REMEMBERED_NAMES, RECORD_OVERHEAD,
};
use crate::order::Heard;
use crate::record::{Key, RecordKind};
use crate::time::{Period, Timestamp};
use crate::wire::text::Text;
use crate::wire::{self, DecodeError};

/// How much later a member must have been heard of for it to be written down: whoever restarts may
/// take somebody for unheard of this much longer.
const WRITE_EVERY: Duration = Duration::from_secs(10 * 60);

/// What a device keeps in mind of one state.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct StateWatch {
    /// When it became the head here for the first time.
    pub(crate) head_since: Option<Timestamp>,
    /// Since when it is known and not the head.
    pub(crate) past_since: Option<Timestamp>,
    /// Whether an item was sealed under it, as far as this device knows.
    #[tls_codec(with = "crate::wire::flag")]
    pub(crate) used: bool,
}

/// All that is kept in mind of one circle.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    /// The members of the head: when they were heard of.
    pub(crate) heard: BTreeMap<MemberId, Heard>,
    /// When they were last written down.
    written: BTreeMap<MemberId, Heard>,
    /// The states whose keys are here.
    pub(crate) states: BTreeMap<StateId, StateWatch>,
    /// The names of members that no state remembers any more.
    pub(crate) names: BTreeMap<MemberId, Text<MAX_NAME_CHARS>>,
    /// Devices of this device's member that only a branch knew whose keys are gone.
    pub(crate) devices: BTreeSet<DeviceId>,
    /// When everything others had on a topic was handed over; not kept over a restart.
    synced: BTreeMap<Topic, Timestamp>,
    /// When retention last looked; not kept over a restart.
    pub(crate) reviewed: Option<Timestamp>,
}

/// What a record of this kind is about; the first byte of its name.
#[derive(Clone, Copy)]
#[repr(u8)]
enum About {
    Member = 1,
    State = 2,
    Name = 3,
    Device = 4,
}

impl Watch {
    /// Takes back one record.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(crate) fn read(&mut self, name: &[u8], value: &[u8]) -> Result<(), DecodeError> {
        let (about, id) = name.split_first().ok_or(DecodeError::Malformed)?;
        let id: [u8; 32] = id.try_into().map_err(|_| DecodeError::Malformed)?;
        match *about {
            about if about == About::Member as u8 => {
                let heard = wire::decode(value, RECORD_OVERHEAD)?;
                self.heard.insert(MemberId::from_bytes(id), heard);
                self.written.insert(MemberId::from_bytes(id), heard);
            }
            about if about == About::State as u8 => {
                let watch = wire::decode(value, RECORD_OVERHEAD)?;
                self.states.insert(StateId::from_bytes(id), watch);
            }
            about if about == About::Name as u8 => {
                let name = wire::decode(value, RECORD_OVERHEAD)?;
                self.names.insert(MemberId::from_bytes(id), name);
            }
            about if about == About::Device as u8 => {
                self.devices.insert(DeviceId::from_bytes(id));
            }
            _ => return Err(DecodeError::Malformed),
        }
        Ok(())
    }

    /// A topic has been fetched.
    pub(crate) fn topic_synced(&mut self, topic: &Topic, now: Timestamp) {
        self.synced.insert(*topic, now);
    }

    /// Since when each state is past whose keys are here.
    pub(crate) fn past(&self) -> impl Iterator<Item = Timestamp> {
        self.states.values().filter_map(|watch| watch.past_since)
    }

    /// Only these topics are followed from now on.
    pub(crate) fn keep_topics(&mut self, followed: &BTreeMap<Topic, TopicUse>) {
        self.synced.retain(|topic, _| followed.contains_key(topic));
    }
}

impl Circle {
    fn watch_key(&self, about: About, id: &[u8; 32]) -> Key {
        Key::new(RecordKind::Watch, &[self.id.as_bytes(), &[about as u8], id])
    }

    /// Whether everything that anybody within reach has on the topics up to the present one was
    /// handed over within a day. Before that nothing is let go, and nothing renewed. Alone there
    /// is nobody to wait for.
    pub(super) fn has_caught_up(&self, now: Timestamp) -> bool {
        let devices = |circle: &Self| -> usize {
            circle.ledger().map_or(0, |l| l.members().values().map(|m| m.devices.len()).sum())
        };
        let period: Period = now.hour().period();
        let fresh = |topic: &Topic| {
            let synced = self.watch.synced.get(topic);
            synced.is_some_and(|synced| now.since(*synced) <= FRESH_SYNC)
        };
        let topics = self.topics.iter().filter(|(_, used)| match used {
            TopicUse::Era(_, of) => *of <= period,
            TopicUse::Invite(_) | TopicUse::Porch(_) => false,
        });
        topics.clone().next().is_some() && topics.into_iter().all(|(topic, _)| fresh(topic))
            || devices(self) == 1
    }

    /// A member has sealed something that this device opened.
    pub(super) fn heard_of(&mut self, step: &mut Step<'_>, member: MemberId) {
        let known = self.watch.heard.get(&member).copied().unwrap_or_default();
        let behind =
            if self.stands_behind(&member) { known.behind.or(Some(step.now)) } else { None };
        let heard = Heard { at: known.at.max(step.now), behind };
        self.watch.heard.insert(member, heard);
        let written = self.watch.written.get(&member).copied().unwrap_or_default();
        let changed = written.behind.is_some() != behind.is_some();
        if changed || heard.at.since(written.at) >= WRITE_EVERY {
            self.write_heard(step, member, heard);
        }
    }

    /// Whether a member's vote is neither for the head's parent nor for anything that comes from it.
    fn stands_behind(&self, member: &MemberId) -> bool {
        let head = self.states.get(&self.head);
        let Some((head, parent)) = head.and_then(|head| Some((head, head.parent?))) else {
            return false;
        };
        let mut at = self.ballots.stands(member);
        while let Some((id, state)) = at.and_then(|id| self.states.get_key_value(&id)) {
            if *id == parent || *id == self.head {
                return false;
            }
            if state.epoch < head.epoch {
                return true;
            }
            at = state.parent;
        }
        // The state that its commit makes is not here yet.
        false
    }

    fn write_heard(&mut self, step: &mut Step<'_>, member: MemberId, heard: Heard) {
        self.watch.written.insert(member, heard);
        step.put(self.watch_key(About::Member, member.as_bytes()), wire::encode(&heard).to_vec());
    }

    /// Members come and go: who is new counts as heard of now, who is gone is not waited for.
    pub(super) fn watch_members(&mut self, step: &mut Step<'_>) {
        let Some(ledger) = self.ledger() else {
            return;
        };
        let new = ledger.members().keys().filter(|member| !self.watch.heard.contains_key(*member));
        let new: Vec<MemberId> = new.copied().collect();
        let here = |member: &MemberId| ledger.members().contains_key(member);
        let gone: Vec<MemberId> =
            self.watch.heard.keys().filter(|member| !here(member)).copied().collect();
        for member in gone {
            self.watch.heard.remove(&member);
            self.watch.written.remove(&member);
            step.delete(self.watch_key(About::Member, member.as_bytes()));
        }
        for member in new {
            let heard = Heard { at: step.now, behind: None };
            self.watch.heard.insert(member, heard);
            self.write_heard(step, member, heard);
        }
        self.forget_devices(step);
    }

    /// Notes which states are past: all whose keys are here but the head.
    pub(super) fn watch_states(&mut self, step: &mut Step<'_>) {
        let held: Vec<StateId> = self
            .states
            .iter()
            .filter(|(_, state)| state.held().is_some())
            .map(|(id, _)| *id)
            .collect();
        for id in held {
            let known = self.watch.states.get(&id).copied();
            let mut watch = known.unwrap_or_default();
            if id == self.head {
                watch.head_since = watch.head_since.or(Some(step.now));
                watch.past_since = None;
            } else {
                watch.past_since = watch.past_since.or(Some(step.now));
            }
            if known != Some(watch) {
                self.write_watch(step, id, watch);
            }
        }
    }

    /// A state counts as past from when it is next seen not to be the head.
    pub(super) fn watch_anew(&mut self, step: &mut Step<'_>, id: StateId) {
        if let Some(watch) = self.watch.states.get(&id).copied() {
            self.write_watch(step, id, StateWatch { past_since: None, ..watch });
        }
    }

    /// An item was sealed under a state, by whomever.
    pub(super) fn state_used(&mut self, step: &mut Step<'_>, id: &StateId) {
        let mut watch = self.watch.states.get(id).copied().unwrap_or_default();
        if !std::mem::replace(&mut watch.used, true) {
            self.write_watch(step, *id, watch);
        }
    }

    fn write_watch(&mut self, step: &mut Step<'_>, id: StateId, watch: StateWatch) {
        self.watch.states.insert(id, watch);
        step.put(self.watch_key(About::State, id.as_bytes()), wire::encode(&watch).to_vec());
    }

    /// The keys of a state are gone: there is nothing more to wait for.
    pub(super) fn unwatch_state(&mut self, step: &mut Step<'_>, id: &StateId) {
        if self.watch.states.remove(id).is_some() {
            step.delete(self.watch_key(About::State, id.as_bytes()));
        }
    }

    /// Remembers what somebody is called whom the head does not name: the state that does is about
    /// to go.
    pub(super) fn remember_names(&mut self, step: &mut Step<'_>, of: &StateId) {
        let Some(held) = self.states.get(of).and_then(|state| state.held()) else {
            return;
        };
        let here = self.ledger();
        let gone = held.ledger.members().iter().filter(|(member, _)| {
            here.is_none_or(|ledger| !ledger.members().contains_key(*member))
                && !self.watch.names.contains_key(*member)
        });
        let gone: Vec<_> = gone.map(|(member, entry)| (*member, entry.name.clone())).collect();
        for (member, name) in gone {
            if self.watch.names.len() >= MAX_REMEMBERED_NAMES {
                return;
            }
            step.put(self.watch_key(About::Name, member.as_bytes()), wire::encode(&name).to_vec());
            self.watch.names.insert(member, name);
        }
    }

    /// Before keys go: remembers which devices of this device's member only a branch beside the head's
    /// path knows, so that it can still let them in.
    pub(super) fn remember_devices(&mut self, step: &mut Step<'_>) {
        let held = self.states.values().filter_map(|state| state.held());
        let own = held.filter_map(|held| held.ledger.members().get(&self.me));
        let devices: BTreeSet<DeviceId> =
            own.flat_map(|entry| entry.devices.iter().copied()).collect();
        let elsewhere = devices
            .into_iter()
            .filter(|device| !self.watch.devices.contains(device) && self.had_elsewhere(device));
        for device in elsewhere.collect::<Vec<_>>() {
            if self.watch.devices.len() >= MAX_DEVICES_PER_MEMBER {
                return;
            }
            step.put(self.watch_key(About::Device, device.as_bytes()), vec![1]);
            self.watch.devices.insert(device);
        }
    }

    /// Those that are in are elsewhere no more: whoever takes them out later does so for good.
    fn forget_devices(&mut self, step: &mut Step<'_>) {
        let Some(ledger) = self.ledger().filter(|_| !self.watch.devices.is_empty()) else {
            return;
        };
        let is_in = |device: &&DeviceId| ledger.member_of(device).is_some();
        for device in self.watch.devices.iter().filter(is_in).copied().collect::<Vec<_>>() {
            step.delete(self.watch_key(About::Device, device.as_bytes()));
            self.watch.devices.remove(&device);
        }
    }

    /// Forgets all of this: the circle goes.
    pub(super) fn erase_watch(&self, step: &mut Step<'_>) {
        for member in self.watch.written.keys() {
            step.delete(self.watch_key(About::Member, member.as_bytes()));
        }
        for state in self.watch.states.keys() {
            step.delete(self.watch_key(About::State, state.as_bytes()));
        }
        for member in self.watch.names.keys() {
            step.delete(self.watch_key(About::Name, member.as_bytes()));
        }
        for device in &self.watch.devices {
            step.delete(self.watch_key(About::Device, device.as_bytes()));
        }
    }
}
