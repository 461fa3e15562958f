//! Reports: what people reported, and how others answered; whom a report may reach, what it may say
//! there, and that it arrives and is answered. Nobody but those it is for learns of one; worked out from
//! what people did and who held the circle for whom.

use std::collections::{BTreeMap, BTreeSet};

use windbreak_protocol::content::Content;
use windbreak_protocol::id::{CircleId, ItemId, MemberId, ReportId};
use windbreak_protocol::ledger::Role;
use windbreak_protocol::{ReportOverview, ReportStage, Standing};

use crate::sim::check::{REST, View};
use crate::sim::world::text;
use crate::sim::{Deed, Living, Sim};

/// In which every device has said something without its name, in milliseconds: two days, and an hour.
const TWO_SPANS: u64 = 49 * 3_600_000;

/// What somebody reported.
#[derive(Debug)]
struct Reported {
    by: usize,
    item: ItemId,
    author: MemberId,
    reason: String,
    appeals: Vec<String>,
}

/// How somebody answered.
#[derive(Debug, Eq, PartialEq)]
struct Answered {
    report: ReportId,
    by: Option<MemberId>,
    outcome: Option<String>,
}

/// All of it.
#[derive(Debug, Default)]
pub(crate) struct Reports {
    made: BTreeMap<ReportId, Reported>,
    answers: BTreeMap<ItemId, Answered>,
    /// Who held the circle for anybody.
    holding: BTreeSet<MemberId>,
    /// Who held it alone for anybody: of them others may read a report.
    alone: BTreeSet<MemberId>,
    /// Whether it was held by nobody for anybody.
    by_nobody: bool,
}

impl Reports {
    /// So many hold the circle for somebody.
    pub(super) fn note_holding(&mut self, holding: &BTreeSet<MemberId>) {
        self.holding.extend(holding);
        self.by_nobody |= holding.is_empty();
        if holding.len() == 1 {
            self.alone.extend(holding);
        }
    }

    /// Whether a report about what somebody said may be for a member.
    fn may_read(&self, member: &MemberId, author: &MemberId) -> bool {
        let others = self.by_nobody || self.alone.contains(author);
        member != author && (others || self.holding.contains(member))
    }
}

impl Sim {
    /// Somebody reports something.
    pub(super) fn report(
        &mut self,
        by: usize,
        circle: &CircleId,
        (to, author): (&ItemId, &MemberId),
    ) -> Option<ReportId> {
        let reason = format!("It is meant to hurt, in {}.", self.step);
        let words = reason.clone();
        let made = self.by(by, |engine, clock| engine.report(clock, circle, to, &words))?;
        if self.devices[by].member == Some(*author) {
            self.fail("nobody reports themselves", format!("device {by}"));
        }
        let (item, author, appeals) = (*to, *author, Vec::new());
        self.model.reports.made.insert(made, Reported { by, item, author, reason, appeals });
        Some(made)
    }

    /// Somebody says that the oldest open report for them was read, or how it ended.
    pub(super) fn answer_report(&mut self, by: usize, circle: &CircleId) -> Option<()> {
        let reports = self.devices.get(by)?.engine.as_ref()?.reports(circle)?;
        let open = reports.into_iter().find(|r| r.to_answer && r.stage != ReportStage::Closed)?;
        self.answer_this(by, circle, &open.id, open.stage == ReportStage::Acknowledged)
    }

    fn answer_this(
        &mut self,
        by: usize,
        circle: &CircleId,
        report: &ReportId,
        closes: bool,
    ) -> Option<()> {
        let outcome = closes.then(|| format!("We spoke about it, in {}.", self.step));
        let words = outcome.clone();
        let answered = self.by(by, |engine, clock| match &words {
            Some(words) => engine.close_report(clock, circle, report, words),
            None => engine.acknowledge_report(clock, circle, report),
        })?;
        let answer = Answered { report: *report, by: self.devices[by].member, outcome };
        self.model.reports.answers.insert(answered, answer);
        Some(())
    }

