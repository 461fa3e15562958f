//! Who stands where: the seals of every device, and who seals against the rules.
//! Clauses: specs/04-order O-31, O-34, O-35.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{DeviceId, MemberId, StateId};
use crate::limits::MAX_BALLOTS;

/// How far a device has taken in another device of its own member.
#[derive(
    Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, TlsDeserialize, TlsSerialize, TlsSize,
)]
pub struct Sibling {
    /// The other device.
    pub device: DeviceId,
    /// The highest counter of a seal of it.
    pub counter: u64,
}

/// One seal of a device: something it sealed, or a commit it made.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Seal {
    /// Whose device it is.
    pub member: MemberId,
    /// The device.
    pub device: DeviceId,
    /// The how manieth seal of the device it is, over all states.
    pub counter: u64,
    /// What tells it from any other seal: the hash of what its sender signed.
    pub digest: [u8; 32],
    /// What the device had taken in of its member's other devices.
    pub siblings: Vec<Sibling>,
    /// The state it votes for: the one it is sealed under, or the one a commit makes. A naming
    /// votes for none until it turns out to speak for a state, so this is what seals are compared
    /// by last.
    pub vote: Option<StateId>,
}

impl Seal {
    /// Whether both are one seal: a naming may have turned out to speak for a state since.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let name = |seal: &Self| (seal.member, seal.device, seal.counter, seal.digest);
        let votes = self.vote.zip(other.vote);
        name(self) == name(other)
            && self.siblings == other.siblings
            && votes.is_none_or(|(one, other)| one == other)
    }
}

/// What a seal was to those who already knew others.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub enum Cast {
    /// It was not known.
    New {
        /// The counter of the seal that had to go for it, if there were too many.
        forgotten: Option<u64>,
    },
    /// It was known, or is too old to matter.
    Known,
    /// Another seal of the device has its counter: the member votes nowhere from now on.
    Equivocation,
}

/// The seals of all devices, and the members who seal against the rules. The same whatever the
/// order in which seals are cast, and however often.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Ballots {
    chains: BTreeMap<DeviceId, BTreeMap<u64, Seal>>,
    devices: BTreeMap<MemberId, BTreeSet<DeviceId>>,
    equivocators: BTreeSet<MemberId>,
}

impl Ballots {
    /// Takes in one seal.
    pub fn cast(&mut self, seal: Seal) -> Cast {
        let chain = self.chains.entry(seal.device).or_default();
        if let Some(other) = chain.get_mut(&seal.counter) {
            if other.is(&seal) {
                other.vote = other.vote.or(seal.vote);
                return Cast::Known;
            }
            self.equivocators.extend([other.member, seal.member]);
            // Which of the two stays says nothing any more; the same one stays everywhere.
            if seal < *other {
                self.devices.entry(seal.member).or_default().insert(seal.device);
                *other = seal;
            }
            return Cast::Equivocation;
        }
        let oldest = chain.first_key_value().map(|(counter, _)| *counter);
        if chain.len() >= MAX_BALLOTS && oldest.is_some_and(|oldest| seal.counter < oldest) {
            return Cast::Known;
        }
        self.devices.entry(seal.member).or_default().insert(seal.device);
        chain.insert(seal.counter, seal);
        let full = chain.len() > MAX_BALLOTS;
        let forgotten = if full { chain.pop_first().map(|(counter, _)| counter) } else { None };
        Cast::New { forgotten }
    }

    /// A seal that is known turns out to speak for a state. Returns it, if it did not before.
    pub fn speak(&mut self, device: &DeviceId, counter: u64, state: StateId) -> Option<Seal> {
        let seal = self.chains.get_mut(device)?.get_mut(&counter)?;
        (seal.vote.replace(state) != Some(state)).then(|| seal.clone())
    }

    /// Says of a member that it broke its chain: two items with one number, or two seals with one
    /// counter. It votes nowhere.
    pub fn accuse(&mut self, member: MemberId) {
        self.equivocators.insert(member);
    }

    /// Whether a member broke its chain.
    #[must_use]
    pub fn equivocated(&self, member: &MemberId) -> bool {
        self.equivocators.contains(member)
    }

    /// Members who broke their chain.
    #[must_use]
    pub fn equivocators(&self) -> &BTreeSet<MemberId> {
        &self.equivocators
    }

    /// The seal of a device with this counter, if it is remembered.
    #[must_use]
    pub fn seal_of(&self, device: &DeviceId, counter: u64) -> Option<&Seal> {
        self.chains.get(device)?.get(&counter)
    }

