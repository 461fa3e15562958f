//! One knock in the lobby, and what has become of it. Clauses: specs/05-invite V-8 to V-12.

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::circle::{Circle, Step};
use crate::id::{DeviceId, InviteId, KnockId, MemberId};
use crate::identity::Verified;
use crate::invite::Knock;
use crate::limits::{MAX_KNOCK, RECORD_OVERHEAD};
use crate::record::{Key, RecordKind};
use crate::time::Timestamp;
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError};

/// What has become of a knock.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
pub(crate) enum Fate {
    /// Nothing that would keep it from being answered.
    Open = 1,
    /// A person said no. It is remembered until it expires, so that it does not come back.
    Declined = 2,
    /// The rules said no. It is remembered because another branch may have let the newcomer in.
    Refused = 3,
    /// Whoever knocked was a member of the head's path, and is none any more.
    Gone = 4,
}

/// A knock in the lobby.
#[derive(Debug)]
pub(crate) struct KnockEntry {
    pub(crate) invite: InviteId,
    pub(crate) knock: Verified<Knock>,
    /// The member and device its KeyPackages are for.
    pub(crate) member: MemberId,
    pub(crate) device: DeviceId,
    pub(crate) arrived: Timestamp,
    /// How many commits have tried to admit it; each took the next KeyPackage.
    pub(crate) attempts: u8,
    pub(crate) fate: Fate,
}

#[derive(TlsDeserialize, TlsSerialize, TlsSize)]
struct KnockRecord {
    invite: InviteId,
    member: MemberId,
    device: DeviceId,
    arrived: Timestamp,
    attempts: u8,
    fate: Fate,
    knock: Opaque<MAX_KNOCK>,
}

impl KnockEntry {
    /// The KeyPackage for the next attempt: a fresh one while there are any, then the last, which
    /// is one of last resort.
    pub(super) fn key_package(&self) -> Option<&[u8]> {
        let packages = &self.knock.body.key_packages;
        let index = usize::from(self.attempts).min(packages.len().saturating_sub(1));
        packages.get(index).map(Opaque::as_bytes)
    }

    /// Reads back what was written of one knock.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let record: KnockRecord = wire::decode(bytes, MAX_KNOCK + RECORD_OVERHEAD)?;
        let KnockRecord { invite, member, device, arrived, attempts, fate, knock } = record;
        let knock =
            Knock::from_bytes(knock.as_bytes(), &invite).map_err(|_| DecodeError::Malformed)?;
        Ok(Self { invite, knock, member, device, arrived, attempts, fate })
    }
}

impl Circle {
    fn knock_key(&self, id: &KnockId) -> Key {
        Key::new(RecordKind::Knock, &[self.id.as_bytes(), id.as_bytes()])
    }

    /// Writes a knock as it is now.
    pub(super) fn write_knock(&self, step: &mut Step<'_>, id: &KnockId) {
        let Some(entry) = self.knocks.get(id) else {
            return;
        };
        let Ok(knock) = Opaque::new(entry.knock.to_bytes()) else {
            return;
        };
        let KnockEntry { invite, member, device, arrived, attempts, fate, .. } = *entry;
        let record = KnockRecord { invite, member, device, arrived, attempts, fate, knock };
        step.put(self.knock_key(id), wire::encode(&record).to_vec());
    }

    /// Deletes a knock's record.
    pub(super) fn delete_knock(&self, step: &mut Step<'_>, id: &KnockId) {
        step.delete(self.knock_key(id));
    }

    /// Remembers what has become of a knock.
    pub(super) fn seal_fate(&mut self, step: &mut Step<'_>, id: &KnockId, fate: Fate) {
        if let Some(entry) = self.knocks.get_mut(id).filter(|entry| entry.fate != fate) {
            entry.fate = fate;
            self.write_knock(step, id);
        }
    }
}
