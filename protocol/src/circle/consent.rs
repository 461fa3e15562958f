//! What one member cannot decide alone: proposed as an item, agreed to by items, and committed by
//! the device of somebody who agrees as soon as enough do. All of it follows from the items and
//! the head's ledger, so nothing is lost with a branch. Clauses: specs/03-circle C-42 to C-45.

use std::collections::BTreeSet;

use crate::circle::intent::IntentKind;
use crate::circle::send::ShareError;
use crate::circle::weigh::{Weighed, is_open};
use crate::circle::{Circle, Step};
use crate::content::{Consent, Content, Gist, Proposal, Scope};
use crate::id::{ItemId, MemberId};
use crate::ledger::{
    Change, ConsentProof, Declaration, Departure, Ledger, Motion, MotionKind, Role, RoleChange,
    Succession,
};
use crate::limits::{MAX_NOTE_CHARS, SUCCESSION_SILENCE};
use crate::time::Timestamp;

/// Why nothing was proposed or agreed to.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum MotionError {
    /// No such circle on this device.
    #[error("no such circle")]
    UnknownCircle,
    /// This device's member is no longer in the circle.
    #[error("you are no longer in this circle")]
    Closed,
    /// No such member.
    #[error("no such member")]
    UnknownMember,
    /// Whoever only listens holds no circle.
    #[error("they only listen here")]
    Listener,
    /// Only a facilitator proposes this.
    #[error("only a facilitator does this")]
    NotFacilitator,
    /// They are a facilitator already.
    #[error("they are a facilitator already")]
    Already,
    /// They are no facilitator.
    #[error("they are no facilitator")]
    Ordinary,
    /// Nobody else would hold the circle.
    #[error("nobody else holds the circle")]
    Last,
    /// Whoever becomes a facilitator declares first.
    #[error("a facilitator declares a duty to report, or that there is none")]
    Undeclared,
    /// No reason was given for a removal: everybody in the circle reads it.
    #[error("there is no reason")]
    NoReason,
    /// The declaration or the reason is too long.
    #[error("the text is longer than {limit} characters")]
    TooLong {
        /// Characters allowed.
        limit: usize,
    },
    /// No such proposal.
    #[error("no such proposal")]
    UnknownProposal,
    /// There is nothing to agree to any more.
    #[error("this proposal is over")]
    Over,
    /// It was agreed to by this member already.
    #[error("you have agreed to this already")]
    Agreed,
    /// It is for others to agree to.
    #[error("it is for others to agree to this")]
    NotAsked,
    /// Nothing can be said now.
    #[error(transparent)]
    Unsaid(#[from] ShareError),
}

impl Circle {
    /// Puts a motion about `member` to the circle, or agrees to the same one put by somebody else.
    ///
    /// # Errors
    /// [`MotionError`]; nothing was said.
    pub(crate) fn propose(
        &mut self,
        step: &mut Step<'_>,
        kind: MotionKind,
        member: &MemberId,
        declaration: Option<String>,
    ) -> Result<ItemId, MotionError> {
        if !self.may_talk() {
            return Err(MotionError::Closed);
        }
        let declaration = declared(declaration)?;
        let ledger = self.ledger().ok_or(MotionError::Closed)?;
        let motion = ledger.motion(kind, member).map_err(|_| MotionError::UnknownMember)?;
        let gives = matches!(motion.kind, MotionKind::Promote | MotionKind::Succeed);
        match (gives, ledger.is_facilitator(member)) {
            (true, true) => return Err(MotionError::Already),
            (false, false) => return Err(MotionError::Ordinary),
            (true, false) if ledger.is_listener(member) => return Err(MotionError::Listener),
            _ => {}
        }
        let by_anybody = motion.kind == MotionKind::Succeed;
        if !by_anybody && !ledger.is_facilitator(&self.me) {
            return Err(MotionError::NotFacilitator);
        }
        if gives && *member == self.me && declaration.is_none() {
            return Err(MotionError::Undeclared);
        }
        if motion.kind.lacks_reason() {
            return Err(MotionError::NoReason);
        }
        let same = self
            .weigh_all(step.now)
            .into_iter()
            .find(|other| other.open && !other.lapsed && *other.motion == motion);
        let known = same.map(|other| (other.item.id, other.agreeing.contains_key(&self.me)));
        let (proposal, agreed) = match known {
            Some(known) => known,
            None => {
                let content = Content::Proposal(Proposal { motion: motion.clone() });
                (self.say(step, content, Scope::HereNow)?, false)
            }
        };
        if !agreed && (motion.kind != MotionKind::Promote || *member == self.me) {
            self.say_consent(step, proposal, &motion, declaration)?;
        }
        self.review_motions(step);
        self.settle(step);
        Ok(proposal)
    }

