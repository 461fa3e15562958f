//! One member in the ledger.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{DeviceId, InviteId, MemberId};
use crate::limits::MAX_NAME_CHARS;
use crate::wire::text::Text;

/// What a member may do besides sharing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum Role {
    /// Invites, admits, removes.
    Facilitator = 1,
    /// Shares and replies.
    Member = 2,
}

/// How somebody came to be a member.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum Manner {
    /// Made the circle.
    #[tls_codec(discriminant = 1)]
    Founder,
    /// Admitted by a facilitator who looked at the knock.
    #[tls_codec(discriminant = 2)]
    Reviewed(MemberId),
    /// Came by an invite that needs no review.
    #[tls_codec(discriminant = 3)]
    Open(InviteId),
}

/// One member.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct MemberEntry {
    /// The pseudonym in this circle.
    pub name: Text<MAX_NAME_CHARS>,
    /// What the member may do.
    pub role: Role,
    /// The epoch of the state in which the member first stood.
    pub since: u64,
    /// How the member came.
    pub manner: Manner,
    /// The member's devices, at most [`crate::limits::MAX_DEVICES_PER_MEMBER`].
    pub devices: Vec<DeviceId>,
}
