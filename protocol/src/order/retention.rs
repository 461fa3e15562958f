//! When the keys of a state may go: what a device saw of its members and of its states, put
//! together with the votes. Clauses: specs/04-order O-50.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

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
