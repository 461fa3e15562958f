//! The choice, rule by rule; what holds for every set of evidence stands in `properties`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ballots, Cast, Class, Evidence, Known, Naming, Namings, Seal, Sibling, rank};
use crate::id::{CircleId, DeviceId, EnvelopeId, MemberId, StateId};
use crate::limits::{MAX_BALLOTS, MAX_FLIPS};

mod model;
mod properties;

pub(super) const CIRCLE: CircleId = CircleId::from_bytes([9; 32]);

pub(super) fn state(number: u8) -> StateId {
    StateId::from_bytes([number; 32])
}

pub(super) fn member(number: u8) -> MemberId {
    MemberId::from_bytes([number; 32])
}

pub(super) fn device(number: u8) -> DeviceId {
    DeviceId::from_bytes([number; 32])
}

/// Leaves by rank at epoch 1, the one that wins first.
pub(super) fn ranked() -> Vec<u32> {
    let mut leaves: Vec<u32> = (0..4).collect();
    leaves.sort_by_key(|leaf| rank(&CIRCLE, 1, *leaf));
    leaves
}

/// A set of evidence, as a device may come to have it.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    /// Whose device it is.
    pub(super) me: u8,
    pub(super) states: BTreeMap<StateId, Evidence>,
    pub(super) electorates: BTreeMap<StateId, BTreeSet<MemberId>>,
    pub(super) since: BTreeMap<MemberId, u64>,
    pub(super) ballots: Ballots,
    pub(super) namings: Namings,
    pub(super) given_up: BTreeMap<StateId, BTreeSet<DeviceId>>,
    pub(super) taken_out: BTreeMap<StateId, BTreeSet<DeviceId>>,
    pub(super) frozen: BTreeMap<StateId, StateId>,
}

impl World {
    /// State 1 as root, where these members vote.
    fn with_voters(voters: &[u8]) -> Self {
        let mut world = Self::default();
        world.child(1, None, 0, Class::Ordinary);
        world.electorates.insert(state(1), voters.iter().map(|number| member(*number)).collect());
        world
    }

    /// A state by the leaf that is the `place`th by rank; member 10 + place made it.
    fn child(&mut self, number: u8, parent: Option<u8>, place: usize, class: Class) {
        let epoch = parent.map_or(0, |parent| {
            self.states.get(&state(parent)).map_or(1, |evidence| evidence.epoch + 1)
        });
        let author = u8::try_from(10 + place).ok().map(member);
        let evidence = Evidence {
            parent: parent.map(state),
            epoch,
            leaf: ranked()[place],
            member: author,
            class,
            commit: Some(EnvelopeId::from_bytes([number; 32])),
            eligible: true,
            told: false,
        };
        self.states.insert(state(number), evidence);
    }

    /// Two rivals on the root: 2 by the first by rank, 3 by the second.
    fn fork(voters: &[u8]) -> Self {
        let mut world = Self::with_voters(voters);
        world.child(2, Some(1), 0, Class::Ordinary);
        world.child(3, Some(1), 1, Class::Ordinary);
        world
    }

    /// To a device of the member of this number only a Welcome told of a state, from which somebody
    /// made another one.
    fn told_of(&mut self, number: u8, to: u8) {
        if let Some(evidence) = self.states.get_mut(&state(number)) {
            (evidence.eligible, evidence.commit, evidence.told) = (false, None, true);
        }
        self.me = to;
        self.child(number + 10, Some(number), 0, Class::Ordinary);
    }

    /// The device of this number, which is the member's of this number, seals under a state.
    pub(super) fn seal(&mut self, number: u8, counter: u64, at: u8) {
        self.seal_of(number, number, counter, at, &[]);
    }

    fn seal_of(&mut self, of: u8, by: u8, counter: u64, at: u8, knows: &[(u8, u64)]) {
        let siblings = knows.iter().map(|(d, c)| Sibling { device: device(*d), counter: *c });
        let cast = self.ballots.cast(Seal {
            member: member(of),
            device: device(by),
            counter,
            digest: [at; 32],
            vote: Some(state(at)),
            siblings: siblings.collect(),
        });
        assert!(matches!(cast, Cast::New { .. } | Cast::Equivocation));
    }

    fn name(&mut self, by: u8, counter: u64, named: u8) {
        self.namings.entry(state(1)).or_default().insert(Naming {
            member: member(by),
            device: device(by),
            counter,
            state: state(named),
            commit: EnvelopeId::from_bytes([named; 32]),
        });
    }

