//! What is said without its author's name: sealed under a state, so that it comes from a member, and
//! signed by nobody. Inside it is sealed to a few devices of that state; all others see that
//! somebody said something, or nothing. All of them are of one length.
//!
//! ```text
//! +-----------+--------------------------------+---------------------------+
//! | version 1 | readers V: 6 times opaque V,   | body: opaque V, sealed by |
//! |           | each the body's key, sealed by | HPKE to that key          |
//! |           | HPKE to one leaf               |                           |
//! +-----------+--------------------------------+---------------------------+
//! ```
//! Clauses: specs/08-content I-40 to I-43.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use crate::content::SignedItem;
use crate::id::{ItemId, ReportId, StateId};
use crate::label::Label;
use crate::limits::{ANONYMOUS_LEN, ANONYMOUS_READERS, MAX_QUOTE, MAX_REPORT_CHARS};
use crate::mls::{self, HpkePublic, HpkeSecret, Suite};
use crate::random::Random;
use crate::secret::Secret;
use crate::wire::text::{Opaque, Text};
use crate::wire::{self, DecodeError, SizeClass};

const VERSION: u8 = 1;
/// Bytes of the body's key under HPKE at most.
const MAX_READER: usize = 1280;
/// Bytes of the body under HPKE at most.
const MAX_BODY: usize = ANONYMOUS_LEN + 1280;

/// The class in which all of them travel.
pub(crate) const ANONYMOUS_CLASS: SizeClass = SizeClass::Medium;

/// Why somebody reports, appeals, or how a report ended.
pub(crate) type ReportText = Text<MAX_REPORT_CHARS>;

/// What a member says without their name.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub(crate) enum Anonymous {
    /// Nothing: it is sent so that nobody sees when something is.
    #[tls_codec(discriminant = 1)]
    Nothing,
    /// Something that was said is reported.
    #[tls_codec(discriminant = 2)]
    Report(Report),
}

/// A report.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Report {
    /// What opens the answers to it; who has it made the report, or is one it is for.
    pub(crate) answers: Secret<32>,
    /// What it is about.
    pub(crate) item: ItemId,
    /// The same as its author signed it, if it is not too long.
    pub(crate) quote: Option<Opaque<MAX_QUOTE>>,
    /// Why.
    pub(crate) reason: ReportText,
    /// Why it should not have ended as it did, if it was closed.
    pub(crate) appeal: Option<Appeal>,
}

/// An appeal against how a report ended.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Appeal {
    /// The answer that closed the report.
    pub(crate) against: ItemId,
    /// Why.
    pub(crate) reason: ReportText,
}

impl Report {
    /// Its id.
    pub(crate) fn id(&self) -> ReportId {
        report_id(&self.answers)
    }

    /// The quote; `None` if there is none, or if it is no item.
    pub(crate) fn quoted(&self) -> Option<SignedItem> {
        SignedItem::from_bytes(self.quote.as_ref()?.as_bytes()).ok()
    }
}

/// The id of the report whose answers a secret opens.
pub(crate) fn report_id(answers: &Secret<32>) -> ReportId {
    ReportId::from_bytes(Label::REPORT_ID.hash(&[answers.expose()]))
}

/// An anonymous message as it stands in its frame.
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct SealedAnonymous {
    version: u8,
    readers: Vec<Opaque<MAX_READER>>,
    body: Opaque<MAX_BODY>,
}

/// Bytes of the longest of them.
const MAX_SEALED: usize = ANONYMOUS_CLASS.record_len();

impl SealedAnonymous {
    /// Seals what is said to these leaves of a state, in an order of chance, the rest of the places
    /// to nobody; `None` if a key is none of the suite.
    pub(crate) fn seal(
        state: &StateId,
        suite: Suite,
        readers: &[HpkePublic],
        said: &Anonymous,
        random: &mut Random,
    ) -> Option<Self> {
        let mut padded = Zeroizing::new(wire::encode(said).to_vec());
        let length = u16::try_from(padded.len()).ok()?.to_be_bytes();
        if padded.len() + length.len() > ANONYMOUS_LEN {
            return None;
        }
        padded.splice(0..0, length);
        padded.resize(ANONYMOUS_LEN, 0);

        let key: Secret<32> = random.secret();
        let (_, public) = mls::derive(suite, &key).ok()?;
        let seal = |to: &HpkePublic, random: &mut Random| {
            let info = Label::ANONYMOUS_READER;
            let sealed = mls::seal(suite, to, info, state.as_bytes(), key.expose(), random).ok()?;
            Opaque::new(sealed).ok()
        };
        let mut places = Vec::with_capacity(ANONYMOUS_READERS);
        for reader in readers.iter().take(ANONYMOUS_READERS) {
            places.push(seal(reader, random)?);
        }
        while places.len() < ANONYMOUS_READERS {
            let (_, nobody) = mls::generate(suite, random).ok()?;
            places.push(seal(&nobody, random)?);
        }
        for last in (1..places.len()).rev() {
            let other = usize::try_from(random.below(last as u64 + 1)).unwrap_or(last);
            places.swap(last, other);
        }
        let info = Label::ANONYMOUS_BODY;
        let body = mls::seal(suite, &public, info, state.as_bytes(), &padded, random).ok()?;
        Some(Self { version: VERSION, readers: places, body: Opaque::new(body).ok()? })
    }

