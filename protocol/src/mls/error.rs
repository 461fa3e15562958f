//! What can go wrong with MLS: one enum per operation, a variant per cause that a caller can act
//! on. Causes inside openmls end as `Refused`: their text may quote what peers sent.

use crate::mls::codec::RecordError;
use crate::wire::DecodeError;

/// Why an operation on one's own group failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum GroupError {
    /// The namespace holds no such group.
    #[error("the namespace holds no group")]
    Missing,
    /// A record of the namespace cannot be read or written.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A credential is longer than allowed.
    #[error("the credential is longer than allowed")]
    Credential,
    /// A leaf of the group is not one that this profile admits.
    #[error("a leaf of the group does not follow the profile")]
    Leaf,
    /// The group has no hash of a ledger.
    #[error("the group names no ledger")]
    Ledger,
    /// Somebody's KeyPackage cannot be used.
    #[error(transparent)]
    KeyPackage(#[from] KeyPackageError),
    /// openmls refused: a leaf to remove that is not there, an add that is there already, or a
    /// device that is no longer a member.
    #[error("the change does not fit the group")]
    Refused,
}

/// Why a KeyPackage cannot be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum KeyPackageError {
    /// Not a KeyPackage.
    #[error("the keypackage is {0}")]
    Decode(#[from] DecodeError),
    /// Its signature or its structure is wrong.
    #[error("the keypackage is not valid")]
    Invalid,
    /// Made for another suite.
    #[error("the keypackage is for another suite")]
    Suite,
    /// It ends at some time, so that its validity would depend on a clock.
    #[error("the keypackage has a lifetime of its own")]
    Lifetime,
    /// Nobody could seal to one of its keys.
    #[error("the keypackage has an unusable key")]
    Key,
    /// Its credential or signature key is not one of this profile.
    #[error("the keypackage does not follow the profile")]
    Leaf,
}

/// Why a received commit was refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum StageError {
    /// Not an MLS message.
    #[error("the commit is {0}")]
    Decode(#[from] DecodeError),
    /// An MLS message, and not a commit in a PublicMessage.
    #[error("not a commit")]
    Kind,
    /// From somebody who is not a member: external commits and external senders are refused.
    #[error("the commit is not from a member")]
    NotAMember,
    /// Signed by this device itself, which merges own commits where they are built.
    #[error("the commit is one's own")]
    Own,
    /// Made on another group or epoch.
    #[error("the commit is made on another state")]
    OtherState,
    /// openmls refused it: a wrong signature or tag, a path that does not decrypt, a proposal by
    /// reference (none is ever kept), an add of somebody who is there.
    #[error("the commit is not valid on this state")]
    Refused,
    /// It carries a proposal that this profile does not know: update, external init, psk, reinit,
    /// self-remove, custom.
    #[error("the commit carries a foreign proposal")]
    ForeignProposal,
    /// It has no path, so it renews nothing.
    #[error("the commit has no path")]
    NoPath,
    /// Its group context is not exactly the hash of the next ledger.
    #[error("the commit names no next ledger")]
    Ledger,
    /// A KeyPackage it adds cannot be used.
    #[error(transparent)]
    KeyPackage(#[from] KeyPackageError),
    /// It puts a key into the tree that nobody could seal to, so that no commit could follow.
    #[error("the commit plants an unusable key")]
    Key,
    /// The committer's new leaf does not follow the profile.
    #[error("the committer's leaf does not follow the profile")]
    Leaf,
}

/// Why a PrivateMessage could not be opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum OpenError {
    /// Not an MLS message.
    #[error("the message is {0}")]
    Decode(#[from] DecodeError),
    /// An MLS message, and not an application message in a PrivateMessage.
    #[error("not an application message")]
    Kind,
    /// Sealed on another group or epoch.
    #[error("the message belongs to another state")]
    OtherState,
    /// From this device itself, which keeps no key to open it.
    #[error("the message is one's own")]
    Own,
    /// Altered, opened before, or too far ahead or behind.
    #[error("the message cannot be opened")]
    Refused,
}

/// Why a Welcome did not make this device a member.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum JoinError {
    /// Not an MLS message.
    #[error("the welcome is {0}")]
    Decode(#[from] DecodeError),
    /// Another kind of MLS message.
    #[error("not a welcome")]
    Kind,
    /// It asks for a shared key beside it.
    #[error("the welcome asks for a shared key")]
    Psk,
    /// Its suite is none of ours, or not that of the circle.
    #[error("the welcome is for another suite")]
    Suite,
    /// Its group context is not exactly the hash of a ledger.
    #[error("the welcome names no ledger")]
    Ledger,
    /// A leaf of the group is not one that this profile admits.
    #[error("a leaf of the group does not follow the profile")]
    Leaf,
    /// Made for KeyPackages that are not in this namespace, or altered.
    #[error("the welcome cannot be opened")]
    Refused,
}
