//! What members decide together: a motion put to the circle, and the word of those who agree.
//! Clauses: specs/08-content I-13; specs/03-circle C-42.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{DeviceId, ItemId};
use crate::ledger::{ConsentProof, Declaration, Motion};

/// A motion, put to the circle.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Proposal {
    /// What is to be decided.
    pub motion: Motion,
}

/// Its author agrees to a proposal. The signature is one of its own, apart from the item's, so
/// that a commit can carry it without the item.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Consent {
    /// The proposal.
    pub proposal: ItemId,
    /// For a succession the last item of a facilitator that the author had seen.
    pub seen: Option<ItemId>,
    /// What the author declares, if it is they who become a facilitator.
    pub declaration: Option<Declaration>,
    /// The signature.
    pub signature: [u8; 64],
}

impl Consent {
    /// The consent as a commit carries it.
    #[must_use]
    pub fn proof(&self, device: &DeviceId) -> ConsentProof {
        ConsentProof { device: *device, seen: self.seen, signature: self.signature }
    }
}
