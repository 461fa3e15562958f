//! Identifiers: fixed-length names of circles, members, devices, states, items and envelopes.
//!
//! All of them are 32 bytes. None prints its bytes through `Debug`: a log line must not name
//! anybody. Use [`CircleId::to_text`] and its siblings where a person has asked for the name.
//! Clause: specs/01-wire W-3.

use std::fmt;

use serde::{Deserialize, Serialize};
use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

/// The text of an identifier is not 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an identifier is 64 lower-case hexadecimal digits")]
pub struct IdTextError;

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd, TlsDeserialize, TlsSerialize, TlsSize,
        )]
        pub struct $name([u8; 32]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = 32;

            /// Takes the 32 bytes as they stand on the wire.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The 32 bytes as they stand on the wire.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }

            /// Sixty-four lower-case hexadecimal digits, for the local API and the screen.
            #[must_use]
            pub fn to_text(&self) -> String {
                data_encoding::HEXLOWER.encode(&self.0)
            }

            /// Reads what [`Self::to_text`] wrote.
            ///
            /// # Errors
            /// [`IdTextError`] when the text is anything else.
            pub fn from_text(text: &str) -> Result<Self, IdTextError> {
                let bytes = data_encoding::HEXLOWER
                    .decode(text.as_bytes())
                    .map_err(|_| IdTextError)?;
                Ok(Self(bytes.try_into().map_err(|_| IdTextError)?))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.to_text())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::from_text(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

identifier! {
    /// Names one circle for its whole life; also its MLS group id. Random, so it reveals nothing
    /// but equality.
    CircleId
}
identifier! {
    /// Names one member of one circle: the public half of the member key (Ed25519).
    MemberId
}
identifier! {
    /// Names one device of a member in one circle: the public half of the device key (Ed25519),
    /// which is also its MLS signature key.
    DeviceId
}
identifier! {
    /// Names one state of a circle (specs/03-circle C-5). Derived from what the members agreed on,
    /// never from bytes somebody sent.
    StateId
}
identifier! {
    /// Names what somebody said, whatever it was sealed under (specs/08-content I-3).
    ItemId
}
identifier! {
    /// Names a sealed envelope without its signature: the key of store, reconciliation and
    /// deduplication (specs/01-wire W-9). Meaningful only after the signature was verified.
    EnvelopeId
}
identifier! {
    /// Names the exact bytes of an envelope, signature included: what gossip deduplicates by, so
    /// that a spoilt copy never shares an id with the true one (specs/01-wire W-9).
    GossipId
}
identifier! {
    /// A topic: the Ed25519 public key whose private half every reader of the topic can derive
    /// (specs/03-circle C-20).
    Topic
}
identifier! {
    /// Names an invite: the public half of the key its seed yields (specs/05-invite V-2).
    InviteId
}
identifier! {
    /// Names who issued an invite: the public half (Ed25519) of the key that signs its card and its
    /// refusals (specs/05-invite V-6).
    IssuerId
}
identifier! {
    /// Names a report: the hash of what opens the answers to it, so that only those who may know of
    /// it recognise its id (specs/08-content I-43).
    ReportId
}
identifier! {
    /// Names a draft on the device that keeps it: random, and known nowhere else (specs/08-content
    /// I-55).
    DraftId
}
identifier! {
    /// Names a check-in on the device that keeps it: random, and known nowhere else (specs/08-content
    /// I-56).
    CheckInId
}
identifier! {
    /// Names a part of a plan on the device that keeps it: random, and known nowhere else
    /// (specs/08-content I-57).
    PlanPartId
}
identifier! {
    /// Names one knock: the hash of its reply key (specs/05-invite V-9).
    KnockId
}

impl StateId {
    /// The first 16 bytes, as used where eight of them must fit beside an item.
    #[must_use]
    pub fn short(&self) -> [u8; 16] {
        first_half(&self.0)
    }
}

impl ItemId {
    /// The first 16 bytes: how an item names the tips its author had seen (specs/08-content I-5).
    #[must_use]
    pub fn short(&self) -> [u8; 16] {
        first_half(&self.0)
    }
}

fn first_half(bytes: &[u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&bytes[..16]);
    half
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_does_not_give_an_id_away() {
        let id = CircleId::from_bytes([0xab; 32]);
        assert_eq!(format!("{id:?}"), "CircleId(…)");
    }

    #[test]
    fn text_reads_back_and_nothing_else_does() {
        let id = ItemId::from_bytes([7; 32]);
        assert_eq!(ItemId::from_text(&id.to_text()), Ok(id));
        for wrong in ["", "07", &id.to_text().to_uppercase().replace('0', "A"), "zz"] {
            assert_eq!(ItemId::from_text(wrong), Err(IdTextError));
        }
    }
}