    /// Gives up the own role as a facilitator.
    ///
    /// # Errors
    /// [`MotionError`]; nothing has changed.
    pub(crate) fn step_down(&mut self, step: &mut Step<'_>) -> Result<(), MotionError> {
        if !self.may_talk() {
            return Err(MotionError::Closed);
        }
        let ledger = self.ledger().ok_or(MotionError::Closed)?;
        if !ledger.is_facilitator(&self.me) {
            return Err(MotionError::Ordinary);
        }
        if ledger.facilitators().count() < 2 {
            return Err(MotionError::Last);
        }
        let motion =
            ledger.motion(MotionKind::Demote, &self.me).map_err(|_| MotionError::Closed)?;
        self.want(step, IntentKind::StepDown(motion.role_since), step.now);
        self.settle(step);
        Ok(())
    }

    /// Agrees to a proposal.
    ///
    /// # Errors
    /// [`MotionError`]; nothing was said.
    pub(crate) fn consent(
        &mut self,
        step: &mut Step<'_>,
        proposal: &ItemId,
        declaration: Option<String>,
    ) -> Result<(), MotionError> {
        if !self.may_talk() {
            return Err(MotionError::Closed);
        }
        let declaration = declared(declaration)?;
        let weighed = self.weigh_all(step.now);
        let weighed = weighed
            .iter()
            .find(|weighed| weighed.item.id == *proposal)
            .ok_or(MotionError::UnknownProposal)?;
        if !weighed.open || weighed.lapsed {
            return Err(MotionError::Over);
        }
        if weighed.agreeing.contains_key(&self.me) {
            return Err(MotionError::Agreed);
        }
        let motion = weighed.motion.clone();
        let about_me = motion.member == self.me;
        match motion.kind {
            MotionKind::Promote | MotionKind::Succeed if about_me && declaration.is_none() => {
                return Err(MotionError::Undeclared);
            }
            MotionKind::Promote if !about_me => return Err(MotionError::NotAsked),
            MotionKind::Demote | MotionKind::Remove { .. } if about_me => {
                return Err(MotionError::NotAsked);
            }
            _ => {}
        }
        self.say_consent(step, *proposal, &motion, declaration.filter(|_| about_me))?;
        self.review_motions(step);
        self.settle(step);
        Ok(())
    }

    fn say_consent(
        &mut self,
        step: &mut Step<'_>,
        proposal: ItemId,
        motion: &Motion,
        declaration: Option<Declaration>,
    ) -> Result<(), ShareError> {
        let seen = (motion.kind == MotionKind::Succeed).then(|| self.last_of_facilitators());
        let declaration = declaration.filter(|_| motion.member == self.me);
        let proof = motion.agree(&self.id, &self.key, seen.flatten(), declaration.as_ref());
        let ConsentProof { seen, signature, .. } = proof;
        let consent = Consent { proposal, seen, declaration, signature };
        self.say(step, Content::Consent(consent), Scope::HereNow)?;
        Ok(())
    }

