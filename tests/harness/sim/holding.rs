//! What people ask for, how long words are kept, what facilitators declare, whom somebody blocks, and
//! who holds a circle in which nobody answers: what people do, and what must hold of it.

use std::collections::BTreeSet;

use windbreak_protocol::content::{Ask, Scope};
use windbreak_protocol::id::{CircleId, ItemId, MemberId};
use windbreak_protocol::ledger::{KeepDays, Role};
use windbreak_protocol::view::{Entry, Timeline};
use windbreak_protocol::{CircleOverview, DeedKind, NewShare, Standing};

use crate::sim::kept::SLACK;
use crate::sim::{Living, Motion, Sim};

/// An hour in milliseconds.
const HOUR: u64 = 3_600_000;
/// A day in milliseconds.
const DAY: u64 = 24 * HOUR;
/// How long nobody may have answered before a succession comes true.
const SILENCE: u64 = 72 * HOUR;
/// What those who hold the circle declared before anybody declared anew.
const FIRST_WORDS: [&str; 2] = ["I have nothing to report.", "I owe nobody a report."];

impl Sim {
    /// Somebody does one of these; `false` if it is none of them.
    pub(super) fn hold(&mut self, by: usize, circle: &CircleId, back: usize, how: Living) -> bool {
        let done = match how {
            Living::AskIdeas => self.ask_for(by, circle, Ask::IdeasWelcome),
            Living::AskResources => self.ask_for(by, circle, Ask::Resources),
            Living::Suggest => self.suggest(by, circle, back),
            Living::KeepTwoDays => self.keep(by, circle, KeepDays::new(2)),
            Living::KeepNineDays => self.keep(by, circle, KeepDays::new(9)),
            Living::KeepAlways => self.keep(by, circle, None),
            Living::Declare => self.declare(by, circle),
            Living::Hear => self.hear_declaration(by, circle),
            Living::Block => self.block(by, circle, back, true),
            Living::Unblock => self.block(by, circle, back, false),
            Living::Silence => self.silence(by),
            Living::Succeed => self.succeed(by),
            _ => return false,
        };
        self.tally.lived += u64::from(done.is_some());
        true
    }

    /// Whether the member of a device holds the circle, as far as the device knows.
    pub(super) fn holds(&self, device: usize) -> bool {
        self.overview(device).is_some_and(|overview| {
            let mut members = overview.members.iter();
            members.any(|member| member.me && member.role == Role::Facilitator)
        })
    }

    /// Somebody shares words that ask for more than to be heard.
    fn ask_for(&mut self, by: usize, circle: &CircleId, ask: Ask) -> Option<()> {
        let text = format!("question {} of device {by}", self.step);
        let story = ask == Ask::Resources;
        let share = NewShare {
            ask,
            content_note: story.then(|| "It is about work.".into()),
            title: story.then(|| "A long week".into()),
            text: text.clone(),
            scope: Scope::HereNow,
        };
        self.before_death = self.head_shown(by);
        let item = self.by(by, |engine, clock| engine.share(clock, circle, share))?;
        self.note_ask(by, item, ask);
        self.note(by, item, false, text);
        Some(())
    }

    /// A share asks for this.
    pub(super) fn note_ask(&mut self, by: usize, share: ItemId, ask: Ask) {
        if let Some(member) = self.devices[by].member {
            self.model.asked.insert(share, (ask, member));
        }
    }

    /// Somebody gives advice; whether it will be held back, they are told right before.
    fn suggest(&mut self, by: usize, circle: &CircleId, back: usize) -> Option<()> {
        let (to, _, _) = self.said_at(by, back)?;
        let engine = self.devices[by].engine.as_ref()?;
        let (share, is_there) = engine.with_timeline(circle, |timeline| {
            let find = |id| timeline.entries().iter().find(|entry| entry.id() == id);
            let share = find(to)?.place().root;
            Some((share, find(share).is_some()))
        })??;
        let told = engine.holds_advice_back(circle, &to);
        // Advice to a share that is not there is held back whatever it asked for.
        let asked = self.model.asked.get(&share).copied().filter(|_| is_there);
        let me = self.devices[by].member;
        let ever = self
            .model
            .let_through
            .iter()
            .any(|(_, by)| asked.is_some_and(|(_, asker)| asker == *by));
        let unasked = asked.is_some_and(|(ask, _)| ask == Ask::JustListening);
        let of_others = asked.is_some_and(|(_, asker)| Some(asker) != me);
        if asked.is_some() && (told && !unasked || !told && unasked && of_others && !ever) {
            let detail = format!("device {by} is told {told} of advice to {asked:?}");
            self.fail("advice is held back as was asked", detail);
        }
        let text = format!("advice {} of device {by}", self.step);
        let words = text.clone();
        self.before_death = self.head_shown(by);
        let item =
            self.by(by, |engine, clock| engine.advise(clock, circle, &to, words, Scope::HereNow))?;
        self.model.advice.insert(item, share);
        self.note(by, item, false, text);
        Some(())
    }

