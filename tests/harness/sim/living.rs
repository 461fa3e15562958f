//! What people do to what was said, and what facilitators do to hold a circle; and what must hold of
//! it: what was taken back is shown by nobody who knows, and those who know the same show the same.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use windbreak_protocol::content::{Gist, Scope, WarmWord};
use windbreak_protocol::id::{CircleId, ItemId, MemberId};
use windbreak_protocol::ledger::FilesAllowed;
use windbreak_protocol::view::Marks;
use windbreak_protocol::{NewEdit, StewardAct, StewardError, Voice};

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
            self.propose_agreement(by, &circle, &format!("We agree on {text}."));
            return;
        }
        if how == Living::Attach {
            self.attach(by, &circle, text);
            return;
        }
        if self.hold(by, &circle, back, how) {
            return;
        }
        let Some((to, scope, author)) = self.said_at(by, back) else {
            return;
        };
        if self.hold_voices_files_and_reports(by, &circle, (&to, &author), how) {
            return;
        }
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
        self.model.newcomers.keeps_back(how, to, author, self.now);
        match how {
            Living::Withdraw => {
                self.model.taken_back.insert(act, to);
            }
            Living::Edit => {
                self.model.edited.insert(act, to);
                self.note(by, act, scope == Scope::LaterToo, text);
            }
            Living::Hide
            | Living::Unhide
            | Living::Mute
            | Living::Unmute
            | Living::Slow
            | Living::Unslow => {
                self.model.held.insert(act);
            }
            _ => {}
        }
    }

    /// Who only listens, which files may be sent, and what is reported; `false` if it is none of these.
    fn hold_voices_files_and_reports(
        &mut self,
        by: usize,
        circle: &CircleId,
        (to, author): (&ItemId, &MemberId),
        how: Living,
    ) -> bool {
        let done = match how {
            Living::Listen | Living::Speak => {
                let voice = match how {
                    Living::Listen => Voice::Listens { reason: "As agreed.".into() },
                    _ => Voice::Speaks,
                };
                let done =
                    self.by(by, |engine, clock| engine.set_voice(clock, circle, author, voice));
                if done.is_some() {
                    self.model.newcomers.keeps_back(how, *to, *author, self.now);
                }
                done
            }
            Living::Files => {
                self.by(by, |engine, clock| engine.set_files(clock, circle, FilesAllowed::Any))
            }
            Living::NoFiles => {
                self.by(by, |engine, clock| engine.set_files(clock, circle, FilesAllowed::None))
            }
            Living::Report => self.report(by, circle, (to, author)).map(drop),
            Living::Advise => {
                let words = "Rest before you decide.".to_owned();
                let said = self.by(by, |engine, clock| {
                    engine.advise(clock, circle, to, words, Scope::HereNow)
                });
                said.map(drop)
            }
            Living::Allow | Living::Disallow => {
                let on = how == Living::Allow;
                let done = self.by(by, |engine, clock| engine.allow_advice(clock, circle, to, on));
                let asker = self.devices.get(by).and_then(|device| device.member);
                if let Some(asker) = asker.filter(|_| on && done.is_some()) {
                    self.model.let_through.insert((*to, asker));
                }
                done.map(drop)
            }
            Living::Answer => self.answer_report(by, circle),
            Living::Appeal => self.appeal(by, circle),
            _ => return false,
        };
        self.tally.lived += u64::from(done.is_some());
        true
    }

    /// Whether no report is for whoever it is about.
    pub(super) fn passes_reported_by(&self, device: usize) -> bool {
        let reports = || {
            let engine = self.devices.get(device)?.engine.as_ref()?;
            let (circle, me) = (self.circle?, self.devices[device].member?);
            let reports = engine.reports(&circle)?;
            Some(reports.iter().all(|report| !report.to_answer || report.author != me))
        };
        reports().unwrap_or(true)
    }

    /// What a device shows at a place, counted from the newest; who may read it, and who said it.
    pub(super) fn said_at(&self, by: usize, back: usize) -> Option<(ItemId, Scope, MemberId)> {
        let engine = self.devices.get(by)?.engine.as_ref()?;
        engine.with_timeline(&self.circle?, |timeline| {
            let said = timeline.entries().iter().rev().filter(|entry| entry.gist().is_words());
            said.map(|entry| (entry.id(), entry.scope(), entry.author())).nth(back)
        })?
    }

    /// The share, shown or not, that each advice a device shows is for.
    pub(super) fn roots(&self, device: usize) -> Option<BTreeMap<ItemId, ItemId>> {
        let engine = self.devices[device].engine.as_ref()?;
        engine.with_timeline(&self.circle?, |timeline| {
            let advice = timeline.entries().iter();
            let advice = advice.filter(|entry| matches!(entry.gist(), Gist::Advice(_)));
            advice.map(|entry| (entry.id(), entry.place().root)).collect()
        })
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
