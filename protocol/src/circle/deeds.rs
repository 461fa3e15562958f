//! What commits change of a circle itself, for the steward log: who only listens, who holds the
//! circle, how long words are kept, which files may be sent, which agreement holds, and that a
//! facilitator declared anew. It is kept beside the state that each commit makes, as removals are.
//! Clauses: specs/08-content I-36, I-39.

use std::collections::BTreeMap;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::{Circle, Step};
use crate::content::StewardReason;
use crate::id::{MemberId, StateId};
use crate::ledger::{AgreementVersion, Change, Declaration, FilesAllowed, KeepDays, Ledger, Role};
use crate::limits::{MAX_LOGGED_REMOVALS, RECORD_OVERHEAD};
use crate::record::RecordKind;
use crate::state::State;
use crate::time::Hour;
use crate::wire::{self, DecodeError};

const VERSION: u8 = 1;
/// Bytes of the longest record: a commit's changes are few, and each reason is short.
const MAX_DEEDS_RECORD: usize = 8 * RECORD_OVERHEAD;

/// What a commit changed of the circle itself.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub enum DeedKind {
    /// A member only listens from now on; commits of older programs give no reason.
    #[tls_codec(discriminant = 1)]
    Listen {
        /// Who.
        member: MemberId,
        /// Why.
        reason: Option<StewardReason>,
    },
    /// A member speaks again.
    #[tls_codec(discriminant = 2)]
    Speak(MemberId),
    /// A member becomes a facilitator, who agrees.
    #[tls_codec(discriminant = 3)]
    Promote(MemberId),
    /// A facilitator is none any more, as the others wish.
    #[tls_codec(discriminant = 4)]
    Demote(MemberId),
    /// Whoever did it is a facilitator no longer.
    #[tls_codec(discriminant = 5)]
    StepDown,
    /// A member becomes a facilitator because most members wish it.
    #[tls_codec(discriminant = 6)]
    Succeed(MemberId),
    /// Words are kept for so long; a reason where that is shorter, if the program gave one.
    #[tls_codec(discriminant = 7)]
    Keep {
        /// For how long; none: as long as their authors leave them.
        keep: Option<KeepDays>,
        /// Why.
        reason: Option<StewardReason>,
    },
    /// These files may be sent.
    #[tls_codec(discriminant = 8)]
    Files(FilesAllowed),
    /// This agreement holds, as most members wish.
    #[tls_codec(discriminant = 9)]
    Adopt(AgreementVersion),
    /// A facilitator says anew what they would have to report.
    #[tls_codec(discriminant = 10)]
    Declare(Declaration),
}

/// One thing of the steward log that a commit did.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Deed {
    /// Who committed it.
    pub by: MemberId,
    /// In which hour it was sealed.
    pub at: Hour,
    /// What.
    pub kind: DeedKind,
}

/// What one commit did.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Deeds {
    version: u8,
    by: MemberId,
    at: Hour,
    done: Vec<DeedKind>,
}

impl Deeds {
    /// Reads them back.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let record: Self = wire::decode(bytes, MAX_DEEDS_RECORD)?;
        if record.version == VERSION { Ok(record) } else { Err(DecodeError::UnknownVersion) }
    }
}

/// The deeds a device knows, by the state that each commit makes.
pub(super) type AllDeeds = BTreeMap<StateId, Deeds>;

/// What of these changes stands in the steward log. `before` is the ledger they change.
fn deeds_of(changes: &[Change], by: &MemberId, before: &Ledger) -> Vec<DeedKind> {
    let deed = |change: &Change| {
        Some(match change {
            Change::SetRole(change) => match change.role {
                Role::Facilitator => DeedKind::Promote(change.member),
                Role::Listener => DeedKind::Listen { member: change.member, reason: None },
                Role::Member if before.is_listener(&change.member) => {
                    DeedKind::Speak(change.member)
                }
                Role::Member if change.member == *by => DeedKind::StepDown,
                Role::Member => DeedKind::Demote(change.member),
            },
            Change::TakeVoice { member, reason } => {
                DeedKind::Listen { member: *member, reason: Some(reason.clone()) }
            }
            Change::Succeed(succession) => DeedKind::Succeed(succession.member),
            Change::SetKeep(keep) => DeedKind::Keep { keep: *keep, reason: None },
            Change::ShortenKeep { keep, reason } => {
                DeedKind::Keep { keep: Some(*keep), reason: Some(reason.clone()) }
            }
            Change::SetFiles(allowed) => DeedKind::Files(*allowed),
            Change::Adopt(adoption) => DeedKind::Adopt(adoption.version),
            Change::Declare(words) => DeedKind::Declare(words.clone()),
            _ => return None,
        })
    };
    changes.iter().filter_map(deed).collect()
}

impl Circle {
    /// A commit came, or was made here: all members read what it changed.
    pub(super) fn log_deeds(
        &mut self,
        step: &mut Step<'_>,
        (parent, state): (&StateId, StateId),
        by: Option<MemberId>,
        at: Hour,
        changes: &[Change],
    ) {
        let before = self.states.get(parent).and_then(State::held).map(|held| &*held.ledger);
        let Some((by, before)) = by.zip(before) else {
            return;
        };
        let done = deeds_of(changes, &by, before);
        if done.is_empty() {
            return;
        }
        let record = Deeds { version: VERSION, by, at, done };
        let key = self.key_of(RecordKind::Deeds, state.as_bytes());
        step.put(key, wire::encode(&record).to_vec());
        self.deeds.insert(state, record);
        while self.deeds.len() > MAX_LOGGED_REMOVALS {
            let oldest = self.deeds.iter().min_by_key(|(id, record)| (record.at, **id));
            let Some(oldest) = oldest.map(|(id, _)| *id) else {
                return;
            };
            self.deeds.remove(&oldest);
            step.delete(self.key_of(RecordKind::Deeds, oldest.as_bytes()));
        }
    }

    /// What was done on the head's path, and what is so old that its state is forgotten.
    pub(crate) fn deeds(&self) -> Vec<Deed> {
        let counts = |id: &&StateId| !self.states.contains_key(*id) || self.is_on_path(id);
        let on_path = self.deeds.keys().filter(counts).filter_map(|id| self.deeds.get(id));
        let mut all: Vec<Deed> = on_path
            .flat_map(|record| {
                let (by, at) = (record.by, record.at);
                record.done.iter().map(move |kind| Deed { by, at, kind: kind.clone() })
            })
            .collect();
        all.sort_by_key(|deed| deed.at);
        all
    }

    /// Forgets them: the circle goes.
    pub(super) fn erase_deeds(&self, step: &mut Step<'_>) {
        for id in self.deeds.keys() {
            step.delete(self.key_of(RecordKind::Deeds, id.as_bytes()));
        }
    }
}