    /// Somebody says for how long words are kept.
    fn keep(&mut self, by: usize, circle: &CircleId, keep: Option<KeepDays>) -> Option<()> {
        let (holds, shown) = (self.holds(by), self.overview(by)?.keep.map(KeepDays::get));
        let days = keep.map(KeepDays::get);
        let shorter = days.is_some_and(|days| shown.is_none_or(|shown| days < shown));
        let unsaid = |reason: &str| {
            let reason = reason.to_owned();
            move |engine: &mut windbreak_protocol::Engine, clock| {
                engine.set_keep(clock, circle, keep, &reason)
            }
        };
        if shorter && self.by(by, unsaid(" ")).is_some() {
            self.fail("a shorter time has a reason", format!("device {by}: {shown:?}, {days:?}"));
        }
        self.by(by, unsaid("We agreed on it."))?;
        if !holds {
            self.fail("no change without the right", format!("device {by} keeps {days:?}"));
        }
        if let Some(days) = days {
            let shortest = self.model.shortest.get_or_insert(days);
            *shortest = days.min(*shortest);
        }
        Some(())
    }

    /// A facilitator declares anew, and never nothing.
    fn declare(&mut self, by: usize, circle: &CircleId) -> Option<()> {
        let (holds, words) = (self.holds(by), format!("I report what I hear in {}.", self.step));
        if self.by(by, |engine, clock| engine.declare(clock, circle, " \n")).is_some() {
            self.fail("a declaration says something", format!("device {by}"));
        }
        self.by(by, |engine, clock| engine.declare(clock, circle, &words))?;
        if !holds {
            self.fail("no change without the right", format!("device {by} declares"));
        }
        let member = self.devices[by].member?;
        self.model.declared.entry(member).or_default().insert(words);
        Some(())
    }

    /// Somebody reads what those who hold the circle would have to report.
    fn hear_declaration(&mut self, by: usize, circle: &CircleId) -> Option<()> {
        let shown = self.overview(by)?.declaration;
        self.by(by, |engine, clock| engine.hear_declaration(clock, circle))?;
        self.model.heard.insert(by, shown);
        Some(())
    }

    /// Somebody folds away what the author of something says, or shows it again. Nothing leaves their
    /// device for it.
    fn block(&mut self, by: usize, circle: &CircleId, back: usize, on: bool) -> Option<()> {
        let (_, _, author) = self.said_at(by, back)?;
        self.obey(by);
        let sent = self.pool.len();
        let done = self.by(by, |engine, clock| engine.block(clock, circle, &author, on));
        if self.pool.len() != sent {
            self.fail("whom somebody blocks stays with them", format!("device {by} sends of it"));
        }
        done?;
        if on && self.devices[by].member == Some(author) {
            self.fail("nobody blocks themselves", format!("device {by}"));
        }
        let blocked = self.model.blocked.entry(by).or_default();
        if on {
            blocked.insert(author)
        } else {
            blocked.remove(&author)
        };
        Some(())
    }

    /// Everybody who holds the circle, as one device knows it, switches their devices off.
    fn silence(&mut self, by: usize) -> Option<()> {
        let members = self.overview(by)?.members;
        let holding = members.iter().filter(|member| member.role == Role::Facilitator);
        let holding: Vec<MemberId> = holding.map(|member| member.id).collect();
        for device in 0..self.devices.len() {
            let member = self.devices[device].member;
            if member.is_some_and(|member| holding.contains(&member))
                && self.insider != Some(device)
            {
                self.switch_off(device);
            }
        }
        Some(())
    }

