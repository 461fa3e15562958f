//! Files and pictures that go along with what this device's member says, if the circle lets them.
//! Clauses: specs/08-content I-70 to I-76.

use std::collections::BTreeMap;

use crate::circle::agreement::AgreementError;
use crate::circle::intent::IntentKind;
use crate::circle::{Circle, NewShare, ShareError, Step};
use crate::content::{Content, File, FileKind, Gist, Piece, PieceBytes, PieceHash, Scope, Spared};
use crate::id::ItemId;
use crate::ledger::FilesAllowed;
use crate::limits::{FILE_PIECE, MAX_FILE, MAX_FILE_NAME_CHARS, MAX_OUTBOX};
use crate::wire::text::Text;

/// A file to go along with something said.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Its bytes; of a picture nothing but the picture.
    pub bytes: Vec<u8>,
    /// What it is called, if that is to be told.
    pub name: Option<String>,
}

/// Why no file was sent; nothing was said either.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum FileError {
    /// It could not be said.
    #[error(transparent)]
    Share(#[from] ShareError),
    /// The circle lets nobody send files.
    #[error("nobody sends files in this circle")]
    NotAllowed,
    /// The circle lets its members send pictures alone.
    #[error("only pictures are sent in this circle")]
    OnlyPictures,
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is too large.
    #[error("the file is longer than {limit} bytes")]
    TooLarge {
        /// Bytes allowed.
        limit: usize,
    },
    /// Its name is too long.
    #[error("the name of the file is longer than {limit} characters")]
    NameTooLong {
        /// Characters allowed.
        limit: usize,
    },
    /// It is a picture that says more than it shows.
    #[error("the picture says more than it shows, as where it was taken")]
    NotBare,
}

/// A file cut into pieces; with what it goes along is not known yet.
struct Cut {
    kind: FileKind,
    length: u32,
    name: Option<Text<MAX_FILE_NAME_CHARS>>,
    pieces: Vec<PieceBytes>,
}

impl Circle {
    /// Shares something with a file.
    ///
    /// # Errors
    /// [`FileError`]; nothing was said.
    pub(crate) fn share_with_file(
        &mut self,
        step: &mut Step<'_>,
        share: NewShare,
        file: NewFile,
    ) -> Result<ItemId, FileError> {
        let scope = share.scope;
        let cut = self.cut(file)?;
        let words = self.share(step, share)?;
        self.attach(step, words, scope, cut)?;
        Ok(words)
    }

    /// Replies with a file.
    ///
    /// # Errors
    /// [`FileError`]; nothing was said.
    pub(crate) fn reply_with_file(
        &mut self,
        step: &mut Step<'_>,
        to: ItemId,
        text: String,
        scope: Scope,
        file: NewFile,
    ) -> Result<ItemId, FileError> {
        let cut = self.cut(file)?;
        let words = self.reply(step, to, text, scope)?;
        self.attach(step, words, scope, cut)?;
        Ok(words)
    }

    /// Looks at a file before anything is said.
    fn cut(&self, file: NewFile) -> Result<Cut, FileError> {
        let ledger = self.ledger().ok_or(ShareError::Closed)?;
        let allowed = ledger.files().allowed;
        if allowed == FilesAllowed::None {
            return Err(FileError::NotAllowed);
        }
        if file.bytes.is_empty() {
            return Err(FileError::Empty);
        }
        if file.bytes.len() > MAX_FILE {
            return Err(FileError::TooLarge { limit: MAX_FILE });
        }
        let kind = FileKind::to_send(&file.bytes).map_err(|_| FileError::NotBare)?;
        if !allowed.lets_kind(&kind) {
            return Err(FileError::OnlyPictures);
        }
        let name = file.name.map(Text::new).transpose();
        let name = name.map_err(|error| FileError::NameTooLong { limit: error.limit })?;
        let too_large = FileError::TooLarge { limit: MAX_FILE };
        let pieces = file.bytes.chunks(FILE_PIECE).map(PieceBytes::new);
        let pieces: Vec<_> = pieces.collect::<Result<_, _>>().map_err(|_| too_large)?;
        // Words, file and pieces leave together or not at all.
        if self.unsent() + pieces.len() + 2 > MAX_OUTBOX {
            return Err(ShareError::OutboxFull.into());
        }
        let length = u32::try_from(file.bytes.len()).map_err(|_| too_large)?;
        Ok(Cut { kind, length, name, pieces })
    }

