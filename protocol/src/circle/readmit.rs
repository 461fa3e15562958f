//! Newcomers whom only a branch that lost had let in: they are let in again, whatever became of
//! their invite meanwhile. Clauses: specs/04-order O-110 to O-113.

use crate::circle::intent::IntentKind;
use crate::circle::knock::{Fate, KnockEntry};
use crate::circle::lobby::refusal;
use crate::circle::{Circle, Step};
use crate::id::{KnockId, MemberId};
use crate::invite::Refusal;
use crate::ledger::Ledger;
use crate::limits::{MAX_KNOCKS, MAX_REFUSED_KNOCKS};
use crate::output::Event;
use crate::time::Timestamp;

impl Circle {
    /// Why the rules do not let this knock in now, if they do not: on this device, and on what it
    /// knows of other branches.
    pub(super) fn refusal_of(
        &self,
        ledger: &Ledger,
        entry: &KnockEntry,
        now: Timestamp,
    ) -> Option<Refusal> {
        let refusal = refusal(ledger, entry, now)?;
        let allowed = is_of_invite(refusal) && self.may_let_in_again(entry);
        (!allowed).then_some(refusal)
    }

    /// Whether an admission by this device has to say that another branch had let the newcomer in:
    /// their invite alone would not.
    pub(super) fn is_let_in_again(&self, entry: &KnockEntry) -> bool {
        let Some(invite) = self.ledger().and_then(|ledger| ledger.invites().get(&entry.invite))
        else {
            return false;
        };
        !invite.admits() && self.may_let_in_again(entry)
    }

    fn may_let_in_again(&self, entry: &KnockEntry) -> bool {
        matches!(entry.fate, Fate::Open | Fate::Refused)
            && self.is_facilitator()
            && self.was_let_in_elsewhere(entry)
    }

    /// Whether a branch beside the head's path let a newcomer in, and no branch took them out.
    pub(super) fn was_let_in_elsewhere(&self, entry: &KnockEntry) -> bool {
        self.was_member_elsewhere(&entry.member)
    }

    /// Whether somebody is a member on a branch beside the head's path, and no branch took them
    /// out.
    pub(super) fn was_member_elsewhere(&self, member: &MemberId) -> bool {
        let knows = |id| {
            let held = self.states.get(id).and_then(|state| state.held());
            let acknowledged = held.is_none_or(|held| held.acknowledged);
            Some(acknowledged && self.members_at(id)?.contains(member))
        };
        let let_in = self.states.keys().any(|id| knows(id) == Some(true));
        let taken_out = self.states.iter().any(|(id, state)| {
            let before = state.parent.as_ref().and_then(knows);
            before == Some(true) && knows(id) == Some(false)
        });
        let_in && !taken_out
    }

    /// Whether somebody only listens in the latest state that this device holds and that knows them.
    pub(super) fn listened_elsewhere(&self, member: &MemberId) -> bool {
        let held = self.states.values().filter_map(|state| Some((state.epoch, state.held()?)));
        let known = held.filter(|(_, held)| held.ledger.members().contains_key(member));
        let latest = known.max_by_key(|(epoch, _)| *epoch);
        latest.is_some_and(|(_, held)| held.ledger.is_listener(member))
    }

    /// Remembers a knock that was refused because of its invite: another branch may have let the
    /// newcomer in.
    pub(super) fn remember_refused(
        &mut self,
        step: &mut Step<'_>,
        id: KnockId,
        entry: KnockEntry,
        refusal: Refusal,
    ) {
        let same =
            |other: &&KnockEntry| other.invite == entry.invite && other.fate == Fate::Refused;
        let many = self.knocks.values().filter(same).count() >= MAX_REFUSED_KNOCKS;
        if many || self.knocks.len() >= MAX_KNOCKS / 2 || !is_of_invite(refusal) {
            return;
        }
        self.knocks.insert(id, KnockEntry { fate: Fate::Refused, ..entry });
        self.write_knock(step, &id);
    }

    /// Looks for newcomers whom only another branch let in, and wants them back.
    pub(super) fn want_readmissions(&mut self, step: &mut Step<'_>) {
        if !self.is_facilitator() {
            return;
        }
        let back: Vec<(KnockId, _)> = self
            .knocks
            .iter()
            .filter(|(id, entry)| {
                let waits = entry.fate == Fate::Refused
                    || entry.fate == Fate::Open && !self.is_being_admitted(id);
                waits && !self.was_let_in(entry) && self.was_let_in_elsewhere(entry)
            })
            .map(|(id, entry)| (*id, entry.invite))
            .collect();
        for (id, invite) in back {
            self.seal_fate(step, &id, Fate::Open);
            let invites = self.ledger().map(Ledger::invites);
            let inviter = invites.and_then(|invites| invites.get(&invite)).map(|i| i.inviter);
            let due = self.turn(step, inviter.as_ref());
            if !self.is_being_admitted(&id) {
                self.want(step, IntentKind::Admit(id), due);
            }
        }
    }

    /// Says so to facilitators when somebody came in whom their invite alone would not have let in.
    pub(super) fn tell_readmissions(&self, step: &mut Step<'_>, before: &Ledger, after: &Ledger) {
        if !after.is_facilitator(&self.me) {
            return;
        }
        for entry in self.knocks.values() {
            let came = after.members().contains_key(&entry.member)
                && !before.members().contains_key(&entry.member);
            if came && refusal(before, entry, step.now).is_some_and(is_of_invite) {
                let (circle, member) = (self.id, entry.member);
                step.tell(Event::MemberKept { circle, member });
            }
        }
    }

    /// Whoever was a member of the path and is none any more does not come back by an old knock.
    pub(super) fn note_gone(&mut self, step: &mut Step<'_>) {
        let Some(ledger) = self.ledger() else {
            return;
        };
        let gone = self.knocks.iter().filter(|(_, entry)| {
            entry.fate == Fate::Open
                && !ledger.members().contains_key(&entry.member)
                && self.was_let_in(entry)
        });
        for id in gone.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.seal_fate(step, &id, Fate::Gone);
        }
    }
}

/// Whether it is the invite that does not admit, and nothing else.
fn is_of_invite(refusal: Refusal) -> bool {
    matches!(refusal, Refusal::Used | Refusal::Revoked | Refusal::Expired)
}
