//! Notices: a program outside of this one is asked to show that something is new, in words that say
//! nothing of what it is. What is new is remembered by its name alone, for a moment; before it is told,
//! it is looked at again as whoever reads would see it, so that nothing taken back or hidden meanwhile
//! is told of. Clauses: specs/08-content I-80 to I-82.

mod quiet;
mod settings;
mod teller;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use windbreak_protocol::content::Gist;
use windbreak_protocol::id::{CircleId, ItemId, KnockId, ReportId};
use windbreak_protocol::ledger::Role;
use windbreak_protocol::limits::{MAX_UNTOLD, NOTICE_PATIENCE};
use windbreak_protocol::record::{Batch, Key, RecordKind, Value};
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::view::{Entry, Timeline};
use windbreak_protocol::{CircleOverview, Engine, Event, KnockStage, ReportStage, Standing};

use crate::api::message::{ChangeNotices, NoticeKind, NoticeStatus, NoticeWay, Notices as Told};
use crate::api::refusal::Refusal;
use settings::Settings;
use teller::search_path;

pub(crate) use teller::{Plan, Teller, Untold};

/// The name of the one record.
const NAME: &[u8] = b"settings";

/// The waits of notices.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NoticePace {
    /// How long what is new is gathered before it is told, so that what comes together is told
    /// together, and what is taken back at once is not.
    pub settle: Duration,
    /// A minute of the settings.
    pub minute: Duration,
    /// How long the program that shows notices may take.
    pub patience: Duration,
}

impl Default for NoticePace {
    fn default() -> Self {
        Self {
            settle: Duration::from_secs(5),
            minute: Duration::from_secs(60),
            patience: NOTICE_PATIENCE,
        }
    }
}

/// Reads the settings out of the records of their kind. What cannot be read tells nobody anything.
pub(crate) fn read(records: &[(Key, Value)]) -> Option<Kept> {
    let own = records.iter().find(|(key, _)| *key == self::key());
    own.and_then(|(_, value)| serde_json::from_slice(value).ok()).map(Kept)
}

/// Settings as they were kept.
#[derive(Debug)]
pub(crate) struct Kept(Settings);

fn key() -> Key {
    Key::new(RecordKind::Notices, &[NAME])
}

/// What is new in one circle and not told yet.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct New {
    items: BTreeSet<ItemId>,
    knocks: BTreeSet<KnockId>,
    reports: BTreeSet<ReportId>,
    device: bool,
}

/// What is new, and when it may be told.
#[derive(Debug, Default)]
struct Untelling {
    new: BTreeMap<CircleId, New>,
    /// When to look whether it is to be told.
    due: Option<Instant>,
    /// When something was last told.
    told: Option<Instant>,
}

/// The settings, what is new, and what shows it.
#[derive(Debug)]
pub(crate) struct Notices {
    settings: Settings,
    is_changed: bool,
    /// Locked for moments, by the loop alone: requests that only look clear what was read.
    untelling: Mutex<Untelling>,
    teller: Teller,
    pace: NoticePace,
    /// Words from before are no news, since times of items are whole minutes.
    started: Timestamp,
}

impl Notices {
    pub(crate) fn new(kept: Option<Kept>, pace: NoticePace, started: Timestamp) -> Self {
        Self {
            settings: kept.map(|kept| kept.0).unwrap_or_default(),
            is_changed: false,
            untelling: Mutex::default(),
            teller: Teller::new(pace.patience),
            pace,
            started: whole_minute(started),
        }
    }

    /// What was written holds: what was changed and not written never happened.
    pub(crate) fn reload(&mut self, kept: Option<Kept>) {
        self.settings = kept.map(|kept| kept.0).unwrap_or_default();
        self.is_changed = false;
    }

    /// What is to be written with the next batch.
    pub(crate) fn take_changes(&mut self) -> Batch {
        let mut batch = Batch::new();
        if std::mem::take(&mut self.is_changed)
            && let Ok(value) = serde_json::to_vec(&self.settings)
        {
            batch.put(key(), value);
        }
        batch
    }

    /// How notices are, for whoever asks.
    pub(crate) fn told(&self, now: Timestamp) -> Told {
        let Settings { on, way, kinds, quiet, every_minutes, silent, .. } = &self.settings;
        Told {
            on: *on,
            way: way.clone(),
            words: self.settings.words().to_owned(),
            kinds: kinds.iter().copied().collect(),
            quiet: quiet.as_ref().map(quiet::Quiet::told),
            quiet_now: self.is_quiet(now),
            every_minutes: *every_minutes,
            circles_off: silent.iter().copied().collect(),
            trouble: self.teller.trouble(),
        }
    }

    /// The same in short.
    pub(crate) fn status(&self) -> NoticeStatus {
        NoticeStatus { on: self.settings.on, trouble: self.teller.trouble() }
    }

