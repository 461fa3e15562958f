//! What holds for every set of evidence.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

/// One piece of evidence, as it may arrive.
#[derive(Clone, Debug)]
enum Piece {
    State(StateId, Evidence, BTreeSet<MemberId>),
    Seal(Seal),
    Naming(StateId, Naming),
}

/// A tree in which every state's parent is an earlier one, seals all over it, and namings.
fn evidence() -> impl Strategy<Value = Vec<Piece>> {
    let drawn = (
        any::<Index>(),
        0_u8..4,
        any::<bool>(),
        any::<bool>(),
        0_u8..3,
        prop::collection::btree_set(0_u8..6, 0..6),
    );
    let states = prop::collection::vec(drawn, 1..24);
    let seal =
        (0_u8..6, 0_u8..2, 0_u64..20, any::<Index>(), prop::option::of(0_u64..20), any::<bool>());
    let seals = prop::collection::vec(seal, 0..40);
    let namings = prop::collection::vec((0_u8..6, 0_u64..5, any::<Index>()), 0..8);
    (states, seals, namings).prop_map(|(states, seals, namings)| {
        let mut tree: Vec<(u8, Evidence)> = Vec::new();
        let mut pieces = Vec::new();
        for (number, (parent, leaf, eligible, told, class, voters)) in (0_u8..).zip(states) {
            let parent = (!tree.is_empty()).then(|| tree[parent.index(tree.len())]);
            let epoch = parent.map_or(0, |(_, evidence)| evidence.epoch + 1);
            let evidence = Evidence {
                parent: parent.map(|(id, _)| state(id)),
                epoch,
                leaf: leaf.into(),
                member: Some(member(leaf)).filter(|_| eligible || number % 3 != 0),
                class: [Class::Removal, Class::Facilitator, Class::Ordinary][usize::from(class)],
                commit: Some(EnvelopeId::from_bytes([number; 32])),
                eligible,
                told: told && !eligible,
            };
            tree.push((number, evidence));
            let voters = voters.into_iter().map(member).collect();
            pieces.push(Piece::State(state(number), evidence, voters));
        }
        for (of, nth, counter, at, knows, votes) in seals {
            let at = state(tree[at.index(tree.len())].0);
            let sibling = |counter| Sibling { device: device(of * 2 + 1 - nth), counter };
            pieces.push(Piece::Seal(Seal {
                member: member(of),
                device: device(of * 2 + nth),
                counter,
                digest: *at.as_bytes(),
                vote: votes.then_some(at),
                siblings: knows.into_iter().map(sibling).collect(),
            }));
        }
        for (by, counter, named) in namings {
            let (number, evidence) = tree[named.index(tree.len())];
            let Some(parent) = evidence.parent else { continue };
            let commit = EnvelopeId::from_bytes([number; 32]);
            let naming = Naming {
                member: member(by),
                device: device(by * 2),
                counter,
                state: state(number),
                commit,
            };
            pieces.push(Piece::Naming(parent, naming));
        }
        pieces
    })
}

fn gathered(pieces: &[Piece]) -> World {
    let mut world = World::default();
    for piece in pieces.iter().cloned() {
        match piece {
            Piece::State(id, evidence, voters) => {
                world.states.insert(id, evidence);
                world.electorates.insert(id, voters);
            }
            Piece::Seal(seal) => {
                let _ = world.ballots.cast(seal);
            }
            Piece::Naming(parent, naming) => {
                world.namings.entry(parent).or_default().insert(naming);
            }
        }
    }
    world
}

fn path(world: &World, head: StateId) -> Vec<StateId> {
    let mut path = vec![head];
    let mut at = world.states[&head].parent;
    while let Some(id) = at {
        path.push(id);
        at = world.states[&id].parent;
    }
    path
}

proptest! {
    #[test]
    fn choosing_ignores_order_of_arrival(
        (pieces, other) in evidence().prop_flat_map(|pieces| {
            let shuffled = Just(pieces.clone()).prop_shuffle();
            (Just(pieces), shuffled)
        }),
    ) {
        let (one, other) = (gathered(&pieces), gathered(&other));
        prop_assert_eq!(&one.ballots, &other.ballots);
        prop_assert_eq!(one.head(), other.head());
    }

    #[test]
    fn what_arrives_twice_changes_nothing(pieces in evidence()) {
        let twice: Vec<Piece> = pieces.iter().chain(&pieces).cloned().collect();
        let (one, other) = (gathered(&pieces), gathered(&twice));
        prop_assert_eq!(&one.ballots, &other.ballots);
        prop_assert_eq!(one.head(), other.head());
    }

    #[test]
    fn whoever_knows_only_the_path_of_the_head_has_that_head(pieces in evidence()) {
        let mut world = gathered(&pieces);
        if let Some(head) = world.head() {
            let path = path(&world, head);
            world.states.retain(|id, _| path.contains(id));
            prop_assert_eq!(world.head(), Some(head));
        }
    }

    #[test]
    fn a_vote_for_the_head_never_moves_it(pieces in evidence(), voter in 0_u8..6, nth in 0_u8..2) {
        let mut world = gathered(&pieces);
        if let Some(head) = world.head() {
            let _ = world.ballots.cast(Seal {
                member: member(voter),
                device: device(voter * 2 + nth),
                counter: 100,
                digest: [0; 32],
                vote: Some(head),
                siblings: vec![],
            });
            // Whoever changes sides too often loses the vote, and so may the head.
            prop_assume!(world.ballots.moves_of(&device(voter * 2 + nth)).len() <= MAX_FLIPS + 1);
            prop_assert_eq!(world.head(), Some(head));
        }
    }

    #[test]
    fn a_frozen_path_stays_whatever_is_sealed_later(
        pieces in evidence(),
        later in prop::collection::vec((0_u8..6, 20_u64..40, any::<Index>()), 0..20),
    ) {
        let mut world = gathered(&pieces);
        if let Some(head) = world.head() {
            for pair in path(&world, head).windows(2) {
                world.frozen.insert(pair[1], pair[0]);
            }
            let ids: Vec<StateId> = world.states.keys().copied().collect();
            for (by, counter, at) in later {
                let at = ids[at.index(ids.len())];
                let _ = world.ballots.cast(Seal {
                    member: member(by),
                    device: device(by * 2),
                    counter,
                    digest: *at.as_bytes(),
                    vote: Some(at),
                    siblings: vec![],
                });
            }
            let now = world.head().unwrap();
            prop_assert!(path(&world, now).contains(&head));
        }
    }
}
