//! The item: what one device says once, in its place among what it had seen.
//!
//! ```text
//! +----------------------------------------------------+--------------+
//! | body V: circle, member, device, first state,       | signature 64 |
//! |   seq 8, previous?, seen V, written 8, scope 1,    |              |
//! |   content (kind 2, opaque V)                       |              |
//! +----------------------------------------------------+--------------+
//! ```
//! The exact signed bytes are forwarded: reading refuses any that would be encoded otherwise. What the signature does not
//! say, and whoever receives an item checks against a state, is that the device is the member's.
//! Clauses: specs/08-content I-2 to I-5.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::content::Content;
use crate::id::{CircleId, DeviceId, ItemId, MemberId, StateId};
use crate::identity::{DeviceKey, KnownKeys, Verified};
use crate::label::Label;
use crate::limits::{MAX_ITEM, MAX_SEEN};
use crate::time::Timestamp;
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError};

/// Bytes of a signed item besides its body: the body's length and the signature.
const AROUND_BODY: usize = 4 + 64;

/// Who may ever read an item.
#[derive(
    Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, TlsDeserialize, TlsSerialize, TlsSize,
)]
#[repr(u8)]
pub enum Scope {
    /// Those who were members in the state it was first sealed under.
    HereNow = 0,
    /// Also those who join later.
    LaterToo = 1,
}

/// What an item says, and where it stands.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct ItemBody {
    /// The circle it belongs to.
    pub circle: CircleId,
    /// Its author.
    pub member: MemberId,
    /// The device that wrote and signed it.
    pub device: DeviceId,
    /// The state it was first sealed under; with `scope` it says who may read it.
    pub first_state: StateId,
    /// How many items the device wrote in this circle before it.
    pub seq: u64,
    /// The device's item before it; `None` exactly for `seq` 0.
    pub previous: Option<ItemId>,
    /// Short ids of the tips its author had seen and `previous` does not imply: strictly ascending,
    /// at most [`MAX_SEEN`].
    pub seen: Vec<[u8; 16]>,
    /// When it was written, by the author's clock, in whole minutes.
    pub written: Timestamp,
    /// Who may ever read it.
    pub scope: Scope,
    /// What it says.
    pub content: Content,
}

impl ItemBody {
    /// Puts `seen` and `written` in canonical form and signs.
    #[must_use]
    pub fn sign(mut self, key: &DeviceKey) -> SignedItem {
        self.seen.sort_unstable();
        self.seen.dedup();
        self.seen.truncate(MAX_SEEN);
        self.written = self.written.to_minute();
        let body = wire::encode(&self);
        let signature = key.sign(Label::ITEM_SIGNATURE, &body);
        SignedItem { body: body.to_vec(), signature }
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let body: Self = wire::decode(bytes, MAX_ITEM)?;
        if body.seen.len() > MAX_SEEN {
            return Err(DecodeError::Limit);
        }
        let ascending = body.seen.is_sorted_by(|one, next| one < next);
        if !ascending || body.written != body.written.to_minute() {
            return Err(DecodeError::NotCanonical);
        }
        if (body.seq == 0) != body.previous.is_none() {
            return Err(DecodeError::Malformed);
        }
        Ok(body)
    }
}

/// An item as it travels and is kept: the exact bytes its author signed, and the signature.
#[derive(Clone, Eq, PartialEq)]
pub struct SignedItem {
    body: Vec<u8>,
    signature: [u8; 64],
}

#[derive(TlsDeserialize, TlsSerialize, TlsSize)]
struct SignedItemBytes {
    body: Opaque<MAX_ITEM>,
    signature: [u8; 64],
}

/// Why an item is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ItemError {
    /// What was signed is not an item.
    #[error("the item is unreadable: {0}")]
    Body(#[from] DecodeError),
    /// The device it names did not sign it.
    #[error("the item is not signed by its device")]
    BadSignature,
}

impl SignedItem {
    /// Bytes of the largest signed item.
    pub const MAX_LEN: usize = MAX_ITEM + AROUND_BODY;

    /// Reads what [`Self::to_bytes`] wrote; nothing about it is believed yet.
    ///
    /// # Errors
    /// [`DecodeError`] when the bytes are not a body and a signature.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let SignedItemBytes { body, signature } = wire::decode(bytes, Self::MAX_LEN)?;
        Ok(Self { body: body.into_bytes(), signature })
    }

    /// The bytes to seal, keep or forward.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.body.len() + AROUND_BODY);
        // Writing to memory a body below the limit cannot fail.
        let written =
            tls_codec::Serialize::tls_serialize(&tls_codec::VLByteSlice(&self.body), &mut bytes);
        debug_assert!(written.is_ok());
        bytes.extend_from_slice(&self.signature);
        bytes
    }

    /// The id, which the signature does not change. Use it only after [`Self::verify`].
    #[must_use]
    pub fn id(&self) -> ItemId {
        ItemId::from_bytes(Label::ITEM_ID.hash(&[&self.body]))
    }

    /// Reads an item that was verified before it was kept under its id: the seal of the store says
    /// that it is the same.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged.
    pub(crate) fn trusted(&self, id: ItemId) -> Result<Verified<Item>, DecodeError> {
        let body = ItemBody::from_bytes(&self.body)?;
        Ok(Verified::assert(Item { id, body: Box::new(body), signature: self.signature }))
    }

    /// Checks the body's form and that the device it names signed it.
    ///
    /// # Errors
    /// [`ItemError`]; the item is not kept.
    pub fn verify(&self) -> Result<Verified<Item>, ItemError> {
        self.verify_by(&mut KnownKeys::default())
    }

    /// The same, with the keys of those who signed before.
    ///
    /// # Errors
    /// As [`Self::verify`].
    pub(crate) fn verify_by(&self, known: &mut KnownKeys) -> Result<Verified<Item>, ItemError> {
        let item = self.read()?;
        let (device, label) = (&item.body.device, Label::ITEM_SIGNATURE);
        if !known.signature_holds(device, label, &self.body, &self.signature) {
            return Err(ItemError::BadSignature);
        }
        Ok(Verified::assert(item))
    }

    /// Reads what this device has signed itself a moment ago: form and limits are checked, and the
    /// signature is known.
    ///
    /// # Errors
    /// [`ItemError`] when it is too long or has not the form an item has.
    pub(crate) fn read_own(&self) -> Result<Verified<Item>, ItemError> {
        Ok(Verified::assert(self.read()?))
    }

    fn read(&self) -> Result<Item, ItemError> {
        let body = Box::new(ItemBody::from_bytes(&self.body)?);
        Ok(Item { id: self.id(), body, signature: self.signature })
    }
}

impl std::fmt::Debug for SignedItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignedItem({} bytes)", self.body.len())
    }
}

/// An item, read. Signed by its device when it is a `Verified<Item>`, the only way to get one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// What was signed.
    pub body: Box<ItemBody>,
    signature: [u8; 64],
}

impl Item {
    /// The item as it was received, to keep or forward.
    #[must_use]
    pub fn signed(&self) -> SignedItem {
        // The exact bytes that were signed: what was read is refused unless it encodes to them.
        SignedItem { body: wire::encode(&*self.body).to_vec(), signature: self.signature }
    }
}
