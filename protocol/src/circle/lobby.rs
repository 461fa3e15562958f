//! The lobby: knocks that arrive, and the answers they get. A pending newcomer holds no key of the
//! circle. Clauses: specs/05-invite V-8 to V-12.

use std::collections::BTreeMap;

use crate::circle::intent::IntentKind;
use crate::circle::knock::{Fate, KnockEntry};
use crate::circle::send::{Admitted, Carries, Knocked, Pending};
use crate::circle::{Circle, Standing, Step};
use crate::id::{DeviceId, InviteId, KnockId, MemberId, StateId};
use crate::identity::Credential;
use crate::invite::{Admission, AgreementHash, Answer, Knock, Refusal, SealedKnock};
use crate::ledger::{InviteEntry, InviteStanding, Ledger};
use crate::limits::{INTENT_MEMORY, MAX_KNOCKS, MAX_MEMBERS, MAX_NOTE_CHARS};
use crate::mls::{HpkePublic, Provider, inspect_key_package};
use crate::output::Event;
use crate::state::{Entrance, EraShare, Header, Hold, MAX_HEADERS, State};
use crate::time::Timestamp;
use crate::verdict::{Redundant, Verdict, Violation};
use crate::wire::text::{Opaque, Text};
use crate::wire::{self, FrameKind};

/// Why somebody was neither admitted nor declined.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum AdmitError {
    /// No such circle on this device.
    #[error("no such circle")]
    UnknownCircle,
    /// This device's member is no longer in the circle, or has said that they leave.
    #[error("you are no longer in this circle")]
    Closed,
    /// Only a facilitator looks at knocks.
    #[error("only a facilitator admits or declines")]
    NotFacilitator,
    /// Nobody knocks under that name any more.
    #[error("no such knock")]
    UnknownKnock,
    /// The invite expired, or was used up or taken back meanwhile.
    #[error("the invite no longer admits")]
    InviteOver,
    /// Only the device that made an invite answers its knocks.
    #[error("this knock is answered by the device that made its invite")]
    OtherDevice,
    /// The newcomer accepted another agreement than the circle has now.
    #[error("the newcomer accepted an older agreement")]
    AgreementChanged,
    /// The reason is too long.
    #[error("the reason is longer than {limit} characters")]
    ReasonTooLong {
        /// Characters allowed.
        limit: usize,
    },
}

impl Circle {
    /// Admits somebody who knocks.
    ///
    /// # Errors
    /// [`AdmitError`]; the knock stays.
    pub(crate) fn admit(&mut self, step: &mut Step<'_>, knock: &KnockId) -> Result<(), AdmitError> {
        if self.is_leaving() {
            return Err(AdmitError::Closed);
        }
        let entry = self.reviewed(knock)?;
        let ledger = self.ledger().ok_or(AdmitError::Closed)?;
        match self.refusal_of(ledger, entry, step.now) {
            Some(Refusal::AgreementChanged) => return Err(AdmitError::AgreementChanged),
            Some(_) => return Err(AdmitError::InviteOver),
            None => {}
        }
        if !self.is_being_admitted(knock) {
            self.want(step, IntentKind::Admit(*knock), step.now);
        }
        self.settle(step);
        Ok(())
    }

    /// Declines somebody who knocks, with a reason they read.
    ///
    /// # Errors
    /// [`AdmitError`]; the knock stays.
    pub(crate) fn decline(
        &mut self,
        step: &mut Step<'_>,
        knock: &KnockId,
        reason: String,
    ) -> Result<(), AdmitError> {
        let reason = Text::<MAX_NOTE_CHARS>::new(reason)
            .map_err(|error| AdmitError::ReasonTooLong { limit: error.limit })?;
        let entry = self.reviewed(knock)?;
        let (invite, reply) = (entry.invite, entry.knock.body.reply.clone());
        let key = self.secrets_of(&invite).ok_or(AdmitError::OtherDevice)?.issuer_key();
        self.answer(step, &invite, knock, &reply, &Answer::declined(knock, reason, &key));
        self.seal_fate(step, knock, Fate::Declined);
        Ok(())
    }

