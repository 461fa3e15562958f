//! Which grants hold, and what each of their members has drawn. Decides, and writes nothing.

use std::collections::BTreeMap;
use std::ops::Range;

use sha2::{Digest, Sha256};
use windbreak_protocol::admission::{Element, Grant, GrantId};
use windbreak_protocol::limits::{MAX_DRAWS_PER_EPOCH, MAX_GRANTS};
use windbreak_protocol::record::Batch;
use windbreak_protocol::secret::Secret;
use windbreak_protocol::wire::sync::Refusal;

use super::{Uses, records};

/// What a host grants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) members: u16,
    /// Draws of each member in an epoch.
    pub(crate) draws: u16,
    pub(crate) epochs: u8,
}

/// Why a grant was not issued.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum IssueError {
    /// A number is out of its bounds.
    Bounds,
    /// Too many grants, or too many draws in all.
    NoRoom,
    /// It could not be made durable.
    NotWritten,
    /// The operating system failed.
    System,
}

/// How much of a grant is used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Use {
    pub(crate) id: GrantId,
    pub(crate) members: u16,
    pub(crate) draws: u16,
    pub(crate) epochs: Range<u32>,
    /// Sub-grants that were revoked.
    pub(crate) revoked: u16,
    /// Draws of all members in this epoch.
    pub(crate) drawn: u32,
}

/// What one member has used.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct MemberUse {
    pub(crate) epoch: u32,
    /// In that epoch.
    pub(crate) draws: u16,
    pub(crate) is_revoked: bool,
    /// The hash of the last draw: who repeats it has not drawn again.
    pub(crate) last: [u8; 16],
}

/// A draw that is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Draw {
    pub(crate) grant: GrantId,
    pub(crate) member: u16,
    pub(crate) epoch: u32,
    pub(crate) proof: [u8; 32],
}

/// All grants that hold.
pub(crate) struct Ledger {
    grants: BTreeMap<GrantId, Grant>,
    uses: Uses,
}

impl Ledger {
    pub(crate) fn new(grants: BTreeMap<GrantId, Grant>, uses: Uses) -> Self {
        Self { grants, uses }
    }

    /// Whether one more grant is within what a relay can remember of spent tokens.
    pub(crate) fn has_room_for(&self, grant: &Grant) -> Result<(), IssueError> {
        let draws = |grant: &Grant| u64::from(grant.members()) * u64::from(grant.draws());
        let all: u64 = self.grants.values().map(draws).sum();
        let has_room = self.grants.len() < MAX_GRANTS
            && all + draws(grant) <= MAX_DRAWS_PER_EPOCH
            && !self.grants.contains_key(&grant.id());
        if has_room { Ok(()) } else { Err(IssueError::NoRoom) }
    }

    pub(crate) fn insert(&mut self, grant: Grant) {
        self.grants.insert(grant.id(), grant);
    }

    /// Whether the holder of a sub-grant asks, for this epoch; the epochs of its keys.
    pub(crate) fn check(
        &self,
        draw: &Draw,
        now: u32,
        nonce: &[u8; 32],
        peer: &[u8],
        blinded: &[Element],
    ) -> Result<Range<u32>, Refusal> {
        // All of it one refusal: nobody is told which grants there are.
        let ended = Refusal::GrantEnded;
        let grant = self.grants.get(&draw.grant).ok_or(ended)?;
        let part = grant.split(draw.member).ok_or(ended)?;
        let proof = part.draw_proof(nonce, peer, draw.epoch, blinded);
        let used = self.uses.get(&(draw.grant, draw.member));
        let holds = equal(&proof, &draw.proof) && used.is_none_or(|used| !used.is_revoked);
        if !holds {
            return Err(ended);
        }
        // Whoever holds the part may know that one of the two clocks is wrong.
        if draw.epoch != now && grant.epochs().contains(&draw.epoch) {
            return Err(Refusal::OtherEpoch);
        }
        if draw.epoch == now && grant.epochs().contains(&now) {
            Ok(grant.epochs())
        } else {
            Err(ended)
        }
    }

