//! Listeners: members who read, and say nothing that is part of the talk. Every node looks at it in
//! the state in which something was sealed. Clauses: specs/03-circle C-63, C-64.

use crate::circle::intent::IntentKind;
use crate::circle::{Circle, Step};
use crate::content::{Item, StewardReason};
use crate::id::MemberId;
use crate::ledger::Role;
use crate::limits::MAX_STEWARD_REASON_CHARS;
use crate::state::State;

/// Why nobody's voice was given or taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum VoiceError {
    /// No such circle on this device.
    #[error("no such circle")]
    UnknownCircle,
    /// This device's member is no longer in the circle.
    #[error("you are no longer in this circle")]
    Closed,
    /// Only a facilitator may.
    #[error("only a facilitator says who listens")]
    NotFacilitator,
    /// No such member.
    #[error("no such member")]
    UnknownMember,
    /// Whoever holds the circle does not only listen.
    #[error("a facilitator does not only listen")]
    Facilitator,
    /// It is so already.
    #[error("they have this role already")]
    Already,
    /// Whose voice is taken is told why, as everybody is.
    #[error("there is no reason")]
    NoReason,
    /// The reason is too long.
    #[error("the reason is longer than {limit} characters")]
    ReasonTooLong {
        /// Characters allowed.
        limit: usize,
    },
}

/// What somebody who holds no circle does in it from now on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Voice {
    /// They speak again.
    Speaks,
    /// They only listen.
    Listens {
        /// Why, for all to read.
        reason: String,
    },
}

impl Voice {
    fn role(&self) -> Role {
        match self {
            Self::Speaks => Role::Member,
            Self::Listens { .. } => Role::Listener,
        }
    }
}

impl Circle {
    /// Says, as a facilitator, that a member only listens from now on, and why, or speaks again.
    ///
    /// # Errors
    /// [`VoiceError`]; nothing has changed.
    pub(crate) fn set_voice(
        &mut self,
        step: &mut Step<'_>,
        member: &MemberId,
        voice: Voice,
    ) -> Result<(), VoiceError> {
        if !self.may_talk() {
            return Err(VoiceError::Closed);
        }
        let ledger = self.ledger().ok_or(VoiceError::Closed)?;
        if !ledger.is_facilitator(&self.me) {
            return Err(VoiceError::NotFacilitator);
        }
        let entry = ledger.members().get(member).ok_or(VoiceError::UnknownMember)?;
        let role = voice.role();
        if entry.role == Role::Facilitator {
            return Err(VoiceError::Facilitator);
        }
        if entry.role == role {
            return Err(VoiceError::Already);
        }
        let since = entry.role_since;
        let member = *member;
        let kind = match voice {
            Voice::Speaks => IntentKind::SetVoice { member, role, since },
            Voice::Listens { reason } if reason.trim().is_empty() => {
                return Err(VoiceError::NoReason);
            }
            Voice::Listens { reason } => {
                let limit = MAX_STEWARD_REASON_CHARS;
                let reason = StewardReason::new(reason.trim())
                    .map_err(|_| VoiceError::ReasonTooLong { limit })?;
                IntentKind::TakeVoice { member, since, reason }
            }
        };
        // What was wished for them before and is not done yet is another wish now.
        self.drop_intents(step, |kind| match kind {
            IntentKind::SetVoice { member: other, .. }
            | IntentKind::TakeVoice { member: other, .. } => *other == member,
            _ => false,
        });
        self.want(step, kind, step.now);
        self.settle(step);
        Ok(())
    }

    /// Whether this device's member only listens.
    pub(super) fn is_listener(&self) -> bool {
        self.ledger().is_some_and(|ledger| ledger.is_listener(&self.me))
    }

    /// Whether the author of an item that somebody else brings had a voice where it was first
    /// sealed, and files could be sent there if it is one. Where that state's ledger is not known,
    /// whoever only listens now, or sends a file that may not be sent now, must have named a state of
    /// before: they could name any.
    pub(super) fn had_voice(&self, item: &Item) -> bool {
        let (member, content) = (&item.body.member, &item.body.content);
        let first = self.states.get(&item.body.first_state);
        if let Some(held) = first.and_then(State::held) {
            let listened = held.ledger.is_listener(member);
            return !(listened && content.needs_acceptance())
                && held.ledger.files().allowed.lets(content);
        }
        if !content.needs_acceptance() {
            return true;
        }
        let Some(ledger) = self.ledger() else { return true };
        let is_before = |epoch| first.is_some_and(|state| state.epoch < epoch);
        let entry = ledger.members().get(member).filter(|_| ledger.is_listener(member));
        entry.is_none_or(|entry| is_before(entry.role_since))
            && (ledger.files().allowed.lets(content) || is_before(ledger.files().since))
    }
}