    pub(super) fn known(&self) -> Known<'_> {
        Known {
            me: member(self.me),
            states: &self.states,
            electorates: &self.electorates,
            since: &self.since,
            ballots: &self.ballots,
            namings: &self.namings,
            given_up: &self.given_up,
            taken_out: &self.taken_out,
            frozen: &self.frozen,
        }
    }

    pub(super) fn head(&self) -> Option<StateId> {
        self.known().choose(&CIRCLE)
    }
}

#[test]
fn without_votes_the_lower_rank_wins_however_long_the_other_branch_is() {
    let mut world = World::fork(&[10, 11, 12]);
    world.child(4, Some(3), 0, Class::Ordinary);
    world.child(5, Some(4), 0, Class::Ordinary);
    assert_eq!(world.head(), Some(state(2)));
}

#[test]
fn the_child_with_more_votes_wins_whatever_class_and_rank_say() {
    let mut world = World::fork(&[10, 11, 12]);
    world.child(2, Some(1), 0, Class::Removal);
    world.seal(10, 1, 2);
    world.seal(11, 1, 3);
    assert_eq!(world.head(), Some(state(2)), "one vote each: the class decides");
    world.seal(12, 1, 3);
    assert_eq!(world.head(), Some(state(3)));
}

#[test]
fn a_vote_below_a_child_counts_for_the_child() {
    let mut world = World::fork(&[10, 11, 12]);
    world.child(4, Some(3), 0, Class::Ordinary);
    world.seal(11, 1, 4);
    assert_eq!(world.head(), Some(state(4)));
}

#[test]
fn with_as_many_votes_removals_stand_before_facilitators_and_those_before_others() {
    let mut world = World::fork(&[10, 11, 12]);
    world.child(3, Some(1), 1, Class::Facilitator);
    assert_eq!(world.head(), Some(state(3)));
    world.child(4, Some(1), 2, Class::Removal);
    assert_eq!(world.head(), Some(state(4)));
}

#[test]
fn only_the_newest_seal_of_a_device_is_its_vote() {
    let mut world = World::fork(&[10, 11, 12]);
    world.seal(12, 5, 3);
    world.seal(12, 4, 2);
    assert_eq!(world.head(), Some(state(3)));
    world.seal(12, 6, 1);
    assert_eq!(world.head(), Some(state(2)), "whoever stands at the fork itself has no side");
}

#[test]
fn whoever_does_not_vote_at_the_state_is_not_counted() {
    let mut world = World::fork(&[10, 11]);
    world.seal(12, 1, 3);
    assert_eq!(world.head(), Some(state(2)));
    assert_eq!(world.known().tally(Some(&state(1))).voters, 2);
}

#[test]
fn of_two_devices_of_a_member_the_one_that_knows_the_other_speaks() {
    let mut world = World::fork(&[10, 11, 12]);
    world.seal_of(12, 20, 4, 2, &[]);
    world.seal_of(12, 21, 2, 3, &[(20, 4)]);
    assert_eq!(world.head(), Some(state(3)));
    world.seal_of(12, 20, 5, 2, &[]);
    assert_eq!(world.head(), Some(state(2)), "neither knows the other: the lower key speaks");
    world.seal_of(12, 21, 3, 3, &[(20, 5)]);
    assert_eq!(world.head(), Some(state(3)));
}

/// A device that its member had taken out went on where it had not heard of it, knew the other's words there, and
/// spoke for both against its own removal.
#[test]
fn whoever_their_member_took_out_does_not_speak_against_it() {
    let mut world = World::fork(&[12]);
    world.seal_of(12, 21, 2, 3, &[]);
    world.seal_of(12, 20, 5, 2, &[(21, 2)]);
    assert_eq!(world.head(), Some(state(2)), "the one that knows the other speaks");
    world.taken_out.insert(state(3), [device(20)].into());
    assert_eq!(world.head(), Some(state(3)), "taken out on the other side");
    world.child(4, Some(2), 0, Class::Ordinary);
    world.taken_out.insert(state(4), [device(20)].into());
    assert_eq!(world.head(), Some(state(3)), "taken out on both");
    world.taken_out.remove(&state(3));
    assert_eq!(world.head(), Some(state(4)), "taken out where it stands: it was heard before");
    world.taken_out.insert(state(3), [device(20)].into());
    world.taken_out.insert(state(4), [device(21)].into());
    assert_eq!(world.head(), Some(state(4)), "each took the other out: the rank decides");
    world.seal_of(12, 20, 6, 1, &[(21, 2)]);
    world.taken_out.remove(&state(4));
    assert_eq!(world.head(), Some(state(3)), "nor does it speak for neither");
}

