//! Whose words the owner of a device does not want to see. It is kept on the device and told to
//! nobody. Clause: specs/08-content I-38.

use std::collections::BTreeSet;

use crate::circle::{Circle, Step};
use crate::id::MemberId;
use crate::limits::MAX_BLOCKED;
use crate::record::RecordKind;

const VERSION: u8 = 1;

/// Why nobody was blocked, or no longer.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum BlockError {
    /// No such circle on this device.
    #[error("no such circle")]
    UnknownCircle,
    /// Nobody of that id is in the circle.
    #[error("no such member")]
    UnknownMember,
    /// One does not block oneself.
    #[error("that is you")]
    Yourself,
    /// They are not blocked.
    #[error("they are not blocked")]
    NotBlocked,
    /// Too many are blocked already.
    #[error("at most {limit} members are blocked at once")]
    TooMany {
        /// How many may be.
        limit: usize,
    },
}

impl Circle {
    /// Blocks a member, or no longer. Somebody who is gone can be, too: their words are still here.
    ///
    /// # Errors
    /// [`BlockError`]; nothing has changed.
    pub(crate) fn block(
        &mut self,
        step: &mut Step<'_>,
        member: &MemberId,
        on: bool,
    ) -> Result<(), BlockError> {
        let key = self.key_of(RecordKind::Blocked, member.as_bytes());
        if !on {
            if !self.blocked.remove(member) {
                return Err(BlockError::NotBlocked);
            }
            step.delete(key);
            return Ok(());
        }
        if *member == self.me {
            return Err(BlockError::Yourself);
        }
        let here = self.ledger().is_some_and(|ledger| ledger.members().contains_key(member));
        if !here && !self.items.values().any(|item| item.body.member == *member) {
            return Err(BlockError::UnknownMember);
        }
        if self.blocked.len() >= MAX_BLOCKED && !self.blocked.contains(member) {
            return Err(BlockError::TooMany { limit: MAX_BLOCKED });
        }
        self.blocked.insert(*member);
        step.put(key, vec![VERSION]);
        Ok(())
    }

    /// Whose words the owner of this device does not want to see.
    pub(crate) fn blocked_members(&self) -> &BTreeSet<MemberId> {
        &self.blocked
    }

    /// Forgets it: the circle goes.
    pub(super) fn erase_blocked(&self, step: &mut Step<'_>) {
        for member in &self.blocked {
            step.delete(self.key_of(RecordKind::Blocked, member.as_bytes()));
        }
    }
}