    /// The highest counter taken in of a device.
    #[must_use]
    pub fn newest(&self, device: &DeviceId) -> Option<u64> {
        self.chains.get(device)?.last_key_value().map(|(counter, _)| *counter)
    }

    /// The seals of a device after this counter.
    pub(crate) fn seals_after(
        &self,
        device: &DeviceId,
        counter: u64,
    ) -> impl Iterator<Item = &Seal> {
        let chain = self.chains.get(device).into_iter();
        chain.flat_map(move |chain| {
            chain.range((Bound::Excluded(counter), Bound::Unbounded)).map(|(_, seal)| seal)
        })
    }

    /// The vote of a device: its newest seal that is one.
    #[must_use]
    pub fn vote_of(&self, device: &DeviceId) -> Option<&Seal> {
        self.chains.get(device)?.values().rev().find(|seal| seal.vote.is_some())
    }

    /// The devices a member has sealed with.
    pub fn devices_of(&self, member: &MemberId) -> impl Iterator<Item = DeviceId> {
        self.devices.get(member).into_iter().flatten().copied()
    }

    /// Where a member stands, by all its devices.
    #[must_use]
    pub fn stands(&self, member: &MemberId) -> Option<StateId> {
        self.vote_of_member(member).and_then(|seal| seal.vote)
    }

    /// The vote of a member: that of the device whose seal is causally newest; of several that do
    /// not know of each other, that of the lowest key.
    #[must_use]
    pub fn vote_of_member(&self, member: &MemberId) -> Option<&Seal> {
        self.vote_of_those(member, |_| true, |_| true)
    }

    /// The vote of a member, of those of its devices whose vote `speaks`. Of several that do not know of each
    /// other, one that `stands` somewhere comes first.
    pub(super) fn vote_of_those(
        &self,
        member: &MemberId,
        speaks: impl Fn(&Seal) -> bool,
        stands: impl Fn(&Seal) -> bool,
    ) -> Option<&Seal> {
        if self.equivocated(member) {
            return None;
        }
        let votes: Vec<&Seal> = self
            .devices_of(member)
            .filter_map(|device| self.vote_of(&device))
            .filter(|seal| seal.member == *member && speaks(seal))
            .collect();
        if let [] | [_] = votes[..] {
            return votes.first().copied();
        }
        let overtaken = |seal: &Seal| {
            votes.iter().any(|other| self.knows(other, seal) && !self.knows(seal, other))
        };
        let newest: Vec<&Seal> = votes.iter().copied().filter(|seal| !overtaken(seal)).collect();
        let of = if newest.is_empty() { &votes } else { &newest };
        of.iter().find(|seal| stands(seal)).or_else(|| of.first()).copied()
    }

    /// Whether the device of `one` had taken in `other` when it sealed, or before: what a device
    /// once knew it does not forget.
    fn knows(&self, one: &Seal, other: &Seal) -> bool {
        let names =
            |sibling: &Sibling| sibling.device == other.device && sibling.counter >= other.counter;
        let chain = self.chains.get(&one.device);
        chain.is_some_and(|chain| {
            chain.range(..=one.counter).any(|(_, seal)| seal.siblings.iter().any(names))
        })
    }

    /// The votes of a device in the order of their counters, each differing from the one before.
    #[must_use]
    pub fn moves_of(&self, device: &DeviceId) -> Vec<StateId> {
        let mut moves: Vec<StateId> = self
            .chains
            .get(device)
            .into_iter()
            .flat_map(BTreeMap::values)
            .filter_map(|s| s.vote)
            .collect();
        moves.dedup();
        moves
    }

    /// All seals, by device and counter.
    pub fn seals(&self) -> impl Iterator<Item = &Seal> {
        self.chains.values().flat_map(BTreeMap::values)
    }

    /// Forgets the seals that vote for a state that is not `kept`, but for the newest vote and the
    /// newest seal of every device. Returns what went: device and counter.
    pub fn forget(&mut self, kept: impl Fn(&StateId) -> bool) -> Vec<(DeviceId, u64)> {
        let mut gone = Vec::new();
        for (device, chain) in &mut self.chains {
            let newest = chain.last_key_value().map(|(counter, _)| *counter);
            let vote =
                chain.values().rev().find(|seal| seal.vote.is_some()).map(|seal| seal.counter);
            chain.retain(|counter, seal| {
                let stays = Some(*counter) == newest
                    || Some(*counter) == vote
                    || seal.vote.as_ref().is_some_and(&kept);
                if !stays {
                    gone.push((*device, *counter));
                }
                stays
            });
        }
        gone
    }
}
