//! Devices of a member: one more, or one less, by the member's own doing. Clauses:
//! specs/02-identity D-9, D-10.

use crate::id::{CircleId, DeviceId, MemberId};
use crate::identity::{Credential, Unverified};
use crate::ledger::{ChangeError, Ledger};
use crate::limits::MAX_DEVICES_PER_MEMBER;

impl Ledger {
    /// The committer has one more device: they commit it themselves, and their member key says so.
    pub(super) fn add_device(
        &mut self,
        circle: &CircleId,
        committer: &MemberId,
        credential: &Credential,
    ) -> Result<(), ChangeError> {
        let (member, device) = (credential.member, credential.device);
        if member != *committer {
            return Err(ChangeError::Right);
        }
        if self.member_of(&device).is_some() {
            return Err(ChangeError::AlreadyMember);
        }
        // A device may give its place to another, and not make one more.
        if !credential.is_direct() {
            return Err(ChangeError::Proof);
        }
        Unverified::new(credential.clone())
            .verify(circle, device.as_bytes())
            .map_err(|_| ChangeError::Proof)?;
        let entry = self.members.get_mut(&member).ok_or(ChangeError::NotAMember)?;
        if entry.devices.len() >= MAX_DEVICES_PER_MEMBER {
            return Err(ChangeError::Limit);
        }
        entry.devices.push(device);
        Ok(())
    }

    /// One of the committer's other devices goes. Nobody else takes a single device out, and the
    /// last one stays: to go altogether is to leave.
    pub(super) fn remove_device(
        &mut self,
        committer: &MemberId,
        member: &MemberId,
        device: &DeviceId,
    ) -> Result<(), ChangeError> {
        if member != committer {
            return Err(ChangeError::Right);
        }
        let entry = self.members.get_mut(member).ok_or(ChangeError::NotAMember)?;
        if entry.devices.len() < 2 {
            return Err(ChangeError::LastDevice);
        }
        let place = entry.devices.iter().position(|other| other == device);
        entry.devices.remove(place.ok_or(ChangeError::NotADevice)?);
        Ok(())
    }

    /// The devices of all members.
    pub fn devices(&self) -> impl Iterator<Item = &DeviceId> {
        self.members.values().flat_map(|entry| &entry.devices)
    }
}
