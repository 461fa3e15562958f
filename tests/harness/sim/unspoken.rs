//! What an attacker said where it had no voice, or sent where no file may be sent, and when it may come all
//! the same: once a state lets it. Its own device seals it anew there, as it could say it anew; and
//! where it was first sealed is forgotten some day (C-64, I-70), so that whoever does not know goes by
//! their own head.

use std::collections::{BTreeMap, BTreeSet};

use windbreak_protocol::id::{ItemId, MemberId, StateId};
use windbreak_protocol::ledger::{FilesAllowed, Ledger};
use windbreak_protocol::testing::Insider;

use crate::sim::Sim;

/// What a head lets an attacker do.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Lets {
    speak: bool,
    files: bool,
}

impl Lets {
    fn of(ledger: &Ledger, attacker: &MemberId) -> Self {
        // Its files are no pictures.
        let files = ledger.files().allowed == FilesAllowed::Any;
        Self { speak: !ledger.is_listener(attacker), files }
    }
}

/// Something that nobody may take in for now.
#[derive(Clone, Copy, Debug)]
struct Unspoken {
    /// Where it says it was first sealed.
    named: StateId,
    /// Whether it is a file, or part of one.
    file: bool,
    /// When it was made.
    at: u64,
}

/// All of it, and what heads let the attacker do.
#[derive(Debug, Default)]
pub(crate) struct Silence {
    unspoken: BTreeMap<ItemId, Unspoken>,
    /// By device, since when its head lets it what.
    lets: BTreeMap<usize, BTreeMap<u64, Lets>>,
}

impl Silence {
    /// The attacker made something that nobody may take in now.
    pub(super) fn note(&mut self, item: ItemId, named: StateId, file: bool, at: u64) {
        self.unspoken.insert(item, Unspoken { named, file, at });
    }

    /// Whether a head of a device let it at some time since it was made.
    fn was_let(&self, device: usize, unspoken: &Unspoken) -> bool {
        let Some(lets) = self.lets.get(&device) else { return false };
        let before = lets.range(..=unspoken.at).next_back();
        let mut since = before.into_iter().chain(lets.range(unspoken.at..));
        since.any(|(_, lets)| lets.speak && (lets.files || !unspoken.file))
    }
}

impl Sim {
    /// Notes what the head of a device lets the attacker do.
    pub(super) fn look_what_it_lets(&mut self, device: usize) {
        let (Some(circle), Some(insider)) = (self.circle, self.insider) else { return };
        let Some(attacker) = self.devices[insider].member else { return };
        let clock = self.devices[device].clock(self.now);
        let Some(engine) = &mut self.devices[device].engine else { return };
        let ledger = Insider::of(engine, &circle, clock)
            .and_then(|insider| insider.ledger(&insider.head()?));
        if let Some(ledger) = ledger {
            let lets = self.model.silence.lets.entry(device).or_default();
            let now = Lets::of(&ledger, &attacker);
            if lets.last_key_value().is_none_or(|(_, last)| *last != now) {
                lets.insert(self.now, now);
            }
        }
    }

    /// What a device may not have.
    pub(super) fn unspoken_for(&mut self, device: usize) -> BTreeSet<ItemId> {
        let (Some(circle), Some(attacker)) = (self.circle, self.insider) else {
            return BTreeSet::new();
        };
        let clock = self.devices[device].clock(self.now);
        let silence = &self.model.silence;
        let Some(engine) = &mut self.devices[device].engine else { return BTreeSet::new() };
        let insider = Insider::of(engine, &circle, clock);
        let knows = |state: &StateId| insider.as_ref().is_some_and(|i| i.ledger(state).is_some());
        let may_not = |unspoken: &Unspoken| {
            let forgotten = !knows(&unspoken.named) && silence.was_let(device, unspoken);
            !forgotten && !silence.was_let(attacker, unspoken)
        };
        let unspoken = silence.unspoken.iter().filter(|(_, unspoken)| may_not(unspoken));
        unspoken.map(|(item, _)| *item).collect()
    }
}