    /// What is to be written of a draw that [`Self::check`] let pass; nothing if it is a repetition
    /// of the last one.
    pub(crate) fn charge(
        &self,
        draw: &Draw,
        blinded: &[Element],
    ) -> Result<Option<MemberUse>, Refusal> {
        let mut hash = Sha256::new();
        hash.update(draw.epoch.to_be_bytes());
        for element in blinded {
            hash.update(element.as_bytes());
        }
        let hash: [u8; 32] = hash.finalize().into();
        let mut last = [0; 16];
        last.copy_from_slice(&hash[..16]);
        let most = self.grants.get(&draw.grant).map_or(0, Grant::draws);
        let mut used = self.uses.get(&(draw.grant, draw.member)).cloned().unwrap_or_default();
        if used.epoch == draw.epoch && used.draws > 0 && used.last == last {
            return Ok(None);
        }
        if draw.epoch < used.epoch {
            // The clock went back; counting anew would give the allowance of that epoch again.
            return Err(Refusal::GrantUsedUp);
        }
        if draw.epoch > used.epoch {
            (used.epoch, used.draws) = (draw.epoch, 0);
        }
        if used.draws >= most {
            return Err(Refusal::GrantUsedUp);
        }
        used.draws += 1;
        used.last = last;
        Ok(Some(used))
    }

    /// What is to be written to end a sub-grant, if the holder of the grant asks.
    pub(crate) fn revocation(
        &self,
        (id, member): (GrantId, u16),
        nonce: &[u8; 32],
        peer: &[u8],
        proof: &[u8; 32],
    ) -> Result<MemberUse, Refusal> {
        let grant = self.grants.get(&id).ok_or(Refusal::GrantEnded)?;
        let holds =
            member < grant.members() && equal(&grant.revocation(member, nonce, peer), proof);
        if !holds {
            return Err(Refusal::GrantEnded);
        }
        let used = self.uses.get(&(id, member)).cloned().unwrap_or_default();
        Ok(MemberUse { is_revoked: true, ..used })
    }

    /// What was written counts.
    pub(crate) fn set(&mut self, id: GrantId, member: u16, used: MemberUse) {
        self.uses.insert((id, member), used);
    }

    /// What is to be written to forget a grant; nothing if there is none such.
    pub(crate) fn removal(&self, id: GrantId) -> Option<Batch> {
        let grant = self.grants.get(&id)?;
        let mut batch = Batch::new();
        batch.delete(records::grant(grant).0);
        for ((_, member), used) in self.uses.range((id, 0)..=(id, u16::MAX)) {
            batch.delete(records::used(id, *member, used).0);
        }
        Some(batch)
    }

    pub(crate) fn remove(&mut self, id: GrantId) {
        self.grants.remove(&id);
        self.uses.retain(|(grant, _), _| *grant != id);
    }

    /// Grants that are over.
    pub(crate) fn over(&self, now: u32) -> Vec<GrantId> {
        let over = self.grants.values().filter(|grant| grant.epochs().end <= now);
        over.map(Grant::id).collect()
    }

    pub(crate) fn list(&self, now: u32) -> Vec<Use> {
        let describe = |grant: &Grant| {
            let id = grant.id();
            let used: Vec<_> =
                self.uses.range((id, 0)..=(id, u16::MAX)).map(|(_, used)| used).collect();
            let revoked = used.iter().filter(|used| used.is_revoked).count();
            let drawn = used.iter().filter(|used| used.epoch == now);
            Use {
                id,
                members: grant.members(),
                draws: grant.draws(),
                epochs: grant.epochs(),
                revoked: u16::try_from(revoked).unwrap_or(u16::MAX),
                drawn: drawn.map(|used| u32::from(used.draws)).sum(),
            }
        };
        self.grants.values().map(describe).collect()
    }
}

/// Compares as long for every two.
fn equal(a: &[u8; 32], b: &[u8; 32]) -> bool {
    Secret::from_bytes(*a) == Secret::from_bytes(*b)
}
