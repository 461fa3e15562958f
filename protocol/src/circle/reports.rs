//! Reports: made here, waiting for their turn among what this device says without its name; or for
//! this device, with the quote proven. What facilitators answer stands among the items, sealed.
//! Clauses: specs/08-content I-40 to I-48.

use std::collections::BTreeMap;

use tls_codec::{TlsDeserialize, TlsSerialize, TlsSize};

use crate::anonymous::{Appeal, Report, ReportText, report_id};
use crate::circle::anonymous::readers;
use crate::circle::reported::ReportedWords;
use crate::circle::{Circle, ShareError, Step};
use crate::content::{Content, ReportAnswer, Scope, SignedItem};
use crate::id::{CircleId, ItemId, MemberId, ReportId, StateId};
use crate::label::Label;
use crate::limits::{
    MAX_APPEALS, MAX_OWN_REPORTS, MAX_QUOTE, MAX_REPORT_CHARS, MAX_REPORTS, MAX_REPORTS_A_DAY,
    RECORD_OVERHEAD, REPORT_KEEP, REPORTS_OF_ONE_ITEM,
};
use crate::mls;
use crate::output::Event;
use crate::record::{Key, RecordKind, Value};
use crate::secret::Secret;
use crate::time::Timestamp;
use crate::wire::text::Opaque;
use crate::wire::{self, DecodeError};

const VERSION: u8 = 1;

/// What a record of this kind is about; the first byte of its name.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(super) enum About {
    Received = 1,
    Own = 2,
    Due = 3,
    Words = 4,
}

/// A report for this device.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(super) struct Received {
    pub(super) version: u8,
    pub(super) state: StateId,
    pub(super) at: Timestamp,
    pub(super) answers: Secret<32>,
    pub(super) item: ItemId,
    /// Who is reported.
    pub(super) author: MemberId,
    /// The quote as it was signed, unless this device has the item anyway.
    pub(super) quote: Option<Opaque<MAX_QUOTE>>,
    pub(super) reason: ReportText,
    pub(super) appeals: Vec<Appeal>,
}

/// A report that this device's member made.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
pub(super) struct Own {
    pub(super) version: u8,
    pub(super) made: Timestamp,
    pub(super) answers: Secret<32>,
    pub(super) item: ItemId,
    pub(super) author: MemberId,
    pub(super) quote: Option<Opaque<MAX_QUOTE>>,
    pub(super) reason: ReportText,
    pub(super) appeals: Vec<Appeal>,
    /// How often it was sent since it last had something new to say, and when last.
    pub(super) sent: u8,
    pub(super) last: Timestamp,
}

/// All that a circle has of reports.
#[derive(Debug, Default)]
pub(crate) struct Reports {
    pub(super) received: BTreeMap<ReportId, Received>,
    /// What was reported without a quote.
    pub(super) words: ReportedWords,
    pub(super) own: BTreeMap<ReportId, Own>,
    /// When this device next says something without its name.
    pub(super) due: Option<Timestamp>,
    /// How many such messages came under a state in a day; not kept over a restart.
    pub(super) counted: BTreeMap<(StateId, u32), usize>,
    /// Days since 1970 and how many reports were kept on it, on this device's clock.
    today: (u32, usize),
}

impl Reports {
    /// Takes back what was written.
    ///
    /// # Errors
    /// [`DecodeError`]: the store is damaged or newer.
    pub(crate) fn read(records: Vec<(Vec<u8>, Value)>) -> Result<Self, DecodeError> {
        let mut reports = Self::default();
        for (name, value) in records {
            let (about, id) = name.split_first().ok_or(DecodeError::Malformed)?;
            let id = || id.try_into().map(ReportId::from_bytes).map_err(|_| DecodeError::Malformed);
            match *about {
                about if about == About::Received as u8 => {
                    let record: Received = wire::decode(&value, RECORD_OVERHEAD)?;
                    known(record.version)?;
                    reports.received.insert(id()?, record);
                }
                about if about == About::Own as u8 => {
                    let record: Own = wire::decode(&value, RECORD_OVERHEAD)?;
                    known(record.version)?;
                    reports.own.insert(id()?, record);
                }
                about if about == About::Words as u8 => {
                    reports.words.read(id()?, &value)?;
                }
                about if about == About::Due as u8 => {
                    reports.due = Some(wire::decode(&value, RECORD_OVERHEAD)?);
                }
                _ => return Err(DecodeError::Malformed),
            }
        }
        Ok(reports)
    }
}

