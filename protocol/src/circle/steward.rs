//! What facilitators do to hold the circle, and who was taken out of it: the steward log. Whether an
//! act has its right is looked at when it comes, in the state it was first sealed under, and kept: it
//! stays what it is when its author later steps down or goes. Clauses: specs/08-content I-30 to I-37.

use std::collections::BTreeMap;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::{ActError, Circle, ShareError, Step};
use crate::content::{Content, Gist, Hide, Mute, Outline, Scope, SlowMode, StewardReason};
use crate::id::{ItemId, MemberId, StateId};
use crate::ledger::{Change, Departure, Ledger};
use crate::limits::{
    MAX_LOGGED_REMOVALS, MAX_MUTE, MAX_NOTE_CHARS, MAX_SLOW_MINUTES, MAX_STEWARD_REASON_CHARS,
    RECORD_OVERHEAD,
};
use crate::record::RecordKind;
use crate::state::State;
use crate::time::{Hour, Timestamp};
use crate::view::Stewardship;
use crate::wire::text::Text;
use crate::wire::{self, DecodeError};

const VERSION: u8 = 1;

/// What a facilitator does to hold the circle.
#[derive(Clone, Debug)]
pub enum StewardAct {
    /// Hides something that was said, or shows it again.
    Hide {
        /// What.
        item: ItemId,
        /// Whether it is hidden from now on.
        on: bool,
    },
    /// Mutes a member until then, or no longer.
    Mute {
        /// Who.
        member: MemberId,
        /// Until when; without, the mute is taken back.
        until: Option<Timestamp>,
    },
    /// Lets each member share only so often.
    SlowMode {
        /// Minutes between two shares of one member; 0 ends it.
        minutes: u16,
    },
}

/// Why a facilitator's act was not done.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum StewardError {
    /// It could not be done as any act.
    #[error(transparent)]
    Act(#[from] ActError),
    /// No reason was given: everybody in the circle reads it.
    #[error("there is no reason")]
    NoReason,
    /// The reason is too long.
    #[error("the reason is longer than {limit} characters")]
    ReasonTooLong {
        /// Characters allowed.
        limit: usize,
    },
    /// Nobody of that id is in the circle.
    #[error("no such member")]
    UnknownMember,
    /// Facilitators are not muted; the circle decides about them together.
    #[error("a facilitator is not muted")]
    Facilitator,
    /// A mute ends in the future, and not too far from now.
    #[error("a mute lasts between a minute and {days} days")]
    MuteTime {
        /// Days allowed.
        days: u64,
    },
    /// Too slow.
    #[error("at most {limit} minutes stand between two shares")]
    TooSlow {
        /// Minutes allowed.
        limit: u16,
    },
    /// There is nothing to take back.
    #[error("that does not hold now")]
    Nothing,
}

impl From<ShareError> for StewardError {
    fn from(error: ShareError) -> Self {
        Self::Act(ActError::Share(error))
    }
}

/// A removal, as all members read of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Removal {
    /// Who did it.
    pub by: MemberId,
    /// Who was removed.
    pub member: MemberId,
    /// Why.
    pub reason: String,
    /// In which hour it was sealed.
    pub at: Hour,
}

/// The removals of one commit.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Removals {
    version: u8,
    by: MemberId,
    at: Hour,
    removed: Vec<(MemberId, Text<MAX_NOTE_CHARS>)>,
}

impl Removals {
    /// Why somebody was removed, if this commit did it.
    pub(super) fn reason_of(&self, member: &MemberId) -> Option<&Text<MAX_NOTE_CHARS>> {
        self.removed.iter().find(|(gone, _)| gone == member).map(|(_, reason)| reason)
    }

    /// Reads them back.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let record: Self = wire::decode(bytes, MAX_REMOVALS_RECORD)?;
        if record.version == VERSION { Ok(record) } else { Err(DecodeError::UnknownVersion) }
    }
}

/// Acts that a device says once more at most when somebody has come.
const MAX_SAID_AGAIN: usize = 16;
/// Bytes of the longest record: a commit's changes are few, and each reason is short.
const MAX_REMOVALS_RECORD: usize = 8 * RECORD_OVERHEAD;

/// Who is removed by these changes, and why.
pub(super) fn removed_by(changes: &[Change]) -> Vec<(MemberId, Text<MAX_NOTE_CHARS>)> {
    let removed = changes.iter().filter_map(|change| match change {
        Change::Depart(Departure::Removed { member, reason, .. }) => {
            Some((*member, reason.clone()))
        }
        _ => None,
    });
    removed.collect()
}