    /// What shows notices, if they are on.
    pub(crate) fn way(&self) -> Option<&NoticeWay> {
        self.settings.on.then_some(&self.settings.way)
    }

    /// Changes the settings.
    ///
    /// # Errors
    /// [`Refusal`]; nothing has changed.
    pub(crate) fn change(&mut self, asked: ChangeNotices) -> Result<(), Refusal> {
        let next = self.settings.changed(asked)?;
        if next.on && (!self.settings.on || next.way != self.settings.way) {
            // What cannot show anything is not turned on.
            Plan::new(&next.way, next.words(), &search_path()).map_err(Untold::refusal)?;
        }
        self.settings = next;
        self.is_changed = true;
        self.teller.forget_trouble();
        let mut untelling = self.untelling();
        if !self.settings.on {
            *untelling = Untelling::default();
        } else if untelling.due.is_some() {
            untelling.due = Some(self.next(untelling.told));
        }
        drop(untelling);
        Ok(())
    }

    /// When what is new now may be told, if something was told before.
    fn next(&self, told: Option<Instant>) -> Instant {
        let settled = Instant::now() + self.pace.settle;
        let gap = self.pace.minute * u32::from(self.settings.every_minutes);
        told.map_or(settled, |told| settled.max(told + gap))
    }

    /// Says whether there are notices for a circle.
    pub(crate) fn set_circle(&mut self, circle: &CircleId, on: bool) {
        if on {
            self.settings.silent.remove(circle);
        } else {
            self.settings.silent.insert(*circle);
            self.untelling().new.remove(circle);
        }
        self.is_changed = true;
    }

    /// Its owner has left a circle.
    pub(crate) fn forget(&mut self, circle: &CircleId) {
        self.untelling().new.remove(circle);
        self.is_changed |= self.settings.silent.remove(circle);
    }

    /// These words of a circle are read. Who waits at its door is not seen by that.
    pub(crate) fn seen(&self, circle: &CircleId, items: impl Iterator<Item = ItemId>) {
        if let Some(new) = self.untelling().new.get_mut(circle) {
            items.for_each(|item| {
                new.items.remove(&item);
            });
        }
    }

    /// How a notice is shown now, and what shows it: to try it.
    pub(crate) fn trial(&self) -> (Teller, Result<Plan, Untold>) {
        (self.teller.clone(), self.plan())
    }

    fn plan(&self) -> Result<Plan, Untold> {
        Plan::new(&self.settings.way, self.settings.words(), &search_path())
    }

    fn is_quiet(&self, now: Timestamp) -> bool {
        self.settings.quiet.as_ref().is_some_and(|quiet| quiet.holds(now))
    }

    fn untelling(&self) -> std::sync::MutexGuard<'_, Untelling> {
        self.untelling.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something has happened: remembers it, if it may be worth a notice.
    pub(crate) fn hear(&self, event: &Event) {
        let wants = |kind| self.settings.kinds.contains(&kind);
        let (circle, kind) = match event {
            Event::ItemArrived { circle, written, own: false, .. } if *written >= self.started => {
                (circle, NoticeKind::Words)
            }
            Event::KnockArrived { circle, .. } => (circle, NoticeKind::Knocks),
            Event::DeviceAsked { circle } => (circle, NoticeKind::Devices),
            Event::ReportArrived { circle, .. } => (circle, NoticeKind::Reports),
            _ => return,
        };
        if !self.settings.on || !wants(kind) || self.settings.silent.contains(circle) {
            return;
        }
        let mut untelling = self.untelling();
        let new = untelling.new.entry(*circle).or_default();
        match event {
            Event::ItemArrived { item, .. } => remember(&mut new.items, *item),
            Event::KnockArrived { knock, .. } => remember(&mut new.knocks, *knock),
            Event::ReportArrived { report, .. } => remember(&mut new.reports, *report),
            _ => new.device = true,
        }
        if untelling.due.is_none() {
            untelling.due = Some(self.next(untelling.told));
        }
    }

