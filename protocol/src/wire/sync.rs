//! What is said on the stream of one topic, between a client and the host of a mailbox.
//!
//! ```text
//! host    Nonce
//! client  Open(topic, proof)                    host  Opened, or the stream ends
//! client  Put | Follow | Days | Reconcile | Fetch | Spend
//!                                               host  answers by the request's number
//! ```
//! Each message stands behind its length (u32, big endian). A host never names a topic, and never
//! says whether it knows one. Clauses: specs/06-sync Y-1 to Y-12.

use std::fmt;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize, VLBytes};

use crate::admission::ShownToken;
use crate::id::{EnvelopeId, Topic};
use crate::label::Label;
use crate::limits::ENVELOPE_SIZES;
use crate::time::Hour;
use crate::wire::{DecodeError, decode, encode};

/// The name of the protocol, version included; hosts and clients of another version never meet.
pub const PROTOCOL: &str = "/windbreak/topic/1";
/// Bytes of the largest message: the largest envelope and what stands before it (Y-1).
pub const MAX_MESSAGE: usize = ENVELOPE_SIZES[2] + 64;
/// Bytes of one step of reconciliation (Y-7).
pub const MAX_RECONCILE: usize = 60_000;
/// Envelopes one request asks for (Y-8).
pub const MAX_FETCH: usize = 256;
/// Days a host lists, the newest (Y-6).
pub const MAX_DAYS: usize = 1200;

/// Ties an answer to its request; chosen by the client, growing.
#[derive(
    Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, TlsDeserialize, TlsSerialize, TlsSize,
)]
pub struct RequestNumber(u32);

impl RequestNumber {
    /// From the number on the wire.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number on the wire.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The number after this one; after the last comes the first.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}

/// What a client says.
#[derive(Clone, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum Request {
    /// Opens the topic; comes first and once. The proof is [`crate::wire::TopicKey::prove`] over
    /// the host's nonce and its peer id.
    #[tls_codec(discriminant = 1)]
    Open {
        /// The topic.
        topic: Topic,
        /// The signature by which the client may use it.
        proof: [u8; 64],
    },
    /// Asks to keep an envelope; answered by `Held` or `Refused`.
    #[tls_codec(discriminant = 2)]
    Put {
        /// The request's number.
        number: RequestNumber,
        /// The envelope, as it travels.
        envelope: VLBytes,
    },
    /// Asks for every envelope that arrives from now on, as `Live`.
    #[tls_codec(discriminant = 3)]
    Follow,
    /// Asks for the fingerprints of all days; answered by `Days`.
    #[tls_codec(discriminant = 4)]
    Days {
        /// The request's number.
        number: RequestNumber,
    },
    /// One step of reconciling a day (negentropy, ordered by hour and id); answered by
    /// `Reconciled`.
    #[tls_codec(discriminant = 5)]
    Reconcile {
        /// The request's number.
        number: RequestNumber,
        /// The day.
        day: u32,
        /// At most [`MAX_RECONCILE`] bytes.
        step: VLBytes,
    },
    /// Asks for envelopes by id; answered by a `Found` each and a `Done`.
    #[tls_codec(discriminant = 6)]
    Fetch {
        /// The request's number.
        number: RequestNumber,
        /// At most [`MAX_FETCH`].
        envelopes: Vec<EnvelopeId>,
    },
    /// Pays for what is put on this stream; answered by `Paid` or `Refused` (Y-66).
    #[tls_codec(discriminant = 7)]
    Spend {
        /// The request's number.
        number: RequestNumber,
        /// The token, as it is shown for this topic.
        token: ShownToken,
    },
}

/// What a host says.
#[derive(Clone, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum Reply {
    /// What the client has to sign; comes first and once.
    #[tls_codec(discriminant = 1)]
    Nonce {
        /// Random, fresh for every stream.
        nonce: [u8; 32],
    },
    /// The topic is open.
    #[tls_codec(discriminant = 2)]
    Opened,
    /// The envelope is durable here.
    #[tls_codec(discriminant = 3)]
    Held {
        /// The request's number.
        number: RequestNumber,
    },
    /// The envelope is not kept, and why.
    #[tls_codec(discriminant = 4)]
    Refused {
        /// The request's number.
        number: RequestNumber,
        /// Why.
        reason: Refusal,
    },
    /// An envelope that somebody else just put.
    #[tls_codec(discriminant = 5)]
    Live {
        /// The envelope, as it travels.
        envelope: VLBytes,
    },
    /// The client follows too slowly and missed some: it should reconcile.
    #[tls_codec(discriminant = 6)]
    Lagging,
    /// The days the host holds anything of, oldest first.
    #[tls_codec(discriminant = 7)]
    Days {
        /// The request's number.
        number: RequestNumber,
        /// At most [`MAX_DAYS`].
        days: Vec<DayFingerprint>,
    },
    /// The answer to one step of reconciliation.
    #[tls_codec(discriminant = 8)]
    Reconciled {
        /// The request's number.
        number: RequestNumber,
        /// At most [`MAX_RECONCILE`] bytes.
        step: VLBytes,
    },
    /// One of the envelopes asked for.
    #[tls_codec(discriminant = 9)]
    Found {
        /// The request's number.
        number: RequestNumber,
        /// The envelope, as it travels.
        envelope: VLBytes,
    },
    /// All that could be found was sent.
    #[tls_codec(discriminant = 10)]
    Done {
        /// The request's number.
        number: RequestNumber,
        /// Those asked for that the host does not hold.
        missing: Vec<EnvelopeId>,
    },
    /// The token is spent durably, and pays on this stream.
    #[tls_codec(discriminant = 11)]
    Paid {
        /// The request's number.
        number: RequestNumber,
    },
}

