//! The HPKE keys a commit puts into the tree: whether the next committer can seal to them.
//!
//! openmls takes any bytes for a key of a path node. Those under the committer's half of the tree
//! are read by nobody else at first, so a member could plant one that no later commit can seal to,
//! and the circle could never change again. Clause: specs/03-circle C-10.

use std::collections::BTreeSet;

use openmls::group::StagedCommit;
use openmls::prelude::KeyPackage;
use openmls_traits::OpenMlsProvider;
use openmls_traits::crypto::OpenMlsCrypto;
use tls_codec::{Deserialize, Serialize, VLBytes};

use crate::mls::group::Group;
use crate::mls::profile::Suite;
use crate::mls::provider::Provider;
use crate::wire;

/// Whether all keys that a staged commit adds to the tree of `group` can be sealed to.
pub(super) fn keys_are_sound(provider: &Provider, group: &Group, commit: &StagedCommit) -> bool {
    let Ok(suite) = group.suite() else {
        return false;
    };
    let old = group.inner.export_ratchet_tree();
    let known: BTreeSet<_> = old.parents().filter_map(key_of).collect();
    match commit.export_ratchet_tree(provider.crypto(), old) {
        // The leaves that are new are those of the adds and of the committer.
        Ok(Some(tree)) => {
            tree.parents()
                .map(key_of)
                .filter(|key| key.as_ref().is_none_or(|key| !known.contains(key)))
                .chain(commit.update_path_leaf_node().map(|leaf| key_of(leaf.encryption_key())))
                .chain(commit.add_proposals().map(|add| {
                    key_of(add.add_proposal().key_package().leaf_node().encryption_key())
                }))
                .all(|key| key.is_some_and(|key| can_seal_to(provider, suite, &key)))
        }
        // This device is removed and will seal to nobody.
        Ok(None) => true,
        Err(_) => false,
    }
}

/// Whether both keys of a KeyPackage can be sealed to: by the Welcome, and by later commits.
pub(super) fn key_package_is_sound(
    provider: &Provider,
    suite: Suite,
    package: &KeyPackage,
) -> bool {
    let leaf_key = key_of(package.leaf_node().encryption_key());
    can_seal_to(provider, suite, package.hpke_init_key().as_slice())
        && leaf_key.is_some_and(|key| can_seal_to(provider, suite, &key))
}

/// Whether `key` is an HPKE public key of this suite.
fn can_seal_to(provider: &Provider, suite: Suite, key: &[u8]) -> bool {
    provider.crypto().hpke_seal(suite.hpke_config(), key, &[], &[], &[]).is_ok()
}

/// The HPKE key that an encryption key or a parent node begins with (RFC 9420 section 7.1).
fn key_of(node: &impl Serialize) -> Option<Vec<u8>> {
    VLBytes::tls_deserialize(&mut wire::encode(node).as_slice()).map(Into::into).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mls::namespace::Namespace;
    use crate::secret::Secret;

    #[test]
    fn no_key_is_taken_that_nobody_can_seal_to() {
        let provider = Provider::new(Secret::from_bytes([1; 32]), &Namespace::new());
        for suite in [Suite::XWing, Suite::X25519] {
            let config = suite.hpke_config();
            let sound = provider.crypto().derive_hpke_keypair(config, &[2; 32]).unwrap().public;
            assert!(can_seal_to(&provider, suite, &sound));

            assert!(!can_seal_to(&provider, suite, &[]));
            assert!(!can_seal_to(&provider, suite, &sound[1..]));
            assert!(!can_seal_to(&provider, suite, &[sound.as_slice(), &[0]].concat()));
            assert!(!can_seal_to(&provider, suite, &vec![0; sound.len()]));
        }
        // Coefficients of ML-KEM beyond its modulus.
        assert!(!can_seal_to(&provider, Suite::XWing, &[0xff; 1216]));
    }
}
