//! A new agreement, put to the circle, and the word of those who agree to it.
//! Clauses: specs/08-content I-20, I-21; specs/03-circle C-60.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{DeviceId, ItemId};
use crate::invite::{AgreementHash, AgreementText};
use crate::ledger::{AgreementMotion, AgreementProof, AgreementVersion};

/// A new agreement, put to the circle.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct AgreementProposal {
    /// Which it would be: one more than the one it follows.
    pub version: AgreementVersion,
    /// All of its text.
    pub text: AgreementText,
}

/// Its author agrees to a new agreement. The signature is one of its own, apart from the item's, so
/// that a commit can carry it without the item.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct AgreementConsent {
    /// The proposal.
    pub proposal: ItemId,
    /// The signature.
    pub signature: [u8; 64],
}

impl AgreementProposal {
    /// What those who agree sign.
    #[must_use]
    pub fn motion(&self) -> AgreementMotion {
        AgreementMotion { version: self.version, hash: AgreementHash::of(&self.text) }
    }
}

impl AgreementConsent {
    /// The consent as a commit carries it.
    #[must_use]
    pub fn proof(&self, device: &DeviceId) -> AgreementProof {
        AgreementProof { device: *device, signature: self.signature }
    }
}