/// Why a host does not keep an envelope. Numbers are in specs/registry R-6.
#[derive(
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd,
    TlsDeserialize,
    TlsSerialize,
    TlsSize,
    thiserror::Error,
)]
#[repr(u8)]
pub enum Refusal {
    /// The topic has used up its quota.
    #[error("the topic's quota is used up")]
    Quota = 1,
    /// The host has no room, or could not write.
    #[error("the host is full")]
    Full = 2,
    /// Its hour is older than anything the host keeps.
    #[error("the envelope is older than anything kept")]
    Expired = 3,
    /// It is no envelope, or its signature is wrong.
    #[error("not a well-formed, well-signed envelope")]
    Malformed = 4,
    /// It belongs to another topic than the one this stream opened.
    #[error("the envelope belongs to another topic")]
    WrongTopic = 5,
    /// Its hour lies too far ahead.
    #[error("the envelope's hour lies too far ahead")]
    TooFarAhead = 6,
    /// The host is stopping.
    #[error("the host is shutting down")]
    ShuttingDown = 7,
    /// The host reads the circle and has no use for it.
    #[error("the host has no use for the envelope")]
    Unwanted = 8,
    /// The relay takes by grant, and no token that was spent here pays for it.
    #[error("the relay takes by grant, and no token pays for it")]
    TokenWanted = 15,
    /// The token is of another relay or time, or was spent before.
    #[error("the token is not valid, or was spent before")]
    TokenInvalid = 16,
    /// The sub-grant has given its tokens for this epoch.
    #[error("the sub-grant has given its tokens for now")]
    GrantUsedUp = 17,
    /// The grant or the sub-grant is unknown, revoked, or over.
    #[error("the grant does not hold, or no longer")]
    GrantEnded = 18,
    /// The sub-grant holds, and the week of the relay is another than the one that was named.
    #[error("the relay's clock is in another week")]
    OtherEpoch = 19,
    /// All places of the host are taken; said instead of a nonce, with the number 0 (Y-117).
    #[error("all places of the host are taken")]
    Crowded = 20,
}

impl Refusal {
    /// Every reason, in the order of their numbers.
    pub const ALL: [Self; 14] = [
        Self::Quota,
        Self::Full,
        Self::Expired,
        Self::Malformed,
        Self::WrongTopic,
        Self::TooFarAhead,
        Self::ShuttingDown,
        Self::Unwanted,
        Self::TokenWanted,
        Self::TokenInvalid,
        Self::GrantUsedUp,
        Self::GrantEnded,
        Self::OtherEpoch,
        Self::Crowded,
    ];

    /// Whether putting the same envelope again later can succeed.
    #[must_use]
    pub const fn is_passing(self) -> bool {
        matches!(
            self,
            Self::Quota
                | Self::Full
                | Self::ShuttingDown
                | Self::TooFarAhead
                | Self::TokenWanted
                | Self::GrantUsedUp
                | Self::Crowded
        )
    }
}

/// What a host holds of one day, so that equal days cost nothing more.
#[derive(Clone, Copy, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct DayFingerprint {
    /// The day: hours since the Unix epoch, divided by 24.
    pub day: u32,
    /// How many envelopes.
    pub count: u32,
    /// The first half of a hash over all (hour, id), in order.
    pub fingerprint: [u8; 16],
}

impl DayFingerprint {
    /// The fingerprint of these envelopes of `day`, given in the order of (hour, id).
    #[must_use]
    pub fn of(day: u32, envelopes: impl Iterator<Item = (Hour, EnvelopeId)>) -> Self {
        let mut content = Vec::new();
        let mut count = 0_u32;
        for (hour, id) in envelopes {
            content.extend_from_slice(&hour.get().to_be_bytes());
            content.extend_from_slice(id.as_bytes());
            count = count.saturating_add(1);
        }
        let hash = Label::DAY_FINGERPRINT.hash(&[&content]);
        let mut fingerprint = [0; 16];
        fingerprint.copy_from_slice(&hash[..16]);
        Self { day, count, fingerprint }
    }
}

impl Request {
    /// The bytes of this message, without the length before it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self).to_vec()
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`DecodeError`]: the client does not follow the protocol.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let request = decode(bytes, MAX_MESSAGE)?;
        match &request {
            Self::Reconcile { step, .. } if step.as_slice().len() > MAX_RECONCILE => {
                Err(DecodeError::Limit)
            }
            Self::Fetch { envelopes, .. } if envelopes.len() > MAX_FETCH => Err(DecodeError::Limit),
            _ => Ok(request),
        }
    }
}

