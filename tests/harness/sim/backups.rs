//! Backups that are taken back, folders that are put back, and folders that are copied; and what a
//! device with an old store cannot know.

use windbreak_protocol::Output;
use windbreak_protocol::id::EnvelopeId;

use crate::sim::Sim;
use crate::sim::device::{Backup, Unaware};

/// From which device an envelope came first, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    pub(crate) by: usize,
    pub(crate) at: u64,
}

impl Sim {
    /// Puts what a device keeps aside.
    pub(super) fn back_up(&mut self, who: usize) {
        if self.is_honest_member(who) {
            let backup = self.devices[who].back_up(self.now);
            self.devices[who].backup = Some(backup);
        }
    }

    /// Puts a device back to what it kept, and starts it.
    pub(super) fn restore(&mut self, who: usize, told: bool) {
        if !self.is_honest_member(who) {
            return;
        }
        let Some(backup) = self.devices[who].backup.clone() else {
            return;
        };
        self.tally.restored += 1;
        self.forget_since(who, &backup);
        self.switch_off(who);
        self.devices[who].put_back(&backup);
        if told {
            // A backup holds nothing that is kept to be served.
            self.devices[who].kept.clear();
            self.devices[who].unaware = None;
            self.devices[who].told = true;
            self.begin_to_return(who);
        } else {
            self.be_unaware(who, backup.at);
        }
        self.switch_on(who);
    }

    /// Copies what a device keeps to one that is not used, and starts that.
    pub(super) fn copy(&mut self, of: usize, to: usize) {
        if !self.is_honest_member(of) || !self.is_unused(to) {
            return;
        }
        self.tally.copies += 1;
        let backup = self.devices[of].back_up(self.now);
        self.switch_off(to);
        self.devices[to].put_back(&backup);
        self.model.agreed.is_copied(of, to);
        self.devices[to].member = self.devices[of].member;
        self.devices[to].met = self.devices[of].met.clone();
        self.be_unaware(of, self.now);
        self.be_unaware(to, self.now);
        self.switch_on(to);
    }

    fn is_honest_member(&self, who: usize) -> bool {
        let member = self.devices.get(who).is_some_and(|device| device.member.is_some());
        member && self.insider != Some(who)
    }

    /// From `since` on others may have used the keys with which this device goes on from now.
    fn be_unaware(&mut self, who: usize, since: u64) {
        let now = self.now;
        let device = &mut self.devices[who];
        let since = device.unaware.map_or(since, |unaware| unaware.since.min(since));
        device.unaware = Some(Unaware { since, from: now });
        device.old_since = Some(device.old_since.map_or(since, |old| old.min(since)));
        device.handed.clear();
    }

    /// As the node does when a profile that was taken back is opened: what loading asks for is
    /// dropped, but for what is to be written.
    fn begin_to_return(&mut self, who: usize) {
        let now = self.now;
        let device = &mut self.devices[who];
        let started = device.start(now);
        let clock = device.clock(now);
        if let Some(engine) = &mut device.engine {
            engine.return_everywhere(clock);
        }
        while let Some(output) = device.engine.as_mut().and_then(|engine| engine.poll_output()) {
            if let Output::Persist(batch) = output {
                device.write(&batch);
            }
        }
        device.stop();
        if let Err(error) = started {
            self.fail("a store can be read", format!("device {who}: {error}"));
        }
    }

    /// What a device said or wanted since a backup, and nobody has, may be lost with what it keeps.
    fn forget_since(&mut self, who: usize, backup: &Backup) {
        let others = (0..self.devices.len()).filter(|other| *other != who);
        let shown: Vec<_> = others.filter_map(|other| self.texts(other)).flatten().collect();
        let ever = self.devices[who].ids.clone();
        self.model.forget_since(who, backup.at, &shown, &backup.ids, &ever);
    }

    /// The devices with which this one shares, or shared, a key: itself and its copies.
    fn family(&self, device: usize) -> Vec<usize> {
        let ids = &self.devices[device].ids;
        let others = (0..self.devices.len()).filter(|other| *other != device);
        let others = others.filter(|other| !self.devices[*other].ids.is_disjoint(ids));
        others.chain([device]).collect()
    }

    /// Something was said with a key that others may have used without this device having heard of
    /// it: then two things may have one number, and one of them may be lost.
    pub(super) fn note_clash(&mut self, device: usize) {
        let Some(Unaware { since, from }) = self.devices[device].unaware else {
            return;
        };
        let family = self.family(device);
        let handed = &self.devices[device].handed;
        let foreign = |(id, sent): (&EnvelopeId, &Sent)| {
            let known = sent.by == device && sent.at >= from;
            family.contains(&sent.by) && sent.at >= since && !known && !handed.contains(id)
        };
        if self.sent.iter().any(foreign) {
            self.model.clash(&family, since);
        }
    }

    /// Whether a device could know of an envelope that its key had been used for it.
    pub(super) fn could_know(&self, device: usize, id: &EnvelopeId) -> bool {
        self.devices[device].unaware.is_none_or(|unaware| {
            let own = |sent: &Sent| sent.by == device && sent.at >= unaware.from;
            self.devices[device].handed.contains(id) || self.sent.get(id).is_some_and(own)
        })
    }

    /// Whether an envelope was sent with keys that a copy may have used too.
    pub(super) fn is_doubtful(&self, id: &EnvelopeId) -> bool {
        self.sent.get(id).is_some_and(|sent| {
            self.devices[sent.by].old_since.is_some_and(|since| sent.at >= since)
        })
    }
}
