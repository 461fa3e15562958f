//! A new agreement: proposed by a facilitator as an item, agreed to by items, and committed by the
//! device of somebody who agrees as soon as more than half of the members do. All of it follows
//! from the items and the head's ledger, so nothing is lost with a branch. Clauses: specs/03-circle
//! C-60 to C-62; specs/08-content I-20, I-21.

use std::collections::{BTreeMap, BTreeSet};

use crate::circle::intent::IntentKind;
use crate::circle::motions::MotionStage;
use crate::circle::send::ShareError;
use crate::circle::weigh::latest;
use crate::circle::{Circle, Step};
use crate::content::{AgreementConsent, AgreementProposal, Content, Gist, Scope, StewardReason};
use crate::id::{DeviceId, ItemId, MemberId};
use crate::invite::AgreementText;
use crate::ledger::{
    Adoption, AgreementMotion, AgreementProof, AgreementVersion, Change, Declaration, KeepDays,
    Ledger,
};
use crate::limits::{MAX_AGREEMENT, MAX_NOTE_CHARS, MAX_STEWARD_REASON_CHARS, MOTION_LIFE};
use crate::shelf::Kept;
use crate::time::Timestamp;

/// Proposals of one device that are looked at, the latest.
const PROPOSALS: usize = 4;
/// Consents of one device to one proposal that are looked at, the latest.
const CONSENTS: usize = 2;

/// Why an agreement was not accepted, proposed or agreed to, or a rule of the circle not changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum AgreementError {
    /// No such circle on this device.
    #[error("no such circle")]
    UnknownCircle,
    /// This device's member is no longer in the circle.
    #[error("you are no longer in this circle")]
    Closed,
    /// Only a facilitator may.
    #[error("only a facilitator does this")]
    NotFacilitator,
    /// The agreement has changed since it was shown.
    #[error("the agreement has changed since it was shown")]
    NotTheOneShown,
    /// There is nothing in it.
    #[error("there is no text")]
    Empty,
    /// It is the agreement already.
    #[error("this is the agreement already")]
    Same,
    /// The text is too long.
    #[error("the text is longer than {limit} bytes or characters")]
    TooLong {
        /// How long it may be.
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
    /// Words are to be kept for a shorter time, and no reason was given: everybody reads it.
    #[error("there is no reason")]
    NoReason,
    /// The reason is too long.
    #[error("the reason is longer than {limit} characters")]
    ReasonTooLong {
        /// Characters allowed.
        limit: usize,
    },
    /// Nothing can be said now.
    #[error(transparent)]
    Unsaid(#[from] ShareError),
}

/// A new agreement that is proposed.
#[derive(Clone, Debug)]
pub struct AgreementProposalOverview {
    /// The proposal.
    pub id: ItemId,
    /// Which agreement it would be.
    pub version: AgreementVersion,
    /// Its text; none if it cannot be read now.
    pub text: Option<AgreementText>,
    /// Who proposed it.
    pub by: MemberId,
    /// When, by their clock.
    pub written: Timestamp,
    /// Who agrees.
    pub agreeing: Vec<MemberId>,
    /// How many more members must agree.
    pub missing: usize,
    /// Whether this device's member has not answered.
    pub asks_me: bool,
    /// How far it has come.
    pub stage: MotionStage,
}

/// A proposal with all that speaks for it under one ledger.
struct Weighed<'a> {
    item: &'a Kept,
    motion: &'a AgreementMotion,
    /// Who agrees, by member: one proof each.
    agreeing: BTreeMap<MemberId, AgreementProof>,
    open: bool,
    lapsed: bool,
}