    /// Whoever made a report that was closed asks to look again.
    pub(super) fn appeal(&mut self, by: usize, circle: &CircleId) -> Option<()> {
        let reports = self.devices.get(by)?.engine.as_ref()?.reports(circle)?;
        let closed = reports.into_iter().find(|r| r.own && r.stage == ReportStage::Closed)?;
        self.appeal_against(by, circle, &closed.id)
    }

    fn appeal_against(&mut self, by: usize, circle: &CircleId, report: &ReportId) -> Option<()> {
        let reason = format!("It went on, in {}.", self.step);
        let words = reason.clone();
        self.by(by, |engine, clock| engine.appeal(clock, circle, report, &words))?;
        self.model.reports.made.get_mut(report)?.appeals.push(reason);
        Some(())
    }

    /// A report came to a device.
    pub(super) fn hear_of_report(&mut self, device: usize, circle: &CircleId, report: &ReportId) {
        let engine = self.devices[device].engine.as_ref();
        let reports = engine.and_then(|engine| engine.reports(circle)).unwrap_or_default();
        let Some(shown) = reports.iter().find(|shown| shown.id == *report) else { return };
        if let Err(detail) = self.rightly_reported(device, shown) {
            self.fail("reports reach whom they are for", format!("device {device}: {detail}"));
        }
    }

    /// All reports that those inside show.
    pub(super) fn reports_at_rest(&self, inside: &[&View]) -> Result<(), String> {
        for view in inside {
            for shown in self.reports_shown(view.device) {
                let right = self.rightly_reported(view.device, &shown);
                right.map_err(|detail| format!("device {}: {detail}", view.device))?;
            }
        }
        Ok(())
    }

    fn reports_shown(&self, device: usize) -> Vec<ReportOverview> {
        let engine = self.devices[device].engine.as_ref();
        let shown = engine.zip(self.circle).and_then(|(engine, circle)| engine.reports(&circle));
        shown.unwrap_or_default()
    }

    /// Whether a device may show a report, and shows what people did about it.
    fn rightly_reported(&self, device: usize, shown: &ReportOverview) -> Result<(), String> {
        let reports = &self.model.reports;
        // An attacker reports, answers and holds a circle where nobody sees it.
        let Some(made) = reports.made.get(&shown.id).filter(|_| self.insider.is_none()) else {
            return if self.insider.is_some() { Ok(()) } else { Err("nobody made it".into()) };
        };
        let (here, me) = (&self.devices[device], self.devices[device].member);
        if shown.own && made.by != device && !here.is_old() {
            return Err(format!("it holds a report of device {} for its own", made.by));
        }
        if shown.to_answer && !me.is_some_and(|me| reports.may_read(&me, &made.author)) {
            return Err(format!("it reads a report of device {} that is not for it", made.by));
        }
        if (shown.item, shown.author, &shown.reason) != (made.item, made.author, &made.reason) {
            return Err(format!("{:?} was reported, and it shows {:?}", made.reason, shown.reason));
        }
        if shown.appeals.iter().any(|appeal| !made.appeals.contains(appeal)) {
            return Err(format!("{:?} was asked, not {:?}", made.appeals, shown.appeals));
        }
        for answer in &shown.answers {
            let said =
                Answered { report: shown.id, by: Some(answer.by), outcome: answer.outcome.clone() };
            if reports.answers.get(&answer.id) != Some(&said) {
                return Err(format!("it shows {answer:?}"));
            }
        }
        self.rightly_quoted(shown)
    }

    /// Whether what is quoted is what its author said, then or in other words.
    fn rightly_quoted(&self, shown: &ReportOverview) -> Result<(), String> {
        let Some(quote) = &shown.quote else { return Ok(()) };
        let quoted = match quote {
            Content::Edit(edit) => edit.text.as_str().to_owned(),
            other => text(other),
        };
        let edits = self.model.edited.iter().filter(|(_, of)| **of == shown.item);
        let ids = edits.map(|(edit, _)| edit).chain([&shown.item]);
        let said: Vec<&String> =
            ids.filter_map(|id| self.model.said(id)).map(|said| &said.text).collect();
        // Some advice is in the same words each time, and noted nowhere.
        let known = said.is_empty() || said.contains(&&quoted);
        if known { Ok(()) } else { Err(format!("{said:?} was said, and it quotes {quoted:?}")) }
    }

