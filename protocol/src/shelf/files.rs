//! Which pieces of files are kept: those that fit their file, as far as there is room. What goes is
//! a function of the files there are, whatever came first. Clauses: specs/08-content I-72, I-75.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::content::{Content, FileOutline, Gist, Item, Outline, PieceHash};
use crate::id::{ItemId, MemberId};
use crate::limits::{
    MAX_FILES_OF_CIRCLE, MAX_FILES_OF_MEMBER, MAX_STRAY_PIECES, MAX_STRAYS_OF_CIRCLE,
};
use crate::shelf::{Items, Kept};

/// The pieces of a file that are here, in order; and whether one is gone for good.
pub(crate) struct PiecesHere {
    pub(crate) pieces: Vec<Option<ItemId>>,
    pub(crate) gone: bool,
}

impl Items {
    /// What the file of a piece goes along with, if the same device sent both.
    pub(super) fn words_of_piece(&self, file: &ItemId, piece: &Outline) -> Option<ItemId> {
        match self.get(file) {
            Some(kept) if kept.body.device == piece.device => match &kept.body.gist {
                Gist::File(to, _) => Some(*to),
                _ => None,
            },
            _ => None,
        }
    }

    /// What goes with words that go: their files, and the pieces of those.
    pub(crate) fn files_with(&self, words: &ItemId) -> Vec<ItemId> {
        let files = self.files.get(words).into_iter().flatten().copied();
        files.chain([*words]).flat_map(|file| self.pieces_of(&file).chain([file])).collect()
    }

