//! What is said on a porch: the topic of an era where a device that lost the way asks, and is told.
//!
//! Whoever was a member when the era began can read a porch, also after their removal. So nothing
//! of the circle stands there in the open: a question names the device that asks and where it
//! stands, and what it is told is sealed by HPKE to a key made for that question.
//! Clauses: specs/04-order O-70 to O-79.

mod ask;
mod beacon;
mod handover;
mod history;
mod returning;
mod run;

pub(crate) use ask::{Ask, AskBody, AskId};
pub(crate) use beacon::Beacon;
pub(crate) use handover::Handover;
pub(crate) use history::{AuthorProof, HistoryAsk, HistoryPage, HistoryPost};
pub(crate) use returning::{ReturnId, ReturnPost};
pub(crate) use run::{Newest, Run, RunStep, Told};

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::label::Label;
use crate::limits::MAX_WELCOME;
use crate::mls::{self, HpkePublic, HpkeSecret, Suite};
use crate::random::Random;
use crate::secret::SecretBytes;
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError};

/// Bytes that sealing adds at most: kem output, tag, lengths, id.
const AROUND: usize = 2048;
/// Bytes of the longest record that can be sealed to whoever asked.
pub(crate) const MAX_SEALED: usize = MAX_WELCOME - 2 * AROUND;

/// An answer to a question, or the Welcome for a device that comes back, sealed to its reply key.
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct SealedReply {
    /// The question, or what the device said on coming back.
    pub(crate) ask: AskId,
    sealed: Opaque<MAX_WELCOME>,
}

impl SealedReply {
    /// Seals an answer for whoever asked; `None` if it is too long or the key is none of the suite.
    pub(crate) fn seal(
        ask: AskId,
        info: Label,
        suite: Suite,
        reply: &HpkePublic,
        answer: &[u8],
        random: &mut Random,
    ) -> Option<Self> {
        if answer.len() > MAX_SEALED {
            return None;
        }
        let sealed = mls::seal(suite, reply, info, &ask, answer, random).ok()?;
        Some(Self { ask, sealed: Opaque::new(sealed).ok()? })
    }

    /// Opens the answer with the secret half of the question's key.
    pub(crate) fn open(&self, info: Label, suite: Suite, key: &HpkeSecret) -> Option<SecretBytes> {
        mls::open(suite, key, info, &self.ask, self.sealed.as_bytes()).ok()
    }

    /// The record of its frame.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self).to_vec()
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`DecodeError`] when the bytes are no sealed answer.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        wire::decode(bytes, MAX_WELCOME)
    }
}