    /// At the end, where reports were made at all: one more is made, and comes to all who hold the circle
    /// within two days; what they answer comes to who made it, and so does their asking to look again.
    pub(super) fn check_reports_arrive(&mut self) {
        let reports =
            |step: &crate::sim::Step| matches!(step.deed, Deed::Live { how: Living::Report, .. });
        let plain = self.insider.is_none() && !self.devices.iter().any(|device| device.is_old());
        let (true, Some(circle)) = (plain && self.is_well(), self.circle) else { return };
        if !self.plan.steps.iter().any(reports) {
            return;
        }
        let Some((maker, report, holding)) = self.report_at_rest(&circle) else { return };
        self.run_for(TWO_SPANS);
        let stage = |sim: &Self, device: usize| {
            let shown = sim.reports_shown(device).into_iter().find(|shown| shown.id == report);
            shown.map(|shown| shown.stage)
        };
        for device in &holding {
            if self.is_well() && stage(self, *device) != Some(ReportStage::Open) {
                let detail = format!("device {device}: {:?}", stage(self, *device));
                self.fail("a report arrives", detail);
            }
        }
        let first = holding[0];
        for (closes, expected) in [(false, ReportStage::Acknowledged), (true, ReportStage::Closed)]
        {
            self.accept_agreement(first);
            let answered = self.answer_this(first, &circle, &report, closes);
            self.run_for(REST);
            let seen = [maker].into_iter().chain(holding.iter().copied());
            let other = seen.map(|device| (device, stage(self, device)));
            let other = other.into_iter().find(|(_, stage)| *stage != Some(expected));
            if let Some((device, stage)) = other.filter(|_| self.is_well() && answered.is_some()) {
                self.fail("an answer arrives", format!("device {device}: {stage:?}"));
            }
        }
        if self.appeal_against(maker, &circle, &report).is_none() {
            return;
        }
        self.run_for(TWO_SPANS);
        for device in &holding {
            if self.is_well() && stage(self, *device) != Some(ReportStage::Appealed) {
                let detail = format!("device {device}: {:?}", stage(self, *device));
                self.fail("an appeal arrives", detail);
            }
        }
        self.tally.reports += u64::from(self.is_well());
    }

    /// Somebody without a report that waits reports the newest thing that others can read about: who did,
    /// which report, and the devices it is for.
    fn report_at_rest(&mut self, circle: &CircleId) -> Option<(usize, ReportId, Vec<usize>)> {
        for maker in 0..self.devices.len() {
            let overview = self.overview(maker);
            let Some(overview) = overview.filter(|o| o.standing == Standing::Active) else {
                continue;
            };
            let waits = self.reports_shown(maker).iter().any(|report| {
                report.own
                    && !matches!(report.stage, ReportStage::Acknowledged | ReportStage::Closed)
            });
            let holding = overview.members.iter().filter(|m| m.role == Role::Facilitator);
            let holding: Vec<MemberId> = holding.map(|member| member.id).collect();
            for back in 0..8 {
                let Some((item, _, author)) = self.said_at(maker, back).filter(|_| !waits) else {
                    break;
                };
                let one_device = |member: &MemberId| {
                    let entry = overview.members.iter().find(|m| m.id == *member);
                    entry.is_some_and(|entry| entry.devices == 1)
                };
                let others = || holding.iter().filter(|m| **m != author && **m != overview.me);
                let device = |member: &MemberId| {
                    let is_in = |device: &usize| {
                        let overview = self.overview(*device);
                        let active = overview.is_some_and(|o| o.standing == Standing::Active);
                        active && self.devices[*device].member == Some(*member)
                    };
                    (0..self.devices.len()).find(is_in)
                };
                let readers: Option<Vec<usize>> = others().map(device).collect();
                let readers = readers.filter(|all| !all.is_empty() && others().all(one_device));
                let Some(readers) = readers.filter(|readers| readers.len() <= 6) else { continue };
                if let Some(report) = self.report(maker, circle, (&item, &author)) {
                    return Some((maker, report, readers));
                }
            }
        }
        None
    }
}
