//! What newcomers are owed of what was said before they came: what its author had opened to those who
//! join later, if everybody had it who was there when they came. That they read nothing else stands
//! with what nobody may read.

use std::collections::{BTreeMap, BTreeSet};

use windbreak_protocol::HistoryStage;
use windbreak_protocol::id::{CircleId, ItemId, MemberId};
use windbreak_protocol::testing;

use crate::sim::check::View;
use crate::sim::model::Said;
use crate::sim::{Living, Sim};

/// An hour in milliseconds.
const HOUR: u64 = 3_600_000;

/// What came to whom, and what was owed to whom when they came.
#[derive(Debug, Default)]
pub(crate) struct Newcomers {
    /// By device, what came to it or was said on it.
    has: BTreeMap<usize, BTreeSet<ItemId>>,
    /// By device, what was open when its member came.
    owed: BTreeMap<usize, BTreeSet<ItemId>>,
    /// What was hidden at some time.
    hidden: BTreeSet<ItemId>,
    /// Who was muted, or only listened, at some time.
    quiet: BTreeSet<MemberId>,
    /// When the circle was slowed down first.
    slowed: Option<u64>,
}

impl Newcomers {
    /// Something came to a device, or was said on it.
    pub(super) fn arrives(&mut self, device: usize, item: ItemId) {
        self.has.entry(device).or_default().insert(item);
    }

    /// A facilitator did what can keep words from whoever comes then, also if it is undone later.
    pub(super) fn keeps_back(&mut self, how: Living, to: ItemId, author: MemberId, now: u64) {
        match how {
            Living::Hide => {
                self.hidden.insert(to);
            }
            Living::Mute | Living::Listen => {
                self.quiet.insert(author);
            }
            Living::Slow => {
                self.slowed.get_or_insert(now);
            }
            _ => {}
        }
    }

    fn has(&self, device: usize, item: &ItemId) -> bool {
        self.has.get(&device).is_some_and(|has| has.contains(item))
    }
}

impl Sim {
    /// A member has come in with a device: notes what was open then, and everybody there had.
    pub(super) fn note_owed(&mut self, device: usize, circle: &CircleId) {
        for other in 0..self.devices.len() {
            self.note_ids(other);
        }
        self.model.newcomers.has.remove(&device);
        let Some(engine) = self.devices[device].engine.as_ref() else { return };
        let mut here = testing::devices(engine, circle);
        here.retain(|id| !self.devices[device].ids.contains(id));
        let whose = |id| self.devices.iter().position(|other| other.ids.contains(id));
        let Some(others) = here.iter().map(whose).collect::<Option<BTreeSet<usize>>>() else {
            return;
        };
        let have = |id: &ItemId| others.iter().all(|other| self.model.newcomers.has(*other, id));
        // Shares alone: of an answer its thread had to be there, too.
        let said = self.model.said.iter().filter(|(id, said)| {
            said.later && said.left.is_some() && self.model.asked.contains_key(*id)
        });
        let owed = said.map(|(id, _)| *id).filter(have).collect();
        self.model.newcomers.owed.insert(device, owed);
    }

    /// Whether whoever was handed what was said before has what they were owed.
    pub(super) fn newcomers_at_rest(&self, inside: &[&View]) -> Result<(), String> {
        for view in inside {
            for id in self.owed_for_sure(view, inside) {
                let said = &self.model.said[&id];
                if !view.has(&self.model.ids_of(&id), said) {
                    return Err(format!("device {} was not handed {:?}", view.device, said.text));
                }
            }
        }
        Ok(())
    }

    /// Counts how much newcomers were owed, and have.
    pub(super) fn count_handed(&mut self) {
        let Some(circle) = self.circle.filter(|_| self.is_well()) else { return };
        let views = self.views(&circle);
        let inside = self.inside(&views);
        let owed = inside.iter().map(|view| self.owed_for_sure(view, &inside).len() as u64);
        self.tally.handed = owed.sum();
    }

    /// What the member of a device was to be handed, whoever did it.
    fn owed_for_sure(&self, view: &View, inside: &[&View]) -> Vec<ItemId> {
        // An attacker can withhold; what is too old goes along with nothing; and whoever was put back
        // may have lost what they had.
        let in_doubt = self.insider.is_some()
            || self.model.shortest.is_some()
            || self.tally.restored + self.tally.copies > 0;
        let is_here =
            view.overview.history.map(|history| history.stage) == Some(HistoryStage::Here);
        let newcomers = &self.model.newcomers;
        let Some(owed) = newcomers.owed.get(&view.device).filter(|_| is_here && !in_doubt) else {
            return Vec::new();
        };
        let stands = |said: &Said| {
            let author = &self.devices[said.by];
            let author_stays = author.ids.len() == 1
                && inside.iter().any(|view| view.device == said.by)
                && author.member.is_some_and(|member| {
                    !newcomers.quiet.contains(&member) && !self.model.somebody_wants_gone(&member)
                });
            // Clocks differ.
            let in_time = newcomers.slowed.is_none_or(|slowed| said.at + 2 * HOUR < slowed);
            author_stays && in_time && !said.forgotten && !said.clashes
        };
        let is_sure = |id: &&ItemId| {
            !newcomers.hidden.contains(*id)
                && self.model.taken_back_by(id).is_empty()
                && self.model.said.get(*id).is_some_and(stands)
        };
        owed.iter().filter(is_sure).copied().collect()
    }
}
