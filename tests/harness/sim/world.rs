//! The world: devices, relays, and what happens between them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use windbreak_protocol::content::Content;
use windbreak_protocol::id::{CircleId, DeviceId, EnvelopeId, ItemId, MemberId, StateId};
use windbreak_protocol::testing::{Generation, Insider, has_from_unknown};
use windbreak_protocol::{Event, Input, Output, Verdict};

use crate::sim::backups::Sent;
use crate::sim::device::Device;
use crate::sim::model::{HeadShown, Model};
use crate::sim::sea::{Carried, Happening, Queue, Relay};
use crate::sim::trace::Trace;
use crate::sim::{Attacker, Dice, Failure, Plan, Tally};

/// When a run begins: half past some hour.
const BEGIN: u64 = 1_800_001_800_000;
/// More happenings than any honest run of a small circle has, without comparisons, which come by the clock:
/// something goes round in circles.
const TOO_MANY: u64 = 2_000_000;
/// The same for each device of a large one: what one says comes to all.
const TOO_MANY_EACH: u64 = 250_000;
/// After so many happenings it is looked whether the time for a run is over.
const LOOK_UP: u64 = 64;

/// One run.
#[derive(Debug)]
pub struct Sim {
    /// The time, in milliseconds since the Unix epoch.
    pub now: u64,
    /// Everybody's device.
    pub devices: Vec<Device>,
    /// What is counted.
    pub tally: Tally,
    /// What is told.
    pub trace: Trace,
    pub(crate) relays: Vec<Relay>,
    pub(crate) queue: Queue,
    pub(crate) weather: Dice,
    pub(crate) plan: Plan,
    pub(crate) circle: Option<CircleId>,
    pub(crate) model: Model,
    pub(crate) invites: Vec<String>,
    /// On which side of a split each device is.
    pub(crate) sides: u32,
    pub(crate) split: bool,
    pub(crate) failure: Option<Failure>,
    pub(crate) step: usize,
    /// Which device is an insider's.
    pub(crate) insider: Option<usize>,
    /// The states the attacker made against the rules of its device.
    pub(crate) forged: BTreeSet<StateId>,
    pub(crate) attacker: Option<Box<dyn Attacker>>,
    /// What a device showed before it did something it may have died of.
    pub(crate) before_death: Option<HeadShown>,
    /// Every envelope there ever was, with what it was found to be.
    pub(super) pool: BTreeMap<EnvelopeId, Carried>,
    /// From which device each came first.
    pub(super) sent: BTreeMap<EnvelopeId, Sent>,
    pub(super) generations: BTreeMap<Generation, EnvelopeId>,
    happenings: u64,
    comparisons: u64,
    /// When it is stopped, whatever goes on.
    pub(super) until: Option<Instant>,
    /// Whether it was: what it comes to says nothing then.
    pub(super) stopped: bool,
}