fn known(version: u8) -> Result<(), DecodeError> {
    if version == VERSION { Ok(()) } else { Err(DecodeError::UnknownVersion) }
}

/// Why nothing was reported or answered.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ReportError {
    /// It could not be said.
    #[error(transparent)]
    Share(#[from] ShareError),
    /// It is nobody's words.
    #[error("this is neither a share nor a reply")]
    NotWords,
    /// Its words are gone.
    #[error("its author took it back, and nothing of it is here to be shown to anybody")]
    Withdrawn,
    /// One does not report oneself.
    #[error("you wrote that yourself")]
    Yourself,
    /// There is nobody to read it.
    #[error("nobody is in the circle to read a report")]
    NoReader,
    /// No reason was given.
    #[error("there is no text")]
    Empty,
    /// The reason or the outcome is too long.
    #[error("the text is longer than {limit} characters")]
    TooLong {
        /// Characters allowed.
        limit: usize,
    },
    /// The same was reported before, and nobody has answered yet.
    #[error("you have reported that already")]
    Again,
    /// Too many reports of this device's member.
    #[error("at most {limit} reports of one member are kept at a time")]
    TooMany {
        /// How many may be.
        limit: usize,
    },
    /// No report of this id is here.
    #[error("no such report")]
    UnknownReport,
    /// Only who made it appeals, and only those it is for answer.
    #[error("that is not yours to do")]
    NotYours,
    /// Only what was closed is appealed against.
    #[error("the report is not closed")]
    NotClosed,
    /// Only so often.
    #[error("at most {limit} appeals are made to one report")]
    TooManyAppeals {
        /// How many may be.
        limit: usize,
    },
}

/// How far a report has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ReportStage {
    /// It waits for its turn on this device.
    Waiting,
    /// It was sent, or arrived here, and nobody has answered.
    Open,
    /// Somebody has read it.
    Acknowledged,
    /// It is closed.
    Closed,
    /// It was closed, and who made it asks to look again.
    Appealed,
}

/// One answer to a report.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReportAnswerOverview {
    /// The item.
    pub id: ItemId,
    /// Who answered.
    pub by: MemberId,
    /// When, by their clock.
    pub at: Timestamp,
    /// How it ended, if it was closed by this.
    pub outcome: Option<String>,
}

/// One report, as its maker or somebody it is for sees it.
#[derive(Clone, Debug)]
pub struct ReportOverview {
    /// Its id.
    pub id: ReportId,
    /// Whether this device made it.
    pub own: bool,
    /// Whether it is for this device to answer.
    pub to_answer: bool,
    /// What it is about.
    pub item: ItemId,
    /// Who wrote that.
    pub author: MemberId,
    /// What it says, proven by its author's signature; `None` if it was too long to go along and was
    /// not here when the report came, or there was no room to keep it, and is not here now.
    pub quote: Option<Content>,
    /// Why it was reported.
    pub reason: String,
    /// When it was made or arrived.
    pub at: Timestamp,
    /// How far it has come.
    pub stage: ReportStage,
    /// The answers, in the order of the timeline.
    pub answers: Vec<ReportAnswerOverview>,
    /// Why its maker asked to look again.
    pub appeals: Vec<String>,
}

/// What an answer says.
#[derive(Debug, TlsDeserialize, TlsSerialize, TlsSize)]
#[repr(u8)]
enum AnswerBody {
    #[tls_codec(discriminant = 1)]
    Acknowledged,
    #[tls_codec(discriminant = 2)]
    Closed(ReportText),
}

fn text(text: &str) -> Result<ReportText, ReportError> {
    if text.trim().is_empty() {
        return Err(ReportError::Empty);
    }
    ReportText::new(text.trim()).map_err(|_| ReportError::TooLong { limit: MAX_REPORT_CHARS })
}