    /// When to look whether something is to be told.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.untelling().due
    }

    /// Looks whether something is to be told now; gives what shows it, if so.
    pub(crate) fn take(
        &self,
        engine: &Engine,
        now: Timestamp,
    ) -> Option<(Teller, Result<Plan, Untold>)> {
        let mut untelling = self.untelling();
        untelling.due = None;
        let Settings { on, kinds, silent, .. } = &self.settings;
        if !on || untelling.new.is_empty() {
            return None;
        }
        if self.is_quiet(now) || self.teller.is_busy() {
            // The clock of the wall can be set at any time: it is looked at again and again.
            untelling.due = Some(Instant::now() + self.pace.minute);
            return None;
        }
        let new = std::mem::take(&mut untelling.new);
        let is_new = new.iter().any(|(circle, new)| {
            !silent.contains(circle) && is_to_be_told(engine, now, circle, new, kinds)
        });
        if is_new {
            untelling.told = Some(Instant::now());
        }
        // What was said too soon in slow mode is news when its turn comes.
        for (circle, new) in new {
            let items = too_soon(engine, now, &circle, new.items);
            if !items.is_empty() {
                untelling.new.insert(circle, New { items, ..New::default() });
            }
        }
        if !untelling.new.is_empty() {
            let soon = Instant::now() + self.pace.minute;
            untelling.due = Some(self.next(untelling.told).max(soon));
        }
        is_new.then(|| self.trial())
    }
}

/// Some are enough, since one that holds makes a notice; which of too many is chance.
fn remember<T: Ord>(all: &mut BTreeSet<T>, one: T) {
    if all.len() >= MAX_UNTOLD {
        all.pop_first();
    }
    all.insert(one);
}

/// Those of these items whose words are shown later.
fn too_soon(
    engine: &Engine,
    now: Timestamp,
    circle: &CircleId,
    items: BTreeSet<ItemId>,
) -> BTreeSet<ItemId> {
    if items.is_empty() {
        return items;
    }
    let waits = |timeline: &Timeline<'_>, entry: &Entry<'_>| {
        timeline.marks(entry).is_some_and(|marks| marks.shown_from.is_some())
    };
    let waiting = engine.with_timeline_at(now, circle, |timeline| {
        let later = timeline.talk().filter(|entry| waits(timeline, entry)).map(|entry| entry.id());
        later.filter(|item| items.contains(item)).collect()
    });
    waiting.unwrap_or_default()
}

/// Whether something of a circle is still new to whoever reads.
fn is_to_be_told(
    engine: &Engine,
    now: Timestamp,
    circle: &CircleId,
    new: &New,
    kinds: &BTreeSet<NoticeKind>,
) -> bool {
    let Some(overview) = engine.circle(now, circle) else {
        return false;
    };
    if overview.standing != Standing::Active {
        return false;
    }
    let holds = overview.members.iter().any(|m| m.me && m.role == Role::Facilitator);
    kinds.iter().any(|kind| match kind {
        NoticeKind::Words => has_words(engine, now, &overview, &new.items),
        NoticeKind::Knocks => {
            let waits = |knock: &windbreak_protocol::KnockOverview| {
                knock.review
                    && knock.stage == KnockStage::Waiting
                    && knock.expires > now
                    && new.knocks.contains(&knock.id)
            };
            holds && engine.lobby(circle).is_some_and(|lobby| lobby.iter().any(waits))
        }
        NoticeKind::Devices => {
            let waits = |code: windbreak_protocol::CodeOverview| {
                !code.done && !code.asking.is_empty() && code.expires > now
            };
            new.device && engine.device_code(circle).is_some_and(waits)
        }
        NoticeKind::Reports => {
            let waits = |report: &windbreak_protocol::ReportOverview| {
                report.to_answer
                    && matches!(report.stage, ReportStage::Open | ReportStage::Appealed)
                    && new.reports.contains(&report.id)
            };
            engine.reports(circle).is_some_and(|reports| reports.iter().any(waits))
        }
    })
}

/// Whether some of these items are there to be read, of somebody else who is not blocked.
fn has_words(
    engine: &Engine,
    now: Timestamp,
    circle: &CircleOverview,
    items: &BTreeSet<ItemId>,
) -> bool {
    if items.is_empty() || !circle.agreement_accepted {
        return false;
    }
    let blocked = engine.blocked(&circle.id);
    let is_read = |timeline: &Timeline<'_>, entry: &Entry<'_>| {
        let asks = matches!(entry.gist(), Gist::Proposal(_) | Gist::AgreementProposal(_));
        let marks = timeline.marks(entry);
        // Facilitators read what is hidden; it is no news.
        let is_held = marks.is_some_and(|marks| marks.hidden.is_some() || marks.muted.is_some());
        (entry.gist().is_words() || asks)
            && items.contains(&entry.id())
            && entry.author() != circle.me
            && !blocked.contains(&entry.author())
            && timeline.handed(entry).is_none()
            && !is_held
            && !timeline.is_silent(entry)
    };
    let found = engine.with_timeline_at(now, &circle.id, |timeline| {
        timeline.talk().rev().any(|entry| is_read(timeline, entry))
    });
    found.unwrap_or(false)
}

/// The whole minute in which a moment lies.
fn whole_minute(moment: Timestamp) -> Timestamp {
    Timestamp::from_seconds(moment.as_seconds() / 60 * 60)
}

#[cfg(test)]
mod tests;
