//! When the keys of a state may go: what a device saw of its members and of its states, put
//! together with the votes. A pure function, like the choice; but it decides nothing between
//! members, only what this device still keeps. Clauses: specs/04-order O-50, O-54, O-55.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::time::Duration;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{CircleId, DeviceId, MemberId, StateId};
use crate::limits::{BEHIND, GAP_PATIENCE, KEEP_WITH_MAJORITY, KEEP_WITHOUT_MAJORITY, UNHEARD};
use crate::order::{Known, Seal, rank};
use crate::time::Timestamp;

/// When a device last heard of a member.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Heard {
    /// When it last opened a seal of the member.
    pub at: Timestamp,
    /// Since when all it opened stood further back than one commit below the head; none if the
    /// latest did not.
    pub behind: Option<Timestamp>,
}

/// What a device knows beyond what a choice rests on.
#[derive(Clone, Copy, Debug)]
pub struct Signs<'a> {
    /// The circle.
    pub circle: &'a CircleId,
    /// What the choice rests on. The electorates hold everybody who votes at the states whose keys
    /// are here, whether or not several children compete there.
    pub known: Known<'a>,
    /// The head.
    pub head: StateId,
    /// The states whose keys are here, with their members.
    pub held: &'a BTreeMap<StateId, BTreeSet<MemberId>>,
    /// Since when they are past.
    pub past: &'a BTreeMap<StateId, Timestamp>,
    /// The members of the head, and when they were heard of.
    pub heard: &'a BTreeMap<MemberId, Heard>,
    /// The devices in the head of members who have several.
    pub devices: &'a BTreeMap<MemberId, Vec<DeviceId>>,
    /// The devices in the head that were in a state by which this device came in, and of which nothing was
    /// heard since.
    pub unheard: &'a BTreeMap<StateId, BTreeSet<DeviceId>>,
    /// The time.
    pub now: Timestamp,
}

/// A fork, or a step of the path, whose keys may go.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Settled {
    /// The state below which all else than `child` is given up; none for the unknown state below
    /// all roots.
    pub state: Option<StateId>,
    /// The child of it that the head comes from.
    pub child: StateId,
    /// The states whose keys go: the state itself, and all rivals of the child with all that came
    /// from them.
    pub gone: Vec<StateId>,
}

/// The states as seen from the head's path.
struct Shape {
    /// The path from the root to the head.
    path: Vec<StateId>,
    /// For every state the place of the last state of the path that it comes from, or is.
    leaves_at: BTreeMap<StateId, usize>,
    /// The devices that their members took out on the path.
    taken_out: BTreeSet<DeviceId>,
}

