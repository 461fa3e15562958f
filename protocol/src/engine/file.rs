//! Files and pictures that go along with what is said.

use crate::circle::{AgreementError, FileError, NewFile, NewShare, ShareError};
use crate::content::Scope;
use crate::engine::Engine;
use crate::id::{CircleId, ItemId};
use crate::ledger::FilesAllowed;
use crate::time::Timestamp;

/// No such circle on this device.
const UNKNOWN: FileError = FileError::Share(ShareError::UnknownCircle);

impl Engine {
    /// Shares something with a file: both, or nothing.
    ///
    /// # Errors
    /// [`FileError`]; nothing was said.
    pub fn share_with_file(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        share: NewShare,
        file: NewFile,
    ) -> Result<ItemId, FileError> {
        self.act(now, circle, UNKNOWN, |circle, step| circle.share_with_file(step, share, file))
    }

    /// Replies to a share or a reply with a file: both, or nothing.
    ///
    /// # Errors
    /// [`FileError`]; nothing was said.
    pub fn reply_with_file(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        to: &ItemId,
        text: String,
        scope: Scope,
        file: NewFile,
    ) -> Result<ItemId, FileError> {
        self.act(now, circle, UNKNOWN, |circle, step| {
            circle.reply_with_file(step, *to, text, scope, file)
        })
    }

    /// Says which files a circle's members may send, as a facilitator.
    ///
    /// # Errors
    /// [`AgreementError`]; nothing has changed.
    pub fn set_files(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        allowed: FilesAllowed,
    ) -> Result<(), AgreementError> {
        self.act(now, circle, AgreementError::UnknownCircle, |circle, step| {
            circle.set_files(step, allowed)
        })
    }
}