    fn reviewed(&self, knock: &KnockId) -> Result<&KnockEntry, AdmitError> {
        if self.standing != Standing::Active {
            return Err(AdmitError::Closed);
        }
        if !self.is_facilitator() {
            return Err(AdmitError::NotFacilitator);
        }
        let entry = self.knocks.get(knock).filter(|entry| self.is_at_the_door(entry));
        entry.ok_or(AdmitError::UnknownKnock)
    }

    /// Whether somebody still waits for an answer: neither let in nor told no.
    pub(super) fn is_at_the_door(&self, entry: &KnockEntry) -> bool {
        entry.fate == Fate::Open && !self.was_let_in(entry)
    }

    /// Whether somebody is or was a member on the head's path. On another branch does not count:
    /// then they are let in again.
    pub(super) fn was_let_in(&self, entry: &KnockEntry) -> bool {
        self.down_the_path().any(|(_, state)| {
            let held = state.held();
            held.is_some_and(|held| held.ledger.members().contains_key(&entry.member))
        })
    }

    pub(super) fn is_being_admitted(&self, knock: &KnockId) -> bool {
        self.intents.values().any(|i| matches!(&i.kind, IntentKind::Admit(id) if id == knock))
    }

    /// A knock was found on the topic of an invite.
    pub(super) fn take_knock(
        &mut self,
        step: &mut Step<'_>,
        invite: InviteId,
        record: &[u8],
    ) -> Verdict {
        let Ok(sealed) = SealedKnock::from_bytes(record) else {
            return Verdict::Reject(Violation::Malformed);
        };
        if self.knocks.contains_key(&sealed.knock) {
            return Verdict::Ignore(Redundant::Duplicate);
        }
        let Some(ledger) = self.ledger() else {
            return Verdict::Ignore(Redundant::NotForUs);
        };
        let Some(entry) = ledger.invites().get(&invite) else {
            return Verdict::Ignore(Redundant::NotForUs);
        };
        let Some(secrets) = self.secrets_of(&invite) else {
            return Verdict::Ignore(Redundant::NotForUs);
        };
        let Ok(knock) = sealed.open(&invite, self.suite, &secrets.opening) else {
            return Verdict::Reject(Violation::Signature);
        };
        let Some((member, device)) = self.newcomer(step, &knock) else {
            return Verdict::Reject(Violation::Signature);
        };
        if ledger.members().contains_key(&member) || knock.body.expires < step.now {
            return Verdict::Ignore(Redundant::Settled);
        }
        let (inviter, review) = (entry.inviter, entry.terms.door.review);
        let id = knock.id();
        if self.knocks.contains_key(&id) {
            return Verdict::Accept;
        }
        let places = usize::from(entry.terms.uses - entry.used.min(entry.terms.uses));
        let arrived = step.now;
        let entry =
            KnockEntry { invite, knock, member, device, arrived, attempts: 0, fate: Fate::Open };
        if let Some(refusal) = self.refusal_of(ledger, &entry, step.now) {
            self.refuse(step, &invite, &entry, refusal);
            self.remember_refused(step, id, entry, refusal);
            return Verdict::Accept;
        }
        // Whoever holds one invite takes no room from others.
        let waiting = self.knocks.values().filter(|other| self.is_at_the_door(other));
        let by_invite = waiting.filter(|other| other.invite == invite).count();
        if self.knocks.len() >= MAX_KNOCKS || by_invite >= (places + 1).min(MAX_KNOCKS / 4) {
            return Verdict::Ignore(Redundant::NoRoom);
        }
        self.knocks.insert(id, entry);
        self.write_knock(step, &id);
        if review {
            step.tell(Event::KnockArrived { circle: self.id, knock: id });
        } else {
            let due = self.turn(step, Some(&inviter));
            self.want(step, IntentKind::Admit(id), due);
        }
        Verdict::Accept
    }

