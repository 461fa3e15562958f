//! What was proposed, as its owner sees it. Clauses: specs/03-circle C-42 to C-45.

use std::collections::BTreeMap;

use crate::circle::Circle;
use crate::circle::intent::IntentKind;
use crate::circle::weigh::Weighed;
use crate::id::{ItemId, MemberId};
use crate::ledger::{Ledger, Motion, MotionKind};
use crate::time::Timestamp;

/// How far a proposal has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MotionStage {
    /// Others have yet to agree.
    Open,
    /// Enough agree; it is being carried out.
    Enough,
    /// Enough agree; carried out once no facilitator has answered for long enough.
    Silence,
    /// What it asks for is so, or can no longer be.
    Over,
    /// It is too old to be carried out.
    Lapsed,
}

/// One proposal.
#[derive(Clone, Debug)]
pub struct MotionOverview {
    /// The proposal.
    pub id: ItemId,
    /// What it asks for.
    pub kind: MotionKind,
    /// About whom.
    pub member: MemberId,
    /// Who proposed it.
    pub by: MemberId,
    /// When, by their clock.
    pub written: Timestamp,
    /// Who agrees.
    pub agreeing: Vec<MemberId>,
    /// How many more facilitators must agree.
    pub facilitators_missing: usize,
    /// How many more members must agree.
    pub members_missing: usize,
    /// Whether this device's member is asked and has not answered.
    pub asks_me: bool,
    /// How far it has come.
    pub stage: MotionStage,
}

impl Circle {
    /// What has been proposed, the oldest first.
    pub(crate) fn motions(&self, now: Timestamp) -> Vec<MotionOverview> {
        let Some(ledger) = self.ledger() else {
            return Vec::new();
        };
        let carrying = |proposal: &ItemId| {
            self.intents.values().find(|intent| {
                matches!(&intent.kind, IntentKind::Carry { proposal: other, .. } if other == proposal)
            })
        };
        let overview = |weighed: Weighed<'_>| {
            let Weighed { item, motion, agreeing, open, lapsed } = weighed;
            let (facilitators_missing, members_missing) = missing(ledger, motion, &agreeing);
            let enough = (facilitators_missing, members_missing) == (0, 0);
            let silent = motion.kind == MotionKind::Succeed
                && ledger.facilitators().next().is_some()
                && carrying(&item.id).is_none_or(|intent| intent.due > now);
            let stage = match (open, lapsed, enough) {
                (false, ..) => MotionStage::Over,
                (_, true, _) => MotionStage::Lapsed,
                (.., false) => MotionStage::Open,
                (.., true) if silent => MotionStage::Silence,
                (.., true) => MotionStage::Enough,
            };
            let about_me = motion.member == self.me;
            let asked = match motion.kind {
                MotionKind::Promote => about_me,
                MotionKind::Demote | MotionKind::Remove { .. } => !about_me,
                MotionKind::Succeed => true,
            };
            MotionOverview {
                id: item.id,
                kind: motion.kind.clone(),
                member: motion.member,
                by: item.body.member,
                written: item.body.written,
                facilitators_missing,
                members_missing,
                asks_me: asked
                    && open
                    && !lapsed
                    && !agreeing.contains_key(&self.me)
                    && self.may_talk(),
                agreeing: agreeing.into_keys().collect(),
                stage,
            }
        };
        self.weigh_all(now).into_iter().map(overview).collect()
    }
}

/// How many more facilitators and how many more members must agree.
fn missing<T>(
    ledger: &Ledger,
    motion: &Motion,
    agreeing: &BTreeMap<MemberId, T>,
) -> (usize, usize) {
    let agree = |member: &MemberId| agreeing.contains_key(member);
    let asked = usize::from(!agree(&motion.member));
    match motion.kind {
        MotionKind::Promote => (0, asked),
        MotionKind::Succeed => {
            let most = ledger.members().len() / 2 + 1;
            (0, most.saturating_sub(agreeing.len()).max(asked))
        }
        MotionKind::Demote | MotionKind::Remove { .. } => {
            let others = || ledger.facilitators().filter(|member| **member != motion.member);
            let have = others().filter(|member| agree(member)).count();
            let others = others().count();
            let ordinary =
                || ledger.members().keys().filter(|member| !ledger.is_facilitator(member));
            let needed = if others < 2 { ordinary().count().min(2) } else { 0 };
            let agreed = ordinary().filter(|member| agree(member)).count();
            ((others / 2 + 1).saturating_sub(have), needed.saturating_sub(agreed))
        }
    }
}
