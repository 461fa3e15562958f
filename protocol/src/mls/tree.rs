//! The HPKE keys a commit puts into the tree: whether the next committer can seal to them.
//!
//! openmls takes any bytes for a key of a path node. Those under the committer's half of the tree
//! are read by nobody else at first, so a member could plant one that no later commit can seal to,
//! and the circle could never change again. Clause: specs/03-circle C-10.
//!
//! openmls does not give out the path, and the tree after a commit only at the price of hashing the
//! tree before it. So the path is read where it stands in the commit:
//! ```text
//! +-----------+--------------+---------------+----------+------+-----------+-----
//! | beginning | content type | proposals <V> | has path | leaf | nodes <V> | ...
//! +-----------+--------------+---------------+----------+------+-----------+-----
//! ```

use openmls::group::StagedCommit;
use openmls::prelude::{KeyPackage, LeafNode};
use tls_codec::{Deserialize, Serialize, TlsDeserialize, TlsSize, VLBytes};

use crate::mls::commit::Beginning;
use crate::mls::group::Group;
use crate::mls::profile::Suite;
use crate::mls::public_key::can_seal_to;
use crate::wire;

/// A commit of a member up to its path (RFC 9420 sections 6, 12.4).
#[derive(TlsDeserialize, TlsSize)]
struct UntilPath {
    _beginning: Beginning,
    _content_type: u8,
    _proposals: VLBytes,
    has_path: u8,
}

/// A node of a path (RFC 9420 section 7.6).
#[derive(TlsDeserialize, TlsSize)]
struct PathNode {
    key: VLBytes,
    _sealed: VLBytes,
}

/// Whether all keys that `staged` adds to the tree of `group` can be sealed to. It was staged from
/// `commit`, and what stands there is signed.
pub(super) fn keys_are_sound(group: &Group, commit: &[u8], staged: &StagedCommit) -> bool {
    // This device is removed and will seal to nobody.
    if staged.self_removed() {
        return true;
    }
    let Ok(suite) = group.suite() else {
        return false;
    };
    let leaf = staged.update_path_leaf_node();
    let Some(path) = leaf.and_then(|leaf| path_keys(commit, leaf)) else {
        return false;
    };
    // What a path puts into the tree is its nodes; the leaves that are new are those of the adds and
    // of the committer.
    path.into_iter()
        .map(|key| Some(key.into()))
        .chain(leaf.map(|leaf| key_of(leaf.encryption_key())))
        .chain(
            staged
                .add_proposals()
                .map(|add| key_of(add.add_proposal().key_package().leaf_node().encryption_key())),
        )
        .all(|key| key.is_some_and(|key| can_seal_to(suite, &key)))
}

/// The keys of the path of a commit that openmls found valid, from the bytes it was read from;
/// `leaf` is the path's leaf as openmls has it, and has to stand before the nodes.
pub(super) fn path_keys(commit: &[u8], leaf: &LeafNode) -> Option<Vec<VLBytes>> {
    let mut rest = commit;
    let until = UntilPath::tls_deserialize(&mut rest).ok()?;
    if until.has_path != 1 {
        return None;
    }
    let mut rest = rest.strip_prefix(wire::encode(leaf).as_slice())?;
    let nodes = Vec::<PathNode>::tls_deserialize(&mut rest).ok()?;
    Some(nodes.into_iter().map(|node| node.key).collect())
}

/// Whether both keys of a KeyPackage can be sealed to: by the Welcome, and by later commits.
pub(super) fn key_package_is_sound(suite: Suite, package: &KeyPackage) -> bool {
    let leaf_key = key_of(package.leaf_node().encryption_key());
    can_seal_to(suite, package.hpke_init_key().as_slice())
        && leaf_key.is_some_and(|key| can_seal_to(suite, &key))
}

/// The HPKE key that an encryption key or a parent node begins with (RFC 9420 section 7.1).
fn key_of(node: &impl Serialize) -> Option<Vec<u8>> {
    VLBytes::tls_deserialize(&mut wire::encode(node).as_slice()).map(Into::into).ok()
}