impl Circle {
    /// Reports something that was said.
    ///
    /// # Errors
    /// [`ReportError`]; nothing has changed.
    pub(crate) fn report(
        &mut self,
        step: &mut Step<'_>,
        item: &ItemId,
        reason: &str,
    ) -> Result<ReportId, ReportError> {
        if !self.may_talk() {
            return Err(ShareError::Closed.into());
        }
        let kept = self.items.get(item).ok_or(ShareError::UnknownItem)?;
        if !kept.body.gist.is_words() {
            return Err(ReportError::NotWords);
        }
        let author = kept.body.member;
        if author == self.me {
            return Err(ReportError::Yourself);
        }
        // In the words that stand there now.
        let said = self.newest_words(item);
        let signed = self.items.signed(&said).ok_or(ReportError::Withdrawn)?;
        let reason = text(reason)?;
        let ledger = self.ledger().ok_or(ShareError::Closed)?;
        if readers(ledger, &author).all(|member| *member == self.me) {
            return Err(ReportError::NoReader);
        }
        let open = |(id, own): (&ReportId, &Own)| {
            own.item == *item && self.answers_to(id, &own.answers).is_empty()
        };
        if self.reports.own.iter().any(open) {
            return Err(ReportError::Again);
        }
        if self.reports.own.len() >= MAX_OWN_REPORTS && !self.drop_closed_own(step) {
            return Err(ReportError::TooMany { limit: MAX_OWN_REPORTS });
        }
        let own = Own {
            version: VERSION,
            made: step.now,
            answers: step.random.secret(),
            item: *item,
            author,
            quote: Opaque::new(signed.to_bytes()).ok(),
            reason,
            appeals: Vec::new(),
            sent: 0,
            last: Timestamp::default(),
        };
        let id = report_id(&own.answers);
        self.write_own_report(step, &id, &own);
        self.reports.own.insert(id, own);
        self.plan_anonymous(step);
        Ok(id)
    }

    /// The oldest own report that was closed goes for a new one. Says whether there was one.
    fn drop_closed_own(&mut self, step: &mut Step<'_>) -> bool {
        let closed = self.reports.own.iter().filter(|(id, own)| {
            let answers = self.answers_to(id, &own.answers);
            stage(&answers, &own.appeals, true) == ReportStage::Closed
        });
        let oldest = closed.min_by_key(|(id, own)| (own.made, **id)).map(|(id, _)| *id);
        if let Some(id) = oldest {
            self.reports.own.remove(&id);
            step.delete(self.report_key(About::Own, &id));
        }
        oldest.is_some()
    }

    /// Asks to look again at a report of this device's member that was closed.
    ///
    /// # Errors
    /// [`ReportError`]; nothing has changed.
    pub(crate) fn appeal(
        &mut self,
        step: &mut Step<'_>,
        id: &ReportId,
        reason: &str,
    ) -> Result<(), ReportError> {
        let Some(own) = self.reports.own.get(id) else {
            let theirs = self.reports.received.contains_key(id);
            return Err(if theirs { ReportError::NotYours } else { ReportError::UnknownReport });
        };
        let reason = text(reason)?;
        let answers = self.answers_to(id, &own.answers);
        let against = answers.iter().rev().find(|answer| answer.outcome.is_some());
        let against = against.ok_or(ReportError::NotClosed)?.id;
        if own.appeals.iter().any(|appeal| appeal.against == against) {
            return Err(ReportError::Again);
        }
        if own.appeals.len() >= MAX_APPEALS {
            return Err(ReportError::TooManyAppeals { limit: MAX_APPEALS });
        }
        if let Some(own) = self.reports.own.get_mut(id) {
            own.appeals.push(Appeal { against, reason });
            own.sent = 0;
        }
        if let Some(own) = self.reports.own.get(id) {
            self.write_own_report(step, id, own);
        }
        self.plan_anonymous(step);
        Ok(())
    }

