//! The walk from the root to the head. Clauses: specs/04-order O-11, O-13, O-14, O-33 to O-36, O-38.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::id::{CircleId, DeviceId, MemberId, StateId};
use crate::limits::MAX_FLIPS;
use crate::order::{Evidence, Known, Seal, rank, twins};

/// How the votes at one state are cast.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// How many vote there.
    pub voters: usize,
    /// Votes by child; children without any are left out.
    pub votes: BTreeMap<StateId, usize>,
}

impl Tally {
    /// The child with the votes of more than half of those who vote there.
    #[must_use]
    pub fn majority(&self) -> Option<StateId> {
        let most = self.votes.iter().find(|(_, votes)| 2 * **votes > self.voters);
        most.map(|(child, _)| *child)
    }
}

/// The states that may win where they stand, as a tree. States whose parent is not known stand
/// below `None`.
struct Tree<'a> {
    known: Known<'a>,
    children: BTreeMap<Option<StateId>, Vec<StateId>>,
    /// States from which an eligible one can be reached.
    leads: BTreeSet<StateId>,
}

impl Known<'_> {
    /// The head: from the root downwards always the child that wins, as far as an eligible state
    /// can be reached that way. States whose parent is not known count as children of one unknown
    /// state.
    ///
    /// `None` only if no state is eligible.
    #[must_use]
    pub fn choose(&self, circle: &CircleId) -> Option<StateId> {
        let tree = Tree::new(*self);
        let (mut head, mut at) = (None, None);
        while let Some(winner) = tree.winner(circle, at.as_ref()) {
            if self.states.get(&winner).is_some_and(|evidence| evidence.eligible) {
                head = Some(winner);
            }
            at = Some(winner);
        }
        head
    }

    /// How the votes at `parent` are cast. `None` is the unknown state above all roots.
    #[must_use]
    pub fn tally(&self, parent: Option<&StateId>) -> Tally {
        let tree = Tree::new(*self);
        let rivals = tree.rivals(parent);
        tree.tally(parent, &rivals)
    }

    /// The child that wins at `parent`, frozen or by the votes. `None` if nothing eligible can be
    /// reached over any.
    #[must_use]
    pub fn winner(&self, circle: &CircleId, parent: &StateId) -> Option<StateId> {
        Tree::new(*self).winner(circle, Some(parent))
    }
}

impl<'a> Tree<'a> {
    fn new(known: Known<'a>) -> Self {
        let states = known.states;
        let above = |evidence: &Evidence| evidence.parent.filter(|id| states.contains_key(id));
        let mut children: BTreeMap<Option<StateId>, Vec<StateId>> = BTreeMap::new();
        for (id, evidence) in states {
            children.entry(above(evidence)).or_default().push(*id);
        }
        for (parent, children) in &mut children {
            // Namings are sealed under the parent: without its keys nobody knows what was named,
            // and a choice made there for good was made by those who did.
            if let Some(parent) = parent.filter(|parent| known.electorates.contains_key(parent)) {
                twins::retain_candidates(&parent, children, states, known.namings);
            }
        }
        let mut leads = BTreeSet::new();
        for (id, _) in states.iter().filter(|(_, evidence)| evidence.eligible) {
            let mut at = Some(*id);
            // Marked before: so is everything from which it can be reached.
            while let Some(state) = at.filter(|state| leads.insert(*state)) {
                let parent = states.get(&state).and_then(above);
                let may_win = children.get(&parent).is_some_and(|rivals| rivals.contains(&state));
                at = parent.filter(|_| may_win);
            }
        }
        Self { known, children, leads }
    }

    /// The children of `parent` that may win and over which an eligible state can be reached.
    fn rivals(&self, parent: Option<&StateId>) -> Vec<StateId> {
        let children = self.children.get(&parent.copied()).into_iter().flatten();
        children.filter(|id| self.leads.contains(*id)).copied().collect()
    }

    fn winner(&self, circle: &CircleId, parent: Option<&StateId>) -> Option<StateId> {
        let rivals = self.rivals(parent);
        let frozen = parent.and_then(|parent| self.known.frozen.get(parent));
        if let Some(frozen) = frozen.filter(|frozen| rivals.contains(frozen)) {
            return Some(*frozen);
        }
        if rivals.len() < 2 {
            return rivals.first().copied();
        }
        let stood = self.stood(&self.electorate(parent, &rivals), &rivals);
        // More than half of the votes are also the most.
        rivals.into_iter().min_by_key(|id| {
            let votes = stood.values().filter(|side| *side == id).count();
            let evidence = self.known.states.get(id);
            let order = evidence.map(|e| (e.class, rank(circle, e.epoch, e.leaf)));
            (Reverse(votes), self.lacks_witness(parent, id, &stood), order, *id)
        })
    }

    /// Whether a child may be one that nobody can follow: this device holds the keys of its parent and
    /// has nothing of it but the word of a Welcome, and nobody votes for it but who made it and this
    /// device's own member. Who made it the word may leave out: then one more has to vote for it.
    fn lacks_witness(
        &self,
        parent: Option<&StateId>,
        child: &StateId,
        stood: &BTreeMap<MemberId, StateId>,
    ) -> bool {
        let is_parent_held =
            parent.is_some_and(|parent| self.known.electorates.contains_key(parent));
        let told = self.known.states.get(child).filter(|evidence| evidence.told && is_parent_held);
        let Some(Evidence { member: author, .. }) = told else {
            return false;
        };
        let is_witness = |of: &MemberId| *of != self.known.me && Some(*of) != *author;
        let beside = stood.iter().filter(|(of, side)| *side == child && is_witness(of)).count();
        beside <= usize::from(author.is_none())
    }

