//! The keys that the path of a commit puts into the tree.

use std::collections::BTreeSet;

use openmls::framing::{MlsMessageBodyIn, MlsMessageIn, ProcessedMessageContent};
use tls_codec::{Deserialize, Serialize, VLBytes};

use super::*;
use crate::wire;

/// A circle of so many, all of whom came in together.
fn circle(suite: Suite, members: u8) -> Vec<Device> {
    let mut devices: Vec<Device> = (1..=members).map(|number| Device::new(suite, number)).collect();
    let (first, others) = devices.split_first_mut().unwrap();
    first.create(&[1; 32]);
    let packages: Vec<_> = others.iter_mut().map(|device| device.key_package(false)).collect();
    let built = first.commit(&packages, &[], 2);
    for device in others {
        device.join(built.welcome.as_ref().unwrap()).unwrap();
    }
    devices
}

fn keys_of<'a>(nodes: impl Iterator<Item = &'a (impl Serialize + 'a)>) -> BTreeSet<Vec<u8>> {
    let key = |node| VLBytes::tls_deserialize(&mut wire::encode(node).as_slice()).unwrap();
    nodes.map(|node| key(node).into()).collect()
}

/// The keys of parents that a commit adds, as the whole tree after it has them; and the same as its
/// path has them.
fn both_ways(device: &mut Device, commit: &[u8]) -> (BTreeSet<Vec<u8>>, BTreeSet<Vec<u8>>) {
    let provider = device.provider();
    let mut group = Group::load(&provider, &CIRCLE).unwrap();
    let before = group.inner.export_ratchet_tree();
    let message = MlsMessageIn::tls_deserialize_exact(commit).unwrap();
    let MlsMessageBodyIn::PublicMessage(message) = message.extract() else { panic!("no commit") };
    let processed = group.inner.process_message(&provider, message).unwrap().into_content();
    let ProcessedMessageContent::StagedCommitMessage(staged) = processed else {
        panic!("no commit")
    };
    let known = keys_of(before.parents());
    let after = staged.export_ratchet_tree(provider.crypto(), before).unwrap().unwrap();
    let added = keys_of(after.parents()).difference(&known).cloned().collect();
    let leaf = staged.update_path_leaf_node().unwrap();
    let path = tree::path_keys(commit, leaf).unwrap();
    (added, path.into_iter().map(Into::into).collect())
}

#[test]
fn the_path_of_a_commit_holds_all_keys_that_its_tree_gets() {
    for suite in BOTH {
        for members in [2, 3, 5, 8] {
            let mut devices = circle(suite, members);
            let last = devices.len() - 1;
            // A leaf is renewed, one is taken out, and two come in: the tree shrinks and grows.
            for (at, removes, adds) in [(0, vec![], 0), (0, vec![1], 0), (0, vec![], 2)] {
                let adds: Vec<_> = (0..adds)
                    .map(|number| Device::new(suite, 50 + number).key_package(false))
                    .collect();
                let commit = devices[at].commit(&adds, &removes, 3).commit;
                if last == 1 && !removes.is_empty() {
                    break;
                }
                let (tree, path) = both_ways(&mut devices[last], &commit);
                assert_eq!(tree, path);
                assert!(!path.is_empty());
                devices[last].follow(&commit);
            }
        }
    }
}

#[test]
fn a_path_with_a_key_that_nobody_can_seal_to_is_refused() {
    use StageError::{Key, Refused};
    for suite in BOTH {
        let mut devices = circle(suite, 4);
        let mut found = |count| {
            let ada = &mut devices[0];
            let provider = ada.provider().breaking(count);
            let mut group = Group::load(&provider, &CIRCLE).unwrap();
            let changes = CommitChanges { adds: &[], removes: &[], ..CommitChanges::default() };
            let commit =
                group.commit(&provider, &ada.signer, b"", changes, &[3; 32]).unwrap().commit;
            let [ben, cleo] = [1, 2].map(|at| devices[at].stage(&commit).map(drop).err());
            (ben, cleo)
        };
        // Ben sits below Ada's lowest node, and both below the root: who can compute a key sees that
        // it is another. Nobody but Ada can compute that of her leaf.
        let lowest = (Some(Refused), Some(Key));
        let root = (Some(Refused), Some(Refused));
        let leaf = (Some(Key), Some(Key));
        assert_eq!((found(2), found(3)), (leaf, (None, None)));
        // Which of the keys above the leaf comes first differs: they are derived beside each other.
        let mut missing = vec![lowest, root];
        for count in (0..2).cycle().take(200) {
            let one = found(count);
            assert!(one == lowest || one == root, "{one:?}");
            missing.retain(|other| *other != one);
            if missing.is_empty() {
                break;
            }
        }
        assert!(missing.is_empty(), "{missing:?}");
    }
}