impl Reply {
    /// The bytes of this message, without the length before it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self).to_vec()
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`DecodeError`]: the host does not follow the protocol.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let reply = decode(bytes, MAX_MESSAGE)?;
        match &reply {
            Self::Reconciled { step, .. } if step.as_slice().len() > MAX_RECONCILE => {
                Err(DecodeError::Limit)
            }
            Self::Days { days, .. } if days.len() > MAX_DAYS => Err(DecodeError::Limit),
            Self::Days { days, .. } if !days.is_sorted_by(|a, b| a.day < b.day) => {
                Err(DecodeError::NotCanonical)
            }
            Self::Done { missing, .. } if missing.len() > MAX_FETCH => Err(DecodeError::Limit),
            _ => Ok(reply),
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open { .. } => "Open(…)",
            Self::Put { .. } => "Put(…)",
            Self::Follow => "Follow",
            Self::Days { .. } => "Days",
            Self::Reconcile { .. } => "Reconcile(…)",
            Self::Fetch { .. } => "Fetch(…)",
            Self::Spend { .. } => "Spend(…)",
        })
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nonce { .. } => "Nonce(…)",
            Self::Opened => "Opened",
            Self::Held { .. } => "Held",
            Self::Refused { reason, .. } => return write!(f, "Refused({reason:?})"),
            Self::Live { .. } => "Live(…)",
            Self::Lagging => "Lagging",
            Self::Days { .. } => "Days(…)",
            Self::Reconciled { .. } => "Reconciled(…)",
            Self::Found { .. } => "Found(…)",
            Self::Done { .. } => "Done(…)",
            Self::Paid { .. } => "Paid",
        })
    }
}

impl fmt::Debug for DayFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DayFingerprint({} envelopes)", self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requests() -> Vec<Request> {
        let number = RequestNumber::new(7);
        vec![
            Request::Open { topic: Topic::from_bytes([1; 32]), proof: [2; 64] },
            Request::Put { number, envelope: vec![3; ENVELOPE_SIZES[2]].into() },
            Request::Follow,
            Request::Days { number },
            Request::Reconcile { number, day: 19_000, step: vec![4; MAX_RECONCILE].into() },
            Request::Fetch { number, envelopes: vec![EnvelopeId::from_bytes([5; 32]); MAX_FETCH] },
            Request::Spend { number, token: ShownToken::from_parts(3, [6; 32], [7; 32]) },
        ]
    }

    fn replies() -> Vec<Reply> {
        let number = RequestNumber::new(7);
        let days = (0..MAX_DAYS as u32).map(|day| DayFingerprint::of(day, std::iter::empty()));
        vec![
            Reply::Nonce { nonce: [1; 32] },
            Reply::Opened,
            Reply::Held { number },
            Reply::Refused { number, reason: Refusal::Quota },
            Reply::Live { envelope: vec![3; ENVELOPE_SIZES[2]].into() },
            Reply::Lagging,
            Reply::Days { number, days: days.collect() },
            Reply::Reconciled { number, step: vec![4; MAX_RECONCILE].into() },
            Reply::Found { number, envelope: vec![3; ENVELOPE_SIZES[2]].into() },
            Reply::Done { number, missing: vec![EnvelopeId::from_bytes([5; 32]); MAX_FETCH] },
            Reply::Paid { number },
        ]
    }

    #[test]
    fn every_message_at_its_largest_reads_back() {
        for request in requests() {
            assert_eq!(Request::from_bytes(&request.to_bytes()), Ok(request));
        }
        for reply in replies() {
            assert_eq!(Reply::from_bytes(&reply.to_bytes()), Ok(reply));
        }
    }

    #[test]
    fn a_truncated_or_longer_message_is_refused() {
        for request in requests() {
            let mut bytes = request.to_bytes();
            bytes.push(0);
            assert!(Request::from_bytes(&bytes).is_err());
            bytes.truncate(bytes.len() - 2);
            assert!(Request::from_bytes(&bytes).is_err());
        }
    }

    #[test]
    fn lists_beyond_their_limit_are_refused() {
        let number = RequestNumber::new(0);
        let many = vec![EnvelopeId::from_bytes([5; 32]); MAX_FETCH + 1];
        let request = Request::Fetch { number, envelopes: many };
        assert_eq!(Request::from_bytes(&request.to_bytes()), Err(DecodeError::Limit));
        let day = DayFingerprint::of(3, std::iter::empty());
        let reply = Reply::Days { number, days: vec![day, day] };
        assert_eq!(Reply::from_bytes(&reply.to_bytes()), Err(DecodeError::NotCanonical));
    }

    #[test]
    fn the_numbers_of_refusals_are_those_of_the_registry() {
        for (refusal, number) in Refusal::ALL.into_iter().zip((1_u8..=8).chain(15..)) {
            assert_eq!(encode(&refusal).as_slice(), [number]);
        }
    }
}