    fn tally(&self, parent: Option<&StateId>, rivals: &[StateId]) -> Tally {
        let voters = self.electorate(parent, rivals);
        let mut tally = Tally { voters: voters.len(), votes: BTreeMap::new() };
        for side in self.stood(&voters, rivals).into_values() {
            *tally.votes.entry(side).or_default() += 1;
        }
        tally
    }

    /// At or below which rival the vote of each of these members lies; whoever has none there is left out.
    fn stood(
        &self,
        voters: &BTreeSet<MemberId>,
        rivals: &[StateId],
    ) -> BTreeMap<MemberId, StateId> {
        let sides = self.sides(rivals);
        let given_up = by_side(self.known.given_up, &sides);
        let taken_out = by_side(self.known.taken_out, &sides);
        let ballots = self.known.ballots;
        let steady = |device: &DeviceId| flips(&ballots.moves_of(device), &sides) <= MAX_FLIPS;
        let side_of = |seal: &Seal| seal.vote.and_then(|vote| sides.get(&vote));
        // Only where a device was put out on the side it stands on, if on any, does its word stand.
        let counts = |out: &BTreeMap<DeviceId, BTreeSet<StateId>>, seal: &Seal| {
            let out = out.get(&seal.device);
            out.is_none_or(|out| out.iter().all(|side| Some(side) == side_of(seal)))
        };
        let side = |member: &MemberId| {
            let stands = |seal: &Seal| side_of(seal).is_some();
            let seal = ballots.vote_of_those(member, |seal| counts(&taken_out, seal), stands)?;
            side_of(seal).filter(|_| steady(&seal.device) && counts(&given_up, seal)).copied()
        };
        voters.iter().filter_map(|member| Some((*member, side(member)?))).collect()
    }

    /// For every state below a rival, and the rival itself, which rival that is.
    fn sides(&self, rivals: &[StateId]) -> BTreeMap<StateId, StateId> {
        let mut sides = BTreeMap::new();
        for rival in rivals {
            let mut below = vec![*rival];
            while let Some(state) = below.pop() {
                if sides.insert(state, *rival).is_none() {
                    below.extend(self.children.get(&Some(state)).into_iter().flatten());
                }
            }
        }
        sides
    }

    /// Who votes at a state. Where its ledger is not known: those who vote at all of the states
    /// below it that compete, without those who first stood there or further down.
    fn electorate(&self, parent: Option<&StateId>, rivals: &[StateId]) -> BTreeSet<MemberId> {
        if let Some(known) = parent.and_then(|parent| self.known.electorates.get(parent)) {
            return known.clone();
        }
        let mut common: Option<BTreeSet<MemberId>> = None;
        for rival in rivals {
            let Some(voters) = self.nearest(rival) else {
                continue;
            };
            common = Some(match common {
                Some(common) => common.intersection(voters).copied().collect(),
                None => voters.clone(),
            });
        }
        let mut voters = common.unwrap_or_default();
        if let Some(parent) = parent.and_then(|parent| self.known.states.get(parent)) {
            let since = |member: &MemberId| self.known.since.get(member);
            voters.retain(|member| since(member).is_none_or(|since| *since <= parent.epoch));
        }
        voters
    }

    /// Who votes at `state`, or at the nearest of the first states below it whose ledger is known.
    fn nearest(&self, state: &StateId) -> Option<&BTreeSet<MemberId>> {
        let mut level = vec![*state];
        // A walk down cannot be longer than there are states.
        for _ in 0..=self.known.states.len() {
            let known = level.iter().find_map(|id| self.known.electorates.get(id));
            if known.is_some() || level.is_empty() {
                return known;
            }
            let below = level.iter().filter_map(|id| self.children.get(&Some(*id)));
            level = below.flatten().copied().collect();
        }
        None
    }
}

/// At or below which rivals each of these devices was put out, by the state whose commit did so: one that goes
/// on sealing on another side does not know where its member went.
fn by_side(
    put_out: &BTreeMap<StateId, BTreeSet<DeviceId>>,
    sides: &BTreeMap<StateId, StateId>,
) -> BTreeMap<DeviceId, BTreeSet<StateId>> {
    let mut by_device: BTreeMap<DeviceId, BTreeSet<StateId>> = BTreeMap::new();
    for (state, devices) in put_out {
        let Some(side) = sides.get(state) else {
            continue;
        };
        for device in devices {
            by_device.entry(*device).or_default().insert(*side);
        }
    }
    by_device
}

/// How often a device that stood at these states, one after the other, changed sides.
fn flips(moves: &[StateId], sides: &BTreeMap<StateId, StateId>) -> usize {
    let mut stood: Vec<StateId> =
        moves.iter().filter_map(|state| sides.get(state)).copied().collect();
    stood.dedup();
    stood.len().saturating_sub(1)
}
