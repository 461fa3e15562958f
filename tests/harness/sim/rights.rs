//! What must hold of rights, after every step: nothing that somebody had no right to shows anywhere,
//! what facilitators hold back is read by nobody else, and whoever has the same items at the same
//! head shows the same. Worked out from the order and the kinds of what a device shows, without the
//! marks it makes of them.

use std::collections::{BTreeMap, BTreeSet};

use windbreak_protocol::content::{Ask, Content, Gist, StewardReason};
use windbreak_protocol::id::{ItemId, MemberId, StateId};
use windbreak_protocol::ledger::{KeepDays, Role};
use windbreak_protocol::testing::Insider;
use windbreak_protocol::time::Timestamp;
use windbreak_protocol::view::{Entry, Marks, Timeline};
use windbreak_protocol::{Deed, DeedKind};

use crate::sim::Sim;
use crate::sim::model::Model;

/// How something that its author had no right to would show.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Wrong {
    /// It is kept, and counts for nothing.
    Counts,
    /// It is taken in by nobody, until a state lets it.
    Arrives {
        /// Where it says it was first sealed.
        named: StateId,
        /// Whether it is a file, or part of one.
        file: bool,
    },
}

/// What a device shows.
struct Shown {
    device: usize,
    head: StateId,
    clock: Timestamp,
    entries: Vec<ItemId>,
    in_right: BTreeSet<ItemId>,
    marks: BTreeMap<ItemId, Marks>,
    /// The acts of the steward log, whether each counts, and why it was done.
    log: Vec<(ItemId, bool, Option<String>)>,
    slow: Option<(u16, ItemId)>,
    /// Who was removed by whom, and why.
    removals: Vec<(MemberId, MemberId, String)>,
    /// What else commits did to the circle, and who; in no order.
    deeds: Vec<String>,
    /// How long words are kept, and who holds the circle with which declaration.
    keep: Option<KeepDays>,
    roles: Vec<(MemberId, Role, Option<String>)>,
}

/// Who looks.
struct Reader<'a> {
    me: MemberId,
    facilitators: BTreeSet<MemberId>,
    clock: Timestamp,
    /// Whether it has been there from the beginning, with keys of its own.
    whole: bool,
    /// What nobody may have taken in here.
    unspoken: BTreeSet<ItemId>,
    model: &'a Model,
}

impl Sim {
    /// What holds of rights; at rest, those who have the same head also found the same acts right.
    pub(super) fn check_rights(&mut self, at_rest: bool) {
        if !self.is_well() {
            return;
        }
        self.note_whether_the_attacker_holds();
        if let Err(detail) = self.no_wrong_state() {
            self.fail("no change without the right", detail);
        }
        let mut shown = Vec::new();
        let insider = self.insider;
        for device in (0..self.devices.len()).filter(|device| insider != Some(*device)) {
            match self.shown(device) {
                Some(Ok(view)) => shown.push(view),
                Some(Err(detail)) => {
                    self.fail("no act without the right", format!("device {device}: {detail}"));
                }
                None => {}
            }
        }
        for (at, one) in shown.iter().enumerate() {
            for other in &shown[at + 1..] {
                let settled = at_rest && self.is_whole(one.device) && self.is_whole(other.device);
                if let Err(detail) = same(one, other, settled) {
                    let (one, other) = (one.device, other.device);
                    self.fail("one view", format!("devices {one} and {other}: {detail}"));
                }
            }
        }
    }

    /// Whether it has been there from the beginning, with the same keys.
    fn is_whole(&self, device: usize) -> bool {
        let once = self.model.joined.get(&device).is_some_and(|joined| joined.len() == 1);
        let here = &self.devices[device];
        device < self.plan.members && once && here.ids.len() == 1 && !here.is_old()
    }

    fn note_whether_the_attacker_holds(&mut self) {
        let (Some(circle), Some(insider)) = (self.circle, self.insider) else {
            return;
        };
        let Some(member) = self.devices[insider].member else { return };
        for device in 0..self.devices.len() {
            let overview = self.devices[device].overview(self.now, &circle);
            let members = overview.map(|overview| overview.members).unwrap_or_default();
            let holds = |m: &windbreak_protocol::MemberOverview| {
                m.id == member && m.role == Role::Facilitator
            };
            self.model.attacker_holds |= members.iter().any(holds);
        }
    }

