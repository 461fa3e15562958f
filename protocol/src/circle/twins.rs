//! Several commits by one leaf on one state: which of them are processed, and how a device says
//! under which it had sealed. Clause: specs/04-order O-37.

use std::collections::{BTreeMap, BTreeSet};

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::seal::Message;
use crate::circle::send::Carries;
use crate::circle::{Circle, Standing, Step};
use crate::id::{DeviceId, EnvelopeId, MemberId, StateId};
use crate::limits::{MAX_NAMINGS, RECORD_OVERHEAD, UNNAMED_TWINS};
use crate::order::{self, Namings, Seal};
use crate::record::{Key, RecordKind, Value};
use crate::state::{Naming, SealPurpose, State};
use crate::wire::{self, DecodeError};

/// Twins under which nobody is known to have sealed that are looked at again when somebody does: more than the
/// copies of a circle make at once.
const MAX_UNNAMED: usize = 64;

/// A naming under its parent, device and counter.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
struct NamingRecord {
    member: MemberId,
    state: StateId,
    commit: EnvelopeId,
}

impl Circle {
    /// Whether a commit by this leaf has to wait: enough of its twins are known, and nobody named
    /// it. `made` is the state it makes.
    pub(super) fn waits_to_be_named(
        &self,
        parent: &StateId,
        made: (&StateId, &State),
        envelope: &EnvelopeId,
    ) -> bool {
        let (id, state) = made;
        if self.twins(parent, state.leaf).count() < UNNAMED_TWINS {
            return false;
        }
        let is_it = |naming: &order::Naming| naming.commit == *envelope || naming.state == *id;
        let namings = self.namings.get(parent);
        !namings.into_iter().flatten().any(|n| is_it(n) && Some(n.member) != state.member)
    }

    fn twins(&self, parent: &StateId, leaf: u32) -> impl Iterator<Item = (&StateId, &State)> {
        let parent = *parent;
        self.states
            .iter()
            .filter(move |(_, state)| state.parent == Some(parent) && state.leaf == leaf)
    }

    /// States came in. If their commits have twins, and this device had sealed under one of them
    /// before it knew, it says so: after the batch, which may hold a word that it must not seal.
    pub(super) fn name_twins(&mut self, step: &mut Step<'_>) {
        // In a doubt nothing is sealed where a naming belongs.
        if self.standing != Standing::Active || self.is_muted() || self.has_open_doubt() {
            return;
        }
        for came in std::mem::take(&mut self.to_name) {
            self.name_twin(step, &came);
        }
    }

    /// After a start: what was to be named may not have been.
    pub(super) fn look_for_twins(&mut self) {
        let mut first: BTreeMap<(Option<StateId>, u32), StateId> = BTreeMap::new();
        for (id, state) in &self.states {
            if first.insert((state.parent, state.leaf), *id).is_some() {
                self.to_name.insert(*id);
            }
        }
    }

    fn name_twin(&mut self, step: &mut Step<'_>, came: &StateId) {
        let Some((parent, leaf)) = self.states.get(came).and_then(|s| Some((s.parent?, s.leaf)))
        else {
            return;
        };
        let twins: BTreeSet<StateId> = self.twins(&parent, leaf).map(|(id, _)| *id).collect();
        self.unnamed.retain(|twin| !twins.contains(twin));
        let own = self.key.id();
        let named = self.namings.get(&parent).into_iter().flatten();
        let done = named.filter(|n| n.device == own).any(|n| twins.contains(&n.state));
        if twins.len() < 2 || done {
            return;
        }
        let by_another = self.states.get(came).is_some_and(|s| s.member != Some(self.me));
        if !by_another {
            return;
        }
        let stood =
            self.ballots.moves_of(&own).into_iter().find_map(|vote| self.above(vote, &twins));
        let stood = stood.or_else(|| self.where_somebody_cannot_name(&parent, &twins));
        match stood.and_then(|id| Some((id, self.states.get(&id)?.commit?))) {
            Some((state, commit)) => self.seal_naming(step, parent, Naming { state, commit }),
            None if self.unnamed.len() < MAX_UNNAMED => self.unnamed.extend(twins),
            None => {}
        }
    }

    /// The twin under which somebody else than its author has sealed by a device that the parent does not know: it
    /// came in anew below, and cannot name what it stands on.
    fn where_somebody_cannot_name(
        &self,
        parent: &StateId,
        twins: &BTreeSet<StateId>,
    ) -> Option<StateId> {
        let ledger = &self.states.get(parent)?.held()?.ledger;
        let author = twins.first().and_then(|twin| self.states.get(twin)?.member);
        let cannot_name = |seal: &&Seal| {
            ![author, Some(self.me)].contains(&Some(seal.member))
                && ledger.members().contains_key(&seal.member)
                && ledger.member_of(&seal.device).is_none()
        };
        let seals = self.ballots.seals().filter(cannot_name);
        seals.filter_map(|seal| seal.vote).find_map(|vote| self.above(vote, twins))
    }

    /// Somebody sealed something: if that is under twins of which nobody knew where they stand, it is looked at
    /// again.
    pub(super) fn note_under_twins(&mut self, vote: Option<StateId>) {
        let vote = vote.filter(|_| !self.unnamed.is_empty());
        let twin = vote.and_then(|vote| self.above(vote, &self.unnamed));
        self.to_name.extend(twin);
    }

