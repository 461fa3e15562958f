//! The envelope: the only thing that ever leaves a node.
//!
//! ```text
//! +---------+----------+--------+---------+---------+----------+------------------+--------------+
//! | version | topic 32 | hour 4 | class 1 | hint 16 | nonce 24 | ciphertext + tag | signature 64 |
//! +---------+----------+--------+---------+---------+----------+------------------+--------------+
//! ```
//! Its length is one of three sizes, so it says nothing about what is inside. The topic key signs
//! everything before the signature: any carrier can check that *some* reader of the topic wrote
//! it, and not which. Clauses: specs/01-wire W-4 to W-9.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::id::{EnvelopeId, GossipId, Topic};
use crate::identity::Verified;
use crate::label::Label;
use crate::limits::ENVELOPE_SIZES;
use crate::prepared_mac::PreparedMac;
use crate::random::Random;
use crate::secret::Secret;
use crate::time::Hour;
use crate::wire::frame::FRAME_HEADER;
use crate::wire::{DecodeError, Frame, FrameKind};

/// The version byte every envelope starts with.
pub const VERSION: u8 = 1;

const TOPIC: usize = 1;
const HOUR: usize = TOPIC + 32;
const CLASS: usize = HOUR + 4;
const HINT: usize = CLASS + 1;
const NONCE: usize = HINT + 16;
/// Bytes before the ciphertext.
pub const HEADER: usize = NONCE + 24;
const TAG: usize = 16;
const SIGNATURE: usize = 64;

/// One of the three sizes of an envelope.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[repr(u8)]
pub enum SizeClass {
    /// 2 KiB.
    Small = 0,
    /// 16 KiB.
    Medium = 1,
    /// 60 KiB.
    Large = 2,
}

impl SizeClass {
    /// All classes, smallest first.
    pub const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// Bytes of a whole envelope of this class.
    #[must_use]
    pub const fn envelope_len(self) -> usize {
        ENVELOPE_SIZES[self as usize]
    }

    /// Bytes of the largest record that fits this class.
    #[must_use]
    pub const fn record_len(self) -> usize {
        self.padded_len() - FRAME_HEADER
    }

    const fn padded_len(self) -> usize {
        self.envelope_len() - HEADER - TAG - SIGNATURE
    }

    /// The smallest class a record of `len` bytes fits, if one does.
    #[must_use]
    pub fn fitting(len: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|class| len <= class.record_len())
    }

    fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|class| *class as u8 == number)
    }
}

/// Sixteen bytes by which whoever holds the seal key recognises an envelope, and nobody else.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Hint([u8; 16]);

impl std::fmt::Debug for Hint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hint(…)")
    }
}

/// An envelope of the right shape. Its signature is checked by [`Envelope::verify`], and only
/// then does its id mean anything.
#[derive(Clone, Eq, PartialEq)]
pub struct Envelope(Box<[u8]>);

impl Envelope {
    /// Takes the bytes of an envelope.
    ///
    /// # Errors
    /// [`DecodeError`] when version, class and length do not agree.
    pub fn from_bytes(bytes: impl Into<Box<[u8]>>) -> Result<Self, DecodeError> {
        let bytes: Box<[u8]> = bytes.into();
        if bytes.len() > SizeClass::Large.envelope_len() {
            return Err(DecodeError::TooLong);
        }
        let (Some(version), Some(class)) = (bytes.first(), bytes.get(CLASS)) else {
            return Err(DecodeError::Malformed);
        };
        if *version != VERSION {
            return Err(DecodeError::UnknownVersion);
        }
        let class = SizeClass::from_number(*class).ok_or(DecodeError::Malformed)?;
        if bytes.len() != class.envelope_len() {
            return Err(DecodeError::Malformed);
        }
        Ok(Self(bytes))
    }

    /// The bytes, as they travel.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The topic it claims to belong to.
    #[must_use]
    pub fn topic(&self) -> Topic {
        Topic::from_bytes(self.array(TOPIC))
    }

    /// The hour by its sealer's clock.
    #[must_use]
    pub fn hour(&self) -> Hour {
        Hour::new(u32::from_be_bytes(self.array(HOUR)))
    }

    /// Its size class.
    #[must_use]
    pub fn size_class(&self) -> SizeClass {
        SizeClass::from_number(self.0[CLASS]).unwrap_or(SizeClass::Large)
    }

    /// The hint by which a reader recognises it.
    #[must_use]
    pub fn hint(&self) -> Hint {
        Hint(self.array(HINT))
    }

