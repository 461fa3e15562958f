//! A place for members who break the rules.

use std::collections::BTreeSet;

use windbreak_protocol::id::{CircleId, ItemId, MemberId, StateId};
use windbreak_protocol::identity::Verified;
use windbreak_protocol::testing::Insider;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::wire::Envelope;
use windbreak_protocol::{Engine, Venue};

use crate::sim::sea::Carried;
use crate::sim::{Dice, Sim, Wrong};

/// Somebody who breaks the rules with a member's own keys.
pub trait Attacker: std::fmt::Debug + Send {
    /// Its name, for reports.
    fn name(&self) -> &'static str;

    /// Takes a turn; between turns its device behaves.
    fn act(&mut self, hand: &mut Hand<'_>);
}

/// What an attacker has in a turn.
#[derive(Debug)]
pub struct Hand<'a> {
    /// Its device's engine.
    pub engine: &'a mut Engine,
    /// The circle.
    pub circle: CircleId,
    /// What its clock says.
    pub now: Timestamp,
    /// Chance, the same in each run of one plan.
    pub dice: Dice,
    /// How many devices there are.
    pub devices: usize,
    sent: Vec<(Option<usize>, Verified<Envelope>)>,
    wrongs: Vec<(ItemId, Wrong)>,
    wrong_states: Vec<StateId>,
}

impl Hand<'_> {
    /// Its device in the circle.
    pub fn insider(&mut self) -> Option<Insider<'_>> {
        Insider::of(self.engine, &self.circle, self.now)
    }

    /// Its member.
    #[must_use]
    pub fn me(&self) -> Option<MemberId> {
        Some(self.engine.circle(self.now, &self.circle)?.me)
    }

    /// Tells the checker of an item it had no right to make.
    pub fn own_up(&mut self, item: ItemId, wrong: Wrong) {
        self.wrongs.push((item, wrong));
    }

    /// Tells the checker of a state nobody may stand on.
    pub fn own_up_state(&mut self, state: StateId) {
        self.wrong_states.push(state);
    }

    /// Puts envelopes on all relays, in this order.
    pub fn publish(&mut self, envelopes: Vec<Verified<Envelope>>) {
        self.sent.extend(envelopes.into_iter().map(|envelope| (None, envelope)));
    }

    /// Hands envelopes to one device alone.
    pub fn whisper(&mut self, device: usize, envelopes: Vec<Verified<Envelope>>) {
        self.sent.extend(envelopes.into_iter().map(|envelope| (Some(device), envelope)));
    }
}

impl Sim {
    /// Puts the plan's attacker into the last of the first members, if it has one.
    pub(crate) fn appoint(&mut self) {
        let Some(name) = &self.plan.attacker else {
            return;
        };
        self.attacker = crate::attack::attacker(name);
        if self.attacker.is_some() {
            self.insider = self.plan.members.checked_sub(1);
        }
        for device in 0..self.devices.len() {
            self.look_what_it_lets(device);
        }
    }

    /// Gives the attacker a turn.
    pub(crate) fn attack(&mut self, lot: u64) {
        let (Some(circle), Some(device)) = (self.circle, self.insider) else {
            return;
        };
        let Some(mut attacker) = self.attacker.take() else {
            return;
        };
        let now = self.devices[device].clock(self.now);
        let devices = self.devices.len();
        let mut sent = Vec::new();
        if let Some(engine) = &mut self.devices[device].engine {
            let before = kept(engine, &circle, now);
            let dice = Dice::new(lot, 4);
            let (wrongs, wrong_states) = (Vec::new(), Vec::new());
            let engine = &mut *engine;
            let mut hand = Hand { engine, circle, now, dice, devices, sent, wrongs, wrong_states };
            attacker.act(&mut hand);
            sent = hand.sent;
            self.tally.attacks += sent.len() as u64;
            self.tally.meddled += (hand.wrongs.len() + hand.wrong_states.len()) as u64;
            for (item, wrong) in hand.wrongs {
                match wrong {
                    Wrong::Counts => drop(self.model.wrongs.insert(item)),
                    Wrong::Arrives { named, file } => {
                        self.model.silence.note(item, named, file, self.now);
                    }
                }
            }
            self.model.wrong_states.extend(hand.wrong_states);
            self.forged.extend(kept(engine, &circle, now).difference(&before));
        }
        self.attacker = Some(attacker);
        self.obey(device);
        for (to, envelope) in sent {
            let envelope = Carried::new(envelope);
            match to {
                None => self.publish(device, Venue::Circle(circle), envelope),
                Some(to) if to < devices => {
                    self.deliver(to, Venue::Circle(circle), vec![envelope]);
                }
                Some(_) => {}
            }
        }
    }
}

/// The states a device keeps.
fn kept(engine: &mut Engine, circle: &CircleId, now: Timestamp) -> BTreeSet<StateId> {
    let insider = Insider::of(engine, circle, now);
    insider.map(|insider| insider.states().iter().map(|s| s.id).collect()).unwrap_or_default()
}