    fn no_wrong_state(&mut self) -> Result<(), String> {
        let Some(circle) = self.circle.filter(|_| !self.model.wrong_states.is_empty()) else {
            return Ok(());
        };
        for device in (0..self.devices.len()).filter(|device| self.insider != Some(*device)) {
            let clock = self.devices[device].clock(self.now);
            let Some(engine) = &mut self.devices[device].engine else { continue };
            let insider = Insider::of(engine, &circle, clock);
            let states = insider.map(|insider| insider.states()).unwrap_or_default();
            // Of a state without keys it has only heard, as of a header that came with a Welcome.
            let wrong = &self.model.wrong_states;
            if states.iter().any(|state| state.keys && wrong.contains(&state.id)) {
                return Err(format!("device {device} keeps a state no rule allows"));
            }
        }
        Ok(())
    }

    fn shown(&mut self, device: usize) -> Option<Result<Shown, String>> {
        let unspoken = self.unspoken_for(device);
        let circle = self.circle?;
        let overview = self.devices[device].overview(self.now, &circle)?;
        let engine = self.devices[device].engine.as_ref()?;
        let clock = self.devices[device].clock(self.now);
        let holding = overview.members.iter().filter(|m| m.role == Role::Facilitator);
        let reader = Reader {
            me: overview.me,
            facilitators: holding.map(|member| member.id).collect(),
            clock,
            whole: self.is_whole(device),
            unspoken,
            model: &self.model,
        };
        let removals = engine.removals(&circle).into_iter();
        let removals = removals.map(|gone| (gone.by, gone.member, gone.reason)).collect();
        let mut deeds: Vec<String> = engine.deeds(&circle).iter().map(told).collect();
        deeds.sort_unstable();
        let roles =
            overview.members.iter().map(|m| (m.id, m.role, m.declaration.clone())).collect();
        engine.with_timeline_at(clock, &circle, |timeline| {
            reader.look(timeline)?;
            let entries = timeline.entries();
            let log = timeline.steward_log().map(|entry| {
                (entry.id(), timeline.is_in_right(entry), timeline.reason_of(&entry.id()))
            });
            let right = entries.iter().filter(|entry| timeline.is_in_right(entry));
            let marks = entries.iter().filter_map(|e| Some((e.id(), timeline.marks(e)?.clone())));
            Ok(Shown {
                device,
                head: overview.head,
                clock,
                entries: entries.iter().map(Entry::id).collect(),
                in_right: right.map(Entry::id).collect(),
                marks: marks.collect(),
                log: log.collect(),
                slow: timeline.stewardship().slow,
                removals,
                deeds,
                keep: overview.keep,
                roles,
            })
        })
    }
}