    /// The id without the signature. Use it only after [`Self::verify`].
    #[must_use]
    pub fn id(&self) -> EnvelopeId {
        EnvelopeId::from_bytes(Label::ENVELOPE_ID.hash(&[self.signed()]))
    }

    /// The id of these exact bytes.
    #[must_use]
    pub fn gossip_id(&self) -> GossipId {
        GossipId::from_bytes(Label::GOSSIP_ID.hash(&[&self.0]))
    }

    /// Checks the signature of the topic key, strictly (RFC 8032 section 5.1.7; small-order keys
    /// and non-canonical points are refused, so that every carrier decides alike).
    ///
    /// # Errors
    /// [`BadSignature`]; whoever forwarded it could have known.
    pub fn verify(self) -> Result<Verified<Self>, BadSignature> {
        TopicVerifier::of(&self.topic())?.verify(self)
    }

    fn signed(&self) -> &[u8] {
        &self.0[..self.0.len() - SIGNATURE]
    }

    fn nonce(&self) -> [u8; 24] {
        self.array(NONCE)
    }

    /// `N` bytes from `at`, which the checked length always holds.
    fn array<const N: usize>(&self, at: usize) -> [u8; N] {
        let mut array = [0; N];
        array.copy_from_slice(&self.0[at..at + N]);
        array
    }
}

impl std::fmt::Debug for Envelope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Envelope({:?})", self.size_class())
    }
}

/// The signature of an envelope is not of its topic's key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the envelope is not signed by its topic's key")]
pub struct BadSignature;

/// A topic's key, ready to check what is signed with it: to make a point of its bytes takes a tenth of a
/// check, so whoever gets many envelopes of one topic does it once.
#[derive(Clone)]
pub struct TopicVerifier(VerifyingKey);

impl TopicVerifier {
    /// The key that a topic is.
    ///
    /// # Errors
    /// [`BadSignature`]: there is no such key, so nothing is ever signed with it.
    pub fn of(topic: &Topic) -> Result<Self, BadSignature> {
        VerifyingKey::from_bytes(topic.as_bytes()).map(Self).map_err(|_| BadSignature)
    }

    /// As [`Envelope::verify`].
    ///
    /// # Errors
    /// [`BadSignature`], also if the envelope is of another topic.
    pub fn verify(&self, envelope: Envelope) -> Result<Verified<Envelope>, BadSignature> {
        if envelope.topic().as_bytes() != self.0.as_bytes() {
            return Err(BadSignature);
        }
        let signature = Signature::from_bytes(&envelope.array(envelope.0.len() - SIGNATURE));
        self.0
            .verify_strict(&Label::ENVELOPE_SIGNATURE.to_be_signed(envelope.signed()), &signature)
            .map_err(|_| BadSignature)?;
        Ok(Verified::assert(envelope))
    }
}

impl std::fmt::Debug for TopicVerifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TopicVerifier(…)")
    }
}

/// The private half of a topic: held by all who can read the topic.
pub struct TopicKey(SigningKey);

impl TopicKey {
    /// The key whose Ed25519 seed is `secret`.
    #[must_use]
    pub fn from_secret(secret: &Secret<32>) -> Self {
        Self(SigningKey::from_bytes(secret.expose()))
    }

    /// The topic.
    #[must_use]
    pub fn topic(&self) -> Topic {
        Topic::from_bytes(self.0.verifying_key().to_bytes())
    }

    /// Proves to the host of `verifier` (its peer id) that one may use the topic, by signing the
    /// nonce it chose (specs/06-sync Y-2).
    #[must_use]
    pub fn prove(&self, nonce: &[u8; 32], verifier: &[u8]) -> [u8; 64] {
        self.0.sign(&Label::TOPIC_PROOF.to_be_signed(&proof_content(nonce, verifier))).to_bytes()
    }
}

impl Clone for TopicKey {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl std::fmt::Debug for TopicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TopicKey(…)")
    }
}

/// Whether `proof` is what [`TopicKey::prove`] gives for this topic, nonce and verifier.
#[must_use]
pub fn proof_holds(topic: &Topic, nonce: &[u8; 32], verifier: &[u8], proof: &[u8; 64]) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(topic.as_bytes()) else {
        return false;
    };
    let content = Label::TOPIC_PROOF.to_be_signed(&proof_content(nonce, verifier));
    key.verify_strict(&content, &Signature::from_bytes(proof)).is_ok()
}

