//! What is kept of an item whose author took it back: its place among the others, without a word
//! of it. Nobody can check its signature any more, so it is kept and never handed on.
//! Clause: specs/08-content I-14.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::content::{Ask, Gist, Outline, Scope};
use crate::id::{DeviceId, ItemId, MemberId, StateId};
use crate::limits::{MAX_SEEN, RECORD_OVERHEAD};
use crate::time::Timestamp;
use crate::wire::{self, DecodeError};

const VERSION: u8 = 1;

/// An outline in the store.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct ErasedRecord {
    version: u8,
    member: MemberId,
    device: DeviceId,
    first_state: StateId,
    seq: u64,
    previous: Option<ItemId>,
    seen: Vec<[u8; 16]>,
    written: Timestamp,
    scope: Scope,
    was: Was,
}

/// What it was.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
enum Was {
    #[tls_codec(discriminant = 1)]
    Share(Ask),
    #[tls_codec(discriminant = 2)]
    Reply(ItemId),
    #[tls_codec(discriminant = 3)]
    Advice(ItemId),
    #[tls_codec(discriminant = 4)]
    Edit(ItemId),
    #[tls_codec(discriminant = 5)]
    File(ItemId),
    #[tls_codec(discriminant = 6)]
    Piece { file: ItemId, number: u8 },
}

impl ErasedRecord {
    /// What is kept of an item; `None` if it is not of a kind whose words are erased.
    pub(crate) fn of(outline: &Outline) -> Option<Vec<u8>> {
        let was = match outline.gist {
            Gist::Share(ask) => Was::Share(ask),
            Gist::Reply(to) => Was::Reply(to),
            Gist::Advice(to) => Was::Advice(to),
            Gist::Edit(to) => Was::Edit(to),
            Gist::File(to, _) => Was::File(to),
            Gist::Piece(file, number) => Was::Piece { file, number },
            _ => return None,
        };
        let record = Self {
            version: VERSION,
            member: outline.member,
            device: outline.device,
            first_state: outline.first_state,
            seq: outline.seq,
            previous: outline.previous,
            seen: outline.seen.to_vec(),
            written: outline.written,
            scope: outline.scope,
            was,
        };
        Some(wire::encode(&record).to_vec())
    }

    /// Reads it back.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(crate) fn read(bytes: &[u8]) -> Result<Outline, DecodeError> {
        let record: Self = wire::decode(bytes, RECORD_OVERHEAD)?;
        if record.version != VERSION {
            return Err(DecodeError::UnknownVersion);
        }
        if record.seen.len() > MAX_SEEN {
            return Err(DecodeError::Limit);
        }
        Ok(Outline {
            member: record.member,
            device: record.device,
            first_state: record.first_state,
            seq: record.seq,
            previous: record.previous,
            seen: record.seen.into(),
            written: record.written,
            scope: record.scope,
            gist: match record.was {
                Was::Share(ask) => Gist::Share(ask),
                Was::Reply(to) => Gist::Reply(to),
                Was::Advice(to) => Gist::Advice(to),
                Was::Edit(to) => Gist::Edit(to),
                Was::File(to) => Gist::File(to, None),
                Was::Piece { file, number } => Gist::Piece(file, number),
            },
        })
    }
}