impl Reader<'_> {
    fn look(&self, timeline: &Timeline<'_>) -> Result<(), String> {
        self.nothing_wrong(timeline)?;
        let acts = Acts::of(timeline, self);
        for entry in timeline.entries().iter().filter(|entry| entry.gist().is_words()) {
            self.marked_as_done(timeline, entry, &acts)?;
            self.reads_what_it_may(timeline, entry, &acts)?;
        }
        let slow = timeline.stewardship().slow;
        if slow.map(|(minutes, _)| minutes) != acts.slow.map(|(minutes, _)| minutes) {
            return Err(format!("slow mode is {slow:?} and was set to {:?}", acts.slow));
        }
        Ok(())
    }

    /// Nothing the attacker had no right to counts, and what facilitators did does.
    fn nothing_wrong(&self, timeline: &Timeline<'_>) -> Result<(), String> {
        let counts: BTreeSet<ItemId> = timeline
            .entries()
            .iter()
            .filter_map(|entry| timeline.marks(entry))
            .flat_map(|marks| {
                let acts = marks.edits.iter().chain(&marks.file);
                acts.chain(&marks.hidden).chain(&marks.muted).copied().collect::<Vec<_>>()
            })
            .chain(timeline.stewardship().slow.map(|(_, act)| act))
            .chain(timeline.stewardship().muted.values().map(|(_, act)| *act))
            .collect();
        for entry in timeline.entries() {
            let id = entry.id();
            let right = timeline.is_in_right(entry);
            let wrong = self.model.wrongs.contains(&id) && !self.model.attacker_holds;
            if wrong && (right || counts.contains(&id)) {
                return Err(format!("{:?} counts, without the right", entry.gist()));
            }
            if self.whole && self.unspoken.contains(&id) {
                return Err(format!("{:?} has arrived, without the right", entry.gist()));
            }
            if self.whole && self.model.held.contains(&id) && !right {
                return Err(format!("{:?} of a facilitator does not count", entry.gist()));
            }
        }
        Ok(())
    }

    /// What an entry is marked with is what those who may did last.
    fn marked_as_done(
        &self,
        timeline: &Timeline<'_>,
        entry: &Entry<'_>,
        acts: &Acts,
    ) -> Result<(), String> {
        let id = entry.id();
        let marks = timeline.marks(entry).cloned().unwrap_or_default();
        if marks.withdrawn {
            let taken_back = self.model.taken_back.values().any(|to| *to == id);
            let known = self.model.said.contains_key(&id);
            return if taken_back || !known {
                Ok(())
            } else {
                Err(format!("{id:?} is taken back, and not by its author"))
            };
        }
        if marks.expired {
            return Ok(());
        }
        if marks.muted.is_some() && self.facilitators.contains(&entry.author()) {
            return Err(format!("{id:?} of a facilitator is held back by a mute"));
        }
        let is = |acts: &BTreeMap<ItemId, bool>, id| acts.get(id).copied().unwrap_or(false);
        if marks.pinned != is(&acts.pinned, &id) {
            return Err(format!("{id:?}: pinned is {}, against who may", marks.pinned));
        }
        if marks.hidden.is_some() != is(&acts.hidden, &id) {
            return Err(format!("{id:?}: hidden is {:?}, against who may", marks.hidden));
        }
        if matches!(entry.gist(), Gist::Share(_)) && marks.advice_allowed != is(&acts.allowed, &id)
        {
            return Err(format!("{id:?}: advice is let through, against who asked"));
        }
        if matches!(entry.gist(), Gist::Advice(_)) {
            let root = entry.place().root;
            let share = acts.authors.get(&root);
            let unasked = !acts.wants_ideas.contains(&root) && share != Some(&entry.author());
            let allowed = acts.allowed.get(&id).or_else(|| acts.allowed.get(&root));
            let held_back = unasked && !allowed.copied().unwrap_or(false);
            if held_back != marks.held_back {
                return Err(format!("{id:?}: advice held back is {}", marks.held_back));
            }
        }
        Ok(())
    }

    /// Its words are read by whom they are for, and say what their author said.
    fn reads_what_it_may(
        &self,
        timeline: &Timeline<'_>,
        entry: &Entry<'_>,
        acts: &Acts,
    ) -> Result<(), String> {
        let id = entry.id();
        let shown = timeline.content(entry);
        let own = entry.author() == self.me;
        let holds = self.facilitators.contains(&self.me);
        let hidden = acts.hidden.get(&id).copied().unwrap_or(false);
        let silent = timeline.marks(entry).is_some_and(|marks| {
            marks.withdrawn
                || marks.expired
                || marks.hidden.is_some()
                || marks.muted.is_some()
                || marks.shown_from.is_some()
                || marks.held_back
        });
        let Some(shown) = shown else {
            // Whoever wrote it and those who hold the circle read what is only held back.
            return if silent { Ok(()) } else { Err(format!("{id:?} has lost its words")) };
        };
        if !own && !holds && hidden {
            return Err(format!("{id:?} is hidden, and read"));
        }
        if !own && !holds && self.whole && acts.muted.contains_key(&id) {
            return Err(format!("{id:?} was said by somebody muted, and is read"));
        }
        if !own && self.whole && acts.waiting.contains(&id) {
            return Err(format!("{id:?} waits in slow mode, and is read"));
        }
        if !own && timeline.marks(entry).is_some_and(|marks| marks.held_back) {
            return Err(format!("{id:?} is advice that is held back, and read"));
        }
        self.was_let_through(entry)?;
        if let Some(said) = self.model.said.get(&id) {
            let edits = self.model.edited.iter().filter(|(_, of)| **of == id);
            let edits = edits.filter_map(|(act, _)| self.model.said.get(act));
            let text = words(&shown);
            if !edits.chain([said]).any(|said| said.text == text) {
                return Err(format!("{id:?} shows {text:?}, which its author never said"));
            }
        }
        Ok(())
    }
}

