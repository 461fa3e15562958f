//! What members say: the item every saying travels in, and the registry of what it can be.
//!
//! An item is signed by the device that wrote it and keeps its id whatever it is sealed under, so
//! it can be sealed again, forwarded and merged. Clauses: specs/08-content.

mod act;
mod agreement;
mod erased;
mod file;
mod item;
mod outline;
mod picture;
mod proposal;
mod registry;
mod share;
mod steward;

pub(crate) use erased::ErasedRecord;
pub(crate) use outline::Outline;

pub use act::{Allow, Edit, Mention, Pin, Reaction, Spared, WarmWord, Withdraw};
pub use agreement::{AgreementConsent, AgreementProposal};
pub use file::{File, FileKind, Piece, PieceBytes, PieceHash};
pub use item::{Item, ItemBody, ItemError, Scope, SignedItem};
pub use outline::{FileOutline, Gist};
pub use picture::{NotBare, PictureFormat};
pub use proposal::{Consent, Proposal};
pub use registry::{Content, ContentKind, Leave, Unknown};
pub use share::{Ask, ItemText, Reply, Share};
pub use steward::{Hide, Mute, ReportAnswer, SlowMode, StewardReason};

#[cfg(test)]
mod tests;