impl Sim {
    /// The world of a plan, before anything has happened.
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        let count = plan.devices();
        let relays = plan.relays.max(1);
        Self {
            now: BEGIN,
            devices: (0..count).map(|n| Device::new(n, relays, plan.seed)).collect(),
            tally: Tally::default(),
            trace: Trace::default(),
            relays: (0..relays).map(|_| Relay::default()).collect(),
            queue: Queue::default(),
            weather: Dice::new(plan.seed, 2),
            circle: None,
            model: Model::default(),
            invites: Vec::new(),
            sides: 0,
            split: false,
            failure: None,
            step: 0,
            insider: None,
            forged: BTreeSet::new(),
            attacker: None,
            before_death: None,
            pool: BTreeMap::new(),
            sent: BTreeMap::new(),
            generations: BTreeMap::new(),
            happenings: 0,
            comparisons: 0,
            until: None,
            stopped: false,
            plan,
        }
    }

    /// When the run began.
    pub(super) fn began(&self) -> u64 {
        BEGIN
    }

    /// The circle, once it was made.
    #[must_use]
    pub fn circle(&self) -> Option<CircleId> {
        self.circle
    }

    /// Says what is wrong; only the first thing counts.
    pub(crate) fn fail(&mut self, rule: &'static str, detail: String) {
        let step = self.step;
        self.failure.get_or_insert(Failure { rule, detail, step });
    }

    /// Whether what happened so far is as it should be, and there is time to go on.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.failure.is_none() && !self.stopped
    }

    /// Lets `duration` milliseconds go by.
    pub fn run_for(&mut self, duration: u64) {
        let end = self.now + duration;
        while self.is_well() && self.queue.next_at().is_some_and(|at| at <= end) {
            self.happen();
        }
        self.now = end;
    }

    /// Lets the next thing happen.
    fn happen(&mut self) {
        self.happenings += 1;
        let looks = self.happenings.is_multiple_of(LOOK_UP);
        if looks && self.until.is_some_and(|until| Instant::now() >= until) {
            self.stopped = true;
            return;
        }
        let Some(at) = self.queue.next_at() else {
            return;
        };
        self.now = self.now.max(at);
        let Some(happening) = self.queue.pop() else {
            return;
        };
        self.comparisons += u64::from(matches!(happening, Happening::Compare { .. }));
        let too_many = TOO_MANY.max(TOO_MANY_EACH * self.devices.len() as u64);
        if self.happenings - self.comparisons > too_many {
            self.fail("it ends", "too many things happened".into());
        }
        let broken = |(device, relay, session)| !self.is_linked(device, relay, session);
        if happening.over().is_some_and(broken) {
            return;
        }
        match happening {
            Happening::Wake { device } => self.wake(device, at),
            Happening::Put { device, relay, venue, envelope, .. } => {
                self.put(device, relay, venue, &envelope);
            }
            Happening::Held { device, venue, id, .. } => {
                self.devices[device].unheld.remove(&id);
                self.feed(device, Input::Acknowledged { venue, envelope: id });
            }
            Happening::Live { device, venue, envelope, .. } => {
                self.deliver(device, venue, vec![envelope]);
            }
            Happening::Compare { device, relay, .. } => {
                self.devices[device].links[relay].comparing = false;
                self.compare(device, relay);
            }
            Happening::Fetched { device, venue, envelopes, .. } => {
                self.fetched(device, venue, envelopes);
            }
            Happening::Connect { device, relay } => self.connect(device, relay),
            Happening::Start { device } => self.switch_on(device),
            Happening::Knock { device, invite } => self.knock(device, &invite),
            Happening::Confirm { device } => self.confirm(device),
            Happening::Decide { device } => self.decide(device),
            Happening::Look { device } => self.look(device),
        }
    }

    /// Starts a device.
    pub(crate) fn switch_on(&mut self, device: usize) {
        if self.devices[device].engine.is_some() {
            return;
        }
        if let Err(error) = self.devices[device].start(self.now) {
            self.fail("a store can be read", format!("device {device}: {error}"));
            return;
        }
        self.obey(device);
        self.relink(device);
    }

    /// Stops a device.
    pub(crate) fn switch_off(&mut self, device: usize) {
        self.devices[device].stop();
        self.relink(device);
    }

    fn wake(&mut self, device: usize, at: u64) {
        if self.devices[device].wake != Some(at) {
            return;
        }
        self.devices[device].wake = None;
        let clock = self.devices[device].clock(self.now);
        if let Some(engine) = &mut self.devices[device].engine {
            engine.handle_timeout(clock);
        }
        self.obey(device);
    }

    /// Tells an engine of something.
    pub(super) fn feed(&mut self, device: usize, input: Input) -> Vec<Verdict> {
        let clock = self.devices[device].clock(self.now);
        let Some(engine) = &mut self.devices[device].engine else {
            return Vec::new();
        };
        let verdicts = engine.handle(clock, input);
        self.obey(device);
        verdicts
    }

    /// Obeys a device's engine in order, until it has nothing more or the device dies. Says whether
    /// it lives, and so did all it was asked for.
    pub(crate) fn obey(&mut self, device: usize) -> bool {
        loop {
            let here = &mut self.devices[device];
            let Some(output) = here.engine.as_mut().and_then(|engine| engine.poll_output()) else {
                break;
            };
            if let Some(fuse) = &mut here.fuse {
                if *fuse == 0 {
                    self.die(device);
                    return false;
                }
                *fuse -= 1;
            }
            match output {
                Output::Persist(batch) => self.devices[device].write(&batch),
                Output::Publish { venue, envelope } => {
                    self.publish(device, venue, Carried::new(envelope));
                }
                Output::TakeBack { envelope, .. } => {
                    self.devices[device].unheld.remove(&envelope);
                }
                Output::Reach(venue) => {
                    self.devices[device].refresh(venue);
                    self.relink(device);
                    for relay in 0..self.relays.len() {
                        self.devices[device].links[relay].compared = None;
                        self.arrange_comparison(device, relay, 200);
                    }
                }
                Output::Close(venue) => {
                    self.devices[device].venues.remove(&venue);
                    self.relink(device);
                }
                Output::Event(event) => self.hear(device, &event),
            }
        }
        self.arrange_wake(device);
        true
    }

    fn die(&mut self, device: usize) {
        self.tally.crashes += 1;
        self.switch_off(device);
        let pause = self.weather.between(200, 90_000);
        self.queue.add(self.now + pause, Happening::Start { device });
    }

    fn arrange_wake(&mut self, device: usize) {
        let here = &mut self.devices[device];
        let due = here.engine.as_ref().and_then(|engine| engine.poll_timeout());
        let Some(due) = due else {
            here.wake = None;
            return;
        };
        let at = due.as_millis().saturating_add_signed(-here.drift).max(self.now + 1);
        if here.wake != Some(at) {
            here.wake = Some(at);
            self.queue.add(at, Happening::Wake { device });
        }
    }

    fn hear(&mut self, device: usize, event: &Event) {
        self.tell_event(device, event);
        match event {
            Event::HeadMoved { circle } => {
                self.head_moved(device, circle);
                self.look_how_it_is_held(device);
                self.look_what_it_lets(device);
            }
            Event::ItemArrived { circle, item, own, .. } => {
                self.tally.written += u64::from(*own);
                self.model.newcomers.arrives(device, *item);
                self.recognise(device, circle, item);
                self.note_who_cannot_tell(device, item);
                if let Err(detail) = self.model.may_have(&self.devices[device], item) {
                    self.fail("nobody reads who may not", detail);
                }
            }
            Event::ItemHeld { item, .. } => self.model.has_left(item, self.now),
            Event::MemberAdded { member, .. } => {
                self.devices[device].met.insert(*member);
            }
            Event::ReportArrived { circle, report } => {
                self.hear_of_report(device, circle, report);
            }
            Event::CardArrived { invite } => {
                let pause = self.weather.between(1_000, 30_000);
                let knock = Happening::Knock { device, invite: *invite };
                self.queue.add(self.now + pause, knock);
            }
            Event::KnockArrived { .. } => {
                let pause = self.weather.between(5_000, 600_000);
                self.queue.add(self.now + pause, Happening::Look { device });
            }
            Event::DeviceAsked { .. } => {
                let pause = self.weather.between(5_000, 120_000);
                self.queue.add(self.now + pause, Happening::Confirm { device });
            }
            Event::CameBack { .. } => {
                self.tally.returns += 1;
                self.note_ids(device);
                self.devices[device].unaware = None;
                self.devices[device].handed.clear();
                if let Some(member) = self.devices[device].member {
                    self.model.came_back.insert(member, self.now);
                }
            }
            Event::Joined { circle, .. } | Event::CircleOpened { circle } => {
                let overview = self.devices[device].overview(self.now, circle);
                if let Some(overview) = overview {
                    if !self.model.was_in(&overview.me) {
                        self.note_owed(device, circle);
                    }
                    self.tally.devices_added += u64::from(self.is_further(device, &overview.me));
                    self.devices[device].member = Some(overview.me);
                    self.devices[device].met.extend(overview.members.iter().map(|m| m.id));
                    self.model.joined(device, overview.me);
                }
                self.note_ids(device);
                self.look_at_head(device, circle);
                self.model.begins_anew(device);
                self.look_how_it_is_held(device);
                self.look_what_it_lets(device);
            }
            _ => {}
        }
    }

    /// Whether a device that has come in is one more of somebody who is in already.
    fn is_further(&self, device: usize, member: &MemberId) -> bool {
        let joined = &self.model.joined;
        let is_in = |other: &usize| joined.get(other).is_some_and(|joined| joined.contains(member));
        !is_in(&device) && joined.keys().any(is_in)
    }

    /// Whoever does not know the state in which something was first said for those who come later, too, hands
    /// it to all of them (O-73).
    fn note_who_cannot_tell(&mut self, reader: usize, item: &ItemId) {
        let Some(circle) = self.circle.as_ref() else { return };
        let others = self.devices.iter().filter(|device| device.number != reader);
        let mut engines = others.filter_map(|device| device.engine.as_ref());
        if engines.any(|engine| has_from_unknown(engine, circle, item)) {
            self.model.handed_to_all(item);
        }
    }

    /// Notes the keys a device goes by.
    pub(super) fn note_ids(&mut self, device: usize) {
        let own = self.own_id(device);
        self.devices[device].ids.extend(own);
    }

    /// The key a device has in the circle.
    pub(super) fn own_id(&self, device: usize) -> Option<DeviceId> {
        let (engine, circle) = self.devices[device].engine.as_ref().zip(self.circle.as_ref())?;
        engine.devices(circle)?.iter().find(|own| own.this).map(|own| own.id)
    }

    /// An item nobody knows may be one that a copy said anew.
    fn recognise(&mut self, device: usize, circle: &CircleId, item: &ItemId) {
        if self.tally.restored + self.tally.copies == 0 || self.model.said(item).is_some() {
            return;
        }
        let engine = self.devices[device].engine.as_ref();
        let shown = engine.and_then(|engine| {
            engine.with_timeline(circle, |timeline| {
                let mut entries = timeline.entries().iter();
                let entry = entries.find(|entry| entry.id() == *item)?;
                timeline.content(entry).as_ref().map(text)
            })
        });
        if let Some(text) = shown.flatten() {
            self.model.shows(*item, &text);
        }
    }

    fn look_at_head(&mut self, device: usize, circle: &CircleId) {
        let clock = self.devices[device].clock(self.now);
        let Some(engine) = &mut self.devices[device].engine else {
            return;
        };
        if let Some(insider) = Insider::of(engine, circle, clock) {
            self.tally.watch.insert(device, insider.head());
        }
    }

    /// Counts how many states a head left behind when it moved.
    fn head_moved(&mut self, device: usize, circle: &CircleId) {
        let before = self.tally.watch.get(&device).copied().flatten();
        let clock = self.devices[device].clock(self.now);
        let Some(engine) = &mut self.devices[device].engine else {
            return;
        };
        let Some(insider) = Insider::of(engine, circle, clock) else {
            return;
        };
        let path: Vec<_> = insider.path().iter().map(|state| state.id).collect();
        let states = insider.states();
        let mut left = 0;
        let mut at = before;
        while let Some(id) = at.filter(|id| !path.contains(id)) {
            let state = states.iter().find(|state| state.id == id);
            left += u64::from(state.is_some());
            at = state.and_then(|state| state.parent);
        }
        self.tally.watch.insert(device, path.first().copied());
        if left > 0 && self.insider != Some(device) {
            self.tally.head_changes += 1;
            self.tally.deepest_fork = self.tally.deepest_fork.max(left);
            // Onto a branch that a commit of the attacker begins.
            let onto = path.iter().take_while(|id| at != Some(**id)).last();
            self.tally.moved += u64::from(onto.is_some_and(|id| self.forged.contains(id)));
        }
    }
}

/// What people said, of what was said.
pub(super) fn text(content: &Content) -> String {
    match content {
        Content::Share(share) => share.text.as_str().to_owned(),
        Content::Reply(reply) | Content::Advice(reply) => reply.text.as_str().to_owned(),
        _ => String::new(),
    }
}
