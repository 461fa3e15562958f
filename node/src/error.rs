//! Why a node could not start or go on. What a request was refused for is told by the API.

use windbreak_protocol::LoadError;

use crate::private::PrivateError;
use crate::profile::ProfileError;
use crate::store::StoreError;

/// Why a node could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// The profile.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What the store holds is not what this program wrote.
    #[error(
        "what the profile keeps cannot be read; keep a copy of its folder; then take back your last backup: windbreak restore FILE --profile NEW-FOLDER"
    )]
    Load(#[from] LoadError),
    /// The socket of the local API.
    #[error("the socket of the local api cannot be made: {0}")]
    Socket(#[source] PrivateError),
    /// The operating system gave no randomness.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
    /// The operating system does not let us hear its signals.
    #[error("signals cannot be heard")]
    Signals(#[source] std::io::Error),
    /// A part of the program failed where it must not.
    #[error("a part of the program failed; this is a fault of the program, please report it")]
    Fault,
}
