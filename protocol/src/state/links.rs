//! What a seal says about itself, authenticated by MLS as additional data.
//! Clauses: specs/03-circle C-9, C-12.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{MemberId, StateId};
use crate::ledger::{Change, Departure};
use crate::time::Period;

/// The first 16 bytes of an item's id.
pub(crate) type Short = [u8; 16];

/// The version of both records.
const VERSION: u8 = 1;
/// Bytes of the longest record of links: a commit with all its changes.
pub(crate) const MAX_LINKS: usize = 256 * 1024;

/// Beside an item: where it is sealed, and the how manieth seal of its device it is.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct SealLinks {
    version: u8,
    /// The state it is sealed under.
    pub(crate) state: StateId,
    /// Grows by one with every seal of a device, over all states.
    pub(crate) counter: u64,
}

impl SealLinks {
    pub(crate) fn new(state: StateId, counter: u64) -> Self {
        Self { version: VERSION, state, counter }
    }

    pub(crate) fn is_known_version(&self) -> bool {
        self.version == VERSION
    }
}

/// Beside a commit: its parent, its place in the device's seals, what it had seen, and what it
/// changes.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct CommitLinks {
    version: u8,
    /// The state it is made from.
    pub(crate) parent: StateId,
    /// Grows by one with every seal of a device, over all states.
    pub(crate) counter: u64,
    /// The period in which an era begun by this commit begins.
    pub(crate) period: Period,
    /// The tips its author had seen: what somebody taken out wrote stays visible as far as it lies
    /// behind these.
    pub(crate) seen: Vec<Short>,
    /// What changes.
    pub(crate) changes: Vec<Change>,
}

impl CommitLinks {
    pub(crate) fn new(
        parent: StateId,
        counter: u64,
        period: Period,
        seen: Vec<Short>,
        changes: Vec<Change>,
    ) -> Self {
        Self { version: VERSION, parent, counter, period, seen, changes }
    }

    pub(crate) fn is_known_version(&self) -> bool {
        self.version == VERSION
    }

    /// Whether it lets `member` go because they said that they leave.
    pub(crate) fn lets_go(&self, member: &MemberId) -> bool {
        self.changes.iter().any(|change| {
            matches!(change, Change::Depart(Departure::Left { member: gone, .. }) if gone == member)
        })
    }

    /// Whether it takes somebody out, and so begins an era.
    pub(crate) fn departs(&self) -> bool {
        self.changes.iter().any(|change| matches!(change, Change::Depart(_)))
    }
}
