//! Files in the words of this API.

use windbreak_protocol::content::{self, PictureFormat};
use windbreak_protocol::id::ItemId;
use windbreak_protocol::ledger;
use windbreak_protocol::view::{FileView, Timeline};

use super::item::HowFar;
use crate::api::message::{FileInfo, FileKind, FilesAllowed};

/// A file, as far as it is here; how much of it waits to be sent, if it is one's own.
pub(super) fn file(
    timeline: &Timeline<'_>,
    file: &FileView<'_>,
    own: bool,
    how_far: &HowFar<'_>,
) -> FileInfo {
    let (width, height) = match file.outline.kind {
        content::FileKind::Picture { width, height, .. } => (Some(width), Some(height)),
        content::FileKind::Other => (None, None),
    };
    let waits = |piece: &&ItemId| !how_far.is_held(piece);
    FileInfo {
        kind: file_kind(&file.outline.kind),
        width,
        height,
        length: file.outline.length,
        name: timeline.file_name(file),
        pieces: file.pieces.len(),
        here: file.here(),
        gone: file.gone,
        queued: own.then(|| file.pieces.iter().flatten().filter(waits).count()),
    }
}

pub(crate) const fn file_kind(kind: &content::FileKind) -> FileKind {
    match kind {
        content::FileKind::Picture { format: PictureFormat::Jpeg, .. } => FileKind::Jpeg,
        content::FileKind::Picture { format: PictureFormat::Png, .. } => FileKind::Png,
        content::FileKind::Other => FileKind::Other,
    }
}

pub(crate) const fn files_allowed(allowed: ledger::FilesAllowed) -> FilesAllowed {
    match allowed {
        ledger::FilesAllowed::None => FilesAllowed::Off,
        ledger::FilesAllowed::Pictures => FilesAllowed::ImagesOnly,
        ledger::FilesAllowed::Any => FilesAllowed::On,
    }
}

pub(crate) const fn files_allowed_of(allowed: FilesAllowed) -> ledger::FilesAllowed {
    match allowed {
        FilesAllowed::Off => ledger::FilesAllowed::None,
        FilesAllowed::ImagesOnly => ledger::FilesAllowed::Pictures,
        FilesAllowed::On => ledger::FilesAllowed::Any,
    }
}
