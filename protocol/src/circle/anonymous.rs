//! What this device says without its name, once a day, and what comes that way: a report, or nothing.
//! Clauses: specs/08-content I-40 to I-44.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::anonymous::{ANONYMOUS_CLASS, Anonymous, SealedAnonymous};
use crate::circle::reports::{About, Own};
use crate::circle::send::Carries;
use crate::circle::{Circle, Standing, Step};
use crate::id::{DeviceId, MemberId, ReportId, StateId};
use crate::label::Label;
use crate::ledger::Ledger;
use crate::limits::{
    ANONYMOUS_READERS, ANONYMOUS_SPARE, MAX_OUTBOX, MAX_REPORT_SENDS, REPORT_ELDERS,
};
use crate::mls::{Group, HpkePublic, Provider};
use crate::record::RecordKind;
use crate::secret::Secret;
use crate::state::State;
use crate::time::{Hour, Timestamp};
use crate::verdict::{Redundant, Verdict, Violation};
use crate::wire::{self, FrameKind};

/// States and days of which it is counted what came.
const MAX_COUNTED: usize = 256;

impl Circle {
    /// When this device next says something without its name.
    pub(super) fn next_anonymous(&self) -> Option<Timestamp> {
        let alone = self.ledger().is_none_or(|ledger| ledger.devices().count() < 2);
        let waits = alone || self.is_muted() || self.outbox.len() >= MAX_OUTBOX / 2;
        self.reports.due.filter(|_| !waits)
    }

    /// Sees to it that a time is set at which this device says something without its name.
    pub(super) fn plan_anonymous(&mut self, step: &mut Step<'_>) {
        // A time so far ahead was set by a clock that was wrong.
        let far = step.now.after(2 * step.timings.anonymous_span);
        if self.reports.due.is_none_or(|due| due > far) {
            self.put_off_anonymous(step, false);
        }
    }