    /// The next one who does not hold the circle proposes to.
    fn succeed(&mut self, by: usize) -> Option<()> {
        let count = self.devices.len();
        let whom = (0..count).map(|more| (by + more) % count).find(|device| {
            let overview = self.overview(*device);
            let is_in = overview.is_some_and(|overview| overview.standing == Standing::Active);
            is_in && !self.holds(*device) && self.insider != Some(*device)
        })?;
        self.accept_agreement(whom);
        let before = self.tally.proposals;
        self.propose(whom, whom, Motion::Succeed);
        (self.tally.proposals > before).then_some(())
    }

    /// Notes what the head of a device says of how the circle is held.
    pub(super) fn look_how_it_is_held(&mut self, device: usize) {
        let Some(overview) = self.overview(device).filter(|_| self.insider != Some(device)) else {
            return;
        };
        let days = overview.keep.map(KeepDays::get);
        self.model.keeps.entry(device).or_default().note(self.now, days);
        if overview.members.is_empty() {
            return;
        }
        let fewest = self.model.fewest.get_or_insert(usize::MAX);
        *fewest = overview.members.len().min(*fewest);
        let holding = overview.members.iter().filter(|member| member.role == Role::Facilitator);
        let holding: BTreeSet<MemberId> = holding.map(|member| member.id).collect();
        self.model.held_by_nobody |= holding.is_empty();
        self.model.reports.note_holding(&holding);
    }

    /// What holds of all this, after every step and at rest.
    pub(super) fn check_holding(&mut self, at_rest: bool) {
        let Some(circle) = self.circle.filter(|_| self.is_well()) else { return };
        let (mut erased, mut through) = (0, 0);
        let insider = self.insider;
        for device in (0..self.devices.len()).filter(|device| insider != Some(*device)) {
            self.look_how_it_is_held(device);
            let Some(overview) = self.overview(device) else { continue };
            let checks = [
                ("who holds a circle has declared", self.all_declared(&overview)),
                ("most members make a successor", self.rightly_succeeded(device, &circle)),
                ("what is one's own stays so", self.own_things(device, &circle, &overview)),
                ("a shorter time waits a week", self.kept_long_enough(device, &overview, at_rest)),
            ];
            for (rule, check) in checks {
                if let Err(detail) = check {
                    self.fail(rule, format!("device {device}: {detail}"));
                }
            }
            let counted = self.counted(device, &circle);
            erased += counted.0;
            through += counted.1;
        }
        self.tally.erased = self.tally.erased.max(erased);
        self.tally.let_through = self.tally.let_through.max(through);
        for device in 0..self.devices.len() {
            let engine = self.devices[device].engine.as_ref();
            let deeds = engine.map(|engine| engine.deeds(&circle)).unwrap_or_default();
            let made = deeds.iter().filter(|deed| matches!(deed.kind, DeedKind::Succeed(_)));
            self.tally.successions = self.tally.successions.max(made.count() as u64);
        }
    }

    /// Everybody who holds the circle has declared, in words of their own.
    fn all_declared(&self, overview: &CircleOverview) -> Result<(), String> {
        let attacker = self.insider.and_then(|insider| self.devices[insider].member);
        let holding = overview.members.iter().filter(|m| m.role == Role::Facilitator);
        for member in holding.filter(|member| Some(member.id) != attacker) {
            let words = member.declaration.as_deref().unwrap_or_default();
            let own = self.model.declared.get(&member.id);
            if !FIRST_WORDS.contains(&words) && !own.is_some_and(|own| own.contains(words)) {
                return Err(format!("{:?} declares {words:?}, which they never said", member.id));
            }
        }
        Ok(())
    }

    /// Who came to hold the circle since nobody answered did so with the word of most, after three days.
    fn rightly_succeeded(&self, device: usize, circle: &CircleId) -> Result<(), String> {
        let Some(engine) = self.devices[device].engine.as_ref() else { return Ok(()) };
        for deed in engine.deeds(circle) {
            let DeedKind::Succeed(whom) = deed.kind else { continue };
            let agreed = self.model.successions.get(&whom).cloned().unwrap_or_default();
            // What an attacker agrees to is seen by nobody here.
            let agreeing = agreed.len() + usize::from(self.insider.is_some());
            if agreeing * 2 <= self.model.fewest.unwrap_or_default() {
                return Err(format!("{whom:?} succeeds by the word of {agreeing}"));
            }
            let first = agreed.values().min().copied().unwrap_or(u64::MAX);
            let ended = (u64::from(deed.at.get()) + 1) * HOUR + SLACK;
            if !self.model.held_by_nobody && ended < first.saturating_add(SILENCE) {
                return Err(format!("{whom:?} succeeds in hour {:?}, asked at {first}", deed.at));
            }
        }
        Ok(())
    }

