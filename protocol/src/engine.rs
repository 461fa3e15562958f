//! The engine: all circles of one device.
//!
//! The machine does no I/O and has no clock and no randomness of its own. Whoever drives it:
//! 1. calls [`Engine::handle`], [`Engine::handle_timeout`] or one command;
//! 2. calls [`Engine::poll_output`] until it returns `None`, obeying each output **in order**;
//! 3. sleeps until [`Engine::poll_timeout`] or the next input, then starts again.
//!
//! An [`Output::Persist`] must be durable before the outputs after it are obeyed. If that fails,
//! the engine is ahead of the store: drop it and load it again.

use std::collections::{BTreeMap, VecDeque};

use crate::circle::{
    AdmitError, Circle, CircleOverview, Identity, InviteError, KnockOverview, NewShare,
    RemoveError, ShareError, Step, Stored,
};
use crate::id::{CircleId, InviteId, ItemId, KnockId, MemberId};
use crate::identity::{DeviceKey, MemberKey, Verified};
use crate::input::{Input, Venue};
use crate::invite::{AgreementText, InviteText, RelayAddress};
use crate::joining::{JoinError, JoinOverview, Joining, NewKnock, WayIn};
use crate::ledger::{InviteTerms, Ledger, Manner, MemberEntry, Role, Settings};
use crate::limits::MAX_TITLE_CHARS;
use crate::limits::{MAX_AGREEMENT, MAX_CARD_TEXT_CHARS, MAX_CIRCLES, MAX_NAME_CHARS, MAX_RELAYS};
use crate::mls::Suite;
use crate::output::{Event, Output, Reach};
use crate::random::Random;
use crate::record::{Key, RecordKind, Value};
use crate::secret::Secret;
use crate::state::found;
use crate::time::Timestamp;
use crate::timings::Timings;
use crate::verdict::{Redundant, Verdict};
use crate::view::Timeline;
use crate::wire::text::Text;
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
}

/// A circle to be made.
#[derive(Clone, Debug)]
pub struct NewCircle {
    /// Its title, for members.
    pub title: String,
    /// The founder's name in it.
    pub name: String,
    /// Its suite.
    pub suite: Suite,
    /// Its relays.
    pub relays: Vec<String>,
    /// What its card says to newcomers.
    pub welcome: String,
    /// Its agreement.
    pub agreement: String,
    /// What the facilitators declare about a duty to report.
    pub declaration: Option<String>,
}

/// Why no circle was made.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CreateError {
    /// A title and a name are needed.
    #[error("a title and a name are needed")]
    Nameless,
    /// A text is too long.
    #[error("the {field} is longer than {limit} characters or bytes")]
    TooLong {
        /// Which.
        field: &'static str,
        /// How long it may be.
        limit: usize,
    },
    /// A relay's address cannot be one.
    #[error("a relay's address is not one")]
    Relay,
    /// Too many relays.
    #[error("a circle has at most {MAX_RELAYS} relays")]
    TooManyRelays,
    /// Too many circles on this device.
    #[error("too many circles on this device")]
    TooManyCircles,
    /// The suite cannot be used on this device.
    #[error("the suite cannot be used on this device")]
    Suite,
}

/// Why the records of a store do not make an engine.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a record of the store is {reason}")]
pub struct LoadError {
    /// What is wrong with it.
    #[from]
    pub reason: DecodeError,
}