    /// Has this device carry out what enough agree to, if its member is among them. To be called
    /// whenever a proposal or a consent came in, and when the head moved.
    pub(super) fn review_motions(&mut self, step: &mut Step<'_>) {
        self.review_agreements(step);
        if !self.may_talk() {
            return;
        }
        let Some(ledger) = self.ledger() else {
            return;
        };
        let wanted: BTreeSet<ItemId> = self
            .intents
            .values()
            .filter_map(|intent| match intent.kind {
                IntentKind::Carry { proposal, .. } => Some(proposal),
                _ => None,
            })
            .collect();
        let silence = ledger.facilitators().next().is_some();
        let ready: Vec<(ItemId, MemberId, bool, bool)> = self
            .weigh_all(step.now)
            .iter()
            .filter(|weighed| !wanted.contains(&weighed.item.id))
            .filter(|weighed| self.carried(ledger, weighed).is_some())
            .map(|weighed| {
                let departs = matches!(weighed.motion.kind, MotionKind::Remove { .. });
                let waits = silence && weighed.motion.kind == MotionKind::Succeed;
                (weighed.item.id, weighed.item.body.member, departs, waits)
            })
            .collect();
        for (proposal, first, departs, waits) in ready {
            let turn = self.turn(step, Some(&first));
            let due = if waits { turn.after(SUCCESSION_SILENCE) } else { turn };
            self.want(step, IntentKind::Carry { proposal, departs }, due);
        }
    }

    /// The change that carries out a proposal, if enough agree and this device's member is one of
    /// them.
    pub(super) fn decided(&self, proposal: &ItemId, now: Timestamp) -> Option<Change> {
        let weighed = self.weigh_all(now);
        let weighed = weighed.iter().find(|weighed| weighed.item.id == *proposal)?;
        self.carried(self.ledger()?, weighed)
    }

    /// Whether a proposal is carried out, or can no longer be, on the head.
    pub(super) fn is_carried(&self, ledger: &Ledger, proposal: &ItemId) -> bool {
        let item = self.items.get(proposal);
        item.is_none_or(|item| match &item.body.gist {
            Gist::Proposal(proposal) => !is_open(ledger, &proposal.motion),
            _ => true,
        })
    }

    fn carried(&self, ledger: &Ledger, weighed: &Weighed<'_>) -> Option<Change> {
        let Weighed { item, motion, agreeing, open, lapsed } = weighed;
        let mine = agreeing.contains_key(&self.me)
            || motion.kind == MotionKind::Promote && item.body.member == self.me;
        if !open || *lapsed || !mine {
            return None;
        }
        let declaration = || agreeing.get(&motion.member)?.1.cloned();
        let proofs = |without: &[MemberId]| -> Vec<ConsentProof> {
            let others = agreeing.iter().filter(|(member, _)| !without.contains(member));
            let mut proofs: Vec<ConsentProof> =
                others.map(|(_, (proof, _))| proof.clone()).collect();
            proofs.sort_by_key(|proof| proof.device);
            proofs
        };
        let member = motion.member;
        let against = [self.me, member];
        let change = match &motion.kind {
            MotionKind::Promote => {
                let consents = vec![agreeing.get(&member)?.0.clone()];
                let (role, declaration) = (Role::Facilitator, declaration());
                Change::SetRole(RoleChange { member, role, declaration, consents })
            }
            MotionKind::Demote => Change::SetRole(RoleChange {
                member,
                role: Role::Member,
                declaration: None,
                consents: proofs(&against),
            }),
            MotionKind::Remove { reason } => {
                let (reason, consents) = (reason.clone(), proofs(&against));
                Change::Depart(Departure::Removed { member, reason, consents })
            }
            MotionKind::Succeed => {
                let (declaration, consents) = (declaration()?, proofs(&[]));
                Change::Succeed(Succession { member, declaration, consents })
            }
        };
        let epoch = self.states.get(&self.head)?.epoch.checked_add(1)?;
        ledger.apply(&self.id, &self.me, epoch, std::slice::from_ref(&change)).ok()?;
        Some(change)
    }
}

/// A declaration that says something, if there is one.
fn declared(declaration: Option<String>) -> Result<Option<Declaration>, MotionError> {
    let words = declaration.filter(|words| !words.trim().is_empty());
    let declaration = words.map(|words| Declaration::new(words.trim())).transpose();
    declaration.map_err(|_| MotionError::TooLong { limit: MAX_NOTE_CHARS })
}