    /// Which of `states` is `below` or an ancestor of it.
    pub(super) fn above(&self, below: StateId, states: &BTreeSet<StateId>) -> Option<StateId> {
        let mut at = Some(below);
        // No walk up is longer than there are states.
        for _ in 0..=self.states.len() {
            let id = at?;
            if states.contains(&id) {
                return Some(id);
            }
            at = self.states.get(&id)?.parent;
        }
        None
    }

    pub(super) fn seal_naming(&mut self, step: &mut Step<'_>, parent: StateId, naming: Naming) {
        let counter = self.chain.counter + 1;
        let message = Message {
            state: parent,
            purpose: SealPurpose::Naming,
            plaintext: &wire::encode(&naming),
            carries: Carries::Seal(counter),
        };
        // A parent whose keys are gone is a fork that was decided long ago.
        if self.seal_message(step, &message).is_ok() {
            let (member, device) = (self.me, self.key.id());
            self.keep_naming(step, parent, (member, device, counter), naming);
        }
    }

    /// A naming waited so long that its topic is old: it is sealed anew. Anything else that
    /// carries nothing is said anew when that is due.
    pub(super) fn name_again(&mut self, step: &mut Step<'_>, counter: u64) {
        let own = self.key.id();
        let sealed = self.namings.iter().find_map(|(parent, namings)| {
            let naming = namings.iter().find(|n| n.device == own && n.counter == counter)?;
            Some((*parent, Naming { state: naming.state, commit: naming.commit }))
        });
        if let Some((parent, naming)) = sealed {
            self.seal_naming(step, parent, naming);
        }
    }

    /// A naming that nobody has never leaves.
    pub(super) fn take_back_naming(&mut self, step: &mut Step<'_>, counter: u64) {
        let own = self.key.id();
        let mut gone = Vec::new();
        for (parent, namings) in &mut self.namings {
            namings.retain(|naming| {
                let it = naming.device == own && naming.counter == counter;
                gone.extend(it.then_some((*parent, naming.state)));
                !it
            });
        }
        for (parent, state) in gone {
            step.delete(self.naming_key(&parent, &own, counter));
            self.to_name.insert(state);
        }
    }

    /// Takes in a naming that was sealed under `parent`.
    pub(super) fn take_naming(
        &mut self,
        step: &mut Step<'_>,
        parent: StateId,
        seal: &Seal,
        naming: Naming,
    ) {
        self.keep_naming(step, parent, (seal.member, seal.device, seal.counter), naming);
        self.heed_namings(step, &parent);
    }

    /// Keeps the namings of a device under one state that have the lowest counters: those count.
    fn keep_naming(
        &mut self,
        step: &mut Step<'_>,
        parent: StateId,
        by: (MemberId, DeviceId, u64),
        naming: Naming,
    ) {
        let (member, device, counter) = by;
        let Naming { state, commit } = naming;
        let known = self.namings.entry(parent).or_default();
        known.insert(order::Naming { member, device, counter, state, commit });
        let mut own: Vec<u64> =
            known.iter().filter(|n| n.device == device).map(|n| n.counter).collect();
        own.sort_unstable();
        let last = own.get(MAX_NAMINGS).copied();
        if let Some(last) = last {
            known.retain(|n| n.device != device || n.counter < last);
            step.delete(self.naming_key(&parent, &device, last));
        }
        if last.is_none_or(|last| counter < last) {
            let record = wire::encode(&NamingRecord { member, state, commit });
            step.put(self.naming_key(&parent, &device, counter), record.to_vec());
        }
    }

    fn naming_key(&self, parent: &StateId, device: &DeviceId, counter: u64) -> Key {
        let counter = counter.to_be_bytes();
        let name = [parent.as_bytes().as_slice(), device.as_bytes(), &counter].concat();
        self.key_of(RecordKind::Naming, &name)
    }

    /// Forgets the namings under a state whose keys go: the choice there is made.
    pub(super) fn drop_namings(&mut self, step: &mut Step<'_>, parent: &StateId) {
        for naming in self.namings.remove(parent).into_iter().flatten() {
            step.delete(self.naming_key(parent, &naming.device, naming.counter));
        }
    }

    /// Forgets all namings: before somebody comes in anew.
    pub(super) fn erase_namings(&self, step: &mut Step<'_>) {
        for (parent, namings) in &self.namings {
            for naming in namings {
                step.delete(self.naming_key(parent, &naming.device, naming.counter));
            }
        }
    }
}

/// Puts the namings together from their records.
pub(super) fn read_namings(records: Vec<(Vec<u8>, Value)>) -> Result<Namings, DecodeError> {
    let mut namings = Namings::new();
    for (name, value) in records {
        let (parent, rest) = name.split_first_chunk::<32>().ok_or(DecodeError::Malformed)?;
        let (device, counter) = rest.split_first_chunk::<32>().ok_or(DecodeError::Malformed)?;
        let counter = counter.try_into().map(u64::from_be_bytes);
        let counter = counter.map_err(|_| DecodeError::Malformed)?;
        let NamingRecord { member, state, commit } = wire::decode(&value, RECORD_OVERHEAD)?;
        let device = DeviceId::from_bytes(*device);
        namings.entry(StateId::from_bytes(*parent)).or_default().insert(order::Naming {
            member,
            device,
            counter,
            state,
            commit,
        });
    }
    Ok(namings)
}