    /// Answers a report that is for this device: says that it was read, or closes it.
    ///
    /// # Errors
    /// [`ReportError`]; nothing has changed.
    pub(crate) fn answer_report(
        &mut self,
        step: &mut Step<'_>,
        id: &ReportId,
        outcome: Option<&str>,
    ) -> Result<ItemId, ReportError> {
        let Some(report) = self.reports.received.get(id) else {
            let own = self.reports.own.contains_key(id);
            return Err(if own { ReportError::NotYours } else { ReportError::UnknownReport });
        };
        let body = match outcome {
            Some(outcome) => AnswerBody::Closed(text(outcome)?),
            None => AnswerBody::Acknowledged,
        };
        let damaged = ReportError::Share(ShareError::Damaged);
        let (_, public) = mls::derive(self.suite, &report.answers).map_err(|_| damaged)?;
        let info = Label::REPORT_ANSWER;
        let body = wire::encode(&body);
        let sealed = mls::seal(self.suite, &public, info, id.as_bytes(), &body, step.random);
        let sealed = sealed.ok().and_then(|sealed| Opaque::new(sealed).ok()).ok_or(damaged)?;
        let answer = ReportAnswer { report: *id, sealed };
        Ok(self.say(step, Content::ReportAnswer(answer), Scope::LaterToo)?)
    }

    /// The reports for this device, and those it made.
    pub(crate) fn report_overviews(&self) -> Vec<ReportOverview> {
        let received = self.reports.received.iter().map(|(id, report)| {
            let answers = self.answers_to(id, &report.answers);
            ReportOverview {
                id: *id,
                own: self.reports.own.contains_key(id),
                to_answer: true,
                item: report.item,
                author: report.author,
                quote: self.quote(&report.item, self.quoted(id, report)),
                reason: report.reason.as_str().to_owned(),
                at: report.at,
                stage: stage(&answers, &report.appeals, true),
                appeals: words(&report.appeals),
                answers,
            }
        });
        let only_own = |(id, _): &(&ReportId, &Own)| !self.reports.received.contains_key(*id);
        let own = self.reports.own.iter().filter(only_own).map(|(id, own)| {
            let answers = self.answers_to(id, &own.answers);
            ReportOverview {
                id: *id,
                own: true,
                to_answer: false,
                item: own.item,
                author: own.author,
                quote: self.quote(&own.item, own.quote.as_ref().map(Opaque::as_bytes)),
                reason: own.reason.as_str().to_owned(),
                at: own.made,
                stage: stage(&answers, &own.appeals, own.sent > 0),
                appeals: words(&own.appeals),
                answers,
            }
        });
        let mut all: Vec<_> = received.chain(own).collect();
        all.sort_by_key(|report| (report.at, report.id));
        all
    }

    /// What stays with a report, as its author signed it: what came with it, or what was here then.
    fn quoted<'a>(&'a self, id: &ReportId, report: &'a Received) -> Option<&'a [u8]> {
        let came = report.quote.as_ref().map(Opaque::as_bytes);
        came.or_else(|| self.reports.words.get(id))
    }

    /// What was reported, in the words that its author signed.
    fn quote(&self, item: &ItemId, quote: Option<&[u8]>) -> Option<Content> {
        match quote {
            Some(quote) => {
                let signed = SignedItem::from_bytes(quote).ok()?;
                // Its signature was checked before it was kept.
                let id = signed.id();
                Some(signed.trusted(id).ok()?.into_inner().body.content)
            }
            None => self.items.content(&self.newest_words(item)),
        }
    }

    /// The answers to a report that the secret opens, in the order of the timeline.
    pub(super) fn answers_to(
        &self,
        id: &ReportId,
        answers: &Secret<32>,
    ) -> Vec<ReportAnswerOverview> {
        let mut said = self.items.answers(id).peekable();
        let keys = said.peek().and_then(|_| mls::derive(self.suite, answers).ok());
        let Some((secret, _)) = keys else {
            return Vec::new();
        };
        let opened = said.filter_map(|item| {
            let Some(Content::ReportAnswer(answer)) = self.items.content(&item.id) else {
                return None;
            };
            let (info, sealed) = (Label::REPORT_ANSWER, answer.sealed.as_bytes());
            let body = mls::open(self.suite, &secret, info, id.as_bytes(), sealed).ok()?;
            let outcome = match wire::decode(&body, RECORD_OVERHEAD).ok()? {
                AnswerBody::Acknowledged => None,
                AnswerBody::Closed(outcome) => Some(outcome.as_str().to_owned()),
            };
            let (by, at) = (item.body.member, item.body.written);
            Some(ReportAnswerOverview { id: item.id, by, at, outcome })
        });
        let mut opened: Vec<_> = opened.collect();
        if opened.len() > 1 {
            // Clocks differ: who had seen what says what came after what.
            let places = self.places_in_timeline();
            opened.sort_by_key(|answer| (places.get(&answer.id).copied(), answer.id));
        }
        opened
    }

