//! The engine: all circles of one device.
//!
//! The machine does no I/O and has no clock and no randomness of its own. Whoever drives it:
//! 1. calls [`Engine::handle`], [`Engine::handle_timeout`] or one command;
//! 2. calls [`Engine::poll_output`] until it returns `None`, obeying each output **in order**;
//! 3. sleeps until [`Engine::poll_timeout`] or the next input, then starts again.
//!
//! An [`Output::Persist`] must be durable before the outputs after it are obeyed. If that fails,
//! the engine is ahead of the store: drop it and load it again.

mod act;
mod agreement;
mod command;
mod decide;
mod file;
mod grant;
#[cfg(feature = "testing")]
mod opened;
mod query;
mod recovery;
mod report;

pub use command::{CreateError, NewCircle};

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::circle::{Came, Circle, Identity, Step, Stored};
use crate::content::Content;
use crate::id::{CircleId, InviteId};
use crate::identity::Verified;
use crate::input::{Input, Venue};
use crate::invite::AgreementHash;
use crate::joining::{Joining, WayIn};
use crate::output::{Event, Output, Reach};
use crate::random::Random;
use crate::record::{Key, RecordKind, Value};
use crate::recovery::RecoveryKey;
use crate::secret::Secret;
use crate::shelf::Shelf;
use crate::time::Timestamp;
use crate::timings::Timings;
use crate::verdict::{Redundant, Verdict};
use crate::wire::{DecodeError, Envelope};

/// How often the engine looks after topics and cards when nothing else wakes it.
const REVIEW: std::time::Duration = std::time::Duration::from_secs(600);

/// All circles of one device.
#[derive(Debug)]
pub struct Engine {
    timings: Timings,
    random: Random,
    circles: BTreeMap<CircleId, Circle>,
    joinings: BTreeMap<InviteId, Joining>,
    outputs: VecDeque<Output>,
    reviewed: Timestamp,
    /// The time of the latest step.
    now: Timestamp,
    /// What member keys are sealed to; without it they lie open in the store.
    recovery: Option<RecoveryKey>,
    /// Where words are read from once they are durable.
    shelf: Option<OnShelf>,
}

/// Why the records of a store do not make an engine.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a record of the store is {reason}")]
pub struct LoadError {
    /// What is wrong with it.
    #[from]
    pub reason: DecodeError,
}

/// An engine that is being put together, one record after the other, in any order.
#[derive(Default)]
pub struct Loading {
    stored: BTreeMap<CircleId, Stored>,
    joinings: BTreeMap<InviteId, Joining>,
    shelf: Option<OnShelf>,
}

impl Loading {
    /// Words stay in the store that the records come from, and are read from `shelf` whenever they
    /// are needed. Whoever drives the engine calls [`Engine::shelve`] when what it asked to be
    /// written is durable.
    #[must_use]
    pub fn from_shelf(shelf: Arc<dyn Shelf>) -> Self {
        Self { shelf: Some(OnShelf(shelf)), ..Self::default() }
    }

    /// Takes one record; those of no concern to the engine are passed over. Of an item whose words stay
    /// on a shelf, what it says is given back.
    ///
    /// # Errors
    /// As [`Engine::load`].
    pub fn take(&mut self, key: &Key, value: Value) -> Result<Option<Content>, LoadError> {
        match key.kind() {
            kind if !kind.is_engines() => {}
            RecordKind::Joining => {
                let joining = Joining::read(&value)?;
                self.joinings.insert(joining.invite(), joining);
            }
            kind => {
                let (circle, name) =
                    key.name().split_first_chunk::<32>().ok_or(DecodeError::Malformed)?;
                let circle = CircleId::from_bytes(*circle);
                let stored = self.stored.entry(circle).or_default();
                return Ok(stored.take(kind, name, value, self.shelf.is_some())?);
            }
        }
        Ok(None)
    }

    /// The engine, once all records were taken.
    ///
    /// # Errors
    /// As [`Engine::load`].
    pub fn finish(
        self,
        now: Timestamp,
        seed: &Secret<32>,
        timings: Timings,
    ) -> Result<Engine, LoadError> {
        Engine::put_together(now, seed, timings, self)
    }
}

impl std::fmt::Debug for Loading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Loading({} circles)", self.stored.len())
    }
}