/// A key that was given up, and was the lower one, had said its last word above the fork.
#[test]
fn a_device_that_stands_on_a_side_speaks_before_one_that_does_not() {
    let mut world = World::fork(&[10, 11, 12]);
    world.seal(10, 1, 2);
    world.seal_of(12, 20, 5, 1, &[]);
    world.seal_of(12, 21, 6, 3, &[]);
    world.seal(11, 1, 3);
    assert_eq!(world.head(), Some(state(3)), "two to one");
    world.seal_of(12, 20, 7, 2, &[]);
    assert_eq!(world.head(), Some(state(2)), "of two that stand somewhere the lower key speaks");
    world.seal_of(12, 21, 8, 3, &[(20, 7)]);
    assert_eq!(world.head(), Some(state(3)), "unless it is known to the other");
}

/// A copy stood alone on the side on which nobody had taken its place yet, and its vote was the one that
/// kept it there.
#[test]
fn a_device_given_up_on_another_side_has_no_vote_at_that_fork() {
    let mut world = World::fork(&[10, 11, 12, 13]);
    for (number, at) in [(10, 2), (11, 2), (12, 3), (13, 3)] {
        world.seal(number, 1, at);
    }
    assert_eq!(world.head(), Some(state(2)), "as many on either side: the rank decides");
    world.child(4, Some(2), 0, Class::Ordinary);
    world.given_up.insert(state(4), [device(11)].into());
    assert_eq!(world.head(), Some(state(4)), "given up on the side it stands on");
    world.given_up.insert(state(3), [device(11)].into());
    assert_eq!(world.head(), Some(state(3)), "given up on both");
    world.given_up.remove(&state(4));
    assert_eq!(world.head(), Some(state(3)), "given up on the other one");
    world.seal(11, 2, 4);
    assert_eq!(world.head(), Some(state(3)), "whatever it seals");
}

#[test]
fn whoever_seals_twice_with_one_counter_votes_nowhere() {
    let mut world = World::fork(&[10, 11, 12]);
    world.seal(12, 7, 3);
    assert_eq!(world.head(), Some(state(3)));
    world.seal(12, 7, 2);
    assert!(world.ballots.equivocated(&member(12)));
    assert_eq!(world.head(), Some(state(2)));
    world.seal(12, 8, 3);
    assert_eq!(world.head(), Some(state(2)));
}

#[test]
fn a_device_that_changes_sides_too_often_does_not_vote_at_that_fork() {
    let mut world = World::fork(&[10, 11, 12]);
    for counter in 0..=MAX_FLIPS as u64 {
        world.seal(12, counter, if counter % 2 == 0 { 3 } else { 2 });
    }
    assert_eq!(world.head(), Some(state(3)), "four changes are not too many");
    world.seal(11, 1, 2);
    world.child(4, Some(3), 0, Class::Ordinary);
    world.child(5, Some(3), 1, Class::Ordinary);
    world.electorates.insert(state(3), [member(12)].into());
    world.seal(12, 20, 2);
    world.seal(12, 21, 5);
    assert_eq!(world.head(), Some(state(2)), "six are");
    world.frozen.insert(state(1), state(3));
    assert_eq!(world.head(), Some(state(5)), "at another fork it votes");
}

#[test]
fn twin_commits_are_candidates_only_when_another_member_names_them() {
    let mut world = World::with_voters(&[10, 11, 12]);
    world.child(2, Some(1), 0, Class::Ordinary);
    world.child(3, Some(1), 0, Class::Ordinary);
    assert_eq!(world.head(), Some(state(1)), "neither counts");
    world.name(10, 2, 3);
    assert_eq!(world.head(), Some(state(1)), "their author names nothing");
    world.name(11, 1, 3);
    assert_eq!(world.head(), Some(state(3)));
    world.name(12, 1, 2);
    assert_eq!(world.head(), Some(state(2)), "both are named: the lower id wins");
    world.seal(12, 2, 3);
    assert_eq!(world.head(), Some(state(3)), "compared like any child");
}

#[test]
fn a_state_from_which_only_unnamed_twins_lead_on_does_not_win() {
    let mut world = World::fork(&[10, 11, 12]);
    world.child(4, Some(2), 0, Class::Ordinary);
    world.child(5, Some(2), 0, Class::Ordinary);
    world.electorates.insert(state(2), [member(10)].into());
    if let Some(evidence) = world.states.get_mut(&state(2)) {
        evidence.eligible = false;
    }
    assert_eq!(world.head(), Some(state(3)));
}

