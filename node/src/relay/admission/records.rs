//! What the relay's store remembers of admission: records of the kind that the node keeps for itself,
//! told apart by the word their names begin with.

use std::collections::BTreeMap;

use windbreak_protocol::admission::{Grant, GrantId};
use windbreak_protocol::record::{Key, RecordKind};
use windbreak_protocol::secret::Secret;
use windbreak_protocol::time::Hour;

use super::Uses;
use super::ledger::MemberUse;
use super::spent::SpentToken;

const SECRET: &[u8] = b"token secret";
const FLOOR: &[u8] = b"token floor";
const SEEN: &[u8] = b"token clock";
const GRANT: &[u8] = b"grant";
const USED: &[u8] = b"sub-grant";
const SPENT: &[u8] = b"spent token";

/// Everything of admission that a store held.
#[derive(Default)]
pub(crate) struct Remembered {
    pub(super) secret: Option<Secret<32>>,
    pub(super) floor: u32,
    /// The hour in which it ran last.
    pub(super) seen: Option<Hour>,
    pub(super) grants: BTreeMap<GrantId, Grant>,
    pub(super) uses: Uses,
    pub(super) spent: Vec<SpentToken>,
    /// Whether a record did not read. Passed over, it would make what was spent good again.
    pub(super) is_damaged: bool,
}

impl Remembered {
    #[cfg(test)]
    pub(crate) fn uses(&self) -> &Uses {
        &self.uses
    }

    /// Takes a record if it is one of admission.
    pub(crate) fn take(&mut self, key: &Key, value: &[u8]) {
        if self.read(key.name(), value).is_none() {
            self.is_damaged = true;
        }
    }

    /// Nothing if it is a record of admission that does not read.
    fn read(&mut self, name: &[u8], value: &[u8]) -> Option<()> {
        if name == SECRET {
            self.secret = Some(Secret::try_from(value).ok()?);
        } else if name == FLOOR {
            self.floor = u32::from_be_bytes(value.try_into().ok()?);
        } else if name == SEEN {
            self.seen = Some(Hour::new(u32::from_be_bytes(value.try_into().ok()?)));
        } else if let Some(name) = name.strip_prefix(SPENT) {
            let (epoch, input) = name.split_first_chunk::<4>()?;
            self.spent.push((u32::from_be_bytes(*epoch), input.try_into().ok()?));
        } else if let Some(name) = name.strip_prefix(USED) {
            let (grant, member) = name.split_first_chunk::<8>()?;
            let member = u16::from_be_bytes(member.try_into().ok()?);
            self.uses.insert((GrantId::from_bytes(*grant), member), member_use(value)?);
        } else if name.starts_with(GRANT) {
            let grant = Grant::from_bytes(value).ok()?;
            self.grants.insert(grant.id(), grant);
        }
        Some(())
    }
}

pub(super) fn secret(secret: &Secret<32>) -> (Key, Vec<u8>) {
    (Key::new(RecordKind::Node, &[SECRET]), secret.expose().to_vec())
}

/// Below which epoch no token is taken any more.
pub(super) fn floor(epoch: u32) -> (Key, Vec<u8>) {
    (Key::new(RecordKind::Node, &[FLOOR]), epoch.to_be_bytes().to_vec())
}

/// The hour in which the relay runs.
pub(super) fn seen(hour: Hour) -> (Key, Vec<u8>) {
    (Key::new(RecordKind::Node, &[SEEN]), hour.get().to_be_bytes().to_vec())
}

pub(super) fn grant(grant: &Grant) -> (Key, Vec<u8>) {
    let key = Key::new(RecordKind::Node, &[GRANT, grant.id().as_bytes()]);
    (key, grant.to_bytes().to_vec())
}

pub(super) fn used(grant: GrantId, member: u16, used: &MemberUse) -> (Key, Vec<u8>) {
    let key = Key::new(RecordKind::Node, &[USED, grant.as_bytes(), &member.to_be_bytes()]);
    let mut value = used.epoch.to_be_bytes().to_vec();
    value.extend_from_slice(&used.draws.to_be_bytes());
    value.push(used.is_revoked.into());
    value.extend_from_slice(&used.last);
    (key, value)
}

pub(super) fn spent(epoch: u32, input: &[u8; 32]) -> (Key, Vec<u8>) {
    (Key::new(RecordKind::Node, &[SPENT, &epoch.to_be_bytes(), input]), Vec::new())
}

fn member_use(value: &[u8]) -> Option<MemberUse> {
    let (epoch, rest) = value.split_first_chunk::<4>()?;
    let (draws, rest) = rest.split_first_chunk::<2>()?;
    let (revoked, last) = rest.split_first()?;
    Some(MemberUse {
        epoch: u32::from_be_bytes(*epoch),
        draws: u16::from_be_bytes(*draws),
        is_revoked: *revoked != 0,
        last: last.try_into().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_does_not_read_is_damage_and_is_not_passed_over() {
        let id = GrantId::from_bytes([1; 8]);
        let keys = [
            secret(&Secret::from_bytes([1; 32])).0,
            floor(1).0,
            seen(Hour::new(1)).0,
            used(id, 0, &MemberUse::default()).0,
            Key::new(RecordKind::Node, &[GRANT, id.as_bytes()]),
            Key::new(RecordKind::Node, &[SPENT, &[0; 9]]),
        ];
        for key in keys {
            let mut remembered = Remembered::default();
            remembered.take(&key, &[1; 3]);
            assert!(remembered.is_damaged);
        }
        let mut remembered = Remembered::default();
        for (key, value) in [floor(7), spent(7, &[1; 32]), used(id, 0, &MemberUse::default())] {
            remembered.take(&key, &value);
        }
        assert!(!remembered.is_damaged);
    }
}