    /// The one member and device all KeyPackages of a knock are for.
    pub(super) fn newcomer(
        &self,
        step: &mut Step<'_>,
        knock: &Knock,
    ) -> Option<(MemberId, DeviceId)> {
        let provider = Provider::new(step.injected(), &crate::mls::Namespace::default());
        let mut newcomers = knock.body.key_packages.iter().map(|package| {
            let candidate = inspect_key_package(&provider, self.suite, package.as_bytes()).ok()?;
            let credential = Credential::from_bytes(&candidate.credential).ok()?;
            let credential = credential.verify(&self.id, candidate.device.as_bytes()).ok()?;
            Some((credential.member, credential.device))
        });
        let first = newcomers.next()??;
        newcomers.all(|newcomer| newcomer == Some(first)).then_some(first)
    }

    pub(super) fn knock_attempted(&mut self, step: &mut Step<'_>, knock: &KnockId) {
        if let Some(entry) = self.knocks.get_mut(knock) {
            entry.attempts = entry.attempts.saturating_add(1);
        }
        self.write_knock(step, knock);
    }

    pub(super) fn knock_is_settled(
        &self,
        ledger: &Ledger,
        knock: &KnockId,
        now: Timestamp,
    ) -> bool {
        // Whoever has said that they leave lets nobody in: it might be into a branch that only they
        // are on.
        self.is_leaving()
            || self.knocks.get(knock).is_none_or(|entry| {
                !self.is_at_the_door(entry) || self.refusal_of(ledger, entry, now).is_some()
            })
    }

    /// Goes through the lobby after the head moved or time went by: who is in is no longer at the
    /// door, and who cannot come in any more is told so.
    pub(super) fn review_lobby(&mut self, step: &mut Step<'_>) {
        let Some(ledger) = self.head_held().map(|held| held.ledger.clone()) else {
            return;
        };
        let mut over = Vec::new();
        let mut refused = Vec::new();
        for (id, entry) in &self.knocks {
            if entry.knock.body.expires < step.now {
                over.push(*id);
            } else if !self.is_at_the_door(entry) {
                // Remembered: a rival branch without them may win, or the knock come again.
                let old = step.now.since(entry.arrived) > INTENT_MEMORY;
                if old && entry.fate != Fate::Declined {
                    over.push(*id);
                }
            } else if let Some(refusal) = self.refusal_of(&ledger, entry, step.now) {
                refused.push((*id, refusal));
            }
        }
        for (id, refusal) in refused {
            if let Some(entry) = self.knocks.remove(&id) {
                let invite = entry.invite;
                self.refuse(step, &invite, &entry, refusal);
                self.delete_knock(step, &id);
                self.remember_refused(step, id, entry, refusal);
            }
        }
        for id in over {
            self.forget_knock(step, &id);
        }
    }

    fn forget_knock(&mut self, step: &mut Step<'_>, knock: &KnockId) {
        self.knocks.remove(knock);
        self.delete_knock(step, knock);
    }

    /// Says no, if that is this device's to say: otherwise everybody would.
    fn refuse(
        &mut self,
        step: &mut Step<'_>,
        invite: &InviteId,
        entry: &KnockEntry,
        refusal: Refusal,
    ) {
        let Some(ledger) = self.ledger() else {
            return;
        };
        let Some(known) = ledger.invites().get(invite) else {
            return;
        };
        if known.inviter != self.me && !ledger.is_facilitator(&self.me) {
            return;
        }
        let Some(secrets) = self.secrets_of(invite) else {
            return;
        };
        let knock = entry.knock.id();
        let answer = Answer::refused(&knock, refusal, &secrets.issuer_key());
        self.answer(step, invite, &knock, &entry.knock.body.reply, &answer);
    }

    /// Sends the Welcome of a commit that somebody else now has to those it admits.
    pub(super) fn send_welcomes(&mut self, step: &mut Step<'_>, pending: &Pending) {
        let Some(welcome) = &pending.welcome else {
            return;
        };
        for admitted in &pending.admitted {
            match admitted {
                Admitted::Knocked(Knocked { invite, knock, reply }) => {
                    if let Some(answer) = self.admission(step, &pending.state, welcome) {
                        self.answer(step, invite, knock, reply, &answer);
                    }
                }
                Admitted::TakenBack(taken) => self.welcome_back(step, pending, welcome, taken),
            }
        }
    }

