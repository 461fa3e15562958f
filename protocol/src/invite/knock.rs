//! The knock: a newcomer asks to be let in.
//!
//! It is sealed to the opening key of the card, so other holders of a many-use link see noise. The
//! invite key signs (knock id, hashes of the KeyPackages, hash of the rest); whoever admits puts
//! that [`KnockProof`] beside the Add, so that everybody counts real uses without learning the
//! rest. Clauses: specs/05-invite V-7 to V-9, V-14.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{InviteId, KnockId};
use crate::identity::{Verified, signature_holds};
use crate::invite::{AgreementHash, InviteSeed};
use crate::label::Label;
use crate::limits::{MAX_KEY_PACKAGE, MAX_KEY_PACKAGES, MAX_KNOCK, MAX_NAME_CHARS, MAX_NOTE_CHARS};
use crate::mls::{HpkeError, HpkePublic};
use crate::time::Timestamp;
use crate::wire::text::{Opaque, Text};
use crate::wire::{self, DecodeError};

/// One KeyPackage, as its MLSMessage travels.
pub type KeyPackageBytes = Opaque<MAX_KEY_PACKAGE>;

/// What a newcomer says.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct KnockBody {
    /// One to [`MAX_KEY_PACKAGES`] KeyPackages: a failed Welcome burns one.
    pub key_packages: Vec<KeyPackageBytes>,
    /// The name the newcomer chose.
    pub name: Text<MAX_NAME_CHARS>,
    /// What the newcomer says to those who decide.
    pub note: Text<MAX_NOTE_CHARS>,
    /// The agreement the newcomer accepts.
    pub agreement: AgreementHash,
    /// The key the answer is sealed to.
    pub reply: HpkePublic,
    /// After this the newcomer no longer waits.
    pub expires: Timestamp,
}

/// A knock and the invite key's signature.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Knock {
    /// What the newcomer says.
    pub body: KnockBody,
    signature: [u8; 64],
}

/// Proof that a KeyPackage came with a holder of an invite. It says nothing else of the knock.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct KnockProof {
    /// The knock. One knock uses an invite once, however many Adds carry its proof.
    pub knock: KnockId,
    key_packages: Vec<[u8; 32]>,
    details: [u8; 32],
    signature: [u8; 64],
}

/// Why a knock is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum KnockError {
    /// It is not a knock.
    #[error("the knock is unreadable: {0}")]
    Body(#[from] DecodeError),
    /// The holder of the invite did not sign it.
    #[error("the knock is not signed with the invite")]
    BadSignature,
    /// It does not open with the invite's key.
    #[error("the knock does not open: {0}")]
    Sealed(#[from] HpkeError),
    /// What is inside is another knock than stands beside the seal.
    #[error("the knock is not the one it claims to be")]
    OtherKnock,
}

impl KnockBody {
    /// The id of a knock with this body.
    #[must_use]
    pub fn id(&self) -> KnockId {
        KnockId::from_bytes(Label::KNOCK_ID.hash(&[self.reply.as_bytes()]))
    }

    /// Signs with the invite.
    ///
    /// # Errors
    /// [`DecodeError`] says what nobody would accept in it.
    pub fn sign(self, seed: &InviteSeed) -> Result<Knock, DecodeError> {
        let mut knock = Knock { body: self, signature: [0; 64] };
        knock.signature = seed.sign(Label::KNOCK_SIGNATURE, &knock.proof().signed_content());
        knock.check()?;
        Ok(knock)
    }

    fn details(&self) -> [u8; 32] {
        Label::KNOCK_DETAILS.hash(&[
            self.name.as_str().as_bytes(),
            self.note.as_str().as_bytes(),
            self.agreement.as_bytes(),
            &self.expires.as_millis().to_be_bytes(),
        ])
    }
}

impl Knock {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> KnockId {
        self.body.id()
    }

    /// What proves towards the circle that its KeyPackages came with the invite.
    #[must_use]
    pub fn proof(&self) -> KnockProof {
        KnockProof {
            knock: self.id(),
            key_packages: self.body.key_packages.iter().map(hash_of).collect(),
            details: self.body.details(),
            signature: self.signature,
        }
    }

    /// The bytes to keep.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self).to_vec()
    }

    /// Reads what [`Self::to_bytes`] wrote and checks the signature of `invite`.
    ///
    /// # Errors
    /// [`KnockError`]; the knock does not reach the lobby.
    pub fn from_bytes(bytes: &[u8], invite: &InviteId) -> Result<Verified<Self>, KnockError> {
        let knock: Self = wire::decode(bytes, MAX_KNOCK)?;
        knock.check()?;
        if !knock.proof().holds(invite) {
            return Err(KnockError::BadSignature);
        }
        Ok(Verified::assert(knock))
    }

    fn check(&self) -> Result<(), DecodeError> {
        if !(1..=MAX_KEY_PACKAGES).contains(&self.body.key_packages.len()) {
            return Err(DecodeError::Limit);
        }
        Ok(())
    }
}

impl KnockProof {
    /// Whether the holder of `invite` made it.
    #[must_use]
    pub fn holds(&self, invite: &InviteId) -> bool {
        (1..=MAX_KEY_PACKAGES).contains(&self.key_packages.len())
            && signature_holds(
                invite.as_bytes(),
                Label::KNOCK_SIGNATURE,
                &self.signed_content(),
                &self.signature,
            )
    }

    /// Whether it speaks for this KeyPackage.
    #[must_use]
    pub fn covers(&self, key_package: &KeyPackageBytes) -> bool {
        self.key_packages.contains(&hash_of(key_package))
    }

    /// Every part has a fixed length but the list, which stands last.
    fn signed_content(&self) -> Vec<u8> {
        let mut content = [self.knock.as_bytes().as_slice(), &self.details].concat();
        content.extend(self.key_packages.iter().flatten());
        content
    }
}

fn hash_of(key_package: &KeyPackageBytes) -> [u8; 32] {
    Label::KNOCK_KEY_PACKAGE.hash(&[key_package.as_bytes()])
}