impl Reader<'_> {
    /// Advice in somebody's own words is read where ideas were asked for, or once whoever asked only to
    /// be heard has let it through, as people did it.
    fn was_let_through(&self, entry: &Entry<'_>) -> Result<(), String> {
        let id = entry.id();
        let Some(share) = self.model.advice.get(&id) else { return Ok(()) };
        let Some((ask, asker)) = self.model.asked.get(share) else { return Ok(()) };
        let through = |to: &ItemId| self.model.let_through.contains(&(*to, *asker));
        let own = entry.author() == self.me || entry.author() == *asker;
        if own || *ask != Ask::JustListening || through(&id) || through(share) {
            return Ok(());
        }
        Err(format!("{id:?} is advice that {asker:?} let nobody show, and is read"))
    }
}

/// What a commit did to the circle, to whom, why, and by whom.
fn told(deed: &Deed) -> String {
    let (member, reason) = match &deed.kind {
        DeedKind::Listen { member, reason } => (Some(member), reason.as_ref()),
        DeedKind::Keep { reason, .. } => (None, reason.as_ref()),
        DeedKind::Speak(member)
        | DeedKind::Promote(member)
        | DeedKind::Demote(member)
        | DeedKind::Succeed(member) => (Some(member), None),
        DeedKind::StepDown | DeedKind::Files(_) | DeedKind::Adopt(_) | DeedKind::Declare(_) => {
            (None, None)
        }
    };
    let (member, reason) = (member.map(MemberId::to_text), reason.map(StewardReason::as_str));
    format!("{:?} {member:?} {reason:?} by {}", deed.kind, deed.by.to_text())
}

/// What acts make of what is shown, worked out from their order alone.
#[derive(Default)]
struct Acts {
    authors: BTreeMap<ItemId, MemberId>,
    /// All but shares that ask for just listening.
    wants_ideas: BTreeSet<ItemId>,
    pinned: BTreeMap<ItemId, bool>,
    hidden: BTreeMap<ItemId, bool>,
    allowed: BTreeMap<ItemId, bool>,
    /// Surely said by somebody muted: by whom, and in which of their mutes.
    muted: BTreeMap<ItemId, (MemberId, usize)>,
    /// Surely shared too soon for now.
    waiting: BTreeSet<ItemId>,
    slow: Option<(u16, ItemId)>,
}

/// What a mute or a slow mode says, by which whoever repeats it is known.
type Held = (MemberId, Option<MemberId>, Option<Timestamp>, u16);

impl Acts {
    fn of(timeline: &Timeline<'_>, reader: &Reader<'_>) -> Self {
        let mut acts = Self::default();
        let right = |entry: &&Entry<'_>| timeline.is_in_right(entry);
        let first = timeline.entries().iter().filter(right).filter_map(held);
        let first: BTreeSet<Held> = first.filter(|(_, again)| !again).map(|(h, _)| h).collect();
        // Until when, and the how manieth: those that run on one another are one.
        let mut mutes: BTreeMap<MemberId, (Timestamp, usize)> = BTreeMap::new();
        let mut roots: BTreeMap<ItemId, ItemId> = BTreeMap::new();
        let mut latest: BTreeMap<MemberId, Timestamp> = BTreeMap::new();
        for entry in timeline.talk() {
            acts.authors.insert(entry.id(), entry.author());
            roots.insert(entry.id(), entry.place().root);
            if !matches!(entry.gist(), Gist::Share(Ask::JustListening)) {
                acts.wants_ideas.insert(entry.id());
            }
        }
        for entry in timeline.entries() {
            let (id, by, written) = (entry.id(), entry.author(), entry.written());
            let counts = timeline.is_in_right(entry);
            if held(entry).is_some_and(|(held, again)| again && first.contains(&held)) {
                continue;
            }
            let may_be_muted = !reader.facilitators.contains(&by);
            let mute = mutes.get(&by).filter(|(until, _)| may_be_muted && written < *until);
            let muted = mute.is_some();
            if let Some((_, mute)) = mute.filter(|_| entry.gist().is_words()) {
                acts.muted.insert(id, (by, *mute));
            }
            match entry.gist() {
                // What somebody muted says has no turn.
                Gist::Share(_) if !muted => {
                    let slow = acts.slow.map_or(0, |(minutes, _)| u64::from(minutes));
                    let due = latest.get(&by).map(|at| at.after(minutes(slow)));
                    if slow > 0 && due.is_some_and(|due| written < due && reader.clock < due) {
                        acts.waiting.insert(id);
                    }
                    latest.insert(by, written);
                }
                Gist::Pin(to, on) if reader.facilitators.contains(&by) => {
                    acts.pinned.insert(*to, *on);
                }
                Gist::Allow(to, on) => {
                    let asked = roots.get(to).and_then(|root| acts.authors.get(root));
                    if asked == Some(&by) {
                        acts.allowed.insert(*to, *on);
                    }
                }
                Gist::Hide(to, on) if counts => {
                    acts.hidden.insert(*to, *on);
                }
                Gist::Mute(member, until, _) if counts => {
                    // Taken back, it held nothing back; where none ran, none before did.
                    let (ends, number) = mutes.get(member).copied().unwrap_or_default();
                    let runs = written < ends;
                    let next = if runs { number } else { number + 1 };
                    match until {
                        Some(until) => drop(mutes.insert(*member, (*until, next))),
                        None => {
                            mutes.insert(*member, (Timestamp::default(), number + 1));
                            acts.muted
                                .retain(|_, (of, mute)| of != member || runs && *mute != number);
                        }
                    }
                }
                Gist::SlowMode(minutes, _) if counts => {
                    acts.slow = (*minutes > 0).then_some((*minutes, id));
                    if acts.slow.is_none() {
                        acts.waiting.clear();
                    }
                }
                _ => {}
            }
        }
        acts
    }
}