    fn places_in_timeline(&self) -> BTreeMap<ItemId, usize> {
        self.with_timeline(|timeline| {
            let entries = timeline.entries().iter().enumerate();
            entries.map(|(place, entry)| (entry.id(), place)).collect()
        })
    }

    pub(super) fn take_report(&mut self, step: &mut Step<'_>, state: StateId, report: Report) {
        let id = report.id();
        if let Some(known) = self.reports.received.get_mut(&id) {
            let Some(appeal) = report.appeal else { return };
            let again = known.appeals.iter().any(|other| other.against == appeal.against);
            if again || known.appeals.len() >= MAX_APPEALS || known.item != report.item {
                return;
            }
            known.appeals.push(appeal);
            if let Some(known) = self.reports.received.get(&id) {
                self.write_received_report(step, &id, known);
            }
            step.tell(Event::ReportArrived { circle: self.id, report: id });
            return;
        }
        let Some(author) = self.proven_author(&report) else {
            return;
        };
        // Whoever is reported must not read it, whatever the program that sealed it thought.
        if author == self.me {
            return;
        }
        // By this device's day: which state and hour a message names its sender chooses.
        let today = step.now.hour().day();
        if self.reports.today.0 != today {
            self.reports.today = (today, 0);
        }
        if self.reports.today.1 >= MAX_REPORTS_A_DAY {
            return;
        }
        self.reports.today.1 += 1;
        if !self.make_room_for_report(step) {
            return;
        }
        let quote = if self.items.contains_key(&report.item) && report.quote.is_none() {
            None
        } else {
            report.quote
        };
        let received = Received {
            version: VERSION,
            state,
            at: step.now,
            answers: report.answers,
            item: report.item,
            author,
            quote,
            reason: report.reason,
            appeals: report.appeal.into_iter().collect(),
        };
        self.write_received_report(step, &id, &received);
        if received.quote.is_none() {
            self.hold_words(step, &id, &received.item, &author);
        }
        self.reports.received.insert(id, received);
        step.tell(Event::ReportArrived { circle: self.id, report: id });
    }

    /// The reports for this device that were closed and not appealed against since.
    pub(super) fn closed_reports(&self) -> impl Iterator<Item = ReportId> {
        let closed = self.reports.received.iter().filter(|(id, report)| {
            let answers = self.answers_to(id, &report.answers);
            stage(&answers, &report.appeals, true) == ReportStage::Closed
        });
        closed.map(|(id, _)| *id)
    }

    fn drop_received(&mut self, step: &mut Step<'_>, id: &ReportId) {
        self.drop_words(step, id);
        self.reports.received.remove(id);
        step.delete(self.report_key(About::Received, id));
    }

    /// The edit that holds of an item, or the item where there is none.
    pub(super) fn newest_words(&self, item: &ItemId) -> ItemId {
        self.with_timeline(|timeline| {
            let entry = timeline.entries().iter().find(|entry| entry.id() == *item);
            let marks = entry.and_then(|entry| timeline.marks(entry));
            marks.and_then(|marks| marks.edits.last()).copied().unwrap_or(*item)
        })
    }

    /// Who wrote what is reported: by the signature of the quote, or by the item as it came here.
    fn proven_author(&self, report: &Report) -> Option<MemberId> {
        if report.quote.is_none() {
            let kept = self.items.get(&report.item)?;
            return kept.body.gist.is_words().then_some(kept.body.member);
        }
        let item = report.quoted()?.verify().ok()?;
        let is_it = match &item.body.content {
            Content::Share(_) | Content::Reply(_) | Content::Advice(_) => item.id == report.item,
            // Only its author says something in other words.
            Content::Edit(edit) => {
                let said = self.items.get(&report.item).map(|said| said.body.member);
                edit.to == report.item && said.is_none_or(|author| author == item.body.member)
            }
            _ => false,
        };
        let genuine = item.body.circle == self.id
            && is_it
            && (self.items.contains_key(&item.id) || self.was_its_members_device(&item));
        genuine.then_some(item.body.member)
    }