impl Engine {
    /// Puts the engine together from the records of a store: all kinds for
    /// which [`RecordKind::is_engines`] holds. What waits to be published is published
    /// again.
    ///
    /// # Errors
    /// [`LoadError`]: the store is damaged, or written by a newer version.
    pub fn load(
        now: Timestamp,
        seed: &Secret<32>,
        timings: Timings,
        records: impl IntoIterator<Item = (Key, Value)>,
    ) -> Result<Self, LoadError> {
        let mut loading = Loading::default();
        for (key, value) in records {
            loading.take(&key, value)?;
        }
        loading.finish(now, seed, timings)
    }

    fn put_together(
        now: Timestamp,
        seed: &Secret<32>,
        timings: Timings,
        loading: Loading,
    ) -> Result<Self, LoadError> {
        let Loading { stored, joinings, shelf } = loading;
        let mut circles = BTreeMap::new();
        for (id, stored) in stored {
            if let Some(mut circle) = Circle::read(id, stored)? {
                if let Some(OnShelf(shelf)) = &shelf {
                    circle.shelve(shelf);
                }
                circles.insert(id, circle);
            }
        }
        let mut engine = Self {
            timings,
            random: Random::from_seed(seed),
            circles,
            joinings,
            outputs: VecDeque::new(),
            reviewed: now,
            now,
            recovery: None,
            shelf,
        };
        engine.resume(now);
        Ok(engine)
    }

    /// Opens every venue again, and publishes what nobody is known to have.
    fn resume(&mut self, now: Timestamp) {
        let mut step = Step::new(now, &mut self.random, &self.timings);
        for circle in self.circles.values_mut() {
            circle.resume(&mut step);
        }
        for joining in self.joinings.values().filter(|joining| joining.is_open()) {
            step.reach(joining.venue());
            joining.publish_again(&mut step);
        }
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
    }

    /// Takes in one thing that happened. For envelopes there is one verdict each, in the order
    /// given.
    pub fn handle(&mut self, now: Timestamp, input: Input) -> Vec<Verdict> {
        self.now = now;
        let mut step = Step::new(now, &mut self.random, &self.timings);
        let mut verdicts = Vec::new();
        match input {
            Input::Envelopes { venue: Venue::Circle(id), envelopes } => {
                verdicts = receive_in_circle(
                    &mut step,
                    &mut self.circles,
                    &mut self.joinings,
                    &id,
                    envelopes,
                );
            }
            Input::Envelopes { venue: Venue::Invite(invite), envelopes } => {
                let count = envelopes.len();
                match self.joinings.get_mut(&invite) {
                    None => {
                        verdicts = vec![Verdict::Ignore(Redundant::ForeignTopic); count];
                    }
                    Some(joining) => {
                        let (found, ways) = joining.receive(&mut step, envelopes);
                        verdicts = found;
                        for way in ways {
                            go_in(&mut step, &mut self.circles, &invite, way);
                        }
                    }
                }
            }
            Input::Acknowledged { venue: Venue::Circle(id), envelope } => {
                if let Some(circle) = self.circles.get_mut(&id) {
                    circle.acknowledged(&mut step, &envelope);
                }
            }
            Input::Acknowledged { venue: Venue::Invite(invite), envelope } => {
                if let Some(joining) = self.joinings.get_mut(&invite) {
                    joining.acknowledged(&mut step, &envelope);
                }
            }
            Input::Synced { venue: Venue::Circle(id), topic } => {
                if let Some(circle) = self.circles.get_mut(&id) {
                    circle.synced(&mut step, &topic);
                }
            }
            Input::Synced { venue: Venue::Invite(_), .. } => {}
        }
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
        verdicts
    }

    /// Time has come for something: see [`Self::poll_timeout`].
    pub fn handle_timeout(&mut self, now: Timestamp) {
        self.reviewed = now;
        self.now = now;
        let mut step = Step::new(now, &mut self.random, &self.timings);
        for circle in self.circles.values_mut() {
            circle.handle_timeout(&mut step);
        }
        for joining in self.joinings.values_mut() {
            joining.handle_timeout(&mut step);
        }
        let over: Vec<InviteId> = self
            .joinings
            .iter()
            .filter(|(_, joining)| joining.can_be_forgotten(now))
            .map(|(invite, _)| *invite)
            .collect();
        for invite in over {
            self.joinings.remove(&invite);
            step.delete(Joining::key(&invite));
        }
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
    }

    /// All that was asked to be written up to now is durable: words that came since go from memory,
    /// if there is a shelf to read them from.
    pub fn shelve(&mut self) {
        if let Some(OnShelf(shelf)) = &self.shelf {
            for circle in self.circles.values_mut() {
                circle.shelve(shelf);
            }
        }
    }