impl Circle {
    /// Puts a new agreement to the circle and agrees to it, or agrees to the same one put by
    /// somebody else.
    ///
    /// # Errors
    /// [`AgreementError`]; nothing was said.
    pub(crate) fn propose_agreement(
        &mut self,
        step: &mut Step<'_>,
        text: &str,
    ) -> Result<ItemId, AgreementError> {
        if !self.may_talk() {
            return Err(AgreementError::Closed);
        }
        if !self.is_facilitator() {
            return Err(AgreementError::NotFacilitator);
        }
        let text = text.trim();
        if text.is_empty() {
            return Err(AgreementError::Empty);
        }
        let text = AgreementText::new(text)
            .map_err(|_| AgreementError::TooLong { limit: MAX_AGREEMENT })?;
        let ledger = self.ledger().ok_or(AgreementError::Closed)?;
        let motion = ledger.agreement_motion(&text).ok_or(AgreementError::Same)?;
        let known = self
            .weigh_agreements(step.now)
            .into_iter()
            .find(|other| other.open && !other.lapsed && *other.motion == motion)
            .map(|other| (other.item.id, other.agreeing.contains_key(&self.me)));
        let (proposal, agreed) = match known {
            Some(known) => known,
            None => {
                let version = motion.version;
                let content = Content::AgreementProposal(AgreementProposal { version, text });
                // Whoever joins meanwhile has a word in it.
                (self.say(step, content, Scope::LaterToo)?, false)
            }
        };
        if !agreed {
            self.say_agreed(step, proposal, &motion)?;
        }
        self.review_motions(step);
        self.settle(step);
        Ok(proposal)
    }

    /// Agrees to a new agreement.
    ///
    /// # Errors
    /// [`AgreementError`]; nothing was said.
    pub(crate) fn consent_to_agreement(
        &mut self,
        step: &mut Step<'_>,
        proposal: &ItemId,
    ) -> Result<(), AgreementError> {
        if !self.may_talk() {
            return Err(AgreementError::Closed);
        }
        let weighed = self.weigh_agreements(step.now);
        let weighed = weighed
            .iter()
            .find(|weighed| weighed.item.id == *proposal)
            .ok_or(AgreementError::UnknownProposal)?;
        if !weighed.open || weighed.lapsed {
            return Err(AgreementError::Over);
        }
        if weighed.agreeing.contains_key(&self.me) {
            return Err(AgreementError::Agreed);
        }
        let motion = *weighed.motion;
        self.say_agreed(step, *proposal, &motion)?;
        self.review_motions(step);
        self.settle(step);
        Ok(())
    }

    fn say_agreed(
        &mut self,
        step: &mut Step<'_>,
        proposal: ItemId,
        motion: &AgreementMotion,
    ) -> Result<(), ShareError> {
        let AgreementProof { signature, .. } = motion.agree(&self.id, &self.key);
        let consent = AgreementConsent { proposal, signature };
        self.say(step, Content::AgreementConsent(consent), Scope::LaterToo)?;
        self.note_agreed(step, motion.hash);
        Ok(())
    }

    /// Declares anew whether and to whom this device's member must report.
    ///
    /// # Errors
    /// [`AgreementError`]; nothing has changed.
    pub(crate) fn declare(
        &mut self,
        step: &mut Step<'_>,
        words: &str,
    ) -> Result<(), AgreementError> {
        let ledger = self.held_by_me()?;
        let words = words.trim();
        if words.is_empty() {
            return Err(AgreementError::Empty);
        }
        let declaration = Declaration::new(words)
            .map_err(|_| AgreementError::TooLong { limit: MAX_NOTE_CHARS })?;
        let me = ledger.members().get(&self.me).ok_or(AgreementError::Closed)?;
        let before = me.declaration.clone();
        if before.as_ref() == Some(&declaration) {
            return Ok(());
        }
        self.want(step, IntentKind::Declare { declaration, before }, step.now);
        self.settle(step);
        Ok(())
    }