fn proof_content(nonce: &[u8; 32], verifier: &[u8]) -> Vec<u8> {
    [nonce.as_slice(), verifier].concat()
}

/// What seals and recognises envelopes for one purpose: items of a state, commits on a state, the
/// card of an invite, the chunks of one record.
pub struct SealKey {
    seal: Secret<32>,
    /// Ready for use: a device that catches up tries each of its keys on all that waits.
    hint: PreparedMac,
}

impl SealKey {
    /// The two halves of `secret`.
    #[must_use]
    pub fn from_secret(secret: &Secret<32>) -> Self {
        Self {
            seal: Label::SEAL_KEY.derive(secret, &[]),
            hint: PreparedMac::new(Label::HINT, &Label::HINT_KEY.derive(secret, &[])),
        }
    }

    /// Whether the hint of `envelope` was made with this key.
    #[must_use]
    pub fn recognises(&self, envelope: &Verified<Envelope>) -> bool {
        let expected = self.hint(&envelope.nonce(), &envelope.topic());
        expected.0.ct_eq(&envelope.hint().0).into()
    }

    /// Opens an envelope this key recognises.
    ///
    /// # Errors
    /// [`OpenError`]: sealed under another key, or by somebody who broke the rules.
    pub fn open(&self, envelope: &Verified<Envelope>) -> Result<Frame, OpenError> {
        let (header, rest) = envelope.as_bytes().split_at(HEADER);
        let ciphertext = &rest[..rest.len() - SIGNATURE];
        let padded = self
            .cipher()
            .decrypt(&XNonce::from(envelope.nonce()), Payload { msg: ciphertext, aad: header })
            .map(Zeroizing::new)
            .map_err(|_| OpenError::Sealed)?;
        Ok(Frame::from_padded(&padded)?)
    }

    /// Seals a record and signs the envelope.
    ///
    /// # Errors
    /// [`TooLarge`] when the record fits no class; send it in chunks.
    pub fn seal(
        &self,
        topic_key: &TopicKey,
        hour: Hour,
        kind: FrameKind,
        record: &[u8],
        random: &mut Random,
    ) -> Result<Verified<Envelope>, TooLarge> {
        let class = SizeClass::fitting(record.len()).ok_or(TooLarge)?;
        self.seal_as(topic_key, hour, kind, record, class, random)
    }

    /// Seals a record into an envelope of exactly `class`.
    ///
    /// # Errors
    /// [`TooLarge`] when the record does not fit the class.
    pub fn seal_as(
        &self,
        topic_key: &TopicKey,
        hour: Hour,
        kind: FrameKind,
        record: &[u8],
        class: SizeClass,
        random: &mut Random,
    ) -> Result<Verified<Envelope>, TooLarge> {
        let padded = Frame::to_padded(kind, record, class.padded_len()).ok_or(TooLarge)?;
        let nonce: [u8; 24] = random.bytes();
        let topic = topic_key.topic();

        let mut bytes = Vec::with_capacity(class.envelope_len());
        bytes.push(VERSION);
        bytes.extend_from_slice(topic.as_bytes());
        bytes.extend_from_slice(&hour.get().to_be_bytes());
        bytes.push(class as u8);
        bytes.extend_from_slice(&self.hint(&nonce, &topic).0);
        bytes.extend_from_slice(&nonce);
        let ciphertext = self
            .cipher()
            .encrypt(&XNonce::from(nonce), Payload { msg: &padded, aad: &bytes })
            .map_err(|_| TooLarge)?;
        bytes.extend_from_slice(&ciphertext);
        let signature = topic_key.0.sign(&Label::ENVELOPE_SIGNATURE.to_be_signed(&bytes));
        bytes.extend_from_slice(&signature.to_bytes());
        Ok(Verified::assert(Envelope(bytes.into())))
    }

    fn hint(&self, nonce: &[u8; 24], topic: &Topic) -> Hint {
        let mac = self.hint.mac(&[nonce, topic.as_bytes()]);
        let mut hint = [0; 16];
        hint.copy_from_slice(&mac[..16]);
        Hint(hint)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.seal.expose().into())
    }
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey(…)")
    }
}

/// A record is too large for one envelope.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the record is too large for one envelope")]
pub struct TooLarge;

/// Why an envelope could not be opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum OpenError {
    /// Sealed under another key.
    #[error("sealed under another key")]
    Sealed,
    /// It opened, and what is inside is not a frame.
    #[error("what is inside is {0}")]
    Frame(#[from] DecodeError),
}