impl Circle {
    /// Does something to hold the circle.
    ///
    /// # Errors
    /// [`StewardError`]; nothing has changed.
    pub(crate) fn steward(
        &mut self,
        step: &mut Step<'_>,
        act: StewardAct,
        reason: &str,
    ) -> Result<ItemId, StewardError> {
        if !self.is_facilitator() {
            return Err(ActError::NotFacilitator.into());
        }
        if reason.trim().is_empty() {
            return Err(StewardError::NoReason);
        }
        let limit = MAX_STEWARD_REASON_CHARS;
        let reason =
            StewardReason::new(reason.trim()).map_err(|_| StewardError::ReasonTooLong { limit })?;
        let (content, scope) = match act {
            StewardAct::Hide { item, on } => {
                let (_, scope) = self.check_words(&item)?;
                if !on && !self.is_hidden(&item) {
                    return Err(StewardError::Nothing);
                }
                (Content::Hide(Hide { to: item, on, reason }), scope)
            }
            StewardAct::Mute { member, until } => {
                self.check_mute(step.now, &member, until)?;
                let until = until.map(Timestamp::to_minute);
                (Content::Mute(Mute { member, until, again: false, reason }), Scope::LaterToo)
            }
            StewardAct::SlowMode { minutes } => {
                if minutes > MAX_SLOW_MINUTES {
                    return Err(StewardError::TooSlow { limit: MAX_SLOW_MINUTES });
                }
                if minutes == 0 && self.stewardship(step.now).slow.is_none() {
                    return Err(StewardError::Nothing);
                }
                (Content::SlowMode(SlowMode { minutes, again: false, reason }), Scope::LaterToo)
            }
        };
        Ok(self.say(step, content, scope)?)
    }

    fn check_mute(
        &self,
        now: Timestamp,
        member: &MemberId,
        until: Option<Timestamp>,
    ) -> Result<(), StewardError> {
        let ledger = self.ledger().ok_or(ShareError::Closed)?;
        // Also one that is over, of somebody who left, and of somebody who holds the circle since: what
        // was honestly said by who had not heard of it would stay out of sight for good.
        if until.is_none() && self.has_mute_of(now, member) {
            return Ok(());
        }
        if !ledger.members().contains_key(member) {
            return Err(StewardError::UnknownMember);
        }
        if ledger.is_facilitator(member) {
            return Err(StewardError::Facilitator);
        }
        match until {
            Some(until) => {
                let from = now.to_minute();
                if until.to_minute() <= from || until.since(from) > MAX_MUTE {
                    return Err(StewardError::MuteTime { days: MAX_MUTE.as_secs() / 86_400 });
                }
                Ok(())
            }
            None => Err(StewardError::Nothing),
        }
    }

    fn has_mute_of(&self, now: Timestamp, member: &MemberId) -> bool {
        !self.in_right.is_empty()
            && self.with_timeline_at(now, |timeline| timeline.has_mute_of(member))
    }

    fn is_hidden(&self, item: &ItemId) -> bool {
        self.with_timeline(|timeline| {
            let mut entries = timeline.entries().iter();
            let entry = entries.find(|entry| entry.id() == *item);
            entry.and_then(|entry| timeline.marks(entry)).is_some_and(|m| m.hidden.is_some())
        })
    }

    /// Facilitators' acts that they had the right to: few, where a timeline is made of all that was said.
    fn acts_in_right(&self) -> impl Iterator<Item = &Gist> {
        self.in_right.iter().filter_map(|id| Some(&self.items.get(id)?.body.gist))
    }

    /// What facilitators' acts make of the circle now.
    pub(crate) fn stewardship(&self, now: Timestamp) -> Stewardship {
        let may_hold = |act: &Gist| match act {
            Gist::Mute(_, until, _) => until.is_some_and(|until| until > now),
            Gist::SlowMode(minutes, _) => *minutes > 0,
            _ => false,
        };
        if !self.acts_in_right().any(may_hold) {
            return Stewardship::default();
        }
        self.with_timeline_at(now, |timeline| timeline.stewardship().clone())
    }

