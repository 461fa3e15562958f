//! One member in the ledger.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{DeviceId, InviteId, MemberId};
use crate::ledger::{Declaration, VoteRight};
use crate::limits::MAX_NAME_CHARS;
use crate::time::Timestamp;
use crate::wire::text::Text;

/// What a member may do besides sharing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum Role {
    /// Invites, admits, removes.
    Facilitator = 1,
    /// Shares and replies.
    Member = 2,
    /// Reads, and says nothing that is part of the talk.
    Listener = 3,
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
    /// The epoch of the state in which the member first had this role.
    pub role_since: u64,
    /// What a facilitator declares about a duty to report. The founder's word is the circle's.
    pub declaration: Option<Declaration>,
    /// The epoch of the state in which the member first stood.
    pub since: u64,
    /// How the member came.
    pub manner: Manner,
    /// The member's devices, at most [`crate::limits::MAX_DEVICES_PER_MEMBER`].
    pub devices: Vec<DeviceId>,
    /// The epoch of the state the member's latest commit made; 0 for none.
    pub committed: u64,
    /// Whether the member votes.
    pub vote: VoteRight,
    /// When the member's latest return was asked for, by the clock of the device that returned; 0
    /// for none.
    pub returned: Timestamp,
}

impl MemberEntry {
    /// Who makes a circle: its first facilitator, with one device.
    #[must_use]
    pub fn founder(name: Text<MAX_NAME_CHARS>, device: DeviceId) -> Self {
        Self {
            name,
            role: Role::Facilitator,
            role_since: 0,
            declaration: None,
            since: 0,
            manner: Manner::Founder,
            devices: vec![device],
            committed: 0,
            vote: VoteRight::Since(0),
            returned: Timestamp::default(),
        }
    }
}
