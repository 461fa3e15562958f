use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Evidence, choose, rank};
use crate::id::{CircleId, StateId};

const CIRCLE: CircleId = CircleId::from_bytes([9; 32]);

fn state(number: u8) -> StateId {
    StateId::from_bytes([number; 32])
}

fn evidence(parent: Option<u8>, epoch: u64, leaf: u32) -> Evidence {
    Evidence { parent: parent.map(state), epoch, leaf, eligible: true }
}

fn chosen(states: &[(u8, Evidence)]) -> Option<StateId> {
    choose(&CIRCLE, &states.iter().map(|(id, evidence)| (state(*id), *evidence)).collect())
}

/// Two leaves, the one with the lower rank first.
fn ranked(epoch: u64) -> (u32, u32) {
    if rank(&CIRCLE, epoch, 0) < rank(&CIRCLE, epoch, 1) { (0, 1) } else { (1, 0) }
}

#[test]
fn the_lower_rank_wins_however_long_the_other_branch_is() {
    let (first, second) = ranked(1);
    let states = [
        (1, evidence(None, 0, 0)),
        (2, evidence(Some(1), 1, second)),
        (3, evidence(Some(2), 2, 0)),
        (4, evidence(Some(3), 3, 0)),
        (5, evidence(Some(1), 1, first)),
    ];
    assert_eq!(chosen(&states), Some(state(5)));
}

#[test]
fn of_two_commits_by_one_leaf_the_lower_state_id_wins() {
    let states =
        [(1, evidence(None, 0, 0)), (3, evidence(Some(1), 1, 2)), (2, evidence(Some(1), 1, 2))];
    assert_eq!(chosen(&states), Some(state(2)));
}

#[test]
fn a_state_that_cannot_be_the_head_does_not_stop_those_above_it() {
    let (first, second) = ranked(1);
    let closed = Evidence { eligible: false, ..evidence(Some(1), 1, first) };
    let rival = evidence(Some(1), 1, second);
    let root = evidence(None, 0, 0);
    assert_eq!(chosen(&[(1, root), (2, closed), (3, rival)]), Some(state(3)));
    let child = evidence(Some(2), 2, 0);
    assert_eq!(chosen(&[(1, root), (2, closed), (3, rival), (4, child)]), Some(state(4)));
    assert_eq!(chosen(&[(2, closed)]), None);
}

#[test]
fn parents_that_go_in_a_circle_are_no_head_and_no_endless_loop() {
    let states = [(1, evidence(Some(2), 0, 0)), (2, evidence(Some(1), 1, 0))];
    assert_eq!(chosen(&states), None);
}

/// A tree: every state's parent is an earlier one.
fn trees() -> impl Strategy<Value = Vec<(u8, Evidence)>> {
    prop::collection::vec((any::<prop::sample::Index>(), 0_u32..4, any::<bool>()), 1..40).prop_map(
        |drawn| {
            let mut states: Vec<(u8, Evidence)> = Vec::new();
            for (number, (parent, leaf, eligible)) in (0..).zip(drawn) {
                let parent = (!states.is_empty()).then(|| states[parent.index(states.len())]);
                let epoch = parent.map_or(0, |(_, evidence)| evidence.epoch + 1);
                let parent = parent.map(|(id, _)| state(id));
                states.push((number, Evidence { parent, epoch, leaf, eligible }));
            }
            states
        },
    )
}

proptest! {
    #[test]
    fn choosing_ignores_order_of_arrival(states in trees(), shuffled in any::<u64>()) {
        let mut other = states.clone();
        other.rotate_left(usize::try_from(shuffled % states.len() as u64).unwrap());
        other.reverse();
        prop_assert_eq!(chosen(&states), chosen(&other));
    }

    #[test]
    fn the_choice_can_be_made_and_made_again_by_whoever_knows_only_its_path(states in trees()) {
        // Whoever has only the winning path chooses the same head.
        let map: BTreeMap<u8, Evidence> = states.iter().copied().collect();
        if let Some(head) = chosen(&states) {
            let mut path = Vec::new();
            let mut at = Some(head);
            while let Some(id) = at {
                let number = id.as_bytes()[0];
                path.push((number, map[&number]));
                at = map[&number].parent;
            }
            prop_assert_eq!(chosen(&path), Some(head));
        }
    }
}
