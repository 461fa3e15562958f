//! What a device says that comes back because nobody can give it a way, or because it found out
//! that it is a copy: that it wants a fresh leaf, with KeyPackages for it.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{CircleId, StateId};
use crate::identity::{DeviceKey, signature_holds};
use crate::label::Label;
use crate::ledger::Return;
use crate::limits::{MAX_KEY_PACKAGE, MAX_KEY_PACKAGES, MAX_RETURN};
use crate::mls::HpkePublic;
use crate::time::Timestamp;
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError};

const VERSION: u8 = 1;

/// Names what a device said on coming back.
pub(crate) type ReturnId = [u8; 32];

/// A device asks to be taken in anew.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct ReturnPost {
    version: u8,
    /// The circle.
    pub(crate) circle: CircleId,
    /// What shall be committed.
    pub(crate) change: Return,
    /// One to [`MAX_KEY_PACKAGES`] KeyPackages, the last one of last resort: a Welcome that is lost
    /// burns one.
    pub(crate) key_packages: Vec<Opaque<MAX_KEY_PACKAGE>>,
    /// The head of the device.
    pub(crate) head: StateId,
    /// How many items the device has written that it gives up, or that comes.
    pub(crate) seq: u64,
    /// Until when it heard everything.
    pub(crate) heard: Timestamp,
    /// The key that the Welcome is sealed to.
    pub(crate) reply: HpkePublic,
}

#[derive(TlsDeserialize, TlsSerialize, TlsSize)]
struct SignedPost {
    post: Opaque<MAX_RETURN>,
    signature: [u8; 64],
}

impl ReturnPost {
    /// What a device says on coming back to `circle`.
    pub(crate) fn new(
        circle: CircleId,
        change: Return,
        key_packages: Vec<Opaque<MAX_KEY_PACKAGE>>,
        head: StateId,
        reply: HpkePublic,
    ) -> Self {
        let (version, seq, heard) = (VERSION, 0, Timestamp::default());
        Self { version, circle, change, key_packages, head, seq, heard, reply }
    }

    /// Its id.
    pub(crate) fn id(&self) -> ReturnId {
        Label::RETURN_ID.hash(&[&wire::encode(self)])
    }

    /// The record of its frame, signed by the device that speaks; `None` if it is longer than
    /// anybody reads.
    pub(crate) fn sign(&self, key: &DeviceKey) -> Option<Vec<u8>> {
        let post = wire::encode(self);
        let signature = key.sign(Label::RETURN_POST, &post);
        let signed = SignedPost { post: Opaque::new(post.as_slice()).ok()?, signature };
        Some(wire::encode(&signed).to_vec())
    }

    /// Reads what [`Self::sign`] wrote, and checks that the device that speaks signed all of it.
    ///
    /// # Errors
    /// [`DecodeError`]; nobody acts on it.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let signed: SignedPost = wire::decode(bytes, 2 * MAX_RETURN)?;
        let post: Self = wire::decode(signed.post.as_bytes(), MAX_RETURN)?;
        let (speaker, bytes) = (post.change.speaker.as_bytes(), signed.post.as_bytes());
        if !signature_holds(speaker, Label::RETURN_POST, bytes, &signed.signature) {
            return Err(DecodeError::Malformed);
        }
        if post.version != VERSION {
            return Err(DecodeError::UnknownVersion);
        }
        if !(1..=MAX_KEY_PACKAGES).contains(&post.key_packages.len()) {
            return Err(DecodeError::Limit);
        }
        let covered =
            post.key_packages.iter().all(|package| post.change.covers(package.as_bytes()));
        if !covered || !post.change.holds(&post.circle) {
            return Err(DecodeError::Malformed);
        }
        Ok(post)
    }

    /// The KeyPackage for the next attempt: a fresh one while there are any, then the last.
    pub(crate) fn key_package(&self, attempts: u8) -> Option<&[u8]> {
        let index = usize::from(attempts).min(self.key_packages.len().saturating_sub(1));
        self.key_packages.get(index).map(Opaque::as_bytes)
    }
}
