//! What the relay's store remembers of admission: records of the kind that the node keeps for itself,
//! told apart by the word their names begin with.

use std::collections::BTreeMap;

use windbreak_protocol::admission::{Grant, GrantId};
use windbreak_protocol::record::{Key, RecordKind};
use windbreak_protocol::secret::Secret;

use super::Uses;
use super::ledger::MemberUse;
use super::spent::SpentToken;

const SECRET: &[u8] = b"token secret";
const FLOOR: &[u8] = b"token floor";
const GRANT: &[u8] = b"grant";
const USED: &[u8] = b"sub-grant";
const SPENT: &[u8] = b"spent token";

/// Everything of admission that a store held.
#[derive(Default)]
pub(crate) struct Remembered {
    pub(super) secret: Option<Secret<32>>,
    pub(super) floor: u32,
    pub(super) grants: BTreeMap<GrantId, Grant>,
    pub(super) uses: Uses,
    pub(super) spent: Vec<SpentToken>,
}

impl Remembered {
    #[cfg(test)]
    pub(crate) fn uses(&self) -> &Uses {
        &self.uses
    }

    /// Takes a record if it is one of admission.
    pub(crate) fn take(&mut self, key: &Key, value: &[u8]) {
        let name = key.name();
        if name == SECRET {
            self.secret = Secret::try_from(value).ok();
        } else if name == FLOOR {
            self.floor = value.try_into().map_or(0, u32::from_be_bytes);
        } else if let Some(name) = name.strip_prefix(SPENT) {
            if let Some((epoch, input)) = name.split_first_chunk::<4>()
                && let Ok(input) = input.try_into()
            {
                self.spent.push((u32::from_be_bytes(*epoch), input));
            }
        } else if let Some(name) = name.strip_prefix(USED) {
            if let Some((grant, member)) = name.split_first_chunk::<8>()
                && let Ok(member) = member.try_into()
                && let Some(used) = member_use(value)
            {
                let at = (GrantId::from_bytes(*grant), u16::from_be_bytes(member));
                self.uses.insert(at, used);
            }
        } else if name.starts_with(GRANT)
            && let Ok(grant) = Grant::from_bytes(value)
        {
            self.grants.insert(grant.id(), grant);
        }
    }
}

pub(super) fn secret(secret: &Secret<32>) -> (Key, Vec<u8>) {
    (Key::new(RecordKind::Node, &[SECRET]), secret.expose().to_vec())
}

/// Below which epoch no token is taken any more.
pub(super) fn floor(epoch: u32) -> (Key, Vec<u8>) {
    (Key::new(RecordKind::Node, &[FLOOR]), epoch.to_be_bytes().to_vec())
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
