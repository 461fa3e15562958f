//! The frame inside a seal: what kind of record it is, how long, and zeros up to the class.
//!
//! ```text
//! +--------+-----------------+----------------+---------------------+
//! | kind 1 | length 3 (BE)   | record         | zeros to the class  |
//! +--------+-----------------+----------------+---------------------+
//! ```
//! Clause: specs/01-wire W-10.

use zeroize::Zeroizing;

use crate::wire::DecodeError;

/// Bytes of a frame before its record.
pub const FRAME_HEADER: usize = 4;

/// What a sealed record is. Numbers are in specs/registry R-3.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum FrameKind {
    /// An MLS PrivateMessage holding an item.
    Item = 1,
    /// An MLS PublicMessage holding a commit.
    Commit = 2,
    /// The card of an invite.
    Card = 3,
    /// A knock, sealed by HPKE inside.
    Knock = 4,
    /// An answer to a knock, sealed by HPKE inside.
    Answer = 5,
    /// Names the chunks of a record too large for one envelope.
    Manifest = 6,
    /// One chunk of a large record.
    Chunk = 7,
    /// A device asks on a porch what it has missed.
    Ask = 10,
    /// What it has missed of commits, sealed by HPKE inside.
    Run = 11,
    /// What it has missed of items, sealed by HPKE inside.
    Handover = 12,
    /// A further device of a member asks to be certified, sealed by HPKE inside.
    DeviceRequest = 13,
    /// The word of a member's first device for it, sealed by HPKE inside.
    DeviceGrant = 14,
    /// A device asks on a porch to be taken in anew.
    Return = 15,
    /// The Welcome for it, sealed by HPKE inside.
    TakenBack = 16,
    /// A device says on a porch where it stands.
    Beacon = 17,
    /// Something said without its author's name, or nothing, sealed by HPKE inside.
    Anonymous = 20,
    /// Where a device can be met directly.
    Whereabouts = 38,
    /// A facilitator's device gives parts of a relay's grant to devices, sealed by HPKE inside.
    Grant = 48,
    /// A part of a relay's grant for those who hold an invite.
    Door = 49,
}

impl FrameKind {
    /// Every kind, in the order of their numbers.
    pub const ALL: [Self; 19] = [
        Self::Item,
        Self::Commit,
        Self::Card,
        Self::Knock,
        Self::Answer,
        Self::Manifest,
        Self::Chunk,
        Self::Ask,
        Self::Run,
        Self::Handover,
        Self::DeviceRequest,
        Self::DeviceGrant,
        Self::Return,
        Self::TakenBack,
        Self::Beacon,
        Self::Anonymous,
        Self::Whereabouts,
        Self::Grant,
        Self::Door,
    ];

    /// The kind with this number, if there is one.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == number)
    }
}

/// A record and what it is.
#[derive(Clone, Eq, PartialEq)]
pub struct Frame {
    /// What the record is.
    pub kind: FrameKind,
    /// The record.
    pub record: Zeroizing<Vec<u8>>,
}

impl Frame {
    /// The frame, padded with zeros to exactly `size` bytes; `None` if it does not fit.
    #[must_use]
    pub fn to_padded(kind: FrameKind, record: &[u8], size: usize) -> Option<Zeroizing<Vec<u8>>> {
        let length = u32::try_from(record.len()).ok()?.to_be_bytes();
        if record.len() + FRAME_HEADER > size || length[0] != 0 {
            return None;
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(size));
        bytes.push(kind as u8);
        bytes.extend_from_slice(&length[1..]);
        bytes.extend_from_slice(record);
        bytes.resize(size, 0);
        Some(bytes)
    }

    /// Reads what [`Self::to_padded`] wrote.
    ///
    /// # Errors
    /// An unknown kind, a length beyond the bytes, or padding that is not zero.
    pub fn from_padded(bytes: &[u8]) -> Result<Self, DecodeError> {
        let [kind, high, middle, low, rest @ ..] = bytes else {
            return Err(DecodeError::Malformed);
        };
        let kind = FrameKind::from_number(*kind).ok_or(DecodeError::UnknownVersion)?;
        let length = u32::from_be_bytes([0, *high, *middle, *low]) as usize;
        let (record, padding) = rest.split_at_checked(length).ok_or(DecodeError::Malformed)?;
        if padding.iter().any(|byte| *byte != 0) {
            return Err(DecodeError::NotCanonical);
        }
        Ok(Self { kind, record: Zeroizing::new(record.to_vec()) })
    }
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({:?}, {} bytes)", self.kind, self.record.len())
    }
}