    /// Says how long the circle keeps what is said; a shorter time needs a reason.
    ///
    /// # Errors
    /// [`AgreementError`]; nothing has changed.
    pub(crate) fn set_keep(
        &mut self,
        step: &mut Step<'_>,
        keep: Option<KeepDays>,
        reason: &str,
    ) -> Result<(), AgreementError> {
        let rules = *self.held_by_me()?.rules();
        if rules.keep == keep {
            self.drop_intents(step, IntentKind::is_of_keeping);
            return Ok(());
        }
        let since = rules.keep_since;
        let kind = match keep.filter(|keep| keep.shortens(rules.keep)) {
            None => IntentKind::SetKeep { keep, since },
            Some(_) if reason.trim().is_empty() => return Err(AgreementError::NoReason),
            Some(keep) => {
                let limit = MAX_STEWARD_REASON_CHARS;
                let reason = StewardReason::new(reason.trim())
                    .map_err(|_| AgreementError::ReasonTooLong { limit })?;
                IntentKind::ShortenKeep { keep, since, reason }
            }
        };
        self.want(step, kind, step.now);
        self.settle(step);
        Ok(())
    }

    /// The ledger, if this device's member is a facilitator under it.
    pub(super) fn held_by_me(&self) -> Result<&Ledger, AgreementError> {
        if !self.may_talk() {
            return Err(AgreementError::Closed);
        }
        let ledger = self.ledger().ok_or(AgreementError::Closed)?;
        if ledger.is_facilitator(&self.me) {
            Ok(ledger)
        } else {
            Err(AgreementError::NotFacilitator)
        }
    }

    /// Has this device commit an agreement that enough agree to, if its member is among them.
    pub(super) fn review_agreements(&mut self, step: &mut Step<'_>) {
        if !self.may_talk() {
            return;
        }
        let wanted = |proposal: &ItemId| {
            let mut kinds = self.intents.values().map(|intent| &intent.kind);
            kinds.any(|kind| matches!(kind, IntentKind::Adopt(other) if other == proposal))
        };
        let ready: Vec<(ItemId, MemberId)> = self
            .weigh_agreements(step.now)
            .iter()
            .filter(|weighed| !wanted(&weighed.item.id) && self.adoption(weighed).is_some())
            .map(|weighed| (weighed.item.id, weighed.item.body.member))
            .collect();
        for (proposal, first) in ready {
            let turn = self.turn(step, Some(&first));
            self.want(step, IntentKind::Adopt(proposal), turn);
        }
    }

    /// The change by which a proposed agreement holds, if enough agree and this device's member is
    /// one of them.
    pub(super) fn adoption_of(&self, proposal: &ItemId, now: Timestamp) -> Option<Change> {
        let weighed = self.weigh_agreements(now);
        self.adoption(weighed.iter().find(|weighed| weighed.item.id == *proposal)?)
    }

    /// Whether a proposed agreement holds, or can no longer be the next one.
    pub(super) fn is_adopted(&self, ledger: &Ledger, proposal: &ItemId) -> bool {
        let item = self.items.get(proposal);
        item.is_none_or(|item| match &item.body.gist {
            Gist::AgreementProposal(motion) => !ledger.is_next(motion),
            _ => true,
        })
    }

    fn adoption(&self, weighed: &Weighed<'_>) -> Option<Change> {
        let Weighed { item, motion, agreeing, open, lapsed } = weighed;
        if !open || *lapsed || !agreeing.contains_key(&self.me) {
            return None;
        }
        let ledger = self.ledger()?;
        if ledger.missing_to_adopt(&agreeing.keys().copied().collect()) != (0, 0) {
            return None;
        }
        let Some(Content::AgreementProposal(proposal)) = self.items.content(&item.id) else {
            return None;
        };
        let mut consents: Vec<AgreementProof> = agreeing.values().cloned().collect();
        consents.sort_by_key(|proof| proof.device);
        let adoption = Adoption { version: motion.version, text: proposal.text, consents };
        let change = Change::Adopt(adoption);
        let epoch = self.states.get(&self.head)?.epoch.checked_add(1)?;
        ledger.apply(&self.id, &self.me, epoch, std::slice::from_ref(&change)).ok()?;
        Some(change)
    }