impl Signs<'_> {
    /// What may go, from the root upwards. Nothing is skipped: below a state that stays, everything
    /// before it is gone, and above it everything is here.
    #[must_use]
    pub fn settled(&self) -> Vec<Settled> {
        let shape = self.shape();
        let gaps = self.gaps();
        let mut settled = Vec::new();
        for (place, child) in shape.path.iter().enumerate() {
            let state = place.checked_sub(1).and_then(|below| shape.path.get(below)).copied();
            let gone = self.gone(&shape, place);
            if gone.is_empty() {
                // Its keys went before.
                continue;
            }
            if !self.may_go(&shape, &gaps, place, &gone) {
                break;
            }
            settled.push(Settled { state, child: *child, gone });
        }
        settled
    }

    fn shape(&self) -> Shape {
        let states = self.known.states;
        let parent = |id: &StateId| {
            states.get(id).and_then(|e| e.parent).filter(|parent| states.contains_key(parent))
        };
        let mut path = Vec::new();
        let mut at = Some(self.head);
        // A walk along parents is never longer than there are states.
        while let Some(id) = at.filter(|_| path.len() <= states.len()) {
            path.push(id);
            at = parent(&id);
        }
        path.reverse();
        let mut leaves_at: BTreeMap<StateId, usize> =
            path.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        for id in states.keys() {
            let mut walked = Vec::new();
            let mut at = Some(*id);
            while let Some(id) = at.filter(|id| !leaves_at.contains_key(id)) {
                if walked.len() > states.len() {
                    break;
                }
                walked.push(id);
                at = parent(&id);
            }
            let place = at.and_then(|id| leaves_at.get(&id)).copied();
            if let Some(place) = place {
                leaves_at.extend(walked.into_iter().map(|id| (id, place)));
            }
        }
        let taken_out = path.iter().filter_map(|id| self.known.taken_out.get(id));
        let taken_out = taken_out.flatten().copied().collect();
        Shape { path, leaves_at, taken_out }
    }

    /// The states whose keys go if the step to the state at `place` of the path is settled.
    fn gone(&self, shape: &Shape, place: usize) -> Vec<StateId> {
        let below = place.checked_sub(1);
        let leaves = |id: &&StateId| shape.leaves_at.get(*id).copied() == below;
        self.held.keys().filter(leaves).copied().collect()
    }

    fn may_go(
        &self,
        shape: &Shape,
        gaps: &BTreeSet<MemberId>,
        place: usize,
        gone: &[StateId],
    ) -> bool {
        let state = place.checked_sub(1).and_then(|below| shape.path.get(below));
        let past = match state.and_then(|state| self.past.get(state)) {
            Some(past) => Some(*past),
            None => gone.iter().filter_map(|id| self.past.get(id)).min().copied(),
        };
        let Some(age) = past.map(|past| self.now.since(past)) else {
            return false;
        };
        if age >= KEEP_WITHOUT_MAJORITY {
            return true;
        }
        let majority = self.known.tally(state).majority();
        majority.as_ref() == shape.path.get(place)
            && (age >= KEEP_WITH_MAJORITY || {
                let contested = self.contested(state, shape.path.get(place), gone);
                let cooled = contested.is_none_or(|since| self.now.since(since) >= GAP_PATIENCE);
                cooled && self.is_stable(shape, gaps, place, state, age, contested)
            })
    }

    /// Since when the other sides of a fork are past, if somebody may still be moving there: what
    /// somebody sealed there moves others, and where those stand now is known only when their seals
    /// come. A side that its own author left, and nobody else stood on, moves nobody, unless it wins where
    /// it has as many votes: whoever does not know that its author left it may go there.
    fn contested(
        &self,
        state: Option<&StateId>,
        child: Option<&StateId>,
        gone: &[StateId],
    ) -> Option<Timestamp> {
        let rivals: BTreeSet<&StateId> = gone.iter().filter(|id| Some(*id) != state).collect();
        let evidence = |id: &StateId| self.known.states.get(id);
        let order = |id: &StateId| {
            let evidence = evidence(id)?;
            Some((evidence.class, rank(self.circle, evidence.epoch, evidence.leaf), *id))
        };
        let above = |id: &StateId| evidence(id)?.parent.filter(|parent| rivals.contains(parent));
        // The child of the fork that a rival is, or comes from.
        let side = |at: StateId| {
            iter::successors(Some(at), above).take(self.known.states.len()).last().unwrap_or(at)
        };
        let chosen = child.and_then(order);
        let moves_somebody = |side: &StateId, by: &MemberId| {
            evidence(side).and_then(|evidence| evidence.member) != Some(*by)
                || chosen.is_some() && order(side) < chosen
        };
        let stood = |seal: &Seal| {
            let at = seal.vote.filter(|at| rivals.contains(at));
            at.is_some_and(|at| moves_somebody(&side(at), &seal.member))
        };
        if rivals.is_empty() || !self.known.ballots.seals().any(stood) {
            return None;
        }
        Some(rivals.iter().filter_map(|id| self.past.get(*id)).max().copied().unwrap_or(self.now))
    }

    /// Whether everybody who may still say something here has gone on. At a contested fork whoever
    /// was not heard of since may have changed sides, and nobody here has seen it.
    fn is_stable(
        &self,
        shape: &Shape,
        gaps: &BTreeSet<MemberId>,
        place: usize,
        state: Option<&StateId>,
        age: Duration,
        contested: Option<Timestamp>,
    ) -> bool {
        let members = state.and_then(|state| self.held.get(state));
        let ballots = self.known.ballots;
        self.heard.iter().all(|(member, heard)| {
            let has_gone_on = self
                .writes_at(shape, member, age)
                .and_then(|stands| shape.leaves_at.get(&stands))
                .is_some_and(|at| *at >= place)
                && !self.leaves_a_device_behind(shape, place, state, member)
                && contested.is_none_or(|since| heard.at >= since);
            // Who came later cannot have said anything here.
            let came_later = members.is_some_and(|members| !members.contains(member));
            let unheard = self.now.since(heard.at) > UNHEARD;
            // Sealed again and again, and never further on.
            let stays_behind = heard.behind.is_some_and(|since| heard.at.since(since) > BEHIND);
            let waits_for_more = gaps.contains(member) && age < GAP_PATIENCE;
            came_later
                || unheard
                || stays_behind
                || ballots.equivocated(member)
                || has_gone_on && !waits_for_more
        })
    }

    /// Whether a device of a member was last heard of before `place`, at a state whose keys are here: it
    /// may seal there yet, and its word is its member's then as much as that of the others. Of which nothing
    /// was heard since this device came in, it stands where that was.
    fn leaves_a_device_behind(
        &self,
        shape: &Shape,
        place: usize,
        state: Option<&StateId>,
        member: &MemberId,
    ) -> bool {
        let unheard = state.and_then(|state| self.unheard.get(state));
        let is_behind = |device: &DeviceId| {
            if unheard.is_some_and(|unheard| unheard.contains(device)) {
                return true;
            }
            let stands = self.known.ballots.vote_of(device).and_then(|seal| seal.vote);
            let held = stands.filter(|stands| self.held.contains_key(stands));
            let at = held.and_then(|stands| shape.leaves_at.get(&stands));
            at.is_some_and(|at| *at < place)
        };
        self.devices.get(member).is_some_and(|devices| devices.iter().any(is_behind))
    }

    /// Where a member's next words may still be sealed at the earliest. Whoever made a commit stands at
    /// what it makes, and yet goes on where they made it from, until they know that somebody else has it.
    /// What was sealed or left them later than after half of this is sealed once more anyway (O-101). Where a
    /// device stands that its member took out, the others do not follow.
    fn writes_at(&self, shape: &Shape, member: &MemberId, age: Duration) -> Option<StateId> {
        let is_in = |seal: &Seal| !shape.taken_out.contains(&seal.device);
        let stands = self.known.ballots.vote_of_those(member, is_in, |_| true)?.vote?;
        let made = self.known.states.get(&stands).filter(|made| made.member == Some(*member));
        let sealed = |seal: &&Seal| seal.member == *member && seal.vote == Some(stands);
        match made.filter(|_| age < GAP_PATIENCE) {
            // Of what votes for it only the commit itself is known.
            Some(made) if self.known.ballots.seals().filter(sealed).nth(1).is_none() => made.parent,
            _ => Some(stands),
        }
    }

    /// Members of whose devices a seal is missing between others: it may be on its way.
    fn gaps(&self) -> BTreeSet<MemberId> {
        let mut gaps = BTreeSet::new();
        let mut before = None;
        for seal in self.known.ballots.seals() {
            let follows = before.replace((seal.device, seal.counter));
            let missing = follows.is_some_and(|(device, counter)| {
                device == seal.device && Some(seal.counter) != counter.checked_add(1)
            });
            if missing {
                gaps.insert(seal.member);
            }
        }
        gaps
    }
}

#[cfg(test)]
mod tests;