    fn pieces_of<'a>(&'a self, file: &ItemId) -> impl Iterator<Item = ItemId> + use<'a> {
        self.pieces.get(file).into_iter().flatten().flat_map(|(_, ids)| ids).copied()
    }

    /// What a file is, if it stands where it has to: right behind words of the same device.
    pub(crate) fn standing_file<'a>(&self, file: &'a Kept) -> Option<&'a FileOutline> {
        let Gist::File(to, Some(outline)) = &file.body.gist else {
            return None;
        };
        let behind = file.body.previous == Some(*to);
        let words = self.get(to).is_none_or(|words| {
            matches!(words.body.gist, Gist::Share(_) | Gist::Reply(_))
                && (words.body.device, words.body.member) == (file.body.device, file.body.member)
        });
        (behind && words && !file.is_erased()).then_some(&**outline)
    }

    /// Which pieces of a file are here.
    pub(crate) fn pieces_here(&self, file: &Kept, outline: &FileOutline) -> PiecesHere {
        let sent = self.pieces.get(&file.id);
        let of_file =
            |id: &&ItemId| self.get(id).is_some_and(|piece| piece.body.device == file.body.device);
        let mut here = PiecesHere { pieces: Vec::new(), gone: false };
        for place in 0..outline.pieces.len() {
            let number = u8::try_from(place).ok();
            let sent = number.and_then(|number| sent?.get(&number)).into_iter().flatten();
            let sent: Vec<&ItemId> = sent.filter(of_file).collect();
            let piece = sent.iter().find(|id| self.get(id).is_some_and(|kept| !kept.is_erased()));
            here.gone |= piece.is_none() && !sent.is_empty();
            here.pieces.push(piece.map(|id| **id));
        }
        here
    }

    /// After an item came, or left this device: forgets for good the pieces that are none of their
    /// file and those there is no room for, unless they wait to be sent, and says what is to be kept
    /// of each.
    pub(crate) fn sift_files(
        &mut self,
        came: &ItemId,
        waits: impl Fn(&ItemId) -> bool,
    ) -> Vec<(ItemId, Vec<u8>)> {
        let Some(kept) = self.get(came) else {
            return Vec::new();
        };
        let mut gone = match &kept.body.gist {
            Gist::Piece(file, _) => match self.get(file) {
                Some(file) if !self.fits(file, kept, came) => vec![*came],
                _ => Vec::new(),
            },
            Gist::File(..) => {
                let pieces = self.pieces_of(came).filter_map(|id| self.get(&id));
                pieces.filter(|piece| !self.fits(kept, piece, came)).map(|piece| piece.id).collect()
            }
            _ if !self.files.contains_key(came) && !self.pieces.contains_key(came) => {
                return Vec::new();
            }
            _ => {
                // What came after a file may be none it goes along with.
                let files = self.files.get(came).into_iter().flatten();
                let files = files.filter_map(|id| self.get(id));
                let fallen = files.filter(|file| self.standing_file(file).is_none());
                fallen.flat_map(|file| self.pieces_of(&file.id)).collect()
            }
        };
        if !matches!(kept.body.gist, Gist::File(..)) {
            // What came before it as pieces of it are pieces of nothing.
            gone.extend(self.pieces_of(came));
        }
        for file in self.beyond_room() {
            let here = |id: &ItemId| self.get(id).is_some_and(|piece| !piece.is_erased());
            gone.extend(self.pieces_of(&file).filter(|id| here(id) && !waits(id)));
        }
        gone.into_iter().filter_map(|id| Some((id, self.forget_words(&id)?))).collect()
    }

    /// Whether a piece is one of this file: from the same device, with the hash that it has there.
    fn fits(&self, file: &Kept, piece: &Kept, came: &ItemId) -> bool {
        let (Gist::Piece(_, number), Some(outline)) = (&piece.body.gist, self.standing_file(file))
        else {
            return false;
        };
        let Some(expected) = outline.pieces.get(usize::from(*number)) else {
            return false;
        };
        let has_hash = |id: &ItemId| match self.content(id) {
            Some(Content::Piece(piece)) => Some(PieceHash::of(piece.bytes.as_bytes()) == *expected),
            _ => None,
        };
        let is_here = |piece: &Kept| !piece.is_erased() && piece.body.device == file.body.device;
        // What cannot be read now may be right, and is looked at anew when the file is read.
        if !is_here(piece) || has_hash(&piece.id) == Some(false) {
            return false;
        }
        let others = self.pieces.get(&file.id).and_then(|pieces| pieces.get(number));
        // Of two that are the same one is enough: the one that was here already.
        !others.into_iter().flatten().any(|id| {
            (*id < piece.id || (piece.id == *came && *id != piece.id))
                && self.get(id).is_some_and(is_here)
                && has_hash(id) == Some(true)
        })
    }

    /// Whether an item is a piece for which there is no room until its file comes: there are many of
    /// its device, and of all. It is not kept, so that it can come again.
    pub(crate) fn is_stray_too_many(&self, item: &Item) -> bool {
        let Content::Piece(piece) = &item.body.content else {
            return false;
        };
        if self.get(&piece.file).is_some() {
            return false;
        }
        let strays = self.pieces.iter().filter(|(file, _)| self.get(file).is_none());
        let strays = strays.flat_map(|(_, pieces)| pieces.values().flatten());
        let (mut of_device, mut of_circle) = (0, 0);
        for stray in strays.filter_map(|id| self.get(id)).filter(|stray| !stray.is_erased()) {
            of_circle += 1;
            of_device += usize::from(stray.body.device == item.body.device);
        }
        of_device >= MAX_STRAY_PIECES && of_circle >= MAX_STRAYS_OF_CIRCLE
    }

    /// The files for which there is no room: of each member and of all together the newest stay.
    fn beyond_room(&self) -> Vec<ItemId> {
        let ids = self.files.values().flatten();
        let files = ids.filter_map(|id| self.get(id)).filter_map(|file| {
            let outline = self.standing_file(file)?;
            Some((Reverse((file.body.written, file.id)), file.body.member, outline.length))
        });
        let files: BTreeSet<(_, MemberId, u32)> = files.collect();
        let mut of_member: BTreeMap<MemberId, u64> = BTreeMap::new();
        let (mut of_circle, mut beyond) = (0, Vec::new());
        for (Reverse((_, id)), member, length) in files {
            let sent = of_member.entry(member).or_default();
            let before = *sent;
            *sent += u64::from(length);
            // Whoever sends more than one member may takes no more of the others' room by it.
            of_circle += (*sent).min(MAX_FILES_OF_MEMBER) - before.min(MAX_FILES_OF_MEMBER);
            if *sent > MAX_FILES_OF_MEMBER || of_circle > MAX_FILES_OF_CIRCLE {
                beyond.push(id);
            }
        }
        beyond
    }
}

#[cfg(test)]
mod tests;