#[test]
fn whoever_came_in_below_a_twin_nobody_named_to_it_has_somewhere_to_stand() {
    let mut world = World::with_voters(&[10, 11, 12]);
    world.child(2, Some(1), 0, Class::Ordinary);
    world.child(3, Some(1), 0, Class::Ordinary);
    world.child(4, Some(2), 1, Class::Ordinary);
    world.electorates.remove(&state(1));
    for header in [1, 2, 3] {
        world.states.get_mut(&state(header)).unwrap().eligible = false;
    }
    assert_eq!(world.head(), Some(state(4)));
}

#[test]
fn a_twin_that_somebody_only_told_of_makes_nobody_lose() {
    let mut world = World::with_voters(&[10, 11, 12]);
    world.child(2, Some(1), 0, Class::Ordinary);
    world.child(3, Some(1), 0, Class::Ordinary);
    let told = world.states.get_mut(&state(3)).unwrap();
    (told.eligible, told.commit) = (false, None);
    assert_eq!(world.head(), Some(state(2)));
}

/// Somebody made a commit that nobody could follow, and took a device in beyond it: as many voted on
/// either side, and it stayed there by rank.
#[test]
fn with_as_many_votes_a_word_that_nobody_stands_behind_comes_last() {
    let mut world = World::fork(&[10, 11, 12, 13]);
    world.told_of(2, 12);
    assert_eq!(world.head(), Some(state(3)), "nobody votes");
    world.seal(10, 1, 2);
    world.seal(12, 1, 12);
    assert_eq!(world.head(), Some(state(12)), "more votes win all the same");
    world.seal(11, 1, 3);
    world.seal(13, 1, 3);
    assert_eq!(world.head(), Some(state(3)), "its author and whoever was told are no witnesses");
    world.me = 14;
    assert_eq!(world.head(), Some(state(12)), "somebody else is");
    world.states.get_mut(&state(2)).unwrap().member = None;
    assert_eq!(world.head(), Some(state(12)), "one of two is, whoever made it");
    world.me = 12;
    assert_eq!(world.head(), Some(state(3)), "who votes for it alone may have made it");
    world.electorates.remove(&state(1));
    for below in [3, 12] {
        world.electorates.insert(state(below), [10, 11, 12, 13].map(member).into());
    }
    assert_eq!(world.head(), Some(state(12)), "without the keys of 1 it says nothing");
}

/// Both sides let them in, so they vote at the nearest states that are held on each.
#[test]
fn who_came_in_below_a_fork_has_no_vote_at_it() {
    let mut world = World::fork(&[]);
    world.electorates = BTreeMap::new();
    for below in [2, 3] {
        world.electorates.insert(state(below), [10, 11, 12].map(member).into());
    }
    world.seal(12, 1, 3);
    for (since, head) in [(None, 3), (Some(0), 3), (Some(1), 2), (Some(4), 2)] {
        world.since = since.map(|since| (member(12), since)).into_iter().collect();
        assert_eq!(world.head(), Some(state(head)), "{since:?}");
    }
}

/// Whoever follows the commit afterwards chooses like anybody.
#[test]
fn what_was_followed_after_all_is_no_word_any_more() {
    let mut world = World::fork(&[10, 11, 12, 13]);
    world.told_of(2, 12);
    assert_eq!(world.head(), Some(state(3)));
    world.child(2, Some(1), 0, Class::Ordinary);
    assert_eq!(world.head(), Some(state(12)));
}

#[test]
fn a_twin_that_was_chosen_for_good_needs_no_name_and_others_still_do() {
    let mut world = World::with_voters(&[10, 11, 12]);
    world.child(2, Some(1), 0, Class::Ordinary);
    world.child(3, Some(1), 0, Class::Ordinary);
    world.child(4, Some(3), 1, Class::Ordinary);
    world.child(5, Some(4), 2, Class::Ordinary);
    world.child(6, Some(4), 2, Class::Ordinary);
    world.electorates.insert(state(4), [member(10), member(11)].into());
    // The keys of the root and of the twins on it are gone, and what was named there with them.
    world.electorates.remove(&state(1));
    world.frozen.insert(state(1), state(3));
    for header in [1, 2, 3] {
        world.states.get_mut(&state(header)).unwrap().eligible = false;
    }
    assert_eq!(world.head(), Some(state(4)), "5 and 6 are twins");
    world.namings.entry(state(4)).or_default().insert(Naming {
        member: member(10),
        device: device(10),
        counter: 1,
        state: state(6),
        commit: EnvelopeId::from_bytes([6; 32]),
    });
    assert_eq!(world.head(), Some(state(6)));
}

