//! What people do to what was said, and what facilitators do to hold a circle; and what must hold of
//! it: what was taken back is shown by nobody who knows, and those who know the same show the same.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use windbreak_protocol::content::{Scope, WarmWord};
use windbreak_protocol::id::{ItemId, MemberId};
use windbreak_protocol::view::Marks;
use windbreak_protocol::{NewEdit, StewardAct, StewardError};

use crate::sim::{Living, Sim};

/// Places with what acts made of each, and the acts about each.
pub(super) type Places = (BTreeMap<ItemId, Marks>, BTreeMap<ItemId, BTreeSet<ItemId>>);

impl Sim {
    /// Somebody does something to what was said, or to hold the circle.
    pub(super) fn live(&mut self, by: usize, back: usize, how: Living) {
        let Some(circle) = self.circle else { return };
        self.accept_agreement(by);
        let text = format!("words {} of device {by}", self.step);
        if how == Living::Agree {
            let text = format!("We agree on {text}.");
            let proposed =
                self.by(by, |engine, clock| engine.propose_agreement(clock, &circle, &text));
            if proposed.is_some() {
                self.tally.lived += 1;
                self.ask_everybody();
            }
            return;
        }
        let Some((to, scope, author)) = self.said_at(by, back) else {
            return;
        };
        self.before_death = self.head_shown(by);
        let words = text.clone();
        let done = self.by(by, |engine, clock| {
            let mute = |until| StewardAct::Mute { member: author, until };
            let mut steward = |act| engine.steward(clock, &circle, act, "As agreed.");
            match how {
                Living::Hide => return steward(StewardAct::Hide { item: to, on: true }),
                Living::Unhide => return steward(StewardAct::Hide { item: to, on: false }),
                Living::Mute => return steward(mute(Some(clock.after(Duration::from_secs(3600))))),
                Living::Unmute => return steward(mute(None)),
                Living::Slow => return steward(StewardAct::SlowMode { minutes: 10 }),
                Living::Unslow => return steward(StewardAct::SlowMode { minutes: 0 }),
                _ => {}
            }
            let done = match how {
                Living::Withdraw => engine.withdraw(clock, &circle, &to),
                Living::Edit => {
                    let edit = NewEdit { content_note: None, title: None, text: words };
                    engine.edit(clock, &circle, &to, edit)
                }
                Living::React => engine.react(clock, &circle, &to, Some(WarmWord::HEARD)),
                Living::Unreact => engine.react(clock, &circle, &to, None),
                how => engine.pin(clock, &circle, &to, how == Living::Pin),
            };
            done.map_err(StewardError::Act)
        });
        let Some(act) = done else { return };
        self.tally.lived += 1;
        match how {
            Living::Withdraw => {
                self.model.taken_back.insert(act, to);
            }
            Living::Edit => {
                self.model.edited.insert(act, to);
                self.note(by, act, scope == Scope::LaterToo, text);
            }
            _ => {}
        }
    }

    /// What a device shows at a place, counted from the newest; who may read it, and who said it.
    fn said_at(&self, by: usize, back: usize) -> Option<(ItemId, Scope, MemberId)> {
        let engine = self.devices.get(by)?.engine.as_ref()?;
        engine.with_timeline(&self.circle?, |timeline| {
            let said = timeline.entries().iter().rev().filter(|entry| entry.gist().is_words());
            said.map(|entry| (entry.id(), entry.scope(), entry.author())).nth(back)
        })?
    }

    /// What a device has a place for.
    pub(super) fn places(&self, device: usize) -> Option<Places> {
        let device = &self.devices[device];
        let clock = device.clock(self.now);
        device.engine.as_ref()?.with_timeline_at(clock, &self.circle?, |timeline| {
            let (mut places, mut acts) = Places::default();
            for entry in timeline.entries() {
                let marks = timeline.marks(entry).cloned().unwrap_or_default();
                places.insert(entry.id(), marks);
                if let Some(to) = entry.gist().answers().filter(|_| entry.gist().is_act()) {
                    acts.entry(*to).or_insert_with(BTreeSet::new).insert(entry.id());
                }
            }
            (places, acts)
        })
    }
}