    /// Says what a file is right behind its words, and then its pieces.
    fn attach(
        &mut self,
        step: &mut Step<'_>,
        to: ItemId,
        scope: Scope,
        cut: Cut,
    ) -> Result<(), ShareError> {
        let pieces = cut.pieces.iter().map(|bytes| PieceHash::of(bytes.as_bytes())).collect();
        let (kind, length, name) = (cut.kind, cut.length, cut.name);
        let file = self.say(step, Content::File(File { to, kind, length, name, pieces }), scope)?;
        for (number, bytes) in (0..).zip(cut.pieces) {
            self.say(step, Content::Piece(Piece { file, number, bytes }), scope)?;
        }
        Ok(())
    }

    /// Says which files may be sent, as a facilitator.
    ///
    /// # Errors
    /// [`AgreementError`]; nothing has changed.
    pub(crate) fn set_files(
        &mut self,
        step: &mut Step<'_>,
        allowed: FilesAllowed,
    ) -> Result<(), AgreementError> {
        let files = *self.held_by_me()?.files();
        if files.allowed == allowed {
            self.drop_intents(step, |kind| matches!(kind, IntentKind::SetFiles { .. }));
            return Ok(());
        }
        self.want(step, IntentKind::SetFiles { allowed, since: files.since }, step.now);
        self.settle(step);
        Ok(())
    }

    /// Whether what an item says may be sent under the head, if it is a file or a piece of one.
    pub(super) fn may_still_send(&self, gist: &Gist) -> bool {
        let allowed = self.ledger().map(|ledger| ledger.files().allowed).unwrap_or_default();
        match gist {
            Gist::File(_, Some(outline)) => allowed.lets_kind(&outline.kind),
            Gist::File(_, None) | Gist::Piece(..) => allowed != FilesAllowed::None,
            _ => true,
        }
    }

    /// Of words with a file that are about to be taken back: what has not left this device, in runs.
    pub(super) fn unsent_with_file(&self, words: &ItemId) -> Vec<Spared> {
        let own = self.items.files_with(words).into_iter().filter_map(|id| self.items.get(&id));
        let own: Vec<_> = own.filter(|item| item.body.device == self.key.id()).collect();
        let file = own.iter().find(|item| matches!(item.body.gist, Gist::File(..)));
        let Some(of) = file.map(|file| file.id) else {
            return Vec::new();
        };
        let unsent = own.iter().filter(|item| !self.is_held(&item.id));
        let unsent: BTreeMap<u64, ItemId> = unsent.map(|item| (item.body.seq, item.id)).collect();
        let mut runs: Vec<(u64, Spared)> = Vec::new();
        for (seq, last) in unsent {
            match runs.last_mut() {
                Some((before, run)) if *before + 1 == seq && run.count < u8::MAX => {
                    (*before, run.last, run.count) = (seq, last, run.count + 1);
                }
                _ => runs.push((seq, Spared { of, last, count: 1 })),
            }
        }
        runs.into_iter().map(|(_, run)| run).collect()
    }

    /// The same where an item that came takes them back: another device of this member said it.
    pub(super) fn unsent_of_withdrawn(&self, came: &ItemId) -> Vec<Spared> {
        match self.items.get(came).map(|came| (&came.body.gist, &came.body.member)) {
            Some((Gist::Withdraw(words), by)) if self.is_own(by) => self.unsent_with_file(words),
            _ => Vec::new(),
        }
    }

    /// Which items never left and never will, to be told as soon as this device may speak.
    pub(super) fn spare_later(&mut self, spared: Vec<Spared>) {
        self.to_spare.extend(spared);
    }

    /// Says which items never left and never will, so that nobody waits for them.
    pub(super) fn say_spared(&mut self, step: &mut Step<'_>) {
        while let Some(spared) = self.to_spare.first().copied() {
            if self.say(step, Content::Spared(spared), Scope::LaterToo).is_err() {
                return;
            }
            self.to_spare.remove(0);
        }
    }
}