#[test]
fn a_device_names_one_of_several_twins_and_no_more() {
    let mut world = World::with_voters(&[10, 11, 12]);
    for twin in [2, 3, 4] {
        world.child(twin, Some(1), 0, Class::Ordinary);
    }
    world.name(11, 5, 4);
    world.name(11, 6, 2);
    world.name(11, 7, 3);
    assert_eq!(world.head(), Some(state(4)));
}

#[test]
fn several_roots_compete_with_the_votes_of_those_who_vote_in_all() {
    let mut world = World::default();
    world.child(2, Some(1), 0, Class::Ordinary);
    world.child(3, Some(1), 1, Class::Ordinary);
    world.electorates.insert(state(2), [member(10), member(11)].into());
    world.electorates.insert(state(3), [member(10), member(12)].into());
    world.seal(12, 1, 3);
    assert_eq!(world.head(), Some(state(2)), "member 12 does not vote in both");
    world.seal(10, 1, 3);
    assert_eq!(world.head(), Some(state(3)));
    assert_eq!(world.known().tally(None).voters, 1);
}

#[test]
fn a_frozen_choice_wins_whatever_the_votes_say() {
    let mut world = World::fork(&[10, 11, 12]);
    world.frozen.insert(state(1), state(3));
    world.seal(10, 1, 2);
    world.seal(12, 1, 2);
    assert_eq!(world.head(), Some(state(3)));
    world.frozen.insert(state(1), state(7));
    assert_eq!(world.head(), Some(state(2)), "one that is not known does not stand in the way");
}

#[test]
fn a_majority_is_more_than_half_of_those_who_vote_there() {
    let mut world = World::fork(&[10, 11, 12, 13]);
    world.seal(10, 1, 3);
    world.seal(11, 1, 3);
    assert_eq!(world.known().tally(Some(&state(1))).majority(), None);
    world.seal(12, 1, 3);
    assert_eq!(world.known().tally(Some(&state(1))).majority(), Some(state(3)));
}

#[test]
fn a_state_that_cannot_be_the_head_does_not_stop_those_above_it() {
    let mut world = World::fork(&[10, 11, 12]);
    let closed = |world: &mut World| {
        if let Some(evidence) = world.states.get_mut(&state(2)) {
            evidence.eligible = false;
        }
    };
    closed(&mut world);
    assert_eq!(world.head(), Some(state(3)));
    world.child(4, Some(2), 0, Class::Ordinary);
    assert_eq!(world.head(), Some(state(4)));
    world.states.retain(|id, _| *id == state(2));
    assert_eq!(world.head(), None);
}

#[test]
fn parents_that_go_in_a_circle_are_no_head_and_no_endless_loop() {
    let mut world = World::default();
    world.child(1, Some(2), 0, Class::Ordinary);
    world.child(2, Some(1), 0, Class::Ordinary);
    assert_eq!(world.head(), None);
    assert_eq!(world.known().tally(Some(&state(1))).voters, 0);
}

#[test]
fn the_oldest_seals_of_a_device_are_forgotten_beyond_the_limit() {
    let mut ballots = Ballots::default();
    let seal = |counter: u64| Seal {
        member: member(1),
        device: device(1),
        counter,
        digest: [0; 32],
        vote: Some(state(1)),
        siblings: vec![],
    };
    for counter in 1..=MAX_BALLOTS as u64 {
        assert_eq!(ballots.cast(seal(counter)), Cast::New { forgotten: None });
    }
    let more = MAX_BALLOTS as u64 + 1;
    assert_eq!(ballots.cast(seal(more)), Cast::New { forgotten: Some(1) });
    assert_eq!(ballots.cast(seal(1)), Cast::Known);
    assert_eq!(ballots.seals().count(), MAX_BALLOTS);
}

#[test]
fn seals_of_forgotten_states_go_but_for_the_newest_vote_of_every_device() {
    let mut world = World::with_voters(&[]);
    world.seal(1, 1, 2);
    world.seal(1, 2, 3);
    world.seal(1, 3, 3);
    world.seal(2, 1, 3);
    let gone = world.ballots.forget(|id| *id == state(2));
    assert_eq!(gone, vec![(device(1), 2)]);
    assert_eq!(world.ballots.stands(&member(1)), Some(state(3)));
    assert_eq!(world.ballots.stands(&member(2)), Some(state(3)));
}