    /// Until when this device's member is muted.
    pub(crate) fn muted_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.stewardship(now).muted.get(&self.me).map(|(until, _)| *until)
    }

    /// Whoever is muted says nothing: nobody would see it.
    pub(super) fn check_muted(&self, now: Timestamp) -> Result<(), ShareError> {
        self.muted_until(now).map_or(Ok(()), |until| Err(ShareError::Muted { until }))
    }

    /// When the next share of this device's member is shown; `None` if at once.
    pub(crate) fn next_share(&self, now: Timestamp) -> Option<Timestamp> {
        if !self.acts_in_right().any(|act| matches!(act, Gist::SlowMode(1.., _))) {
            return None;
        }
        self.with_timeline_at(now, |timeline| timeline.next_share(&self.me))
    }

    /// An item came, or more is known since: notes whether its author had the right to it.
    pub(super) fn note_right(&mut self, step: &mut Step<'_>, id: &ItemId) {
        let Some(item) = self.items.get(id).filter(|item| item.body.gist.is_steward()) else {
            return;
        };
        if self.in_right.contains(id) || !self.had_right(&item.body) || !self.says_why(id) {
            return;
        }
        self.in_right.insert(*id);
        step.put(self.key_of(RecordKind::Right, id.as_bytes()), vec![VERSION]);
    }

    /// Looks again at the acts whose first state was not known when they came.
    pub(super) fn note_rights(&mut self, step: &mut Step<'_>) {
        let acts = self.items.about_circle().filter(|item| item.body.gist.is_steward());
        let unknown: Vec<ItemId> =
            acts.map(|item| item.id).filter(|id| !self.in_right.contains(id)).collect();
        for id in unknown {
            self.note_right(step, &id);
        }
    }

    /// Whether the author of an act was a facilitator in the state it was first sealed under; where
    /// that is not known here, in any state whose keys are.
    fn had_right(&self, body: &Outline) -> bool {
        let may = |ledger: &Ledger| {
            let is_muted_by_right = match &body.gist {
                Gist::Mute(member, Some(_), _) => !ledger.is_facilitator(member),
                _ => true,
            };
            is_muted_by_right
                && ledger.is_facilitator(&body.member)
                && ledger.member_of(&body.device) == Some(&body.member)
        };
        match self.states.get(&body.first_state).and_then(State::held) {
            Some(held) => may(&held.ledger),
            None => self.states.values().filter_map(State::held).any(|held| may(&held.ledger)),
        }
    }

    /// Whether an act tells everybody a reason: no program says it without, and one that does holds nobody
    /// to it. What was found in its right by an earlier version stays so.
    fn says_why(&self, act: &ItemId) -> bool {
        match self.items.content(act) {
            Some(
                Content::Hide(Hide { reason, .. })
                | Content::Mute(Mute { reason, .. })
                | Content::SlowMode(SlowMode { reason, .. }),
            ) => !reason.is_blank(),
            _ => false,
        }
    }

    /// Somebody has come who cannot know what holds: what this device's member said of it is said
    /// once more.
    pub(super) fn say_acts_again(&mut self, step: &mut Step<'_>, before: &Ledger, after: &Ledger) {
        let came = after.members().keys().any(|member| !before.members().contains_key(member));
        if !came || !after.is_facilitator(&self.me) || !self.may_talk() {
            return;
        }
        let Stewardship { slow, muted } = self.stewardship(step.now);
        let mutes = muted.into_values().map(|(_, act)| act);
        let acts = slow.map(|(_, act)| act).into_iter().chain(mutes);
        let key = self.key.id();
        let own = |act: &ItemId| self.items.get(act).is_some_and(|item| item.body.device == key);
        let acts: Vec<ItemId> = acts.filter(own).take(MAX_SAID_AGAIN).collect();
        for act in acts {
            let content = match self.items.content(&act) {
                Some(Content::Mute(mute)) => Content::Mute(Mute { again: true, ..mute }),
                Some(Content::SlowMode(slow)) => {
                    Content::SlowMode(SlowMode { again: true, ..slow })
                }
                _ => continue,
            };
            if self.say(step, content, Scope::LaterToo).is_err() {
                return;
            }
        }
    }

    /// A commit that takes somebody out came, or was made here: all members read why.
    pub(super) fn log_removals(
        &mut self,
        step: &mut Step<'_>,
        state: StateId,
        by: Option<MemberId>,
        at: Hour,
        removed: Vec<(MemberId, Text<MAX_NOTE_CHARS>)>,
    ) {
        let Some(by) = by.filter(|_| !removed.is_empty()) else {
            return;
        };
        let record = Removals { version: VERSION, by, at, removed };
        let key = self.key_of(RecordKind::Removals, state.as_bytes());
        step.put(key, wire::encode(&record).to_vec());
        self.removals.insert(state, record);
        while self.removals.len() > MAX_LOGGED_REMOVALS {
            let oldest = self.removals.iter().min_by_key(|(id, record)| (record.at, **id));
            let Some(oldest) = oldest.map(|(id, _)| *id) else {
                return;
            };
            self.removals.remove(&oldest);
            step.delete(self.key_of(RecordKind::Removals, oldest.as_bytes()));
        }
    }

    /// The removals on the head's path, and those so old that their state is forgotten.
    pub(crate) fn removals(&self) -> Vec<Removal> {
        let counts = |id: &&StateId| !self.states.contains_key(*id) || self.is_on_path(id);
        let on_path = self.removals.keys().filter(counts).filter_map(|id| self.removals.get(id));
        let mut all: Vec<Removal> = on_path
            .flat_map(|record| {
                record.removed.iter().map(|(member, reason)| Removal {
                    by: record.by,
                    member: *member,
                    reason: reason.as_str().to_owned(),
                    at: record.at,
                })
            })
            .collect();
        all.sort_by_key(|removal| (removal.at, removal.member));
        all
    }

    /// Forgets all of this: the circle goes.
    pub(super) fn erase_steward(&self, step: &mut Step<'_>) {
        for id in &self.in_right {
            step.delete(self.key_of(RecordKind::Right, id.as_bytes()));
        }
        for id in self.removals.keys() {
            step.delete(self.key_of(RecordKind::Removals, id.as_bytes()));
        }
    }
}

/// The removals a device knows, by the state that each commit makes.
pub(super) type AllRemovals = BTreeMap<StateId, Removals>;