    /// Sets the next time: some moment of the present span, or of the next.
    fn put_off_anonymous(&mut self, step: &mut Step<'_>, next: bool) {
        let millis = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX).max(1);
        let span = millis(step.timings.anonymous_span);
        let present = step.now.as_millis() / span * span;
        let begins = if next { present.saturating_add(span) } else { step.now.as_millis() };
        let within = self.moment(begins) % span;
        let due = Timestamp::from_millis(begins.saturating_add(within));
        self.set_due(step, due);
    }

    /// A number of chance that goes with a time; nobody without this device's key can tell it.
    fn moment(&self, time: u64) -> u64 {
        let secret = self.key.to_secret();
        let parts = [self.id.as_bytes().as_slice(), &time.to_be_bytes()];
        let derived: Secret<32> = Label::ANONYMOUS_TIME.derive(&secret, &parts);
        let first = derived.expose().first_chunk::<8>();
        first.map_or(0, |bytes| u64::from_be_bytes(*bytes))
    }

    fn set_due(&mut self, step: &mut Step<'_>, due: Timestamp) {
        self.reports.due = Some(due);
        let key = self.key_of(RecordKind::Report, &[About::Due as u8]);
        step.put(key, wire::encode(&due).to_vec());
    }

    /// After a start: what was due meanwhile is not said at once, or the start would show in it.
    pub(super) fn resume_anonymous(&mut self, step: &mut Step<'_>) {
        match self.reports.due {
            Some(due) if due <= step.now => {
                let late = step.timings.anonymous_late.as_millis();
                let late = u64::try_from(late).unwrap_or(u64::MAX).max(1);
                let late = self.moment(step.now.as_millis()) % late;
                self.set_due(step, step.now.after(Duration::from_millis(late)));
            }
            _ => self.plan_anonymous(step),
        }
    }

    /// Says something without this device's name, if it is time: a report, or nothing.
    pub(super) fn say_anonymous(&mut self, step: &mut Step<'_>) {
        self.plan_anonymous(step);
        if self.standing != Standing::Active
            || self.next_anonymous().is_none_or(|due| due > step.now)
        {
            return;
        }
        self.put_off_anonymous(step, true);
        let waiting = self.next_report(step);
        let said = waiting.and_then(|id| Some((id, self.reports.own.get(&id)?)));
        let (reported, said) = match said {
            Some((_, own)) => (Some(own.author), Anonymous::Report(own.to_report())),
            None => (None, Anonymous::Nothing),
        };
        if self.seal_anonymous(step, reported, &said).is_none() {
            return;
        }
        if let Some(id) = waiting
            && let Some(own) = self.reports.own.get_mut(&id)
        {
            own.sent = own.sent.saturating_add(1);
            own.last = step.now;
            if let Some(own) = self.reports.own.get(&id) {
                self.write_own_report(step, &id, own);
            }
        }
    }

    /// The report whose turn it is: one that was never sent, then one that nobody acknowledged.
    fn next_report(&self, step: &Step<'_>) -> Option<ReportId> {
        let rest = step.timings.anonymous_span / 2;
        let waits = |(id, own): &(&ReportId, &Own)| {
            own.sent == 0
                || own.sent < MAX_REPORT_SENDS
                    && step.now.since(own.last) >= rest
                    && !self.is_answered(id, own)
        };
        let waiting = self.reports.own.iter().filter(waits);
        waiting.min_by_key(|(id, own)| (own.sent, own.made, **id)).map(|(id, _)| *id)
    }

    /// Whether somebody answered what the report last had to say.
    fn is_answered(&self, id: &ReportId, own: &Own) -> bool {
        let answers = self.answers_to(id, &own.answers);
        match own.appeals.last() {
            None => !answers.is_empty(),
            Some(appeal) => answers.last().is_some_and(|last| last.id != appeal.against),
        }
    }

    fn seal_anonymous(
        &mut self,
        step: &mut Step<'_>,
        reported: Option<MemberId>,
        said: &Anonymous,
    ) -> Option<()> {
        let head = self.head;
        let held = self.states.get(&head).and_then(State::held).filter(|held| !held.left)?;
        let provider = Provider::new(step.injected(), held.namespace());
        let group = Group::load(&provider, &self.id).ok()?;
        let keys: BTreeMap<DeviceId, HpkePublic> = group.leaf_keys().into_iter().collect();
        let chosen = match reported {
            Some(reported) => places(&held.ledger, &reported),
            None => Vec::new(),
        };
        let to: Vec<HpkePublic> =
            chosen.iter().filter_map(|device| keys.get(device).cloned()).collect();
        let sealed = SealedAnonymous::seal(&head, self.suite, &to, said, step.random)?;
        let record = sealed.to_bytes();
        let (seal, hour) = (&held.keys.item_seal, step.now.hour());
        let topic = self.publish_key(&held.era, step.now)?;
        let kind = FrameKind::Anonymous;
        let envelope =
            seal.seal_as(&topic, hour, kind, &record, ANONYMOUS_CLASS, step.random).ok()?;
        self.send_out(step, vec![envelope], Carries::Post);
        // Who reports may be one the report is for.
        self.open_anonymous(step, head, &sealed);
        Some(())
    }

    /// An anonymous message was found under a state, sealed in `hour`.
    pub(super) fn take_anonymous(
        &mut self,
        step: &mut Step<'_>,
        state: StateId,
        hour: Hour,
        record: &[u8],
    ) -> Verdict {
        let Ok(sealed) = SealedAnonymous::from_bytes(record) else {
            return Verdict::Reject(Violation::Malformed);
        };
        let Some(held) = self.states.get(&state).and_then(State::held) else {
            return Verdict::Ignore(Redundant::NotForUs);
        };
        // Nobody can be told from another: what counts is how many there could honestly be.
        let most = 2 * held.ledger.devices().count() + ANONYMOUS_SPARE;
        let counted = self.reports.counted.entry((state, hour.day())).or_default();
        if *counted >= most {
            return Verdict::Ignore(Redundant::NoRoom);
        }
        *counted += 1;
        while self.reports.counted.len() > MAX_COUNTED {
            let oldest = self.reports.counted.keys().min_by_key(|(id, day)| (*day, *id)).copied();
            let Some(oldest) = oldest else { break };
            self.reports.counted.remove(&oldest);
        }
        self.open_anonymous(step, state, &sealed);
        Verdict::Accept
    }

    /// Takes in what is for this device.
    fn open_anonymous(&mut self, step: &mut Step<'_>, state: StateId, sealed: &SealedAnonymous) {
        let Some(held) = self.states.get(&state).and_then(State::held) else {
            return;
        };
        let provider = Provider::new(step.injected(), held.namespace());
        let group = Group::load(&provider, &self.id).ok();
        let Some(own) = group.and_then(|group| group.own_leaf_secret(&provider)) else {
            return;
        };
        let opened = sealed.open(&state, self.suite, &own);
        if let Some(Ok(Anonymous::Report(report))) = opened {
            self.take_report(step, state, report);
        }
    }
}

/// Whom a report about something of `reported` is for: the other facilitators; where there is none,
/// those members who have been here longest, since they can decide about a facilitator together.
pub(super) fn readers<'a>(
    ledger: &'a Ledger,
    reported: &'a MemberId,
) -> impl Iterator<Item = &'a MemberId> + 'a {
    let facilitators = ledger.facilitators().filter(move |member| *member != reported);
    let facilitators: Vec<_> = facilitators.collect();
    let mut elders: Vec<_> = ledger
        .members()
        .iter()
        .filter(|(member, _)| facilitators.is_empty() && *member != reported)
        .map(|(member, entry)| (entry.since, member))
        .collect();
    elders.sort_unstable();
    let elders = elders.into_iter().take(REPORT_ELDERS).map(|(_, member)| member);
    facilitators.into_iter().chain(elders)
}

/// Their devices: the first of each, then the second, as many as there are places.
fn places(ledger: &Ledger, reported: &MemberId) -> Vec<DeviceId> {
    let mut devices: Vec<(usize, DeviceId)> = readers(ledger, reported)
        .filter_map(|member| ledger.members().get(member))
        .flat_map(|entry| entry.devices.iter().copied().enumerate())
        .collect();
    devices.sort_by_key(|(rank, _)| *rank);
    devices.into_iter().map(|(_, device)| device).take(ANONYMOUS_READERS).collect()
}
