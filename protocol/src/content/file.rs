//! Files and pictures that go along with a share or an answer: what one is, and the pieces it
//! travels in. A piece counts by its hash alone, so that nobody slips another one in.
//! Clauses: specs/08-content I-70 to I-74.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::content::picture::PictureFormat;
use crate::id::ItemId;
use crate::label::Label;
use crate::limits::{FILE_PIECE, MAX_FILE, MAX_FILE_NAME_CHARS};
use crate::wire::text::{Opaque, Text};

/// The bytes of one piece.
pub type PieceBytes = Opaque<FILE_PIECE>;

/// The hash of one piece.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct PieceHash([u8; 32]);

impl PieceHash {
    /// Of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Label::FILE_PIECE.hash(&[bytes]))
    }
}

/// What a file is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum FileKind {
    /// A picture that holds nothing but the picture.
    #[tls_codec(discriminant = 1)]
    Picture {
        /// How it is written.
        format: PictureFormat,
        /// Pixels from left to right.
        width: u16,
        /// Pixels from top to bottom.
        height: u16,
    },
    /// Anything else.
    #[tls_codec(discriminant = 2)]
    Other,
}

/// A file that goes along with words of the same device, its item right before this one.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct File {
    /// The share or the answer it goes along with.
    pub to: ItemId,
    /// What it is.
    pub kind: FileKind,
    /// Its bytes.
    pub length: u32,
    /// What it is called, if its author wants that told.
    pub name: Option<Text<MAX_FILE_NAME_CHARS>>,
    /// The hashes of its pieces, in order; all are full but the last.
    pub pieces: Vec<PieceHash>,
}

/// One piece of a file.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub struct Piece {
    /// The item that says what the file is.
    pub file: ItemId,
    /// Which piece, from 0.
    pub number: u8,
    /// Its bytes.
    pub bytes: PieceBytes,
}

impl File {
    /// Whether there can be such a file: of a size that is allowed, with as many pieces as it takes.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        let length = self.length as usize;
        let sides = match self.kind {
            FileKind::Picture { width, height, .. } => width > 0 && height > 0,
            FileKind::Other => true,
        };
        sides
            && (1..=MAX_FILE).contains(&length)
            && self.pieces.len() == length.div_ceil(FILE_PIECE)
    }
}
