//! What a seal says about itself, authenticated by MLS as additional data.
//! Clauses: specs/03-circle C-9, C-12.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::id::{DeviceId, EnvelopeId, MemberId, StateId};
use crate::ledger::{Change, Departure, Return};
use crate::limits::MAX_SIBLINGS;
use crate::order::Sibling;
use crate::time::Period;

/// The first 16 bytes of an item's id.
pub(crate) type Short = [u8; 16];

/// The version of both records.
const VERSION: u8 = 1;
/// Bytes of the longest record of links: a commit with all its changes.
pub(crate) const MAX_LINKS: usize = 256 * 1024;

/// Bytes of the links beside a sealed message.
pub(crate) const MAX_SEAL_LINKS: usize = 256;

/// What a sealed message is for. Numbers are in specs/registry R-11.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub(crate) enum SealPurpose {
    /// It carries an item of the sealer.
    Item = 1,
    /// It carries nothing: its place says where the sealer stands.
    Vote = 2,
    /// It carries somebody else's item.
    Forward = 3,
    /// It names the one of two twin commits that the sealer had sealed under. It is no vote.
    Naming = 4,
}

impl SealPurpose {
    /// Whether a seal of this purpose says where its sealer stands.
    pub(crate) fn votes(self) -> bool {
        self != Self::Naming
    }
}

/// Whether siblings are in canonical form: few, strictly ascending by device, none of them the
/// sealer itself.
pub(crate) fn are_siblings(siblings: &[Sibling], of: &DeviceId) -> bool {
    siblings.len() <= MAX_SIBLINGS
        && siblings.is_sorted_by(|one, next| one.device < next.device)
        && siblings.iter().all(|sibling| sibling.device != *of)
}

/// Beside a sealed message: where it is sealed, the how manieth seal of its device it is, and what
/// it is for.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct SealLinks {
    version: u8,
    /// The state it is sealed under.
    pub(crate) state: StateId,
    /// Grows by one with every seal of a device, over all states.
    pub(crate) counter: u64,
    /// What it is for.
    pub(crate) purpose: SealPurpose,
    /// What the device has taken in of its member's other devices.
    pub(crate) siblings: Vec<Sibling>,
}

impl SealLinks {
    pub(crate) fn new(
        state: StateId,
        counter: u64,
        purpose: SealPurpose,
        siblings: Vec<Sibling>,
    ) -> Self {
        Self { version: VERSION, state, counter, purpose, siblings }
    }

    pub(crate) fn is_known_version(&self) -> bool {
        self.version == VERSION
    }
}

/// What a seal of the purpose [`SealPurpose::Naming`] carries; it is sealed under the parent of
/// the twins.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct Naming {
    /// The state that the named commit makes.
    pub(crate) state: StateId,
    /// An envelope that carries the commit.
    pub(crate) commit: EnvelopeId,
}

/// Beside a commit: its parent, its place in the device's seals, what it had seen, and what it
/// changes.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
pub(crate) struct CommitLinks {
    version: u8,
    /// The state it is made from.
    pub(crate) parent: StateId,
    /// Grows by one with every seal of a device, over all states.
    pub(crate) counter: u64,
    /// What the device has taken in of its member's other devices.
    pub(crate) siblings: Vec<Sibling>,
    /// The period in which an era begun by this commit begins.
    pub(crate) period: Period,
    /// The tips its author had seen: what somebody taken out wrote stays visible as far as it lies
    /// behind these.
    pub(crate) seen: Vec<Short>,
    /// What changes.
    pub(crate) changes: Vec<Change>,
}

impl CommitLinks {
    pub(crate) fn new(
        parent: StateId,
        counter: u64,
        siblings: Vec<Sibling>,
        period: Period,
        seen: Vec<Short>,
        changes: Vec<Change>,
    ) -> Self {
        Self { version: VERSION, parent, counter, siblings, period, seen, changes }
    }

    pub(crate) fn is_known_version(&self) -> bool {
        self.version == VERSION
    }

    /// Whether it lets `member` go because they said that they leave.
    pub(crate) fn lets_go(&self, member: &MemberId) -> bool {
        self.changes.iter().any(|change| {
            matches!(change, Change::Depart(Departure::Left { member: gone, .. }) if gone == member)
        })
    }

    fn returns(&self) -> impl Iterator<Item = &Return> {
        self.changes.iter().filter_map(|change| match change {
            Change::Return(change) => Some(change),
            _ => None,
        })
    }

    /// Whether it takes `device` in anew.
    pub(crate) fn takes_back(&self, device: &DeviceId) -> bool {
        self.returns().any(|change| change.device() == device)
    }

    /// Whether it takes another device in for `device`.
    pub(crate) fn replaces(&self, device: &DeviceId) -> bool {
        self.returns().any(|change| change.gives_up.contains(device) && change.device() != device)
    }

    /// The tips it names, if a device goes by it whose words are shown only as far as they lie behind
    /// these.
    pub(crate) fn departures(&self) -> Option<Vec<Short>> {
        let replaces = self.returns().any(|change| !change.gives_up.contains(change.device()));
        (self.departs() || replaces).then(|| self.seen.clone())
    }

    /// Whether it takes somebody out, and so begins an era.
    pub(crate) fn departs(&self) -> bool {
        self.changes.iter().any(Change::takes_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire;

    fn sibling(device: u8, counter: u64) -> Sibling {
        Sibling { device: DeviceId::from_bytes([device; 32]), counter }
    }

    #[test]
    fn siblings_are_few_in_order_and_never_the_sealer() {
        let own = DeviceId::from_bytes([9; 32]);
        let canonical = |siblings: &[Sibling]| are_siblings(siblings, &own);
        assert!(canonical(&[]));
        assert!(canonical(&[sibling(1, 7), sibling(2, 3)]));
        assert!(!canonical(&[sibling(2, 3), sibling(1, 7)]));
        assert!(!canonical(&[sibling(1, 7), sibling(1, 8)]));
        assert!(!canonical(&[sibling(9, 1)]));
        assert!(!canonical(&[sibling(1, 1), sibling(2, 1), sibling(3, 1)]));
    }

    #[test]
    fn the_links_of_the_fullest_seal_fit_and_an_unknown_purpose_is_refused() {
        let siblings = vec![sibling(1, u64::MAX), sibling(2, u64::MAX)];
        let state = StateId::from_bytes([3; 32]);
        let links = SealLinks::new(state, u64::MAX, SealPurpose::Naming, siblings);
        let mut bytes = wire::encode(&links).to_vec();
        assert!(bytes.len() <= MAX_SEAL_LINKS);
        assert_eq!(wire::decode::<SealLinks>(&bytes, MAX_SEAL_LINKS), Ok(links));
        bytes[1 + 32 + 8] = 5;
        assert!(wire::decode::<SealLinks>(&bytes, MAX_SEAL_LINKS).is_err());
    }
}
