//! What happened in a run, line by line: for whoever looks for the cause of a failure.

use std::collections::BTreeMap;

use windbreak_protocol::id::{EnvelopeId, StateId};
use windbreak_protocol::testing::Insider;
use windbreak_protocol::{Event, Redundant, Verdict, testing};

use crate::sim::Sim;
use crate::sim::sea::Carried;

/// The lines of a run that is told, and none of one that is not.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    lines: Option<Vec<String>>,
}

impl Trace {
    /// One that is told.
    #[must_use]
    pub fn told() -> Self {
        Self { lines: Some(Vec::new()) }
    }

    /// What was told.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        self.lines.as_deref().unwrap_or_default()
    }
}

impl Sim {
    /// Tells something, if this run is told.
    pub(super) fn tell(&mut self, what: impl FnOnce(&mut Self) -> String) {
        if self.trace.lines.is_none() {
            return;
        }
        let seconds = (self.now - self.began()) / 1000;
        let line = format!("{seconds:>8} {}", what(self));
        self.trace.lines.get_or_insert_default().push(line);
    }

    pub(super) fn tell_event(&mut self, device: usize, event: &Event) {
        self.tell(|sim| {
            let detail = match event {
                Event::HeadMoved { .. } => format!("HeadMoved {}", sim.way_of(device)),
                Event::ItemArrived { item, .. } | Event::ItemHeld { item, .. } => {
                    let how = if matches!(event, Event::ItemHeld { .. }) { "held" } else { "has" };
                    let said = sim.model.said(item).map(|said| said.text.clone());
                    format!("{how} {} {:?}", short(item.as_bytes()), said.unwrap_or_default())
                }
                other => format!("{other:?}"),
            };
            format!("device {device} {detail}")
        });
    }

    /// Tells what a device made of an envelope, if it did not simply take it.
    pub(super) fn tell_verdict(&mut self, device: usize, id: &EnvelopeId, verdict: Verdict) {
        if !matches!(verdict, Verdict::Accept | Verdict::Ignore(Redundant::Duplicate)) {
            self.tell(|_| format!("device {device} {} {verdict:?}", short(id.as_bytes())));
        }
    }

    pub(super) fn tell_published(&mut self, device: usize, envelope: &Carried) {
        self.tell(|sim| {
            let engine = sim.devices[device].engine.as_ref().zip(sim.circle);
            let purpose = engine.and_then(|(e, circle)| testing::purpose(e, &circle, envelope));
            let seal = engine.and_then(|(e, circle)| testing::generation(e, &circle, envelope));
            let seal = seal.map(|seal| format!("{seal:?}")).unwrap_or_default();
            let id = envelope.id();
            format!("device {device} sends {} {purpose:?} {seal}", short(id.as_bytes()))
        });
    }

    /// The path of a device's head, newest first.
    fn way_of(&mut self, device: usize) -> String {
        let clock = self.devices[device].clock(self.now);
        let Some((engine, circle)) = self.devices[device].engine.as_mut().zip(self.circle) else {
            return String::new();
        };
        let Some(insider) = Insider::of(engine, &circle, clock) else {
            return String::new();
        };
        let name = |state: &testing::Kept| {
            let keys = if state.keys { "" } else { "-" };
            format!("{}.{}l{}{keys}", state.epoch, short(state.id.as_bytes()), state.leaf)
        };
        let path = insider.path();
        let way: Vec<String> = path.iter().take(6).map(name).collect();
        let on_path = |id: &StateId| path.iter().any(|state| state.id == *id);
        let beside = insider.states();
        let beside: Vec<String> =
            beside.iter().filter(|state| !on_path(&state.id)).map(name).collect();
        format!("{} beside [{}]", way.join(" < "), beside.join(", "))
    }

    /// Where everybody stands, and what each shows.
    pub(super) fn tell_all(&mut self) {
        for device in 0..self.devices.len() {
            self.tell(|sim| sim.stand_of(device));
        }
        let said: Vec<String> =
            self.model.said.iter().map(|(id, said)| {
                let texts = (0..self.devices.len()).filter(|device| {
                    self.texts(*device).is_some_and(|texts| texts.contains(&said.text))
                });
                let shown: Vec<usize> = texts.collect();
                let has = (0..self.devices.len()).filter(|device| {
                    self.places(*device).is_some_and(|(places, _)| places.contains_key(id))
                });
                let has: Vec<usize> = has.collect();
                let meant = (0..self.devices.len()).filter(|device| {
                    let member = self.devices[*device].member;
                    member.is_some_and(|member| said.is_for(&member, &self.devices[*device]))
                });
                let meant: Vec<usize> = meant.collect();
                let (later, text) = (said.later, &said.text);
                let (forgotten, clashes) = (said.forgotten, said.clashes);
                format!(
                    "{} {text:?} later {later} shown {shown:?} has {has:?} meant {meant:?} left {:?} forgotten {forgotten} clashes {clashes}",
                    short(id.as_bytes()), said.left.map(|left| (left - self.began()) / 1000),
                )
            }).collect();
        for line in said {
            self.tell(|_| line);
        }
    }

    fn stand_of(&mut self, device: usize) -> String {
        let way = self.way_of(device);
        let Some(overview) = self.circle.and_then(|c| self.devices[device].overview(self.now, &c))
        else {
            return format!("device {device} is nowhere");
        };
        let who: BTreeMap<_, usize> =
            self.devices.iter().rev().filter_map(|d| Some((d.member?, d.number))).collect();
        let members: Vec<String> = overview
            .members
            .iter()
            .map(|m| {
                let number = who.get(&m.id).map_or("?".into(), usize::to_string);
                format!("{number}{:?}x{}", m.role, m.devices)
            })
            .collect();
        let (standing, outbox) = (overview.standing, overview.outbox);
        let (changes, waiting) = (overview.pending_changes, overview.waiting);
        let back = overview.coming_back;
        format!(
            "device {device} {standing:?} way {way} members {members:?} outbox {outbox} wants {changes} waiting {waiting} coming back {back}"
        )
    }
}

fn short(id: &[u8]) -> String {
    id.iter().take(2).map(|byte| format!("{byte:02x}")).collect()
}
