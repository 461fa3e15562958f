//! Records too large for one envelope: cut into chunks under a random key, named by a manifest that
//! is sealed where the record would have been.
//!
//! Every chunk is a class 2 envelope and looks like any other. Answers and commits, whose length
//! would tell how many a circle is, have a power of two of chunks; those beyond the record are
//! empty. A manifest has one possible count of chunks for its length, so it is checked before a
//! chunk is looked for. Clause: specs/01-wire W-12; specs/decisions/0009.

use std::collections::BTreeSet;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use crate::id::EnvelopeId;
use crate::identity::Verified;
use crate::label::Label;
use crate::limits::{MAX_RECORD, MAX_WELCOME};
use crate::random::Random;
use crate::secret::Secret;
use crate::time::Hour;
use crate::wire::{self, DecodeError, Envelope, Frame, FrameKind, SealKey, SizeClass, TopicKey};

/// Bytes of a record one chunk holds.
pub const CHUNK_LEN: usize = SizeClass::Large.record_len();

/// The most chunks a record has: those of the largest Welcome.
const MAX_CHUNKS: usize = MAX_WELCOME.div_ceil(CHUNK_LEN).next_power_of_two();
/// Bytes of a manifest with that many chunks.
const MAX_MANIFEST: usize = 1 + 4 + 32 + 32 + 4 + MAX_CHUNKS * EnvelopeId::LEN;

/// Names the chunks of one record, in order.
#[derive(Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Manifest {
    kind: u8,
    length: u32,
    hash: [u8; 32],
    key: Secret<32>,
    chunks: Vec<EnvelopeId>,
}

/// A record is longer than its kind may be.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the record is longer than its kind allows")]
pub struct RecordTooLong;

/// Why a record does not come back from its chunks.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum AssembleError {
    /// These chunks are not here yet.
    #[error("chunks are missing")]
    Missing(Vec<EnvelopeId>),
    /// A chunk does not open with the manifest's key, or holds what does not belong there.
    #[error("a chunk is spoilt")]
    Chunk,
    /// All chunks opened, and together they are not the record that was named.
    #[error("the record is not the one that was named")]
    Hash,
}

/// The longest record of a kind, in bytes.
#[must_use]
pub const fn max_record(kind: FrameKind) -> usize {
    match kind {
        FrameKind::Answer | FrameKind::Run | FrameKind::Handover => MAX_WELCOME,
        _ => MAX_RECORD,
    }
}

/// Seals a record of any allowed length. The envelopes stand in the order to publish them: chunks
/// first, so that a manifest never names what was not sent; the last one is the record itself or
/// its manifest.
///
/// # Errors
/// [`RecordTooLong`] beyond [`max_record`].
pub fn seal_record(
    seal: &SealKey,
    topic_key: &TopicKey,
    hour: Hour,
    kind: FrameKind,
    record: &[u8],
    random: &mut Random,
) -> Result<Vec<Verified<Envelope>>, RecordTooLong> {
    if record.len() > max_record(kind) {
        return Err(RecordTooLong);
    }
    if let Ok(envelope) = seal.seal(topic_key, hour, kind, record, random) {
        return Ok(vec![envelope]);
    }
    let key: Secret<32> = random.secret();
    let chunk_key = chunk_key(&key);
    let mut envelopes = Vec::new();
    let mut pieces = record.chunks(CHUNK_LEN);
    for _ in 0..chunk_count(kind, record.len()) {
        let piece = pieces.next().unwrap_or_default();
        let (chunk, large) = (FrameKind::Chunk, SizeClass::Large);
        let sealed = chunk_key.seal_as(topic_key, hour, chunk, piece, large, random);
        envelopes.push(sealed.map_err(|_| RecordTooLong)?);
    }
    let manifest = wire::encode(&Manifest {
        kind: kind as u8,
        length: u32::try_from(record.len()).map_err(|_| RecordTooLong)?,
        hash: Label::CHUNKED_HASH.hash(&[record]),
        key,
        chunks: envelopes.iter().map(|envelope| envelope.id()).collect(),
    });
    let manifest = seal.seal(topic_key, hour, FrameKind::Manifest, &manifest, random);
    envelopes.push(manifest.map_err(|_| RecordTooLong)?);
    Ok(envelopes)
}