    /// The agreements that facilitators propose, with who agrees, the oldest first. Of each device
    /// only the latest few count, so that nobody can keep another busy.
    fn weigh_agreements(&self, now: Timestamp) -> Vec<Weighed<'_>> {
        let Some(ledger) = self.ledger() else {
            return Vec::new();
        };
        let mut proposals: BTreeMap<DeviceId, Vec<(&Kept, &AgreementMotion)>> = BTreeMap::new();
        let mut consents: BTreeMap<(DeviceId, ItemId), Vec<(&Kept, &AgreementConsent)>> =
            BTreeMap::new();
        for item in self.items.about_circle() {
            let (device, member) = (item.body.device, item.body.member);
            let here = || ledger.member_of(&device) == Some(&member);
            match &item.body.gist {
                Gist::AgreementProposal(motion) if here() && ledger.is_facilitator(&member) => {
                    proposals.entry(device).or_default().push((item, motion));
                }
                Gist::AgreementConsent(consent) if here() => {
                    let of_one = consents.entry((device, consent.proposal)).or_default();
                    of_one.push((item, consent));
                }
                _ => {}
            }
        }
        let mut weighed: BTreeMap<ItemId, Weighed<'_>> = BTreeMap::new();
        for (item, motion) in proposals.into_values().flat_map(|of_one| latest(of_one, PROPOSALS)) {
            let open = ledger.is_next(motion);
            let lapsed = now.since(item.body.written) > MOTION_LIFE;
            let agreeing = BTreeMap::new();
            weighed.insert(item.id, Weighed { item, motion, agreeing, open, lapsed });
        }
        for (item, consent) in consents.into_values().flat_map(|of_one| latest(of_one, CONSENTS)) {
            let Some(weighed) = weighed.get_mut(&consent.proposal) else {
                continue;
            };
            let proof = consent.proof(&item.body.device);
            let member = item.body.member;
            let counts = weighed.open
                && !weighed.agreeing.contains_key(&member)
                && now.since(item.body.written) <= MOTION_LIFE
                && weighed.motion.is_agreed(&self.id, &proof);
            if counts {
                weighed.agreeing.insert(member, proof);
            }
        }
        let mut weighed: Vec<Weighed<'_>> = weighed.into_values().collect();
        weighed.sort_by_key(|weighed| (weighed.item.body.written, weighed.item.id));
        weighed
    }

    /// What is proposed in place of the agreement, the oldest first.
    pub(super) fn agreement_proposals(&self, now: Timestamp) -> Vec<AgreementProposalOverview> {
        let Some(ledger) = self.ledger() else {
            return Vec::new();
        };
        let overview = |weighed: Weighed<'_>| {
            let Weighed { item, motion, agreeing, open, lapsed } = weighed;
            let consenting: BTreeSet<MemberId> = agreeing.keys().copied().collect();
            let (missing, _) = ledger.missing_to_adopt(&consenting);
            let text = match self.items.content(&item.id) {
                Some(Content::AgreementProposal(proposal)) => Some(proposal.text),
                _ => None,
            };
            AgreementProposalOverview {
                id: item.id,
                version: motion.version,
                text,
                by: item.body.member,
                written: item.body.written,
                missing,
                asks_me: open && !lapsed && !consenting.contains(&self.me) && self.may_talk(),
                agreeing: consenting.into_iter().collect(),
                stage: match (open, lapsed, missing) {
                    (false, ..) => MotionStage::Over,
                    (_, true, _) => MotionStage::Lapsed,
                    (.., 0) => MotionStage::Enough,
                    _ => MotionStage::Open,
                },
            }
        };
        self.weigh_agreements(now).into_iter().map(overview).collect()
    }
}