    pub(super) fn admission(
        &self,
        step: &Step<'_>,
        state: &StateId,
        welcome: &[u8],
    ) -> Option<Answer> {
        let entered = self.states.get(state)?;
        let held = entered.held()?;
        let era = self.eras.get(&held.era)?;
        let period = step.now.hour().period().previous().max(era.base);
        let header = |id: &StateId| {
            let state = self.states.get(id)?;
            let State { parent, epoch, leaf, member, class, .. } = *state;
            let chosen = self.frozen.get(id).copied();
            let departures = state.departures().cloned();
            Some(Header { id: *id, parent, epoch, leaf, member, class, chosen, departures })
        };
        // What a commit makes that took this device out, it does not know.
        let known = |id: &&StateId| {
            self.states.get(*id).is_some_and(|state| !matches!(state.hold, Hold::Closing(_)))
        };
        let mut newest: Vec<&StateId> = self.states.keys().filter(known).collect();
        newest.sort_by_key(|id| std::cmp::Reverse(self.states.get(*id).map(|state| state.epoch)));
        let entrance = Entrance {
            ledger: Ledger::clone(&held.ledger),
            era: EraShare {
                era: held.era,
                period,
                secret: era.secret_at(period),
                link: era.link.duplicate(),
                porches: self.porches_to_share(&held.era),
            },
            header: header(state)?,
            headers: newest.into_iter().take(MAX_HEADERS).filter_map(header).collect(),
        };
        Some(Answer::Admitted(Admission {
            welcome: Opaque::new(welcome).ok()?,
            entrance: Opaque::new(wire::encode(&entrance).to_vec()).ok()?,
        }))
    }

    pub(super) fn answer(
        &mut self,
        step: &mut Step<'_>,
        invite: &InviteId,
        knock: &KnockId,
        reply: &HpkePublic,
        answer: &Answer,
    ) {
        let Ok(sealed) = answer.seal(knock, self.suite, reply, step.random) else {
            return;
        };
        self.send_post(step, invite, FrameKind::Answer, &sealed.to_bytes());
    }

    /// Sends something to the topic of an invite, or of this device's device code.
    pub(super) fn send_post(
        &mut self,
        step: &mut Step<'_>,
        invite: &InviteId,
        kind: FrameKind,
        record: &[u8],
    ) {
        // A commit that opens an invite and admits by it at once is not the head yet when its
        // Welcome leaves.
        let entry = self.states_newest_first().into_iter().find_map(|id| {
            let held = self.states.get(&id).and_then(State::held);
            held.and_then(|held| held.ledger.invites().get(invite))
        });
        let keys = entry.map(|entry| (entry.topic_key(), entry.seal_key()));
        let Some((topic_key, seal)) = keys.or_else(|| self.code_keys(invite)) else {
            return;
        };
        let envelopes = Self::seal(step, &seal, &topic_key, kind, record);
        if let Some(envelopes) = envelopes {
            self.send_out(step, envelopes, Carries::Post);
        }
    }

    pub(super) fn knock_counts(&self) -> BTreeMap<InviteId, usize> {
        let mut counts = BTreeMap::new();
        for entry in self.knocks.values().filter(|entry| self.is_at_the_door(entry)) {
            *counts.entry(entry.invite).or_default() += 1;
        }
        counts
    }
}

/// Why the rules do not let this knock in now, if they do not.
pub(super) fn refusal(ledger: &Ledger, entry: &KnockEntry, now: Timestamp) -> Option<Refusal> {
    let invite: &InviteEntry = ledger.invites().get(&entry.invite)?;
    let agreement = AgreementHash::of(&ledger.settings().agreement);
    if invite.standing != InviteStanding::Open {
        Some(Refusal::Revoked)
    } else if invite.used >= invite.terms.uses {
        Some(Refusal::Used)
    } else if invite.terms.expires <= now {
        Some(Refusal::Expired)
    } else if ledger.members().len() >= MAX_MEMBERS {
        Some(Refusal::Full)
    } else if entry.knock.body.agreement != agreement {
        Some(Refusal::AgreementChanged)
    } else {
        None
    }
}
