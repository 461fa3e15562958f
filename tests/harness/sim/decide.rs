//! What people decide together.

use windbreak_protocol::id::MemberId;
use windbreak_protocol::ledger::MotionKind;
use windbreak_protocol::wire::text::Text;

use crate::sim::sea::Happening;
use crate::sim::{Motion, Sim};

impl Sim {
    pub(super) fn propose(&mut self, by: usize, whom: usize, motion: Motion) {
        let Some(circle) = self.circle else { return };
        let Some(member) = self.devices.get(whom).and_then(|device| device.member) else {
            return;
        };
        let Ok(reason) = Text::new("As agreed.") else {
            return;
        };
        let kind = match motion {
            Motion::Promote => MotionKind::Promote,
            Motion::Demote => MotionKind::Demote,
            Motion::Remove => MotionKind::Remove { reason },
            Motion::Succeed => MotionKind::Succeed,
        };
        let declaration = (by == whom).then(|| "I owe nobody a report.".to_owned());
        let proposed =
            self.by(by, |engine, clock| engine.propose(clock, &circle, kind, &member, declaration));
        if proposed.is_none() {
            return;
        }
        self.tally.proposals += 1;
        self.note_succession(by, member, motion == Motion::Succeed);
        self.model.waits_long |= motion == Motion::Succeed;
        if motion == Motion::Remove {
            self.model.may_be_gone.insert(member);
        }
        self.ask_everybody();
    }

    /// Everybody is asked, and most answer.
    pub(super) fn ask_everybody(&mut self) {
        for device in 0..self.devices.len() {
            let pause = self.weather.between(10_000, 30 * 60_000);
            if self.weather.chance(750) {
                self.queue.add(self.now + pause, Happening::Decide { device });
            }
        }
    }

    /// Somebody agrees to everything they are asked.
    pub(super) fn decide(&mut self, device: usize) {
        let Some(circle) = self.circle else { return };
        let clock = self.devices[device].clock(self.now);
        self.agree(device, &circle);
        let engine = self.devices[device].engine.as_ref();
        let motions = engine.and_then(|engine| engine.motions(clock, &circle)).unwrap_or_default();
        for motion in motions.into_iter().filter(|motion| motion.asks_me) {
            let about_me = self.devices[device].member == Some(motion.member);
            let declaration = about_me.then(|| "I owe nobody a report.".to_owned());
            let agreed = self.by(device, |engine, clock| {
                engine.consent(clock, &circle, &motion.id, declaration)
            });
            let succeeds = agreed.is_some() && motion.kind == MotionKind::Succeed;
            self.note_succession(device, motion.member, succeeds);
        }
    }

    /// Somebody agreed that a member becomes a facilitator since none answers.
    fn note_succession(&mut self, by: usize, whom: MemberId, agreed: bool) {
        if let Some(member) = self.devices[by].member.filter(|_| agreed) {
            self.model.agrees_to_succeed(whom, member, self.now);
        }
    }

    pub(super) fn step_down(&mut self, by: usize) {
        let Some(circle) = self.circle else { return };
        self.by(by, |engine, clock| engine.step_down(clock, &circle));
    }
}