    /// Opens it with the key of this device's leaf in the state; `None` if it is for others.
    pub(crate) fn open(
        &self,
        state: &StateId,
        suite: Suite,
        own: &HpkeSecret,
    ) -> Option<Result<Anonymous, DecodeError>> {
        let info = Label::ANONYMOUS_READER;
        let key = self.readers.iter().find_map(|place| {
            mls::open(suite, own, info, state.as_bytes(), place.as_bytes()).ok()
        })?;
        let key = Secret::try_from(&key[..]).ok()?;
        let (secret, _) = mls::derive(suite, &key).ok()?;
        let info = Label::ANONYMOUS_BODY;
        let sealed = self.body.as_bytes();
        let body = mls::open(suite, &secret, info, state.as_bytes(), sealed);
        let Ok(body) = body else {
            return Some(Err(DecodeError::Malformed));
        };
        Some(read_padded(&body))
    }

    /// The record of its frame.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self).to_vec()
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`DecodeError`] when the bytes are no such message.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let message: Self = wire::decode(bytes, MAX_SEALED)?;
        if message.version != VERSION {
            return Err(DecodeError::UnknownVersion);
        }
        if message.readers.len() != ANONYMOUS_READERS {
            return Err(DecodeError::Malformed);
        }
        Ok(message)
    }
}

fn read_padded(body: &[u8]) -> Result<Anonymous, DecodeError> {
    let (length, rest) = body.split_first_chunk::<2>().ok_or(DecodeError::Malformed)?;
    let length = usize::from(u16::from_be_bytes(*length));
    let (said, padding) = rest.split_at_checked(length).ok_or(DecodeError::Malformed)?;
    if body.len() != ANONYMOUS_LEN || padding.iter().any(|byte| *byte != 0) {
        return Err(DecodeError::NotCanonical);
    }
    wire::decode(said, ANONYMOUS_LEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: StateId = StateId::from_bytes([3; 32]);

    fn report(random: &mut Random) -> Report {
        Report {
            answers: random.secret(),
            item: ItemId::from_bytes([4; 32]),
            quote: Some(Opaque::new(vec![7; MAX_QUOTE]).unwrap()),
            reason: Text::new("ß".repeat(MAX_REPORT_CHARS)).unwrap(),
            appeal: Some(Appeal {
                against: ItemId::from_bytes([5; 32]),
                reason: Text::new("𝄞".repeat(MAX_REPORT_CHARS)).unwrap(),
            }),
        }
    }

    #[test]
    fn the_largest_report_and_nothing_look_alike_and_open_for_their_readers_alone() {
        for suite in [Suite::XWing, Suite::X25519] {
            let mut random = Random::from_seed(&Secret::from_bytes([9; 32]));
            let keys: Vec<_> = (0..4).map(|_| mls::generate(suite, &mut random).unwrap()).collect();
            let readers: Vec<_> = keys[..3].iter().map(|(_, public)| public.clone()).collect();
            let real = Anonymous::Report(report(&mut random));
            let seal = |said: &Anonymous, readers: &[HpkePublic], random: &mut Random| {
                SealedAnonymous::seal(&STATE, suite, readers, said, random).unwrap()
            };
            let real = seal(&real, &readers, &mut random);
            let nothing = seal(&Anonymous::Nothing, &[], &mut random);
            assert_eq!(real.to_bytes().len(), nothing.to_bytes().len());
            assert!(real.to_bytes().len() <= MAX_SEALED);
            let real = SealedAnonymous::from_bytes(&real.to_bytes()).unwrap();
            for (secret, _) in &keys[..3] {
                let opened = real.open(&STATE, suite, secret).unwrap().unwrap();
                assert!(matches!(opened, Anonymous::Report(_)));
                let elsewhere = StateId::from_bytes([6; 32]);
                assert!(real.open(&elsewhere, suite, secret).is_none());
            }
            assert!(real.open(&STATE, suite, &keys[3].0).is_none());
            assert!(keys.iter().all(|(secret, _)| nothing.open(&STATE, suite, secret).is_none()));
        }
    }

    #[test]
    fn a_message_with_another_number_of_readers_is_refused() {
        let mut random = Random::from_seed(&Secret::from_bytes([9; 32]));
        let said = Anonymous::Nothing;
        let suite = Suite::X25519;
        let sealed = SealedAnonymous::seal(&STATE, suite, &[], &said, &mut random).unwrap();
        let fewer = SealedAnonymous { readers: Vec::new(), ..sealed };
        assert!(SealedAnonymous::from_bytes(&fewer.to_bytes()).is_err());
    }
}
