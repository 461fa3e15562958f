//! What speaks for each proposal under the head's ledger. Clauses: specs/03-circle C-42, C-44, C-45.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::circle::Circle;
use crate::content::{Consent, Gist};
use crate::id::{DeviceId, ItemId, MemberId};
use crate::ledger::{ConsentProof, Declaration, Ledger, Motion, MotionKind, Role};
use crate::limits::MOTION_LIFE;
use crate::shelf::Kept;
use crate::time::Timestamp;
use crate::view;

/// Proposals of one device that are looked at, the latest.
const PROPOSALS: usize = 8;
/// Consents of one device to one proposal that are looked at, the latest.
const CONSENTS: usize = 4;

type Proposals<'a> = Vec<(&'a Kept, &'a Motion)>;
type Consents<'a> = Vec<(&'a Kept, &'a Consent)>;

/// A proposal with all that speaks for it under one ledger.
pub(super) struct Weighed<'a> {
    pub(super) item: &'a Kept,
    pub(super) motion: &'a Motion,
    /// Who agrees, by member: one proof each.
    pub(super) agreeing: BTreeMap<MemberId, (ConsentProof, Option<&'a Declaration>)>,
    pub(super) open: bool,
    pub(super) lapsed: bool,
}

impl Circle {
    /// The proposals of those who are members, with who agrees, the oldest first. Of each member
    /// only the latest few count, so that nobody can keep a device busy.
    pub(super) fn weigh_all(&self, now: Timestamp) -> Vec<Weighed<'_>> {
        let Some(ledger) = self.ledger() else {
            return Vec::new();
        };
        let (proposals, consents) = self.latest_words(ledger);
        let mut weighed: BTreeMap<ItemId, Weighed<'_>> = BTreeMap::new();
        for (item, motion) in proposals {
            let open = is_open(ledger, motion);
            let lapsed = now.since(item.body.written) > MOTION_LIFE;
            let agreeing = BTreeMap::new();
            weighed.insert(item.id, Weighed { item, motion, agreeing, open, lapsed });
        }
        let succession = weighed.values().any(|weighed| {
            weighed.open && !weighed.lapsed && weighed.motion.kind == MotionKind::Succeed
        });
        let behind = if succession { self.behind_facilitators(ledger) } else { Vec::new() };
        for (item, consent) in consents {
            let Some(weighed) = weighed.get_mut(&consent.proposal) else {
                continue;
            };
            let member = item.body.member;
            let about = member == weighed.motion.member;
            let declaration = consent.declaration.as_ref();
            let proof = consent.proof(&item.body.device);
            let knew_all = || {
                behind
                    .iter()
                    .all(|(device, items)| *device == item.body.device || items.contains(&item.id))
            };
            let counts = weighed.open
                && !weighed.agreeing.contains_key(&member)
                && declaration.is_some() == (about && gives(weighed.motion))
                && now.since(item.body.written) <= MOTION_LIFE
                && (weighed.motion.kind != MotionKind::Succeed || knew_all())
                && weighed.motion.is_agreed(&self.id, &proof, declaration);
            if counts {
                weighed.agreeing.insert(member, (proof, declaration));
            }
        }
        let mut weighed: Vec<Weighed<'_>> = weighed.into_values().collect();
        weighed.sort_by_key(|weighed| (weighed.item.body.written, weighed.item.id));
        weighed
    }

    /// The latest proposals of each device, and its latest consents to each proposal.
    fn latest_words(&self, ledger: &Ledger) -> (Proposals<'_>, Consents<'_>) {
        let mut proposals: BTreeMap<DeviceId, Proposals<'_>> = BTreeMap::new();
        let mut consents: BTreeMap<(DeviceId, ItemId), Consents<'_>> = BTreeMap::new();
        for item in self.items.about_circle() {
            let device = item.body.device;
            let here = || ledger.member_of(&device) == Some(&item.body.member);
            match &item.body.gist {
                Gist::Proposal(proposal) if here() => {
                    proposals.entry(device).or_default().push((item, &proposal.motion));
                }
                Gist::Consent(consent) if here() => {
                    consents.entry((device, consent.proposal)).or_default().push((item, consent));
                }
                _ => {}
            }
        }
        let proposals = proposals.into_values().flat_map(|of_one| latest(of_one, PROPOSALS));
        let consents = consents.into_values().flat_map(|of_one| latest(of_one, CONSENTS));
        (proposals.collect(), consents.collect())
    }

    /// For each device of a facilitator that said something besides consents, what lies behind the
    /// latest of it.
    fn behind_facilitators(&self, ledger: &Ledger) -> Vec<(DeviceId, BTreeSet<ItemId>)> {
        let devices = ledger
            .facilitators()
            .filter_map(|member| ledger.members().get(member))
            .flat_map(|entry| &entry.devices);
        devices
            .filter_map(|device| {
                let word = self.newest_word(device)?;
                Some((*device, view::after(&self.items, &word)))
            })
            .collect()
    }

    /// The latest item of a device that is no consent.
    fn newest_word(&self, device: &DeviceId) -> Option<ItemId> {
        let chain = self.places.range((*device, 0)..=(*device, u64::MAX)).rev();
        chain.map(|(_, id)| *id).find(|id| {
            let item = self.items.get(id);
            item.is_some_and(|item| !matches!(item.body.gist, Gist::Consent(_)))
        })
    }

    /// The last thing a facilitator said, by their clocks.
    pub(super) fn last_of_facilitators(&self) -> Option<ItemId> {
        let ledger = self.ledger()?;
        let by_facilitator = self.items.values().filter(|item| {
            ledger.is_facilitator(&item.body.member)
                && ledger.member_of(&item.body.device) == Some(&item.body.member)
        });
        by_facilitator.max_by_key(|item| (item.body.written, item.id)).map(|item| item.id)
    }
}

/// The latest of what one device said, at most `count`.
pub(super) fn latest<T>(mut items: Vec<(&Kept, T)>, count: usize) -> Vec<(&Kept, T)> {
    items.sort_by_key(|(item, _)| Reverse(item.body.seq));
    items.truncate(count);
    items
}

/// Whether a motion gives a role; otherwise it takes one.
pub(super) fn gives(motion: &Motion) -> bool {
    matches!(motion.kind, MotionKind::Promote | MotionKind::Succeed)
}

/// Whether what a motion asks for is still to do, and can be done: no node takes a removal without a
/// reason, whoever agrees to it.
pub(super) fn is_open(ledger: &Ledger, motion: &Motion) -> bool {
    let entry = ledger.members().get(&motion.member);
    let is_to_do = entry.is_some_and(|entry| {
        entry.role_since == motion.role_since && (entry.role == Role::Facilitator) != gives(motion)
    });
    is_to_do && !motion.kind.lacks_reason()
}