    /// Whom somebody blocks, and what they read of the declarations, is what they did, and nothing that
    /// anybody else did.
    fn own_things(
        &self,
        device: usize,
        circle: &CircleId,
        overview: &CircleOverview,
    ) -> Result<(), String> {
        let here = &self.devices[device];
        let Some(engine) = here.engine.as_ref().filter(|_| !here.is_old()) else { return Ok(()) };
        let (blocked, meant) = (engine.blocked(circle), self.model.blocked.get(&device));
        if blocked != meant.cloned().unwrap_or_default() {
            return Err(format!("it blocks {blocked:?}, and its owner {meant:?}"));
        }
        let heard = self.model.heard.get(&device);
        let knows = |heard: &Option<String>| {
            overview.declaration.is_none() || *heard == overview.declaration
        };
        match heard.map(knows) {
            Some(knows) if knows != engine.has_heard(circle) => {
                let shown = &overview.declaration;
                Err(format!("{shown:?} holds, {heard:?} was read, and it thinks otherwise"))
            }
            _ => Ok(()),
        }
    }

    /// Nothing was erased before its time; and at rest nothing is there that is too old.
    fn kept_long_enough(
        &self,
        device: usize,
        overview: &CircleOverview,
        at_rest: bool,
    ) -> Result<(), String> {
        let here = &self.devices[device];
        let log = self.model.keeps.get(&device).filter(|_| !here.is_old());
        let (Some(engine), Some(log)) = (here.engine.as_ref(), log) else { return Ok(()) };
        let clock = here.clock(self.now);
        let waits = overview.keeps_shorter_from;
        let week = std::time::Duration::from_millis(7 * DAY + SLACK);
        if waits.is_some_and(|from| from > clock.after(week)) {
            return Err(format!("a shorter time waits until {waits:?}"));
        }
        if waits.is_some() && at_rest && log.has_stood(self.now) && !self.tally.forked {
            return Err(format!("a shorter time waits until {waits:?}, and has stood for a week"));
        }
        let follows = overview.keep.filter(|_| waits.is_none());
        let active = overview.standing == Standing::Active;
        let too_old = |written: u64| {
            let most = follows.map(|keep| u64::from(keep.get()) * DAY + SLACK);
            at_rest && active && most.is_some_and(|most| written + most < self.now)
        };
        let look = |timeline: &Timeline<'_>| {
            for entry in timeline.entries().iter().filter(|entry| entry.gist().is_words()) {
                let written = entry.written().as_millis();
                if is_erased(timeline, entry) {
                    if !log.may_have_erased(written, self.now) {
                        return Err(format!("{:?} was erased too soon", entry.id()));
                    }
                } else if too_old(written) && timeline.content(entry).is_some() {
                    return Err(format!("{:?} is too old, and read", entry.id()));
                }
            }
            Ok(())
        };
        engine.with_timeline_at(clock, &overview.id, look).unwrap_or(Ok(()))
    }

    /// How much a device erased since it was too old, and how much advice it shows that was let through.
    fn counted(&self, device: usize, circle: &CircleId) -> (u64, u64) {
        let here = &self.devices[device];
        let (Some(engine), Some(me)) = (here.engine.as_ref(), here.member) else { return (0, 0) };
        let counted = engine.with_timeline_at(here.clock(self.now), circle, |timeline| {
            let words = || timeline.entries().iter().filter(|entry| entry.gist().is_words());
            let is_through = |entry: &&Entry<'_>| {
                let asked = self.model.advice.get(&entry.id());
                let asked = asked.and_then(|share| self.model.asked.get(share));
                let unasked = asked
                    .is_some_and(|(ask, by)| *ask == Ask::JustListening && *by != entry.author());
                unasked && entry.author() != me && timeline.content(entry).is_some()
            };
            let erased = words().filter(|entry| is_erased(timeline, entry)).count();
            (erased as u64, words().filter(is_through).count() as u64)
        });
        counted.unwrap_or_default()
    }
}

fn is_erased(timeline: &Timeline<'_>, entry: &Entry<'_>) -> bool {
    timeline.marks(entry).is_some_and(|marks| marks.expired)
}