impl Engine {
    /// Puts the engine together from the records of a store: all kinds but
    /// [`RecordKind::Envelope`] and [`RecordKind::Node`]. What waits to be published is published
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
        let mut stored: BTreeMap<CircleId, Stored> = BTreeMap::new();
        let mut joinings = BTreeMap::new();
        for (key, value) in records {
            match key.kind() {
                RecordKind::Envelope | RecordKind::Node => {}
                RecordKind::Joining => {
                    let joining = Joining::read(&value)?;
                    joinings.insert(joining.invite(), joining);
                }
                kind => {
                    let (circle, name) =
                        key.name().split_first_chunk::<32>().ok_or(DecodeError::Malformed)?;
                    let circle = CircleId::from_bytes(*circle);
                    stored.entry(circle).or_default().take(kind, name, value);
                }
            }
        }
        let mut circles = BTreeMap::new();
        for (id, stored) in stored {
            if let Some(circle) = Circle::read(id, stored)? {
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
        for joining in self.joinings.values().filter(|joining| !joining.is_over()) {
            step.reach(joining.venue());
            joining.publish_again(&mut step);
        }
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
    }

    /// Takes in one thing that happened. For envelopes there is one verdict each, in the order
    /// given.
    pub fn handle(&mut self, now: Timestamp, input: Input) -> Vec<Verdict> {
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
        let mut step = Step::new(now, &mut self.random, &self.timings);
        for circle in self.circles.values_mut() {
            circle.handle_timeout(&mut step);
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
        let due = self.circles.values().filter_map(Circle::poll_timeout).min();
        let review = self.reviewed.after(REVIEW);
        Some(due.map_or(review, |due| due.min(review)))
    }

    /// How a venue is reached now; `None` when it is over.
    #[must_use]
    pub fn reach(&self, venue: &Venue) -> Option<Reach> {
        match venue {
            Venue::Circle(id) => self.circles.get(id).filter(|circle| circle.is_active())?.reach(),
            Venue::Invite(invite) => self.joinings.get(invite)?.reach(),
        }
    }

    /// Makes a circle with this device in it.
    ///
    /// # Errors
    /// [`CreateError`]; nothing was made.
    pub fn create_circle(
        &mut self,
        now: Timestamp,
        new: NewCircle,
    ) -> Result<CircleId, CreateError> {
        if self.circles.len() >= MAX_CIRCLES {
            return Err(CreateError::TooManyCircles);
        }
        if new.title.trim().is_empty() || new.name.trim().is_empty() {
            return Err(CreateError::Nameless);
        }
        let settings = settings(&new)?;
        let name = Text::<MAX_NAME_CHARS>::new(new.name.trim())
            .map_err(|error| CreateError::TooLong { field: "name", limit: error.limit })?;
        let mut step = Step::new(now, &mut self.random, &self.timings);
        let id = CircleId::from_bytes(step.random.bytes());
        let member_key = MemberKey::generate(step.random);
        let key = DeviceKey::generate(step.random);
        let credential = member_key.certify(&id, &key.id());
        let founder = MemberEntry {
            name,
            role: Role::Facilitator,
            since: 0,
            manner: Manner::Founder,
            devices: vec![key.id()],
        };
        let ledger = Ledger::found(settings, member_key.id(), founder);
        let period = now.hour().period();
        let entered = found(&id, &key, &credential, ledger, period, step.injected())
            .map_err(|_| CreateError::Suite)?;
        let circle = Circle::begin(&mut step, id, Identity { key, member_key }, None, entered);
        self.circles.insert(id, circle);
        step.tell(Event::CircleOpened { circle: id });
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
        Ok(id)
    }

    /// Names other relays for a circle.
    ///
    /// # Errors
    /// [`InviteError`] when this device may not; nothing has changed.
    pub fn set_relays(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        relays: Vec<RelayAddress>,
    ) -> Result<(), InviteError> {
        self.act(now, circle, InviteError::UnknownCircle, |circle, step| {
            circle.set_relays(step, relays)
        })
    }

    /// Opens an invite.
    ///
    /// # Errors
    /// [`InviteError`]; nothing has changed.
    pub fn open_invite(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        terms: InviteTerms,
    ) -> Result<InviteId, InviteError> {
        self.act(now, circle, InviteError::UnknownCircle, |circle, step| {
            circle.open_invite(step, terms)
        })
    }

    /// Takes an invite back.
    ///
    /// # Errors
    /// [`InviteError`]; nothing has changed.
    pub fn revoke_invite(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        invite: &InviteId,
    ) -> Result<(), InviteError> {
        self.act(now, circle, InviteError::UnknownCircle, |circle, step| {
            circle.revoke_invite(step, invite)
        })
    }

    /// The text of an invite this device made.
    ///
    /// # Errors
    /// [`InviteError`].
    pub fn invite_text(
        &self,
        circle: &CircleId,
        invite: &InviteId,
    ) -> Result<InviteText, InviteError> {
        self.circles.get(circle).ok_or(InviteError::UnknownCircle)?.invite_text(invite)
    }

    /// Starts to join by an invite: its card is looked for, nothing is sent. Starting again goes on
    /// where the first attempt stands.
    ///
    /// # Errors
    /// [`JoinError`].
    pub fn start_join(&mut self, now: Timestamp, text: InviteText) -> Result<InviteId, JoinError> {
        let invite = text.seed.id();
        if let Some(joining) = self.joinings.get(&invite) {
            let inside = joining.joined().and_then(|circle| self.circles.get(&circle));
            if inside.is_some_and(Circle::is_active) {
                return Err(JoinError::AlreadyMember);
            }
            if !joining.is_over() {
                return Ok(invite);
            }
        }
        if self.circles.len() + self.joinings.len() >= 2 * MAX_CIRCLES {
            return Err(JoinError::TooManyCircles);
        }
        let mut step = Step::new(now, &mut self.random, &self.timings);
        let joining = Joining::start(&mut step, text);
        self.joinings.insert(invite, joining);
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
        Ok(invite)
    }

    /// Knocks, once the card is here.
    ///
    /// # Errors
    /// [`JoinError`]; nothing was sent.
    pub fn knock(
        &mut self,
        now: Timestamp,
        invite: &InviteId,
        knock: NewKnock,
    ) -> Result<(), JoinError> {
        let joining = self.joinings.get_mut(invite).ok_or(JoinError::UnknownInvite)?;
        let mut step = Step::new(now, &mut self.random, &self.timings);
        let done = joining.knock(&mut step, knock);
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
        done
    }

    /// Gives up joining; a knock that is out already may still be answered, to nobody.
    ///
    /// # Errors
    /// [`JoinError::UnknownInvite`].
    pub fn cancel_join(&mut self, now: Timestamp, invite: &InviteId) -> Result<(), JoinError> {
        let joining = self.joinings.remove(invite).ok_or(JoinError::UnknownInvite)?;
        let mut step = Step::new(now, &mut self.random, &self.timings);
        step.delete(Joining::key(invite));
        step.ask(Output::Close(joining.venue()));
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
        Ok(())
    }

    /// Admits somebody who knocks.
    ///
    /// # Errors
    /// [`AdmitError`]; the knock stays.
    pub fn admit(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        knock: &KnockId,
    ) -> Result<(), AdmitError> {
        self.act(now, circle, AdmitError::UnknownCircle, |circle, step| circle.admit(step, knock))
    }

    /// Declines somebody who knocks, with a reason they read.
    ///
    /// # Errors
    /// [`AdmitError`]; the knock stays.
    pub fn decline(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        knock: &KnockId,
        reason: String,
    ) -> Result<(), AdmitError> {
        self.act(now, circle, AdmitError::UnknownCircle, |circle, step| {
            circle.decline(step, knock, reason)
        })
    }

    /// Shares something with a circle.
    ///
    /// # Errors
    /// [`ShareError`]; nothing was said.
    pub fn share(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        share: NewShare,
    ) -> Result<ItemId, ShareError> {
        self.act(now, circle, ShareError::UnknownCircle, |circle, step| circle.share(step, share))
    }

    /// Replies to a share or a reply.
    ///
    /// # Errors
    /// [`ShareError`]; nothing was said.
    pub fn reply(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        to: &ItemId,
        text: String,
    ) -> Result<ItemId, ShareError> {
        self.act(now, circle, ShareError::UnknownCircle, |circle, step| {
            circle.reply(step, *to, text)
        })
    }

    /// Leaves a circle.
    ///
    /// # Errors
    /// [`ShareError`]; nothing has changed.
    pub fn leave(&mut self, now: Timestamp, circle: &CircleId) -> Result<(), ShareError> {
        self.act(now, circle, ShareError::UnknownCircle, |circle, step| circle.leave(step))
    }

    /// Removes somebody from a circle.
    ///
    /// # Errors
    /// [`RemoveError`]; nothing has changed.
    pub fn remove_member(
        &mut self,
        now: Timestamp,
        circle: &CircleId,
        member: &MemberId,
        reason: String,
    ) -> Result<(), RemoveError> {
        self.act(now, circle, RemoveError::UnknownCircle, |circle, step| {
            circle.remove_member(step, member, reason)
        })
    }

    /// The circles of this device.
    #[must_use]
    pub fn circles(&self, now: Timestamp) -> Vec<CircleOverview> {
        self.circles.values().filter_map(|circle| circle.overview(now)).collect()
    }

    /// One circle.
    #[must_use]
    pub fn circle(&self, now: Timestamp, circle: &CircleId) -> Option<CircleOverview> {
        self.circles.get(circle)?.overview(now)
    }

    /// Shows the timeline of a circle to `reader`.
    pub fn with_timeline<R>(
        &self,
        circle: &CircleId,
        reader: impl FnOnce(&Timeline<'_>) -> R,
    ) -> Option<R> {
        Some(self.circles.get(circle)?.with_timeline(reader))
    }

    /// Whether nothing of an item of this device waits to be sent.
    #[must_use]
    pub fn is_held(&self, circle: &CircleId, item: &ItemId) -> bool {
        self.circles.get(circle).is_some_and(|circle| circle.is_held(item))
    }

    /// Those who knock at a circle.
    #[must_use]
    pub fn lobby(&self, circle: &CircleId) -> Option<Vec<KnockOverview>> {
        Some(self.circles.get(circle)?.lobby())
    }

    /// The attempts of this device to join.
    #[must_use]
    pub fn joins(&self) -> Vec<JoinOverview> {
        self.joinings.values().map(Joining::overview).collect()
    }

    /// One attempt to join.
    #[must_use]
    pub fn join(&self, invite: &InviteId) -> Option<JoinOverview> {
        self.joinings.get(invite).map(Joining::overview)
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
        let mut step = Step::new(now, &mut self.random, &self.timings);
        let done = act(circle, &mut step);
        let outputs = step.into_outputs();
        self.outputs.extend(outputs);
        done
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
    let Some(circle) = circles.get_mut(id).filter(|circle| circle.is_active()) else {
        return vec![Verdict::Ignore(Redundant::ForeignTopic); envelopes.len()];
    };
    let entrance = circle.joined_by().and_then(|invite| joinings.get_mut(&invite));
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
    let WayIn { circle: id, device, member, entered } = way;
    if let Some(circle) = circles.get_mut(&id).filter(|circle| circle.key().id() == device.id()) {
        circle.come_again(step, entered);
        return;
    }
    let identity = Identity { key: device, member_key: member };
    let mut circle = Circle::begin(step, id, identity, Some(*invite), entered);
    circle.arrive(step);
    circles.insert(id, circle);
    step.tell(Event::CircleOpened { circle: id });
}

fn settings(new: &NewCircle) -> Result<Settings, CreateError> {
    let too_long = |field, limit| move |_| CreateError::TooLong { field, limit };
    let relays: Vec<RelayAddress> = new
        .relays
        .iter()
        .map(|relay| RelayAddress::new(relay).map_err(|_| CreateError::Relay))
        .collect::<Result<_, _>>()?;
    if relays.len() > MAX_RELAYS {
        return Err(CreateError::TooManyRelays);
    }
    Ok(Settings {
        suite: new.suite,
        title: Text::new(new.title.trim()).map_err(|_| too_long("title", MAX_TITLE_CHARS)(()))?,
        welcome: Text::new(new.welcome.as_str())
            .map_err(|_| too_long("welcome", MAX_CARD_TEXT_CHARS)(()))?,
        agreement: AgreementText::new(new.agreement.as_str())
            .map_err(|_| too_long("agreement", MAX_AGREEMENT)(()))?,
        declaration: new
            .declaration
            .as_deref()
            .map(Text::new)
            .transpose()
            .map_err(|_| too_long("declaration", MAX_CARD_TEXT_CHARS)(()))?,
        relays,
    })
}