/// Whether two devices show the same, as far as they must.
fn same(one: &Shown, other: &Shown, settled: bool) -> Result<(), String> {
    if one.head != other.head {
        return Ok(());
    }
    if settled {
        let both: BTreeSet<&ItemId> = one.entries.iter().collect();
        let both = other.entries.iter().filter(|id| both.contains(id));
        let differ =
            both.clone().find(|id| one.in_right.contains(id) != other.in_right.contains(id));
        if let Some(act) = differ {
            return Err(format!("{act:?} counts for one of them alone"));
        }
        if one.removals != other.removals {
            return Err(format!("removals {:?} and {:?}", one.removals, other.removals));
        }
        if one.deeds != other.deeds {
            return Err(format!("deeds {:?} and {:?}", one.deeds, other.deeds));
        }
    }
    if (one.keep, &one.roles) != (other.keep, &other.roles) {
        return Err(format!(
            "kept {:?} by {:?}, and {:?} by {:?}",
            one.keep, one.roles, other.keep, other.roles
        ));
    }
    if one.entries != other.entries || one.in_right != other.in_right {
        return Ok(());
    }
    if one.log != other.log {
        return Err(format!("steward logs {:?} and {:?}", one.log, other.log));
    }
    if one.slow != other.slow {
        return Err(format!("slow modes {:?} and {:?}", one.slow, other.slow));
    }
    for id in &one.entries {
        let of = |shown: &Shown| shown.marks.get(id).cloned().unwrap_or_default();
        let (mut left, mut right) = (of(one), of(other));
        if left.expired || right.expired {
            continue;
        }
        if one.clock != other.clock {
            // These go by the reader's clock.
            for marks in [&mut left, &mut right] {
                (marks.muted, marks.shown_from) = (None, None);
            }
        }
        if left != right {
            return Err(format!("{id:?} is shown as {left:?} and {right:?}"));
        }
    }
    Ok(())
}

fn held(entry: &Entry<'_>) -> Option<(Held, bool)> {
    match entry.gist() {
        Gist::Mute(member, until, again) => {
            Some(((entry.author(), Some(*member), *until, 0), *again))
        }
        Gist::SlowMode(minutes, again) => Some(((entry.author(), None, None, *minutes), *again)),
        _ => None,
    }
}

fn minutes(minutes: u64) -> std::time::Duration {
    std::time::Duration::from_secs(60 * minutes)
}

fn words(content: &Content) -> String {
    match content {
        Content::Share(share) => share.text.as_str().to_owned(),
        Content::Reply(reply) | Content::Advice(reply) => reply.text.as_str().to_owned(),
        _ => String::new(),
    }
}