impl Manifest {
    /// Reads the record of a [`FrameKind::Manifest`] frame.
    ///
    /// # Errors
    /// [`DecodeError`] when its kind, length and number of chunks do not agree, when it is longer
    /// than its kind allows, or when it names a chunk twice.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let manifest: Self = wire::decode(bytes, MAX_MANIFEST)?;
        let kind = manifest.checked_kind().ok_or(DecodeError::Malformed)?;
        let length = manifest.length as usize;
        if length > max_record(kind) {
            return Err(DecodeError::Limit);
        }
        if length <= CHUNK_LEN {
            return Err(DecodeError::NotCanonical);
        }
        let distinct: BTreeSet<_> = manifest.chunks.iter().collect();
        let count = manifest.chunks.len();
        if count != chunk_count(kind, length) || distinct.len() != count {
            return Err(DecodeError::Malformed);
        }
        Ok(manifest)
    }

    /// The kind of the record.
    #[must_use]
    pub fn kind(&self) -> FrameKind {
        self.checked_kind().unwrap_or(FrameKind::Chunk)
    }

    /// The chunks, in order.
    #[must_use]
    pub fn chunks(&self) -> &[EnvelopeId] {
        &self.chunks
    }

    /// The bytes to keep while chunks are missing.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        wire::encode(self)
    }

    /// Puts the record together from the envelopes that `held` gives.
    ///
    /// # Errors
    /// [`AssembleError`]: what is missing, or that what is there is not the record.
    pub fn assemble(
        &self,
        mut held: impl FnMut(&EnvelopeId) -> Option<Verified<Envelope>>,
    ) -> Result<Frame, AssembleError> {
        let mut envelopes = Vec::with_capacity(self.chunks.len());
        let mut missing = Vec::new();
        for id in &self.chunks {
            match held(id) {
                Some(envelope) => envelopes.push(envelope),
                None => missing.push(*id),
            }
        }
        if !missing.is_empty() {
            return Err(AssembleError::Missing(missing));
        }
        let key = chunk_key(&self.key);
        let length = self.length as usize;
        let mut record = Zeroizing::new(Vec::with_capacity(length));
        for (id, envelope) in self.chunks.iter().zip(&envelopes) {
            let frame = key.open(envelope).map_err(|_| AssembleError::Chunk)?;
            let expected = CHUNK_LEN.min(length - record.len());
            let belongs = frame.kind == FrameKind::Chunk
                && frame.record.len() == expected
                && envelope.id() == *id;
            if !belongs {
                return Err(AssembleError::Chunk);
            }
            record.extend_from_slice(&frame.record);
        }
        if Label::CHUNKED_HASH.hash(&[&record]) != self.hash {
            return Err(AssembleError::Hash);
        }
        Ok(Frame { kind: self.kind(), record })
    }

    fn checked_kind(&self) -> Option<FrameKind> {
        let nested = [FrameKind::Manifest, FrameKind::Chunk];
        FrameKind::from_number(self.kind).filter(|kind| !nested.contains(kind))
    }
}

fn chunk_key(key: &Secret<32>) -> SealKey {
    SealKey::from_secret(&Label::CHUNK.derive(key, &[]))
}

fn chunk_count(kind: FrameKind, length: usize) -> usize {
    let count = length.div_ceil(CHUNK_LEN);
    match kind {
        FrameKind::Answer | FrameKind::Commit | FrameKind::Run | FrameKind::Handover => {
            count.next_power_of_two()
        }
        _ => count,
    }
}
