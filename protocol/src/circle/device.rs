//! The devices of this device's member: listed, and taken out. Clauses: specs/02-identity D-9, D-10.

use crate::circle::intent::IntentKind;
use crate::circle::{Circle, Step};
use crate::id::{DeviceId, MemberId};
use crate::limits::MAX_DEVICES_PER_MEMBER;
use crate::time::Timestamp;

/// One device of this device's member.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DeviceOverview {
    /// The device.
    pub id: DeviceId,
    /// Whether it is this one.
    pub this: bool,
    /// When it last wrote something that is known here, by its own clock.
    pub last_written: Option<Timestamp>,
}

/// Why a device was neither added nor taken out.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DeviceError {
    /// No such circle on this device.
    #[error("no such circle")]
    UnknownCircle,
    /// This device's member is no longer in the circle.
    #[error("you are no longer in this circle")]
    Closed,
    /// The member has no such device.
    #[error("you have no such device in this circle")]
    UnknownDevice,
    /// Only the member's first device holds the member key, and so adds others.
    #[error("only the device with which you came into the circle adds others")]
    NotFirst,
    /// The member has as many devices as one can have.
    #[error("you have {MAX_DEVICES_PER_MEMBER} devices in this circle, and more are not allowed")]
    TooMany,
    /// No device that asks shows this number, or more than one does.
    #[error("no new device that asks shows this number")]
    UnknownNumber,
    /// The member key is sealed, and no phrase was given.
    #[error("this needs your recovery phrase")]
    PhraseNeeded,
    /// The phrase given does not open the member key.
    #[error("this is not your recovery phrase")]
    WrongPhrase,
    /// A device does not take itself out.
    #[error("a device cannot take itself out")]
    ThisDevice,
}

impl Circle {
    /// The devices of this device's member, in the order in which they came.
    pub(crate) fn devices(&self) -> Vec<DeviceOverview> {
        let entry = self.ledger().and_then(|ledger| ledger.members().get(&self.me));
        let devices = entry.into_iter().flat_map(|entry| &entry.devices);
        devices
            .map(|device| DeviceOverview {
                id: *device,
                this: *device == self.key.id(),
                last_written: self.last_written(device),
            })
            .collect()
    }

    fn last_written(&self, device: &DeviceId) -> Option<Timestamp> {
        let (_, last) = self.places.range((*device, 0)..=(*device, u64::MAX)).next_back()?;
        self.items.get(last).map(|item| item.body.written)
    }

    /// Takes another device of this device's member out.
    ///
    /// # Errors
    /// [`DeviceError`]; nothing has changed.
    pub(crate) fn remove_device(
        &mut self,
        step: &mut Step<'_>,
        device: &DeviceId,
    ) -> Result<(), DeviceError> {
        if !self.may_talk() {
            return Err(DeviceError::Closed);
        }
        if *device == self.key.id() {
            return Err(DeviceError::ThisDevice);
        }
        let ledger = self.ledger().ok_or(DeviceError::Closed)?;
        if ledger.member_of(device) != Some(&self.me) {
            return Err(DeviceError::UnknownDevice);
        }
        self.want(step, IntentKind::RemoveDevice(*device), step.now);
        self.settle(step);
        Ok(())
    }

    /// Whether something was written by this device's member, on whichever device.
    pub(super) fn is_own(&self, author: &MemberId) -> bool {
        *author == self.me
    }
}