    /// What was asked to be written since [`Self::shelve`] was not, and cannot be: items that came since
    /// are not shown any more. What else the engine did stays, so after this it may only be looked at,
    /// until it is loaded anew.
    pub fn forget_unwritten(&mut self) {
        for circle in self.circles.values_mut() {
            circle.forget_unwritten();
        }
    }

    /// The next thing to do, if there is one.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Self::handle_timeout`] wants to be called at the latest.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        if self.circles.is_empty() && self.joinings.is_empty() {
            return None;
        }
        let due = self.circles.values().filter_map(|circle| circle.poll_timeout(self.now)).min();
        let review = self.reviewed.after(REVIEW);
        Some(due.map_or(review, |due| due.min(review)))
    }

    /// How a venue is reached now; `None` when it is over.
    #[must_use]
    pub fn reach(&self, venue: &Venue) -> Option<Reach> {
        match venue {
            Venue::Circle(id) => {
                self.circles.get(id).filter(|circle| circle.listens(self.now))?.reach()
            }
            Venue::Invite(invite) => self.joinings.get(invite)?.reach(),
        }
    }

    /// What this engine was loaded from is not what it last was, as after a backup was taken back: it
    /// returns to all its circles under new device keys. Obey of all that it asks for only what is
    /// to be written, in one batch, and load it again: what loading asked for would speak with the
    /// old keys.
    pub fn return_everywhere(&mut self, now: Timestamp) {
        let mut step = Step::new(now, &mut self.random, &self.timings);
        for circle in self.circles.values_mut() {
            circle.return_as_copy(&mut step);
        }
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
    }

    /// Lets one circle do one thing, and collects what it asks for.
    fn act<T, E>(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        unknown: E,
        act: impl FnOnce(&mut Circle, &mut Step<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let circle = self.circles.get_mut(circle).ok_or(unknown)?;
        self.now = now;
        let mut step = Step::new(now, &mut self.random, &self.timings);
        let done = act(circle, &mut step);
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
        done
    }
}

/// A shelf, which has nothing to print.
struct OnShelf(Arc<dyn Shelf>);

impl std::fmt::Debug for OnShelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OnShelf")
    }
}

/// Envelopes of a circle's venue; answers on the topic of the invite it was joined by may bring one
/// more state.
fn receive_in_circle(
    step: &mut Step<'_>,
    circles: &mut BTreeMap<CircleId, Circle>,
    joinings: &mut BTreeMap<InviteId, Joining>,
    id: &CircleId,
    envelopes: Vec<Verified<Envelope>>,
) -> Vec<Verdict> {
    let Some(circle) = circles.get_mut(id).filter(|circle| circle.listens(step.now)) else {
        return vec![Verdict::Ignore(Redundant::ForeignTopic); envelopes.len()];
    };
    let entrance = circle
        .joined_by()
        .filter(|_| circle.is_active())
        .and_then(|invite| joinings.get_mut(&invite));
    let mut ways = Vec::new();
    if let Some(joining) = entrance {
        let answers: Vec<_> =
            envelopes.iter().filter(|e| joining.follows(&e.topic())).cloned().collect();
        if !answers.is_empty() {
            ways = joining.receive(step, answers).1;
        }
    }
    let verdicts = circle.receive(step, envelopes);
    for way in ways {
        circle.come_again(step, way.entered);
    }
    verdicts
}

fn go_in(
    step: &mut Step<'_>,
    circles: &mut BTreeMap<CircleId, Circle>,
    invite: &InviteId,
    way: WayIn,
) {
    let WayIn {
        circle: id,
        device,
        member,
        member_key,
        sealed_key,
        since,
        agreement,
        entered,
        doors,
    } = way;
    if let Some(circle) = circles.get_mut(&id).filter(|circle| circle.key().id() == device.id()) {
        circle.come_again(step, entered);
        if let Some(text) = agreement {
            circle.note_agreed(step, AgreementHash::of(&text));
        }
        return;
    }
    match circles.remove(&id) {
        // Somebody who holds another invite of it must not take this device's place in it.
        Some(inside) if inside.is_active() => {
            circles.insert(id, inside);
            return;
        }
        Some(before) => before.erase(step),
        None => {}
    }
    let identity = Identity { key: device, member, member_key };
    let came = Came { by: Some(*invite), since };
    let mut circle = Circle::begin(step, id, identity, came, entered);
    if let Some(sealed) = sealed_key {
        circle.keep_sealed(step, sealed);
    }
    circle.begin_acceptance(step, agreement);
    for door in &doors {
        circle.hold_door(step, door);
    }
    circle.arrive(step);
    circles.insert(id, circle);
    step.tell(Event::CircleOpened { circle: id });
}
