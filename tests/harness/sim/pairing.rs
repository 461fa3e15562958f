//! What people do to use several devices: a code, a number on both screens, and one device less.

use windbreak_protocol::JoinStage;
use windbreak_protocol::id::InviteId;
use windbreak_protocol::invite::DeviceNumber;

use crate::sim::Sim;
use crate::sim::model::TakenOut;

impl Sim {
    /// Makes a code for a further device and types it in there.
    pub(super) fn add_device(&mut self, by: usize, new: usize) {
        let Some(circle) = self.circle else { return };
        if !self.is_unused(new) {
            return;
        }
        let opened = self.by(by, |engine, clock| engine.open_device_code(clock, &circle));
        let clock = self.devices.get(by).map(|device| device.clock(self.now));
        let engine = self.devices.get(by).and_then(|device| device.engine.as_ref());
        let code = clock.zip(engine).filter(|_| opened.is_some());
        let code = code.and_then(|(clock, engine)| engine.device_code_text(clock, &circle));
        if let Some(code) = code {
            self.by(new, |engine, clock| engine.start_device_join(clock, code));
        }
    }

    /// The card of a code is there: the new device asks.
    pub(super) fn ask_as_device(&mut self, device: usize, code: &InviteId) {
        self.by(device, |engine, clock| engine.ask_as_device(clock, code));
    }

    /// The owner reads the number on the new device, and confirms it on the old one.
    pub(super) fn confirm(&mut self, device: usize) {
        let Some(circle) = self.circle else { return };
        let engine = self.devices[device].engine.as_ref();
        let code = engine.and_then(|engine| engine.device_code(&circle));
        let Some(number) = code.and_then(|code| self.number_shown(&code.id)) else {
            return;
        };
        self.by(device, |engine, clock| engine.confirm_device(clock, &circle, number));
    }

    fn number_shown(&self, code: &InviteId) -> Option<DeviceNumber> {
        let engines = self.devices.iter().filter_map(|device| device.engine.as_ref());
        engines.filter_map(|engine| engine.join(code)).find_map(|join| match join.stage {
            JoinStage::Requested(number) => Some(number),
            _ => None,
        })
    }

    /// Takes another device of the own member out.
    pub(super) fn remove_device(&mut self, by: usize, place: usize) {
        let Some(circle) = self.circle else { return };
        let engine = self.devices.get(by).and_then(|device| device.engine.as_ref());
        let own = engine.and_then(|engine| engine.devices(&circle)).unwrap_or_default();
        let other = own.iter().rev().filter(|device| !device.this).nth(place);
        let Some(device) = other.map(|device| device.id) else {
            return;
        };
        let taken = self.by(by, |engine, clock| engine.remove_device(clock, &circle, &device));
        if taken.is_some() {
            self.tally.devices_removed += 1;
            let sure = self.devices[by].unaware.is_none();
            self.model.taken_out.push(TakenOut { by, device, at: self.now, sure });
        }
    }

    /// Whether a device is in no circle and on the way to none.
    pub(super) fn is_unused(&self, device: usize) -> bool {
        self.devices.get(device).is_some_and(|device| {
            let engine = device.engine.as_ref();
            device.member.is_none() && engine.is_some_and(|engine| engine.joins().is_empty())
        })
    }
}
