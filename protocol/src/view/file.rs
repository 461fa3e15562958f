//! Files that go along with what was said: which there are, how much of them is here, and their
//! bytes once all of it is. Clauses: specs/08-content I-70 to I-75.

use crate::content::{Content, FileKind, FileOutline, PieceHash};
use crate::id::ItemId;
use crate::view::timeline::{Entry, Timeline};

/// A file that goes along with an entry.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FileView<'a> {
    /// The item that says what it is.
    pub id: ItemId,
    /// What it is.
    pub outline: &'a FileOutline,
    /// Its pieces that are here, in order.
    pub pieces: Vec<Option<ItemId>>,
    /// Whether some of it was erased here, for want of room or as what is none of it: it will hardly
    /// be whole again.
    pub gone: bool,
}

impl FileView<'_> {
    /// How many of its pieces are here.
    #[must_use]
    pub fn here(&self) -> usize {
        self.pieces.iter().flatten().count()
    }
}

/// Why the bytes of a file are not to be had.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum FileProblem {
    /// There is none, or it is not for whoever reads.
    #[error("no file goes along with this")]
    None,
    /// Not all of it is here yet.
    #[error("{here} of {of} pieces of the file are here")]
    Coming {
        /// Pieces that are here.
        here: usize,
        /// Pieces it has.
        of: usize,
    },
    /// Some of it was erased here: for want of room, or as what is none of it.
    #[error(
        "the file is not kept on this device: newer ones took its room, or what came was not it"
    )]
    Gone,
    /// It is not what its author said it is: a picture and nothing else.
    #[error("the file is not the picture that it says it is")]
    NotWhatItSays,
    /// A piece cannot be read from the store, or is damaged there.
    #[error("a piece of the file cannot be read from the store")]
    Unreadable,
}

impl<'a> Timeline<'a> {
    /// The file that goes along with an entry, unless its words are not for whoever reads.
    #[must_use]
    pub fn file(&self, entry: &Entry<'_>) -> Option<FileView<'a>> {
        if self.is_silent(entry) {
            return None;
        }
        let items = self.items();
        let file = items.get(&self.marks(entry)?.file?)?;
        let outline = items.standing_file(file)?;
        let here = items.pieces_here(file, outline);
        Some(FileView { id: file.id, outline, pieces: here.pieces, gone: here.gone })
    }

    /// What a file is called, if its author said so.
    #[must_use]
    pub fn file_name(&self, file: &FileView<'_>) -> Option<String> {
        match self.items().content(&file.id)? {
            Content::File(file) => Some(file.name?.as_str().to_owned()),
            _ => None,
        }
    }

    /// The bytes of the file that goes along with an entry, each piece looked at anew.
    ///
    /// # Errors
    /// [`FileProblem`]: it is not whole, or not what it says it is.
    pub fn file_bytes(&self, entry: &Entry<'_>) -> Result<Vec<u8>, FileProblem> {
        let file = self.file(entry).ok_or(FileProblem::None)?;
        if file.gone {
            return Err(FileProblem::Gone);
        }
        let (here, of) = (file.here(), file.pieces.len());
        if here < of {
            return Err(FileProblem::Coming { here, of });
        }
        let mut bytes = Vec::new();
        for (id, hash) in file.pieces.iter().flatten().zip(&*file.outline.pieces) {
            let Some(Content::Piece(piece)) = self.items().content(id) else {
                return Err(FileProblem::Unreadable);
            };
            if PieceHash::of(piece.bytes.as_bytes()) != *hash {
                return Err(FileProblem::Unreadable);
            }
            bytes.extend_from_slice(piece.bytes.as_bytes());
        }
        let is_what_it_says = bytes.len() == file.outline.length as usize
            && FileKind::of(&bytes) == Ok(file.outline.kind);
        if is_what_it_says { Ok(bytes) } else { Err(FileProblem::NotWhatItSays) }
    }
}