    /// The oldest closed report goes for a new one. Where none is closed, the newest does of those about
    /// one item, if there are too many: nobody fills all the places with one thing.
    fn make_room_for_report(&mut self, step: &mut Step<'_>) -> bool {
        while self.reports.received.len() >= MAX_REPORTS {
            let at = |id: &ReportId| self.reports.received.get(id).map(|report| report.at);
            let oldest = self.closed_reports().min_by_key(|id| (at(id), *id));
            let Some(id) = oldest.or_else(|| self.newest_of_crowd()) else {
                return false;
            };
            self.drop_received(step, &id);
        }
        true
    }

    fn newest_of_crowd(&self) -> Option<ReportId> {
        let mut about: BTreeMap<ItemId, usize> = BTreeMap::new();
        for report in self.reports.received.values() {
            *about.entry(report.item).or_default() += 1;
        }
        let (item, count) = about.into_iter().max_by_key(|(item, count)| (*count, *item))?;
        let crowd = self.reports.received.iter().filter(|(_, report)| report.item == item);
        let newest = crowd.max_by_key(|(id, report)| (report.at, **id)).map(|(id, _)| *id);
        newest.filter(|_| count > REPORTS_OF_ONE_ITEM)
    }

    pub(super) fn forget_old_reports(&mut self, step: &mut Step<'_>) {
        let old = |at: Timestamp| step.now.since(at) > REPORT_KEEP;
        let received = self.reports.received.iter().filter(|(_, report)| old(report.at));
        let received: Vec<ReportId> = received.map(|(id, _)| *id).collect();
        let own = self.reports.own.iter().filter(|(_, own)| old(own.made));
        let own: Vec<ReportId> = own.map(|(id, _)| *id).collect();
        for id in received {
            self.drop_received(step, &id);
        }
        for id in own {
            self.reports.own.remove(&id);
            step.delete(self.report_key(About::Own, &id));
        }
    }

    pub(super) fn report_key(&self, about: About, id: &ReportId) -> Key {
        report_key(&self.id, about, id)
    }

    fn write_received_report(&self, step: &mut Step<'_>, id: &ReportId, report: &Received) {
        step.put(self.report_key(About::Received, id), wire::encode(report).to_vec());
    }

    pub(super) fn write_own_report(&self, step: &mut Step<'_>, id: &ReportId, own: &Own) {
        step.put(self.report_key(About::Own, id), wire::encode(own).to_vec());
    }

    /// Forgets all reports: the circle goes.
    pub(super) fn erase_reports(&self, step: &mut Step<'_>) {
        for id in self.reports.received.keys() {
            step.delete(self.report_key(About::Received, id));
        }
        for id in self.reports.words.ids() {
            step.delete(self.report_key(About::Words, id));
        }
        for id in self.reports.own.keys() {
            step.delete(self.report_key(About::Own, id));
        }
        step.delete(self.key_of(RecordKind::Report, &[About::Due as u8]));
    }
}

fn report_key(circle: &CircleId, about: About, id: &ReportId) -> Key {
    Key::new(RecordKind::Report, &[circle.as_bytes(), &[about as u8], id.as_bytes()])
}

impl Own {
    pub(super) fn to_report(&self) -> Report {
        Report {
            answers: self.answers.duplicate(),
            item: self.item,
            quote: self.quote.clone(),
            reason: self.reason.clone(),
            appeal: self.appeals.last().cloned(),
        }
    }
}

fn words(appeals: &[Appeal]) -> Vec<String> {
    appeals.iter().map(|appeal| appeal.reason.as_str().to_owned()).collect()
}

fn stage(answers: &[ReportAnswerOverview], appeals: &[Appeal], sent: bool) -> ReportStage {
    let closed = answers.iter().rev().find(|answer| answer.outcome.is_some());
    match (closed, answers.is_empty()) {
        (Some(closed), _) if appeals.iter().any(|appeal| appeal.against == closed.id) => {
            ReportStage::Appealed
        }
        (Some(_), _) => ReportStage::Closed,
        (None, false) => ReportStage::Acknowledged,
        (None, true) if sent => ReportStage::Open,
        (None, true) => ReportStage::Waiting,
    }
}
